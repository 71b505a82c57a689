/* bw-csv-choice.h: asks for a table to read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _BwCsvChoice BwCsvChoice;

/* @path: (nullable): nothing was chosen. It may free the choice. */
typedef void (*BwCsvChoiceFunc) (const char *path,
                                 gpointer    user_data);

/* Shown at once; freed, it goes and calls nobody. */
BwCsvChoice *bw_csv_choice_new  (GtkWindow       *parent,
                                 const char      *title,
                                 BwCsvChoiceFunc  func,
                                 gpointer         user_data);
void         bw_csv_choice_free (BwCsvChoice     *self);

G_END_DECLS
