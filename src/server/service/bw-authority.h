/* bw-authority.h: who may do what, in one place
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-company-repo.h"

G_BEGIN_DECLS

/* The tree of companies in memory. Any thread may ask; the store's writing thread tells it
 * what it has committed, so that no answer is older than the last commit. */
typedef struct _BwAuthority BwAuthority;

BwAuthority *bw_authority_new            (void);
BwAuthority *bw_authority_ref            (BwAuthority    *self);
void         bw_authority_unref          (BwAuthority    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwAuthority, bw_authority_unref)

/* All companies anew. On the store's thread. */
gboolean     bw_authority_load           (BwAuthority    *self,
                                          BwDb           *db,
                                          GError        **error);
/* @parent_id: 0 for the root */
void         bw_authority_put_company    (BwAuthority    *self,
                                          gint64          id,
                                          gint64          parent_id);
void         bw_authority_remove_company (BwAuthority    *self,
                                          gint64          id);

/* Whether @company_id is @actor_company or below it. */
gboolean     bw_authority_reaches        (BwAuthority    *self,
                                          gint64          actor_company,
                                          gint64          company_id);
/* How many levels stand above and with @id: 1 for the root; 0: there is no such company. */
guint        bw_authority_get_depth      (BwAuthority    *self,
                                          gint64          id);
/* How many levels hang below @id: 0 when nothing does. */
guint        bw_authority_get_height     (BwAuthority    *self,
                                          gint64          id);
/* The decision. FALSE with BW_ERROR_FORBIDDEN when the role does not allow it, and with
 * BW_ERROR_NOT_FOUND and “there is no @what” when the object's company is out of reach. */
gboolean     bw_authority_decide         (BwAuthority    *self,
                                          const BwActor  *actor,
                                          guint           permissions,
                                          gint64          company_id,
                                          const char     *what,
                                          GError        **error);

G_END_DECLS
