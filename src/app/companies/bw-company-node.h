/* bw-company-node.h: a company's place in the tree
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-company.h"

G_BEGIN_DECLS

#define BW_TYPE_COMPANY_NODE (bw_company_node_get_type ())

G_DECLARE_FINAL_TYPE (BwCompanyNode, bw_company_node, BW, COMPANY_NODE, GObject)

/* The fields but the company are BwCompanyTree's to write. */
struct _BwCompanyNode
{
  GObject        parent_instance;

  BwCompany     *company;      /* (owned) */
  BwCompanyNode *parent;       /* (nullable): unowned, the tree holds all */
  GListStore    *children;     /* (owned) (nullable): none yet */
  GPtrArray     *coming;       /* (owned) (nullable): the children while the tree is looked through; unowned */
  gboolean       is_seen;      /* in this look-through */
  gboolean       is_new;
  gboolean       is_shown;     /* a hit of the search, or above one */

  char          *words;        /* (owned) (nullable): what a search looks at; of words_revision */
  gint64         words_revision;
  char          *name_key;     /* (owned) (nullable): of words_revision */
};

BwCompanyNode *bw_company_node_new           (BwCompany     *company);
BwCompany     *bw_company_node_get_company   (BwCompanyNode *self);     /* (transfer none) */
const char    *bw_company_node_get_id        (BwCompanyNode *self);
guint          bw_company_node_get_n_children (BwCompanyNode *self);
/* Folded, with all that a search finds a company by. */
const char    *bw_company_node_get_words     (BwCompanyNode *self);
/* strcmp () of two is the order of the names in the language of the desktop. */
const char    *bw_company_node_get_name_key  (BwCompanyNode *self);
gboolean       bw_company_node_has_tag       (BwCompanyNode *self,
                                              const char    *tag_id);

G_END_DECLS
