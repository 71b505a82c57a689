/* bw-timeline-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-timeline-service.h"

#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-timeline-text.h"

#define MAX_LIMIT      500
#define MAX_NOTED      10000     /* while the database does not take them */
#define PRUNE_PERIOD_S 3600
#define RETRY_S        5

#define ALL_KINDS ((1u << BW_N_EVENTS) - 1)

/**
 * BwTimelineService:
 *
 * A timeline is made when somebody looks at it: of the events in the history's
 * database, and of the entries of the audit log about this device, each of which
 * stands in its one place.
 */

struct _BwTimelineService
{
  GObject      parent_instance;

  BwStore     *store;
  BwHistoryDb *history_db;
  BwAuthority *authority;
  GPtrArray   *noted;         /* (element-type BwEvent) */
  gboolean     is_storing;
  guint        retry_source;
  guint        prune_source;
};

G_DEFINE_FINAL_TYPE (BwTimelineService, bw_timeline_service, G_TYPE_OBJECT)

static void store_noted (BwTimelineService *self);

/* What is written goes on without the service: a job that holds it would keep the database open at the end. */

static GWeakRef *
hold_weakly (BwTimelineService *self)
{
  GWeakRef *held = g_new0 (GWeakRef, 1);

  g_weak_ref_init (held, self);

  return held;
}

/* (transfer full) (nullable) */
static BwTimelineService *
let_go (GWeakRef *held)
{
  BwTimelineService *self = g_weak_ref_get (held);

  g_weak_ref_clear (held);
  g_free (held);

  return self;
}

/* On the history's threads. */

static gpointer
add_events (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwDb *db = bw_history_thread_get_db (owned_by_thread, error);

  return db != NULL && bw_event_repo_add (db, task_data, error) ? BW_STORE_DONE : NULL;
}

static gpointer
prune_events (gpointer   owned_by_thread,
              gpointer   task_data,
              GError   **error)
{
  BwDb *db = bw_history_thread_get_db (owned_by_thread, error);
  gboolean *is_more = task_data;

  return db != NULL && bw_event_repo_prune (db, g_get_real_time (), is_more, error) ? BW_STORE_DONE : NULL;
}

static gboolean
retry_cb (gpointer user_data)
{
  BwTimelineService *self = user_data;

  self->retry_source = 0;
  store_noted (self);

  return G_SOURCE_REMOVE;
}

static void
events_added_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(BwTimelineService) self = let_go (user_data);
  GPtrArray *events = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  if (self == NULL)
    return;

  self->is_storing = FALSE;
  if (g_task_propagate_pointer (G_TASK (result), &error) != NULL)
    {
      if (self->noted->len > 0)
        store_noted (self);
      return;
    }

  g_warning ("What became of commands can not be kept: %s; it is tried again", error->message);
  while (events->len > 0 && self->noted->len < MAX_NOTED)
    g_ptr_array_insert (self->noted, 0, g_ptr_array_steal_index (events, events->len - 1));
  if (self->retry_source == 0 && self->history_db != NULL)
    self->retry_source = g_timeout_add_seconds (RETRY_S, retry_cb, self);
}

static void
store_noted (BwTimelineService *self)
{
  GTask *task = g_task_new (NULL, NULL, events_added_cb, hold_weakly (self));

  g_task_set_source_tag (task, store_noted);
  g_task_set_task_data (task, self->noted, (GDestroyNotify) g_ptr_array_unref);
  self->noted = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_event_free);
  self->is_storing = TRUE;
  bw_history_db_push_write (self->history_db, task, add_events, NULL);
}

void
bw_timeline_service_note (BwTimelineService *self,
                          BwEvent           *event)
{
  g_return_if_fail (BW_IS_TIMELINE_SERVICE (self));

  if (self->noted->len >= MAX_NOTED || self->history_db == NULL)
    {
      bw_event_free (event);
      return;
    }

  g_ptr_array_add (self->noted, event);
  if (!self->is_storing && self->retry_source == 0)
    store_noted (self);
}

static void prune (BwTimelineService *self);

static void
pruned_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwTimelineService) self = let_go (user_data);
  const gboolean *is_more = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  if (self == NULL)
    return;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_warning ("Old events can not be removed: %s; it is tried again in an hour", error->message);
  else if (*is_more && self->history_db != NULL)
    prune (self);
}

static void
prune (BwTimelineService *self)
{
  GTask *task = g_task_new (NULL, NULL, pruned_cb, hold_weakly (self));

  g_task_set_source_tag (task, prune);
  g_task_set_task_data (task, g_new0 (gboolean, 1), g_free);
  bw_history_db_push_write (self->history_db, task, prune_events, NULL);
}

static gboolean
prune_cb (gpointer user_data)
{
  prune (user_data);

  return G_SOURCE_CONTINUE;
}

/* A list */

typedef struct
{
  BwActor         *actor;        /* (owned) */
  char            *device_id;
  guint            kinds;
  guint            limit;
  BwTimelinePlace  place;
  gint64           from_us;
  GPtrArray       *done;         /* (nullable): of the audit log */
} List;

static void
list_free (List *list)
{
  bw_actor_unref (list->actor);
  g_free (list->device_id);
  g_clear_pointer (&list->done, g_ptr_array_unref);
  g_free (list);
}

/* on a thread of the store */
static gpointer
list_audit (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  List *list = task_data;

  list->done = bw_event_repo_list_audit (thread->db, list->actor->company_id, list->actor->company_is_root, list->device_id,
                                         &list->place, list->kinds, list->limit, &list->from_us, error);

  return list->done != NULL ? BW_STORE_DONE : NULL;
}

/* on a thread of the history */
static gpointer
list_events (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  BwDb *db = bw_history_thread_get_db (owned_by_thread, error);
  const List *list = task_data;

  if (db == NULL)
    return NULL;

  return bw_event_repo_list (db, list->device_id, list->from_us, &list->place, list->kinds, list->limit, error);
}

static gboolean
goes_before (const BwTimelineRow *event,
             const BwTimelineRow *audit)
{
  return event->at_us >= audit->at_us;
}

static GBytes *
write_list (BwTimelineService *self,
            const List        *list,
            GPtrArray         *events)
{
  GString *out = g_string_new (NULL);
  guint i = 0, j = 0;

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  while (i + j < list->limit && (i < events->len || j < list->done->len))
    {
      const BwTimelineRow *event = i < events->len ? g_ptr_array_index (events, i) : NULL;
      const BwTimelineRow *audit = j < list->done->len ? g_ptr_array_index (list->done, j) : NULL;
      const BwTimelineRow *row = audit == NULL || (event != NULL && goes_before (event, audit)) ? event : audit;

      if (row == event)
        i++;
      else
        j++;

      bw_timeline_row_write (row, list->actor, self->authority, out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  return g_string_free_to_bytes (out);
}

static void
events_listed_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) events = g_task_propagate_pointer (G_TASK (result), &error);

  if (events == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, write_list (BW_TIMELINE_SERVICE (source), g_task_get_task_data (task), events),
                           (GDestroyNotify) g_bytes_unref);
}

static void
audit_listed_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  BwTimelineService *self = BW_TIMELINE_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GTask *step;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  step = g_task_new (self, g_task_get_cancellable (task), events_listed_cb, g_object_ref (task));
  g_task_set_source_tag (step, list_events);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  bw_history_db_push_read (self->history_db, step, list_events, (GDestroyNotify) g_ptr_array_unref);
}

static gboolean
parse_kinds (const char  *text,
             guint       *ret_kinds,
             GError     **error)
{
  g_auto(GStrv) nicks = NULL;

  *ret_kinds = ALL_KINDS;
  if (text == NULL)
    return TRUE;

  *ret_kinds = 0;
  nicks = g_strsplit (text, ",", BW_N_EVENTS + 1);
  for (char **nick = nicks; *nick != NULL; nick++)
    {
      BwEventKind kind;

      if (!bw_event_kind_from_nick (*nick, &kind))
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is no kind of event", *nick);
          return FALSE;
        }

      *ret_kinds |= 1u << kind;
    }

  return TRUE;
}

static gboolean
fill_list (List        *list,
           const char  *kinds,
           const char  *before,
           gint64       limit,
           GError     **error)
{
  list->place = (BwTimelinePlace) { G_MAXINT64, G_MAXINT64, G_MAXINT64 };

  if (!parse_kinds (kinds, &list->kinds, error))
    return FALSE;

  if (limit < 1 || limit > MAX_LIMIT)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "limit must be 1 to %d", MAX_LIMIT);
      return FALSE;
    }

  if (before != NULL && !bw_timeline_place_parse (&list->place, before))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“before” must be the id of an item");
      return FALSE;
    }

  list->limit = (guint) limit;

  return TRUE;
}

void
bw_timeline_service_list_async (BwTimelineService   *self,
                                const BwActor       *actor,
                                const char          *device_id,
                                const char          *kinds,
                                const char          *before,
                                gint64               limit,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  List *list;
  GTask *step;

  g_return_if_fail (BW_IS_TIMELINE_SERVICE (self));
  g_return_if_fail (actor != NULL && device_id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_timeline_service_list_async);

  list = g_new0 (List, 1);
  list->actor = bw_actor_ref ((BwActor *) actor);
  list->device_id = g_strdup (device_id);
  g_task_set_task_data (task, list, (GDestroyNotify) list_free);

  if (!bw_actor_check (actor, BW_PERMISSION_VIEW_DEVICES, &error) || !fill_list (list, kinds, before, limit, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  step = g_task_new (self, cancellable, audit_listed_cb, g_object_ref (task));
  g_task_set_source_tag (step, list_audit);
  g_task_set_task_data (step, list, NULL);
  bw_store_push_search (self->store, step, list_audit, NULL);
}

GBytes *
bw_timeline_service_list_finish (BwTimelineService  *self,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
bw_timeline_service_dispose (GObject *object)
{
  BwTimelineService *self = (BwTimelineService *) object;

  g_clear_handle_id (&self->retry_source, g_source_remove);
  g_clear_handle_id (&self->prune_source, g_source_remove);
  g_clear_object (&self->history_db);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (bw_timeline_service_parent_class)->dispose (object);
}

static void
bw_timeline_service_finalize (GObject *object)
{
  BwTimelineService *self = (BwTimelineService *) object;

  g_ptr_array_unref (self->noted);
  bw_authority_unref (self->authority);

  G_OBJECT_CLASS (bw_timeline_service_parent_class)->finalize (object);
}

static void
bw_timeline_service_class_init (BwTimelineServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_timeline_service_dispose;
  object_class->finalize = bw_timeline_service_finalize;
}

static void
bw_timeline_service_init (BwTimelineService *self)
{
  self->noted = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_event_free);
}

BwTimelineService *
bw_timeline_service_new (BwStore     *store,
                         BwHistoryDb *history_db,
                         BwAuthority *authority)
{
  BwTimelineService *self;

  g_return_val_if_fail (BW_IS_STORE (store) && BW_IS_HISTORY_DB (history_db), NULL);

  self = g_object_new (BW_TYPE_TIMELINE_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->history_db = g_object_ref (history_db);
  self->authority = bw_authority_ref (authority);
  self->prune_source = g_timeout_add_seconds (PRUNE_PERIOD_S, prune_cb, self);
  prune (self);

  return self;
}
