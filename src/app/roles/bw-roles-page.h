/* bw-roles-page.h: the place *Roles*
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_ROLES_PAGE (bw_roles_page_get_type ())

/* Actions: roles.reload, roles.search, roles.create, roles.open('s': an id), roles.undo('(ss)': an id and the body of a PATCH) */
G_DECLARE_FINAL_TYPE (BwRolesPage, bw_roles_page, BW, ROLES_PAGE, GtkWidget)

GtkWidget *bw_roles_page_new (BwSession *session);

G_END_DECLS
