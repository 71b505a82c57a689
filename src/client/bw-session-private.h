/* bw-session-private.h: what the files of BwSession share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "bw-mqtt-link.h"
#include "bw-session.h"

G_BEGIN_DECLS

/* What a reply may be at most; lists and the IDs of a batch are longer than documents. */
#define BW_REPLY_MAX_BYTES      (4 * 1024 * 1024)
#define BW_LONG_REPLY_MAX_BYTES (32 * 1024 * 1024)

typedef enum
{
  BW_LIST_COMPANIES,
  BW_LIST_BATCHES,
  BW_LIST_ROLES,
  BW_LIST_TAGS,
  BW_N_LISTS
} BwListNumber;

#define BW_STALE_LISTS   ((1u << BW_N_LISTS) - 1)
#define BW_STALE_SESSION (1u << BW_N_LISTS)

typedef struct
{
  BwEntityList *list;
  gboolean      is_held;   /* loaded once: loaded again when it is another, or the feed was away */
  guint         n_asked;
  guint         n_taken;   /* the question whose answer is in the list */
} BwHeldList;

struct _BwSession
{
  GObject       parent_instance;

  char         *base_uri;        /* (owned): without a slash at its end */
  SoupSession  *http;
  SoupSession  *patient_http;    /* for calls that wait for a device or a long file */
  GCancellable *cancellable;     /* of what the session does by itself */

  char         *token;           /* (owned) (nullable): the password at the broker, too */
  char         *user_name;
  char         *user_id;
  char         *login;
  char         *email;
  char         *first_name;
  char         *last_name;
  char         *participation_id;
  char         *company_id;
  char         *company;
  char         *role_id;
  char         *role;
  guint         permissions;
  gboolean      totp;
  char         *broker_uri;
  char         *broker_username;
  gboolean      must_change_password;
  gboolean      online;
  char         *ca_file;         /* (nullable): the authorities to trust instead of the system's */
  gboolean      uses_pins;
  char         *pin;             /* (nullable): the certificate that a person has trusted, and that we met */
  BwStranger   *stranger;        /* (nullable): the one that was refused last */
  gint64        last_answer_us;  /* monotonic: when the backend last answered anything */

  BwEntityList *participations;  /* one's own */
  BwHeldList    lists[BW_N_LISTS];
  guint         stale;           /* what is read again soon */
  guint         refresh_source;

  BwMqttLink   *link;            /* (nullable): the live feed */
  guint         watch_source;    /* while there is one: does the backend still answer? */
  gboolean      is_checking;
  GHashTable   *followed;        /* company ids whose changes are subscribed */
  gboolean      feed_connected;
  BwFeedProblem feed_problem;
};

typedef enum
{
  BW_EXCHANGE_PLAIN       = 0,
  BW_EXCHANGE_PATIENT     = 1 << 0,   /* may last as long as a device may take */
  BW_EXCHANGE_KEEPS_TOKEN = 1 << 1,   /* a 401 is about the request, not about the token */
} BwExchangeFlags;

/* The reply's body as a stream; a reply that is no success is an error already. */
void          bw_session_open_async      (BwSession            *self,
                                          const char           *method,
                                          const char           *path_and_query,
                                          const char           *body,
                                          BwExchangeFlags       flags,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
/* The same with a body of any type. @body: (nullable). @progress: (nullable): bytes of the body that are sent */
void          bw_session_open_bytes_async (BwSession           *self,
                                          const char           *method,
                                          const char           *path_and_query,
                                          GBytes               *body,
                                          const char           *content_type,
                                          BwProgressFunc        progress,
                                          gpointer              progress_data,
                                          BwExchangeFlags       flags,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
GInputStream *bw_session_open_finish     (BwSession            *self,
                                          GAsyncResult         *result,
                                          GError              **error);

/* The whole body, never more than @reply_max bytes. */
void          bw_session_exchange_async  (BwSession            *self,
                                          const char           *method,
                                          const char           *path_and_query,
                                          const char           *body,
                                          gsize                 reply_max,
                                          BwExchangeFlags       flags,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
/* The same with a table for the body. */
void          bw_session_exchange_table_async (BwSession       *self,
                                          const char           *path_and_query,
                                          GBytes               *csv,
                                          BwProgressFunc        progress,
                                          gpointer              progress_data,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
GBytes       *bw_session_exchange_finish (BwSession            *self,
                                          GAsyncResult         *result,
                                          GError              **error);
/* Makes something of a long body in a thread; NULL with @error when it is not what it should be. Knows of no session. */
typedef gpointer (*BwBodyFunc)           (GBytes               *body,
                                          GError              **error);
/* For the callback of an exchange: @task ends with what @parse makes of it. @task: (transfer full) */
void          bw_session_exchange_parse  (BwSession            *self,
                                          GAsyncResult         *result,
                                          BwBodyFunc            parse,
                                          GDestroyNotify        free_func,
                                          GTask                *task);
/* The same, the reply's document. An empty body is an empty one. */
JsonObject   *bw_session_document_finish (BwSession            *self,
                                          GAsyncResult         *result,
                                          GError              **error);

/* Looks at the certificates that @message meets. */
void          bw_session_watch_certificate (BwSession          *self,
                                          SoupMessage          *message);
/* A stranger's certificate as the reason of a failure; (nullable) (transfer full) */
GError       *bw_session_make_distrust   (BwSession            *self,
                                          const GError         *error);
/* Whom a link to the broker trusts, and whether it may be told the token at all. */
gboolean      bw_session_set_link_trust  (BwSession            *self,
                                          BwMqttLink           *link,
                                          GError              **error);
/* Comes in by @path; @body holds a password and is wiped. @task ends with a boolean. */
void          bw_session_enter           (BwSession            *self,
                                          const char           *path,
                                          GString              *body,
                                          GTask                *task);

void          bw_session_set_online      (BwSession            *self,
                                          gboolean              online);
/* The token holds no longer: forgets it and says so, once. */
void          bw_session_lose_token      (BwSession            *self,
                                          const GError         *why);
void          bw_session_emit_stranger   (BwSession            *self);
void          bw_session_emit_changed    (BwSession            *self,
                                          const char           *kind,
                                          JsonObject           *document);
void          bw_session_set_feed_connected (BwSession         *self,
                                          gboolean              connected);
void          bw_session_set_feed_problem (BwSession           *self,
                                          BwFeedProblem         problem);
void          bw_session_stop_feed       (BwSession            *self);
void          bw_session_restart_feed    (BwSession            *self);
void          bw_session_follow_companies (BwSession           *self);

/* The session document; FALSE with @error when it is none. */
gboolean      bw_session_take_session    (BwSession            *self,
                                          JsonObject           *session,
                                          GError              **error);
void          bw_session_take_actor      (BwSession            *self,
                                          JsonObject           *session);
void          bw_session_notify_actor    (BwSession            *self,
                                          gboolean              is_other,
                                          gboolean              may_other,
                                          guint                 permissions);
void          bw_session_notify_user_name (BwSession           *self);

/* The file bw-session-lists.c */
void          bw_session_init_lists      (BwSession            *self);
void          bw_session_clear_lists     (BwSession            *self);
void          bw_session_empty_lists     (BwSession            *self);
void          bw_session_refresh_soon    (BwSession            *self,
                                          guint                 stale);
void          bw_session_outdate_list    (BwSession            *self,
                                          BwListNumber          which);
void          bw_session_refresh_held    (BwSession            *self);
void          bw_session_take_hint       (BwSession            *self,
                                          const char           *kind);
void          bw_session_take_change     (BwSession            *self,
                                          const char           *path,
                                          gboolean              is_gone,
                                          JsonObject           *document);

/* A connection of its own with the session's right to be at the broker;
 * NULL with @error when there is none. Not started yet. */
BwMqttLink   *bw_session_make_link       (BwSession            *self,
                                          BwMqttBatchFunc       func,
                                          gpointer              user_data,
                                          GError              **error);
/* Asks the backend whether the token holds; when not, `signed-out` follows. */
void          bw_session_check_token     (BwSession            *self);

/* The last step of every finish function that returns nothing but success. */
gboolean      bw_session_finish_boolean  (BwSession            *self,
                                          GAsyncResult         *result,
                                          gpointer              source_tag,
                                          GError              **error);
gpointer      bw_session_finish_pointer  (BwSession            *self,
                                          GAsyncResult         *result,
                                          gpointer              source_tag,
                                          GError              **error);

G_END_DECLS
