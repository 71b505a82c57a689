/* bw-request-dialog.h: one request, to look at and to decide
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_REQUEST_DIALOG (bw_request_dialog_get_type ())

/* Signal: decided (const char *text)  it was accepted, rejected or withdrawn: what to say about it */
G_DECLARE_FINAL_TYPE (BwRequestDialog, bw_request_dialog, BW, REQUEST_DIALOG, AdwWindow)

/* Reads the request first. */
GtkWidget *bw_request_dialog_new (BwSession  *session,
                                  const char *request_id);

G_END_DECLS
