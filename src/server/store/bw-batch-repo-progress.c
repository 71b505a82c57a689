/* bw-batch-repo-progress.c: how far the devices of a batch are
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-batch-repo.h"

#include <string.h>

#include "bw-device-id.h"
#include "bw-device.h"

/* Looked up by one statement, whose text is always the same: as many as it may have arguments. */
#define IDS_PER_QUERY BW_DB_MAX_CELLS

/* What a device has reached, blocked or not: blocking does not undo it. One that is retired has done all. */
#define REACHED_SQL \
  "CASE WHEN device.status < 6 THEN device.status ELSE coalesce(device.status_before_block," \
  " CASE WHEN device.status = 7 THEN 5 ELSE 0 END) END"

G_STATIC_ASSERT (BW_STATUS_BLOCKED == 6 && BW_STATUS_RETIRED == 7 && BW_STATUS_PAIRED == (int) BW_STAGE_PAIRED);

static const char *const stage_nicks[BW_N_STAGES] = {
  [BW_STAGE_CREATED] = "created",
  [BW_STAGE_LABELLED] = "labelled",
  [BW_STAGE_FLASHED] = "flashed",
  [BW_STAGE_SEEN] = "seen",
  [BW_STAGE_APPROVED] = "approved",
  [BW_STAGE_PAIRED] = "paired",
};

gboolean
bw_stage_from_nick (const char *nick,
                    BwStage    *ret_stage)
{
  for (guint i = 0; i < BW_N_STAGES; i++)
    {
      if (g_strcmp0 (nick, stage_nicks[i]) == 0)
        {
          *ret_stage = (BwStage) i;
          return TRUE;
        }
    }

  return FALSE;
}

void
bw_stage_append_behind (GString *out,
                        BwStage  stage)
{
  /* a stage and the first status that has reached it have the same number */
  g_string_append_printf (out, REACHED_SQL " < %d", (int) stage);
}

gboolean
bw_batch_repo_count_stages (BwDb    *db,
                            gint64   id,
                            gint64   counts[BW_N_STAGES],
                            GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT reached, count(*) FROM (SELECT " REACHED_SQL " AS reached FROM device WHERE batch_id = $1)"
                 " AS devices GROUP BY reached",
                 g_variant_new ("(x)", id), error);

  memset (counts, 0, BW_N_STAGES * sizeof counts[0]);
  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      gint64 reached = CLAMP (bw_rows_get_int (rows, 0), 0, BW_N_STAGES - 1);

      for (gint64 stage = 0; stage <= reached; stage++)
        counts[stage] += bw_rows_get_int (rows, 1);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

static char *
make_look_up_sql (void)
{
  GString *sql = g_string_new ("SELECT id, batch_id, status FROM device WHERE id IN (");

  for (guint i = 1; i <= IDS_PER_QUERY; i++)
    g_string_append_printf (sql, "%s$%u", i > 1 ? ", " : "", i);
  g_string_append_c (sql, ')');

  return g_string_free (sql, FALSE);
}

static gboolean
look_up_some (BwDb                *db,
              const char          *sql,
              const char * const  *ids,
              guint                n_ids,
              BwDeviceStanding    *ret_standings,
              GError             **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;
  GVariantBuilder args;

  g_variant_builder_init (&args, G_VARIANT_TYPE_TUPLE);
  for (guint i = 0; i < IDS_PER_QUERY; i++)
    g_variant_builder_add (&args, "s", i < n_ids ? ids[i] : "");

  rows = bw_db_query (db, sql, g_variant_builder_end (&args), error);
  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      const char *id = bw_rows_get_text (rows, 0);

      /* the same one may have been asked for twice */
      for (guint i = 0; i < n_ids; i++)
        {
          if (memcmp (ids[i], id, BW_DEVICE_ID_LENGTH) == 0)
            ret_standings[i] = (BwDeviceStanding) { bw_rows_get_int (rows, 1), (guint) bw_rows_get_int (rows, 2) };
        }
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_batch_repo_look_up (BwDb                *db,
                       const char * const  *ids,
                       guint                n_ids,
                       BwDeviceStanding    *ret_standings,
                       GError             **error)
{
  g_autofree char *sql = make_look_up_sql ();

  memset (ret_standings, 0, n_ids * sizeof *ret_standings);
  for (guint i = 0; i < n_ids; i += IDS_PER_QUERY)
    {
      if (!look_up_some (db, sql, ids + i, MIN (IDS_PER_QUERY, n_ids - i), ret_standings + i, error))
        return FALSE;
    }

  return TRUE;
}

static void
fill_flashed (BwCell   *cells,
              guint     row,
              gpointer  user_data)
{
  const char * const *ids = user_data;

  cells[0] = (BwCell) { .type = BW_CELL_TEXT, .data = ids[row], .length = BW_DEVICE_ID_LENGTH };
  cells[1] = (BwCell) { .type = BW_CELL_INT, .integer = BW_STATUS_FLASHED };
}

gboolean
bw_batch_repo_flash (BwStoreThread       *thread,
                     const char * const  *ids,
                     guint                n_ids,
                     GError             **error)
{
  return n_ids == 0 ||
         bw_db_run_many (thread->db, "UPDATE device SET status = $2, revision = revision + 1 WHERE id = $1",
                         2, n_ids, fill_flashed, (gpointer) ids, NULL, error);
}

gboolean
bw_batch_repo_touch (BwStoreThread  *thread,
                     gint64          id,
                     GError        **error)
{
  return bw_db_run (thread->db, "UPDATE batch SET revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(x)", id), error);
}
