/* bw-devices-page-selection.c: what is done to the rows that are selected
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-devices-page-private.h"

#include <glib/gi18n.h>

/* Rows that are still being fetched are waited for that many times, a window
 * of rows each time. */
#define MAX_WAITS 20

typedef struct
{
  guint n_selected;
  guint n_approvable;
  guint n_blockable;
  guint n_unblockable;
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

static guint
get_n_selected (BwDevicesPage *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  return (guint) gtk_bitset_get_size (selected);
}

/* (transfer full) (element-type BwDevice) */
static GPtrArray *
get_selected (BwDevicesPage *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GPtrArray *devices = g_ptr_array_new_with_free_func (g_object_unref);
  GtkBitsetIter iter;
  guint position;

  for (gboolean ok = gtk_bitset_iter_init_first (&iter, selected, &position);
       ok;
       ok = gtk_bitset_iter_next (&iter, &position))
    {
      BwDevice *device = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

      if (device != NULL)
        g_ptr_array_add (devices, device);
    }

  return devices;
}

static void
count_selected (BwDevicesPage *self,
                Counts        *ret_counts)
{
  g_autoptr(GPtrArray) devices = NULL;

  *ret_counts = (Counts) { get_n_selected (self), 0, 0, 0 };

  /* Asking for a row fetches it; nobody approves a fleet by looking at it. */
  if (ret_counts->n_selected > BW_DEVICE_ACTIONS_MAX)
    return;

  devices = get_selected (self);
  for (guint i = 0; i < devices->len; i++)
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

void
bw_devices_page_update_selection (BwDevicesPage *self)
{
  g_autofree char *text = NULL;
  Counts counts;

  if (self->selection == NULL)
    return;

  count_selected (self, &counts);

  if (counts.n_selected > BW_DEVICE_ACTIONS_MAX)
    text = g_strdup_printf (_("%'u devices selected, at most %'u can be changed at a time"),
                            counts.n_selected, BW_DEVICE_ACTIONS_MAX);
  else
    text = g_strdup_printf (ngettext ("%'u device selected", "%'u devices selected", counts.n_selected),
                            counts.n_selected);

  gtk_label_set_label (self->selection_label, text);
  gtk_action_bar_set_revealed (self->selection_bar, counts.n_selected > 0);
  gtk_widget_set_visible (self->unblock_button, counts.n_unblockable > 0);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "devices.open", counts.n_selected == 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "devices.copy",
                                 counts.n_selected > 0 && counts.n_selected <= BW_DEVICE_ACTIONS_MAX);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "devices.approve", counts.n_approvable > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "devices.block", counts.n_blockable > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "devices.unblock", counts.n_unblockable > 0);
}

/* (transfer full) (nullable): the ids of the selected devices which @action is meant for, or of
 * all when it is NULL; NULL when some of them are not known yet */
static GPtrArray *
collect_ids (BwDevicesPage *self,
             const char    *action)
{
  g_autoptr(GPtrArray) devices = get_selected (self);
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

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
  g_autoptr(GPtrArray) ids = NULL;

  if (get_n_selected (self) > BW_DEVICE_ACTIONS_MAX)
    return;

  ids = collect_ids (self, action);
  if (ids != NULL)
    {
      bw_device_actions_run (self->actions, action, (const char * const *) ids->pdata);
      return;
    }

  /* Goes on when the rows have come. */
  if (self->n_waits++ < MAX_WAITS && bw_remote_table_get_loading (self->table))
    {
      self->waiting_action = action;
      return;
    }

  adw_toast_overlay_add_toast (self->toasts,
                               adw_toast_new (_("Some of the selected devices could not be loaded")));
}

/* The table has fetched something. */
void
bw_devices_page_resume_action (BwDevicesPage *self)
{
  const char *action = g_steal_pointer (&self->waiting_action);

  if (action != NULL)
    run_action (self, action);
}

static void
act_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (widget);

  self->n_waits = 0;
  run_action (self, action_name + strlen ("devices."));
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

static void
pop_up_menu (BwDevicesPage *self,
             double         x,
             double         y)
{
  gtk_popover_set_pointing_to (self->row_popover, &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (self->row_popover);
}

static void
pressed_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            BwDevicesPage   *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));
  guint position;
  double page_x, page_y;

  if (!gdk_event_triggers_context_menu (event))
    return;

  position = bw_remote_columns_get_position_at (self->columns, x, y);
  if (position == GTK_INVALID_LIST_POSITION)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);

  /* A click into the selection means all of it. */
  if (!gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), position))
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);

  if (gtk_widget_translate_coordinates (GTK_WIDGET (self->column_view), GTK_WIDGET (self),
                                        x, y, &page_x, &page_y))
    pop_up_menu (self, page_x, page_y);
}

static void
menu_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  graphene_rect_t bounds;

  if (focus == NULL || get_n_selected (self) == 0 ||
      !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->column_view)) ||
      !gtk_widget_compute_bounds (focus, widget, &bounds))
    return;

  pop_up_menu (self, bounds.origin.x + 24, bounds.origin.y + bounds.size.height);
}

static void
selection_changed_cb (BwDevicesPage *self)
{
  bw_devices_page_update_selection (self);
}

/* Where the keys go after a menu is where they went before it. */
static void
menu_closed_cb (BwDevicesPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

void
bw_devices_page_init_selection (BwDevicesPage *self)
{
  GtkGesture *gesture = gtk_gesture_click_new ();

  self->selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->table)));
  g_signal_connect_object (self->selection, "selection-changed",
                           G_CALLBACK (selection_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed",
                           G_CALLBACK (selection_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->selection));

  g_signal_connect_object (self->row_popover, "closed", G_CALLBACK (menu_closed_cb), self, G_CONNECT_SWAPPED);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), GTK_PHASE_CAPTURE);
  g_signal_connect_object (gesture, "pressed", G_CALLBACK (pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (gesture));
}

void
bw_devices_page_install_selection_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "devices.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "devices.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "devices.approve", NULL, act_action);
  gtk_widget_class_install_action (widget_class, "devices.block", NULL, act_action);
  gtk_widget_class_install_action (widget_class, "devices.unblock", NULL, act_action);
  gtk_widget_class_install_action (widget_class, "devices.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "devices.menu", NULL, menu_action);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "devices.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "devices.approve", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "devices.block", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "devices.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "devices.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "devices.menu", NULL);
}
