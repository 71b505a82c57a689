/* bw-companies-page-company.c: the company that is open, and the way back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-companies-page-private.h"

#include "bw-company-page.h"
#include "bw-compat.h"

/* How far one can come back. */
#define MAX_HISTORY 100

static void
show_place (BwCompaniesPage        *self,
            GtkWidget              *place,
            GtkStackTransitionType  transition)
{
  GtkWidget *before = self->company_page;

  self->company_page = place;
  if (place != NULL)
    gtk_stack_add_child (self->places, place);

  gtk_stack_set_visible_child_full (self->places, "companies", GTK_STACK_TRANSITION_TYPE_NONE);
  if (place != NULL)
    {
      gtk_stack_set_transition_type (self->places, transition);
      gtk_stack_set_visible_child (self->places, place);
    }

  if (before != NULL)
    gtk_stack_remove (self->places, before);

  bw_companies_page_update_actions (self);
  bw_companies_page_notify_title (self);
}

void
bw_companies_page_close (BwCompaniesPage *self,
                         const char      *text)
{
  if (text != NULL)
    bw_toast_show (self->toasts, text);

  g_queue_clear_full (self->history, g_free);
  show_place (self, NULL, GTK_STACK_TRANSITION_TYPE_NONE);
}

static void
create_below_cb (BwCompaniesPage *self,
                 const char      *company_id)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "companies.create-in", "s", company_id);
}

static void
show_devices_cb (BwCompaniesPage *self,
                 const char      *company_id)
{
  bw_companies_page_emit (self, BW_COMPANIES_PAGE_SHOW_DEVICES, company_id);
}

static void
show_users_cb (BwCompaniesPage *self,
               const char      *company_id)
{
  bw_companies_page_emit (self, BW_COMPANIES_PAGE_SHOW_USERS, company_id);
}

static void
add_participation_cb (BwCompaniesPage *self,
                      const char      *company_id)
{
  bw_companies_page_emit (self, BW_COMPANIES_PAGE_ADD_PARTICIPATION, company_id);
}

static void
edit_participation_cb (BwCompaniesPage *self,
                       const char      *participation_id)
{
  bw_companies_page_emit (self, BW_COMPANIES_PAGE_EDIT_PARTICIPATION, participation_id);
}

static GtkWidget *
make_company_page (BwCompaniesPage *self,
                   const char      *company_id)
{
  const struct { const char *signal; GCallback callback; } handlers[] = {
    { "notify::title", G_CALLBACK (bw_companies_page_notify_title) },
    { "gone", G_CALLBACK (bw_companies_page_close) },
    { "open-company", G_CALLBACK (bw_companies_page_open) },
    { "create-below", G_CALLBACK (create_below_cb) },
    { "show-devices", G_CALLBACK (show_devices_cb) },
    { "show-users", G_CALLBACK (show_users_cb) },
    { "add-participation", G_CALLBACK (add_participation_cb) },
    { "edit-participation", G_CALLBACK (edit_participation_cb) },
  };
  GtkWidget *page = bw_company_page_new (self->session, self->tree, company_id);

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (page, handlers[i].signal, handlers[i].callback, self, G_CONNECT_SWAPPED);

  return page;
}

void
bw_companies_page_go_back (BwCompaniesPage *self)
{
  g_autofree char *id = g_queue_pop_tail (self->history);

  /* What was come from may have been deleted meanwhile. */
  while (id != NULL && bw_company_tree_lookup (self->tree, id) == NULL)
    {
      g_free (id);
      id = g_queue_pop_tail (self->history);
    }

  if (id != NULL)
    {
      show_place (self, make_company_page (self, id), GTK_STACK_TRANSITION_TYPE_SLIDE_RIGHT);
      return;
    }

  show_place (self, NULL, GTK_STACK_TRANSITION_TYPE_SLIDE_RIGHT);
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

void
bw_companies_page_open (BwCompaniesPage *self,
                        const char      *company_id)
{
  const char *before;

  g_return_if_fail (BW_IS_COMPANIES_PAGE (self));
  g_return_if_fail (company_id != NULL);

  before = self->company_page != NULL ? bw_company_page_get_company_id (BW_COMPANY_PAGE (self->company_page)) : NULL;
  if (g_strcmp0 (before, company_id) == 0)
    return;

  if (before != NULL)
    {
      g_queue_push_tail (self->history, g_strdup (before));
      if (g_queue_get_length (self->history) > MAX_HISTORY)
        g_free (g_queue_pop_head (self->history));
    }

  show_place (self, make_company_page (self, company_id), GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT);
}

const char *
bw_companies_page_get_title (BwCompaniesPage *self)
{
  g_return_val_if_fail (BW_IS_COMPANIES_PAGE (self), NULL);

  return self->company_page != NULL ? bw_company_page_get_title (BW_COMPANY_PAGE (self->company_page)) : NULL;
}
