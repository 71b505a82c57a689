/* bw-totp.h: the second factor: codes of an app (RFC 6238), and recovery codes for when it is lost
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#include "bw-device-id.h"

G_BEGIN_DECLS

#define BW_TOTP_SECRET_BYTES     20     /* as long as the hash, RFC 4226, 4 */
#define BW_TOTP_STEP_S           30
#define BW_TOTP_DIGITS           6
#define BW_TOTP_KEY_FILE         "totp-key"
#define BW_RECOVERY_N_CODES      10
#define BW_RECOVERY_CODE_SIZE    20     /* four groups of four, the dashes, and an end */

/* What seals the secrets at rest; any thread. */
typedef struct _BwTotpKey BwTotpKey;

/* Of the data folder; made when there is none. NULL with a sentence when it is no key, or cannot be read. */
BwTotpKey *bw_totp_key_load       (const char    *data_folder,
                                   GError       **error);
BwTotpKey *bw_totp_key_ref        (BwTotpKey     *self);
void       bw_totp_key_unref      (BwTotpKey     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwTotpKey, bw_totp_key_unref)

/* (transfer full): of no use with another key, or for another account */
GBytes    *bw_totp_key_seal       (BwTotpKey     *self,
                                   gint64         account_id,
                                   const guint8   secret[BW_TOTP_SECRET_BYTES]);
/* @self: (nullable). BW_ERROR_UNAVAILABLE: it was sealed with a key that is lost. */
gboolean   bw_totp_key_open       (BwTotpKey     *self,
                                   gint64         account_id,
                                   GBytes        *sealed,
                                   guint8         ret_secret[BW_TOTP_SECRET_BYTES],
                                   GError       **error);

/* The step that @code is of: of now, the one before or the next, if it is behind @last_step. 0: none */
gint64     bw_totp_find_step      (const guint8   secret[BW_TOTP_SECRET_BYTES],
                                   const char    *code,
                                   gint64         now_s,
                                   gint64         last_step);
/* For who types it into an app, in base32, and as what the app reads from a QR code. (transfer full) */
char      *bw_totp_format_secret  (const guint8   secret[BW_TOTP_SECRET_BYTES]);
char      *bw_totp_make_uri       (const char    *secret,
                                   const char    *user);

void       bw_recovery_code_make  (char           ret_code[BW_RECOVERY_CODE_SIZE],
                                   guint8         ret_hash[BW_SECRET_HASH_BYTES]);
/* As somebody typed it. FALSE: it has not the form. */
gboolean   bw_recovery_code_hash  (const char    *code,
                                   guint8         ret_hash[BW_SECRET_HASH_BYTES]);

G_END_DECLS
