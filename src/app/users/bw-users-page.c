/* bw-users-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-users-page.h"

#include <glib/gi18n.h>

#include "bw-code-dialog.h"
#include "bw-compat.h"
#include "bw-invite-dialog.h"
#include "bw-json.h"
#include "bw-outcome.h"
#include "bw-people-filter.h"
#include "bw-remote-view.h"
#include "bw-time-text.h"
#include "bw-user-page.h"
#include "bw-user-text.h"

/**
 * BwUsersPage:
 *
 * The people who sign in here: a table of them, and in its place the page of one of them.
 */

struct _BwUsersPage
{
  GtkWidget       parent_instance;

  BwSession      *session;
  BwRemoteTable  *table;
  GCancellable   *cancellable;

  GtkStack       *stack;
  BwRemoteView   *view;
  GtkDropDown    *status_drop_down;
  BwPeopleFilter *filter;
  GtkWidget      *user_page;    /* (nullable): while one is shown */
};

G_DEFINE_FINAL_TYPE (BwUsersPage, bw_users_page, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* What the drop-down's entries mean to the server, in its order. */
static const char * const statuses[] = { NULL, "invited", "accepted", "self-registered", "suspended" };

static char *
get_name (gpointer item)
{
  return g_strdup (bw_user_text_name (item));
}

static char *
get_email (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "email"));
}

static char *
get_status (gpointer item)
{
  return g_strdup (bw_user_text_status (item));
}

static const char *
get_status_style (gpointer item)
{
  return bw_user_text_status_style (item);
}

static char *
get_participations (gpointer item)
{
  return bw_user_text_participations (item);
}

static char **
get_participation_chips (gpointer item)
{
  return bw_user_text_participation_list (item);
}

static char *
get_last_seen (gpointer item)
{
  gint64 at_us;

  g_object_get (item, "last-seen-at-us", &at_us, NULL);

  return bw_time_to_relative_text (at_us, g_get_real_time ());
}

static char *
get_created (gpointer item)
{
  gint64 at_us;

  g_object_get (item, "created-at-us", &at_us, NULL);

  return bw_time_to_date_text (at_us);
}

static const BwRemoteColumn columns[] = {
  { .id = "name", .title = N_("Name"), .sort = "name", .flags = BW_COLUMN_FIXED | BW_COLUMN_EXPAND,
    .min_chars = 14, .nat_chars = 22, .text = get_name },
  { .id = "email", .title = N_("E-Mail"), .sort = "email", .flags = BW_COLUMN_EXPAND,
    .min_chars = 14, .nat_chars = 24, .min_width = 560, .text = get_email },
  { .id = "status", .title = N_("Status"), .sort = "status",
    .min_chars = 14, .nat_chars = 18, .text = get_status, .style = get_status_style },
  { .id = "participations", .title = N_("Participations"), .flags = BW_COLUMN_EXPAND,
    .min_chars = 16, .nat_chars = 30, .min_width = 760, .text = get_participations,
    .chips = get_participation_chips },
  { .id = "last-seen", .title = N_("Last Seen"), .sort = "last-seen", .flags = BW_COLUMN_AGE | BW_COLUMN_REVERSE,
    .min_chars = 14, .nat_chars = 20, .min_width = 900, .text = get_last_seen },
  { .id = "created", .title = N_("Created"), .sort = "created",
    .min_chars = 11, .nat_chars = 12, .min_width = 1080, .text = get_created },
};

static char *
make_count (guint total)
{
  return g_strdup_printf (ngettext ("%'u user", "%'u users", total), total);
}

static void
status_selected_cb (BwUsersPage *self)
{
  guint position = gtk_drop_down_get_selected (self->status_drop_down);

  if (self->table != NULL && position < G_N_ELEMENTS (statuses))
    bw_remote_table_set_filter (self->table, "status", statuses[position]);
}

static void
show_table (BwUsersPage *self)
{
  GtkWidget *page = self->user_page;

  if (page == NULL)
    return;

  self->user_page = NULL;
  gtk_stack_set_visible_child_name (self->stack, "table");
  gtk_stack_remove (self->stack, page);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
user_deleted_cb (BwUsersPage *self)
{
  show_table (self);
  bw_remote_table_reload (self->table);
  bw_toast_show (bw_remote_view_get_toasts (self->view), _("The user is deleted"));
}

static void
activated_cb (BwRemoteView *view,
              BwEntity     *item,
              BwUsersPage  *self)
{
  bw_users_page_open (self, bw_entity_get_id (item));
}

static void
invited_cb (BwUsersPage *self,
            BwOutcome   *outcome)
{
  JsonObject *invitation = bw_json_get_object (outcome->document, "invitation");
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  const char *name;
  GtkWidget *dialog;

  bw_remote_table_reload (self->table);
  if (outcome->request != NULL || invitation == NULL)
    {
      bw_outcome_show (bw_remote_view_get_toasts (self->view), outcome, _("Invited"), NULL, NULL);
      return;
    }

  name = bw_json_get_string (outcome->document, "name");
  if (name == NULL || *name == '\0')
    name = bw_json_get_string (outcome->document, "email");

  dialog = bw_code_dialog_new (bw_session_get_base_uri (self->session), name != NULL ? name : "",
                               bw_json_get_string (outcome->document, "email"), invitation);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
invite_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwUsersPage *self = BW_USERS_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *dialog = bw_invite_dialog_new (self->session);

  g_signal_connect_object (dialog, "done", G_CALLBACK (invited_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwUsersPage *self = BW_USERS_PAGE (widget);

  if (self->user_page != NULL)
    gtk_widget_activate_action (self->user_page, "user.reload", NULL);
  else
    bw_remote_table_reload (self->table);
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_users_page_start_search (BW_USERS_PAGE (widget));
}

static void
update_actions (BwUsersPage *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "users.invite",
                                 bw_session_may (self->session, BW_PERMISSION_MANAGE_USERS));
}

/* The names of what a user's page only has ids of, and what the dialogs let choose from. */
static void
companies_loaded_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!bw_session_load_companies_finish (BW_SESSION (source), result, &error))
    g_debug ("companies: %s", error->message);
}

static void
bw_users_page_constructed (GObject *object)
{
  BwUsersPage *self = (BwUsersPage *) object;

  G_OBJECT_CLASS (bw_users_page_parent_class)->constructed (object);

  self->table = bw_remote_table_new (self->session, "/v1/users", BW_TYPE_USER, "user");
  bw_remote_view_set_count_text (self->view, make_count);
  bw_remote_view_set_table (self->view, self->table, "users", columns, G_N_ELEMENTS (columns));
  bw_people_filter_set_table (self->filter, self->session, self->table, TRUE);
  g_signal_connect_object (self->session, "notify::permissions", G_CALLBACK (update_actions),
                           self, G_CONNECT_SWAPPED);
  update_actions (self);

  if (g_list_model_get_n_items (G_LIST_MODEL (bw_session_get_companies (self->session))) == 0)
    bw_session_load_companies_async (self->session, self->cancellable, companies_loaded_cb, NULL);
}

static void
bw_users_page_dispose (GObject *object)
{
  BwUsersPage *self = (BwUsersPage *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_USERS_PAGE);
  g_clear_object (&self->table);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_users_page_parent_class)->dispose (object);
}

static void
bw_users_page_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SESSION:
      BW_USERS_PAGE (object)->session = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_users_page_class_init (BwUsersPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bw_users_page_constructed;
  object_class->dispose = bw_users_page_dispose;
  object_class->set_property = bw_users_page_set_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (BW_TYPE_PEOPLE_FILTER);
  g_type_ensure (BW_TYPE_REMOTE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/users/bw-users-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BwUsersPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BwUsersPage, view);
  gtk_widget_class_bind_template_child (widget_class, BwUsersPage, status_drop_down);
  gtk_widget_class_bind_template_child (widget_class, BwUsersPage, filter);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, status_selected_cb);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "users.invite", NULL, invite_action);
  gtk_widget_class_install_action (widget_class, "users.reload", NULL, reload_action);
  gtk_widget_class_install_action (widget_class, "users.search", NULL, search_action);
}

static void
bw_users_page_init (BwUsersPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->status_drop_down), _("Show users by status"));
}

GtkWidget *
bw_users_page_new (BwSession *session)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  return g_object_new (BW_TYPE_USERS_PAGE, "session", session, NULL);
}

void
bw_users_page_open (BwUsersPage *self,
                    const char  *user_id)
{
  g_return_if_fail (BW_IS_USERS_PAGE (self));
  g_return_if_fail (user_id != NULL);

  show_table (self);
  self->user_page = bw_user_page_new (self->session, user_id);
  g_signal_connect_object (self->user_page, "back", G_CALLBACK (show_table), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->user_page, "deleted", G_CALLBACK (user_deleted_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_add_named (self->stack, self->user_page, "user");
  gtk_stack_set_visible_child (self->stack, self->user_page);
}

gboolean
bw_users_page_go_back (BwUsersPage *self)
{
  g_return_val_if_fail (BW_IS_USERS_PAGE (self), FALSE);

  if (self->user_page == NULL)
    return FALSE;

  show_table (self);

  return TRUE;
}

void
bw_users_page_start_search (BwUsersPage *self)
{
  g_return_if_fail (BW_IS_USERS_PAGE (self));

  show_table (self);
  bw_remote_view_start_search (self->view);
}

void
bw_users_page_set_company (BwUsersPage *self,
                           BwEntity    *company)
{
  g_return_if_fail (BW_IS_USERS_PAGE (self));

  show_table (self);
  bw_remote_table_freeze (self->table);
  gtk_drop_down_set_selected (self->status_drop_down, 0);
  bw_remote_view_set_search (self->view, "");
  bw_people_filter_clear (self->filter);
  bw_people_filter_set_company (self->filter, company);
  bw_remote_table_thaw (self->table);
}
