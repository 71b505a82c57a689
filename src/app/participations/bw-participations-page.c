/* bw-participations-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-participations-page.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-delete-question.h"
#include "bw-error-text.h"
#include "bw-outcome.h"
#include "bw-participation-dialog.h"
#include "bw-participation-text.h"
#include "bw-people-filter.h"
#include "bw-permission-text.h"
#include "bw-remote-view.h"
#include "bw-time-text.h"

/**
 * BwParticipationsPage:
 *
 * Who acts where and as what: all that is in reach. Those that have ended, or have not begun, are told
 * apart by words and not by colour alone.
 */

struct _BwParticipationsPage
{
  GtkWidget       parent_instance;

  BwSession      *session;
  BwRemoteTable  *table;
  GCancellable   *cancellable;

  BwRemoteView   *view;
  GtkDropDown    *status_drop_down;
  BwPeopleFilter *filter;
};

G_DEFINE_FINAL_TYPE (BwParticipationsPage, bw_participations_page, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

enum {
  OPEN_USER,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* What the drop-down's entries mean to the server, in its order. */
static const char * const states[] = { NULL, "true", "false" };

/* What a question is about, until it is answered. */
typedef struct
{
  BwParticipationsPage *self;
  char                 *path;
} Deletion;

static void
deletion_free (Deletion *deletion)
{
  g_object_unref (deletion->self);
  g_free (deletion->path);
  g_free (deletion);
}

static char *
get_user (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "user"));
}

static char *
get_email (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "email"));
}

static char *
get_company (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "company"));
}

static char *
get_role (gpointer item)
{
  return g_strdup (bw_role_name_to_text (bw_record_get_text (item, "role")));
}

static char *
get_state (gpointer item)
{
  return g_strdup (bw_participation_text_state (item));
}

static const char *
get_state_style (gpointer item)
{
  return bw_participation_text_style (item);
}

static char *
get_first_day (gpointer item)
{
  return bw_day_to_text (bw_record_get_text (item, "first-day"));
}

static char *
get_last_day (gpointer item)
{
  return bw_day_to_text (bw_record_get_text (item, "last-day"));
}

static char *
get_created (gpointer item)
{
  gint64 at_us;

  g_object_get (item, "created-at-us", &at_us, NULL);

  return bw_time_to_date_text (at_us);
}

static const BwRemoteColumn columns[] = {
  { .id = "user", .title = N_("User"), .sort = "user", .flags = BW_COLUMN_FIXED | BW_COLUMN_EXPAND,
    .min_chars = 14, .nat_chars = 22, .text = get_user, .style = get_state_style },
  { .id = "email", .title = N_("E-Mail"), .flags = BW_COLUMN_EXPAND | BW_COLUMN_EXTRA,
    .min_chars = 14, .nat_chars = 24, .text = get_email },
  { .id = "company", .title = N_("Company"), .sort = "company", .flags = BW_COLUMN_EXPAND,
    .min_chars = 12, .nat_chars = 20, .text = get_company, .style = get_state_style },
  { .id = "role", .title = N_("Role"), .sort = "role",
    .min_chars = 12, .nat_chars = 16, .min_width = 480, .text = get_role, .style = get_state_style },
  { .id = "state", .title = N_("State"),
    .min_chars = 12, .nat_chars = 14, .min_width = 620, .text = get_state, .style = get_state_style },
  { .id = "first-day", .title = N_("First Day"), .sort = "first-day",
    .min_chars = 11, .nat_chars = 12, .min_width = 740, .text = get_first_day },
  { .id = "last-day", .title = N_("Last Day"), .sort = "last-day",
    .min_chars = 11, .nat_chars = 12, .min_width = 800, .text = get_last_day },
  { .id = "created", .title = N_("Created"), .sort = "created", .flags = BW_COLUMN_EXTRA,
    .min_chars = 11, .nat_chars = 12, .text = get_created },
};

static char *
make_count (guint total)
{
  return g_strdup_printf (ngettext ("%'u participation", "%'u participations", total), total);
}

static void
status_selected_cb (BwParticipationsPage *self)
{
  guint position = gtk_drop_down_get_selected (self->status_drop_down);

  if (self->table != NULL && position < G_N_ELEMENTS (states))
    bw_remote_table_set_filter (self->table, "active", states[position]);
}

static void
done_cb (BwParticipationsPage *self,
         BwOutcome            *outcome)
{
  bw_outcome_show (bw_remote_view_get_toasts (self->view), outcome, _("Saved"), NULL, NULL);
  bw_remote_table_reload (self->table);
}

static void
present (BwParticipationsPage *self,
         GtkWidget            *dialog)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_signal_connect_object (dialog, "done", G_CALLBACK (done_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
edit (BwParticipationsPage *self,
      BwParticipation      *participation)
{
  if (bw_session_may (self->session, BW_PERMISSION_MANAGE_PARTICIPATIONS))
    present (self, bw_participation_dialog_new_edit (self->session, participation));
}

static void
activated_cb (BwRemoteView         *view,
              BwEntity             *item,
              BwParticipationsPage *self)
{
  edit (self, BW_PARTICIPATION (item));
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Deletion *deletion = user_data;
  BwParticipationsPage *self = deletion->self;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;

  outcome = bw_session_change_finish (BW_SESSION (source), result, &error);
  if (outcome != NULL)
    {
      bw_outcome_show (bw_remote_view_get_toasts (self->view), outcome, _("The participation has ended"), NULL, NULL);
      bw_remote_table_reload (self->table);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *text = bw_error_to_user_text (error);

      bw_toast_show (bw_remote_view_get_toasts (self->view), text);
    }

  deletion_free (deletion);
}

static void
deletion_answered_cb (AdwMessageDialog *dialog,
                      const char       *response,
                      Deletion         *deletion)
{
  if (g_str_equal (response, "accept"))
    bw_session_change_async (deletion->self->session, "DELETE", deletion->path, NULL, deletion->self->cancellable,
                             deleted_cb, deletion);
  else
    deletion_free (deletion);
}

/* Actions */

static void
add_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BwParticipationsPage *self = BW_PARTICIPATIONS_PAGE (widget);

  present (self, bw_participation_dialog_new (self->session, NULL, NULL));
}

static void
edit_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwParticipationsPage *self = BW_PARTICIPATIONS_PAGE (widget);
  g_autoptr(BwParticipation) participation = bw_remote_view_dup_selected_one (self->view);

  if (participation != NULL)
    edit (self, participation);
}

static void
show_user_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  BwParticipationsPage *self = BW_PARTICIPATIONS_PAGE (widget);
  g_autoptr(BwParticipation) participation = bw_remote_view_dup_selected_one (self->view);

  if (participation != NULL)
    g_signal_emit (self, signals[OPEN_USER], 0, bw_record_get_text (BW_RECORD (participation), "user-id"));
}

static void
delete_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwParticipationsPage *self = BW_PARTICIPATIONS_PAGE (widget);
  g_autoptr(BwParticipation) participation = bw_remote_view_dup_selected_one (self->view);
  g_autofree char *body = NULL;
  Deletion *deletion;
  GtkWidget *dialog;

  if (participation == NULL)
    return;

  /* Translators: a user and a company */
  body = g_strdup_printf (_("%s will not act in %s any more."), bw_record_get_text (BW_RECORD (participation), "user"),
                          bw_record_get_text (BW_RECORD (participation), "company"));
  deletion = g_new0 (Deletion, 1);
  deletion->self = g_object_ref (self);
  deletion->path = g_strdup_printf ("/v1/participations/%s?revision=%" G_GINT64_FORMAT,
                                    bw_entity_get_id (BW_ENTITY (participation)),
                                    bw_entity_get_revision (BW_ENTITY (participation)));
  dialog = bw_delete_question_new (widget, self->session, _("End the Participation?"), body, _("_End"),
                                   deletion->path);
  g_signal_connect (dialog, "response", G_CALLBACK (deletion_answered_cb), deletion);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_remote_table_reload (BW_PARTICIPATIONS_PAGE (widget)->table);
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_participations_page_start_search (BW_PARTICIPATIONS_PAGE (widget));
}

static void
update_actions (BwParticipationsPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean may_manage = bw_session_may (self->session, BW_PERMISSION_MANAGE_PARTICIPATIONS);
  gboolean has_one = bw_remote_view_get_n_selected (self->view) == 1;

  gtk_widget_action_set_enabled (widget, "participations.add", may_manage);
  gtk_widget_action_set_enabled (widget, "participations.edit", may_manage && has_one);
  gtk_widget_action_set_enabled (widget, "participations.show-user",
                                 has_one && bw_session_may (self->session, BW_PERMISSION_VIEW_USERS));
  gtk_widget_action_set_enabled (widget, "participations.delete",
                                 has_one && bw_session_may (self->session, BW_PERMISSION_DELETE_PARTICIPATIONS));
}

static void
bw_participations_page_constructed (GObject *object)
{
  BwParticipationsPage *self = (BwParticipationsPage *) object;

  G_OBJECT_CLASS (bw_participations_page_parent_class)->constructed (object);

  self->table = bw_remote_table_new (self->session, "/v1/participations", BW_TYPE_PARTICIPATION, "participation");
  bw_remote_view_set_count_text (self->view, make_count);
  bw_remote_view_set_table (self->view, self->table, "participations", columns, G_N_ELEMENTS (columns));
  bw_people_filter_set_table (self->filter, self->session, self->table, FALSE);
  g_signal_connect_object (self->view, "selection-changed", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::permissions", G_CALLBACK (update_actions),
                           self, G_CONNECT_SWAPPED);
  update_actions (self);
}

static void
bw_participations_page_dispose (GObject *object)
{
  BwParticipationsPage *self = (BwParticipationsPage *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_PARTICIPATIONS_PAGE);
  g_clear_object (&self->table);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_participations_page_parent_class)->dispose (object);
}

static void
bw_participations_page_set_property (GObject      *object,
                                     guint         prop_id,
                                     const GValue *value,
                                     GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SESSION:
      BW_PARTICIPATIONS_PAGE (object)->session = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_participations_page_class_init (BwParticipationsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bw_participations_page_constructed;
  object_class->dispose = bw_participations_page_dispose;
  object_class->set_property = bw_participations_page_set_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[OPEN_USER] = g_signal_new ("open-user", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (BW_TYPE_PEOPLE_FILTER);
  g_type_ensure (BW_TYPE_REMOTE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               BW_RESOURCE_BASE "/ui/participations/bw-participations-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BwParticipationsPage, view);
  gtk_widget_class_bind_template_child (widget_class, BwParticipationsPage, status_drop_down);
  gtk_widget_class_bind_template_child (widget_class, BwParticipationsPage, filter);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, status_selected_cb);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "participations.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "participations.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "participations.show-user", NULL, show_user_action);
  gtk_widget_class_install_action (widget_class, "participations.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "participations.reload", NULL, reload_action);
  gtk_widget_class_install_action (widget_class, "participations.search", NULL, search_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "participations.delete", NULL);
}

static void
bw_participations_page_init (BwParticipationsPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->status_drop_down), _("Show participations by state"));
}

GtkWidget *
bw_participations_page_new (BwSession *session)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  return g_object_new (BW_TYPE_PARTICIPATIONS_PAGE, "session", session, NULL);
}

void
bw_participations_page_set_company (BwParticipationsPage *self,
                                    BwEntity             *company)
{
  g_return_if_fail (BW_IS_PARTICIPATIONS_PAGE (self));

  bw_people_filter_set_company (self->filter, company);
}

void
bw_participations_page_start_search (BwParticipationsPage *self)
{
  g_return_if_fail (BW_IS_PARTICIPATIONS_PAGE (self));

  bw_remote_view_start_search (self->view);
}
