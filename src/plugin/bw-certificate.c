/* bw-certificate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-certificate.h"

#include <openssl/x509.h>

#include <mosquitto.h>
#include <mosquitto_broker.h>

/* Which device a client certificate is for: the one common name of its subject.
 *
 * Mosquitto's own use_identity_as_username would take the name too, but then
 * asks no plugin, so that a blocked device would come in, and lets nobody in by
 * a key. A listener with require_certificate hands over only what its cafile
 * has verified; without it 2.0.11 asks for no certificate, and there is none here. */

static bool
read_common_name (X509 *certificate,
                  char  ret_id[BW_DEVICE_ID_SIZE])
{
  X509_NAME *subject = X509_get_subject_name (certificate);
  int at = X509_NAME_get_index_by_NID (subject, NID_commonName, -1);
  const ASN1_STRING *name;

  /* with two of them it would depend on the reader who it is */
  if (at < 0 || X509_NAME_get_index_by_NID (subject, NID_commonName, at) >= 0)
    return false;

  name = X509_NAME_ENTRY_get_data (X509_NAME_get_entry (subject, at));
  if (name == NULL)
    return false;

  return bw_device_id_parse ((const char *) ASN1_STRING_get0_data (name), (size_t) ASN1_STRING_length (name), ret_id);
}

bool
bw_certificate_read_device (const struct mosquitto *client,
                            char                    ret_id[BW_DEVICE_ID_SIZE])
{
  X509 *certificate = mosquitto_client_certificate (client);
  bool names_device;

  if (certificate == NULL)
    return false;

  names_device = read_common_name (certificate, ret_id);
  X509_free (certificate);

  return names_device;
}
