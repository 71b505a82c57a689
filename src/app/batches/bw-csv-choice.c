/* bw-csv-choice.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-csv-choice.h"

#include <glib/gi18n.h>

struct _BwCsvChoice
{
  GtkFileChooserNative *chooser;
  BwCsvChoiceFunc       func;
  gpointer              user_data;
};

static void
response_cb (GtkNativeDialog *dialog,
             int              response,
             gpointer         user_data)
{
  BwCsvChoice *self = user_data;
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  const char *path = file != NULL ? g_file_peek_path (file) : NULL;

  self->func (response == GTK_RESPONSE_ACCEPT ? path : NULL, self->user_data);
}

static void
add_filter (BwCsvChoice *self,
            const char  *name,
            const char  *pattern)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
}

BwCsvChoice *
bw_csv_choice_new (GtkWindow       *parent,
                   const char      *title,
                   BwCsvChoiceFunc  func,
                   gpointer         user_data)
{
  BwCsvChoice *self = g_new0 (BwCsvChoice, 1);

  self->func = func;
  self->user_data = user_data;
  self->chooser = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  add_filter (self, _("CSV Tables"), "*.[cCtT][sSxX][vVtT]");
  add_filter (self, _("All Files"), "*");
  g_signal_connect (self->chooser, "response", G_CALLBACK (response_cb), self);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));

  return self;
}

void
bw_csv_choice_free (BwCsvChoice *self)
{
  g_signal_handlers_disconnect_by_data (self->chooser, self);
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_object_unref (self->chooser);
  g_free (self);
}
