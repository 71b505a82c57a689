/* bw-dialect-private.h: what the dialects share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-dialect.h"

G_BEGIN_DECLS

extern const BwDialect bw_homie_5_dialect;
extern const BwDialect bw_homie_3_4_dialect;

/* Whether what is in @tree may be changed by messages below @root: of a device that speaks
 * Homie 5, old retained messages of an earlier firmware are ignored. */
gboolean  bw_dialect_claim          (BwDeviceTree    *tree,
                                     BwTopicRoot      root,
                                     BwEffect        *effect);
void      bw_effect_ignore          (BwEffect        *self,
                                     const char      *format,
                                     ...) G_GNUC_PRINTF (2, 3);
/* (transfer full) (nullable): NULL and BW_CHANGE_IGNORED when it is no text, or a longer one than @max_bytes. */
char     *bw_dialect_dup_text       (const char      *payload,
                                     gsize            length,
                                     gsize            max_bytes,
                                     BwEffect        *effect);
/* A value or, with @is_target, a target. @empty_is_zero_byte: as Homie 5 writes an empty string. */
void      bw_dialect_take_value     (BwDeviceTree    *tree,
                                     BwSlice          node_id,
                                     BwSlice          property_id,
                                     const char      *payload,
                                     gsize            length,
                                     gboolean         is_target,
                                     gboolean         empty_is_zero_byte,
                                     gint64           now_us,
                                     BwEffect        *effect);
/* Removes what nothing is known of any more. */
void      bw_dialect_forget_if_bare (BwDeviceTree    *tree,
                                     BwTreeNode      *node,
                                     BwTreeProperty  *property);
void      bw_dialect_check_value    (BwTreeProperty  *property);
void      bw_dialect_take_state     (BwDeviceTree    *tree,
                                     const char      *payload,
                                     gsize            length,
                                     BwEffect        *effect);
/* Returns: whether @attribute is $log/LEVEL or $alert/NAME. @scope: the child that says it; empty for the device itself */
gboolean  bw_dialect_take_words     (BwSlice          scope,
                                     BwSlice          attribute,
                                     const char      *payload,
                                     gsize            length,
                                     BwEffect        *effect);
gboolean  bw_dialect_is_id          (const char      *text,
                                     gsize            length);
gboolean  bw_slice_is               (BwSlice          slice,
                                     const char      *text);

/* Homie 3 and 4's lists ($nodes, $properties), and the arrays of Homie 3. Returns: whether
 * anything visible changed. */
gboolean  bw_homie_relist           (BwDeviceTree    *tree);
gboolean  bw_homie_list_properties  (BwDeviceTree    *tree,
                                     BwTreeNode      *node,
                                     const char      *list);

G_END_DECLS
