/* bw-request.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-record.h"

G_BEGIN_DECLS

#define BW_TYPE_REQUEST (bw_request_get_type ())

G_DECLARE_FINAL_TYPE (BwRequest, bw_request, BW, REQUEST, BwRecord)

/* Properties: id, revision (BwEntity); kind, action, object-id, object, company-id, company,
 * requester-id, requester, comment, state, reason, decided-by (strings); created-at-us, decided-at-
 * us, expires-at-us (int64); may-decide (booleans); before, after (JsonNode). */
BwRequest *bw_request_new (void);

G_END_DECLS
