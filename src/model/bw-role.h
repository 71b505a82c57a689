/* bw-role.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-record.h"

G_BEGIN_DECLS

#define BW_TYPE_ROLE (bw_role_get_type ())

G_DECLARE_FINAL_TYPE (BwRole, bw_role, BW, ROLE, BwRecord)

/* Properties: id, revision (BwEntity); name, builtin (strings); n-participations, created-at-us,
 * edited-at-us (int64); permissions, tags (GStrv). */
BwRole *bw_role_new (void);
const char *bw_role_get_name (BwRole *self);

G_END_DECLS
