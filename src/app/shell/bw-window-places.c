/* bw-window-places.c: which page the window shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-window-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-audit-page.h"
#include "bw-batches-page.h"
#include "bw-device-page.h"
#include "bw-devices-page.h"
#include "bw-json.h"
#include "bw-overview-page.h"
#include "bw-participations-page.h"
#include "bw-requests-page.h"
#include "bw-roles-page.h"
#include "bw-text.h"
#include "bw-users-page.h"

#define DEVICE_PREFIX "device:"

#define NOWHERE "nowhere"

#define MAX_FILTER_BYTES 4096

/* Whatever may end as a request. */
#define MAY_ASK (BW_PERMISSION_MANAGE_COMPANIES | BW_PERMISSION_DELETE_COMPANIES | BW_PERMISSION_MANAGE_USERS | \
                 BW_PERMISSION_DELETE_USERS | BW_PERMISSION_MANAGE_PARTICIPATIONS | \
                 BW_PERMISSION_DELETE_PARTICIPATIONS | BW_PERMISSION_MANAGE_ROLES | BW_PERMISSION_DELETE_ROLES | \
                 BW_PERMISSION_DELETE_IDS)

static GtkWidget *make_overview_page (BwWindow *self);
static GtkWidget *make_devices_page  (BwWindow *self);
static GtkWidget *make_batches_page  (BwWindow *self);
static GtkWidget *make_users_page    (BwWindow *self);
static GtkWidget *make_participations_page (BwWindow *self);
static GtkWidget *make_roles_page    (BwWindow *self);
static GtkWidget *make_requests_page (BwWindow *self);
static GtkWidget *make_audit_page    (BwWindow *self);

static const struct
{
  const char *name;
  const char *title;
  guint       any_of;                    /* permissions that open it */
  GtkWidget *(*make) (BwWindow *self);
} places[BW_N_PLACES] = {
  [BW_PLACE_OVERVIEW] = { "overview", N_("Overview"), BW_PERMISSION_VIEW_DEVICES, make_overview_page },
  [BW_PLACE_DEVICES] = { "devices", N_("Devices"), BW_PERMISSION_VIEW_DEVICES, make_devices_page },
  [BW_PLACE_BATCHES] = { "batches", N_("Batches"), BW_PERMISSION_VIEW_DEVICES, make_batches_page },
  [BW_PLACE_COMPANIES] = { "companies", N_("Companies"), BW_PERMISSION_VIEW_COMPANIES,
                           bw_window_make_companies_page },
  [BW_PLACE_USERS] = { "users", N_("Users"), BW_PERMISSION_VIEW_USERS, make_users_page },
  [BW_PLACE_PARTICIPATIONS] = { "participations", N_("Participations"), BW_PERMISSION_VIEW_PARTICIPATIONS,
                                make_participations_page },
  [BW_PLACE_ROLES] = { "roles", N_("Roles"), BW_PERMISSION_VIEW_ROLES, make_roles_page },
  [BW_PLACE_REQUESTS] = { "requests", N_("Requests"), BW_PERMISSION_DECIDE_REQUESTS | MAY_ASK, make_requests_page },
  [BW_PLACE_AUDIT] = { "audit", N_("Audit Log"), BW_PERMISSION_READ_AUDIT, make_audit_page },
};

static const char *
get_place (BwWindow *self)
{
  return gtk_stack_get_visible_child_name (self->content_stack);
}

/* BW_N_PLACES: there is none of that name. */
static BwPlace
find_place (const char *name)
{
  guint i = 0;

  while (i < BW_N_PLACES && g_strcmp0 (places[i].name, name) != 0)
    i++;

  return (BwPlace) i;
}

static gboolean
may_open (BwWindow *self,
          BwPlace   place)
{
  return place < BW_N_PLACES && places[place].make != NULL && self->session != NULL &&
         (bw_session_get_permissions (self->session) & places[place].any_of) != 0;
}

/* The first one that the role opens. */
static const char *
first_place (BwWindow *self)
{
  for (guint i = 0; i < BW_N_PLACES; i++)
    {
      if (may_open (self, (BwPlace) i))
        return places[i].name;
    }

  return NOWHERE;
}

static gboolean
is_on_device (BwWindow *self)
{
  return g_strcmp0 (get_place (self), "device") == 0;
}

static void
update_title (BwWindow *self)
{
  BwPlace place = find_place (get_place (self));
  const char *title = place < BW_N_PLACES ? _(places[place].title) : "";

  if (is_on_device (self))
    title = bw_device_page_get_title (BW_DEVICE_PAGE (self->device_page));

  adw_window_title_set_title (self->content_title, title != NULL ? title : "");
}

void
bw_window_update_navigation (BwWindow *self)
{
  gboolean is_folded, can_go_back;

  /* The leaflet tells as it is taken apart, too. */
  if (self->leaflet == NULL || self->content_stack == NULL)
    return;

  is_folded = adw_leaflet_get_folded (self->leaflet);
  can_go_back = self->session != NULL &&
                (is_on_device (self) ||
                 (is_folded && g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "content") == 0));

  gtk_widget_set_visible (self->back_button, is_folded || is_on_device (self));
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), "back")), can_go_back);

  /* Folded, the list is a page of its own whose rows are pressed, not a mark of where one is. */
  gtk_list_box_set_selection_mode (self->places, is_folded ? GTK_SELECTION_NONE : GTK_SELECTION_SINGLE);
  if (!is_folded && self->session != NULL)
    {
      const char *place = bw_window_get_place (self);

      for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->places));
           row != NULL;
           row = gtk_widget_get_next_sibling (row))
        {
          if (g_strcmp0 (gtk_widget_get_name (row), place) == 0)
            gtk_list_box_select_row (self->places, GTK_LIST_BOX_ROW (row));
        }
    }
}

void
bw_window_update_actions (BwWindow *self)
{
  static const char * const names[] = {
    "show-place", "show-devices", "show-company-devices", "show-batch-devices", "search-devices",
    "show-devices-where", "show-request", "search",
    "reload", "account", "own-devices", "change-password", "sign-out", "switch", "search-everything", "show-object",
    "notices", "approve-device",
  };
  gboolean may_create = self->session != NULL && bw_session_may (self->session, BW_PERMISSION_CREATE_IDS);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), names[i])),
                                 self->session != NULL);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), "create-ids")),
                               may_create);
  bw_window_update_navigation (self);
}

static void
show_child (BwWindow               *self,
            const char             *name,
            GtkStackTransitionType  transition)
{
  gtk_stack_set_visible_child_full (self->content_stack, name, transition);
  adw_leaflet_set_visible_child_name (self->leaflet, "content");
  update_title (self);
  bw_window_update_navigation (self);
}

static void
show_batch_devices_cb (BwWindow   *self,
                       const char *batch_id)
{
  bw_window_open_place (self, "devices");
  if (self->pages[BW_PLACE_DEVICES] != NULL)
    bw_devices_page_set_filter (BW_DEVICES_PAGE (self->pages[BW_PLACE_DEVICES]), NULL, batch_id, NULL);
}

static void
open_device_cb (BwWindow   *self,
                const char *id)
{
  g_autofree char *place = g_strconcat (DEVICE_PREFIX, id, NULL);

  bw_window_open_place (self, place);
}

static GtkWidget *
make_overview_page (BwWindow *self)
{
  return bw_overview_page_new (self->session, self->fleet);
}

static GtkWidget *
make_devices_page (BwWindow *self)
{
  GtkWidget *page = bw_devices_page_new (self->session);

  g_signal_connect_object (page, "open-device", G_CALLBACK (open_device_cb), self, G_CONNECT_SWAPPED);

  return page;
}

static GtkWidget *
make_batches_page (BwWindow *self)
{
  GtkWidget *page = bw_batches_page_new (self->session);

  g_signal_connect_object (page, "show-devices", G_CALLBACK (show_batch_devices_cb), self, G_CONNECT_SWAPPED);

  return page;
}

static void
open_user_cb (BwWindow   *self,
              const char *id)
{
  bw_window_open_place (self, places[BW_PLACE_USERS].name);
  if (self->pages[BW_PLACE_USERS] != NULL)
    bw_users_page_open (BW_USERS_PAGE (self->pages[BW_PLACE_USERS]), id);
}

static GtkWidget *
make_users_page (BwWindow *self)
{
  return bw_users_page_new (self->session);
}

static GtkWidget *
make_participations_page (BwWindow *self)
{
  GtkWidget *page = bw_participations_page_new (self->session);

  g_signal_connect_object (page, "open-user", G_CALLBACK (open_user_cb), self, G_CONNECT_SWAPPED);

  return page;
}

static GtkWidget *
make_roles_page (BwWindow *self)
{
  return bw_roles_page_new (self->session);
}

static GtkWidget *
make_requests_page (BwWindow *self)
{
  return bw_requests_page_new (self->session);
}

static GtkWidget *
make_audit_page (BwWindow *self)
{
  return bw_audit_page_new (self->session);
}

/* The page of a place, made when it is first wanted. */
static void
ensure_page (BwWindow *self,
             BwPlace   place)
{
  if (self->pages[place] != NULL)
    return;

  self->pages[place] = places[place].make (self);
  gtk_stack_add_named (self->content_stack, self->pages[place], places[place].name);
}

static void
drop_device_page (BwWindow *self)
{
  if (self->device_page != NULL)
    {
      bw_set_str (&self->device_tab, bw_device_page_get_tab (BW_DEVICE_PAGE (self->device_page)));
      gtk_stack_remove (self->content_stack, self->device_page);
    }

  self->device_page = NULL;
}

static void
open_device (BwWindow   *self,
             const char *id)
{
  g_autofree char *origin = g_strdup (is_on_device (self) ? self->origin : bw_window_get_place (self));

  g_free (self->origin);
  self->origin = g_steal_pointer (&origin);

  /* Below it there is always a page to come back to. */
  if (self->origin == NULL)
    {
      self->origin = g_strdup (places[BW_PLACE_DEVICES].name);
      ensure_page (self, BW_PLACE_DEVICES);
    }

  drop_device_page (self);
  self->device_page = bw_device_page_new (self->session, id);
  bw_device_page_set_tab (BW_DEVICE_PAGE (self->device_page), self->device_tab);
  g_signal_connect_object (self->device_page, "notify::title", G_CALLBACK (update_title), self, G_CONNECT_SWAPPED);
  gtk_stack_add_named (self->content_stack, self->device_page, "device");
  show_child (self, "device", GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT);
}

void
bw_window_open_place (BwWindow   *self,
                      const char *name)
{
  BwPlace place = find_place (name);

  if (g_str_has_prefix (name, DEVICE_PREFIX) && may_open (self, BW_PLACE_DEVICES))
    {
      open_device (self, name + strlen (DEVICE_PREFIX));
      return;
    }

  if (!may_open (self, place))
    {
      name = first_place (self);
      place = find_place (name);
    }

  if (place < BW_N_PLACES)
    ensure_page (self, place);

  show_child (self, name, GTK_STACK_TRANSITION_TYPE_CROSSFADE);
  drop_device_page (self);
}

void
bw_window_clear_places (BwWindow *self)
{
  gtk_stack_set_visible_child_name (self->content_stack, NOWHERE);
  drop_device_page (self);
  for (guint i = 0; i < BW_N_PLACES; i++)
    {
      if (self->pages[i] != NULL)
        gtk_stack_remove (self->content_stack, self->pages[i]);

      self->pages[i] = NULL;
    }

  g_clear_pointer (&self->origin, g_free);
}

const char *
bw_window_get_place (BwWindow *self)
{
  const char *name = is_on_device (self) ? places[BW_PLACE_DEVICES].name : get_place (self);

  return g_strcmp0 (name, NOWHERE) == 0 ? NULL : name;
}

void
bw_window_update_places (BwWindow *self)
{
  BwPlace place = find_place (bw_window_get_place (self));

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->places));
       row != NULL;
       row = gtk_widget_get_next_sibling (row))
    gtk_widget_set_visible (row, may_open (self, find_place (gtk_widget_get_name (row))));

  gtk_list_box_invalidate_headers (self->places);
  if (place < BW_N_PLACES && !may_open (self, place))
    bw_window_open_place (self, first_place (self));
}

/* A heading where the people's part begins. */
static void
header_func (GtkListBoxRow *row,
             GtkListBoxRow *before,
             gpointer       user_data)
{
  BwPlace place = find_place (gtk_widget_get_name (GTK_WIDGET (row)));
  BwPlace place_before = before != NULL ? find_place (gtk_widget_get_name (GTK_WIDGET (before))) : BW_PLACE_OVERVIEW;
  GtkWidget *header = NULL;

  if (place >= BW_PLACE_COMPANIES && place_before < BW_PLACE_COMPANIES)
    {
      /* Translators: heading in the sidebar, above Companies, Users, Roles… */
      header = gtk_label_new (_("People"));
      gtk_label_set_xalign (GTK_LABEL (header), 0);
      gtk_widget_add_css_class (header, "place-heading");
      gtk_widget_add_css_class (header, "dim-label");
    }

  gtk_list_box_row_set_header (row, header);
}

void
bw_window_set_up_places (BwWindow *self)
{
  gtk_list_box_set_header_func (self->places, header_func, NULL, NULL);
  bw_window_update_places (self);
}

/* Actions */

static void
show_place_action (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  bw_window_open_place (user_data, g_variant_get_string (parameter, NULL));
}

static void
show_devices_action (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  BwWindow *self = user_data;
  const char *status = g_variant_get_string (parameter, NULL);

  bw_window_open_place (self, "devices");
  if (self->pages[BW_PLACE_DEVICES] != NULL)
    bw_devices_page_set_filter (BW_DEVICES_PAGE (self->pages[BW_PLACE_DEVICES]), *status != '\0' ? status : NULL,
                                NULL, NULL);
}

static void
show_company_devices_action (GSimpleAction *action,
                             GVariant      *parameter,
                             gpointer       user_data)
{
  BwWindow *self = user_data;

  bw_window_open_place (self, "devices");
  if (self->pages[BW_PLACE_DEVICES] != NULL)
    bw_devices_page_set_company (BW_DEVICES_PAGE (self->pages[BW_PLACE_DEVICES]), g_variant_get_string (parameter, NULL));
}

static void
show_batch_devices_action (GSimpleAction *action,
                           GVariant      *parameter,
                           gpointer       user_data)
{
  show_batch_devices_cb (user_data, g_variant_get_string (parameter, NULL));
}

/* The conditions as bw-device-query.h has them, as a text. */
static void
show_devices_where_action (GSimpleAction *action,
                           GVariant      *parameter,
                           gpointer       user_data)
{
  BwWindow *self = user_data;
  const char *text = g_variant_get_string (parameter, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) filter = bw_json_parse_object (text, strlen (text), MAX_FILTER_BYTES, &error);

  if (filter == NULL)
    {
      g_debug ("a filter of devices: %s, ignoring", error->message);
      return;
    }

  bw_window_open_place (self, "devices");
  if (self->pages[BW_PLACE_DEVICES] != NULL)
    bw_devices_page_set_conditions (BW_DEVICES_PAGE (self->pages[BW_PLACE_DEVICES]), filter);
}

static void
search_devices_action (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  BwWindow *self = user_data;
  const char *search = g_variant_get_string (parameter, NULL);

  bw_window_open_place (self, "devices");
  if (self->pages[BW_PLACE_DEVICES] != NULL)
    bw_devices_page_set_filter (BW_DEVICES_PAGE (self->pages[BW_PLACE_DEVICES]), NULL, NULL,
                                *search != '\0' ? search : NULL);
}

static void
show_request_action (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  BwWindow *self = user_data;

  bw_window_open_place (self, "requests");
  if (self->pages[BW_PLACE_REQUESTS] != NULL)
    bw_requests_page_show_request (BW_REQUESTS_PAGE (self->pages[BW_PLACE_REQUESTS]),
                                   g_variant_get_string (parameter, NULL));
}

static void
switch_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  BwWindow *self = user_data;

  /* The foot of the sidebar is not to be seen while only the content is. */
  adw_leaflet_set_visible_child_name (self->leaflet, "sidebar");
  bw_actor_button_popup (self->actor_button);
}

static void
back_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  BwWindow *self = user_data;

  if (is_on_device (self))
    {
      show_child (self, self->origin, GTK_STACK_TRANSITION_TYPE_SLIDE_RIGHT);
      drop_device_page (self);
    }
  else if (find_place (get_place (self)) == BW_PLACE_USERS &&
           bw_users_page_go_back (BW_USERS_PAGE (self->pages[BW_PLACE_USERS])))
    {
      return;
    }
  else if (adw_leaflet_get_folded (self->leaflet))
    {
      adw_leaflet_set_visible_child_name (self->leaflet, "sidebar");
    }
}

static void
search_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  BwWindow *self = user_data;
  GtkWidget *page = gtk_stack_get_visible_child (self->content_stack);
  g_autofree char *name = g_strconcat (get_place (self), ".search", NULL);

  if (g_strcmp0 (get_place (self), places[BW_PLACE_BATCHES].name) == 0)
    {
      bw_batches_page_start_search (BW_BATCHES_PAGE (page));
      return;
    }

  if (page != NULL && gtk_widget_activate_action (page, name, NULL))
    return;

  bw_window_open_place (self, "devices");
  if (self->pages[BW_PLACE_DEVICES] != NULL)
    bw_devices_page_start_search (BW_DEVICES_PAGE (self->pages[BW_PLACE_DEVICES]));
}

static void
reload_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  BwWindow *self = user_data;
  GtkWidget *page = gtk_stack_get_visible_child (self->content_stack);
  g_autofree char *name = NULL;

  bw_fleet_reload (self->fleet);
  if (page == NULL)
    return;

  name = g_strconcat (get_place (self), ".reload", NULL);
  gtk_widget_activate_action (page, name, NULL);
}

static void
create_ids_action (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  BwWindow *self = user_data;

  bw_window_open_place (self, "batches");
  if (self->pages[BW_PLACE_BATCHES] != NULL)
    gtk_widget_activate_action (self->pages[BW_PLACE_BATCHES], "batches.create", NULL);
}

void
bw_window_add_place_actions (BwWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "show-place", .activate = show_place_action, .parameter_type = "s" },
    { .name = "show-devices", .activate = show_devices_action, .parameter_type = "s" },
    { .name = "show-company-devices", .activate = show_company_devices_action, .parameter_type = "s" },
    { .name = "show-batch-devices", .activate = show_batch_devices_action, .parameter_type = "s" },
    { .name = "show-devices-where", .activate = show_devices_where_action, .parameter_type = "s" },
    { .name = "search-devices", .activate = search_devices_action, .parameter_type = "s" },
    { .name = "show-request", .activate = show_request_action, .parameter_type = "s" },
    { .name = "switch", .activate = switch_action },
    { .name = "back", .activate = back_action },
    { .name = "search", .activate = search_action },
    { .name = "reload", .activate = reload_action },
    { .name = "create-ids", .activate = create_ids_action },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
