/* bw-labels-dialog-kept.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-labels-dialog-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bw-calibration-dialog.h"
#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-number-list.h"
#include "bw-time-text.h"

#define NAME_CHARACTERS 14

/* What is remembered between jobs: sheets that are used in part, and what the
 * printers do to the stock. */

static void
toast_error (BwLabelsDialog *self,
             const GError   *error)
{
  g_autofree char *text = bw_error_to_file_text (error);

  bw_toast_show (self->toasts, text);
}

/* Short: a drop-down is as wide as its longest row. (transfer full) */
static char *
describe_sheet (const BwPartSheet *sheet)
{
  g_autofree char *date = bw_time_to_date_text (sheet->changed_at_us);
  g_autofree char *start = g_utf8_substring (sheet->name, 0, MIN (g_utf8_strlen (sheet->name, -1), NAME_CHARACTERS));
  g_autofree char *name = g_strconcat (start, strlen (start) < strlen (sheet->name) ? "…" : NULL, NULL);

  /* Translators: a part-used sheet of labels: the batch, the day, how many labels are free */
  return g_strdup_printf (ngettext ("%s, %s: %u free", "%s, %s: %u free", bw_part_sheet_get_n_free (sheet)),
                          name, date, bw_part_sheet_get_n_free (sheet));
}

static void
load_sheets (BwLabelsDialog *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->part_sheets, g_ptr_array_unref);
  self->part_sheets = bw_part_sheet_list (self->stock, &error);
  if (self->part_sheets == NULL)
    toast_error (self, error);

  gtk_string_list_append (names, _("New Sheet"));
  for (guint i = 0; self->part_sheets != NULL && i < self->part_sheets->len; i++)
    {
      g_autofree char *name = describe_sheet (g_ptr_array_index (self->part_sheets, i));

      gtk_string_list_append (names, name);
    }

  gtk_drop_down_set_model (self->sheet_drop, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->sheet_drop, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->sheet_row), g_list_model_get_n_items (G_LIST_MODEL (names)) > 1);
}

/* @chosen: (nullable): the one to select, when it is calibrated */
static void
load_printers (BwLabelsDialog *self,
               const char     *chosen)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) all = bw_calibration_list (&error);
  guint selected = 0;

  if (all == NULL)
    toast_error (self, error);

  g_clear_pointer (&self->printers, g_ptr_array_unref);
  self->printers = g_ptr_array_new_with_free_func (g_free);
  gtk_string_list_append (names, _("No Calibration"));
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const BwPrinterStock *one = g_ptr_array_index (all, i);

      if (g_strcmp0 (one->stock, self->stock->name) != 0)
        continue;
      g_ptr_array_add (self->printers, g_strdup (one->printer));
      gtk_string_list_append (names, one->printer);
      if (g_strcmp0 (one->printer, chosen) == 0)
        selected = self->printers->len;
    }

  gtk_drop_down_set_model (self->printer_drop, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->printer_drop, selected);
  gtk_widget_set_visible (GTK_WIDGET (self->printer_row), self->printers->len > 0);
}

static void
update_sheet_row (BwLabelsDialog *self)
{
  const BwPartSheet *sheet = bw_labels_dialog_get_part_sheet (self);

  gtk_widget_set_visible (self->forget_button, sheet != NULL);
  gtk_widget_set_visible (self->start_row, sheet == NULL && bw_stock_get_n_cells (self->stock) > 1);
}

void
bw_labels_dialog_load_kept (BwLabelsDialog *self)
{
  gboolean was_updating = self->is_updating;
  g_autofree char *printer = g_strdup (bw_labels_dialog_get_printer (self));

  /* it is still the same printer, if it is calibrated for this stock too */
  self->is_updating = TRUE;
  load_sheets (self);
  load_printers (self, printer);
  update_sheet_row (self);
  self->is_updating = was_updating;
}

const BwPartSheet *
bw_labels_dialog_get_part_sheet (BwLabelsDialog *self)
{
  guint selected = gtk_drop_down_get_selected (self->sheet_drop);

  if (self->part_sheets == NULL || selected == 0 || selected == GTK_INVALID_LIST_POSITION ||
      selected > self->part_sheets->len)
    return NULL;

  return g_ptr_array_index (self->part_sheets, selected - 1);
}

const char *
bw_labels_dialog_get_printer (BwLabelsDialog *self)
{
  guint selected = gtk_drop_down_get_selected (self->printer_drop);

  if (selected == 0 || selected == GTK_INVALID_LIST_POSITION || selected > self->printers->len)
    return NULL;

  return g_ptr_array_index (self->printers, selected - 1);
}

void
bw_labels_dialog_part_sheet_chosen (BwLabelsDialog *self)
{
  const BwPartSheet *sheet = bw_labels_dialog_get_part_sheet (self);
  g_autofree char *text = sheet != NULL ? bw_number_list_to_text (sheet->used) : g_strdup ("");

  self->is_updating = TRUE;
  gtk_editable_set_text (self->skip_row, text);
  update_sheet_row (self);
  self->is_updating = FALSE;
  self->page = 0;
  bw_labels_dialog_update (self, TRUE);
}

void
bw_labels_dialog_forget_sheet (BwLabelsDialog *self)
{
  const BwPartSheet *sheet = bw_labels_dialog_get_part_sheet (self);
  g_autoptr(GError) error = NULL;

  if (sheet == NULL)
    return;

  if (!bw_part_sheet_forget (sheet->number, &error))
    toast_error (self, error);

  bw_labels_dialog_load_kept (self);
  bw_labels_dialog_part_sheet_chosen (self);
}

/* The sheet that was chosen has not changed by that. */
static void
calibrated_cb (BwLabelsDialog *self,
               const char     *printer)
{
  if (self->stock != NULL)
    load_printers (self, printer);
}

void
bw_labels_dialog_calibrate (BwLabelsDialog *self)
{
  GtkWidget *dialog = bw_calibration_dialog_new (GTK_WINDOW (self), self->stock, bw_labels_dialog_get_printer (self));

  g_signal_connect_object (dialog, "saved", G_CALLBACK (calibrated_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}
