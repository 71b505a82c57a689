/* bw-user.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-record.h"

G_BEGIN_DECLS

#define BW_TYPE_USER (bw_user_get_type ())

G_DECLARE_FINAL_TYPE (BwUser, bw_user, BW, USER, BwRecord)

/* Properties: id, revision (BwEntity); login, email, first-name, last-name, name, status, company-
 * id (strings); created-at-us, edited-at-us, last-seen-at-us (int64); suspended, totp (booleans);
 * tags (GStrv); participations (JsonNode). */
BwUser *bw_user_new (void);

G_END_DECLS
