/* bw-label-private.h: for the files that make and draw a plan
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-label-code.h"
#include "bw-label-logo.h"
#include "bw-label-plan.h"

G_BEGIN_DECLS

/* DejaVu Sans Mono: width of a character, in em. */
#define BW_LABEL_MONO_EM 0.602

/* Smaller letters are for nobody's eyes; text is made smaller down to this one. */
#define BW_LABEL_MIN_TEXT_PT 5.0

typedef struct
{
  BwLabelFieldKind  kind;
  BwRect            rect;       /* mm */
  BwLabelAlign      align;
  double            pt;         /* letters at most so large … */
  double            min_pt;     /* … and at least so */
  guint             n_lines;    /* of an ID */
  const char       *text;       /* the plan's */
  BwLabelLogo      *logo;
} BwLabelItem;

struct _BwLabelPlan
{
  gatomicrefcount  ref_count;

  const BwStock   *stock;
  BwLabelDesign   *design;      /* (nullable) */
  BwLabelCode      code;
  BwLabelLayout    layout;
  guint            dpi;
  GArray          *items;       /* BwLabelItem */
};

G_END_DECLS
