/* bw-remote-view-search.c: the search entry of a long table, and keys typed into the list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-remote-view-private.h"

static void
search_changed_cb (GtkSearchEntry *entry,
                   BwRemoteView   *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  if (self->table == NULL)
    return;

  if (self->search_map != NULL && *text != '\0')
    {
      g_autofree char *mapped = self->search_map (text);

      bw_remote_table_set_search (self->table, mapped);
    }
  else
    {
      bw_remote_table_set_search (self->table, text);
    }

  bw_remote_view_update_stack (self);
}

static void
search_stopped_cb (GtkSearchEntry *entry,
                   BwRemoteView   *self)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
activate_position (BwRemoteView *self,
                   guint         position)
{
  g_autoptr(BwEntity) item = g_list_model_get_item (G_LIST_MODEL (self->table), position);

  if (item != NULL && bw_entity_get_id (item) != NULL)
    g_signal_emit_by_name (self, "activated", item);
}

static void
search_activated_cb (GtkSearchEntry *entry,
                     BwRemoteView   *self)
{
  gboolean is_taken = FALSE;

  if (self->table == NULL)
    return;

  g_signal_emit_by_name (self, "search-activated", gtk_editable_get_text (GTK_EDITABLE (entry)), &is_taken);
  if (is_taken)
    return;

  /* Enter is quicker than the entry, which waits for more letters: what is here is of the search before. */
  search_changed_cb (entry, self);

  if (bw_remote_table_get_total (self->table) == 1 && !bw_remote_table_get_loading (self->table))
    activate_position (self, 0);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
row_activated_cb (GtkColumnView *view,
                  guint          position,
                  BwRemoteView  *self)
{
  activate_position (self, position);
}

/* Letters typed into the list search. GtkSearchEntry's own capture would take Delete, Escape and Ctrl+A from
 * the table, too; the focus stays there, so that arrows and Enter mean what was found. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                BwRemoteView          *self)
{
  const GdkModifierType others = GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK;
  GtkEditable *text = gtk_editable_get_delegate (GTK_EDITABLE (self->search_entry));
  gboolean is_searching = *gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) != '\0';
  gboolean is_typed = g_unichar_isgraph (gdk_keyval_to_unicode (keyval));

  if ((state & others) != 0 || text == NULL || !gtk_widget_get_visible (self->search_entry) ||
      gtk_widget_get_visible (GTK_WIDGET (self->row_popover)))
    return GDK_EVENT_PROPAGATE;

  if (keyval == GDK_KEY_Escape && is_searching)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
      return GDK_EVENT_STOP;
    }

  if (!is_typed && !(keyval == GDK_KEY_BackSpace && is_searching))
    return GDK_EVENT_PROPAGATE;

  return gtk_event_controller_key_forward (controller, GTK_WIDGET (text));
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_remote_view_start_search (BW_REMOTE_VIEW (widget));
}

static void
clear_filters_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  BwRemoteView *self = BW_REMOTE_VIEW (widget);

  if (self->table == NULL)
    return;

  bw_remote_table_freeze (self->table);
  bw_remote_view_set_search (self, "");
  g_signal_emit_by_name (self, "clear-filters");
  bw_remote_table_thaw (self->table);
}

void
bw_remote_view_bind_search (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_install_action (widget_class, "table.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "table.clear-filters", NULL, clear_filters_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "table.search", NULL);
}

void
bw_remote_view_set_search (BwRemoteView *self,
                           const char   *search)
{
  g_return_if_fail (BW_IS_REMOTE_VIEW (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), search != NULL ? search : "");
  search_changed_cb (GTK_SEARCH_ENTRY (self->search_entry), self);
}

const char *
bw_remote_view_get_search (BwRemoteView *self)
{
  g_return_val_if_fail (BW_IS_REMOTE_VIEW (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
}

void
bw_remote_view_set_search_map (BwRemoteView       *self,
                               BwRemoteViewSearch  map)
{
  g_return_if_fail (BW_IS_REMOTE_VIEW (self));

  self->search_map = map;
}

void
bw_remote_view_start_search (BwRemoteView *self)
{
  g_return_if_fail (BW_IS_REMOTE_VIEW (self));

  gtk_widget_grab_focus (self->search_entry);
}
