/* bw-user-page.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_USER_PAGE (bw_user_page_get_type ())

/* Signals
 *   back      the list is wanted again
 *   deleted   the user is gone */
G_DECLARE_FINAL_TYPE (BwUserPage, bw_user_page, BW, USER_PAGE, GtkWidget)

GtkWidget *bw_user_page_new (BwSession  *session,
                             const char *user_id);

G_END_DECLS
