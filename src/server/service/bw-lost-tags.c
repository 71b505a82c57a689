/* bw-lost-tags.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-lost-tags.h"

#include "bw-people-private.h"

static void
lost_tag_free (gpointer data)
{
  BwLostTag *lost = data;

  g_clear_pointer (&lost->tag, bw_tag_row_free);
  g_ptr_array_unref (lost->ids);
  g_free (lost);
}

static void
note_tagged (const char *device_id,
             gint64      tag_id,
             gpointer    user_data)
{
  GHashTable *tags = user_data;
  GPtrArray *ids = g_hash_table_lookup (tags, &tag_id);

  if (ids == NULL)
    {
      ids = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (tags, g_memdup2 (&tag_id, sizeof tag_id), ids);
    }
  g_ptr_array_add (ids, g_strdup (device_id));
}

GPtrArray *
bw_lost_tags_find (BwAuthority  *authority,
                   BwDb         *db,
                   GPtrArray    *ids,
                   gint64        company_id,
                   GError      **error)
{
  g_autoptr(GHashTable) tags = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func (lost_tag_free);
  g_autoptr(GError) local_error = NULL;
  GHashTableIter iter;
  GPtrArray *devices;
  gint64 *tag_id;

  if (!bw_tag_repo_foreach_of_devices (db, ids, note_tagged, tags, error))
    return NULL;

  g_hash_table_iter_init (&iter, tags);
  while (g_hash_table_iter_next (&iter, (gpointer *) &tag_id, (gpointer *) &devices))
    {
      g_autoptr(BwTagRow) tag = bw_tag_repo_get (db, *tag_id, &local_error);
      BwLostTag *lost;

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }

      if (tag == NULL || bw_people_tag_is_usable (authority, tag, company_id))
        continue;

      lost = g_new0 (BwLostTag, 1);
      lost->tag = g_steal_pointer (&tag);
      lost->ids = g_ptr_array_ref (devices);
      g_ptr_array_add (found, lost);
    }

  return g_steal_pointer (&found);
}

gboolean
bw_lost_tags_leave (BwStoreThread  *thread,
                    GPtrArray      *lost,
                    GError        **error)
{
  for (guint i = 0; i < lost->len; i++)
    {
      const BwLostTag *one = g_ptr_array_index (lost, i);

      if (!bw_tag_repo_take_off (thread, one->ids, one->tag->id, error))
        return FALSE;
    }

  return TRUE;
}
