/* bw-user-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-user-text.h"

#include <glib/gi18n.h>

#include "bw-json.h"
#include "bw-permission-text.h"

/* As many as a column of a usual width shows. */
#define N_SHOWN 2

const char *
bw_user_text_name (BwUser *user)
{
  static const char * const properties[] = { "name", "login", "email" };

  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      const char *text = bw_record_get_text (BW_RECORD (user), properties[i]);

      if (text != NULL && *text != '\0')
        return text;
    }

  return "—";
}

gboolean
bw_user_is_suspended (BwUser *user)
{
  gboolean is_suspended;

  g_object_get (user, "suspended", &is_suspended, NULL);

  return is_suspended;
}

gboolean
bw_user_is_invited (BwUser *user)
{
  return g_strcmp0 (bw_record_get_text (BW_RECORD (user), "status"), "invited") == 0;
}

const char *
bw_user_text_status (BwUser *user)
{
  const char *status = bw_record_get_text (BW_RECORD (user), "status");

  if (bw_user_is_suspended (user))
    return _("Suspended");

  if (g_strcmp0 (status, "invited") == 0)
    return _("Invitation sent");

  if (g_strcmp0 (status, "accepted") == 0)
    return _("Invitation accepted");

  if (g_strcmp0 (status, "self-registered") == 0)
    return _("Self-registered");

  return status != NULL ? status : "—";
}

const char *
bw_user_text_status_style (BwUser *user)
{
  if (bw_user_is_suspended (user))
    return "error";

  return bw_user_is_invited (user) ? "warning" : NULL;
}

char **
bw_user_text_participation_list (BwUser *user)
{
  g_autoptr(GStrvBuilder) list = g_strv_builder_new ();
  g_autoptr(JsonNode) node = NULL;
  JsonArray *array;

  g_object_get (user, "participations", &node, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonObject *participation = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      const char *company = bw_json_get_string (participation, "company");
      const char *role = bw_json_get_string (participation, "role");
      g_autofree char *text = g_strdup_printf ("%s · %s", company != NULL ? company : "—",
                                              role != NULL ? bw_role_name_to_text (role) : "—");

      g_strv_builder_add (list, text);
    }

  return g_strv_builder_end (list);
}

char *
bw_user_text_participations (BwUser *user)
{
  g_auto(GStrv) list = bw_user_text_participation_list (user);
  g_autoptr(GString) text = g_string_new (NULL);
  guint n = list != NULL ? g_strv_length (list) : 0;

  if (list == NULL)
    return NULL;

  for (guint i = 0; i < MIN (n, N_SHOWN); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", list[i]);

  if (n > N_SHOWN)
    g_string_append_printf (text, " +%u", n - N_SHOWN);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
