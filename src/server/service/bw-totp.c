/* bw-totp.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-totp.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <liboath/oath.h>
#include <sodium.h>
#include <string.h>

#include "bw-code.h"
#include "bw-error.h"

#define ISSUER          "Bellwether"
#define N_STEPS_AROUND  1
#define SEAL_VERSION    1
#define NONCE_BYTES     crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES       crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SEALED_BYTES    (1 + NONCE_BYTES + BW_TOTP_SECRET_BYTES + TAG_BYTES)
#define N_RECOVERY_CHARS 16     /* 80 random bits: the fast hash of one cannot be searched for */

G_STATIC_ASSERT (BW_RECOVERY_CODE_SIZE == BW_CODE_SIZE (N_RECOVERY_CHARS));

struct _BwTotpKey
{
  gatomicrefcount refs;
  guint8          bytes[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
};

static BwTotpKey *
key_new (void)
{
  BwTotpKey *self = g_new0 (BwTotpKey, 1);

  g_atomic_ref_count_init (&self->refs);

  return self;
}

BwTotpKey *
bw_totp_key_ref (BwTotpKey *self)
{
  g_atomic_ref_count_inc (&self->refs);

  return self;
}

void
bw_totp_key_unref (BwTotpKey *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  sodium_memzero (self->bytes, sizeof self->bytes);
  g_free (self);
}

/* (nullable) */
static BwTotpKey *
make (const char  *path,
      GError     **error)
{
  g_autoptr(BwTotpKey) self = key_new ();
  g_autoptr(GError) local_error = NULL;

  randombytes_buf (self->bytes, sizeof self->bytes);
  if (g_file_set_contents_full (path, (const char *) self->bytes, sizeof self->bytes,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &local_error))
    return g_steal_pointer (&self);

  g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the key of second factors cannot be written: %s",
               local_error->message);

  return NULL;
}

BwTotpKey *
bw_totp_key_load (const char  *data_folder,
                  GError     **error)
{
  g_autofree char *path = g_build_filename (data_folder, BW_TOTP_KEY_FILE, NULL);
  g_autofree char *contents = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwTotpKey) self = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &contents, &length, &local_error))
    {
      if (g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return make (path, error);
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the key of second factors cannot be read: %s",
                   local_error->message);
      return NULL;
    }

  self = key_new ();
  if (length == sizeof self->bytes)
    memcpy (self->bytes, contents, length);
  sodium_memzero (contents, length);

  if (length == sizeof self->bytes)
    return g_steal_pointer (&self);

  g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "%s is no key of second factors", path);

  return NULL;
}

GBytes *
bw_totp_key_seal (BwTotpKey    *self,
                  gint64        account_id,
                  const guint8  secret[BW_TOTP_SECRET_BYTES])
{
  gint64 whose = GINT64_TO_BE (account_id);
  guint8 *sealed = g_malloc (SEALED_BYTES);

  sealed[0] = SEAL_VERSION;
  randombytes_buf (sealed + 1, NONCE_BYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt (sealed + 1 + NONCE_BYTES, NULL, secret, BW_TOTP_SECRET_BYTES,
                                              (const guint8 *) &whose, sizeof whose, NULL, sealed + 1, self->bytes);

  return g_bytes_new_take (sealed, SEALED_BYTES);
}

gboolean
bw_totp_key_open (BwTotpKey  *self,
                  gint64      account_id,
                  GBytes     *sealed,
                  guint8      ret_secret[BW_TOTP_SECRET_BYTES],
                  GError    **error)
{
  gint64 whose = GINT64_TO_BE (account_id);
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (sealed, &length);

  if (self != NULL && length == SEALED_BYTES && data[0] == SEAL_VERSION &&
      crypto_aead_xchacha20poly1305_ietf_decrypt (ret_secret, NULL, NULL, data + 1 + NONCE_BYTES,
                                                  SEALED_BYTES - 1 - NONCE_BYTES, (const guint8 *) &whose,
                                                  sizeof whose, data + 1, self->bytes) == 0)
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                       "the server has lost the key of second factors and cannot check the code: use a recovery"
                       " code, or have an administrator take the second factor away");

  return FALSE;
}

/* FALSE: they are not six digits */
static gboolean
take_digits (const char *code,
             char        ret_digits[BW_TOTP_DIGITS + 1])
{
  guint n = 0;

  for (const char *p = code; *p != '\0'; p++)
    {
      if (*p == ' ')
        continue;
      if (n == BW_TOTP_DIGITS || !g_ascii_isdigit (*p))
        return FALSE;
      ret_digits[n++] = *p;
    }
  ret_digits[n] = '\0';

  return n == BW_TOTP_DIGITS;
}

gint64
bw_totp_find_step (const guint8  secret[BW_TOTP_SECRET_BYTES],
                   const char   *code,
                   gint64        now_s,
                   gint64        last_step)
{
  gint64 now = now_s / BW_TOTP_STEP_S;
  char digits[BW_TOTP_DIGITS + 1];
  char right[BW_TOTP_DIGITS + 1];
  gint64 found = 0;

  if (!take_digits (code, digits))
    return 0;

  for (gint64 step = MAX (now - N_STEPS_AROUND, last_step + 1); step <= now + N_STEPS_AROUND; step++)
    {
      if (oath_totp_generate ((const char *) secret, BW_TOTP_SECRET_BYTES, (time_t) (step * BW_TOTP_STEP_S),
                              BW_TOTP_STEP_S, OATH_TOTP_DEFAULT_START_TIME, BW_TOTP_DIGITS, right) == OATH_OK &&
          sodium_memcmp (digits, right, BW_TOTP_DIGITS) == 0 && found == 0)
        found = step;
    }
  sodium_memzero (right, sizeof right);

  return found;
}

char *
bw_totp_format_secret (const guint8 secret[BW_TOTP_SECRET_BYTES])
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  GString *out = g_string_new (NULL);

  G_STATIC_ASSERT (BW_TOTP_SECRET_BYTES % 5 == 0);
  for (guint i = 0; i < BW_TOTP_SECRET_BYTES; i += 5)
    {
      guint64 bits = 0;

      for (guint j = 0; j < 5; j++)
        bits = bits << 8 | secret[i + j];
      for (int shift = 35; shift >= 0; shift -= 5)
        g_string_append_c (out, alphabet[bits >> shift & 31]);
    }

  return g_string_free (out, FALSE);
}

char *
bw_totp_make_uri (const char *secret,
                  const char *user)
{
  g_autofree char *label = g_uri_escape_string (user, NULL, FALSE);

  return g_strdup_printf ("otpauth://totp/" ISSUER ":%s?secret=%s&issuer=" ISSUER "&algorithm=SHA1&digits=%d&period=%d",
                          label, secret, BW_TOTP_DIGITS, BW_TOTP_STEP_S);
}

void
bw_recovery_code_make (char   ret_code[BW_RECOVERY_CODE_SIZE],
                       guint8 ret_hash[BW_SECRET_HASH_BYTES])
{
  bw_code_make (N_RECOVERY_CHARS, ret_code);
  bw_code_hash (ret_code, N_RECOVERY_CHARS, ret_hash);
}

gboolean
bw_recovery_code_hash (const char *code,
                       guint8      ret_hash[BW_SECRET_HASH_BYTES])
{
  return bw_code_hash (code, N_RECOVERY_CHARS, ret_hash);
}
