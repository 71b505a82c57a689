/* bw-audit-service.h: reading and verifying what has been done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-audit-repo.h"

G_BEGIN_DECLS

#define BW_TYPE_AUDIT_SERVICE (bw_audit_service_get_type ())

G_DECLARE_FINAL_TYPE (BwAuditService, bw_audit_service, BW, AUDIT_SERVICE, GObject)

BwAuditService *bw_audit_service_new           (BwStore              *store);

/* Of the queries, whose reach is filled in here; takes what it needs. finish: the API's document. */
void            bw_audit_service_list_async    (BwAuditService       *self,
                                                const BwActor        *actor,
                                                const BwAuditQuery   *query,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
/* {"ok","n","firstBad","reason"} */
void            bw_audit_service_verify_async  (BwAuditService       *self,
                                                const BwActor        *actor,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
GBytes         *bw_audit_service_finish        (BwAuditService       *self,
                                                GAsyncResult         *result,
                                                GError              **error);

/* The same entries as comma separated values, oldest first, all of them: offset and limit do not count. */
void            bw_audit_service_export_async  (BwAuditService       *self,
                                                const BwActor        *actor,
                                                const BwAuditQuery   *query,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
/* (transfer full): a file, or -1 */
int             bw_audit_service_export_finish (BwAuditService       *self,
                                                GAsyncResult         *result,
                                                gint64               *ret_size,
                                                GError              **error);

/* The newest entry, for whoever writes it down elsewhere; seq 0: there is none. */
void            bw_audit_service_get_head_async  (BwAuditService       *self,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean        bw_audit_service_get_head_finish (BwAuditService       *self,
                                                  GAsyncResult         *result,
                                                  BwAuditHead          *ret_head,
                                                  GError              **error);

G_END_DECLS
