/* bw-window.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-window-private.h"

#include <glib/gi18n.h>

#include "bw-account-dialog.h"
#include "bw-claim-dialog.h"
#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-password-dialog.h"
#include "bw-settings.h"
#include "bw-stranger-dialog.h"
#include "bw-text.h"
#include "bw-trust-dialog.h"
#include "bw-width-bin.h"

/* An interruption shorter than this is not worth a bar; right after the sign-in the
 * broker has not been reached yet, either. */
#define CONNECTION_BAR_MS 2500

/* A sign-in with a token on a near server takes less. */
#define PRESENT_MS 300

/**
 * BwWindow:
 *
 * Signed out: the sign-in page. Signed in: the places at the side, a page of one of them, and
 * a bar that says so when the server or the live feed is out of reach.
 */

G_DEFINE_FINAL_TYPE (BwWindow, bw_window, ADW_TYPE_APPLICATION_WINDOW)

void
bw_window_show_toast (BwWindow   *self,
                      const char *text)
{
  g_return_if_fail (BW_IS_WINDOW (self));

  bw_toast_show (self->toasts, text);
}

static void
update_badge (BwWindow *self)
{
  gint64 n_awaiting = self->fleet != NULL ? bw_fleet_get_awaiting (self->fleet) : 0;
  gint64 n_pending = self->inbox != NULL ? bw_inbox_get_n_pending (self->inbox) : 0;
  g_autofree char *devices = NULL;
  g_autofree char *requests = NULL;

  if (n_awaiting > 0)
    /* Translators: read out for the place in the sidebar */
    devices = g_strdup_printf (ngettext ("Devices, %u awaiting approval", "Devices, %u awaiting approval",
                                         (guint) n_awaiting), (guint) n_awaiting);
  if (n_pending > 0)
    /* Translators: read out for the place in the sidebar */
    requests = g_strdup_printf (ngettext ("Requests, %u waits for you", "Requests, %u wait for you",
                                          (guint) n_pending), (guint) n_pending);

  bw_place_row_set_badge (self->devices_row, n_awaiting, devices);
  bw_place_row_set_badge (self->requests_row, n_pending, requests);
}

static gboolean
show_connection_cb (gpointer user_data)
{
  BwWindow *self = user_data;

  self->connection_id = 0;
  gtk_revealer_set_reveal_child (self->connection_revealer, TRUE);

  return G_SOURCE_REMOVE;
}

static const char *
describe_connection (BwWindow *self,
                     gboolean  is_online)
{
  if (!is_online && bw_session_get_stranger (self->session) != NULL)
    return _("The server’s certificate is not trusted. Trying again…");

  if (!is_online)
    return _("The server does not answer. Trying again…");

  switch (bw_session_get_feed_problem (self->session))
    {
    case BW_FEED_UNTRUSTED:
      return _("No live updates: the broker’s certificate is not trusted. Trying again…");

    case BW_FEED_IN_THE_OPEN:
      return _("No live updates: the broker is without TLS, and your session is not told to it in the open.");

    case BW_FEED_SILENT:
    default:
      return _("No live updates: the broker does not answer. Trying again…");
    }
}

static void
update_connection (BwWindow *self)
{
  gboolean is_online = self->session != NULL && bw_session_get_online (self->session);
  gboolean is_live = self->session != NULL && bw_session_get_feed_connected (self->session);

  g_debug ("server %s, feed %s", is_online ? "answers" : "silent", is_live ? "follows" : "silent");

  if (self->session == NULL || (is_online && is_live))
    {
      g_clear_handle_id (&self->connection_id, g_source_remove);
      gtk_revealer_set_reveal_child (self->connection_revealer, FALSE);
      return;
    }

  gtk_label_set_label (self->connection_label, describe_connection (self, is_online));
  if (self->connection_id == 0 && !gtk_revealer_get_reveal_child (self->connection_revealer))
    self->connection_id = g_timeout_add (CONNECTION_BAR_MS, show_connection_cb, self);
}

static void
content_drawn_cb (GdkFrameClock *clock,
                  BwWindow      *self)
{
  g_signal_handlers_disconnect_by_func (clock, content_drawn_cb, self);
  g_debug ("the first content is drawn");
}

static void
present_now (BwWindow *self)
{
  if (self->present_id == 0)
    return;

  g_clear_handle_id (&self->present_id, g_source_remove);
  gtk_window_present (GTK_WINDOW (self));
}

static gboolean
present_cb (gpointer user_data)
{
  BwWindow *self = user_data;

  self->present_id = 0;
  gtk_window_present (GTK_WINDOW (self));

  return G_SOURCE_REMOVE;
}

static void
fleet_loaded_cb (BwWindow *self)
{
  GdkFrameClock *clock;

  present_now (self);

  /* For whoever measures how long a start takes. */
  clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  if (clock != NULL)
    g_signal_connect_object (clock, "after-paint", G_CALLBACK (content_drawn_cb), self, 0);
}

/* An attempt that has failed is to be seen. */
static void
sign_in_busy_cb (BwWindow *self)
{
  if (self->session == NULL && !bw_sign_in_page_is_busy (BW_SIGN_IN_PAGE (self->sign_in_page)))
    present_now (self);
}

static char *
describe_account (BwWindow *self)
{
  const char *user = bw_session_get_user_name (self->session);
  const char *uri = bw_session_get_base_uri (self->session);
  const char *host = strstr (uri, "://") != NULL ? strstr (uri, "://") + 3 : uri;
  const char *place = g_strcmp0 (uri, bw_this_computer_get_uri (self->this_computer)) == 0 ? _("this computer") : host;

  /* Translators: at the foot of the sidebar: a user, and a server's address or "this computer" */
  return g_strdup_printf (_("%s at %s"), user != NULL ? user : "—", place);
}

static void
user_name_cb (BwWindow *self)
{
  g_autofree char *account = describe_account (self);

  bw_actor_button_set_account (self->actor_button, account);
}

/* What counts for whoever acts now. */
static void
watch_counts (BwWindow *self)
{
  if (self->fleet != NULL)
    g_signal_handlers_disconnect_by_data (self->fleet, self);
  if (self->inbox != NULL)
    g_signal_handlers_disconnect_by_data (self->inbox, self);

  g_clear_object (&self->fleet);
  g_clear_object (&self->inbox);
  bw_window_watch_notices (self);
  if (self->session == NULL)
    return;

  self->fleet = bw_fleet_new (self->session);
  g_signal_connect_object (self->fleet, "notify::awaiting", G_CALLBACK (update_badge), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->fleet, "notify::loaded", G_CALLBACK (fleet_loaded_cb), self, G_CONNECT_SWAPPED);
  self->inbox = bw_inbox_new (self->session);
  g_signal_connect_object (self->inbox, "notify::n-pending", G_CALLBACK (update_badge), self, G_CONNECT_SWAPPED);
  bw_fleet_reload (self->fleet);
  update_badge (self);
}

/* Another participation: nothing that is shown was for its eyes. */
static void
acting_cb (BwWindow *self)
{
  g_autofree char *place = g_strdup (bw_window_get_place (self));

  bw_window_clear_places (self);
  watch_counts (self);
  bw_window_update_places (self);
  bw_window_open_place (self, place != NULL ? place : "overview");
  bw_window_update_actions (self);
}

static void
permissions_cb (BwWindow *self)
{
  bw_window_notices_permissions_changed (self);
  bw_window_update_places (self);
  if (bw_window_get_place (self) == NULL)
    bw_window_open_place (self, "overview");

  bw_window_update_actions (self);
}

static void
leave_session (BwWindow   *self,
               const char *text)
{
  if (self->session == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->session, self);
  gtk_stack_set_visible_child (self->root_stack, self->sign_in_page);
  bw_window_clear_places (self);
  bw_actor_button_set_session (self->actor_button, NULL, NULL);
  g_clear_object (&self->session);
  g_clear_pointer (&self->refused_fingerprint, g_free);
  watch_counts (self);
  bw_window_update_actions (self);
  update_badge (self);
  update_connection (self);
  bw_sign_in_page_show_form (BW_SIGN_IN_PAGE (self->sign_in_page), text);
}

static void
signed_out_cb (BwWindow *self,
               GError   *why)
{
  g_debug ("signed out: %s", why != NULL ? why->message : "no reason known");
  leave_session (self, _("Your session has ended. Sign in again."));
}

/* In the middle of a session: another certificate than before. Said once, until it is dealt with;
 * the session goes on trying. */
static void
session_stranger_cb (BwWindow   *self,
                     BwStranger *stranger)
{
  if (self->stranger_dialog == NULL && g_strcmp0 (self->refused_fingerprint, stranger->fingerprint) != 0)
    {
      g_set_weak_pointer (&self->stranger_dialog, bw_stranger_dialog_present (GTK_WIDGET (self), stranger));
      bw_set_str (&self->refused_fingerprint, stranger->fingerprint);
    }

  /* it may have been silent before, for another reason */
  update_connection (self);
}

static void
enter_session (BwWindow    *self,
               BwSession   *session,
               BwSignInWay  way)
{
  g_autofree char *place = g_steal_pointer (&self->wanted_place);
  g_autofree char *account = NULL;

  leave_session (self, NULL);
  self->session = g_object_ref (session);
  self->way = way;
  watch_counts (self);
  g_signal_connect_object (session, "signed-out", G_CALLBACK (signed_out_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "stranger", G_CALLBACK (session_stranger_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::online", G_CALLBACK (update_connection), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::feed-connected", G_CALLBACK (update_connection),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::acting", G_CALLBACK (acting_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::permissions", G_CALLBACK (permissions_cb), self, G_CONNECT_SWAPPED);

  g_signal_connect_object (session, "notify::user-name", G_CALLBACK (user_name_cb), self, G_CONNECT_SWAPPED);

  account = describe_account (self);
  bw_actor_button_set_session (self->actor_button, session, account);
  bw_window_update_places (self);
  bw_window_open_place (self, place != NULL ? place : "overview");
  gtk_stack_set_visible_child_name (self->root_stack, "main");
  gtk_widget_grab_focus (GTK_WIDGET (self->places));
  bw_window_update_actions (self);
  bw_session_start_feed (session);
  update_connection (self);
}

static void
session_signed_out_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  /* Here it is over in any case; there it ends by its time-out. */
  if (!bw_session_sign_out_finish (BW_SESSION (source), result, &error))
    g_debug ("signing out: %s", error->message);
}

static void
first_password_changed_cb (BwPasswordDialog *dialog,
                           BwWindow         *self)
{
  enter_session (self, bw_password_dialog_get_session (dialog), BW_SIGN_IN_PASSWORD);
}

/* Without a password of one's own the server lets nobody further. */
static void
first_password_closed_cb (BwPasswordDialog *dialog,
                          BwWindow         *self)
{
  BwSession *session = bw_password_dialog_get_session (dialog);

  if (self->session == session)
    return;

  bw_sign_in_page_forget (BW_SIGN_IN_PAGE (self->sign_in_page), bw_session_get_base_uri (session));
  bw_session_sign_out_async (session, NULL, session_signed_out_cb, NULL);
}

static void
signed_in_cb (BwWindow  *self,
              BwSession *session,
              guint      way)
{
  GtkWidget *dialog;

  if (!bw_session_get_must_change_password (session))
    {
      enter_session (self, session, (BwSignInWay) way);
      return;
    }

  dialog = bw_password_dialog_new (session, TRUE);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  g_signal_connect_object (dialog, "changed", G_CALLBACK (first_password_changed_cb), self, 0);
  g_signal_connect_object (dialog, "unmap", G_CALLBACK (first_password_closed_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
place_activated_cb (BwWindow      *self,
                    GtkListBoxRow *row)
{
  if (self->session != NULL)
    bw_window_open_place (self, gtk_widget_get_name (GTK_WIDGET (row)));
}

/* By the keys, or by a screen reader. */
static void
place_selected_cb (BwWindow      *self,
                   GtkListBoxRow *row)
{
  const char *current;

  if (self->session == NULL || row == NULL || adw_leaflet_get_folded (self->leaflet))
    return;

  current = gtk_stack_get_visible_child_name (self->content_stack);
  if (g_strcmp0 (gtk_widget_get_name (GTK_WIDGET (row)), current) == 0 ||
      (g_strcmp0 (current, "device") == 0 && row == GTK_LIST_BOX_ROW (self->devices_row)))
    return;

  bw_window_open_place (self, gtk_widget_get_name (GTK_WIDGET (row)));
}

static void
sign_out_action (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  BwWindow *self = user_data;
  g_autoptr(BwSession) session = g_object_ref (self->session);

  bw_sign_in_page_forget (BW_SIGN_IN_PAGE (self->sign_in_page), bw_session_get_base_uri (session));
  leave_session (self, NULL);

  if (self->way != BW_SIGN_IN_TOKEN_FILE)
    bw_session_sign_out_async (session, NULL, session_signed_out_cb, NULL);
}

static void
account_action (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  BwWindow *self = user_data;
  GtkWidget *dialog = bw_account_dialog_new (self->session);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
own_devices_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  BwWindow *self = user_data;
  GtkWidget *dialog = bw_claim_dialog_new (self->session);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
change_password_action (GSimpleAction *action,
                        GVariant      *parameter,
                        gpointer       user_data)
{
  BwWindow *self = user_data;
  GtkWidget *dialog = bw_password_dialog_new (self->session, FALSE);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  g_signal_connect_object (dialog, "changed", G_CALLBACK (bw_window_update_actions), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
trusted_certificates_action (GSimpleAction *action,
                             GVariant      *parameter,
                             gpointer       user_data)
{
  GtkWidget *dialog = bw_trust_dialog_new ();

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (user_data));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
switch_failed_cb (BwWindow   *self,
                  const char *text)
{
  bw_window_show_toast (self, text);
}

static void
server_failed_cb (BwWindow   *self,
                  const char *text)
{
  bw_window_show_toast (self, text);
}

static void
update_navigation (BwWindow *self)
{
  bw_window_update_navigation (self);
}

/* GtkListBox walks from row to row by Tab as well, and here whoever comes to a row opens its page: one
 * could never get from “Devices” into the devices. The arrow keys walk; Tab leaves. */
static gboolean
bw_window_focus (GtkWidget        *widget,
                 GtkDirectionType  direction)
{
  BwWindow *self = BW_WINDOW (widget);
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));
  gboolean leaves, moved;

  leaves = (direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD) &&
           focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->places)) &&
           !adw_leaflet_get_folded (self->leaflet);

  if (leaves)
    gtk_widget_set_can_focus (GTK_WIDGET (self->places), FALSE);
  moved = GTK_WIDGET_CLASS (bw_window_parent_class)->focus (widget, direction);
  if (leaves)
    gtk_widget_set_can_focus (GTK_WIDGET (self->places), TRUE);

  return moved;
}

static void
bw_window_dispose (GObject *object)
{
  BwWindow *self = (BwWindow *) object;

  g_clear_handle_id (&self->connection_id, g_source_remove);
  g_clear_handle_id (&self->present_id, g_source_remove);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);

  g_clear_object (&self->fleet);
  g_clear_object (&self->inbox);
  g_clear_object (&self->session);
  bw_window_watch_notices (self);
  g_clear_object (&self->this_computer);
  g_clear_object (&self->settings);
  g_clear_weak_pointer (&self->stranger_dialog);
  g_clear_pointer (&self->refused_fingerprint, g_free);
  g_clear_pointer (&self->wanted_place, g_free);
  g_clear_pointer (&self->origin, g_free);
  g_clear_pointer (&self->device_tab, g_free);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_WINDOW);

  G_OBJECT_CLASS (bw_window_parent_class)->dispose (object);
}

static void
bw_window_class_init (BwWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_window_dispose;
  widget_class->focus = bw_window_focus;

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/shell/bw-window.ui");
  gtk_widget_class_bind_template_child (widget_class, BwWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwWindow, root_stack);
  gtk_widget_class_bind_template_child (widget_class, BwWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, BwWindow, places);
  gtk_widget_class_bind_template_child (widget_class, BwWindow, notices_button);
  gtk_widget_class_bind_template_child (widget_class, BwWindow, devices_row);
  gtk_widget_class_bind_template_child (widget_class, BwWindow, requests_row);
  gtk_widget_class_bind_template_child (widget_class, BwWindow, actor_button);
  gtk_widget_class_bind_template_child (widget_class, BwWindow, content_title);
  gtk_widget_class_bind_template_child (widget_class, BwWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, BwWindow, connection_revealer);
  gtk_widget_class_bind_template_child (widget_class, BwWindow, connection_label);
  gtk_widget_class_bind_template_child (widget_class, BwWindow, content_stack);
  /* No accelerator of the application: that would take Escape from entries, popovers and searches. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.back", NULL);
  gtk_widget_class_bind_template_callback (widget_class, place_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_navigation);
  gtk_widget_class_bind_template_callback (widget_class, switch_failed_cb);

  g_type_ensure (BW_TYPE_ACTOR_BUTTON);
  g_type_ensure (BW_TYPE_NOTICES_BUTTON);
  g_type_ensure (BW_TYPE_PLACE_ROW);
  g_type_ensure (BW_TYPE_WIDTH_BIN);
}

static void
bw_window_init (BwWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "sign-out", .activate = sign_out_action },
    { .name = "account", .activate = account_action },
    { .name = "own-devices", .activate = own_devices_action },
    { .name = "change-password", .activate = change_password_action },
    { .name = "trusted-certificates", .activate = trusted_certificates_action },
  };

  /* The template's signals look for them. */
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  bw_window_add_place_actions (self);
  bw_window_set_up_search (self);
  bw_window_set_up_notices (self);

  gtk_widget_init_template (GTK_WIDGET (self));
  bw_window_set_up_places (self);

  self->settings = bw_settings_new ();
  if (self->settings != NULL)
    {
      g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
    }
  else
    {
      gtk_window_set_default_size (GTK_WINDOW (self), 1120, 740);
    }

  bw_window_update_actions (self);
  update_badge (self);
}

BwWindow *
bw_window_new (AdwApplication *application,
               BwThisComputer *this_computer)
{
  BwWindow *self;

  g_return_val_if_fail (BW_IS_THIS_COMPUTER (this_computer), NULL);

  self = g_object_new (BW_TYPE_WINDOW, "application", application, NULL);
  self->this_computer = g_object_ref (this_computer);
  g_signal_connect_object (this_computer, "failed", G_CALLBACK (server_failed_cb), self, G_CONNECT_SWAPPED);

  self->sign_in_page = bw_sign_in_page_new (this_computer);
  g_signal_connect_object (self->sign_in_page, "signed-in", G_CALLBACK (signed_in_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sign_in_page, "not-remembered", G_CALLBACK (bw_window_show_toast),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sign_in_page, "notify::busy", G_CALLBACK (sign_in_busy_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_add_named (self->root_stack, self->sign_in_page, "sign-in");
  gtk_stack_set_visible_child (self->root_stack, self->sign_in_page);

  return self;
}

void
bw_window_present_soon (BwWindow *self)
{
  g_return_if_fail (BW_IS_WINDOW (self));

  if (self->session != NULL || !bw_sign_in_page_is_busy (BW_SIGN_IN_PAGE (self->sign_in_page)))
    gtk_window_present (GTK_WINDOW (self));
  else if (self->present_id == 0)
    self->present_id = g_timeout_add (PRESENT_MS, present_cb, self);
}

void
bw_window_resume_last (BwWindow *self)
{
  g_return_if_fail (BW_IS_WINDOW (self));

  bw_sign_in_page_resume_last (BW_SIGN_IN_PAGE (self->sign_in_page));
}

void
bw_window_resume (BwWindow   *self,
                  const char *server_uri,
                  const char *token)
{
  g_return_if_fail (BW_IS_WINDOW (self));

  bw_sign_in_page_resume (BW_SIGN_IN_PAGE (self->sign_in_page), server_uri, token);
}

void
bw_window_show_place (BwWindow   *self,
                      const char *place)
{
  g_return_if_fail (BW_IS_WINDOW (self));
  g_return_if_fail (place != NULL);

  if (self->session != NULL)
    {
      bw_window_open_place (self, place);
      return;
    }

  g_free (self->wanted_place);
  self->wanted_place = g_strdup (place);
}
