/* bw-rules-dialog.h: rules for devices that begin to wait for approval
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_RULES_DIALOG (bw_rules_dialog_get_type ())

G_DECLARE_FINAL_TYPE (BwRulesDialog, bw_rules_dialog, BW, RULES_DIALOG, AdwWindow)

GtkWidget *bw_rules_dialog_new (BwSession *session);

/* "devices.rules" of a page with a property "session" opens it. */
void       bw_rules_dialog_install_action (GtkWidgetClass *widget_class);

G_END_DECLS
