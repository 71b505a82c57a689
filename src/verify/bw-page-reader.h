/* bw-page-reader.h: what the cells of one sheet say
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "bw-label-report.h"
#include "bw-sheet-finder.h"

G_BEGIN_DECLS

/* Fills @page from @image. @fits: (nullable): helps to tell the first row from the second on a sheet that is used
 * in part. FALSE: cancelled. */
gboolean bw_page_read (const BwSheetGrid *grid,
                       const BwGray      *image,
                       BwSheetFitsFunc    fits,
                       gpointer           user_data,
                       BwLabelPage       *page,
                       GCancellable      *cancellable);

G_END_DECLS
