/* bw-window-companies.c: where the page of a company leads to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-window-private.h"

#include <glib/gi18n.h>

#include "bw-companies-page.h"
#include "bw-devices-page.h"
#include "bw-error-text.h"
#include "bw-outcome.h"
#include "bw-participation-dialog.h"
#include "bw-users-page.h"

static void
show_devices_cb (BwWindow   *self,
                 const char *company_id)
{
  bw_window_open_place (self, "devices");
  if (self->pages[BW_PLACE_DEVICES] != NULL)
    bw_devices_page_set_company (BW_DEVICES_PAGE (self->pages[BW_PLACE_DEVICES]), company_id);
}

static void
show_users_cb (BwWindow   *self,
               const char *company_id)
{
  BwEntity *company = bw_entity_list_lookup (bw_session_get_companies (self->session), company_id);

  bw_window_open_place (self, "users");
  if (self->pages[BW_PLACE_USERS] != NULL && company != NULL)
    bw_users_page_set_company (BW_USERS_PAGE (self->pages[BW_PLACE_USERS]), company);
}

static void
participation_saved_cb (BwWindow  *self,
                        BwOutcome *outcome)
{
  bw_outcome_show (self->toasts, outcome, _("Saved"), NULL, NULL);
  if (self->pages[BW_PLACE_COMPANIES] != NULL)
    gtk_widget_activate_action (self->pages[BW_PLACE_COMPANIES], "companies.reload", NULL);
}

static void
present (BwWindow  *self,
         GtkWidget *dialog)
{
  g_signal_connect_object (dialog, "done", G_CALLBACK (participation_saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
add_participation_cb (BwWindow   *self,
                      const char *company_id)
{
  BwEntity *company = bw_entity_list_lookup (bw_session_get_companies (self->session), company_id);

  if (company != NULL)
    present (self, bw_participation_dialog_new (self->session, NULL, company));
}

static void
participation_loaded_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(BwWindow) self = user_data;
  g_autoptr(BwParticipation) participation = bw_participation_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);

  /* Signed out, or gone, meanwhile. */
  if (self->session != BW_SESSION (source))
    return;

  if (document == NULL || !bw_entity_load (BW_ENTITY (participation), document, &error))
    {
      g_autofree char *text = bw_error_to_user_text (error);

      bw_window_show_toast (self, text);
      return;
    }

  present (self, bw_participation_dialog_new_edit (self->session, participation));
}

/* Its row may be older than what is edited. */
static void
edit_participation_cb (BwWindow   *self,
                       const char *participation_id)
{
  g_autofree char *path = g_strconcat ("/v1/participations/", participation_id, NULL);

  if (bw_session_may (self->session, BW_PERMISSION_MANAGE_PARTICIPATIONS))
    bw_session_call_async (self->session, "GET", path, NULL, NULL, participation_loaded_cb, g_object_ref (self));
}

GtkWidget *
bw_window_make_companies_page (BwWindow *self)
{
  GtkWidget *page = bw_companies_page_new (self->session);

  g_signal_connect_object (page, "show-devices", G_CALLBACK (show_devices_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "show-users", G_CALLBACK (show_users_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "add-participation", G_CALLBACK (add_participation_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "edit-participation", G_CALLBACK (edit_participation_cb), self, G_CONNECT_SWAPPED);

  return page;
}
