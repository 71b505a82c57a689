/* bw-devices-page-bulk.c: what is done to many devices at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-devices-page-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-bulk-dialog.h"
#include "bw-bulk-result-dialog.h"
#include "bw-bulk-text.h"
#include "bw-compat.h"
#include "bw-csv-target.h"
#include "bw-device-query.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-session-bulk.h"

/* What the server takes of one key: so many rows can be taken out of *all*. */
#define KEY_VALUES_MAX 100

/* Whoever started a job looks elsewhere while it goes on. Not for ever: other toasts wait behind this one. */
#define UNDO_SECONDS 30

#define EXPORT_ROUTE "/v1/devices/export.csv"

/* (transfer full): the devices that are shown, the search among the conditions */
static JsonObject *
make_shown_filter (BwDevicesPage *self)
{
  JsonObject *filter = bw_device_query_copy (self->filter);

  bw_device_query_set_one (filter, "search", bw_remote_table_get_search (self->table));

  return filter;
}

/* (transfer full) (nullable): the marked rows; NULL when some are not here yet, or when they are too many */
static char **
dup_marked_ids (BwDevicesPage *self)
{
  BwRemoteSelection *selection = BW_REMOTE_SELECTION (bw_remote_view_get_selection (self->view));
  g_autoptr(GPtrArray) devices = bw_remote_selection_dup_marked (selection);
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; devices != NULL && i < devices->len; i++)
    {
      const char *id = bw_entity_get_id (devices->pdata[i]);

      if (id == NULL)
        return NULL;

      g_strv_builder_add (ids, id);
    }

  return devices != NULL ? g_strv_builder_end (ids) : NULL;
}

/* What is selected: either @ret_ids or @ret_filter, of which the other one is NULL. FALSE when it cannot be named, and
 * it is said why, or not yet: then @resume goes on with @with. */
static gboolean
find_scope (BwDevicesPage    *self,
            BwDevicesResume   resume,
            const char       *with,
            char           ***ret_ids,
            JsonObject      **ret_filter)
{
  BwRemoteSelection *selection = BW_REMOTE_SELECTION (bw_remote_view_get_selection (self->view));
  g_auto(GStrv) marked = dup_marked_ids (self);
  JsonObject *filter;

  *ret_ids = NULL;
  *ret_filter = NULL;
  if (marked == NULL)
    {
      bw_devices_page_await_rows (self, resume, with);
      return FALSE;
    }

  if (!bw_remote_selection_is_all (selection))
    {
      *ret_ids = g_steal_pointer (&marked);
      return TRUE;
    }

  filter = make_shown_filter (self);
  if (g_strv_length (marked) > KEY_VALUES_MAX || (marked[0] != NULL && json_object_has_member (filter, "id!")))
    {
      bw_toast_show (bw_remote_view_get_toasts (self->view), _("Too many devices are taken out of the selection"));
      json_object_unref (filter);
      return FALSE;
    }

  if (marked[0] != NULL)
    bw_device_query_set (filter, "id!", (const char * const *) marked);

  *ret_filter = filter;

  return TRUE;
}

/* (transfer full) (nullable): one of the devices */
static char *
dup_sample_id (BwDevicesPage *self)
{
  g_autoptr(GPtrArray) selected = NULL;
  g_autoptr(BwEntity) first = NULL;

  if (!bw_remote_selection_is_all (BW_REMOTE_SELECTION (bw_remote_view_get_selection (self->view))))
    {
      selected = bw_remote_view_dup_selected (self->view);

      return selected->len > 0 ? g_strdup (bw_entity_get_id (selected->pdata[0])) : NULL;
    }

  first = g_list_model_get_item (G_LIST_MODEL (self->table), 0);

  return first != NULL ? g_strdup (bw_entity_get_id (first)) : NULL;
}

static void
progress_cb (gint64   n_done,
             gint64   n_total,
             gpointer user_data)
{
  BwDevicesPage *self = user_data;

  /* Not any more when the page goes away. */
  if (self->session != NULL)
    bw_task_bar_set_progress (self->task_bar, n_done, n_total);
}

static void
show_results (BwDevicesPage *self,
              JsonObject    *job)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = bw_bulk_result_dialog_new (self->session, job);

  g_signal_connect_object (dialog, "undo", G_CALLBACK (bw_devices_page_undo_bulk), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
show_done (BwDevicesPage *self,
           JsonObject    *job)
{
  g_autofree char *text = bw_bulk_job_to_done (job);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  if (bw_json_get_boolean (job, "canUndo", FALSE))
    {
      adw_toast_set_button_label (toast, _("_Undo"));
      adw_toast_set_timeout (toast, UNDO_SECONDS);
      adw_toast_set_action_name (toast, "devices.undo-bulk");
      adw_toast_set_action_target_value (toast, g_variant_new_string (bw_json_get_string (job, "id")));
    }

  adw_toast_overlay_add_toast (bw_remote_view_get_toasts (self->view), toast);
}

static void
take_end (BwDevicesPage *self,
          JsonObject    *job)
{
  const char *state = bw_json_get_string (job, "state");

  g_clear_pointer (&self->last_job, json_object_unref);
  self->last_job = json_object_ref (job);
  if (g_strcmp0 (state, "failed") == 0)
    {
      const char *error = bw_json_get_string (job, "error");

      bw_toast_show (bw_remote_view_get_toasts (self->view), error != NULL ? error : _("The change failed on the server"));
    }
  else if (g_strcmp0 (state, "cancelled") == 0 || bw_json_get_int (job, "nFailed", 0) > 0)
    {
      show_results (self, job);
    }
  else
    {
      show_done (self, job);
    }
}

static void
ran_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(BwDevicesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) job = bw_session_run_bulk_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  bw_task_bar_end (self->task_bar);
  if (job == NULL)
    {
          bw_toast_show_error (bw_remote_view_get_toasts (self->view), error);
    }
  else
    {
      take_end (self, job);
    }

  bw_devices_page_refresh (self);
  bw_devices_page_update_selection (self);
}

/* The calls hold the page, and a job may last: it is followed as long as the page is in a window. */
static GCancellable *
begin_following (BwDevicesPage *self)
{
  g_clear_object (&self->following);
  self->following = g_cancellable_new ();

  return self->following;
}

void
bw_devices_page_stop_following (BwDevicesPage *self)
{
  g_cancellable_cancel (self->following);
  g_clear_object (&self->following);
}

static void
accepted_cb (BwDevicesPage *self,
             JsonObject    *request)
{
  JsonArray *ids = bw_json_get_array (request, "ids");
  guint n = ids != NULL ? json_array_get_length (ids) : bw_remote_view_get_n_selected (self->view);
  g_autofree char *text = bw_bulk_action_to_running (bw_json_get_string (request, "action"), n);
  GCancellable *stop;

  if (bw_task_bar_is_busy (self->task_bar))
    return;

  stop = bw_task_bar_begin (self->task_bar, text);
  bw_devices_page_update_selection (self);
  bw_session_run_bulk_async (self->session, request, progress_cb, self, stop, begin_following (self), ran_cb,
                             g_object_ref (self));
}

void
bw_devices_page_undo_bulk (BwDevicesPage *self,
                           const char    *job_id)
{
  g_autofree char *text = bw_bulk_action_to_running ("undo", 0);
  GCancellable *stop;

  if (bw_task_bar_is_busy (self->task_bar))
    return;

  stop = bw_task_bar_begin (self->task_bar, text);
  bw_session_undo_bulk_async (self->session, job_id, progress_cb, self, stop, begin_following (self), ran_cb,
                              g_object_ref (self));
}

static void
ask_bulk (BwDevicesPage *self,
          const char    *action)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_auto(GStrv) ids = NULL;
  g_autoptr(JsonObject) filter = NULL;
  g_autofree char *sample_id = dup_sample_id (self);
  GtkWidget *dialog;

  if (bw_remote_view_get_n_selected (self->view) == 0 || bw_task_bar_is_busy (self->task_bar) ||
      !find_scope (self, ask_bulk, action, &ids, &filter))
    return;

  dialog = bw_bulk_dialog_new (self->session, action, (const char * const *) ids, filter, sample_id);
  g_signal_connect_object (dialog, "accepted", G_CALLBACK (accepted_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
bw_devices_page_ask_bulk (BwDevicesPage *self,
                          const char    *action)
{
  bw_devices_page_begin (self, ask_bulk, action);
}

static void
bulk_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_devices_page_ask_bulk (BW_DEVICES_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
undo_bulk_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  bw_devices_page_undo_bulk (BW_DEVICES_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
last_results_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (widget);

  if (self->last_job != NULL)
    show_results (self, self->last_job);
}

static void
export_progress_cb (gint64   n_lines,
                    gint64   n_total,
                    gpointer user_data)
{
  BwDevicesPage *self = user_data;

  if (self->session != NULL)
    bw_task_bar_set_progress (self->task_bar, n_lines, self->n_exported);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BwDevicesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean is_done = bw_session_download_finish (BW_SESSION (source), result, &error);

  if (self->session == NULL)
    return;

  bw_task_bar_end (self->task_bar);
  bw_devices_page_update_selection (self);
  if (is_done)
    {
      bw_toast_show (bw_remote_view_get_toasts (self->view), _("Devices exported"));
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *text = bw_error_to_file_text (error);

      bw_toast_show (bw_remote_view_get_toasts (self->view), text);
    }
}

/* The devices that were selected one by one, in the body: a query would be too long. (transfer full) */
static char *
make_export_body (char       **ids,
                  const char  *sort)
{
  GString *body = g_string_new (NULL);

  bw_json_begin_object (body, NULL);
  bw_json_begin_array (body, "ids");
  for (guint i = 0; ids[i] != NULL; i++)
    bw_json_add_string (body, NULL, ids[i]);
  bw_json_end_array (body);
  if (sort != NULL)
    bw_json_add_string (body, "sort", sort);
  bw_json_end_object (body);

  return g_string_free (body, FALSE);
}

/* (transfer full) */
static char *
make_export_query (JsonObject *filter,
                   const char *sort)
{
  g_autofree char *query = bw_device_query_to_query (filter);
  GString *route = g_string_new (EXPORT_ROUTE "?");

  g_string_append (route, query);
  if (sort != NULL)
    {
      g_string_append (route, "&sort=");
      g_string_append_uri_escaped (route, sort, NULL, FALSE);
    }

  return g_string_free (route, FALSE);
}

/* The selected devices, or all that are shown while none is selected. */
static void
export_scope (BwDevicesPage *self,
              const char    *path)
{
  const char *sort = bw_remote_table_get_sort (self->table);
  g_autoptr(JsonObject) filter = NULL;
  g_autofree char *route = NULL;
  g_autofree char *body = NULL;
  g_auto(GStrv) ids = NULL;
  GCancellable *cancellable;

  if (bw_task_bar_is_busy (self->task_bar))
    return;

  self->n_exported = bw_remote_view_get_n_selected (self->view);
  if (self->n_exported == 0)
    {
      self->n_exported = bw_remote_table_get_total (self->table);
      filter = make_shown_filter (self);
    }
  else if (!find_scope (self, export_scope, path, &ids, &filter))
    {
      return;
    }

  route = filter != NULL ? make_export_query (filter, sort) : g_strdup (EXPORT_ROUTE);
  body = filter != NULL ? NULL : make_export_body (ids, sort);
  cancellable = bw_task_bar_begin (self->task_bar, _("Exporting devices…"));
  bw_session_download_asked_async (self->session, route, body, path, export_progress_cb, self, cancellable, exported_cb,
                                   g_object_ref (self));
}

static void
export_to (gpointer    user_data,
           const char *path)
{
  bw_devices_page_begin (user_data, export_scope, path);
}

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (widget);

  g_clear_object (&self->chooser);
  self->chooser = bw_csv_target_ask (widget, "devices.csv", export_to, self);
}

static void
export_to_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  export_to (widget, g_variant_get_string (parameter, NULL));
}

/* Jobs of many devices send no change of each. */
static void
job_changed_cb (BwDevicesPage *self,
                const char    *kind,
                JsonObject    *document,
                BwSession     *session)
{
  bw_remote_table_reload_soon (self->table);
}

void
bw_devices_page_init_bulk (BwDevicesPage *self)
{
  g_signal_connect_object (self->session, "changed::bulk", G_CALLBACK (job_changed_cb), self, G_CONNECT_SWAPPED);
}

void
bw_devices_page_bind_bulk (GtkWidgetClass *widget_class)
{
  g_type_ensure (BW_TYPE_TASK_BAR);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, task_bar);
  gtk_widget_class_install_action (widget_class, "devices.bulk", "s", bulk_action);
  gtk_widget_class_install_action (widget_class, "devices.undo-bulk", "s", undo_bulk_action);
  gtk_widget_class_install_action (widget_class, "devices.last-results", NULL, last_results_action);
  gtk_widget_class_install_action (widget_class, "devices.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "devices.export-to", "s", export_to_action);
}
