/* bw-companies-page-private.h: for the files of BwCompaniesPage
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-column-choice.h"
#include "bw-companies-page.h"
#include "bw-company-tree.h"
#include "bw-tag-filter.h"
#include "bw-width-bin.h"

G_BEGIN_DECLS

#define BW_COMPANIES_MAX_COLUMNS 16

typedef enum
{
  BW_COMPANIES_PAGE_SHOW_DEVICES,
  BW_COMPANIES_PAGE_SHOW_USERS,
  BW_COMPANIES_PAGE_ADD_PARTICIPATION,
  BW_COMPANIES_PAGE_EDIT_PARTICIPATION,
  BW_COMPANIES_PAGE_N_SIGNALS
} BwCompaniesPageSignal;

struct _BwCompaniesPage
{
  GtkWidget             parent_instance;

  BwSession            *session;         /* (owned) */
  GCancellable         *cancellable;
  BwCompanyTree        *tree;            /* (owned) */
  GtkSortListModel     *sorted;          /* (owned) */
  GtkSingleSelection   *selection;       /* (owned) */
  BwColumnChoice       *choice;          /* (owned) */
  GtkColumnViewColumn  *columns[BW_COMPANIES_MAX_COLUMNS];   /* unowned: the view's */
  gboolean              is_loaded;
  char                 *error_text;      /* (nullable) */
  char                 *selected_id;     /* (nullable): what stays selected when the rows are others */
  GQueue               *history;         /* (element-type utf8): the companies to come back to */
  GtkWidget            *company_page;    /* (nullable): the open one */

  /* Template children */
  AdwToastOverlay      *toasts;
  GtkStack             *places;
  GtkStack             *stack;
  GtkWidget            *toolbar;
  GtkWidget            *search_entry;
  BwTagFilter          *tag_filter;
  GtkMenuButton        *menu_button;
  GtkWidget            *create_button;
  GtkLabel             *count_label;
  AdwStatusPage        *failed_page;
  AdwStatusPage        *nothing_page;
  BwWidthBin           *width_bin;
  GtkColumnView        *column_view;
  GtkPopoverMenu       *row_popover;
  GMenu                *page_menu;
};

void           bw_companies_page_update_actions (BwCompaniesPage      *self);
void           bw_companies_page_notify_title  (BwCompaniesPage       *self);
void           bw_companies_page_emit          (BwCompaniesPage       *self,
                                                BwCompaniesPageSignal  which,
                                                const char            *id);

/* bw-companies-page-company.c */
void           bw_companies_page_go_back       (BwCompaniesPage *self);
/* Shows the tree; @text (nullable) is told. */
void           bw_companies_page_close         (BwCompaniesPage *self,
                                                const char      *text);

/* bw-companies-page-columns.c */
void           bw_companies_page_init_columns  (BwCompaniesPage *self);
void           bw_companies_page_fit_columns   (BwCompaniesPage *self);
gboolean       bw_companies_page_sort_by       (BwCompaniesPage *self,
                                                const char      *column,
                                                GtkSortType      order);
/* The row at a point of the view. */
guint          bw_companies_page_get_position_at (BwCompaniesPage *self,
                                                double           x,
                                                double           y);
/* The widget of a row that is in sight. (nullable) */
GtkWidget     *bw_companies_page_find_row      (BwCompaniesPage *self,
                                                guint            position);

/* bw-companies-page-rows.c */
void           bw_companies_page_init_rows     (BwCompaniesPage *self);
BwCompanyNode *bw_companies_page_get_selected  (BwCompaniesPage *self);     /* (nullable) (transfer none) */
void           bw_companies_page_select        (BwCompaniesPage *self,
                                                const char      *company_id);
void           bw_companies_page_expand_all    (BwCompaniesPage *self,
                                                gboolean         is_expanded);
void           bw_companies_page_pop_up        (BwCompaniesPage *self);

G_END_DECLS
