/* bw-permission-text.h: what a role lets people do, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#include "bw-permission.h"

G_BEGIN_DECLS

/* @number: a bit's place, below BW_N_PERMISSIONS. "View devices" */
const char *bw_permission_to_text       (guint       number);
/* What it is about, as the heading of a group: "Devices". Permissions of a group stand together. */
const char *bw_permission_to_group_text (guint       number);
/* All of a set, "View users, Manage users"; what is implied by another one of the set is left out. */
char       *bw_permissions_to_text      (guint       permissions);
/* The built-in roles have names in every language; others are called as they are. (nullable) */
const char *bw_role_name_to_text        (const char *name);
/* "Support at North Ltd"; NULL when one of them is. */
char       *bw_role_at_company_to_text  (const char *role,
                                         const char *company);

G_END_DECLS
