/* bw-history-choice.h: a property that there is history of, or will be
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-chart-series.h"
#include "bw-device-tree.h"

G_BEGIN_DECLS

#define BW_TYPE_HISTORY_CHOICE (bw_history_choice_get_type ())

/* Properties: title (string), note (string), chosen (boolean, notify) */
G_DECLARE_FINAL_TYPE (BwHistoryChoice, bw_history_choice, BW, HISTORY_CHOICE, GObject)

/* At least one of the two: what the device has now, and what the backend has of it. */
BwHistoryChoice *bw_history_choice_new          (const BwTreeProperty  *property,   /* (nullable) */
                                                 const BwHistorySeries *series);    /* (nullable) */
/* Of the same property, described in the same way. */
gboolean         bw_history_choice_is_same      (BwHistoryChoice       *self,
                                                 BwHistoryChoice       *other);
const char      *bw_history_choice_get_id       (BwHistoryChoice       *self);      /* "node/property" */
const char      *bw_history_choice_get_node     (BwHistoryChoice       *self);
const char      *bw_history_choice_get_property (BwHistoryChoice       *self);
const char      *bw_history_choice_get_title    (BwHistoryChoice       *self);
gboolean         bw_history_choice_is_number    (BwHistoryChoice       *self);
/* Of the backend's; 0: there is nothing. */
gint64           bw_history_choice_get_n        (BwHistoryChoice       *self);
gint64           bw_history_choice_get_first_us (BwHistoryChoice       *self);
gboolean         bw_history_choice_get_chosen   (BwHistoryChoice       *self);
void             bw_history_choice_set_chosen   (BwHistoryChoice       *self,
                                                 gboolean               chosen);
/* When the last live value came; it tells a new value from other news of the property. Returns: whether it is another. */
gboolean         bw_history_choice_set_live_us  (BwHistoryChoice       *self,
                                                 gint64                 live_us);

/* (transfer full): an empty one of the right kind, whose states have the device's names */
BwChartSeries   *bw_history_choice_make_series  (BwHistoryChoice       *self);
/* (transfer full): as people read it, with the unit */
char            *bw_history_choice_point_text   (BwHistoryChoice       *self,
                                                 const BwHistoryPoint  *point);
/* What the device says, as a chart takes it. @ret_text: (transfer none) (nullable) */
void             bw_history_choice_read_value   (BwHistoryChoice       *self,
                                                 const char            *value,
                                                 double                *ret_number,
                                                 const char           **ret_text);

G_END_DECLS
