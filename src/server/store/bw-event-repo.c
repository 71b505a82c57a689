/* bw-event-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-event-repo.h"

#define DAY_US G_TIME_SPAN_DAY

/* A device that describes itself attribute by attribute has done it once. */
#define DESCRIPTION_US (60 * G_USEC_PER_SEC)

#define PRUNED_AT_ONCE 1000

/* Rows of one device, day and kind: a device that comes and goes all night has come and gone so many times. */
static const gint64 max_a_day[BW_N_STORED_EVENTS] = {
  [BW_EVENT_CONNECTION] = 40,
  [BW_EVENT_STATE] = 40,
  [BW_EVENT_COMMAND] = 500,
  [BW_EVENT_NOTICE] = 100,
  [BW_EVENT_FIRMWARE] = 20,
  [BW_EVENT_DESCRIPTION] = 20,
  [BW_EVENT_FIRST_SEEN] = 1,
};

BwEvent *
bw_event_new (const char  *device_id,
              BwEventKind  kind,
              gint64       at_us,
              char        *mark,
              char        *details)
{
  BwEvent *self = g_new0 (BwEvent, 1);

  g_strlcpy (self->device_id, device_id, sizeof self->device_id);
  self->kind = kind;
  self->at_us = at_us;
  self->mark = mark;
  self->details = details;

  return self;
}

void
bw_event_free (BwEvent *self)
{
  g_free (self->mark);
  g_free (self->details);
  g_free (self);
}

typedef struct
{
  gint64   id;        /* 0: there is none */
  gint64   at_us;
  gboolean is_same;   /* has the same mark */
} Newest;

static gboolean
get_newest (BwDb           *db,
            const BwEvent  *event,
            Newest         *ret_newest,
            GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT id, at_us, mark FROM event WHERE device_id = $1 AND kind = $2 ORDER BY at_us DESC, id DESC LIMIT 1",
                 g_variant_new ("(si)", event->device_id, event->kind), error);

  if (rows == NULL)
    return FALSE;

  if (bw_rows_next (rows, &local_error))
    {
      ret_newest->id = bw_rows_get_int (rows, 0);
      ret_newest->at_us = bw_rows_get_int (rows, 1);
      ret_newest->is_same = event->mark != NULL && g_strcmp0 (bw_rows_get_text (rows, 2), event->mark) == 0;
    }

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return local_error == NULL;
}

/* The newest row stands for this one, too. */
static gboolean
fold (BwDb           *db,
      const BwEvent  *event,
      const Newest   *newest,
      gboolean        is_one_more,
      GError        **error)
{
  return bw_db_run (db, "UPDATE event SET at_us = $2, n = n + $3, mark = $4, details = $5 WHERE id = $1",
                    g_variant_new ("(xxxmss)", newest->id, MAX (event->at_us, newest->at_us), (gint64) is_one_more,
                                   event->mark, event->details), error);
}

static gboolean
add_one (BwDb           *db,
         const BwEvent  *event,
         GError        **error)
{
  gint64 day_us = event->at_us - event->at_us % DAY_US;
  Newest newest = { 0, };
  gint64 n_today = 0;

  if (!get_newest (db, event, &newest, error))
    return FALSE;

  if (newest.id != 0 && newest.is_same && (event->kind != BW_EVENT_NOTICE || newest.at_us >= day_us))
    return event->kind != BW_EVENT_NOTICE || fold (db, event, &newest, TRUE, error);

  if (newest.id != 0 && event->kind == BW_EVENT_DESCRIPTION && ABS (event->at_us - newest.at_us) < DESCRIPTION_US)
    return fold (db, event, &newest, FALSE, error);

  if (!bw_db_get_scalar (db, "SELECT count(*) FROM event WHERE device_id = $1 AND kind = $2 AND at_us >= $3 AND at_us < $4",
                         g_variant_new ("(sixx)", event->device_id, event->kind, day_us, day_us + DAY_US), 0, &n_today, error))
    return FALSE;

  if (n_today >= max_a_day[event->kind])
    return fold (db, event, &newest, TRUE, error);

  return bw_db_run (db, "INSERT INTO event (device_id, kind, at_us, since_us, mark, details) VALUES ($1, $2, $3, $3, $4, $5)",
                    g_variant_new ("(sixmss)", event->device_id, event->kind, event->at_us, event->mark, event->details), error);
}

gboolean
bw_event_repo_add (BwDb       *db,
                   GPtrArray  *events,
                   GError    **error)
{
  if (!bw_db_begin (db, error))
    return FALSE;

  for (guint i = 0; i < events->len; i++)
    {
      if (!add_one (db, g_ptr_array_index (events, i), error))
        {
          bw_db_rollback (db);
          return FALSE;
        }
    }

  if (bw_db_commit (db, error))
    return TRUE;

  bw_db_rollback (db);

  return FALSE;
}

gboolean
bw_event_repo_prune (BwDb      *db,
                     gint64     now_us,
                     gboolean  *ret_more,
                     GError   **error)
{
  if (!bw_db_run (db, "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE at_us < $1 LIMIT $2)",
                  g_variant_new ("(xx)", now_us - BW_EVENT_KEPT_DAYS * DAY_US, (gint64) PRUNED_AT_ONCE), error))
    return FALSE;

  *ret_more = bw_db_get_n_changed (db) == PRUNED_AT_ONCE;

  return TRUE;
}

/* (transfer full): " AND COLUMN IN (…)": the kinds that are wanted */
static char *
write_kinds (guint kinds)
{
  g_autoptr(GString) sql = g_string_new (" AND kind IN (-1");

  for (guint i = 0; i < BW_N_STORED_EVENTS; i++)
    {
      if ((kinds & (1u << i)) != 0)
        g_string_append_printf (sql, ", %u", i);
    }
  g_string_append_c (sql, ')');

  return g_string_free (g_steal_pointer (&sql), FALSE);
}

GPtrArray *
bw_event_repo_list (BwDb                  *db,
                    const char            *device_id,
                    gint64                 from_us,
                    const BwTimelinePlace *place,
                    guint                  kinds,
                    guint                  limit,
                    GError               **error)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_timeline_row_free);
  g_autofree char *wanted = write_kinds (kinds);
  g_autofree char *sql =
    g_strconcat ("SELECT id, kind, at_us, since_us, n, details FROM event WHERE device_id = $1 AND at_us >= $2"
                 " AND (at_us < $3 OR at_us = $3 AND id < $4)", wanted, " ORDER BY at_us DESC, id DESC LIMIT $5", NULL);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, sql, g_variant_new ("(sxxxx)", device_id, from_us, place->at_us, place->event_id, (gint64) limit),
                                        error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    {
      BwTimelineRow *row = g_new0 (BwTimelineRow, 1);

      row->id = bw_rows_get_int (rows, 0);
      row->kind = (BwEventKind) CLAMP (bw_rows_get_int (rows, 1), 0, BW_N_STORED_EVENTS - 1);
      row->at_us = bw_rows_get_int (rows, 2);
      row->since_us = bw_rows_get_int (rows, 3);
      row->n = bw_rows_get_int (rows, 4);
      row->details = g_strdup (bw_rows_get_text (rows, 5));
      g_ptr_array_add (found, row);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return g_steal_pointer (&found);
}
