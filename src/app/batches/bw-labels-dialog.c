/* bw-labels-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-labels-dialog.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-design-row.h"
#include "bw-error-text.h"
#include "bw-settings.h"
#include "bw-sheet-output.h"
#include "bw-sheet-preview.h"
#include "bw-task-bar.h"

/* While a number is being typed the preview waits this long. */
#define PREVIEW_DELAY_MS 80

/**
 * BwLabelsDialog:
 *
 * Labels of one batch: which stock, where on the first sheet to begin, which
 * devices; what it will look like; to a file or a printer. The preview asks for the
 * IDs of the page it shows only, so that a batch may be of any size.
 */

struct _BwLabelsDialog
{
  AdwWindow             parent_instance;

  BwSession            *session;
  BwBatch              *batch;
  GSettings            *settings;             /* (nullable) */
  const BwStock        *stock;
  GCancellable         *preview_cancellable;  /* (owned): of the page being fetched */
  GtkFileChooserNative *chooser;              /* (owned): while it is open; nobody else holds it */
  char                 *path;                 /* (owned): where the export under way goes; NULL: to the printer */
  guint                 preview_id;
  guint                 page;
  gint64                job_first;            /* the serials of the job under way */
  gint64                job_count;

  AdwWindowTitle       *window_title;
  GtkWidget            *back_button;
  GtkWidget            *preview_button;
  AdwToastOverlay      *toasts;
  AdwLeaflet           *leaflet;
  GtkWidget            *options;
  AdwActionRow         *stock_row;
  GtkDropDown          *stock_drop;
  BwDesignRow          *design_row;
  AdwEntryRow          *product_row;
  AdwEntryRow          *abbreviation_row;
  AdwEntryRow          *license_row;
  GtkAdjustment        *start_adjustment;
  GtkAdjustment        *first_adjustment;
  GtkAdjustment        *last_adjustment;
  GtkLabel             *summary;
  GtkLabel             *page_label;
  BwSheetPreview       *preview;
  BwTaskBar            *task_bar;
};

G_DEFINE_FINAL_TYPE (BwLabelsDialog, bw_labels_dialog, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_BATCH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gint64
get_first (BwLabelsDialog *self)
{
  return (gint64) gtk_adjustment_get_value (self->first_adjustment);
}

static gint64
get_n_labels (BwLabelsDialog *self)
{
  return (gint64) gtk_adjustment_get_value (self->last_adjustment) - get_first (self) + 1;
}

static guint
get_start (BwLabelsDialog *self)
{
  return (guint) gtk_adjustment_get_value (self->start_adjustment);
}

static guint
get_n_pages (BwLabelsDialog *self)
{
  gint64 n_cells = bw_stock_get_n_cells (self->stock);

  return (guint) ((get_start (self) - 1 + MAX (get_n_labels (self), 0) + n_cells - 1) / n_cells);
}

static BwSheetRequest
make_request (BwLabelsDialog *self,
              guint           start,
              gint64          first_serial)
{
  return (BwSheetRequest) {
    .stock = self->stock,
    .batch = bw_batch_get_name (self->batch),
    .color = bw_batch_get_color (self->batch),
    .count = (guint) bw_batch_get_count (self->batch),
    .created_at_us = bw_batch_get_created_at_us (self->batch),
    .start = start,
    .first_serial = (guint) first_serial,
    .design = bw_design_row_get_design (self->design_row, NULL),
    .facts = bw_design_row_get_facts (self->design_row),
  };
}

static void
update_summary (BwLabelsDialog *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autofree char *labels = NULL;
  g_autofree char *sheets = NULL;
  g_autofree char *text = NULL;
  g_autofree char *position = NULL;
  gboolean is_busy;
  gint64 n_labels;
  guint n_pages;

  if (self->stock == NULL)
    return;

  is_busy = bw_task_bar_is_busy (self->task_bar);
  n_labels = get_n_labels (self);
  n_pages = get_n_pages (self);
  labels = g_strdup_printf (ngettext ("%'u label", "%'u labels", (guint) MAX (n_labels, 0)), (guint) MAX (n_labels, 0));
  if (strcmp (self->stock->paper, "roll") == 0)
    sheets = g_strdup (_("on a roll"));
  else
    sheets = g_strdup_printf (ngettext ("on %'u sheet", "on %'u sheets", n_pages), n_pages);

  /* Translators: how much there is to print: "500 labels" "on 24 sheets" */
  text = g_strdup_printf (C_("labels", "%s %s"), labels, sheets);
  gtk_label_set_label (self->summary, n_labels > 0 ? text : _("The last serial comes before the first one."));
  if (n_labels > 0)
    gtk_widget_remove_css_class (GTK_WIDGET (self->summary), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->summary), "error");

  self->page = MIN (self->page, MAX (n_pages, 1) - 1);
  position = g_strdup_printf (_("Sheet %'u of %'u"), self->page + 1, MAX (n_pages, 1));
  gtk_label_set_label (self->page_label, position);

  gtk_widget_set_sensitive (self->options, !is_busy);
  gtk_widget_action_set_enabled (widget, "labels.export", n_labels > 0 && !is_busy);
  gtk_widget_action_set_enabled (widget, "labels.print", n_labels > 0 && !is_busy);
  gtk_widget_action_set_enabled (widget, "labels.previous-page", self->page > 0);
  gtk_widget_action_set_enabled (widget, "labels.next-page", self->page + 1 < n_pages);
}

static void
show_page (BwLabelsDialog *self,
           GPtrArray      *ids,
           GError         *error)
{
  g_autoptr(BwSheet) sheet = NULL;
  g_autoptr(GError) sheet_error = NULL;
  g_autofree char *text = NULL;
  gint64 n_cells = bw_stock_get_n_cells (self->stock);
  gint64 skipped = self->page == 0 ? 0 : self->page * n_cells - (get_start (self) - 1);
  BwSheetRequest request = make_request (self, self->page == 0 ? get_start (self) : 1, get_first (self) + skipped);

  bw_design_row_get_design (self->design_row, &sheet_error);
  if (ids != NULL && sheet_error == NULL)
    sheet = bw_sheet_new_for_request (&request, ids, &sheet_error);

  bw_sheet_preview_set_page (self->preview, sheet, 0);
  if (sheet == NULL)
    {
      text = bw_error_to_user_text (sheet_error != NULL ? sheet_error : error);
      gtk_label_set_label (self->summary, text);
      gtk_widget_add_css_class (GTK_WIDGET (self->summary), "error");
    }
}

static void
preview_ids_loaded_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(BwLabelsDialog) self = user_data;
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(GError) error = NULL;

  ids = bw_session_load_ids_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  show_page (self, ids, error);
}

static gboolean
update_preview_cb (gpointer user_data)
{
  BwLabelsDialog *self = user_data;
  gint64 n_cells = bw_stock_get_n_cells (self->stock);
  gint64 skipped = self->page == 0 ? 0 : self->page * n_cells - (get_start (self) - 1);
  gint64 room = self->page == 0 ? n_cells - (get_start (self) - 1) : n_cells;
  gint64 n_labels = get_n_labels (self);

  self->preview_id = 0;

  g_cancellable_cancel (self->preview_cancellable);
  g_clear_object (&self->preview_cancellable);
  if (n_labels <= skipped)
    return G_SOURCE_REMOVE;

  self->preview_cancellable = g_cancellable_new ();
  bw_session_load_ids_async (self->session, bw_entity_get_id (BW_ENTITY (self->batch)),
                             get_first (self) + skipped, MIN (room, n_labels - skipped),
                             self->preview_cancellable, preview_ids_loaded_cb, g_object_ref (self));

  return G_SOURCE_REMOVE;
}

static void
update_preview (BwLabelsDialog *self)
{
  if (self->preview_id == 0)
    self->preview_id = g_timeout_add (PREVIEW_DELAY_MS, update_preview_cb, self);
}

static void
options_changed_cb (BwLabelsDialog *self)
{
  if (self->stock == NULL)
    return;

  update_summary (self);
  update_preview (self);
}

static char *
describe_stock (const BwStock *stock)
{
  if (strcmp (stock->paper, "roll") == 0)
    /* Translators: width and height of a label on a roll */
    return g_strdup_printf (_("Roll, %g × %g mm"), stock->width, stock->height);

  /* Translators: paper, columns, rows, labels on a sheet, width and height of a label */
  return g_strdup_printf (_("%s, %u × %u = %u labels of %g × %g mm"), stock->paper, stock->n_columns, stock->n_rows,
                          bw_stock_get_n_cells (stock), stock->width, stock->height);
}

static void
stock_selected_cb (BwLabelsDialog *self)
{
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);
  guint selected = gtk_drop_down_get_selected (self->stock_drop);
  g_autofree char *text = NULL;

  if (selected >= n_stocks || self->session == NULL)
    return;

  self->stock = stocks[selected];
  text = describe_stock (self->stock);
  adw_action_row_set_subtitle (self->stock_row, text);
  bw_design_row_set_stock (self->design_row, self->stock);
  gtk_adjustment_set_upper (self->start_adjustment, bw_stock_get_n_cells (self->stock));
  if (get_start (self) > bw_stock_get_n_cells (self->stock))
    gtk_adjustment_set_value (self->start_adjustment, 1);

  options_changed_cb (self);
}

static void
select_stock (BwLabelsDialog *self,
              const char     *name)
{
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);
  const BwStock *wanted = name != NULL ? bw_stock_find (name, NULL) : NULL;

  for (guint i = 0; i < n_stocks; i++)
    {
      if (stocks[i] == wanted)
        gtk_drop_down_set_selected (self->stock_drop, i);
    }
}

static void
fill_stocks (BwLabelsDialog *self)
{
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *last = self->settings != NULL ? g_settings_get_string (self->settings, "label-stock") : NULL;

  for (guint i = 0; i < n_stocks; i++)
    {
      g_autofree char *name = g_strconcat (stocks[i]->brand, " ", stocks[i]->name, NULL);

      gtk_string_list_append (names, name);
    }

  gtk_drop_down_set_model (self->stock_drop, G_LIST_MODEL (names));
  stock_selected_cb (self);
  select_stock (self, last);
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

/* A job: the IDs, then the file or the printer, then the note that they are labelled. */

static void
end_job (BwLabelsDialog *self,
         const GError   *error)
{
  g_autofree char *text = NULL;

  bw_task_bar_end (self->task_bar);
  g_clear_pointer (&self->path, g_free);
  if (error == NULL)
    return;

  text = bw_error_to_file_text (error);
  bw_toast_show (self->toasts, text);
}

static void
marked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwLabelsDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  /* The labels exist all the same. */
  if (!bw_session_mark_labelled_finish (BW_SESSION (source), result, &error) && self->session != NULL)
    {
      g_autofree char *reason = bw_error_to_user_text (error);
      g_autofree char *text = NULL;

      /* Translators: %s is a sentence that says why */
      text = g_strdup_printf (_("The devices were not noted as labelled. %s"), reason);
      bw_toast_show (self->toasts, text);
    }
}

static void
mark_labelled (BwLabelsDialog *self)
{
  if (self->settings != NULL)
    g_settings_set_string (self->settings, "label-stock", self->stock->name);

  bw_session_mark_labelled_async (self->session, bw_entity_get_id (BW_ENTITY (self->batch)),
                                  self->job_first, self->job_count, NULL, marked_cb, g_object_ref (self));
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BwLabelsDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean ok = bw_sheet_export_pdf_finish (BW_SHEET (source), result, &error);
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (self->session == NULL)
    return;

  if (ok)
    {
      name = g_filename_display_basename (self->path);
      /* Translators: %s is the name of a file */
      text = g_strdup_printf (_("Saved as “%s”"), name);
      bw_toast_show (self->toasts, text);
      mark_labelled (self);
    }

  end_job (self, error);
}

static void
printed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwLabelsDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean was_printed = bw_sheet_print_finish (BW_SHEET (source), result, &error);

  if (self->session == NULL)
    return;

  if (was_printed)
    {
      bw_toast_show (self->toasts, _("Sent to the printer"));
      mark_labelled (self);
    }

  end_job (self, error);
}

static void
progress_cb (gint64   n_done,
             gint64   n_total,
             gpointer user_data)
{
  bw_task_bar_set_progress (user_data, n_done, n_total);
}

static void
job_ids_loaded_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(BwLabelsDialog) self = user_data;
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(BwSheet) sheet = NULL;
  g_autoptr(GError) error = NULL;
  BwSheetRequest request;

  ids = bw_session_load_ids_finish (BW_SESSION (source), result, &error);
  if (self->session == NULL)
    return;

  request = make_request (self, get_start (self), self->job_first);
  if (error == NULL)
    bw_design_row_get_design (self->design_row, &error);
  if (ids != NULL && error == NULL)
    sheet = bw_sheet_new_for_request (&request, ids, &error);

  if (sheet == NULL)
    {
      end_job (self, error);
      return;
    }

  if (self->path == NULL)
    {
      /* From here on GTK's own dialog has the word. */
      bw_task_bar_end (self->task_bar);
      bw_sheet_print_async (sheet, GTK_WINDOW (self), bw_batch_get_name (self->batch),
                            printed_cb, g_object_ref (self));
      return;
    }

  bw_sheet_export_pdf_async (sheet, self->path, progress_cb, self->task_bar,
                             bw_task_bar_get_cancellable (self->task_bar), exported_cb, g_object_ref (self));
}

static void
begin_job (BwLabelsDialog *self,
           const char     *path)
{
  g_autofree char *text = NULL;

  self->path = g_strdup (path);
  self->job_first = get_first (self);
  self->job_count = get_n_labels (self);

  text = g_strdup_printf (ngettext ("Drawing %'u label", "Drawing %'u labels", (guint) self->job_count),
                          (guint) self->job_count);
  bw_session_load_ids_async (self->session, bw_entity_get_id (BW_ENTITY (self->batch)),
                             self->job_first, self->job_count,
                             bw_task_bar_begin (self->task_bar, text),
                             job_ids_loaded_cb, g_object_ref (self));
}

static void
file_chosen_cb (BwLabelsDialog  *self,
                int              response,
                GtkNativeDialog *dialog)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autoptr(GFile) folder = file != NULL ? g_file_get_parent (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && g_file_peek_path (file) != NULL)
    {
      if (self->settings != NULL && folder != NULL)
        g_settings_set_string (self->settings, "export-folder", g_file_peek_path (folder));

      if (!bw_task_bar_is_busy (self->task_bar))
        begin_job (self, g_file_peek_path (file));
    }

  g_clear_object (&self->chooser);
}

/* Actions */

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwLabelsDialog *self = BW_LABELS_DIALOG (widget);
  g_autofree char *folder_path = self->settings != NULL ? g_settings_get_string (self->settings, "export-folder") : NULL;
  g_autofree char *name = g_strdup_printf ("%s %s.pdf", bw_batch_get_name (self->batch), self->stock->name);
  GtkFileChooser *chooser;

  g_strdelimit (name, "/\\", '-');

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Export PDF"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE,
                                               _("_Export"), _("_Cancel"));
  chooser = GTK_FILE_CHOOSER (self->chooser);
  gtk_file_chooser_set_current_name (chooser, name);
  if (folder_path != NULL && *folder_path != '\0')
    {
      g_autoptr(GFile) folder = g_file_new_for_path (folder_path);

      gtk_file_chooser_set_current_folder (chooser, folder, NULL);
    }

  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
export_to_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  BwLabelsDialog *self = BW_LABELS_DIALOG (widget);

  if (!bw_task_bar_is_busy (self->task_bar) && get_n_labels (self) > 0)
    begin_job (self, g_variant_get_string (parameter, NULL));
}

static void
select_stock_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  select_stock (BW_LABELS_DIALOG (widget), g_variant_get_string (parameter, NULL));
}

static void
print_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  begin_job (BW_LABELS_DIALOG (widget), NULL);
}

static void
turn_page_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  BwLabelsDialog *self = BW_LABELS_DIALOG (widget);

  if (strcmp (action_name, "labels.next-page") == 0)
    self->page++;
  else if (self->page > 0)
    self->page--;

  options_changed_cb (self);
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

  G_OBJECT_CLASS (bw_labels_dialog_parent_class)->constructed (object);

  self->settings = bw_settings_new ();
  adw_window_title_set_subtitle (self->window_title, bw_batch_get_name (self->batch));
  gtk_adjustment_set_upper (self->first_adjustment, count);
  gtk_adjustment_set_upper (self->last_adjustment, count);
  gtk_adjustment_set_value (self->last_adjustment, count);
  begin_design (self);
  fill_stocks (self);
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
  g_clear_pointer (&self->path, g_free);

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
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, preview_button);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, leaflet);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, options);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, stock_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, stock_drop);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, design_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, product_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, abbreviation_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, license_row);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, start_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, first_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, last_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, page_label);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, preview);
  gtk_widget_class_bind_template_child (widget_class, BwLabelsDialog, task_bar);
  gtk_widget_class_bind_template_callback (widget_class, options_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stock_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_navigation);
  gtk_widget_class_bind_template_callback (widget_class, update_summary);

  gtk_widget_class_install_action (widget_class, "labels.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "labels.export-to", "s", export_to_action);
  gtk_widget_class_install_action (widget_class, "labels.select-stock", "s", select_stock_action);
  gtk_widget_class_install_action (widget_class, "labels.print", NULL, print_action);
  gtk_widget_class_install_action (widget_class, "labels.previous-page", NULL, turn_page_action);
  gtk_widget_class_install_action (widget_class, "labels.next-page", NULL, turn_page_action);
  gtk_widget_class_install_action (widget_class, "labels.show-options", NULL, navigate_action);
  gtk_widget_class_install_action (widget_class, "labels.show-preview", NULL, navigate_action);

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
