/* bw-verify-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-verify-dialog-private.h"

#include <glib/gi18n.h>

#include "bw-camera-group.h"
#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-labels-dialog.h"
#include "bw-number-list.h"
#include "bw-settings.h"
#include "bw-stock-chooser.h"
#include "bw-stock-text.h"
#include "bw-verify-read.h"

/* Of a sheet before the camera many codes come at once; the results are made anew once for those of so long. */
#define UPDATE_MS 100

/**
 * BwVerifyDialog:
 *
 * Whether the labels of a batch are on paper, readable and in their places:
 * a hand scanner types codes into the entry, labels pass before a camera, or
 * pictures and PDFs of whole sheets are read. What failed can be printed again.
 */

G_DEFINE_FINAL_TYPE (BwVerifyDialog, bw_verify_dialog, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_BATCH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

void
bw_verify_dialog_get_range (BwVerifyDialog *self,
                            guint          *ret_first,
                            guint          *ret_n)
{
  guint n_ids = self->ids != NULL ? self->ids->len : 0;
  guint first = (guint) gtk_adjustment_get_value (self->first_adjustment);
  guint last = (guint) gtk_adjustment_get_value (self->last_adjustment);

  *ret_first = MIN (first, MAX (n_ids, 1)) - 1;
  *ret_n = last >= first ? MIN (last, n_ids) - MIN (*ret_first, n_ids) : 0;
}

static void
update_actions (BwVerifyDialog *self)
{
  gboolean is_ready = self->ids != NULL && !bw_task_bar_is_busy (self->task_bar);

  gtk_widget_set_sensitive (self->options, is_ready);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "verify.open", is_ready);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "verify.read", is_ready);
  bw_verify_dialog_update_results (self);
  if (is_ready)
    gtk_widget_grab_focus (GTK_WIDGET (self->scan_row));
}

/* What was read is of another stock, or other serials. */
static void
forget_pictures (BwVerifyDialog *self)
{
  bw_verify_map_set_page (self->map, self->stock, NULL);
  g_clear_pointer (&self->report, bw_label_report_free);
  g_clear_object (&self->reader);
  bw_verify_dialog_update_results (self);
}

static guint
get_copies (BwVerifyDialog *self)
{
  return (guint) gtk_adjustment_get_value (self->copies_adjustment);
}

static void
range_changed_cb (BwVerifyDialog *self)
{
  if (self->tally != NULL)
    bw_label_tally_set_copies (self->tally, get_copies (self));

  /* While a scan is read the thread has the reader; the design row may still tell of what it has fetched. */
  if (self->ids != NULL && !bw_task_bar_is_busy (self->task_bar))
    forget_pictures (self);
}

static void
set_stock (BwVerifyDialog *self,
           const BwStock  *stock)
{
  g_autofree char *title = bw_stock_to_title (stock);
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  g_autofree char *text = bw_stock_to_user_text (stock);

  self->stock = stock;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->stock_row), escaped);
  adw_action_row_set_subtitle (self->stock_row, text);
  bw_design_row_set_stock (self->design_row, stock);
  forget_pictures (self);
}

static void
stock_picked_cb (BwVerifyDialog *self,
                 gpointer        stock)
{
  if (!bw_task_bar_is_busy (self->task_bar))
    set_stock (self, stock);
}

static void
select_stock (BwVerifyDialog *self,
              const char     *name)
{
  const BwStock *stock = name != NULL && *name != '\0' ? bw_stock_find (name, NULL) : NULL;

  if (stock != NULL)
    set_stock (self, stock);
}

static void
begin_design (BwVerifyDialog *self)
{
  const BwLabelBatch batch = {
    .name = bw_batch_get_name (self->batch), .count = (guint) bw_batch_get_count (self->batch),
  };

  bw_design_row_set_session (self->design_row, self->session, &batch, NULL);
}

static void
update_navigation (BwVerifyDialog *self)
{
  gboolean is_folded, is_map;

  /* The leaflet tells as it is taken apart, too. */
  if (self->leaflet == NULL || self->back_button == NULL)
    return;

  is_folded = adw_leaflet_get_folded (self->leaflet);
  is_map = g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "map") == 0;
  gtk_widget_set_visible (self->back_button, is_folded && is_map);
  gtk_widget_set_visible (self->map_button, is_folded);
}

/* The hand scanner, which types a code and Enter, and the camera. */

static void
say (BwVerifyDialog *self,
     const char     *text,
     const char     *css_class)
{
  const char *classes[] = { css_class, NULL };

  gtk_widget_set_css_classes (GTK_WIDGET (self->scan_label), classes);
  gtk_label_set_label (self->scan_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->scan_label), TRUE);
}

static gboolean
update_results_cb (gpointer user_data)
{
  BwVerifyDialog *self = user_data;

  self->update_id = 0;
  bw_verify_dialog_update_results (self);

  return G_SOURCE_REMOVE;
}

static void
code_seen_cb (BwVerifyDialog *self,
              const char     *code)
{
  g_autofree char *text = NULL;
  guint index = 0;

  if (self->tally == NULL || *code == '\0')
    return;

  switch (bw_label_tally_scan (self->tally, code, &index))
    {
    case BW_LABEL_SCAN_CONFIRMED:
      /* Translators: an ID, and its serial */
      text = g_strdup_printf (_("✓ %s is label %'u."), (char *) g_ptr_array_index (self->ids, index), index + 1);
      say (self, text, "success");
      break;

    case BW_LABEL_SCAN_AGAIN:
      text = g_strdup_printf (_("%s was scanned before."), (char *) g_ptr_array_index (self->ids, index));
      say (self, text, "warning");
      break;

    case BW_LABEL_SCAN_FOREIGN:
    default:
      text = g_strdup_printf (_("? “%s” is not of this batch."), code);
      say (self, text, "error");
      break;
    }

  if (self->update_id == 0)
    self->update_id = g_timeout_add (UPDATE_MS, update_results_cb, self);
}

static void
scanned_cb (BwVerifyDialog *self)
{
  g_autofree char *code = g_strstrip (g_strdup (gtk_editable_get_text (self->scan_row)));

  gtk_editable_set_text (self->scan_row, "");
  code_seen_cb (self, code);
}

/* Pictures. */

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(BwVerifyDialog) self = user_data;
  g_autoptr(BwLabelReport) report = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean ok = bw_verify_read_finish (BW_LABEL_READER (source), result, &report, &error);

  if (self->session == NULL)
    return;

  if (ok && self->settings != NULL)
    g_settings_set_string (self->settings, "label-stock", self->stock->name);

  if (!ok)
    {
      text = error->domain == G_IO_ERROR ? bw_error_to_user_text (error) : bw_error_to_field_text (error);
      bw_toast_show (self->toasts, text);
    }

  if (ok && report->skewed->len > self->n_skewed)
    {
      guint n_skewed = report->skewed->len - self->n_skewed;

      /* The results, which may be out of sight, say which ones. */
      text = g_strdup_printf (ngettext ("%'u page was photographed at too much of an angle.",
                                        "%'u pages were photographed at too much of an angle.", n_skewed), n_skewed);
      bw_toast_show (self->toasts, text);
    }

  if (report->pages->len + report->n_unplaced + report->skewed->len > 0)
    self->report = g_steal_pointer (&report);
  self->page = self->report != NULL && self->report->pages->len > 0 ? self->report->pages->len - 1 : 0;
  bw_task_bar_end (self->task_bar);
}

static void
progress_cb (gint64   n_done,
             gint64   n_pages,
             gpointer user_data)
{
  bw_task_bar_set_progress (user_data, n_done, n_pages);
}

static gboolean
prepare_reader (BwVerifyDialog  *self,
                GError         **error)
{
  g_autoptr(BwLabelReader) reader = NULL;
  g_autoptr(GError) design_error = NULL;
  const BwLabelDesign *design;
  guint first, n;

  if (self->reader != NULL)
    return TRUE;

  design = bw_design_row_get_design (self->design_row, &design_error);
  if (design_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&design_error));
      return FALSE;
    }

  reader = bw_label_reader_new (self->stock, design, error);
  if (reader == NULL)
    return FALSE;

  for (guint i = 0; i < self->ids->len; i++)
    {
      if (!bw_label_reader_add (reader, g_ptr_array_index (self->ids, i), error))
        return FALSE;
    }

  bw_verify_dialog_get_range (self, &first, &n);
  bw_label_reader_set_job (reader, first, n, 0);
  bw_label_reader_set_copies (reader, get_copies (self));
  self->reader = g_steal_pointer (&reader);

  return TRUE;
}

static void
read_scan (BwVerifyDialog     *self,
           const char * const *paths,
           GdkPixbuf          *image)
{
  g_autoptr(GError) error = NULL;
  GCancellable *cancellable;

  if (self->ids == NULL || bw_task_bar_is_busy (self->task_bar))
    return;

  if (!prepare_reader (self, &error))
    {
      g_autofree char *text = bw_error_to_field_text (error);

      bw_toast_show (self->toasts, text);
      return;
    }

  self->n_skewed = self->report != NULL ? self->report->skewed->len : 0;

  /* The report looks into the reader, which the thread has now. */
  bw_verify_map_set_page (self->map, self->stock, NULL);
  g_clear_pointer (&self->report, bw_label_report_free);
  cancellable = bw_task_bar_begin (self->task_bar, _("Reading the scan"));
  bw_verify_read_async (self->reader, paths, image, progress_cb, self->task_bar, cancellable,
                        read_cb, g_object_ref (self));
}

static void
read_files (BwVerifyDialog *self,
            GListModel     *files)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) paths = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr(GFile) file = g_list_model_get_item (files, i);

      if (g_file_peek_path (file) != NULL)
        g_strv_builder_add (builder, g_file_peek_path (file));
    }

  paths = g_strv_builder_end (builder);
  if (paths[0] != NULL)
    read_scan (self, (const char * const *) paths, NULL);
}

static void
file_chosen_cb (BwVerifyDialog  *self,
                int              response,
                GtkNativeDialog *dialog)
{
  g_autoptr(GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT)
    read_files (self, files);

  g_clear_object (&self->chooser);
}

static void
add_filter (GtkFileChooser *chooser)
{
  static const char * const types[] = { "image/png", "image/jpeg", "image/tiff", "image/bmp", "application/pdf" };
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Pictures and PDFs"));
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    gtk_file_filter_add_mime_type (filter, types[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

static gboolean
dropped_cb (BwVerifyDialog *self,
            const GValue   *value)
{
  GSList *files = g_value_get_boxed (value);
  g_autoptr(GListStore) store = g_list_store_new (G_TYPE_FILE);

  for (GSList *l = files; l != NULL; l = l->next)
    g_list_store_append (store, l->data);
  read_files (self, G_LIST_MODEL (store));

  return TRUE;
}

static void
texture_pasted_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(BwVerifyDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (source), result, &error);
  g_autoptr(GdkPixbuf) image = NULL;

  if (self->session == NULL)
    return;

  image = texture != NULL ? gdk_pixbuf_get_from_texture (texture) : NULL;
  if (image != NULL)
    read_scan (self, NULL, image);
  else
    bw_toast_show (self->toasts, _("There is no picture to paste."));
}

/* Text goes where it always goes: into the entry. */
static gboolean
paste_cb (GtkWidget *widget,
          GVariant  *arguments,
          gpointer   user_data)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);

  if (!gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), GDK_TYPE_TEXTURE))
    return FALSE;

  gdk_clipboard_read_texture_async (clipboard, NULL, texture_pasted_cb, g_object_ref (widget));

  return TRUE;
}

/* Actions */

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwVerifyDialog *self = BW_VERIFY_DIALOG (widget);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Open Image or PDF"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN,
                                               _("_Open"), _("_Cancel"));
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  add_filter (GTK_FILE_CHOOSER (self->chooser));
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
read_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  const char *paths[] = { g_variant_get_string (parameter, NULL), NULL };

  read_scan (BW_VERIFY_DIALOG (widget), paths, NULL);
}

static void
select_stock_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  select_stock (BW_VERIFY_DIALOG (widget), g_variant_get_string (parameter, NULL));
}

static void
choose_stock_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  GtkWidget *chooser = bw_stock_chooser_new (BW_VERIFY_DIALOG (widget)->stock);

  gtk_window_set_transient_for (GTK_WINDOW (chooser), GTK_WINDOW (widget));
  g_signal_connect_object (chooser, "picked", G_CALLBACK (stock_picked_cb), widget, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (chooser));
}

static int
compare_numbers (gconstpointer a,
                 gconstpointer b)
{
  guint one = *(const guint *) a;
  guint other = *(const guint *) b;

  return one < other ? -1 : one > other;
}

/* With everything that printing offers: the labels that failed are chosen there. */
static void
reprint_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BwVerifyDialog *self = BW_VERIFY_DIALOG (widget);
  g_autoptr(GArray) serials = bw_verify_dialog_get_failed (self);
  g_autofree char *text = NULL;
  GtkWidget *dialog;

  if (serials->len == 0)
    return;

  for (guint i = 0; i < serials->len; i++)
    g_array_index (serials, guint, i)++;
  g_array_sort (serials, compare_numbers);
  text = bw_number_list_to_text (serials);

  dialog = bw_labels_dialog_new (self->session, self->batch);
  bw_labels_dialog_set_job (BW_LABELS_DIALOG (dialog), self->stock, self->design_row, text);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (widget));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
turn_page_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  BwVerifyDialog *self = BW_VERIFY_DIALOG (widget);

  if (strcmp (action_name, "verify.next-page") == 0)
    self->page++;
  else if (self->page > 0)
    self->page--;

  bw_verify_dialog_update_results (self);
}

static void
navigate_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  BwVerifyDialog *self = BW_VERIFY_DIALOG (widget);

  adw_leaflet_set_visible_child_name (self->leaflet, strcmp (action_name, "verify.show-map") == 0 ? "map" : "options");
}

static void
ids_loaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(BwVerifyDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) ids = bw_session_load_ids_finish (BW_SESSION (source), result, &error);

  if (self->session == NULL)
    return;

  if (ids != NULL)
    {
      self->ids = g_steal_pointer (&ids);
      self->tally = bw_label_tally_new (self->ids);
      bw_label_tally_set_copies (self->tally, get_copies (self));
    }
  else
    {
      g_autofree char *text = bw_error_to_user_text (error);

      gtk_label_set_label (self->summary, text);
    }

  bw_task_bar_end (self->task_bar);
}

static void
bw_verify_dialog_constructed (GObject *object)
{
  BwVerifyDialog *self = (BwVerifyDialog *) object;
  double count = (double) bw_batch_get_count (self->batch);
  g_autofree char *last = NULL;

  G_OBJECT_CLASS (bw_verify_dialog_parent_class)->constructed (object);

  self->settings = bw_settings_new ();
  last = self->settings != NULL ? g_settings_get_string (self->settings, "label-stock") : NULL;
  adw_window_title_set_subtitle (self->window_title, bw_batch_get_name (self->batch));
  gtk_adjustment_set_upper (self->first_adjustment, count);
  gtk_adjustment_set_upper (self->last_adjustment, count);
  gtk_adjustment_set_value (self->last_adjustment, count);
  bw_verify_dialog_create_results (self);
  begin_design (self);
  set_stock (self, bw_stock_get_all (NULL)[0]);
  select_stock (self, last);
  update_navigation (self);

  bw_session_load_ids_async (self->session, bw_entity_get_id (BW_ENTITY (self->batch)), 1,
                             bw_batch_get_count (self->batch),
                             bw_task_bar_begin (self->task_bar, _("Loading the Device IDs")),
                             ids_loaded_cb, g_object_ref (self));
}

/* Closed. A call under way may keep the dialog for a moment, even beyond its parent. */
static void
bw_verify_dialog_unmap (GtkWidget *widget)
{
  BwVerifyDialog *self = BW_VERIFY_DIALOG (widget);

  if (bw_task_bar_is_busy (self->task_bar))
    g_cancellable_cancel (bw_task_bar_get_cancellable (self->task_bar));

  GTK_WIDGET_CLASS (bw_verify_dialog_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_verify_dialog_dispose (GObject *object)
{
  BwVerifyDialog *self = (BwVerifyDialog *) object;

  /* Children that are taken apart still tell of changes; without these nobody listens. */
  g_clear_object (&self->session);
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->report, bw_label_report_free);
  g_clear_pointer (&self->tally, bw_label_tally_free);
  g_clear_pointer (&self->ids, g_ptr_array_unref);
  g_clear_object (&self->reader);
  g_clear_object (&self->chooser);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_VERIFY_DIALOG);
  g_clear_pointer (&self->shown, g_ptr_array_unref);
  g_clear_object (&self->batch);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (bw_verify_dialog_parent_class)->dispose (object);
}

static void
bw_verify_dialog_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  BwVerifyDialog *self = BW_VERIFY_DIALOG (object);

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
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/batches/bw-verify-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, map_button);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, leaflet);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, options);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, scan_row);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, scan_label);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, stock_row);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, design_row);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, first_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, last_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, copies_adjustment);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, results);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, map_stack);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, pager);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, map);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, legend);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, page_label);
  gtk_widget_class_bind_template_child (widget_class, BwVerifyDialog, task_bar);
  gtk_widget_class_bind_template_callback (widget_class, code_seen_cb);
  gtk_widget_class_bind_template_callback (widget_class, range_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, scanned_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);
  gtk_widget_class_bind_template_callback (widget_class, update_navigation);
}

static void
bw_verify_dialog_class_init (BwVerifyDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = bw_verify_dialog_constructed;
  object_class->dispose = bw_verify_dialog_dispose;
  object_class->set_property = bw_verify_dialog_set_property;
  widget_class->unmap = bw_verify_dialog_unmap;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION, flags);
  properties[PROP_BATCH] = g_param_spec_object ("batch", NULL, NULL, BW_TYPE_BATCH, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "verify.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "verify.read", "s", read_action);
  gtk_widget_class_install_action (widget_class, "verify.select-stock", "s", select_stock_action);
  gtk_widget_class_install_action (widget_class, "verify.reprint", NULL, reprint_action);
  gtk_widget_class_install_action (widget_class, "verify.choose-stock", NULL, choose_stock_action);
  gtk_widget_class_install_action (widget_class, "verify.previous-page", NULL, turn_page_action);
  gtk_widget_class_install_action (widget_class, "verify.next-page", NULL, turn_page_action);
  gtk_widget_class_install_action (widget_class, "verify.show-options", NULL, navigate_action);
  gtk_widget_class_install_action (widget_class, "verify.show-map", NULL, navigate_action);

  g_type_ensure (BW_TYPE_CAMERA_GROUP);
  g_type_ensure (BW_TYPE_DESIGN_ROW);
  g_type_ensure (BW_TYPE_TASK_BAR);
  g_type_ensure (BW_TYPE_VERIFY_MAP);
}

static void
bw_verify_dialog_init (BwVerifyDialog *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (drop, "drop", G_CALLBACK (dropped_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));

  /* Before the entry, which takes all that it is given. */
  gtk_event_controller_set_propagation_phase (shortcuts, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (shortcuts),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>v"),
                                                          gtk_callback_action_new (paste_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), shortcuts);

  /* The entry has the focus nearly always, and keeps Escape for itself. */
  shortcuts = gtk_shortcut_controller_new ();
  gtk_event_controller_set_propagation_phase (shortcuts, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (shortcuts),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Escape"),
                                                          gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (GTK_WIDGET (self->scan_row), shortcuts);
}

GtkWidget *
bw_verify_dialog_new (BwSession *session,
                      BwBatch   *batch)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_BATCH (batch), NULL);

  return g_object_new (BW_TYPE_VERIFY_DIALOG, "session", session, "batch", batch, NULL);
}
