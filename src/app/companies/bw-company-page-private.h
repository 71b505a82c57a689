/* bw-company-page-private.h: for the files of BwCompanyPage
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-company-form.h"
#include "bw-company-page.h"
#include "bw-remote-view.h"

G_BEGIN_DECLS

typedef enum
{
  BW_COMPANY_PAGE_GONE,
  BW_COMPANY_PAGE_OPEN_COMPANY,
  BW_COMPANY_PAGE_CREATE_BELOW,
  BW_COMPANY_PAGE_SHOW_DEVICES,
  BW_COMPANY_PAGE_SHOW_USERS,
  BW_COMPANY_PAGE_ADD_PARTICIPATION,
  BW_COMPANY_PAGE_EDIT_PARTICIPATION,
  BW_COMPANY_PAGE_N_SIGNALS
} BwCompanyPageSignal;

struct _BwCompanyPage
{
  GtkWidget         parent_instance;

  BwSession        *session;            /* (owned) */
  GCancellable     *cancellable;
  BwCompanyTree    *tree;               /* (owned) */
  char             *company_id;
  BwCompany        *company;            /* (owned) (nullable): the session's */
  gint64            revision;           /* of what the form was loaded with */
  JsonObject       *undo;               /* (owned) (nullable): what takes the last save back */
  gboolean          is_busy;
  gboolean          is_deleting;
  BwRemoteTable    *participations;     /* (owned) (nullable): made when its tab is first looked at */
  GListStore       *children;           /* (owned) (nullable): of the tree's node */

  /* Template children */
  AdwToastOverlay  *toasts;
  GtkLabel         *title_label;
  GtkButton        *above_button;
  GtkWidget        *delete_button;
  GtkRevealer      *refusal_revealer;
  GtkLabel         *refusal_label;
  GtkWidget        *refusal_devices;
  GtkWidget        *refusal_participations;
  GtkWidget        *refusal_subsidiaries;
  GtkWidget        *refusal_users;
  AdwViewStack     *views;
  AdwViewStackPage *participations_tab;
  AdwViewStackPage *devices_tab;
  AdwViewStackPage *subsidiaries_tab;
  BwCompanyForm    *form;
  AdwActionRow     *created_row;
  AdwActionRow     *edited_row;
  GtkRevealer      *save_bar;
  GtkLabel         *save_label;
  BwRemoteView     *participations_view;
  GtkWidget        *add_participation_button;
  AdwStatusPage    *devices_page;
  GtkWidget        *devices_button;
  GtkStack         *subsidiaries_stack;
  GtkListView      *subsidiaries_list;
  GtkWidget        *create_button;
  GtkWidget        *create_first_button;
};

void bw_company_page_emit               (BwCompanyPage       *self,
                                         BwCompanyPageSignal  which,
                                         const char          *text);    /* (nullable) */
/* Shows the company as it is, and drops what was typed. */
void bw_company_page_load_form          (BwCompanyPage       *self);
void bw_company_page_update             (BwCompanyPage       *self);
void bw_company_page_set_busy           (BwCompanyPage       *self,
                                         gboolean             is_busy);

/* bw-company-page-changes.c: saving, moving, deleting */
void bw_company_page_save               (BwCompanyPage       *self);
void bw_company_page_undo               (BwCompanyPage       *self);
void bw_company_page_ask_delete         (BwCompanyPage       *self);

/* bw-company-page-tabs.c: what belongs to it */
void bw_company_page_init_tabs          (BwCompanyPage       *self);
void bw_company_page_update_tabs        (BwCompanyPage       *self);

G_END_DECLS
