/* bw-second-factor-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_SECOND_FACTOR_DIALOG (bw_second_factor_dialog_get_type ())

/* Signal: changed ()  it is on now, or off */
G_DECLARE_FINAL_TYPE (BwSecondFactorDialog, bw_second_factor_dialog, BW, SECOND_FACTOR_DIALOG, AdwWindow)

/* Sets one up, or takes it back when the account has one. */
GtkWidget *bw_second_factor_dialog_new (BwSession *session);

G_END_DECLS
