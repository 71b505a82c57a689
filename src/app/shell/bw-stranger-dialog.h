/* bw-stranger-dialog.h: a server that nobody vouches for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-stranger.h"

G_BEGIN_DECLS

#define BW_TYPE_STRANGER_DIALOG (bw_stranger_dialog_get_type ())

/* Signals
 *   trusted   the certificate is kept as trusted from now on: connect again */
G_DECLARE_FINAL_TYPE (BwStrangerDialog, bw_stranger_dialog, BW, STRANGER_DIALOG, AdwWindow)

/* Shown above the window that @parent is in. */
BwStrangerDialog *bw_stranger_dialog_present (GtkWidget        *parent,
                                              const BwStranger *stranger);

G_END_DECLS
