/* bw-session-people.c: who acts, and the one way to change companies, people and roles
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-text.h"

void
bw_outcome_free (BwOutcome *outcome)
{
  if (outcome == NULL)
    return;

  g_clear_object (&outcome->request);
  g_clear_pointer (&outcome->document, json_object_unref);
  g_free (outcome);
}

/* A newer backend may have rights that we have no use for. */
static guint
read_permissions (JsonArray *array)
{
  guint n = array != NULL ? json_array_get_length (array) : 0;
  guint permissions = 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      BwPermission permission;

      if (json_node_get_value_type (node) == G_TYPE_STRING &&
          bw_permission_from_nick (json_node_get_string (node), &permission))
        permissions |= permission;
    }

  return bw_permissions_complete (permissions);
}

static void
take_participations (BwSession *self,
                     JsonArray *items)
{
  g_autoptr(JsonArray) nothing = items == NULL ? json_array_new () : NULL;

  bw_entity_list_load (self->participations, items != NULL ? items : nothing,
                       bw_entity_list_begin_load (self->participations));
}

/* The session document, as a sign-in, a look at it and another participation have it. */
void
bw_session_take_actor (BwSession  *self,
                       JsonObject *session)
{
  const char *name = bw_json_get_string (session, "userName");
  guint permissions = read_permissions (bw_json_get_array (session, "permissions"));
  gboolean is_other;
  gboolean is_renamed;

  is_renamed = bw_set_str (&self->user_name,
                           name != NULL && *name != '\0' ? name : bw_json_get_string (session, "user"));
  bw_set_str (&self->user_id, bw_json_get_string (session, "userId"));
  bw_set_str (&self->login, bw_json_get_string (session, "user"));
  bw_set_str (&self->email, bw_json_get_string (session, "email"));
  bw_set_str (&self->first_name, bw_json_get_string (session, "firstName"));
  bw_set_str (&self->last_name, bw_json_get_string (session, "lastName"));
  bw_set_str (&self->company_id, bw_json_get_string (session, "companyId"));
  bw_set_str (&self->company, bw_json_get_string (session, "company"));
  bw_set_str (&self->role_id, bw_json_get_string (session, "roleId"));
  bw_set_str (&self->role, bw_json_get_string (session, "role"));
  self->totp = bw_json_get_boolean (session, "totp", FALSE);
  self->must_change_password = bw_json_get_boolean (session, "mustChangePassword", FALSE);
  take_participations (self, bw_json_get_array (session, "participations"));

  is_other = bw_set_str (&self->participation_id, bw_json_get_string (session, "participationId"));
  bw_session_notify_actor (self, is_other, permissions != self->permissions, permissions);
  if (is_renamed)
    bw_session_notify_user_name (self);
}

guint
bw_session_get_permissions (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), 0);

  return self->permissions;
}

gboolean
bw_session_may (BwSession    *self,
                BwPermission  permission)
{
  g_return_val_if_fail (BW_IS_SESSION (self), FALSE);

  return (self->permissions & permission) == (guint) permission;
}

const char *
bw_session_get_acting (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->participation_id;
}

BwEntityList *
bw_session_get_participations (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->participations;
}

const char *
bw_session_get_user_id (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->user_id;
}

const char *
bw_session_get_login (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->login;
}

const char *
bw_session_get_email (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->email;
}

const char *
bw_session_get_first_name (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->first_name;
}

const char *
bw_session_get_last_name (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->last_name;
}

const char *
bw_session_get_company_id (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->company_id;
}

const char *
bw_session_get_company (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->company;
}

const char *
bw_session_get_role_id (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->role_id;
}

const char *
bw_session_get_role (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->role;
}

gboolean
bw_session_get_totp (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), FALSE);

  return self->totp;
}

void
bw_session_refresh (BwSession *self)
{
  g_return_if_fail (BW_IS_SESSION (self));

  bw_session_refresh_soon (self, BW_STALE_SESSION);
}

/* Whether that is the user who is signed in, as one among others. */
static gboolean
is_oneself (BwSession  *self,
            const char *path)
{
  return self->user_id != NULL && g_str_has_prefix (path, "/v1/users/") &&
         strcmp (path + strlen ("/v1/users/"), self->user_id) == 0;
}

static void
switched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  BwSession *self = BW_SESSION (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = bw_session_document_finish (self, result, &error);
  if (reply == NULL || !bw_session_take_session (self, reply, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_task_return_boolean (task, TRUE);
}

void
bw_session_switch_participation_async (BwSession           *self,
                                       const char          *participation_id,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GString) body = g_string_new (NULL);

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (participation_id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_switch_participation_async);

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "participationId", participation_id);
  bw_json_end_object (body);

  bw_session_exchange_async (self, "PUT", "/v1/sessions/current/participation", body->str, BW_REPLY_MAX_BYTES,
                             BW_EXCHANGE_PLAIN, cancellable, switched_cb, g_steal_pointer (&task));
}

gboolean
bw_session_switch_participation_finish (BwSession     *self,
                                        GAsyncResult  *result,
                                        GError       **error)
{
  return bw_session_finish_boolean (self, result, bw_session_switch_participation_async, error);
}

/* Changes */

typedef struct
{
  char     *path;      /* (owned): without a query */
  gboolean  is_gone;
} Change;

static void
change_free (Change *change)
{
  g_free (change->path);
  g_free (change);
}

static BwOutcome *
read_outcome (JsonObject  *reply,
              GError     **error)
{
  g_autoptr(BwOutcome) outcome = g_new0 (BwOutcome, 1);
  JsonObject *request = bw_json_get_object (reply, "request");

  if (request != NULL)
    {
      outcome->request = bw_request_new ();
      if (!bw_entity_load (BW_ENTITY (outcome->request), request, error))
        return NULL;
    }
  else if (json_object_get_size (reply) > 0)
    {
      outcome->document = json_object_ref (reply);
    }

  return g_steal_pointer (&outcome);
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwSession *self = BW_SESSION (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  Change *change = g_task_get_task_data (task);

  reply = bw_session_document_finish (self, result, &error);
  if (reply != NULL)
    outcome = read_outcome (reply, &error);

  if (outcome == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* Of one's own name comes the whole session. */
  if (outcome->document != NULL && strcmp (change->path, "/v1/users/me") == 0)
    bw_session_take_actor (self, outcome->document);
  else if (outcome->request == NULL)
    bw_session_take_change (self, change->path, change->is_gone, outcome->document);

  if (is_oneself (self, change->path))
    bw_session_refresh (self);

  g_task_return_pointer (task, g_steal_pointer (&outcome), (GDestroyNotify) bw_outcome_free);
}

static char *
write_body (JsonObject *body)
{
  g_autoptr(JsonNode) node = NULL;

  if (body == NULL)
    return NULL;

  node = json_node_alloc ();
  json_node_init_object (node, body);

  return json_to_string (node, FALSE);
}

void
bw_session_change_async (BwSession           *self,
                         const char          *method,
                         const char          *path,
                         JsonObject          *body,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *text = write_body (body);
  Change *change;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (method != NULL);
  g_return_if_fail (path != NULL && *path == '/');

  change = g_new (Change, 1);
  change->path = g_strndup (path, strcspn (path, "?"));
  change->is_gone = strcmp (method, "DELETE") == 0;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_change_async);
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);
  bw_session_exchange_async (self, method, path, text, BW_LONG_REPLY_MAX_BYTES, BW_EXCHANGE_PLAIN,
                             cancellable, changed_cb, g_steal_pointer (&task));
}

BwOutcome *
bw_session_change_finish (BwSession     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_change_async, error);
}

static void
preview_received_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = bw_session_document_finish (BW_SESSION (source), result, &error);
  if (reply == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (bw_json_get_array (reply, "items") == NULL)
    g_task_return_new_error (task, BW_ERROR, BW_ERROR_INVALID, "the backend does not say what would change");
  else
    g_task_return_pointer (task, g_steal_pointer (&reply), (GDestroyNotify) json_object_unref);
}

void
bw_session_preview_async (BwSession           *self,
                          const char          *method,
                          const char          *path,
                          JsonObject          *body,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *text = write_body (body);
  g_autofree char *full = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (method != NULL);
  g_return_if_fail (path != NULL && *path == '/');

  full = g_strconcat (path, strchr (path, '?') != NULL ? "&" : "?", "preview=true", NULL);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_preview_async);
  bw_session_exchange_async (self, method, full, text, BW_LONG_REPLY_MAX_BYTES, BW_EXCHANGE_PLAIN,
                             cancellable, preview_received_cb, g_steal_pointer (&task));
}

JsonObject *
bw_session_preview_finish (BwSession     *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_preview_async, error);
}
