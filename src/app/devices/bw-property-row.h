/* bw-property-row.h: one property of a device, what it is and what becomes of a wish
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-command.h"
#include "bw-desired-set.h"
#include "bw-device-tree.h"

G_BEGIN_DECLS

#define BW_TYPE_PROPERTY_ROW (bw_property_row_get_type ())

/* Signals: wanted (const char *value)  somebody wants it; says what becomes of it by the calls below
 *          withdraw ()                 what waits for the device is not wanted any more */
G_DECLARE_FINAL_TYPE (BwPropertyRow, bw_property_row, BW, PROPERTY_ROW, AdwPreferencesRow)

GtkWidget  *bw_property_row_new             (const BwTreeProperty *property);
const char *bw_property_row_get_node_id     (BwPropertyRow        *self);
const char *bw_property_row_get_property_id (BwPropertyRow        *self);

/* What the device says now. The metadata must be those it was made with. */
void        bw_property_row_update          (BwPropertyRow        *self,
                                             const BwTreeProperty *property);
/* Time has passed. */
void        bw_property_row_update_age      (BwPropertyRow        *self,
                                             gint64                now_us);
/* @why_not: (nullable): the reason that nothing can be set now, in words */
void        bw_property_row_set_why_not     (BwPropertyRow        *self,
                                             const char           *why_not);

/* The device is away: what is set now is kept until it is back, if the property keeps a value at all. */
void        bw_property_row_set_keeping     (BwPropertyRow        *self,
                                             gboolean              is_keeping);
/* What waits for the device, or it has refused. @desired: (nullable) */
void        bw_property_row_set_desired     (BwPropertyRow        *self,
                                             const BwDesired      *desired);
/* The backend keeps what was wanted: the wish is over. */
void        bw_property_row_take_kept       (BwPropertyRow        *self);

/* In a narrow page the control goes below the name. */
void        bw_property_row_set_narrow      (BwPropertyRow        *self,
                                             gboolean              is_narrow);

/* A command for this property, from the backend's answer or from the feed, whoever gave it. */
void        bw_property_row_take_command    (BwPropertyRow        *self,
                                             BwCommand            *command);
/* The backend did not even take it. */
void        bw_property_row_take_refusal    (BwPropertyRow        *self,
                                             const char           *reason);
/* Whether the wish stands where it is since before @since_us, and nobody has asked about it yet. Marks it
 * as asked for. @ret_command_id: (transfer none) */
gboolean    bw_property_row_is_overdue      (BwPropertyRow        *self,
                                             gint64                since_us,
                                             const char          **ret_command_id);

G_END_DECLS
