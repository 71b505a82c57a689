/* bw-desired-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-desired-private.h"

#include <string.h>

#include "bw-device-id.h"
#include "bw-error.h"

/* A device has that long to answer. When it says nothing it is asked again, and then when it has been away. */
#define WAIT_SECONDS  15
#define RETRY_SECONDS 20
#define MAX_ATTEMPTS  3

/* Devices looked at in one go, those that are there only as long as others can wait; and how long news are gathered before. */
#define LOOK_MAX      500
#define LOOK_DELAY_MS 50

/* Given to devices at a time, of all together: below what the command service takes. */
#define MAX_IN_FLIGHT           1000
#define MAX_IN_FLIGHT_OF_DEVICE 16

#define SWEEP_SECONDS 600

/**
 * BwDesiredService:
 *
 * A desired value stands in the store until its device has confirmed it, or somebody takes it back, or its time
 * is over. The memory only knows which devices something waits for, and what is on its way: after a crash all of it is
 * tried again, which does no harm, since a value is wished for and not added to something. Each attempt is a
 * command like any other. Main thread.
 */

struct _BwDesiredService
{
  GObject           parent_instance;

  BwStore          *store;
  BwFeed           *feed;
  BwCommandService *commands;
  GCancellable     *cancellable;
  GHashTable       *waiting;       /* device id → Waiting, which it owns */
  GHashTable       *to_look;       /* set of ids: owned */
  guint             n_in_flight;
  guint             look_source;
  guint             sweep_source;
  gboolean          looking;
};

/* A device that something waits for. */
typedef struct
{
  BwDesiredService *service;       /* (unowned) */
  char             *id;
  GHashTable       *in_flight;     /* set of "node/property" */
  guint             n_attempts;    /* that it has not answered since it came */
  guint             retry_source;
} Waiting;

G_DEFINE_FINAL_TYPE (BwDesiredService, bw_desired_service, G_TYPE_OBJECT)

static void schedule_look (BwDesiredService *self);

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;

  g_clear_handle_id (&waiting->retry_source, g_source_remove);
  g_hash_table_unref (waiting->in_flight);
  g_free (waiting->id);
  g_free (waiting);
}

static Waiting *
ensure_waiting (BwDesiredService *self,
                const char       *id)
{
  Waiting *waiting = g_hash_table_lookup (self->waiting, id);

  if (waiting != NULL)
    return waiting;

  waiting = g_new0 (Waiting, 1);
  waiting->service = self;
  waiting->id = g_strdup (id);
  waiting->in_flight = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (self->waiting, waiting->id, waiting);

  return waiting;
}

static void
look_at (BwDesiredService *self,
         const char       *id)
{
  g_hash_table_add (self->to_look, g_strdup (id));
  schedule_look (self);
}

static void
tell (BwDesiredService   *self,
      gint64              company_id,
      const BwDesiredRow *row,
      gboolean            removed)
{
  g_autoptr(GString) document = g_string_new (NULL);

  bw_desired_row_write (row, removed, document);
  bw_feed_changed (self->feed, "desired", company_id, document->str);
}

/* Main context */

static void
outcome_stored_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  BwDesiredService *self = BW_DESIRED_SERVICE (source);
  BwDesiredOutcome *outcome = g_task_get_task_data (G_TASK (result));
  BwDesiredRow *row = outcome->row;
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      g_debug ("What came of a desired value: %s, it is tried again", error->message);
      return;
    }

  if (outcome->changed)
    {
      row->state = outcome->refused ? BW_DESIRED_REFUSED : BW_DESIRED_PENDING;
      g_free (row->reason);
      row->reason = g_strdup (outcome->reason);
      tell (self, outcome->company_id, row, outcome->confirmed);
    }

  /* another one may have taken its place meanwhile */
  if (outcome->confirmed || outcome->refused || !outcome->changed)
    look_at (self, row->device_id);
}

static void
push_outcome (BwDesiredService *self,
              BwDesiredOutcome          *outcome)
{
  GTask *task = g_task_new (self, self->cancellable, outcome_stored_cb, NULL);

  g_task_set_source_tag (task, push_outcome);
  g_task_set_task_data (task, outcome, (GDestroyNotify) bw_desired_outcome_free);
  bw_store_push_write (self->store, task, bw_desired_outcome_job, NULL);
}

static gboolean
retry_cb (gpointer user_data)
{
  Waiting *waiting = user_data;

  waiting->retry_source = 0;
  look_at (waiting->service, waiting->id);

  return G_SOURCE_REMOVE;
}

static void
delivered_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  BwDesiredOutcome *outcome = user_data;
  g_autoptr(BwDesiredService) self = g_steal_pointer (&outcome->service);
  g_autofree char *key = g_strjoin ("/", outcome->row->node, outcome->row->property, NULL);
  Waiting *waiting;

  outcome->confirmed = bw_command_service_deliver_finish (BW_COMMAND_SERVICE (source), result, &outcome->refused,
                                                          &outcome->reason);
  self->n_in_flight--;
  waiting = g_hash_table_lookup (self->waiting, outcome->row->device_id);
  if (waiting != NULL)
    {
      g_hash_table_remove (waiting->in_flight, key);
      /* of those that went out together the first one counts for all */
      if (outcome->confirmed || outcome->refused)
        waiting->n_attempts = 0;
      else if (waiting->retry_source == 0 && ++waiting->n_attempts < MAX_ATTEMPTS)
        waiting->retry_source = g_timeout_add_seconds (RETRY_SECONDS, retry_cb, waiting);
    }

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      bw_desired_outcome_free (outcome);
      return;
    }

  push_outcome (self, outcome);
  schedule_look (self);
}

/* @row: (transfer full) */
static void
deliver (BwDesiredService *self,
         Waiting          *waiting,
         BwDesiredRow     *row,
         gint64            company_id)
{
  BwDesiredOutcome *outcome = g_new0 (BwDesiredOutcome, 1);

  g_hash_table_add (waiting->in_flight, g_strjoin ("/", row->node, row->property, NULL));
  self->n_in_flight++;
  outcome->service = g_object_ref (self);
  outcome->row = row;
  outcome->company_id = company_id;
  bw_command_service_deliver_async (self->commands, row, company_id, WAIT_SECONDS, NULL, delivered_cb, outcome);
}

static void
take_fulfilled (BwDesiredService *self,
                BwDesiredLook             *look)
{
  while (look->fulfilled->len > 0)
    {
      BwDesiredOutcome *outcome = g_new0 (BwDesiredOutcome, 1);

      outcome->row = g_ptr_array_steal_index (look->fulfilled, 0);
      outcome->company_id = look->company_id;
      outcome->confirmed = TRUE;
      push_outcome (self, outcome);
    }
}

static gboolean
is_in_flight (Waiting            *waiting,
              const BwDesiredRow *row)
{
  g_autofree char *key = g_strjoin ("/", row->node, row->property, NULL);

  return g_hash_table_contains (waiting->in_flight, key);
}

static void
take_look (BwDesiredService *self,
           BwDesiredLook             *look)
{
  Waiting *waiting = g_hash_table_lookup (self->waiting, look->id);

  if (look->rows == NULL || look->rows->len + look->fulfilled->len == 0)
    {
      if (waiting != NULL && g_hash_table_size (waiting->in_flight) == 0)
        g_hash_table_remove (self->waiting, look->id);
      return;
    }

  /* what was kept while this was being read */
  if (waiting == NULL)
    waiting = ensure_waiting (self, look->id);

  take_fulfilled (self, look);
  if (!look->is_there)
    {
      waiting->n_attempts = 0;
      g_clear_handle_id (&waiting->retry_source, g_source_remove);
      return;
    }

  if (waiting->n_attempts >= MAX_ATTEMPTS || waiting->retry_source != 0)
    return;

  while (look->rows->len > 0 && g_hash_table_size (waiting->in_flight) < MAX_IN_FLIGHT_OF_DEVICE)
    {
      g_autoptr(BwDesiredRow) row = g_ptr_array_steal_index (look->rows, 0);

      if (!is_in_flight (waiting, row))
        deliver (self, waiting, g_steal_pointer (&row), look->company_id);
    }
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwDesiredService *self = BW_DESIRED_SERVICE (source);
  BwDesiredLookJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  self->looking = FALSE;
  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;

      g_debug ("Looking which desired values can be delivered: %s, trying again", error->message);
      for (guint i = 0; i < job->ids->len; i++)
        g_hash_table_add (self->to_look, g_strdup (g_ptr_array_index (job->ids, i)));
    }
  else
    {
      for (guint i = 0; i < job->looks->len; i++)
        take_look (self, g_ptr_array_index (job->looks, i));
      for (guint i = job->looks->len; i < job->ids->len; i++)
        g_hash_table_add (self->to_look, g_strdup (g_ptr_array_index (job->ids, i)));
    }

  schedule_look (self);
}

static gboolean
look_cb (gpointer user_data)
{
  BwDesiredService *self = user_data;
  BwDesiredLookJob *job = g_new0 (BwDesiredLookJob, 1);
  GHashTableIter iter;
  gpointer id;
  GTask *task;

  self->look_source = 0;
  self->looking = TRUE;
  job->ids = g_ptr_array_new_with_free_func (g_free);
  job->looks = g_ptr_array_new_with_free_func (bw_desired_look_free);
  g_hash_table_iter_init (&iter, self->to_look);
  while (job->ids->len < LOOK_MAX && g_hash_table_iter_next (&iter, &id, NULL))
    {
      g_ptr_array_add (job->ids, id);
      g_hash_table_iter_steal (&iter);
    }

  task = g_task_new (self, self->cancellable, looked_cb, NULL);
  g_task_set_source_tag (task, look_cb);
  g_task_set_task_data (task, job, (GDestroyNotify) bw_desired_look_job_free);
  bw_store_push_read (self->store, task, bw_desired_look_job, NULL);

  return G_SOURCE_REMOVE;
}

static void
schedule_look (BwDesiredService *self)
{
  if (self->look_source == 0 && !self->looking && self->n_in_flight < MAX_IN_FLIGHT &&
      g_hash_table_size (self->to_look) > 0 && !g_cancellable_is_cancelled (self->cancellable))
    self->look_source = g_timeout_add (LOOK_DELAY_MS, look_cb, self);
}

/* Those whose time is over */

static void
expired_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwDesiredService *self = BW_DESIRED_SERVICE (source);
  BwDesiredExpiry *expiry = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      g_debug ("Desired values whose time is over: %s, trying again later", error->message);
      return;
    }

  for (guint i = 0; i < expiry->rows->len; i++)
    tell (self, g_array_index (expiry->company_ids, gint64, i), g_ptr_array_index (expiry->rows, i), TRUE);
}

static gboolean
sweep_cb (gpointer user_data)
{
  BwDesiredService *self = user_data;
  GTask *task = g_task_new (self, self->cancellable, expired_cb, NULL);
  BwDesiredExpiry *expiry = g_new0 (BwDesiredExpiry, 1);

  expiry->company_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_task_set_source_tag (task, sweep_cb);
  g_task_set_task_data (task, expiry, (GDestroyNotify) bw_desired_expiry_free);
  bw_store_push_write (self->store, task, bw_desired_expire_job, NULL);

  return G_SOURCE_CONTINUE;
}

/* Public */

static void list_waiting (BwDesiredService *self);

static gboolean
list_again_cb (gpointer user_data)
{
  BwDesiredService *self = user_data;

  if (!g_cancellable_is_cancelled (self->cancellable))
    list_waiting (self);

  return G_SOURCE_REMOVE;
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwDesiredService *self = BW_DESIRED_SERVICE (source);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) ids = g_task_propagate_pointer (G_TASK (result), &error);

  if (ids == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;

      g_debug ("Reading the desired values that wait: %s, trying again", error->message);
      g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, RETRY_SECONDS, list_again_cb, g_object_ref (self), g_object_unref);
      return;
    }

  for (guint i = 0; i < ids->len; i++)
    ensure_waiting (self, g_ptr_array_index (ids, i));
  bw_desired_service_look_at_all (self);
}

static void
list_waiting (BwDesiredService *self)
{
  GTask *task = g_task_new (self, self->cancellable, listed_cb, NULL);

  g_task_set_source_tag (task, list_waiting);
  bw_store_push_read (self->store, task, bw_desired_list_job, (GDestroyNotify) g_ptr_array_unref);
}

void
bw_desired_service_start (BwDesiredService *self)
{
  g_return_if_fail (BW_IS_DESIRED_SERVICE (self));

  list_waiting (self);
  sweep_cb (self);
  self->sweep_source = g_timeout_add_seconds (SWEEP_SECONDS, sweep_cb, self);
}

void
bw_desired_service_stop (BwDesiredService *self)
{
  g_return_if_fail (BW_IS_DESIRED_SERVICE (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->look_source, g_source_remove);
  g_clear_handle_id (&self->sweep_source, g_source_remove);
  g_hash_table_remove_all (self->waiting);
}

void
bw_desired_service_devices (BwDesiredService *self,
                            GPtrArray        *ids)
{
  g_return_if_fail (BW_IS_DESIRED_SERVICE (self));

  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);

      if (g_hash_table_contains (self->waiting, id))
        look_at (self, id);
    }
}

void
bw_desired_service_kept (BwDesiredService *self,
                         GPtrArray        *ids)
{
  g_return_if_fail (BW_IS_DESIRED_SERVICE (self));

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  /* one may have come since it was found away */
  for (guint i = 0; i < ids->len; i++)
    {
      ensure_waiting (self, g_ptr_array_index (ids, i))->n_attempts = 0;
      look_at (self, g_ptr_array_index (ids, i));
    }
}

void
bw_desired_service_look_at_all (BwDesiredService *self)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (BW_IS_DESIRED_SERVICE (self));

  g_hash_table_iter_init (&iter, self->waiting);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Waiting *waiting = value;

      waiting->n_attempts = 0;
      g_hash_table_add (self->to_look, g_strdup (waiting->id));
    }

  schedule_look (self);
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwDesiredService *self = BW_DESIRED_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  BwDesiredJob *job = g_task_get_task_data (task);
  gboolean keeps = job->row->value != NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) document = g_string_new (NULL);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  tell (self, job->company_id, job->row, !keeps);
  if (keeps)
    {
      /* whoever wants it once more has a reason to think that it is taken now */
      ensure_waiting (self, job->device_id)->n_attempts = 0;
      look_at (self, job->device_id);
      bw_desired_row_write (job->row, FALSE, document);
    }

  g_task_return_pointer (task, g_string_free_to_bytes (g_steal_pointer (&document)), (GDestroyNotify) g_bytes_unref);
}

static void
change (BwDesiredService    *self,
        const BwActor       *actor,
        const char          *address,
        const char          *device_id,
        BwDesiredRow        *row,
        BwWorkerFunc         job_func,
        GCancellable        *cancellable,
        GAsyncReadyCallback  callback,
        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GError) error = NULL;
  char id[BW_DEVICE_ID_SIZE];
  GTask *step;
  BwDesiredJob *job = g_new0 (BwDesiredJob, 1);

  g_task_set_source_tag (task, change);
  job->actor = bw_actor_ref ((BwActor *) actor);
  job->address = g_strdup (address);
  job->row = row;
  g_task_set_task_data (task, job, (GDestroyNotify) bw_desired_job_free);

  if (!bw_actor_check (actor, BW_PERMISSION_CONTROL_DEVICES, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (!bw_device_id_parse (device_id, strlen (device_id), id))
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_NOT_FOUND, "this is no device id");
      return;
    }

  job->device_id = g_strdup (id);
  row->device_id = g_strdup (id);
  step = g_task_new (self, NULL, changed_cb, g_object_ref (task));
  g_task_set_source_tag (step, change);
  g_task_set_task_data (step, job, NULL);
  bw_store_push_write (self->store, step, job_func, NULL);
}

void
bw_desired_service_keep_async (BwDesiredService    *self,
                               const BwActor       *actor,
                               const char          *address,
                               const char          *device_id,
                               const char          *node,
                               const char          *property,
                               const char          *value,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  BwDesiredRow *row;

  g_return_if_fail (BW_IS_DESIRED_SERVICE (self));
  g_return_if_fail (device_id != NULL && node != NULL && property != NULL && value != NULL);

  row = g_new0 (BwDesiredRow, 1);
  row->node = g_strdup (node);
  row->property = g_strdup (property);
  row->value = g_strdup (value);
  row->account_id = actor->account_id;
  row->login = g_strdup (actor->login);
  row->created_at_us = g_get_real_time ();
  row->expires_at_us = row->created_at_us + BW_DESIRED_DAYS * G_TIME_SPAN_DAY;
  change (self, actor, address, device_id, row, bw_desired_keep_job, cancellable, callback, user_data);
}

void
bw_desired_service_withdraw_async (BwDesiredService    *self,
                                   const BwActor       *actor,
                                   const char          *address,
                                   const char          *device_id,
                                   const char          *node,
                                   const char          *property,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  BwDesiredRow *row;

  g_return_if_fail (BW_IS_DESIRED_SERVICE (self));
  g_return_if_fail (device_id != NULL);

  row = g_new0 (BwDesiredRow, 1);
  row->node = g_strdup (node);
  row->property = g_strdup (property);
  change (self, actor, address, device_id, row, bw_desired_withdraw_job, cancellable, callback, user_data);
}

GBytes *
bw_desired_service_finish (BwDesiredService  *self,
                           GAsyncResult      *result,
                           GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
bw_desired_service_dispose (GObject *object)
{
  BwDesiredService *self = (BwDesiredService *) object;

  bw_desired_service_stop (self);
  g_clear_object (&self->store);
  g_clear_object (&self->feed);
  g_clear_object (&self->commands);

  G_OBJECT_CLASS (bw_desired_service_parent_class)->dispose (object);
}

static void
bw_desired_service_finalize (GObject *object)
{
  BwDesiredService *self = (BwDesiredService *) object;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->waiting, g_hash_table_unref);
  g_clear_pointer (&self->to_look, g_hash_table_unref);

  G_OBJECT_CLASS (bw_desired_service_parent_class)->finalize (object);
}

static void
bw_desired_service_class_init (BwDesiredServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_desired_service_dispose;
  object_class->finalize = bw_desired_service_finalize;
}

static void
bw_desired_service_init (BwDesiredService *self)
{
  self->cancellable = g_cancellable_new ();
  self->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, waiting_free);
  self->to_look = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

BwDesiredService *
bw_desired_service_new (BwStore          *store,
                        BwFeed           *feed,
                        BwCommandService *commands)
{
  BwDesiredService *self;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);
  g_return_val_if_fail (BW_IS_FEED (feed), NULL);
  g_return_val_if_fail (BW_IS_COMMAND_SERVICE (commands), NULL);

  self = g_object_new (BW_TYPE_DESIRED_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);
  self->commands = g_object_ref (commands);

  return self;
}
