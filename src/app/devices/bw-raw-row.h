/* bw-raw-row.h: a message in a list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-raw-log.h"
#include "bw-raw-tail.h"

G_BEGIN_DECLS

#define BW_TYPE_RAW_ROW (bw_raw_row_get_type ())

G_DECLARE_FINAL_TYPE (BwRawRow, bw_raw_row, BW, RAW_ROW, GtkWidget)

GtkWidget    *bw_raw_row_new      (void);
/* A BwRawTopic, which is shown by its last message and their number, or a BwRawSlot; (nullable). */
void          bw_raw_row_set_item (BwRawRow       *self,
                                   gpointer        item);
/* It may have another message. */
void          bw_raw_row_update   (BwRawRow       *self);

/* (transfer none) (nullable): the message of either kind of item */
BwRawMessage *bw_raw_item_get_message (gpointer    item);
/* (transfer full): "12:30:01.234", local */
char         *bw_raw_format_time  (gint64          at_us);
const char   *bw_raw_direction_to_text (BwRawDirection direction);
const char   *bw_raw_direction_to_icon (BwRawDirection direction);

G_END_DECLS
