/* bw-search-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session-search.h"

G_BEGIN_DECLS

#define BW_TYPE_SEARCH_DIALOG (bw_search_dialog_get_type ())

/* Closes itself and activates actions of the window that it stands on: win.show-object (ss: "device", "batch",
 * "company" or "user", and an id), win.search-devices, and those of the commands. */
G_DECLARE_FINAL_TYPE (BwSearchDialog, bw_search_dialog, BW, SEARCH_DIALOG, AdwWindow)

GtkWidget *bw_search_dialog_new (GtkWindow *parent,
                                 BwSession *session);

G_END_DECLS
