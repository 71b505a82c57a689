/* bw-password.h: the slow hash, off the main thread
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BW_PASSWORD_MIN_CHARS 8
#define BW_PASSWORD_MAX_BYTES 1024

#define BW_TYPE_PASSWORD_POOL (bw_password_pool_get_type ())

G_DECLARE_FINAL_TYPE (BwPasswordPool, bw_password_pool, BW, PASSWORD_POOL, GObject)

BwPasswordPool *bw_password_pool_new          (void);
/* Whether @password is the one behind @hash; @hash NULL: work as long for nobody, and fail.
 * With @new_password (nullable) also its hash. BW_ERROR_TOO_MANY when too many are waiting; of strangers
 * fewer may than of those who are known. */
void            bw_password_pool_verify_async (BwPasswordPool       *self,
                                               const char           *hash,
                                               const char           *password,
                                               const char           *new_password,
                                               gboolean              is_known,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
/* FALSE with BW_ERROR_UNAUTHENTICATED when it is another. @ret_new_hash: (nullable) */
gboolean        bw_password_pool_verify_finish (BwPasswordPool      *self,
                                               GAsyncResult         *result,
                                               char                **ret_new_hash,
                                               GError              **error);

/* Only the hash of a new one. */
void            bw_password_pool_hash_async   (BwPasswordPool       *self,
                                               const char           *password,
                                               gboolean              is_known,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
/* (transfer full) */
char           *bw_password_pool_hash_finish  (BwPasswordPool       *self,
                                               GAsyncResult         *result,
                                               GError              **error);

gboolean        bw_password_check             (const char           *password,
                                               GError              **error);
/* Slow: any thread but the main one. (transfer full) */
char           *bw_password_hash              (const char           *password,
                                               GError              **error);
/* 20 characters that can be read aloud, 100 bits. (transfer full) */
char           *bw_password_make              (void);

G_END_DECLS
