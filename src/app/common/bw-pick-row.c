/* bw-pick-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-pick-row.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-compat.h"

#define LIST_HEIGHT_PX  240
#define LIST_WIDTH_PX   300

/**
 * BwPickRow:
 *
 * One thing out of many, found by typing. What is typed is compared here, or by the server
 * when the list is one of its long ones.
 */

struct _BwPickRow
{
  AdwActionRow    parent_instance;

  BwEntity       *selected;      /* (owned) (nullable) */
  BwPickText      name;
  BwPickText      detail;
  BwRemoteTable  *table;         /* (owned) (nullable): the server searches */
  GtkFilter      *filter;        /* (owned) (nullable): or we do */
  GListModel     *shown;         /* (owned) (nullable) */
  char           *needle;        /* (owned) (nullable): casefolded */
  gboolean        wants_first;   /* Enter was pressed, and the answer is still on its way */

  GtkWidget      *clear_button;  /* (nullable) */
  GtkMenuButton  *button;
  GtkPopover     *popover;
  GtkSearchEntry *entry;
  GtkStack       *stack;
  GtkListView    *list;
};

G_DEFINE_FINAL_TYPE (BwPickRow, bw_pick_row, ADW_TYPE_ACTION_ROW)

enum {
  PROP_0,
  PROP_SELECTED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *
get_nothing_text (BwPickRow *self)
{
  /* Translators: no choice is made: it may be any */
  return self->clear_button != NULL ? _("Any") : _("Choose…");
}

static void
update_texts (BwPickRow *self)
{
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));
  g_autofree char *name = self->selected != NULL ? self->name (self->selected) : NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *label = NULL;

  escaped = g_markup_escape_text (name != NULL ? name : get_nothing_text (self), -1);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), escaped);
  if (self->clear_button != NULL)
    gtk_widget_set_visible (self->clear_button, name != NULL);

  /* Translators: read out: the name of a field, and what is chosen in it */
  label = g_strdup_printf (_("%s: %s"), title, name != NULL ? name : get_nothing_text (self));
  bw_accessible_set_label (GTK_WIDGET (self->button), label);
}

static void
update_stack (BwPickRow *self)
{
  guint n_items = self->shown != NULL ? g_list_model_get_n_items (self->shown) : 0;

  gtk_stack_set_visible_child_name (self->stack, n_items > 0 ? "list" : "nothing");
}

/* The revision is notified last, so that a row that comes late is said then. */
static char *
format_name (GObject   *list_item,
             BwEntity  *item,
             gint64     revision,
             BwPickRow *self)
{
  return item != NULL && bw_entity_get_id (item) != NULL ? self->name (item) : g_strdup ("…");
}

static char *
format_detail (GObject   *list_item,
               BwEntity  *item,
               gint64     revision,
               BwPickRow *self)
{
  char *text = NULL;

  if (item != NULL && bw_entity_get_id (item) != NULL && self->detail != NULL)
    text = self->detail (item);

  return text != NULL ? text : g_strdup ("");
}

static void
bind_text (BwPickRow   *self,
           GtkWidget   *label,
           GtkListItem *list_item,
           GCallback    format)
{
  GtkExpression *item = gtk_property_expression_new (GTK_TYPE_LIST_ITEM, NULL, "item");
  GtkExpression *revision = gtk_property_expression_new (BW_TYPE_ENTITY, gtk_expression_ref (item), "revision");
  GtkExpression *parameters[] = { item, revision };
  GtkExpression *text = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, G_N_ELEMENTS (parameters), parameters,
                                                     format, self, NULL);

  gtk_expression_bind (text, label, "label", list_item);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item,
          BwPickRow                *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GCallback formats[] = { G_CALLBACK (format_name), G_CALLBACK (format_detail) };

  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  for (guint i = 0; i < (self->detail != NULL ? 2 : 1); i++)
    {
      GtkWidget *label = gtk_label_new ("");

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      if (i > 0)
        {
          gtk_widget_add_css_class (label, "caption");
          gtk_widget_add_css_class (label, "dim-label");
        }

      bind_text (self, label, list_item, formats[i]);
      gtk_box_append (GTK_BOX (box), label);
    }

  gtk_list_item_set_child (list_item, box);
}

static void
pick (BwPickRow *self,
      guint      position)
{
  g_autoptr(BwEntity) item = self->shown != NULL ? g_list_model_get_item (self->shown, position) : NULL;

  if (item == NULL || bw_entity_get_id (item) == NULL)
    return;

  gtk_popover_popdown (self->popover);
  bw_pick_row_set_selected (self, item);
}

static void
item_activated_cb (GtkListView *list,
                   guint        position,
                   BwPickRow   *self)
{
  pick (self, position);
}

static void
apply_search (BwPickRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  g_free (self->needle);
  self->needle = *text != '\0' ? g_utf8_casefold (text, -1) : NULL;

  if (self->table != NULL)
    bw_remote_table_set_search (self->table, text);
  else if (self->filter != NULL)
    gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);

  update_stack (self);
}

static void
search_changed_cb (BwPickRow *self)
{
  self->wants_first = FALSE;
  apply_search (self);
}

static void
pick_first (BwPickRow *self)
{
  gboolean has_come = self->table == NULL ||
                      (bw_remote_table_is_current (self->table) && !bw_remote_table_get_loading (self->table));

  self->wants_first = !has_come;
  if (has_come)
    pick (self, 0);
}

/* Enter takes the first one of what answers the text as it is now: the entry tells of a change a moment later, and a
 * server answers still later. */
static void
search_activated_cb (BwPickRow *self)
{
  apply_search (self);
  pick_first (self);
}

static void
table_loading_cb (BwPickRow *self)
{
  if (self->wants_first)
    pick_first (self);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                BwPickRow             *self)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;

  return gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_DOWN);
}

static void
popover_shown_cb (BwPickRow *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  search_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  BwPickRow *self = user_data;
  BwPickText texts[] = { self->name, self->detail };

  if (self->needle == NULL)
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = texts[i] != NULL ? texts[i] (item) : NULL;
      g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

      if (folded != NULL && strstr (folded, self->needle) != NULL)
        return TRUE;
    }

  return FALSE;
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  BwPickRow *self = user_data;
  g_autofree char *first = self->name ((gpointer) a);
  g_autofree char *second = self->name ((gpointer) b);

  return g_utf8_collate (first != NULL ? first : "", second != NULL ? second : "");
}

static void
show_model (BwPickRow  *self,
            GListModel *model)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (model));

  g_set_object (&self->shown, model);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (update_stack), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  update_stack (self);
}

static GtkWidget *
make_popover_content (BwPickRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *nothing = gtk_label_new (_("Nothing Found"));
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->entry, "placeholder-text", _("Search"), NULL);
  bw_accessible_set_label (GTK_WIDGET (self->entry), _("Search"));
  g_signal_connect_swapped (self->entry, "search-changed", G_CALLBACK (search_changed_cb), self);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (search_activated_cb), self);
  g_signal_connect_swapped (self->entry, "stop-search", G_CALLBACK (gtk_popover_popdown), self->popover);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->entry));

  self->list = GTK_LIST_VIEW (gtk_list_view_new (NULL, NULL));
  gtk_list_view_set_single_click_activate (self->list, TRUE);
  g_signal_connect (self->list, "activate", G_CALLBACK (item_activated_cb), self);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navigation-sidebar");

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_widget_add_css_class (nothing, "dim-label");

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_widget_set_size_request (GTK_WIDGET (self->stack), LIST_WIDTH_PX, LIST_HEIGHT_PX);
  gtk_stack_add_named (self->stack, scrolled, "list");
  gtk_stack_add_named (self->stack, nothing, "nothing");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));

  return box;
}

static void
bw_pick_row_dispose (GObject *object)
{
  BwPickRow *self = (BwPickRow *) object;

  /* Its rows ask us for texts. */
  if (self->list != NULL)
    {
      gtk_list_view_set_model (self->list, NULL);
      gtk_list_view_set_factory (self->list, NULL);
      self->list = NULL;
    }

  if (self->shown != NULL)
    g_signal_handlers_disconnect_by_data (self->shown, self);
  g_clear_object (&self->shown);
  g_clear_object (&self->filter);
  g_clear_object (&self->table);
  g_clear_object (&self->selected);

  G_OBJECT_CLASS (bw_pick_row_parent_class)->dispose (object);
}

static void
bw_pick_row_finalize (GObject *object)
{
  g_clear_pointer (&BW_PICK_ROW (object)->needle, g_free);

  G_OBJECT_CLASS (bw_pick_row_parent_class)->finalize (object);
}

static void
bw_pick_row_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SELECTED:
      g_value_set_object (value, BW_PICK_ROW (object)->selected);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_pick_row_class_init (BwPickRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_pick_row_dispose;
  object_class->finalize = bw_pick_row_finalize;
  object_class->get_property = bw_pick_row_get_property;

  properties[PROP_SELECTED] =
    g_param_spec_object ("selected", NULL, NULL, BW_TYPE_ENTITY, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bw_pick_row_init (BwPickRow *self)
{
  self->popover = GTK_POPOVER (gtk_popover_new ());
  gtk_popover_set_child (self->popover, make_popover_content (self));
  g_signal_connect_swapped (self->popover, "map", G_CALLBACK (popover_shown_cb), self);

  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_icon_name (self->button, "pan-down-symbolic");
  gtk_menu_button_set_has_frame (self->button, FALSE);
  gtk_menu_button_set_popover (self->button, GTK_WIDGET (self->popover));
  gtk_widget_set_valign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->button));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), GTK_WIDGET (self->button));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _("Choose…"));
}

void
bw_pick_row_set_model (BwPickRow  *self,
                       GListModel *model,
                       BwPickText  name,
                       BwPickText  detail)
{
  g_autoptr(GtkFilterListModel) filtered = NULL;
  g_autoptr(GtkSortListModel) sorted = NULL;

  g_return_if_fail (BW_IS_PICK_ROW (self));
  g_return_if_fail (G_IS_LIST_MODEL (model) && name != NULL);

  self->name = name;
  self->detail = detail;
  g_clear_object (&self->filter);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  filtered = gtk_filter_list_model_new (g_object_ref (model), g_object_ref (self->filter));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_steal_pointer (&filtered)),
                                    GTK_SORTER (gtk_custom_sorter_new (compare, self, NULL)));
  show_model (self, G_LIST_MODEL (sorted));
  update_texts (self);
}

void
bw_pick_row_set_table (BwPickRow     *self,
                       BwRemoteTable *table,
                       BwPickText     name,
                       BwPickText     detail)
{
  g_return_if_fail (BW_IS_PICK_ROW (self));
  g_return_if_fail (BW_IS_REMOTE_TABLE (table) && name != NULL);

  self->name = name;
  self->detail = detail;
  g_set_object (&self->table, table);
  g_signal_connect_object (table, "notify::loading", G_CALLBACK (table_loading_cb), self, G_CONNECT_SWAPPED);
  show_model (self, G_LIST_MODEL (table));
  update_texts (self);
}

static void
clear_cb (BwPickRow *self)
{
  bw_pick_row_set_selected (self, NULL);
}

void
bw_pick_row_set_optional (BwPickRow *self)
{
  const char *title;
  g_autofree char *label = NULL;

  g_return_if_fail (BW_IS_PICK_ROW (self));
  g_return_if_fail (self->clear_button == NULL);

  title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));
  /* Translators: read out for a button that empties a field; %s is the field's name */
  label = g_strdup_printf (_("Clear: %s"), title);
  self->clear_button = gtk_button_new_from_icon_name ("edit-clear-symbolic");
  gtk_button_set_has_frame (GTK_BUTTON (self->clear_button), FALSE);
  gtk_widget_set_valign (self->clear_button, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->clear_button, FALSE);
  bw_accessible_set_label (self->clear_button, label);
  g_signal_connect_swapped (self->clear_button, "clicked", G_CALLBACK (clear_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->clear_button);
  if (self->name != NULL)
    update_texts (self);
}

void
bw_pick_row_set_selected (BwPickRow *self,
                          BwEntity  *item)
{
  g_return_if_fail (BW_IS_PICK_ROW (self));

  if (!g_set_object (&self->selected, item))
    return;

  update_texts (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

BwEntity *
bw_pick_row_get_selected (BwPickRow *self)
{
  g_return_val_if_fail (BW_IS_PICK_ROW (self), NULL);

  return self->selected;
}

const char *
bw_pick_row_get_id (BwPickRow *self)
{
  g_return_val_if_fail (BW_IS_PICK_ROW (self), NULL);

  return self->selected != NULL ? bw_entity_get_id (self->selected) : NULL;
}
