/* bw-history-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-history-repo.h"

#define SERIES_COLUMNS "id, device_id, node, property, datatype, unit, n, first_at_us, last_at_us, packed"

/* In the order of BwSeriesRow. */

void
bw_series_row_free (BwSeriesRow *self)
{
  g_free (self->device_id);
  g_free (self->node);
  g_free (self->property);
  g_free (self->unit);
  g_free (self);
}

static BwSeriesRow *
read_series (BwRows *rows)
{
  BwSeriesRow *row = g_new0 (BwSeriesRow, 1);

  row->id = bw_rows_get_int (rows, 0);
  row->device_id = g_strdup (bw_rows_get_text (rows, 1));
  row->node = g_strdup (bw_rows_get_text (rows, 2));
  row->property = g_strdup (bw_rows_get_text (rows, 3));
  row->datatype = (BwDatatype) bw_rows_get_int (rows, 4);
  row->unit = g_strdup (bw_rows_get_text (rows, 5));
  row->n = bw_rows_get_int (rows, 6);
  row->first_at_us = bw_rows_get_int (rows, 7);
  row->last_at_us = bw_rows_get_int (rows, 8);
  row->packed = bw_rows_get_int (rows, 9);

  return row;
}

/* (element-type BwSeriesRow) */
static GPtrArray *
list_series (BwDb        *db,
             const char  *sql,
             GVariant    *args,
             GError     **error)
{
  g_autoptr(GPtrArray) series = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_series_row_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    g_ptr_array_add (series, read_series (rows));

  if (local_error == NULL)
    return g_steal_pointer (&series);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

static BwSeriesRow *
take_first (GPtrArray *series)
{
  BwSeriesRow *row = NULL;

  if (series != NULL && series->len > 0)
    row = g_ptr_array_steal_index (series, 0);
  g_clear_pointer (&series, g_ptr_array_unref);

  return row;
}

BwSeriesRow *
bw_history_repo_find_series (BwDb        *db,
                             const char  *device_id,
                             const char  *node,
                             const char  *property,
                             GError     **error)
{
  return take_first (list_series (db,
                                  "SELECT " SERIES_COLUMNS " FROM series"
                                  " WHERE device_id = $1 AND node = $2 AND property = $3",
                                  g_variant_new ("(sss)", device_id, node, property), error));
}

BwSeriesRow *
bw_history_repo_get_series (BwDb    *db,
                            gint64   id,
                            GError **error)
{
  return take_first (list_series (db, "SELECT " SERIES_COLUMNS " FROM series WHERE id = $1",
                                  g_variant_new ("(x)", id), error));
}

GPtrArray *
bw_history_repo_list_series (BwDb        *db,
                             const char  *device_id,
                             gint64       limit,
                             GError     **error)
{
  return list_series (db,
                      "SELECT " SERIES_COLUMNS " FROM series WHERE device_id = $1 ORDER BY node, property LIMIT $2",
                      g_variant_new ("(sx)", device_id, limit), error);
}

gboolean
bw_history_repo_count_series (BwDb        *db,
                              const char  *device_id,
                              gint64      *ret_n,
                              GError     **error)
{
  return bw_db_get_scalar (db, "SELECT count(*) FROM series WHERE device_id = $1",
                           g_variant_new ("(s)", device_id), 0, ret_n, error);
}

gboolean
bw_history_repo_add_series (BwDb         *db,
                            BwSeriesRow  *row,
                            GError      **error)
{
  return bw_db_get_scalar (db,
                           "INSERT INTO series (device_id, node, property, datatype, unit)"
                           " VALUES ($1, $2, $3, $4, $5) RETURNING id",
                           g_variant_new ("(sssxms)", row->device_id, row->node, row->property,
                                          (gint64) row->datatype, row->unit),
                           0, &row->id, error);
}

gboolean
bw_history_repo_describe_series (BwDb        *db,
                                 gint64       id,
                                 BwDatatype   datatype,
                                 const char  *unit,
                                 GError     **error)
{
  return bw_db_run (db, "UPDATE series SET datatype = $2, unit = $3 WHERE id = $1",
                    g_variant_new ("(xxms)", id, (gint64) datatype, unit), error);
}

/* The stage */

gboolean
bw_history_repo_wait_for_writers (BwDb    *db,
                                  GError **error)
{
  if (!db->driver->is_apart)
    return TRUE;

  if (!bw_db_begin (db, error))
    return FALSE;

  if (bw_db_run (db, "LOCK TABLE stage IN SHARE ROW EXCLUSIVE MODE", NULL, error) && bw_db_commit (db, error))
    return TRUE;

  bw_db_rollback (db);

  return FALSE;
}

gboolean
bw_history_repo_get_newest (BwDb    *db,
                            gint64  *ret_seq,
                            GError **error)
{
  return bw_db_get_scalar (db, "SELECT max(seq) FROM stage", NULL, 0, ret_seq, error);
}

typedef struct
{
  gint64        seq;
  const guint8 *data;
  gsize         length;
} Blob;

static void
fill_blob (BwCell   *cells,
           guint     row,
           gpointer  user_data)
{
  const Blob *blob = user_data;

  cells[0].type = BW_CELL_INT;
  cells[0].integer = blob->seq;
  cells[1].type = BW_CELL_BLOB;
  cells[1].data = blob->data;
  cells[1].length = (gssize) blob->length;
}

gboolean
bw_history_repo_add_stage (BwDb          *db,
                           gint64         seq,
                           const guint8  *samples,
                           gsize          length,
                           GError       **error)
{
  Blob blob = { seq, samples, length };

  return bw_db_run_many (db, "INSERT INTO stage (seq, samples) VALUES ($1, $2)", 2, 1, fill_blob, &blob, NULL, error);
}

gboolean
bw_history_repo_add_taken (BwDb          *db,
                           gint64         seq,
                           const guint8  *marks,
                           gsize          length,
                           GError       **error)
{
  Blob blob = { seq, marks, length };

  return bw_db_run_many (db, "INSERT INTO taken (seq, marks) VALUES ($1, $2)", 2, 1, fill_blob, &blob, NULL, error);
}

static GBytes *
read_blob (BwDb        *db,
           const char  *sql,
           gint64       seq,
           gint64      *ret_seq,
           GError     **error)
{
  g_autoptr(BwRows) rows = bw_db_query (db, sql, g_variant_new ("(x)", seq), error);
  g_autoptr(GError) local_error = NULL;
  const guint8 *data;
  gsize length = 0;

  *ret_seq = 0;
  if (rows == NULL)
    return NULL;

  if (!bw_rows_next (rows, &local_error))
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  *ret_seq = bw_rows_get_int (rows, 0);
  data = bw_rows_get_blob (rows, 1, &length);

  return g_bytes_new (data, length);
}

GBytes *
bw_history_repo_next_stage (BwDb    *db,
                            gint64   seq,
                            gint64  *ret_seq,
                            GError **error)
{
  return read_blob (db, "SELECT seq, samples FROM stage WHERE seq > $1 ORDER BY seq LIMIT 1", seq, ret_seq, error);
}

GBytes *
bw_history_repo_previous_taken (BwDb    *db,
                                gint64   seq,
                                gint64  *ret_seq,
                                GError **error)
{
  return read_blob (db, "SELECT seq, marks FROM taken WHERE seq < $1 ORDER BY seq DESC LIMIT 1", seq, ret_seq, error);
}

gboolean
bw_history_repo_foreach_taken (BwDb      *db,
                               void     (*func) (gint64   seq,
                                                 gint64   length,
                                                 gpointer user_data),
                               gpointer   user_data,
                               GError   **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT seq, length (marks) FROM taken ORDER BY seq", NULL, error);

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    func (bw_rows_get_int (rows, 0), bw_rows_get_int (rows, 1), user_data);

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
bw_history_repo_trim_stage (BwDb    *db,
                            gint64   seq,
                            GError **error)
{
  return bw_db_run (db, "DELETE FROM stage WHERE seq <= $1", g_variant_new ("(x)", seq), error);
}

gboolean
bw_history_repo_trim_taken (BwDb    *db,
                            gint64   seq,
                            GError **error)
{
  return bw_db_run (db, "DELETE FROM taken WHERE seq <= $1", g_variant_new ("(x)", seq), error);
}

gboolean
bw_history_repo_add_flood (BwDb        *db,
                           const char  *device_id,
                           gint64       n,
                           gint64       at_us,
                           GError     **error)
{
  return bw_db_run (db,
                    "INSERT INTO flood (device_id, n, first_at_us, last_at_us) VALUES ($1, $2, $3, $3)"
                    " ON CONFLICT (device_id) DO UPDATE SET n = flood.n + excluded.n,"
                    " last_at_us = excluded.last_at_us",
                    g_variant_new ("(sxx)", device_id, n, at_us), error);
}

gboolean
bw_history_repo_get_flood (BwDb        *db,
                           const char  *device_id,
                           gint64      *ret_n,
                           gint64      *ret_first_at_us,
                           gint64      *ret_last_at_us,
                           GError     **error)
{
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT n, first_at_us, last_at_us FROM flood WHERE device_id = $1",
                                        g_variant_new ("(s)", device_id), error);
  g_autoptr(GError) local_error = NULL;

  if (rows == NULL)
    return FALSE;

  *ret_n = 0;
  *ret_first_at_us = 0;
  *ret_last_at_us = 0;
  if (bw_rows_next (rows, &local_error))
    {
      *ret_n = bw_rows_get_int (rows, 0);
      *ret_first_at_us = bw_rows_get_int (rows, 1);
      *ret_last_at_us = bw_rows_get_int (rows, 2);
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
bw_history_repo_begin_reading (BwDb    *db,
                               GError **error)
{
  if (db->driver->is_apart)
    return bw_db_run (db, "BEGIN", NULL, error) &&
           bw_db_run (db, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", NULL, error);

  return bw_db_run (db, "BEGIN", NULL, error);
}

/* (transfer full) (element-type utf8) */
GPtrArray *
bw_history_repo_list_devices (BwDb        *db,
                              const char  *after,
                              gint64       limit,
                              GError     **error)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT DISTINCT device_id FROM series WHERE device_id > $1 ORDER BY device_id LIMIT $2",
                 g_variant_new ("(sx)", after, limit), error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    g_ptr_array_add (ids, g_strdup (bw_rows_get_text (rows, 0)));

  if (local_error == NULL)
    return g_steal_pointer (&ids);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}
