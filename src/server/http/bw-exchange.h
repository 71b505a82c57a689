/* bw-exchange.h: one request and its answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "bw-actor.h"

G_BEGIN_DECLS

/* A handler gets one on the main context and owes it exactly one of the endings. Until
 * then the connection sleeps. */
typedef struct _BwExchange BwExchange;

/* NULL on a route without a sign-in. */
const BwActor *bw_exchange_get_actor       (BwExchange    *self);
/* Where the peer connects from, without the port. */
const char    *bw_exchange_get_address     (BwExchange    *self);
/* The program and its version, as it says itself. (nullable) */
const char    *bw_exchange_get_client      (BwExchange    *self);
/* What stood for {id} in the route's path. */
const char    *bw_exchange_get_id          (BwExchange    *self);
/* Cancelled when the peer leaves (on routes that may take long) and when the server stops. */
GCancellable  *bw_exchange_get_cancellable (BwExchange    *self);

/* (nullable) */
const char    *bw_exchange_get_query       (BwExchange    *self,
                                            const char    *name);
/* Calls @func for each parameter of the query, in order, until it returns FALSE. One whose value is no text comes
 * with one that nothing equals. */
typedef gboolean (*BwQueryFunc)            (const char    *name,
                                            const char    *value,
                                            gpointer       user_data);
void           bw_exchange_foreach_query   (BwExchange    *self,
                                            BwQueryFunc    func,
                                            gpointer       user_data);
/* The query's number; @fallback when it is not there. FALSE, and ended, when it is no number. */
gboolean       bw_exchange_get_query_int   (BwExchange    *self,
                                            const char    *name,
                                            gint64         fallback,
                                            gint64        *ret_value);
/* The body as an object whose members are all among @members; NULL, and ended, otherwise. (transfer full) */
JsonObject    *bw_exchange_read_json       (BwExchange         *self,
                                            const char * const *members);
/* The same where all members are optional: no body at all says what an empty object says. */
JsonObject    *bw_exchange_read_optional_json (BwExchange         *self,
                                               const char * const *members);

/* The body as it came. It may lie in a file; (transfer full): NULL, and ended, when that cannot be read. */
GBytes        *bw_exchange_get_body        (BwExchange         *self);
/* As the peer says, without parameters: "text/csv". (nullable) (transfer full) */
char          *bw_exchange_get_body_type   (BwExchange         *self);

/* The endings. @document: (transfer full) */
void           bw_exchange_end_bytes       (BwExchange    *self,
                                            guint          status,
                                            GBytes        *document);
void           bw_exchange_end_empty       (BwExchange    *self,
                                            guint          status);
/* @fd: (transfer full). @file_name: (nullable): offered to who saves it */
void           bw_exchange_end_file        (BwExchange    *self,
                                            int            fd,
                                            gint64         size,
                                            const char    *content_type,
                                            const char    *file_name);
/* The only place where an error becomes a status. An internal one is logged and leaves as no more than that. */
void           bw_exchange_end_error       (BwExchange    *self,
                                            const GError  *error);

G_END_DECLS
