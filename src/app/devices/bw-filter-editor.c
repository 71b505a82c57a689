/* bw-filter-editor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-filter-editor.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-device-field.h"
#include "bw-device-query.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-text.h"

#define VALUES_MAX 100   /* that a condition may have */

/**
 * BwFilterEditor:
 *
 * Two pages: the fields, and the condition on one of them. A change of the operator of
 * a condition that is there already replaces that condition.
 */

struct _BwFilterEditor
{
  GtkWidget            parent_instance;

  BwSession           *session;         /* (owned) (nullable) */
  GCancellable        *cancellable;     /* (owned): of the values that are on their way */
  JsonObject          *filter;          /* (owned) (nullable) */
  char                *key;             /* (nullable): of the condition that is changed */
  const BwDeviceField *field;           /* (nullable) */
  GHashTable          *chosen;          /* (element-type utf8): set of values */

  GtkStack            *stack;
  GtkWidget           *fields_box;
  GtkLabel            *field_label;
  GtkDropDown         *operator_drop_down;
  GtkStack            *value_stack;
  GtkEditable         *narrow_entry;
  GtkListBox          *values_list;
  GtkLabel            *values_label;
  GtkWidget           *more_label;
  GtkEditable         *text_entry;
  GtkDropDown         *moment_drop_down;
  GtkCalendar         *calendar;
  GtkWidget           *apply_button;
};

G_DEFINE_FINAL_TYPE (BwFilterEditor, bw_filter_editor, GTK_TYPE_WIDGET)

enum {
  APPLIED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const gint64 moments_us[] = {
  G_TIME_SPAN_HOUR, G_TIME_SPAN_DAY, 7 * G_TIME_SPAN_DAY, 30 * G_TIME_SPAN_DAY
};

static const char *
get_operator (BwFilterEditor *self)
{
  guint position = gtk_drop_down_get_selected (self->operator_drop_down);

  return position != GTK_INVALID_LIST_POSITION ? bw_device_field_get_operators (self->field)[position] : "";
}

/* Texts that are compared as a whole are chosen among those that there are. */
static gboolean
is_chosen_from_list (BwFilterEditor *self)
{
  const char *operator = get_operator (self);

  return self->field->kind == BW_DEVICE_FIELD_CHOICE ||
         (self->field->has_values && (*operator == '\0' || g_str_equal (operator, "!")));
}

static gint64
get_moment_us (BwFilterEditor *self)
{
  guint selected = gtk_drop_down_get_selected (self->moment_drop_down);
  g_autoptr(GDateTime) day = NULL;

  if (selected < G_N_ELEMENTS (moments_us))
    return g_get_real_time () - moments_us[selected];

  day = gtk_calendar_get_date (self->calendar);

  /* the beginning of the day, here */
  {
    g_autoptr(GDateTime) start = g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                                                        g_date_time_get_day_of_month (day), 0, 0, 0);

    return start != NULL ? g_date_time_to_unix (start) * G_USEC_PER_SEC : 0;
  }
}

/* (transfer full): what was chosen or typed; several IDs may be pasted at once */
static char **
dup_values (BwFilterEditor *self)
{
  g_autoptr(GStrvBuilder) values = g_strv_builder_new ();
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->text_entry)));

  if (self->field->kind == BW_DEVICE_FIELD_TIME)
    {
      g_autofree char *at = g_strdup_printf ("%" G_GINT64_FORMAT, get_moment_us (self));

      g_strv_builder_add (values, at);
    }
  else if (is_chosen_from_list (self))
    {
      GHashTableIter iter;
      gpointer value;

      g_hash_table_iter_init (&iter, self->chosen);
      while (g_hash_table_iter_next (&iter, &value, NULL))
        g_strv_builder_add (values, value);
    }
  else if (g_str_equal (self->field->id, "id") || self->field->kind == BW_DEVICE_FIELD_NUMBER)
    {
      g_auto(GStrv) parts = g_strsplit_set (text, " ,;\t\n", -1);

      for (gsize i = 0; parts[i] != NULL; i++)
        {
          if (*parts[i] != '\0')
            g_strv_builder_add (values, parts[i]);
        }
    }
  else if (*text != '\0')
    {
      g_strv_builder_add (values, text);
    }

  return g_strv_builder_end (values);
}

static gboolean
is_number (const char *text)
{
  return *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

static void
update_apply (BwFilterEditor *self)
{
  g_auto(GStrv) values = NULL;
  gboolean is_good;

  if (self->field == NULL)
    return;

  values = dup_values (self);
  is_good = values[0] != NULL && g_strv_length (values) <= VALUES_MAX;
  for (gsize i = 0; is_good && self->field->kind == BW_DEVICE_FIELD_NUMBER && values[i] != NULL; i++)
    is_good = is_number (values[i]);

  gtk_widget_set_sensitive (self->apply_button, is_good);
}

static int
compare_values (gconstpointer a,
                gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

static void
apply (BwFilterEditor *self)
{
  g_autoptr(JsonObject) filter = NULL;
  g_autofree char *key = NULL;
  g_auto(GStrv) values = NULL;

  update_apply (self);
  if (self->field == NULL || !gtk_widget_get_sensitive (self->apply_button))
    return;

  values = dup_values (self);
  qsort (values, g_strv_length (values), sizeof *values, compare_values);
  key = g_strconcat (self->field->id, get_operator (self), NULL);
  filter = bw_device_query_copy (self->filter);
  if (self->key != NULL && !g_str_equal (self->key, key))
    bw_device_query_set (filter, self->key, NULL);

  bw_device_query_set (filter, key, (const char * const *) values);
  g_signal_emit (self, signals[APPLIED], 0, filter);
}

static void
check_toggled_cb (GtkCheckButton *check,
                  BwFilterEditor *self)
{
  const char *value = gtk_widget_get_name (GTK_WIDGET (check));

  if (gtk_check_button_get_active (check))
    g_hash_table_add (self->chosen, g_strdup (value));
  else
    g_hash_table_remove (self->chosen, value);

  update_apply (self);
}

/* @n: how many devices have it; below 0: nobody knows */
static void
add_value_row (BwFilterEditor *self,
               const char     *value,
               const char     *text,
               gint64          n)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *check = gtk_check_button_new_with_label (text);
  g_autofree char *count = n >= 0 ? g_strdup_printf ("%'" G_GINT64_FORMAT, n) : NULL;
  GtkWidget *label = gtk_label_new (count);

  gtk_widget_set_name (check, value);
  gtk_widget_set_hexpand (check, TRUE);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), g_hash_table_contains (self->chosen, value));
  g_signal_connect_object (check, "toggled", G_CALLBACK (check_toggled_cb), self, 0);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_append (self->values_list, box);
}

static GtkCheckButton *
get_check (GtkListBoxRow *row)
{
  return GTK_CHECK_BUTTON (gtk_widget_get_first_child (gtk_list_box_row_get_child (row)));
}

static void
value_activated_cb (GtkListBox     *list,
                    GtkListBoxRow  *row,
                    BwFilterEditor *self)
{
  GtkCheckButton *check = get_check (row);

  gtk_check_button_set_active (check, !gtk_check_button_get_active (check));
}

static gboolean
is_narrow_row (GtkListBoxRow *row,
               gpointer       user_data)
{
  BwFilterEditor *self = user_data;
  g_autofree char *typed = g_utf8_casefold (gtk_editable_get_text (self->narrow_entry), -1);
  g_autofree char *text = g_utf8_casefold (gtk_check_button_get_label (get_check (row)), -1);

  return strstr (text, typed) != NULL;
}

static void
narrow_changed_cb (BwFilterEditor *self)
{
  gtk_list_box_invalidate_filter (self->values_list);
}

/* Enter after a few letters means the only value that is left. */
static void
narrow_activated_cb (BwFilterEditor *self)
{
  GtkListBoxRow *only = NULL;
  GtkListBoxRow *row;
  guint n_left = 0;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->values_list, i)) != NULL; i++)
    {
      if (!is_narrow_row (row, self))
        continue;

      only = row;
      n_left++;
    }

  if (n_left == 1)
    gtk_check_button_set_active (get_check (only), TRUE);

  apply (self);
}

static void
clear_list (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

/* What is fixed, or chosen already, but no device has. */
static void
add_missing_rows (BwFilterEditor *self,
                  GHashTable     *listed)
{
  g_autoptr(GPtrArray) missing = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  for (gsize i = 0; self->field->choices != NULL && self->field->choices[i] != NULL; i++)
    g_ptr_array_add (missing, (gpointer) self->field->choices[i]);

  g_hash_table_iter_init (&iter, self->chosen);
  while (g_hash_table_iter_next (&iter, &value, NULL))
    {
      if (!g_ptr_array_find_with_equal_func (missing, value, g_str_equal, NULL))
        g_ptr_array_add (missing, value);
    }

  for (guint i = 0; i < missing->len; i++)
    {
      g_autofree char *text = NULL;

      if (g_hash_table_contains (listed, missing->pdata[i]))
        continue;

      text = bw_device_value_to_text (self->field, self->session, missing->pdata[i]);
      add_value_row (self, missing->pdata[i], text, self->field->has_values ? 0 : -1);
    }
}

static void
fill_values (BwFilterEditor *self,
             JsonArray      *items)
{
  g_autoptr(GHashTable) listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  clear_list (self->values_list);
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      JsonObject *item = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      g_autofree char *value = g_strdup (bw_json_get_string (item, "value"));
      g_autofree char *text = g_strdup (bw_json_get_string (item, "text"));

      if (value == NULL && item != NULL && json_object_has_member (item, "value") && self->field->choices != NULL &&
          g_str_equal (self->field->id, "online"))
        value = g_strdup (bw_json_get_boolean (item, "value", FALSE) ? "true" : "false");

      /* what has none is asked for as a missing fact */
      if (value == NULL || *value == '\0')
        continue;

      if (text == NULL)
        text = bw_device_value_to_text (self->field, self->session, value);

      add_value_row (self, value, text, bw_json_get_int (item, "n", -1));
      g_hash_table_add (listed, g_steal_pointer (&value));
    }

  add_missing_rows (self, listed);
}

static void
values_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BwFilterEditor) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->field == NULL)
    return;

  if (reply == NULL)
    {
      g_autofree char *text = bw_error_to_user_text (error);

      gtk_label_set_label (self->values_label, text);
      fill_values (self, NULL);
      return;
    }

  gtk_label_set_label (self->values_label, _("No device has a value here."));
  gtk_widget_set_visible (self->more_label, bw_json_get_boolean (reply, "more", FALSE));
  fill_values (self, bw_json_get_array (reply, "items"));
}

/* Of the devices that all other conditions are true of. */
static void
load_values (BwFilterEditor *self)
{
  g_autoptr(JsonObject) others = bw_device_query_copy (self->filter);
  g_autofree char *query = NULL;
  g_autofree char *path = NULL;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  clear_list (self->values_list);
  gtk_widget_set_visible (self->more_label, FALSE);
  if (!self->field->has_values)
    {
      fill_values (self, NULL);
      return;
    }

  gtk_label_set_label (self->values_label, _("Loading…"));
  for (gsize i = 0; bw_device_field_get_operators (self->field)[i] != NULL; i++)
    {
      g_autofree char *key = g_strconcat (self->field->id, bw_device_field_get_operators (self->field)[i], NULL);

      bw_device_query_set (others, key, NULL);
    }

  query = bw_device_query_to_query (others);
  path = g_strdup_printf ("/v1/devices/values?field=%s&%s", self->field->id, query);
  self->cancellable = g_cancellable_new ();
  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable, values_loaded_cb, g_object_ref (self));
}

static void
show_value_page (BwFilterEditor *self)
{
  const char *page = "text";

  if (self->field->kind == BW_DEVICE_FIELD_TIME)
    page = "time";
  else if (is_chosen_from_list (self))
    page = "values";

  if (g_str_equal (page, "values") && g_strcmp0 (gtk_stack_get_visible_child_name (self->value_stack), page) != 0)
    gtk_editable_set_text (self->narrow_entry, "");

  gtk_stack_set_visible_child_name (self->value_stack, page);
  update_apply (self);
}

static void
operator_selected_cb (BwFilterEditor *self)
{
  if (self->field != NULL)
    show_value_page (self);
}

static void
moment_selected_cb (BwFilterEditor *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->calendar),
                          gtk_drop_down_get_selected (self->moment_drop_down) >= G_N_ELEMENTS (moments_us));
}

static void
show_fields (BwFilterEditor *self)
{
  self->field = NULL;
  gtk_stack_set_visible_child_name (self->stack, "fields");
  gtk_widget_child_focus (self->fields_box, GTK_DIR_TAB_FORWARD);
}

static void
fill_operators (BwFilterEditor *self,
                const char     *operator)
{
  const char * const *operators = bw_device_field_get_operators (self->field);
  g_autoptr(GtkStringList) words = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; operators[i] != NULL; i++)
    {
      gtk_string_list_append (words, bw_device_operator_to_text (operators[i]));
      if (g_strcmp0 (operators[i], operator) == 0)
        selected = i;
    }

  gtk_drop_down_set_model (self->operator_drop_down, G_LIST_MODEL (words));
  gtk_drop_down_set_selected (self->operator_drop_down, selected);
}

/* @values: of the condition that is there already */
static void
show_condition (BwFilterEditor      *self,
                const BwDeviceField *field,
                const char          *operator,
                const char * const  *values)
{
  g_hash_table_remove_all (self->chosen);
  for (gsize i = 0; values[i] != NULL; i++)
    g_hash_table_add (self->chosen, g_strdup (values[i]));

  self->field = NULL;   /* not yet */
  gtk_label_set_label (self->field_label, _(field->title));
  {
    g_autofree char *joined = field->kind != BW_DEVICE_FIELD_TIME ? g_strjoinv (" ", (char **) values) : NULL;

    gtk_editable_set_text (self->text_entry, joined != NULL ? joined : "");
  }
  self->field = field;
  fill_operators (self, operator);
  gtk_stack_set_visible_child_name (self->stack, "condition");
  show_value_page (self);
  if (is_chosen_from_list (self) || field->has_values)
    load_values (self);

  gtk_widget_child_focus (GTK_WIDGET (self->value_stack), GTK_DIR_TAB_FORWARD);
}

static void
field_clicked_cb (GtkWidget      *button,
                  BwFilterEditor *self)
{
  const BwDeviceField *field = bw_device_field_of_key (gtk_widget_get_name (button), NULL);
  const char *operator = bw_device_field_get_operators (field)[0];
  g_autofree char *key = g_strconcat (field->id, operator, NULL);
  g_auto(GStrv) values = bw_device_query_dup_values (self->filter, key);

  show_condition (self, field, operator, (const char * const *) values);
}

static void
add_fields (BwFilterEditor *self)
{
  guint n_fields;
  const BwDeviceField *fields = bw_device_fields_get (&n_fields);

  for (guint i = 0; i < n_fields; i++)
    {
      GtkWidget *button = gtk_button_new_with_label (_(fields[i].title));
      g_autofree char *key = g_strconcat (fields[i].id, bw_device_field_get_operators (&fields[i])[0], NULL);

      gtk_label_set_xalign (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))), 0);
      gtk_widget_set_name (button, key);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "field-button");
      g_signal_connect_object (button, "clicked", G_CALLBACK (field_clicked_cb), self, 0);
      gtk_box_append (GTK_BOX (self->fields_box), button);
    }
}

static void
bw_filter_editor_dispose (GObject *object)
{
  BwFilterEditor *self = (BwFilterEditor *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->field = NULL;

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_FILTER_EDITOR);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_filter_editor_parent_class)->dispose (object);
}

static void
bw_filter_editor_finalize (GObject *object)
{
  BwFilterEditor *self = (BwFilterEditor *) object;

  g_clear_pointer (&self->filter, json_object_unref);
  g_clear_pointer (&self->chosen, g_hash_table_unref);
  g_clear_pointer (&self->key, g_free);

  G_OBJECT_CLASS (bw_filter_editor_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               BW_RESOURCE_BASE "/ui/devices/bw-filter-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, BwFilterEditor, stack);
  gtk_widget_class_bind_template_child (widget_class, BwFilterEditor, fields_box);
  gtk_widget_class_bind_template_child (widget_class, BwFilterEditor, field_label);
  gtk_widget_class_bind_template_child (widget_class, BwFilterEditor, operator_drop_down);
  gtk_widget_class_bind_template_child (widget_class, BwFilterEditor, value_stack);
  gtk_widget_class_bind_template_child (widget_class, BwFilterEditor, narrow_entry);
  gtk_widget_class_bind_template_child (widget_class, BwFilterEditor, values_list);
  gtk_widget_class_bind_template_child (widget_class, BwFilterEditor, values_label);
  gtk_widget_class_bind_template_child (widget_class, BwFilterEditor, more_label);
  gtk_widget_class_bind_template_child (widget_class, BwFilterEditor, text_entry);
  gtk_widget_class_bind_template_child (widget_class, BwFilterEditor, moment_drop_down);
  gtk_widget_class_bind_template_child (widget_class, BwFilterEditor, calendar);
  gtk_widget_class_bind_template_child (widget_class, BwFilterEditor, apply_button);
  gtk_widget_class_bind_template_callback (widget_class, show_fields);
  gtk_widget_class_bind_template_callback (widget_class, operator_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, narrow_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, narrow_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, value_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_apply);
  gtk_widget_class_bind_template_callback (widget_class, moment_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply);
}

static void
bw_filter_editor_class_init (BwFilterEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_filter_editor_dispose;
  object_class->finalize = bw_filter_editor_finalize;

  signals[APPLIED] = g_signal_new ("applied", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 1, JSON_TYPE_OBJECT);

  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bw_filter_editor_init (BwFilterEditor *self)
{
  self->chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->operator_drop_down), _("Comparison"));
  bw_accessible_set_label (GTK_WIDGET (self->moment_drop_down), _("Point in time"));
  add_fields (self);
  gtk_list_box_set_filter_func (self->values_list, is_narrow_row, self, NULL);
}

GtkWidget *
bw_filter_editor_new (void)
{
  return g_object_new (BW_TYPE_FILTER_EDITOR, NULL);
}

void
bw_filter_editor_set_session (BwFilterEditor *self,
                              BwSession      *session)
{
  g_return_if_fail (BW_IS_FILTER_EDITOR (self));

  g_set_object (&self->session, session);
}

void
bw_filter_editor_begin (BwFilterEditor *self,
                        JsonObject     *filter,
                        const char     *key)
{
  const char *operator = NULL;
  const BwDeviceField *field;
  g_auto(GStrv) values = NULL;

  g_return_if_fail (BW_IS_FILTER_EDITOR (self));
  g_return_if_fail (filter != NULL);

  g_clear_pointer (&self->filter, json_object_unref);
  self->filter = bw_device_query_copy (filter);
  bw_set_str (&self->key, key);
  field = key != NULL ? bw_device_field_of_key (key, &operator) : NULL;
  if (field == NULL)
    {
      show_fields (self);
      return;
    }

  values = bw_device_query_dup_values (filter, key);
  show_condition (self, field, operator, (const char * const *) values);
}
