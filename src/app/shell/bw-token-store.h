/* bw-token-store.h: the session's token in the person's keyring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One token a server address. */
void      bw_token_store_save_async    (const char           *server_uri,
                                        const char           *token,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean  bw_token_store_save_finish   (GAsyncResult         *result,
                                        GError              **error);
void      bw_token_store_load_async    (const char           *server_uri,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
/* (transfer full) (nullable): NULL without @error when none is kept; free with
 * bw_token_store_free_token (). */
char     *bw_token_store_load_finish   (GAsyncResult         *result,
                                        GError              **error);
void      bw_token_store_forget        (const char           *server_uri);
void      bw_token_store_free_token    (char                 *token);

G_END_DECLS
