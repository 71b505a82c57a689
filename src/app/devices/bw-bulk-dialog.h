/* bw-bulk-dialog.h: what shall become of many devices, looked at before it is done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_BULK_DIALOG (bw_bulk_dialog_get_type ())

/* Signal: accepted (JsonObject *request)  see bw-session-bulk.h; the dialog closes */
G_DECLARE_FINAL_TYPE (BwBulkDialog, bw_bulk_dialog, BW, BULK_DIALOG, AdwWindow)

/* @ids, @filter: either one. @sample_id: (nullable): one of the devices, whose properties are offered. */
GtkWidget *bw_bulk_dialog_new (BwSession          *session,
                               const char         *action,
                               const char * const *ids,
                               JsonObject         *filter,
                               const char         *sample_id);

G_END_DECLS
