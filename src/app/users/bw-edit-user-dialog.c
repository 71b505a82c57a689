/* bw-edit-user-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-edit-user-dialog.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-field.h"
#include "bw-people-rules.h"
#include "bw-save.h"
#include "bw-tag-picker.h"

/**
 * BwEditUserDialog:
 *
 * Address, name and tags of a user. Only what is another one now is sent, so that two who
 * change different things do not undo each other.
 */

struct _BwEditUserDialog
{
  AdwWindow       parent_instance;

  BwSession      *session;
  BwUser         *user;
  GCancellable   *cancellable;
  gboolean        is_busy;

  GtkWidget      *form;
  GtkEditable    *email_row;
  GtkLabel       *email_error;
  GtkEditable    *first_name_row;
  GtkEditable    *last_name_row;
  GtkLabel       *names_error;
  BwTagPicker    *tag_picker;
  GtkLabel       *general_error;
};

G_DEFINE_FINAL_TYPE (BwEditUserDialog, bw_edit_user_dialog, ADW_TYPE_WINDOW)

enum {
  DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
has_known_tags (BwEditUserDialog *self)
{
  const char * const *chosen = bw_tag_picker_get_ids (self->tag_picker);
  g_auto(GStrv) known = NULL;

  g_object_get (self->user, "tags", &known, NULL);
  if (known == NULL)
    return chosen[0] == NULL;

  /* Each is once in its list, so as many and all of them are the same. */
  for (guint i = 0; known[i] != NULL; i++)
    {
      if (!g_strv_contains (chosen, known[i]))
        return FALSE;
    }

  return g_strv_length (known) == g_strv_length ((char **) chosen);
}

static void
add_text (BwEditUserDialog *self,
          JsonObject       *body,
          const char       *member,
          const char       *property,
          GtkEditable      *row)
{
  g_autofree char *text = bw_field_get_text (row);
  const char *known = bw_record_get_text (BW_RECORD (self->user), property);

  if (strcmp (text, known != NULL ? known : "") != 0)
    json_object_set_string_member (body, member, text);
}

/* (transfer full) */
static JsonObject *
make_body (BwEditUserDialog *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_int_member (body, "revision", bw_entity_get_revision (BW_ENTITY (self->user)));
  add_text (self, body, "email", "email", self->email_row);
  add_text (self, body, "firstName", "first-name", self->first_name_row);
  add_text (self, body, "lastName", "last-name", self->last_name_row);

  if (!has_known_tags (self))
    json_object_set_array_member (body, "tags", bw_tag_picker_to_json (self->tag_picker));

  return body;
}

static gboolean
are_fields_good (BwEditUserDialog *self)
{
  g_autofree char *email = bw_field_get_text (self->email_row);
  g_autofree char *first_name = bw_field_get_text (self->first_name_row);
  g_autofree char *last_name = bw_field_get_text (self->last_name_row);
  gboolean is_email_good = bw_email_is_valid (email);
  gboolean is_first_good = strlen (first_name) <= BW_PEOPLE_MAX_NAME_BYTES;
  gboolean is_last_good = strlen (last_name) <= BW_PEOPLE_MAX_NAME_BYTES;

  bw_field_show_error (GTK_WIDGET (self->email_row), self->email_error,
                       is_email_good ? NULL : _("This is not an e-mail address, such as ada@example.com"));
  bw_field_show_error (GTK_WIDGET (is_first_good ? self->last_name_row : self->first_name_row), self->names_error,
                       is_first_good && is_last_good ? NULL : _("This name is too long."));

  return is_email_good && is_first_good && is_last_good;
}

static void
form_changed_cb (BwEditUserDialog *self)
{
  g_autoptr(JsonObject) body = NULL;
  gboolean is_good;

  /* The template is still being built, or filled. */
  if (self->user == NULL)
    return;

  body = make_body (self);
  is_good = are_fields_good (self);
  bw_field_show_error (NULL, self->general_error, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "edit-user.save",
                                 is_good && json_object_get_size (body) > 1 && !self->is_busy);
}

static void
fill (BwEditUserDialog *self,
      BwUser           *user)
{
  const char *properties[] = { "email", "first-name", "last-name" };
  GtkEditable *rows[] = { self->email_row, self->first_name_row, self->last_name_row };
  g_auto(GStrv) tags = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *text = bw_record_get_text (BW_RECORD (user), properties[i]);

      gtk_editable_set_text (rows[i], text != NULL ? text : "");
    }

  g_object_get (user, "tags", &tags, NULL);
  bw_tag_picker_set_session (self->tag_picker, self->session);
  bw_tag_picker_set_ids (self->tag_picker, (const char * const *) tags);
}

static void
set_busy (BwEditUserDialog *self,
          gboolean          is_busy)
{
  self->is_busy = is_busy;
  gtk_widget_set_sensitive (self->form, !is_busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "edit-user.save", !is_busy);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BwEditUserDialog) self = user_data;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  outcome = bw_save_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  set_busy (self, FALSE);
  if (outcome != NULL)
    {
      g_signal_emit (self, signals[DONE], 0, outcome);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED_HANDLED))
    return;

  text = bw_error_to_user_text (error);
  if (g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT))
    bw_field_show_error (GTK_WIDGET (self->email_row), self->email_error, text);
  else
    bw_field_show_error (NULL, self->general_error, text);
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwEditUserDialog *self = BW_EDIT_USER_DIALOG (widget);
  g_autoptr(JsonObject) body = make_body (self);
  g_autofree char *path = g_strconcat ("/v1/users/", bw_entity_get_id (BW_ENTITY (self->user)), NULL);

  set_busy (self, TRUE);
  bw_save_async (widget, self->session, "PATCH", path, body, self->cancellable, saved_cb, g_object_ref (self));
}

static void
entry_activated_cb (BwEditUserDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "edit-user.save", NULL);
}

/* Closed. A call under way may keep the dialog for a moment, even beyond its parent. */
static void
bw_edit_user_dialog_unmap (GtkWidget *widget)
{
  g_cancellable_cancel (BW_EDIT_USER_DIALOG (widget)->cancellable);

  GTK_WIDGET_CLASS (bw_edit_user_dialog_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_edit_user_dialog_dispose (GObject *object)
{
  BwEditUserDialog *self = (BwEditUserDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_EDIT_USER_DIALOG);
  g_clear_object (&self->user);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_edit_user_dialog_parent_class)->dispose (object);
}

static void
bw_edit_user_dialog_class_init (BwEditUserDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_edit_user_dialog_dispose;
  widget_class->unmap = bw_edit_user_dialog_unmap;

  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_POINTER);

  g_type_ensure (BW_TYPE_TAG_PICKER);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/users/bw-edit-user-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwEditUserDialog, form);
  gtk_widget_class_bind_template_child (widget_class, BwEditUserDialog, email_row);
  gtk_widget_class_bind_template_child (widget_class, BwEditUserDialog, email_error);
  gtk_widget_class_bind_template_child (widget_class, BwEditUserDialog, first_name_row);
  gtk_widget_class_bind_template_child (widget_class, BwEditUserDialog, last_name_row);
  gtk_widget_class_bind_template_child (widget_class, BwEditUserDialog, names_error);
  gtk_widget_class_bind_template_child (widget_class, BwEditUserDialog, tag_picker);
  gtk_widget_class_bind_template_child (widget_class, BwEditUserDialog, general_error);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);

  gtk_widget_class_install_action (widget_class, "edit-user.save", NULL, save_action);
}

static void
bw_edit_user_dialog_init (BwEditUserDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_edit_user_dialog_new (BwSession *session,
                         BwUser    *user)
{
  BwEditUserDialog *self;
  g_autoptr(JsonObject) json = NULL;
  g_autoptr(GError) error = NULL;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_USER (user), NULL);

  self = g_object_new (BW_TYPE_EDIT_USER_DIALOG, NULL);
  self->session = g_object_ref (session);
  fill (self, user);

  /* As it was when the dialog opened: the page's own goes on with the feed, and its revision with it. */
  json = bw_entity_save (BW_ENTITY (user));
  self->user = bw_user_new ();
  if (!bw_entity_load (BW_ENTITY (self->user), json, &error))
    g_critical ("a user cannot be copied: %s", error->message);

  form_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->first_name_row));

  return GTK_WIDGET (self);
}
