/* bw-http-routes.h: every path of the API, who may ask for it and what answers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-backend.h"
#include "bw-exchange.h"

G_BEGIN_DECLS

typedef void (*BwRouteFunc) (BwBackend  *backend,
                             BwExchange *exchange);

typedef enum
{
  BW_ROUTE_PUBLIC     = 1 << 0,   /* no sign-in */
  BW_ROUTE_FIRST      = 1 << 1,   /* also for who must change the password before anything else */
  BW_ROUTE_LONG       = 1 << 2,   /* may take long: cancelled when the peer leaves */
  BW_ROUTE_SPOOL      = 1 << 3,   /* the body may be long: it waits in a file, and may take its time as long as it moves */
} BwRouteFlags;

typedef struct
{
  const char   *method;
  const char   *path;             /* {id} stands for one level */
  guint         flags;
  BwPermission  permission;
  gsize         body_max;         /* 0: a body is refused */
  BwRouteFunc   func;
  BwKind        kind;             /* for the functions of several routes */
} BwRoute;

const BwRoute *bw_http_routes_get   (guint          *ret_n_routes);
/* NULL with BW_ERROR_NOT_FOUND; @ret_allow ((transfer full) (nullable)) is set when only the
 * method is wrong. @ret_id: (transfer full) (nullable) */
const BwRoute *bw_http_routes_match (const char     *method,
                                     const char     *path,
                                     char          **ret_id,
                                     char          **ret_allow);

G_END_DECLS
