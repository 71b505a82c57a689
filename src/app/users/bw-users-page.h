/* bw-users-page.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_USERS_PAGE (bw_users_page_get_type ())

/* Shows a table of users, or the page of one. */
G_DECLARE_FINAL_TYPE (BwUsersPage, bw_users_page, BW, USERS_PAGE, GtkWidget)

GtkWidget *bw_users_page_new          (BwSession   *session);
void       bw_users_page_open         (BwUsersPage *self,
                                       const char  *user_id);
/* From a user to the table; FALSE: it is the table already. */
gboolean   bw_users_page_go_back      (BwUsersPage *self);
void       bw_users_page_start_search (BwUsersPage *self);

/* The users of @company and of those below it, whatever was searched for before. */
void       bw_users_page_set_company  (BwUsersPage *self,
                                       BwEntity    *company);

G_END_DECLS
