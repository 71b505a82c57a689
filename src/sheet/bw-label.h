/* bw-label.h: where everything goes on one label
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-label-design.h"
#include "bw-stock.h"

G_BEGIN_DECLS

#define BW_LABEL_QUIET_MODULES 4

/* Below the first a phone cannot be relied on (refused), below the second it
 * takes a good printer. */
#define BW_LABEL_MIN_MODULE_MM  0.33
#define BW_LABEL_GOOD_MODULE_MM 0.40
#define BW_LABEL_GOOD_DOTS      4

#define BW_LABEL_MIN_ID_PT 6.0

#define BW_LABEL_MAX_ID_LINES 4

/* Millimetres from the label's left top corner, the way it is read (a turned
 * stock is turned when drawn). An empty rectangle: not on this label. */
typedef struct
{
  double  width;
  double  height;
  guint   n_modules;     /* along a side of the code: 21 for the ID alone */
  double  module;        /* side of one module */
  guint   module_dots;
  BwRect  code;          /* the dark and light modules */
  BwRect  quiet;         /* the same with the quiet zone: nothing else is drawn in it */
  guint   n_id_lines;    /* 1: xxxx-xxxx-xxxx-xxxx; 2: two groups a line; 4: a group a line */
  double  id_pt;
  BwRect  id;            /* all its lines */
  double  small_pt;
  BwRect  batch;         /* the batch's name, cut short when it does not fit */
  BwRect  serial;        /* `17 / 500` */
  BwRect  bar;           /* the batch's colour */
} BwLabelLayout;

/* What is known of one device. Each may be NULL: then its field stays empty. */
typedef struct
{
  const char *product;
  const char *abbreviation;
  const char *license;
  const char *machine_id;
  const char *company;
} BwLabelFacts;

/* Of a label with the ID alone in its code. @dpi: 0 for the stock's own. Fails with
 * BW_ERROR_INVALID when no readable code fits. */
gboolean bw_label_layout          (const BwStock  *stock,
                                   guint           dpi,
                                   BwLabelLayout  *ret_layout,
                                   GError        **error);
/* The same for a code of @n_modules. @allow_small: down to one dot a module, when no better one fits. */
gboolean bw_label_layout_for_code (const BwStock  *stock,
                                   guint           dpi,
                                   guint           n_modules,
                                   gboolean        allow_small,
                                   BwLabelLayout  *ret_layout,
                                   GError        **error);

/* A label the way it is read: the size of a turned stock is turned. */
void     bw_label_get_size        (const BwStock  *stock,
                                   double         *ret_width,
                                   double         *ret_height);
/* Where something may be printed, of a round one the square in it. */
BwRect   bw_label_get_area        (const BwStock  *stock);

G_END_DECLS
