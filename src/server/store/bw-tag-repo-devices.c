/* bw-tag-repo-devices.c: what many devices are marked with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-tag-repo.h"

#include "bw-filter.h"

gboolean
bw_tag_repo_foreach_of_devices (BwDb         *db,
                                GPtrArray    *ids,
                                BwTaggedFunc  func,
                                gpointer      user_data,
                                GError      **error)
{
  g_autoptr(GString) sql = g_string_new ("SELECT object_id, tag_id FROM tagged WHERE kind = 'device' AND object_id IN (");
  g_auto(BwFilter) where = { NULL, };
  g_autoptr(GVariant) args = NULL;
  g_autoptr(BwRows) rows = NULL;
  g_autoptr(GError) local_error = NULL;

  bw_filter_init (&where);
  bw_filter_push_texts (&where, db, ids, sql);
  g_string_append (sql, ") ORDER BY object_id, tag_id");
  args = bw_filter_end (&where);
  rows = bw_db_query (db, sql->str, args, error);
  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    func (bw_rows_get_text (rows, 0), bw_rows_get_int (rows, 1), user_data);

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
bw_tag_repo_take_off (BwStoreThread  *thread,
                      GPtrArray      *ids,
                      gint64          tag_id,
                      GError        **error)
{
  g_autoptr(GString) sql = g_string_new ("DELETE FROM tagged WHERE kind = 'device'");
  g_auto(BwFilter) where = { NULL, };
  g_autoptr(GVariant) args = NULL;

  bw_filter_init (&where);
  g_string_append_printf (sql, " AND tag_id = %" G_GINT64_FORMAT " AND object_id IN (", tag_id);
  bw_filter_push_texts (&where, thread->db, ids, sql);
  g_string_append_c (sql, ')');
  args = bw_filter_end (&where);

  return bw_db_run (thread->db, sql->str, args, error);
}
