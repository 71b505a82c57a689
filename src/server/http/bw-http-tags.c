/* bw-http-tags.c: many objects marked at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-handlers.h"

#include "bw-error.h"
#include "bw-json.h"

static void
marked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GBytes *document = bw_tag_service_mark_finish (BW_TAG_SERVICE (source), result, &error);

  bw_http_end_document (user_data, document, error);
}

void
bw_http_post_tag_objects (BwBackend  *backend,
                          BwExchange *exchange)
{
  static const char *const members[] = { "kind", "ids", "on", NULL };
  g_autoptr(JsonObject) body = bw_exchange_read_json (exchange, members);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) ids = NULL;
  BwTagWish wish = { 0, };
  JsonNode *on;

  if (body == NULL || !bw_http_read_string (exchange, body, "kind", TRUE, &wish.kind))
    return;

  on = json_object_get_member (body, "on");
  ids = bw_http_read_ids (body);
  if (ids == NULL)
    error = g_error_new_literal (BW_ERROR, BW_ERROR_INVALID, "“ids” must be a list of texts");
  else if (on == NULL || json_node_get_value_type (on) != G_TYPE_BOOLEAN)
    error = g_error_new_literal (BW_ERROR, BW_ERROR_INVALID, "“on” must be true or false");

  if (error != NULL)
    {
      bw_exchange_end_error (exchange, error);
      return;
    }

  wish.tag_id = bw_exchange_get_id (exchange);
  wish.ids = (const char * const *) ids;
  wish.on = json_node_get_boolean (on);
  bw_tag_service_mark_async (backend->tags, bw_exchange_get_actor (exchange), bw_exchange_get_address (exchange),
                             &wish, NULL, marked_cb, exchange);
}
