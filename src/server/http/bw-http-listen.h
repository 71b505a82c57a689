/* bw-http-listen.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A listening socket, or -1 with a sentence. @ret_uri: (transfer full): "http://ADDRESS:PORT" (or https) with the real port. */
int bw_http_listen (const char  *listen,
                    gboolean     with_tls,
                    char       **ret_uri,
                    GError     **error);

G_END_DECLS
