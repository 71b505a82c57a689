/* bw-fake-backend.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-fake-backend.h"

#include "bw-test.h"

typedef struct
{
  guint         status;
  char         *body;
  BwFakeAnswer  answer;
  gpointer      data;
  gboolean      is_silent;
  guint         n_requests;
  char         *last_body;
} Route;

struct _BwFakeBackend
{
  SoupServer *server;
  char       *uri;
  GHashTable *routes;
  GPtrArray  *held;             /* requests that are never answered */
  char       *authorization;
};

static void
route_free (Route *route)
{
  g_free (route->body);
  g_free (route->last_body);
  g_free (route);
}

static Route *
ensure_route (BwFakeBackend *self,
              const char    *name)
{
  Route *route = g_hash_table_lookup (self->routes, name);

  if (route == NULL)
    {
      route = g_new0 (Route, 1);
      g_hash_table_insert (self->routes, g_strdup (name), route);
    }

  g_clear_pointer (&route->body, g_free);
  route->answer = NULL;
  route->is_silent = FALSE;

  return route;
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  BwFakeBackend *self = user_data;
  g_autofree char *name = g_strdup_printf ("%s %s", soup_server_message_get_method (message), path);
  Route *route = g_hash_table_lookup (self->routes, name);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *answer = NULL;

  g_free (self->authorization);
  self->authorization = g_strdup (soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                                "Authorization"));

  if (route == NULL)
    {
      static const char text[] = "{\"code\":\"not-found\",\"detail\":\"there is nothing here\"}";

      soup_server_message_set_status (message, 404, NULL);
      soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, text, strlen (text));
      return;
    }

  route->n_requests++;
  g_free (route->last_body);
  route->last_body = body->data != NULL ? g_strndup (body->data, (gsize) body->length) : NULL;

  if (route->is_silent)
    {
      soup_server_message_pause (message);
      g_ptr_array_add (self->held, g_object_ref (message));
      return;
    }

  answer = route->answer != NULL ? route->answer (query, route->data) : g_strdup (route->body);
  soup_server_message_set_status (message, route->status, NULL);
  if (answer != NULL)
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, answer, strlen (answer));
}

static void
listen_at (BwFakeBackend *self,
           guint          port)
{
  g_autoptr(GError) error = NULL;

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  g_assert_true (soup_server_listen_local (self->server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, &error));
  g_assert_no_error (error);
}

void
bw_fake_backend_go_away (BwFakeBackend *self)
{
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
}

void
bw_fake_backend_come_back (BwFakeBackend *self)
{
  g_autoptr(GUri) uri = g_uri_parse (self->uri, G_URI_FLAGS_NONE, NULL);

  listen_at (self, (guint) g_uri_get_port (uri));
}

BwFakeBackend *
bw_fake_backend_new (void)
{
  BwFakeBackend *self = g_new0 (BwFakeBackend, 1);
  GSList *uris;

  self->routes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) route_free);
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  listen_at (self, 0);

  uris = soup_server_get_uris (self->server);
  self->uri = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return self;
}

void
bw_fake_backend_free (BwFakeBackend *self)
{
  soup_server_disconnect (self->server);
  g_ptr_array_unref (self->held);
  g_object_unref (self->server);
  g_hash_table_unref (self->routes);
  g_free (self->authorization);
  g_free (self->uri);
  g_free (self);
}

const char *
bw_fake_backend_get_uri (BwFakeBackend *self)
{
  return self->uri;
}

void
bw_fake_backend_answer (BwFakeBackend *self,
                        const char    *route_name,
                        guint          status,
                        const char    *body)
{
  Route *route = ensure_route (self, route_name);

  route->status = status;
  route->body = g_strdup (body);
}

void
bw_fake_backend_compute (BwFakeBackend *self,
                         const char    *route_name,
                         BwFakeAnswer   answer,
                         gpointer       data)
{
  Route *route = ensure_route (self, route_name);

  route->status = 200;
  route->answer = answer;
  route->data = data;
}

void
bw_fake_backend_be_silent (BwFakeBackend *self,
                           const char    *route_name)
{
  ensure_route (self, route_name)->is_silent = TRUE;
}

guint
bw_fake_backend_count (BwFakeBackend *self,
                       const char    *route_name)
{
  Route *route = g_hash_table_lookup (self->routes, route_name);

  return route != NULL ? route->n_requests : 0;
}

const char *
bw_fake_backend_get_body (BwFakeBackend *self,
                          const char    *route_name)
{
  Route *route = g_hash_table_lookup (self->routes, route_name);

  return route != NULL ? route->last_body : NULL;
}

const char *
bw_fake_backend_get_authorization (BwFakeBackend *self)
{
  return self->authorization;
}

static void
request_heard_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GSocketConnection) connection = user_data;
  g_autoptr(GBytes) heard = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);
  GBytes *bytes = g_object_get_data (G_OBJECT (connection), "rubbish");

  if (heard != NULL)
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                               g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL, NULL, NULL);

  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           bytes)
{
  g_object_set_data_full (G_OBJECT (connection), "rubbish", g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref);
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), 4096,
                                   G_PRIORITY_DEFAULT, NULL, request_heard_cb, g_object_ref (connection));

  return TRUE;
}

static void
free_bytes (gpointer  data,
            GClosure *closure)
{
  g_bytes_unref (data);
}

GSocketService *
bw_rubbish_server_new (const char  *bytes,
                       gsize        length,
                       char       **ret_uri)
{
  GSocketService *service = g_socket_service_new ();
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (service), any, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &address, &error));
  g_assert_no_error (error);
  g_signal_connect_data (service, "incoming", G_CALLBACK (incoming_cb), g_bytes_new (bytes, length),
                         free_bytes, G_CONNECT_DEFAULT);
  *ret_uri = g_strdup_printf ("http://127.0.0.1:%u",
                              (guint) g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));

  return service;
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

void
bw_wait_finalized (gpointer object)
{
  gpointer weak = object;

  g_object_add_weak_pointer (object, &weak);
  g_object_unref (object);
  bw_test_wait_for (is_gone, &weak);
}
