/* bw-import-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-import-dialog.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-csv-choice.h"
#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-field.h"
#include "bw-import-cell.h"
#include "bw-json.h"
#include "bw-task-bar.h"

/* What a trial run calls the batch, as long as nobody has named it. */
#define TRIAL_NAME "import"

/**
 * BwImportDialog:
 *
 * A file is chosen, read, and asked about at the server, which alone knows the
 * IDs that exist; what is bad comes first and is mended in place. Then the
 * good rows are sent, all of them or none.
 */

struct _BwImportDialog
{
  AdwWindow          parent_instance;

  BwSession         *session;
  GCancellable      *cancellable;
  BwImportTable     *table;        /* (owned) (nullable) */
  BwCsvChoice       *choice;       /* (owned) (nullable): while a file is being chosen */
  char              *error_text;   /* (owned) (nullable): of the last import */
  gboolean           is_name_touched;
  gboolean           is_dry_run;   /* what is under way */

  GtkStack          *stack;
  AdwStatusPage     *choose_page;
  GtkWidget         *form;
  GtkEditable       *name_row;
  AdwComboRow       *company_row;
  GtkLabel          *name_error;
  GtkLabel          *summary;
  GtkLabel          *ignored_label;
  GtkLabel          *general_error;
  GtkCheckButton    *skip_check;
  GtkColumnView     *column_view;
  GtkColumnViewColumn *columns[BW_IMPORT_N_COLUMNS];
  BwTaskBar         *task_bar;
};

G_DEFINE_FINAL_TYPE (BwImportDialog, bw_import_dialog, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

enum {
  IMPORTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
show_summary (BwImportDialog *self)
{
  guint n_bad = bw_import_table_get_n_bad (self->table);
  guint n_rows = bw_import_table_get_n_rows (self->table);
  g_autofree char *text = NULL;

  if (n_bad == 0)
    text = g_strdup_printf (ngettext ("%'u row, all good", "%'u rows, all good", n_rows), n_rows);
  else
    /* Translators: %1$'u of %2$'u rows of a file; the form is that of the first */
    text = g_strdup_printf (ngettext ("%'u of %'u rows is bad", "%'u of %'u rows are bad", n_bad), n_bad, n_rows);

  gtk_label_set_label (self->summary, text);
  gtk_widget_set_visible (GTK_WIDGET (self->skip_check), n_bad > 0 || gtk_check_button_get_active (self->skip_check));
}

static void
update (BwImportDialog *self)
{
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_busy, name_ok, rows_ok;

  /* While it is built and taken apart, too. */
  if (self->session == NULL || self->table == NULL || self->task_bar == NULL)
    return;

  is_busy = bw_task_bar_is_busy (self->task_bar);
  name = bw_field_get_text (self->name_row);
  name_ok = bw_batch_check (name, 1, NULL, NULL, NULL, &error);
  rows_ok = bw_import_table_get_n_bad (self->table) == 0 ||
            (gtk_check_button_get_active (self->skip_check) &&
             bw_import_table_get_n_bad (self->table) < bw_import_table_get_n_rows (self->table));

  bw_field_show_error (GTK_WIDGET (self->name_row), self->name_error,
                       !name_ok && self->is_name_touched
                         ? _("A name without line breaks is needed, at most 200 bytes long.") : NULL);
  bw_field_show_error (NULL, self->general_error, self->error_text);
  show_summary (self);
  gtk_widget_set_sensitive (self->form, !is_busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.run", !is_busy && name_ok && rows_ok);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.choose", !is_busy);
}

static void
name_changed_cb (BwImportDialog *self)
{
  self->is_name_touched = TRUE;
  update (self);
}

static void
progress_cb (gint64   n_done,
             gint64   n_total,
             gpointer user_data)
{
  bw_task_bar_set_progress (user_data, n_done, n_total);
}

/* What the server says of rows that looked well from here. */
static void
take_problems (BwImportDialog *self,
               JsonObject     *report)
{
  JsonArray *problems = bw_json_get_array (report, "problems");
  guint n = problems != NULL ? json_array_get_length (problems) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (problems, i);
      JsonObject *problem = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (problem != NULL)
        bw_import_table_add_problem (self->table, (guint) bw_json_get_int (problem, "row", 0),
                                     bw_import_problem_from_nick (bw_json_get_string (problem, "code")));
    }

  if (n == 0)
    return;

  bw_import_table_sort (self->table);
  bw_column_view_scroll_to (self->column_view, 0);
}

static void
close_with (BwImportDialog *self,
            JsonObject     *report)
{
  const char *id = bw_json_get_string (bw_json_get_object (report, "batch"), "id");
  BwEntity *batch = id != NULL ? bw_entity_list_lookup (bw_session_get_batches (self->session), id) : NULL;
  guint n_left_out = bw_import_table_get_n_bad (self->table) + (guint) bw_json_get_int (report, "nBad", 0);

  if (batch != NULL)
    g_signal_emit (self, signals[IMPORTED], 0, batch, n_left_out);
  gtk_window_close (GTK_WINDOW (self));
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(BwImportDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) report = bw_session_import_batch_finish (BW_SESSION (source), result, &error);

  /* The dialog is on its way out. */
  if (self->session == NULL)
    return;

  bw_task_bar_end (self->task_bar);
  if (report != NULL && bw_json_get_object (report, "batch") != NULL)
    {
      close_with (self, report);
      return;
    }

  g_clear_pointer (&self->error_text, g_free);
  if (report != NULL)
    take_problems (self, report);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->error_text = g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT) ? bw_error_to_field_text (error)
                                                                            : bw_error_to_user_text (error);
  update (self);
}

/* Writes the good rows and sends them. */
static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwImportDialog *self = BW_IMPORT_DIALOG (source);
  g_autoptr(GBytes) table = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autofree char *name = NULL;
  BwEntity *company;
  BwImportWish wish = { NULL, };

  if (self->session == NULL || table == NULL)
    return;

  name = bw_field_get_text (self->name_row);
  company = adw_combo_row_get_selected_item (self->company_row);
  wish.name = self->is_dry_run ? TRIAL_NAME : name;
  wish.company_id = company != NULL ? bw_entity_get_id (company) : NULL;
  wish.skip_bad = gtk_check_button_get_active (self->skip_check);
  wish.dry_run = self->is_dry_run;
  bw_session_import_batch_async (self->session, &wish, table, progress_cb, self->task_bar,
                                 bw_task_bar_get_cancellable (self->task_bar), sent_cb, g_object_ref (self));
}

static void
write_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  g_task_return_pointer (task, bw_import_table_write (task_data), (GDestroyNotify) g_bytes_unref);
}

static void
send_rows (BwImportDialog *self,
           gboolean        is_dry_run)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, written_cb, NULL);

  self->is_dry_run = is_dry_run;
  bw_task_bar_begin (self->task_bar, is_dry_run ? _("Asking the server about the rows") : _("Importing"));
  update (self);

  /* nothing can be edited meanwhile */
  g_task_set_source_tag (task, send_rows);
  g_task_set_task_data (task, g_object_ref (self->table), g_object_unref);
  g_task_run_in_thread (task, write_in_thread);
}

/* Reading */

static void
show_columns (BwImportDialog *self)
{
  GPtrArray *ignored = bw_import_table_get_ignored (self->table);
  g_autoptr(GString) names = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < BW_IMPORT_N_COLUMNS; i++)
    gtk_column_view_column_set_visible (self->columns[i], bw_import_table_has_column (self->table, (BwImportColumn) i));

  for (guint i = 0; i < ignored->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", (const char *) g_ptr_array_index (ignored, i));

  /* Translators: names of columns of a file */
  text = g_strdup_printf (_("Left out, because these columns mean nothing here: %s"), names->str);
  gtk_label_set_label (self->ignored_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->ignored_label), ignored->len > 0);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  BwImportDialog *self = BW_IMPORT_DIALOG (source);
  g_autoptr(GError) error = NULL;
  g_autoptr(BwImportTable) table = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr(GtkSelectionModel) selection = NULL;
  g_autofree char *text = NULL;

  if (self->session == NULL)
    return;

  if (table == NULL)
    {
      text = bw_error_to_field_text (error);
      adw_status_page_set_description (self->choose_page, text);
      gtk_stack_set_visible_child_name (self->stack, "choose");
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.choose", TRUE);
      return;
    }

  g_set_object (&self->table, table);
  g_signal_connect_object (table, "notify::n-bad", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (table))));
  gtk_column_view_set_model (self->column_view, selection);
  show_columns (self);
  gtk_stack_set_visible_child_name (self->stack, "table");
  gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
  if (bw_import_table_get_n_bad (table) < bw_import_table_get_n_rows (table))
    send_rows (self, TRUE);
  update (self);
}

static void
read_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  BwImportTable *table = bw_import_table_new (task_data, &error);

  if (table != NULL)
    g_task_return_pointer (task, table, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
bw_import_dialog_load (BwImportDialog *self,
                       const char     *path)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (BW_IS_IMPORT_DIALOG (self));
  g_return_if_fail (path != NULL);

  gtk_stack_set_visible_child_name (self->stack, "reading");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.choose", FALSE);

  task = g_task_new (self, NULL, read_cb, NULL);
  g_task_set_source_tag (task, bw_import_dialog_load);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, read_in_thread);
}

static void
file_chosen_cb (const char *path,
                gpointer    user_data)
{
  BwImportDialog *self = user_data;

  if (path != NULL)
    bw_import_dialog_load (self, path);
  g_clear_pointer (&self->choice, bw_csv_choice_free);
}

/* Actions */

static void
choose_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwImportDialog *self = BW_IMPORT_DIALOG (widget);

  g_clear_pointer (&self->choice, bw_csv_choice_free);
  self->choice = bw_csv_choice_new (GTK_WINDOW (self), _("Choose Device IDs"), file_chosen_cb, self);
}

static void
load_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_import_dialog_load (BW_IMPORT_DIALOG (widget), g_variant_get_string (parameter, NULL));
}

static void
run_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  send_rows (BW_IMPORT_DIALOG (widget), FALSE);
}

/* Columns */

static void
cell_setup_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  column)
{
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, bw_import_cell_new ((BwImportColumn) GPOINTER_TO_UINT (column)));
}

static void
cell_bind_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  bw_import_cell_set_row (BW_IMPORT_CELL (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
cell_unbind_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  GtkWidget *cell = gtk_list_item_get_child (item);

  if (cell != NULL)
    bw_import_cell_set_row (BW_IMPORT_CELL (cell), NULL);
}

static void
line_setup_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric-cell");
  gtk_list_item_set_child (item, label);
}

static void
line_bind_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  g_autofree char *text = g_strdup_printf ("%u", bw_import_row_get_line (gtk_list_item_get_item (item)));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

/* @factory: (transfer full) */
static GtkColumnViewColumn *
append_column (BwImportDialog     *self,
               const char         *title,
               GtkListItemFactory *factory)
{
  g_autoptr(GtkColumnViewColumn) column = gtk_column_view_column_new (title, factory);

  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_append_column (self->column_view, column);

  return column;
}

static GtkColumnViewColumn *
append_cells (BwImportDialog *self,
              BwImportColumn  column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (cell_setup_cb), GUINT_TO_POINTER (column));
  g_signal_connect (factory, "bind", G_CALLBACK (cell_bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (cell_unbind_cb), NULL);

  return append_column (self, bw_import_column_to_title (column), factory);
}

static void
make_columns (BwImportDialog *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (line_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (line_bind_cb), NULL);
  append_column (self, C_("line of a file", "Row"), factory);

  self->columns[BW_IMPORT_ID] = append_cells (self, BW_IMPORT_ID);
  gtk_column_view_column_set_expand (append_cells (self, BW_IMPORT_N_COLUMNS), TRUE);
  for (guint i = BW_IMPORT_ID + 1; i < BW_IMPORT_N_COLUMNS; i++)
    self->columns[i] = append_cells (self, (BwImportColumn) i);
}

static void
bw_import_dialog_constructed (GObject *object)
{
  BwImportDialog *self = (BwImportDialog *) object;

  G_OBJECT_CLASS (bw_import_dialog_parent_class)->constructed (object);

  make_columns (self);
  adw_combo_row_set_model (self->company_row, G_LIST_MODEL (bw_session_get_companies (self->session)));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.run", FALSE);
  g_signal_connect_object (self->task_bar, "notify::busy", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

static void
bw_import_dialog_dispose (GObject *object)
{
  BwImportDialog *self = (BwImportDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->choice, bw_csv_choice_free);

  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_IMPORT_DIALOG);
  g_clear_object (&self->table);
  g_clear_object (&self->session);
  g_clear_pointer (&self->error_text, g_free);

  G_OBJECT_CLASS (bw_import_dialog_parent_class)->dispose (object);
}

static void
bw_import_dialog_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  BwImportDialog *self = BW_IMPORT_DIALOG (object);

  if (prop_id == PROP_SESSION)
    self->session = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
bw_import_dialog_class_init (BwImportDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bw_import_dialog_constructed;
  object_class->dispose = bw_import_dialog_dispose;
  object_class->set_property = bw_import_dialog_set_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[IMPORTED] =
    g_signal_new ("imported", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, BW_TYPE_BATCH, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/batches/bw-import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwImportDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BwImportDialog, choose_page);
  gtk_widget_class_bind_template_child (widget_class, BwImportDialog, form);
  gtk_widget_class_bind_template_child (widget_class, BwImportDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, BwImportDialog, company_row);
  gtk_widget_class_bind_template_child (widget_class, BwImportDialog, name_error);
  gtk_widget_class_bind_template_child (widget_class, BwImportDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, BwImportDialog, ignored_label);
  gtk_widget_class_bind_template_child (widget_class, BwImportDialog, general_error);
  gtk_widget_class_bind_template_child (widget_class, BwImportDialog, skip_check);
  gtk_widget_class_bind_template_child (widget_class, BwImportDialog, column_view);
  gtk_widget_class_bind_template_child (widget_class, BwImportDialog, task_bar);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);

  gtk_widget_class_install_action (widget_class, "import.choose", NULL, choose_action);
  gtk_widget_class_install_action (widget_class, "import.load", "s", load_action);
  gtk_widget_class_install_action (widget_class, "import.run", NULL, run_action);

  g_type_ensure (BW_TYPE_COMPANY);
  g_type_ensure (BW_TYPE_TASK_BAR);
}

static void
bw_import_dialog_init (BwImportDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_import_dialog_new (BwSession *session)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  return g_object_new (BW_TYPE_IMPORT_DIALOG, "session", session, NULL);
}
