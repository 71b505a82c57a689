/* bw-error-text.h: what people read when something failed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One translated sentence: by the code, and where the server's own words say more
 * than the code does, with them. (transfer full) */
char *bw_error_to_user_text  (const GError *error);

/* The same for work that ends in a file on this computer: what is unavailable then is
 * the place more often than the server, and the error's own sentence says which. (transfer full) */
char *bw_error_to_file_text  (const GError *error);

/* The server's or the model's own sentence alone, begun with a capital and ended with
 * a full stop, for beside a field. (transfer full) */
char *bw_error_to_field_text (const GError *error);

G_END_DECLS
