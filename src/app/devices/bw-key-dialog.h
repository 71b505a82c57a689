/* bw-key-dialog.h: another key for a device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_KEY_DIALOG (bw_key_dialog_get_type ())

/* Signal: changed ()  the device has another key */
G_DECLARE_FINAL_TYPE (BwKeyDialog, bw_key_dialog, BW, KEY_DIALOG, AdwWindow)

/* @device: (nullable): its document, for the provisioning file */
GtkWidget *bw_key_dialog_new (BwSession  *session,
                              const char *device_id,
                              JsonObject *device);

G_END_DECLS
