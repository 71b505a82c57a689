/* bw-session-views.h: filters, orders and columns that are kept on the server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-saved-view.h"
#include "bw-session.h"

G_BEGIN_DECLS

/* One's own views and those that are shared with one's company. Finish: (transfer full) (element-type BwSavedView),
 * by name. Changes are hinted at in the feed: "changed::view". */
void         bw_session_load_views_async  (BwSession            *self,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
GPtrArray   *bw_session_load_views_finish (BwSession            *self,
                                           GAsyncResult         *result,
                                           GError              **error);
/* @company_id: (nullable): shared with that company and those below it; NULL: one's own. @document: what is shown,
 * {"filter","sort","columns"}. Finish: bw_session_save_view_finish (). */
void         bw_session_create_view_async (BwSession            *self,
                                           const char           *name,
                                           const char           *company_id,
                                           JsonObject           *document,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* @name, @document: NULL: stays. Fails with BW_ERROR_CONFLICT when somebody else was faster. */
void         bw_session_save_view_async   (BwSession            *self,
                                           BwSavedView          *view,
                                           const char           *name,
                                           JsonObject           *document,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
BwSavedView *bw_session_save_view_finish  (BwSession            *self,
                                           GAsyncResult         *result,
                                           GError              **error);
void         bw_session_delete_view_async (BwSession            *self,
                                           BwSavedView          *view,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
gboolean     bw_session_delete_view_finish (BwSession           *self,
                                           GAsyncResult         *result,
                                           GError              **error);

G_END_DECLS
