/* bw-tag-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-tag-service.h"

#include <string.h>

#include "bw-audit-repo.h"
#include "bw-device-id.h"
#include "bw-device-repo.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-people-private.h"
#include "bw-role-repo.h"

/**
 * BwTagService:
 *
 * Puts a tag on objects, or takes it away: who may manage tags does so with
 * whatever he sees, as far as the tag may be used there. One transaction, an
 * audit entry for each object that is another now. Main thread.
 */

struct _BwTagService
{
  GObject      parent_instance;

  BwStore     *store;
  BwFeed      *feed;
  BwAuthority *authority;
};

G_DEFINE_FINAL_TYPE (BwTagService, bw_tag_service, G_TYPE_OBJECT)

/* What is another now, to be told. */
typedef struct
{
  char   *id;
  gint64  company_id;
  char   *document;     /* (nullable): of a device */
} Marked;

static void
marked_clear (gpointer data)
{
  Marked *marked = data;

  g_free (marked->id);
  g_free (marked->document);
}

typedef struct
{
  BwAuthority        *authority;
  BwActor            *actor;
  char               *address;
  const BwPeopleKind *kind;
  gint64              tag_id;
  char              **ids;
  gboolean            on;

  BwTagRow           *tag;
  GArray             *marked;    /* Marked */
} Job;

static void
job_free (Job *job)
{
  bw_authority_unref (job->authority);
  bw_actor_unref (job->actor);
  g_free (job->address);
  g_strfreev (job->ids);
  g_clear_pointer (&job->tag, bw_tag_row_free);
  g_clear_pointer (&job->marked, g_array_unref);
  g_free (job);
}

/* An object as far as a tag is concerned. */
typedef struct
{
  char   *id;            /* as it is written in the tables */
  char   *name;
  gint64  company_id;    /* 0: there is no such object, or it is out of reach */
} Object;

static void
object_clear (Object *object)
{
  g_free (object->id);
  g_free (object->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Object, object_clear)

static gboolean
find_device (BwStoreThread  *thread,
             const Job      *job,
             const char     *text,
             Object         *object,
             GError        **error)
{
  char id[BW_DEVICE_ID_SIZE];
  BwStatus status;
  gboolean found = FALSE;
  gint64 company_id = 0;

  if (!bw_device_id_parse (text, strlen (text), id))
    return TRUE;

  if (!bw_device_repo_get_status (thread->db, id, &found, &company_id, &status, &status, error))
    return FALSE;

  if (found && bw_authority_reaches (job->authority, job->actor->company_id, company_id))
    object->company_id = company_id;
  object->id = g_strdup (id);
  object->name = g_strdup (id);

  return TRUE;
}

static gboolean
find_company (BwStoreThread  *thread,
              const Job      *job,
              gint64          id,
              Object         *object,
              GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwCompanyRow) row = bw_company_repo_get (thread->db, id, &local_error);

  if (row != NULL && bw_authority_reaches (job->authority, job->actor->company_id, id))
    {
      object->company_id = id;
      object->name = g_strdup (row->name);
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
find_user (BwStoreThread  *thread,
           const Job      *job,
           gint64          id,
           Object         *object,
           GError        **error)
{
  g_autoptr(BwAccountRow) row = NULL;
  gboolean in_reach = FALSE;
  gint64 company_id = 0;

  if (!bw_user_repo_in_reach (thread->db, job->actor->company_id, id, &in_reach, &company_id, error))
    return FALSE;

  if (!in_reach)
    return TRUE;

  row = bw_account_repo_get (thread->db, id, error);
  if (row == NULL)
    return FALSE;

  object->company_id = company_id;
  object->name = bw_account_row_dup_name (row);

  return TRUE;
}

/* A role is everybody's: as in each change of one, it counts as the actor's own company's. */
static gboolean
find_role (BwStoreThread  *thread,
           const Job      *job,
           gint64          id,
           Object         *object,
           GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRoleRow) row = bw_role_repo_get (thread->db, id, &local_error);

  if (row != NULL)
    {
      object->company_id = job->actor->company_id;
      object->name = g_strdup (row->name);
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
find_object (BwStoreThread  *thread,
             const Job      *job,
             const char     *text,
             Object         *object,
             GError        **error)
{
  guint64 id = 0;

  if (job->kind == &bw_device_kind)
    return find_device (thread, job, text, object, error);

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &id, NULL))
    return TRUE;

  object->id = g_strdup_printf ("%" G_GUINT64_FORMAT, id);
  if (job->kind == &bw_company_kind)
    return find_company (thread, job, (gint64) id, object, error);

  if (job->kind == &bw_user_kind)
    return find_user (thread, job, (gint64) id, object, error);

  return find_role (thread, job, (gint64) id, object, error);
}

static gboolean
add_audit (BwStoreThread  *thread,
           const Job      *job,
           const Object   *object,
           GError        **error)
{
  g_autoptr(GString) tag = g_string_new (NULL);
  BwAuditRow entry = {
    .account_id = job->actor->account_id, .login = job->actor->login, .address = job->address,
    .action = job->on ? "tag" : "untag", .kind = job->kind->nick, .object_id = object->id, .object = object->name,
    .company_id = object->company_id,
  };

  bw_json_begin_object (tag, NULL);
  bw_json_add_id (tag, "tagId", job->tag->id);
  bw_json_add_string (tag, "tag", job->tag->name);
  bw_json_end_object (tag);
  *(job->on ? &entry.after : &entry.before) = tag->str;

  return bw_audit_repo_add (thread, &entry, error);
}

static gboolean
note_change (BwStoreThread  *thread,
             Job            *job,
             const Object   *object,
             GError        **error)
{
  g_autoptr(GString) document = NULL;
  Marked marked = { NULL, object->company_id, NULL };

  if (!add_audit (thread, job, object, error))
    return FALSE;

  if (job->kind == &bw_device_kind)
    {
      document = g_string_new (NULL);
      if (!bw_device_repo_write_document (thread->db, object->id, FALSE, document, NULL, error))
        return FALSE;
      marked.document = g_string_free (g_steal_pointer (&document), FALSE);
    }

  marked.id = g_strdup (object->id);
  g_array_append_val (job->marked, marked);

  return TRUE;
}

/* @ret_reason: (transfer full): why nothing happened; NULL: it is as it was wished */
static gboolean
mark_one (BwStoreThread  *thread,
          Job            *job,
          const char     *text,
          char          **ret_reason,
          GError        **error)
{
  g_auto(Object) object = { NULL, };
  g_autoptr(GError) local_error = NULL;
  gboolean changed = FALSE;

  if (!find_object (thread, job, text, &object, error))
    return FALSE;

  if (object.company_id == 0)
    *ret_reason = g_strdup_printf ("there is no such %s", job->kind->title);
  else if (job->on && job->kind != &bw_role_kind &&
           !bw_people_tag_is_usable (job->authority, job->tag, object.company_id))
    *ret_reason = g_strdup ("the tag is not for its company");
  else if (bw_tag_repo_mark (thread, job->tag->id, job->kind->nick, object.id, job->on, &changed, &local_error))
    return !changed || note_change (thread, job, &object, error);
  else if (g_error_matches (local_error, BW_ERROR, BW_ERROR_TOO_LARGE))
    *ret_reason = g_strdup (local_error->message);
  else
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

/* One that the actor does not see does not exist for him. */
static gboolean
find_tag (BwStoreThread  *thread,
          Job            *job,
          GError        **error)
{
  g_autoptr(GString) unused = g_string_new (NULL);
  guint n = 0;

  if (!bw_tag_repo_write (thread->db, job->actor->company_id, job->tag_id, unused, &n, error))
    return FALSE;

  if (n == 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no such tag");
      return FALSE;
    }

  job->tag = bw_tag_repo_get (thread->db, job->tag_id, error);

  return job->tag != NULL;
}

static gboolean
mark_all (BwStoreThread  *thread,
          Job            *job,
          GString        *out,
          GError        **error)
{
  if (!find_tag (thread, job, error))
    return FALSE;

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "results");
  for (guint i = 0; job->ids[i] != NULL; i++)
    {
      g_autofree char *reason = NULL;

      if (!mark_one (thread, job, job->ids[i], &reason, error))
        return FALSE;

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "id", job->ids[i]);
      bw_json_add_string (out, "reason", reason);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  return TRUE;
}

static gpointer
mark_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  g_autoptr(GString) out = g_string_sized_new (4096);

  if (!bw_store_begin (thread, error))
    return NULL;

  if (mark_all (thread, task_data, out, error) && bw_store_commit (thread, error))
    return g_string_free_to_bytes (g_steal_pointer (&out));

  bw_store_rollback (thread);

  return NULL;
}

/* Main context */

static void
bw_tag_service_dispose (GObject *object)
{
  BwTagService *self = (BwTagService *) object;

  g_clear_object (&self->store);
  g_clear_object (&self->feed);
  g_clear_pointer (&self->authority, bw_authority_unref);

  G_OBJECT_CLASS (bw_tag_service_parent_class)->dispose (object);
}

static void
bw_tag_service_class_init (BwTagServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_tag_service_dispose;
}

static void
bw_tag_service_init (BwTagService *self)
{
}

BwTagService *
bw_tag_service_new (BwStore     *store,
                    BwFeed      *feed,
                    BwAuthority *authority)
{
  BwTagService *self;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);
  g_return_val_if_fail (BW_IS_FEED (feed), NULL);

  self = g_object_new (BW_TYPE_TAG_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);
  self->authority = bw_authority_ref (authority);

  return self;
}

/* Who may see more than the id asks for the rest. */
static void
tell_hint (BwTagService *self,
           const char   *kind,
           gint64        company_id,
           const char   *id)
{
  g_autoptr(GString) hint = g_string_new (NULL);

  bw_json_begin_object (hint, NULL);
  bw_json_add_string (hint, "id", id);
  bw_json_end_object (hint);
  bw_feed_changed (self->feed, kind, company_id, hint->str);
}

static void
marked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwTagService *self = BW_TAG_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GBytes *document = g_task_propagate_pointer (G_TASK (result), &error);
  const Job *job = g_task_get_task_data (task);

  if (document == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; i < job->marked->len; i++)
    {
      const Marked *marked = &g_array_index (job->marked, Marked, i);

      if (marked->document != NULL)
        bw_feed_changed (self->feed, "device", marked->company_id, marked->document);
      else
        tell_hint (self, job->kind->nick, marked->company_id, marked->id);
    }

  /* how many it marks */
  if (job->marked->len > 0)
    {
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, job->tag->id);

      tell_hint (self, "tag", job->tag->company_id, id);
    }

  g_task_return_pointer (task, document, (GDestroyNotify) g_bytes_unref);
}

static gboolean
check_wish (const BwActor    *actor,
            const BwTagWish  *wish,
            Job              *job,
            GError          **error)
{
  guint64 id = 0;

  job->kind = bw_people_kind_find (wish->kind);
  if (job->kind == NULL || (!job->kind->has_tags && job->kind != &bw_device_kind))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“kind” must be company, user, role or device");
      return FALSE;
    }

  if (g_strv_length ((char **) wish->ids) > BW_TAG_MAX_OBJECTS)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, "at most %d objects at a time", BW_TAG_MAX_OBJECTS);
      return FALSE;
    }

  if (!g_ascii_string_to_unsigned (wish->tag_id, 10, 1, G_MAXINT64, &id, NULL))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no such tag");
      return FALSE;
    }
  job->tag_id = (gint64) id;

  return bw_actor_check (actor, BW_PERMISSION_MANAGE_TAGS | job->kind->view, error);
}

void
bw_tag_service_mark_async (BwTagService        *self,
                           const BwActor       *actor,
                           const char          *address,
                           const BwTagWish     *wish,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  GTask *step;
  Job *job;

  g_return_if_fail (BW_IS_TAG_SERVICE (self));

  job = g_new0 (Job, 1);
  job->authority = bw_authority_ref (self->authority);
  job->actor = bw_actor_ref ((BwActor *) actor);
  job->address = g_strdup (address);
  job->on = wish->on;
  job->marked = g_array_new (FALSE, FALSE, sizeof (Marked));
  g_array_set_clear_func (job->marked, marked_clear);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_tag_service_mark_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);

  if (!check_wish (actor, wish, job, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  job->ids = g_strdupv ((char **) wish->ids);

  step = g_task_new (self, NULL, marked_cb, g_object_ref (task));
  g_task_set_source_tag (step, bw_tag_service_mark_async);
  g_task_set_task_data (step, job, NULL);
  bw_store_push_write (self->store, step, mark_job, (GDestroyNotify) g_bytes_unref);
}

GBytes *
bw_tag_service_mark_finish (BwTagService  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
