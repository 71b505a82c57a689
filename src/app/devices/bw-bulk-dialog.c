/* bw-bulk-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-bulk-dialog.h"

#include <glib/gi18n.h>

#include "bw-bulk-text.h"
#include "bw-device-text.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-pick-row.h"
#include "bw-session-bulk.h"
#include "bw-text.h"

/* Who types a value is not asked about at each letter. */
#define PREVIEW_MS 300

#define NAMED_MAX   3     /* devices that are named */
#define REASONS_MAX 20

/**
 * BwBulkDialog:
 *
 * Asks for what the action needs, and says what it would do: how many devices change,
 * and how many are refused for which reason.
 */

struct _BwBulkDialog
{
  AdwWindow            parent_instance;

  BwSession           *session;
  char                *action;
  char               **ids;             /* (nullable) */
  JsonObject          *filter;          /* (nullable) */
  GCancellable        *cancellable;     /* of the preview */
  GCancellable        *sample_cancellable;
  guint                preview_source;
  gboolean             is_value_typed;   /* an empty one is a value too, but not before somebody wants it */
  gint64               n_change;
  GPtrArray           *properties;      /* (element-type utf8): "node/property" of the drop-down's entries */
  GPtrArray           *preview_rows;    /* (element-type GtkWidget) */

  GtkWidget           *accept_button;
  GtkWidget           *parameters_group;
  BwPickRow           *pick_row;
  AdwComboRow         *property_row;
  GtkWidget           *node_row;
  GtkWidget           *name_row;
  GtkWidget           *value_row;
  GtkStack            *stack;
  GtkLabel            *incomplete_label;
  GtkSpinner          *spinner;
  GtkLabel            *failed_label;
  AdwPreferencesGroup *change_group;
  AdwPreferencesGroup *refused_group;
};

G_DEFINE_FINAL_TYPE (BwBulkDialog, bw_bulk_dialog, ADW_TYPE_WINDOW)

enum {
  ACCEPTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_action (BwBulkDialog *self,
           const char   *action)
{
  return g_str_equal (self->action, action);
}

/* (transfer full): what is typed there */
static char *
get_typed (GtkWidget *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

/* (transfer full) (nullable): the chosen or typed one, as "node/property" */
static char *
dup_property (BwBulkDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->property_row);
  g_autofree char *node = NULL;
  g_autofree char *name = NULL;

  if (gtk_widget_get_visible (GTK_WIDGET (self->property_row)) && selected < self->properties->len)
    return g_strdup (self->properties->pdata[selected]);

  node = get_typed (self->node_row);
  name = get_typed (self->name_row);

  return *node != '\0' && *name != '\0' ? g_strconcat (node, "/", name, NULL) : NULL;
}

/* (transfer full) (nullable): NULL while something is missing */
static JsonObject *
make_parameters (BwBulkDialog *self)
{
  g_autoptr(JsonObject) parameters = json_object_new ();

  if (is_action (self, "tag") || is_action (self, "untag") || is_action (self, "assign"))
    {
      const char *id = bw_pick_row_get_id (self->pick_row);

      if (id == NULL)
        return NULL;

      json_object_set_string_member (parameters, is_action (self, "assign") ? "companyId" : "tagId", id);
    }
  else if (is_action (self, "set"))
    {
      g_autofree char *property = dup_property (self);
      g_auto(GStrv) parts = property != NULL ? g_strsplit (property, "/", 2) : NULL;

      if (parts == NULL || g_strv_length (parts) != 2 || !self->is_value_typed)
        return NULL;

      json_object_set_string_member (parameters, "node", parts[0]);
      json_object_set_string_member (parameters, "property", parts[1]);
      json_object_set_string_member (parameters, "value", gtk_editable_get_text (GTK_EDITABLE (self->value_row)));
    }

  return g_steal_pointer (&parameters);
}

/* (transfer full) (nullable) */
static JsonObject *
make_request (BwBulkDialog *self)
{
  g_autoptr(JsonObject) parameters = make_parameters (self);

  if (parameters == NULL)
    return NULL;

  return bw_bulk_request_new (self->action, (const char * const *) self->ids, self->filter,
                              json_object_get_size (parameters) > 0 ? parameters : NULL);
}

static void
show_page (BwBulkDialog *self,
           const char   *name)
{
  gboolean is_preview = g_str_equal (name, "preview");

  gtk_spinner_set_spinning (self->spinner, g_str_equal (name, "loading"));
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "bulk.accept", is_preview && self->n_change > 0);
}

static void
add_row (BwBulkDialog        *self,
         AdwPreferencesGroup *group,
         const char          *title,
         const char          *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *escaped_title = g_markup_escape_text (title, -1);
  g_autofree char *escaped_subtitle = g_markup_escape_text (subtitle != NULL ? subtitle : "", -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped_title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped_subtitle);
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->preview_rows, row);
}

static void
clear_rows (BwBulkDialog *self)
{
  for (guint i = 0; i < self->preview_rows->len; i++)
    {
      GtkWidget *row = self->preview_rows->pdata[i];
      GtkWidget *group = gtk_widget_get_ancestor (row, ADW_TYPE_PREFERENCES_GROUP);

      adw_preferences_group_remove (ADW_PREFERENCES_GROUP (group), row);
    }

  g_ptr_array_set_size (self->preview_rows, 0);
}

/* What those that move cannot take along. */
static void
fill_lost (BwBulkDialog *self,
           JsonObject   *preview)
{
  JsonArray *tags = bw_json_get_array (preview, "losesTags");

  for (guint i = 0; tags != NULL && i < json_array_get_length (tags); i++)
    {
      JsonNode *node = json_array_get_element (tags, i);
      JsonObject *tag = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      gulong n = (gulong) MAX (bw_json_get_int (tag, "n", 0), 0);
      g_autofree char *count = g_strdup_printf (ngettext ("%'lu device", "%'lu devices", n), n);
      /* Translators: a tag that cannot be used in the other company */
      g_autofree char *title = g_strdup_printf (_("The tag “%s” is left behind"), bw_json_get_string (tag, "name"));

      add_row (self, self->change_group, title, count);
    }
}

/* The devices that change, the first few by name. */
static void
fill_change (BwBulkDialog *self,
             JsonObject   *preview)
{
  JsonArray *devices = bw_json_get_array (preview, "change");
  guint n_listed = devices != NULL ? MIN (json_array_get_length (devices), NAMED_MAX) : 0;
  gulong n = (gulong) self->n_change;
  g_autofree char *title = g_strdup_printf (ngettext ("%'lu Device Will Change", "%'lu Devices Will Change", n), n);

  gulong n_kept = (gulong) MAX (bw_json_get_int (preview, "nKept", 0), 0);
  g_autofree char *kept = g_strdup_printf (ngettext ("%'lu offline: kept for later", "%'lu offline: kept for later", n_kept), n_kept);

  adw_preferences_group_set_title (self->change_group, title);
  if (n_kept > 0)
    add_row (self, self->change_group, kept, _("The value waits for 30 days, and is sent when the device connects. Undo withdraws it."));
  fill_lost (self, preview);
  for (guint i = 0; i < n_listed; i++)
    {
      JsonNode *node = json_array_get_element (devices, i);
      JsonObject *device = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *id = bw_json_get_string (device, "id");

      if (id != NULL)
        add_row (self, self->change_group, id, bw_json_get_string (device, "name"));
    }

  if (self->n_change > n_listed && n_listed > 0)
    {
      gulong n_more = (gulong) (self->n_change - n_listed);
      g_autofree char *more = g_strdup_printf (ngettext ("…and %'lu more", "…and %'lu more", n_more), n_more);

      add_row (self, self->change_group, more, NULL);
    }
}

static void
fill_refused (BwBulkDialog *self,
              JsonObject   *preview)
{
  JsonArray *reasons = bw_json_get_array (preview, "reasons");
  guint n_listed = reasons != NULL ? MIN (json_array_get_length (reasons), REASONS_MAX) : 0;
  gulong n = (gulong) MAX (bw_json_get_int (preview, "nRefused", 0), 0);
  g_autofree char *title = g_strdup_printf (ngettext ("%'lu Device Is Refused", "%'lu Devices Are Refused", n), n);

  adw_preferences_group_set_title (self->refused_group, title);
  gtk_widget_set_visible (GTK_WIDGET (self->refused_group), n > 0);
  for (guint i = 0; i < n_listed; i++)
    {
      JsonNode *node = json_array_get_element (reasons, i);
      JsonObject *reason = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      gulong n_of = (gulong) MAX (bw_json_get_int (reason, "n", 0), 0);
      g_autofree char *count = g_strdup_printf (ngettext ("%'lu device", "%'lu devices", n_of), n_of);

      if (bw_json_get_string (reason, "reason") != NULL)
        add_row (self, self->refused_group, bw_json_get_string (reason, "reason"), count);
    }
}

static void
previewed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwBulkDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) preview = bw_session_preview_bulk_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  clear_rows (self);
  if (preview == NULL)
    {
      g_autofree char *text = bw_error_to_user_text (error);

      self->n_change = 0;
      gtk_label_set_label (self->failed_label, text);
      show_page (self, "failed");
      return;
    }

  self->n_change = bw_json_get_int (preview, "nChange", 0);
  fill_change (self, preview);
  fill_refused (self, preview);
  show_page (self, "preview");
}

static void
forget_preview (BwBulkDialog *self)
{
  g_clear_handle_id (&self->preview_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static gboolean
preview_cb (gpointer user_data)
{
  BwBulkDialog *self = user_data;
  g_autoptr(JsonObject) request = make_request (self);

  self->preview_source = 0;
  if (request == NULL)
    return G_SOURCE_REMOVE;

  self->cancellable = g_cancellable_new ();
  bw_session_preview_bulk_async (self->session, request, self->cancellable, previewed_cb, g_object_ref (self));

  return G_SOURCE_REMOVE;
}

static void
start_preview (BwBulkDialog *self,
               guint         delay_ms)
{
  g_autoptr(JsonObject) request = make_request (self);

  forget_preview (self);
  if (request == NULL)
    {
      show_page (self, "incomplete");
      return;
    }

  show_page (self, "loading");
  self->preview_source = g_timeout_add (delay_ms, preview_cb, self);
}

static void
parameter_changed_cb (BwBulkDialog *self)
{
  if (self->session != NULL)
    start_preview (self, PREVIEW_MS);
}

static void
value_changed_cb (BwBulkDialog *self)
{
  self->is_value_typed = TRUE;
  parameter_changed_cb (self);
}

static void
property_selected_cb (BwBulkDialog *self)
{
  gboolean is_other = adw_combo_row_get_selected (self->property_row) >= self->properties->len;

  gtk_widget_set_visible (self->node_row, is_other);
  gtk_widget_set_visible (self->name_row, is_other);
  parameter_changed_cb (self);
}

static void
offer_properties (BwBulkDialog *self,
                  BwDeviceTree *tree)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; tree != NULL && i < tree->nodes->len; i++)
    {
      const BwTreeNode *node = tree->nodes->pdata[i];

      for (guint j = 0; j < node->properties->len; j++)
        {
          const BwTreeProperty *property = node->properties->pdata[j];
          g_autofree char *name = NULL;

          if (!property->settable)
            continue;

          name = g_strdup_printf ("%s › %s", bw_device_text_node_name (node), bw_device_text_property_name (property));
          gtk_string_list_append (names, name);
          g_ptr_array_add (self->properties, g_strconcat (node->id, "/", property->id, NULL));
        }
    }

  if (self->properties->len == 0)
    return;

  gtk_string_list_append (names, _("Another Property…"));
  adw_combo_row_set_model (self->property_row, G_LIST_MODEL (names));
  gtk_widget_set_visible (GTK_WIDGET (self->property_row), TRUE);
  /* what somebody has begun to type stays */
  if (*gtk_editable_get_text (GTK_EDITABLE (self->node_row)) != '\0' ||
      *gtk_editable_get_text (GTK_EDITABLE (self->name_row)) != '\0')
    adw_combo_row_set_selected (self->property_row, self->properties->len);
  else
    adw_combo_row_set_selected (self->property_row, 0);
  property_selected_cb (self);
}

static void
sample_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BwBulkDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BwDevice) device = bw_session_load_device_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* Node and property can be typed. */
  if (device == NULL)
    g_debug ("the properties to offer: %s", error->message);
  else
    offer_properties (self, bw_device_get_tree (device));
}

static void
ask_for_parameters (BwBulkDialog *self,
                    const char   *sample_id)
{
  const char *missing = "";

  if (is_action (self, "tag") || is_action (self, "untag"))
    {
      missing = _("Choose a tag to see what would change.");
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->pick_row), _("Tag"));
      bw_pick_row_pick_tag (self->pick_row, self->session);
    }
  else if (is_action (self, "assign"))
    {
      missing = _("Choose a company to see what would change.");
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->pick_row), _("Company"));
      bw_pick_row_pick_company (self->pick_row, self->session);
    }
  else if (is_action (self, "set"))
    {
      missing = _("Name a property and a value to see what would change.");
      gtk_widget_set_visible (self->node_row, TRUE);
      gtk_widget_set_visible (self->name_row, TRUE);
      gtk_widget_set_visible (self->value_row, TRUE);
      if (sample_id != NULL)
        bw_session_load_device_async (self->session, sample_id, self->sample_cancellable, sample_loaded_cb,
                                      g_object_ref (self));
    }

  gtk_widget_set_visible (GTK_WIDGET (self->pick_row), *missing != '\0' && !is_action (self, "set"));
  gtk_widget_set_visible (self->parameters_group, *missing != '\0');
  gtk_label_set_label (self->incomplete_label, missing);
}

static void
accept_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwBulkDialog *self = BW_BULK_DIALOG (widget);
  g_autoptr(JsonObject) request = make_request (self);

  if (request == NULL)
    return;

  g_signal_emit (self, signals[ACCEPTED], 0, request);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
bw_bulk_dialog_dispose (GObject *object)
{
  BwBulkDialog *self = (BwBulkDialog *) object;

  forget_preview (self);
  g_cancellable_cancel (self->sample_cancellable);
  g_clear_object (&self->sample_cancellable);
  g_clear_object (&self->session);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_BULK_DIALOG);

  G_OBJECT_CLASS (bw_bulk_dialog_parent_class)->dispose (object);
}

static void
bw_bulk_dialog_finalize (GObject *object)
{
  BwBulkDialog *self = (BwBulkDialog *) object;

  g_clear_pointer (&self->action, g_free);
  g_clear_pointer (&self->ids, g_strfreev);
  g_clear_pointer (&self->filter, json_object_unref);
  g_clear_pointer (&self->properties, g_ptr_array_unref);
  g_clear_pointer (&self->preview_rows, g_ptr_array_unref);

  G_OBJECT_CLASS (bw_bulk_dialog_parent_class)->finalize (object);
}

static void
bw_bulk_dialog_class_init (BwBulkDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_bulk_dialog_dispose;
  object_class->finalize = bw_bulk_dialog_finalize;

  signals[ACCEPTED] = g_signal_new ("accepted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                    0, NULL, NULL, NULL, G_TYPE_NONE, 1, JSON_TYPE_OBJECT);

  g_type_ensure (BW_TYPE_PICK_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-bulk-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwBulkDialog, accept_button);
  gtk_widget_class_bind_template_child (widget_class, BwBulkDialog, parameters_group);
  gtk_widget_class_bind_template_child (widget_class, BwBulkDialog, pick_row);
  gtk_widget_class_bind_template_child (widget_class, BwBulkDialog, property_row);
  gtk_widget_class_bind_template_child (widget_class, BwBulkDialog, node_row);
  gtk_widget_class_bind_template_child (widget_class, BwBulkDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, BwBulkDialog, value_row);
  gtk_widget_class_bind_template_child (widget_class, BwBulkDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BwBulkDialog, incomplete_label);
  gtk_widget_class_bind_template_child (widget_class, BwBulkDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, BwBulkDialog, failed_label);
  gtk_widget_class_bind_template_child (widget_class, BwBulkDialog, change_group);
  gtk_widget_class_bind_template_child (widget_class, BwBulkDialog, refused_group);
  gtk_widget_class_bind_template_callback (widget_class, parameter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, value_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, property_selected_cb);
  gtk_widget_class_install_action (widget_class, "bulk.accept", NULL, accept_action);
}

static void
bw_bulk_dialog_init (BwBulkDialog *self)
{
  self->sample_cancellable = g_cancellable_new ();
  self->properties = g_ptr_array_new_with_free_func (g_free);
  self->preview_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_bulk_dialog_new (BwSession          *session,
                    const char         *action,
                    const char * const *ids,
                    JsonObject         *filter,
                    const char         *sample_id)
{
  BwBulkDialog *self;
  gboolean is_harsh;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (action != NULL, NULL);
  g_return_val_if_fail ((ids == NULL) != (filter == NULL), NULL);

  self = g_object_new (BW_TYPE_BULK_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->action = g_strdup (action);
  self->ids = g_strdupv ((char **) ids);
  self->filter = filter != NULL ? json_object_ref (filter) : NULL;
  is_harsh = is_action (self, "block");
  gtk_window_set_title (GTK_WINDOW (self), bw_bulk_action_to_title (action));
  gtk_button_set_label (GTK_BUTTON (self->accept_button), bw_bulk_action_to_verb (action));
  gtk_widget_add_css_class (self->accept_button, is_harsh ? "destructive-action" : "suggested-action");
  ask_for_parameters (self, sample_id);
  start_preview (self, 0);

  return GTK_WIDGET (self);
}
