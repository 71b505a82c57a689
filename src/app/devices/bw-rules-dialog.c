/* bw-rules-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-rules-dialog.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-json.h"
#include "bw-rule-editor.h"
#include "bw-rule-trial.h"

/**
 * BwRulesDialog:
 *
 * The rules in the order in which they are asked: switched on and off, moved, edited, removed with *Undo*, and
 * tried on the devices that wait. What is shown is what the backend says after each change.
 */

struct _BwRulesDialog
{
  AdwWindow            parent_instance;

  BwSession           *session;
  GCancellable        *cancellable;
  GPtrArray           *rows;          /* (element-type GtkWidget) */
  GPtrArray           *rules;         /* (element-type JsonObject): as the rows */

  AdwToastOverlay     *toasts;
  GtkStack            *stack;
  AdwPreferencesGroup *group;
};

G_DEFINE_FINAL_TYPE (BwRulesDialog, bw_rules_dialog, ADW_TYPE_WINDOW)

static void load (BwRulesDialog *self);

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwRulesDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (reply == NULL && error != NULL)
    bw_toast_show_error (self->toasts, error);

  load (self);
}

static JsonObject *
find_rule (BwRulesDialog *self,
           const char    *id)
{
  for (guint i = 0; i < self->rules->len; i++)
    {
      JsonObject *rule = g_ptr_array_index (self->rules, i);

      if (g_strcmp0 (bw_json_get_string (rule, "id"), id) == 0)
        return rule;
    }

  return NULL;
}

static char *
rule_path (JsonObject *rule)
{
  return g_strconcat ("/v1/rules/", bw_json_get_string (rule, "id"), NULL);
}

/* @member, or @position when that is not 0 */
static void
patch (BwRulesDialog *self,
       JsonObject    *rule,
       gboolean       enabled,
       gint64         position)
{
  g_autofree char *path = rule_path (rule);
  g_autoptr(GString) body = g_string_new (NULL);

  bw_json_begin_object (body, NULL);
  bw_json_add_int (body, "revision", bw_json_get_int (rule, "revision", 0));
  if (position > 0)
    bw_json_add_int (body, "position", position);
  else
    bw_json_add_boolean (body, "enabled", enabled);
  bw_json_end_object (body);

  bw_session_call_async (self->session, "PATCH", path, body->str, self->cancellable, changed_cb, g_object_ref (self));
}

static gboolean
switched_cb (BwRulesDialog *self,
             gboolean       enabled,
             GtkSwitch     *button)
{
  JsonObject *rule = find_rule (self, gtk_widget_get_name (GTK_WIDGET (button)));

  if (rule != NULL && bw_json_get_boolean (rule, "enabled", FALSE) != enabled)
    patch (self, rule, enabled, 0);

  return FALSE;
}

static void
move_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwRulesDialog *self = BW_RULES_DIALOG (widget);
  const char *id = NULL;
  int by = 0;
  JsonObject *rule;

  g_variant_get (parameter, "(&si)", &id, &by);
  rule = find_rule (self, id);
  if (rule != NULL && bw_json_get_int (rule, "position", 1) + by >= 1)
    patch (self, rule, FALSE, bw_json_get_int (rule, "position", 1) + by);
}

static void
open_editor (BwRulesDialog *self,
             JsonObject    *rule)
{
  GtkWidget *editor = bw_rule_editor_new (self->session, rule);

  gtk_window_set_transient_for (GTK_WINDOW (editor), GTK_WINDOW (self));
  g_signal_connect_object (editor, "saved", G_CALLBACK (load), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (editor));
}

static void
add_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  open_editor (BW_RULES_DIALOG (widget), NULL);
}

static void
edit_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  JsonObject *rule = find_rule (BW_RULES_DIALOG (widget), g_variant_get_string (parameter, NULL));

  if (rule != NULL)
    open_editor (BW_RULES_DIALOG (widget), rule);
}

static void
try_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BwRulesDialog *self = BW_RULES_DIALOG (widget);
  GtkWidget *trial = bw_rule_trial_new (self->session, "{}");

  gtk_window_set_transient_for (GTK_WINDOW (trial), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (trial));
}

/* Removing */

/* A rule on its way out. Each toast takes back its own. */
typedef struct
{
  BwRulesDialog *dialog;      /* (owned) */
  char          *body;        /* makes it again */
} Removal;

static void
removal_free (Removal *removal)
{
  g_object_unref (removal->dialog);
  g_free (removal->body);
  g_free (removal);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Removal, removal_free)

static void
undo_remove_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  BwRulesDialog *self = BW_RULES_DIALOG (widget);

  bw_session_call_async (self->session, "POST", "/v1/rules", g_variant_get_string (parameter, NULL), self->cancellable,
                         changed_cb, g_object_ref (self));
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Removal) removal = user_data;
  BwRulesDialog *self = removal->dialog;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  AdwToast *toast;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (reply == NULL && error != NULL)
    bw_toast_show_error (self->toasts, error);
  else
    {
      toast = adw_toast_new (_("Rule removed"));
      adw_toast_set_button_label (toast, _("_Undo"));
      adw_toast_set_action_name (toast, "rules.undo-remove");
      adw_toast_set_action_target_value (toast, g_variant_new_string (removal->body));
      adw_toast_overlay_add_toast (self->toasts, toast);
    }

  load (self);
}

/* (transfer full): what makes it again, at its place */
static char *
make_body (JsonObject *rule)
{
  static const char *const members[] = { "name", "companyId", "position", "enabled", "action", "conditions", "maxPerHour" };
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(JsonNode) node = json_node_alloc ();

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    json_object_set_member (body, members[i], json_node_copy (json_object_get_member (rule, members[i])));
  json_node_init_object (node, body);

  return json_to_string (node, FALSE);
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwRulesDialog *self = BW_RULES_DIALOG (widget);
  JsonObject *rule = find_rule (self, g_variant_get_string (parameter, NULL));
  g_autofree char *path = NULL;
  Removal *removal;

  if (rule == NULL)
    return;

  removal = g_new0 (Removal, 1);
  removal->dialog = g_object_ref (self);
  removal->body = make_body (rule);
  path = rule_path (rule);
  bw_session_call_async (self->session, "DELETE", path, NULL, self->cancellable, removed_cb, removal);
}

/* Rows */

/* (transfer full) */
static char *
describe (JsonObject *rule)
{
  JsonObject *conditions = bw_json_get_object (rule, "conditions");
  g_autoptr(GList) members = conditions != NULL ? json_object_get_members (conditions) : NULL;
  g_autoptr(GString) text = g_string_new (bw_rule_action_to_text (bw_json_get_string (rule, "action")));
  guint n = g_list_length (members);

  if (n > 0)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, ngettext ("%u condition", "%u conditions", n), n);
    }
  g_string_append (text, " · ");
  /* Translators: on so many devices */
  g_string_append_printf (text, _("at most %lld an hour"), (long long) bw_json_get_int (rule, "maxPerHour", 0));
  g_string_append_printf (text, " · %s", bw_json_get_string (rule, "company"));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* @format: of a label with the rule's name in it */
static GtkWidget *
add_button (GtkWidget  *row,
            const char *icon,
            const char *label,
            const char *action,
            GVariant   *target)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  bw_accessible_set_label (button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return button;
}

static void
add_row (BwRulesDialog *self,
         JsonObject    *rule)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_switch_new ();
  const char *id = bw_json_get_string (rule, "id");
  const char *name = bw_json_get_string (rule, "name");
  g_autofree char *subtitle = describe (rule);
  /* Translators: a rule */
  g_autofree char *active = g_strdup_printf (_("%s is active"), name);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  gtk_switch_set_active (GTK_SWITCH (button), bw_json_get_boolean (rule, "enabled", FALSE));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_name (button, id);
  bw_accessible_set_label (button, active);
  g_signal_connect_object (button, "state-set", G_CALLBACK (switched_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);

  add_button (row, "go-up-symbolic", _("Ask Earlier"), "rules.move", g_variant_new ("(si)", id, -1));
  add_button (row, "go-down-symbolic", _("Ask Later"), "rules.move", g_variant_new ("(si)", id, 1));
  add_button (row, "document-edit-symbolic", _("Edit"), "rules.edit", g_variant_new_string (id));
  add_button (row, "user-trash-symbolic", _("Remove"), "rules.remove", g_variant_new_string (id));

  adw_preferences_group_add (self->group, row);
  g_ptr_array_add (self->rows, row);
  g_ptr_array_add (self->rules, json_object_ref (rule));
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwRulesDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  JsonArray *items = bw_json_get_array (reply, "items");

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (items == NULL)
    {
      if (error != NULL)
        bw_toast_show_error (self->toasts, error);
      return;
    }

  while (self->rows->len > 0)
    adw_preferences_group_remove (self->group, g_ptr_array_steal_index (self->rows, 0));
  g_ptr_array_set_size (self->rules, 0);

  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        add_row (self, json_node_get_object (node));
    }

  gtk_stack_set_visible_child_name (self->stack, self->rows->len > 0 ? "list" : "nothing");
}

static void
load (BwRulesDialog *self)
{
  bw_session_call_async (self->session, "GET", "/v1/rules", NULL, self->cancellable, loaded_cb, g_object_ref (self));
}

static void
rule_changed_cb (BwRulesDialog *self)
{
  load (self);
}

static void
bw_rules_dialog_dispose (GObject *object)
{
  BwRulesDialog *self = (BwRulesDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_RULES_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_rules_dialog_parent_class)->dispose (object);
}

static void
bw_rules_dialog_finalize (GObject *object)
{
  BwRulesDialog *self = (BwRulesDialog *) object;

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->rules, g_ptr_array_unref);

  G_OBJECT_CLASS (bw_rules_dialog_parent_class)->finalize (object);
}

static void
bw_rules_dialog_class_init (BwRulesDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_rules_dialog_dispose;
  object_class->finalize = bw_rules_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-rules-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwRulesDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwRulesDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BwRulesDialog, group);
  gtk_widget_class_install_action (widget_class, "rules.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "rules.try", NULL, try_action);
  gtk_widget_class_install_action (widget_class, "rules.edit", "s", edit_action);
  gtk_widget_class_install_action (widget_class, "rules.remove", "s", remove_action);
  gtk_widget_class_install_action (widget_class, "rules.undo-remove", "s", undo_remove_action);
  gtk_widget_class_install_action (widget_class, "rules.move", "(si)", move_action);
}

static void
bw_rules_dialog_init (BwRulesDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new ();
  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_rules_dialog_new (BwSession *session)
{
  BwRulesDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_RULES_DIALOG, NULL);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed::rule", G_CALLBACK (rule_changed_cb), self, G_CONNECT_SWAPPED);
  load (self);

  return GTK_WIDGET (self);
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  g_autoptr(BwSession) session = NULL;
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *dialog;

  g_object_get (widget, "session", &session, NULL);
  dialog = bw_rules_dialog_new (session);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
bw_rules_dialog_install_action (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "devices.rules", NULL, open_action);
}
