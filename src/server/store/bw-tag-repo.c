/* bw-tag-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-tag-repo.h"

#include <string.h>

#include "bw-company-repo.h"
#include "bw-error.h"
#include "bw-json.h"

void
bw_tag_row_free (BwTagRow *row)
{
  g_free (row->name);
  g_free (row->color);
  g_clear_pointer (&row->company_ids, g_array_unref);
  g_free (row);
}

static gboolean
read_companies (BwDb    *db,
                gint64   tag_id,
                GArray  *ids,
                GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT company_id FROM tag_company WHERE tag_id = $1 ORDER BY company_id",
                 g_variant_new ("(x)", tag_id), error);

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      gint64 id = bw_rows_get_int (rows, 0);

      g_array_append_val (ids, id);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

BwTagRow *
bw_tag_repo_get (BwDb    *db,
                 gint64   id,
                 GError **error)
{
  g_autoptr(BwTagRow) row = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT id, revision, name, color, company_id FROM tag WHERE id = $1",
                 g_variant_new ("(x)", id), error);

  if (rows == NULL || !bw_rows_next (rows, error))
    return NULL;

  row = g_new0 (BwTagRow, 1);
  row->id = bw_rows_get_int (rows, 0);
  row->revision = bw_rows_get_int (rows, 1);
  row->name = g_strdup (bw_rows_get_text (rows, 2));
  row->color = g_strdup (bw_rows_get_text (rows, 3));
  row->company_id = bw_rows_get_int (rows, 4);
  row->company_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!read_companies (db, id, row->company_ids, error))
    return NULL;

  return g_steal_pointer (&row);
}

static gboolean
check_name (BwDb            *db,
            const BwTagRow  *row,
            GError         **error)
{
  gint64 other = 0;

  if (!bw_db_get_scalar (db, "SELECT id FROM tag WHERE bw_lower(name) = bw_lower($1) AND id <> $2",
                         g_variant_new ("(sx)", row->name, row->id), 0, &other, error))
    return FALSE;

  if (other == 0)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "there is a tag “%s” already", row->name);

  return FALSE;
}

static gboolean
put_companies (BwStoreThread   *thread,
               const BwTagRow  *row,
               GError         **error)
{
  if (!bw_db_run (thread->db, "DELETE FROM tag_company WHERE tag_id = $1", g_variant_new ("(x)", row->id), error))
    return FALSE;

  for (guint i = 0; i < row->company_ids->len; i++)
    {
      if (!bw_db_run (thread->db, "INSERT INTO tag_company (tag_id, company_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                      g_variant_new ("(xx)", row->id, g_array_index (row->company_ids, gint64, i)), error))
        return FALSE;
    }

  return TRUE;
}

gboolean
bw_tag_repo_add (BwStoreThread  *thread,
                 BwTagRow       *row,
                 gint64          at_us,
                 GError        **error)
{
  return check_name (thread->db, row, error) &&
         bw_db_get_scalar (thread->db,
                           "INSERT INTO tag (name, color, company_id, created_at_us) VALUES ($1, $2, $3, $4) RETURNING id",
                           g_variant_new ("(ssxx)", row->name, row->color, row->company_id, at_us),
                           0, &row->id, error) &&
         put_companies (thread, row, error);
}

gboolean
bw_tag_repo_set (BwStoreThread   *thread,
                 const BwTagRow  *row,
                 gint64           at_us,
                 GError         **error)
{
  return check_name (thread->db, row, error) &&
         bw_db_run (thread->db,
                    "UPDATE tag SET name = $2, color = $3, edited_at_us = $4, revision = revision + 1 WHERE id = $1",
                    g_variant_new ("(xssx)", row->id, row->name, row->color, at_us), error) &&
         put_companies (thread, row, error);
}

gboolean
bw_tag_repo_remove (BwStoreThread  *thread,
                    gint64          id,
                    GError        **error)
{
  return bw_db_run (thread->db, "DELETE FROM tagged WHERE tag_id = $1", g_variant_new ("(x)", id), error) &&
         bw_db_run (thread->db, "DELETE FROM tag_company WHERE tag_id = $1", g_variant_new ("(x)", id), error) &&
         bw_db_run (thread->db, "DELETE FROM tag WHERE id = $1", g_variant_new ("(x)", id), error);
}

static gboolean
write_company_ids (BwDb     *db,
                   gint64    tag_id,
                   GString  *out,
                   GError  **error)
{
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!read_companies (db, tag_id, ids, error))
    return FALSE;

  bw_json_begin_array (out, "companyIds");
  for (guint i = 0; i < ids->len; i++)
    bw_json_add_id (out, NULL, g_array_index (ids, gint64, i));
  bw_json_end_array (out);

  return TRUE;
}

gboolean
bw_tag_repo_write (BwDb     *db,
                   gint64    company_id,
                   gint64    id,
                   GString  *out,
                   guint    *ret_n,
                   GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db,
                 "SELECT id, revision, name, color, created_at_us, edited_at_us,"
                 " (SELECT count(*) FROM tagged WHERE tag_id = tag.id) FROM tag WHERE ($2 = 0 OR id = $2)"
                 " AND (company_id IN " BW_COMPANY_REACH_SQL
                 " OR NOT EXISTS (SELECT 1 FROM tag_company WHERE tag_id = tag.id)"
                 " OR EXISTS (SELECT 1 FROM tag_company WHERE tag_id = tag.id AND company_id IN " BW_COMPANY_REACH_SQL "))"
                 " ORDER BY name",
                 g_variant_new ("(xx)", company_id, id), error);

  if (rows == NULL)
    return FALSE;

  *ret_n = 0;
  while (bw_rows_next (rows, &local_error))
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_id (out, "id", bw_rows_get_int (rows, 0));
      bw_json_add_int (out, "revision", bw_rows_get_int (rows, 1));
      bw_json_add_string (out, "name", bw_rows_get_text (rows, 2));
      bw_json_add_string (out, "color", bw_rows_get_text (rows, 3));
      if (!write_company_ids (db, bw_rows_get_int (rows, 0), out, error))
        return FALSE;
      bw_json_add_int (out, "nObjects", bw_rows_get_int (rows, 6));
      bw_json_add_int (out, "createdAt", bw_rows_get_int (rows, 4));
      bw_json_add_int (out, "editedAt", bw_rows_get_int (rows, 5));
      bw_json_end_object (out);
      (*ret_n)++;
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_tag_repo_write_of (BwDb        *db,
                      const char  *kind,
                      gint64       object_id,
                      GString     *out,
                      GError     **error)
{
  char text[24];
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, object_id);
  rows = bw_db_query (db, "SELECT tag_id FROM tagged WHERE kind = $1 AND object_id = $2 ORDER BY tag_id",
                      g_variant_new ("(ss)", kind, text), error);
  if (rows == NULL)
    return FALSE;

  bw_json_begin_array (out, "tags");
  while (bw_rows_next (rows, &local_error))
    bw_json_add_id (out, NULL, bw_rows_get_int (rows, 0));
  bw_json_end_array (out);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_tag_repo_put (BwStoreThread  *thread,
                 gint64          tag_id,
                 const char     *kind,
                 const char     *object_id,
                 gboolean        on,
                 GError        **error)
{
  return bw_db_run (thread->db,
                    on ? "INSERT INTO tagged (kind, object_id, tag_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
                       : "DELETE FROM tagged WHERE kind = $1 AND object_id = $2 AND tag_id = $3",
                    g_variant_new ("(ssx)", kind, object_id, tag_id), error);
}

static const struct
{
  const char *kind;
  const char *touch;
} marked[] = {
  { "company", "UPDATE company SET revision = revision + 1 WHERE id = CAST($1 AS BIGINT)" },
  { "user", "UPDATE account SET revision = revision + 1 WHERE id = CAST($1 AS BIGINT)" },
  { "role", "UPDATE role SET revision = revision + 1 WHERE id = CAST($1 AS BIGINT)" },
  { "device", "UPDATE device SET revision = revision + 1 WHERE id = $1" },
};

static gboolean
touch (BwStoreThread  *thread,
       const char     *kind,
       const char     *object_id,
       GError        **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (marked); i++)
    {
      if (strcmp (marked[i].kind, kind) == 0)
        return bw_db_run (thread->db, marked[i].touch, g_variant_new ("(s)", object_id), error);
    }

  g_return_val_if_reached (FALSE);
}

gboolean
bw_tag_repo_mark (BwStoreThread  *thread,
                  gint64          tag_id,
                  const char     *kind,
                  const char     *object_id,
                  gboolean        on,
                  gboolean       *ret_changed,
                  GError        **error)
{
  gint64 n = 0;

  if (!bw_tag_repo_put (thread, tag_id, kind, object_id, on, error))
    return FALSE;

  *ret_changed = bw_db_get_n_changed (thread->db) > 0;
  if (!*ret_changed)
    return TRUE;

  if (!bw_db_get_scalar (thread->db, "SELECT count(*) FROM tagged WHERE kind = $1 AND object_id = $2",
                         g_variant_new ("(ss)", kind, object_id), 0, &n, error))
    return FALSE;

  if (n <= BW_TAG_MAX_PER_OBJECT)
    return touch (thread, kind, object_id, error);

  if (!bw_tag_repo_put (thread, tag_id, kind, object_id, FALSE, error))
    return FALSE;

  g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, "it has %d tags already", BW_TAG_MAX_PER_OBJECT);

  return FALSE;
}

gboolean
bw_tag_repo_forget (BwStoreThread  *thread,
                    const char     *kind,
                    const char     *object_id,
                    GError        **error)
{
  return bw_db_run (thread->db, "DELETE FROM tagged WHERE kind = $1 AND object_id = $2",
                    g_variant_new ("(ss)", kind, object_id), error);
}
