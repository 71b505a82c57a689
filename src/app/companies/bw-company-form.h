/* bw-company-form.h: the facts of a company, to be edited
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_COMPANY_FORM (bw_company_form_get_type ())

/* What is wrong stands beside the field as one types, by the rules that the server goes by.
 *
 * Signal: edited ()  something was typed or chosen: bw_company_form_is_valid () and …_make_changes () may be others */
G_DECLARE_FINAL_TYPE (BwCompanyForm, bw_company_form, BW, COMPANY_FORM, GtkWidget)

GtkWidget  *bw_company_form_new          (void);
void        bw_company_form_set_session  (BwCompanyForm *self,
                                          BwSession     *session);
/* @document: a company as the API has it; NULL with @parent_id (nullable): one that is to be made. */
void        bw_company_form_load         (BwCompanyForm *self,
                                          JsonObject    *document,
                                          const char    *parent_id);
void        bw_company_form_set_editable (BwCompanyForm *self,
                                          gboolean       is_editable);
gboolean    bw_company_form_is_valid     (BwCompanyForm *self);
/* The members that are others than what was loaded; of a new company all that are not empty. (transfer full) */
JsonObject *bw_company_form_make_changes (BwCompanyForm *self);
/* Puts what only the server knows beside the field it is about. */
void        bw_company_form_show_error   (BwCompanyForm *self,
                                          const GError  *error);
void        bw_company_form_focus        (BwCompanyForm *self);

G_END_DECLS
