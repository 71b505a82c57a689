/* bw-companies-page.h: the place Companies
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_COMPANIES_PAGE (bw_companies_page_get_type ())

/* Property: title (string, notify)  the company that is open; NULL: the tree is shown
 * Signals, for the window to do
 *   show-devices (const char *company_id)
 *   show-users (const char *company_id)
 *   add-participation (const char *company_id)
 *   edit-participation (const char *participation_id)
 * Actions: companies.reload, companies.create, companies.manage-tags, companies.back, companies.open('s': an id) */
G_DECLARE_FINAL_TYPE (BwCompaniesPage, bw_companies_page, BW, COMPANIES_PAGE, GtkWidget)

GtkWidget  *bw_companies_page_new          (BwSession       *session);
void        bw_companies_page_start_search (BwCompaniesPage *self);
void        bw_companies_page_open         (BwCompaniesPage *self,
                                            const char      *company_id);
const char *bw_companies_page_get_title    (BwCompaniesPage *self);     /* (nullable) */

G_END_DECLS
