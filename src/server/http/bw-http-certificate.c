/* bw-http-certificate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-certificate.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bw-error.h"

#define FILE_MAX_BYTES (1024 * 1024)
#define CHAIN_MAX      16
#define KEY_ID_BYTES   64

/* A certificate with those that lead to its authority, and its key.
 *
 * libmicrohttpd's callback gets no data of ours, so what is shown belongs to the
 * process. Each handshake gets a copy: it may still be going on when the files
 * have been read again. */

typedef struct
{
  gnutls_x509_crt_t     chain[CHAIN_MAX];
  unsigned int          n_chain;
  gnutls_x509_privkey_t key;
} Certificate;

static GMutex lock;
static Certificate *shown;   /* guarded by it */

static void
certificate_free (Certificate *self)
{
  for (unsigned int i = 0; i < self->n_chain; i++)
    gnutls_x509_crt_deinit (self->chain[i]);
  if (self->key != NULL)
    gnutls_x509_privkey_deinit (self->key);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Certificate, certificate_free)

static gboolean
read_file (const char      *what,
           const char      *path,
           gnutls_datum_t  *ret_data,
           GError         **error)
{
  g_autoptr(GError) foreign = NULL;
  char *text = NULL;
  struct stat info;
  gsize length = 0;

  if (g_stat (path, &info) != 0)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the %s %s cannot be read: %s", what, path, g_strerror (errno));
  else if (!S_ISREG (info.st_mode) || info.st_size > FILE_MAX_BYTES)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the %s %s is no file in PEM form", what, path);
  else if (!g_file_get_contents (path, &text, &length, &foreign))
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the %s cannot be read: %s", what, foreign->message);

  if (text == NULL)
    return FALSE;

  ret_data->data = (unsigned char *) text;
  ret_data->size = (unsigned int) length;

  return TRUE;
}

static gboolean
read_chain (Certificate  *self,
            const char   *path,
            GError      **error)
{
  gnutls_datum_t data = { NULL, 0 };
  unsigned int n = CHAIN_MAX;
  int status;

  if (!read_file ("certificate", path, &data, error))
    return FALSE;

  status = gnutls_x509_crt_list_import (self->chain, &n, &data, GNUTLS_X509_FMT_PEM,
                                        GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED);
  g_free (data.data);
  if (status > 0)
    {
      self->n_chain = n;
      return TRUE;
    }

  if (status == GNUTLS_E_SHORT_MEMORY_BUFFER)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s holds more than %d certificates", path, CHAIN_MAX);
  else
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s holds no certificate in PEM form", path);

  return FALSE;
}

/* A group may read it: a distribution has one for keys. */
static gboolean
check_secrecy (const char  *path,
               GError     **error)
{
  struct stat info;

  if (g_stat (path, &info) != 0 || (info.st_mode & S_IRWXO) == 0)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
               "everybody on this computer may use the key %s; take that right away: chmod o= %s", path, path);

  return FALSE;
}

static gboolean
read_key (Certificate  *self,
          const char   *path,
          GError      **error)
{
  gnutls_datum_t data = { NULL, 0 };
  int status;

  if (!check_secrecy (path, error) || !read_file ("key", path, &data, error))
    return FALSE;

  gnutls_x509_privkey_init (&self->key);
  status = gnutls_x509_privkey_import2 (self->key, &data, GNUTLS_X509_FMT_PEM, NULL, 0);
  explicit_bzero (data.data, data.size);
  g_free (data.data);
  if (status == GNUTLS_E_SUCCESS)
    return TRUE;

  if (status == GNUTLS_E_DECRYPTION_FAILED)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the key %s has a password, and nobody is there to type it", path);
  else
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s holds no private key in PEM form", path);

  return FALSE;
}

static gboolean
belong_together (Certificate *self)
{
  unsigned char of_certificate[KEY_ID_BYTES];
  unsigned char of_key[KEY_ID_BYTES];
  size_t n = sizeof of_certificate;
  size_t m = sizeof of_key;

  return gnutls_x509_crt_get_key_id (self->chain[0], GNUTLS_KEYID_USE_SHA256, of_certificate, &n) == 0 &&
         gnutls_x509_privkey_get_key_id (self->key, GNUTLS_KEYID_USE_SHA256, of_key, &m) == 0 &&
         n == m && memcmp (of_certificate, of_key, n) == 0;
}

/* No reason to stay away: the clock may be wrong, and devices do not come this way. */
static char *
describe_doubt (Certificate *self,
                const char  *path)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 from = (gint64) gnutls_x509_crt_get_activation_time (self->chain[0]);
  gint64 until = (gint64) gnutls_x509_crt_get_expiration_time (self->chain[0]);
  g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc (now > until ? until : from);
  g_autofree char *text = NULL;

  if (now >= from && now <= until)
    return NULL;

  text = at != NULL ? g_date_time_format (at, "%F %R UTC") : g_strdup ("an unknown time");

  return now > until ? g_strdup_printf ("the certificate %s expired on %s, so that clients will refuse it", path, text)
                     : g_strdup_printf ("the certificate %s is valid from %s only, so that clients will refuse it", path, text);
}

gboolean
bw_http_certificate_load (const char  *certificate_file,
                          const char  *key_file,
                          char       **ret_doubt,
                          GError     **error)
{
  g_autoptr(Certificate) self = g_new0 (Certificate, 1);
  Certificate *before;

  g_return_val_if_fail (certificate_file != NULL && key_file != NULL, FALSE);

  if (!read_chain (self, certificate_file, error) || !read_key (self, key_file, error))
    return FALSE;

  if (!belong_together (self))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "the key %s does not belong to the certificate %s", key_file, certificate_file);
      return FALSE;
    }

  *ret_doubt = describe_doubt (self, certificate_file);

  g_mutex_lock (&lock);
  before = shown;
  shown = g_steal_pointer (&self);
  g_mutex_unlock (&lock);
  g_clear_pointer (&before, certificate_free);

  return TRUE;
}

static gboolean
copy_chain (Certificate      *self,
            gnutls_pcert_st **ret_chain)
{
  gnutls_pcert_st *chain = gnutls_calloc (self->n_chain, sizeof *chain);

  if (chain == NULL)
    return FALSE;

  for (unsigned int i = 0; i < self->n_chain; i++)
    {
      if (gnutls_pcert_import_x509 (&chain[i], self->chain[i], 0) != GNUTLS_E_SUCCESS)
        {
          while (i-- > 0)
            gnutls_pcert_deinit (&chain[i]);
          gnutls_free (chain);
          return FALSE;
        }
    }

  *ret_chain = chain;

  return TRUE;
}

static gboolean
copy_key (Certificate      *self,
          gnutls_privkey_t *ret_key)
{
  gnutls_privkey_t key = NULL;

  if (gnutls_privkey_init (&key) != GNUTLS_E_SUCCESS)
    return FALSE;

  if (gnutls_privkey_import_x509 (key, self->key, GNUTLS_PRIVKEY_IMPORT_COPY) != GNUTLS_E_SUCCESS)
    {
      gnutls_privkey_deinit (key);
      return FALSE;
    }

  *ret_key = key;

  return TRUE;
}

int
bw_http_certificate_retrieve_cb (gnutls_session_t                   session,
                                 const struct gnutls_cert_retr_st  *info,
                                 gnutls_pcert_st                  **ret_chain,
                                 unsigned int                      *ret_n_chain,
                                 gnutls_ocsp_data_st              **ret_ocsp,
                                 unsigned int                      *ret_n_ocsp,
                                 gnutls_privkey_t                  *ret_key,
                                 unsigned int                      *flags)
{
  gnutls_privkey_t key = NULL;
  gboolean ok;

  g_mutex_lock (&lock);
  ok = shown != NULL && copy_key (shown, &key);
  if (ok && !copy_chain (shown, ret_chain))
    {
      gnutls_privkey_deinit (key);
      ok = FALSE;
    }
  if (ok)
    *ret_n_chain = shown->n_chain;
  g_mutex_unlock (&lock);

  if (!ok)
    return -1;

  *ret_key = key;
  *ret_ocsp = NULL;
  *ret_n_ocsp = 0;
  *flags = GNUTLS_CERT_RETR_DEINIT_ALL;

  return 0;
}
