/* bw-exchange.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-exchange-private.h"

#include <arpa/inet.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "bw-error.h"
#include "bw-json.h"

/* A peer's wish to be told why does not go further than this. */
#define MAX_DETAIL_BYTES 500

/* A table may be long and is mapped; JSON is taken apart in memory. */
#define MAX_JSON_BYTES   (1024 * 1024)

/**
 * BwExchange:
 *
 * Made on the thread of libmicrohttpd when the head of a request is there,
 * handed to the main context when its body is complete, and handed back by one
 * of the endings. The connection is suspended in between, so that neither
 * thread ever waits for the other.
 */

static void
set_address (BwExchange *self)
{
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info (self->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  const struct sockaddr *address = info != NULL ? info->client_addr : NULL;

  g_strlcpy (self->address, "unknown", sizeof self->address);
  if (address == NULL)
    return;

  if (address->sa_family == AF_INET)
    inet_ntop (AF_INET, &((const struct sockaddr_in *) (const void *) address)->sin_addr,
               self->address, sizeof self->address);
  else if (address->sa_family == AF_INET6)
    inet_ntop (AF_INET6, &((const struct sockaddr_in6 *) (const void *) address)->sin6_addr,
               self->address, sizeof self->address);
}

static gboolean
is_this_computer (const char *address)
{
  return g_str_has_prefix (address, "127.") || g_str_equal (address, "::1") ||
         g_str_has_prefix (address, "::ffff:127.");
}

void
bw_exchange_believe_proxy (BwExchange *self)
{
  const char *claimed = MHD_lookup_connection_value (self->connection, MHD_HEADER_KIND, "X-Real-IP");
  guint8 bytes[16];

  if (claimed != NULL && is_this_computer (self->address) &&
      (inet_pton (AF_INET, claimed, bytes) == 1 || inet_pton (AF_INET6, claimed, bytes) == 1))
    g_strlcpy (self->address, claimed, sizeof self->address);
}

BwExchange *
bw_exchange_new (struct MHD_Connection *connection)
{
  BwExchange *self = g_new0 (BwExchange, 1);

  g_atomic_ref_count_init (&self->refs);
  self->connection = connection;
  self->moved_us = g_get_monotonic_time ();
  self->spool = (BwSpool) BW_SPOOL_INIT;
  set_address (self);

  return self;
}

BwExchange *
bw_exchange_ref (BwExchange *self)
{
  g_atomic_ref_count_inc (&self->refs);

  return self;
}

void
bw_exchange_unref (BwExchange *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_clear_pointer (&self->response, MHD_destroy_response);
  g_clear_pointer (&self->body, g_byte_array_unref);
  bw_spool_clear (&self->spool);
  g_clear_pointer (&self->actor, bw_actor_unref);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->refusal);
  g_free (self->id);
  g_free (self->allow);
  g_free (self);
}

static gboolean
peer_left_cb (int          fd,
              GIOCondition condition,
              gpointer     user_data)
{
  BwExchange *self = user_data;

  self->hangup_id = 0;
  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

void
bw_exchange_watch_peer (BwExchange *self)
{
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info (self->connection, MHD_CONNECTION_INFO_CONNECTION_FD);

  /* GLib hands the bits to poll() as they are */
  if (info != NULL)
    self->hangup_id = g_unix_fd_add (info->connect_fd, (GIOCondition) (POLLRDHUP | POLLHUP | POLLERR),
                                     peer_left_cb, self);
}

const BwActor *
bw_exchange_get_actor (BwExchange *self)
{
  return self->actor;
}

const char *
bw_exchange_get_address (BwExchange *self)
{
  return self->address;
}

const char *
bw_exchange_get_id (BwExchange *self)
{
  return self->id;
}

GCancellable *
bw_exchange_get_cancellable (BwExchange *self)
{
  return self->cancellable;
}

const char *
bw_exchange_get_client (BwExchange *self)
{
  return MHD_lookup_connection_value (self->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_USER_AGENT);
}

/* Neither half a character nor a hidden end. */
static const char *
check_text (const char *value,
            gsize       length)
{
  return strlen (value) == length && g_utf8_validate_len (value, length, NULL) ? value : "\xef\xbf\xbd";
}

typedef struct
{
  BwQueryFunc func;
  gpointer    user_data;
} QueryWalk;

static enum MHD_Result
query_cb (void               *data,
          enum MHD_ValueKind  kind,
          const char         *name,
          size_t              name_length,
          const char         *value,
          size_t              value_length)
{
  const QueryWalk *walk = data;

  return walk->func (check_text (name, name_length), value != NULL ? check_text (value, value_length) : "",
                     walk->user_data) ? MHD_YES : MHD_NO;
}

void
bw_exchange_foreach_query (BwExchange  *self,
                           BwQueryFunc  func,
                           gpointer     user_data)
{
  QueryWalk walk = { func, user_data };

  MHD_get_connection_values_n (self->connection, MHD_GET_ARGUMENT_KIND, query_cb, &walk);
}

const char *
bw_exchange_get_query (BwExchange *self,
                       const char *name)
{
  const char *value = NULL;
  size_t length = 0;

  if (MHD_lookup_connection_value_n (self->connection, MHD_GET_ARGUMENT_KIND, name, strlen (name),
                                     &value, &length) == MHD_NO || value == NULL)
    return NULL;

  return check_text (value, length);
}

gboolean
bw_exchange_get_query_int (BwExchange *self,
                           const char *name,
                           gint64      fallback,
                           gint64     *ret_value)
{
  const char *text = bw_exchange_get_query (self, name);
  g_autoptr(GError) error = NULL;

  *ret_value = fallback;
  if (text == NULL || g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, ret_value, NULL))
    return TRUE;

  error = g_error_new (BW_ERROR, BW_ERROR_INVALID, "“%s” must be a number that is not negative", name);
  bw_exchange_end_error (self, error);

  return FALSE;
}

/* A file is mapped, so that one of any size takes no memory of ours. */
static GBytes *
take_body (BwExchange  *self,
           GError     **error)
{
  g_autoptr(GMappedFile) file = NULL;

  if (self->spool.fd < 0)
    return g_bytes_new (self->body->data, self->body->len);

  if (!bw_spool_flush (&self->spool, error))
    return NULL;

  if (self->spool.size == 0)
    return g_bytes_new (NULL, 0);

  file = g_mapped_file_new_from_fd (self->spool.fd, FALSE, error);
  if (file != NULL)
    return g_mapped_file_get_bytes (file);

  bw_error_adopt (error);

  return NULL;
}

GBytes *
bw_exchange_get_body (BwExchange *self)
{
  g_autoptr(GError) error = NULL;
  GBytes *body = take_body (self, &error);

  if (body == NULL)
    bw_exchange_end_error (self, error);

  return body;
}

char *
bw_exchange_get_body_type (BwExchange *self)
{
  const char *value = MHD_lookup_connection_value (self->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);
  char *type = value != NULL ? g_strndup (value, strcspn (value, "; ")) : NULL;

  return type;
}

JsonObject *
bw_exchange_read_json (BwExchange         *self,
                       const char * const *members)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GList) names = NULL;
  g_autoptr(GBytes) body = bw_exchange_get_body (self);
  g_autoptr(JsonObject) object = NULL;
  gsize size = 0;
  const char *text;

  if (body == NULL)
    return NULL;

  text = g_bytes_get_data (body, &size);
  object = bw_json_parse_object (text != NULL ? text : "", size, MIN (self->route->body_max, MAX_JSON_BYTES), &error);
  if (object == NULL)
    {
      bw_exchange_end_error (self, error);
      return NULL;
    }

  names = json_object_get_members (object);
  for (GList *l = names; l != NULL; l = l->next)
    {
      if (!g_strv_contains (members, l->data))
        {
          error = g_error_new (BW_ERROR, BW_ERROR_INVALID, "“%s” is unknown here", (const char *) l->data);
          bw_exchange_end_error (self, error);
          return NULL;
        }
    }

  return g_steal_pointer (&object);
}

JsonObject *
bw_exchange_read_optional_json (BwExchange         *self,
                                const char * const *members)
{
  return self->body->len > 0 ? bw_exchange_read_json (self, members) : json_object_new ();
}

static void
bytes_free_cb (void *bytes)
{
  g_bytes_unref (bytes);
}

static struct MHD_Response *
make_json (GBytes *document)
{
  gsize size = 0;
  const void *data = g_bytes_get_data (document, &size);
  struct MHD_Response *response =
    MHD_create_response_from_buffer_with_free_callback_cls (size, (void *) data, bytes_free_cb, document);

  MHD_add_response_header (response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
  MHD_add_response_header (response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
  MHD_add_response_header (response, "X-Content-Type-Options", "nosniff");

  return response;
}

/* @response: (transfer full) */
static void
end (BwExchange          *self,
     guint                status,
     struct MHD_Response *response)
{
  g_return_if_fail (self->response == NULL);

  self->response = response;
  self->status = status;
  g_clear_handle_id (&self->hangup_id, g_source_remove);

  MHD_resume_connection (self->connection);
  self->over (self, self->over_data);
}

void
bw_exchange_end_bytes (BwExchange *self,
                       guint       status,
                       GBytes     *document)
{
  end (self, status, make_json (document));
}

void
bw_exchange_end_empty (BwExchange *self,
                       guint       status)
{
  end (self, status, MHD_create_response_from_buffer (0, (void *) "", MHD_RESPMEM_PERSISTENT));
}

/* For Content-Disposition: what is neither quote nor control nor beyond ASCII. */
static char *
make_file_name (const char *name)
{
  char *clean = g_str_to_ascii (name, "C");

  return g_strcanon (clean, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.() ", '_');
}

void
bw_exchange_end_file (BwExchange *self,
                      int         fd,
                      gint64      size,
                      const char *content_type,
                      const char *file_name)
{
  struct MHD_Response *response = MHD_create_response_from_fd64 ((guint64) size, fd);

  MHD_add_response_header (response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type);
  MHD_add_response_header (response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
  MHD_add_response_header (response, "X-Content-Type-Options", "nosniff");

  if (file_name != NULL)
    {
      g_autofree char *clean = make_file_name (file_name);
      g_autofree char *disposition = g_strdup_printf ("attachment; filename=\"%s\"", clean);

      MHD_add_response_header (response, "Content-Disposition", disposition);
    }

  end (self, MHD_HTTP_OK, response);
}

static const char *
get_detail (BwExchange   *self,
            const GError *error,
            BwError       code)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "the request was given up";

  if (code != BW_ERROR_INTERNAL)
    return error->message;

  /* What went wrong inside is nobody's business outside. */
  g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING,
                    "BW_REQUEST", self->route != NULL ? self->route->path : "-",
                    "BW_USER", self->actor != NULL ? self->actor->login : "-",
                    "MESSAGE", "%s %s: %s",
                    self->route != NULL ? self->route->method : "-",
                    self->route != NULL ? self->route->path : "-", error->message);

  return "Internal error";
}

struct MHD_Response *
bw_exchange_make_error (BwExchange   *self,
                        const GError *error,
                        guint        *ret_status)
{
  BwError code = BW_ERROR_INTERNAL;
  GString *out = g_string_sized_new (256);
  g_autofree char *detail = NULL;
  struct MHD_Response *response;

  if (error->domain == BW_ERROR)
    code = (BwError) error->code;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    code = BW_ERROR_UNAVAILABLE;

  detail = g_utf8_make_valid (get_detail (self, error, code), -1);
  if (strlen (detail) > MAX_DETAIL_BYTES)
    *g_utf8_find_prev_char (detail, detail + MAX_DETAIL_BYTES) = '\0';

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "code", bw_error_to_nick (code));
  bw_json_add_string (out, "detail", detail);
  if (code == BW_ERROR_CODE_NEEDED)
    bw_json_add_string (out, "needs", "totp");
  bw_json_end_object (out);

  response = make_json (g_string_free_to_bytes (out));
  *ret_status = bw_error_to_http_status (code);

  if (code == BW_ERROR_UNAUTHENTICATED)
    MHD_add_response_header (response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
  if (self->allow != NULL)
    {
      *ret_status = MHD_HTTP_METHOD_NOT_ALLOWED;
      MHD_add_response_header (response, MHD_HTTP_HEADER_ALLOW, self->allow);
    }
  if (self->must_close)
    MHD_add_response_header (response, MHD_HTTP_HEADER_CONNECTION, "close");

  return response;
}

void
bw_exchange_end_error (BwExchange   *self,
                       const GError *error)
{
  guint status = 0;
  struct MHD_Response *response = bw_exchange_make_error (self, error, &status);

  end (self, status, response);
}
