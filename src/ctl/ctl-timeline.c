/* ctl-timeline.c: bellwetherctl device timeline
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-timeline.h"

#include <stdio.h>

#include <glib/gi18n.h>

#include "bw-json.h"
#include "ctl-noun.h"

#define USUAL_ITEMS 100
#define PAGE_ITEMS  500

typedef struct
{
  Ctl     *ctl;
  char    *device_id;
  char    *kind;        /* (nullable) */
  gint64   since_us;
  gint64   n_left;
  char    *last;        /* (nullable): the id of the last item there was */
  GString *json;
} Listing;

static void
print_item (JsonObject *item)
{
  gint64 n = bw_json_get_int (item, "n", 1);
  g_autofree char *at = ctl_format_time (bw_json_get_int (item, "at", 0));
  g_autofree char *kind = ctl_clean (bw_json_get_string (item, "kind"));
  g_autofree char *text = ctl_clean (bw_json_get_string (item, "text"));
  g_autofree char *by = ctl_clean (bw_json_get_string (item, "by"));
  g_autofree char *times = n > 1 ? g_strdup_printf ("  ×%ld", (long) n) : NULL;

  printf ("%s  %-11s  %s%s%s%s\n", at, kind, text, times != NULL ? times : "", *by != '\0' ? "  · " : "", by);
}

/* FALSE: enough. */
static gboolean
take_item (Listing    *listing,
           JsonObject *item)
{
  if (listing->n_left == 0 || bw_json_get_int (item, "at", 0) < listing->since_us)
    return FALSE;

  if (listing->ctl->json)
    {
      g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
      g_autofree char *text = NULL;

      json_node_set_object (node, item);
      text = json_to_string (node, FALSE);
      bw_json_add_raw (listing->json, NULL, text);
    }
  else
    {
      print_item (item);
    }

  listing->n_left--;
  g_free (listing->last);
  listing->last = g_strdup (bw_json_get_string (item, "id"));

  return TRUE;
}

/* @ret_more: whether there may be another page */
static gboolean
list_page (Listing   *listing,
           gboolean  *ret_more,
           GError   **error)
{
  g_autoptr(GString) path = g_string_new (NULL);
  g_autoptr(JsonObject) reply = NULL;
  JsonArray *items;
  guint n_items;

  g_string_append_printf (path, "/v1/devices/%s/timeline?limit=%d", listing->device_id, (int) CLAMP (listing->n_left, 1, PAGE_ITEMS));
  if (listing->kind != NULL)
    {
      g_string_append (path, "&kind=");
      g_string_append_uri_escaped (path, listing->kind, ",", FALSE);
    }
  if (listing->last != NULL)
    g_string_append_printf (path, "&before=%s", listing->last);

  reply = ctl_call (listing->ctl, "GET", path->str, NULL, error);
  if (reply == NULL)
    return FALSE;

  items = bw_json_get_array (reply, "items");
  n_items = items != NULL ? json_array_get_length (items) : 0;
  *ret_more = n_items > 0;
  for (guint i = 0; i < n_items && *ret_more; i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      *ret_more = JSON_NODE_HOLDS_OBJECT (node) && take_item (listing, json_node_get_object (node));
    }

  return TRUE;
}

CtlStatus
ctl_timeline (Ctl              *ctl,
              const CtlCommand *command,
              char            **arguments)
{
  g_autofree char *kind = NULL;
  g_autofree char *since = NULL;
  int limit = 0;
  const GOptionEntry entries[] = {
    { "kind", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &kind, N_("Only connection, state, command, notice, firmware, description, admission …"), N_("KIND") },
    { "since", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &since, N_("Since this day, or time as 2026-11-25T14:30:00"), N_("TIME") },
    { "limit", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &limit, N_("At most so many"), N_("COUNT") },
    { NULL }
  };
  Listing listing = { .ctl = ctl };
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *since_us = NULL;
  gboolean is_more = TRUE;
  gboolean ok = TRUE;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (limit < 0)
    return ctl_usage_error (command, "%s", _("--limit is a number from 1 on"));

  id = ctl_parse_device_id (arguments[0], &error);
  if (id == NULL || (since != NULL && (since_us = ctl_parse_time (since, FALSE, &error)) == NULL) || !ctl_connect (ctl, &error))
    return ctl_fail (error);

  listing.device_id = id;
  listing.kind = kind;
  listing.json = json;
  listing.since_us = since_us != NULL ? g_ascii_strtoll (since_us, NULL, 10) : 0;
  listing.n_left = limit > 0 ? limit : since != NULL ? G_MAXINT64 : USUAL_ITEMS;

  bw_json_begin_object (json, NULL);
  bw_json_begin_array (json, "items");
  while (ok && is_more && listing.n_left > 0)
    ok = list_page (&listing, &is_more, &error);
  bw_json_end_array (json);
  bw_json_end_object (json);
  g_free (listing.last);

  if (!ok)
    return ctl_fail (error);

  if (ctl->json)
    ctl_print_text (json->str);

  return CTL_DONE;
}
