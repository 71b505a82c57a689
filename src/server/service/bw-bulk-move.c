/* bw-bulk-move.c: many devices that go to another company
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-bulk-private.h"

#include <string.h>

#include "bw-lost-tags.h"
#include "bw-people-private.h"

/* What an item was is "COMPANY", or "COMPANY;TAG,TAG…" with the tags that it has left behind: an undo gives them back. */

/* (transfer container): company → GPtrArray of the items that go there */
static GHashTable *
group_by_target (GPtrArray *items)
{
  GHashTable *groups = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);
      gint64 company_id = g_ascii_strtoll (item->became, NULL, 10);
      GPtrArray *group = g_hash_table_lookup (groups, &company_id);

      if (group == NULL)
        {
          group = g_ptr_array_new ();
          g_hash_table_insert (groups, g_memdup2 (&company_id, sizeof company_id), group);
        }
      g_ptr_array_add (group, item);
    }

  return groups;
}

/* (transfer full) (nullable) */
static GPtrArray *
find_lost (BwAuthority  *authority,
           BwDb         *db,
           GPtrArray    *group,
           gint64        company_id,
           GError      **error)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_sized_new (group->len);

  for (guint i = 0; i < group->len; i++)
    g_ptr_array_add (ids, ((BwBulkItem *) g_ptr_array_index (group, i))->id);

  return bw_lost_tags_find (authority, db, ids, company_id, error);
}

gboolean
bw_bulk_count_lost (BwBulkPlan   *plan,
                    BwAuthority  *authority,
                    BwDb         *db,
                    GPtrArray    *items,
                    GHashTable   *counts,
                    GError      **error)
{
  g_autoptr(GPtrArray) lost = find_lost (authority, db, items, plan->company_id, error);

  for (guint i = 0; lost != NULL && i < lost->len; i++)
    {
      const BwLostTag *one = g_ptr_array_index (lost, i);
      gint64 *n = g_hash_table_lookup (counts, one->tag->name);

      if (n == NULL)
        {
          n = g_new0 (gint64, 1);
          g_hash_table_insert (counts, g_strdup (one->tag->name), n);
        }
      *n += one->ids->len;
    }

  return lost != NULL;
}

/* In what each was. */
static void
note_lost (GPtrArray *group,
           GPtrArray *lost)
{
  g_autoptr(GHashTable) by_id = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < group->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (group, i);

      g_free (item->was);
      item->was = g_strdup_printf ("%" G_GINT64_FORMAT, item->company_id);
      g_hash_table_insert (by_id, item->id, item);
    }

  for (guint i = 0; i < lost->len; i++)
    {
      const BwLostTag *one = g_ptr_array_index (lost, i);

      for (guint j = 0; j < one->ids->len; j++)
        {
          BwBulkItem *item = g_hash_table_lookup (by_id, g_ptr_array_index (one->ids, j));
          char *was = item->was;

          item->was = g_strdup_printf ("%s%c%" G_GINT64_FORMAT, was, strchr (was, ';') != NULL ? ',' : ';', one->tag->id);
          g_free (was);
        }
    }
}

/* Whether it may be given back: it is there still, and for that company. */
static gboolean
is_usable (BwAuthority  *authority,
           BwDb         *db,
           GHashTable   *known,
           gint64        tag_id,
           gint64        company_id,
           gboolean     *ret_is,
           GError      **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwTagRow) tag = NULL;
  gpointer is = NULL;

  if (g_hash_table_lookup_extended (known, &tag_id, NULL, &is))
    {
      *ret_is = GPOINTER_TO_INT (is);
      return TRUE;
    }

  tag = bw_tag_repo_get (db, tag_id, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  *ret_is = tag != NULL && bw_people_tag_is_usable (authority, tag, company_id);
  g_hash_table_insert (known, g_memdup2 (&tag_id, sizeof tag_id), GINT_TO_POINTER (*ret_is));

  return TRUE;
}

static gboolean
give_back (BwStoreThread  *thread,
           BwAuthority    *authority,
           GPtrArray      *group,
           gint64          company_id,
           GError        **error)
{
  g_autoptr(GHashTable) known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < group->len; i++)
    {
      const BwBulkItem *item = g_ptr_array_index (group, i);
      const char *tags = strchr (item->became, ';');
      g_auto(GStrv) ids = g_strsplit (tags != NULL ? tags + 1 : "", ",", -1);

      for (guint j = 0; ids[j] != NULL; j++)
        {
          gint64 tag_id = g_ascii_strtoll (ids[j], NULL, 10);
          gboolean is = FALSE;

          if (!is_usable (authority, thread->db, known, tag_id, company_id, &is, error) ||
              (is && !bw_tag_repo_put (thread, tag_id, "device", item->id, TRUE, error)))
            return FALSE;
        }
    }

  return TRUE;
}

gboolean
bw_bulk_move (BwStoreThread  *thread,
              BwBulkRun      *run,
              GPtrArray      *items,
              GError        **error)
{
  BwAuthority *authority = run->service->authority;
  g_autoptr(GHashTable) groups = group_by_target (items);
  GHashTableIter iter;
  GPtrArray *group;
  gint64 *company_id;

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, (gpointer *) &company_id, (gpointer *) &group))
    {
      g_autoptr(GPtrArray) lost = find_lost (authority, thread->db, group, *company_id, error);

      if (lost == NULL)
        return FALSE;

      note_lost (group, lost);
      if (!bw_lost_tags_leave (thread, lost, error) || !give_back (thread, authority, group, *company_id, error))
        return FALSE;
    }

  return bw_bulk_repo_set_companies (thread, items, error);
}
