/* ctl-find.c: what people type, and the id behind it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-noun.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"

static gboolean
is_number (const char *text)
{
  return g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, NULL, NULL);
}

static gboolean
is_like (JsonObject *object,
         const char *member,
         const char *text)
{
  const char *value = bw_json_get_string (object, member);
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;

  if (value == NULL)
    return FALSE;

  a = g_utf8_casefold (value, -1);
  b = g_utf8_casefold (text, -1);

  return strcmp (a, b) == 0;
}

/* The one of @items that has @text as one of @members; the first member that fits anything decides.
 * @none: what to say when there is none */
static char *
choose (JsonArray          *items,
        const char * const *members,
        const char         *text,
        const char         *none,
        GError            **error)
{
  for (guint m = 0; members[m] != NULL; m++)
    {
      g_autoptr(GString) ids = g_string_new (NULL);
      const char *id = NULL;
      guint n = 0;

      for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
        {
          JsonNode *node = json_array_get_element (items, i);
          JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

          if (object == NULL || !is_like (object, members[m], text))
            continue;
          id = bw_json_get_string (object, "id");
          g_string_append_printf (ids, "%s%s", n > 0 ? ", " : "", id);
          n++;
        }

      if (n == 1 && id != NULL)
        return g_strdup (id);

      if (n > 1)
        {
          /* Translators: a name, then numbers */
          g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, _("“%s” may be one of several: say which by its id, %s"), text, ids->str);
          return NULL;
        }
    }

  if (is_number (text))
    return g_strdup (text);

  g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, none);

  return NULL;
}

/* @path: of a list that has it. Who may not see that may still know the id. */
static char *
find (Ctl                *ctl,
      const char         *path,
      const char * const *members,
      const char         *text,
      const char         *none,
      GError            **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(JsonObject) reply = ctl_call (ctl, "GET", path, NULL, &local_error);
  JsonArray *items = bw_json_get_array (reply, "items");
  g_autofree char *too_many = NULL;

  if (reply == NULL)
    {
      if (is_number (text) && g_error_matches (local_error, BW_ERROR, BW_ERROR_FORBIDDEN))
        return g_strdup (text);

      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (items != NULL && bw_json_get_int (reply, "total", 0) > json_array_get_length (items))
    too_many = g_strdup_printf (_("too many are like “%s”; give the id"), text);

  return choose (items, members, text, too_many != NULL ? too_many : none, error);
}

char *
ctl_find_company (Ctl         *ctl,
                  const char  *text,
                  GError     **error)
{
  static const char *const members[] = { "alias", "name", NULL };
  g_autofree char *none = g_strdup_printf (_("there is no company “%s”"), text);

  return find (ctl, "/v1/companies", members, text, none, error);
}

char *
ctl_find_user (Ctl         *ctl,
               const char  *text,
               GError     **error)
{
  static const char *const members[] = { "email", "login", "name", NULL };
  g_autofree char *none = g_strdup_printf (_("there is no user “%s”"), text);
  g_autoptr(GString) path = g_string_new ("/v1/users?limit=500&search=");

  if (is_number (text))
    return g_strdup (text);

  g_string_append_uri_escaped (path, text, NULL, FALSE);

  return find (ctl, path->str, members, text, none, error);
}

char *
ctl_find_role (Ctl         *ctl,
               const char  *text,
               GError     **error)
{
  static const char *const members[] = { "builtin", "name", NULL };
  g_autofree char *none = g_strdup_printf (_("there is no role “%s”"), text);

  return find (ctl, "/v1/roles", members, text, none, error);
}

char *
ctl_find_tag (Ctl         *ctl,
              const char  *text,
              GError     **error)
{
  static const char *const members[] = { "name", NULL };
  g_autofree char *none = g_strdup_printf (_("there is no tag “%s”"), text);

  return find (ctl, "/v1/tags", members, text, none, error);
}

char *
ctl_find_design_id (Ctl         *ctl,
                    const char  *text,
                    GError     **error)
{
  static const char *const members[] = { "name", NULL };
  g_autofree char *none = g_strdup_printf (_("there is no label design “%s”"), text);

  return find (ctl, "/v1/label-designs", members, text, none, error);
}

char *
ctl_find_rule (Ctl         *ctl,
               const char  *text,
               GError     **error)
{
  static const char *const members[] = { "name", NULL };
  g_autofree char *none = g_strdup_printf (_("there is no rule “%s”"), text);

  return find (ctl, "/v1/rules", members, text, none, error);
}

char *
ctl_find_participation (Ctl         *ctl,
                        const char  *text,
                        GError     **error)
{
  if (is_number (text))
    return g_strdup (text);

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, _("“%s” is no participation's number; see “participation list”"), text);

  return NULL;
}

char *
ctl_find_request (Ctl         *ctl,
                  const char  *text,
                  GError     **error)
{
  if (is_number (text))
    return g_strdup (text);

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, _("“%s” is no request's number; see “request list”"), text);

  return NULL;
}

/* One's own participations, by the role and the company's name or its alias. */
static void
add_own (JsonArray  *own,
         JsonObject *participation,
         GHashTable *aliases)
{
  const char *role = bw_json_get_string (participation, "role");
  const char *company = bw_json_get_string (participation, "company");
  const char *company_id = bw_json_get_string (participation, "companyId");
  const char *alias = company_id != NULL ? g_hash_table_lookup (aliases, company_id) : NULL;
  g_autofree char *by_name = g_strdup_printf ("%s@%s", role, company);
  g_autofree char *by_alias = alias != NULL ? g_strdup_printf ("%s@%s", role, alias) : NULL;
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", bw_json_get_string (participation, "id"));
  json_object_set_string_member (object, "name", by_name);
  if (by_alias != NULL)
    json_object_set_string_member (object, "alias", by_alias);
  json_array_add_object_element (own, object);
}

char *
ctl_find_own_participation (Ctl         *ctl,
                            const char  *text,
                            GError     **error)
{
  static const char *const members[] = { "name", "alias", NULL };
  g_autoptr(JsonObject) session = NULL;
  g_autoptr(JsonObject) companies = NULL;
  g_autoptr(JsonArray) own = json_array_new ();
  g_autoptr(GHashTable) aliases = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *none = g_strdup_printf (_("you have no participation “%s”; see “session show”"), text);
  JsonArray *items;

  if (is_number (text))
    return g_strdup (text);

  session = ctl_call (ctl, "GET", "/v1/sessions/current", NULL, error);
  if (session == NULL)
    return NULL;

  /* Not everybody may see aliases; the names are in the session. */
  companies = ctl_call (ctl, "GET", "/v1/companies", NULL, NULL);
  items = bw_json_get_array (companies, "items");
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *company = json_array_get_object_element (items, i);
      const char *id = bw_json_get_string (company, "id");

      if (id != NULL)
        g_hash_table_insert (aliases, (gpointer) id, (gpointer) bw_json_get_string (company, "alias"));
    }

  items = bw_json_get_array (session, "participations");
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    add_own (own, json_array_get_object_element (items, i), aliases);

  return choose (own, members, text, none, error);
}

const char *
ctl_find_name (Ctl        *ctl,
               const char *path,
               const char *id)
{
  g_autoptr(JsonObject) reply = NULL;
  g_autofree char *key = g_strconcat (path, "/", id, NULL);
  const char *name;
  JsonArray *items;

  if (ctl->names == NULL)
    ctl->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  /* One question for all that such a list holds; what it does not hold is not asked for again. */
  if (!g_hash_table_contains (ctl->names, path))
    {
      g_hash_table_insert (ctl->names, g_strdup (path), NULL);
      reply = ctl_call (ctl, "GET", path, NULL, NULL);
      items = bw_json_get_array (reply, "items");
      for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
        {
          JsonObject *object = json_array_get_object_element (items, i);

          g_hash_table_insert (ctl->names, g_strconcat (path, "/", bw_json_get_string (object, "id"), NULL),
                               g_strdup (bw_json_get_string (object, "name")));
        }
    }

  name = g_hash_table_lookup (ctl->names, key);

  return name != NULL ? name : id;
}
