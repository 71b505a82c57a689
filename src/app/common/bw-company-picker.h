/* bw-company-picker.h: choosing one of many companies
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_COMPANY_PICKER (bw_company_picker_get_type ())

/* A dialog over bw_session_get_companies (), which must be loaded.
 *
 * Signal: picked (const char *company_id)  the dialog closes */
G_DECLARE_FINAL_TYPE (BwCompanyPicker, bw_company_picker, BW, COMPANY_PICKER, AdwWindow)

/* @without_id: (nullable): that company and all below it are not offered. */
GtkWidget *bw_company_picker_new      (BwSession  *session,
                                       const char *title,
                                       const char *without_id);

/* "Main Company › North": what is above a company, as far as one's reach; empty at its top. (transfer full) */
char      *bw_company_path_to_text    (BwSession  *session,
                                       const char *company_id);

G_END_DECLS
