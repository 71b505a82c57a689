/* bw-window-notices.c: what happens in the fleet, behind the bell and outside of the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-window-private.h"

#include "bw-device-page.h"

/* Whether whoever looks at the window sees it there. */
static gboolean
is_on_screen (BwWindow *self,
              BwNotice *notice)
{
  const char *id = bw_notice_get_device_id (notice);
  const char *place = bw_window_get_place (self);

  if (!gtk_window_is_active (GTK_WINDOW (self)))
    return FALSE;

  /* the bell */
  if (!adw_leaflet_get_folded (self->leaflet) ||
      g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "sidebar") == 0)
    return TRUE;

  if (self->device_page != NULL)
    return g_strcmp0 (bw_device_page_get_device_id (BW_DEVICE_PAGE (self->device_page)), id) == 0;

  return bw_notice_get_kind (notice) == BW_NOTICE_ARRIVAL &&
         (g_strcmp0 (place, "overview") == 0 || g_strcmp0 (place, "devices") == 0);
}

static void
happened_cb (BwWindow   *self,
             BwNotice   *notice,
             const char *device_id)
{
  if (!is_on_screen (self, notice))
    bw_desktop_notices_add (self->desktop_notices, notice, device_id,
                            bw_session_may (self->session, BW_PERMISSION_APPROVE_DEVICES));
}

static void
settled_cb (BwWindow   *self,
            const char *device_id)
{
  bw_desktop_notices_settle (self->desktop_notices, device_id);
}

static void
active_cb (BwWindow *self)
{
  if (gtk_window_is_active (GTK_WINDOW (self)) && self->desktop_notices != NULL)
    bw_desktop_notices_withdraw (self->desktop_notices);
}

void
bw_window_watch_notices (BwWindow *self)
{
  if (self->notices != NULL)
    g_signal_handlers_disconnect_by_data (self->notices, self);

  if (self->device_actions != NULL)
    bw_device_actions_stop (self->device_actions);

  g_clear_object (&self->desktop_notices);
  g_clear_object (&self->device_actions);
  g_clear_object (&self->notices);

  if (self->session != NULL && bw_session_may (self->session, BW_PERMISSION_VIEW_DEVICES))
    {
      self->notices = bw_notices_new (self->session, self->settings);
      self->desktop_notices = bw_desktop_notices_new (g_application_get_default ());
      self->device_actions = bw_device_actions_new (self->session, self->toasts);
      g_signal_connect_object (self->notices, "happened", G_CALLBACK (happened_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->notices, "settled", G_CALLBACK (settled_cb), self, G_CONNECT_SWAPPED);
    }

  if (self->notices_button != NULL)
    bw_notices_button_set_notices (self->notices_button, self->notices, self->settings);
}

void
bw_window_notices_permissions_changed (BwWindow *self)
{
  if (bw_session_may (self->session, BW_PERMISSION_VIEW_DEVICES) != (self->notices != NULL))
    bw_window_watch_notices (self);
}

static void
notices_action (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  BwWindow *self = user_data;

  adw_leaflet_set_visible_child_name (self->leaflet, "sidebar");
  bw_notices_button_popup (self->notices_button);
}

static void
approve_device_action (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  BwWindow *self = user_data;
  const char *ids[] = { g_variant_get_string (parameter, NULL), NULL };

  if (self->device_actions != NULL)
    bw_device_actions_run (self->device_actions, "approve", ids);
}

void
bw_window_set_up_notices (BwWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "notices", .activate = notices_action },
    { .name = "approve-device", .activate = approve_device_action, .parameter_type = "s" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_cb), NULL);
}
