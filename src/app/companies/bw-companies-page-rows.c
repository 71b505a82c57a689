/* bw-companies-page-rows.c: the selected company, keys, and the menu of a row
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-companies-page-private.h"

#include "bw-compat.h"
#include "bw-text.h"

static GtkTreeListRow *
get_selected_row (BwCompaniesPage *self)
{
  return self->selection != NULL ? gtk_single_selection_get_selected_item (self->selection) : NULL;
}

BwCompanyNode *
bw_companies_page_get_selected (BwCompaniesPage *self)
{
  GtkTreeListRow *row = get_selected_row (self);
  g_autoptr(BwCompanyNode) node = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;

  return node;
}

static guint
find_position (BwCompaniesPage *self,
               const char      *company_id)
{
  GListModel *model = G_LIST_MODEL (self->sorted);
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GtkTreeListRow) row = g_list_model_get_item (model, i);
      g_autoptr(BwCompanyNode) node = gtk_tree_list_row_get_item (row);

      if (node != NULL && g_strcmp0 (bw_company_node_get_id (node), company_id) == 0)
        return i;
    }

  return GTK_INVALID_LIST_POSITION;
}

static void
select_position (BwCompaniesPage *self,
                 guint            position)
{
  GtkWidget *row;

  gtk_single_selection_set_selected (self->selection, position);
  if (position == GTK_INVALID_LIST_POSITION)
    return;

  bw_column_view_scroll_to (self->column_view, position);

  /* The keys go on from where the selection is. */
  row = bw_companies_page_find_row (self, position);
  if (row != NULL && gtk_widget_get_focus_child (GTK_WIDGET (self->column_view)) != NULL)
    gtk_widget_grab_focus (row);
}

void
bw_companies_page_select (BwCompaniesPage *self,
                          const char      *company_id)
{
  g_autoptr(GtkTreeListRow) row = NULL;

  bw_set_str (&self->selected_id, company_id);
  if (company_id == NULL)
    return;

  row = bw_company_tree_reveal (self->tree, company_id);
  select_position (self, find_position (self, company_id));
}

static void
selected_cb (BwCompaniesPage *self)
{
  BwCompanyNode *node = bw_companies_page_get_selected (self);

  if (node != NULL)
    bw_set_str (&self->selected_id, bw_company_node_get_id (node));
}

/* The first row below is the one that comes next; in what order they are is the table's business. */
static gboolean
open_or_go_in (BwCompaniesPage *self,
               GtkTreeListRow  *row)
{
  guint position = gtk_single_selection_get_selected (self->selection);

  if (!gtk_tree_list_row_is_expandable (row))
    return FALSE;

  if (gtk_tree_list_row_get_expanded (row))
    select_position (self, position + 1);
  else
    gtk_tree_list_row_set_expanded (row, TRUE);

  return TRUE;
}

static gboolean
close_or_go_out (BwCompaniesPage *self,
                 GtkTreeListRow  *row)
{
  g_autoptr(GtkTreeListRow) above = NULL;
  guint position;

  if (gtk_tree_list_row_get_expanded (row))
    {
      gtk_tree_list_row_set_expanded (row, FALSE);
      return TRUE;
    }

  above = gtk_tree_list_row_get_parent (row);
  if (above == NULL)
    return FALSE;

  /* It is above, and not far. */
  position = gtk_single_selection_get_selected (self->selection);
  while (position > 0)
    {
      g_autoptr(GtkTreeListRow) other = g_list_model_get_item (G_LIST_MODEL (self->sorted), --position);

      if (other != above)
        continue;

      select_position (self, position);
      return TRUE;
    }

  return FALSE;
}

static gboolean
key_pressed_cb (BwCompaniesPage *self,
                guint            key,
                guint            keycode,
                GdkModifierType  state)
{
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  GtkTreeListRow *row = get_selected_row (self);

  if (row == NULL || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  switch (key)
    {
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return is_rtl ? close_or_go_out (self, row) : open_or_go_in (self, row);

    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return is_rtl ? open_or_go_in (self, row) : close_or_go_out (self, row);

    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
      gtk_tree_list_row_set_expanded (row, TRUE);
      return GDK_EVENT_STOP;

    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      gtk_tree_list_row_set_expanded (row, FALSE);
      return GDK_EVENT_STOP;

    case GDK_KEY_asterisk:
    case GDK_KEY_KP_Multiply:
      bw_companies_page_expand_all (self, TRUE);
      return GDK_EVENT_STOP;

    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
right_click_cb (BwCompaniesPage *self,
                int              n_press,
                double           x,
                double           y)
{
  guint position = bw_companies_page_get_position_at (self, x, y);
  double page_x, page_y;

  if (position == GTK_INVALID_LIST_POSITION)
    return;

  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_translate_coordinates (GTK_WIDGET (self->column_view), GTK_WIDGET (self), x, y, &page_x, &page_y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->row_popover), &(GdkRectangle) { (int) page_x, (int) page_y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->row_popover));
}

void
bw_companies_page_pop_up (BwCompaniesPage *self)
{
  GtkWidget *row = bw_companies_page_find_row (self, gtk_single_selection_get_selected (self->selection));
  graphene_rect_t bounds;

  if (row == NULL || !gtk_widget_compute_bounds (row, GTK_WIDGET (self), &bounds))
    return;

  gtk_popover_set_pointing_to (GTK_POPOVER (self->row_popover),
                               &(GdkRectangle) { (int) bounds.origin.x + 24, (int) bounds.origin.y,
                                                 1, (int) bounds.size.height });
  gtk_popover_popup (GTK_POPOVER (self->row_popover));
}

/* Each row that is opened would be sorted in by itself. */
void
bw_companies_page_expand_all (BwCompaniesPage *self,
                              gboolean         is_expanded)
{
  g_autofree char *id = g_strdup (self->selected_id);

  gtk_sort_list_model_set_model (self->sorted, NULL);
  bw_company_tree_expand_all (self->tree, is_expanded);
  gtk_sort_list_model_set_model (self->sorted, G_LIST_MODEL (bw_company_tree_get_model (self->tree)));
  if (id != NULL)
    select_position (self, find_position (self, id));
}

static void
model_changed_cb (BwCompaniesPage *self)
{
  g_autofree char *id = g_strdup (self->selected_id);

  gtk_sort_list_model_set_model (self->sorted, G_LIST_MODEL (bw_company_tree_get_model (self->tree)));
  if (id == NULL)
    return;

  /* Coming back from a search, one is where it led to. */
  if (bw_company_tree_is_searched (self->tree))
    gtk_single_selection_set_selected (self->selection, find_position (self, id));
  else
    bw_companies_page_select (self, id);
}

void
bw_companies_page_init_rows (BwCompaniesPage *self)
{
  GtkSorter *sorter = gtk_column_view_get_sorter (self->column_view);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (bw_company_tree_get_model (self->tree))),
                                          GTK_SORTER (gtk_tree_list_row_sorter_new (g_object_ref (sorter))));
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->sorted)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->selection));
  bw_companies_page_sort_by (self, "name", GTK_SORT_ASCENDING);

  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tree, "notify::model", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), keys);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (right_click_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (click));
}
