/* bw-trend-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-trend-repo.h"

#include "bw-cell.h"
#include "bw-company-repo.h"
#include "bw-json.h"

/* As SQL has it. */
typedef enum
{
  TREND_ONLINE,
  TREND_ARRIVED,
  TREND_APPROVED,
} TrendKind;

typedef struct
{
  TrendKind kind;
  gint64    company_id;    /* 0: all */
  gint64    at_us;
  gint64    n;
} BwTrendCount;

#define NOT_KNOWN (-1)

static gint64
begin_of (gint64 at_us,
          gint64 step_us)
{
  return at_us - at_us % step_us;
}

static void
add (GArray    *counts,
     TrendKind  kind,
     gint64     company_id,
     gint64     at_us,
     gint64     n)
{
  BwTrendCount count = { kind, company_id, at_us, n };

  g_array_append_val (counts, count);
}

static gboolean
count_online (BwDb     *db,
              gint64    now_us,
              GArray   *counts,
              GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, db->driver->takes_hints
                   ? "SELECT company_id, count(*) FROM device INDEXED BY device_online WHERE online <> 0 GROUP BY company_id"
                   : "SELECT company_id, count(*) FROM device WHERE online <> 0 GROUP BY company_id", NULL, error);
  gint64 at_us = begin_of (now_us, BW_TREND_STEP_US);
  gint64 total = 0;

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      add (counts, TREND_ONLINE, bw_rows_get_int (rows, 0), at_us, bw_rows_get_int (rows, 1));
      total += bw_rows_get_int (rows, 1);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  add (counts, TREND_ONLINE, 0, at_us, total);

  return TRUE;
}

/* The days from @from_us on, each whether there was something or not. */
static gboolean
count_days (BwDb        *db,
            TrendKind    kind,
            const char  *column,
            gint64       from_us,
            gint64       now_us,
            GArray      *counts,
            GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  /* of two lower ends SQLite goes by the first; the second says that the index may be taken */
  g_autofree char *sql = g_strdup_printf ("SELECT %s / $2 AS day, company_id, count(*) FROM device WHERE %s >= $1 AND %s > 0"
                                          " GROUP BY day, company_id", column, column, column);
  g_autoptr(BwRows) rows = bw_db_query (db, sql, g_variant_new ("(xx)", from_us, G_TIME_SPAN_DAY), error);
  gint64 totals[BW_TREND_DAYS] = { 0 };

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      gint64 at_us = bw_rows_get_int (rows, 0) * G_TIME_SPAN_DAY;
      gint64 day = (at_us - from_us) / G_TIME_SPAN_DAY;

      /* a device's clock does not count, but the server's may have been ahead once */
      if (day < 0 || day >= BW_TREND_DAYS || at_us > now_us)
        continue;

      add (counts, kind, bw_rows_get_int (rows, 1), at_us, bw_rows_get_int (rows, 2));
      totals[day] += bw_rows_get_int (rows, 2);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  for (gint64 at_us = from_us; at_us <= now_us; at_us += G_TIME_SPAN_DAY)
    add (counts, kind, 0, at_us, totals[(at_us - from_us) / G_TIME_SPAN_DAY]);

  return TRUE;
}

GArray *
bw_trend_repo_count (BwDb     *db,
                     gint64    now_us,
                     GError  **error)
{
  g_autoptr(GArray) counts = g_array_new (FALSE, FALSE, sizeof (BwTrendCount));
  gint64 today_us = begin_of (now_us, G_TIME_SPAN_DAY);
  gint64 from_us = today_us - (BW_TREND_DAYS - 1) * G_TIME_SPAN_DAY;
  gint64 n_days = 0;

  if (!bw_db_get_scalar (db, "SELECT count(*) FROM trend WHERE kind = $1 AND company_id = 0 AND at_us >= $2",
                         g_variant_new ("(xx)", (gint64) TREND_APPROVED, from_us), 0, &n_days, error))
    return NULL;

  /* while all but today are there, only today and yesterday, of which the last minutes may be missing */
  if (n_days >= BW_TREND_DAYS - 1)
    from_us = today_us - G_TIME_SPAN_DAY;

  if (!count_online (db, now_us, counts, error) ||
      !count_days (db, TREND_ARRIVED, "first_seen_us", from_us, now_us, counts, error) ||
      !count_days (db, TREND_APPROVED, "approved_at_us", from_us, now_us, counts, error))
    return NULL;

  return g_steal_pointer (&counts);
}

static void
fill_count (BwCell   *cells,
            guint     row,
            gpointer  user_data)
{
  const BwTrendCount *count = &g_array_index ((GArray *) user_data, BwTrendCount, row);

  cells[0] = bw_cell_int (count->kind);
  cells[1] = bw_cell_int (count->company_id);
  cells[2] = bw_cell_int (count->at_us);
  cells[3] = bw_cell_int (count->n);
}

/* What was counted before the day was over is counted anew; what is closed stays as it was then. */
static gboolean
clear_open (BwDb     *db,
            gint64    now_us,
            GError  **error)
{
  return bw_db_run (db, "DELETE FROM trend WHERE (kind = $1 OR kind = $2) AND at_us >= $3",
                    g_variant_new ("(xxx)", (gint64) TREND_ARRIVED, (gint64) TREND_APPROVED,
                                   begin_of (now_us, G_TIME_SPAN_DAY) - G_TIME_SPAN_DAY), error);
}

static gboolean
forget (BwDb     *db,
        gint64    now_us,
        GError  **error)
{
  return bw_db_run (db, "DELETE FROM trend WHERE (kind = $1 AND at_us < $2) OR (kind <> $1 AND at_us < $3)",
                    g_variant_new ("(xxx)", (gint64) TREND_ONLINE, now_us - (BW_TREND_STEPS + 1) * BW_TREND_STEP_US,
                                   now_us - (BW_TREND_DAYS + 1) * G_TIME_SPAN_DAY), error);
}

gboolean
bw_trend_repo_note (BwDb     *db,
                    GArray   *counts,
                    gint64    now_us,
                    GError  **error)
{
  return clear_open (db, now_us, error) &&
         bw_db_run_many (db, "INSERT INTO trend (kind, company_id, at_us, n) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                         4, counts->len, fill_count, counts, NULL, error) &&
         forget (db, now_us, error);
}

/* The row of all says that it was counted; those in reach how many there were. */
static gboolean
read_values (BwDb       *db,
             TrendKind   kind,
             gint64      company_id,
             gboolean    is_root,
             gint64      from_us,
             gint64      step_us,
             guint       n_values,
             gint64     *values,
             GError    **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    is_root ? bw_db_query (db, "SELECT at_us, n FROM trend WHERE kind = $1 AND company_id = 0 AND at_us >= $2",
                           g_variant_new ("(xx)", (gint64) kind, from_us), error)
            : bw_db_query (db,
                           "SELECT at_us, CAST(0 AS BIGINT) FROM trend WHERE kind = $2 AND company_id = 0 AND at_us >= $3"
                           " UNION ALL SELECT at_us, n FROM trend WHERE kind = $2 AND at_us >= $3 AND company_id IN "
                           BW_COMPANY_REACH_SQL,
                           g_variant_new ("(xxx)", company_id, (gint64) kind, from_us), error);

  if (rows == NULL)
    return FALSE;

  for (guint i = 0; i < n_values; i++)
    values[i] = NOT_KNOWN;

  while (bw_rows_next (rows, &local_error))
    {
      gint64 i = (bw_rows_get_int (rows, 0) - from_us) / step_us;

      if (i >= 0 && i < n_values)
        values[i] = MAX (values[i], 0) + bw_rows_get_int (rows, 1);
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static void
add_value (GString    *out,
           const char *member,
           gint64      value)
{
  if (value == NOT_KNOWN)
    bw_json_add_null (out, member);
  else
    bw_json_add_int (out, member, value);
}

static void
write_days (gint64        from_us,
            const gint64 *arrived,
            const gint64 *approved,
            GString      *out)
{
  bw_json_begin_array (out, "days");
  for (guint i = 0; i < BW_TREND_DAYS; i++)
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_int (out, "from", from_us + i * G_TIME_SPAN_DAY);
      add_value (out, "arrived", arrived[i]);
      add_value (out, "approved", approved[i]);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
}

gboolean
bw_trend_repo_write (BwDb     *db,
                     gint64    company_id,
                     gboolean  is_root,
                     gint64    now_us,
                     GString  *out,
                     GError  **error)
{
  gint64 step_us = begin_of (now_us, BW_TREND_STEP_US) - (BW_TREND_STEPS - 1) * BW_TREND_STEP_US;
  gint64 day_us = begin_of (now_us, G_TIME_SPAN_DAY) - (BW_TREND_DAYS - 1) * G_TIME_SPAN_DAY;
  gint64 online[BW_TREND_STEPS];
  gint64 arrived[BW_TREND_DAYS];
  gint64 approved[BW_TREND_DAYS];

  if (!read_values (db, TREND_ONLINE, company_id, is_root, step_us, BW_TREND_STEP_US, BW_TREND_STEPS, online, error) ||
      !read_values (db, TREND_ARRIVED, company_id, is_root, day_us, G_TIME_SPAN_DAY, BW_TREND_DAYS, arrived, error) ||
      !read_values (db, TREND_APPROVED, company_id, is_root, day_us, G_TIME_SPAN_DAY, BW_TREND_DAYS, approved, error))
    return FALSE;

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "at", now_us);
  bw_json_begin_object (out, "online");
  bw_json_add_int (out, "from", step_us);
  bw_json_add_int (out, "step", BW_TREND_STEP_US);
  bw_json_begin_array (out, "values");
  for (guint i = 0; i < BW_TREND_STEPS; i++)
    add_value (out, NULL, online[i]);
  bw_json_end_array (out);
  bw_json_end_object (out);
  write_days (day_us, arrived, approved, out);
  bw_json_end_object (out);

  return TRUE;
}
