/* bw-session-service.h: signing in, and who a token belongs to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-authority.h"
#include "bw-store.h"

G_BEGIN_DECLS

#define BW_TYPE_SESSION_SERVICE (bw_session_service_get_type ())

G_DECLARE_FINAL_TYPE (BwSessionService, bw_session_service, BW, SESSION_SERVICE, GObject)

#define BW_SESSION_IDLE_HOURS 12
#define BW_SESSION_DAYS       30

/* @broker_url: (nullable): what a desktop is told. @idle_us: how long a session lives without a
 * request, @lifetime_us: at all. */
BwSessionService *bw_session_service_new             (BwStore              *store,
                                                      BwAuthority          *authority,
                                                      const char           *broker_url,
                                                      gint64                idle_us,
                                                      gint64                lifetime_us);
/* Once, before anything else: makes the first company and admin, knows the sessions of
 * earlier runs, and writes a fresh token of the first admin to @token_file (nullable). */
void              bw_session_service_start_async     (BwSessionService     *self,
                                                      const char           *token_file,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean          bw_session_service_start_finish    (BwSessionService     *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

/* What a change has made of sessions, after it was committed; takes the facts out of the array. */
void              bw_session_service_take_facts      (BwSessionService     *self,
                                                      GPtrArray            *facts);
/* On the store's thread, within a transaction: the second factor of an account, and its recovery codes. */
gboolean          bw_session_remove_totp             (BwStoreThread        *thread,
                                                      gint64                account_id,
                                                      GError              **error);
/* All sessions of an account have been removed from the database. */
void              bw_session_service_forget_account  (BwSessionService     *self,
                                                      gint64                account_id);

/* Any thread. (transfer full) (nullable): BW_ERROR_UNAUTHENTICATED */
BwActor          *bw_session_service_authenticate    (BwSessionService     *self,
                                                      const char           *token,
                                                      GError              **error);

/* Finish of the next ones: the API's document, or NULL with an error. @code: (nullable); of the second factor:
 * BW_ERROR_CODE_NEEDED when it is missing or wrong, only to who knows the password. */
void              bw_session_service_sign_in_async   (BwSessionService     *self,
                                                      const char           *user,
                                                      const char           *password,
                                                      const char           *code,
                                                      const char           *address,
                                                      const char           *client,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
GBytes           *bw_session_service_sign_in_finish  (BwSessionService     *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
/* Whoever has the @code of an invitation takes a password, and is signed in; names: (nullable).
 * BW_ERROR_NOT_FOUND: the code is wrong, was used, or is too old. Finish: as signing in. */
void              bw_session_service_accept_async    (BwSessionService     *self,
                                                      const char           *code,
                                                      const char           *password,
                                                      const char           *first_name,
                                                      const char           *last_name,
                                                      const char           *address,
                                                      const char           *client,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
/* An End user of the company with that alias, and signed in. BW_ERROR_NOT_FOUND: there is no such company;
 * BW_ERROR_CONFLICT: the address has an account. Finish: as signing in. */
void              bw_session_service_register_async  (BwSessionService     *self,
                                                      const char           *email,
                                                      const char           *password,
                                                      const char           *first_name,
                                                      const char           *last_name,
                                                      const char           *alias,
                                                      const char           *address,
                                                      const char           *client,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
void              bw_session_service_get_document_async (BwSessionService  *self,
                                                      const BwActor        *actor,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
/* Acts under another participation of the same person; BW_ERROR_NOT_FOUND when it is none of his,
 * BW_ERROR_FORBIDDEN when it is not in force. The document. */
void              bw_session_service_switch_async    (BwSessionService     *self,
                                                      const BwActor        *actor,
                                                      gint64                participation_id,
                                                      const char           *address,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
GBytes           *bw_session_service_document_finish (BwSessionService     *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
/* The person's own sessions; one's own name (nullable: stays), and then the session document. Finish: as above. */
void              bw_session_service_list_async      (BwSessionService     *self,
                                                      const BwActor        *actor,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
void              bw_session_service_rename_async    (BwSessionService     *self,
                                                      const BwActor        *actor,
                                                      const char           *first_name,
                                                      const char           *last_name,
                                                      const char           *address,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);

typedef enum
{
  BW_TOTP_BEGIN,       /* the secret */
  BW_TOTP_CONFIRM,     /* the recovery codes; ends the person's other sessions */
  BW_TOTP_TAKE_BACK,   /* likewise; an empty document */
} BwTotpStep;

/* One's own second factor. @code: (nullable) only to begin; also a recovery code to take it back.
 * BW_ERROR_CODE_NEEDED: it is wrong. Finish: as above. */
void              bw_session_service_totp_async      (BwSessionService     *self,
                                                      const BwActor        *actor,
                                                      BwTotpStep            step,
                                                      const char           *code,
                                                      const char           *address,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
/* @id: one of the person's sessions; NULL: this one */
void              bw_session_service_end_async       (BwSessionService     *self,
                                                      const BwActor        *actor,
                                                      const char           *id,
                                                      const char           *address,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean          bw_session_service_end_finish      (BwSessionService     *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
/* Also ends the person's other sessions. */
void              bw_session_service_change_password_async  (BwSessionService     *self,
                                                      const BwActor        *actor,
                                                      const char           *old_password,
                                                      const char           *new_password,
                                                      const char           *address,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean          bw_session_service_change_password_finish (BwSessionService     *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

G_END_DECLS
