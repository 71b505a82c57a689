/* bw-audit-entry.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-record.h"

G_BEGIN_DECLS

#define BW_TYPE_AUDIT_ENTRY (bw_audit_entry_get_type ())

G_DECLARE_FINAL_TYPE (BwAuditEntry, bw_audit_entry, BW, AUDIT_ENTRY, BwRecord)

/* Properties: id, revision (BwEntity); user-id, user, address, action, kind, object-id, object,
 * company-id, hash (strings); at-us (int64); before, after (JsonNode). */
BwAuditEntry *bw_audit_entry_new (void);

G_END_DECLS
