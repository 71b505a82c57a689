/* bw-sheet.h: labels onto paper
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-label-plan.h"
#include "bw-stock.h"

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

#define BW_TYPE_SHEET (bw_sheet_get_type ())

/* What is to be printed: labels of one batch on one stock. One draw function
 * serves preview, print and PDF. Filled once, then read only: after the last
 * add it may be used from several threads at once. The same sheet gives the
 * same bytes, whoever writes it. */
G_DECLARE_FINAL_TYPE (BwSheet, bw_sheet, BW, SHEET, GObject)

#define BW_SHEET_MAX_LABELS 1000000

/* @color: (nullable): `#rrggbb`.  @count: devices in the whole batch, for `17 / 500`.
 * @created_at_us: the batch's, becomes the date inside the PDF (0: none known).
 * @start: the first cell to use on the first page, from 1. */
BwSheet *bw_sheet_new                 (const BwStock   *stock,
                                       const char      *batch,
                                       const char      *color,
                                       guint            count,
                                       gint64           created_at_us,
                                       guint            start,
                                       GError         **error);
/* @id: in any form that bw_device_id_parse() reads. */
gboolean bw_sheet_add                 (BwSheet         *self,
                                       const char      *id,
                                       guint            serial,
                                       GError         **error);
/* @text: an ID a line, as `GET /v1/batches/{id}/ids` gives them; serials count up from @first_serial. */
gboolean bw_sheet_add_text            (BwSheet         *self,
                                       const char      *text,
                                       gsize            length,
                                       guint            first_serial,
                                       GError         **error);

/* What stands on the labels; NULL is the automatic layout, as before. Goes
 * before the first add. Fails with BW_ERROR_INVALID where it does not fit the stock. */
gboolean bw_sheet_set_design          (BwSheet              *self,
                                       const BwLabelDesign  *design,
                                       GError              **error);
/* Of all devices that are added without facts of their own: the company, say. After the design. */
gboolean bw_sheet_set_facts           (BwSheet              *self,
                                       const BwLabelFacts   *facts,
                                       GError              **error);
gboolean bw_sheet_add_with_facts      (BwSheet              *self,
                                       const char           *id,
                                       guint                 serial,
                                       const BwLabelFacts   *facts,
                                       GError              **error);

const BwStock       *bw_sheet_get_stock    (BwSheet *self);
const BwLabelLayout *bw_sheet_get_layout   (BwSheet *self);
void                 bw_sheet_get_quality  (BwSheet        *self,
                                            BwLabelQuality *ret_quality);
gboolean             bw_sheet_has_field    (BwSheet          *self,
                                            BwLabelFieldKind  kind);
/* What a scanner reads from the label of @id. Returns: (transfer full) */
char                *bw_sheet_get_payload  (BwSheet    *self,
                                            const char *id);
guint                bw_sheet_get_n_labels (BwSheet *self);
guint                bw_sheet_get_n_pages  (BwSheet *self);

/* The paper, in points: for GtkPageSetup (full page, no margins) and previews. */
void     bw_sheet_get_page_size       (BwSheet         *self,
                                       double          *ret_width_pt,
                                       double          *ret_height_pt);

/* @page: from 0. @cr: a user unit is a point, the origin the paper's left top
 * corner. Draws black and colour only, no paper. With @outlines the edges of
 * the labels and the used-up cells show: for previews. */
void     bw_sheet_draw_page           (BwSheet         *self,
                                       cairo_t         *cr,
                                       guint            page,
                                       gboolean         outlines);

/* Called on the writing thread after each page. */
typedef void (*BwSheetProgressFunc)   (guint            n_pages_done,
                                       guint            n_pages,
                                       gpointer         user_data);

/* Blocks; for g_task_run_in_thread(). Written beside @path, synced and renamed
 * over it: a failure or a cancel leaves what was there. */
gboolean bw_sheet_write_pdf           (BwSheet              *self,
                                       const char           *path,
                                       BwSheetProgressFunc   progress,
                                       gpointer              progress_data,
                                       GCancellable         *cancellable,
                                       GError              **error);
/* The same bytes into a stream, which stays open. */
gboolean bw_sheet_write_pdf_to_stream (BwSheet              *self,
                                       GOutputStream        *stream,
                                       BwSheetProgressFunc   progress,
                                       gpointer              progress_data,
                                       GCancellable         *cancellable,
                                       GError              **error);

G_END_DECLS
