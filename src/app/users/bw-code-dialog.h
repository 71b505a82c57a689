/* bw-code-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define BW_TYPE_CODE_DIALOG (bw_code_dialog_get_type ())

G_DECLARE_FINAL_TYPE (BwCodeDialog, bw_code_dialog, BW, CODE_DIALOG, AdwWindow)

/* @invitation: {"code","expiresAt","sent"}. @email: (nullable) */
GtkWidget *bw_code_dialog_new (const char *server_uri,
                               const char *name,
                               const char *email,
                               JsonObject *invitation);

G_END_DECLS
