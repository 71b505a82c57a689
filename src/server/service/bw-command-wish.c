/* bw-command-wish.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-command-wish.h"

#include "bw-audit-repo.h"
#include "bw-desired-repo.h"
#include "bw-json.h"

void
bw_command_wish_free (BwCommandWish *wish)
{
  bw_actor_unref (wish->actor);
  g_free (wish->address);
  g_clear_pointer (&wish->target, bw_command_target_free);
  g_free (wish->device_id);
  g_free (wish->node);
  g_free (wish->property);
  g_free (wish->value);
  g_free (wish);
}

gpointer
bw_command_wish_load_job (gpointer   owned_by_thread,
                          gpointer   task_data,
                          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const BwCommandWish *wish = task_data;

  return bw_ingest_repo_load_target (thread->db, wish->actor->company_id, wish->device_id, error);
}

gboolean
bw_command_wish_add_audit (BwStoreThread        *thread,
                           const BwCommandWish  *wish,
                           GError              **error)
{
  g_autoptr(GString) after = g_string_new (NULL);
  BwAuditRow entry = {
    .account_id = wish->actor->account_id, .login = wish->actor->login, .address = wish->address,
    .action = wish->is_kept ? "deliver" : "set", .kind = "device", .object_id = wish->device_id, .object = wish->device_id,
    .company_id = wish->target->company_id,
  };

  bw_json_begin_object (after, NULL);
  bw_json_add_string (after, "node", wish->node);
  bw_json_add_string (after, "property", wish->property);
  bw_json_add_string (after, "value", wish->value);
  bw_json_end_object (after);
  entry.after = after->str;

  return bw_audit_repo_add (thread, &entry, error);
}

/* Whoever sets a property now wants nothing else of it later. */
gboolean
bw_command_wish_take_place (BwStoreThread  *thread,
                            BwCommandWish  *wish,
                            GError        **error)
{
  return wish->is_kept ||
         bw_desired_repo_remove (thread, wish->device_id, wish->node, wish->property, 0, &wish->takes_place, error);
}

gpointer
bw_command_wish_audit_job (gpointer   owned_by_thread,
                           gpointer   task_data,
                           GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (bw_command_wish_add_audit (thread, task_data, error) && bw_command_wish_take_place (thread, task_data, error) && bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}
