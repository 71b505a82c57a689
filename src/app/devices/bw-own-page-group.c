/* bw-own-page-group.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-own-page-group.h"

#include <glib/gi18n.h>

/* A device in the same network answers at once. */
#define WAIT_S 1

/**
 * BwOwnPageGroup:
 *
 * Many devices have a page for who stands beside them. Whether this computer can reach it is tried before
 * it is offered; that it can't be reached is said too. What the device says is never more than an address:
 * it must not send anybody anywhere else.
 */

struct _BwOwnPageGroup
{
  AdwPreferencesGroup  parent_instance;

  GInetAddress        *address;       /* (owned) (nullable): none that is private */
  char                *uri;           /* (owned) (nullable): while it can be reached */
  guint                n_tried;       /* of the schemes, in this look */
  GCancellable        *cancellable;   /* (owned) (nullable): of the look that goes on */
  BwOwnPageRoute       route;         /* (nullable) */
  gpointer             route_data;

  AdwActionRow        *row;
  GtkWidget           *image;
};

G_DEFINE_FINAL_TYPE (BwOwnPageGroup, bw_own_page_group, ADW_TYPE_PREFERENCES_GROUP)

/* In the order in which they are tried. */
static const struct
{
  const char *name;
  guint16     port;
} schemes[] = {
  { "http", 80 },
  { "https", 443 },
};

static void
show_state (BwOwnPageGroup *self,
            const char     *subtitle)
{
  gboolean is_reached = self->uri != NULL;

  adw_action_row_set_subtitle (self->row, subtitle);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self->row), is_reached);
  gtk_widget_set_visible (self->image, is_reached);
}

static void try_next (BwOwnPageGroup *self);

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwOwnPageGroup) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnection) connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  g_autofree char *address = NULL;

  /* Another look has begun, or nobody looks any more. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (connection == NULL)
    {
      g_debug ("a device's own page: %s", error->message);
      self->n_tried++;
      try_next (self);
      return;
    }

  address = g_inet_address_to_string (self->address);
  self->uri = g_strdup_printf (g_inet_address_get_family (self->address) == G_SOCKET_FAMILY_IPV6 ? "%s://[%s]/" : "%s://%s/",
                               schemes[self->n_tried].name, address);
  show_state (self, self->uri);
}

static void
try_next (BwOwnPageGroup *self)
{
  g_autoptr(GSocketConnectable) place = NULL;
  g_autoptr(GSocketClient) client = NULL;
  guint16 port;

  if (self->n_tried >= G_N_ELEMENTS (schemes))
    {
      g_autofree char *address = g_inet_address_to_string (self->address);
      /* Translators: %s is an address like 192.168.1.7 */
      g_autofree char *text = g_strdup_printf (_("%s does not answer this computer"), address);

      show_state (self, text);
      return;
    }

  port = schemes[self->n_tried].port;
  place = self->route != NULL ? self->route (self->address, port, self->route_data)
                              : G_SOCKET_CONNECTABLE (g_inet_socket_address_new (self->address, port));
  client = g_socket_client_new ();
  g_socket_client_set_timeout (client, WAIT_S);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, place, self->cancellable, connected_cb, g_object_ref (self));
}

static gboolean
is_private (GInetAddress *address)
{
  return g_inet_address_get_is_site_local (address) || g_inet_address_get_is_link_local (address) ||
         (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
          (g_inet_address_to_bytes (address)[0] & 0xfe) == 0xfc);
}

static void
stop (BwOwnPageGroup *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->uri, g_free);
}

static void
begin (BwOwnPageGroup *self)
{
  g_autofree char *address = g_inet_address_to_string (self->address);
  /* Translators: %s is an address like 192.168.1.7 */
  g_autofree char *text = g_strdup_printf (_("Asking %s…"), address);

  self->cancellable = g_cancellable_new ();
  self->n_tried = 0;
  show_state (self, text);
  try_next (self);
}

static void
activated_cb (BwOwnPageGroup *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->uri != NULL)
    gtk_show_uri (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, self->uri, GDK_CURRENT_TIME);
}

/* Each time: it may have been switched on, or this computer have been taken elsewhere. */
static void
bw_own_page_group_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bw_own_page_group_parent_class)->map (widget);
  begin (BW_OWN_PAGE_GROUP (widget));
}

static void
bw_own_page_group_unmap (GtkWidget *widget)
{
  stop (BW_OWN_PAGE_GROUP (widget));
  GTK_WIDGET_CLASS (bw_own_page_group_parent_class)->unmap (widget);
}

static void
bw_own_page_group_dispose (GObject *object)
{
  BwOwnPageGroup *self = (BwOwnPageGroup *) object;

  stop (self);
  g_clear_object (&self->address);

  G_OBJECT_CLASS (bw_own_page_group_parent_class)->dispose (object);
}

static void
bw_own_page_group_class_init (BwOwnPageGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bw_own_page_group_dispose;
  GTK_WIDGET_CLASS (klass)->map = bw_own_page_group_map;
  GTK_WIDGET_CLASS (klass)->unmap = bw_own_page_group_unmap;
}

static void
bw_own_page_group_init (BwOwnPageGroup *self)
{
  self->row = ADW_ACTION_ROW (adw_action_row_new ());
  self->image = g_object_new (GTK_TYPE_IMAGE, "icon-name", "web-browser-symbolic",
                              "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _("Its Own Page"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), _("Open the Device's Own Page"));
  adw_action_row_add_suffix (self->row, self->image);
  g_signal_connect_object (self->row, "activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->row));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static gboolean
is_same (GInetAddress *a,
         GInetAddress *b)
{
  return a == b || (a != NULL && b != NULL && g_inet_address_equal (a, b));
}

void
bw_own_page_group_set_local_ip (BwOwnPageGroup *self,
                                const char     *local_ip)
{
  g_autoptr(GInetAddress) address = local_ip != NULL ? g_inet_address_new_from_string (local_ip) : NULL;

  g_return_if_fail (BW_IS_OWN_PAGE_GROUP (self));

  if (address != NULL && !is_private (address))
    g_clear_object (&address);
  if (is_same (address, self->address))
    return;

  stop (self);
  g_set_object (&self->address, address);
  if (address != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    begin (self);
  gtk_widget_set_visible (GTK_WIDGET (self), address != NULL);
}

const char *
bw_own_page_group_get_uri (BwOwnPageGroup *self)
{
  g_return_val_if_fail (BW_IS_OWN_PAGE_GROUP (self), NULL);

  return self->uri;
}

void
bw_own_page_group_set_route (BwOwnPageGroup *self,
                             BwOwnPageRoute  route,
                             gpointer        data)
{
  g_return_if_fail (BW_IS_OWN_PAGE_GROUP (self));

  self->route = route;
  self->route_data = data;
}
