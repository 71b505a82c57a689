/* bw-remote-view-selection.c: the rows that are selected, and the menu of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-remote-view-private.h"

#include "bw-compat.h"

static void
pop_up_menu (BwRemoteView *self,
             double        x,
             double        y)
{
  gtk_popover_set_pointing_to (GTK_POPOVER (self->row_popover), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->row_popover));
}

static void
pressed_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            BwRemoteView    *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));
  double page_x, page_y;
  guint position;

  if (self->row_menu == NULL || !gdk_event_triggers_context_menu (event))
    return;

  position = bw_remote_columns_get_position_at (self->columns, x, y);
  if (position == GTK_INVALID_LIST_POSITION)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);

  /* A click into the selection means all of it. */
  if (!gtk_selection_model_is_selected (self->selection, position))
    gtk_selection_model_select_item (self->selection, position, TRUE);

  if (gtk_widget_translate_coordinates (GTK_WIDGET (self->column_view), GTK_WIDGET (self),
                                        x, y, &page_x, &page_y))
    pop_up_menu (self, page_x, page_y);
}

static void
menu_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwRemoteView *self = BW_REMOTE_VIEW (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  graphene_rect_t bounds;

  if (self->row_menu == NULL || focus == NULL || bw_remote_view_get_n_selected (self) == 0 ||
      !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->column_view)) ||
      !gtk_widget_compute_bounds (focus, widget, &bounds))
    return;

  pop_up_menu (self, bounds.origin.x + 24, bounds.origin.y + bounds.size.height);
}

static void
activate_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  g_autoptr(BwEntity) item = bw_remote_view_dup_selected_one (BW_REMOTE_VIEW (widget));

  if (item != NULL)
    g_signal_emit_by_name (widget, "activated", item);
}

static void
select_all_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  BwRemoteView *self = BW_REMOTE_VIEW (widget);

  if (self->selection != NULL && self->is_multiple)
    gtk_selection_model_select_all (self->selection);
}

static void
select_none_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  BwRemoteView *self = BW_REMOTE_VIEW (widget);

  if (self->selection != NULL)
    gtk_selection_model_unselect_all (self->selection);
}

static void
jump (GtkWidget  *widget,
      const char *action_name,
      GVariant   *parameter)
{
  BwRemoteView *self = BW_REMOTE_VIEW (widget);
  guint n_rows = self->table != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->table)) : 0;

  if (n_rows > 0)
    bw_column_view_scroll_to (self->column_view, g_str_equal (action_name, "table.last") ? n_rows - 1 : 0);
}

/* Where the keys go after a menu is where they went before it. */
static void
menu_closed_cb (BwRemoteView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

void
bw_remote_view_update_selection (BwRemoteView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "table.activate", bw_remote_view_get_n_selected (self) == 1);
  g_signal_emit_by_name (self, "selection-changed");
}

static GtkSelectionModel *
make_selection (BwRemoteView *self)
{
  GtkSingleSelection *single;

  if (self->is_multiple)
    return GTK_SELECTION_MODEL (bw_remote_selection_new (self->table));

  single = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (single, FALSE);
  gtk_single_selection_set_can_unselect (single, TRUE);
  gtk_single_selection_set_model (single, G_LIST_MODEL (self->table));

  return GTK_SELECTION_MODEL (single);
}

void
bw_remote_view_init_selection (BwRemoteView *self)
{
  GtkGesture *gesture = gtk_gesture_click_new ();

  self->selection = make_selection (self);
  g_signal_connect_object (self->selection, "selection-changed",
                           G_CALLBACK (bw_remote_view_update_selection), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed",
                           G_CALLBACK (bw_remote_view_update_selection), self, G_CONNECT_SWAPPED);
  gtk_column_view_set_model (self->column_view, self->selection);
  g_signal_connect_object (self->row_popover, "closed", G_CALLBACK (menu_closed_cb), self, G_CONNECT_SWAPPED);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), GTK_PHASE_CAPTURE);
  g_signal_connect_object (gesture, "pressed", G_CALLBACK (pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (gesture));
}

void
bw_remote_view_install_selection (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "table.activate", NULL, activate_action);
  gtk_widget_class_install_action (widget_class, "table.menu", NULL, menu_action);
  gtk_widget_class_install_action (widget_class, "table.select-all", NULL, select_all_action);
  gtk_widget_class_install_action (widget_class, "table.select-none", NULL, select_none_action);
  gtk_widget_class_install_action (widget_class, "table.first", NULL, jump);
  gtk_widget_class_install_action (widget_class, "table.last", NULL, jump);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "table.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "table.menu", NULL);
}

GtkSelectionModel *
bw_remote_view_get_selection (BwRemoteView *self)
{
  g_return_val_if_fail (BW_IS_REMOTE_VIEW (self), NULL);

  return self->selection;
}

guint
bw_remote_view_get_n_selected (BwRemoteView *self)
{
  g_autoptr(GtkBitset) selected = NULL;

  g_return_val_if_fail (BW_IS_REMOTE_VIEW (self), 0);

  if (self->selection == NULL)
    return 0;

  if (self->is_multiple)
    return bw_remote_selection_get_n (BW_REMOTE_SELECTION (self->selection));

  selected = gtk_selection_model_get_selection (self->selection);

  return (guint) gtk_bitset_get_size (selected);
}

GPtrArray *
bw_remote_view_dup_selected (BwRemoteView *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GtkBitset) selected = NULL;
  GtkBitsetIter iter;
  guint position;

  g_return_val_if_fail (BW_IS_REMOTE_VIEW (self), items);

  if (self->selection == NULL)
    return items;

  selected = gtk_selection_model_get_selection (self->selection);
  for (gboolean ok = gtk_bitset_iter_init_first (&iter, selected, &position);
       ok && items->len < BW_REMOTE_VIEW_SELECTED_MAX;
       ok = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr(BwEntity) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

      if (item != NULL && bw_entity_get_id (item) != NULL)
        g_ptr_array_add (items, g_steal_pointer (&item));
    }

  return items;
}

gpointer
bw_remote_view_dup_selected_one (BwRemoteView *self)
{
  g_autoptr(GPtrArray) items = NULL;

  g_return_val_if_fail (BW_IS_REMOTE_VIEW (self), NULL);

  if (bw_remote_view_get_n_selected (self) != 1)
    return NULL;

  items = bw_remote_view_dup_selected (self);

  return items->len == 1 ? g_object_ref (items->pdata[0]) : NULL;
}
