/* bw-label-plan.h: a design on a label of one stock
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-label.h"

G_BEGIN_DECLS

typedef enum
{
  BW_LABEL_LIGHT_GREEN,
  BW_LABEL_LIGHT_AMBER,
  BW_LABEL_LIGHT_RED,
} BwLabelLight;

typedef enum
{
  BW_LABEL_REASON_GOOD,
  BW_LABEL_REASON_SMALL,       /* modules below BW_LABEL_GOOD_MODULE_MM */
  BW_LABEL_REASON_FEW_DOTS,    /* large enough, of fewer dots than BW_LABEL_GOOD_DOTS */
  BW_LABEL_REASON_TOO_SMALL,   /* below BW_LABEL_MIN_MODULE_MM */
} BwLabelReason;

/* How well the code will be read. */
typedef struct
{
  BwLabelLight      light;
  BwLabelReason     reason;
  double            module;       /* mm */
  guint             dots;         /* a module */
  guint             dpi;
  guint             version;      /* of the code */
  guint             n_modules;    /* along a side */
  BwLabelCorrection correction;   /* the one that was taken */
} BwLabelQuality;

/* What is drawn where: made once for all labels of a stock, then read only. */
typedef struct _BwLabelPlan BwLabelPlan;

/* @design: (nullable): NULL is the automatic layout. Fails with
 * BW_ERROR_INVALID where a field does not fit, and when the code is too small
 * and the design does not allow it. */
BwLabelPlan         *bw_label_plan_new         (const BwStock        *stock,
                                                const BwLabelDesign  *design,
                                                GError              **error);
BwLabelPlan         *bw_label_plan_ref         (BwLabelPlan          *self);
void                 bw_label_plan_unref       (BwLabelPlan          *self);

const BwLabelLayout *bw_label_plan_get_layout  (const BwLabelPlan    *self);
void                 bw_label_plan_get_quality (const BwLabelPlan    *self,
                                                BwLabelQuality       *ret_quality);
/* What a scanner reads from the label of @id. Returns: (transfer full) */
char                *bw_label_plan_get_payload (const BwLabelPlan    *self,
                                                const char           *id);

gboolean             bw_label_plan_has_field   (const BwLabelPlan    *self,
                                                BwLabelFieldKind      kind);

/* The light for a code that may well be too small. Fails when there is no room for one at all. */
gboolean             bw_label_design_get_light (const BwLabelDesign  *design,
                                                const BwStock        *stock,
                                                BwLabelQuality       *ret_quality,
                                                GError              **error);

/* In mm on @stock, whatever the design's unit. */
BwRect               bw_label_design_get_rect  (const BwLabelDesign  *design,
                                                const BwLabelField   *field,
                                                const BwStock        *stock);
void                 bw_label_design_set_rect  (const BwLabelDesign  *design,
                                                BwLabelField         *field,
                                                const BwStock        *stock,
                                                const BwRect         *rect);

/* Fields that make sense on @stock, free to be moved; in mm. The link, error
 * correction and printer are @base's (nullable). Fails with BW_ERROR_INVALID when
 * the label has no room for them. Returns: (transfer full) */
typedef enum
{
  BW_LABEL_PRESET_AUTOMATIC,    /* no fields: laid out anew on each stock */
  BW_LABEL_PRESET_STANDARD,     /* what the automatic layout makes, as fields */
  BW_LABEL_PRESET_CODE_ONLY,
  BW_LABEL_PRESET_CODE_AND_ID,  /* with a check character */
  BW_LABEL_PRESET_PRODUCT,      /* product, ID, serial */
  BW_LABEL_PRESET_FULL,         /* all that is known */
  BW_LABEL_N_PRESETS,
} BwLabelPreset;

BwLabelDesign       *bw_label_preset_make      (BwLabelPreset         preset,
                                                const BwStock        *stock,
                                                const BwLabelDesign  *base,
                                                GError              **error);
const char          *bw_label_preset_to_text   (BwLabelPreset         preset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwLabelPlan, bw_label_plan_unref)

G_END_DECLS
