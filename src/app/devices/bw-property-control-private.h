/* bw-property-control-private.h: for the kinds of BwPropertyControl
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-property-control.h"

G_BEGIN_DECLS

/* What the control has to know; the tree's own struct may go at any time. */
typedef struct
{
  char       *name;       /* for the screen reader */
  char       *unit;       /* (nullable) */
  char       *format;     /* (nullable) */
  BwDatatype  datatype;
  gboolean    is_retained;
} BwPropertyFacts;

const BwPropertyFacts *bw_property_control_get_facts (BwPropertyControl *self);

/* True while the control shows what it was told: signals of its widgets then mean nobody's wish. */
gboolean   bw_property_control_is_showing (BwPropertyControl *self);

/* Emits wanted, or invalid when it is no value. Returns: whether it is one */
gboolean   bw_property_control_want       (BwPropertyControl *self,
                                           const char        *value);
/* Only looks, and emits invalid with the sentence or with NULL. */
gboolean   bw_property_control_check      (BwPropertyControl *self,
                                           const char        *value);

/* A number as the wire has it, whatever the locale. (transfer full) */
char      *bw_property_control_format_number (double  number,
                                              guint   digits);

#define BW_TYPE_SWITCH_CONTROL  (bw_switch_control_get_type ())
#define BW_TYPE_BUTTONS_CONTROL (bw_buttons_control_get_type ())
#define BW_TYPE_CHOICE_CONTROL  (bw_choice_control_get_type ())
#define BW_TYPE_NUMBER_CONTROL  (bw_number_control_get_type ())
#define BW_TYPE_COLOR_CONTROL   (bw_color_control_get_type ())
#define BW_TYPE_TEXT_CONTROL    (bw_text_control_get_type ())

G_DECLARE_FINAL_TYPE (BwSwitchControl, bw_switch_control, BW, SWITCH_CONTROL, BwPropertyControl)
G_DECLARE_FINAL_TYPE (BwButtonsControl, bw_buttons_control, BW, BUTTONS_CONTROL, BwPropertyControl)
G_DECLARE_FINAL_TYPE (BwChoiceControl, bw_choice_control, BW, CHOICE_CONTROL, BwPropertyControl)
G_DECLARE_FINAL_TYPE (BwNumberControl, bw_number_control, BW, NUMBER_CONTROL, BwPropertyControl)
G_DECLARE_FINAL_TYPE (BwColorControl, bw_color_control, BW, COLOR_CONTROL, BwPropertyControl)
G_DECLARE_FINAL_TYPE (BwTextControl, bw_text_control, BW, TEXT_CONTROL, BwPropertyControl)

/* Whether both ends are known and not too far apart to slide between them. */
gboolean   bw_number_control_fits         (const BwPropertyFacts *facts);

G_END_DECLS
