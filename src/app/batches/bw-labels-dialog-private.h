/* bw-labels-dialog-private.h: for the files of this class
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-labels-dialog.h"

#include "bw-design-row.h"
#include "bw-part-sheet.h"
#include "bw-sheet-output.h"
#include "bw-sheet-preview.h"
#include "bw-task-bar.h"

G_BEGIN_DECLS

typedef enum
{
  BW_LABELS_PRINT,
  BW_LABELS_EXPORT,
} BwLabelsJobKind;

struct _BwLabelsDialog
{
  AdwWindow             parent_instance;

  BwSession            *session;
  BwBatch              *batch;
  GSettings            *settings;             /* (nullable) */
  const BwStock        *stock;
  BwSheet              *plan;                 /* (owned) (nullable): the job without its labels; NULL: it makes no sense */
  GArray               *numbers;              /* (owned) (nullable) (element-type guint): only these serials */
  GPtrArray            *part_sheets;          /* (owned) (nullable): of the stock */
  GPtrArray            *printers;             /* (owned) (element-type utf8): calibrated ones, as in the drop-down behind the first row */
  GtkFileChooserNative *chooser;              /* (owned): while it is open; nobody else holds it */
  BwSheetOutputFormat   chooser_format;
  gboolean              is_updating;          /* what changes is our own doing */

  /* the page that is shown */
  GCancellable         *preview_cancellable;  /* (owned): of the page being fetched */
  guint                 preview_id;
  guint                 page;
  GArray               *page_numbers;         /* (owned) (nullable): the serials on it */
  guint                 page_first;           /* label of the job, from 0 */

  AdwWindowTitle       *window_title;
  GtkWidget            *back_button;
  GtkWidget            *preview_button;
  AdwToastOverlay      *toasts;
  AdwLeaflet           *leaflet;
  GtkWidget            *options;
  AdwActionRow         *stock_row;
  GtkWidget            *unverified_label;
  BwDesignRow          *design_row;
  AdwEntryRow          *product_row;
  AdwEntryRow          *abbreviation_row;
  AdwEntryRow          *license_row;
  AdwActionRow         *sheet_row;
  GtkDropDown          *sheet_drop;
  GtkWidget            *forget_button;
  GtkWidget            *start_row;
  GtkEditable          *skip_row;
  GtkAdjustment        *start_adjustment;
  GtkAdjustment        *first_adjustment;
  GtkAdjustment        *last_adjustment;
  GtkWidget            *first_row;
  GtkWidget            *last_row;
  GtkEditable          *serials_row;
  GtkAdjustment        *copies_adjustment;
  GtkDropDown          *order_drop;
  GtkDropDown          *marks_drop;
  AdwActionRow         *printer_row;
  GtkDropDown          *printer_drop;
  GtkLabel             *summary;
  GtkWidget            *page_bar;
  GtkLabel             *page_label;
  BwSheetPreview       *preview;
  BwTaskBar            *task_bar;
};

/* bw-labels-dialog.c */
guint       bw_labels_dialog_get_n_labels     (BwLabelsDialog *self);
guint       bw_labels_dialog_get_serial       (BwLabelsDialog *self,
                                               guint           label);
guint       bw_labels_dialog_get_start        (BwLabelsDialog *self);
/* (transfer full): what is left out; NULL with @error */
GArray     *bw_labels_dialog_get_skipped      (BwLabelsDialog  *self,
                                               GError         **error);
/* @options->skipped is not touched. */
void        bw_labels_dialog_get_options      (BwLabelsDialog *self,
                                               BwSheetOptions *options);
void        bw_labels_dialog_show_problem     (BwLabelsDialog *self,
                                               const GError   *error);
/* Everything that depends on the options; the preview at once, or when the typing pauses. */
void        bw_labels_dialog_update           (BwLabelsDialog *self,
                                               gboolean        at_once);
void        bw_labels_dialog_update_summary   (BwLabelsDialog *self);
BwSheetRequest bw_labels_dialog_make_request  (BwLabelsDialog       *self,
                                               const BwSheetOptions *options);

/* bw-labels-dialog-preview.c */
void        bw_labels_dialog_update_preview   (BwLabelsDialog *self,
                                               gboolean        at_once);
void        bw_labels_dialog_turn_page        (BwLabelsDialog *self,
                                               int             step);
void        bw_labels_dialog_toggle_cell      (BwLabelsDialog *self,
                                               guint           cell);

/* bw-labels-dialog-kept.c */
/* Of the stock: used sheets and calibrated printers. */
void        bw_labels_dialog_load_kept        (BwLabelsDialog *self);
/* The sheet to go on with. (nullable) */
const BwPartSheet *bw_labels_dialog_get_part_sheet (BwLabelsDialog *self);
/* Whose calibration a file gets. (nullable) */
const char *bw_labels_dialog_get_printer      (BwLabelsDialog *self);
void        bw_labels_dialog_part_sheet_chosen (BwLabelsDialog *self);
void        bw_labels_dialog_forget_sheet     (BwLabelsDialog *self);
void        bw_labels_dialog_calibrate        (BwLabelsDialog *self);

/* bw-labels-dialog-job.c */
/* @printer: (nullable): to print on without asking; @path: (nullable): then, for that printer, but to a file */
void        bw_labels_dialog_begin_job        (BwLabelsDialog      *self,
                                               BwLabelsJobKind      kind,
                                               BwSheetOutputFormat  format,
                                               const char          *printer,
                                               const char          *path);
void        bw_labels_dialog_choose_file      (BwLabelsDialog      *self,
                                               BwSheetOutputFormat  format);

/* bw-labels-dialog-mark.c */
/* Notes the devices of these serials as labelled, whatever becomes of the dialog. */
void        bw_labels_dialog_mark             (BwLabelsDialog      *self,
                                               BwSession           *session,
                                               BwBatch             *batch,
                                               GArray              *numbers);

G_END_DECLS
