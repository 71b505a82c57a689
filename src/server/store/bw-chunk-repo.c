/* bw-chunk-repo.c: the chunks of the history
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-history-repo.h"

#define CHUNK_COLUMNS "id, series_id, kind, t0, t1, n, low, high, total, last, data"

static void
set_int (BwCell *cell,
         gint64  value)
{
  cell->type = BW_CELL_INT;
  cell->integer = value;
}

static void
set_real (BwCell   *cell,
          gboolean  has_value,
          double    value)
{
  cell->type = has_value ? BW_CELL_DOUBLE : BW_CELL_NULL;
  cell->real = value;
}

static void
fill_chunk (BwCell   *cells,
            guint     row,
            gpointer  user_data)
{
  const BwChunkRow *chunk = &g_array_index ((GArray *) user_data, BwChunkRow, row);

  set_int (&cells[0], chunk->series_id);
  set_int (&cells[1], chunk->kind);
  set_int (&cells[2], chunk->t0);
  set_int (&cells[3], chunk->t1);
  set_int (&cells[4], chunk->n);
  set_real (&cells[5], chunk->has_numbers, chunk->low);
  set_real (&cells[6], chunk->has_numbers, chunk->high);
  set_real (&cells[7], chunk->has_numbers, chunk->total);
  set_real (&cells[8], chunk->has_numbers, chunk->last);
  cells[9].type = BW_CELL_BLOB;
  cells[9].data = chunk->data;
  cells[9].length = (gssize) chunk->length;
}

gboolean
bw_history_repo_add_chunks (BwDb    *db,
                            GArray  *chunks,
                            GError **error)
{
  return bw_db_run_many (db,
                         "INSERT INTO chunk (series_id, kind, t0, t1, n, low, high, total, last, data)"
                         " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                         10, chunks->len, fill_chunk, chunks, NULL, error);
}

static void
fill_change (BwCell   *cells,
             guint     row,
             gpointer  user_data)
{
  const BwSeriesChange *change = &g_array_index ((GArray *) user_data, BwSeriesChange, row);

  set_int (&cells[0], change->series_id);
  set_int (&cells[1], change->n);
  set_int (&cells[2], change->first_at_us);
  set_int (&cells[3], change->last_at_us);
  set_int (&cells[4], change->packed);
  set_int (&cells[5], change->n_small);
}

gboolean
bw_history_repo_change_series (BwDb    *db,
                               GArray  *changes,
                               GError **error)
{
  return bw_db_run_many (db,
                         "UPDATE series SET n = n + $2,"
                         " first_at_us = CASE WHEN n = 0 OR $3 < first_at_us THEN $3 ELSE first_at_us END,"
                         " last_at_us = CASE WHEN n = 0 OR $4 > last_at_us THEN $4 ELSE last_at_us END,"
                         " packed = $5, n_small = n_small + $6 WHERE id = $1",
                         6, changes->len, fill_change, changes, NULL, error);
}

static void
read_chunk (BwRows     *rows,
            BwChunkRow *ret_chunk)
{
  *ret_chunk = (BwChunkRow) {
    .id = bw_rows_get_int (rows, 0),
    .series_id = bw_rows_get_int (rows, 1),
    .kind = (guint) bw_rows_get_int (rows, 2),
    .t0 = bw_rows_get_int (rows, 3),
    .t1 = bw_rows_get_int (rows, 4),
    .n = bw_rows_get_int (rows, 5),
    .has_numbers = !bw_rows_is_null (rows, 6),
    .low = bw_rows_get_double (rows, 6),
    .high = bw_rows_get_double (rows, 7),
    .total = bw_rows_get_double (rows, 8),
    .last = bw_rows_get_double (rows, 9),
  };
  ret_chunk->data = bw_rows_get_blob (rows, 10, &ret_chunk->length);
}

static gboolean
foreach_chunk (BwDb         *db,
               const char   *sql,
               GVariant     *args,
               BwChunkFunc   func,
               gpointer      user_data,
               GError      **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      BwChunkRow chunk;

      read_chunk (rows, &chunk);
      if (!func (&chunk, user_data))
        return TRUE;
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
bw_history_repo_foreach_chunk (BwDb         *db,
                               gint64        series_id,
                               gint64        from_us,
                               gint64        after,
                               gint64        to_us,
                               gint64        limit,
                               BwChunkFunc   func,
                               gpointer      user_data,
                               GError      **error)
{
  return foreach_chunk (db,
                        "SELECT " CHUNK_COLUMNS " FROM chunk WHERE series_id = $1 AND t1 >= $2"
                        " AND (t1 > $2 OR id > $3) AND t0 < $4 ORDER BY t1, id LIMIT $5",
                        g_variant_new ("(xxxxx)", series_id, from_us, after, to_us, limit), func, user_data, error);
}

gboolean
bw_history_repo_find_end (BwDb    *db,
                          gint64   series_id,
                          gint64   from_us,
                          gint64   to_us,
                          gint64   n,
                          gint64  *ret_end,
                          GError **error)
{
  return bw_db_get_scalar (db,
                           "SELECT t1 FROM chunk WHERE series_id = $1 AND t1 >= $2 AND t0 < $3"
                           " ORDER BY t1 LIMIT 1 OFFSET $4",
                           g_variant_new ("(xxxx)", series_id, from_us, to_us, n - 1), to_us, ret_end, error);
}

gboolean
bw_history_repo_foreach_before (BwDb         *db,
                                gint64        series_id,
                                gint64        at_us,
                                gint64        limit,
                                BwChunkFunc   func,
                                gpointer      user_data,
                                GError      **error)
{
  return foreach_chunk (db,
                        "SELECT " CHUNK_COLUMNS " FROM chunk WHERE series_id = $1 AND t0 <= $2"
                        " ORDER BY t1 DESC, id DESC LIMIT $3",
                        g_variant_new ("(xxx)", series_id, at_us, limit), func, user_data, error);
}

gboolean
bw_history_repo_foreach_small (BwDb         *db,
                               gint64        series_id,
                               gint64        below,
                               gint64        limit,
                               BwChunkFunc   func,
                               gpointer      user_data,
                               GError      **error)
{
  return foreach_chunk (db,
                        "SELECT " CHUNK_COLUMNS " FROM chunk WHERE series_id = $1 AND n < $2"
                        " ORDER BY t1, id LIMIT $3",
                        g_variant_new ("(xxx)", series_id, below, limit), func, user_data, error);
}

gboolean
bw_history_repo_measure (BwDb    *db,
                         gint64   series_id,
                         gint64   from_us,
                         gint64   to_us,
                         gint64  *ret_n_inside,
                         gint64  *ret_t0,
                         gint64  *ret_t1,
                         GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT sum(CASE WHEN t0 >= $2 AND t1 < $3 THEN n ELSE 0 END), min(t0), max(t1) FROM chunk"
                 " WHERE series_id = $1 AND t1 >= $2 AND t0 < $3",
                 g_variant_new ("(xxx)", series_id, from_us, to_us), error);

  if (rows == NULL)
    return FALSE;

  *ret_n_inside = 0;
  *ret_t0 = 0;
  *ret_t1 = 0;
  if (bw_rows_next (rows, &local_error) && !bw_rows_is_null (rows, 0))
    {
      *ret_n_inside = bw_rows_get_int (rows, 0);
      *ret_t0 = bw_rows_get_int (rows, 1);
      *ret_t1 = bw_rows_get_int (rows, 2);
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

GArray *
bw_history_repo_list_to_join (BwDb    *db,
                              gint64   limit,
                              GError **error)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT id FROM series WHERE n_small > 7 LIMIT $1",
                                        g_variant_new ("(x)", limit), error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    {
      gint64 id = bw_rows_get_int (rows, 0);

      g_array_append_val (ids, id);
    }

  if (local_error == NULL)
    return g_steal_pointer (&ids);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

static void
fill_id (BwCell   *cells,
         guint     row,
         gpointer  user_data)
{
  set_int (&cells[0], g_array_index ((GArray *) user_data, gint64, row));
}

gboolean
bw_history_repo_remove_chunks (BwDb    *db,
                               GArray  *ids,
                               GError **error)
{
  return bw_db_run_many (db, "DELETE FROM chunk WHERE id = $1", 1, ids->len, fill_id, ids, NULL, error);
}

gboolean
bw_history_repo_set_small (BwDb    *db,
                           gint64   series_id,
                           gint64   n_small,
                           GError **error)
{
  return bw_db_run (db, "UPDATE series SET n_small = $2 WHERE id = $1",
                    g_variant_new ("(xx)", series_id, n_small), error);
}

gboolean
bw_history_repo_recount_series (BwDb    *db,
                                gint64   series_id,
                                GError **error)
{
  return bw_db_run (db,
                    "UPDATE series SET"
                    " n = (SELECT coalesce (sum (c.n), 0) FROM chunk c WHERE c.series_id = series.id),"
                    " first_at_us = (SELECT coalesce (min (c.t0), 0) FROM chunk c WHERE c.series_id = series.id),"
                    " last_at_us = (SELECT coalesce (max (c.t1), 0) FROM chunk c WHERE c.series_id = series.id)"
                    " WHERE id = $1",
                    g_variant_new ("(x)", series_id), error);
}

gboolean
bw_history_repo_get_thinned (BwDb    *db,
                             gint64   series_id,
                             gint64  *ret_at_us,
                             GError **error)
{
  return bw_db_get_scalar (db, "SELECT thinned_us FROM series WHERE id = $1", g_variant_new ("(x)", series_id), 0,
                           ret_at_us, error);
}

gboolean
bw_history_repo_set_thinned (BwDb    *db,
                             gint64   series_id,
                             gint64   at_us,
                             GError **error)
{
  return bw_db_run (db, "UPDATE series SET thinned_us = $2 WHERE id = $1",
                    g_variant_new ("(xx)", series_id, at_us), error);
}

gboolean
bw_history_repo_remove_series (BwDb    *db,
                               gint64   series_id,
                               GError **error)
{
  return bw_db_run (db, "DELETE FROM series WHERE id = $1", g_variant_new ("(x)", series_id), error);
}
