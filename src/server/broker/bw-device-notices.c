/* bw-device-notices.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-broker"

#include "bw-device-notices.h"

#include <string.h>

#include "bw-device-repo.h"
#include "bw-json.h"

#define INTERVAL_MS   500
#define MAX_DEVICES   5000   /* that wait at once; of others nobody but the log hears */
#define MAX_BYTES     500    /* of a text */
#define PER_INTERVAL  (BW_NOTICES_PER_SECOND * INTERVAL_MS / 1000)

/**
 * BwDeviceNotices:
 *
 * A device that says a thousand things in half a second is told of once, with the worst of them and their number.
 * What is too much for a company in a moment is told as a number as well. Only devices that are approved reach people so.
 */

typedef enum
{
  NOTICE_INFO,
  NOTICE_WARNING,
  NOTICE_ALERT,
  NOTICE_ERROR,
} Level;

static const char * const level_nicks[] = { "info", "warning", "alert", "error" };

typedef struct
{
  char   *device_id;     /* (owned) */
  char   *name;          /* (owned) (nullable) */
  char   *text;          /* (owned): the last one of the worst */
  gint64  company_id;    /* from the store; 0: reaches nobody */
  gint64  at_us;
  gint64  n;
  Level   level;
} Notice;

struct _BwDeviceNotices
{
  GObject       parent_instance;

  BwStore      *store;
  BwFeed       *feed;
  GCancellable *cancellable;
  GSource      *source;          /* (nullable): ready when a turn is due */
  gint64        last_id;

  GMutex        lock;            /* guards the rest */
  GHashTable   *waiting;         /* id → Notice */
  gint64        n_lost;          /* said by more devices than there is place for */
  gboolean      reading;
};

G_DEFINE_FINAL_TYPE (BwDeviceNotices, bw_device_notices, G_TYPE_OBJECT)

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  g_free (notice->device_id);
  g_free (notice->name);
  g_free (notice->text);
  g_free (notice);
}

static char *
dup_cut (const char *text)
{
  gsize length = strlen (text);

  if (length > MAX_BYTES)
    length = (gsize) (g_utf8_find_prev_char (text, text + MAX_BYTES + 1) - text);

  return g_strndup (text, length);
}

/* A turn in a moment. The lock is held. */
static void
schedule (BwDeviceNotices *self)
{
  if (self->source != NULL && !self->reading && g_hash_table_size (self->waiting) > 0 &&
      g_source_get_ready_time (self->source) < 0)
    g_source_set_ready_time (self->source, g_get_monotonic_time () + INTERVAL_MS * 1000);
}

/* on the reading thread */
static gpointer
find_devices (gpointer   owned_by_thread,
              gpointer   task_data,
              GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  GPtrArray *notices = task_data;

  for (guint i = 0; i < notices->len; i++)
    {
      Notice *notice = g_ptr_array_index (notices, i);
      BwStatus status = BW_STATUS_NEW, before_block;
      gint64 company_id = 0;
      gboolean found = FALSE;

      if (!bw_device_repo_get_status (thread->db, notice->device_id, &found, &company_id, &status, &before_block, error))
        return NULL;

      if (found && bw_status_is_approved (status))
        notice->company_id = company_id;
    }

  return BW_STORE_DONE;
}

static void
tell (BwDeviceNotices *self,
      gint64           company_id,
      const Notice    *notice,      /* (nullable): only a number */
      gint64           n)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autofree char *id = NULL;

  /* the clock, so that it grows over a restart too; and never the same twice */
  self->last_id = MAX (self->last_id + 1, g_get_real_time ());
  id = g_strdup_printf ("%" G_GINT64_FORMAT, self->last_id);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", id);
  bw_json_add_string (out, "deviceId", notice != NULL ? notice->device_id : NULL);
  bw_json_add_string (out, "name", notice != NULL ? notice->name : NULL);
  bw_json_add_string (out, "level", notice != NULL ? level_nicks[notice->level] : NULL);
  bw_json_add_string (out, "text", notice != NULL ? notice->text : NULL);
  bw_json_add_int (out, "count", n);
  bw_json_add_int (out, "at", notice != NULL ? notice->at_us : g_get_real_time ());
  bw_json_end_object (out);
  bw_feed_changed (self->feed, "notice", company_id, out->str);
}

static int
compare_notices (gconstpointer a,
                 gconstpointer b)
{
  const Notice *left = *(Notice * const *) a;
  const Notice *right = *(Notice * const *) b;

  if (left->level != right->level)
    return left->level > right->level ? -1 : 1;

  return left->at_us < right->at_us ? -1 : left->at_us > right->at_us;
}

/* The worst first: those are not the ones that become a number. */
static void
tell_all (BwDeviceNotices *self,
          GPtrArray       *notices)
{
  g_autoptr(GHashTable) told = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, NULL);
  g_autoptr(GHashTable) beyond = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, NULL);
  GHashTableIter iter;
  gpointer company_id, n;

  g_ptr_array_sort (notices, compare_notices);
  for (guint i = 0; i < notices->len; i++)
    {
      Notice *notice = g_ptr_array_index (notices, i);
      guint n_told = GPOINTER_TO_UINT (g_hash_table_lookup (told, &notice->company_id));

      if (notice->company_id == 0)
        continue;

      if (n_told < PER_INTERVAL)
        {
          g_hash_table_insert (told, &notice->company_id, GUINT_TO_POINTER (n_told + 1));
          tell (self, notice->company_id, notice, notice->n);
        }
      else
        {
          n = g_hash_table_lookup (beyond, &notice->company_id);
          g_hash_table_insert (beyond, &notice->company_id, GSIZE_TO_POINTER (GPOINTER_TO_SIZE (n) + (gsize) notice->n));
        }
    }

  g_hash_table_iter_init (&iter, beyond);
  while (g_hash_table_iter_next (&iter, &company_id, &n))
    tell (self, *(gint64 *) company_id, NULL, (gint64) GPOINTER_TO_SIZE (n));
}

static void
devices_found_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  BwDeviceNotices *self = BW_DEVICE_NOTICES (source);
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) != NULL)
    tell_all (self, g_task_get_task_data (G_TASK (result)));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("Could not look up whose notices these are: %s, ignoring", error->message);

  g_mutex_lock (&self->lock);
  self->reading = FALSE;
  schedule (self);
  g_mutex_unlock (&self->lock);
}

static gboolean
turn_cb (gpointer user_data)
{
  BwDeviceNotices *self = user_data;
  g_autoptr(GPtrArray) notices = g_ptr_array_new_with_free_func (notice_free);
  GHashTableIter iter;
  gpointer notice;
  gint64 n_lost;
  GTask *task;

  g_mutex_lock (&self->lock);
  g_source_set_ready_time (self->source, -1);
  g_hash_table_iter_init (&iter, self->waiting);
  while (g_hash_table_iter_next (&iter, NULL, &notice))
    {
      g_ptr_array_add (notices, notice);
      g_hash_table_iter_steal (&iter);
    }
  self->reading = TRUE;
  n_lost = self->n_lost;
  self->n_lost = 0;
  g_mutex_unlock (&self->lock);

  if (n_lost > 0)
    g_message ("Devices say more than people are told: %" G_GINT64_FORMAT " notices in a moment are left out", n_lost);

  task = g_task_new (self, self->cancellable, devices_found_cb, NULL);
  g_task_set_source_tag (task, turn_cb);
  g_task_set_task_data (task, g_steal_pointer (&notices), (GDestroyNotify) g_ptr_array_unref);
  bw_store_push_read (self->store, task, find_devices, NULL);

  return G_SOURCE_CONTINUE;
}

static gboolean
source_dispatch (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     user_data)
{
  return callback (user_data);
}

static GSourceFuncs source_funcs = { .dispatch = source_dispatch };

static void
bw_device_notices_dispose (GObject *object)
{
  BwDeviceNotices *self = (BwDeviceNotices *) object;

  bw_device_notices_stop (self);
  g_clear_object (&self->store);
  g_clear_object (&self->feed);

  G_OBJECT_CLASS (bw_device_notices_parent_class)->dispose (object);
}

static void
bw_device_notices_finalize (GObject *object)
{
  BwDeviceNotices *self = (BwDeviceNotices *) object;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->waiting, g_hash_table_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (bw_device_notices_parent_class)->finalize (object);
}

static void
bw_device_notices_class_init (BwDeviceNoticesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_device_notices_dispose;
  object_class->finalize = bw_device_notices_finalize;
}

static void
bw_device_notices_init (BwDeviceNotices *self)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();

  g_mutex_init (&self->lock);
  self->cancellable = g_cancellable_new ();
  self->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, notice_free);
  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_set_static_name (self->source, "[bw] notices");
  g_source_set_callback (self->source, turn_cb, self, NULL);
  g_source_attach (self->source, context);
}

BwDeviceNotices *
bw_device_notices_new (BwStore *store,
                       BwFeed  *feed)
{
  BwDeviceNotices *self = g_object_new (BW_TYPE_DEVICE_NOTICES, NULL);

  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);

  return self;
}

static Level
get_level (const BwEffect *effect)
{
  if (effect->level >= BW_LEVEL_ERROR)
    return NOTICE_ERROR;

  if (effect->is_alert)
    return NOTICE_ALERT;

  return effect->level == BW_LEVEL_WARNING ? NOTICE_WARNING : NOTICE_INFO;
}

void
bw_device_notices_say (BwDeviceNotices    *self,
                       const BwDeviceTree *tree,
                       const BwEffect     *effect)
{
  Level level;
  Notice *notice;

  g_return_if_fail (BW_IS_DEVICE_NOTICES (self));

  if (effect->text == NULL || *effect->text == '\0' || (effect->level == BW_LEVEL_DEBUG && !effect->is_alert))
    return;

  level = get_level (effect);

  g_mutex_lock (&self->lock);
  notice = g_hash_table_lookup (self->waiting, tree->id);
  if (notice == NULL && g_hash_table_size (self->waiting) < MAX_DEVICES)
    {
      notice = g_new0 (Notice, 1);
      notice->device_id = g_strdup (tree->id);
      notice->name = g_strdup (tree->name != NULL ? tree->name : tree->product);
      g_hash_table_insert (self->waiting, notice->device_id, notice);
    }

  if (notice != NULL)
    {
      if (level >= notice->level || notice->text == NULL)
        {
          g_free (notice->text);
          notice->text = dup_cut (effect->text);
          notice->level = level;
          notice->at_us = g_get_real_time ();
        }
      notice->n++;
      schedule (self);
    }
  else
    {
      self->n_lost++;
    }
  g_mutex_unlock (&self->lock);
}

void
bw_device_notices_stop (BwDeviceNotices *self)
{
  GSource *source;

  g_return_if_fail (BW_IS_DEVICE_NOTICES (self));

  g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->lock);
  source = g_steal_pointer (&self->source);
  g_mutex_unlock (&self->lock);

  if (source != NULL)
    {
      g_source_destroy (source);
      g_source_unref (source);
    }
}
