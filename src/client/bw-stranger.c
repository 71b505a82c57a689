/* bw-stranger.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-stranger.h"

G_DEFINE_BOXED_TYPE (BwStranger, bw_stranger, bw_stranger_copy, bw_stranger_free)

static const struct
{
  GTlsCertificateFlags  flag;
  const char           *words;
} problems[] = {
  { G_TLS_CERTIFICATE_REVOKED, "was revoked" },
  { G_TLS_CERTIFICATE_UNKNOWN_CA, "is signed by nobody who is trusted here" },
  { G_TLS_CERTIFICATE_BAD_IDENTITY, "is for another name" },
  { G_TLS_CERTIFICATE_EXPIRED, "has expired" },
  { G_TLS_CERTIFICATE_NOT_ACTIVATED, "is not valid yet" },
  { G_TLS_CERTIFICATE_INSECURE, "is made in an unsafe way" },
};

char *
bw_stranger_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr(GByteArray) der = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *hex = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  g_return_val_if_fail (der != NULL, NULL);

  hex = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
  for (gsize i = 0; hex[i] != '\0'; i += 2)
    g_string_append_printf (text, "%s%c%c", i > 0 ? ":" : "", g_ascii_toupper (hex[i]), g_ascii_toupper (hex[i + 1]));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gint64
to_us (GDateTime *time)   /* (transfer full) (nullable) */
{
  gint64 us = time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;

  g_clear_pointer (&time, g_date_time_unref);

  return us;
}

BwStranger *
bw_stranger_new (const char           *place,
                 const char           *host,
                 GTlsCertificate      *certificate,
                 GTlsCertificateFlags  flags,
                 const char           *known)
{
  BwStranger *self = g_new0 (BwStranger, 1);

  g_return_val_if_fail (place != NULL && host != NULL, NULL);
  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), NULL);

  self->place = g_strdup (place);
  self->host = g_strdup (host);
  self->problems = flags;
  self->fingerprint = bw_stranger_fingerprint (certificate);
  self->known = g_strdup (known);
  self->subject = g_tls_certificate_get_subject_name (certificate);
  self->issuer = g_tls_certificate_get_issuer_name (certificate);
  self->valid_from_us = to_us (g_tls_certificate_get_not_valid_before (certificate));
  self->valid_until_us = to_us (g_tls_certificate_get_not_valid_after (certificate));

  return self;
}

BwStranger *
bw_stranger_copy (const BwStranger *self)
{
  BwStranger *copy = g_new (BwStranger, 1);

  *copy = *self;
  copy->place = g_strdup (self->place);
  copy->host = g_strdup (self->host);
  copy->fingerprint = g_strdup (self->fingerprint);
  copy->known = g_strdup (self->known);
  copy->subject = g_strdup (self->subject);
  copy->issuer = g_strdup (self->issuer);

  return copy;
}

void
bw_stranger_free (BwStranger *self)
{
  if (self == NULL)
    return;

  g_free (self->place);
  g_free (self->host);
  g_free (self->fingerprint);
  g_free (self->known);
  g_free (self->subject);
  g_free (self->issuer);
  g_free (self);
}

char *
bw_stranger_describe (const BwStranger *self)
{
  g_autoptr(GString) text = g_string_new ("its certificate");
  gboolean is_first = TRUE;

  if (self->known != NULL)
    return g_strdup ("its certificate is another one than that which was trusted");

  for (gsize i = 0; i < G_N_ELEMENTS (problems); i++)
    {
      if ((self->problems & problems[i].flag) == 0)
        continue;

      g_string_append_printf (text, "%s %s", is_first ? "" : " and", problems[i].words);
      is_first = FALSE;
    }

  if (is_first)
    g_string_append (text, " cannot be verified");

  return g_string_free (g_steal_pointer (&text), FALSE);
}
