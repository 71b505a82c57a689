/* bw-code.h: random codes that people copy from paper
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#include "bw-device-id.h"

G_BEGIN_DECLS

#define BW_CODE_GROUP 4
/* With a dash between the groups, and an end. */
#define BW_CODE_SIZE(n_chars) ((n_chars) + (n_chars) / BW_CODE_GROUP)

/* @n_chars: 5 random bits each; a multiple of BW_CODE_GROUP. */
void     bw_code_make (guint        n_chars,
                       char        *ret_code);
/* Of a code as somebody typed it: any case, with or without dashes. FALSE: it has not the form. */
gboolean bw_code_hash (const char  *code,
                       guint        n_chars,
                       guint8       ret_hash[BW_SECRET_HASH_BYTES]);

G_END_DECLS
