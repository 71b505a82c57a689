/* bw-command-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-command-service.h"

#include <string.h>

#include "bw-command-book.h"
#include "bw-command-wish.h"
#include "bw-command.h"
#include "bw-error.h"
#include "bw-ingest-repo.h"
#include "bw-json.h"

/**
 * BwCommandService:
 *
 * Looks whether what is wished for can be, and sends it. It does not know MQTT;
 * how a wish leaves, and how it hears of the device's answer, is the business
 * of who fills in the transport. What becomes of it stands in its book. Main thread.
 */

struct _BwCommandService
{
  GObject             parent_instance;

  BwStore            *store;          /* NULL: it has been stopped */
  BwFeed             *feed;
  BwCommandBook      *book;
  BwCommandTransport  transport;
  gpointer            transport_data; /* NULL: there is nobody to watch */
  gboolean            has_transport;
};

G_DEFINE_FINAL_TYPE (BwCommandService, bw_command_service, G_TYPE_OBJECT)

/* Also while the connection is away: what left before may be answered after. */
static void
watch (const char *device_id,
       const char *node,
       const char *property,
       gboolean    on,
       gpointer    user_data)
{
  BwCommandService *self = user_data;

  if (self->transport_data != NULL)
    self->transport.watch (device_id, node, property, on, self->transport_data);
}

static gboolean
check_running (BwCommandService  *self,
               GError           **error)
{
  if (self->store != NULL)
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the backend is stopping");

  return FALSE;
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
      !bw_command_book_check (self->book, wish->device_id, error))
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
           BwCommandEntry      **ret_command,
           GError              **error)
{
  g_autoptr(GError) local_error = NULL;
  BwTreeProperty *property = check_wish (self, wish, error);
  BwCommandEntry *command;
  guint publish_id = 0;

  if (property == NULL)
    return FALSE;

  /* watching begins before the device can answer */
  command = bw_command_book_add (self->book, wish, property);
  if (!self->transport.publish (wish->target->device->tree, property, wish->value, &publish_id,
                                self->transport_data, &local_error))
    {
      bw_command_book_fail (self->book, command, local_error->message);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  bw_command_book_sent (self->book, command, publish_id);
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

/* Ends @task now, or lets it wait for the device. */
static void
send_and_wait (BwCommandService *self,
               GTask            *task)
{
  g_autoptr(GError) error = NULL;
  const BwCommandWish *wish = g_task_get_task_data (task);
  BwCommandEntry *command = NULL;

  if (!send_wish (self, wish, &command, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (wish->wait_seconds == 0)
    g_task_return_pointer (task, bw_command_book_write (command), g_free);
  else
    bw_command_book_wait (command, g_object_ref (task));
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

  if (g_task_propagate_pointer (G_TASK (result), &error) != NULL && wish->takes_place)
    tell_desired_gone (self, wish);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    send_and_wait (self, task);
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
  if (wish->target == NULL || !check_running (self, &error) || check_wish (self, wish, &error) == NULL)
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
bw_command_service_dispose (GObject *object)
{
  BwCommandService *self = (BwCommandService *) object;

  bw_command_service_stop (self);
  g_clear_object (&self->feed);

  G_OBJECT_CLASS (bw_command_service_parent_class)->dispose (object);
}

static void
bw_command_service_finalize (GObject *object)
{
  BwCommandService *self = (BwCommandService *) object;

  g_clear_pointer (&self->book, bw_command_book_free);

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
  self->book = bw_command_book_new (feed, watch, self);

  return self;
}

void
bw_command_service_stop (BwCommandService *self)
{
  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));

  self->has_transport = FALSE;
  self->transport_data = NULL;
  bw_command_book_close (self->book);
  bw_command_book_set_timeline (self->book, NULL);
  g_clear_object (&self->store);
}

void
bw_command_service_set_timeline (BwCommandService  *self,
                                 BwTimelineService *timeline)
{
  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));

  bw_command_book_set_timeline (self->book, timeline);
}

void
bw_command_service_set_transport (BwCommandService         *self,
                                  const BwCommandTransport *transport,
                                  gpointer                  user_data)
{
  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));

  if (transport == NULL)
    bw_command_book_fail_unsent (self->book);

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
  bw_command_book_watch_all (self->book);
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
  g_autoptr(GError) error = NULL;
  GTask *load;

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, wish, (GDestroyNotify) bw_command_wish_free);
  if (!check_running (self, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

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

void
bw_command_service_send_async (BwCommandService    *self,
                               BwCommandWish       *wish,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));
  g_return_if_fail (wish->target != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, bw_command_service_send_async);
  g_task_set_task_data (task, wish, (GDestroyNotify) bw_command_wish_free);
  if (!check_running (self, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    send_and_wait (self, task);
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
  static const char *const not_the_device[] = { BW_COMMAND_TIMED_OUT, BW_COMMAND_NOT_SENT, BW_COMMAND_REPLACED, NULL };
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
  char *document;

  g_return_val_if_fail (BW_IS_COMMAND_SERVICE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  document = bw_command_book_get (self->book, company_id, is_root, id);
  if (document == NULL)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no such command of the last minutes");

  return document;
}

void
bw_command_service_acknowledged (BwCommandService *self,
                                 guint             publish_id)
{
  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));

  bw_command_book_acknowledged (self->book, publish_id);
}

void
bw_command_service_echo (BwCommandService *self,
                         const char       *device_id,
                         const char       *node,
                         const char       *property,
                         const char       *value)
{
  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));

  bw_command_book_echo (self->book, device_id, node, property, value);
}

void
bw_command_service_complained (BwCommandService *self,
                               const char       *device_id,
                               const char       *text)
{
  g_return_if_fail (BW_IS_COMMAND_SERVICE (self));

  bw_command_book_complained (self->book, device_id, text);
}
