/* bw-notices-button.h: the bell, and the list behind it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-notices.h"

G_BEGIN_DECLS

#define BW_TYPE_NOTICES_BUTTON (bw_notices_button_get_type ())

/* Rows activate win.show-place and win.show-devices. */
G_DECLARE_FINAL_TYPE (BwNoticesButton, bw_notices_button, BW, NOTICES_BUTTON, GtkWidget)

/* Both: (nullable) */
void bw_notices_button_set_notices (BwNoticesButton *self,
                                    BwNotices       *notices,
                                    GSettings       *settings);
void bw_notices_button_popup       (BwNoticesButton *self);

G_END_DECLS
