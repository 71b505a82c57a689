/* bw-devices-page-views.c: filters, orders and columns that are kept under a name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-devices-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bw-compat.h"
#include "bw-device-query.h"
#include "bw-json.h"
#include "bw-session-views.h"
#include "bw-settings.h"
#include "bw-text.h"

#define SETTING "devices-view"
#define NAME_MAX_CHARS 100

static void load_views (BwDevicesPage *self);

/* (nullable) (transfer none) */
static BwSavedView *
find_view (BwDevicesPage *self,
           const char    *id)
{
  for (guint i = 0; self->views != NULL && id != NULL && i < self->views->len; i++)
    {
      if (g_str_equal (bw_entity_get_id (self->views->pdata[i]), id))
        return self->views->pdata[i];
    }

  return NULL;
}

static BwSavedView *
get_current (BwDevicesPage *self)
{
  return find_view (self, self->view_id);
}

/* (transfer full): what is shown */
static JsonObject *
make_document (BwDevicesPage *self)
{
  JsonObject *document = json_object_new ();
  JsonObject *filter = bw_device_query_copy (self->filter);
  const char *sort = bw_remote_table_get_sort (self->table);
  g_auto(GStrv) ids = bw_remote_view_dup_columns (self->view);
  JsonArray *columns = json_array_new ();

  bw_device_query_set_one (filter, "search", bw_remote_table_get_search (self->table));
  json_object_set_object_member (document, "filter", filter);
  json_object_set_string_member (document, "sort", sort != NULL ? sort : "");
  for (gsize i = 0; ids[i] != NULL; i++)
    json_array_add_string_element (columns, ids[i]);
  json_object_set_array_member (document, "columns", columns);

  return document;
}

/* (transfer full): of a document of a view; empty for what it does not say */
static char **
dup_columns (JsonObject *document)
{
  JsonArray *columns = bw_json_get_array (document, "columns");
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; columns != NULL && i < json_array_get_length (columns); i++)
    {
      JsonNode *node = json_array_get_element (columns, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_strv_builder_add (ids, json_node_get_string (node));
    }

  return g_strv_builder_end (ids);
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char * const *) a, *(const char * const *) b);
}

/* Whether both show the same; the order of columns is the table's own. */
static gboolean
shows_same (JsonObject *a,
            JsonObject *b)
{
  g_autoptr(JsonObject) nothing = json_object_new ();
  JsonObject *filter_a = bw_json_get_object (a, "filter");
  JsonObject *filter_b = bw_json_get_object (b, "filter");
  const char *sort_a = bw_json_get_string (a, "sort");
  const char *sort_b = bw_json_get_string (b, "sort");
  g_auto(GStrv) columns_a = dup_columns (a);
  g_auto(GStrv) columns_b = dup_columns (b);

  qsort (columns_a, g_strv_length (columns_a), sizeof *columns_a, compare_texts);
  qsort (columns_b, g_strv_length (columns_b), sizeof *columns_b, compare_texts);

  return bw_device_query_equal (filter_a != NULL ? filter_a : nothing, filter_b != NULL ? filter_b : nothing) &&
         g_strcmp0 (sort_a != NULL ? sort_a : "", sort_b != NULL ? sort_b : "") == 0 &&
         g_strv_equal ((const char * const *) columns_a, (const char * const *) columns_b);
}

static void
enable (BwDevicesPage *self,
        const char    *action,
        gboolean       is_enabled)
{
  GAction *found = g_action_map_lookup_action (G_ACTION_MAP (self->view_actions), action);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (found), is_enabled);
}

/* (transfer full): in a menu, a name's underscores are no mnemonics */
static char *
escape_mnemonics (const char *name)
{
  g_auto(GStrv) parts = g_strsplit (name != NULL ? name : "", "_", -1);

  return g_strjoinv ("__", parts);
}

static void
append_views (BwDevicesPage *self,
              GMenu         *menu,
              const char    *label,
              gboolean       is_shared)
{
  g_autoptr(GMenu) section = g_menu_new ();

  for (guint i = 0; self->views != NULL && i < self->views->len; i++)
    {
      BwSavedView *view = self->views->pdata[i];
      g_autofree char *name = escape_mnemonics (bw_saved_view_get_name (view));
      g_autoptr(GMenuItem) item = g_menu_item_new (name, NULL);

      if (bw_saved_view_is_shared (view) != is_shared)
        continue;

      g_menu_item_set_action_and_target (item, "views.show", "s", bw_entity_get_id (BW_ENTITY (view)));
      g_menu_append_item (section, item);
    }

  if (g_menu_model_get_n_items (G_MENU_MODEL (section)) > 0)
    g_menu_append_section (menu, label, G_MENU_MODEL (section));
}

static void
fill_menu (BwDevicesPage *self)
{
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) all = g_menu_new ();
  g_autoptr(GMenu) changes = g_menu_new ();

  g_menu_append (all, _("_All Devices"), "views.none");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (all));
  append_views (self, menu, _("My Views"), FALSE);
  append_views (self, menu, _("Shared Views"), TRUE);
  g_menu_append (changes, _("_Save as New View…"), "views.save-as");
  g_menu_append (changes, _("_Update This View"), "views.update");
  g_menu_append (changes, _("_Rename This View…"), "views.rename");
  g_menu_append (changes, _("_Delete This View"), "views.delete");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (changes));
  gtk_menu_button_set_menu_model (self->views_button, G_MENU_MODEL (menu));
}

void
bw_devices_page_update_views (BwDevicesPage *self)
{
  BwSavedView *current;
  gboolean is_changed = FALSE;
  GAction *show;

  if (self->view_actions == NULL)
    return;

  current = get_current (self);
  if (current != NULL)
    {
      g_autoptr(JsonObject) shown = make_document (self);

      is_changed = !shows_same (shown, bw_saved_view_get_document (current));
    }

  show = g_action_map_lookup_action (G_ACTION_MAP (self->view_actions), "show");
  g_simple_action_set_state (G_SIMPLE_ACTION (show),
                             g_variant_new_string (current != NULL ? self->view_id : ""));
  enable (self, "update", current != NULL && is_changed);
  enable (self, "rename", current != NULL);
  enable (self, "delete", current != NULL);

  {
    g_autofree char *label = NULL;

    if (current != NULL)
      label = g_strdup_printf ("%s%s", bw_saved_view_get_name (current), is_changed ? " •" : "");

    gtk_menu_button_set_label (self->views_button, label != NULL ? label : _("Views"));
    bw_accessible_set_label (GTK_WIDGET (self->views_button), _("Views"));
  }
}

static void
remember (BwDevicesPage *self)
{
  if (self->settings != NULL)
    g_settings_set_string (self->settings, SETTING, self->view_id != NULL ? self->view_id : "");
}

static void
show_document (BwDevicesPage *self,
               JsonObject    *document)
{
  JsonObject *asked = bw_json_get_object (document, "filter");
  g_autoptr(JsonObject) filter = asked != NULL ? bw_device_query_copy (asked) : json_object_new ();
  g_autofree char *search = bw_device_query_dup_value (filter, "search");
  g_auto(GStrv) columns = dup_columns (document);

  bw_device_query_set (filter, "search", NULL);
  self->is_showing = TRUE;
  bw_remote_table_freeze (self->table);
  bw_remote_view_set_search (self->view, search);
  bw_devices_page_take_filter (self, filter);
  bw_remote_columns_set_sort (bw_remote_view_get_columns (self->view), bw_json_get_string (document, "sort"));
  if (columns[0] != NULL)
    bw_remote_view_set_columns (self->view, (const char * const *) columns);
  else
    bw_remote_view_reset_columns (self->view);
  bw_remote_table_thaw (self->table);
  self->is_showing = FALSE;
}

/* @view: (nullable): all devices, as one likes them */
static void
show_view (BwDevicesPage *self,
           BwSavedView   *view)
{
  g_autoptr(JsonObject) nothing = json_object_new ();
  JsonObject *document = view != NULL ? bw_saved_view_get_document (view) : NULL;

  bw_set_str (&self->view_id, view != NULL ? bw_entity_get_id (BW_ENTITY (view)) : NULL);
  show_document (self, document != NULL ? document : nothing);
  remember (self);
  bw_devices_page_update_views (self);
}

static void
views_loaded_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(BwDevicesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) views = bw_session_load_views_finish (BW_SESSION (source), result, &error);
  gboolean is_first = self->views == NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* The table says what is wrong; there are just no views to choose from. */
  if (views == NULL)
    {
      g_debug ("saved views: %s", error->message);
      return;
    }

  g_clear_pointer (&self->views, g_ptr_array_unref);
  self->views = g_steal_pointer (&views);
  fill_menu (self);
  if (is_first && !self->is_touched && self->settings != NULL)
    {
      g_autofree char *last = g_settings_get_string (self->settings, SETTING);
      BwSavedView *view = find_view (self, last);

      if (view != NULL)
        show_view (self, view);
    }

  bw_devices_page_update_views (self);
}

static void
load_views (BwDevicesPage *self)
{
  bw_session_load_views_async (self->session, self->cancellable, views_loaded_cb, g_object_ref (self));
}

static void
say_error (BwDevicesPage *self,
           const GError  *error)
{
  bw_toast_show_error (bw_remote_view_get_toasts (self->view), error);
  load_views (self);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BwDevicesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BwSavedView) view = bw_session_save_view_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (view == NULL)
    {
      say_error (self, error);
      return;
    }

  bw_set_str (&self->view_id, bw_entity_get_id (BW_ENTITY (view)));
  remember (self);
  bw_toast_show (bw_remote_view_get_toasts (self->view), _("View saved"));
  load_views (self);
}

/* What a dialog asks: the name, and whether others see it. */
static GtkWidget *
make_question (BwDevicesPage *self,
               const char    *heading,
               const char    *name,
               gboolean       may_share)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, heading, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_max_length (GTK_ENTRY (entry), NAME_MAX_CHARS);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (entry), name != NULL ? name : "");
  bw_accessible_set_label (entry, _("Name"));
  gtk_box_append (GTK_BOX (box), entry);
  if (may_share)
    gtk_box_append (GTK_BOX (box), gtk_check_button_new_with_mnemonic (_("_Share with everybody in the company")));

  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), box);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "save", _("_Save"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  gtk_widget_grab_focus (entry);

  return dialog;
}

/* (transfer full) (nullable): what was typed; NULL when it was nothing, or taken back */
static char *
dup_answer (AdwMessageDialog *dialog,
            const char       *response,
            gboolean         *ret_is_shared)
{
  GtkWidget *entry = gtk_widget_get_first_child (adw_message_dialog_get_extra_child (dialog));
  GtkWidget *check = gtk_widget_get_next_sibling (entry);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  *ret_is_shared = check != NULL && gtk_check_button_get_active (GTK_CHECK_BUTTON (check));

  return g_str_equal (response, "save") && *name != '\0' ? g_steal_pointer (&name) : NULL;
}

static void
named_cb (BwDevicesPage    *self,
          const char       *response,
          AdwMessageDialog *dialog)
{
  gboolean is_shared;
  g_autofree char *name = dup_answer (dialog, response, &is_shared);
  g_autoptr(JsonObject) document = NULL;

  if (name == NULL)
    return;

  document = make_document (self);
  bw_session_create_view_async (self->session, name, is_shared ? bw_session_get_company_id (self->session) : NULL,
                                document, self->cancellable, saved_cb, g_object_ref (self));
}

static void
renamed_cb (BwDevicesPage    *self,
            const char       *response,
            AdwMessageDialog *dialog)
{
  gboolean is_shared;
  g_autofree char *name = dup_answer (dialog, response, &is_shared);
  BwSavedView *view = get_current (self);

  if (name != NULL && view != NULL)
    bw_session_save_view_async (self->session, view, name, NULL, self->cancellable, saved_cb, g_object_ref (self));
}

static void
restored_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BwDevicesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BwSavedView) view = bw_session_save_view_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (view == NULL)
    {
      say_error (self, error);
      return;
    }

  load_views (self);
}

static void
undelete_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (widget);
  const char *text = g_variant_get_string (parameter, NULL);
  g_autoptr(JsonObject) deleted = bw_json_parse_object (text, strlen (text), strlen (text) + 1, NULL);
  JsonObject *document = deleted != NULL ? bw_json_get_object (deleted, "document") : NULL;

  if (document != NULL)
    bw_session_create_view_async (self->session, bw_json_get_string (deleted, "name"),
                                  bw_json_get_string (deleted, "companyId"), document, self->cancellable,
                                  restored_cb, g_object_ref (self));
}

/* A view on its way out. Each toast takes back its own. */
typedef struct
{
  BwDevicesPage *page;        /* (owned) */
  char          *view;        /* JSON, what makes it again */
} Deletion;

static void
deletion_free (Deletion *deletion)
{
  g_object_unref (deletion->page);
  g_free (deletion->view);
  g_free (deletion);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Deletion, deletion_free)

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Deletion) deletion = user_data;
  BwDevicesPage *self = deletion->page;
  g_autoptr(GError) error = NULL;
  AdwToast *toast;

  if (!bw_session_delete_view_finish (BW_SESSION (source), result, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        say_error (self, error);
      return;
    }

  bw_set_str (&self->view_id, NULL);
  remember (self);
  toast = adw_toast_new (_("View deleted"));
  adw_toast_set_button_label (toast, _("_Undo"));
  adw_toast_set_action_name (toast, "devices.undelete-view");
  adw_toast_set_action_target_value (toast, g_variant_new_string (deletion->view));
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (bw_remote_view_get_toasts (self->view), toast);
  load_views (self);
}

static void
delete_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  BwDevicesPage *self = user_data;
  BwSavedView *view = get_current (self);
  g_autoptr(JsonNode) node = NULL;
  Deletion *deletion;

  if (view == NULL)
    return;

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, bw_entity_save (BW_ENTITY (view)));
  deletion = g_new0 (Deletion, 1);
  deletion->page = g_object_ref (self);
  deletion->view = json_to_string (node, FALSE);
  bw_session_delete_view_async (self->session, view, self->cancellable, deleted_cb, deletion);
}

static void
show_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  BwDevicesPage *self = user_data;
  BwSavedView *view = find_view (self, g_variant_get_string (parameter, NULL));

  if (view != NULL)
    show_view (self, view);
}

static void
none_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  show_view (user_data, NULL);
}

static void
save_as_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  BwDevicesPage *self = user_data;
  gboolean may_share = bw_session_may (self->session, BW_PERMISSION_MANAGE_DEVICES) &&
                       bw_session_get_company_id (self->session) != NULL;
  GtkWidget *dialog = make_question (self, _("Save View"), NULL, may_share);

  g_signal_connect_object (dialog, "response", G_CALLBACK (named_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
rename_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  BwDevicesPage *self = user_data;
  BwSavedView *view = get_current (self);
  GtkWidget *dialog;

  if (view == NULL)
    return;

  dialog = make_question (self, _("Rename View"), bw_saved_view_get_name (view), FALSE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (renamed_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
update_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  BwDevicesPage *self = user_data;
  BwSavedView *view = get_current (self);
  g_autoptr(JsonObject) document = make_document (self);

  if (view != NULL)
    bw_session_save_view_async (self->session, view, NULL, document, self->cancellable, saved_cb, g_object_ref (self));
}

/* What is shown is another; nobody has to look while a view says it all. */
static void
shown_changed_cb (BwDevicesPage *self)
{
  if (!self->is_showing)
    bw_devices_page_update_views (self);
}

static void
hinted_cb (BwDevicesPage *self,
           const char    *kind,
           JsonObject    *document,
           BwSession     *session)
{
  load_views (self);
}

void
bw_devices_page_init_views (BwDevicesPage *self)
{
  static const GActionEntry entries[] = {
    { .name = "show", .activate = show_cb, .parameter_type = "s", .state = "''" },
    { .name = "none", .activate = none_cb },
    { .name = "save-as", .activate = save_as_cb },
    { .name = "update", .activate = update_cb },
    { .name = "rename", .activate = rename_cb },
    { .name = "delete", .activate = delete_cb },
  };

  self->settings = bw_settings_new ();
  self->view_actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->view_actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "views", G_ACTION_GROUP (self->view_actions));
  g_signal_connect_object (self->view, "columns-changed", G_CALLBACK (shown_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->table, "notify::loading", G_CALLBACK (shown_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "changed::view", G_CALLBACK (hinted_cb), self, G_CONNECT_SWAPPED);
  fill_menu (self);
  bw_devices_page_update_views (self);
  load_views (self);
}

void
bw_devices_page_bind_views (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, views_button);
  gtk_widget_class_install_action (widget_class, "devices.undelete-view", "s", undelete_action);
}
