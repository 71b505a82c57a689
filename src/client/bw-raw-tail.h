/* bw-raw-tail.h: the newest messages, as rows that stand still
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-raw-message.h"

G_BEGIN_DECLS

#define BW_TYPE_RAW_SLOT (bw_raw_slot_get_type ())

/* A place of the list: the first one holds the newest message, whichever that is. */
G_DECLARE_FINAL_TYPE (BwRawSlot, bw_raw_slot, BW, RAW_SLOT, GObject)

BwRawMessage *bw_raw_slot_get_message (BwRawSlot  *self);    /* (transfer none) (nullable) */

#define BW_TYPE_RAW_TAIL (bw_raw_tail_get_type ())

/* A GListModel of BwRawSlot over one of BwRawMessage. When sixty messages come in at the top a list of messages has sixty
 * rows to make; this one has none, and what its rows show is read again. */
G_DECLARE_FINAL_TYPE (BwRawTail, bw_raw_tail, BW, RAW_TAIL, GObject)

BwRawTail    *bw_raw_tail_new         (GListModel *messages);
/* It has as many slots from now on as there are messages: as many came as went is no change. */
void          bw_raw_tail_update      (BwRawTail  *self);

G_END_DECLS
