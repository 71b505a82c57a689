/* bw-person-chooser.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-person-chooser.h"

#include <glib/gi18n.h>

#include "bw-json.h"
#include "bw-text.h"

/* Who does not see the one he means types a letter more. */
#define MAX_PEOPLE 6

/**
 * BwPersonChooser:
 *
 * A search whose finds can be pressed, then the one that was, with a button to take it back.
 */

struct _BwPersonChooser
{
  GtkWidget       parent_instance;

  BwSession      *session;
  GCancellable   *cancellable;    /* (nullable): of the search under way */
  char           *id;             /* (nullable) */

  GtkStack       *stack;
  GtkSearchEntry *entry;
  GtkListBox     *list;
  GtkLabel       *name_label;
};

G_DEFINE_FINAL_TYPE (BwPersonChooser, bw_person_chooser, GTK_TYPE_WIDGET)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clear_list (BwPersonChooser *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));

  gtk_widget_set_visible (GTK_WIDGET (self->list), FALSE);
}

static void
stop (BwPersonChooser *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
add_person (BwPersonChooser *self,
            JsonObject      *user)
{
  const char *id = bw_json_get_string (user, "id");
  const char *name = bw_json_get_string (user, "name");
  const char *login = bw_json_get_string (user, "login");
  GtkWidget *label = gtk_label_new (name != NULL && *name != '\0' ? name : login);

  if (id == NULL)
    return;

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, bw_json_get_string (user, "email"));
  gtk_widget_set_name (label, id);
  gtk_list_box_append (self->list, label);
  gtk_widget_set_visible (GTK_WIDGET (self->list), TRUE);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BwPersonChooser) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  JsonArray *items = bw_json_get_array (reply, "items");

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* The table below says when the server does not answer. */
  if (reply == NULL)
    g_debug ("searching people: %s", error->message);

  clear_list (self);
  for (guint i = 0; items != NULL && i < MIN (json_array_get_length (items), MAX_PEOPLE); i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        add_person (self, json_node_get_object (node));
    }
}

static void
search_changed_cb (BwPersonChooser *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));
  g_autofree char *escaped = g_uri_escape_string (text, NULL, FALSE);
  g_autofree char *path = NULL;

  stop (self);
  if (*text == '\0' || self->session == NULL)
    {
      clear_list (self);
      return;
    }

  path = g_strdup_printf ("/v1/users?search=%s&limit=%d", escaped, MAX_PEOPLE);
  self->cancellable = g_cancellable_new ();
  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable, found_cb, g_object_ref (self));
}

static void
row_activated_cb (BwPersonChooser *self,
                  GtkListBoxRow   *row)
{
  GtkWidget *label = gtk_list_box_row_get_child (row);
  g_autofree char *id = g_strdup (gtk_widget_get_name (label));
  g_autofree char *name = g_strdup (gtk_label_get_label (GTK_LABEL (label)));

  bw_person_chooser_set_person (self, id, name);
}

static void
clear_clicked_cb (BwPersonChooser *self)
{
  bw_person_chooser_set_person (self, NULL, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
bw_person_chooser_dispose (GObject *object)
{
  BwPersonChooser *self = (BwPersonChooser *) object;

  stop (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_PERSON_CHOOSER);
  g_clear_object (&self->session);
  g_clear_pointer (&self->id, g_free);

  G_OBJECT_CLASS (bw_person_chooser_parent_class)->dispose (object);
}

static void
bw_person_chooser_class_init (BwPersonChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_person_chooser_dispose;
  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/audit/bw-person-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, BwPersonChooser, stack);
  gtk_widget_class_bind_template_child (widget_class, BwPersonChooser, entry);
  gtk_widget_class_bind_template_child (widget_class, BwPersonChooser, list);
  gtk_widget_class_bind_template_child (widget_class, BwPersonChooser, name_label);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bw_person_chooser_init (BwPersonChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bw_person_chooser_set_session (BwPersonChooser *self,
                               BwSession       *session)
{
  g_return_if_fail (BW_IS_PERSON_CHOOSER (self));

  g_set_object (&self->session, session);
}

void
bw_person_chooser_set_person (BwPersonChooser *self,
                              const char      *user_id,
                              const char      *name)
{
  g_return_if_fail (BW_IS_PERSON_CHOOSER (self));

  if (!bw_set_str (&self->id, user_id))
    return;

  stop (self);
  clear_list (self);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_label_set_label (self->name_label, name != NULL ? name : "");
  gtk_stack_set_visible_child_name (self->stack, user_id != NULL ? "person" : "search");
  g_signal_emit (self, signals[CHANGED], 0);
}

const char *
bw_person_chooser_get_id (BwPersonChooser *self)
{
  g_return_val_if_fail (BW_IS_PERSON_CHOOSER (self), NULL);

  return self->id;
}
