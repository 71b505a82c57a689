/* bw-retention-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-retention-service.h"

#include <string.h>

#include "bw-audit-repo.h"
#include "bw-error.h"
#include "bw-history-repo.h"
#include "bw-history-thin.h"
#include "bw-json.h"

#define SWEEP_S       3600
#define DEVICES_A_JOB 64

#define MAX_PRODUCT_BYTES 200

/**
 * BwRetentionService:
 *
 * The rules lie in the main database, the history in its own. A sweep goes
 * through the devices that have a history: which rule is theirs says the store,
 * and the history's thread does the rest, a slice at a time. One that failed is
 * begun anew an hour later.
 */

struct _BwRetentionService
{
  GObject    parent_instance;

  BwStore   *store;
  BwHistory *history;
  guint      source;
  gboolean   sweeping;
  gboolean   once_more;     /* something has changed since it began */
};

G_DEFINE_FINAL_TYPE (BwRetentionService, bw_retention_service, G_TYPE_OBJECT)

static void
bw_retention_service_dispose (GObject *object)
{
  BwRetentionService *self = (BwRetentionService *) object;

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->store);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (bw_retention_service_parent_class)->dispose (object);
}

static void
bw_retention_service_class_init (BwRetentionServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_retention_service_dispose;
}

static void
bw_retention_service_init (BwRetentionService *self)
{
}

BwRetentionService *
bw_retention_service_new (BwStore   *store,
                          BwHistory *history)
{
  BwRetentionService *self = g_object_new (BW_TYPE_RETENTION_SERVICE, NULL);

  self->store = g_object_ref (store);
  self->history = g_object_ref (history);

  return self;
}

/* Sweeping */

typedef struct
{
  char            *id;
  BwHistoryPolicy  policy;
} SweepDevice;

typedef struct
{
  BwHistory *history;
  GPtrArray *ids;        /* (nullable) */
  GArray    *devices;    /* (element-type SweepDevice): those of this page */
  char      *last_id;
  guint      at_device;
  guint      at_series;
  gboolean   more;
} Sweep;

static void
device_clear (gpointer data)
{
  g_free (((SweepDevice *) data)->id);
}

static void
sweep_free (gpointer data)
{
  Sweep *sweep = data;

  g_clear_pointer (&sweep->ids, g_ptr_array_unref);
  g_clear_pointer (&sweep->devices, g_array_unref);
  g_free (sweep->last_id);
  g_free (sweep);
}

static void next_page (BwRetentionService *self,
                       Sweep              *sweep);
static void sweep (BwRetentionService *self);

static void
end_sweep (BwRetentionService *self,
           Sweep              *sweep_data,
           const GError       *error)
{
  if (error != NULL)
    g_debug ("Thinning the history: %s, trying again later", error->message);

  sweep_free (sweep_data);
  self->sweeping = FALSE;
  if (self->once_more && self->source != 0 && error == NULL)
    sweep (self);
}

static void
push (BwRetentionService  *self,
      Sweep               *sweep_data,
      BwWorkerFunc         func,
      gboolean             is_history,
      GAsyncReadyCallback  callback)
{
  GTask *task = g_task_new (self, NULL, callback, sweep_data);

  g_task_set_source_tag (task, push);
  g_task_set_task_data (task, sweep_data, NULL);
  if (is_history)
    bw_history_db_push_write (bw_history_get_db (self->history), task, func, NULL);
  else
    bw_store_push_search (self->store, task, func, NULL);
}

static gpointer
thin_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  Sweep *data = task_data;
  const SweepDevice *device = &g_array_index (data->devices, SweepDevice, data->at_device);

  return bw_history_thin (data->history, owned_by_thread, device->id, &device->policy, &data->at_series,
                          &data->more, error) ? data : NULL;
}

static void
thinned_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwRetentionService *self = BW_RETENTION_SERVICE (source);
  Sweep *data = user_data;
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL || self->source == 0)
    {
      end_sweep (self, data, error);
      return;
    }

  if (!data->more)
    {
      data->at_device++;
      data->at_series = 0;
    }

  if (data->at_device < data->devices->len)
    push (self, data, thin_job, TRUE, thinned_cb);
  else
    next_page (self, data);
}

static const BwRetention *
find_rule (GPtrArray  *rules,
           const char *product)
{
  for (guint i = 1; i < rules->len; i++)
    {
      const BwRetention *rule = g_ptr_array_index (rules, i);

      if (strcmp (rule->product, product) == 0)
        return rule;
    }

  return g_ptr_array_index (rules, 0);
}

static gint64
days_ago (gint64 days)
{
  return days == 0 ? G_MININT64 : g_get_real_time () - days * G_TIME_SPAN_DAY;
}

static gpointer
rules_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Sweep *data = task_data;
  g_autoptr(GPtrArray) rules = bw_retention_repo_list (thread->db, error);

  if (rules == NULL)
    return NULL;

  g_array_set_size (data->devices, 0);
  for (guint i = 0; i < data->ids->len; i++)
    {
      const char *id = g_ptr_array_index (data->ids, i);
      gboolean found = FALSE;
      g_autofree char *product = bw_retention_repo_get_product (thread->db, id, &found, error);
      const BwRetention *rule;
      SweepDevice device;

      if (product == NULL)
        return NULL;

      rule = find_rule (rules, product);
      device = (SweepDevice) { g_strdup (id), { !found, days_ago (rule->keep_days), days_ago (rule->raw_days),
                                                MAX (rule->thin_seconds, 1) * G_USEC_PER_SEC } };
      g_array_append_val (data->devices, device);
    }

  return data;
}

static void
ruled_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BwRetentionService *self = BW_RETENTION_SERVICE (source);
  Sweep *data = user_data;
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL || self->source == 0)
    {
      end_sweep (self, data, error);
      return;
    }

  data->at_device = 0;
  data->at_series = 0;
  push (self, data, thin_job, TRUE, thinned_cb);
}

static gpointer
page_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  Sweep *data = task_data;
  BwDb *db = bw_history_thread_get_db (owned_by_thread, error);

  g_clear_pointer (&data->ids, g_ptr_array_unref);
  if (db != NULL)
    data->ids = bw_history_repo_list_devices (db, data->last_id, DEVICES_A_JOB, error);

  return data->ids != NULL ? data : NULL;
}

static void
paged_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BwRetentionService *self = BW_RETENTION_SERVICE (source);
  Sweep *data = user_data;
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL || data->ids->len == 0 || self->source == 0)
    {
      end_sweep (self, data, error);
      return;
    }

  g_free (data->last_id);
  data->last_id = g_strdup (g_ptr_array_index (data->ids, data->ids->len - 1));
  push (self, data, rules_job, FALSE, ruled_cb);
}

static void
next_page (BwRetentionService *self,
           Sweep              *data)
{
  push (self, data, page_job, TRUE, paged_cb);
}

static void
sweep (BwRetentionService *self)
{
  Sweep *data;

  self->once_more = self->sweeping;
  if (self->sweeping)
    return;

  self->sweeping = TRUE;
  data = g_new0 (Sweep, 1);
  data->history = self->history;
  data->last_id = g_strdup ("");
  data->devices = g_array_new (FALSE, FALSE, sizeof (SweepDevice));
  g_array_set_clear_func (data->devices, device_clear);
  next_page (self, data);
}

static gboolean
sweep_cb (gpointer user_data)
{
  sweep (user_data);

  return G_SOURCE_CONTINUE;
}

void
bw_retention_service_start (BwRetentionService *self)
{
  g_return_if_fail (BW_IS_RETENTION_SERVICE (self));

  self->source = g_timeout_add_seconds (SWEEP_S, sweep_cb, self);
  sweep (self);
}

void
bw_retention_service_stop (BwRetentionService *self)
{
  g_return_if_fail (BW_IS_RETENTION_SERVICE (self));

  g_clear_handle_id (&self->source, g_source_remove);
  while (self->sweeping)
    g_main_context_iteration (NULL, TRUE);
}

/* Rules */

typedef struct
{
  BwActor     *actor;
  char        *address;
  BwRetention  retention;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  bw_actor_unref (job->actor);
  g_free (job->address);
  g_free (job->retention.product);
  g_free (job);
}

/* (transfer full) (nullable): answered already */
static GTask *
make_task (BwRetentionService  *self,
           const BwActor       *actor,
           const char          *address,
           const BwRetention   *retention,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  g_task_set_source_tag (task, make_task);
  job->actor = bw_actor_ref ((BwActor *) actor);
  job->address = g_strdup (address);
  if (retention != NULL)
    {
      job->retention = *retention;
      job->retention.product = g_strdup (retention->product);
    }
  g_task_set_task_data (task, job, job_free);

  if (actor->company_is_root)
    return g_steal_pointer (&task);

  g_task_return_new_error (task, BW_ERROR, BW_ERROR_FORBIDDEN,
                           "how long the history is kept is decided in the main company");

  return NULL;
}

static gpointer
list_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  g_autoptr(GPtrArray) rules = bw_retention_repo_list (thread->db, error);
  GString *out;

  if (rules == NULL)
    return NULL;

  out = g_string_new (NULL);
  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  for (guint i = 0; i < rules->len; i++)
    bw_retention_write (g_ptr_array_index (rules, i), out, NULL);
  bw_json_end_array (out);
  bw_json_end_object (out);

  return g_string_free_to_bytes (out);
}

void
bw_retention_service_list_async (BwRetentionService  *self,
                                 const BwActor       *actor,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task = make_task (self, actor, NULL, NULL, cancellable, callback, user_data);

  if (task != NULL)
    bw_store_push_read (self->store, task, list_job, (GDestroyNotify) g_bytes_unref);
}

/* (transfer full) */
static char *
describe (const BwRetention *rule)
{
  GString *out = g_string_new (NULL);

  bw_retention_write (rule, out, NULL);

  return g_string_free (out, FALSE);
}

static gboolean
write_audit (BwStoreThread  *thread,
             const Job      *job,
             const char     *action,
             const char     *before,
             const char     *after,
             GError        **error)
{
  const char *product = job->retention.product;
  BwAuditRow entry = {
    .account_id = job->actor->account_id, .login = job->actor->login, .address = job->address, .action = action,
    .kind = "history-retention", .object_id = product, .object = product,
    .company_id = job->actor->company_id, .before = before, .after = after,
  };

  return bw_audit_repo_add (thread, &entry, error);
}

static gboolean
check (const BwRetention  *rule,
       guint               n_rules,
       GError            **error)
{
  if (strlen (rule->product) > MAX_PRODUCT_BYTES)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“product” must have at most %d bytes", MAX_PRODUCT_BYTES);
  else if (rule->keep_days < 0 || rule->keep_days > BW_RETENTION_MAX_DAYS ||
           rule->raw_days < 0 || rule->raw_days > BW_RETENTION_MAX_DAYS)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“keepDays” and “rawDays” must be 0 (for ever) to %d",
                 BW_RETENTION_MAX_DAYS);
  else if (rule->thin_seconds < 1 || rule->thin_seconds > BW_RETENTION_MAX_SECONDS)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“thinSeconds” must be 1 to %d", BW_RETENTION_MAX_SECONDS);
  else if (n_rules > BW_RETENTION_MAX_PRODUCTS)
    g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "at most %d products have a rule of their own",
                 BW_RETENTION_MAX_PRODUCTS);
  else
    return TRUE;

  return FALSE;
}

/* Within a transaction. (transfer full) (nullable) */
static GBytes *
put (BwStoreThread  *thread,
     Job            *job,
     GError        **error)
{
  g_autoptr(GPtrArray) rules = bw_retention_repo_list (thread->db, error);
  const BwRetention *known = rules != NULL ? find_rule (rules, job->retention.product) : NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gboolean is_new;

  if (known == NULL)
    return NULL;

  is_new = strcmp (known->product, job->retention.product) != 0;
  job->retention.edited_at_us = g_get_real_time ();
  before = is_new ? NULL : describe (known);
  after = describe (&job->retention);
  if (!check (&job->retention, rules->len + is_new - 1, error) ||
      !bw_retention_repo_put (thread->db, &job->retention, error) ||
      !write_audit (thread, job, is_new ? "create" : "edit", before, after, error))
    return NULL;

  return g_bytes_new (after, strlen (after));
}

static GBytes *
drop (BwStoreThread  *thread,
      Job            *job,
      GError        **error)
{
  g_autoptr(GPtrArray) rules = bw_retention_repo_list (thread->db, error);
  const BwRetention *known = rules != NULL ? find_rule (rules, job->retention.product) : NULL;
  g_autofree char *before = NULL;

  if (known == NULL)
    return NULL;

  if (strcmp (known->product, job->retention.product) != 0 || known->edited_at_us == 0)
    {
      if (*job->retention.product == '\0')
        g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "the rule for all products was not changed");
      else
        g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no rule of its own for “%s”", job->retention.product);
      return NULL;
    }

  before = describe (known);
  if (!bw_retention_repo_remove (thread->db, job->retention.product, error) ||
      !write_audit (thread, job, "delete", before, NULL, error))
    return NULL;

  return g_bytes_new (NULL, 0);
}

static gpointer
change (BwStoreThread  *thread,
        Job            *job,
        GBytes       *(*func) (BwStoreThread *, Job *, GError **),
        GError        **error)
{
  GBytes *reply;

  if (!bw_store_begin (thread, error))
    return NULL;

  reply = func (thread, job, error);
  if (reply != NULL && bw_store_commit (thread, error))
    return reply;

  if (reply != NULL)
    g_bytes_unref (reply);
  else
    bw_store_rollback (thread);

  return NULL;
}

static gpointer
put_job (gpointer   owned_by_thread,
         gpointer   task_data,
         GError   **error)
{
  return change (owned_by_thread, task_data, put, error);
}

static gpointer
remove_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  return change (owned_by_thread, task_data, drop, error);
}

void
bw_retention_service_put_async (BwRetentionService  *self,
                                const BwActor       *actor,
                                const char          *address,
                                const BwRetention   *retention,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = make_task (self, actor, address, retention, NULL, callback, user_data);

  if (task != NULL)
    bw_store_push_write (self->store, task, put_job, (GDestroyNotify) g_bytes_unref);
}

void
bw_retention_service_remove_async (BwRetentionService  *self,
                                   const BwActor       *actor,
                                   const char          *address,
                                   const char          *product,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  BwRetention retention = { .product = (char *) product };
  GTask *task = make_task (self, actor, address, &retention, NULL, callback, user_data);

  if (task != NULL)
    bw_store_push_write (self->store, task, remove_job, (GDestroyNotify) g_bytes_unref);
}

GBytes *
bw_retention_service_finish (BwRetentionService  *self,
                             GAsyncResult        *result,
                             GError             **error)
{
  GBytes *document;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  document = g_task_propagate_pointer (G_TASK (result), error);
  if (document != NULL && ((Job *) g_task_get_task_data (G_TASK (result)))->retention.product != NULL &&
      self->source != 0)
    sweep (self);

  return document;
}
