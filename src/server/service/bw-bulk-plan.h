/* bw-bulk-plan.h: what a bulk job does to one device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "bw-authority.h"
#include "bw-bulk-repo.h"
#include "bw-device-service.h"
#include "bw-tag-repo.h"

G_BEGIN_DECLS

/* What of a device it changes. */
typedef enum
{
  BW_BULK_STATUS,
  BW_BULK_COMPANY,
  BW_BULK_TAG,
  BW_BULK_VALUE,
} BwBulkFamily;

/* An action and its parameters. Not changed once the target is found, so that any thread may look at it. */
typedef struct
{
  char         *action;         /* as it was asked for: "undo" too */
  BwBulkFamily  family;
  guint         permission;
  gboolean      is_undo;
  BwAction      decision;       /* of a status */
  gboolean      on;             /* of a tag */
  gint64        tag_id;
  BwTagRow     *tag;            /* (nullable): found by bw_bulk_plan_find_target() */
  gint64        company_id;     /* where they go */
  char         *node;
  char         *property;
  char         *value;
  gint64        undo_of;        /* the job that is undone; 0: of none */
  gint64        undone_at_us;   /* of values, found likewise: when that one's were wished for */
  gboolean      is_full;        /* likewise: no more values may wait */
} BwBulkPlan;

/* @parameters: (nullable). An undo's are {"action","parameters"} of what it undoes. */
BwBulkPlan *bw_bulk_plan_new         (const char        *action,
                                      JsonObject        *parameters,
                                      GError           **error);
void        bw_bulk_plan_free        (BwBulkPlan        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwBulkPlan, bw_bulk_plan_free)
/* (transfer full): the parameters in one form */
char       *bw_bulk_plan_dup_parameters (const BwBulkPlan *self);
/* On a store's thread. BW_ERROR_NOT_FOUND: the tag or company is none that somebody of @company_id sees. */
gboolean    bw_bulk_plan_find_target (BwBulkPlan        *self,
                                      BwAuthority       *authority,
                                      BwDb              *db,
                                      gint64             company_id,
                                      GError           **error);
/* Whether the device changes, which it then does from item->was to item->became, or the reason why it does not. @company_id: whose
 * reach counts. A pure decision. */
void        bw_bulk_plan_decide      (const BwBulkPlan  *self,
                                      BwAuthority       *authority,
                                      gint64             company_id,
                                      BwBulkItem        *item);

G_END_DECLS
