/* bw-tag.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-record.h"

G_BEGIN_DECLS

#define BW_TYPE_TAG (bw_tag_get_type ())

G_DECLARE_FINAL_TYPE (BwTag, bw_tag, BW, TAG, BwRecord)

/* Properties: id, revision (BwEntity); name, color (strings); n-objects, created-at-us, edited-at-
 * us (int64); company-ids (GStrv). */
BwTag *bw_tag_new (void);
const char *bw_tag_get_name (BwTag *self);

G_END_DECLS
