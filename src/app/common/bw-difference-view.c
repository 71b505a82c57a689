/* bw-difference-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-difference-view.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-record-text.h"

/* More fields than a document of ours has; a stranger's may have any number. */
#define MAX_ROWS 100

/**
 * BwDifferenceView:
 *
 * A row a field: its name, what it was, what it is then. Of a list what came and what went.
 */

struct _BwDifferenceView
{
  GtkWidget   parent_instance;

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (BwDifferenceView, bw_difference_view, GTK_TYPE_WIDGET)

static GtkWidget *
value_label_new (const char *text,
                 gboolean    is_old)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_can_focus (label, FALSE);
  if (is_old)
    {
      PangoAttrList *attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_strikethrough_new (TRUE));
      gtk_label_set_attributes (GTK_LABEL (label), attributes);
      pango_attr_list_unref (attributes);
      gtk_widget_add_css_class (label, "dim-label");
    }

  return label;
}

/* Read out for a row; of a list what went and what came. */
static char *
speak (const char *name,
       const char *old,
       const char *now,
       gboolean    is_list)
{
  if (is_list && old != NULL && now != NULL)
    /* Translators: read out: a field that holds a list, what went from it and what came */
    return g_strdup_printf (_("%s: removed %s, added %s"), name, old, now);

  if (old != NULL && now != NULL)
    /* Translators: read out: a field, its old and its new value */
    return g_strdup_printf (_("%s: before %s, after %s"), name, old, now);

  if (old != NULL)
    /* Translators: read out: a field, and the value that goes */
    return g_strdup_printf (_("%s: removed %s"), name, old);

  /* Translators: read out: a field, and the value that comes */
  return g_strdup_printf (_("%s: added %s"), name, now);
}

/* @name; what was, if anything; what is, if anything. */
static void
add_row (BwDifferenceView *self,
         const char       *name,
         const char       *old,
         const char       *now,
         gboolean          is_list)
{
  g_autofree char *old_text = old != NULL ? g_strconcat (is_list ? "− " : "", old, NULL) : NULL;
  g_autofree char *now_text = now != NULL ? g_strconcat (is_list ? "+ " : "", now, NULL) : NULL;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *title = gtk_label_new (name);
  g_autofree char *spoken = NULL;

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "caption-heading");
  gtk_box_append (GTK_BOX (box), title);
  if (old != NULL)
    gtk_box_append (GTK_BOX (box), value_label_new (old_text, TRUE));
  if (now != NULL)
    gtk_box_append (GTK_BOX (box), value_label_new (now_text, FALSE));

  gtk_widget_add_css_class (box, "difference-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);

  spoken = speak (name, old, now, is_list);
  bw_accessible_set_label (row, spoken);
  gtk_list_box_append (self->list, row);
}

static gboolean
array_has (JsonArray *array,
           JsonNode  *wanted)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      if (json_node_equal (json_array_get_element (array, i), wanted))
        return TRUE;
    }

  return FALSE;
}

/* What of @array is not in @other, in words; NULL when there is nothing. */
static char *
only_in (BwSession  *session,
         const char *member,
         JsonArray  *array,
         JsonArray  *other)
{
  g_autoptr(JsonArray) rest = json_array_new ();
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (!array_has (other, item))
        json_array_add_element (rest, json_node_copy (item));
    }

  if (json_array_get_length (rest) == 0)
    return NULL;

  json_node_set_array (node, rest);

  return bw_member_value_to_text (session, member, node);
}

static JsonArray *
get_array (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
is_nothing (JsonNode *node)
{
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;

  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_array_get_length (json_node_get_array (node)) == 0;

  return json_node_get_value_type (node) == G_TYPE_STRING && *json_node_get_string (node) == '\0';
}

static void
add_member (BwDifferenceView *self,
            BwSession        *session,
            const char       *member,
            JsonNode         *old,
            JsonNode         *now)
{
  const char *name = bw_member_to_text (member);
  g_autofree char *old_text = NULL;
  g_autofree char *now_text = NULL;
  gboolean is_list = get_array (old) != NULL || get_array (now) != NULL;

  if (name == NULL || (is_nothing (old) && is_nothing (now)) || (old != NULL && now != NULL && json_node_equal (old, now)))
    return;

  if (is_list)
    {
      old_text = only_in (session, member, get_array (old), get_array (now));
      now_text = only_in (session, member, get_array (now), get_array (old));
    }
  else
    {
      old_text = is_nothing (old) ? NULL : bw_member_value_to_text (session, member, old);
      now_text = is_nothing (now) ? NULL : bw_member_value_to_text (session, member, now);
    }

  if (old_text != NULL || now_text != NULL)
    add_row (self, name, old_text, now_text, is_list);
}

/* "company" beside "companyId" says the same in a better way. */
static gboolean
is_said_by_name (JsonObject *before,
                 JsonObject *after,
                 const char *member)
{
  g_autofree char *stem = NULL;

  if (!g_str_has_suffix (member, "Id"))
    return FALSE;

  stem = g_strndup (member, strlen (member) - 2);

  return (before != NULL && json_object_has_member (before, stem)) ||
         (after != NULL && json_object_has_member (after, stem));
}

static JsonObject *
get_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
bw_difference_view_dispose (GObject *object)
{
  BwDifferenceView *self = (BwDifferenceView *) object;

  if (self->list != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->list));
  self->list = NULL;

  G_OBJECT_CLASS (bw_difference_view_parent_class)->dispose (object);
}

static void
bw_difference_view_class_init (BwDifferenceViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bw_difference_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
bw_difference_view_init (BwDifferenceView *self)
{
  GtkWidget *placeholder = gtk_label_new (_("No field is another one."));

  gtk_widget_add_css_class (placeholder, "dim-label");
  gtk_widget_add_css_class (placeholder, "difference-row");
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder (self->list, placeholder);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_set_valign (GTK_WIDGET (self->list), GTK_ALIGN_START);
  bw_accessible_set_label (GTK_WIDGET (self->list), _("Changes"));
  gtk_widget_set_parent (GTK_WIDGET (self->list), GTK_WIDGET (self));
}

GtkWidget *
bw_difference_view_new (void)
{
  return g_object_new (BW_TYPE_DIFFERENCE_VIEW, NULL);
}

void
bw_difference_view_show (BwDifferenceView *self,
                         BwSession        *session,
                         JsonNode         *before,
                         JsonNode         *after)
{
  JsonObject *old = get_object (before);
  JsonObject *now = get_object (after);
  g_autoptr(GList) names = NULL;
  GtkListBoxRow *row;
  guint n_rows = 0;

  g_return_if_fail (BW_IS_DIFFERENCE_VIEW (self));

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));

  names = now != NULL ? json_object_get_members (now) : old != NULL ? json_object_get_members (old) : NULL;
  for (GList *l = names; l != NULL && n_rows < MAX_ROWS; l = l->next, n_rows++)
    {
      if (!is_said_by_name (old, now, l->data))
        add_member (self, session, l->data,
                    old != NULL ? json_object_get_member (old, l->data) : NULL,
                    now != NULL ? json_object_get_member (now, l->data) : NULL);
    }
}
