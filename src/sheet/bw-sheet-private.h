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
  BwLabelPlan   *plan;           /* (nullable): of a test page */
  char          *batch;
  double         color[3];
  gboolean       has_color;
  guint          count;
  gint64         created_at_us;
  guint          start;          /* from 0 */
  GArray        *entries;        /* BwSheetEntry */
  guint          first;          /* of the job's labels */

  guint          copies;
  gboolean       by_columns;
  BwSheetMarks   marks;
  BwCalibration  calibration;
  guint         *order;          /* (owned): the cells from 0, as they are filled */
  guint         *free_cells;     /* (owned): the same of the first page */
  guint          n_free;
  char          *test_text;      /* (owned) (nullable): it is a test page */

  /* What is known of the devices. NULL while nothing is. */
  GArray         *facts;         /* guint32 by entry: 1 + the place in fact_sets, 0 for none */
  GArray         *fact_sets;     /* BwLabelFacts */
  GStringChunk   *texts;         /* each once */
  BwLabelFacts    common_facts;  /* for who has none of his own */
  BwLabelPainter *checker;       /* (nullable): made when it is needed */
};

void                bw_sheet_clear_facts    (BwSheet *self);
/* Returns: (nullable) */
const BwLabelFacts *bw_sheet_get_facts      (BwSheet *self,
                                             guint    entry);

/* The cells of a page as they are filled, and which copy of the job, from 0, lies in the first of them. */
const guint *bw_sheet_get_page_cells (BwSheet *self,
                                      guint    page,
                                      guint   *ret_n_cells,
                                      gsize   *ret_first_copy);

/* A painter costs some fonts: who draws many pages or labels has one. (transfer full) (nullable): NULL for a test
 * page */
BwLabelPainter *bw_sheet_create_painter (BwSheet        *self);
void            bw_sheet_paint_page     (BwSheet        *self,
                                         BwLabelPainter *painter,
                                         cairo_t        *cr,
                                         guint           page);
void            bw_sheet_paint_label    (BwSheet        *self,
                                         BwLabelPainter *painter,
                                         cairo_t        *cr,
                                         guint           label);

void     bw_sheet_draw_test_page     (BwSheet *self,
                                      cairo_t *cr);
void     bw_sheet_draw_outline       (BwSheet *self,
                                      cairo_t *cr,
                                      double   x,
                                      double   y);

gboolean bw_sheet_has_labels         (BwSheet  *self,
                                      GError  **error);

/* Writes all of a sheet into a stream. */
typedef gboolean (*BwSheetWriteFunc) (BwSheet              *self,
                                      GOutputStream        *stream,
                                      gpointer              data,
                                      BwSheetProgressFunc   progress,
                                      gpointer              progress_data,
                                      GCancellable         *cancellable,
                                      GError              **error);

/* Beside @path, synced and renamed over it. */
gboolean bw_sheet_write_file         (BwSheet              *self,
                                      const char           *path,
                                      BwSheetWriteFunc      write_func,
                                      gpointer              write_data,
                                      BwSheetProgressFunc   progress,
                                      gpointer              progress_data,
                                      GCancellable         *cancellable,
                                      GError              **error);

G_END_DECLS
