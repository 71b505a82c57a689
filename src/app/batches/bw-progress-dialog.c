/* bw-progress-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-progress-dialog.h"

#include <glib/gi18n.h>

#include "bw-confirm-dialog.h"
#include "bw-error-text.h"
#include "bw-funnel-view.h"
#include "bw-json.h"
#include "bw-remote-view.h"
#include "bw-status-text.h"

/* Devices that come alive by the thousand are counted this often. */
#define RECOUNT_MS 500

/**
 * BwProgressDialog:
 *
 * The funnel of a batch, and one list at a time of those who have not reached
 * a stage. Both follow the live feed.
 */

struct _BwProgressDialog
{
  AdwWindow      parent_instance;

  BwSession     *session;
  BwBatch       *batch;
  GCancellable  *cancellable;
  BwRemoteTable *table;        /* (owned) (nullable): the list that is shown */
  guint          recount_id;

  GtkStack      *stack;
  GtkWidget     *back_button;
  AdwWindowTitle *title;
  BwFunnelView  *funnel;
  GtkStack      *funnel_stack;
  AdwStatusPage *failed_page;
  AdwBin        *list_bin;
};

G_DEFINE_FINAL_TYPE (BwProgressDialog, bw_progress_dialog, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_BATCH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
get_serial (gpointer item)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, bw_device_get_serial (item));
}

static char *
get_id (gpointer item)
{
  return g_strdup (bw_entity_get_id (item));
}

static char *
get_status (gpointer item)
{
  return g_strdup (bw_status_to_text (bw_device_get_status (item)));
}

static const char *
get_status_style (gpointer item)
{
  return bw_status_to_css_class (bw_device_get_status (item));
}

static const BwRemoteColumn columns[] = {
  { "serial", N_("Number"), NULL, BW_COLUMN_NUMERIC, 6, 8, 0, .text = get_serial },
  { "id", N_("Device ID"), NULL, BW_COLUMN_FIXED | BW_COLUMN_MONOSPACE | BW_COLUMN_EXPAND, 20, 22, 0, .text = get_id },
  { "status", N_("Status"), NULL, 0, 13, 16, 0, .text = get_status, .style = get_status_style },
};

static char *
make_count (guint total)
{
  return g_strdup_printf (ngettext ("%'u device", "%'u devices", total), total);
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwProgressDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) counts = bw_session_call_finish (BW_SESSION (source), result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;

  if (counts != NULL)
    {
      bw_funnel_view_set_counts (self->funnel, counts);
      gtk_stack_set_visible_child_name (self->funnel_stack, "funnel");
      return;
    }

  text = bw_error_to_user_text (error);
  adw_status_page_set_description (self->failed_page, text);
  gtk_stack_set_visible_child_name (self->funnel_stack, "failed");
}

static void
recount (BwProgressDialog *self)
{
  g_autofree char *path = g_strdup_printf ("/v1/batches/%s/funnel", bw_entity_get_id (BW_ENTITY (self->batch)));

  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable, counted_cb, g_object_ref (self));
}

static gboolean
recount_cb (gpointer user_data)
{
  BwProgressDialog *self = user_data;

  self->recount_id = 0;
  recount (self);
  if (self->table != NULL)
    bw_remote_table_reload_soon (self->table);

  return G_SOURCE_REMOVE;
}

static void
changed_cb (BwProgressDialog *self,
            const char       *kind,
            JsonObject       *document)
{
  const char *member = g_strcmp0 (kind, "batch") == 0 ? "id" : "batchId";

  if (self->recount_id == 0 &&
      g_strcmp0 (bw_json_get_string (document, member), bw_entity_get_id (BW_ENTITY (self->batch))) == 0)
    self->recount_id = g_timeout_add (RECOUNT_MS, recount_cb, self);
}

static void
show_funnel (BwProgressDialog *self)
{
  adw_window_title_set_subtitle (self->title, bw_batch_get_name (self->batch));
  gtk_widget_set_visible (self->back_button, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "funnel");
  adw_bin_set_child (self->list_bin, NULL);
  g_clear_object (&self->table);
}

static void
stragglers_cb (BwProgressDialog *self,
               const char       *stage)
{
  GtkWidget *view = bw_remote_view_new ();
  g_autofree char *path = g_strdup_printf ("/v1/batches/%s/stragglers?stage=%s",
                                           bw_entity_get_id (BW_ENTITY (self->batch)), stage);
  g_autofree char *title = NULL;

  /* Translators: %s is a stage: Labelled, Flashed, Seen, Approved, Paired */
  title = g_strdup_printf (_("Not Yet: %s"), bw_funnel_stage_to_text (stage));
  adw_window_title_set_subtitle (self->title, title);

  g_clear_object (&self->table);
  self->table = bw_remote_table_new (self->session, path, BW_TYPE_DEVICE, "device");
  g_object_set (view,
                "label", title,
                "failed-title", _("Devices Could Not Be Loaded"),
                "empty-icon-name", "bw-devices-symbolic",
                "empty-title", _("All Have Come This Far"),
                NULL);
  bw_remote_view_set_count_text (BW_REMOTE_VIEW (view), make_count);
  bw_remote_view_set_table (BW_REMOTE_VIEW (view), self->table, "stragglers", columns, G_N_ELEMENTS (columns));
  adw_bin_set_child (self->list_bin, view);
  gtk_widget_set_visible (self->back_button, TRUE);
  gtk_stack_set_visible_child_name (self->stack, "list");
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  show_funnel (BW_PROGRESS_DIALOG (widget));
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  recount (BW_PROGRESS_DIALOG (widget));
}

static void
confirm_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BwProgressDialog *self = BW_PROGRESS_DIALOG (widget);
  GtkWidget *dialog = bw_confirm_dialog_new (self->session, self->batch);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  g_signal_connect_object (dialog, "confirmed", G_CALLBACK (recount), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
bw_progress_dialog_constructed (GObject *object)
{
  BwProgressDialog *self = (BwProgressDialog *) object;

  G_OBJECT_CLASS (bw_progress_dialog_parent_class)->constructed (object);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "progress.confirm",
                                 bw_batch_is_ready (self->batch) && bw_session_may (self->session, BW_PERMISSION_MANAGE_IDS));
  g_signal_connect_object (self->session, "changed::batch", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "changed::device", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  show_funnel (self);
  recount (self);
}

static void
bw_progress_dialog_dispose (GObject *object)
{
  BwProgressDialog *self = (BwProgressDialog *) object;

  g_clear_handle_id (&self->recount_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_PROGRESS_DIALOG);
  g_clear_object (&self->table);
  g_clear_object (&self->batch);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_progress_dialog_parent_class)->dispose (object);
}

static void
bw_progress_dialog_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  BwProgressDialog *self = BW_PROGRESS_DIALOG (object);

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
bw_progress_dialog_class_init (BwProgressDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bw_progress_dialog_constructed;
  object_class->dispose = bw_progress_dialog_dispose;
  object_class->set_property = bw_progress_dialog_set_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_BATCH] =
    g_param_spec_object ("batch", NULL, NULL, BW_TYPE_BATCH,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/batches/bw-progress-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwProgressDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BwProgressDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, BwProgressDialog, title);
  gtk_widget_class_bind_template_child (widget_class, BwProgressDialog, funnel);
  gtk_widget_class_bind_template_child (widget_class, BwProgressDialog, funnel_stack);
  gtk_widget_class_bind_template_child (widget_class, BwProgressDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BwProgressDialog, list_bin);
  gtk_widget_class_bind_template_callback (widget_class, stragglers_cb);

  gtk_widget_class_install_action (widget_class, "progress.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "progress.reload", NULL, reload_action);
  gtk_widget_class_install_action (widget_class, "progress.confirm", NULL, confirm_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "progress.reload", NULL);

  g_type_ensure (BW_TYPE_FUNNEL_VIEW);
}

static void
bw_progress_dialog_init (BwProgressDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_progress_dialog_new (BwSession *session,
                        BwBatch   *batch)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_BATCH (batch), NULL);

  return g_object_new (BW_TYPE_PROGRESS_DIALOG, "session", session, "batch", batch, NULL);
}
