/* bw-http-server.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-server.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bw-error.h"
#include "bw-exchange-private.h"
#include "bw-http-certificate.h"
#include "bw-http-listen.h"

#define MAX_CONNECTIONS     8192
#define RESERVED_FILES      128                     /* databases, brokers, downloads */
#define CONNECTION_MEMORY   (16 * 1024)             /* also bounds the head of a request */
#define SILENCE_S           120                     /* a connection on which nothing moves */
#define REQUEST_S           120                     /* without a complete request: a slow or idle peer */
#define DOWNLOAD_S          (60 * 60)
#define SPOOL_BYTES         (256 * 1024)
#define MAX_SPOOLS          4                       /* at the same time, of bodies longer than SPOOL_BYTES */
#define MAX_SPOOLS_EACH     2                       /* of one session: so that nobody has them all */
#define SPOOL_RESERVE       (256 * 1024 * 1024)     /* of the disk, which they leave to the databases */
#define MOVE_BYTES          (1024 * 1024)           /* of a long body in each REQUEST_S */
#define SWEEP_S             5
#define MAX_DISCARDED       (8 * 1024 * 1024)       /* of a refused body, so that the peer reads why */
#define STOP_US             (5 * G_TIME_SPAN_SECOND)
#define WAKE_MS             10
#define TLS_VERSIONS        "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

/**
 * BwHttpServer:
 *
 * libmicrohttpd on a thread of its own with epoll. That thread checks all that
 * the route table says, before and while the body comes; the handler runs on
 * the main context while the connection sleeps. libmicrohttpd's time-out only
 * sees silence, so a sweep ends connections that drip.
 */

struct _BwHttpServer
{
  GObject            parent_instance;

  BwBackend         *backend;
  char              *uri;
  struct MHD_Daemon *daemon;
  GMainContext      *context;
  GHashTable        *under_way;      /* (element-type BwExchange): on the main context now */
  GPtrArray         *spools;         /* (element-type BwExchange): http thread only; with long bodies */
  guint              sweep_id;

  GMutex             lock;           /* guards the rest */
  GHashTable        *peers;          /* MHD_Connection → Peer */
  guint              n_suspended;    /* the main context has them, or will */
  guint              n_unsent;       /* complete requests without a complete answer */
  gboolean           stopping;
};

G_DEFINE_FINAL_TYPE (BwHttpServer, bw_http_server, G_TYPE_OBJECT)

typedef struct
{
  int      fd;
  gint64   since_us;    /* accepted, or the last request was complete */
  gboolean is_active;   /* a request is being answered */
} Peer;

typedef struct
{
  BwHttpServer *server;
  BwExchange   *exchange;
} Handover;

/* On the http thread */

typedef struct
{
  guint n_hosts;
  guint n_lengths;
  guint n_encodings;
} Framing;

static enum MHD_Result
count_header (void               *data,
              enum MHD_ValueKind  kind,
              const char         *key,
              const char         *value)
{
  Framing *framing = data;

  framing->n_hosts += g_ascii_strcasecmp (key, MHD_HTTP_HEADER_HOST) == 0;
  framing->n_lengths += g_ascii_strcasecmp (key, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0;
  framing->n_encodings += g_ascii_strcasecmp (key, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;

  return MHD_YES;
}

/* What a proxy before us could understand another way than we do. */
static gboolean
check_framing (struct MHD_Connection  *connection,
               const char             *version,
               GError                **error)
{
  Framing framing = { 0, };

  MHD_get_connection_values (connection, MHD_HEADER_KIND, count_header, &framing);

  if (framing.n_hosts != 1 && !(framing.n_hosts == 0 && g_str_equal (version, MHD_HTTP_VERSION_1_0)))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a request needs exactly one Host");
  else if (framing.n_lengths > 1 || framing.n_encodings > 1 || (framing.n_lengths > 0 && framing.n_encodings > 0))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the length of the request is said twice");
  else
    return TRUE;

  return FALSE;
}

static BwActor *
authenticate (BwHttpServer           *self,
              struct MHD_Connection  *connection,
              GError                **error)
{
  const char *header = MHD_lookup_connection_value (connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);

  if (header == NULL || g_ascii_strncasecmp (header, "Bearer ", strlen ("Bearer ")) != 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED, "sign in first");
      return NULL;
    }

  return bw_session_service_authenticate (self->backend->sessions, header + strlen ("Bearer "), error);
}

static gboolean
check_route (BwHttpServer  *self,
             BwExchange    *exchange,
             const char    *method,
             const char    *url,
             GError       **error)
{
  exchange->route = bw_http_routes_match (method, url, &exchange->id, &exchange->allow);
  if (exchange->route == NULL)
    {
      g_set_error_literal (error, BW_ERROR, exchange->allow != NULL ? BW_ERROR_INVALID : BW_ERROR_NOT_FOUND,
                           exchange->allow != NULL ? "this cannot be done here" : "there is nothing here");
      return FALSE;
    }

  if (exchange->route->flags & BW_ROUTE_PUBLIC)
    return TRUE;

  exchange->actor = authenticate (self, exchange->connection, error);
  if (exchange->actor == NULL)
    return FALSE;

  if (exchange->actor->must_change_password && !(exchange->route->flags & BW_ROUTE_FIRST))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_FORBIDDEN, "choose a password of your own first");
      return FALSE;
    }

  return bw_actor_check (exchange->actor, exchange->route->permission, error);
}

/* Whether a body was announced that is too big for the route. */
static gboolean
check_length (BwExchange  *exchange,
              guint64     *ret_length,
              GError     **error)
{
  const char *text = MHD_lookup_connection_value (exchange->connection, MHD_HEADER_KIND,
                                                  MHD_HTTP_HEADER_CONTENT_LENGTH);

  *ret_length = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;
  if (exchange->route == NULL || *ret_length <= exchange->route->body_max)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE,
               "the body may have at most %" G_GSIZE_FORMAT " bytes", exchange->route->body_max);

  return FALSE;
}

/* A place for a long body, before any of it comes. Without a length it may be the longest. */
static gboolean
claim_spool (BwHttpServer  *self,
             BwExchange    *exchange,
             guint64        length,
             GError       **error)
{
  gint64 needed = SPOOL_RESERVE;
  guint n_own = 0;

  if (length == 0 && MHD_lookup_connection_value (exchange->connection, MHD_HEADER_KIND,
                                                  MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL)
    length = exchange->route->body_max;
  /* as long as the body of any other route; confirmations of a few devices never wait */
  if (!(exchange->route->flags & BW_ROUTE_SPOOL) || length <= SPOOL_BYTES)
    return TRUE;

  exchange->spool_max = (gint64) length;
  needed += exchange->spool_max;
  for (guint i = 0; i < self->spools->len; i++)
    {
      const BwExchange *other = g_ptr_array_index (self->spools, i);

      needed += other->spool_max - other->spool.size;
      n_own += g_strcmp0 (other->actor->session_id, exchange->actor->session_id) == 0;
    }

  if (n_own >= MAX_SPOOLS_EACH)
    g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY,
                 "%d of your long files are being sent or read; try again when one is done", MAX_SPOOLS_EACH);
  else if (self->spools->len >= MAX_SPOOLS)
    g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY,
                 "%d long files are being sent or read; try again when one is done", MAX_SPOOLS);
  else if (bw_spool_check_room (self->backend->data_folder, needed, error))
    {
      g_ptr_array_add (self->spools, exchange);
      return TRUE;
    }

  return FALSE;
}

static enum MHD_Result
queue (BwExchange *exchange)
{
  return MHD_queue_response (exchange->connection, exchange->status, exchange->response);
}

static enum MHD_Result
queue_refusal (BwExchange *exchange)
{
  exchange->response = bw_exchange_make_error (exchange, exchange->refusal, &exchange->status);

  return queue (exchange);
}

/* The head is there. */
static enum MHD_Result
begin (BwHttpServer *self,
       BwExchange   *exchange,
       const char   *method,
       const char   *url,
       const char   *version)
{
  guint64 length = 0;
  gboolean expects = MHD_lookup_connection_value (exchange->connection, MHD_HEADER_KIND,
                                                  MHD_HTTP_HEADER_EXPECT) != NULL;

  exchange->body = g_byte_array_new ();

  if (!check_framing (exchange->connection, version, &exchange->refusal))
    {
      /* where the body ends nobody knows, so nothing behind it is read */
      exchange->must_close = TRUE;
      return queue_refusal (exchange);
    }

  if (!check_route (self, exchange, method, url, &exchange->refusal) ||
      !check_length (exchange, &length, &exchange->refusal) ||
      !claim_spool (self, exchange, length, &exchange->refusal))
    {
      check_length (exchange, &length, NULL);
      exchange->must_close = length > 0;
      if (expects || length > MAX_DISCARDED)
        return queue_refusal (exchange);
    }

  return MHD_YES;
}

/* The time that a peer has for its request begins anew. */
static void
set_moved (BwHttpServer *self,
           BwExchange   *exchange)
{
  Peer *peer;

  exchange->moved_us = g_get_monotonic_time ();
  exchange->moved_size = exchange->spool.size;

  g_mutex_lock (&self->lock);
  peer = g_hash_table_lookup (self->peers, exchange->connection);
  if (peer != NULL)
    peer->since_us = exchange->moved_us;
  g_mutex_unlock (&self->lock);
}

/* Into a file in the data folder. */
static gboolean
spool_body (BwHttpServer  *self,
            BwExchange    *exchange,
            const char    *data,
            gsize          size,
            GError       **error)
{
  if (exchange->spool.fd < 0 && !bw_spool_begin (&exchange->spool, self->backend->data_folder, error))
    return FALSE;

  g_string_append_len (exchange->spool.buffer, data, (gssize) size);
  if (exchange->spool.buffer->len >= SPOOL_BYTES && !bw_spool_flush (&exchange->spool, error))
    return FALSE;

  if (exchange->spool.size - exchange->moved_size >= MOVE_BYTES)
    set_moved (self, exchange);

  return TRUE;
}

static gboolean
store_body (BwHttpServer  *self,
            BwExchange    *exchange,
            const char    *data,
            gsize          size,
            GError       **error)
{
  gsize length = exchange->spool.fd < 0 ? exchange->body->len
                                        : (gsize) exchange->spool.size + exchange->spool.buffer->len;

  if (length + size > exchange->route->body_max)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE,
                   "the body may have at most %" G_GSIZE_FORMAT " bytes", exchange->route->body_max);
      return FALSE;
    }

  if (exchange->route->flags & BW_ROUTE_SPOOL)
    return spool_body (self, exchange, data, size, error);

  g_byte_array_append (exchange->body, (const guint8 *) data, (guint) size);

  return TRUE;
}

static enum MHD_Result
take_body (BwHttpServer *self,
           BwExchange   *exchange,
           const char   *data,
           size_t       *size)
{
  gsize n = *size;

  *size = 0;

  if (g_get_monotonic_time () - exchange->moved_us > REQUEST_S * G_TIME_SPAN_SECOND)
    return MHD_NO;

  if (exchange->refusal == NULL)
    {
      if (store_body (self, exchange, data, n, &exchange->refusal))
        return MHD_YES;

      exchange->must_close = TRUE;
      g_byte_array_set_size (exchange->body, 0);
    }

  exchange->n_discarded += n;

  return exchange->n_discarded <= MAX_DISCARDED ? MHD_YES : MHD_NO;
}

/* On the main context */

static void
over_cb (BwExchange *exchange,
         gpointer    user_data)
{
  BwHttpServer *self = user_data;

  g_mutex_lock (&self->lock);
  self->n_suspended--;
  g_mutex_unlock (&self->lock);

  /* the table's reference */
  g_hash_table_remove (self->under_way, exchange);
}

static gboolean
run_handler_cb (gpointer data)
{
  Handover *handover = data;
  BwHttpServer *self = handover->server;
  BwExchange *exchange = handover->exchange;

  g_hash_table_add (self->under_way, bw_exchange_ref (exchange));
  exchange->over = over_cb;
  exchange->over_data = self;
  exchange->cancellable = g_cancellable_new ();
  if (exchange->route->flags & BW_ROUTE_LONG)
    bw_exchange_watch_peer (exchange);

  exchange->route->func (self->backend, exchange);

  return G_SOURCE_REMOVE;
}

static void
handover_free (gpointer data)
{
  Handover *handover = data;

  bw_exchange_unref (handover->exchange);
  g_free (handover);
}

/* On the http thread again */

/* A request is complete, or its answer is. */
static void
set_active (BwHttpServer *self,
            BwExchange   *exchange,
            gboolean      active)
{
  Peer *peer;

  g_mutex_lock (&self->lock);
  peer = g_hash_table_lookup (self->peers, exchange->connection);
  if (peer != NULL)
    {
      peer->is_active = active;
      peer->since_us = g_get_monotonic_time ();
    }
  if (exchange->is_active != active)
    self->n_unsent += active ? 1 : -1;
  exchange->is_active = active;
  g_mutex_unlock (&self->lock);
}

/* FALSE: it is too late for a new one. */
static gboolean
count_suspended (BwHttpServer *self)
{
  gboolean stopping;

  g_mutex_lock (&self->lock);
  stopping = self->stopping;
  if (!stopping)
    self->n_suspended++;
  g_mutex_unlock (&self->lock);

  return !stopping;
}

static void
dispatch (BwHttpServer *self,
          BwExchange   *exchange)
{
  Handover *handover = g_new (Handover, 1);

  handover->server = self;
  handover->exchange = bw_exchange_ref (exchange);

  /* Suspended first: the main thread may be quicker with the answer than we with sleeping. */
  MHD_suspend_connection (exchange->connection);
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, run_handler_cb, handover, handover_free);
}

static enum MHD_Result
request_cb (void                   *data,
            struct MHD_Connection  *connection,
            const char             *url,
            const char             *method,
            const char             *version,
            const char             *upload_data,
            size_t                 *upload_data_size,
            void                  **request_data)
{
  BwHttpServer *self = data;
  BwExchange *exchange = *request_data;

  if (exchange == NULL)
    {
      exchange = bw_exchange_new (connection);
      if (self->backend->behind_proxy)
        bw_exchange_believe_proxy (exchange);
      *request_data = exchange;
      return begin (self, exchange, method, url, version);
    }

  if (*upload_data_size > 0)
    return take_body (self, exchange, upload_data, upload_data_size);

  if (exchange->response != NULL)
    return queue (exchange);

  set_active (self, exchange, TRUE);

  if (exchange->refusal == NULL && !count_suspended (self))
    {
      exchange->must_close = TRUE;
      g_set_error_literal (&exchange->refusal, BW_ERROR, BW_ERROR_UNAVAILABLE, "the server is stopping");
    }

  if (exchange->refusal != NULL)
    return queue_refusal (exchange);

  dispatch (self, exchange);

  return MHD_YES;
}

static void
completed_cb (void                            *data,
              struct MHD_Connection           *connection,
              void                           **request_data,
              enum MHD_RequestTerminationCode  reason)
{
  BwHttpServer *self = data;
  BwExchange *exchange = *request_data;

  if (exchange != NULL)
    {
      set_active (self, exchange, FALSE);
      g_ptr_array_remove_fast (self->spools, exchange);
      bw_exchange_unref (exchange);
    }
  *request_data = NULL;
}

static void
connection_cb (void                              *data,
               struct MHD_Connection             *connection,
               void                             **socket_data,
               enum MHD_ConnectionNotificationCode code)
{
  BwHttpServer *self = data;

  g_mutex_lock (&self->lock);
  if (code == MHD_CONNECTION_NOTIFY_STARTED)
    {
      const union MHD_ConnectionInfo *info =
        MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD);
      Peer *peer = g_new0 (Peer, 1);

      peer->fd = info != NULL ? info->connect_fd : -1;
      peer->since_us = g_get_monotonic_time ();
      g_hash_table_insert (self->peers, connection, peer);
    }
  else
    g_hash_table_remove (self->peers, connection);
  g_mutex_unlock (&self->lock);
}

static void G_GNUC_PRINTF (2, 0)
log_cb (void       *data,
        const char *format,
        va_list     args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  g_debug ("libmicrohttpd: %s", g_strchomp (text));
}

/* Main context. Only shuts the socket down, under the lock that the connection's
 * end takes too, so that the number cannot be somebody else's by now. */
static gboolean
sweep_cb (gpointer user_data)
{
  BwHttpServer *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  GHashTableIter iter;
  Peer *peer;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &peer))
    {
      gint64 limit_s = peer->is_active ? DOWNLOAD_S : REQUEST_S;

      if (peer->fd >= 0 && now_us - peer->since_us > limit_s * G_TIME_SPAN_SECOND)
        shutdown (peer->fd, SHUT_RDWR);
    }
  g_mutex_unlock (&self->lock);

  return G_SOURCE_CONTINUE;
}

static guint
raise_file_limit (void)
{
  struct rlimit limit = { 0, };

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return 512;

  if (limit.rlim_cur < limit.rlim_max)
    {
      limit.rlim_cur = MIN (limit.rlim_max, MAX_CONNECTIONS + RESERVED_FILES);
      setrlimit (RLIMIT_NOFILE, &limit);
      getrlimit (RLIMIT_NOFILE, &limit);
    }

  return limit.rlim_cur > 2 * RESERVED_FILES ? (guint) MIN (MAX_CONNECTIONS, limit.rlim_cur - RESERVED_FILES)
                                             : RESERVED_FILES;
}

static void
bw_http_server_dispose (GObject *object)
{
  BwHttpServer *self = (BwHttpServer *) object;

  if (self->daemon != NULL)
    bw_http_server_stop (self);

  G_OBJECT_CLASS (bw_http_server_parent_class)->dispose (object);
}

static void
bw_http_server_finalize (GObject *object)
{
  BwHttpServer *self = (BwHttpServer *) object;

  g_clear_pointer (&self->under_way, g_hash_table_unref);
  g_clear_pointer (&self->spools, g_ptr_array_unref);
  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->uri, g_free);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (bw_http_server_parent_class)->finalize (object);
}

static void
bw_http_server_class_init (BwHttpServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_http_server_dispose;
  object_class->finalize = bw_http_server_finalize;
}

static void
bw_http_server_init (BwHttpServer *self)
{
  g_mutex_init (&self->lock);
  self->context = g_main_context_ref_thread_default ();
  self->under_way = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) bw_exchange_unref, NULL);
  self->spools = g_ptr_array_new ();
  self->peers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

BwHttpServer *
bw_http_server_start (BwBackend   *backend,
                      const char  *listen_text,
                      gboolean     with_tls,
                      GError     **error)
{
  const struct MHD_OptionItem tls_options[] = {
    { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *) TLS_VERSIONS },
    { MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, bw_http_certificate_retrieve_cb },
    { MHD_OPTION_END, 0, NULL },
  };
  const struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
  g_autoptr(BwHttpServer) self = g_object_new (BW_TYPE_HTTP_SERVER, NULL);
  int fd = bw_http_listen (listen_text, with_tls, &self->uri, error);

  if (fd < 0)
    return NULL;

  self->backend = backend;
  self->daemon = MHD_start_daemon (MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                                     (with_tls ? MHD_USE_TLS : 0),
                                   0, NULL, NULL, request_cb, self,
                                   MHD_OPTION_EXTERNAL_LOGGER, log_cb, self,
                                   MHD_OPTION_LISTEN_SOCKET, fd,
                                   MHD_OPTION_CONNECTION_LIMIT, raise_file_limit (),
                                   MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) CONNECTION_MEMORY,
                                   MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int) SILENCE_S,
                                   MHD_OPTION_STRICT_FOR_CLIENT, 1,
                                   MHD_OPTION_NOTIFY_COMPLETED, completed_cb, self,
                                   MHD_OPTION_NOTIFY_CONNECTION, connection_cb, self,
                                   MHD_OPTION_ARRAY, with_tls ? tls_options : none,
                                   MHD_OPTION_END);
  if (self->daemon == NULL)
    {
      close (fd);
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the HTTP server cannot be started");
      return NULL;
    }

  self->sweep_id = g_timeout_add_seconds (SWEEP_S, sweep_cb, self);

  return g_steal_pointer (&self);
}

const char *
bw_http_server_get_uri (BwHttpServer *self)
{
  g_return_val_if_fail (BW_IS_HTTP_SERVER (self), NULL);

  return self->uri;
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
cancel_all (BwHttpServer *self)
{
  g_autoptr(GList) exchanges = g_hash_table_get_keys (self->under_way);

  g_list_foreach (exchanges, (GFunc) bw_exchange_ref, NULL);
  for (GList *l = exchanges; l != NULL; l = l->next)
    {
      g_cancellable_cancel (((BwExchange *) l->data)->cancellable);
      bw_exchange_unref (l->data);
    }
}

static gboolean
is_quiet (BwHttpServer *self,
          gboolean      in_time)
{
  gboolean quiet;

  g_mutex_lock (&self->lock);
  quiet = self->n_suspended == 0 && (self->n_unsent == 0 || !in_time);
  g_mutex_unlock (&self->lock);

  return quiet;
}

void
bw_http_server_stop (BwHttpServer *self)
{
  gint64 deadline_us = g_get_monotonic_time () + STOP_US;
  gboolean in_time = TRUE;
  guint wake_id;
  int fd;

  g_return_if_fail (BW_IS_HTTP_SERVER (self));
  if (self->daemon == NULL)
    return;

  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_mutex_unlock (&self->lock);

  g_clear_handle_id (&self->sweep_id, g_source_remove);
  fd = MHD_quiesce_daemon (self->daemon);
  if (fd >= 0)
    close (fd);

  /* What is under way ends by itself; what takes too long is cancelled, and then
   * ends too. No connection may sleep when libmicrohttpd is stopped. */
  wake_id = g_timeout_add (WAKE_MS, wake_cb, NULL);
  while (!is_quiet (self, in_time))
    {
      g_main_context_iteration (self->context, TRUE);
      if (in_time && g_get_monotonic_time () > deadline_us)
        {
          in_time = FALSE;
          cancel_all (self);
        }
    }
  g_source_remove (wake_id);

  MHD_stop_daemon (self->daemon);
  self->daemon = NULL;
}
