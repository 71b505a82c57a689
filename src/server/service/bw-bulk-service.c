/* bw-bulk-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-bulk-private.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-people-private.h"

#define SWEEP_S      3600
#define SWEEP_NEXT_MS 50

/**
 * BwBulkService:
 *
 * Many devices changed as one job. Its ids stand in the database before the
 * first is touched, and each slice of them is one transaction with the change,
 * the result of each device, the progress and the audit entry: a kill in
 * between loses nothing and does nothing twice. Slices are short, so that
 * everybody else's requests come in between. Main thread.
 */

G_DEFINE_FINAL_TYPE (BwBulkService, bw_bulk_service, G_TYPE_OBJECT)

typedef struct
{
  gint64   company_id;
  gint64   id;
  int      state;
  gint64   offset;
  gint64   limit;
  BwActor *actor;
  char    *address;
} Look;

static void
look_free (Look *look)
{
  bw_actor_unref (look->actor);
  g_free (look->address);
  g_free (look);
}

static void
bw_bulk_service_dispose (GObject *object)
{
  BwBulkService *self = (BwBulkService *) object;

  g_clear_handle_id (&self->sweep_id, g_source_remove);
  g_ptr_array_set_size (self->running, 0);
  g_clear_object (&self->store);
  g_clear_object (&self->feed);
  g_clear_object (&self->commands);
  g_clear_object (&self->desired);
  g_clear_pointer (&self->authority, bw_authority_unref);

  G_OBJECT_CLASS (bw_bulk_service_parent_class)->dispose (object);
}

static void
bw_bulk_service_finalize (GObject *object)
{
  BwBulkService *self = (BwBulkService *) object;

  g_ptr_array_unref (self->running);

  G_OBJECT_CLASS (bw_bulk_service_parent_class)->finalize (object);
}

static void
bw_bulk_service_class_init (BwBulkServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_bulk_service_dispose;
  object_class->finalize = bw_bulk_service_finalize;
}

static void
bw_bulk_service_init (BwBulkService *self)
{
  self->running = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_bulk_run_free);
}

BwBulkService *
bw_bulk_service_new (BwStore          *store,
                     BwFeed           *feed,
                     BwAuthority      *authority,
                     BwCommandService *commands,
                     BwDesiredService *desired)
{
  BwBulkService *self;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);
  g_return_val_if_fail (BW_IS_FEED (feed), NULL);

  self = g_object_new (BW_TYPE_BULK_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);
  self->authority = bw_authority_ref (authority);
  self->commands = g_object_ref (commands);
  self->desired = g_object_ref (desired);

  return self;
}

/* What is old, and what a kill has cut short before it was a job */

static void push_sweep (BwBulkService *self,
                        gboolean       with_filling);

static gpointer
sweep_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  gint64 before_us = g_get_real_time () - BW_BULK_KEPT_DAYS * G_TIME_SPAN_DAY;
  gboolean more = FALSE;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (bw_bulk_repo_sweep (thread, before_us, BW_BULK_MAX_KEPT, GPOINTER_TO_INT (task_data), &more, error) &&
      bw_store_commit (thread, error))
    return GINT_TO_POINTER (more ? 2 : 1);

  bw_store_rollback (thread);

  return NULL;
}

static gboolean
sweep_cb (gpointer user_data)
{
  BwBulkService *self = user_data;

  self->sweep_id = 0;
  push_sweep (self, FALSE);

  return G_SOURCE_REMOVE;
}

static void
swept_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BwBulkService *self = BW_BULK_SERVICE (source);
  g_autoptr(GError) error = NULL;
  gpointer done = g_task_propagate_pointer (G_TASK (result), &error);

  if (done == NULL)
    g_debug ("Sweeping bulk jobs: %s, trying again later", error->message);

  if (self->stopping)
    return;

  self->sweep_id = GPOINTER_TO_INT (done) == 2 ? g_timeout_add (SWEEP_NEXT_MS, sweep_cb, self)
                                               : g_timeout_add_seconds (SWEEP_S, sweep_cb, self);
}

static void
push_sweep (BwBulkService *self,
            gboolean       with_filling)
{
  GTask *task = g_task_new (self, NULL, swept_cb, NULL);

  g_task_set_source_tag (task, push_sweep);
  g_task_set_task_data (task, GINT_TO_POINTER (with_filling), NULL);
  bw_store_push_write (self->store, task, sweep_job, NULL);
}

/* Going on after a start */

static gpointer
load_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  gboolean more = TRUE;

  /* nothing is filling yet: what says so was cut short */
  while (more)
    {
      if (!bw_store_begin (thread, error))
        return NULL;
      if (!bw_bulk_repo_sweep (thread, 0, G_MAXUINT, TRUE, &more, error) || !bw_store_commit (thread, error))
        {
          bw_store_rollback (thread);
          return NULL;
        }
    }

  return bw_bulk_repo_get_running (thread->db, error);
}

#define RETRY_SECONDS 5

static gboolean
start_again_cb (gpointer user_data)
{
  BwBulkService *self = user_data;

  if (!self->stopping)
    bw_bulk_service_start (self);

  return G_SOURCE_REMOVE;
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwBulkService *self = BW_BULK_SERVICE (source);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) rows = g_task_propagate_pointer (G_TASK (result), &error);

  if (rows == NULL)
    {
      g_debug ("Reading bulk jobs: %s, trying again", error->message);
      if (!self->stopping)
        g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, RETRY_SECONDS, start_again_cb, g_object_ref (self), g_object_unref);
      return;
    }

  while (rows->len > 0 && !self->stopping)
    {
      g_autoptr(BwBulkRow) row = g_ptr_array_steal_index (rows, 0);
      g_autoptr(JsonObject) parameters = bw_json_parse_object (row->parameters, strlen (row->parameters),
                                                               strlen (row->parameters), NULL);
      BwBulkPlan *plan = bw_bulk_plan_new (row->action, parameters, NULL);

      if (plan != NULL)
        bw_bulk_run_begin (self, g_steal_pointer (&row), plan);
    }

  push_sweep (self, FALSE);
}

void
bw_bulk_service_start (BwBulkService *self)
{
  GTask *task;

  g_return_if_fail (BW_IS_BULK_SERVICE (self));

  task = g_task_new (self, NULL, loaded_cb, NULL);
  g_task_set_source_tag (task, bw_bulk_service_start);
  bw_store_push_write (self->store, task, load_job, (GDestroyNotify) g_ptr_array_unref);
}

void
bw_bulk_service_stop (BwBulkService *self)
{
  g_return_if_fail (BW_IS_BULK_SERVICE (self));

  self->stopping = TRUE;
  g_clear_handle_id (&self->sweep_id, g_source_remove);
  for (guint i = 0; i < self->running->len; i++)
    g_clear_handle_id (&((BwBulkRun *) g_ptr_array_index (self->running, i))->wake_id, g_source_remove);
}

/* Looking */

/* (transfer full) (nullable): NULL when he may not, and then the caller has been told. @id: (nullable) */
static GTask *
make_look (BwBulkService        *self,
           const BwActor        *actor,
           const char           *id,
           GCancellable         *cancellable,
           GAsyncReadyCallback   callback,
           gpointer              user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GError) error = NULL;
  Look *look = g_new0 (Look, 1);

  g_task_set_source_tag (task, make_look);
  look->company_id = actor->company_id;
  look->actor = bw_actor_ref ((BwActor *) actor);
  look->state = -1;
  g_task_set_task_data (task, look, (GDestroyNotify) look_free);
  if (bw_actor_check (actor, BW_PERMISSION_VIEW_DEVICES, &error) &&
      (id == NULL || (look->id = bw_people_parse_id ("bulk job", id, &error)) != 0))
    return g_steal_pointer (&task);

  g_task_return_error (task, g_steal_pointer (&error));

  return NULL;
}

static gboolean
take_page (GTask  *task,
           gint64  offset,
           gint64  limit)
{
  Look *look = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  look->offset = offset;
  look->limit = limit;
  if (bw_filter_check_page (NULL, offset, limit, &error))
    return TRUE;

  g_task_return_error (task, g_steal_pointer (&error));

  return FALSE;
}

static gpointer
list_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Look *look = task_data;
  g_autoptr(GString) out = g_string_sized_new (4096);

  return bw_bulk_repo_list (thread->db, look->company_id, look->offset, look->limit, out, error)
    ? g_string_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

void
bw_bulk_service_list_async (BwBulkService        *self,
                            const BwActor        *actor,
                            gint64                offset,
                            gint64                limit,
                            GCancellable         *cancellable,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BW_IS_BULK_SERVICE (self));

  task = make_look (self, actor, NULL, cancellable, callback, user_data);
  if (task != NULL && take_page (task, offset, limit))
    bw_store_push_read (self->store, g_steal_pointer (&task), list_job, (GDestroyNotify) g_bytes_unref);
}

static gpointer
get_job (gpointer   owned_by_thread,
         gpointer   task_data,
         GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Look *look = task_data;
  g_autoptr(BwBulkRow) row = bw_bulk_repo_get (thread->db, look->company_id, look->id, error);
  GString *out;

  if (row == NULL)
    return NULL;

  out = g_string_sized_new (512);
  bw_bulk_row_write (row, out);

  return g_string_free_to_bytes (out);
}

void
bw_bulk_service_get_async (BwBulkService        *self,
                           const BwActor        *actor,
                           const char           *id,
                           GCancellable         *cancellable,
                           GAsyncReadyCallback   callback,
                           gpointer              user_data)
{
  GTask *task;

  g_return_if_fail (BW_IS_BULK_SERVICE (self));

  task = make_look (self, actor, id, cancellable, callback, user_data);
  if (task != NULL)
    bw_store_push_read (self->store, task, get_job, (GDestroyNotify) g_bytes_unref);
}

static gpointer
results_job (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Look *look = task_data;
  g_autoptr(BwBulkRow) row = bw_bulk_repo_get (thread->db, look->company_id, look->id, error);
  g_autoptr(GString) out = g_string_sized_new (8 * 1024);

  return row != NULL &&
         bw_bulk_repo_write_results (thread->db, look->id, look->state, look->offset, look->limit, out, error)
    ? g_string_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

void
bw_bulk_service_results_async (BwBulkService        *self,
                               const BwActor        *actor,
                               const char           *id,
                               const char           *state,
                               gint64                offset,
                               gint64                limit,
                               GCancellable         *cancellable,
                               GAsyncReadyCallback   callback,
                               gpointer              user_data)
{
  static const char *const states[] = { "waiting", "done", "refused", "kept" };
  g_autoptr(GTask) task = NULL;
  Look *look;

  g_return_if_fail (BW_IS_BULK_SERVICE (self));

  task = make_look (self, actor, id, cancellable, callback, user_data);
  if (task == NULL || !take_page (task, offset, limit))
    return;

  look = g_task_get_task_data (task);
  for (guint i = 0; state != NULL && i < G_N_ELEMENTS (states); i++)
    {
      if (strcmp (states[i], state) == 0)
        look->state = (int) i;
    }

  if (state != NULL && look->state < 0)
    g_task_return_new_error (task, BW_ERROR, BW_ERROR_INVALID, "“state” must be waiting, done, refused or kept");
  else
    bw_store_push_search (self->store, g_steal_pointer (&task), results_job, (GDestroyNotify) g_bytes_unref);
}

/* Cancelling */

/* It is written down before anything stops. */
static gpointer
cancel_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Look *look = task_data;
  g_autoptr(BwBulkRow) row = bw_bulk_repo_get (thread->db, look->company_id, look->id, error);
  g_autoptr(JsonObject) parameters = NULL;
  g_autoptr(BwBulkPlan) plan = NULL;
  g_autoptr(GString) document = g_string_new (NULL);

  if (row == NULL)
    return NULL;

  if (row->state != BW_BULK_RUNNING)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "this job has ended already");
      return NULL;
    }

  parameters = bw_json_parse_object (row->parameters, strlen (row->parameters), strlen (row->parameters), error);
  plan = parameters != NULL ? bw_bulk_plan_new (row->action, parameters, error) : NULL;
  if (plan == NULL || !bw_actor_check (look->actor, plan->permission, error) || !bw_store_begin (thread, error))
    return NULL;

  bw_bulk_row_write (row, document);
  g_free (row->login);
  g_free (row->address);
  row->account_id = look->actor->account_id;
  row->login = g_strdup (look->actor->login);
  row->address = g_strdup (look->address);
  if (bw_bulk_add_audit (thread, row, "cancel", row->company_id, document->str, NULL, error) &&
      bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

static void
cancelled_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  BwBulkService *self = BW_BULK_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  const Look *look = g_task_get_task_data (task);
  BwBulkRun *run;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  run = bw_bulk_run_find (self, look->id);
  if (run == NULL)
    {
      /* it has ended meanwhile */
      bw_store_push_read (self->store, g_steal_pointer (&task), get_job, (GDestroyNotify) g_bytes_unref);
      return;
    }

  g_atomic_int_set (&run->cancelled, TRUE);
  g_ptr_array_add (run->cancelling, g_steal_pointer (&task));
  g_clear_handle_id (&run->wake_id, g_source_remove);
  bw_bulk_run_give_up (run);
  bw_bulk_run_go_on (run);
}

void
bw_bulk_service_cancel_async (BwBulkService       *self,
                              const BwActor       *actor,
                              const char          *address,
                              const char          *id,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GTask *task;
  GTask *step;
  Look *look;

  g_return_if_fail (BW_IS_BULK_SERVICE (self));

  task = make_look (self, actor, id, NULL, callback, user_data);
  if (task == NULL)
    return;

  look = g_task_get_task_data (task);
  look->address = g_strdup (address);
  step = g_task_new (self, NULL, cancelled_cb, task);
  g_task_set_source_tag (step, bw_bulk_service_cancel_async);
  g_task_set_task_data (step, look, NULL);
  bw_store_push_write (self->store, step, cancel_job, NULL);
}

GBytes *
bw_bulk_service_finish (BwBulkService  *self,
                        GAsyncResult   *result,
                        GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
