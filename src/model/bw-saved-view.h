/* bw-saved-view.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-record.h"

G_BEGIN_DECLS

#define BW_TYPE_SAVED_VIEW (bw_saved_view_get_type ())

G_DECLARE_FINAL_TYPE (BwSavedView, bw_saved_view, BW, SAVED_VIEW, BwRecord)

/* Properties: name, company-id (NULL: one's own), company, account-id (strings, nullable), created-at-us, edited-at-us
 * (int64; 0: never). */
BwSavedView *bw_saved_view_new           (void);
const char  *bw_saved_view_get_name      (BwSavedView *self);
gboolean     bw_saved_view_is_shared     (BwSavedView *self);
/* {"filter","sort","columns"}; (nullable) (transfer none) */
JsonObject  *bw_saved_view_get_document  (BwSavedView *self);

G_END_DECLS
