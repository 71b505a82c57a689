/* bw-session-search.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-search.h"

#include "bw-json.h"
#include "bw-session-private.h"

static const struct
{
  const char *group;
  const char *details[3];
} kinds[BW_N_HIT_KINDS] = {
  [BW_HIT_DEVICE] = { "devices", { "product", "machineId", NULL } },
  [BW_HIT_BATCH] = { "batches", { "info", NULL } },
  [BW_HIT_COMPANY] = { "companies", { "alias", "address", NULL } },
  [BW_HIT_USER] = { "users", { "email", NULL } },
};

static void
hit_free (BwSearchHit *hit)
{
  g_free (hit->id);
  g_free (hit->title);
  g_free (hit->detail);
  g_free (hit);
}

void
bw_search_found_free (BwSearchFound *self)
{
  g_ptr_array_unref (self->hits);
  g_free (self);
}

static gboolean
is_text (const char *text)
{
  return text != NULL && *text != '\0';
}

static void
append (GString    *detail,
        const char *text)
{
  if (is_text (text))
    g_string_append_printf (detail, "%s%s", detail->len > 0 ? " · " : "", text);
}

static void
add_hit (GPtrArray  *hits,
         BwHitKind   kind,
         JsonObject *item)
{
  const char *id = bw_json_get_string (item, "id");
  const char *name = bw_json_get_string (item, "name");
  GString *detail = g_string_new (NULL);
  BwSearchHit *hit;

  if (kind == BW_HIT_DEVICE && is_text (name))
    append (detail, id);
  for (guint i = 0; kinds[kind].details[i] != NULL; i++)
    append (detail, bw_json_get_string (item, kinds[kind].details[i]));

  if (!is_text (name))
    name = kind == BW_HIT_USER ? bw_json_get_string (item, "login") : id;

  hit = g_new0 (BwSearchHit, 1);
  hit->kind = kind;
  hit->id = g_strdup (id);
  hit->title = g_strdup (name != NULL ? name : id);
  hit->detail = g_string_free (detail, FALSE);
  g_ptr_array_add (hits, hit);
}

static BwSearchFound *
read_found (JsonObject *reply)
{
  BwSearchFound *found = g_new0 (BwSearchFound, 1);

  found->hits = g_ptr_array_new_with_free_func ((GDestroyNotify) hit_free);
  for (guint kind = 0; kind < BW_N_HIT_KINDS; kind++)
    {
      JsonObject *group = bw_json_get_object (reply, kinds[kind].group);
      JsonArray *items = group != NULL ? bw_json_get_array (group, "items") : NULL;
      guint n = items != NULL ? json_array_get_length (items) : 0;

      for (guint i = 0; i < n; i++)
        {
          JsonNode *node = json_array_get_element (items, i);

          if (JSON_NODE_HOLDS_OBJECT (node) && bw_json_get_string (json_node_get_object (node), "id") != NULL)
            add_hit (found->hits, (BwHitKind) kind, json_node_get_object (node));
        }
      found->has_more[kind] = n > 0 && bw_json_get_int (group, "total", G_MAXINT64) > n;
    }

  return found;
}

static void
received_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_document_finish (BW_SESSION (source), result, &error);

  if (reply == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, read_found (reply), (GDestroyNotify) bw_search_found_free);
}

void
bw_session_search_async (BwSession           *self,
                         const char          *text,
                         guint                limit,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (text != NULL);

  escaped = g_uri_escape_string (text, NULL, FALSE);
  path = g_strdup_printf ("/v1/search?q=%s&limit=%u", escaped, limit);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_search_async);
  bw_session_exchange_async (self, "GET", path, NULL, BW_LONG_REPLY_MAX_BYTES, BW_EXCHANGE_PLAIN, cancellable,
                             received_cb, g_steal_pointer (&task));
}

BwSearchFound *
bw_session_search_finish (BwSession     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_search_async, error);
}
