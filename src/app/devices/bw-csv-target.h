/* bw-csv-target.h: asking for the place of a CSV file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Called with the path that was chosen, unless the person thought better of it. */
typedef void (*BwCsvTargetFunc) (gpointer    user_data,
                                 const char *path);

/* A file dialog over the window of @widget, in the folder of the last export. The caller keeps it while it is open and
 * drops it when he goes. (transfer full) */
GtkFileChooserNative *bw_csv_target_ask (GtkWidget       *widget,
                                         const char      *name,        /* "devices.csv" */
                                         BwCsvTargetFunc  chosen,
                                         gpointer         user_data);  /* a GObject; not held */

G_END_DECLS
