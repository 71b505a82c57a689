/* bw-participation-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-participation-text.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-people-rules.h"

BwParticipationState
bw_participation_state (BwParticipation *participation)
{
  const char *first = bw_record_get_text (BW_RECORD (participation), "first-day");
  const char *last = bw_record_get_text (BW_RECORD (participation), "last-day");
  char today[BW_DAY_SIZE];
  gboolean is_active;

  g_object_get (participation, "active", &is_active, NULL);
  if (is_active)
    return BW_PARTICIPATION_ACTIVE;

  /* Written so, days compare as texts do. */
  bw_day_format (g_get_real_time (), today);
  if (first != NULL && strcmp (today, first) < 0)
    return BW_PARTICIPATION_NOT_YET;

  return last != NULL && strcmp (today, last) > 0 ? BW_PARTICIPATION_EXPIRED : BW_PARTICIPATION_INACTIVE;
}

const char *
bw_participation_text_state (BwParticipation *participation)
{
  switch (bw_participation_state (participation))
    {
    case BW_PARTICIPATION_ACTIVE:
      return C_("participation", "Active");

    case BW_PARTICIPATION_NOT_YET:
      return C_("participation", "Not yet active");

    case BW_PARTICIPATION_EXPIRED:
      return C_("participation", "Expired");

    case BW_PARTICIPATION_INACTIVE:
    default:
      return C_("participation", "Not active");
    }
}

const char *
bw_participation_text_style (BwParticipation *participation)
{
  switch (bw_participation_state (participation))
    {
    case BW_PARTICIPATION_NOT_YET:
      return "warning";

    case BW_PARTICIPATION_EXPIRED:
    case BW_PARTICIPATION_INACTIVE:
      return "dim-label";

    case BW_PARTICIPATION_ACTIVE:
    default:
      return NULL;
    }
}

char *
bw_day_to_text (const char *day)
{
  g_autoptr(GDateTime) date = NULL;
  gint64 start_us;
  char *text = NULL;

  if (day != NULL && bw_day_parse (day, &start_us))
    date = g_date_time_new_from_unix_utc (start_us / G_USEC_PER_SEC);

  if (date != NULL)
    /* Translators: a date in a table, as g_date_time_format() has it: 12 Mar 2026 */
    text = g_date_time_format (date, _("%-d %b %Y"));

  return text != NULL ? text : g_strdup ("—");
}

char *
bw_participation_text_days (BwParticipation *participation)
{
  const char *first = bw_record_get_text (BW_RECORD (participation), "first-day");
  const char *last = bw_record_get_text (BW_RECORD (participation), "last-day");
  g_autofree char *first_text = bw_day_to_text (first);
  g_autofree char *last_text = bw_day_to_text (last);

  if (first != NULL && last != NULL)
    /* Translators: two days, both included */
    return g_strdup_printf (_("from %s to %s"), first_text, last_text);

  if (first != NULL)
    return g_strdup_printf (_("from %s"), first_text);

  if (last != NULL)
    return g_strdup_printf (_("until %s"), last_text);

  return g_strdup (_("without limit"));
}
