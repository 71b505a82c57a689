/* bw-message-group.h: what a device has said of itself lately
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-dialect.h"

G_BEGIN_DECLS

#define BW_TYPE_MESSAGE_GROUP (bw_message_group_get_type ())

/* Invisible until there is a message. */
G_DECLARE_FINAL_TYPE (BwMessageGroup, bw_message_group, BW, MESSAGE_GROUP, AdwPreferencesGroup)

void bw_message_group_add (BwMessageGroup *self,
                           BwLevel         level,
                           gboolean        is_alert,
                           const char     *text);

G_END_DECLS
