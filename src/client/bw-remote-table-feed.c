/* bw-remote-table-feed.c: when what is here is looked at again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-remote-table-private.h"

#include "bw-json.h"

#define HINT_MS         250    /* what is only hinted at is read at most that often */
#define REFRESH_MS      500    /* a list that moves is looked at again now and then, not at each message */
#define SLOW_REFRESH_MS 5000   /* the same, when the message may well be about a row that is just not here */

static gboolean refresh_cb (gpointer user_data);

static void
schedule_refresh (BwRemoteTable *self,
                  guint          delay_ms)
{
  gint64 at_us = g_get_monotonic_time () + (gint64) delay_ms * 1000;

  if (self->refresh_source != 0 && self->refresh_at_us <= at_us)
    return;

  g_clear_handle_id (&self->refresh_source, g_source_remove);
  self->refresh_at_us = at_us;
  self->refresh_source = g_timeout_add (delay_ms, refresh_cb, self);
}

static gboolean
refresh_cb (gpointer user_data)
{
  BwRemoteTable *self = user_data;

  self->refresh_source = 0;

  /* What is on its way may have been read before the change was made. */
  if (self->reset != NULL)
    schedule_refresh (self, REFRESH_MS);
  else
    bw_remote_table_refresh (self);

  return G_SOURCE_REMOVE;
}

static gboolean
hint_cb (gpointer user_data)
{
  BwRemoteTable *self = user_data;

  self->hint_source = 0;
  bw_remote_table_refresh_hinted (self);

  return G_SOURCE_REMOVE;
}

/* Returns: whether a window that is here holds @item, and will be read again */
static gboolean
hint_at (BwRemoteTable *self,
         BwEntity      *item)
{
  gboolean found = FALSE;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->windows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BwRemoteWindow *window = value;

      if (g_ptr_array_find (window->rows, item, NULL))
        found = window->hinted = TRUE;
    }

  if (found && self->hint_source == 0)
    self->hint_source = g_timeout_add (HINT_MS, hint_cb, self);

  return found;
}

/* Something that is not here, or no longer: in a short list it is worth a look at once. */
static void
schedule_for_absent (BwRemoteTable *self,
                     guint          delay_ms)
{
  schedule_refresh (self, self->total < BW_REMOTE_WINDOW_ROWS ? delay_ms : SLOW_REFRESH_MS);
}

/* What somebody may see of it is the backend's to say: the document says only that it changed. */
static gboolean
is_hint (JsonObject *document)
{
  guint n_members = 0;

  n_members += json_object_has_member (document, "id");
  n_members += json_object_has_member (document, "revision");

  return json_object_get_size (document) == n_members;
}

/* It crossed with a reading that was later. */
static gboolean
is_old (BwEntity   *known,
        JsonObject *document)
{
  return known != NULL &&
         bw_json_get_int (document, "revision", G_MAXINT64) < bw_entity_get_revision (known);
}

static void
take_hint (BwRemoteTable *self,
           BwEntity      *known,
           JsonObject    *document)
{
  if (is_old (known, document))
    return;

  /* The windows that are here go when those of another question come. */
  if (self->reset != NULL)
    schedule_refresh (self, HINT_MS);
  else if (known == NULL || !hint_at (self, known))
    schedule_for_absent (self, HINT_MS);
}

static void
take_document (BwRemoteTable *self,
               BwEntity      *known,
               JsonObject    *document)
{
  g_autoptr(GError) error = NULL;
  gboolean moves;

  if (is_old (known, document))
    return;

  moves = self->moves == NULL || self->moves (self, known, document);

  if (known != NULL && !bw_entity_load (known, document, &error))
    g_debug ("an item in the feed: %s, ignoring", error->message);

  if (!moves)
    return;

  if (known != NULL)
    schedule_refresh (self, REFRESH_MS);
  else
    schedule_for_absent (self, REFRESH_MS);
}

static void
changed_cb (BwRemoteTable *self,
            const char    *kind,
            JsonObject    *document,
            BwSession     *session)
{
  const char *id = bw_json_get_string (document, "id");
  BwEntity *known = id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;

  if (bw_json_get_boolean (document, "removed", FALSE))
    {
      if (known != NULL)
        schedule_refresh (self, HINT_MS);
      else
        schedule_for_absent (self, HINT_MS);
    }
  else if (is_hint (document))
    take_hint (self, known, document);
  else
    take_document (self, known, document);
}

/* Broker or backend are there again. */
static void
feed_connected_cb (BwRemoteTable *self,
                   GParamSpec    *pspec,
                   BwSession     *session)
{
  if (bw_session_get_feed_connected (session))
    bw_remote_table_refresh (self);
}

static void
online_cb (BwRemoteTable *self,
           GParamSpec    *pspec,
           BwSession     *session)
{
  if (bw_session_get_online (session) && self->n_requests == 0)
    bw_remote_table_refresh (self);
}

/* Another participation reaches other rows. The feed comes back later, and only if there is a broker. */
static void
acting_cb (BwRemoteTable *self,
           GParamSpec    *pspec,
           BwSession     *session)
{
  bw_remote_table_start_reset (self);
}

void
bw_remote_table_start_feed (BwRemoteTable *self,
                            const char    *kind)
{
  g_autofree char *signal = kind != NULL ? g_strconcat ("changed::", kind, NULL) : NULL;

  if (signal != NULL)
    g_signal_connect_object (self->session, signal, G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);

  g_signal_connect_object (self->session, "notify::feed-connected",
                           G_CALLBACK (feed_connected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::online",
                           G_CALLBACK (online_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::acting",
                           G_CALLBACK (acting_cb), self, G_CONNECT_SWAPPED);
}

void
bw_remote_table_forget_changes (BwRemoteTable *self)
{
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  g_clear_handle_id (&self->hint_source, g_source_remove);
}

void
bw_remote_table_rows_moved (BwRemoteTable *self)
{
  schedule_refresh (self, HINT_MS);
}

void
bw_remote_table_reload_soon (BwRemoteTable *self)
{
  g_return_if_fail (BW_IS_REMOTE_TABLE (self));

  schedule_refresh (self, REFRESH_MS);
}
