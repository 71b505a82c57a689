/* bw-people-service.h: companies, users, participations, roles, tags; and changes that wait
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "bw-authority.h"
#include "bw-feed.h"
#include "bw-mailer.h"
#include "bw-participation-repo.h"
#include "bw-request-repo.h"
#include "bw-session-service.h"
#include "bw-user-repo.h"

G_BEGIN_DECLS

#define BW_TYPE_PEOPLE_SERVICE (bw_people_service_get_type ())

G_DECLARE_FINAL_TYPE (BwPeopleService, bw_people_service, BW, PEOPLE_SERVICE, GObject)

typedef enum
{
  BW_KIND_COMPANY,
  BW_KIND_USER,
  BW_KIND_PARTICIPATION,
  BW_KIND_ROLE,
  BW_KIND_TAG,
  BW_KIND_DEVICE,     /* only to be deleted here */
  BW_KIND_LABEL_DESIGN,
  BW_KIND_RULE,
  BW_KIND_VIEW,
} BwKind;

typedef enum
{
  BW_CHANGE_CREATE,
  BW_CHANGE_EDIT,
  BW_CHANGE_DELETE,
} BwChangeAction;

/* What somebody wants to change. */
typedef struct
{
  BwKind          kind;
  BwChangeAction  action;
  const char     *id;          /* (nullable) */
  JsonObject     *body;        /* (nullable): members as the route takes them */
  gint64          revision;    /* the one that was seen; 0: whichever it is now */
  const char     *comment;     /* (nullable): for who decides */
  gboolean        preview;     /* change nothing, tell what would be */
  const char     *address;
} BwChangeWish;

typedef enum
{
  BW_CHANGE_DONE,
  BW_CHANGE_PARKED,
  BW_CHANGE_PREVIEWED,
} BwChangeOutcome;

BwPeopleService *bw_people_service_new           (BwStore              *store,
                                                  BwFeed               *feed,
                                                  BwAuthority          *authority,
                                                  BwSessionService     *sessions);

/* Invitations are sent from now on. @public_url: (nullable): what people call this server */
void             bw_people_service_set_mailer    (BwPeopleService      *self,
                                                  BwMailer             *mailer,
                                                  const char           *public_url);

/* The members that a body of this kind may have; NULL-terminated. */
const char * const *bw_people_get_members        (BwKind                kind,
                                                  BwChangeAction        action);

/* Lists and documents; finish: the API's document. Of the queries, whose reach is filled in here. */
void      bw_people_service_list_companies_async (BwPeopleService      *self,
                                                  const BwActor        *actor,
                                                  const char           *search,
                                                  gint64                tag,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
void      bw_people_service_list_users_async     (BwPeopleService      *self,
                                                  const BwActor        *actor,
                                                  const BwUserQuery    *query,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
void      bw_people_service_list_participations_async (BwPeopleService *self,
                                                  const BwActor        *actor,
                                                  const BwParticipationQuery *query,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
/* Roles or tags: all there are to see. */
void      bw_people_service_list_all_async       (BwPeopleService      *self,
                                                  const BwActor        *actor,
                                                  BwKind                kind,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
void      bw_people_service_get_async            (BwPeopleService      *self,
                                                  const BwActor        *actor,
                                                  BwKind                kind,
                                                  const char           *id,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
void      bw_people_service_list_requests_async  (BwPeopleService      *self,
                                                  const BwActor        *actor,
                                                  const BwRequestQuery *query,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
void      bw_people_service_get_request_async    (BwPeopleService      *self,
                                                  const BwActor        *actor,
                                                  const char           *id,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
GBytes   *bw_people_service_finish               (BwPeopleService      *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

/* Takes what it needs of @wish. */
void      bw_people_service_change_async         (BwPeopleService      *self,
                                                  const BwActor        *actor,
                                                  const BwChangeWish   *wish,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
/* Carries a request out, under the rights of @actor. */
void      bw_people_service_accept_async         (BwPeopleService      *self,
                                                  const BwActor        *actor,
                                                  const char           *id,
                                                  const char           *address,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
/* The document: of what was changed, of the request, or what would be; NULL without @error when nothing is left. */
GBytes   *bw_people_service_change_finish        (BwPeopleService      *self,
                                                  GAsyncResult         *result,
                                                  BwChangeOutcome      *ret_outcome,
                                                  GError              **error);
/* @state: rejected by who may decide, or withdrawn by the requester; the request's document. */
void      bw_people_service_end_request_async    (BwPeopleService      *self,
                                                  const BwActor        *actor,
                                                  const char           *id,
                                                  BwRequestState        state,
                                                  const char           *reason,
                                                  const char           *address,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
typedef enum
{
  BW_USER_INVITE,        /* a new code, in the place of the one before */
  BW_USER_LOG_OUT,       /* all sessions end */
  BW_USER_REMOVE_TOTP,   /* the second factor goes, and with it the sessions */
} BwUserDeed;

/* What takes the right to manage users, and a user who may not do more than the actor. Finish as looking; the
 * document is empty, or the invitation. */
void      bw_people_service_treat_async          (BwPeopleService      *self,
                                                  const BwActor        *actor,
                                                  const char           *id,
                                                  BwUserDeed            deed,
                                                  const char           *address,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
/* Once, when the service begins: what has expired meanwhile, and from then on by itself. */
void      bw_people_service_start                (BwPeopleService      *self);

G_END_DECLS
