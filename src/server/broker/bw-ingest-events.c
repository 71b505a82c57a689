/* bw-ingest-events.c: what happens to devices, as the ingest sees it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-broker"

#include "bw-ingest-events.h"

#include "bw-event-repo.h"
#include "bw-json.h"

/* While the history's database does not take them. Then they are lost, as it may be; the devices go on. */
#define MAX_NOTED 20000

/* Of what a device says of itself. */
#define MAX_SAID_CHARS 500

static void
note (BwIngest       *self,
      BwCachedDevice *cached,
      BwEventKind     kind,
      gint64          at_us,
      char           *mark,      /* (transfer full) (nullable) */
      GString        *details)   /* (transfer full) */
{
  bw_json_end_object (details);
  g_ptr_array_add (self->events_noted, bw_event_new (cached->id, kind, at_us, mark, g_string_free (details, FALSE)));
}

static GString *
begin_details (void)
{
  GString *details = g_string_new (NULL);

  bw_json_begin_object (details, NULL);

  return details;
}

void
bw_ingest_note_first_seen (BwIngest       *self,
                           BwCachedDevice *cached,
                           const char     *address,
                           gint64          at_us)
{
  GString *details;

  if (self->history_db == NULL)
    return;

  details = begin_details ();
  bw_json_add_string (details, "address", address);
  note (self, cached, BW_EVENT_FIRST_SEEN, at_us, g_strdup ("first"), details);
}

/* How it went: by what it has said before. */
static const char *
find_cause (const BwIngestDevice *device)
{
  switch (device->tree->state)
    {
    case BW_STATE_DISCONNECTED:
      return "left";

    case BW_STATE_SLEEPING:
      return "asleep";

    case BW_STATE_NOT_CONNECTED:
    case BW_STATE_INIT:
    case BW_STATE_READY:
    case BW_STATE_LOST:
    case BW_STATE_ALERT:
    default:
      return "lost";
    }
}

void
bw_ingest_note_presence (BwIngest       *self,
                         BwCachedDevice *cached,
                         gint64          at_us)
{
  const BwIngestDevice *device = cached->device;
  GString *details;

  if (self->history_db == NULL)
    return;

  details = begin_details ();
  bw_json_add_boolean (details, "online", device->online);
  bw_json_add_string (details, "address", device->address);
  if (!device->online)
    bw_json_add_string (details, "cause", find_cause (device));
  note (self, cached, BW_EVENT_CONNECTION, at_us,
        g_strdup_printf ("%d %" G_GINT64_FORMAT, device->online, at_us), details);
}

void
bw_ingest_note_said (BwIngest       *self,
                     BwCachedDevice *cached,
                     const BwEffect *effect)
{
  static const char * const levels[] = { "debug", "info", "warning", "error", "fatal" };
  g_autofree char *text = NULL;
  GString *details;

  if (self->history_db == NULL || effect->text == NULL || effect->level == BW_LEVEL_DEBUG)
    return;

  text = g_utf8_substring (effect->text, 0, MIN (g_utf8_strlen (effect->text, -1), MAX_SAID_CHARS));
  details = begin_details ();
  bw_json_add_string (details, "level", levels[CLAMP ((int) effect->level, 0, (int) G_N_ELEMENTS (levels) - 1)]);
  bw_json_add_boolean (details, "alert", effect->is_alert);
  bw_json_add_string (details, "text", text);
  note (self, cached, BW_EVENT_NOTICE, g_get_real_time (),
        g_strdup_printf ("%d%d %s", effect->level, effect->is_alert, text), details);
}

static void
note_state (BwIngest       *self,
            BwCachedDevice *cached,
            gint64          now_us)
{
  BwState state = bw_ingest_device_get_state (cached->device);
  GString *details;

  if (state == cached->known.state)
    return;

  details = begin_details ();
  bw_json_add_string (details, "from", bw_state_to_nick (cached->known.state));
  bw_json_add_string (details, "to", bw_state_to_nick (state));
  note (self, cached, BW_EVENT_STATE, now_us, g_strdup (bw_state_to_nick (state)), details);
}

static void
note_firmware (BwIngest       *self,
               BwCachedDevice *cached,
               gint64          now_us)
{
  const BwDeviceTree *tree = cached->device->tree;
  GString *details;

  /* One that takes itself away, and one that is described anew, say it again. */
  if ((tree->product == NULL && tree->version == NULL) ||
      (g_strcmp0 (tree->product, cached->known.product) == 0 && g_strcmp0 (tree->version, cached->known.version) == 0))
    return;

  details = begin_details ();
  bw_json_add_string (details, "product", tree->product);
  bw_json_add_string (details, "version", tree->version);
  bw_json_add_string (details, "productBefore", cached->known.product);
  bw_json_add_string (details, "versionBefore", cached->known.version);
  note (self, cached, BW_EVENT_FIRMWARE, now_us,
        g_strdup_printf ("%s %s", tree->product != NULL ? tree->product : "", tree->version != NULL ? tree->version : ""), details);
}

static void
note_description (BwIngest       *self,
                  BwCachedDevice *cached,
                  guint64         before,
                  gint64          now_us)
{
  const BwDeviceTree *tree = cached->device->tree;
  GString *details;

  if (cached->known.structure == before)
    return;

  details = begin_details ();
  bw_json_add_int (details, "nodes", tree->nodes->len);
  bw_json_add_int (details, "properties", tree->n_properties);
  note (self, cached, BW_EVENT_DESCRIPTION, now_us, g_strdup_printf ("%" G_GINT64_MODIFIER "x", cached->known.structure), details);
}

void
bw_ingest_note_changes (BwIngest *self)
{
  gint64 now_us = g_get_real_time ();

  if (self->history_db == NULL)
    return;

  for (guint i = 0; i < self->to_store->len; i++)
    {
      BwCachedDevice *cached = g_ptr_array_index (self->to_store, i);
      guint64 structure = cached->known.structure;

      if ((cached->device->what & (BW_INGEST_FACTS | BW_INGEST_STRUCTURE | BW_INGEST_PRESENCE)) == 0)
        continue;

      note_state (self, cached, now_us);
      note_firmware (self, cached, now_us);
      bw_known_device_set (&cached->known, cached->device);
      note_description (self, cached, structure, now_us);
    }
}

/* on the history's thread */
static gpointer
store_events (gpointer   owned_by_thread,
              gpointer   task_data,
              GError   **error)
{
  BwDb *db = bw_history_thread_get_db (owned_by_thread, error);

  return db != NULL && bw_event_repo_add (db, task_data, error) ? BW_STORE_DONE : NULL;
}

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError **ret_error = user_data;

  if (g_task_propagate_pointer (G_TASK (result), ret_error) != NULL)
    g_ptr_array_set_size (g_task_get_task_data (G_TASK (result)), 0);
}

gboolean
bw_ingest_store_events (BwIngest  *self,
                        GError   **error)
{
  g_autoptr(GTask) task = NULL;
  GError *local_error = NULL;

  if (self->events_noted->len == 0)
    return TRUE;

  g_main_context_push_thread_default (self->context);
  task = g_task_new (NULL, NULL, stored_cb, &local_error);
  g_task_set_source_tag (task, bw_ingest_store_events);
  g_task_set_task_data (task, self->events_noted, NULL);
  bw_history_db_push_write (self->history_db, g_object_ref (task), store_events, NULL);
  while (!g_task_get_completed (task))
    g_main_context_iteration (self->context, TRUE);
  g_main_context_pop_thread_default (self->context);

  if (local_error == NULL)
    return TRUE;

  if (self->events_noted->len > MAX_NOTED)
    g_ptr_array_remove_range (self->events_noted, 0, self->events_noted->len - MAX_NOTED);
  g_propagate_error (error, local_error);

  return FALSE;
}
