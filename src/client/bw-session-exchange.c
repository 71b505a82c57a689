/* bw-session-exchange.c: one HTTP request and its reply
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

#include "bw-error.h"
#include "bw-json.h"

#define ERROR_MAX_BYTES (64 * 1024)   /* of a reply that is no success */
#define CHUNK_BYTES     (64 * 1024)

/* What is known of one request until it ends. */
typedef struct
{
  SoupMessage     *message;
  GInputStream    *stream;
  GByteArray      *body;
  gsize            body_max;
  BwExchangeFlags  flags;

  gint64           n_sent;          /* of the request's body */
  gint64           n_to_send;
  BwProgressFunc   progress;
  gpointer         progress_data;
} Exchange;

static void
exchange_free (Exchange *exchange)
{
  g_clear_object (&exchange->message);
  g_clear_object (&exchange->stream);
  g_clear_pointer (&exchange->body, g_byte_array_unref);
  g_free (exchange);
}

static BwError
code_from_status (guint status)
{
  for (BwError code = BW_ERROR_INTERNAL; code <= BW_ERROR_UNAVAILABLE; code++)
    {
      if (bw_error_to_http_status (code) == status)
        return code;
    }

  return status >= 500 ? BW_ERROR_UNAVAILABLE : BW_ERROR_INVALID;
}

/* Turns a reply that is no success back into the error the server had. */
static GError *
error_from_reply (BwSession  *self,
                  guint       status,
                  GByteArray *body)
{
  g_autoptr(JsonObject) document = NULL;
  const char *detail;
  const char *nick;
  BwError code;

  document = bw_json_parse_object ((const char *) body->data, body->len, ERROR_MAX_BYTES, NULL);
  detail = bw_json_get_string (document, "detail");
  nick = bw_json_get_string (document, "code");

  if (detail == NULL || nick == NULL)
    return g_error_new (BW_ERROR, code_from_status (status),
                        "%s answers %u %s", self->base_uri, status, soup_status_get_phrase (status));

  code = bw_error_from_nick (nick);
  if (code == BW_ERROR_FORBIDDEN && g_strcmp0 (bw_json_get_string (document, "needs"), "totp") == 0)
    code = BW_ERROR_CODE_NEEDED;

  return g_error_new_literal (BW_ERROR, code, detail);
}

/* No reply came, or none that is HTTP: one sentence that names the address. */
static void
adopt_transport_error (BwSession  *self,
                       GError    **error)
{
  g_autoptr(GError) foreign = NULL;

  if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  foreign = g_steal_pointer (error);
  *error = bw_session_make_distrust (self, foreign);
  if (*error != NULL)
    return;

  if (foreign->domain == SOUP_SESSION_ERROR ||
      g_error_matches (foreign, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    *error = g_error_new (BW_ERROR, BW_ERROR_INVALID,
                          "%s does not answer like a Bellwether backend", self->base_uri);
  else if (g_error_matches (foreign, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    *error = g_error_new (BW_ERROR, BW_ERROR_UNAVAILABLE,
                          "%s did not answer in time", self->base_uri);
  else if (foreign->domain == G_TLS_ERROR)
    *error = g_error_new (BW_ERROR, BW_ERROR_UNAVAILABLE,
                          "no safe connection to %s: %s", self->base_uri, foreign->message);
  else
    *error = g_error_new (BW_ERROR, BW_ERROR_UNAVAILABLE,
                          "cannot reach %s: %s", self->base_uri, foreign->message);
}

static void
return_refusal (GTask *task)
{
  BwSession *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);
  guint status = soup_message_get_status (exchange->message);
  g_autoptr(GError) error = error_from_reply (self, status, exchange->body);

  if (status == SOUP_STATUS_UNAUTHORIZED && (exchange->flags & BW_EXCHANGE_KEEPS_TOKEN) == 0)
    bw_session_lose_token (self, error);

  g_task_return_error (task, g_steal_pointer (&error));
}

static void
refusal_read_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  gsize n_read = 0;

  /* What did arrive of it is enough: the status is an answer by itself. */
  g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n_read, NULL);
  g_byte_array_set_size (exchange->body, (guint) n_read);
  return_refusal (task);
}

static void
fail_exchange (GTask  *task,
               GError *error)
{
  BwSession *self = g_task_get_source_object (task);

  /* what was said of an earlier one is not about this failure */
  if (error->domain != G_TLS_ERROR)
    g_clear_pointer (&self->stranger, bw_stranger_free);

  adopt_transport_error (self, &error);
  if (error->domain == BW_ERROR)
    bw_session_set_online (self, FALSE);
  if (self->stranger != NULL)
    bw_session_emit_stranger (self);

  g_task_return_error (task, error);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  BwSession *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);

  exchange->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (exchange->stream == NULL)
    {
      fail_exchange (task, g_steal_pointer (&error));
      return;
    }

  self->last_answer_us = g_get_monotonic_time ();
  g_clear_pointer (&self->stranger, bw_stranger_free);
  bw_session_set_online (self, TRUE);

  if (SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (exchange->message)))
    {
      g_task_return_pointer (task, g_object_ref (exchange->stream), g_object_unref);
      return;
    }

  exchange->body = g_byte_array_sized_new (ERROR_MAX_BYTES);
  g_byte_array_set_size (exchange->body, ERROR_MAX_BYTES);
  g_input_stream_read_all_async (exchange->stream, exchange->body->data, ERROR_MAX_BYTES,
                                 G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                                 refusal_read_cb, g_object_ref (task));
}

static void
body_written_cb (Exchange *exchange,
                 guint     n_bytes)
{
  exchange->n_sent += n_bytes;
  exchange->progress (exchange->n_sent, exchange->n_to_send, exchange->progress_data);
}

static void
set_body (Exchange   *exchange,
          GBytes     *body,
          const char *content_type)
{
  soup_message_set_request_body_from_bytes (exchange->message, content_type, body);
  exchange->n_to_send = (gint64) g_bytes_get_size (body);
  if (exchange->progress != NULL)
    g_signal_connect_swapped (exchange->message, "wrote-body-data", G_CALLBACK (body_written_cb), exchange);
}

void
bw_session_open_bytes_async (BwSession           *self,
                             const char          *method,
                             const char          *path_and_query,
                             GBytes              *body,
                             const char          *content_type,
                             BwProgressFunc       progress,
                             gpointer             progress_data,
                             BwExchangeFlags      flags,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *uri = g_strconcat (self->base_uri, path_and_query, NULL);
  Exchange *exchange = g_new0 (Exchange, 1);

  g_task_set_source_tag (task, bw_session_open_async);
  g_task_set_task_data (task, exchange, (GDestroyNotify) exchange_free);
  exchange->flags = flags;
  exchange->progress = progress;
  exchange->progress_data = progress_data;
  exchange->message = soup_message_new (method, uri);
  if (exchange->message == NULL)
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_INVALID, "“%s” is no address", uri);
      return;
    }

  /* A backend does not redirect; whoever does would be handed the token. */
  soup_message_add_flags (exchange->message, SOUP_MESSAGE_NO_REDIRECT);
  bw_session_watch_certificate (self, exchange->message);

  if (self->token != NULL)
    {
      g_autofree char *bearer = g_strconcat ("Bearer ", self->token, NULL);

      soup_message_headers_replace (soup_message_get_request_headers (exchange->message),
                                    "Authorization", bearer);
      explicit_bzero (bearer, strlen (bearer));
    }

  if (body != NULL)
    set_body (exchange, body, content_type);

  soup_session_send_async ((flags & BW_EXCHANGE_PATIENT) != 0 ? self->patient_http : self->http,
                           exchange->message, G_PRIORITY_DEFAULT, cancellable,
                           sent_cb, g_object_ref (task));
}

void
bw_session_open_async (BwSession           *self,
                       const char          *method,
                       const char          *path_and_query,
                       const char          *body,
                       BwExchangeFlags      flags,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;

  bw_session_open_bytes_async (self, method, path_and_query, bytes, "application/json", NULL, NULL, flags,
                               cancellable, callback, user_data);
}

GInputStream *
bw_session_open_finish (BwSession     *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
chunk_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GBytes) chunk = NULL;
  g_autoptr(GError) error = NULL;
  BwSession *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);
  gsize size;
  gconstpointer data;

  chunk = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  if (chunk == NULL)
    {
      adopt_transport_error (self, &error);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  data = g_bytes_get_data (chunk, &size);
  if (size == 0)
    {
      g_task_return_pointer (task, g_byte_array_free_to_bytes (g_steal_pointer (&exchange->body)),
                             (GDestroyNotify) g_bytes_unref);
      return;
    }

  if (exchange->body->len + size > exchange->body_max)
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_TOO_LARGE,
                               "the reply of %s is longer than %" G_GSIZE_FORMAT " bytes",
                               self->base_uri, exchange->body_max);
      return;
    }

  g_byte_array_append (exchange->body, data, (guint) size);
  g_input_stream_read_bytes_async (exchange->stream, CHUNK_BYTES, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), chunk_read_cb, g_object_ref (task));
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Exchange *exchange = g_task_get_task_data (task);

  exchange->stream = bw_session_open_finish (BW_SESSION (source), result, &error);
  if (exchange->stream == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_input_stream_read_bytes_async (exchange->stream, CHUNK_BYTES, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), chunk_read_cb, g_object_ref (task));
}

void
bw_session_exchange_async (BwSession           *self,
                           const char          *method,
                           const char          *path_and_query,
                           const char          *body,
                           gsize                reply_max,
                           BwExchangeFlags      flags,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);

  g_task_set_source_tag (task, bw_session_exchange_async);
  g_task_set_task_data (task, exchange, (GDestroyNotify) exchange_free);
  exchange->body = g_byte_array_new ();
  exchange->body_max = reply_max;

  bw_session_open_async (self, method, path_and_query, body, flags, cancellable,
                         opened_cb, g_object_ref (task));
}

void
bw_session_exchange_table_async (BwSession           *self,
                                 const char          *path_and_query,
                                 GBytes              *csv,
                                 BwProgressFunc       progress,
                                 gpointer             progress_data,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);

  g_task_set_source_tag (task, bw_session_exchange_async);
  g_task_set_task_data (task, exchange, (GDestroyNotify) exchange_free);
  exchange->body = g_byte_array_new ();
  exchange->body_max = BW_LONG_REPLY_MAX_BYTES;

  bw_session_open_bytes_async (self, "POST", path_and_query, csv, "text/csv", progress, progress_data,
                               BW_EXCHANGE_PATIENT, cancellable, opened_cb, g_object_ref (task));
}

GBytes *
bw_session_exchange_finish (BwSession     *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

JsonObject *
bw_session_document_finish (BwSession     *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_autoptr(GBytes) body = bw_session_exchange_finish (self, result, error);
  JsonObject *document;
  gconstpointer data;
  gsize size;

  if (body == NULL)
    return NULL;

  data = g_bytes_get_data (body, &size);
  if (size == 0)
    return json_object_new ();

  document = bw_json_parse_object (data, size, BW_LONG_REPLY_MAX_BYTES, NULL);
  if (document == NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                 "%s does not answer like a Bellwether backend", self->base_uri);

  return document;
}

gboolean
bw_session_finish_boolean (BwSession     *self,
                           GAsyncResult  *result,
                           gpointer       source_tag,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gpointer
bw_session_finish_pointer (BwSession     *self,
                           GAsyncResult  *result,
                           gpointer       source_tag,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
