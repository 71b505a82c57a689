/* bw-sheet-private.h: for the files of this class
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-label-draw.h"
#include "bw-sheet.h"

G_BEGIN_DECLS

/* A device, packed: a sheet may hold a million. */
typedef struct
{
  char    id[20];    /* canonical, terminated */
  guint32 serial;
} BwSheetEntry;

struct _BwSheet
{
  GObject        parent_instance;

  const BwStock *stock;
  BwLabelPlan   *plan;
  char          *batch;
  double         color[3];
  gboolean       has_color;
  guint          count;
  gint64         created_at_us;
  guint          start;          /* from 0 */
  GArray        *entries;        /* BwSheetEntry */

  /* What is known of the devices. NULL while nothing is. */
  GArray        *facts;          /* guint32 by entry: 1 + the place in fact_sets, 0 for none */
  GArray        *fact_sets;      /* BwLabelFacts */
  GStringChunk  *texts;          /* each once */
  BwLabelFacts   common_facts;   /* for who has none of his own */
  BwLabelPainter *checker;       /* (nullable): made when it is needed */
};

BwLabelPainter     *bw_sheet_create_painter (BwSheet *self);
void                bw_sheet_clear_facts    (BwSheet *self);
/* Returns: (nullable) */
const BwLabelFacts *bw_sheet_get_facts      (BwSheet *self,
                                             guint    entry);

G_END_DECLS
