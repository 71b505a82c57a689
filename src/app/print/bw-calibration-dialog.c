/* bw-calibration-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-calibration-dialog.h"

#include <glib/gi18n.h>
#include <gtk/gtkunixprint.h>

#include "bw-compat.h"
#include "bw-error.h"
#include "bw-error-text.h"
#include "bw-field.h"
#include "bw-sheet-output.h"

/**
 * BwCalibrationDialog:
 *
 * A test page, and what was measured on it. The page is printed with the values
 * that stand here: first none, then those that were typed, to see whether they
 * are right.
 */

struct _BwCalibrationDialog
{
  AdwWindow             parent_instance;

  const BwStock        *stock;
  GtkFileChooserNative *chooser;      /* (owned): while it is open */
  GCancellable         *cancellable;
  double                across;       /* the rulers, in mm */
  double                down;

  AdwWindowTitle       *window_title;
  AdwToastOverlay      *toasts;
  GtkComboBoxText      *printer_combo;
  AdwPreferencesGroup  *move_group;
  AdwPreferencesRow    *across_row;
  AdwPreferencesRow    *down_row;
  GtkAdjustment        *dx_adjustment;
  GtkAdjustment        *dy_adjustment;
  GtkAdjustment        *across_adjustment;
  GtkAdjustment        *down_adjustment;
  GtkAdjustment        *turn_adjustment;
};

G_DEFINE_FINAL_TYPE (BwCalibrationDialog, bw_calibration_dialog, ADW_TYPE_WINDOW)

enum
{
  SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static BwCalibration
get_calibration (BwCalibrationDialog *self)
{
  return (BwCalibration) {
    .dx = gtk_adjustment_get_value (self->dx_adjustment),
    .dy = gtk_adjustment_get_value (self->dy_adjustment),
    .scale_x = bw_calibration_scale_for (self->across, gtk_adjustment_get_value (self->across_adjustment)),
    .scale_y = bw_calibration_scale_for (self->down, gtk_adjustment_get_value (self->down_adjustment)),
    .degrees = gtk_adjustment_get_value (self->turn_adjustment),
  };
}

static void
show_calibration (BwCalibrationDialog *self,
                  const BwCalibration *calibration)
{
  gtk_adjustment_set_value (self->dx_adjustment, calibration->dx);
  gtk_adjustment_set_value (self->dy_adjustment, calibration->dy);
  gtk_adjustment_set_value (self->across_adjustment, self->across / calibration->scale_x);
  gtk_adjustment_set_value (self->down_adjustment, self->down / calibration->scale_y);
  gtk_adjustment_set_value (self->turn_adjustment, calibration->degrees);
}

/* (transfer full) */
static char *
get_printer (BwCalibrationDialog *self)
{
  return bw_field_get_text (GTK_EDITABLE (gtk_combo_box_get_child (GTK_COMBO_BOX (self->printer_combo))));
}

static void
toast_error (BwCalibrationDialog *self,
             const GError        *error)
{
  g_autofree char *text = error->domain == BW_ERROR && error->code == BW_ERROR_INVALID
                          ? bw_error_to_field_text (error) : bw_error_to_file_text (error);

  bw_toast_show (self->toasts, text);
}

/* What is known of a printer appears when its name does. */
static void
printer_changed_cb (BwCalibrationDialog *self)
{
  g_autofree char *printer = get_printer (self);
  g_autoptr(GError) error = NULL;
  BwCalibration calibration;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "calibration.save", *printer != '\0');
  if (self->stock == NULL || *printer == '\0')
    return;

  if (!bw_calibration_load (printer, self->stock->name, &calibration, &error))
    toast_error (self, error);
  else if (!bw_calibration_is_none (&calibration))
    show_calibration (self, &calibration);
}

static gboolean
printer_found_cb (GtkPrinter *printer,
                  gpointer    user_data)
{
  BwCalibrationDialog *self = user_data;

  /* The dialog has gone while the system was still looking. */
  if (g_cancellable_is_cancelled (self->cancellable))
    return TRUE;

  if (!gtk_printer_is_virtual (printer))
    gtk_combo_box_text_append_text (self->printer_combo, gtk_printer_get_name (printer));

  return FALSE;
}

/* (transfer full) (nullable) */
static BwSheet *
make_test_page (BwCalibrationDialog *self)
{
  g_autofree char *title = g_strconcat (self->stock->brand, " ", self->stock->name, NULL);
  g_autofree char *text = g_strdup_printf (_(BW_TEST_PAGE_TEXT), title);
  g_autoptr(BwSheet) sheet = bw_sheet_new_test_page (self->stock, text);
  g_autoptr(GError) error = NULL;
  BwCalibration calibration = get_calibration (self);

  if (bw_sheet_set_calibration (sheet, &calibration, &error))
    return g_steal_pointer (&sheet);

  toast_error (self, error);

  return NULL;
}

static void
printed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwCalibrationDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean was_printed = bw_sheet_print_finish (BW_SHEET (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (error != NULL)
    toast_error (self, error);
  else if (was_printed)
    bw_toast_show (self->toasts, _("Sent to the printer"));
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BwCalibrationDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean ok = bw_sheet_export_finish (BW_SHEET (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (ok)
    bw_toast_show (self->toasts, _("The test page was saved"));
  else
    toast_error (self, error);
}

static void
export_to (BwCalibrationDialog *self,
           const char          *path)
{
  g_autoptr(BwSheet) sheet = make_test_page (self);

  if (sheet != NULL)
    bw_sheet_export_async (sheet, path, BW_SHEET_OUTPUT_PDF, NULL, NULL, self->cancellable,
                           exported_cb, g_object_ref (self));
}

static void
file_chosen_cb (BwCalibrationDialog *self,
                int                  response,
                GtkNativeDialog     *dialog)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && g_file_peek_path (file) != NULL)
    export_to (self, g_file_peek_path (file));

  g_clear_object (&self->chooser);
}

/* Actions */

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwCalibrationDialog *self = BW_CALIBRATION_DIALOG (widget);
  g_autofree char *name = g_strdup_printf (_("Test Page %s.pdf"), self->stock->name);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Export Test Page"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE,
                                               _("_Export"), _("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
export_to_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  export_to (BW_CALIBRATION_DIALOG (widget), g_variant_get_string (parameter, NULL));
}

static void
print_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  BwCalibrationDialog *self = BW_CALIBRATION_DIALOG (widget);
  g_autoptr(BwSheet) sheet = make_test_page (self);

  if (sheet != NULL)
    bw_sheet_print_async (sheet, GTK_WINDOW (self), _("Test Page"), NULL, NULL, printed_cb, g_object_ref (self));
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwCalibrationDialog *self = BW_CALIBRATION_DIALOG (widget);
  g_autofree char *printer = get_printer (self);
  BwCalibration calibration = get_calibration (self);
  g_autoptr(GError) error = NULL;

  if (!bw_calibration_save (printer, self->stock->name, &calibration, &error))
    {
      toast_error (self, error);
      return;
    }

  g_signal_emit (self, signals[SAVED], 0, printer);
  gtk_window_close (GTK_WINDOW (self));
}

static void
bw_calibration_dialog_unmap (GtkWidget *widget)
{
  BwCalibrationDialog *self = BW_CALIBRATION_DIALOG (widget);

  g_cancellable_cancel (self->cancellable);

  GTK_WIDGET_CLASS (bw_calibration_dialog_parent_class)->unmap (widget);
}

static void
bw_calibration_dialog_dispose (GObject *object)
{
  BwCalibrationDialog *self = (BwCalibrationDialog *) object;

  self->stock = NULL;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_CALIBRATION_DIALOG);

  G_OBJECT_CLASS (bw_calibration_dialog_parent_class)->dispose (object);
}

static void
bw_calibration_dialog_finalize (GObject *object)
{
  BwCalibrationDialog *self = (BwCalibrationDialog *) object;

  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (bw_calibration_dialog_parent_class)->finalize (object);
}

static void
bw_calibration_dialog_class_init (BwCalibrationDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_calibration_dialog_dispose;
  object_class->finalize = bw_calibration_dialog_finalize;
  widget_class->unmap = bw_calibration_dialog_unmap;

  signals[SAVED] = g_signal_new ("saved", BW_TYPE_CALIBRATION_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/print/bw-calibration-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwCalibrationDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, BwCalibrationDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwCalibrationDialog, printer_combo);
  gtk_widget_class_bind_template_child (widget_class, BwCalibrationDialog, move_group);
  gtk_widget_class_bind_template_child (widget_class, BwCalibrationDialog, across_row);
  gtk_widget_class_bind_template_child (widget_class, BwCalibrationDialog, down_row);
  gtk_widget_class_bind_template_child (widget_class, BwCalibrationDialog, dx_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwCalibrationDialog, dy_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwCalibrationDialog, across_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwCalibrationDialog, down_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwCalibrationDialog, turn_adjustment);
  gtk_widget_class_bind_template_callback (widget_class, printer_changed_cb);

  gtk_widget_class_install_action (widget_class, "calibration.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "calibration.export-to", "s", export_to_action);
  gtk_widget_class_install_action (widget_class, "calibration.print", NULL, print_action);
  gtk_widget_class_install_action (widget_class, "calibration.save", NULL, save_action);
}

static void
bw_calibration_dialog_init (BwCalibrationDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->printer_combo), _("Printer"));
  bw_accessible_set_label (gtk_combo_box_get_child (GTK_COMBO_BOX (self->printer_combo)), _("Printer"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "calibration.save", FALSE);
}

static void
set_stock (BwCalibrationDialog *self,
           const BwStock       *stock)
{
  g_autofree char *name = g_strconcat (stock->brand, " ", stock->name, NULL);
  g_autofree char *across = NULL;
  g_autofree char *down = NULL;
  g_autofree char *move = NULL;
  double inset;

  self->stock = stock;
  bw_stock_get_rulers (stock, &self->across, &self->down, &inset);
  adw_window_title_set_subtitle (self->window_title, name);
  /* Translators: a length in mm */
  across = g_strdup_printf (_("Ruler Across, %g mm"), self->across);
  /* Translators: a length in mm */
  down = g_strdup_printf (_("Ruler Down, %g mm"), self->down);
  /* Translators: a length in mm */
  move = g_strdup_printf (_("The cross at the left top should be %g mm from the left and from the upper edge. "
                            "Less than 0 is further left, or up."), inset);
  adw_preferences_row_set_title (self->across_row, across);
  adw_preferences_row_set_title (self->down_row, down);
  adw_preferences_group_set_description (self->move_group, move);
  gtk_adjustment_configure (self->across_adjustment, self->across, 0.92 * self->across, 1.09 * self->across, 0.1, 1, 0);
  gtk_adjustment_configure (self->down_adjustment, self->down, 0.92 * self->down, 1.09 * self->down, 0.1, 1, 0);
}

GtkWidget *
bw_calibration_dialog_new (GtkWindow     *parent,
                           const BwStock *stock,
                           const char    *printer)
{
  BwCalibrationDialog *self;

  g_return_val_if_fail (stock != NULL, NULL);

  self = g_object_new (BW_TYPE_CALIBRATION_DIALOG, "transient-for", parent, NULL);
  set_stock (self, stock);
  if (printer != NULL)
    gtk_editable_set_text (GTK_EDITABLE (gtk_combo_box_get_child (GTK_COMBO_BOX (self->printer_combo))), printer);

  gtk_enumerate_printers (printer_found_cb, g_object_ref (self), g_object_unref, FALSE);

  return GTK_WIDGET (self);
}
