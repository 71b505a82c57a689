/* bw-label.h: where everything goes on one label
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-stock.h"

G_BEGIN_DECLS

/* A code of 16 upper-case characters at error correction Q: version 1. */
#define BW_LABEL_CODE_MODULES  21
#define BW_LABEL_QUIET_MODULES 4

/* Below the first a phone cannot be relied on (refused), below the second it
 * takes a good printer. */
#define BW_LABEL_MIN_MODULE_MM  0.33
#define BW_LABEL_GOOD_MODULE_MM 0.40

#define BW_LABEL_MIN_ID_PT 6.0

#define BW_LABEL_MAX_ID_LINES 4

typedef struct
{
  double x;
  double y;
  double width;
  double height;
} BwRect;

/* Millimetres from the label's left top corner, the way it is read (a turned
 * stock is turned when drawn). An empty rectangle: not on this label. */
typedef struct
{
  double  width;
  double  height;
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

/* @dpi: 0 for the stock's own. Fails with BW_ERROR_INVALID when no readable code fits. */
gboolean bw_label_layout (const BwStock  *stock,
                          guint           dpi,
                          BwLabelLayout  *ret_layout,
                          GError        **error);

G_END_DECLS
