/* bw-devices-page-filter.c: which devices the page shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-devices-page-private.h"

#include <string.h>

#include "bw-device-query.h"
#include "bw-text.h"

/* There is a button for each of these. */
static const char * const buttons[] = { "awaiting-approval", "approved", "blocked", NULL };

const char *
bw_devices_page_get_status (BwDevicesPage *self)
{
  return self->status;
}

void
bw_devices_page_take_filter (BwDevicesPage *self,
                             JsonObject    *filter)
{
  g_autoptr(JsonObject) taken = bw_device_query_copy (filter);
  g_autofree char *status = bw_device_query_dup_value (taken, "status");
  gboolean has_button = status != NULL && g_strv_contains (buttons, status);

  g_clear_pointer (&self->filter, json_object_unref);
  self->filter = g_steal_pointer (&taken);
  bw_devices_page_take_status (self, has_button ? status : "all");
  bw_filter_bar_set_filter (self->filter_bar, self->filter, has_button ? "status" : NULL);
  bw_device_table_set_filter (self->table, self->filter);
  bw_devices_page_update_texts (self);
  bw_devices_page_choose_columns (self);
  self->is_touched = TRUE;
  bw_devices_page_update_views (self);
}

void
bw_devices_page_set_status (BwDevicesPage *self,
                            const char    *status)
{
  g_autoptr(JsonObject) filter = bw_device_query_copy (self->filter);

  bw_device_query_set_one (filter, "status", g_str_equal (status, "all") ? NULL : status);
  bw_devices_page_take_filter (self, filter);
}

static void
applied_cb (BwDevicesPage *self,
            JsonObject    *filter)
{
  gtk_menu_button_popdown (self->filter_button);
  bw_devices_page_take_filter (self, filter);
}

static void
bar_changed_cb (BwDevicesPage *self,
                JsonObject    *filter)
{
  bw_devices_page_take_filter (self, filter);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
edit_cb (BwDevicesPage *self,
         const char    *key)
{
  g_autofree char *copy = g_strdup (key);

  gtk_menu_button_popup (self->filter_button);
  bw_filter_editor_begin (self->filter_editor, self->filter, copy);
}

/* A popover that comes up asks for a new condition; edit_cb () says otherwise afterwards. */
static void
filter_shown_cb (BwDevicesPage *self)
{
  bw_filter_editor_begin (self->filter_editor, self->filter, NULL);
}

static void
clear_filters_cb (BwDevicesPage *self)
{
  g_autoptr(JsonObject) nothing = json_object_new ();

  bw_devices_page_take_filter (self, nothing);
}

static void
filter_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  gtk_menu_button_popup (BW_DEVICES_PAGE (widget)->filter_button);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  /* There are ids instead of names then. */
  if (!bw_session_load_batches_finish (BW_SESSION (source), result, &error))
    g_debug ("batches: %s", error->message);
}

static void
companies_loaded_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!bw_session_load_companies_finish (BW_SESSION (source), result, &error))
    g_debug ("companies: %s", error->message);
}

static void
tags_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!bw_session_load_tags_finish (BW_SESSION (source), result, &error))
    g_debug ("tags: %s", error->message);
}

static gboolean
is_empty (BwEntityList *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (list)) == 0;
}

/* The names of what devices only have ids of. */
static void
load_names (BwDevicesPage *self)
{
  if (is_empty (bw_session_get_companies (self->session)))
    bw_session_load_companies_async (self->session, self->cancellable, companies_loaded_cb, NULL);
  if (is_empty (bw_session_get_tags (self->session)))
    bw_session_load_tags_async (self->session, self->cancellable, tags_loaded_cb, NULL);
  if (is_empty (bw_session_get_batches (self->session)))
    bw_session_load_batches_async (self->session, self->cancellable, loaded_cb, NULL);
}

static void
names_changed_cb (BwDevicesPage *self)
{
  bw_remote_columns_update_cells (bw_remote_view_get_columns (self->view));
}

void
bw_devices_page_init_filter (BwDevicesPage *self)
{
  GtkPopover *popover = gtk_menu_button_get_popover (self->filter_button);

  bw_filter_bar_set_session (self->filter_bar, self->session);
  bw_filter_editor_set_session (self->filter_editor, self->session);
  g_signal_connect_object (popover, "map", G_CALLBACK (filter_shown_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filter_editor, "applied", G_CALLBACK (applied_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filter_bar, "changed", G_CALLBACK (bar_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filter_bar, "edit", G_CALLBACK (edit_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "clear-filters", G_CALLBACK (clear_filters_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bw_session_get_companies (self->session), "items-changed",
                           G_CALLBACK (names_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bw_session_get_tags (self->session), "items-changed",
                           G_CALLBACK (names_changed_cb), self, G_CONNECT_SWAPPED);
  load_names (self);
}

void
bw_devices_page_bind_filter (GtkWidgetClass *widget_class)
{
  g_type_ensure (BW_TYPE_FILTER_BAR);
  g_type_ensure (BW_TYPE_FILTER_EDITOR);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, filter_editor);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, filter_bar);
  gtk_widget_class_install_action (widget_class, "devices.filter", NULL, filter_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "devices.filter", NULL);
}

static void
take_all (BwDevicesPage *self,
          JsonObject    *filter,
          const char    *search)
{
  bw_remote_table_freeze (self->table);
  bw_remote_view_set_search (self->view, search);
  bw_devices_page_take_filter (self, filter);
  bw_remote_table_thaw (self->table);
}

static void
set_filter (BwDevicesPage *self,
            const char    *status,
            const char    *batch_id,
            const char    *company_id,
            const char    *search)
{
  g_autoptr(JsonObject) filter = json_object_new ();

  bw_device_query_set_one (filter, "status", status);
  bw_device_query_set_one (filter, "batch", batch_id);
  bw_device_query_set_one (filter, "company", company_id);
  take_all (self, filter, search);
}

void
bw_devices_page_set_filter (BwDevicesPage *self,
                            const char    *status,
                            const char    *batch_id,
                            const char    *search)
{
  g_return_if_fail (BW_IS_DEVICES_PAGE (self));

  set_filter (self, status, batch_id, NULL, search);
}

void
bw_devices_page_set_company (BwDevicesPage *self,
                             const char    *company_id)
{
  g_return_if_fail (BW_IS_DEVICES_PAGE (self));

  set_filter (self, NULL, NULL, company_id, NULL);
}

void
bw_devices_page_set_conditions (BwDevicesPage *self,
                                JsonObject    *filter)
{
  g_return_if_fail (BW_IS_DEVICES_PAGE (self));
  g_return_if_fail (filter != NULL);

  take_all (self, filter, NULL);
}
