/* bw-company.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-record.h"

G_BEGIN_DECLS

#define BW_TYPE_COMPANY (bw_company_get_type ())

G_DECLARE_FINAL_TYPE (BwCompany, bw_company, BW, COMPANY, BwRecord)

/* Properties: id, revision (BwEntity); name, alias, parent-id, address, phone, email (strings);
 * n-devices, n-participations, n-subsidiaries, created-at-us, edited-at-us (int64); tags (GStrv). */
BwCompany *bw_company_new (void);
const char *bw_company_get_name (BwCompany *self);
const char *bw_company_get_alias (BwCompany *self);

G_END_DECLS
