/* bw-company-tree.h: the companies as they hang below each other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-company-node.h"
#include "bw-entity-list.h"

G_BEGIN_DECLS

#define BW_TYPE_COMPANY_TREE (bw_company_tree_get_type ())

/* Follows a list of companies. Items of its models: GtkTreeListRow of BwCompanyNode.
 *
 * Property: model (GtkTreeListModel, notify)  what to show: all, with what somebody has opened; or, while something is
 *                                             searched, the hits and what is above them, all opened
 * Signal: changed ()  the list was another; nodes came, went, moved or changed */
G_DECLARE_FINAL_TYPE (BwCompanyTree, bw_company_tree, BW, COMPANY_TREE, GObject)

BwCompanyTree    *bw_company_tree_new         (BwEntityList  *companies);
GtkTreeListModel *bw_company_tree_get_model   (BwCompanyTree *self);     /* (transfer none) */
/* Both may be NULL or empty: all. A company is a hit when all words of @search are in it, and it has the tag. */
void              bw_company_tree_search      (BwCompanyTree *self,
                                               const char    *search,
                                               const char    *tag_id);
gboolean          bw_company_tree_is_searched (BwCompanyTree *self);
/* Of the search; without one, all. */
guint             bw_company_tree_get_n_found (BwCompanyTree *self);
/* (nullable) (transfer none) */
BwCompanyNode    *bw_company_tree_lookup      (BwCompanyTree *self,
                                               const char    *company_id);
/* "Main Company › North"; without the company itself. (transfer full) */
char             *bw_company_tree_get_path    (BwCompanyTree *self,
                                               const char    *company_id);
/* Opens all that is above it; not while something is searched. (transfer full) (nullable) */
GtkTreeListRow   *bw_company_tree_reveal      (BwCompanyTree *self,
                                               const char    *company_id);
/* Opens or closes all there is. */
void              bw_company_tree_expand_all  (BwCompanyTree *self,
                                               gboolean       is_expanded);

G_END_DECLS
