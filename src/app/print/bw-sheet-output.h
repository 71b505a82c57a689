/* bw-sheet-output.h: labels to a file or a printer, without holding up the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-sheet.h"

G_BEGIN_DECLS

/* On the main thread, now and then. */
typedef void (*BwSheetOutputFunc) (gint64   n_pages_done,
                                   gint64   n_pages,
                                   gpointer user_data);

/* What goes onto labels of one batch. */
typedef struct
{
  const BwStock *stock;
  const char    *batch;
  const char    *color;           /* (nullable) */
  guint          count;           /* devices in the batch */
  gint64         created_at_us;
  guint          start;           /* the first cell to use, from 1 */
  guint          first_serial;
  const BwLabelDesign *design;    /* (nullable): the automatic one */
  BwLabelFacts   facts;           /* on all labels */
} BwSheetRequest;

/* @ids: (element-type utf8) */
BwSheet *bw_sheet_new_for_request    (const BwSheetRequest *request,
                                      GPtrArray            *ids,
                                      GError              **error);

/* In a thread of its own. A cancel leaves what was at @path. */
void     bw_sheet_export_pdf_async   (BwSheet              *sheet,
                                      const char           *path,
                                      BwSheetOutputFunc     progress,
                                      gpointer              progress_data,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean bw_sheet_export_pdf_finish  (BwSheet              *sheet,
                                      GAsyncResult         *result,
                                      GError              **error);

/* Shows the print dialog. FALSE without @error: the person thought better of it. */
void     bw_sheet_print_async        (BwSheet              *sheet,
                                      GtkWindow            *parent,
                                      const char           *job_name,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gboolean bw_sheet_print_finish       (BwSheet              *sheet,
                                      GAsyncResult         *result,
                                      GError              **error);

G_END_DECLS
