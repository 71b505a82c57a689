/* bw-pair-dialog.h: whose a device shall be
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_PAIR_DIALOG (bw_pair_dialog_get_type ())

/* Signal: picked (const char *user_id)  the dialog closes */
G_DECLARE_FINAL_TYPE (BwPairDialog, bw_pair_dialog, BW, PAIR_DIALOG, AdwWindow)

GtkWidget *bw_pair_dialog_new (BwSession *session);

G_END_DECLS
