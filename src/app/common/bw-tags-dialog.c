/* bw-tags-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-tags-dialog-private.h"

#include <glib/gi18n.h>

#include "bw-color-swatch.h"
#include "bw-error-text.h"

/* What a row names before it counts. */
#define MAX_NAMES 3

/**
 * BwTagsDialog:
 *
 * The list of tags, and a form that slides in for one of them. The list is the session's
 * and follows what others change.
 */

G_DEFINE_FINAL_TYPE (BwTagsDialog, bw_tags_dialog, ADW_TYPE_WINDOW)

static char *
describe_companies (BwTagsDialog *self,
                    BwTag        *tag)
{
  g_auto(GStrv) ids = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  guint n_named = 0;
  guint n_ids;

  g_object_get (tag, "company-ids", &ids, NULL);
  n_ids = ids != NULL ? g_strv_length (ids) : 0;
  if (n_ids == 0)
    return g_strdup (_("everywhere"));

  for (guint i = 0; i < n_ids && n_named < MAX_NAMES; i++)
    {
      BwCompany *company = bw_entity_list_lookup (bw_session_get_companies (self->session), ids[i]);

      if (company == NULL)
        continue;

      if (text->len > 0)
        g_string_append (text, _(", "));
      g_string_append (text, bw_company_get_name (company));
      n_named++;
    }

  if (n_named == n_ids)
    return g_string_free (g_steal_pointer (&text), FALSE);

  /* Those one does not reach have no names here. */
  if (text->len > 0)
    g_string_append (text, _(", "));
  g_string_append_printf (text, ngettext ("%'u more company", "%'u more companies", n_ids - n_named), n_ids - n_named);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
describe (BwTagsDialog *self,
          BwTag        *tag)
{
  g_autofree char *companies = describe_companies (self, tag);
  g_autofree char *objects = NULL;
  gint64 n_objects;

  g_object_get (tag, "n-objects", &n_objects, NULL);
  objects = g_strdup_printf (ngettext ("on %'u thing", "on %'u things", (gulong) n_objects), (guint) n_objects);

  /* Translators: "on 12 things · everywhere" */
  return g_strdup_printf (_("%s · %s"), objects, companies);
}

static void
row_activated_cb (GtkListBoxRow *row,
                  BwTag         *tag)
{
  GtkWidget *dialog = gtk_widget_get_ancestor (GTK_WIDGET (row), BW_TYPE_TAGS_DIALOG);

  if (dialog != NULL)
    bw_tags_dialog_edit (BW_TAGS_DIALOG (dialog), tag);
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  BwTagsDialog *self = user_data;
  BwTag *tag = item;
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = g_markup_escape_text (bw_tag_get_name (tag), -1);
  g_autofree char *facts = describe (self, tag);
  g_autofree char *subtitle = g_markup_escape_text (facts, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             bw_color_swatch_new (bw_record_get_text (BW_RECORD (tag), "color")));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect_object (row, "activated", G_CALLBACK (row_activated_cb), tag, 0);

  return row;
}

static void
update_list (BwTagsDialog *self)
{
  guint n_tags = g_list_model_get_n_items (G_LIST_MODEL (bw_session_get_tags (self->session)));

  if (n_tags > 0)
    gtk_stack_set_visible_child_name (self->list_stack, "list");
  else if (!g_str_equal (gtk_stack_get_visible_child_name (self->list_stack), "failed") || self->is_loaded)
    gtk_stack_set_visible_child_name (self->list_stack, self->is_loaded ? "empty" : "loading");
}

static void
tags_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(BwTagsDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean ok = bw_session_load_tags_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_loaded = ok;
  if (!ok)
    {
      g_autofree char *text = bw_error_to_user_text (error);
      g_autofree char *escaped = g_markup_escape_text (text, -1);

      adw_status_page_set_description (self->failed_page, escaped);
      gtk_stack_set_visible_child_name (self->list_stack, "failed");
    }

  update_list (self);
}

static void
reload (BwTagsDialog *self)
{
  gtk_stack_set_visible_child_name (self->list_stack, "loading");
  update_list (self);
  bw_session_load_tags_async (self->session, self->cancellable, tags_loaded_cb, g_object_ref (self));
}

void
bw_tags_dialog_show_list (BwTagsDialog *self)
{
  gtk_stack_set_visible_child_full (self->pages, "list", GTK_STACK_TRANSITION_TYPE_SLIDE_RIGHT);
  gtk_stack_set_visible_child_name (self->start_stack, "list");
  gtk_stack_set_visible_child_name (self->end_stack, "list");
  adw_window_title_set_title (self->window_title, _("Tags"));
  gtk_window_set_default_widget (GTK_WINDOW (self), NULL);
}

/* Actions */

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  reload (BW_TAGS_DIALOG (widget));
}

static void
create_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_tags_dialog_edit (BW_TAGS_DIALOG (widget), NULL);
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwTagsDialog *self = BW_TAGS_DIALOG (widget);

  if (g_str_equal (gtk_stack_get_visible_child_name (self->pages), "list"))
    gtk_window_close (GTK_WINDOW (self));
  else
    bw_tags_dialog_show_list (self);
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_tags_dialog_save (BW_TAGS_DIALOG (widget));
}

static void
delete_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_tags_dialog_delete (BW_TAGS_DIALOG (widget));
}

static void
add_company_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  bw_tags_dialog_add_company (BW_TAGS_DIALOG (widget));
}

/* Closed. A call under way may keep the dialog for a moment, even beyond its parent. */
static void
bw_tags_dialog_unmap (GtkWidget *widget)
{
  g_cancellable_cancel (BW_TAGS_DIALOG (widget)->cancellable);

  GTK_WIDGET_CLASS (bw_tags_dialog_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_tags_dialog_dispose (GObject *object)
{
  BwTagsDialog *self = (BwTagsDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  if (self->tags_list != NULL)
    gtk_list_box_bind_model (self->tags_list, NULL, NULL, NULL, NULL);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (bw_session_get_tags (self->session), self);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_TAGS_DIALOG);
  g_clear_object (&self->tag);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_tags_dialog_parent_class)->dispose (object);
}

static void
bw_tags_dialog_finalize (GObject *object)
{
  BwTagsDialog *self = (BwTagsDialog *) object;

  g_ptr_array_unref (self->company_ids);

  G_OBJECT_CLASS (bw_tags_dialog_parent_class)->finalize (object);
}

static void
bw_tags_dialog_class_init (BwTagsDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_tags_dialog_dispose;
  object_class->finalize = bw_tags_dialog_finalize;
  widget_class->unmap = bw_tags_dialog_unmap;

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/common/bw-tags-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, pages);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, start_stack);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, end_stack);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, list_stack);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, tags_list);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, form);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, color_button);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, companies_list);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, name_error);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, general_error);
  gtk_widget_class_bind_template_child (widget_class, BwTagsDialog, delete_button);
  gtk_widget_class_bind_template_callback_full (widget_class, "name_changed_cb", G_CALLBACK (bw_tags_dialog_touch_name));
  gtk_widget_class_bind_template_callback_full (widget_class, "validate", G_CALLBACK (bw_tags_dialog_validate));

  gtk_widget_class_install_action (widget_class, "tags.reload", NULL, reload_action);
  gtk_widget_class_install_action (widget_class, "tags.create", NULL, create_action);
  gtk_widget_class_install_action (widget_class, "tags.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "tags.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "tags.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "tags.add-company", NULL, add_company_action);
}

static void
bw_tags_dialog_init (BwTagsDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->company_ids = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_tags_dialog_new (BwSession *session)
{
  g_autoptr(GtkSortListModel) sorted = NULL;
  BwTagsDialog *self;
  GListModel *tags;
  GtkSorter *sorter;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_TAGS_DIALOG, NULL);
  self->session = g_object_ref (session);

  tags = G_LIST_MODEL (bw_session_get_tags (session));
  sorter = GTK_SORTER (gtk_string_sorter_new (gtk_property_expression_new (BW_TYPE_TAG, NULL, "name")));
  sorted = gtk_sort_list_model_new (g_object_ref (tags), sorter);
  gtk_list_box_bind_model (self->tags_list, G_LIST_MODEL (sorted), create_row, self, NULL);
  g_signal_connect_object (tags, "items-changed", G_CALLBACK (update_list), self, G_CONNECT_SWAPPED);
  bw_tags_dialog_show_list (self);
  reload (self);

  return GTK_WIDGET (self);
}
