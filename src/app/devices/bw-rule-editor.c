/* bw-rule-editor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-rule-editor.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-pick-row.h"
#include "bw-rule-trial.h"

/**
 * BwRuleEditor:
 *
 * A form for one rule, which can be tried on the devices that wait before it is saved.
 */

typedef enum
{
  PRODUCT,
  VERSION_PREFIX,
  VERSION_AT_LEAST,
  NETWORK,
  HOMIE,
  N_TEXTS
} Text;

struct _BwRuleEditor
{
  AdwWindow        parent_instance;

  BwSession       *session;
  GCancellable    *cancellable;
  JsonObject      *rule;            /* (nullable): as it was */

  AdwToastOverlay *toasts;
  AdwEntryRow     *name_row;
  AdwComboRow     *action_row;
  BwPickRow       *company_row;
  BwPickRow       *batch_row;
  AdwEntryRow     *text_rows[N_TEXTS];
  AdwComboRow     *type_row;
  GtkSpinButton   *hours_spin;
  GtkSpinButton   *limit_spin;
};

G_DEFINE_FINAL_TYPE (BwRuleEditor, bw_rule_editor, ADW_TYPE_WINDOW)

enum {
  SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *const actions[] = { "approve", "block", "leave" };
static const char *const types[] = { NULL, "testing", "development", "release" };
static const char *const text_members[N_TEXTS] = {
  [PRODUCT] = "product",
  [VERSION_PREFIX] = "versionPrefix",
  [VERSION_AT_LEAST] = "versionAtLeast",
  [NETWORK] = "network",
  [HOMIE] = "homie",
};

const char *
bw_rule_action_to_text (const char *nick)
{
  if (g_strcmp0 (nick, "approve") == 0)
    return C_("rule action", "Approve");

  if (g_strcmp0 (nick, "block") == 0)
    return C_("rule action", "Block");

  if (g_strcmp0 (nick, "leave") == 0)
    return C_("rule action", "Leave to people");

  return C_("rule action", "Waits");
}

static void
add_text (GString     *out,
          const char  *member,
          GtkEditable *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (row)));

  if (*text != '\0')
    bw_json_add_string (out, member, text);
}

static void
write_conditions (BwRuleEditor *self,
                  GString      *out)
{
  guint type = adw_combo_row_get_selected (self->type_row);
  int hours = gtk_spin_button_get_value_as_int (self->hours_spin);

  bw_json_begin_object (out, "conditions");
  if (bw_pick_row_get_id (self->batch_row) != NULL)
    bw_json_add_string (out, "batchId", bw_pick_row_get_id (self->batch_row));
  if (bw_pick_row_get_id (self->company_row) != NULL)
    bw_json_add_string (out, "companyId", bw_pick_row_get_id (self->company_row));
  for (guint i = 0; i < N_TEXTS; i++)
    add_text (out, text_members[i], GTK_EDITABLE (self->text_rows[i]));
  if (type > 0 && type < G_N_ELEMENTS (types))
    bw_json_add_string (out, "type", types[type]);
  if (hours > 0)
    bw_json_add_int (out, "seenWithinHours", hours);
  bw_json_end_object (out);
}

/* The members of the rule, without the braces around them. */
static void
write_members (BwRuleEditor *self,
               GString      *out)
{
  guint action = MIN (adw_combo_row_get_selected (self->action_row), G_N_ELEMENTS (actions) - 1);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));

  bw_json_add_string (out, "name", name);
  bw_json_add_string (out, "action", actions[action]);
  bw_json_add_int (out, "maxPerHour", gtk_spin_button_get_value_as_int (self->limit_spin));
  write_conditions (self, out);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BwRuleEditor) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (reply != NULL)
    {
      g_signal_emit (self, signals[SAVED], 0);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  text = bw_error_to_user_text (error);
  bw_toast_show (self->toasts, text);
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwRuleEditor *self = BW_RULE_EDITOR (widget);
  g_autoptr(GString) body = g_string_new (NULL);
  g_autofree char *path = g_strdup ("/v1/rules");

  bw_json_begin_object (body, NULL);
  if (self->rule != NULL)
    {
      g_free (path);
      path = g_strconcat ("/v1/rules/", bw_json_get_string (self->rule, "id"), NULL);
      bw_json_add_int (body, "revision", bw_json_get_int (self->rule, "revision", 0));
    }
  write_members (self, body);
  bw_json_end_object (body);

  bw_session_call_async (self->session, self->rule != NULL ? "PATCH" : "POST", path, body->str, self->cancellable,
                         saved_cb, g_object_ref (self));
}

static void
try_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BwRuleEditor *self = BW_RULE_EDITOR (widget);
  g_autoptr(GString) body = g_string_new (NULL);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
  GtkWidget *trial;

  /* the name is said in the answer */
  if (*name == '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->name_row), _("New Rule"));

  bw_json_begin_object (body, NULL);
  if (self->rule != NULL)
    bw_json_add_string (body, "ruleId", bw_json_get_string (self->rule, "id"));
  bw_json_begin_object (body, "rule");
  write_members (self, body);
  bw_json_end_object (body);
  bw_json_end_object (body);

  trial = bw_rule_trial_new (self->session, body->str);
  gtk_window_set_transient_for (GTK_WINDOW (trial), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (trial));
}

static void
bw_rule_editor_dispose (GObject *object)
{
  BwRuleEditor *self = (BwRuleEditor *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_RULE_EDITOR);
  g_clear_object (&self->session);
  g_clear_pointer (&self->rule, json_object_unref);

  G_OBJECT_CLASS (bw_rule_editor_parent_class)->dispose (object);
}

static void
bw_rule_editor_class_init (BwRuleEditorClass *klass)
{
  static const char *const text_names[N_TEXTS] = {
    "product_row", "version_prefix_row", "version_at_least_row", "network_row", "homie_row"
  };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_rule_editor_dispose;
  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);

  g_type_ensure (BW_TYPE_PICK_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-rule-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, BwRuleEditor, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwRuleEditor, name_row);
  gtk_widget_class_bind_template_child (widget_class, BwRuleEditor, action_row);
  gtk_widget_class_bind_template_child (widget_class, BwRuleEditor, company_row);
  gtk_widget_class_bind_template_child (widget_class, BwRuleEditor, batch_row);
  gtk_widget_class_bind_template_child (widget_class, BwRuleEditor, type_row);
  gtk_widget_class_bind_template_child (widget_class, BwRuleEditor, hours_spin);
  gtk_widget_class_bind_template_child (widget_class, BwRuleEditor, limit_spin);
  for (guint i = 0; i < N_TEXTS; i++)
    gtk_widget_class_bind_template_child_full (widget_class, text_names[i], FALSE,
                                               G_STRUCT_OFFSET (BwRuleEditor, text_rows) + (gssize) (i * sizeof (gpointer)));
  gtk_widget_class_install_action (widget_class, "rule.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "rule.try", NULL, try_action);
}

static void
bw_rule_editor_init (BwRuleEditor *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
fill (BwRuleEditor *self)
{
  JsonObject *conditions = bw_json_get_object (self->rule, "conditions");
  const char *company_id = bw_json_get_string (conditions, "companyId");

  gtk_editable_set_text (GTK_EDITABLE (self->name_row), bw_json_get_string (self->rule, "name"));
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (g_strcmp0 (actions[i], bw_json_get_string (self->rule, "action")) == 0)
        adw_combo_row_set_selected (self->action_row, i);
    }
  for (guint i = 0; i < N_TEXTS; i++)
    {
      const char *text = bw_json_get_string (conditions, text_members[i]);

      gtk_editable_set_text (GTK_EDITABLE (self->text_rows[i]), text != NULL ? text : "");
    }
  for (guint i = 1; i < G_N_ELEMENTS (types); i++)
    {
      if (g_strcmp0 (types[i], bw_json_get_string (conditions, "type")) == 0)
        adw_combo_row_set_selected (self->type_row, i);
    }
  if (bw_json_get_string (conditions, "batchId") != NULL)
    bw_pick_row_set_selected (self->batch_row, bw_entity_list_lookup (bw_session_get_batches (self->session),
                                                                      bw_json_get_string (conditions, "batchId")));
  if (company_id != NULL)
    bw_pick_row_set_selected (self->company_row,
                              bw_entity_list_lookup (bw_session_get_companies (self->session), company_id));
  gtk_spin_button_set_value (self->hours_spin, (double) bw_json_get_int (conditions, "seenWithinHours", 0));
  gtk_spin_button_set_value (self->limit_spin, (double) bw_json_get_int (self->rule, "maxPerHour", 100));
}

/* (transfer full) */
static char *
get_batch_name (gpointer item)
{
  char *name = NULL;

  g_object_get (item, "name", &name, NULL);

  return name;
}

GtkWidget *
bw_rule_editor_new (BwSession  *session,
                    JsonObject *rule)
{
  BwRuleEditor *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_RULE_EDITOR, NULL);
  self->session = g_object_ref (session);
  bw_pick_row_set_optional (self->company_row);
  bw_pick_row_pick_company (self->company_row, session);
  bw_pick_row_set_optional (self->batch_row);
  bw_pick_row_set_model (self->batch_row, G_LIST_MODEL (bw_session_get_batches (session)), get_batch_name, NULL);
  if (rule != NULL)
    {
      self->rule = json_object_ref (rule);
      fill (self);
    }

  return GTK_WIDGET (self);
}
