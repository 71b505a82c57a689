/* bw-label-check.h: a character that tells a mistyped ID
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* ISO/IEC 7064, MOD 37,36, over the sixteen characters of an ID. @id: canonical.
 * Returns: one of 0-9 A-Z */
char bw_label_check_character (const char *id);

G_END_DECLS
