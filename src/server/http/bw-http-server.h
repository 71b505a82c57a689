/* bw-http-server.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-backend.h"

G_BEGIN_DECLS

#define BW_TYPE_HTTP_SERVER (bw_http_server_get_type ())

G_DECLARE_FINAL_TYPE (BwHttpServer, bw_http_server, BW, HTTP_SERVER, GObject)

/* @listen: "ADDRESS:PORT", "[ADDRESS]:PORT"; port 0 is any free one.
 * @with_tls: with the certificate that bw_http_certificate_load () has read, and for nobody without TLS */
BwHttpServer *bw_http_server_start    (BwBackend     *backend,
                                       const char    *listen,
                                       gboolean       with_tls,
                                       GError       **error);
/* "http://ADDRESS:PORT", "https://ADDRESS:PORT" */
const char   *bw_http_server_get_uri  (BwHttpServer  *self);
/* Takes no more requests, lets those under way end (at most a few seconds), closes. Runs the main context meanwhile. */
void          bw_http_server_stop     (BwHttpServer  *self);

G_END_DECLS
