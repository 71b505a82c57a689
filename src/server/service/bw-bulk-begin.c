/* bw-bulk-begin.c: which devices a bulk job is about, and what it would do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-bulk-private.h"

#include <string.h>

#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-people-private.h"

/* Ids written down, and devices looked at, by one job. */
#define FILL_SLICE    5000
#define PREVIEW_SLICE 2000

/* Of what changes and of what does not a preview shows so many, and so many reasons. */
#define MAX_SHOWN   20
#define MAX_REASONS 50

/* A job on its way to being one. */
typedef struct
{
  BwAuthority    *authority;
  BwActor        *actor;
  BwBulkPlan     *plan;
  BwBulkRow      *row;
  BwDeviceQuery   query;
  gboolean        has_filter;
  gboolean        preview;
  gint64          undo_of;
  GString        *ids;          /* BW_DEVICE_ID_LENGTH bytes each */
  gsize           done;         /* bytes of them; of an undo: positions */
  gint64          n_before;     /* of an undo: how many positions there are */
  GError         *failure;

  /* of a preview */
  gint64          n_change;
  gint64          n_kept;       /* of these */
  GString        *change;
  GString        *refused;
  guint           n_refused_shown;
  GHashTable     *reasons;      /* reason → gint64 */
  GHashTable     *lost;         /* name of a tag → gint64: what is left behind */
} Begin;

static void
begin_free (Begin *begin)
{
  bw_authority_unref (begin->authority);
  bw_actor_unref (begin->actor);
  g_clear_pointer (&begin->plan, bw_bulk_plan_free);
  g_clear_pointer (&begin->row, bw_bulk_row_free);
  g_clear_pointer (&begin->query.filter, bw_device_filter_unref);
  g_string_free (begin->ids, TRUE);
  g_string_free (begin->change, TRUE);
  g_string_free (begin->refused, TRUE);
  g_hash_table_unref (begin->reasons);
  g_hash_table_unref (begin->lost);
  g_clear_error (&begin->failure);
  g_free (begin);
}

static GTask *
make_task (BwBulkService        *self,
           const BwActor        *actor,
           const char           *address,
           GCancellable         *cancellable,
           GAsyncReadyCallback   callback,
           gpointer              user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Begin *begin = g_new0 (Begin, 1);

  begin->authority = bw_authority_ref (self->authority);
  begin->actor = bw_actor_ref ((BwActor *) actor);
  begin->ids = g_string_new (NULL);
  begin->change = g_string_new (NULL);
  begin->refused = g_string_new (NULL);
  begin->reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  begin->lost = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  begin->row = g_new0 (BwBulkRow, 1);
  begin->row->company_id = actor->company_id;
  begin->row->account_id = actor->account_id;
  begin->row->participation_id = actor->participation_id;
  begin->row->login = g_strdup (actor->login);
  begin->row->address = g_strdup (address);
  begin->row->created_at_us = g_get_real_time ();
  g_task_set_source_tag (task, make_task);
  g_task_set_task_data (task, begin, (GDestroyNotify) begin_free);

  return task;
}

/* @task: (transfer full) */
static void
push (BwBulkService        *self,
      GTask                *task,
      gboolean              is_write,
      BwWorkerFunc          job,
      GAsyncReadyCallback   done_cb)
{
  GTask *step = g_task_new (self, is_write ? NULL : g_task_get_cancellable (task), done_cb, task);

  g_task_set_source_tag (step, push);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  if (is_write)
    bw_store_push_write (self->store, step, job, NULL);
  else
    bw_store_push_search (self->store, step, job, NULL);
}

/* Preview */

static void
show (GString          *out,
      const BwBulkItem *item)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", item->id);
  bw_json_add_string (out, "name", item->name);
  if (item->reason != NULL)
    bw_json_add_string (out, "reason", item->reason);
  bw_json_end_object (out);
}

static void
count_item (Begin            *begin,
            const BwBulkItem *item)
{
  const char *reason = item->reason;
  gint64 *n;

  if (reason == NULL)
    {
      begin->n_kept += item->state == BW_BULK_ITEM_KEPT;
      if (begin->n_change++ < MAX_SHOWN)
        show (begin->change, item);
      return;
    }

  if (begin->n_refused_shown < MAX_SHOWN)
    {
      show (begin->refused, item);
      begin->n_refused_shown++;
    }

  n = g_hash_table_lookup (begin->reasons, reason);
  if (n == NULL && g_hash_table_size (begin->reasons) >= MAX_REASONS)
    {
      reason = "other reasons";
      n = g_hash_table_lookup (begin->reasons, reason);
    }
  if (n == NULL)
    {
      n = g_new0 (gint64, 1);
      g_hash_table_insert (begin->reasons, g_strdup (reason), n);
    }
  (*n)++;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

static void
write_lost (Begin   *begin,
            GString *out)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, begin->lost);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, name);
  g_ptr_array_sort (names, compare_names);

  bw_json_begin_array (out, "losesTags");
  for (guint i = 0; i < names->len; i++)
    {
      name = g_ptr_array_index (names, i);
      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "name", name);
      bw_json_add_int (out, "n", *(gint64 *) g_hash_table_lookup (begin->lost, name));
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
}

static GBytes *
write_preview (Begin *begin)
{
  gint64 total = (gint64) (begin->ids->len / BW_DEVICE_ID_LENGTH);
  GString *out = g_string_new (NULL);
  GHashTableIter iter;
  gpointer reason;
  gint64 *n;

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", total);
  bw_json_add_int (out, "nChange", begin->n_change);
  bw_json_add_int (out, "nKept", begin->n_kept);
  bw_json_add_int (out, "nRefused", total - begin->n_change);
  bw_json_begin_array (out, "change");
  g_string_append (out, begin->change->str);
  bw_json_end_array (out);
  bw_json_begin_array (out, "refused");
  g_string_append (out, begin->refused->str);
  bw_json_end_array (out);
  bw_json_begin_array (out, "reasons");
  g_hash_table_iter_init (&iter, begin->reasons);
  while (g_hash_table_iter_next (&iter, &reason, (gpointer *) &n))
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "reason", reason);
      bw_json_add_int (out, "n", *n);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  write_lost (begin, out);
  bw_json_end_object (out);

  return g_string_free_to_bytes (out);
}

static gpointer
preview_job (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Begin *begin = task_data;
  BwBulkPlan *plan = begin->plan;
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_bulk_item_free);
  g_autoptr(GPtrArray) changed = g_ptr_array_new ();

  while (items->len < PREVIEW_SLICE && begin->done < begin->ids->len)
    {
      BwBulkItem *item = g_new0 (BwBulkItem, 1);

      memcpy (item->id, begin->ids->str + begin->done, BW_DEVICE_ID_LENGTH);
      begin->done += BW_DEVICE_ID_LENGTH;
      g_ptr_array_add (items, item);
    }

  if (items->len > 0 &&
      !bw_bulk_repo_load_facts (thread->db, items, plan->tag_id, plan->node, plan->property, error))
    return NULL;

  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);

      bw_bulk_plan_decide (plan, begin->authority, begin->row->company_id, item);
      count_item (begin, item);
      if (item->state == BW_BULK_ITEM_DONE)
        g_ptr_array_add (changed, item);
    }

  if (plan->family == BW_BULK_COMPANY && changed->len > 0 &&
      !bw_bulk_count_lost (plan, begin->authority, thread->db, changed, begin->lost, error))
    return NULL;

  return BW_STORE_DONE;
}

static void
previewed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Begin *begin = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (begin->done < begin->ids->len)
    push (BW_BULK_SERVICE (source), g_steal_pointer (&task), FALSE, preview_job, previewed_cb);
  else
    g_task_return_pointer (task, write_preview (begin), (GDestroyNotify) g_bytes_unref);
}

/* Writing down */

static gboolean
fill_ids (BwStoreThread  *thread,
          Begin          *begin,
          gboolean       *ret_last,
          GError        **error)
{
  gsize left = begin->ids->len - begin->done;
  guint n = (guint) (MIN (left, FILL_SLICE * (gsize) BW_DEVICE_ID_LENGTH) / BW_DEVICE_ID_LENGTH);

  if (n > 0 && !bw_bulk_repo_add_ids (thread, begin->row->id, begin->row->total, begin->ids->str + begin->done, n, error))
    return FALSE;

  begin->row->total += n;
  begin->done += n * (gsize) BW_DEVICE_ID_LENGTH;
  *ret_last = begin->done >= begin->ids->len;

  return TRUE;
}

static gboolean
fill_undo (BwStoreThread  *thread,
           Begin          *begin,
           gboolean       *ret_last,
           GError        **error)
{
  gint64 n = 0;

  if (!bw_bulk_repo_add_undo (thread, begin->row, (gint64) begin->done, (gint64) begin->done + FILL_SLICE, &n, error))
    return FALSE;

  begin->row->total += n;
  begin->done += FILL_SLICE;
  *ret_last = (gint64) begin->done >= begin->n_before;

  return !*ret_last || bw_bulk_repo_set_undone (thread, begin->undo_of, begin->row->id, error);
}

static gboolean
add_row (BwStoreThread  *thread,
         Begin          *begin,
         GError        **error)
{
  gint64 n = 0;

  if (begin->row->id != 0)
    return TRUE;

  if (!bw_bulk_repo_count_running (thread->db, begin->row->company_id, &n, error))
    return FALSE;

  if (n >= BW_BULK_MAX_RUNNING)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY, "%d bulk jobs of this company are running already",
                   BW_BULK_MAX_RUNNING);
      return FALSE;
    }

  return bw_bulk_repo_add (thread, begin->row, error);
}

/* With the last ids it is a job, and begins whatever happens. */
static gboolean
fill (BwStoreThread  *thread,
      Begin          *begin,
      GError        **error)
{
  g_autoptr(GString) document = g_string_new (NULL);
  gboolean last = FALSE;

  if (!add_row (thread, begin, error) ||
      !(begin->undo_of != 0 ? fill_undo (thread, begin, &last, error) : fill_ids (thread, begin, &last, error)))
    return FALSE;

  if (!last)
    return TRUE;

  begin->row->state = BW_BULK_RUNNING;
  bw_bulk_row_write (begin->row, document);

  return bw_bulk_repo_set (thread, begin->row, error) &&
         (begin->undo_of != 0
            ? bw_bulk_add_audit (thread, begin->row, "undo", begin->row->company_id, NULL, document->str, error)
            : bw_bulk_add_audit (thread, begin->row, "begin", begin->row->company_id, NULL, document->str, error));
}

static gpointer
fill_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (fill (thread, task_data, error) && bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

/* What was begun to be written down is not a job: it counts no more, and goes with the old ones. */
static gpointer
abandon_job (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Begin *begin = task_data;

  begin->row->state = BW_BULK_FAILED;
  begin->row->ended_at_us = g_get_real_time ();

  return bw_bulk_repo_set (thread, begin->row, error) ? BW_STORE_DONE : NULL;
}

static void
abandoned_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Begin *begin = g_task_get_task_data (task);

  g_task_return_error (task, g_steal_pointer (&begin->failure));
}

static void
filled_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwBulkService *self = BW_BULK_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Begin *begin = g_task_get_task_data (task);
  GString *out;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      begin->failure = g_steal_pointer (&error);
      begin->row->error = g_strdup (begin->failure->message);
      push (self, g_steal_pointer (&task), TRUE, abandon_job, abandoned_cb);
    }
  else if (begin->row->state == BW_BULK_FILLING)
    push (self, g_steal_pointer (&task), TRUE, fill_job, filled_cb);
  else
    {
      out = g_string_sized_new (512);
      bw_bulk_row_write (begin->row, out);
      bw_bulk_run_begin (self, g_steal_pointer (&begin->row), g_steal_pointer (&begin->plan));
      g_task_return_pointer (task, g_string_free_to_bytes (out), (GDestroyNotify) g_bytes_unref);
    }
}

/* Which devices */

static gboolean
note_id (const char  *id,
         gpointer     user_data,
         GError     **error)
{
  GString *ids = user_data;

  if (ids->len >= BW_BULK_MAX_IDS * (gsize) BW_DEVICE_ID_LENGTH)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, "a bulk job takes at most %d devices", BW_BULK_MAX_IDS);
      return FALSE;
    }
  g_string_append_len (ids, id, BW_DEVICE_ID_LENGTH);

  return TRUE;
}

/* The filter is asked once: what matches later is not of this job. */
static gpointer
choose_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Begin *begin = task_data;

  if (!bw_bulk_plan_find_target (begin->plan, begin->authority, thread->db, begin->row->company_id, error) ||
      (begin->has_filter && !bw_device_repo_foreach_id (thread->db, &begin->query, note_id, begin->ids, error)))
    return NULL;

  return BW_STORE_DONE;
}

static void
chosen_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwBulkService *self = BW_BULK_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  const Begin *begin = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (begin->preview)
    push (self, g_steal_pointer (&task), FALSE, preview_job, previewed_cb);
  else
    push (self, g_steal_pointer (&task), TRUE, fill_job, filled_cb);
}

/* Each once, in its one form. */
static gboolean
take_ids (Begin               *begin,
          const char * const  *ids,
          GError             **error)
{
  g_autoptr(GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; ids[i] != NULL; i++)
    {
      char id[BW_DEVICE_ID_SIZE];

      if (!bw_device_id_parse (ids[i], strlen (ids[i]), id))
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%.40s” in “ids” is no device id", ids[i]);
          return FALSE;
        }

      if (g_hash_table_add (known, g_strdup (id)) && !note_id (id, begin->ids, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
take_wish (Begin             *begin,
           const BwBulkWish  *wish,
           GError           **error)
{
  if ((wish->ids != NULL) == (wish->filter != NULL))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a bulk job takes either “ids” or a “filter”");
      return FALSE;
    }

  begin->plan = g_strcmp0 (wish->action, "undo") != 0 ? bw_bulk_plan_new (wish->action, wish->parameters, error)
                                                      : bw_bulk_plan_new (NULL, NULL, error);
  if (begin->plan == NULL || !bw_actor_check (begin->actor, begin->plan->permission | BW_PERMISSION_VIEW_DEVICES, error))
    return FALSE;

  begin->row->action = g_strdup (wish->action);
  begin->row->parameters = bw_bulk_plan_dup_parameters (begin->plan);
  begin->preview = wish->preview;
  begin->has_filter = wish->filter != NULL;
  if (!begin->has_filter)
    return take_ids (begin, wish->ids, error);

  begin->query.company_id = begin->actor->company_id;
  begin->query.is_root = begin->actor->company_is_root;
  begin->query.filter = bw_device_filter_ref (wish->filter);
  begin->query.limit = G_MAXINT64;

  return TRUE;
}

void
bw_bulk_service_begin_async (BwBulkService        *self,
                             const BwActor        *actor,
                             const char           *address,
                             const BwBulkWish     *wish,
                             GCancellable         *cancellable,
                             GAsyncReadyCallback   callback,
                             gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (BW_IS_BULK_SERVICE (self));

  task = make_task (self, actor, address, wish->preview ? cancellable : NULL, callback, user_data);
  if (!take_wish (g_task_get_task_data (task), wish, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  push (self, g_steal_pointer (&task), FALSE, choose_job, chosen_cb);
}

/* Undo */

static gboolean
check_undo (Begin            *begin,
            const BwBulkRow  *of,
            GError          **error)
{
  g_autoptr(JsonObject) parameters = NULL;

  if (of->state <= BW_BULK_RUNNING)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "this job is still running, so cancel it first");
  else if (of->undone_by != 0)
    g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "this job has been undone by job %" G_GINT64_FORMAT, of->undone_by);
  else if (of->n_done == of->n_failed)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "this job has changed nothing");
  else
    {
      parameters = bw_json_parse_object (of->parameters, strlen (of->parameters), strlen (of->parameters), error);
      if (parameters == NULL)
        return FALSE;

      begin->plan = bw_bulk_plan_new (of->action, parameters, error);
      if (begin->plan == NULL || !bw_actor_check (begin->actor, begin->plan->permission, error))
        return FALSE;

      begin->plan->is_undo = TRUE;
      return TRUE;
    }

  return FALSE;
}

static gpointer
undo_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Begin *begin = task_data;
  g_autoptr(BwBulkRow) of = bw_bulk_repo_get (thread->db, begin->row->company_id, begin->undo_of, error);

  if (of == NULL || !check_undo (begin, of, error) ||
      !bw_bulk_plan_find_target (begin->plan, begin->authority, thread->db, begin->row->company_id, error))
    return NULL;

  begin->n_before = of->total;
  begin->row->action = g_strdup ("undo");
  begin->row->parameters = bw_bulk_plan_dup_parameters (begin->plan);
  begin->row->undo_of = begin->undo_of;

  return fill_job (thread, begin, error);
}

void
bw_bulk_service_undo_async (BwBulkService       *self,
                            const BwActor       *actor,
                            const char          *address,
                            const char          *id,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  Begin *begin;

  g_return_if_fail (BW_IS_BULK_SERVICE (self));

  task = make_task (self, actor, address, NULL, callback, user_data);
  begin = g_task_get_task_data (task);
  begin->undo_of = bw_people_parse_id ("bulk job", id, &error);
  if (begin->undo_of == 0)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    push (self, g_steal_pointer (&task), TRUE, undo_job, filled_cb);
}
