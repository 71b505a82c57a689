/* bw-trust-dialog.h: the certificates that were trusted by hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BW_TYPE_TRUST_DIALOG (bw_trust_dialog_get_type ())

G_DECLARE_FINAL_TYPE (BwTrustDialog, bw_trust_dialog, BW, TRUST_DIALOG, AdwWindow)

GtkWidget *bw_trust_dialog_new (void);

G_END_DECLS
