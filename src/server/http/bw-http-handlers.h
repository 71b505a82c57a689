/* bw-http-handlers.h: what the rows of the route table call
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-http-routes.h"

G_BEGIN_DECLS

/* A member that must be, or may be, a text; null is as if it was not there. FALSE, and the
 * exchange is ended, when it is something else. */
gboolean bw_http_read_string (BwExchange  *exchange,
                              JsonObject  *object,
                              const char  *name,
                              gboolean     required,
                              const char **ret_value);

/* Of the query; an empty one is none. (nullable) */
const char *bw_http_get_filter (BwExchange  *exchange,
                                const char  *name);

/* (transfer full): what of the query is not among @others; NULL, and ended, when it is no filter of devices */
BwDeviceFilter *bw_http_read_device_filter (BwExchange         *exchange,
                                            const char * const *others);

/* @document: (transfer full) (nullable): an error then; an empty one is 204 */
void bw_http_end_document     (BwExchange   *exchange,
                               GBytes       *document,
                               const GError *error);
/* For what ends as signing in does, and with a document of the session service. */
void bw_http_signed_in_cb     (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data);
void bw_http_session_document_cb (GObject   *source,
                               GAsyncResult *result,
                               gpointer      user_data);
/* The texts in "ids"; NULL when it is no list of such. (transfer full) */
char **bw_http_read_ids (JsonObject *body);

void bw_http_get_status       (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_post_session     (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_session      (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_delete_session   (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_put_password     (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_overview     (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_trends       (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_search       (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_batches      (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_post_batch       (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_batch        (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_delete_batch     (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_import_batch     (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_label_facts  (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_post_flashed     (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_funnel       (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_stragglers   (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_hand_over    (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_post_handed_over (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_ids          (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_post_labelled    (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_devices      (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_device_values (BwBackend *backend,
                               BwExchange *exchange);
void bw_http_export_devices   (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_post_export      (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_post_actions     (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_device       (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_timeline     (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_post_set         (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_post_bulk        (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_bulk_jobs    (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_bulk         (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_bulk_results (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_cancel_bulk      (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_undo_bulk        (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_command      (BwBackend  *backend,
                               BwExchange *exchange);

/* One device, and who is let in by a rule. */
void bw_http_put_desired (BwBackend  *backend,
                          BwExchange *exchange);
void bw_http_delete_desired (BwBackend  *backend,
                             BwExchange *exchange);
void bw_http_post_pair (BwBackend  *backend,
                        BwExchange *exchange);
void bw_http_post_unpair (BwBackend  *backend,
                          BwExchange *exchange);
void bw_http_get_pairings (BwBackend  *backend,
                           BwExchange *exchange);
void bw_http_post_pairing (BwBackend  *backend,
                           BwExchange *exchange);
void bw_http_delete_pairing (BwBackend  *backend,
                             BwExchange *exchange);
void bw_http_post_rotate_key (BwBackend  *backend,
                              BwExchange *exchange);
void bw_http_patch_device (BwBackend  *backend,
                           BwExchange *exchange);
void bw_http_post_rules_trial (BwBackend  *backend,
                               BwExchange *exchange);

void bw_http_accept_invitation (BwBackend *backend,
                                BwExchange *exchange);
void bw_http_post_registration (BwBackend *backend,
                                BwExchange *exchange);
void bw_http_patch_me         (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_get_sessions     (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_post_totp        (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_put_totp         (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_delete_totp      (BwBackend  *backend,
                               BwExchange *exchange);

/* People; the route says which kind. */
void bw_http_get_companies (BwBackend  *backend,
                            BwExchange *exchange);
void bw_http_get_users (BwBackend  *backend,
                        BwExchange *exchange);
void bw_http_get_participations (BwBackend  *backend,
                                 BwExchange *exchange);
void bw_http_get_all (BwBackend  *backend,
                      BwExchange *exchange);
void bw_http_get_one (BwBackend  *backend,
                      BwExchange *exchange);
void bw_http_post_one (BwBackend  *backend,
                       BwExchange *exchange);
void bw_http_patch_one (BwBackend  *backend,
                        BwExchange *exchange);
void bw_http_delete_one (BwBackend  *backend,
                         BwExchange *exchange);
void bw_http_delete_device (BwBackend  *backend,
                            BwExchange *exchange);
void bw_http_get_permissions (BwBackend  *backend,
                              BwExchange *exchange);
void bw_http_get_requests (BwBackend  *backend,
                           BwExchange *exchange);
void bw_http_get_request (BwBackend  *backend,
                          BwExchange *exchange);
void bw_http_accept_request (BwBackend  *backend,
                             BwExchange *exchange);
void bw_http_reject_request (BwBackend  *backend,
                             BwExchange *exchange);
void bw_http_withdraw_request (BwBackend  *backend,
                               BwExchange *exchange);
void bw_http_put_participation (BwBackend  *backend,
                                BwExchange *exchange);
void bw_http_invite_again (BwBackend  *backend,
                           BwExchange *exchange);
void bw_http_log_out_user (BwBackend  *backend,
                           BwExchange *exchange);
void bw_http_remove_totp (BwBackend  *backend,
                          BwExchange *exchange);
void bw_http_post_tag_objects (BwBackend  *backend,
                               BwExchange *exchange);

void bw_http_get_audit (BwBackend  *backend,
                        BwExchange *exchange);
void bw_http_export_audit (BwBackend  *backend,
                           BwExchange *exchange);
void bw_http_verify_audit (BwBackend  *backend,
                           BwExchange *exchange);

G_END_DECLS
