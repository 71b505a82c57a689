/* bw-tags-dialog-form.c: one tag
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-tags-dialog-private.h"

#include <math.h>

#include <glib/gi18n.h>

#include "bw-company-picker.h"
#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-field.h"
#include "bw-json.h"
#include "bw-outcome.h"
#include "bw-people-rules.h"
#include "bw-text.h"

/* Far enough apart to be told from each other, also by most of those who see colours otherwise. A new tag
 * gets the next one. */
static const char * const palette[] = {
  "#3584e4", "#e66100", "#2ec27e", "#c061cb", "#f5c211", "#a51d2d", "#33c7de", "#865e3c",
};

static char *
get_color (BwTagsDialog *self)
{
  GdkRGBA rgba;

  gtk_color_chooser_get_rgba (self->color_button, &rgba);

  return g_strdup_printf ("#%02x%02x%02x", (guint) lrintf (rgba.red * 255), (guint) lrintf (rgba.green * 255),
                          (guint) lrintf (rgba.blue * 255));
}

static gboolean
is_name_taken (BwTagsDialog *self,
               const char   *name)
{
  GListModel *tags = G_LIST_MODEL (bw_session_get_tags (self->session));
  guint n = g_list_model_get_n_items (tags);
  g_autofree char *folded = g_utf8_casefold (name, -1);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BwTag) tag = g_list_model_get_item (tags, i);
      g_autofree char *other = g_utf8_casefold (bw_tag_get_name (tag), -1);

      if (g_str_equal (folded, other) && tag != self->tag)
        return TRUE;
    }

  return FALSE;
}

void
bw_tags_dialog_validate (BwTagsDialog *self)
{
  g_autofree char *name = NULL;
  const char *error = NULL;

  if (self->is_loading || self->session == NULL)
    return;

  name = bw_field_get_text (self->name_row);
  if (!bw_name_is_valid (name, BW_PEOPLE_MAX_NAME_BYTES))
    error = _("A name without line breaks is needed, at most 200 bytes long.");
  else if (is_name_taken (self, name))
    error = _("There is a tag of this name already.");

  bw_field_show_error (GTK_WIDGET (self->name_row), self->name_error, self->is_name_touched ? error : NULL);
  bw_field_show_error (NULL, self->general_error, NULL);
  gtk_widget_set_sensitive (self->form, !self->is_busy);
  gtk_widget_set_visible (self->delete_button, self->tag != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tags.save", error == NULL && !self->is_busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tags.delete", self->tag != NULL && !self->is_busy);
}

void
bw_tags_dialog_touch_name (BwTagsDialog *self)
{
  if (!self->is_loading)
    self->is_name_touched = TRUE;

  bw_tags_dialog_validate (self);
}

/* Companies */

static void fill_companies (BwTagsDialog *self);

static void
remove_clicked_cb (BwTagsDialog *self,
                   GtkWidget    *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX_ROW);
  int n = row != NULL ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) : -1;

  if (n < 0 || (guint) n >= self->company_ids->len)
    return;

  g_ptr_array_remove_index (self->company_ids, (guint) n);
  fill_companies (self);
  bw_tags_dialog_validate (self);
}

static GtkWidget *
company_row_new (BwTagsDialog *self,
                 const char   *company_id)
{
  BwCompany *company = bw_entity_list_lookup (bw_session_get_companies (self->session), company_id);
  g_autofree char *path = bw_company_path_to_text (self->session, company_id);
  g_autofree char *title = NULL;
  g_autofree char *subtitle = g_markup_escape_text (path, -1);
  g_autofree char *spoken = NULL;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("list-remove-symbolic");

  title = g_markup_escape_text (company != NULL ? bw_company_get_name (company) : _("A company out of your reach"), -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  /* Translators: takes the company %s off a list */
  spoken = g_strdup_printf (_("Remove %s"), company != NULL ? bw_company_get_name (company) : company_id);
  bw_accessible_set_label (button, spoken);
  gtk_widget_set_tooltip_text (button, _("Remove"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_clicked_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

static void
fill_companies (BwTagsDialog *self)
{
  GtkListBoxRow *row;
  GtkWidget *none;

  while ((row = gtk_list_box_get_row_at_index (self->companies_list, 0)) != NULL)
    gtk_list_box_remove (self->companies_list, GTK_WIDGET (row));

  for (guint i = 0; i < self->company_ids->len; i++)
    gtk_list_box_append (self->companies_list, company_row_new (self, g_ptr_array_index (self->company_ids, i)));

  if (self->company_ids->len > 0)
    return;

  none = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (none), _("All companies"));
  gtk_list_box_append (self->companies_list, none);
}

static void
company_picked_cb (BwTagsDialog *self,
                   const char   *company_id)
{
  if (g_ptr_array_find_with_equal_func (self->company_ids, company_id, g_str_equal, NULL))
    return;

  g_ptr_array_add (self->company_ids, g_strdup (company_id));
  fill_companies (self);
  bw_tags_dialog_validate (self);
}

void
bw_tags_dialog_add_company (BwTagsDialog *self)
{
  GtkWidget *picker = bw_company_picker_new (self->session, _("Use in Company"), NULL);

  gtk_window_set_transient_for (GTK_WINDOW (picker), GTK_WINDOW (self));
  g_signal_connect_object (picker, "picked", G_CALLBACK (company_picked_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (picker));
}

static void
load_form (BwTagsDialog *self,
           BwTag        *tag)
{
  guint n_tags = g_list_model_get_n_items (G_LIST_MODEL (bw_session_get_tags (self->session)));
  const char *color = tag != NULL ? bw_record_get_text (BW_RECORD (tag), "color") : NULL;
  g_auto(GStrv) ids = NULL;
  GdkRGBA rgba;

  g_set_object (&self->tag, tag);
  self->revision = tag != NULL ? bw_entity_get_revision (BW_ENTITY (tag)) : 0;
  self->is_name_touched = tag != NULL;

  self->is_loading = TRUE;
  gtk_editable_set_text (self->name_row, tag != NULL ? bw_tag_get_name (tag) : "");
  if (gdk_rgba_parse (&rgba, color != NULL ? color : palette[n_tags % G_N_ELEMENTS (palette)]))
    gtk_color_chooser_set_rgba (self->color_button, &rgba);
  self->is_loading = FALSE;

  g_ptr_array_set_size (self->company_ids, 0);
  if (tag != NULL)
    g_object_get (tag, "company-ids", &ids, NULL);
  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    g_ptr_array_add (self->company_ids, g_strdup (ids[i]));

  fill_companies (self);
  bw_tags_dialog_validate (self);
}

void
bw_tags_dialog_edit (BwTagsDialog *self,
                     BwTag        *tag)
{
  load_form (self, tag);
  adw_window_title_set_title (self->window_title, tag != NULL ? bw_tag_get_name (tag) : _("New Tag"));
  gtk_stack_set_visible_child_name (self->start_stack, "form");
  gtk_stack_set_visible_child_name (self->end_stack, "form");
  gtk_stack_set_visible_child_full (self->pages, "form", GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT);
  gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
}

/* Saving */

static void
set_busy (BwTagsDialog *self,
          gboolean      is_busy)
{
  self->is_busy = is_busy;
  bw_tags_dialog_validate (self);
}

static JsonObject *
make_body (BwTagsDialog *self)
{
  g_autofree char *name = bw_field_get_text (self->name_row);
  g_autofree char *color = get_color (self);
  JsonArray *companies = json_array_new ();
  JsonObject *body = json_object_new ();

  for (guint i = 0; i < self->company_ids->len; i++)
    json_array_add_string_element (companies, g_ptr_array_index (self->company_ids, i));

  json_object_set_string_member (body, "name", name);
  json_object_set_string_member (body, "color", color);
  json_object_set_array_member (body, "companyIds", companies);

  return body;
}

static void send_tag (BwTagsDialog *self);

static void
stale_response_cb (BwTagsDialog *self,
                   const char   *response)
{
  /* The list has theirs already. */
  if (self->tag == NULL)
    return;

  if (g_str_equal (response, "mine"))
    {
      self->revision = bw_entity_get_revision (BW_ENTITY (self->tag));
      send_tag (self);
    }
  else if (g_str_equal (response, "theirs"))
    {
      load_form (self, self->tag);
    }
}

static void
tags_looked_at_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(BwTagsDialog) self = user_data;
  g_autoptr(JsonObject) mine = NULL;
  g_autoptr(JsonObject) theirs = NULL;
  g_autoptr(GError) error = NULL;
  GtkWidget *dialog;

  if (!bw_session_load_tags_finish (BW_SESSION (source), result, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  set_busy (self, FALSE);
  if (self->tag == NULL || bw_entity_get_revision (BW_ENTITY (self->tag)) == self->revision)
    {
      bw_field_show_error (GTK_WIDGET (self->name_row), self->name_error, _("There is a tag of this name already."));
      return;
    }

  mine = make_body (self);
  theirs = bw_entity_save (BW_ENTITY (self->tag));
  dialog = bw_stale_dialog_new (GTK_WIDGET (self), self->session, mine, theirs);
  g_signal_connect_object (dialog, "response", G_CALLBACK (stale_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Shared by saving and deleting. */
static void
tag_changed_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(BwTagsDialog) self = user_data;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  outcome = bw_session_change_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* With somebody who saved meanwhile, or with another tag of that name? */
  if (g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT))
    {
      bw_session_load_tags_async (self->session, self->cancellable, tags_looked_at_cb, g_object_ref (self));
      return;
    }

  set_busy (self, FALSE);
  if (outcome == NULL)
    {
      text = bw_error_to_user_text (error);
      bw_field_show_error (NULL, self->general_error, text);
      return;
    }

  bw_outcome_show (self->toasts, outcome, outcome->document != NULL ? _("Saved") : _("Deleted"), NULL, NULL);
  bw_tags_dialog_show_list (self);
}

static char *
make_path (BwTagsDialog *self)
{
  g_autofree char *escaped = g_uri_escape_string (bw_entity_get_id (BW_ENTITY (self->tag)), NULL, FALSE);

  return g_strconcat ("/v1/tags/", escaped, NULL);
}

static void
send_tag (BwTagsDialog *self)
{
  g_autoptr(JsonObject) body = make_body (self);
  g_autofree char *path = self->tag != NULL ? make_path (self) : g_strdup ("/v1/tags");

  if (self->tag != NULL)
    json_object_set_int_member (body, "revision", self->revision);

  set_busy (self, TRUE);
  bw_session_change_async (self->session, self->tag != NULL ? "PATCH" : "POST", path, body, self->cancellable,
                           tag_changed_cb, g_object_ref (self));
}

void
bw_tags_dialog_save (BwTagsDialog *self)
{
  send_tag (self);
}

static void
send_delete (BwTagsDialog *self)
{
  g_autofree char *path = make_path (self);
  g_autofree char *full = g_strdup_printf ("%s?revision=%" G_GINT64_FORMAT, path, self->revision);

  set_busy (self, TRUE);
  bw_session_change_async (self->session, "DELETE", full, NULL, self->cancellable,
                           tag_changed_cb, g_object_ref (self));
}

static void
delete_response_cb (BwTagsDialog *self,
                    const char   *response)
{
  if (g_str_equal (response, "accept") && self->tag != NULL)
    send_delete (self);
}

/* The marks it leaves on things cannot be brought back; a tag that marks nothing is made anew in a moment. */
void
bw_tags_dialog_delete (BwTagsDialog *self)
{
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;
  GtkWidget *dialog;
  gint64 n_objects;

  g_object_get (self->tag, "n-objects", &n_objects, NULL);
  if (n_objects == 0)
    {
      send_delete (self);
      return;
    }

  /* Translators: %s is the name of a tag */
  heading = g_strdup_printf (_("Delete “%s”?"), bw_tag_get_name (self->tag));
  body = g_strdup_printf (ngettext ("It is taken off %'u thing.", "It is taken off %'u things.", (gulong) n_objects),
                          (guint) n_objects);
  dialog = bw_question_new (GTK_WIDGET (self), heading, body, _("_Delete"), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}
