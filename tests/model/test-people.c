/* test-people.c: permissions, and what may be typed about people
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-people-rules.h"
#include "bw-permission.h"

static void
test_alias (void)
{
  static const char * const good[] = { "main", "a1", "north-west-2", "0123456789012345678901234567890123456789" };
  static const char * const bad[] = { "", "a", "Main", "-a1", "a1-", "a b", "a_b", "größe", "01234567890123456789012345678901234567890" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (bw_alias_is_valid (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (bw_alias_is_valid (bad[i]));
  g_assert_false (bw_alias_is_valid (NULL));
}

static void
test_email (void)
{
  static const char * const good[] = {
    "a@b", "admin@localhost", "first.last+tag@example.org", "o'neill@example.org", "юрій@приклад.укр",
  };
  static const char * const bad[] = {
    "", "a", "@b", "a@", "a@b@c", "a b@c", "a@b c", "a@b\nBcc: x@y", "a\n@b", "a@b\r", ".a@b", "a.@b", "a@.b", "a@b.",
    "a@b..c", "a@-b", "a,b@c", "<a@b>", "\"a\"@b", "a@b/c", "a@\xff",
  };
  g_autofree char *whole = g_strnfill (BW_PEOPLE_MAX_EMAIL_BYTES - 2, 'a');
  g_autofree char *fits = g_strconcat (whole, "@b", NULL);
  g_autofree char *too_long = g_strconcat (whole, "a@b", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (bw_email_is_valid (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (bw_email_is_valid (bad[i]));
  g_assert_true (bw_email_is_valid (fits));
  g_assert_false (bw_email_is_valid (too_long));
}

static void
test_day (void)
{
  static const char * const bad[] = {
    "", "2026-11-2", "2026-11-255", "2026-02-30", "2026-13-01", "2026-00-10", "1969-12-31", "2026/11/25", "+026-11-25", "2026-1 -25",
  };
  char text[BW_DAY_SIZE];
  gint64 us = 0;

  g_assert_true (bw_day_parse ("1970-01-02", &us));
  g_assert_cmpint (us, ==, G_TIME_SPAN_DAY);
  g_assert_true (bw_day_parse ("2028-02-29", &us));
  bw_day_format (us, text);
  g_assert_cmpstr (text, ==, "2028-02-29");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (bw_day_parse (bad[i], &us));
}

static void
test_permissions (void)
{
  guint admin = 0;
  guint all = 0;

  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      const char *nick = bw_permission_to_nick (i);
      BwPermission permission;
      guint complete;

      g_assert_true (bw_permission_from_nick (nick, &permission));
      g_assert_cmpuint (permission, ==, 1u << i);

      /* who manages or deletes also views, and once is enough */
      complete = bw_permissions_complete (1u << i);
      g_assert_cmpuint (bw_permissions_complete (complete), ==, complete);
      if ((g_str_has_prefix (nick, "manage-") || g_str_has_prefix (nick, "delete-")) &&
          (g_str_has_suffix (nick, "users") || g_str_has_suffix (nick, "companies") || g_str_has_suffix (nick, "devices")))
        g_assert_cmpuint (complete, !=, 1u << i);
    }

  g_assert_true (bw_permissions_of_builtin (BW_ROLE_SUPER_ADMIN, &all));
  g_assert_true (bw_permissions_of_builtin (BW_ROLE_COMPANY_ADMIN, &admin));
  g_assert_cmpuint (all ^ admin, ==, BW_PERMISSION_CREATE_IDS);
  g_assert_false (bw_permissions_of_builtin ("king", &all));
  g_assert_cmpuint (bw_permissions_complete (1u << 31), ==, 0);
}

static void
test_json (void)
{
  static const char text[] = "{\"a\":[\"manage-users\",\"read-audit\"],\"b\":[\"fly\"],\"c\":[5]}";
  g_autoptr(JsonObject) json = bw_json_parse_object (text, strlen (text), 1000, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) out = g_string_new (NULL);
  guint set = 0;

  g_assert_true (bw_permissions_from_json (bw_json_get_array (json, "a"), &set, &error));
  g_assert_cmpuint (set, ==, BW_PERMISSION_MANAGE_USERS | BW_PERMISSION_VIEW_USERS | BW_PERMISSION_READ_AUDIT);
  bw_json_begin_object (out, NULL);
  bw_permissions_write (out, "p", set);
  bw_json_end_object (out);
  g_assert_cmpstr (out->str, ==, "{\"p\":[\"view-users\",\"manage-users\",\"read-audit\"]}");

  g_assert_false (bw_permissions_from_json (bw_json_get_array (json, "b"), &set, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (bw_permissions_from_json (bw_json_get_array (json, "c"), &set, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/people/alias", test_alias);
  g_test_add_func ("/model/people/email", test_email);
  g_test_add_func ("/model/people/day", test_day);
  g_test_add_func ("/model/people/permissions", test_permissions);
  g_test_add_func ("/model/people/json", test_json);

  return g_test_run ();
}
