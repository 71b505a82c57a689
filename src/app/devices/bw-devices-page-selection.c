/* bw-devices-page-selection.c: what is done to the rows that are selected
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-devices-page-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-text.h"

/* Rows that are still being fetched are waited for that many times, a window
 * of rows each time. */
#define MAX_WAITS 20

typedef struct
{
  guint    n_selected;
  gboolean is_all;        /* that match; what they are only the server knows */
  guint    n_approvable;
  guint    n_blockable;
  guint    n_unblockable;
} Counts;

static gboolean
is_meant (const char *action,
          BwStatus    status)
{
  if (g_str_equal (action, "approve"))
    return status == BW_STATUS_AWAITING_APPROVAL;

  if (g_str_equal (action, "block"))
    return status != BW_STATUS_BLOCKED && status != BW_STATUS_RETIRED;

  return status == BW_STATUS_BLOCKED;
}

static BwRemoteSelection *
get_selection (BwDevicesPage *self)
{
  return BW_REMOTE_SELECTION (bw_remote_view_get_selection (self->view));
}

static void
count_selected (BwDevicesPage *self,
                Counts        *ret_counts)
{
  BwRemoteSelection *selection = get_selection (self);
  g_autoptr(GPtrArray) devices = NULL;

  *ret_counts = (Counts) { bw_remote_selection_get_n (selection), bw_remote_selection_is_all (selection), 0, 0, 0 };
  if (ret_counts->is_all)
    {
      ret_counts->n_approvable = ret_counts->n_blockable = ret_counts->n_unblockable = ret_counts->n_selected;
      return;
    }

  /* Asking for a row fetches it; nobody approves a fleet by looking at it. */
  devices = bw_remote_selection_dup_marked (selection);
  for (guint i = 0; devices != NULL && i < devices->len; i++)
    {
      BwDevice *device = devices->pdata[i];
      BwStatus status = bw_device_get_status (device);

      if (bw_entity_get_id (BW_ENTITY (device)) == NULL)
        continue;

      ret_counts->n_approvable += is_meant ("approve", status);
      ret_counts->n_blockable += is_meant ("block", status);
      ret_counts->n_unblockable += is_meant ("unblock", status);
    }
}

static void
update_bar (BwDevicesPage *self,
            const Counts  *counts)
{
  guint total = bw_remote_table_get_total (self->table);
  gboolean is_too_many = !counts->is_all && counts->n_selected > BW_REMOTE_SELECTION_MAX;
  g_autofree char *text = NULL;
  g_autofree char *all = g_strdup_printf (ngettext ("Select All (%'u)", "Select All (%'u)", total), total);

  if (is_too_many)
    text = g_strdup_printf (_("%'u devices selected; one by one, at most %'u can be changed"),
                            counts->n_selected, BW_REMOTE_SELECTION_MAX);
  else if (counts->is_all && counts->n_selected == total)
    text = g_strdup_printf (ngettext ("All %'u device selected", "All %'u devices selected", total), total);
  else
    text = g_strdup_printf (ngettext ("%'u device selected", "%'u devices selected", counts->n_selected),
                            counts->n_selected);

  gtk_label_set_label (self->selection_label, text);
  gtk_button_set_label (GTK_BUTTON (self->select_all_button), all);
  gtk_widget_set_visible (self->select_all_button, counts->n_selected < total);
  gtk_action_bar_set_revealed (self->selection_bar, counts->n_selected > 0);
  gtk_widget_set_visible (self->unblock_button, counts->n_unblockable > 0);
}

void
bw_devices_page_update_selection (BwDevicesPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_busy = bw_task_bar_is_busy (self->task_bar);
  Counts counts;

  if (bw_remote_view_get_selection (self->view) == NULL)
    return;

  count_selected (self, &counts);
  update_bar (self, &counts);
  gtk_widget_action_set_enabled (widget, "devices.open", counts.n_selected == 1);
  gtk_widget_action_set_enabled (widget, "devices.copy", counts.n_selected > 0 && !counts.is_all &&
                                 counts.n_selected <= BW_REMOTE_SELECTION_MAX);
  gtk_widget_action_set_enabled (widget, "devices.approve", counts.n_approvable > 0 && !is_busy);
  gtk_widget_action_set_enabled (widget, "devices.block", counts.n_blockable > 0 && !is_busy);
  gtk_widget_action_set_enabled (widget, "devices.unblock", counts.n_unblockable > 0 && !is_busy);
  gtk_widget_action_set_enabled (widget, "devices.bulk", counts.n_selected > 0 && !is_busy &&
                                 (counts.is_all || counts.n_selected <= BW_REMOTE_SELECTION_MAX));
  gtk_widget_action_set_enabled (widget, "devices.undo-bulk", !is_busy);
  gtk_widget_action_set_enabled (widget, "devices.export", !is_busy);
  gtk_widget_action_set_enabled (widget, "devices.last-results", self->last_job != NULL);
}

/* (transfer full) (nullable): the ids of the selected devices which @action is meant for, or of
 * all when it is NULL; NULL when some of them are not known yet, or when they are too many */
static GPtrArray *
collect_ids (BwDevicesPage *self,
             const char    *action)
{
  g_autoptr(GPtrArray) devices = bw_remote_selection_dup_marked (get_selection (self));
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  if (devices == NULL || bw_remote_selection_is_all (get_selection (self)))
    return NULL;

  for (guint i = 0; i < devices->len; i++)
    {
      BwDevice *device = devices->pdata[i];
      const char *id = bw_entity_get_id (BW_ENTITY (device));

      if (id == NULL)
        return NULL;

      if (action == NULL || is_meant (action, bw_device_get_status (device)))
        g_ptr_array_add (ids, g_strdup (id));
    }

  g_ptr_array_add (ids, NULL);

  return g_steal_pointer (&ids);
}

static void
run_action (BwDevicesPage *self,
            const char    *action)
{
  BwRemoteSelection *selection = get_selection (self);
  g_autoptr(GPtrArray) ids = NULL;

  /* What nobody has seen is looked at before. */
  if (bw_remote_selection_is_all (selection))
    {
      bw_devices_page_ask_bulk (self, action);
      return;
    }

  if (bw_remote_selection_get_n (selection) > BW_REMOTE_SELECTION_MAX)
    return;

  ids = collect_ids (self, action);
  if (ids != NULL)
    {
      bw_device_actions_run (self->actions, action, (const char * const *) ids->pdata);
      return;
    }

  bw_devices_page_await_rows (self, run_action, action);
}

void
bw_devices_page_begin (BwDevicesPage   *self,
                       BwDevicesResume  resume,
                       const char      *with)
{
  self->n_waits = 0;
  resume (self, with);
}

void
bw_devices_page_await_rows (BwDevicesPage   *self,
                            BwDevicesResume  resume,
                            const char      *with)
{
  if (self->n_waits++ < MAX_WAITS && bw_remote_table_get_loading (self->table))
    {
      self->resume = resume;
      bw_set_str (&self->resume_with, with);
      return;
    }

  bw_toast_show (bw_remote_view_get_toasts (self->view), _("Some of the selected devices could not be loaded"));
}

/* What waits for rows was meant for those that were selected then. */
void
bw_devices_page_stop_waiting (BwDevicesPage *self)
{
  self->resume = NULL;
  bw_set_str (&self->resume_with, NULL);
}

/* The table has fetched something. */
static void
loading_cb (BwDevicesPage *self,
            GParamSpec    *pspec,
            BwRemoteTable *table)
{
  g_autofree char *with = NULL;
  BwDevicesResume resume;

  if (bw_remote_table_get_loading (table))
    return;

  resume = g_steal_pointer (&self->resume);
  with = g_steal_pointer (&self->resume_with);
  if (resume != NULL)
    resume (self, with);
}

static void
act_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  bw_devices_page_begin (BW_DEVICES_PAGE (widget), run_action, action_name + strlen ("devices."));
}

static void
undo_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_device_actions_undo (BW_DEVICES_PAGE (widget)->actions);
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  g_autoptr(GPtrArray) ids = collect_ids (BW_DEVICES_PAGE (widget), NULL);

  if (ids != NULL && ids->len == 2)
    g_signal_emit_by_name (widget, "open-device", ids->pdata[0]);
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  g_autoptr(GPtrArray) ids = collect_ids (BW_DEVICES_PAGE (widget), NULL);
  g_autofree char *text = NULL;

  if (ids == NULL)
    return;

  text = g_strjoinv ("\n", (char **) ids->pdata);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

void
bw_devices_page_init_selection (BwDevicesPage *self)
{
  g_signal_connect_object (self->view, "selection-changed",
                           G_CALLBACK (bw_devices_page_update_selection), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->table, "notify::loading", G_CALLBACK (loading_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_selection (self), "selection-changed", G_CALLBACK (bw_devices_page_stop_waiting), self,
                           G_CONNECT_SWAPPED);
  bw_devices_page_update_selection (self);
}

void
bw_devices_page_install_selection (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "devices.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "devices.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "devices.approve", NULL, act_action);
  gtk_widget_class_install_action (widget_class, "devices.block", NULL, act_action);
  gtk_widget_class_install_action (widget_class, "devices.unblock", NULL, act_action);
  gtk_widget_class_install_action (widget_class, "devices.undo", NULL, undo_action);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "devices.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "devices.approve", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "devices.block", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "devices.undo", NULL);
}
