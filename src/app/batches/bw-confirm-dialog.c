/* bw-confirm-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-confirm-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bw-csv-choice.h"
#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-field.h"
#include "bw-import.h"
#include "bw-json.h"
#include "bw-task-bar.h"

/* Of what was scanned and refused; the oldest go. */
#define MAX_LINES 200

/* Scanned codes that wait for the server. */
#define MAX_WAITING 1000

/**
 * BwConfirmDialog:
 *
 * The manufacturer's confirmation: a table as a whole, or codes as a scanner
 * types them, each followed by Enter. Codes wait in a row, so that a quick
 * hand need not wait for the server.
 */

struct _BwConfirmDialog
{
  AdwWindow      parent_instance;

  BwSession     *session;
  BwBatch       *batch;
  GCancellable  *cancellable;
  BwCsvChoice   *choice;       /* (owned) (nullable): while a file is being chosen */
  GQueue        *waiting;      /* (element-type utf8): the first one is under way */
  gboolean       is_closing;   /* once nothing waits any more */
  gint64         n_changed;    /* since it was opened */
  gint64         n_already;
  gint64         n_refused;

  GtkEditable   *code_row;
  GtkLabel      *counts_label;
  GtkLabel      *error_label;
  GtkListBox    *list;
  GtkWidget     *list_frame;
  BwTaskBar     *task_bar;
};

G_DEFINE_FINAL_TYPE (BwConfirmDialog, bw_confirm_dialog, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_BATCH,
  N_PROPS
};

enum {
  CONFIRMED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void send_next (BwConfirmDialog *self);

static const char *
describe (const char *code)
{
  static const struct
  {
    const char *code;
    const char *text;
  } words[] = {
    { "unknown", N_("There is no such device") },
    { "foreign", N_("It is a device of another batch") },
    { "blocked", N_("It is blocked; unblock it first") },
    { "retired", N_("It is retired") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_strcmp0 (code, words[i].code) == 0)
        return _(words[i].text);
    }

  return _("This is no Device ID");
}

/* The newest first. */
static void
add_line (BwConfirmDialog *self,
          const char      *title,
          const char      *subtitle,
          const char      *icon_name)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);
  GtkListBoxRow *last;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_list_box_prepend (self->list, row);
  gtk_widget_set_visible (self->list_frame, TRUE);

  last = gtk_list_box_get_row_at_index (self->list, MAX_LINES);
  if (last != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (last));
}

static void
show_counts (BwConfirmDialog *self)
{
  g_autofree char *text = NULL;

  /* Translators: numbers of devices */
  text = g_strdup_printf (_("Flashed now: %'ld · That far before: %'ld · Refused: %'ld"),
                          (long) self->n_changed, (long) self->n_already, (long) self->n_refused);
  gtk_label_set_label (self->counts_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->counts_label), TRUE);
}

static void
show_error (BwConfirmDialog *self,
            const char      *text)
{
  bw_field_show_error (NULL, self->error_label, text);
}

static void
take_report (BwConfirmDialog *self,
             JsonObject      *report)
{
  JsonArray *problems = bw_json_get_array (report, "problems");
  guint n = problems != NULL ? json_array_get_length (problems) : 0;

  self->n_changed += bw_json_get_int (report, "nChanged", 0);
  self->n_already += bw_json_get_int (report, "nAlready", 0);
  self->n_refused += bw_json_get_int (report, "nRefused", 0);
  show_counts (self);

  /* so that the first of a file stands on top */
  for (guint i = MIN (n, MAX_LINES); i > 0; i--)
    {
      JsonNode *node = json_array_get_element (problems, i - 1);
      JsonObject *problem = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *value = problem != NULL ? bw_json_get_string (problem, "value") : NULL;
      g_autofree char *title = NULL;

      if (problem == NULL)
        continue;

      /* Translators: what stands in a row of a file, and the row's number */
      title = g_strdup_printf (_("%s (row %ld)"), value != NULL ? value : "—", (long) bw_json_get_int (problem, "row", 0));
      add_line (self, self->waiting->length > 0 && value != NULL ? value : title,
                describe (bw_json_get_string (problem, "code")), "dialog-warning-symbolic");
    }

  if (bw_json_get_int (report, "nChanged", 0) > 0)
    g_signal_emit (self, signals[CONFIRMED], 0);
}

/* Codes */

static void
code_sent_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwConfirmDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) report = bw_session_confirm_flashed_finish (BW_SESSION (source), result, &error);
  g_autofree char *code = NULL;
  g_autofree char *text = NULL;

  if (self->session == NULL)
    return;

  if (report != NULL)
    {
      take_report (self, report);
      if (bw_json_get_int (report, "nChanged", 0) > 0)
        add_line (self, g_queue_peek_head (self->waiting), _("Flashed"), "emblem-ok-symbolic");
      else if (bw_json_get_int (report, "nAlready", 0) > 0)
        add_line (self, g_queue_peek_head (self->waiting), _("Was that far before"), "emblem-ok-symbolic");
    }
  else if (g_error_matches (error, BW_ERROR, BW_ERROR_INVALID))
    {
      self->n_refused++;
      show_counts (self);
      add_line (self, g_queue_peek_head (self->waiting), describe (NULL), "dialog-warning-symbolic");
    }
  else
    text = bw_error_to_user_text (error);

  show_error (self, text);
  code = g_queue_pop_head (self->waiting);
  /* what waits behind it would fail the same way */
  if (text != NULL)
    g_queue_clear_full (self->waiting, g_free);
  send_next (self);
}

static void
send_next (BwConfirmDialog *self)
{
  const char *code = g_queue_peek_head (self->waiting);
  g_autoptr(GBytes) table = NULL;

  if (code == NULL)
    {
      if (self->is_closing)
        gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  table = g_bytes_new (code, strlen (code));
  bw_session_confirm_flashed_async (self->session, bw_entity_get_id (BW_ENTITY (self->batch)), table, NULL, NULL,
                                    self->cancellable, code_sent_cb, g_object_ref (self));
}

static void
code_entered_cb (BwConfirmDialog *self)
{
  g_autofree char *code = bw_field_get_text (self->code_row);

  gtk_editable_set_text (self->code_row, "");
  if (*code == '\0')
    return;

  if (self->waiting->length == MAX_WAITING)
    {
      show_error (self, _("The server is slower than the scanner; scan this one again in a moment."));
      return;
    }

  g_queue_push_tail (self->waiting, g_steal_pointer (&code));
  if (self->waiting->length == 1)
    send_next (self);
}

/* A table */

static void
progress_cb (gint64   n_done,
             gint64   n_total,
             gpointer user_data)
{
  bw_task_bar_set_progress (user_data, n_done, n_total);
}

static void
file_sent_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwConfirmDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) report = bw_session_confirm_flashed_finish (BW_SESSION (source), result, &error);
  g_autofree char *text = NULL;

  if (self->session == NULL)
    return;

  bw_task_bar_end (self->task_bar);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "confirm.choose", TRUE);
  if (report != NULL)
    take_report (self, report);
  else if (g_error_matches (error, BW_ERROR, BW_ERROR_INVALID))
    text = bw_error_to_field_text (error);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    text = bw_error_to_user_text (error);

  show_error (self, text);
}

static void
send_file (BwConfirmDialog *self,
           const char      *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GMappedFile) file = g_mapped_file_new (path, FALSE, &error);
  g_autoptr(GBytes) table = NULL;

  if (file == NULL || g_mapped_file_get_length (file) > BW_IMPORT_MAX_BYTES)
    {
      show_error (self, file == NULL ? error->message : _("The file has more than 256 MiB."));
      return;
    }

  show_error (self, NULL);
  table = g_mapped_file_get_bytes (file);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "confirm.choose", FALSE);
  bw_session_confirm_flashed_async (self->session, bw_entity_get_id (BW_ENTITY (self->batch)), table,
                                    progress_cb, self->task_bar,
                                    bw_task_bar_begin (self->task_bar, _("Sending the table")),
                                    file_sent_cb, g_object_ref (self));
}

static void
file_chosen_cb (const char *path,
                gpointer    user_data)
{
  BwConfirmDialog *self = user_data;

  if (path != NULL)
    send_file (self, path);
  g_clear_pointer (&self->choice, bw_csv_choice_free);
}

static void
choose_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwConfirmDialog *self = BW_CONFIRM_DIALOG (widget);

  g_clear_pointer (&self->choice, bw_csv_choice_free);
  self->choice = bw_csv_choice_new (GTK_WINDOW (self), _("Choose Flashed Devices"), file_chosen_cb, self);
}

/* What was scanned is sent, also when somebody closes at once. */
static gboolean
bw_confirm_dialog_close_request (GtkWindow *window)
{
  BwConfirmDialog *self = BW_CONFIRM_DIALOG (window);

  if (self->waiting->length == 0)
    return GTK_WINDOW_CLASS (bw_confirm_dialog_parent_class)->close_request (window);

  self->is_closing = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self), FALSE);

  return TRUE;
}

static void
bw_confirm_dialog_constructed (GObject *object)
{
  BwConfirmDialog *self = (BwConfirmDialog *) object;
  g_autofree char *title = NULL;

  G_OBJECT_CLASS (bw_confirm_dialog_parent_class)->constructed (object);

  /* Translators: %s is the name of a batch */
  title = g_strdup_printf (_("Confirm Flashed: %s"), bw_batch_get_name (self->batch));
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->code_row));
}

static void
bw_confirm_dialog_dispose (GObject *object)
{
  BwConfirmDialog *self = (BwConfirmDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->choice, bw_csv_choice_free);
  g_queue_clear_full (self->waiting, g_free);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_CONFIRM_DIALOG);
  g_clear_object (&self->batch);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_confirm_dialog_parent_class)->dispose (object);
}

static void
bw_confirm_dialog_finalize (GObject *object)
{
  g_queue_free (((BwConfirmDialog *) object)->waiting);

  G_OBJECT_CLASS (bw_confirm_dialog_parent_class)->finalize (object);
}

static void
bw_confirm_dialog_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  BwConfirmDialog *self = BW_CONFIRM_DIALOG (object);

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
bw_confirm_dialog_class_init (BwConfirmDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bw_confirm_dialog_constructed;
  object_class->dispose = bw_confirm_dialog_dispose;
  object_class->finalize = bw_confirm_dialog_finalize;
  object_class->set_property = bw_confirm_dialog_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = bw_confirm_dialog_close_request;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_BATCH] =
    g_param_spec_object ("batch", NULL, NULL, BW_TYPE_BATCH,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CONFIRMED] =
    g_signal_new ("confirmed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/batches/bw-confirm-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwConfirmDialog, code_row);
  gtk_widget_class_bind_template_child (widget_class, BwConfirmDialog, counts_label);
  gtk_widget_class_bind_template_child (widget_class, BwConfirmDialog, error_label);
  gtk_widget_class_bind_template_child (widget_class, BwConfirmDialog, list);
  gtk_widget_class_bind_template_child (widget_class, BwConfirmDialog, list_frame);
  gtk_widget_class_bind_template_child (widget_class, BwConfirmDialog, task_bar);
  gtk_widget_class_bind_template_callback (widget_class, code_entered_cb);

  gtk_widget_class_install_action (widget_class, "confirm.choose", NULL, choose_action);

  g_type_ensure (BW_TYPE_TASK_BAR);
}

static void
bw_confirm_dialog_init (BwConfirmDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->waiting = g_queue_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_confirm_dialog_new (BwSession *session,
                       BwBatch   *batch)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_BATCH (batch), NULL);

  return g_object_new (BW_TYPE_CONFIRM_DIALOG, "session", session, "batch", batch, NULL);
}
