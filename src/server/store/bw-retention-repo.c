/* bw-retention-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-retention-repo.h"

#include "bw-json.h"

void
bw_retention_free (BwRetention *self)
{
  g_free (self->product);
  g_free (self);
}

void
bw_retention_write (const BwRetention *self,
                    GString           *out,
                    const char        *member)
{
  bw_json_begin_object (out, member);
  bw_json_add_string (out, "product", *self->product != '\0' ? self->product : NULL);
  bw_json_add_int (out, "keepDays", self->keep_days);
  bw_json_add_int (out, "rawDays", self->raw_days);
  bw_json_add_int (out, "thinSeconds", self->thin_seconds);
  bw_json_add_int (out, "editedAt", self->edited_at_us);
  bw_json_end_object (out);
}

static BwRetention *
make (const char *product,
      gint64      keep_days,
      gint64      raw_days,
      gint64      thin_seconds,
      gint64      edited_at_us)
{
  BwRetention *row = g_new (BwRetention, 1);

  *row = (BwRetention) { g_strdup (product), keep_days, raw_days, thin_seconds, edited_at_us };

  return row;
}

GPtrArray *
bw_retention_repo_list (BwDb    *db,
                        GError **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_retention_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT product, keep_days, raw_days, thin_seconds, edited_at_us FROM history_retention"
                 " ORDER BY product", NULL, error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    g_ptr_array_add (list, make (bw_rows_get_text (rows, 0), bw_rows_get_int (rows, 1), bw_rows_get_int (rows, 2),
                                 bw_rows_get_int (rows, 3), bw_rows_get_int (rows, 4)));

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (list->len == 0 || *((BwRetention *) g_ptr_array_index (list, 0))->product != '\0')
    g_ptr_array_insert (list, 0, make ("", BW_RETENTION_KEEP_DAYS, BW_RETENTION_RAW_DAYS, BW_RETENTION_THIN_SECONDS, 0));

  return g_steal_pointer (&list);
}

gboolean
bw_retention_repo_put (BwDb              *db,
                       const BwRetention *row,
                       GError           **error)
{
  return bw_db_run (db,
                    "INSERT INTO history_retention (product, keep_days, raw_days, thin_seconds, edited_at_us)"
                    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (product) DO UPDATE SET keep_days = excluded.keep_days,"
                    " raw_days = excluded.raw_days, thin_seconds = excluded.thin_seconds,"
                    " edited_at_us = excluded.edited_at_us",
                    g_variant_new ("(sxxxx)", row->product, row->keep_days, row->raw_days, row->thin_seconds,
                                   row->edited_at_us), error);
}

gboolean
bw_retention_repo_remove (BwDb        *db,
                          const char  *product,
                          GError     **error)
{
  return bw_db_run (db, "DELETE FROM history_retention WHERE product = $1", g_variant_new ("(s)", product), error);
}

char *
bw_retention_repo_get_product (BwDb        *db,
                               const char  *device_id,
                               gboolean    *ret_found,
                               GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT product FROM device WHERE id = $1",
                                        g_variant_new ("(s)", device_id), error);
  const char *product = NULL;

  if (rows == NULL)
    return NULL;

  *ret_found = bw_rows_next (rows, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (*ret_found)
    product = bw_rows_get_text (rows, 0);

  return g_strdup (product != NULL ? product : "");
}
