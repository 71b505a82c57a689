/* bw-design-editor-save.c: keeping a design, and the picture on it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-design-editor-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-label-logo.h"
#include "bw-text.h"

#define PATH "/v1/label-designs"

static void
show_error (BwDesignEditor *self,
            const GError   *error)
{
  g_autofree char *text = bw_error_to_user_text (error);

  bw_toast_show (self->toasts, text);
}

static void
set_busy (BwDesignEditor *self,
          gboolean        is_busy)
{
  self->is_busy = is_busy;
  bw_design_editor_update_actions (self);
}

static void
note_document (BwDesignEditor *self,
               JsonObject     *document)
{
  bw_set_str (&self->id, bw_json_get_string (document, "id"));
  bw_set_str (&self->company_id, bw_json_get_string (document, "companyId"));
  bw_set_str (&self->saved_name, bw_json_get_string (document, "name"));
  self->revision = bw_json_get_int (document, "revision", 0);
}

void
bw_design_editor_take_document (BwDesignEditor *self,
                                JsonObject     *document)
{
  note_document (self, document);
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), self->saved_name != NULL ? self->saved_name : "");
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BwDesignEditor) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;

  if (document == NULL)
    show_error (self, error);
  else
    {
      note_document (self, document);
      self->saved_at = self->sent_at;
      bw_toast_show (self->toasts, _("Saved"));
      g_signal_emit_by_name (self, "saved", self->id);
    }
  set_busy (self, FALSE);
}

/* One's own company, or one below it: those of the companies above are there to be used. */
gboolean
bw_design_editor_is_in_reach (BwDesignEditor *self)
{
  return self->company_id != NULL &&
         (g_strcmp0 (self->company_id, bw_session_get_company_id (self->session)) == 0 ||
          bw_entity_list_lookup (bw_session_get_companies (self->session), self->company_id) != NULL);
}

/* Under its own name a saved design takes the new place; another name makes another design, and so does a design
 * of a company above. */
void
bw_design_editor_save (BwDesignEditor *self)
{
  g_autofree char *design = bw_label_design_to_json (self->design);
  g_autofree char *name = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row)));
  gboolean is_same = self->id != NULL && strcmp (g_strstrip (name), self->saved_name) == 0 &&
                     bw_design_editor_is_in_reach (self);
  g_autofree char *path = is_same ? g_strconcat (PATH "/", self->id, NULL) : g_strdup (PATH);
  g_autoptr(GString) body = g_string_new (NULL);

  self->sent_at = self->at;
  bw_json_begin_object (body, NULL);
  if (is_same)
    bw_json_add_int (body, "revision", self->revision);
  else
    {
      bw_json_add_string (body, "name", name);
      if (bw_design_editor_is_in_reach (self))
        bw_json_add_string (body, "companyId", self->company_id);
    }
  bw_json_add_raw (body, "design", design);
  bw_json_end_object (body);

  set_busy (self, TRUE);
  bw_session_call_async (self->session, is_same ? "PATCH" : "POST", path, body->str, self->cancellable,
                         saved_cb, g_object_ref (self));
}

static void
undo_delete_cb (BwDesignEditor *self)
{
  if (self->session != NULL && self->id == NULL && !self->is_busy)
    bw_design_editor_save (self);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwDesignEditor) self = user_data;
  g_autoptr(GError) error = NULL;
  JsonObject *nothing = bw_session_call_finish (BW_SESSION (source), result, &error);
  AdwToast *toast;

  g_clear_pointer (&nothing, json_object_unref);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;

  if (error != NULL)
    show_error (self, error);
  else
    {
      g_clear_pointer (&self->id, g_free);
      g_clear_pointer (&self->saved_name, g_free);
      self->saved_at = G_MAXUINT;
      toast = adw_toast_new (_("The label design is deleted"));
      adw_toast_set_button_label (toast, _("_Undo"));
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_delete_cb), self, G_CONNECT_SWAPPED);
      adw_toast_overlay_add_toast (self->toasts, toast);
      g_signal_emit_by_name (self, "saved", NULL);
    }
  set_busy (self, FALSE);
}

void
bw_design_editor_delete (BwDesignEditor *self)
{
  g_autofree char *path = g_strconcat (PATH "/", self->id, NULL);

  set_busy (self, TRUE);
  bw_session_call_async (self->session, "DELETE", path, NULL, self->cancellable, deleted_cb, g_object_ref (self));
}

/* The picture */

static void
take_logo (BwDesignEditor *self,
           GBytes         *bytes)
{
  BwLabelField *field = bw_design_editor_get_field (self);

  for (guint i = 0; (field == NULL || field->kind != BW_LABEL_FIELD_LOGO) && i < self->design->fields->len; i++)
    {
      field = g_ptr_array_index (self->design->fields, i);
      self->picked = (int) i;
    }

  if (field == NULL || field->kind != BW_LABEL_FIELD_LOGO)
    {
      field = bw_label_field_new (BW_LABEL_FIELD_LOGO);
      field->logo = g_bytes_ref (bytes);
      bw_design_editor_add_field (self, field);
      return;
    }

  g_clear_pointer (&field->logo, g_bytes_unref);
  field->logo = g_bytes_ref (bytes);
  bw_design_editor_changed (self, NULL);
}

/* One that takes long to draw was drawn by a thread, and is at hand when the label is. */
static void
logo_prepared_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BwDesignEditor) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;

  bw_label_logo_prepare_finish (result, &bytes, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;

  /* what is wrong with it the form says */
  take_logo (self, bytes);
}

static void
logo_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwDesignEditor) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;

  if (bytes == NULL)
    show_error (self, error);
  else if (g_bytes_get_size (bytes) > BW_LABEL_MAX_LOGO_BYTES)
    bw_toast_show (self->toasts, _("A logo has at most 256 KiB."));
  else
    bw_label_logo_prepare_async (bytes, self->logo_cancellable, logo_prepared_cb, g_object_ref (self));
}

static void
logo_opened_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(BwDesignEditor) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileInputStream) stream = g_file_read_finish (G_FILE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;

  if (stream == NULL)
    {
      show_error (self, error);
      return;
    }

  /* one byte more than there may be says that it is too much */
  g_input_stream_read_bytes_async (G_INPUT_STREAM (stream), BW_LABEL_MAX_LOGO_BYTES + 1, G_PRIORITY_DEFAULT,
                                   self->logo_cancellable, logo_read_cb, g_object_ref (self));
}

void
bw_design_editor_load_logo (BwDesignEditor *self,
                            GFile          *file)
{
  g_cancellable_cancel (self->logo_cancellable);
  g_clear_object (&self->logo_cancellable);
  self->logo_cancellable = g_cancellable_new ();
  g_file_read_async (file, G_PRIORITY_DEFAULT, self->logo_cancellable, logo_opened_cb, g_object_ref (self));
}

static void
logo_chosen_cb (BwDesignEditor  *self,
                int              response,
                GtkNativeDialog *dialog)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    bw_design_editor_load_logo (self, file);

  g_clear_object (&self->chooser);
}

void
bw_design_editor_choose_logo (BwDesignEditor *self)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Pictures (PNG, SVG)"));
  gtk_file_filter_add_mime_type (filter, "image/png");
  gtk_file_filter_add_mime_type (filter, "image/svg+xml");

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Choose a Logo"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN,
                                               _("_Open"), _("_Cancel"));
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (logo_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}
