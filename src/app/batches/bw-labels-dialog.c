/* bw-labels-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-labels-dialog-private.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error.h"
#include "bw-error-text.h"
#include "bw-field.h"
#include "bw-number-list.h"
#include "bw-settings.h"
#include "bw-stock-chooser.h"
#include "bw-stock-text.h"

/**
 * BwLabelsDialog:
 *
 * Labels of one batch: which stock, where on the first sheet, which devices; what
 * it will look like; to a file or a printer. This file has the options and what
 * they come to, the plan: a sheet without labels that knows how many pages there
 * are. Siblings show a page of it, do the job and keep what is left of a sheet.
 */

G_DEFINE_FINAL_TYPE (BwLabelsDialog, bw_labels_dialog, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_BATCH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static guint
get_first (BwLabelsDialog *self)
{
  return (guint) gtk_adjustment_get_value (self->first_adjustment);
}

guint
bw_labels_dialog_get_n_labels (BwLabelsDialog *self)
{
  guint first = get_first (self);
  guint last = (guint) gtk_adjustment_get_value (self->last_adjustment);

  if (self->numbers != NULL)
    return self->numbers->len;

  return last >= first ? last - first + 1 : 0;
}

guint
bw_labels_dialog_get_serial (BwLabelsDialog *self,
                             guint           label)
{
  return self->numbers != NULL ? g_array_index (self->numbers, guint, label) : get_first (self) + label;
}

guint
bw_labels_dialog_get_start (BwLabelsDialog *self)
{
  if (bw_labels_dialog_get_part_sheet (self) != NULL)
    return 1;

  return (guint) gtk_adjustment_get_value (self->start_adjustment);
}

GArray *
bw_labels_dialog_get_skipped (BwLabelsDialog  *self,
                              GError         **error)
{
  g_autofree char *text = bw_field_get_text (self->skip_row);

  if (*text == '\0' || bw_stock_get_n_cells (self->stock) == 1)
    return g_array_new (FALSE, FALSE, sizeof (guint));

  return bw_number_list_parse (text, bw_stock_get_n_cells (self->stock), error);
}

void
bw_labels_dialog_get_options (BwLabelsDialog *self,
                              BwSheetOptions *options)
{
  options->copies = (guint) gtk_adjustment_get_value (self->copies_adjustment);
  options->by_columns = gtk_drop_down_get_selected (self->order_drop) == 1;
  options->marks = (BwSheetMarks) gtk_drop_down_get_selected (self->marks_drop);
}

BwSheetRequest
bw_labels_dialog_make_request (BwLabelsDialog       *self,
                               const BwSheetOptions *options)
{
  return (BwSheetRequest) {
    .stock = self->stock,
    .batch = bw_batch_get_name (self->batch),
    .color = bw_batch_get_color (self->batch),
    .count = (guint) bw_batch_get_count (self->batch),
    .created_at_us = bw_batch_get_created_at_us (self->batch),
    .start = bw_labels_dialog_get_start (self),
    .options = options,
    .design = bw_design_row_get_design (self->design_row, NULL),
    .facts = bw_design_row_get_facts (self->design_row),
  };
}

void
bw_labels_dialog_show_problem (BwLabelsDialog *self,
                               const GError   *error)
{
  g_autofree char *text = error->domain == BW_ERROR ? bw_error_to_field_text (error) : bw_error_to_user_text (error);

  gtk_label_set_label (self->summary, text);
  gtk_widget_add_css_class (GTK_WIDGET (self->summary), "error");
}

static gboolean
update_numbers (BwLabelsDialog  *self,
                GError         **error)
{
  g_autofree char *text = bw_field_get_text (self->serials_row);

  g_clear_pointer (&self->numbers, g_array_unref);
  gtk_widget_set_sensitive (self->first_row, *text == '\0');
  gtk_widget_set_sensitive (self->last_row, *text == '\0');
  if (*text != '\0')
    {
      self->numbers = bw_number_list_parse (text, (guint) bw_batch_get_count (self->batch), error);
      return self->numbers != NULL;
    }

  if (bw_labels_dialog_get_n_labels (self) > 0)
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, _("The last serial comes before the first one."));

  return FALSE;
}

/* FALSE: what is typed makes no sense yet. */
static gboolean
update_plan (BwLabelsDialog  *self,
             GError         **error)
{
  g_autoptr(GArray) skipped = NULL;
  BwSheetOptions options = BW_SHEET_OPTIONS_INIT;
  BwSheetRequest request;
  g_autoptr(GError) design_error = NULL;

  g_clear_object (&self->plan);
  bw_design_row_get_design (self->design_row, &design_error);
  if (design_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&design_error));
      return FALSE;
    }

  if (!update_numbers (self, error) || (skipped = bw_labels_dialog_get_skipped (self, error)) == NULL)
    return FALSE;

  bw_labels_dialog_get_options (self, &options);
  options.skipped = (const guint *) (void *) skipped->data;
  options.n_skipped = skipped->len;
  request = bw_labels_dialog_make_request (self, &options);
  self->plan = bw_sheet_new_for_request (&request, NULL, NULL, error);
  if (self->plan == NULL)
    return FALSE;

  if ((guint64) bw_labels_dialog_get_n_labels (self) * options.copies <= BW_SHEET_MAX_LABELS)
    return TRUE;

  g_clear_object (&self->plan);
  g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, _("More than %'d labels in one print job."), BW_SHEET_MAX_LABELS);

  return FALSE;
}

/* How much there is to print. (transfer full) */
static char *
describe_job (BwLabelsDialog *self)
{
  guint n_labels = bw_labels_dialog_get_n_labels (self) * (guint) gtk_adjustment_get_value (self->copies_adjustment);
  guint n_pages = bw_sheet_count_pages (self->plan, bw_labels_dialog_get_n_labels (self));
  g_autofree char *labels = NULL;
  g_autofree char *sheets = NULL;

  labels = g_strdup_printf (ngettext ("%'u label", "%'u labels", n_labels), n_labels);
  if (strcmp (self->stock->paper, "roll") == 0)
    sheets = g_strdup (_("on a roll"));
  else
    sheets = g_strdup_printf (ngettext ("on %'u sheet", "on %'u sheets", n_pages), n_pages);

  /* Translators: how much there is to print: "500 labels" "on 24 sheets" */
  return g_strdup_printf (C_("labels", "%s %s"), labels, sheets);
}

void
bw_labels_dialog_update_summary (BwLabelsDialog *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_ready = self->plan != NULL && !bw_task_bar_is_busy (self->task_bar);
  gboolean is_roll;
  guint n_pages = 0;

  if (self->stock == NULL)
    return;

  is_roll = bw_stock_get_n_cells (self->stock) == 1;
  if (self->plan != NULL)
    {
      g_autofree char *text = describe_job (self);

      gtk_label_set_label (self->summary, text);
      gtk_widget_remove_css_class (GTK_WIDGET (self->summary), "error");
      n_pages = bw_sheet_count_pages (self->plan, bw_labels_dialog_get_n_labels (self));
    }

  self->page = MIN (self->page, MAX (n_pages, 1) - 1);
  if (n_pages > 0)
    {
      g_autofree char *position = g_strdup_printf (_("Sheet %'u of %'u"), self->page + 1, n_pages);

      gtk_label_set_label (self->page_label, position);
    }

  gtk_widget_set_sensitive (self->options, !bw_task_bar_is_busy (self->task_bar));
  gtk_widget_action_set_enabled (widget, "labels.export", is_ready);
  gtk_widget_action_set_enabled (widget, "labels.export-png", is_ready);
  gtk_widget_action_set_enabled (widget, "labels.export-svg", is_ready);
  gtk_widget_action_set_enabled (widget, "labels.export-zpl", is_ready && is_roll);
  gtk_widget_action_set_enabled (widget, "labels.print", is_ready);
  gtk_widget_action_set_enabled (widget, "labels.previous-page", self->page > 0);
  gtk_widget_action_set_enabled (widget, "labels.next-page", self->page + 1 < n_pages);
}

void
bw_labels_dialog_update (BwLabelsDialog *self,
                         gboolean        at_once)
{
  g_autoptr(GError) error = NULL;

  if (self->stock == NULL || self->is_updating)
    return;

  if (!update_plan (self, &error))
    bw_labels_dialog_show_problem (self, error);

  bw_labels_dialog_update_summary (self);
  bw_labels_dialog_update_preview (self, at_once);
}

static void
options_changed_cb (BwLabelsDialog *self)
{
  bw_labels_dialog_update (self, FALSE);
}

/* Another sheet lies in the printer: what was said of the one before does not hold. */
static void
stock_changed (BwLabelsDialog *self)
{
  guint n_cells = bw_stock_get_n_cells (self->stock);

  self->is_updating = TRUE;
  gtk_adjustment_set_value (self->start_adjustment, 1);
  gtk_adjustment_set_upper (self->start_adjustment, n_cells);
  gtk_editable_set_text (self->skip_row, "");
  gtk_widget_set_visible (self->start_row, n_cells > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->skip_row), n_cells > 1);
  bw_labels_dialog_load_kept (self);
  self->is_updating = FALSE;

  bw_labels_dialog_update (self, TRUE);
}

static void
set_stock (BwLabelsDialog *self,
           const BwStock  *stock)
{
  g_autofree char *title = bw_stock_to_title (stock);
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  g_autofree char *text = bw_stock_to_user_text (stock);

  self->stock = stock;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->stock_row), escaped);
  adw_action_row_set_subtitle (self->stock_row, text);
  gtk_widget_set_visible (self->unverified_label, !stock->is_verified);
  bw_design_row_set_stock (self->design_row, stock);
  stock_changed (self);
}

static void
stock_picked_cb (BwLabelsDialog *self,
                 gpointer        stock)
{
  if (!bw_task_bar_is_busy (self->task_bar))
    set_stock (self, stock);
}

static void
select_stock (BwLabelsDialog *self,
              const char     *name)
{
  const BwStock *stock = name != NULL && *name != '\0' ? bw_stock_find (name, NULL) : NULL;

  if (stock != NULL)
    set_stock (self, stock);
}

static void
begin_design (BwLabelsDialog *self)
{
  BwLabelBatch batch = {
    .name = bw_batch_get_name (self->batch), .count = (guint) bw_batch_get_count (self->batch),
  };
  gpointer company = bw_entity_list_lookup (bw_session_get_companies (self->session), bw_batch_get_company_id (self->batch));
  GdkRGBA color;

  batch.has_color = gdk_rgba_parse (&color, bw_batch_get_color (self->batch));
  batch.color[0] = (double) color.red;
  batch.color[1] = (double) color.green;
  batch.color[2] = (double) color.blue;
  bw_design_row_set_entries (self->design_row, self->product_row, self->abbreviation_row, self->license_row);
  bw_design_row_set_session (self->design_row, self->session, &batch,
                             company != NULL ? bw_company_get_name (company) : NULL);
}

static void
update_navigation (BwLabelsDialog *self)
{
  gboolean is_folded, is_preview;

  /* The leaflet tells as it is taken apart, too. */
  if (self->leaflet == NULL || self->back_button == NULL)
    return;

  is_folded = adw_leaflet_get_folded (self->leaflet);
  is_preview = g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "preview") == 0;
  gtk_widget_set_visible (self->back_button, is_folded && is_preview);
  gtk_widget_set_visible (self->preview_button, is_folded);
}

static void
part_sheet_selected_cb (BwLabelsDialog *self)
{
  if (!self->is_updating && self->stock != NULL)
    bw_labels_dialog_part_sheet_chosen (self);
}

static void
cell_clicked_cb (BwLabelsDialog *self,
                 guint           cell)
{
  bw_labels_dialog_toggle_cell (self, cell);
}

static void
turn_page_cb (BwLabelsDialog *self,
              int             step)
{
  bw_labels_dialog_turn_page (self, step);
}

/* Actions */

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwLabelsDialog *self = BW_LABELS_DIALOG (widget);

  if (strcmp (action_name, "labels.export-png") == 0)
    bw_labels_dialog_choose_file (self, BW_SHEET_OUTPUT_PNG);
  else if (strcmp (action_name, "labels.export-svg") == 0)
    bw_labels_dialog_choose_file (self, BW_SHEET_OUTPUT_SVG);
  else if (strcmp (action_name, "labels.export-zpl") == 0)
    bw_labels_dialog_choose_file (self, BW_SHEET_OUTPUT_ZPL);
  else
    bw_labels_dialog_choose_file (self, BW_SHEET_OUTPUT_PDF);
}

static void
export_to_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  BwLabelsDialog *self = BW_LABELS_DIALOG (widget);
  const char *path = g_variant_get_string (parameter, NULL);
  BwSheetOutputFormat format = BW_SHEET_OUTPUT_PDF;

  if (g_str_has_suffix (path, ".zip"))
    format = BW_SHEET_OUTPUT_PNG;
  else if (g_str_has_suffix (path, ".zpl"))
    format = BW_SHEET_OUTPUT_ZPL;

  if (!bw_task_bar_is_busy (self->task_bar) && self->plan != NULL)
    bw_labels_dialog_begin_job (self, BW_LABELS_EXPORT, format, NULL, path);
}

static void
select_stock_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  select_stock (BW_LABELS_DIALOG (widget), g_variant_get_string (parameter, NULL));
}

static void
choose_stock_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  GtkWidget *chooser = bw_stock_chooser_new (BW_LABELS_DIALOG (widget)->stock);

  gtk_window_set_transient_for (GTK_WINDOW (chooser), GTK_WINDOW (widget));
  g_signal_connect_object (chooser, "picked", G_CALLBACK (stock_picked_cb), widget, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (chooser));
}

static void
print_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  bw_labels_dialog_begin_job (BW_LABELS_DIALOG (widget), BW_LABELS_PRINT, BW_SHEET_OUTPUT_PDF, NULL, NULL);
}

/* The name of a printer, and a file if it is to be printed there instead. */
static void
print_to_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  const char *printer, *path;

  g_variant_get (parameter, "(&s&s)", &printer, &path);
  bw_labels_dialog_begin_job (BW_LABELS_DIALOG (widget), BW_LABELS_PRINT, BW_SHEET_OUTPUT_PDF, printer,
                              *path != '\0' ? path : NULL);
}

static void
kept_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwLabelsDialog *self = BW_LABELS_DIALOG (widget);

  if (strcmp (action_name, "labels.forget-sheet") == 0)
    bw_labels_dialog_forget_sheet (self);
  else
    bw_labels_dialog_calibrate (self);
}

static void
toggle_cell_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  bw_labels_dialog_toggle_cell (BW_LABELS_DIALOG (widget), g_variant_get_uint32 (parameter));
}

static void
turn_page_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  bw_labels_dialog_turn_page (BW_LABELS_DIALOG (widget), strcmp (action_name, "labels.next-page") == 0 ? 1 : -1);
}

static void
navigate_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  BwLabelsDialog *self = BW_LABELS_DIALOG (widget);

  adw_leaflet_set_visible_child_name (self->leaflet,
                                      strcmp (action_name, "labels.show-preview") == 0 ? "preview" : "options");
}

static void
bw_labels_dialog_constructed (GObject *object)
{
  BwLabelsDialog *self = (BwLabelsDialog *) object;
  double count = (double) bw_batch_get_count (self->batch);
  g_autofree char *last = NULL;

  G_OBJECT_CLASS (bw_labels_dialog_parent_class)->constructed (object);

  self->settings = bw_settings_new ();
  last = self->settings != NULL ? g_settings_get_string (self->settings, "label-stock") : NULL;
  adw_window_title_set_subtitle (self->window_title, bw_batch_get_name (self->batch));
  self->is_updating = TRUE;
  gtk_adjustment_set_upper (self->first_adjustment, count);
  gtk_adjustment_set_upper (self->last_adjustment, count);
  gtk_adjustment_set_value (self->last_adjustment, count);
  self->is_updating = FALSE;
  begin_design (self);
  set_stock (self, bw_stock_get_all (NULL)[0]);
  select_stock (self, last);
  update_navigation (self);
}

/* Closed. A call under way may keep the dialog for a moment, even beyond its parent. */
static void
bw_labels_dialog_unmap (GtkWidget *widget)
{
  BwLabelsDialog *self = BW_LABELS_DIALOG (widget);

  g_clear_handle_id (&self->preview_id, g_source_remove);
  g_cancellable_cancel (self->preview_cancellable);
  if (bw_task_bar_is_busy (self->task_bar))
    g_cancellable_cancel (bw_task_bar_get_cancellable (self->task_bar));

  GTK_WIDGET_CLASS (bw_labels_dialog_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_labels_dialog_dispose (GObject *object)
{
  BwLabelsDialog *self = (BwLabelsDialog *) object;

  /* Children that are taken apart still tell of changes; without these nobody listens. */
  self->stock = NULL;
  g_clear_object (&self->session);

  g_clear_handle_id (&self->preview_id, g_source_remove);
  g_cancellable_cancel (self->preview_cancellable);
  g_clear_object (&self->preview_cancellable);
  g_clear_object (&self->chooser);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_LABELS_DIALOG);
  g_clear_object (&self->batch);
  g_clear_object (&self->settings);
  g_clear_object (&self->plan);
  g_clear_pointer (&self->numbers, g_array_unref);
  g_clear_pointer (&self->part_sheets, g_ptr_array_unref);
  g_clear_pointer (&self->printers, g_ptr_array_unref);
  g_clear_pointer (&self->page_numbers, g_array_unref);

  G_OBJECT_CLASS (bw_labels_dialog_parent_class)->dispose (object);
}

static void
bw_labels_dialog_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  BwLabelsDialog *self = BW_LABELS_DIALOG (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      break;

    case PROP_BATCH:
      self->batch = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, preview_button);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, leaflet);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, options);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, stock_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, unverified_label);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, design_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, product_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, abbreviation_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, license_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, sheet_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, sheet_drop);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, forget_button);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, start_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, skip_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, start_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, first_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, last_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, first_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, last_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, serials_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, copies_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, order_drop);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, marks_drop);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, printer_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, printer_drop);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, page_bar);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, page_label);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, preview);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, task_bar);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "labels.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "labels.export-png", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "labels.export-svg", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "labels.export-zpl", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "labels.export-to", "s", export_to_action);
  gtk_widget_class_install_action (widget_class, "labels.select-stock", "s", select_stock_action);
  gtk_widget_class_install_action (widget_class, "labels.choose-stock", NULL, choose_stock_action);
  gtk_widget_class_install_action (widget_class, "labels.print", NULL, print_action);
  gtk_widget_class_install_action (widget_class, "labels.print-to", "(ss)", print_to_action);
  gtk_widget_class_install_action (widget_class, "labels.forget-sheet", NULL, kept_action);
  gtk_widget_class_install_action (widget_class, "labels.calibrate", NULL, kept_action);
  gtk_widget_class_install_action (widget_class, "labels.toggle-cell", "u", toggle_cell_action);
  gtk_widget_class_install_action (widget_class, "labels.previous-page", NULL, turn_page_action);
  gtk_widget_class_install_action (widget_class, "labels.next-page", NULL, turn_page_action);
  gtk_widget_class_install_action (widget_class, "labels.show-options", NULL, navigate_action);
  gtk_widget_class_install_action (widget_class, "labels.show-preview", NULL, navigate_action);
}

static void
bw_labels_dialog_class_init (BwLabelsDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = bw_labels_dialog_constructed;
  object_class->dispose = bw_labels_dialog_dispose;
  object_class->set_property = bw_labels_dialog_set_property;
  widget_class->unmap = bw_labels_dialog_unmap;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION, flags);
  properties[PROP_BATCH] = g_param_spec_object ("batch", NULL, NULL, BW_TYPE_BATCH, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/batches/bw-labels-dialog.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, options_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, part_sheet_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, cell_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, turn_page_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_navigation);
  gtk_widget_class_bind_template_callback_full (widget_class, "update_summary", G_CALLBACK (bw_labels_dialog_update_summary));
  install_actions (widget_class);

  g_type_ensure (BW_TYPE_DESIGN_ROW);
  g_type_ensure (BW_TYPE_SHEET_PREVIEW);
  g_type_ensure (BW_TYPE_TASK_BAR);
}

static void
bw_labels_dialog_init (BwLabelsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->preview), _("Preview of the sheet"));
}

GtkWidget *
bw_labels_dialog_new (BwSession *session,
                      BwBatch   *batch)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_BATCH (batch), NULL);

  return g_object_new (BW_TYPE_LABELS_DIALOG, "session", session, "batch", batch, NULL);
}

void
bw_labels_dialog_set_job (BwLabelsDialog *self,
                          const BwStock  *stock,
                          BwDesignRow    *design,
                          const char     *serials)
{
  g_return_if_fail (BW_IS_LABELS_DIALOG (self) && BW_IS_DESIGN_ROW (design));
  g_return_if_fail (stock != NULL && serials != NULL);

  set_stock (self, stock);
  bw_design_row_choose_like (self->design_row, design);
  gtk_editable_set_text (self->serials_row, serials);
}
