/* bw-local-certificates.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-local-certificates.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>

#include "bw-error.h"

#define DAY_S          (24 * 60 * 60)
#define CA_DAYS        3650
#define SERVER_DAYS    397        /* what browsers take at most */
#define RENEW_DAYS     30
#define CLOCK_SKEW_S   (60 * 60)  /* of whoever looks at a fresh one */
#define SERIAL_BYTES   16
#define FILE_MAX_BYTES (1024 * 1024)

/* Elliptic keys (P-256), which take no time to make, signed with SHA-256. A key is
 * written before its certificate, so that after a crash in between there is none
 * without the other that counts. */

struct _BwLocalCertificates
{
  char *folder;
  char *ca;
  char *ca_key;
  char *certificate;
  char *key;
};

typedef struct
{
  gnutls_x509_crt_t     certificate;
  gnutls_x509_privkey_t key;
} Pair;

static void
pair_clear (Pair *pair)
{
  if (pair->certificate != NULL)
    gnutls_x509_crt_deinit (pair->certificate);
  if (pair->key != NULL)
    gnutls_x509_privkey_deinit (pair->key);
  pair->certificate = NULL;
  pair->key = NULL;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

static void
pair_init (Pair *pair)
{
  gnutls_x509_crt_init (&pair->certificate);
  gnutls_x509_privkey_init (&pair->key);
}

static gboolean
belong_together (Pair *pair)
{
  unsigned char of_certificate[64];
  unsigned char of_key[64];
  size_t n = sizeof of_certificate;
  size_t m = sizeof of_key;

  return gnutls_x509_crt_get_key_id (pair->certificate, GNUTLS_KEYID_USE_SHA256, of_certificate, &n) == 0 &&
         gnutls_x509_privkey_get_key_id (pair->key, GNUTLS_KEYID_USE_SHA256, of_key, &m) == 0 &&
         n == m && memcmp (of_certificate, of_key, n) == 0;
}

static gboolean
read_pem (const char     *path,
          gnutls_datum_t *ret_data)
{
  GStatBuf info;
  char *text = NULL;
  gsize length = 0;

  if (g_stat (path, &info) != 0 || info.st_size > FILE_MAX_BYTES ||
      !g_file_get_contents (path, &text, &length, NULL))
    return FALSE;

  ret_data->data = (unsigned char *) text;
  ret_data->size = (unsigned int) length;

  return TRUE;
}

/* FALSE: not both of them, or not of each other. */
static gboolean
load_pair (Pair       *pair,
           const char *certificate_path,
           const char *key_path)
{
  gnutls_datum_t data = { NULL, 0 };
  gboolean ok;

  pair_init (pair);

  ok = read_pem (certificate_path, &data) &&
       gnutls_x509_crt_import (pair->certificate, &data, GNUTLS_X509_FMT_PEM) == GNUTLS_E_SUCCESS;
  g_clear_pointer (&data.data, g_free);
  if (!ok)
    return FALSE;

  ok = read_pem (key_path, &data) &&
       gnutls_x509_privkey_import (pair->key, &data, GNUTLS_X509_FMT_PEM) == GNUTLS_E_SUCCESS;
  if (data.data != NULL)
    explicit_bzero (data.data, data.size);
  g_free (data.data);

  return ok && belong_together (pair);
}

static gboolean
write_pem (const char      *path,
           gnutls_datum_t  *pem,
           int              mode,
           GError         **error)
{
  gboolean ok = g_file_set_contents_full (path, (const char *) pem->data, pem->size,
                                          G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, mode, error);

  /* an older file keeps its mode */
  if (ok && g_chmod (path, mode) != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "cannot write “%s”: %s", path, g_strerror (errno));
      ok = FALSE;
    }
  explicit_bzero (pem->data, pem->size);
  gnutls_free (pem->data);
  bw_error_adopt (error);

  return ok;
}

static gboolean
write_pair (Pair        *pair,
            const char  *certificate_path,
            const char  *key_path,
            GError     **error)
{
  gnutls_datum_t key = { NULL, 0 };
  gnutls_datum_t certificate = { NULL, 0 };

  if (gnutls_x509_privkey_export2_pkcs8 (pair->key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &key) != 0 ||
      !write_pem (key_path, &key, 0600, error))
    return FALSE;

  return gnutls_x509_crt_export2 (pair->certificate, GNUTLS_X509_FMT_PEM, &certificate) == 0 &&
         write_pem (certificate_path, &certificate, 0644, error);
}

/* What both kinds have. */
static int
begin_pair (Pair       *pair,
            const char *name,
            int         days)
{
  unsigned char serial[SERIAL_BYTES];
  unsigned char id[64];
  size_t id_size = sizeof id;
  time_t now = time (NULL);
  int status;

  pair_init (pair);

  status = gnutls_x509_privkey_generate (pair->key, GNUTLS_PK_ECDSA,
                                         GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
  if (status == GNUTLS_E_SUCCESS)
    status = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);
  if (status != GNUTLS_E_SUCCESS)
    return status;

  /* a positive number without leading zeros */
  serial[0] = (unsigned char) ((serial[0] & 0x7f) | 0x40);
  gnutls_x509_crt_set_version (pair->certificate, 3);
  gnutls_x509_crt_set_serial (pair->certificate, serial, sizeof serial);
  gnutls_x509_crt_set_dn_by_oid (pair->certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned int) strlen (name));
  gnutls_x509_crt_set_activation_time (pair->certificate, now - CLOCK_SKEW_S);
  gnutls_x509_crt_set_expiration_time (pair->certificate, now + (time_t) days * DAY_S);
  gnutls_x509_crt_set_key (pair->certificate, pair->key);

  status = gnutls_x509_crt_get_key_id (pair->certificate, 0, id, &id_size);

  return status == GNUTLS_E_SUCCESS ? gnutls_x509_crt_set_subject_key_id (pair->certificate, id, id_size) : status;
}

static int
make_authority (Pair *pair)
{
  g_autofree char *name = g_strdup_printf ("Bellwether on %.40s", g_get_host_name ());
  int status = begin_pair (pair, name, CA_DAYS);

  if (status != GNUTLS_E_SUCCESS)
    return status;

  gnutls_x509_crt_set_basic_constraints (pair->certificate, 1, 0);
  gnutls_x509_crt_set_key_usage (pair->certificate, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);

  return gnutls_x509_crt_sign2 (pair->certificate, pair->certificate, pair->key, GNUTLS_DIG_SHA256, 0);
}

/* Names of this computer that somebody may be asked to prove; one that is no name of the network is left out. */
static gboolean
has_network_name (void)
{
  const char *name = g_get_host_name ();

  return *name != '\0' && !g_hostname_is_ip_address (name) && strcmp (name, "localhost") != 0 &&
         strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") == strlen (name);
}

static void
add_name (gnutls_x509_crt_t               certificate,
          gnutls_x509_subject_alt_name_t  kind,
          const void                     *data,
          gsize                           length)
{
  gnutls_x509_crt_set_subject_alt_name (certificate, kind, data, (unsigned int) length, GNUTLS_FSAN_APPEND);
}

static int
make_server (Pair *pair,
             Pair *authority)
{
  const char *host = g_get_host_name ();
  struct in_addr v4 = { htonl (INADDR_LOOPBACK) };
  unsigned char id[64];
  size_t id_size = sizeof id;
  int status = begin_pair (pair, "localhost", SERVER_DAYS);

  if (status != GNUTLS_E_SUCCESS)
    return status;

  gnutls_x509_crt_set_basic_constraints (pair->certificate, 0, -1);
  gnutls_x509_crt_set_key_usage (pair->certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
  gnutls_x509_crt_set_key_purpose_oid (pair->certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
  add_name (pair->certificate, GNUTLS_SAN_DNSNAME, "localhost", strlen ("localhost"));
  add_name (pair->certificate, GNUTLS_SAN_IPADDRESS, &v4, sizeof v4);
  add_name (pair->certificate, GNUTLS_SAN_IPADDRESS, &in6addr_loopback, sizeof in6addr_loopback);
  if (has_network_name ())
    add_name (pair->certificate, GNUTLS_SAN_DNSNAME, host, strlen (host));

  if (gnutls_x509_crt_get_subject_key_id (authority->certificate, id, &id_size, NULL) == 0)
    gnutls_x509_crt_set_authority_key_id (pair->certificate, id, id_size);

  return gnutls_x509_crt_sign2 (pair->certificate, authority->certificate, authority->key, GNUTLS_DIG_SHA256, 0);
}

static gboolean
lasts (Pair *pair)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  return (gint64) gnutls_x509_crt_get_expiration_time (pair->certificate) > now + RENEW_DAYS * DAY_S;
}

static gboolean
is_good_server (Pair *pair,
                Pair *authority)
{
  unsigned int problems = 0;

  return lasts (pair) &&
         gnutls_x509_crt_verify (pair->certificate, &authority->certificate, 1, 0, &problems) == 0 && problems == 0 &&
         gnutls_x509_crt_check_hostname (pair->certificate, "localhost") != 0 &&
         (!has_network_name () || gnutls_x509_crt_check_hostname (pair->certificate, g_get_host_name ()) != 0);
}

static gboolean
fail_gnutls (int      status,
             GError **error)
{
  if (error != NULL && *error == NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INTERNAL, "a certificate cannot be made: %s", gnutls_strerror (status));

  return FALSE;
}

static gboolean
ensure_authority (BwLocalCertificates  *self,
                  Pair                 *authority,
                  GError              **error)
{
  gboolean is_there = g_file_test (self->ca, G_FILE_TEST_EXISTS);
  int status;

  if (is_there && !load_pair (authority, self->ca, self->ca_key))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "the authority “%s” and its key are damaged; remove the folder “%s” to have new ones, "
                   "which have to be trusted anew", self->ca, self->folder);
      return FALSE;
    }

  if (is_there && lasts (authority))
    return TRUE;

  pair_clear (authority);
  status = make_authority (authority);

  return (status == GNUTLS_E_SUCCESS && write_pair (authority, self->ca, self->ca_key, error)) ||
         fail_gnutls (status, error);
}

gboolean
bw_local_certificates_ensure (BwLocalCertificates  *self,
                              gboolean             *ret_is_new,
                              GError              **error)
{
  g_auto(Pair) authority = { NULL, NULL };
  g_auto(Pair) server = { NULL, NULL };
  int status;

  *ret_is_new = FALSE;

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "cannot make the folder “%s”: %s", self->folder, g_strerror (errno));
      return FALSE;
    }

  if (!ensure_authority (self, &authority, error))
    return FALSE;

  if (load_pair (&server, self->certificate, self->key) && is_good_server (&server, &authority))
    return TRUE;

  pair_clear (&server);
  *ret_is_new = TRUE;
  status = make_server (&server, &authority);

  return (status == GNUTLS_E_SUCCESS && write_pair (&server, self->certificate, self->key, error)) ||
         fail_gnutls (status, error);
}

BwLocalCertificates *
bw_local_certificates_new (const char *folder)
{
  BwLocalCertificates *self = g_new0 (BwLocalCertificates, 1);

  self->folder = g_strdup (folder);
  self->ca = g_build_filename (folder, "ca.pem", NULL);
  self->ca_key = g_build_filename (folder, "ca.key", NULL);
  self->certificate = g_build_filename (folder, "server.pem", NULL);
  self->key = g_build_filename (folder, "server.key", NULL);

  return self;
}

void
bw_local_certificates_free (BwLocalCertificates *self)
{
  if (self == NULL)
    return;

  g_free (self->folder);
  g_free (self->ca);
  g_free (self->ca_key);
  g_free (self->certificate);
  g_free (self->key);
  g_free (self);
}

const char *
bw_local_certificates_get_ca (BwLocalCertificates *self)
{
  return self->ca;
}

const char *
bw_local_certificates_get_certificate (BwLocalCertificates *self)
{
  return self->certificate;
}

const char *
bw_local_certificates_get_key (BwLocalCertificates *self)
{
  return self->key;
}
