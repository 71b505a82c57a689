/* bw-sheet-output.h: labels to a file or a printer, without holding up the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-sheet.h"

G_BEGIN_DECLS

/* On the main thread, now and then. */
typedef void (*BwSheetOutputFunc) (gint64   n_done,
                                   gint64   n_total,
                                   gpointer user_data);

/* What goes onto labels of one batch. */
typedef struct
{
  const BwStock        *stock;
  const char           *batch;
  const char           *color;           /* (nullable) */
  guint                 count;           /* devices in the batch */
  gint64                created_at_us;
  guint                 start;           /* the first cell to use, from 1 */
  const BwLabelDesign  *design;          /* (nullable): the automatic one */
  BwLabelFacts          facts;           /* on all labels */
  const BwSheetOptions *options;         /* (nullable) */
  gboolean              has_facts;       /* @ids are BwDeviceFacts */
  guint                 first_label;     /* of the job, from 0: the one that @ids begins with */
} BwSheetRequest;

typedef enum
{
  BW_SHEET_OUTPUT_PDF,
  BW_SHEET_OUTPUT_PNG,      /* a zip of pictures */
  BW_SHEET_OUTPUT_SVG,
  BW_SHEET_OUTPUT_ZPL,
} BwSheetOutputFormat;

/* @ids: (element-type utf8) or, where the design shows what differs from device to device, (element-type BwDeviceFacts);
 * (nullable).  @serials: (element-type guint): of each of them */
BwSheet *bw_sheet_new_for_request    (const BwSheetRequest *request,
                                      GPtrArray            *ids,
                                      const guint          *serials,
                                      GError              **error);

/* The same in a thread, for any number of labels: all that is refused of them is measured there. @request is copied.
 * @ids: (transfer full): of the serials from the first of @serials to the last.  @serials: (element-type guint):
 * those that are wanted, sorted */
void     bw_sheet_make_async         (const BwSheetRequest *request,
                                      GPtrArray            *ids,
                                      GArray               *serials,
                                      BwSheetOutputFunc     progress,
                                      gpointer              progress_data,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
BwSheet *bw_sheet_make_finish        (GAsyncResult         *result,
                                      GError              **error);

/* In a thread of its own. A cancel leaves what was at @path. */
void     bw_sheet_export_async       (BwSheet              *sheet,
                                      const char           *path,
                                      BwSheetOutputFormat   format,
                                      BwSheetOutputFunc     progress,
                                      gpointer              progress_data,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean bw_sheet_export_finish      (BwSheet              *sheet,
                                      GAsyncResult         *result,
                                      GError              **error);

/* Page for page as it is, nothing scaled. (transfer full) */
GtkPrintOperation *bw_sheet_print_operation_new (BwSheet    *sheet,
                                                 const char *job_name);

/* Shows the print dialog, and applies what is kept of the printer that is chosen there, unless the sheet is a
 * test page. TRUE when the printer has begun. FALSE without @error: the person thought better of it.
 * @printer: (nullable): without a dialog, to the one of this name.  @path: (nullable): what would go there goes into a file instead */
void     bw_sheet_print_async        (BwSheet              *sheet,
                                      GtkWindow            *parent,
                                      const char           *job_name,
                                      const char           *printer,
                                      const char           *path,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean bw_sheet_print_finish       (BwSheet              *sheet,
                                      GAsyncResult         *result,
                                      GError              **error);

G_END_DECLS
