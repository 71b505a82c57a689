/* bw-effects-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-effects-view.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-permission-text.h"

/* As many as somebody reads before saving. */
#define MAX_ROWS    50
#define MAX_OBJECTS 3

/**
 * BwEffectsView:
 *
 * What would change before it does: who gains or loses what, and of how many
 * devices and companies. It asks the backend, which decides it by the same rules.
 */

struct _BwEffectsView
{
  GtkWidget     parent_instance;

  GCancellable *cancellable;   /* (nullable): of the question under way */

  GtkBox       *box;
  GtkLabel     *summary;
  GtkListBox   *list;
  GtkLabel     *more;
};

G_DEFINE_FINAL_TYPE (BwEffectsView, bw_effects_view, GTK_TYPE_WIDGET)

static guint
read_permissions (JsonArray *array)
{
  guint permissions = 0;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      BwPermission permission;

      if (json_node_get_value_type (node) == G_TYPE_STRING &&
          bw_permission_from_nick (json_node_get_string (node), &permission))
        permissions |= permission;
    }

  return permissions;
}

/* "3 companies, 120 devices: Lamp 1, Lamp 2…" */
static char *
describe_reach (JsonObject *item)
{
  JsonArray *objects = bw_json_get_array (item, "objects");
  guint n_companies = (guint) bw_json_get_int (item, "nCompanies", 0);
  guint n_devices = (guint) bw_json_get_int (item, "nDevices", 0);
  guint n_objects = objects != NULL ? json_array_get_length (objects) : 0;
  g_autofree char *companies = NULL;
  g_autofree char *devices = NULL;
  g_autoptr(GString) text = NULL;

  companies = g_strdup_printf (ngettext ("in %'u company", "in %'u companies", n_companies), n_companies);
  devices = g_strdup_printf (ngettext ("%'u device", "%'u devices", n_devices), n_devices);

  text = g_string_new (NULL);
  /* Translators: "120 devices in 3 companies" */
  g_string_append_printf (text, _("%s %s"), devices, companies);
  for (guint i = 0; i < MIN (n_objects, MAX_OBJECTS); i++)
    {
      JsonNode *node = json_array_get_element (objects, i);

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        continue;

      g_string_append (text, i == 0 ? ": " : _(", "));
      g_string_append (text, json_node_get_string (node));
    }

  if (n_objects > MAX_OBJECTS)
    g_string_append (text, "…");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
append_label (GtkBox     *box,
              const char *text,
              const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (box, label);
}

/* What somebody gains or loses, in words; NULL: nothing. */
static char *
describe_permissions (JsonObject *item,
                      const char *member)
{
  guint permissions = read_permissions (bw_json_get_array (item, member));
  g_autofree char *names = permissions != 0 ? bw_permissions_to_text (permissions) : NULL;

  if (names == NULL)
    return NULL;

  if (g_str_equal (member, "gains"))
    /* Translators: %s: permissions that somebody gets */
    return g_strdup_printf (_("Gains: %s"), names);

  /* Translators: %s: permissions that somebody loses */
  return g_strdup_printf (_("Loses: %s"), names);
}

static void
append_permissions (GtkBox     *box,
                    GString    *spoken,
                    JsonObject *item,
                    const char *member,
                    const char *css_class)
{
  g_autofree char *text = describe_permissions (item, member);

  if (text == NULL)
    return;

  append_label (box, text, css_class);
  g_string_append_printf (spoken, ". %s", text);
}

static GtkWidget *
row_new (JsonObject *item)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 3));
  const char *user = bw_json_get_string (item, "user");
  const char *company = bw_json_get_string (item, "company");
  g_autofree char *title = NULL;
  g_autofree char *reach = describe_reach (item);
  g_autoptr(GString) spoken = NULL;

  if (company != NULL)
    /* Translators: a person, and the company he takes part in */
    title = g_strdup_printf (C_("participation", "%s at %s"), user != NULL ? user : "—", company);
  else
    title = g_strdup (user != NULL ? user : "—");

  spoken = g_string_new (title);
  append_label (box, title, "heading");
  append_permissions (box, spoken, item, "gains", "success");
  append_permissions (box, spoken, item, "loses", "error");
  append_label (box, reach, "dim-label");
  g_string_append_printf (spoken, ". %s", reach);

  gtk_widget_add_css_class (GTK_WIDGET (box), "difference-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), GTK_WIDGET (box));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  bw_accessible_set_label (row, spoken->str);

  return row;
}

static void
clear (BwEffectsView *self,
       const char    *summary)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));

  gtk_label_set_label (self->summary, summary);
  gtk_widget_set_visible (GTK_WIDGET (self->list), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->more), FALSE);
}

static void
preview_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwEffectsView) self = user_data;
  g_autoptr(JsonObject) document = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  document = bw_session_preview_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->list == NULL)
    return;

  if (document != NULL)
    {
      bw_effects_view_show (self, document);
      return;
    }

  text = bw_error_to_user_text (error);
  clear (self, text);
}

static void
bw_effects_view_dispose (GObject *object)
{
  BwEffectsView *self = (BwEffectsView *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->box != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->box));
  self->box = NULL;
  self->list = NULL;

  G_OBJECT_CLASS (bw_effects_view_parent_class)->dispose (object);
}

static void
bw_effects_view_class_init (BwEffectsViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bw_effects_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static GtkLabel *
add_text (BwEffectsView *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (self->box, label);

  return GTK_LABEL (label);
}

static void
bw_effects_view_init (BwEffectsView *self)
{
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
  self->summary = add_text (self);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  bw_accessible_set_label (GTK_WIDGET (self->list), _("What would change"));
  gtk_box_append (self->box, GTK_WIDGET (self->list));
  self->more = add_text (self);
  gtk_widget_add_css_class (GTK_WIDGET (self->more), "dim-label");
  clear (self, "");
}

GtkWidget *
bw_effects_view_new (void)
{
  return g_object_new (BW_TYPE_EFFECTS_VIEW, NULL);
}

void
bw_effects_view_ask (BwEffectsView *self,
                     BwSession     *session,
                     const char    *method,
                     const char    *path,
                     JsonObject    *body)
{
  g_return_if_fail (BW_IS_EFFECTS_VIEW (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  clear (self, _("Looking what would change…"));
  bw_session_preview_async (session, method, path, body, self->cancellable, preview_cb, g_object_ref (self));
}

void
bw_effects_view_show (BwEffectsView *self,
                      JsonObject    *document)
{
  JsonArray *items = bw_json_get_array (document, "items");
  guint n_items = items != NULL ? json_array_get_length (items) : 0;
  guint n_users = MAX ((guint) bw_json_get_int (document, "nUsers", 0), n_items);
  guint n_shown = 0;
  g_autofree char *summary = NULL;
  g_autofree char *rest = NULL;

  g_return_if_fail (BW_IS_EFFECTS_VIEW (self));

  if (n_users == 0)
    summary = g_strdup (_("Nobody gains or loses access."));
  else
    summary = g_strdup_printf (ngettext ("%'u person gains or loses access.", "%'u people gain or lose access.", n_users),
                               n_users);

  if (bw_json_get_boolean (document, "parked", FALSE))
    {
      g_autofree char *alone = g_steal_pointer (&summary);

      summary = g_strconcat (alone, " ", _("Somebody else has to accept it first."), NULL);
    }

  clear (self, summary);
  for (guint i = 0; i < MIN (n_items, MAX_ROWS); i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;

      gtk_list_box_append (self->list, row_new (json_node_get_object (node)));
      n_shown++;
    }

  gtk_widget_set_visible (GTK_WIDGET (self->list), n_shown > 0);
  if (n_users > n_shown && n_shown > 0)
    {
      rest = g_strdup_printf (ngettext ("and %'u more", "and %'u more", n_users - n_shown), n_users - n_shown);
      gtk_label_set_label (self->more, rest);
      gtk_widget_set_visible (GTK_WIDGET (self->more), TRUE);
    }
}
