/* bw-claim-dialog.h: one's own devices
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_CLAIM_DIALOG (bw_claim_dialog_get_type ())

G_DECLARE_FINAL_TYPE (BwClaimDialog, bw_claim_dialog, BW, CLAIM_DIALOG, AdwWindow)

GtkWidget *bw_claim_dialog_new (BwSession *session);

G_END_DECLS
