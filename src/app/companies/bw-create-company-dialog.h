/* bw-create-company-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_CREATE_COMPANY_DIALOG (bw_create_company_dialog_get_type ())

/* Signal: created (const char *company_id)  it is in the session's list; the dialog closes. */
G_DECLARE_FINAL_TYPE (BwCreateCompanyDialog, bw_create_company_dialog, BW, CREATE_COMPANY_DIALOG, AdwWindow)

/* @parent_id: (nullable): what is proposed; one's own company when it is NULL. */
GtkWidget *bw_create_company_dialog_new (BwSession  *session,
                                         const char *parent_id);

G_END_DECLS
