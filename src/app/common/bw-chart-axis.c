/* bw-chart-axis.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-chart-axis.h"

#include <math.h>

#include <glib/gi18n.h>

#define MAX_DECIMALS 6
#define MAX_VALUE    4e307    /* so that differences stay numbers */
#define LARGE        1e12     /* from there on with an exponent */

#define MS_US     G_GINT64_CONSTANT (1000)
#define SECOND_US (1000 * MS_US)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US   (60 * MINUTE_US)
#define DAY_US    (24 * HOUR_US)

typedef enum { SHORT, HOURS, DAYS, MONTHS } StepKind;

/* The lengths of months and years are about right: they only choose. */
static const struct
{
  gint64   us;
  StepKind kind;
  int      n;       /* hours, days or months */
} steps[] = {
  { 1 * MS_US, SHORT, 0 }, { 2 * MS_US, SHORT, 0 }, { 5 * MS_US, SHORT, 0 }, { 10 * MS_US, SHORT, 0 },
  { 20 * MS_US, SHORT, 0 }, { 50 * MS_US, SHORT, 0 }, { 100 * MS_US, SHORT, 0 }, { 200 * MS_US, SHORT, 0 },
  { 500 * MS_US, SHORT, 0 }, { SECOND_US, SHORT, 0 }, { 2 * SECOND_US, SHORT, 0 }, { 5 * SECOND_US, SHORT, 0 },
  { 10 * SECOND_US, SHORT, 0 }, { 15 * SECOND_US, SHORT, 0 }, { 30 * SECOND_US, SHORT, 0 }, { MINUTE_US, SHORT, 0 },
  { 2 * MINUTE_US, SHORT, 0 }, { 5 * MINUTE_US, SHORT, 0 }, { 10 * MINUTE_US, SHORT, 0 }, { 15 * MINUTE_US, SHORT, 0 },
  { 30 * MINUTE_US, SHORT, 0 }, { HOUR_US, HOURS, 1 }, { 2 * HOUR_US, HOURS, 2 }, { 3 * HOUR_US, HOURS, 3 },
  { 6 * HOUR_US, HOURS, 6 }, { 12 * HOUR_US, HOURS, 12 }, { DAY_US, DAYS, 1 }, { 2 * DAY_US, DAYS, 2 },
  { 7 * DAY_US, DAYS, 7 }, { 14 * DAY_US, DAYS, 14 }, { 30 * DAY_US, MONTHS, 1 }, { 61 * DAY_US, MONTHS, 2 },
  { 91 * DAY_US, MONTHS, 3 }, { 182 * DAY_US, MONTHS, 6 }, { 365 * DAY_US, MONTHS, 12 }, { 730 * DAY_US, MONTHS, 24 },
  { 1826 * DAY_US, MONTHS, 60 }, { 3652 * DAY_US, MONTHS, 120 }, { 18262 * DAY_US, MONTHS, 600 },
};

void
bw_chart_scale_fit (BwChartScale *scale,
                    double        min,
                    double        max,
                    guint         n_ticks)
{
  double rough, power, least;

  g_return_if_fail (scale != NULL && min <= max);

  min = CLAMP (min, -MAX_VALUE, MAX_VALUE);
  max = CLAMP (max, -MAX_VALUE, MAX_VALUE);

  /* One value has room around it, and differences that a double does not have are not drawn. */
  least = fmax (fmax (fabs (min), fabs (max)) * 1e-12, 1e-300);
  if (max - min < least)
    {
      double room = min == 0 ? 1 : fabs (min) * 0.05;

      min -= fmax (room, least);
      max += fmax (room, least);
    }

  rough = (max - min) / MAX (n_ticks, 2);
  power = pow (10, floor (log10 (rough)));
  scale->step = power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
  scale->low = floor (min / scale->step) * scale->step;
  scale->high = ceil (max / scale->step) * scale->step;
  scale->decimals = MAX (0, (int) -floor (log10 (scale->step) + 1e-9));

  if (scale->decimals > MAX_DECIMALS || fabs (scale->low) >= LARGE || fabs (scale->high) >= LARGE)
    scale->decimals = -1;
}

guint
bw_chart_scale_get_n (const BwChartScale *scale)
{
  return (guint) lround ((scale->high - scale->low) / scale->step) + 1;
}

double
bw_chart_scale_get_tick (const BwChartScale *scale,
                         guint               i)
{
  return (round (scale->low / scale->step) + i) * scale->step;
}

static char *
format_number (double value,
               int    decimals)
{
  /* minus nothing is nothing */
  if (fabs (value) < 0.5 * pow (10, -decimals))
    value = 0;

  return g_strdup_printf ("%'.*f", decimals, value);
}

char *
bw_chart_scale_text (const BwChartScale *scale,
                     double              value)
{
  if (scale->decimals >= 0)
    return format_number (value, scale->decimals);

  if (fabs (value) < scale->step * 1e-6)
    value = 0;

  return g_strdup_printf ("%.5g", value);
}

char *
bw_chart_number_text (double value)
{
  double size = fabs (value);

  if (isnan (value))
    return g_strdup ("—");

  if (size >= LARGE || (size > 0 && size < 1e-5))
    return g_strdup_printf ("%.7g", value);

  for (int decimals = 0; decimals < MAX_DECIMALS; decimals++)
    {
      double power = pow (10, decimals);

      if (fabs (round (value * power) / power - value) <= size * 1e-10)
        return format_number (value, decimals);
    }

  return format_number (value, MAX_DECIMALS);
}

char *
bw_chart_mean_text (double value,
                    double range)
{
  int decimals;

  if (!(range > 0) || !isfinite (range) || fabs (value) >= LARGE)
    return bw_chart_number_text (value);

  decimals = CLAMP (1 - (int) floor (log10 (range)), 0, MAX_DECIMALS);

  return bw_chart_number_text (round (value * pow (10, decimals)) / pow (10, decimals));
}

/* (transfer full) (nullable) */
static GDateTime *
make_moment (GTimeZone *zone,
             gint64     at_us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
}

static gint64
to_us (GDateTime *moment)
{
  return g_date_time_to_unix (moment) * G_USEC_PER_SEC;
}

/* (transfer full) (nullable): the beginning of a day, a month or so many months */
static GDateTime *
make_beginning (GTimeZone *zone,
                GDateTime *moment,
                StepKind   kind,
                int        n)
{
  int months = g_date_time_get_year (moment) * 12 + g_date_time_get_month (moment) - 1;

  if (kind != MONTHS)
    return g_date_time_new (zone, g_date_time_get_year (moment), g_date_time_get_month (moment),
                            g_date_time_get_day_of_month (moment), 0, 0, 0);

  months -= months % n;

  return g_date_time_new (zone, MAX (months / 12, 1), months % 12 + 1, 1, 0, 0, 0);
}

static void
tick_clear (BwChartTick *tick)
{
  g_free (tick->text);
  g_free (tick->context);
}

static void
add_tick (GArray    *ticks,
          GDateTime *moment,
          gint64     at_us,
          gsize      step)
{
  BwChartTick tick = { .at_us = at_us };
  gboolean is_first = ticks->len == 0;
  gboolean is_midnight = g_date_time_get_hour (moment) == 0 && g_date_time_get_minute (moment) == 0 &&
                         at_us % MINUTE_US == 0;

  if (steps[step].kind == MONTHS && steps[step].n >= 12)
    {
      tick.text = g_date_time_format (moment, "%Y");
    }
  else if (steps[step].kind == MONTHS)
    {
      tick.text = g_date_time_format (moment, "%b");
      if (is_first || g_date_time_get_month (moment) == 1)
        tick.context = g_date_time_format (moment, "%Y");
    }
  else if (steps[step].kind == DAYS)
    {
      /* Translators: a day on the axis of a chart, as g_date_time_format() has it: 12 Mar */
      tick.text = g_date_time_format (moment, _("%-d %b"));
      if (is_first || g_date_time_get_day_of_year (moment) <= steps[step].n)
        tick.context = g_date_time_format (moment, "%Y");
    }
  else
    {
      tick.text = g_date_time_format (moment, steps[step].us < MINUTE_US ? "%H:%M:%S" : "%H:%M");
      if (steps[step].us < SECOND_US)
        {
          g_autofree char *seconds = g_steal_pointer (&tick.text);

          tick.text = g_strdup_printf ("%s.%03d", seconds, (int) (at_us / MS_US % 1000));
        }
      if (is_first || (is_midnight && at_us % MINUTE_US == 0))
        /* Translators: a date in a table, as g_date_time_format() has it: 12 Mar 2026 */
        tick.context = g_date_time_format (moment, _("%-d %b %Y"));
    }

  g_array_append_val (ticks, tick);
}

/* As long as no clock is put by other amounts than these steps divide, one after the other is right. */
static void
add_short_ticks (GArray    *ticks,
                 GTimeZone *zone,
                 gint64     from_us,
                 gint64     until_us,
                 gsize      step)
{
  gint64 step_us = steps[step].us;
  g_autoptr(GDateTime) first = make_moment (zone, from_us);
  gint64 offset_us = first != NULL ? g_date_time_get_utc_offset (first) : 0;
  gint64 at_us = (from_us + offset_us + step_us - 1) / step_us * step_us - offset_us;

  for (; at_us < until_us; at_us += step_us)
    {
      g_autoptr(GDateTime) moment = make_moment (zone, at_us);

      if (moment != NULL)
        add_tick (ticks, moment, at_us, step);
    }
}

/* From one whole hour of the clock on the wall to the next: there may be 23 or 25 in a day. */
static void
add_hour_ticks (GArray    *ticks,
                GTimeZone *zone,
                gint64     from_us,
                gint64     until_us,
                gsize      step)
{
  gint64 at_us = from_us;
  int last_hour = -1;

  while (at_us < until_us)
    {
      g_autoptr(GDateTime) moment = make_moment (zone, at_us);
      gint64 into_us;
      int hour;

      if (moment == NULL)
        return;

      hour = g_date_time_get_hour (moment);
      into_us = g_date_time_get_minute (moment) * MINUTE_US + g_date_time_get_second (moment) * SECOND_US +
                at_us % SECOND_US;

      /* the hour that comes twice has two ticks only where each hour has one */
      if (into_us == 0 && hour % steps[step].n == 0 && (hour != last_hour || steps[step].n == 1))
        add_tick (ticks, moment, at_us, step);
      if (into_us == 0)
        last_hour = hour;

      at_us += HOUR_US - into_us;
    }
}

static void
add_long_ticks (GArray    *ticks,
                GTimeZone *zone,
                gint64     from_us,
                gint64     until_us,
                gsize      step)
{
  g_autoptr(GDateTime) start = make_moment (zone, from_us);
  g_autoptr(GDateTime) moment = start != NULL ? make_beginning (zone, start, steps[step].kind, steps[step].n) : NULL;

  /* weeks begin on Mondays */
  if (moment != NULL && steps[step].kind == DAYS && steps[step].n % 7 == 0)
    {
      g_autoptr(GDateTime) day = g_steal_pointer (&moment);

      moment = g_date_time_add_days (day, 1 - g_date_time_get_day_of_week (day));
    }

  while (moment != NULL && to_us (moment) < until_us)
    {
      g_autoptr(GDateTime) before = g_steal_pointer (&moment);

      if (to_us (before) >= from_us)
        add_tick (ticks, before, to_us (before), step);

      moment = steps[step].kind == MONTHS ? g_date_time_add_months (before, steps[step].n)
                                          : g_date_time_add_days (before, steps[step].n);
    }
}

GArray *
bw_chart_time_ticks (GTimeZone *zone,
                     gint64     from_us,
                     gint64     until_us,
                     guint      n_ticks)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (BwChartTick));
  gsize step = 0;

  g_return_val_if_fail (zone != NULL, ticks);

  g_array_set_clear_func (ticks, (GDestroyNotify) tick_clear);
  if (from_us < 0 || until_us <= from_us)
    return ticks;

  while (step + 1 < G_N_ELEMENTS (steps) && (until_us - from_us) / steps[step].us >= MAX (n_ticks, 2))
    step++;

  if (steps[step].kind == SHORT)
    add_short_ticks (ticks, zone, from_us, until_us, step);
  else if (steps[step].kind == HOURS)
    add_hour_ticks (ticks, zone, from_us, until_us, step);
  else
    add_long_ticks (ticks, zone, from_us, until_us, step);

  return ticks;
}

char *
bw_chart_time_text (GTimeZone *zone,
                    gint64     at_us,
                    gint64     step_us)
{
  g_autoptr(GDateTime) moment = make_moment (zone, at_us);
  g_autofree char *day = NULL;
  g_autofree char *time = NULL;

  if (moment == NULL)
    return g_strdup ("—");

  /* Translators: a date in a table, as g_date_time_format() has it: 12 Mar 2026 */
  day = g_date_time_format (moment, _("%-d %b %Y"));
  time = g_date_time_format (moment, step_us < MINUTE_US ? "%H:%M:%S" : "%H:%M");

  if (step_us < SECOND_US)
    /* Translators: a day, a time and thousandths of a second */
    return g_strdup_printf (_("%s, %s.%03d"), day, time, (int) (at_us / MS_US % 1000));

  /* Translators: a day and a time */
  return g_strdup_printf (_("%s, %s"), day, time);
}

char *
bw_chart_zone_text (GTimeZone *zone,
                    gint64     from_us,
                    gint64     until_us)
{
  g_autoptr(GDateTime) first = make_moment (zone, from_us);
  g_autoptr(GDateTime) last = make_moment (zone, until_us);

  if (first == NULL || last == NULL)
    return g_strdup ("");

  if (g_strcmp0 (g_date_time_get_timezone_abbreviation (first), g_date_time_get_timezone_abbreviation (last)) == 0)
    return g_strdup (g_date_time_get_timezone_abbreviation (first));

  return g_strdup_printf ("%s, %s", g_date_time_get_timezone_abbreviation (first),
                          g_date_time_get_timezone_abbreviation (last));
}
