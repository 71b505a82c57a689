/* test-texts.c: what people read of errors, times and statuses
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>

#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-status-text.h"
#include "bw-time-text.h"

#define NOW_US G_GINT64_CONSTANT (1790000000000000)

static void
test_relative_times (void)
{
  static const struct
  {
    gint64      age_s;
    const char *text;
  } cases[] = {
    { 0, "Just now" },
    { 9, "Just now" },
    { -5, "Just now" },
    { 10, "Seconds ago" },
    { 59, "Seconds ago" },
    { 60, "1 minute ago" },
    { 3599, "59 minutes ago" },
    { 3600, "1 hour ago" },
    { 86399, "23 hours ago" },
    { 86400, "1 day ago" },
    { 6 * 86400, "6 days ago" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = bw_time_to_relative_text (NOW_US - cases[i].age_s * G_USEC_PER_SEC, NOW_US);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_never_and_long_ago (void)
{
  g_autofree char *never = bw_time_to_relative_text (0, NOW_US);
  g_autofree char *cell = bw_time_to_date_text (0);
  g_autofree char *date = bw_time_to_relative_text (NOW_US - G_GINT64_CONSTANT (400) * 86400 * G_USEC_PER_SEC, NOW_US);
  g_autofree char *absurd = bw_time_to_full_text (G_MAXINT64);

  g_assert_cmpstr (never, ==, "Never");
  g_assert_cmpstr (cell, ==, "—");
  g_assert_cmpstr (date, ==, "17 Aug 2025");
  g_assert_cmpstr (absurd, ==, "—");
}

static void
test_every_code_has_a_sentence (void)
{
  for (int code = BW_ERROR_INTERNAL; code <= BW_ERROR_UNAVAILABLE; code++)
    {
      g_autoptr(GError) error = g_error_new_literal (BW_ERROR, code, "the name is taken");
      g_autofree char *text = bw_error_to_user_text (error);

      g_assert_true (g_str_has_suffix (text, "."));
      g_assert_true (g_unichar_isupper (g_utf8_get_char (text)));
    }
}

static void
test_errors_hide_what_is_inside (void)
{
  g_autoptr(GError) internal = g_error_new_literal (BW_ERROR, BW_ERROR_INTERNAL, "SELECT failed: no such table");
  g_autoptr(GError) conflict = g_error_new_literal (BW_ERROR, BW_ERROR_CONFLICT, "the name is taken");
  g_autoptr(GError) garbage = g_error_new_literal (BW_ERROR, BW_ERROR_INVALID, "\xff\xfe");
  g_autofree char *internal_text = bw_error_to_user_text (internal);
  g_autofree char *conflict_text = bw_error_to_user_text (conflict);
  g_autofree char *garbage_text = bw_error_to_user_text (garbage);

  g_assert_null (strstr (internal_text, "SELECT"));
  g_assert_nonnull (strstr (conflict_text, "The name is taken."));
  g_assert_true (g_utf8_validate (garbage_text, -1, NULL));
}

static void
test_every_status_has_a_word (void)
{
  for (int status = BW_STATUS_NEW; status <= BW_STATUS_RETIRED; status++)
    g_assert_cmpstr (bw_status_to_text ((BwStatus) status), !=, "—");

  for (int state = BW_STATE_NOT_CONNECTED; state <= BW_STATE_ALERT; state++)
    g_assert_cmpstr (bw_state_to_text ((BwState) state), !=, "—");
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/texts/relative-times", test_relative_times);
  g_test_add_func ("/app/texts/never-and-long-ago", test_never_and_long_ago);
  g_test_add_func ("/app/texts/every-code-has-a-sentence", test_every_code_has_a_sentence);
  g_test_add_func ("/app/texts/errors-hide-what-is-inside", test_errors_hide_what_is_inside);
  g_test_add_func ("/app/texts/every-status-has-a-word", test_every_status_has_a_word);

  return g_test_run ();
}
