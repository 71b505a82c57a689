/* bw-exchange-private.h: the side of an exchange that the server sees
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <microhttpd.h>

#include "bw-exchange.h"
#include "bw-http-routes.h"
#include "bw-spool.h"

G_BEGIN_DECLS

typedef void (*BwExchangeOverFunc) (BwExchange *exchange,
                                    gpointer    user_data);

struct _BwExchange
{
  gatomicrefcount        refs;     /* the http thread's and, while it is under way, the main thread's */

  struct MHD_Connection *connection;
  const BwRoute         *route;    /* (nullable): nothing has matched */
  char                  *id;
  char                  *allow;
  char                   address[64];
  BwActor               *actor;
  GCancellable          *cancellable;

  /* http thread only */
  GByteArray            *body;
  BwSpool                spool;        /* the body instead, on a route with BW_ROUTE_SPOOL */
  gint64                 spool_max;    /* what it may come to, as announced */
  gint64                 moved_us;     /* when the request began, or a long body had grown by some more */
  gint64                 moved_size;
  gsize                  n_discarded;
  GError                *refusal;      /* answered instead of calling the handler */
  gboolean               must_close;
  gboolean               is_active;    /* counted by the server, under its lock */

  /* main thread, until the connection is resumed; then the http thread */
  struct MHD_Response   *response;
  guint                  status;
  guint                  hangup_id;
  BwExchangeOverFunc     over;
  gpointer               over_data;
};

BwExchange          *bw_exchange_new             (struct MHD_Connection *connection);
/* Once the head is there: a proxy on this computer says where the peer is; from anybody else it would be a claim. */
void                 bw_exchange_believe_proxy   (BwExchange            *self);
BwExchange          *bw_exchange_ref             (BwExchange            *self);
void                 bw_exchange_unref           (BwExchange            *self);
/* On the main thread, before the handler: watches for a peer that leaves. */
void                 bw_exchange_watch_peer      (BwExchange            *self);
/* (transfer full) */
struct MHD_Response *bw_exchange_make_error      (BwExchange            *self,
                                                  const GError          *error,
                                                  guint                 *ret_status);

G_END_DECLS
