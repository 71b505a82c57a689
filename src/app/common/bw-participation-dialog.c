/* bw-participation-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-participation-dialog.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-day-row.h"
#include "bw-effects-view.h"
#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-field.h"
#include "bw-pick-row.h"
#include "bw-save.h"
#include "bw-user.h"

/* So that a day that is being typed is asked about once. */
#define ASK_MS 250

/**
 * BwParticipationDialog:
 *
 * Who acts where, as what and for how long. What it would change is seen before it is saved.
 */

struct _BwParticipationDialog
{
  AdwWindow        parent_instance;

  BwSession       *session;
  BwParticipation *participation;   /* (owned) (nullable): the one that is edited */
  GCancellable    *cancellable;
  guint            ask_id;
  gboolean         is_busy;

  GtkWidget       *form;
  BwPickRow       *user_row;
  BwPickRow       *company_row;
  BwPickRow       *role_row;
  BwDayRow        *first_day_row;
  BwDayRow        *last_day_row;
  GtkLabel        *days_error;
  GtkWidget       *effects_box;
  BwEffectsView   *effects;
  GtkLabel        *general_error;
  GtkButton       *save_button;
};

G_DEFINE_FINAL_TYPE (BwParticipationDialog, bw_participation_dialog, ADW_TYPE_WINDOW)

enum {
  DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
add_day (JsonObject *body,
         const char *member,
         BwDayRow   *row)
{
  g_autofree char *day = bw_day_row_dup_day (row);

  if (day != NULL)
    json_object_set_string_member (body, member, day);
  else
    json_object_set_null_member (body, member);
}

static gboolean
is_day_changed (BwParticipationDialog *self,
                BwDayRow              *row,
                const char            *property)
{
  g_autofree char *day = bw_day_row_dup_day (row);

  return g_strcmp0 (day, bw_record_get_text (BW_RECORD (self->participation), property)) != 0;
}

/* What is sent: all of a new one, what differs of an old one. (transfer full) */
static JsonObject *
make_body (BwParticipationDialog *self)
{
  JsonObject *body = json_object_new ();
  BwRecord *known = (BwRecord *) self->participation;

  if (known == NULL)
    {
      json_object_set_string_member (body, "userId", bw_pick_row_get_id (self->user_row));
      json_object_set_string_member (body, "companyId", bw_pick_row_get_id (self->company_row));
      json_object_set_string_member (body, "roleId", bw_pick_row_get_id (self->role_row));
      add_day (body, "firstDay", self->first_day_row);
      add_day (body, "lastDay", self->last_day_row);
      return body;
    }

  json_object_set_int_member (body, "revision", bw_entity_get_revision (BW_ENTITY (known)));
  if (g_strcmp0 (bw_pick_row_get_id (self->role_row), bw_record_get_text (known, "role-id")) != 0)
    json_object_set_string_member (body, "roleId", bw_pick_row_get_id (self->role_row));
  if (is_day_changed (self, self->first_day_row, "first-day"))
    add_day (body, "firstDay", self->first_day_row);
  if (is_day_changed (self, self->last_day_row, "last-day"))
    add_day (body, "lastDay", self->last_day_row);

  return body;
}

/* (transfer full) */
static char *
make_path (BwParticipationDialog *self)
{
  if (self->participation == NULL)
    return g_strdup ("/v1/participations");

  return g_strconcat ("/v1/participations/", bw_entity_get_id (BW_ENTITY (self->participation)), NULL);
}

static const char *
get_method (BwParticipationDialog *self)
{
  return self->participation == NULL ? "POST" : "PATCH";
}

static gboolean
are_days_good (BwParticipationDialog *self)
{
  g_autofree char *first = bw_day_row_dup_day (self->first_day_row);
  g_autofree char *last = bw_day_row_dup_day (self->last_day_row);
  BwDayRow *wrong = NULL;
  const char *text = NULL;

  if (!bw_day_row_is_valid (self->first_day_row))
    wrong = self->first_day_row;
  else if (!bw_day_row_is_valid (self->last_day_row))
    wrong = self->last_day_row;

  if (wrong != NULL)
    {
      text = _("A day is written like 2026-11-25.");
    }
  else if (first != NULL && last != NULL && strcmp (last, first) < 0)
    {
      wrong = self->last_day_row;
      text = _("The last day is before the first one.");
    }

  bw_field_show_error (GTK_WIDGET (self->first_day_row), self->days_error,
                       wrong == self->first_day_row ? text : NULL);
  bw_field_show_error (GTK_WIDGET (self->last_day_row), self->days_error, text);
  if (wrong == self->first_day_row)
    gtk_widget_remove_css_class (GTK_WIDGET (self->last_day_row), "error");

  return wrong == NULL;
}

static gboolean
is_good (BwParticipationDialog *self)
{
  g_autoptr(JsonObject) body = NULL;
  gboolean is_complete = bw_pick_row_get_id (self->user_row) != NULL &&
                         bw_pick_row_get_id (self->company_row) != NULL &&
                         bw_pick_row_get_id (self->role_row) != NULL;

  if (!are_days_good (self) || !is_complete)
    return FALSE;

  /* Of an edited one at least one member beside the revision. */
  body = make_body (self);

  return self->participation == NULL || json_object_get_size (body) > 1;
}

static gboolean
ask_cb (gpointer user_data)
{
  BwParticipationDialog *self = user_data;
  g_autoptr(JsonObject) body = make_body (self);
  g_autofree char *path = make_path (self);

  self->ask_id = 0;
  bw_effects_view_ask (self->effects, self->session, get_method (self), path, body);
  gtk_widget_set_visible (self->effects_box, TRUE);

  return G_SOURCE_REMOVE;
}

static void
form_changed_cb (BwParticipationDialog *self)
{
  gboolean ok;

  /* The template is still being built. */
  if (self->session == NULL)
    return;

  ok = is_good (self);
  bw_field_show_error (NULL, self->general_error, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "participation.save", ok && !self->is_busy);

  g_clear_handle_id (&self->ask_id, g_source_remove);
  if (ok)
    self->ask_id = g_timeout_add (ASK_MS, ask_cb, self);
  else
    gtk_widget_set_visible (self->effects_box, FALSE);
}

static void
set_busy (BwParticipationDialog *self,
          gboolean               is_busy)
{
  self->is_busy = is_busy;
  gtk_widget_set_sensitive (self->form, !is_busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "participation.save", !is_busy);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BwParticipationDialog) self = user_data;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  outcome = bw_save_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  set_busy (self, FALSE);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED_HANDLED))
    return;

  if (outcome != NULL)
    {
      g_signal_emit (self, signals[DONE], 0, outcome);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  text = bw_error_to_user_text (error);
  bw_field_show_error (NULL, self->general_error, text);
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwParticipationDialog *self = BW_PARTICIPATION_DIALOG (widget);
  g_autoptr(JsonObject) body = make_body (self);
  g_autofree char *path = make_path (self);

  set_busy (self, TRUE);
  bw_save_async (widget, self->session, get_method (self), path, body, self->cancellable, saved_cb,
                 g_object_ref (self));
}

/* Closed. A call under way may keep the dialog for a moment, even beyond its parent. */
static void
bw_participation_dialog_unmap (GtkWidget *widget)
{
  BwParticipationDialog *self = BW_PARTICIPATION_DIALOG (widget);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->ask_id, g_source_remove);

  GTK_WIDGET_CLASS (bw_participation_dialog_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_participation_dialog_dispose (GObject *object)
{
  BwParticipationDialog *self = (BwParticipationDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->ask_id, g_source_remove);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_PARTICIPATION_DIALOG);
  g_clear_object (&self->participation);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_participation_dialog_parent_class)->dispose (object);
}

static void
bw_participation_dialog_class_init (BwParticipationDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_participation_dialog_dispose;
  widget_class->unmap = bw_participation_dialog_unmap;

  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_POINTER);

  g_type_ensure (BW_TYPE_DAY_ROW);
  g_type_ensure (BW_TYPE_EFFECTS_VIEW);
  g_type_ensure (BW_TYPE_PICK_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               BW_RESOURCE_BASE "/ui/common/bw-participation-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwParticipationDialog, form);
  gtk_widget_class_bind_template_child (widget_class, BwParticipationDialog, user_row);
  gtk_widget_class_bind_template_child (widget_class, BwParticipationDialog, company_row);
  gtk_widget_class_bind_template_child (widget_class, BwParticipationDialog, role_row);
  gtk_widget_class_bind_template_child (widget_class, BwParticipationDialog, first_day_row);
  gtk_widget_class_bind_template_child (widget_class, BwParticipationDialog, last_day_row);
  gtk_widget_class_bind_template_child (widget_class, BwParticipationDialog, days_error);
  gtk_widget_class_bind_template_child (widget_class, BwParticipationDialog, effects_box);
  gtk_widget_class_bind_template_child (widget_class, BwParticipationDialog, effects);
  gtk_widget_class_bind_template_child (widget_class, BwParticipationDialog, general_error);
  gtk_widget_class_bind_template_child (widget_class, BwParticipationDialog, save_button);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);

  gtk_widget_class_install_action (widget_class, "participation.save", NULL, save_action);
}

static void
bw_participation_dialog_init (BwParticipationDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static BwParticipationDialog *
dialog_new (BwSession *session)
{
  BwParticipationDialog *self = g_object_new (BW_TYPE_PARTICIPATION_DIALOG, NULL);

  bw_pick_row_pick_user (self->user_row, session);
  bw_pick_row_pick_company (self->company_row, session);
  bw_pick_row_pick_role (self->role_row, session, TRUE);
  self->session = g_object_ref (session);

  return self;
}

static void
fix (BwPickRow *row,
     BwEntity  *item)
{
  if (item == NULL)
    return;

  bw_pick_row_set_selected (row, item);
  gtk_widget_set_sensitive (GTK_WIDGET (row), FALSE);
}

GtkWidget *
bw_participation_dialog_new (BwSession *session,
                             BwEntity  *user,
                             BwEntity  *company)
{
  BwParticipationDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = dialog_new (session);
  fix (self->user_row, user);
  fix (self->company_row, company);
  form_changed_cb (self);

  return GTK_WIDGET (self);
}

/* (transfer full): what the participation says of it, without asking for it */
static BwEntity *
make_stand_in (GType            type,
               BwParticipation *participation,
               const char      *id_property,
               const char      *name_property)
{
  BwEntity *entity = g_object_new (type, NULL);
  g_autoptr(JsonObject) json = json_object_new ();
  const char *email = bw_record_get_text (BW_RECORD (participation), "email");
  g_autoptr(GError) error = NULL;

  json_object_set_string_member (json, "id", bw_record_get_text (BW_RECORD (participation), id_property));
  json_object_set_int_member (json, "revision", 0);
  json_object_set_string_member (json, "name", bw_record_get_text (BW_RECORD (participation), name_property));
  if (email != NULL)
    json_object_set_string_member (json, "email", email);
  if (!bw_entity_load (entity, json, &error))
    g_debug ("%s of a participation: %s", name_property, error->message);

  return entity;
}

/* As it was when the dialog opened: another's goes on with the feed, and its revision with it. */
static BwParticipation *
copy (BwParticipation *participation)
{
  BwParticipation *self = bw_participation_new ();
  g_autoptr(JsonObject) json = bw_entity_save (BW_ENTITY (participation));
  g_autoptr(GError) error = NULL;

  if (!bw_entity_load (BW_ENTITY (self), json, &error))
    g_critical ("a participation cannot be copied: %s", error->message);

  return self;
}

GtkWidget *
bw_participation_dialog_new_edit (BwSession       *session,
                                  BwParticipation *participation)
{
  g_autoptr(BwEntity) user = NULL;
  g_autoptr(BwEntity) company = NULL;
  g_autoptr(BwEntity) role = NULL;
  BwParticipationDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_PARTICIPATION (participation), NULL);

  self = dialog_new (session);
  self->participation = copy (participation);
  user = make_stand_in (BW_TYPE_USER, participation, "user-id", "user");
  company = make_stand_in (BW_TYPE_COMPANY, participation, "company-id", "company");
  role = make_stand_in (BW_TYPE_ROLE, participation, "role-id", "role");
  fix (self->user_row, user);
  fix (self->company_row, company);
  bw_pick_row_set_selected (self->role_row, role);
  bw_day_row_set_day (self->first_day_row, bw_record_get_text (BW_RECORD (participation), "first-day"));
  bw_day_row_set_day (self->last_day_row, bw_record_get_text (BW_RECORD (participation), "last-day"));
  gtk_window_set_title (GTK_WINDOW (self), _("Edit Participation"));
  gtk_button_set_label (self->save_button, _("_Save"));
  form_changed_cb (self);

  return GTK_WIDGET (self);
}
