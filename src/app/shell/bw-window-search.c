/* bw-window-search.c: one search over everything, and what it opens
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-window-private.h"

#include "bw-batches-page.h"
#include "bw-companies-page.h"
#include "bw-scanner.h"
#include "bw-search-dialog.h"
#include "bw-users-page.h"

static void
show_device (BwWindow   *self,
             const char *id)
{
  g_autofree char *place = g_strconcat ("device:", id, NULL);

  bw_window_open_place (self, place);
}

static void
show_object_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  BwWindow *self = user_data;
  const char *kind = NULL;
  const char *id = NULL;

  g_variant_get (parameter, "(&s&s)", &kind, &id);

  if (g_strcmp0 (kind, "device") == 0)
    {
      show_device (self, id);
    }
  else if (g_strcmp0 (kind, "batch") == 0)
    {
      bw_window_open_place (self, "batches");
      if (self->pages[BW_PLACE_BATCHES] != NULL)
        bw_batches_page_show_batch (BW_BATCHES_PAGE (self->pages[BW_PLACE_BATCHES]), id);
    }
  else if (g_strcmp0 (kind, "company") == 0)
    {
      bw_window_open_place (self, "companies");
      if (self->pages[BW_PLACE_COMPANIES] != NULL)
        bw_companies_page_open (BW_COMPANIES_PAGE (self->pages[BW_PLACE_COMPANIES]), id);
    }
  else if (g_strcmp0 (kind, "user") == 0)
    {
      bw_window_open_place (self, "users");
      if (self->pages[BW_PLACE_USERS] != NULL)
        bw_users_page_open (BW_USERS_PAGE (self->pages[BW_PLACE_USERS]), id);
    }
}

static void
search_everything_action (GSimpleAction *action,
                          GVariant      *parameter,
                          gpointer       user_data)
{
  BwWindow *self = user_data;

  gtk_window_present (GTK_WINDOW (bw_search_dialog_new (GTK_WINDOW (self), self->session)));
}

static void
scanned_cb (GtkWindow  *window,
            const char *device_id)
{
  BwWindow *self = BW_WINDOW (window);

  if (self->session != NULL)
    show_device (self, device_id);
}

void
bw_window_set_up_search (BwWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "search-everything", .activate = search_everything_action },
    { .name = "show-object", .activate = show_object_action, .parameter_type = "(ss)" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  bw_scanner_watch (GTK_WINDOW (self), scanned_cb);
}
