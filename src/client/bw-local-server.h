/* bw-local-server.h: broker and backend run by this user on this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BW_TYPE_LOCAL_SERVER (bw_local_server_get_type ())

/* Starts mosquitto with our plugin and bellwetherd as children, on loopback, data in one
 * folder, and stops them (SIGTERM, then wait) when told or when we die. No root, no fixed port.
 * Signals
 *   exited (const char *which, GError *why)       one of the two ended by itself and stays away
 *   restarting (const char *which, GError *why)   the broker ended by itself and is started again */
G_DECLARE_FINAL_TYPE (BwLocalServer, bw_local_server, BW, LOCAL_SERVER, GObject)

/* Where bellwetherd is: what the environment says, beside the running program as a build or an
 * installation lays them out, PATH. (transfer full) (nullable) */
char          *bw_local_server_find_backend (GError             **error);

/* @data_dir: made when missing (0700); may hold an earlier installation. Ports: 0 is any free one. */
BwLocalServer *bw_local_server_new          (const char           *data_dir,
                                             guint16               http_port,
                                             guint16               broker_port);
/* By TLS alone, with an authority and a certificate of its own in the data folder; before the start. */
void           bw_local_server_use_tls      (BwLocalServer        *self);
/* Another database than the one in the folder; before the start. @url: (nullable) */
void           bw_local_server_set_database (BwLocalServer        *self,
                                             const char           *url);
void           bw_local_server_start_async  (BwLocalServer        *self,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean       bw_local_server_start_finish (BwLocalServer        *self,
                                             GAsyncResult         *result,
                                             GError              **error);
void           bw_local_server_stop_async   (BwLocalServer        *self,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean       bw_local_server_stop_finish  (BwLocalServer        *self,
                                             GAsyncResult         *result,
                                             GError              **error);
/* Valid after start. */
const char    *bw_local_server_get_http_uri   (BwLocalServer *self);   /* "http://127.0.0.1:PORT", with TLS https */
const char    *bw_local_server_get_broker_uri (BwLocalServer *self);   /* "mqtt://127.0.0.1:PORT", with TLS mqtts */
const char    *bw_local_server_get_token_file (BwLocalServer *self);   /* an admin's token, mode 0600 */
const char    *bw_local_server_get_ca_file    (BwLocalServer *self);   /* who signed its certificate; NULL: no TLS */

G_END_DECLS
