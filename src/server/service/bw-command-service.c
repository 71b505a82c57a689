/* bw-command-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-command-service.h"

#include <sodium.h>
#include <string.h>

#include "bw-command-wish.h"
#include "bw-command.h"
#include "bw-error.h"
#include "bw-ingest-repo.h"
#include "bw-json.h"

#define DEFAULT_WAIT_SECONDS 10
#define KEPT_US              (10 * 60 * G_USEC_PER_SEC)
#define SWEEP_SECONDS        30

/* Of all devices together, and of one. Past them a set is refused. */
#define MAX_PENDING            5000
#define MAX_PENDING_OF_DEVICE  64

/* Ended ones; the oldest go first. */
#define MAX_KEPT 20000

#define ID_BYTES 12

/* The ends of a command that the device has not said itself. */
#define TIMED_OUT "timed out"
#define NOT_SENT  "the connection to the broker was lost before it was sent"
#define REPLACED  "another value was set after it"
/* Of a value, in what is kept of a command. */
#define MAX_NOTED_CHARS 200

/**
 * BwCommandService:
 *
 * Knows what was wished for and what became of it, in memory: a command lives
 * for seconds, and after a restart nobody waits for it. It does not know MQTT;
 * how a wish leaves, and how it hears of the device's answer, is the business
 * of who fills in the transport.
 */

struct _BwCommandService
{
  GObject             parent_instance;

  BwStore            *store;
  BwFeed             *feed;
  BwTimelineService  *timeline;      /* (nullable) */
  BwCommandTransport  transport;
  gpointer            transport_data; /* NULL: there is nobody to watch */
  gboolean            has_transport;

  GHashTable         *by_id;        /* char* → Command, which it owns */
  GQueue              pending;      /* (element-type Command): oldest first */
  GQueue              kept;         /* likewise, that have ended */
  GHashTable         *unacknowledged; /* publish id → Command */
  guint               sweep_source;
};

typedef struct
{
  BwCommandService *service;        /* (unowned) */
  char              id[2 * ID_BYTES + 1];
  gint64            revision;
  gint64            actor_company_id;
  gint64            company_id;     /* the device's */
  char             *login;          /* who wished it */
  char             *device_id;
  char             *node;
  char             *property;
  char             *value;
  char             *format;         /* (nullable) */
  BwDatatype        datatype;
  BwCommandState    state;
  char             *reason;         /* (nullable) */
  gint64            created_at_us;
  gint64            updated_at_us;
  guint             publish_id;     /* 0: acknowledged, or never sent */
  guint             timeout_source;
  GTask            *waiting;        /* (nullable): completed when it ends */
} Command;

G_DEFINE_FINAL_TYPE (BwCommandService, bw_command_service, G_TYPE_OBJECT)

static void
command_free (gpointer data)
{
  Command *command = data;

  g_clear_handle_id (&command->timeout_source, g_source_remove);
  g_clear_object (&command->waiting);
  g_free (command->login);
  g_free (command->device_id);
  g_free (command->node);
  g_free (command->property);
  g_free (command->value);
  g_free (command->format);
  g_free (command->reason);
  g_free (command);
}

static char *
write_document (const Command *command)
{
  GString *out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", command->id);
  bw_json_add_int (out, "revision", command->revision);
  bw_json_add_string (out, "deviceId", command->device_id);
  bw_json_add_string (out, "node", command->node);
  bw_json_add_string (out, "property", command->property);
  bw_json_add_string (out, "value", command->value);
  bw_json_add_string (out, "state", bw_command_state_to_nick (command->state));
  if (command->reason != NULL)
    bw_json_add_string (out, "reason", command->reason);
  else
    bw_json_add_null (out, "reason");
  bw_json_add_int (out, "createdAt", command->created_at_us);
  bw_json_add_int (out, "updatedAt", command->updated_at_us);
  bw_json_end_object (out);

  return g_string_free (out, FALSE);
}

static void
set_state (Command        *command,
           BwCommandState  state)
{
  g_autofree char *document = NULL;

  command->state = state;
  command->revision++;
  command->updated_at_us = g_get_real_time ();

  document = write_document (command);
  bw_feed_changed (command->service->feed, "command", command->company_id, document);
}

/* Also while the connection is away: what left before may be answered after. */
static void
watch (const Command *command,
       gboolean       on)
{
  BwCommandService *self = command->service;

  if (self->transport_data != NULL)
    self->transport.watch (command->device_id, command->node, command->property, on, self->transport_data);
}

static void
forget_oldest (BwCommandService *self)
{
  Command *command = g_queue_pop_head (&self->kept);

  g_hash_table_remove (self->by_id, command->id);
}

static void
note_end (const Command *command)
{
  g_autofree char *value = g_utf8_substring (command->value, 0, MIN (g_utf8_strlen (command->value, -1), MAX_NOTED_CHARS));
  GString *details = g_string_new (NULL);

  bw_json_begin_object (details, NULL);
  bw_json_add_string (details, "node", command->node);
  bw_json_add_string (details, "property", command->property);
  bw_json_add_string (details, "value", value);
  bw_json_add_string (details, "state", bw_command_state_to_nick (command->state));
  bw_json_add_string (details, "reason", command->reason);
  bw_json_add_int (details, "wantedAt", command->created_at_us);
  bw_json_add_string (details, "by", command->login);
  bw_json_end_object (details);

  bw_timeline_service_note (command->service->timeline,
                            bw_event_new (command->device_id, BW_EVENT_COMMAND, command->updated_at_us, g_strdup (command->id),
                                          g_string_free (details, FALSE)));
}

static void
end (Command        *command,
     BwCommandState  state,
     const char     *reason)
{
  BwCommandService *self = command->service;
  g_autoptr(GTask) waiting = g_steal_pointer (&command->waiting);

  g_clear_handle_id (&command->timeout_source, g_source_remove);
  if (command->publish_id != 0 &&
      g_hash_table_lookup (self->unacknowledged, GUINT_TO_POINTER (command->publish_id)) == command)
    g_hash_table_remove (self->unacknowledged, GUINT_TO_POINTER (command->publish_id));
  command->publish_id = 0;

  g_queue_remove (&self->pending, command);
  g_queue_push_tail (&self->kept, command);

  watch (command, FALSE);

  command->reason = g_strdup (reason);
  set_state (command, state);
  if (self->timeline != NULL)
    note_end (command);
  if (waiting != NULL)
    g_task_return_pointer (waiting, write_document (command), g_free);

  while (self->kept.length > MAX_KEPT)
    forget_oldest (self);
}

static gboolean
timed_out_cb (gpointer user_data)
{
  Command *command = user_data;

  command->timeout_source = 0;
  end (command, BW_COMMAND_FAILED, TIMED_OUT);

  return G_SOURCE_REMOVE;
}

static gboolean
sweep_cb (gpointer user_data)
{
  BwCommandService *self = user_data;
  gint64 oldest_us = g_get_real_time () - KEPT_US;

  while (self->kept.length > 0 && ((Command *) self->kept.head->data)->updated_at_us < oldest_us)
    forget_oldest (self);

  return G_SOURCE_CONTINUE;
}

static gboolean
check_target (const BwCommandTarget *target,
              GError               **error)
{
  if (target->status == BW_STATUS_BLOCKED || target->status == BW_STATUS_RETIRED)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "the device is %s", bw_status_to_nick (target->status));
      return FALSE;
    }

  if (!bw_status_is_approved (target->status))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "the device is not approved yet");
      return FALSE;
    }

  if (!target->device->online)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "the device is offline");
      return FALSE;
    }

  return TRUE;
}

static BwTreeProperty *
find_property (BwCommandTarget      *target,
               const BwCommandWish  *wish,
               GError              **error)
{
  BwTreeProperty *property = bw_device_tree_get_property (target->device->tree, wish->node, wish->property);

  if (property == NULL)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "the device has no property %s/%s",
                   wish->node, wish->property);
      return NULL;
    }

  if (!property->settable)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s/%s can not be set", wish->node, wish->property);
      return NULL;
    }

  return property;
}

static gboolean
check_limits (BwCommandService *self,
              const char       *device_id,
              GError          **error)
{
  guint n_of_device = 0;

  for (GList *l = self->pending.head; l != NULL; l = l->next)
    {
      if (strcmp (((Command *) l->data)->device_id, device_id) == 0)
        n_of_device++;
    }

  if (self->pending.length >= MAX_PENDING || n_of_device >= MAX_PENDING_OF_DEVICE)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY, "%u sets are still waiting for an answer",
                   n_of_device >= MAX_PENDING_OF_DEVICE ? n_of_device : self->pending.length);
      return FALSE;
    }

  return TRUE;
}

static Command *
add_command (BwCommandService     *self,
             const BwCommandWish  *wish,
             const BwTreeProperty *property)
{
  Command *command = g_new0 (Command, 1);
  guint wait_seconds = wish->wait_seconds > 0 ? wish->wait_seconds : DEFAULT_WAIT_SECONDS;
  guint8 random[ID_BYTES];

  randombytes_buf (random, sizeof random);
  sodium_bin2hex (command->id, sizeof command->id, random, sizeof random);

  command->service = self;
  command->actor_company_id = wish->actor->company_id;
  command->company_id = wish->target->company_id;
  command->login = g_strdup (wish->actor->login);
  command->device_id = g_strdup (wish->device_id);
  command->node = g_strdup (wish->node);
  command->property = g_strdup (wish->property);
  command->value = g_strdup (wish->value);
  command->format = g_strdup (property->format);
  command->datatype = property->datatype;
  command->created_at_us = g_get_real_time ();
  command->timeout_source = g_timeout_add (wait_seconds * 1000, timed_out_cb, command);

  g_hash_table_insert (self->by_id, command->id, command);
  g_queue_push_tail (&self->pending, command);
  watch (command, TRUE);
  set_state (command, BW_COMMAND_WANTED);

  return command;
}

/* On the main context, when the device is known. (nullable) */
static BwTreeProperty *
check_wish (BwCommandService     *self,
            const BwCommandWish  *wish,
            GError              **error)
{
  BwTreeProperty *property;

  if (!check_target (wish->target, error))
    return NULL;

  property = find_property (wish->target, wish, error);
  if (property == NULL ||
      !bw_value_check (property->datatype, property->format, wish->value, error) ||
      !check_limits (self, wish->device_id, error))
    return NULL;

  if (!self->has_transport)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the backend has no connection to the broker");
      return NULL;
    }

  return property;
}

static gboolean
send_wish (BwCommandService     *self,
           const BwCommandWish  *wish,
           Command             **ret_command,
           GError              **error)
{
  g_autoptr(GError) local_error = NULL;
  BwTreeProperty *property = check_wish (self, wish, error);
  Command *command;
  guint publish_id = 0;

  if (property == NULL)
    return FALSE;

  /* watching begins before the device can answer */
  command = add_command (self, wish, property);
  if (!self->transport.publish (wish->target->device->tree, property, wish->value, &publish_id,
                                self->transport_data, &local_error))
    {
      end (command, BW_COMMAND_FAILED, local_error->message);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  command->publish_id = publish_id;
  g_hash_table_insert (self->unacknowledged, GUINT_TO_POINTER (publish_id), command);
  *ret_command = command;

  return TRUE;
}

static void
tell_desired_gone (BwCommandService    *self,
                   const BwCommandWish *wish)
{
  BwDesiredRow row = { .device_id = wish->device_id, .node = wish->node, .property = wish->property };
  g_autoptr(GString) document = g_string_new (NULL);

  bw_desired_row_write (&row, TRUE, document);
  bw_feed_changed (self->feed, "desired", wish->target->company_id, document->str);
}

static void
audited_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  BwCommandService *self = g_task_get_source_object (task);
  const BwCommandWish *wish = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  Command *command = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) != NULL && wish->takes_place)
    tell_desired_gone (self, wish);

  if (error != NULL || !send_wish (self, wish, &command, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (wish->wait_seconds == 0)
    g_task_return_pointer (task, write_document (command), g_free);
  else
    command->waiting = g_steal_pointer (&task);
}

/* What was sent cannot be taken back: that it was wanted is written down before. */
static void
target_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  BwCommandService *self = g_task_get_source_object (task);
  BwCommandWish *wish = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  GTask *step;

  wish->target = g_task_propagate_pointer (G_TASK (result), &error);
  if (wish->target == NULL || check_wish (self, wish, &error) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  step = g_task_new (self, NULL, audited_cb, g_object_ref (task));
  g_task_set_source_tag (step, bw_command_wish_audit_job);
  g_task_set_task_data (step, wish, NULL);
  bw_store_push_write (self->store, step, bw_command_wish_audit_job, NULL);
}

static void
drop_all (BwCommandService *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Command *command = value;
      g_autoptr(GTask) waiting = g_steal_pointer (&command->waiting);

      if (waiting != NULL)
        g_task_return_new_error (waiting, BW_ERROR, BW_ERROR_UNAVAILABLE, "the backend is stopping");
    }

  g_queue_clear (&self->pending);
  g_queue_clear (&self->kept);
  g_hash_table_remove_all (self->unacknowledged);
  g_hash_table_remove_all (self->by_id);
}

static void
bw_command_service_dispose (GObject *object)
{
  BwCommandService *self = (BwCommandService *) object;

  self->has_transport = FALSE;
  self->transport_data = NULL;
  drop_all (self);
  g_clear_handle_id (&self->sweep_source, g_source_remove);
  g_clear_object (&self->store);
  g_clear_object (&self->feed);
  g_clear_object (&self->timeline);

  G_OBJECT_CLASS (bw_command_service_parent_class)->dispose (object);
}

static void
bw_command_service_finalize (GObject *object)
{
  BwCommandService *self = (BwCommandService *) object;

  g_clear_pointer (&self->unacknowledged, g_hash_table_unref);
  g_clear_pointer (&self->by_id, g_hash_table_unref);

  G_OBJECT_CLASS (bw_command_service_parent_class)->finalize (object);
}

static void
bw_command_service_class_init (BwCommandServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_command_service_dispose;
  object_class->finalize = bw_command_service_finalize;
}

static void
bw_command_service_init (BwCommandService *self)
{
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, command_free);
  self->unacknowledged = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->pending);
  g_queue_init (&self->kept);
  self->sweep_source = g_timeout_add_seconds (SWEEP_SECONDS, sweep_cb, self);
}

BwCommandService *
bw_command_service_new (BwStore *store,
                        BwFeed  *feed)
{
  BwCommandService *self;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);
  g_return_val_if_fail (BW_IS_FEED (feed), NULL);

  self = g_object_new (BW_TYPE_COMMAND_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);

  return self;
}

void
bw_command_service_set_timeline (BwCommandService  *self,
                                 BwTimelineService *timeline)
{
  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));

  g_set_object (&self->timeline, timeline);
}

void
bw_command_service_set_transport (BwCommandService         *self,
                                  const BwCommandTransport *transport,
                                  gpointer                  user_data)
{
  GList *link;

  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));

  /* What the broker has not taken it will not take any more; what it has, the device may still answer. */
  for (link = self->pending.head; transport == NULL && link != NULL;)
    {
      Command *command = link->data;

      link = link->next;
      if (command->state == BW_COMMAND_WANTED)
        end (command, BW_COMMAND_FAILED, NOT_SENT);
    }

  self->has_transport = transport != NULL;
  if (transport == NULL && user_data != NULL)
    return;

  if (transport == NULL || user_data == self->transport_data)
    {
      self->transport_data = user_data;
      return;
    }

  self->transport = *transport;
  self->transport_data = user_data;
  for (link = self->pending.head; link != NULL; link = link->next)
    watch (link->data, TRUE);
}

/* @wish: (transfer full) */
static void
push_wish (BwCommandService    *self,
           BwCommandWish       *wish,
           gpointer             source_tag,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GTask *load;

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, wish, (GDestroyNotify) bw_command_wish_free);

  load = g_task_new (self, cancellable, target_loaded_cb, g_object_ref (task));
  g_task_set_source_tag (load, bw_command_wish_load_job);
  g_task_set_task_data (load, wish, NULL);
  bw_store_push_read (self->store, load, bw_command_wish_load_job, (GDestroyNotify) bw_command_target_free);
}

void
bw_command_service_set_async (BwCommandService    *self,
                              const BwActor       *actor,
                              const char          *address,
                              const char          *device_id,
                              const char          *node,
                              const char          *property,
                              const char          *value,
                              guint                wait_seconds,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  BwCommandWish *wish;

  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));
  g_return_if_fail (device_id != NULL && node != NULL && property != NULL && value != NULL);

  wish = g_new0 (BwCommandWish, 1);
  wish->actor = bw_actor_ref ((BwActor *) actor);
  wish->address = g_strdup (address);
  wish->device_id = g_strdup (device_id);
  wish->node = g_strdup (node);
  wish->property = g_strdup (property);
  wish->value = g_strdup (value);
  wish->wait_seconds = MIN (wait_seconds, BW_COMMAND_MAX_WAIT_SECONDS);

  push_wish (self, wish, bw_command_service_set_async, cancellable, callback, user_data);
}

char *
bw_command_service_set_finish (BwCommandService  *self,
                               GAsyncResult      *result,
                               GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* He may have left meanwhile; what he wanted was his right when he wanted it. */
static BwActor *
make_actor (const BwDesiredRow *row,
            gint64              company_id)
{
  BwAccountRow account = { .id = row->account_id, .login = row->login };
  BwActor *actor = bw_actor_new ("", &account, NULL, FALSE, 0);

  actor->company_id = company_id;

  return actor;
}

void
bw_command_service_deliver_async (BwCommandService    *self,
                                  const BwDesiredRow  *row,
                                  gint64               company_id,
                                  guint                wait_seconds,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  BwCommandWish *wish;

  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));

  wish = g_new0 (BwCommandWish, 1);
  wish->actor = make_actor (row, company_id);
  wish->address = g_strdup ("");
  wish->device_id = g_strdup (row->device_id);
  wish->node = g_strdup (row->node);
  wish->property = g_strdup (row->property);
  wish->value = g_strdup (row->value);
  wish->wait_seconds = wait_seconds;
  wish->is_kept = TRUE;

  push_wish (self, wish, bw_command_service_deliver_async, cancellable, callback, user_data);
}

gboolean
bw_command_service_deliver_finish (BwCommandService  *self,
                                   GAsyncResult      *result,
                                   gboolean          *ret_refused,
                                   char             **ret_reason)
{
  static const char *const not_the_device[] = { TIMED_OUT, NOT_SENT, REPLACED, NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr(JsonObject) document = NULL;
  const char *reason;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  text = g_task_propagate_pointer (G_TASK (result), &error);
  if (text == NULL)
    {
      *ret_refused = g_error_matches (error, BW_ERROR, BW_ERROR_INVALID) ||
                     g_error_matches (error, BW_ERROR, BW_ERROR_NOT_FOUND);
      *ret_reason = g_strdup (error->message);
      return FALSE;
    }

  document = bw_json_parse_object (text, strlen (text), strlen (text) + 1, NULL);
  if (g_strcmp0 (bw_json_get_string (document, "state"), bw_command_state_to_nick (BW_COMMAND_CONFIRMED)) == 0)
    return TRUE;

  reason = bw_json_get_string (document, "reason");
  *ret_refused = reason != NULL && !g_strv_contains (not_the_device, reason);
  *ret_reason = g_strdup (reason);

  return FALSE;
}

char *
bw_command_service_get (BwCommandService  *self,
                        gint64             company_id,
                        gboolean           is_root,
                        const char        *id,
                        GError           **error)
{
  Command *command;

  g_return_val_if_fail (BW_IS_COMMAND_SERVICE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  command = g_hash_table_lookup (self->by_id, id);
  if (command == NULL ||
      (!is_root && company_id != command->actor_company_id && company_id != command->company_id))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no such command of the last minutes");
      return NULL;
    }

  return write_document (command);
}

void
bw_command_service_acknowledged (BwCommandService *self,
                                 guint             publish_id)
{
  Command *command;

  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));

  command = g_hash_table_lookup (self->unacknowledged, GUINT_TO_POINTER (publish_id));
  if (command == NULL)
    return;

  g_hash_table_remove (self->unacknowledged, GUINT_TO_POINTER (publish_id));
  command->publish_id = 0;
  if (command->state == BW_COMMAND_WANTED)
    set_state (command, BW_COMMAND_SENT);
}

static gboolean
is_about (const Command *command,
          const char    *device_id,
          const char    *node,
          const char    *property)
{
  return strcmp (command->device_id, device_id) == 0 &&
         strcmp (command->property, property) == 0 &&
         strcmp (command->node, node) == 0;
}

/**
 * bw_command_service_echo:
 *
 * The device may have swallowed the first of two wishes for one property, so
 * the answer to a later one ends those before it.
 */
void
bw_command_service_echo (BwCommandService *self,
                         const char       *device_id,
                         const char       *node,
                         const char       *property,
                         const char       *value)
{
  Command *confirmed = NULL;
  GList *link;

  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));

  for (link = self->pending.tail; link != NULL;)
    {
      Command *command = link->data;

      link = link->prev;
      if (!is_about (command, device_id, node, property))
        continue;

      if (confirmed != NULL)
        end (command, BW_COMMAND_FAILED, REPLACED);
      else if (bw_value_means_same (command->datatype, command->format, command->value, value))
        {
          confirmed = command;
          end (command, BW_COMMAND_CONFIRMED, NULL);
        }
    }
}

/**
 * bw_command_service_complained:
 *
 * A device does not say which of several wishes it could not fulfil; if its
 * words do not name a property, it is taken for the oldest.
 */
void
bw_command_service_complained (BwCommandService *self,
                               const char       *device_id,
                               const char       *text)
{
  Command *found = NULL;

  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));

  for (GList *l = self->pending.head; l != NULL; l = l->next)
    {
      Command *command = l->data;

      if (strcmp (command->device_id, device_id) != 0)
        continue;

      if (found == NULL)
        found = command;

      if (strstr (text, command->property) != NULL)
        {
          found = command;
          break;
        }
    }

  if (found != NULL)
    end (found, BW_COMMAND_FAILED, text);
}
