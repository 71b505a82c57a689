/* bw-session-bulk.h: changing many devices at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-session.h"

G_BEGIN_DECLS

/* How many ids the server takes; more are meant by a filter. */
#define BW_BULK_IDS_MAX 10000

/* What shall be done: "approve", "unapprove", "block", "unblock"; "tag" and "untag" with {"tagId"}, "assign" with
 * {"companyId"}, "set" with {"node","property","value"}. Either @ids or @filter (bw-device-query.h) is given.
 * (transfer full) */
JsonObject *bw_bulk_request_new            (const char           *action,
                                            const char * const   *ids,          /* (nullable) */
                                            JsonObject           *filter,       /* (nullable) */
                                            JsonObject           *parameters);  /* (nullable) */

/* What would be: {"total","nChange","nRefused","change":[…],"refused":[…],"reasons":[{"reason","n"}…]}. */
void        bw_session_preview_bulk_async  (BwSession            *self,
                                            JsonObject           *request,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
JsonObject *bw_session_preview_bulk_finish (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

/* Starts a job on the server and follows it to its end. @stop takes back what is not done yet; the job then ends with
 * the state "cancelled", which is no error. @cancellable only ends the following: the job goes on.
 * Finish: the job as it ended. */
void        bw_session_run_bulk_async      (BwSession            *self,
                                            JsonObject           *request,
                                            BwProgressFunc        progress,
                                            gpointer              progress_data,
                                            GCancellable         *stop,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
/* The same for taking a job back. */
void        bw_session_undo_bulk_async     (BwSession            *self,
                                            const char           *job_id,
                                            BwProgressFunc        progress,
                                            gpointer              progress_data,
                                            GCancellable         *stop,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
JsonObject *bw_session_run_bulk_finish     (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

/* What became of each device as a CSV file: device_id,name,state,reason. @state: (nullable): "refused" only. Progress:
 * devices so far. */
void        bw_session_export_bulk_async   (BwSession            *self,
                                            const char           *job_id,
                                            const char           *state,
                                            const char           *file_path,
                                            BwProgressFunc        progress,
                                            gpointer              progress_data,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_export_bulk_finish  (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

G_END_DECLS
