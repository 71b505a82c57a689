/* test-pins.c: certificates that a person has trusted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include <glib/gstdio.h>

#include "bw-error.h"
#include "bw-pins.h"
#include "bw-test.h"

#define ONE   "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"
#define OTHER "FF:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"

static char *
get_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "bellwether", "certificates.ini", NULL);
}

static void
assert_pin (const char *place,
            const char *fingerprint)
{
  g_autofree char *found = bw_pins_look_up (place);

  g_assert_cmpstr (found, ==, fingerprint);
}

static void
add (const char *place,
     const char *fingerprint)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (bw_pins_add (place, fingerprint, &error));
  g_assert_no_error (error);
}

static void
test_keep_and_forget (void)
{
  g_autoptr(GPtrArray) pins = NULL;
  g_autoptr(GPtrArray) left = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = get_path ();
  const BwPin *first;
  GStatBuf info;

  assert_pin ("server.example.org:8443", NULL);
  add ("server.example.org:8443", ONE);
  add ("[::1]:8443", OTHER);
  assert_pin ("server.example.org:8443", ONE);
  assert_pin ("SERVER.example.org:8443", ONE);
  assert_pin ("[::1]:8443", OTHER);
  assert_pin ("server.example.org:8444", NULL);
  assert_pin ("server.example.org", NULL);

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);

  /* one for each place, the newest first */
  add ("server.example.org:8443", OTHER);
  assert_pin ("server.example.org:8443", OTHER);
  pins = bw_pins_list ();
  g_assert_cmpuint (pins->len, ==, 2);
  first = g_ptr_array_index (pins, 0);
  g_assert_cmpstr (first->place, ==, "server.example.org:8443");
  g_assert_cmpint (first->added_at_us, >, 0);

  g_assert_true (bw_pins_forget ("server.example.org:8443", &error));
  g_assert_no_error (error);
  assert_pin ("server.example.org:8443", NULL);
  g_assert_true (bw_pins_forget ("server.example.org:8443", &error));
  left = bw_pins_list ();
  g_assert_cmpuint (left->len, ==, 1);
}

/* What cannot be understood is nobody's trust, and is not written over. */
static void
test_damaged (void)
{
  g_autoptr(GPtrArray) pins = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = get_path ();
  g_autofree char *text = NULL;

  add ("server.example.org:8443", ONE);
  g_assert_true (g_file_set_contents (path, "no list at all", -1, NULL));
  assert_pin ("server.example.org:8443", NULL);
  pins = bw_pins_list ();
  g_assert_cmpuint (pins->len, ==, 0);

  g_assert_false (bw_pins_add ("server.example.org:8443", ONE, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "no list at all");

  /* an entry without a fingerprint is none */
  g_assert_true (g_file_set_contents (path, "[a]\nplace=x:1\nsha256=abc\n[b]\nplace=y:1\nsha256=" OTHER "\n", -1, NULL));
  assert_pin ("x:1", NULL);
  assert_pin ("y:1", OTHER);
}

static void
test_limit (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *path = get_path ();

  add ("h0:1", ONE);
  for (int i = 0; i < 1000; i++)
    g_string_append_printf (text, "[c%d]\nplace=h%d:1\nsha256=%s\n", i, i, ONE);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));

  assert_pin ("h1:1", ONE);
  add ("h999:1", OTHER);
  g_assert_false (bw_pins_add ("h1000:1", OTHER, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_TOO_MANY);
  assert_pin ("h0:1", ONE);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *dir = bw_test_make_dir ();
  int status;

  /* before anybody asks where it is; GLib's own isolation leaks, and a sanitizer says so */
  g_setenv ("XDG_CONFIG_HOME", dir, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/client/pins/keep-and-forget", test_keep_and_forget);
  g_test_add_func ("/client/pins/damaged", test_damaged);
  g_test_add_func ("/client/pins/limit", test_limit);

  status = g_test_run ();
  bw_test_remove_dir (dir);

  return status;
}
