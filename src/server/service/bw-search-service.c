/* bw-search-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-search-service.h"

#include "bw-search-repo.h"

static void
query_free (BwSearchQuery *query)
{
  g_free ((char *) query->text);
  g_free (query);
}

static gpointer
find_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  g_autoptr(GString) out = g_string_sized_new (16 * 1024);

  return bw_search_repo_write (thread->db, task_data, out, error)
    ? g_string_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

void
bw_search_service_find_async (BwStore             *store,
                              const BwActor       *actor,
                              const char          *text,
                              gint64               limit,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (store, cancellable, callback, user_data);
  g_autoptr(GError) error = NULL;
  BwSearchQuery *query = g_new0 (BwSearchQuery, 1);

  g_return_if_fail (text != NULL);

  query->company_id = actor->company_id;
  query->is_root = actor->company_is_root;
  query->with_devices = (actor->permissions & BW_PERMISSION_VIEW_DEVICES) != 0;
  query->with_users = (actor->permissions & BW_PERMISSION_VIEW_USERS) != 0;
  query->with_companies = (actor->permissions & BW_PERMISSION_VIEW_COMPANIES) != 0;
  query->text = g_strdup (text);
  query->limit = (guint) CLAMP (limit, 0, G_MAXINT);
  g_task_set_source_tag (task, bw_search_service_find_async);
  g_task_set_task_data (task, query, (GDestroyNotify) query_free);

  if (bw_search_query_check (query, &error))
    bw_store_push_search (store, g_steal_pointer (&task), find_job, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

GBytes *
bw_search_service_find_finish (BwStore       *store,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
