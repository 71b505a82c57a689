/* bw-batches-page-dialogs.c: the dialogs that open from the page
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-batches-page-private.h"

#include <glib/gi18n.h>

#include "bw-confirm-dialog.h"
#include "bw-create-batch-dialog.h"
#include "bw-import-dialog.h"
#include "bw-labels-dialog.h"
#include "bw-progress-dialog.h"
#include "bw-verify-dialog.h"

static void
present_over (BwBatchesPage *self,
              GtkWidget     *dialog)
{
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
batch_created_cb (BwBatchesPage *self,
                  BwBatch       *batch)
{
  g_autofree char *text = NULL;

  bw_batches_page_show_batch (self, bw_entity_get_id (BW_ENTITY (batch)));

  /* Translators: %s is the name of a batch */
  text = g_strdup_printf (_("“%s” is being created"), bw_batch_get_name (batch));
  bw_batches_page_show_toast (self, text);
}

static void
create_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwBatchesPage *self = BW_BATCHES_PAGE (widget);
  GtkWidget *dialog = bw_create_batch_dialog_new (self->session);

  g_signal_connect_object (dialog, "created", G_CALLBACK (batch_created_cb), self, G_CONNECT_SWAPPED);
  present_over (self, dialog);
}

static void
batch_imported_cb (BwBatchesPage *self,
                   BwBatch       *batch,
                   guint          n_left_out)
{
  g_autofree char *text = NULL;

  bw_batches_page_show_batch (self, bw_entity_get_id (BW_ENTITY (batch)));

  if (n_left_out > 0)
    /* Translators: %s is the name of a batch, %'u a number of rows of a file */
    text = g_strdup_printf (ngettext ("“%s” is being imported, without %'u bad row",
                                      "“%s” is being imported, without %'u bad rows", n_left_out),
                            bw_batch_get_name (batch), n_left_out);
  else
    /* Translators: %s is the name of a batch */
    text = g_strdup_printf (_("“%s” is being imported"), bw_batch_get_name (batch));
  bw_batches_page_show_toast (self, text);
}

static void
import_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwBatchesPage *self = BW_BATCHES_PAGE (widget);
  GtkWidget *dialog = bw_import_dialog_new (self->session);

  g_signal_connect_object (dialog, "imported", G_CALLBACK (batch_imported_cb), self, G_CONNECT_SWAPPED);
  present_over (self, dialog);
}

static void
confirm_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BwBatchesPage *self = BW_BATCHES_PAGE (widget);

  present_over (self, bw_confirm_dialog_new (self->session, bw_batches_page_get_selected (self)));
}

static void
progress_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  BwBatchesPage *self = BW_BATCHES_PAGE (widget);

  present_over (self, bw_progress_dialog_new (self->session, bw_batches_page_get_selected (self)));
}

static void
labels_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwBatchesPage *self = BW_BATCHES_PAGE (widget);

  present_over (self, bw_labels_dialog_new (self->session, bw_batches_page_get_selected (self)));
}

static void
verify_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwBatchesPage *self = BW_BATCHES_PAGE (widget);

  present_over (self, bw_verify_dialog_new (self->session, bw_batches_page_get_selected (self)));
}

void
bw_batches_page_class_install_dialogs (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "batches.create", NULL, create_action);
  gtk_widget_class_install_action (widget_class, "batches.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "batches.confirm", NULL, confirm_action);
  gtk_widget_class_install_action (widget_class, "batches.progress", NULL, progress_action);
  gtk_widget_class_install_action (widget_class, "batches.labels", NULL, labels_action);
  gtk_widget_class_install_action (widget_class, "batches.verify", NULL, verify_action);
}
