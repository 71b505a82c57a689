/* bw-command-book.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-command-book.h"

#include <sodium.h>
#include <string.h>

#include "bw-command.h"
#include "bw-error.h"
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

/* Of a value, in what is kept of a command. */
#define MAX_NOTED_CHARS 200

/**
 * BwCommandBook:
 *
 * What was wished for and what became of it, in memory: a command lives for
 * seconds, and after a restart nobody waits for it. Main thread.
 */

struct _BwCommandBook
{
  BwFeed             *feed;
  BwTimelineService  *timeline;       /* (nullable) */
  BwCommandWatchFunc  watch;
  gpointer            watch_data;

  GHashTable         *by_id;          /* char* → BwCommandEntry, which it owns */
  GQueue              pending;        /* (element-type BwCommandEntry): oldest first */
  GHashTable         *by_device;      /* device id → GPtrArray of the pending ones of it, oldest first */
  GQueue              kept;           /* likewise, that have ended */
  GHashTable         *unacknowledged; /* publish id → BwCommandEntry */
  guint               sweep_source;
};

struct _BwCommandEntry
{
  BwCommandBook    *book;           /* (unowned) */
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
  gboolean          is_quiet;
  GList             link;           /* in the book's pending */
  GTask            *waiting;        /* (nullable): completed when it ends, */
  GSource          *cancel_source;  /* (nullable): or when who waits is sent away */
};

/* (transfer full) (nullable): who waits, and no longer does */
static GTask *
take_waiting (BwCommandEntry *command)
{
  if (command->cancel_source != NULL)
    g_source_destroy (command->cancel_source);
  g_clear_pointer (&command->cancel_source, g_source_unref);

  return g_steal_pointer (&command->waiting);
}

static void
command_free (gpointer data)
{
  BwCommandEntry *command = data;
  GTask *waiting = take_waiting (command);

  g_clear_object (&waiting);
  g_clear_handle_id (&command->timeout_source, g_source_remove);
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
write_document (const BwCommandEntry *command)
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
set_state (BwCommandEntry *command,
           BwCommandState  state)
{
  g_autofree char *document = NULL;

  command->state = state;
  command->revision++;
  command->updated_at_us = g_get_real_time ();
  if (command->is_quiet)
    return;

  document = write_document (command);
  bw_feed_changed (command->book->feed, "command", command->company_id, document);
}

static void
watch (const BwCommandEntry *command,
       gboolean              on)
{
  command->book->watch (command->device_id, command->node, command->property, on, command->book->watch_data);
}

static void
forget_oldest (BwCommandBook *self)
{
  BwCommandEntry *command = g_queue_pop_head (&self->kept);

  g_hash_table_remove (self->by_id, command->id);
}

static void
note_end (const BwCommandEntry *command)
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
  bw_json_add_id (details, "companyId", command->company_id);
  bw_json_end_object (details);

  bw_timeline_service_note (command->book->timeline,
                            bw_event_new (command->device_id, BW_EVENT_COMMAND, command->updated_at_us, g_strdup (command->id),
                                          g_string_free (details, FALSE)));
}

/* (transfer full) (nullable): what is open of a device */
static GPtrArray *
ref_pending (BwCommandBook *self,
             const char    *device_id)
{
  GPtrArray *pending = g_hash_table_lookup (self->by_device, device_id);

  return pending != NULL ? g_ptr_array_ref (pending) : NULL;
}

static void
add_pending (BwCommandBook  *self,
             BwCommandEntry *command)
{
  GPtrArray *pending = g_hash_table_lookup (self->by_device, command->device_id);

  if (pending == NULL)
    {
      pending = g_ptr_array_new ();
      g_hash_table_insert (self->by_device, g_strdup (command->device_id), pending);
    }

  g_ptr_array_add (pending, command);
  command->link.data = command;
  g_queue_push_tail_link (&self->pending, &command->link);
}

static void
remove_pending (BwCommandBook  *self,
                BwCommandEntry *command)
{
  GPtrArray *pending = g_hash_table_lookup (self->by_device, command->device_id);

  g_queue_unlink (&self->pending, &command->link);
  if (pending != NULL && g_ptr_array_remove (pending, command) && pending->len == 0)
    g_hash_table_remove (self->by_device, command->device_id);
}

static void
end (BwCommandEntry *command,
     BwCommandState  state,
     const char     *reason)
{
  BwCommandBook *self = command->book;
  g_autoptr(GTask) waiting = take_waiting (command);

  g_clear_handle_id (&command->timeout_source, g_source_remove);
  if (command->publish_id != 0 &&
      g_hash_table_lookup (self->unacknowledged, GUINT_TO_POINTER (command->publish_id)) == command)
    g_hash_table_remove (self->unacknowledged, GUINT_TO_POINTER (command->publish_id));
  command->publish_id = 0;

  remove_pending (self, command);
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
  BwCommandEntry *command = user_data;

  command->timeout_source = 0;
  end (command, BW_COMMAND_FAILED, BW_COMMAND_TIMED_OUT);

  return G_SOURCE_REMOVE;
}

static gboolean
sweep_cb (gpointer user_data)
{
  BwCommandBook *self = user_data;
  gint64 oldest_us = g_get_real_time () - KEPT_US;

  while (self->kept.length > 0 && ((BwCommandEntry *) self->kept.head->data)->updated_at_us < oldest_us)
    forget_oldest (self);

  return G_SOURCE_CONTINUE;
}

BwCommandBook *
bw_command_book_new (BwFeed             *feed,
                     BwCommandWatchFunc  watch_func,
                     gpointer            user_data)
{
  BwCommandBook *self = g_new0 (BwCommandBook, 1);

  self->feed = g_object_ref (feed);
  self->watch = watch_func;
  self->watch_data = user_data;
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, command_free);
  self->by_device = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->unacknowledged = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->pending);
  g_queue_init (&self->kept);
  self->sweep_source = g_timeout_add_seconds (SWEEP_SECONDS, sweep_cb, self);

  return self;
}

void
bw_command_book_free (BwCommandBook *self)
{
  bw_command_book_close (self);
  g_clear_handle_id (&self->sweep_source, g_source_remove);
  g_hash_table_unref (self->unacknowledged);
  g_hash_table_unref (self->by_device);
  g_hash_table_unref (self->by_id);
  g_clear_object (&self->timeline);
  g_object_unref (self->feed);
  g_free (self);
}

void
bw_command_book_set_timeline (BwCommandBook     *self,
                              BwTimelineService *timeline)
{
  g_set_object (&self->timeline, timeline);
}

void
bw_command_book_close (BwCommandBook *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BwCommandEntry *command = value;
      g_autoptr(GTask) waiting = take_waiting (command);

      if (waiting != NULL)
        g_task_return_new_error (waiting, BW_ERROR, BW_ERROR_UNAVAILABLE, "the backend is stopping");
    }

  g_queue_init (&self->pending);     /* its links are the commands' own */
  g_hash_table_remove_all (self->by_device);
  g_queue_clear (&self->kept);
  g_hash_table_remove_all (self->unacknowledged);
  g_hash_table_remove_all (self->by_id);
}

gboolean
bw_command_book_check (BwCommandBook  *self,
                       const char     *device_id,
                       GError        **error)
{
  g_autoptr(GPtrArray) pending = ref_pending (self, device_id);
  guint n_of_device = pending != NULL ? pending->len : 0;

  if (self->pending.length >= MAX_PENDING || n_of_device >= MAX_PENDING_OF_DEVICE)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY, "%u sets are still waiting for an answer",
                   n_of_device >= MAX_PENDING_OF_DEVICE ? n_of_device : self->pending.length);
      return FALSE;
    }

  return TRUE;
}

BwCommandEntry *
bw_command_book_add (BwCommandBook        *self,
                     const BwCommandWish  *wish,
                     const BwTreeProperty *property)
{
  BwCommandEntry *command = g_new0 (BwCommandEntry, 1);
  guint wait_seconds = wish->wait_seconds > 0 ? wish->wait_seconds : DEFAULT_WAIT_SECONDS;
  guint8 random[ID_BYTES];

  randombytes_buf (random, sizeof random);
  sodium_bin2hex (command->id, sizeof command->id, random, sizeof random);

  command->book = self;
  command->actor_company_id = wish->actor->company_id;
  command->company_id = wish->target->company_id;
  command->login = g_strdup (wish->actor->login);
  command->device_id = g_strdup (wish->device_id);
  command->node = g_strdup (wish->node);
  command->property = g_strdup (wish->property);
  command->value = g_strdup (wish->value);
  command->format = g_strdup (property->format);
  command->datatype = property->datatype;
  command->is_quiet = wish->is_quiet;
  command->created_at_us = g_get_real_time ();
  command->timeout_source = g_timeout_add (wait_seconds * 1000, timed_out_cb, command);

  g_hash_table_insert (self->by_id, command->id, command);
  add_pending (self, command);
  watch (command, TRUE);
  set_state (command, BW_COMMAND_WANTED);

  return command;
}

void
bw_command_book_sent (BwCommandBook  *self,
                      BwCommandEntry *entry,
                      guint           publish_id)
{
  entry->publish_id = publish_id;
  g_hash_table_insert (self->unacknowledged, GUINT_TO_POINTER (publish_id), entry);
}

void
bw_command_book_fail (BwCommandBook  *self,
                      BwCommandEntry *entry,
                      const char     *reason)
{
  end (entry, BW_COMMAND_FAILED, reason);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr(GTask) waiting = take_waiting (user_data);

  g_task_return_error_if_cancelled (waiting);

  return G_SOURCE_REMOVE;
}

void
bw_command_book_wait (BwCommandEntry *entry,
                      GTask          *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  entry->waiting = task;
  if (cancellable == NULL)
    return;

  entry->cancel_source = g_cancellable_source_new (cancellable);
  g_source_set_static_name (entry->cancel_source, "[bw] wait for a device");
  g_source_set_callback (entry->cancel_source, G_SOURCE_FUNC (cancelled_cb), entry, NULL);
  g_source_attach (entry->cancel_source, g_task_get_context (task));
}

char *
bw_command_book_write (const BwCommandEntry *entry)
{
  return write_document (entry);
}

char *
bw_command_book_get (BwCommandBook *self,
                     gint64         company_id,
                     gboolean       is_root,
                     const char    *id)
{
  const BwCommandEntry *command = g_hash_table_lookup (self->by_id, id);

  if (command == NULL || (!is_root && company_id != command->actor_company_id && company_id != command->company_id))
    return NULL;

  return write_document (command);
}

void
bw_command_book_fail_unsent (BwCommandBook *self)
{
  for (GList *link = self->pending.head; link != NULL;)
    {
      BwCommandEntry *command = link->data;

      link = link->next;
      if (command->state == BW_COMMAND_WANTED)
        end (command, BW_COMMAND_FAILED, BW_COMMAND_NOT_SENT);
    }
}

void
bw_command_book_watch_all (BwCommandBook *self)
{
  for (GList *link = self->pending.head; link != NULL; link = link->next)
    watch (link->data, TRUE);
}

void
bw_command_book_acknowledged (BwCommandBook *self,
                              guint          publish_id)
{
  BwCommandEntry *command;

  command = g_hash_table_lookup (self->unacknowledged, GUINT_TO_POINTER (publish_id));
  if (command == NULL)
    return;

  g_hash_table_remove (self->unacknowledged, GUINT_TO_POINTER (publish_id));
  command->publish_id = 0;
  if (command->state == BW_COMMAND_WANTED)
    set_state (command, BW_COMMAND_SENT);
}

static gboolean
is_about (const BwCommandEntry *command,
          const char           *node,
          const char           *property)
{
  return strcmp (command->property, property) == 0 && strcmp (command->node, node) == 0;
}

/* The device may have swallowed the first of two wishes for one property, so the answer to a later one ends those
 * before it. */
void
bw_command_book_echo (BwCommandBook *self,
                      const char    *device_id,
                      const char    *node,
                      const char    *property,
                      const char    *value)
{
  g_autoptr(GPtrArray) pending = ref_pending (self, device_id);
  gboolean confirmed = FALSE;

  for (guint i = pending != NULL ? pending->len : 0; i-- > 0;)
    {
      BwCommandEntry *command = g_ptr_array_index (pending, i);

      if (!is_about (command, node, property))
        continue;

      if (confirmed)
        end (command, BW_COMMAND_FAILED, BW_COMMAND_REPLACED);
      else if (bw_value_means_same (command->datatype, command->format, command->value, value))
        {
          confirmed = TRUE;
          end (command, BW_COMMAND_CONFIRMED, NULL);
        }
    }
}

/* A device does not say which of several wishes it could not fulfil; if its words do not name a property, it is
 * taken for the oldest. */
void
bw_command_book_complained (BwCommandBook *self,
                            const char    *device_id,
                            const char    *text)
{
  g_autoptr(GPtrArray) pending = ref_pending (self, device_id);
  BwCommandEntry *found = pending != NULL ? g_ptr_array_index (pending, 0) : NULL;

  for (guint i = 0; found != NULL && i < pending->len; i++)
    {
      BwCommandEntry *command = g_ptr_array_index (pending, i);

      if (strstr (text, command->property) != NULL)
        {
          found = command;
          break;
        }
    }

  if (found != NULL)
    end (found, BW_COMMAND_FAILED, text);
}
