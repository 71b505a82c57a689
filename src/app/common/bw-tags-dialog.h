/* bw-tags-dialog.h: the tags there are
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_TAGS_DIALOG (bw_tags_dialog_get_type ())

/* Makes, renames, colours, restricts to companies and deletes tags; for who has BW_PERMISSION_MANAGE_TAGS. */
G_DECLARE_FINAL_TYPE (BwTagsDialog, bw_tags_dialog, BW, TAGS_DIALOG, AdwWindow)

GtkWidget *bw_tags_dialog_new (BwSession *session);

G_END_DECLS
