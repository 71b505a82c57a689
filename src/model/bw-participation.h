/* bw-participation.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-record.h"

G_BEGIN_DECLS

#define BW_TYPE_PARTICIPATION (bw_participation_get_type ())

G_DECLARE_FINAL_TYPE (BwParticipation, bw_participation, BW, PARTICIPATION, BwRecord)

/* Properties: id, revision (BwEntity); user-id, user, email, company-id, company, role-id, role,
 * first-day, last-day (strings); created-at-us, edited-at-us (int64); active (booleans). */
BwParticipation *bw_participation_new (void);

G_END_DECLS
