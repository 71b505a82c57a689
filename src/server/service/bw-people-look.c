/* bw-people-look.c: what there is to see of companies, users, participations, roles, tags and requests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-people-private.h"

#include "bw-company-repo.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-label-design-repo.h"
#include "bw-view-repo.h"
#include "bw-role-repo.h"
#include "bw-tag-repo.h"

typedef struct
{
  BwAuthority          *authority;
  BwActor              *actor;
  const BwPeopleKind   *kind;
  gint64                id;
  char                 *search;
  char                 *status;
  char                 *sort;
  gint64                tag;
  BwUserQuery           users;
  BwParticipationQuery  participations;
  BwRequestQuery        requests;
} Look;

static void
look_free (Look *look)
{
  bw_authority_unref (look->authority);
  bw_actor_unref (look->actor);
  g_free (look->search);
  g_free (look->status);
  g_free (look->sort);
  g_free (look);
}

static Look *
look_new (BwPeopleService *self,
          const BwActor   *actor)
{
  Look *look = g_new0 (Look, 1);

  look->authority = bw_authority_ref (self->authority);
  look->actor = bw_actor_ref ((BwActor *) actor);

  return look;
}

/* @check: an error there is already; it goes to the caller. @look: (transfer full) */
static void
push_look (BwPeopleService     *self,
           Look                *look,
           guint                permission,
           GError              *check,
           BwWorkerFunc         job,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GError) error = check;

  g_task_set_source_tag (task, push_look);
  g_task_set_task_data (task, look, (GDestroyNotify) look_free);
  if (error != NULL || !bw_actor_check (look->actor, permission, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (look->search != NULL)
    bw_store_push_search (self->store, g_steal_pointer (&task), job, (GDestroyNotify) g_bytes_unref);
  else
    bw_store_push_read (self->store, g_steal_pointer (&task), job, (GDestroyNotify) g_bytes_unref);
}

static GBytes *
end_list (GString *items,
          guint    n)
{
  GString *out = g_string_sized_new (items->len + 64);

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", n);
  g_string_append_printf (out, ",\"items\":[%s]}", items->str);

  return g_string_free_to_bytes (out);
}

static gpointer
companies_job (gpointer   owned_by_thread,
               gpointer   task_data,
               GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Look *look = task_data;
  g_autoptr(GString) items = g_string_sized_new (4096);
  guint n = 0;

  if (!bw_company_repo_write (thread->db, look->actor->company_id, 0, look->search, look->tag, items, &n, error))
    return NULL;

  return end_list (items, n);
}

void
bw_people_service_list_companies_async (BwPeopleService     *self,
                                        const BwActor       *actor,
                                        const char          *search,
                                        gint64               tag,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  Look *look = look_new (self, actor);

  look->search = g_strdup (search);
  look->tag = tag;
  push_look (self, look, BW_PERMISSION_VIEW_COMPANIES, NULL, companies_job, cancellable, callback, user_data);
}

static gpointer
users_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Look *look = task_data;
  g_autoptr(GString) out = g_string_sized_new (16 * 1024);

  return bw_user_repo_list (thread->db, &look->users, out, error)
    ? g_string_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

void
bw_people_service_list_users_async (BwPeopleService     *self,
                                    const BwActor       *actor,
                                    const BwUserQuery   *query,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  Look *look = look_new (self, actor);
  GError *error = NULL;

  look->users = *query;
  look->users.company_id = actor->company_id;
  look->users.is_root = actor->company_is_root;
  look->users.search = look->search = g_strdup (query->search);
  look->users.status = look->status = g_strdup (query->status);
  look->users.sort = look->sort = g_strdup (query->sort);
  bw_user_query_check (&look->users, &error);
  push_look (self, look, BW_PERMISSION_VIEW_USERS, error, users_job, cancellable, callback, user_data);
}

static gpointer
participations_job (gpointer   owned_by_thread,
                    gpointer   task_data,
                    GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Look *look = task_data;
  g_autoptr(GString) out = g_string_sized_new (16 * 1024);

  return bw_participation_repo_list (thread->db, &look->participations, out, error)
    ? g_string_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

void
bw_people_service_list_participations_async (BwPeopleService            *self,
                                             const BwActor              *actor,
                                             const BwParticipationQuery *query,
                                             GCancellable               *cancellable,
                                             GAsyncReadyCallback         callback,
                                             gpointer                    user_data)
{
  Look *look = look_new (self, actor);
  GError *error = NULL;

  look->participations = *query;
  look->participations.company_id = actor->company_id;
  look->participations.is_root = actor->company_is_root;
  look->participations.search = look->search = g_strdup (query->search);
  look->participations.sort = look->sort = g_strdup (query->sort);
  bw_participation_query_check (&look->participations, &error);
  push_look (self, look, BW_PERMISSION_VIEW_PARTICIPATIONS, error, participations_job, cancellable, callback, user_data);
}

static gpointer
all_job (gpointer   owned_by_thread,
         gpointer   task_data,
         GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Look *look = task_data;
  g_autoptr(GString) items = g_string_sized_new (4096);
  guint n = 0;
  gboolean ok;

  if (look->kind == &bw_role_kind)
    ok = bw_role_repo_write (thread->db, 0, items, &n, error);
  else if (look->kind == &bw_tag_kind)
    ok = bw_tag_repo_write (thread->db, look->actor->company_id, 0, items, &n, error);
  else if (look->kind == &bw_rule_kind)
    ok = bw_people_write_rules (look->authority, look->actor, thread->db, items, &n, error);
  else if (look->kind == &bw_view_kind)
    ok = bw_view_repo_write (thread->db, look->actor->company_id, look->actor->account_id, 0, items, &n, error);
  else
    ok = bw_label_design_repo_write (thread->db, look->actor->company_id, 0, items, &n, error);

  return ok ? end_list (items, n) : NULL;
}

void
bw_people_service_list_all_async (BwPeopleService     *self,
                                  const BwActor       *actor,
                                  BwKind               kind,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  Look *look = look_new (self, actor);

  look->kind = bw_people_kind_get (kind);
  push_look (self, look, look->kind->view, NULL, all_job, cancellable, callback, user_data);
}

static gpointer
get_job (gpointer   owned_by_thread,
         gpointer   task_data,
         GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Look *look = task_data;
  g_autoptr(GString) out = g_string_sized_new (1024);

  return look->kind->write (look->authority, look->actor, thread->db, look->id, out, error)
    ? g_string_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

gint64
bw_people_parse_id (const char  *title,
                    const char  *text,
                    GError     **error)
{
  guint64 id = 0;

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &id, NULL))
    return (gint64) id;

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no such %s", title);

  return 0;
}

void
bw_people_service_get_async (BwPeopleService     *self,
                             const BwActor       *actor,
                             BwKind               kind,
                             const char          *id,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  Look *look = look_new (self, actor);
  GError *error = NULL;

  look->kind = bw_people_kind_get (kind);
  look->id = bw_people_parse_id (look->kind->title, id, &error);
  push_look (self, look, look->kind->view, error, get_job, cancellable, callback, user_data);
}

void
bw_people_fill_who (BwRequestQuery *query,
                    const BwActor  *actor)
{
  query->account_id = actor->account_id;
  query->company_id = actor->company_id;
  query->is_root = actor->company_is_root;
  query->is_super = actor->is_super;
  query->permissions = actor->permissions;
}

static gpointer
requests_job (gpointer   owned_by_thread,
              gpointer   task_data,
              GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Look *look = task_data;
  g_autoptr(GString) out = g_string_sized_new (16 * 1024);
  gboolean ok = look->id != 0 ? bw_request_repo_write (thread->db, &look->requests, look->id, out, error)
                              : bw_request_repo_list (thread->db, &look->requests, out, error);

  return ok ? g_string_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

void
bw_people_service_list_requests_async (BwPeopleService      *self,
                                       const BwActor        *actor,
                                       const BwRequestQuery *query,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data)
{
  Look *look = look_new (self, actor);
  GError *error = NULL;

  look->requests = *query;
  bw_people_fill_who (&look->requests, actor);
  look->requests.state = look->status = g_strdup (query->state);
  look->requests.sort = look->sort = g_strdup (query->sort);
  look->kind = bw_people_kind_find (query->kind);
  look->requests.kind = look->kind != NULL ? look->kind->nick : NULL;
  if (query->kind != NULL && look->kind == NULL)
    g_set_error (&error, BW_ERROR, BW_ERROR_INVALID, "there is no kind “%s”", query->kind);
  else
    bw_request_query_check (&look->requests, &error);
  push_look (self, look, BW_PERMISSION_NONE, error, requests_job, cancellable, callback, user_data);
}

void
bw_people_service_get_request_async (BwPeopleService     *self,
                                     const BwActor       *actor,
                                     const char          *id,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  Look *look = look_new (self, actor);
  GError *error = NULL;

  bw_people_fill_who (&look->requests, actor);
  look->id = bw_people_parse_id ("request", id, &error);
  push_look (self, look, BW_PERMISSION_NONE, error, requests_job, cancellable, callback, user_data);
}

GBytes *
bw_people_service_finish (BwPeopleService  *self,
                          GAsyncResult     *result,
                          GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
