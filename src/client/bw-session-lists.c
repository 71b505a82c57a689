/* bw-session-lists.c: the short lists that are held whole
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"

/* Many hints come together: a company that goes takes participations with it. */
#define REFRESH_MS 100

static const struct
{
  const char *path;
  const char *kind;   /* of the feed's changes */
} lists[BW_N_LISTS] = {
  [BW_LIST_COMPANIES] = { "/v1/companies", "company" },
  [BW_LIST_BATCHES]   = { "/v1/batches", NULL },          /* the feed has them whole */
  [BW_LIST_ROLES]     = { "/v1/roles", "role" },
  [BW_LIST_TAGS]      = { "/v1/tags", "tag" },
};

typedef struct
{
  BwListNumber which;
  guint        number;   /* of the question: an older answer may come after a newer one */
  guint        since;    /* what came by itself after that stays */
} Load;

void
bw_session_init_lists (BwSession *self)
{
  self->lists[BW_LIST_COMPANIES].list = bw_entity_list_new (BW_TYPE_COMPANY);
  self->lists[BW_LIST_BATCHES].list = bw_entity_list_new (BW_TYPE_BATCH);
  self->lists[BW_LIST_ROLES].list = bw_entity_list_new (BW_TYPE_ROLE);
  self->lists[BW_LIST_TAGS].list = bw_entity_list_new (BW_TYPE_TAG);
}

void
bw_session_clear_lists (BwSession *self)
{
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  for (guint i = 0; i < BW_N_LISTS; i++)
    g_clear_object (&self->lists[i].list);
}

/* Another one acts: nothing of what the one before saw may stay, nor arrive late. */
void
bw_session_empty_lists (BwSession *self)
{
  g_autoptr(JsonArray) nothing = json_array_new ();

  for (guint i = 0; i < BW_N_LISTS; i++)
    {
      self->lists[i].n_taken = self->lists[i].n_asked;
      bw_entity_list_load (self->lists[i].list, nothing, bw_entity_list_begin_load (self->lists[i].list));
    }
}

static void
list_received_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  BwSession *self = BW_SESSION (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  Load *load = g_task_get_task_data (task);
  BwHeldList *held = &self->lists[load->which];
  JsonArray *items;

  reply = bw_session_document_finish (self, result, &error);
  items = bw_json_get_array (reply, "items");
  if (reply != NULL && items == NULL)
    g_set_error_literal (&error, BW_ERROR, BW_ERROR_INVALID, "the backend's answer holds no list");

  if (items == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (load->number > held->n_taken && held->list != NULL)
    {
      held->n_taken = load->number;
      held->is_held = TRUE;
      bw_entity_list_load (held->list, items, load->since);
      if (load->which == BW_LIST_COMPANIES)
        bw_session_follow_companies (self);
    }

  g_task_return_boolean (task, TRUE);
}

static void
load_list_async (BwSession           *self,
                 BwListNumber         which,
                 gpointer             source_tag,
                 GCancellable        *cancellable,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Load *load = g_new (Load, 1);

  load->which = which;
  load->number = ++self->lists[which].n_asked;
  load->since = bw_entity_list_begin_load (self->lists[which].list);
  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, load, g_free);
  bw_session_exchange_async (self, "GET", lists[which].path, NULL, BW_LONG_REPLY_MAX_BYTES,
                             BW_EXCHANGE_PLAIN, cancellable, list_received_cb, g_steal_pointer (&task));
}

static void
list_refreshed_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  BwSession *self = BW_SESSION (source);
  g_autoptr(GError) error = NULL;

  if (!bw_session_finish_boolean (self, result, bw_session_refresh_soon, &error))
    g_debug ("a list: %s", error->message);
}

static gboolean
refresh_cb (gpointer user_data)
{
  BwSession *self = user_data;
  guint stale = self->stale;

  self->refresh_source = 0;
  self->stale = 0;
  for (guint i = 0; i < BW_N_LISTS && self->token != NULL; i++)
    {
      if (stale & (1u << i))
        load_list_async (self, (BwListNumber) i, bw_session_refresh_soon, self->cancellable,
                         list_refreshed_cb, NULL);
    }

  if (stale & BW_STALE_SESSION)
    bw_session_check_token (self);

  return G_SOURCE_REMOVE;
}

/* @stale: bits of list numbers, or BW_STALE_SESSION. A list that nobody has read yet stays so. */
void
bw_session_refresh_soon (BwSession *self,
                         guint      stale)
{
  for (guint i = 0; i < BW_N_LISTS; i++)
    {
      if (!self->lists[i].is_held)
        stale &= ~(1u << i);
    }

  self->stale |= stale;
  if (self->stale != 0 && self->refresh_source == 0 && self->token != NULL)
    self->refresh_source = g_timeout_add (REFRESH_MS, refresh_cb, self);
}

/* What happened while one of the two was away was not heard: read again what is held. */
void
bw_session_refresh_held (BwSession *self)
{
  /* To follow a company's changes takes knowing it. */
  self->lists[BW_LIST_COMPANIES].is_held = TRUE;
  bw_session_refresh_soon (self, BW_STALE_LISTS);
}

/* Somebody changed a thing of @kind: which lists show it, or count it? */
void
bw_session_take_hint (BwSession  *self,
                      const char *kind)
{
  guint stale = 0;

  for (guint i = 0; i < BW_N_LISTS; i++)
    {
      if (g_strcmp0 (lists[i].kind, kind) == 0)
        stale |= 1u << i;
    }

  /* Who takes part where is counted in both, and may be about who is signed in. */
  if (strcmp (kind, "participation") == 0)
    stale |= (1u << BW_LIST_COMPANIES) | (1u << BW_LIST_ROLES) | BW_STALE_SESSION;
  else if (strcmp (kind, "role") == 0 || strcmp (kind, "user") == 0)
    stale |= BW_STALE_SESSION;

  bw_session_refresh_soon (self, stale);
}

/* An answer to a question from before the change would take back what is new. */
void
bw_session_outdate_list (BwSession    *self,
                         BwListNumber  which)
{
  if (self->lists[which].is_held)
    self->lists[which].n_taken = self->lists[which].n_asked;

  bw_session_refresh_soon (self, 1u << which);
}

/* What one has changed oneself is to be seen at once, and without a feed, too. */
void
bw_session_take_change (BwSession  *self,
                        const char *path,
                        gboolean    is_gone,
                        JsonObject *document)
{
  for (guint i = 0; i < BW_N_LISTS; i++)
    {
      gsize length = strlen (lists[i].path);

      if (!self->lists[i].is_held || strncmp (path, lists[i].path, length) != 0 ||
          (path[length] != '\0' && path[length] != '/'))
        continue;

      if (is_gone && path[length] == '/')
        bw_entity_list_remove (self->lists[i].list, path + length + 1);
      else if (document != NULL && bw_json_get_string (document, "id") != NULL)
        bw_entity_list_upsert (self->lists[i].list, document, NULL);

      bw_session_outdate_list (self, (BwListNumber) i);
    }
}

void
bw_session_load_companies_async (BwSession           *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (BW_IS_SESSION (self));

  load_list_async (self, BW_LIST_COMPANIES, bw_session_load_companies_async, cancellable, callback, user_data);
}

gboolean
bw_session_load_companies_finish (BwSession     *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_load_companies_async, error);
}

void
bw_session_load_batches_async (BwSession           *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_return_if_fail (BW_IS_SESSION (self));

  load_list_async (self, BW_LIST_BATCHES, bw_session_load_batches_async, cancellable, callback, user_data);
}

gboolean
bw_session_load_batches_finish (BwSession     *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_load_batches_async, error);
}

void
bw_session_load_roles_async (BwSession           *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_return_if_fail (BW_IS_SESSION (self));

  load_list_async (self, BW_LIST_ROLES, bw_session_load_roles_async, cancellable, callback, user_data);
}

gboolean
bw_session_load_roles_finish (BwSession     *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_load_roles_async, error);
}

void
bw_session_load_tags_async (BwSession           *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (BW_IS_SESSION (self));

  load_list_async (self, BW_LIST_TAGS, bw_session_load_tags_async, cancellable, callback, user_data);
}

gboolean
bw_session_load_tags_finish (BwSession     *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_load_tags_async, error);
}

BwEntityList *
bw_session_get_companies (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->lists[BW_LIST_COMPANIES].list;
}

BwEntityList *
bw_session_get_batches (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->lists[BW_LIST_BATCHES].list;
}

BwEntityList *
bw_session_get_roles (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->lists[BW_LIST_ROLES].list;
}

BwEntityList *
bw_session_get_tags (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->lists[BW_LIST_TAGS].list;
}
