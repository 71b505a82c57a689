/* bw-people-private.h: one change on its way through the kinds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-mailer.h"
#include "bw-people-service.h"
#include "bw-rule-repo.h"
#include "bw-session-facts.h"
#include "bw-tag-repo.h"

G_BEGIN_DECLS

struct _BwPeopleService
{
  GObject           parent_instance;

  BwStore          *store;
  BwFeed           *feed;
  BwAuthority      *authority;
  BwSessionService *sessions;
  BwMailer         *mailer;         /* (nullable) */
  char             *public_url;     /* (nullable) */
  guint             expire_id;
};

typedef struct _BwPeopleKind BwPeopleKind;

/* Made on the main thread, worked on by one job, and read again at home. */
typedef struct
{
  const BwPeopleKind *kind;
  BwChangeAction      action;
  BwAuthority        *authority;
  BwActor            *actor;
  char               *address;
  char               *object_id;      /* of a device; otherwise NULL */
  gint64              id;             /* 0 until it is created */
  JsonObject         *body;           /* never NULL */
  gint64              revision;
  char               *comment;
  gboolean            preview;
  gint64              request_id;     /* carries this one out; 0: none */

  /* from prepare */
  gint64              company_id;     /* whose the object is */
  char               *object_name;
  gpointer            row;            /* as it is to be */
  GDestroyNotify      row_free;
  gboolean            parks;          /* takes four eyes */
  gint64              about_id;       /* the user whose rights it changes; 0: nobody's in particular */
  gboolean            needs_super;

  /* what it did */
  GString            *before;         /* (nullable) */
  GString            *after;          /* (nullable) */
  char               *secret;         /* (nullable): an invitation's code, told once */
  gint64              secret_ends_us;
  char               *secret_email;   /* whom it is for */
  GPtrArray          *facts;          /* (nullable): sessions that are others now */
  gint64              ended_account;  /* its sessions are gone */
  gint64              request_made;
  gboolean            tree_changed;   /* the authority must hear of the company */
  gint64              parent_id;
} BwChange;

struct _BwPeopleKind
{
  const char         *nick;
  const char         *title;          /* as in "there is no title 7" */
  guint               view;
  guint               manage;
  guint               remove;
  const char * const *create_members;
  const char * const *edit_members;
  gboolean            has_tags;

  /* On the store's thread, within a transaction. Loads the row, decides whether the actor may, checks the
   * revision and the body, and fills in what stands under "from prepare". */
  gboolean (*prepare) (BwChange       *change,
                       BwStoreThread  *thread,
                       GError        **error);
  /* Writes the row; fills in id, and facts where rights change. */
  gboolean (*apply)   (BwChange       *change,
                       BwStoreThread  *thread,
                       GError        **error);
  /* The document as @actor sees it; BW_ERROR_NOT_FOUND also when it is out of reach. */
  gboolean (*write)   (BwAuthority    *authority,
                       const BwActor  *actor,
                       BwDb           *db,
                       gint64          id,
                       GString        *out,
                       GError        **error);
};

extern const BwPeopleKind bw_company_kind;
extern const BwPeopleKind bw_user_kind;
extern const BwPeopleKind bw_participation_kind;
extern const BwPeopleKind bw_role_kind;
extern const BwPeopleKind bw_tag_kind;
extern const BwPeopleKind bw_device_kind;
extern const BwPeopleKind bw_label_design_kind;
extern const BwPeopleKind bw_rule_kind;
extern const BwPeopleKind bw_view_kind;

const BwPeopleKind *bw_people_kind_get      (BwKind            kind);
/* NULL: there is none of that nick */
const BwPeopleKind *bw_people_kind_find     (const char       *nick);

/* 0 with BW_ERROR_NOT_FOUND: it is none */
gint64    bw_people_parse_id          (const char      *title,
                                       const char      *text,
                                       GError         **error);
void      bw_people_fill_who          (BwRequestQuery  *query,
                                       const BwActor   *actor);
/* That something has changed, without what: documents differ with who looks. At home, as the next one. */
void      bw_people_service_tell      (BwPeopleService *self,
                                       const char      *kind,
                                       gint64           company_id,
                                       gint64           id,
                                       gboolean         removed);
/* Sends an invitation; what to tell who asked for it. (transfer full) */
GBytes   *bw_people_service_make_invitation (BwPeopleService *self,
                                       const char      *email,
                                       const char      *name,
                                       const char      *inviter,
                                       const char      *code,
                                       gint64           ends_us);

void      bw_change_free              (BwChange        *change);
/* (transfer full): a job's result: what to answer; the change itself says what has happened */
gpointer  bw_change_job               (gpointer         owned_by_thread,
                                       gpointer         task_data,
                                       GError         **error);
/* The same for a change that a request asks for (request_id): at most once. */
gpointer  bw_change_accept_job        (gpointer         owned_by_thread,
                                       gpointer         task_data,
                                       GError         **error);

/* For the kinds. */
gboolean  bw_change_decide            (BwChange        *change,
                                       gint64           company_id,
                                       GError         **error);
gboolean  bw_change_check_revision    (BwChange        *change,
                                       gint64           revision,
                                       GError         **error);
gboolean  bw_change_has               (BwChange        *change,
                                       const char      *member);
/* A text into @place when the member is there; null is an empty one. @max: bytes; @single_line. */
gboolean  bw_change_take_text         (BwChange        *change,
                                       const char      *member,
                                       gsize            max,
                                       char           **place,
                                       GError         **error);
/* An id into @place when the member is there; null is 0. */
gboolean  bw_change_take_id           (BwChange        *change,
                                       const char      *member,
                                       gint64          *place,
                                       GError         **error);
/* Whether @actor has all these permissions himself; BW_ERROR_FORBIDDEN. */
gboolean  bw_change_check_gives       (BwChange        *change,
                                       guint            permissions,
                                       GError         **error);
/* Refuses to leave nobody who may do everything: @account_id would no longer be a Super Admin. */
gboolean  bw_change_check_last_super  (BwChange        *change,
                                       BwStoreThread   *thread,
                                       gint64           account_id,
                                       GError         **error);
void      bw_change_refuse_missing    (BwChange        *change,
                                       GError         **error);

/* roleId, firstDay and lastDay of the body into @row; whether the actor may give that role. */
gboolean  bw_people_take_role         (BwChange           *change,
                                       BwStoreThread      *thread,
                                       BwParticipationRow *row,
                                       GError            **error);
/* Whether @actor may do to a user what takes @permission: he reaches all of this user's companies, and may
 * himself all that the user may. Without, who manages users could make himself the master of one who may more. */
gboolean  bw_people_check_user        (BwAuthority        *authority,
                                       const BwActor      *actor,
                                       BwDb               *db,
                                       gint64              account_id,
                                       guint               permission,
                                       gint64             *ret_company,
                                       GError            **error);

/* The members of a rule in the body, into @row. */
gboolean  bw_people_take_rule         (BwChange           *change,
                                       BwRuleRow          *row,
                                       GError            **error);
/* Those in the actor's reach, in the order in which they are asked. */
gboolean  bw_people_write_rules       (BwAuthority        *authority,
                                       const BwActor      *actor,
                                       BwDb               *db,
                                       GString            *out,
                                       guint              *ret_n,
                                       GError            **error);

/* Whether @tag may mark what is @company_id's. */
gboolean  bw_people_tag_is_usable     (BwAuthority        *authority,
                                       const BwTagRow     *tag,
                                       gint64              company_id);

/* What would change: the facts before and after, compared. On the store's thread. */
typedef struct _BwEffects BwEffects;

BwEffects *bw_effects_begin           (BwChange        *change,
                                       BwStoreThread   *thread,
                                       GError         **error);
GBytes    *bw_effects_end             (BwEffects       *self,
                                       BwChange        *change,
                                       BwStoreThread   *thread,
                                       gboolean         parked,
                                       GError         **error);
void       bw_effects_free            (BwEffects       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwEffects, bw_effects_free)

G_END_DECLS
