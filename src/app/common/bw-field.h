/* bw-field.h: what is wrong with a field of a form, said beside it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @text NULL: nothing is. A screen reader hears it with the field. @field: (nullable) */
void  bw_field_show_error (GtkWidget   *field,
                           GtkLabel    *label,
                           const char  *text);
/* What was typed, without the blanks around it. (transfer full) */
char *bw_field_get_text   (GtkEditable *field);

G_END_DECLS
