/* bw-device-page-tabs.c: the tabs of a device's page
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-page-private.h"

#include <glib/gi18n.h>

#include "bw-device-access-tab.h"
#include "bw-device-settings-tab.h"
#include "bw-device-history-tab.h"
#include "bw-device-raw-tab.h"
#include "bw-device-timeline-tab.h"

/* With less the words of six tabs do not stand beside each other: they go below the page. */
#define SWITCHER_MIN_PX 760

#define MAX_KEYS 9   /* Alt+1 to Alt+9 */

/* A tab is a widget of this folder, made when it is shown for the first time and again after a
 * reload; it lives no longer than the page. Toasts go to the page's AdwToastOverlay. */
typedef struct
{
  const char  *name;
  const char  *title;
  const char  *icon;
  GtkWidget *(*make) (BwSession    *session,
                      BwLiveDevice *live);
} Tab;

/* In the order of the window, after the sensors; one line each. */
static const Tab tabs[] = {
  /* what it measured */
  { "history", N_("History"), "bw-history-symbolic", bw_device_history_tab_new },
  /* what happened to it */
  { "timeline", N_("Timeline"), "document-open-recent-symbolic", bw_device_timeline_tab_new },
  /* what may be changed */
  { "settings", N_("Settings"), "emblem-system-symbolic", bw_device_settings_tab_new },
  { "access", N_("Access"), "changes-prevent-symbolic", bw_device_access_tab_new },
  /* what it says, letter by letter */
  { "raw", N_("Raw"), "network-transmit-receive-symbolic", bw_device_raw_tab_new },
  { NULL }
};

static const Tab *
find_tab (const char *name)
{
  for (const Tab *tab = tabs; tab->name != NULL; tab++)
    {
      if (g_strcmp0 (tab->name, name) == 0)
        return tab;
    }

  return NULL;
}

void
bw_device_page_fill_tab (BwDevicePage *self)
{
  const Tab *tab = find_tab (adw_view_stack_get_visible_child_name (self->tabs));
  GtkWidget *child = adw_view_stack_get_visible_child (self->tabs);

  if (tab == NULL || bw_live_device_get_device (self->live) == NULL || adw_bin_get_child (ADW_BIN (child)) != NULL)
    return;

  adw_bin_set_child (ADW_BIN (child), tab->make (self->session, self->live));
}

void
bw_device_page_empty_tabs (BwDevicePage *self)
{
  for (const Tab *tab = tabs; tab->name != NULL; tab++)
    adw_bin_set_child (ADW_BIN (adw_view_stack_get_child_by_name (self->tabs, tab->name)), NULL);
}

void
bw_device_page_fit_tabs (BwDevicePage *self)
{
  gboolean has_tabs = G_N_ELEMENTS (tabs) > 1;
  gboolean is_wide = self->width >= SWITCHER_MIN_PX;

  gtk_widget_set_visible (self->switcher, has_tabs && is_wide);
  adw_view_switcher_bar_set_reveal (self->switcher_bar, has_tabs && !is_wide);
}

const char *
bw_device_page_get_tab (BwDevicePage *self)
{
  g_return_val_if_fail (BW_IS_DEVICE_PAGE (self), NULL);

  return adw_view_stack_get_visible_child_name (self->tabs);
}

void
bw_device_page_set_tab (BwDevicePage *self,
                        const char   *name)
{
  g_return_if_fail (BW_IS_DEVICE_PAGE (self));

  if (name != NULL && adw_view_stack_get_child_by_name (self->tabs, name) != NULL)
    adw_view_stack_set_visible_child_name (self->tabs, name);
}

void
bw_device_page_show_history_action (GtkWidget  *widget,
                                    const char *action_name,
                                    GVariant   *parameter)
{
  BwDevicePage *self = BW_DEVICE_PAGE (widget);
  const char *node_id, *property_id;
  GtkWidget *tab;

  g_variant_get (parameter, "(&s&s)", &node_id, &property_id);
  bw_device_page_set_tab (self, "history");
  bw_device_page_fill_tab (self);
  tab = adw_bin_get_child (ADW_BIN (adw_view_stack_get_child_by_name (self->tabs, "history")));
  if (tab != NULL)
    bw_device_history_tab_show (BW_DEVICE_HISTORY_TAB (tab), node_id, property_id);
}

static gboolean
tab_key_cb (GtkWidget *widget,
            GVariant  *arguments,
            gpointer   user_data)
{
  BwDevicePage *self = BW_DEVICE_PAGE (widget);
  g_autoptr(GtkSelectionModel) pages = adw_view_stack_get_pages (self->tabs);
  guint position = (guint) g_variant_get_int32 (arguments);

  if (bw_live_device_get_device (self->live) == NULL || position >= g_list_model_get_n_items (G_LIST_MODEL (pages)))
    return FALSE;

  gtk_selection_model_select_item (pages, position, TRUE);

  /* What had the focus is out of sight: it goes into the tab, and not to wherever the window begins. */
  gtk_widget_child_focus (adw_view_stack_get_visible_child (self->tabs), GTK_DIR_TAB_FORWARD);

  return TRUE;
}

void
bw_device_page_init_tabs (BwDevicePage *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  for (const Tab *tab = tabs; tab->name != NULL; tab++)
    adw_view_stack_add_titled_with_icon (self->tabs, adw_bin_new (), tab->name, _(tab->title), tab->icon);

  /* Wherever the focus is: the page is one of a kind in its window. */
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  for (int i = 0; i < MAX_KEYS; i++)
    {
      GtkShortcut *shortcut = gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_1 + (guint) i, GDK_ALT_MASK),
                                                gtk_callback_action_new (tab_key_cb, NULL, NULL));

      gtk_shortcut_set_arguments (shortcut, g_variant_new_int32 (i));
      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), shortcut);
    }
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}
