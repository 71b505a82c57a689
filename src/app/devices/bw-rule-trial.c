/* bw-rule-trial.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-rule-trial.h"

#include <glib/gi18n.h>

#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-rule-editor.h"

/* More are counted, and nobody reads them. */
#define MAX_ROWS 200

/**
 * BwRuleTrial:
 *
 * Each device that waits, what would be done with it, by which rule, and why not by those before it. Nothing
 * is changed by looking.
 */

struct _BwRuleTrial
{
  AdwWindow            parent_instance;

  GCancellable        *cancellable;

  GtkStack            *stack;
  AdwStatusPage       *failed_page;
  AdwPreferencesGroup *group;
};

G_DEFINE_FINAL_TYPE (BwRuleTrial, bw_rule_trial, ADW_TYPE_WINDOW)

/* (transfer full) */
static char *
describe (JsonObject *item)
{
  JsonObject *rule = bw_json_get_object (item, "rule");
  JsonArray *others = bw_json_get_array (item, "others");
  const char *name = bw_json_get_string (rule, "name");
  g_autoptr(GString) text = g_string_new (NULL);

  if (rule != NULL && name == NULL)
    g_string_append (text, _("By a rule of a company above"));
  else if (bw_json_get_boolean (item, "spent", FALSE))
    /* Translators: a rule */
    g_string_append_printf (text, _("“%s” fits, but has acted as often as it may in an hour"), name);
  else if (rule != NULL)
    /* Translators: a rule */
    g_string_append_printf (text, _("By “%s”"), name);
  else
    g_string_append (text, _("No rule fits"));

  for (guint i = 0; others != NULL && i < json_array_get_length (others); i++)
    {
      JsonNode *node = json_array_get_element (others, i);
      JsonObject *other = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      g_string_append_c (text, '\n');
      /* Translators: a rule, and why it does not act */
      g_string_append_printf (text, _("Not “%s”: %s"), bw_json_get_string (other, "name"), bw_json_get_string (other, "reason"));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_row (BwRuleTrial *self,
         JsonObject  *item)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *label = gtk_label_new (bw_rule_action_to_text (bw_json_get_string (item, "action")));
  const char *product = bw_json_get_string (item, "product");
  const char *version = bw_json_get_string (item, "version");
  g_autofree char *title = g_strdup_printf ("%s  %s %s", bw_json_get_string (item, "id"), product != NULL ? product : "",
                                            version != NULL ? version : "");
  g_autofree char *subtitle = describe (item);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), g_strchomp (title));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  adw_preferences_group_add (self->group, row);
}

static void
show_items (BwRuleTrial *self,
            JsonArray   *items)
{
  guint n = json_array_get_length (items);
  g_autofree char *description = NULL;

  if (n == 0)
    {
      gtk_stack_set_visible_child_name (self->stack, "nothing");
      return;
    }

  for (guint i = 0; i < MIN (n, MAX_ROWS); i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        add_row (self, json_node_get_object (node));
    }

  description = g_strdup_printf (ngettext ("%u device waits now.", "%u devices wait now.", n), n);
  adw_preferences_group_set_description (self->group, description);
  gtk_stack_set_visible_child_name (self->stack, "list");
}

static void
tried_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BwRuleTrial) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  JsonArray *items = bw_json_get_array (reply, "items");

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (items == NULL)
    {
      g_autofree char *text = error != NULL ? bw_error_to_user_text (error) : g_strdup ("");
      g_autofree char *escaped = g_markup_escape_text (text, -1);

      adw_status_page_set_description (self->failed_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }

  show_items (self, items);
}

static void
bw_rule_trial_dispose (GObject *object)
{
  BwRuleTrial *self = (BwRuleTrial *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_RULE_TRIAL);

  G_OBJECT_CLASS (bw_rule_trial_parent_class)->dispose (object);
}

static void
bw_rule_trial_class_init (BwRuleTrialClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_rule_trial_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-rule-trial.ui");
  gtk_widget_class_bind_template_child (widget_class, BwRuleTrial, stack);
  gtk_widget_class_bind_template_child (widget_class, BwRuleTrial, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BwRuleTrial, group);
}

static void
bw_rule_trial_init (BwRuleTrial *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_rule_trial_new (BwSession  *session,
                   const char *body)
{
  BwRuleTrial *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (body != NULL, NULL);

  self = g_object_new (BW_TYPE_RULE_TRIAL, NULL);
  bw_session_call_async (session, "POST", "/v1/rules/trial", body, self->cancellable, tried_cb, g_object_ref (self));

  return GTK_WIDGET (self);
}
