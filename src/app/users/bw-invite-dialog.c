/* bw-invite-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-invite-dialog.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-day-row.h"
#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-field.h"
#include "bw-people-rules.h"
#include "bw-pick-row.h"

/**
 * BwInviteDialog:
 *
 * A new user, and what they will be allowed where. Nothing is a mistake before it has been typed.
 */

struct _BwInviteDialog
{
  AdwWindow     parent_instance;

  BwSession    *session;
  GCancellable *cancellable;
  gboolean      is_busy;

  GtkWidget    *form;
  GtkEditable  *email_row;
  GtkEditable  *first_name_row;
  GtkEditable  *last_name_row;
  GtkLabel     *who_error;
  BwPickRow    *company_row;
  BwPickRow    *role_row;
  GtkWidget    *days_box;
  BwDayRow     *first_day_row;
  BwDayRow     *last_day_row;
  GtkLabel     *days_error;
  GtkLabel     *general_error;
};

G_DEFINE_FINAL_TYPE (BwInviteDialog, bw_invite_dialog, ADW_TYPE_WINDOW)

enum {
  DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
may_place (BwInviteDialog *self)
{
  return bw_session_may (self->session, BW_PERMISSION_MANAGE_PARTICIPATIONS);
}

static gboolean
check_who (BwInviteDialog *self)
{
  g_autofree char *email = bw_field_get_text (self->email_row);
  GtkEditable *names[] = { self->first_name_row, self->last_name_row };
  GtkWidget *wrong = NULL;
  const char *text = NULL;

  if (*email != '\0' && !bw_email_is_valid (email))
    {
      wrong = GTK_WIDGET (self->email_row);
      text = _("This is not an e-mail address, such as ada@example.com");
    }

  for (gsize i = 0; i < G_N_ELEMENTS (names) && wrong == NULL; i++)
    {
      if (strlen (gtk_editable_get_text (names[i])) > BW_PEOPLE_MAX_NAME_BYTES)
        {
          wrong = GTK_WIDGET (names[i]);
          text = _("This name is too long.");
        }
    }

  bw_field_show_error (GTK_WIDGET (self->email_row), self->who_error, NULL);
  bw_field_show_error (GTK_WIDGET (self->first_name_row), self->who_error, NULL);
  bw_field_show_error (GTK_WIDGET (self->last_name_row), self->who_error, NULL);
  if (wrong != NULL)
    bw_field_show_error (wrong, self->who_error, text);

  return wrong == NULL && *email != '\0';
}

static gboolean
check_days (BwInviteDialog *self)
{
  g_autofree char *first = bw_day_row_dup_day (self->first_day_row);
  g_autofree char *last = bw_day_row_dup_day (self->last_day_row);
  GtkWidget *wrong = NULL;
  const char *text = NULL;

  if (!bw_day_row_is_valid (self->first_day_row))
    wrong = GTK_WIDGET (self->first_day_row);
  else if (!bw_day_row_is_valid (self->last_day_row))
    wrong = GTK_WIDGET (self->last_day_row);

  if (wrong != NULL)
    {
      text = _("A day is written like 2026-11-25.");
    }
  else if (first != NULL && last != NULL && strcmp (last, first) < 0)
    {
      wrong = GTK_WIDGET (self->last_day_row);
      text = _("The last day is before the first one.");
    }

  bw_field_show_error (GTK_WIDGET (self->first_day_row), self->days_error, NULL);
  bw_field_show_error (GTK_WIDGET (self->last_day_row), self->days_error, NULL);
  if (wrong != NULL)
    bw_field_show_error (wrong, self->days_error, text);

  return wrong == NULL;
}

static void
form_changed_cb (BwInviteDialog *self)
{
  gboolean is_who_good, are_days_good, is_placed;

  /* The template is still being built. */
  if (self->session == NULL)
    return;

  is_who_good = check_who (self);
  are_days_good = check_days (self);
  is_placed = bw_pick_row_get_id (self->company_row) != NULL &&
              (!may_place (self) || bw_pick_row_get_id (self->role_row) != NULL);

  bw_field_show_error (NULL, self->general_error, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "invite.invite",
                                 is_who_good && are_days_good && is_placed && !self->is_busy);
}

static void
set_busy (BwInviteDialog *self,
          gboolean        is_busy)
{
  self->is_busy = is_busy;
  gtk_widget_set_sensitive (self->form, !is_busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "invite.invite", !is_busy);
}

static void
invited_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwInviteDialog) self = user_data;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  outcome = bw_session_change_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  set_busy (self, FALSE);
  if (outcome != NULL)
    {
      g_signal_emit (self, signals[DONE], 0, outcome);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  if (g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT))
    {
      bw_field_show_error (GTK_WIDGET (self->email_row), self->who_error,
                           _("There is an account with this e-mail address already."));
      gtk_widget_grab_focus (GTK_WIDGET (self->email_row));
      return;
    }

  text = bw_error_to_user_text (error);
  bw_field_show_error (NULL, self->general_error, text);
}

static void
add_text (JsonObject *body,
          const char *member,
          char       *owned_text)
{
  g_autofree char *text = owned_text;

  if (text != NULL && *text != '\0')
    json_object_set_string_member (body, member, text);
}

static void
invite_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwInviteDialog *self = BW_INVITE_DIALOG (widget);
  g_autoptr(JsonObject) body = json_object_new ();

  add_text (body, "email", bw_field_get_text (self->email_row));
  add_text (body, "firstName", bw_field_get_text (self->first_name_row));
  add_text (body, "lastName", bw_field_get_text (self->last_name_row));
  json_object_set_string_member (body, "companyId", bw_pick_row_get_id (self->company_row));
  if (may_place (self))
    {
      json_object_set_string_member (body, "roleId", bw_pick_row_get_id (self->role_row));
      add_text (body, "firstDay", bw_day_row_dup_day (self->first_day_row));
      add_text (body, "lastDay", bw_day_row_dup_day (self->last_day_row));
    }

  set_busy (self, TRUE);
  bw_session_change_async (self->session, "POST", "/v1/users", body, self->cancellable, invited_cb,
                           g_object_ref (self));
}

static void
entry_activated_cb (BwInviteDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "invite.invite", NULL);
}

/* Closed. A call under way may keep the dialog for a moment, even beyond its parent. */
static void
bw_invite_dialog_unmap (GtkWidget *widget)
{
  g_cancellable_cancel (BW_INVITE_DIALOG (widget)->cancellable);

  GTK_WIDGET_CLASS (bw_invite_dialog_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_invite_dialog_dispose (GObject *object)
{
  BwInviteDialog *self = (BwInviteDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_INVITE_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_invite_dialog_parent_class)->dispose (object);
}

static void
bw_invite_dialog_class_init (BwInviteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_invite_dialog_dispose;
  widget_class->unmap = bw_invite_dialog_unmap;

  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_POINTER);

  g_type_ensure (BW_TYPE_DAY_ROW);
  g_type_ensure (BW_TYPE_PICK_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/users/bw-invite-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwInviteDialog, form);
  gtk_widget_class_bind_template_child (widget_class, BwInviteDialog, email_row);
  gtk_widget_class_bind_template_child (widget_class, BwInviteDialog, first_name_row);
  gtk_widget_class_bind_template_child (widget_class, BwInviteDialog, last_name_row);
  gtk_widget_class_bind_template_child (widget_class, BwInviteDialog, who_error);
  gtk_widget_class_bind_template_child (widget_class, BwInviteDialog, company_row);
  gtk_widget_class_bind_template_child (widget_class, BwInviteDialog, role_row);
  gtk_widget_class_bind_template_child (widget_class, BwInviteDialog, days_box);
  gtk_widget_class_bind_template_child (widget_class, BwInviteDialog, first_day_row);
  gtk_widget_class_bind_template_child (widget_class, BwInviteDialog, last_day_row);
  gtk_widget_class_bind_template_child (widget_class, BwInviteDialog, days_error);
  gtk_widget_class_bind_template_child (widget_class, BwInviteDialog, general_error);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);

  gtk_widget_class_install_action (widget_class, "invite.invite", NULL, invite_action);
}

static void
bw_invite_dialog_init (BwInviteDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_invite_dialog_new (BwSession *session)
{
  BwInviteDialog *self;
  const char *company_id;
  BwEntity *company;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_INVITE_DIALOG, NULL);
  bw_pick_row_pick_company (self->company_row, session);
  bw_pick_row_pick_role (self->role_row, session, TRUE);
  self->session = g_object_ref (session);

  /* Mostly one invites into one's own company. */
  company_id = bw_session_get_company_id (session);
  company = company_id != NULL ? bw_entity_list_lookup (bw_session_get_companies (session), company_id) : NULL;
  if (company != NULL)
    bw_pick_row_set_selected (self->company_row, company);

  gtk_widget_set_visible (GTK_WIDGET (self->role_row), may_place (self));
  gtk_widget_set_visible (self->days_box, may_place (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->email_row));
  form_changed_cb (self);

  return GTK_WIDGET (self);
}
