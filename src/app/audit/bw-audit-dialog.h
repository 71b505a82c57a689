/* bw-audit-dialog.h: one entry of the audit log
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-audit-entry.h"
#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_AUDIT_DIALOG (bw_audit_dialog_get_type ())

/* Signal: show-person (const char *user_id, const char *name)  what else this person did is wanted; it has closed */
G_DECLARE_FINAL_TYPE (BwAuditDialog, bw_audit_dialog, BW, AUDIT_DIALOG, AdwWindow)

GtkWidget *bw_audit_dialog_new (BwSession    *session,
                                BwAuditEntry *entry);

G_END_DECLS
