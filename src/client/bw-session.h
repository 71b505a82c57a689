/* bw-session.h: signed in to one backend
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-batch.h"
#include "bw-command.h"
#include "bw-company.h"
#include "bw-device.h"
#include "bw-device-tree.h"
#include "bw-entity-list.h"
#include "bw-participation.h"
#include "bw-permission.h"
#include "bw-request.h"
#include "bw-role.h"
#include "bw-stranger.h"
#include "bw-tag.h"

G_BEGIN_DECLS

#define BW_TYPE_SESSION (bw_session_get_type ())

G_DECLARE_FINAL_TYPE (BwSession, bw_session, BW, SESSION, GObject)

/* All calls: main thread. Every …_finish sets BW_ERROR or G_IO_ERROR_CANCELLED.
 *
 * Signals
 *   changed (const char *kind, JsonObject *document)   the live feed: "batch", "device", "command", "overview";
 *                                                      detail is the kind: "changed::device"; of "company", "user",
 *                                                      "participation", "role", "tag", "request" only id and revision
 *   signed-out (GError *why)                           the token holds no longer
 *   stranger (BwStranger *)                            the backend showed a certificate that is not trusted
 * Properties
 *   online (gboolean, notify)          the backend answers
 *   feed-connected (gboolean, notify)  the broker lets us follow changes
 *   acting (string, notify)            the id of the participation one acts under. When it is another, all lists are
 *                                      empty already; whoever shows anything of the old one's drops it
 *   permissions (uint, notify)         a set of BwPermission; may change at any time
 *   user-name (string, notify)         see bw_session_get_user_name (); people are renamed
 */

/* Why the broker does not let us follow changes. */
typedef enum
{
  BW_FEED_SILENT,        /* it does not answer, or nobody knows */
  BW_FEED_UNTRUSTED,     /* its certificate */
  BW_FEED_IN_THE_OPEN,   /* it is without TLS, and we came by it */
} BwFeedProblem;

/* Does not connect. @base_uri: "http://host:port" or https; NULL with @error when it is no such address. */
BwSession  *bw_session_new                 (const char           *base_uri,
                                            GError              **error);
const char *bw_session_get_base_uri        (BwSession            *self);
const char *bw_session_get_token           (BwSession            *self);
const char *bw_session_get_user_name       (BwSession            *self);
gboolean    bw_session_get_must_change_password (BwSession       *self);
gboolean    bw_session_get_online          (BwSession            *self);
gboolean    bw_session_get_feed_connected  (BwSession            *self);
/* While it is not connected; told with `feed-connected`. */
BwFeedProblem bw_session_get_feed_problem  (BwSession            *self);

/* Before the first call. The authorities in that file are trusted instead of the system's. */
gboolean    bw_session_set_ca_file         (BwSession            *self,
                                            const char           *path,
                                            GError              **error);
/* Before the first call. Certificates that a person has trusted (BwPins) count; without it they do not. */
void        bw_session_use_pins            (BwSession            *self);
/* (nullable): whose certificate was refused at the last call that failed. Nothing was sent to him. */
const BwStranger *bw_session_get_stranger  (BwSession            *self);

/* Who is signed in, and as what. All but the id and the login may be NULL. */
const char *bw_session_get_user_id         (BwSession            *self);
const char *bw_session_get_login           (BwSession            *self);
const char *bw_session_get_email           (BwSession            *self);
const char *bw_session_get_first_name      (BwSession            *self);
const char *bw_session_get_last_name       (BwSession            *self);
const char *bw_session_get_company_id      (BwSession            *self);
const char *bw_session_get_company         (BwSession            *self);
const char *bw_session_get_role_id         (BwSession            *self);
const char *bw_session_get_role            (BwSession            *self);
gboolean    bw_session_get_totp            (BwSession            *self);
const char *bw_session_get_acting          (BwSession            *self);
guint       bw_session_get_permissions     (BwSession            *self);
/* All of @permission's bits. */
gboolean    bw_session_may                 (BwSession            *self,
                                            BwPermission          permission);
/* One's own, of BwParticipation: id, company-id, company, role-id, role, active, last-day. (transfer none) */
BwEntityList *bw_session_get_participations (BwSession           *self);
/* Reads the session document again soon. */
void        bw_session_refresh             (BwSession            *self);
/* Acts under another one of one's own. */
void        bw_session_switch_participation_async (BwSession     *self,
                                            const char           *participation_id,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_switch_participation_finish (BwSession    *self,
                                            GAsyncResult         *result,
                                            GError              **error);

/* With user and password; the token is in bw_session_get_token () afterwards. */
void        bw_session_sign_in_async       (BwSession            *self,
                                            const char           *user,
                                            const char           *password,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_sign_in_finish      (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* The same with the second factor's code; without one, or with a wrong one, it fails with
 * BW_ERROR_CODE_NEEDED where the account has it. Finish: bw_session_sign_in_finish (). */
void        bw_session_sign_in_with_code_async (BwSession        *self,
                                            const char           *user,
                                            const char           *password,
                                            const char           *code,          /* (nullable) */
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
/* Whether a code of the second factor was missing or wrong. */
gboolean    bw_session_error_wants_code    (const GError         *error);
/* With the code of an invitation; as signed in as by bw_session_sign_in_async () afterwards. */
void        bw_session_accept_async        (BwSession            *self,
                                            const char           *code,
                                            const char           *password,
                                            const char           *first_name,    /* (nullable): as it was invited */
                                            const char           *last_name,     /* (nullable) */
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_accept_finish       (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* With an account that is made now, in the company of that alias. */
void        bw_session_register_async      (BwSession            *self,
                                            const char           *email,
                                            const char           *password,
                                            const char           *first_name,
                                            const char           *last_name,
                                            const char           *alias,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_register_finish     (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* With a token that an earlier sign-in or `--token-file` gave. */
void        bw_session_resume_async        (BwSession            *self,
                                            const char           *token,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_resume_finish       (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
void        bw_session_change_password_async (BwSession          *self,
                                            const char           *old_password,
                                            const char           *new_password,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_change_password_finish (BwSession         *self,
                                            GAsyncResult         *result,
                                            GError              **error);
void        bw_session_sign_out_async      (BwSession            *self,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_sign_out_finish     (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* Follows the live feed from now on; the commands of a terminal do without. */
void        bw_session_start_feed          (BwSession            *self);

/* One exchange with the API: @body (nullable) is sent as JSON; the reply's
 * document. What has no call of its own below goes through here. */
void        bw_session_call_async          (BwSession            *self,
                                            const char           *method,
                                            const char           *path_and_query,
                                            const char           *body,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
JsonObject *bw_session_call_finish         (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

/* The one way to change companies, users, participations, roles, tags and requests. @method "POST", "PATCH" or
 * "DELETE"; @body (nullable) is only read. What was changed is in the lists when it finishes. A stale
 * revision is BW_ERROR_CONFLICT. */
typedef struct
{
  BwRequest  *request;    /* (nullable): it is not done yet but waits for approval */
  JsonObject *document;   /* (nullable): as it is now; none when it is gone */
} BwOutcome;
void        bw_outcome_free                (BwOutcome            *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwOutcome, bw_outcome_free)
void        bw_session_change_async        (BwSession            *self,
                                            const char           *method,
                                            const char           *path,
                                            JsonObject           *body,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
BwOutcome  *bw_session_change_finish       (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* What the same change would do: the effects document; nothing is changed. */
void        bw_session_preview_async       (BwSession            *self,
                                            const char           *method,
                                            const char           *path,
                                            JsonObject           *body,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
JsonObject *bw_session_preview_finish      (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

/* Lists that pages bind to; filled by load, kept up by the feed, in no order. (transfer none) */
BwEntityList *bw_session_get_companies     (BwSession            *self);
BwEntityList *bw_session_get_batches       (BwSession            *self);
BwEntityList *bw_session_get_roles         (BwSession            *self);
BwEntityList *bw_session_get_tags          (BwSession            *self);
void        bw_session_load_companies_async  (BwSession          *self,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_load_companies_finish (BwSession          *self,
                                            GAsyncResult         *result,
                                            GError              **error);
void        bw_session_load_batches_async  (BwSession            *self,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_load_batches_finish (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
void        bw_session_load_roles_async    (BwSession            *self,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_load_roles_finish   (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
void        bw_session_load_tags_async     (BwSession            *self,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_load_tags_finish    (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

/* Batches. Creation answers at once; the batch's `n-done` and `state` move with the feed. */
void        bw_session_create_batch_async  (BwSession            *self,
                                            const char           *name,
                                            gint64                count,
                                            const char           *company_id,    /* (nullable): the Main Company */
                                            const char           *color,         /* (nullable) */
                                            const char           *info,          /* (nullable) */
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
BwBatch    *bw_session_create_batch_finish (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* Takes back a batch that is still being created. */
void        bw_session_cancel_batch_async  (BwSession            *self,
                                            const char           *batch_id,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_cancel_batch_finish (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* Writes the hand-over file: into a temporary one beside @path, synced, renamed, and only
 * then tells the backend, which forgets the keys. @ret_had_keys: FALSE when they had been
 * handed over before and the key column is empty. Progress: bytes so far, on the main thread. */
typedef void (*BwProgressFunc) (gint64 n_done, gint64 n_total, gpointer user_data);
void        bw_session_export_batch_async  (BwSession            *self,
                                            const char           *batch_id,
                                            const char           *path,
                                            BwProgressFunc        progress,
                                            gpointer              progress_data,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_export_batch_finish (BwSession            *self,
                                            GAsyncResult         *result,
                                            gboolean             *ret_had_keys,
                                            GError              **error);
/* The same as a ZIP with a file for each device, for whoever flashes them, and with their SHA-256 sums. */
typedef enum
{
  BW_HAND_OVER_CSV,     /* no ZIP: one table */
  BW_HAND_OVER_JSON,    /* 0001-xxxx-xxxx-xxxx-xxxx.json */
  BW_HAND_OVER_NVS,     /* …csv, as nvs_partition_gen.py of ESP-IDF reads it */
} BwHandOverFormat;

void        bw_session_export_batch_as_async (BwSession          *self,
                                            const char           *batch_id,
                                            const char           *path,
                                            BwHandOverFormat      format,
                                            BwProgressFunc        progress,
                                            gpointer              progress_data,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
/* A reply that is as long as it likes into a file, which appears (or replaces another one) when all of it is there.
 * Progress: lines so far, without a total. */
void        bw_session_download_async      (BwSession            *self,
                                            const char           *path_and_query,
                                            const char           *file_path,
                                            BwProgressFunc        progress,
                                            gpointer              progress_data,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
/* The same for the answer to a POST of this JSON. @body: (nullable): a GET */
void        bw_session_download_asked_async (BwSession           *self,
                                            const char           *path,
                                            const char           *body,
                                            const char           *file_path,
                                            BwProgressFunc        progress,
                                            gpointer              progress_data,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_download_finish     (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* The IDs of a batch in order of their serial numbers, from @first (1 is the first one), at most @count.
 * Finish: (transfer full) (element-type utf8). */
void        bw_session_load_ids_async      (BwSession            *self,
                                            const char           *batch_id,
                                            gint64                first,
                                            gint64                count,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
GPtrArray  *bw_session_load_ids_finish     (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* Says that labels of these serials were printed or exported: New → Labelled. */
void        bw_session_mark_labelled_async (BwSession            *self,
                                            const char           *batch_id,
                                            gint64                first,
                                            gint64                count,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean    bw_session_mark_labelled_finish (BwSession           *self,
                                            GAsyncResult         *result,
                                            GError              **error);

/* What a label can show of a device. All but the id and the serial number (nullable). */
typedef struct
{
  gint64  serial;
  char   *device_id;
  char   *name;
  char   *type;
  char   *abbreviation;
  char   *license;
  char   *machine_id;
  char   *company;
  char   *product;     /* what the device called itself when it was seen */
} BwDeviceFacts;

/* Of a batch, in order of their serial numbers, from @first (1 is the first one), at most @count.
 * Finish: (transfer full) (element-type BwDeviceFacts). */
void        bw_session_load_label_facts_async (BwSession         *self,
                                            const char           *batch_id,
                                            gint64                first,
                                            gint64                count,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
GPtrArray  *bw_session_load_label_facts_finish (BwSession        *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* The manufacturer's confirmation: these devices carry their firmware. @csv: a table, or an ID a line.
 * Finish: what became of them: nRows, nChanged, nAlready, nRefused, problems [{row, column, value, code, reason}]. */
void        bw_session_confirm_flashed_async (BwSession          *self,
                                            const char           *batch_id,
                                            GBytes               *csv,
                                            BwProgressFunc        progress,
                                            gpointer              progress_data,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
JsonObject *bw_session_confirm_flashed_finish (BwSession         *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* A batch of Device IDs that exist already; the columns are in model/bw-import.h. */
typedef struct
{
  const char *name;
  const char *company_id;    /* (nullable) */
  const char *company;       /* (nullable): name or alias, instead of the id */
  const char *color;         /* (nullable) */
  const char *info;          /* (nullable) */
  gboolean    skip_bad;      /* otherwise nothing is made when a row is bad */
  gboolean    dry_run;       /* only says what would be */
} BwImportWish;

/* Finish: batch (null: nothing was made), nRows, nGood, nBad, nOwnKeys, ignored, problems. */
void        bw_session_import_batch_async  (BwSession            *self,
                                            const BwImportWish   *wish,
                                            GBytes               *csv,
                                            BwProgressFunc        progress,
                                            gpointer              progress_data,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
JsonObject *bw_session_import_batch_finish (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

/* Devices. For the table see bw-device-table.h. */
/* A device with its nodes: the entity's tree is filled (bw_device_get_tree ()). */
void        bw_session_load_device_async   (BwSession            *self,
                                            const char           *device_id,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
BwDevice   *bw_session_load_device_finish  (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* @action: "approve", "unapprove", "block", "unblock" on one or many. Finish: what
 * happened to each; (transfer full) (element-type BwActionResult). */
typedef struct
{
  char *device_id;
  char *reason;      /* NULL: done */
} BwActionResult;
void        bw_session_act_async           (BwSession            *self,
                                            const char           *action,
                                            const char * const   *device_ids,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
GPtrArray  *bw_session_act_finish          (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);
/* Wants @value of a property. With @wait_s > 0 the call ends when the device confirmed, failed or the
 * time is over; with 0 at once, and the feed tells the rest ("changed::command"). */
void        bw_session_set_async           (BwSession            *self,
                                            const char           *device_id,
                                            const char           *node_id,
                                            const char           *property_id,
                                            const char           *value,
                                            guint                 wait_s,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
BwCommand  *bw_session_set_finish          (BwSession            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

G_END_DECLS
