/* bw-text.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean bw_set_str          (char       **string_pointer,
                              const char  *new_string);
gboolean bw_color_is_valid   (const char  *text);
gboolean bw_name_is_valid    (const char  *text,
                              gsize        max_bytes);

G_END_DECLS
