/* bw-sheet.h: labels onto paper
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-calibration.h"
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

#define BW_SHEET_MAX_LABELS 1000000   /* copies counted */
#define BW_SHEET_MAX_COPIES 1000

typedef enum
{
  BW_SHEET_MARKS_NONE,
  BW_SHEET_MARKS_OUTLINES,   /* a hair line around each label */
  BW_SHEET_MARKS_CORNERS,    /* where to cut: the edges near each corner */
} BwSheetMarks;

/* How a job lies on its sheets. Cells have one number whatever the order: row
 * by row from 1, as on the picture. */
typedef struct
{
  guint         copies;        /* of each label, one after the other */
  gboolean      by_columns;    /* fills a column before the next one */
  BwSheetMarks  marks;
  BwCalibration calibration;
  const guint  *skipped;       /* (nullable): cells of the first page that stay empty */
  guint         n_skipped;
} BwSheetOptions;

#define BW_SHEET_OPTIONS_INIT { .copies = 1, .calibration = BW_CALIBRATION_INIT }

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
/* The usual @text, for the catalogue of whoever shows it; %s is the stock. */
#define BW_TEST_PAGE_TEXT N_("%s: what does this printer do to a page?\n\n" \
                             "Print this page at 100 %%, not fitted to the page, on plain paper, and measure:\n" \
                             "1. The cross at the left top is 10 mm from the left and from the upper edge. " \
                             "Where it is too far right, print that much further left, and so on.\n" \
                             "2. Both rulers are 100 mm long. Note how long they came out.\n" \
                             "3. Hold the page against a sheet of labels in front of a light: with these values " \
                             "the outlines lie on the labels.")

/* A sheet without labels that shows how a printer prints a stock: crosses with
 * rulers, and the outlines of all labels. @text: what to do with it, in lines. */
BwSheet *bw_sheet_new_test_page       (const BwStock   *stock,
                                       const char      *text);
/* Before or after labels are added. What is refused changes nothing. */
gboolean bw_sheet_set_options         (BwSheet               *self,
                                       const BwSheetOptions  *options,
                                       GError               **error);
/* One of the options alone: the printer may be known last. */
gboolean bw_sheet_set_calibration     (BwSheet               *self,
                                       const BwCalibration   *calibration,
                                       GError               **error);
/* For a part of a job: the first label that is added is label @first of it, from 0. */
void     bw_sheet_set_first           (BwSheet         *self,
                                       guint            first);
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
/* Of all devices, where they have none of their own: the company, say. After the design. */
gboolean bw_sheet_set_facts           (BwSheet              *self,
                                       const BwLabelFacts   *facts,
                                       GError              **error);
gboolean bw_sheet_add_with_facts      (BwSheet              *self,
                                       const char           *id,
                                       guint                 serial,
                                       const BwLabelFacts   *facts,
                                       GError              **error);

/* After the last add, on the thread that added: lets go of the fonts that facts were measured with. */
void     bw_sheet_end_adding          (BwSheet              *self);

const BwStock       *bw_sheet_get_stock    (BwSheet *self);
const BwLabelLayout *bw_sheet_get_layout   (BwSheet *self);
void                 bw_sheet_get_quality  (BwSheet        *self,
                                            BwLabelQuality *ret_quality);
gboolean             bw_sheet_has_field    (BwSheet          *self,
                                            BwLabelFieldKind  kind);
/* Whether the design shows what differs from device to device: abbreviation, license, machine ID. */
gboolean             bw_sheet_wants_facts  (BwSheet          *self);
/* Whether that field stays empty on a label, or on all that will be added without facts. */
gboolean             bw_sheet_leaves_empty (BwSheet          *self,
                                            BwLabelFieldKind  kind);
/* What a scanner reads from the label of @id. Returns: (transfer full) */
char                *bw_sheet_get_payload  (BwSheet    *self,
                                            const char *id);
guint                bw_sheet_get_n_labels (BwSheet *self);
guint                bw_sheet_get_n_pages  (BwSheet *self);
gboolean             bw_sheet_is_test_page (BwSheet *self);

/* For who fetches the labels of one page of a job of @n_labels: which of them are on it, from 0. */
guint    bw_sheet_count_pages         (BwSheet         *self,
                                       guint            n_labels);
void     bw_sheet_get_page_labels     (BwSheet         *self,
                                       guint            n_labels,
                                       guint            page,
                                       guint           *ret_first,
                                       guint           *ret_n);
/* The cells of a page that are used when a job of @n_labels is printed, those that were left out
 * on the first one too: sorted numbers from 1. (transfer full) (element-type guint) */
GArray  *bw_sheet_get_used_cells      (BwSheet         *self,
                                       guint            n_labels,
                                       guint            page);
/* The left top corner of a label (cell from 0) with the calibration, in mm. */
void     bw_sheet_get_cell            (BwSheet         *self,
                                       guint            cell,
                                       double          *ret_x,
                                       double          *ret_y);
/* How long the rulers of the stock's test page are, and how far their cross is from the edges, in mm. */
void     bw_stock_get_rulers          (const BwStock   *stock,
                                       double          *ret_across,
                                       double          *ret_down,
                                       double          *ret_inset);

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

/* One label alone, the way it is read: its left top corner is the origin. */
void     bw_sheet_draw_label          (BwSheet         *self,
                                       cairo_t         *cr,
                                       guint            label);

/* Called on the writing thread after each page; where there are none, after each label. */
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

typedef enum
{
  BW_PICTURE_PNG,
  BW_PICTURE_SVG,
} BwPictureFormat;

/* A picture of each label, `<id>.png`, in the printer's dots or as vectors. Written like a PDF. */
gboolean bw_sheet_write_zip           (BwSheet              *self,
                                       const char           *path,
                                       BwPictureFormat       format,
                                       BwSheetProgressFunc   progress,
                                       gpointer              progress_data,
                                       GCancellable         *cancellable,
                                       GError              **error);
/* For a label printer that speaks ZPL, in its own dots: send the file to it as it is. Stock on a roll only. */
gboolean bw_sheet_write_zpl           (BwSheet              *self,
                                       const char           *path,
                                       BwSheetProgressFunc   progress,
                                       gpointer              progress_data,
                                       GCancellable         *cancellable,
                                       GError              **error);

G_END_DECLS
