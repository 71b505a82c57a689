/* bw-pick-row-people.c: companies, roles and users to choose from
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-pick-row.h"

#include "bw-permission-text.h"
#include "bw-user.h"

static void
companies_loaded_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  /* The list stays empty then, and says so. */
  if (!bw_session_load_companies_finish (BW_SESSION (source), result, &error))
    g_debug ("companies to choose from: %s", error->message);
}

static void
roles_loaded_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!bw_session_load_roles_finish (BW_SESSION (source), result, &error))
    g_debug ("roles to choose from: %s", error->message);
}

static void
tags_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!bw_session_load_tags_finish (BW_SESSION (source), result, &error))
    g_debug ("tags to choose from: %s", error->message);
}

static char *
get_name (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "name"));
}

static char *
get_role_name (gpointer item)
{
  return g_strdup (bw_role_name_to_text (bw_record_get_text (item, "name")));
}

static char *
get_alias (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "alias"));
}

static char *
get_user_name (gpointer item)
{
  const char *name = bw_record_get_text (item, "name");

  return g_strdup (name != NULL && *name != '\0' ? name : bw_record_get_text (item, "login"));
}

static char *
get_email (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "email"));
}

/* Nobody gives what he does not have himself. */
static gboolean
may_be_given (gpointer item,
              gpointer user_data)
{
  g_auto(GStrv) nicks = NULL;
  guint own = bw_session_get_permissions (user_data);

  g_object_get (item, "permissions", &nicks, NULL);
  for (guint i = 0; nicks != NULL && nicks[i] != NULL; i++)
    {
      BwPermission permission;

      if (!bw_permission_from_nick (nicks[i], &permission) || (own & permission) == 0)
        return FALSE;
    }

  return TRUE;
}

void
bw_pick_row_pick_company (BwPickRow *self,
                          BwSession *session)
{
  GListModel *companies;

  g_return_if_fail (BW_IS_PICK_ROW (self));
  g_return_if_fail (BW_IS_SESSION (session));

  companies = G_LIST_MODEL (bw_session_get_companies (session));
  bw_pick_row_set_model (self, companies, get_name, get_alias);
  if (g_list_model_get_n_items (companies) == 0)
    bw_session_load_companies_async (session, NULL, companies_loaded_cb, NULL);
}

void
bw_pick_row_pick_role (BwPickRow *self,
                       BwSession *session,
                       gboolean   is_to_be_given)
{
  g_autoptr(GtkFilterListModel) given = NULL;
  GListModel *roles;

  g_return_if_fail (BW_IS_PICK_ROW (self));
  g_return_if_fail (BW_IS_SESSION (session));

  roles = G_LIST_MODEL (bw_session_get_roles (session));
  given = gtk_filter_list_model_new (g_object_ref (roles), NULL);
  if (is_to_be_given)
    {
      g_autoptr(GtkFilter) filter = GTK_FILTER (gtk_custom_filter_new (may_be_given, g_object_ref (session),
                                                                       g_object_unref));

      gtk_filter_list_model_set_filter (given, filter);
    }
  bw_pick_row_set_model (self, G_LIST_MODEL (given), get_role_name, NULL);
  if (g_list_model_get_n_items (roles) == 0)
    bw_session_load_roles_async (session, NULL, roles_loaded_cb, NULL);
}

void
bw_pick_row_pick_user (BwPickRow *self,
                       BwSession *session)
{
  g_autoptr(BwRemoteTable) table = NULL;

  g_return_if_fail (BW_IS_PICK_ROW (self));
  g_return_if_fail (BW_IS_SESSION (session));

  table = bw_remote_table_new (session, "/v1/users", BW_TYPE_USER, "user");
  bw_remote_table_set_sort (table, "name");
  bw_pick_row_set_table (self, table, get_user_name, get_email);
}

void
bw_pick_row_pick_tag (BwPickRow *self,
                      BwSession *session)
{
  GListModel *tags;

  g_return_if_fail (BW_IS_PICK_ROW (self));
  g_return_if_fail (BW_IS_SESSION (session));

  tags = G_LIST_MODEL (bw_session_get_tags (session));
  bw_pick_row_set_model (self, tags, get_name, NULL);
  if (g_list_model_get_n_items (tags) == 0)
    bw_session_load_tags_async (session, NULL, tags_loaded_cb, NULL);
}
