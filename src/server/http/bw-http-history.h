/* bw-http-history.h: the routes of the history
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-backend.h"
#include "bw-exchange.h"

G_BEGIN_DECLS

void bw_http_get_history        (BwBackend  *backend,
                                 BwExchange *exchange);
void bw_http_get_history_series (BwBackend  *backend,
                                 BwExchange *exchange);
void bw_http_get_retention      (BwBackend  *backend,
                                 BwExchange *exchange);
void bw_http_put_retention      (BwBackend  *backend,
                                 BwExchange *exchange);
void bw_http_delete_retention   (BwBackend  *backend,
                                 BwExchange *exchange);
void bw_http_export_history     (BwBackend  *backend,
                                 BwExchange *exchange);

G_END_DECLS
