/* bw-company-page.h: one company
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-company-tree.h"
#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_COMPANY_PAGE (bw_company_page_get_type ())

/* Property: title (string, notify)  its name
 * Signals
 *   gone (const char *text)             it is there no more; text (nullable) says why
 *   open-company (const char *id), create-below (const char *id)
 *   show-devices, show-users, add-participation (const char *company_id), edit-participation (const char *id) */
G_DECLARE_FINAL_TYPE (BwCompanyPage, bw_company_page, BW, COMPANY_PAGE, GtkWidget)

GtkWidget  *bw_company_page_new            (BwSession     *session,
                                            BwCompanyTree *tree,
                                            const char    *company_id);
const char *bw_company_page_get_company_id (BwCompanyPage *self);
const char *bw_company_page_get_title      (BwCompanyPage *self);     /* (nullable) */

G_END_DECLS
