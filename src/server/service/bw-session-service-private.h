/* bw-session-service-private.h: for the files of the session service
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-password.h"
#include "bw-session-facts.h"
#include "bw-session-service.h"
#include "bw-session-start-private.h"
#include "bw-sign-in-gate.h"
#include "bw-totp.h"

G_BEGIN_DECLS

struct _BwSessionService
{
  GObject         parent_instance;

  BwStore        *store;
  BwAuthority    *authority;
  gint64          idle_us;
  gint64          lifetime_us;
  BwPasswordPool *passwords;
  BwSignInGate   *gate;
  BwTotpKey      *totp_key;        /* (nullable): second factors cannot be checked */
  char           *broker_url;
  guint           sweep_id;

  GMutex          lock;            /* guards the table and its entries */
  GHashTable     *sessions;        /* token hash → BwSessionEntry */
};

typedef struct
{
  guint8    token_hash[BW_SECRET_HASH_BYTES];
  BwActor  *actor;
  BwSessionFact *fact;
  gint64    expires_at_us;
  gint64    created_at_us;
  gint64    last_used_at_us;
  gint64    stored_at_us;
  gboolean  is_unattended;
} BwSessionEntry;

/* A session as it was stored, and what it stands on; @fact: (transfer full). */
void       bw_session_service_add_entry   (BwSessionService  *self,
                                           const BwSessionRow *row,
                                           BwSessionFact     *fact);
/* Takes out what the account has, but @keep; and the oldest when there are more than @n_max.
 * Returns: (transfer full) (element-type utf8): the ids */
GPtrArray *bw_session_service_take_out    (BwSessionService  *self,
                                           gint64             account_id,
                                           const char        *keep,
                                           guint              n_max);
/* Removes the rows of sessions that were taken out. @ids: (transfer full) */
void       bw_session_service_end_rows    (BwSessionService  *self,
                                           GPtrArray         *ids);
/* On the store's thread, within a transaction. */
gboolean   bw_session_service_remove_rows (BwStoreThread     *thread,
                                           GPtrArray         *ids,
                                           GError           **error);
/* Says that somebody has changed what others see: a "user", a "participation"; at home. */
void       bw_session_service_tell        (BwSessionService  *self,
                                           const char        *kind,
                                           gint64             company_id,
                                           gint64             id);
/* Whether it is alive, and when it was last used. */
gboolean   bw_session_service_find        (BwSessionService  *self,
                                           const char        *id,
                                           gint64            *ret_last_used_us);
/* Forgets one whose row is gone. */
void       bw_session_service_drop        (BwSessionService  *self,
                                           const char        *id);
gboolean   bw_session_check_name          (const char        *name,
                                           GError           **error);

/* A session about to begin: how somebody signs in, or accepts an invitation. */
typedef struct
{
  gint64         account_id;
  char          *address;
  char          *client;
  char          *broker_url;
  gint64         lifetime_us;

  BwSessionRow  *row;
  BwSessionFact *fact;
  GBytes        *document;     /* with the token in it */
} BwSessionOpening;

void       bw_session_opening_init   (BwSessionOpening  *self,
                                      BwSessionService  *service,
                                      const char        *address,
                                      const char        *client);
void       bw_session_opening_clear  (BwSessionOpening  *self);
/* On the store's thread, within a transaction: the row, what it stands on, the audit entry, the document. */
gboolean   bw_session_opening_run    (BwSessionOpening  *self,
                                      BwStoreThread     *thread,
                                      GError           **error);
/* At home, once it is committed. (transfer full): the document */
GBytes    *bw_session_opening_finish (BwSessionOpening  *self,
                                      BwSessionService  *service);
/* Appends the session document. On the store's thread. */
gboolean   bw_session_document_write (BwDb              *db,
                                      const char        *member,
                                      const BwSessionFact *fact,
                                      gint64             expires_at_us,
                                      gboolean           is_unattended,
                                      const char        *broker_url,
                                      GString           *out,
                                      GError           **error);

/* (transfer full): of the actor's session. On the store's thread, as what follows, within a transaction. */
GBytes    *bw_session_document_make  (BwDb              *db,
                                      const BwActor     *actor,
                                      const char        *broker_url,
                                      GError           **error);
/* What the actor has done about the own account; @before: (nullable); @ret_company: where he acts, or whose user he is */
gboolean   bw_session_add_audit      (BwStoreThread     *thread,
                                      const BwActor     *actor,
                                      const char        *address,
                                      const char        *action,
                                      GString           *before,
                                      gint64            *ret_company,
                                      GError           **error);
/* Whether @code is right now, of the app or a recovery code; it is used up. @key: (nullable) */
gboolean   bw_session_check_code     (BwStoreThread     *thread,
                                      BwTotpKey         *key,
                                      gint64             account_id,
                                      const char        *code,
                                      GError           **error);

G_END_DECLS
