/* test-account.c: what needs neither a database nor a network: codes, their key, the gate, the form of mail
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#include "bw-error.h"
#include "bw-mailer.h"
#include "bw-sign-in-gate.h"
#include "bw-test.h"
#include "bw-throttle.h"
#include "bw-totp.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

/* RFC 6238, appendix B; there with eight digits, of which ours are the last six. */
static const char rfc_secret[] = "12345678901234567890";

static const struct
{
  gint64      at_s;
  const char *code;
} vectors[] = {
  { 59, "287082" },
  { 1111111109, "081804" },
  { 1111111111, "050471" },
  { 1234567890, "005924" },
  { 2000000000, "279037" },
  { 20000000000, "353130" },
};

static gint64
find (const char *code,
      gint64      now_s,
      gint64      last_step)
{
  return bw_totp_find_step ((const guint8 *) rfc_secret, code, now_s, last_step);
}

static void
test_vectors (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      gint64 step = vectors[i].at_s / BW_TOTP_STEP_S;

      g_assert_cmpint (find (vectors[i].code, vectors[i].at_s, 0), ==, step);
      /* one step around, and no further */
      g_assert_cmpint (find (vectors[i].code, (step + 1) * BW_TOTP_STEP_S, 0), ==, step);
      g_assert_cmpint (find (vectors[i].code, step * BW_TOTP_STEP_S - 1, 0), ==, step);
      g_assert_cmpint (find (vectors[i].code, (step + 2) * BW_TOTP_STEP_S, 0), ==, 0);
      if (step > 1)
        g_assert_cmpint (find (vectors[i].code, (step - 1) * BW_TOTP_STEP_S - 1, 0), ==, 0);
      /* not again, and none before it */
      g_assert_cmpint (find (vectors[i].code, vectors[i].at_s, step), ==, 0);
      g_assert_cmpint (find (vectors[i].code, vectors[i].at_s, step - 1), ==, step);
    }
}

static void
test_forms (void)
{
  static const char *const bad[] = { "", "28708", "2870821", "28708a", "-87082", "+87082", "28\n7082",
                                     "٢٨٧٠٨٢", "287082x" };

  g_assert_cmpint (find ("287 082", 59, 0), ==, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpint (find (bad[i], 59, 0), ==, 0);
}

static void
test_secret_text (void)
{
  g_autofree char *text = bw_totp_format_secret ((const guint8 *) rfc_secret);
  g_autofree char *uri = bw_totp_make_uri (text, "a b+c@example.org");

  g_assert_cmpstr (text, ==, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  g_assert_cmpstr (uri, ==, "otpauth://totp/Bellwether:a%20b%2Bc%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                   "&issuer=Bellwether&algorithm=SHA1&digits=6&period=30");
}

static void
test_recovery_codes (void)
{
  char code[BW_RECOVERY_CODE_SIZE];
  guint8 hash[BW_SECRET_HASH_BYTES];
  guint8 typed[BW_SECRET_HASH_BYTES];
  g_autofree char *upper = NULL;

  bw_recovery_code_make (code, hash);
  upper = g_ascii_strup (code, -1);
  g_strdelimit (upper, "-", ' ');
  g_assert_cmpuint (strlen (code), ==, BW_RECOVERY_CODE_SIZE - 1);
  g_assert_true (bw_recovery_code_hash (upper, typed));
  g_assert_cmpmem (hash, sizeof hash, typed, sizeof typed);

  code[0] = code[0] == '7' ? '8' : '7';
  g_assert_true (bw_recovery_code_hash (code, typed));
  g_assert_cmpint (memcmp (hash, typed, sizeof hash), !=, 0);
  g_assert_false (bw_recovery_code_hash ("123456", typed));
  g_assert_false (bw_recovery_code_hash ("0000-0000-0000-0000-0", typed));
  g_assert_false (bw_recovery_code_hash ("0000-0000-0000-000u", typed));
}

static void
test_key (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bw-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, BW_TOTP_KEY_FILE, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(BwTotpKey) key = bw_totp_key_load (folder, &error);
  g_autoptr(BwTotpKey) again = bw_totp_key_load (folder, &error);
  g_autoptr(BwTotpKey) other = NULL;
  g_autoptr(GBytes) sealed = bw_totp_key_seal (key, 7, (const guint8 *) rfc_secret);
  g_autoptr(GBytes) twice = bw_totp_key_seal (key, 7, (const guint8 *) rfc_secret);
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes (sealed, 0, g_bytes_get_size (sealed) - 1);
  guint8 secret[BW_TOTP_SECRET_BYTES];

  g_assert_no_error (error);
  g_assert_true (bw_totp_key_open (again, 7, sealed, secret, &error));
  g_assert_cmpmem (secret, sizeof secret, rfc_secret, sizeof secret);
  g_assert_false (g_bytes_equal (sealed, twice));

  /* another account, a part of it, nothing, another key */
  g_assert_false (bw_totp_key_open (key, 8, sealed, secret, NULL));
  g_assert_false (bw_totp_key_open (key, 7, cut, secret, NULL));
  g_assert_false (bw_totp_key_open (NULL, 7, sealed, secret, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE);
  g_assert_cmpint (g_unlink (path), ==, 0);
  other = bw_totp_key_load (folder, NULL);
  g_assert_false (bw_totp_key_open (other, 7, sealed, secret, NULL));

  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "short", -1, NULL));
  g_assert_null (bw_totp_key_load (folder, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_networks (void)
{
  static const struct
  {
    const char *address;
    const char *network;
  } table[] = {
    { "192.0.2.77", "192.0.2.0/24" },
    { "::ffff:192.0.2.77", "192.0.2.0/24" },
    { "2001:db8:1:2ff:3:4:5:6", "2001:db8:1:200::/56" },
    { "2001:db8:1:2a0::1", "2001:db8:1:200::/56" },
    { "2001:db8:1:300::1", "2001:db8:1:300::/56" },
    { "::1", "::/56" },
    { "unknown", "unknown" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *network = bw_throttle_dup_network (table[i].address);

      g_assert_cmpstr (network, ==, table[i].network);
    }
}

/* How often it goes through when somebody tries without a pause. */
static guint
count_tries (BwSignInGate *gate,
             const char   *user,
             const char   *address,
             gint64        now_us,
             guint         n)
{
  guint n_through = 0;

  for (guint i = 0; i < n; i++)
    n_through += bw_sign_in_gate_try (gate, user, address, now_us, NULL);

  return n_through;
}

static void
test_nobody_is_locked_out (void)
{
  g_autoptr(BwSignInGate) gate = bw_sign_in_gate_new ();
  gint64 now_us = 1000 * SECOND;

  /* the owner has been here before, from two places */
  g_assert_true (bw_sign_in_gate_try (gate, "anna", "192.0.2.10", now_us, NULL));
  bw_sign_in_gate_pass (gate, "anna", "192.0.2.10");

  /* an attacker far away, and one in the same network, who tries the others' accounts, too */
  g_assert_cmpuint (count_tries (gate, "anna", "198.51.100.1", now_us, 1000), <=, 5);
  g_assert_cmpuint (count_tries (gate, "anna", "192.0.2.99", now_us, 1000), <=, 5);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *user = g_strdup_printf ("user-%u", i);

      bw_sign_in_gate_try (gate, user, "192.0.2.99", now_us, NULL);
    }
  g_assert_false (bw_sign_in_gate_try (gate, "somebody", "192.0.2.98", now_us, NULL));

  g_assert_true (bw_sign_in_gate_try (gate, "Anna", "192.0.2.10", now_us, NULL));
  g_assert_true (bw_sign_in_gate_try (gate, "anna", "203.0.113.5", now_us, NULL));
  /* and from a network that is busy guessing she waits no more than a minute */
  g_assert_true (bw_sign_in_gate_try (gate, "anna", "198.51.100.2", now_us + 61 * SECOND, NULL));
}

static void
test_delay_grows (void)
{
  g_autoptr(BwSignInGate) gate = bw_sign_in_gate_new ();
  gint64 now_us = 1000 * SECOND;
  guint n_through = 0;

  /* an hour of trying every second */
  for (guint i = 0; i < 3600; i++)
    n_through += bw_sign_in_gate_try (gate, "anna", "198.51.100.1", now_us + i * SECOND, NULL);
  g_assert_cmpuint (n_through, <=, 70);
  g_assert_cmpuint (n_through, >=, 55);
}

static void
test_own_account_resets_nothing (void)
{
  g_autoptr(BwSignInGate) gate = bw_sign_in_gate_new ();
  gint64 now_us = 1000 * SECOND;
  guint n_guesses = 0;

  /* between guesses at others the attacker signs in to an account of his own, each time */
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *user = g_strdup_printf ("user-%u", i);

      n_guesses += bw_sign_in_gate_try (gate, user, "198.51.100.1", now_us, NULL);
      if (bw_sign_in_gate_try (gate, "mallory", "198.51.100.1", now_us, NULL))
        bw_sign_in_gate_pass (gate, "mallory", "198.51.100.1");
    }
  g_assert_cmpuint (n_guesses, <=, 32);
}

static void
test_codes_and_new_accounts (void)
{
  g_autoptr(BwSignInGate) gate = bw_sign_in_gate_new ();
  gint64 now_us = 1000 * SECOND;
  guint n_codes = 0;
  guint n_new = 0;

  for (guint i = 0; i < 50; i++)
    n_codes += bw_sign_in_gate_try_code (gate, 7, now_us, NULL);
  g_assert_cmpuint (n_codes, ==, 6);
  g_assert_true (bw_sign_in_gate_try_code (gate, 8, now_us, NULL));
  bw_sign_in_gate_pass_code (gate, 7);
  g_assert_true (bw_sign_in_gate_try_code (gate, 7, now_us, NULL));

  for (guint i = 0; i < 50; i++)
    n_new += bw_sign_in_gate_try_new (gate, "198.51.100.1", now_us, NULL);
  g_assert_cmpuint (n_new, ==, 11);
}

static void
test_mail (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *mail = NULL;
  g_auto(GStrv) lines = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append (text, ".\r\nBcc: x@example.org\n– ü –\n");
  mail = bw_mailer_format ("from@example.org", "to@example.org", "A subject", text->str, 951782400);

  g_assert_nonnull (strstr (mail, "Date: Tue, 29 Feb 2000 00:00:00 +0000\r\n"));
  g_assert_null (strstr (mail, "Bcc"));
  lines = g_strsplit (mail, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_assert_cmpuint (strlen (lines[i]), <=, 100);
      g_assert_false (g_str_has_prefix (lines[i], "."));
      g_assert_null (strpbrk (lines[i], "\r\n"));
      g_assert_true (g_str_is_ascii (lines[i]));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  g_test_add_func ("/service/totp/vectors", test_vectors);
  g_test_add_func ("/service/totp/forms", test_forms);
  g_test_add_func ("/service/totp/secret-text", test_secret_text);
  g_test_add_func ("/service/totp/recovery-codes", test_recovery_codes);
  g_test_add_func ("/service/totp/key", test_key);
  g_test_add_func ("/service/gate/networks", test_networks);
  g_test_add_func ("/service/gate/nobody-is-locked-out", test_nobody_is_locked_out);
  g_test_add_func ("/service/gate/delay-grows", test_delay_grows);
  g_test_add_func ("/service/gate/own-account-resets-nothing", test_own_account_resets_nothing);
  g_test_add_func ("/service/gate/codes-and-new-accounts", test_codes_and_new_accounts);
  g_test_add_func ("/mail/form", test_mail);

  return g_test_run ();
}
