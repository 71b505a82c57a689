/* bw-role-dialog-save.c: looking at a change of a role, and making it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-role-dialog-private.h"

#include <glib/gi18n.h>

#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-outcome.h"

static void
add_permissions (JsonObject *object,
                 guint       permissions)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      if (permissions & (1u << i))
        json_array_add_string_element (array, bw_permission_to_nick (i));
    }

  json_object_set_array_member (object, "permissions", array);
}

/* The members that are not as they were. */
static JsonObject *
make_changes (BwRoleDialog *self)
{
  JsonObject *changes = json_object_new ();
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));
  guint permissions = bw_role_permissions_get (self->permissions);

  if (self->role == NULL || g_strcmp0 (name, self->shown_name) != 0)
    json_object_set_string_member (changes, "name", name);
  if (self->role == NULL || permissions != self->shown_permissions)
    add_permissions (changes, permissions);

  return changes;
}

JsonObject *
bw_role_dialog_make_body (BwRoleDialog *self)
{
  JsonObject *body = make_changes (self);
  const char *comment = gtk_editable_get_text (self->comment_row);

  if (self->role != NULL)
    json_object_set_int_member (body, "revision", self->revision);
  if (*comment != '\0')
    json_object_set_string_member (body, "comment", comment);

  return body;
}

static char *
make_path (BwRoleDialog *self)
{
  g_autofree char *comment = NULL;

  if (self->role == NULL)
    return g_strdup ("/v1/roles");

  if (!self->is_deleting)
    return g_strconcat ("/v1/roles/", bw_entity_get_id (BW_ENTITY (self->role)), NULL);

  comment = g_uri_escape_string (gtk_editable_get_text (self->comment_row), NULL, FALSE);

  return g_strdup_printf ("/v1/roles/%s?revision=%" G_GINT64_FORMAT "%s%s", bw_entity_get_id (BW_ENTITY (self->role)),
                          self->revision, *comment != '\0' ? "&comment=" : "", comment);
}

static const char *
get_method (BwRoleDialog *self)
{
  if (self->is_deleting)
    return "DELETE";

  return self->role != NULL ? "PATCH" : "POST";
}

static void
show_error (BwRoleDialog *self,
            const char   *text)
{
  GtkLabel *labels[] = { self->general_error, self->review_error };

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      gtk_label_set_label (labels[i], text != NULL ? text : "");
      gtk_widget_set_visible (GTK_WIDGET (labels[i]), text != NULL);
    }
}

static JsonNode *
node_of (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);

  return node;
}

void
bw_role_dialog_show_review (BwRoleDialog *self,
                            gboolean      is_deleting)
{
  g_autoptr(JsonObject) changes = make_changes (self);
  g_autoptr(JsonObject) old = json_object_new ();
  g_autoptr(JsonObject) body = NULL;
  g_autoptr(JsonNode) before = NULL;
  g_autoptr(JsonNode) after = NULL;
  g_autofree char *path = NULL;

  self->is_deleting = is_deleting;
  show_error (self, NULL);
  gtk_button_set_label (GTK_BUTTON (self->save_button), is_deleting ? _("_Delete") : _("_Save"));
  gtk_widget_remove_css_class (self->save_button, is_deleting ? "suggested-action" : "destructive-action");
  gtk_widget_add_css_class (self->save_button, is_deleting ? "destructive-action" : "suggested-action");

  json_object_set_string_member (old, "name", self->shown_name);
  add_permissions (old, self->shown_permissions);
  before = node_of (old);
  after = node_of (changes);
  bw_difference_view_show (self->difference, self->session, before, after);
  gtk_widget_set_visible (self->difference_group, !is_deleting);

  body = is_deleting ? NULL : bw_role_dialog_make_body (self);
  path = make_path (self);
  bw_effects_view_ask (self->effects, self->session, get_method (self), path, body);
  bw_role_dialog_show_page (self, "review");
  gtk_widget_grab_focus (self->save_button);
}

static void
stale_answered_cb (BwRoleDialog     *self,
                   const char       *response,
                   AdwMessageDialog *dialog)
{
  if (g_str_equal (response, "mine"))
    {
      self->revision = bw_entity_get_revision (BW_ENTITY (self->role));
      bw_role_dialog_save (self);
    }
  else if (g_str_equal (response, "theirs"))
    {
      bw_role_dialog_show_role (self, self->role);
    }
}

/* Somebody was faster: what is it now? */
static void
role_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwRoleDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) now = bw_session_call_finish (BW_SESSION (source), result, &error);
  g_autoptr(JsonObject) changes = NULL;
  g_autofree char *text = NULL;
  GtkWidget *dialog;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  bw_role_dialog_set_busy (self, FALSE);
  if (now == NULL || !bw_entity_load (BW_ENTITY (self->role), now, &error))
    {
      text = bw_error_to_user_text (error);
      show_error (self, text);
      return;
    }

  changes = make_changes (self);
  dialog = bw_stale_dialog_new (GTK_WIDGET (self), self->session, changes, now);
  g_signal_connect_object (dialog, "response", G_CALLBACK (stale_answered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* (transfer full) (nullable): takes an edit back, as "roles.undo" wants it: the id, and the body of a PATCH */
static GVariant *
make_undo (BwRoleDialog *self,
           BwOutcome    *outcome)
{
  g_autoptr(JsonObject) body = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (self->role == NULL || self->is_deleting || outcome->document == NULL)
    return NULL;

  body = json_object_new ();
  json_object_set_int_member (body, "revision", bw_json_get_int (outcome->document, "revision", 0));
  json_object_set_string_member (body, "name", self->shown_name);
  add_permissions (body, self->shown_permissions);
  node = node_of (body);
  text = json_to_string (node, FALSE);

  return g_variant_ref_sink (g_variant_new ("(ss)", bw_entity_get_id (BW_ENTITY (self->role)), text));
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BwRoleDialog) self = user_data;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) undo = NULL;
  g_autofree char *text = NULL;

  outcome = bw_session_change_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT) && self->role != NULL && !self->is_deleting)
    {
      g_autofree char *path = make_path (self);

      bw_session_call_async (self->session, "GET", path, NULL, self->cancellable, role_read_cb, g_object_ref (self));
      return;
    }

  bw_role_dialog_set_busy (self, FALSE);
  if (outcome == NULL)
    {
      text = bw_error_to_user_text (error);
      show_error (self, text);
      return;
    }

  undo = make_undo (self, outcome);
  bw_outcome_show (self->toasts, outcome,
                   self->is_deleting ? _("Deleted") : self->role != NULL ? _("Saved") : _("Created"),
                   undo != NULL ? "roles.undo" : NULL, undo);
  gtk_window_close (GTK_WINDOW (self));
}

void
bw_role_dialog_save (BwRoleDialog *self)
{
  g_autoptr(JsonObject) body = self->is_deleting ? NULL : bw_role_dialog_make_body (self);
  g_autofree char *path = make_path (self);

  show_error (self, NULL);
  bw_role_dialog_set_busy (self, TRUE);
  bw_session_change_async (self->session, get_method (self), path, body, self->cancellable,
                           saved_cb, g_object_ref (self));
}
