/* bw-db.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-db.h"

gboolean
bw_db_is_postgres (const char *address)
{
  return g_str_has_prefix (address, "postgresql://") || g_str_has_prefix (address, "postgres://");
}

BwDb *
bw_db_open (const char  *address,
            BwDbMode     mode,
            GError     **error)
{
  return bw_db_is_postgres (address) ? bw_db_open_postgres (address, mode, error)
                                     : bw_db_open_sqlite (address, mode, error);
}

void
bw_db_close (BwDb *db)
{
  db->driver->close (db);
}

/**
 * bw_db_query:
 * @args: (nullable) (transfer floating): a tuple
 *
 * Returns: (transfer full) (nullable): rows, before the first one
 */
BwRows *
bw_db_query (BwDb        *db,
             const char  *sql,
             GVariant    *args,
             GError     **error)
{
  g_autoptr(GVariant) owned = args != NULL ? g_variant_ref_sink (args) : NULL;

  return db->driver->query (db, sql, owned, error);
}

/* False at the end, and with @error set when it went wrong. */
gboolean
bw_rows_next (BwRows  *rows,
              GError **error)
{
  return rows->db->driver->next (rows, error);
}

/* Returns: (nullable): */
const char *
bw_rows_get_text (BwRows *rows,
                  guint   column)
{
  return rows->db->driver->get_text (rows, column);
}

gint64
bw_rows_get_int (BwRows *rows,
                 guint   column)
{
  return rows->db->driver->get_int (rows, column);
}

double
bw_rows_get_double (BwRows *rows,
                    guint   column)
{
  return rows->db->driver->get_double (rows, column);
}

/* Returns: (nullable): */
const guint8 *
bw_rows_get_blob (BwRows *rows,
                  guint   column,
                  gsize  *ret_length)
{
  return rows->db->driver->get_blob (rows, column, ret_length);
}

gboolean
bw_rows_is_null (BwRows *rows,
                 guint   column)
{
  return rows->db->driver->is_null (rows, column);
}

void
bw_rows_end (BwRows *rows)
{
  rows->db->driver->end (rows);
}

gboolean
bw_db_run (BwDb        *db,
           const char  *sql,
           GVariant    *args,
           GError     **error)
{
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);
  g_autoptr(GError) local_error = NULL;

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    continue;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_db_run_many (BwDb        *db,
                const char  *sql,
                guint        n_cells,
                guint        n_rows,
                BwCellFunc   func,
                gpointer     user_data,
                gint64      *ret_n_changed,
                GError     **error)
{
  g_return_val_if_fail (n_cells <= BW_DB_MAX_CELLS, FALSE);

  return db->driver->run_many (db, sql, n_cells, n_rows, func, user_data, ret_n_changed, error);
}

gint64
bw_db_get_n_changed (BwDb *db)
{
  return db->driver->n_changed (db);
}

gboolean
bw_db_get_scalar (BwDb        *db,
                  const char  *sql,
                  GVariant    *args,
                  gint64       fallback,
                  gint64      *ret_value,
                  GError     **error)
{
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);
  g_autoptr(GError) local_error = NULL;

  if (rows == NULL)
    return FALSE;

  *ret_value = fallback;
  if (bw_rows_next (rows, &local_error) && !bw_rows_is_null (rows, 0))
    *ret_value = bw_rows_get_int (rows, 0);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_db_begin (BwDb    *db,
             GError **error)
{
  return bw_db_run (db, db->driver->begin, NULL, error);
}

/* A refused COMMIT may leave its transaction open, and then no other could begin. */
gboolean
bw_db_commit (BwDb    *db,
              GError **error)
{
  if (bw_db_run (db, "COMMIT", NULL, error))
    return TRUE;

  bw_db_rollback (db);

  return FALSE;
}

/* Harmless when there is no transaction (a full disk has ended it already). */
void
bw_db_rollback (BwDb *db)
{
  g_autoptr(GError) error = NULL;

  if (!bw_db_run (db, "ROLLBACK", NULL, &error))
    g_debug ("Rolling back: %s, ignoring", error->message);
}
