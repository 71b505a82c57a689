/* bw-bulk-result-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-bulk-result-dialog.h"

#include <glib/gi18n.h>

#include "bw-bulk-result.h"
#include "bw-bulk-text.h"
#include "bw-compat.h"
#include "bw-csv-target.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-remote-view.h"
#include "bw-session-bulk.h"
#include "bw-task-bar.h"
#include "bw-text.h"

/**
 * BwBulkResultDialog:
 *
 * A table of the devices that a job was about; those that were refused come first to
 * sight, since they are why one looks.
 */

struct _BwBulkResultDialog
{
  AdwWindow             parent_instance;

  BwSession            *session;
  JsonObject           *job;
  BwRemoteTable        *table;
  char                 *state;         /* "all" or what the route calls it */
  GtkFileChooserNative *chooser;       /* (nullable) (owned) */

  AdwToastOverlay      *toasts;
  AdwWindowTitle       *title;
  GtkWidget            *undo_button;
  GtkWidget            *kept_button;
  GtkWidget            *waiting_button;
  BwRemoteView         *view;
  BwTaskBar            *task_bar;
};

G_DEFINE_FINAL_TYPE (BwBulkResultDialog, bw_bulk_result_dialog, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_STATE,
  N_PROPS
};

enum {
  UNDO,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static char *
get_id (gpointer item)
{
  return g_strdup (bw_entity_get_id (item));
}

static char *
get_name (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "name"));
}

static char *
get_state (gpointer item)
{
  const char *state = bw_record_get_text (item, "state");

  if (g_strcmp0 (state, "done") == 0)
    return g_strdup (C_("results", "Done"));

  if (g_strcmp0 (state, "kept") == 0)
    return g_strdup (C_("results", "Kept for Later"));

  return g_strdup (g_strcmp0 (state, "refused") == 0 ? C_("results", "Refused") : C_("results", "Not Reached"));
}

static const char *
get_state_style (gpointer item)
{
  return g_strcmp0 (bw_record_get_text (item, "state"), "refused") == 0 ? "error" : NULL;
}

static char *
get_reason (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "reason"));
}

static const BwRemoteColumn columns[] = {
  { "id", N_("Device ID"), NULL, BW_COLUMN_FIXED | BW_COLUMN_MONOSPACE, 20, 20, 0, .text = get_id },
  { "name", N_("Name"), NULL, BW_COLUMN_EXPAND, 8, 14, 640, .text = get_name },
  { "state", N_("Result"), NULL, 0, 10, 11, 0, .text = get_state, .style = get_state_style },
  { "reason", N_("Reason"), NULL, BW_COLUMN_EXPAND, 16, 36, 0, .text = get_reason },
};

static char *
make_count (guint total)
{
  return g_strdup_printf (ngettext ("%'u device", "%'u devices", total), total);
}

static void
set_state (BwBulkResultDialog *self,
           const char         *state)
{
  if (!bw_set_str (&self->state, state))
    return;

  bw_remote_table_set_filter (self->table, "state", g_str_equal (state, "all") ? NULL : state);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
export_progress_cb (gint64   n_done,
                    gint64   n_total,
                    gpointer user_data)
{
  BwBulkResultDialog *self = user_data;

  /* Not any more when it was closed. */
  if (self->session != NULL)
    bw_task_bar_set_progress (self->task_bar, n_done, n_total);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BwBulkResultDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean is_done = bw_session_export_bulk_finish (BW_SESSION (source), result, &error);

  /* Closed meanwhile. */
  if (self->session == NULL)
    return;

  bw_task_bar_end (self->task_bar);
  if (is_done)
    {
      bw_toast_show (self->toasts, _("Results exported"));
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *text = bw_error_to_file_text (error);

      bw_toast_show (self->toasts, text);
    }
}

/* As filtered. */
static void
export_to (gpointer    user_data,
           const char *path)
{
  BwBulkResultDialog *self = user_data;
  GCancellable *cancellable;

  if (bw_task_bar_is_busy (self->task_bar))
    return;

  cancellable = bw_task_bar_begin (self->task_bar, _("Exporting the results…"));
  bw_session_export_bulk_async (self->session, bw_json_get_string (self->job, "id"),
                                g_str_equal (self->state, "all") ? NULL : self->state, path,
                                export_progress_cb, self, cancellable, exported_cb, g_object_ref (self));
}

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwBulkResultDialog *self = BW_BULK_RESULT_DIALOG (widget);

  g_clear_object (&self->chooser);
  self->chooser = bw_csv_target_ask (widget, "results.csv", export_to, self);
}

static void
export_to_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  export_to (widget, g_variant_get_string (parameter, NULL));
}

static void
undo_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwBulkResultDialog *self = BW_BULK_RESULT_DIALOG (widget);

  g_signal_emit (self, signals[UNDO], 0, bw_json_get_string (self->job, "id"));
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
show_summary (BwBulkResultDialog *self)
{
  gint64 n_refused = bw_json_get_int (self->job, "nFailed", 0);
  gint64 n_waiting = bw_json_get_int (self->job, "total", 0) - bw_json_get_int (self->job, "nDone", 0);
  g_autofree char *done = bw_bulk_job_to_done (self->job);
  gulong n = (gulong) MAX (n_refused, 0);
  g_autofree char *refused = g_strdup_printf (ngettext ("%'lu refused", "%'lu refused", n), n);
  g_autofree char *subtitle = NULL;

  if (g_strcmp0 (bw_json_get_string (self->job, "state"), "cancelled") == 0)
    /* Translators: %s are “12 devices tagged” and “3 refused” */
    subtitle = g_strdup_printf (_("Cancelled · %s · %s"), done, refused);
  else
    subtitle = g_strdup_printf ("%s · %s", done, refused);

  adw_window_title_set_title (self->title, bw_bulk_action_to_title (bw_json_get_string (self->job, "action")));
  adw_window_title_set_subtitle (self->title, subtitle);
  gtk_window_set_title (GTK_WINDOW (self), bw_bulk_action_to_title (bw_json_get_string (self->job, "action")));
  gtk_widget_set_visible (self->kept_button, bw_json_get_int (self->job, "nKept", 0) > 0);
  gtk_widget_set_visible (self->waiting_button, n_waiting > 0);
  gtk_widget_set_visible (self->undo_button, bw_json_get_boolean (self->job, "canUndo", FALSE));
}

static void
bw_bulk_result_dialog_dispose (GObject *object)
{
  BwBulkResultDialog *self = (BwBulkResultDialog *) object;

  g_clear_object (&self->session);
  g_clear_object (&self->chooser);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_BULK_RESULT_DIALOG);
  g_clear_object (&self->table);

  G_OBJECT_CLASS (bw_bulk_result_dialog_parent_class)->dispose (object);
}

static void
bw_bulk_result_dialog_finalize (GObject *object)
{
  BwBulkResultDialog *self = (BwBulkResultDialog *) object;

  g_clear_pointer (&self->job, json_object_unref);
  g_clear_pointer (&self->state, g_free);

  G_OBJECT_CLASS (bw_bulk_result_dialog_parent_class)->finalize (object);
}

static void
bw_bulk_result_dialog_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_string (value, BW_BULK_RESULT_DIALOG (object)->state);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_bulk_result_dialog_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_STATE:
      if (g_value_get_string (value) != NULL)
        set_state (BW_BULK_RESULT_DIALOG (object), g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_bulk_result_dialog_class_init (BwBulkResultDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_bulk_result_dialog_dispose;
  object_class->finalize = bw_bulk_result_dialog_finalize;
  object_class->get_property = bw_bulk_result_dialog_get_property;
  object_class->set_property = bw_bulk_result_dialog_set_property;

  properties[PROP_STATE] =
    g_param_spec_string ("state", NULL, NULL, "all", G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[UNDO] = g_signal_new ("undo", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (BW_TYPE_REMOTE_VIEW);
  g_type_ensure (BW_TYPE_TASK_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-bulk-result-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwBulkResultDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwBulkResultDialog, title);
  gtk_widget_class_bind_template_child (widget_class, BwBulkResultDialog, undo_button);
  gtk_widget_class_bind_template_child (widget_class, BwBulkResultDialog, kept_button);
  gtk_widget_class_bind_template_child (widget_class, BwBulkResultDialog, waiting_button);
  gtk_widget_class_bind_template_child (widget_class, BwBulkResultDialog, view);
  gtk_widget_class_bind_template_child (widget_class, BwBulkResultDialog, task_bar);

  gtk_widget_class_install_property_action (widget_class, "results.state", "state");
  gtk_widget_class_install_action (widget_class, "results.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "results.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "results.export-to", "s", export_to_action);
}

static void
bw_bulk_result_dialog_init (BwBulkResultDialog *self)
{
  self->state = g_strdup ("all");
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_bulk_result_dialog_new (BwSession  *session,
                           JsonObject *job)
{
  BwBulkResultDialog *self;
  g_autofree char *path = NULL;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (job != NULL, NULL);

  self = g_object_new (BW_TYPE_BULK_RESULT_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->job = json_object_ref (job);
  path = g_strconcat ("/v1/bulk/", bw_json_get_string (job, "id"), "/results", NULL);
  self->table = bw_remote_table_new (session, path, BW_TYPE_BULK_RESULT, NULL);
  bw_remote_view_set_count_text (self->view, make_count);
  bw_remote_view_set_table (self->view, self->table, "bulk-results", columns, G_N_ELEMENTS (columns));
  if (bw_json_get_int (job, "nFailed", 0) > 0)
    set_state (self, "refused");
  show_summary (self);

  return GTK_WIDGET (self);
}
