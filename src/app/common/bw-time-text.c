/* bw-time-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-time-text.h"

#include <glib/gi18n.h>

#define MINUTE_S 60
#define HOUR_S   (60 * MINUTE_S)
#define DAY_S    (24 * HOUR_S)

/* Below this "Just now": a table that counts seconds only flickers. */
#define JUST_NOW_S 10

/* The clocks of server and desktop differ a little. */
#define FUTURE_SLACK_S 120

static char *
format_local (gint64      at_us,
              const char *format)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  char *text = local != NULL ? g_date_time_format (local, format) : NULL;

  return text != NULL ? text : g_strdup ("—");
}

char *
bw_time_to_date_text (gint64 at_us)
{
  if (at_us == 0)
    return g_strdup ("—");

  /* Translators: a date in a table, as g_date_time_format() has it: 12 Mar 2026 */
  return format_local (at_us, _("%-d %b %Y"));
}

char *
bw_time_to_full_text (gint64 at_us)
{
  if (at_us == 0)
    return g_strdup (_("Never"));

  /* Translators: date and time, as g_date_time_format() has it: 12 March 2026, 14:05:33 */
  return format_local (at_us, _("%-d %B %Y, %H:%M:%S"));
}

char *
bw_time_to_relative_text (gint64 at_us,
                          gint64 now_us)
{
  gint64 age_s = (now_us - at_us) / G_USEC_PER_SEC;

  if (at_us == 0)
    return g_strdup (_("Never"));

  if (age_s < -FUTURE_SLACK_S)
    return bw_time_to_full_text (at_us);

  if (age_s < JUST_NOW_S)
    return g_strdup (_("Just now"));

  if (age_s < MINUTE_S)
    return g_strdup (_("Seconds ago"));

  if (age_s < HOUR_S)
    {
      guint minutes = (guint) (age_s / MINUTE_S);

      return g_strdup_printf (ngettext ("%u minute ago", "%u minutes ago", minutes), minutes);
    }

  if (age_s < DAY_S)
    {
      guint hours = (guint) (age_s / HOUR_S);

      return g_strdup_printf (ngettext ("%u hour ago", "%u hours ago", hours), hours);
    }

  if (age_s < 7 * DAY_S)
    {
      guint days = (guint) (age_s / DAY_S);

      return g_strdup_printf (ngettext ("%u day ago", "%u days ago", days), days);
    }

  return bw_time_to_date_text (at_us);
}

guint
bw_time_relative_period_s (gint64 at_us,
                           gint64 now_us)
{
  gint64 age_s = (now_us - at_us) / G_USEC_PER_SEC;

  if (age_s < MINUTE_S)
    return JUST_NOW_S;

  return age_s < HOUR_S ? MINUTE_S : HOUR_S;
}
