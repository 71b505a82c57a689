/* bw-raw-detail.h: one raw message, whole
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-raw-message.h"

G_BEGIN_DECLS

#define BW_TYPE_RAW_DETAIL (bw_raw_detail_get_type ())

G_DECLARE_FINAL_TYPE (BwRawDetail, bw_raw_detail, BW, RAW_DETAIL, GtkWidget)

void bw_raw_detail_set_message (BwRawDetail  *self,
                                BwRawMessage *message);    /* (nullable) */

G_END_DECLS
