/* bw-roles-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-roles-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-outcome.h"
#include "bw-permission-text.h"
#include "bw-role-dialog.h"
#include "bw-role-row.h"

#define UNDO_MAX_BYTES (16 * 1024)

/**
 * BwRolesPage:
 *
 * The roles that come with the system, then those of one's own making. The list is the
 * session's and is kept up by the feed.
 */

struct _BwRolesPage
{
  GtkWidget        parent_instance;

  BwSession       *session;
  GCancellable    *cancellable;
  char            *error_text;     /* (owned): why the last load failed */
  gboolean         is_loaded;
  GtkFilter       *search_filter;
  GListModel      *builtin;        /* (owned): what is shown in each of the two lists */
  GListModel      *custom;

  AdwToastOverlay *toasts;
  GtkStack        *stack;
  AdwStatusPage   *failed_page;
  GtkWidget       *search_entry;
  GtkListBox      *builtin_list;
  GtkListBox      *custom_list;
  GtkWidget       *builtin_group;
  GtkWidget       *custom_group;
  GtkWidget       *no_match;
  GtkWidget       *create_button;
};

G_DEFINE_FINAL_TYPE (BwRolesPage, bw_roles_page, GTK_TYPE_WIDGET)

/* In the order in which the built-in ones are shown. */
static const char * const builtin_order[] = {
  BW_ROLE_SUPER_ADMIN, BW_ROLE_COMPANY_ADMIN, BW_ROLE_SUPPORT, BW_ROLE_SERVICEMAN, BW_ROLE_END_USER,
};

static void
update_stack (BwRolesPage *self)
{
  guint n_roles, n_builtin, n_custom;
  gboolean is_searching;

  /* While it is built and taken apart, too. */
  if (self->builtin == NULL || self->custom == NULL || self->stack == NULL)
    return;

  n_roles = g_list_model_get_n_items (G_LIST_MODEL (bw_session_get_roles (self->session)));
  n_builtin = g_list_model_get_n_items (self->builtin);
  n_custom = g_list_model_get_n_items (self->custom);
  is_searching = *gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) != '\0';

  if (n_roles > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else
    gtk_stack_set_visible_child_name (self->stack, self->error_text != NULL ? "failed" : "loading");

  if (self->error_text != NULL)
    adw_status_page_set_description (self->failed_page, self->error_text);
  gtk_widget_set_visible (self->builtin_group, n_builtin > 0);
  gtk_widget_set_visible (self->custom_group, n_custom > 0 || !is_searching);
  gtk_widget_set_visible (self->no_match, is_searching && n_builtin == 0 && n_custom == 0);
}

static void
update_actions (BwRolesPage *self)
{
  gboolean may_create = bw_session_may (self->session, BW_PERMISSION_MANAGE_ROLES);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "roles.create", may_create);
  gtk_widget_set_visible (self->create_button, may_create);
}

static void
roles_loaded_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(BwRolesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean ok = bw_session_load_roles_finish (BW_SESSION (source), result, &error);

  /* The page is going away; its children may be gone already. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_pointer (&self->error_text, g_free);
  if (!ok)
    self->error_text = bw_error_to_user_text (error);

  self->is_loaded = ok;
  update_stack (self);
}

static void
reload (BwRolesPage *self)
{
  g_clear_pointer (&self->error_text, g_free);
  update_stack (self);
  bw_session_load_roles_async (self->session, self->cancellable, roles_loaded_cb, g_object_ref (self));
}

static void
online_cb (BwRolesPage *self)
{
  if (bw_session_get_online (self->session) && self->error_text != NULL)
    reload (self);
}

/* The lists */

static gboolean
is_builtin (gpointer item,
            gpointer user_data)
{
  return (bw_record_get_text (item, "builtin") != NULL) == GPOINTER_TO_INT (user_data);
}

static gboolean
matches_search (gpointer item,
                gpointer user_data)
{
  BwRolesPage *self = user_data;
  g_autofree char *wanted = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), -1);
  g_autofree char *name = g_utf8_casefold (bw_role_name_to_text (bw_role_get_name (item)), -1);

  return strstr (name, g_strstrip (wanted)) != NULL;
}

static guint
builtin_place (gpointer role)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (builtin_order) && g_strcmp0 (builtin_order[i], bw_record_get_text (role, "builtin")) != 0)
    i++;

  return i;
}

static int
compare_roles (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  guint left = builtin_place ((gpointer) a);
  guint right = builtin_place ((gpointer) b);

  if (left != right)
    return left < right ? -1 : 1;

  return g_utf8_collate (bw_role_get_name ((BwRole *) a), bw_role_get_name ((BwRole *) b));
}

/* (transfer full): the built-in ones or the others, those that are searched for, in order */
static GListModel *
make_model (BwRolesPage *self,
            gboolean     wants_builtin)
{
  GtkEveryFilter *filter = gtk_every_filter_new ();
  GtkFilterListModel *filtered;

  gtk_multi_filter_append (GTK_MULTI_FILTER (filter),
                           GTK_FILTER (gtk_custom_filter_new (is_builtin, GINT_TO_POINTER (wants_builtin), NULL)));
  gtk_multi_filter_append (GTK_MULTI_FILTER (filter), g_object_ref (self->search_filter));
  filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (bw_session_get_roles (self->session))),
                                        GTK_FILTER (filter));

  return G_LIST_MODEL (gtk_sort_list_model_new (G_LIST_MODEL (filtered),
                                                GTK_SORTER (gtk_custom_sorter_new (compare_roles, NULL, NULL))));
}

static GtkWidget *
make_row (gpointer item,
          gpointer user_data)
{
  return bw_role_row_new (item);
}

static void
search_changed_cb (BwRolesPage *self)
{
  if (self->search_filter != NULL)
    gtk_filter_changed (self->search_filter, GTK_FILTER_CHANGE_DIFFERENT);

  update_stack (self);
}

static void
stop_search_cb (BwRolesPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
}

static void open_dialog (BwRolesPage *self,
                         BwRole      *role,
                         BwRole      *like);

static void
copy_cb (BwRolesPage *self,
         BwRole      *role)
{
  open_dialog (self, NULL, role);
}

static void
open_dialog (BwRolesPage *self,
             BwRole      *role,
             BwRole      *like)
{
  GtkWidget *dialog = bw_role_dialog_new (self->session, role, like, self->toasts);

  g_signal_connect_object (dialog, "copy", G_CALLBACK (copy_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Actions */

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  reload (BW_ROLES_PAGE (widget));
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  gtk_widget_grab_focus (BW_ROLES_PAGE (widget)->search_entry);
}

static void
create_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  open_dialog (BW_ROLES_PAGE (widget), NULL, NULL);
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwRolesPage *self = BW_ROLES_PAGE (widget);
  BwRole *role = bw_entity_list_lookup (bw_session_get_roles (self->session), g_variant_get_string (parameter, NULL));

  if (role != NULL)
    open_dialog (self, role, NULL);
}

static void
undone_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwRolesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BwOutcome) outcome = bw_session_change_finish (BW_SESSION (source), result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (outcome != NULL)
    {
      bw_outcome_show (self->toasts, outcome, _("As it was before"), NULL, NULL);
      return;
    }

  text = bw_error_to_user_text (error);
  bw_toast_show (self->toasts, text);
}

static void
undo_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwRolesPage *self = BW_ROLES_PAGE (widget);
  g_autoptr(JsonObject) body = NULL;
  g_autofree char *path = NULL;
  const char *id, *text;

  g_variant_get (parameter, "(&s&s)", &id, &text);
  body = bw_json_parse_object (text, strlen (text), UNDO_MAX_BYTES, NULL);
  if (body == NULL)
    return;

  path = g_strconcat ("/v1/roles/", id, NULL);
  bw_session_change_async (self->session, "PATCH", path, body, self->cancellable, undone_cb, g_object_ref (self));
}

static void
bw_roles_page_dispose (GObject *object)
{
  BwRolesPage *self = (BwRolesPage *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);

  g_clear_object (&self->builtin);
  g_clear_object (&self->custom);
  g_clear_object (&self->search_filter);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_ROLES_PAGE);
  g_clear_object (&self->session);
  g_clear_pointer (&self->error_text, g_free);

  G_OBJECT_CLASS (bw_roles_page_parent_class)->dispose (object);
}

static void
bw_roles_page_class_init (BwRolesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_roles_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/roles/bw-roles-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BwRolesPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwRolesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BwRolesPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BwRolesPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, BwRolesPage, builtin_list);
  gtk_widget_class_bind_template_child (widget_class, BwRolesPage, custom_list);
  gtk_widget_class_bind_template_child (widget_class, BwRolesPage, builtin_group);
  gtk_widget_class_bind_template_child (widget_class, BwRolesPage, custom_group);
  gtk_widget_class_bind_template_child (widget_class, BwRolesPage, no_match);
  gtk_widget_class_bind_template_child (widget_class, BwRolesPage, create_button);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  gtk_widget_class_install_action (widget_class, "roles.reload", NULL, reload_action);
  gtk_widget_class_install_action (widget_class, "roles.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "roles.create", NULL, create_action);
  gtk_widget_class_install_action (widget_class, "roles.open", "s", open_action);
  gtk_widget_class_install_action (widget_class, "roles.undo", "(ss)", undo_action);
}

static void
bw_roles_page_init (BwRolesPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_roles_page_new (BwSession *session)
{
  BwRolesPage *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_ROLES_PAGE, NULL);
  self->session = g_object_ref (session);
  self->search_filter = GTK_FILTER (gtk_custom_filter_new (matches_search, self, NULL));
  self->builtin = make_model (self, TRUE);
  self->custom = make_model (self, FALSE);
  gtk_list_box_bind_model (self->builtin_list, self->builtin, make_row, NULL, NULL);
  gtk_list_box_bind_model (self->custom_list, self->custom, make_row, NULL, NULL);
  g_signal_connect_object (self->builtin, "items-changed", G_CALLBACK (update_stack), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->custom, "items-changed", G_CALLBACK (update_stack), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::online", G_CALLBACK (online_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::permissions", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  update_actions (self);
  reload (self);

  return GTK_WIDGET (self);
}
