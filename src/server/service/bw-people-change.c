/* bw-people-change.c: the one way of every change
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-people-private.h"

#include <string.h>

#include "bw-audit-repo.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-people-rules.h"
#include "bw-text.h"

#define REQUEST_LIFE_US (14 * G_TIME_SPAN_DAY)

static const char *const action_nicks[] = {
  [BW_CHANGE_CREATE] = "create",
  [BW_CHANGE_EDIT] = "edit",
  [BW_CHANGE_DELETE] = "delete",
};

static const BwPeopleKind *const kinds[] = {
  [BW_KIND_COMPANY] = &bw_company_kind,
  [BW_KIND_USER] = &bw_user_kind,
  [BW_KIND_PARTICIPATION] = &bw_participation_kind,
  [BW_KIND_ROLE] = &bw_role_kind,
  [BW_KIND_TAG] = &bw_tag_kind,
  [BW_KIND_DEVICE] = &bw_device_kind,
  [BW_KIND_LABEL_DESIGN] = &bw_label_design_kind,
  [BW_KIND_RULE] = &bw_rule_kind,
  [BW_KIND_VIEW] = &bw_view_kind,
};

const BwPeopleKind *
bw_people_kind_get (BwKind kind)
{
  return kinds[kind];
}

const BwPeopleKind *
bw_people_kind_find (const char *nick)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (g_strcmp0 (kinds[i]->nick, nick) == 0)
        return kinds[i];
    }

  return NULL;
}

void
bw_change_free (BwChange *change)
{
  bw_authority_unref (change->authority);
  bw_actor_unref (change->actor);
  g_free (change->address);
  g_free (change->object_id);
  json_object_unref (change->body);
  g_free (change->comment);
  g_free (change->object_name);
  if (change->row != NULL)
    change->row_free (change->row);
  if (change->before != NULL)
    g_string_free (change->before, TRUE);
  if (change->after != NULL)
    g_string_free (change->after, TRUE);
  g_free (change->secret);
  g_free (change->secret_email);
  g_clear_pointer (&change->facts, g_ptr_array_unref);
  g_free (change);
}

/* For the kinds */

void
bw_change_refuse_missing (BwChange  *change,
                          GError   **error)
{
  if (error != NULL && *error != NULL)
    return;

  if (change->object_id != NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no %s %s", change->kind->title, change->object_id);
  else
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no %s %" G_GINT64_FORMAT, change->kind->title, change->id);
}

gboolean
bw_change_decide (BwChange  *change,
                  gint64     company_id,
                  GError   **error)
{
  guint needed = change->action == BW_CHANGE_DELETE ? change->kind->remove : change->kind->manage;
  g_autofree char *what = NULL;

  if (change->action == BW_CHANGE_CREATE)
    what = g_strdup_printf ("company %" G_GINT64_FORMAT, company_id);
  else
    what = change->object_id != NULL ? g_strdup_printf ("%s %s", change->kind->title, change->object_id)
                                     : g_strdup_printf ("%s %" G_GINT64_FORMAT, change->kind->title, change->id);

  return bw_authority_decide (change->authority, change->actor, needed, company_id, what, error);
}

gboolean
bw_change_check_revision (BwChange  *change,
                          gint64     revision,
                          GError   **error)
{
  if (change->action == BW_CHANGE_EDIT && change->revision == 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“revision” is missing: the one that you have seen");
      return FALSE;
    }

  if (change->revision == 0 || change->revision == revision)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT,
               "somebody else has changed this %s meanwhile: it is at revision %" G_GINT64_FORMAT,
               change->kind->title, revision);

  return FALSE;
}

gboolean
bw_change_has (BwChange   *change,
               const char *member)
{
  return json_object_has_member (change->body, member);
}

gboolean
bw_change_take_text (BwChange    *change,
                     const char  *member,
                     gsize        max,
                     char       **place,
                     GError     **error)
{
  JsonNode *node = json_object_get_member (change->body, member);
  const char *text = "";

  if (node == NULL)
    {
      if (*place == NULL)
        *place = g_strdup ("");
      return TRUE;
    }

  if (!JSON_NODE_HOLDS_NULL (node))
    text = bw_json_get_string (change->body, member);

  if (text == NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” must be a text", member);
  else if (*text != '\0' && !bw_name_is_valid (text, max))
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                 "“%s” must have at most %" G_GSIZE_FORMAT " bytes, without control characters or space at its ends",
                 member, max);
  else
    {
      bw_set_str (place, text);
      return TRUE;
    }

  return FALSE;
}

gboolean
bw_change_take_id (BwChange    *change,
                   const char  *member,
                   gint64      *place,
                   GError     **error)
{
  JsonNode *node = json_object_get_member (change->body, member);
  gint64 id;

  if (node == NULL)
    return TRUE;

  id = bw_json_get_id (change->body, member);
  if (id == 0 && !JSON_NODE_HOLDS_NULL (node))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is no id", member);
      return FALSE;
    }

  *place = id;

  return TRUE;
}

gboolean
bw_change_check_gives (BwChange  *change,
                       guint      permissions,
                       GError   **error)
{
  guint missing = permissions & ~change->actor->permissions;

  if (missing == 0)
    return TRUE;

  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      if (missing & (1u << i))
        {
          g_set_error (error, BW_ERROR, BW_ERROR_FORBIDDEN,
                       "that role has a permission that you do not have yourself: %s", bw_permission_to_nick (i));
          break;
        }
    }

  return FALSE;
}

gboolean
bw_change_check_last_super (BwChange       *change,
                            BwStoreThread  *thread,
                            gint64          account_id,
                            GError        **error)
{
  gint64 now_us = g_get_real_time ();
  gint64 n_all = 0;
  gint64 n_others = 0;

  if (!bw_participation_repo_count_super (thread->db, 0, now_us, &n_all, error) ||
      !bw_participation_repo_count_super (thread->db, account_id, now_us, &n_others, error))
    return FALSE;

  if (n_others > 0 || n_all == n_others)
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT,
                       "this is the last Super Admin; make another one first");

  return FALSE;
}

/* Tags */

gboolean
bw_people_tag_is_usable (BwAuthority     *authority,
                         const BwTagRow  *tag,
                         gint64           company_id)
{
  for (guint i = 0; i < tag->company_ids->len; i++)
    {
      if (bw_authority_reaches (authority, g_array_index (tag->company_ids, gint64, i), company_id))
        return TRUE;
    }

  return tag->company_ids->len == 0;
}

static gboolean
put_tag (BwChange       *change,
         BwStoreThread  *thread,
         JsonNode       *node,
         const char     *object_id,
         GError        **error)
{
  const char *text = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";
  g_autoptr(BwTagRow) tag = NULL;
  guint64 id = 0;

  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &id, NULL))
    tag = bw_tag_repo_get (thread->db, (gint64) id, error);

  if (tag != NULL &&
      (change->kind == &bw_role_kind || bw_people_tag_is_usable (change->authority, tag, change->company_id)))
    return bw_tag_repo_put (thread, tag->id, change->kind->nick, object_id, TRUE, error);

  if (error != NULL && *error == NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "there is no tag %s for this %s", text, change->kind->title);

  return FALSE;
}

static gboolean
put_tags (BwChange       *change,
          BwStoreThread  *thread,
          GError        **error)
{
  JsonArray *tags = bw_json_get_array (change->body, "tags");
  char object_id[24];

  if (!change->kind->has_tags || !bw_change_has (change, "tags"))
    return TRUE;

  if (tags == NULL || json_array_get_length (tags) > BW_TAG_MAX_PER_OBJECT)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“tags” must be a list of at most %d ids", BW_TAG_MAX_PER_OBJECT);
      return FALSE;
    }

  g_snprintf (object_id, sizeof object_id, "%" G_GINT64_FORMAT, change->id);
  if (!bw_tag_repo_forget (thread, change->kind->nick, object_id, error))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (tags); i++)
    {
      if (!put_tag (change, thread, json_array_get_element (tags, i), object_id, error))
        return FALSE;
    }

  return TRUE;
}

/* Four eyes */

/* Whether the actor must not do it alone. */
static gboolean
must_park (BwChange       *change,
           BwStoreThread  *thread,
           gboolean       *ret_park,
           GError        **error)
{
  const BwActor *actor = change->actor;
  gboolean is_top = actor->is_super && actor->company_is_root;
  gboolean is_about_self = change->about_id == actor->account_id;
  gboolean is_above = (actor->permissions & BW_PERMISSION_DECIDE_REQUESTS) != 0 &&
                      actor->company_id != change->company_id &&
                      bw_authority_reaches (change->authority, actor->company_id, change->company_id);
  gint64 n_others = 0;

  *ret_park = FALSE;
  if (!change->parks || change->request_id != 0)
    return TRUE;

  if (!bw_participation_repo_count_super (thread->db, actor->account_id, g_get_real_time (), &n_others, error))
    return FALSE;

  if (is_about_self || change->needs_super)
    *ret_park = !is_top || n_others > 0;
  else
    *ret_park = !is_top && !is_above;

  return TRUE;
}

static char *
format_object_id (BwChange *change)
{
  return change->object_id != NULL ? g_strdup (change->object_id)
                                   : g_strdup_printf ("%" G_GINT64_FORMAT, change->id);
}

static gboolean
add_audit (BwChange       *change,
           BwStoreThread  *thread,
           const char     *action,
           const char     *kind,
           const char     *object_id,
           GError        **error)
{
  BwAuditRow entry = {
    .account_id = change->actor->account_id, .login = change->actor->login, .address = change->address,
    .action = action, .kind = kind, .object_id = object_id, .object = change->object_name,
    .company_id = change->company_id,
    .before = change->before != NULL ? change->before->str : NULL,
    .after = change->after != NULL ? change->after->str : NULL,
  };

  return bw_audit_repo_add (thread, &entry, error);
}

static gboolean
park (BwChange       *change,
      BwStoreThread  *thread,
      GError        **error)
{
  g_autofree char *object_id = format_object_id (change);
  g_autoptr(JsonNode) body = json_node_alloc ();
  g_autoptr(BwRequestRow) row = g_new0 (BwRequestRow, 1);
  g_autofree char *request_id = NULL;

  json_node_init_object (body, change->body);
  row->kind = g_strdup (change->kind->nick);
  row->action = g_strdup (action_nicks[change->action]);
  row->object_id = change->action == BW_CHANGE_CREATE ? g_strdup ("") : g_strdup (object_id);
  row->object = g_strdup (change->object_name);
  row->company_id = change->company_id;
  row->requester_id = change->actor->account_id;
  row->requester = g_strdup (change->actor->login);
  row->body = json_to_string (body, FALSE);
  row->before = change->before != NULL ? g_strdup (change->before->str) : NULL;
  row->after = change->after != NULL ? g_strdup (change->after->str) : NULL;
  row->comment = g_strdup (change->comment != NULL ? change->comment : "");
  row->permissions = change->action == BW_CHANGE_DELETE ? change->kind->remove : change->kind->manage;
  row->about_id = change->about_id;
  row->needs_super = change->needs_super;
  row->created_at_us = g_get_real_time ();
  row->expires_at_us = row->created_at_us + REQUEST_LIFE_US;

  if (!bw_request_repo_add (thread, row, error))
    return FALSE;

  change->request_made = row->id;
  request_id = g_strdup_printf ("%" G_GINT64_FORMAT, row->id);

  return add_audit (change, thread, "ask", "request", request_id, error);
}

/* A revision that a request was made against is part of it. */
static void
keep_revision (BwChange *change)
{
  if (change->revision != 0 && !bw_change_has (change, "revision"))
    json_object_set_int_member (change->body, "revision", change->revision);
}

static gboolean
apply (BwChange       *change,
       BwStoreThread  *thread,
       GError        **error)
{
  if (!change->kind->apply (change, thread, error))
    return FALSE;

  if (change->action == BW_CHANGE_DELETE)
    return TRUE;

  if (!put_tags (change, thread, error))
    return FALSE;

  change->after = g_string_new (NULL);

  return change->kind->write (change->authority, NULL, thread->db, change->id, change->after, error);
}

static gboolean
carry_out (BwChange       *change,
           BwStoreThread  *thread,
           GError        **error)
{
  g_autofree char *object_id = NULL;

  if (!change->kind->prepare (change, thread, error) || !apply (change, thread, error))
    return FALSE;

  object_id = format_object_id (change);

  return add_audit (change, thread, action_nicks[change->action], change->kind->nick, object_id, error);
}

static GBytes *
write_request (BwChange       *change,
               BwStoreThread  *thread,
               GError        **error)
{
  BwRequestQuery who = {
    .account_id = change->actor->account_id, .company_id = change->actor->company_id,
    .is_root = change->actor->company_is_root, .is_super = change->actor->is_super,
    .permissions = change->actor->permissions,
  };
  g_autoptr(GString) out = g_string_new ("{\"request\":");

  if (!bw_request_repo_write (thread->db, &who, change->request_made, out, error))
    return NULL;
  g_string_append_c (out, '}');

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

/* As the actor may see it. */
static GBytes *
write_answer (BwChange       *change,
              BwStoreThread  *thread,
              GError        **error)
{
  g_autoptr(GString) out = g_string_new (NULL);

  if (change->action == BW_CHANGE_DELETE)
    return g_bytes_new_static ("", 0);

  if (!change->kind->write (change->authority, change->actor, thread->db, change->id, out, error))
    return NULL;

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

static GBytes *
preview (BwChange       *change,
         BwStoreThread  *thread,
         gboolean        parked,
         GError        **error)
{
  g_autoptr(BwEffects) effects = bw_effects_begin (change, thread, error);

  if (effects == NULL || !apply (change, thread, error))
    return NULL;

  return bw_effects_end (effects, change, thread, parked, error);
}

/* Tries the change, so that the request says what it would be, and takes it back. */
static gboolean
park_instead (BwChange       *change,
              BwStoreThread  *thread,
              GError        **error)
{
  gint64 id = change->id;

  if (!apply (change, thread, error))
    return FALSE;

  bw_store_rollback (thread);
  g_clear_pointer (&change->facts, g_ptr_array_unref);
  g_clear_pointer (&change->secret, g_free);
  change->ended_account = 0;
  change->tree_changed = FALSE;
  change->id = id;

  return bw_store_begin (thread, error) && park (change, thread, error);
}

static void
tell_authority (BwChange *change)
{
  if (!change->tree_changed)
    return;

  if (change->action == BW_CHANGE_DELETE)
    bw_authority_remove_company (change->authority, change->id);
  else
    bw_authority_put_company (change->authority, change->id, change->parent_id);
}

/* Within a transaction. The answer, or NULL with an error. */
static GBytes *
run (BwChange       *change,
     BwStoreThread  *thread,
     GError        **error)
{
  gboolean parked = FALSE;
  g_autofree char *object_id = NULL;

  if (!change->kind->prepare (change, thread, error) || !must_park (change, thread, &parked, error))
    return NULL;

  keep_revision (change);
  if (change->preview)
    return preview (change, thread, parked, error);

  if (parked)
    return park_instead (change, thread, error) ? write_request (change, thread, error) : NULL;

  if (!apply (change, thread, error))
    return NULL;

  object_id = format_object_id (change);
  if (!add_audit (change, thread, action_nicks[change->action], change->kind->nick, object_id, error))
    return NULL;

  return write_answer (change, thread, error);
}

gpointer
bw_change_job (gpointer   owned_by_thread,
               gpointer   task_data,
               GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  BwChange *change = task_data;
  g_autoptr(GBytes) answer = NULL;

  if (!bw_store_begin (thread, error))
    return NULL;

  answer = run (change, thread, error);
  if (answer != NULL && change->preview)
    {
      bw_store_rollback (thread);
      return g_steal_pointer (&answer);
    }

  if (answer != NULL && bw_store_commit (thread, error))
    {
      tell_authority (change);
      return g_steal_pointer (&answer);
    }

  bw_store_rollback (thread);

  return NULL;
}

/* Accepting */

static gboolean
may_decide (BwChange            *change,
            const BwRequestRow  *row)
{
  BwRequestQuery who = {
    .account_id = change->actor->account_id, .company_id = change->actor->company_id,
    .is_root = change->actor->company_is_root, .is_super = change->actor->is_super,
    .permissions = change->actor->permissions,
  };

  return bw_request_may_decide (row, &who, who.company_id != row->company_id &&
                                           bw_authority_reaches (change->authority, who.company_id, row->company_id));
}

/* The change as it was asked for. */
static gboolean
take_request (BwChange            *change,
              const BwRequestRow  *row,
              GError             **error)
{
  JsonObject *body = bw_json_parse_object (row->body, strlen (row->body), strlen (row->body) + 1, error);
  guint64 id = 0;

  if (body == NULL)
    return FALSE;

  json_object_unref (change->body);
  change->body = body;
  change->kind = bw_people_kind_find (row->kind);
  change->revision = bw_json_get_int (body, "revision", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (action_nicks); i++)
    {
      if (strcmp (action_nicks[i], row->action) == 0)
        change->action = (BwChangeAction) i;
    }

  if (change->kind == &bw_device_kind)
    change->object_id = g_strdup (row->object_id);
  else if (g_ascii_string_to_unsigned (row->object_id, 10, 1, G_MAXINT64, &id, NULL))
    change->id = (gint64) id;

  return TRUE;
}

static GBytes *
accept (BwChange       *change,
        BwStoreThread  *thread,
        GError        **error)
{
  g_autoptr(BwRequestRow) row = bw_request_repo_get (thread->db, change->request_id, error);
  g_autofree char *request_id = g_strdup_printf ("%" G_GINT64_FORMAT, change->request_id);
  gboolean done = FALSE;

  if (row == NULL || (row->state == BW_REQUEST_PENDING && !may_decide (change, row)))
    {
      if (row != NULL)
        g_set_error_literal (error, BW_ERROR, BW_ERROR_FORBIDDEN, "this request is not yours to decide");
      else if (error != NULL && *error == NULL)
        g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no request %s", request_id);
      return NULL;
    }

  if (!bw_request_repo_end (thread, row->id, BW_REQUEST_ACCEPTED, change->actor->login, NULL, g_get_real_time (),
                            &done, error))
    return NULL;

  if (!done)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "this request is %s already", bw_request_state_to_nick (row->state));
      return NULL;
    }

  if (!take_request (change, row, error) || !carry_out (change, thread, error) ||
      !add_audit (change, thread, "accept", "request", request_id, error))
    return NULL;

  return write_answer (change, thread, error);
}

gpointer
bw_change_accept_job (gpointer   owned_by_thread,
                      gpointer   task_data,
                      GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  BwChange *change = task_data;
  g_autoptr(GBytes) answer = NULL;

  if (!bw_store_begin (thread, error))
    return NULL;

  answer = accept (change, thread, error);
  if (answer != NULL && bw_store_commit (thread, error))
    {
      tell_authority (change);
      return g_steal_pointer (&answer);
    }

  bw_store_rollback (thread);

  return NULL;
}
