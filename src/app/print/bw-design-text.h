/* bw-design-text.h: words for what stands on a label
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-label-plan.h"

G_BEGIN_DECLS

const char *bw_label_field_kind_to_word   (BwLabelFieldKind      kind);
const char *bw_label_preset_to_word       (BwLabelPreset         preset);

/* With the light's word. */
const char *bw_label_reason_to_sentence   (BwLabelReason         reason);

/* Two sentences: the light's word with its reason, and what the code is. (transfer full) */
char       *bw_label_quality_to_user_text (const BwLabelQuality *quality);
/* "success", "warning", "error": the colour, which never says it alone */
const char *bw_label_light_to_css_class   (BwLabelLight          light);

G_END_DECLS
