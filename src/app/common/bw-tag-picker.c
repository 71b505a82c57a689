/* bw-tag-picker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-tag-picker.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-color-swatch.h"
#include "bw-compat.h"
#include "bw-tag-chips.h"
#include "bw-tag-filter.h"

/* Below it the list is seen whole. */
#define SEARCH_MIN_TAGS 8

#define LIST_WIDTH_PX      260
#define LIST_MAX_HEIGHT_PX 320

/**
 * BwTagPicker:
 *
 * Tags are few and have short names, so that all are in a list to tick, which a word narrows
 * down. What is ticked already stays in it, also when it may not be chosen any more.
 */

struct _BwTagPicker
{
  GtkWidget        parent_instance;

  BwSession       *session;       /* (owned) (nullable) */
  GCancellable    *cancellable;
  char            *company_id;    /* (nullable) */
  GHashTable      *chosen;        /* (element-type utf8): a set of ids */
  char           **ids;           /* (owned): of the same, in order */
  gboolean         is_binding;

  GtkWidget       *box;
  BwTagChips      *chips;
  GtkMenuButton   *button;
  GtkWidget       *search_entry;
  GtkListView     *list_view;
  GtkWidget       *scrolled;
  GtkLabel        *nothing;
  GtkFilter       *filter;
};

G_DEFINE_FINAL_TYPE (BwTagPicker, bw_tag_picker, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_IDS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* "9" is before "10", as the server has them: two lists of the same tags are equal. */
static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  const char *first = *(const char * const *) a;
  const char *second = *(const char * const *) b;
  gsize first_length = strlen (first);
  gsize second_length = strlen (second);

  if (first_length != second_length)
    return first_length < second_length ? -1 : 1;

  return strcmp (first, second);
}

static void
take_chosen (BwTagPicker *self)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->chosen);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_ptr_array_add (ids, g_strdup (id));

  g_ptr_array_sort (ids, compare_ids);
  g_ptr_array_add (ids, NULL);
  g_strfreev (self->ids);
  self->ids = (char **) g_ptr_array_free (g_steal_pointer (&ids), FALSE);
  bw_tag_chips_set_ids (self->chips, (const char * const *) self->ids);
}

static gboolean
is_offered (gpointer item,
            gpointer user_data)
{
  BwTagPicker *self = user_data;
  BwEntity *tag = item;
  const char *word = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  g_autofree char *name = NULL;
  g_autofree char *wanted = NULL;

  if (!g_hash_table_contains (self->chosen, bw_entity_get_id (tag)) && self->company_id != NULL &&
      !bw_tag_is_usable_in (BW_TAG (tag), self->session, self->company_id))
    return FALSE;

  if (*word == '\0')
    return TRUE;

  name = g_utf8_casefold (bw_tag_get_name (BW_TAG (tag)), -1);
  wanted = g_utf8_casefold (word, -1);

  return strstr (name, wanted) != NULL;
}

static void
update_list (BwTagPicker *self)
{
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (self->list_view));
  guint n_tags, n_found;

  if (model == NULL)
    return;

  n_tags = g_list_model_get_n_items (G_LIST_MODEL (bw_session_get_tags (self->session)));
  n_found = g_list_model_get_n_items (model);
  gtk_widget_set_visible (self->search_entry, n_tags > SEARCH_MIN_TAGS);
  gtk_widget_set_visible (self->scrolled, n_found > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->nothing), n_found == 0);
  gtk_label_set_label (self->nothing, n_tags == 0 ? _("There are no tags yet.") : _("No tag found."));
}

static void
search_changed_cb (BwTagPicker *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update_list (self);
}

static void
toggled_cb (GtkCheckButton *check,
            GtkListItem    *item)
{
  BwTagPicker *self = BW_TAG_PICKER (gtk_widget_get_ancestor (GTK_WIDGET (check), BW_TYPE_TAG_PICKER));
  BwEntity *tag = gtk_list_item_get_item (item);

  if (self == NULL || tag == NULL || self->is_binding)
    return;

  if (gtk_check_button_get_active (check))
    g_hash_table_add (self->chosen, g_strdup (bw_entity_get_id (tag)));
  else
    g_hash_table_remove (self->chosen, bw_entity_get_id (tag));

  take_chosen (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IDS]);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), bw_color_swatch_new (NULL));
  gtk_box_append (GTK_BOX (box), label);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (check), box);
  g_signal_connect (check, "toggled", G_CALLBACK (toggled_cb), item);
  gtk_list_item_set_child (item, check);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         BwTagPicker              *self)
{
  GtkCheckButton *check = GTK_CHECK_BUTTON (gtk_list_item_get_child (item));
  GtkWidget *swatch = gtk_widget_get_first_child (gtk_check_button_get_child (check));
  GtkWidget *label = gtk_widget_get_next_sibling (swatch);
  BwTag *tag = gtk_list_item_get_item (item);

  bw_color_swatch_set_color (BW_COLOR_SWATCH (swatch), bw_record_get_text (BW_RECORD (tag), "color"));
  gtk_label_set_label (GTK_LABEL (label), bw_tag_get_name (tag));
  bw_accessible_set_label (GTK_WIDGET (check), bw_tag_get_name (tag));

  self->is_binding = TRUE;
  gtk_check_button_set_active (check, g_hash_table_contains (self->chosen, bw_entity_get_id (BW_ENTITY (tag))));
  self->is_binding = FALSE;
}

static void
set_up_list (BwTagPicker *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  self->list_view = GTK_LIST_VIEW (gtk_list_view_new (NULL, g_steal_pointer (&factory)));
  bw_accessible_set_label (GTK_WIDGET (self->list_view), _("Tags"));

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), LIST_MAX_HEIGHT_PX);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list_view));
  self->scrolled = scrolled;
}

static void
set_up_popover (BwTagPicker *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->search_entry = gtk_search_entry_new ();
  bw_accessible_set_label (self->search_entry, _("Search tags"));
  g_signal_connect_object (self->search_entry, "search-changed", G_CALLBACK (search_changed_cb), self,
                           G_CONNECT_SWAPPED);

  self->nothing = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->nothing), "dim-label");
  gtk_widget_set_margin_top (GTK_WIDGET (self->nothing), 12);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->nothing), 12);

  set_up_list (self);
  gtk_widget_set_size_request (box, LIST_WIDTH_PX, -1);
  gtk_box_append (GTK_BOX (box), self->search_entry);
  gtk_box_append (GTK_BOX (box), self->scrolled);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->nothing));
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (self->button, popover);
}

static void
tags_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  /* The list stays empty then, and the tags there are stay chosen. */
  if (!bw_session_load_tags_finish (BW_SESSION (source), result, &error))
    g_debug ("tags to choose from: %s", error->message);
}

static void
bw_tag_picker_dispose (GObject *object)
{
  BwTagPicker *self = (BwTagPicker *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  if (self->list_view != NULL)
    gtk_list_view_set_model (self->list_view, NULL);
  self->list_view = NULL;
  g_clear_object (&self->filter);

  if (self->box != NULL)
    gtk_widget_unparent (self->box);
  self->box = NULL;
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_tag_picker_parent_class)->dispose (object);
}

static void
bw_tag_picker_finalize (GObject *object)
{
  BwTagPicker *self = (BwTagPicker *) object;

  g_free (self->company_id);
  g_strfreev (self->ids);
  g_hash_table_unref (self->chosen);

  G_OBJECT_CLASS (bw_tag_picker_parent_class)->finalize (object);
}

static void
bw_tag_picker_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  BwTagPicker *self = BW_TAG_PICKER (object);

  switch (prop_id)
    {
    case PROP_IDS:
      g_value_set_boxed (value, self->ids);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_tag_picker_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  BwTagPicker *self = BW_TAG_PICKER (object);

  switch (prop_id)
    {
    case PROP_IDS:
      bw_tag_picker_set_ids (self, g_value_get_boxed (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_tag_picker_class_init (BwTagPickerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_tag_picker_dispose;
  object_class->finalize = bw_tag_picker_finalize;
  object_class->get_property = bw_tag_picker_get_property;
  object_class->set_property = bw_tag_picker_set_property;

  properties[PROP_IDS] =
    g_param_spec_boxed ("ids", NULL, NULL, G_TYPE_STRV,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bw_tag_picker_init (BwTagPicker *self)
{
  self->cancellable = g_cancellable_new ();
  self->chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->ids = g_new0 (char *, 1);

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);

  self->chips = BW_TAG_CHIPS (g_object_new (BW_TYPE_TAG_CHIPS, "valign", GTK_ALIGN_CENTER, NULL));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->chips));

  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_icon_name (self->button, "document-edit-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), _("Choose Tags"));
  gtk_widget_set_valign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "flat");
  bw_accessible_set_label (GTK_WIDGET (self->button), _("Choose Tags"));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->button));

  set_up_popover (self);
}

GtkWidget *
bw_tag_picker_new (void)
{
  return g_object_new (BW_TYPE_TAG_PICKER, NULL);
}

void
bw_tag_picker_set_session (BwTagPicker *self,
                           BwSession   *session)
{
  GListModel *tags;
  GtkFilterListModel *offered;
  GtkSortListModel *sorted;
  GtkSorter *sorter;
  g_autoptr(GtkSelectionModel) selection = NULL;

  g_return_if_fail (BW_IS_TAG_PICKER (self));
  g_return_if_fail (BW_IS_SESSION (session));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  bw_tag_chips_set_session (self->chips, session);

  tags = G_LIST_MODEL (bw_session_get_tags (session));
  self->filter = GTK_FILTER (gtk_custom_filter_new (is_offered, self, NULL));
  offered = gtk_filter_list_model_new (g_object_ref (tags), g_object_ref (self->filter));
  sorter = GTK_SORTER (gtk_string_sorter_new (gtk_property_expression_new (BW_TYPE_TAG, NULL, "name")));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (offered), sorter);
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (sorted)));
  gtk_list_view_set_model (self->list_view, selection);
  g_signal_connect_object (selection, "items-changed", G_CALLBACK (update_list), self, G_CONNECT_SWAPPED);
  update_list (self);

  bw_session_load_tags_async (session, self->cancellable, tags_loaded_cb, NULL);
}

void
bw_tag_picker_set_company (BwTagPicker *self,
                           const char  *company_id)
{
  g_return_if_fail (BW_IS_TAG_PICKER (self));

  if (g_strcmp0 (self->company_id, company_id) == 0)
    return;

  g_free (self->company_id);
  self->company_id = g_strdup (company_id);
  if (self->filter != NULL)
    gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

void
bw_tag_picker_set_ids (BwTagPicker        *self,
                       const char * const *ids)
{
  g_return_if_fail (BW_IS_TAG_PICKER (self));

  g_hash_table_remove_all (self->chosen);
  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    g_hash_table_add (self->chosen, g_strdup (ids[i]));

  take_chosen (self);
  if (self->filter != NULL)
    gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);

  /* What is ticked is looked up when a row is bound. */
  if (self->list_view != NULL && gtk_list_view_get_model (self->list_view) != NULL)
    {
      g_autoptr(GtkSelectionModel) model = g_object_ref (gtk_list_view_get_model (self->list_view));

      gtk_list_view_set_model (self->list_view, NULL);
      gtk_list_view_set_model (self->list_view, model);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IDS]);
}

const char * const *
bw_tag_picker_get_ids (BwTagPicker *self)
{
  g_return_val_if_fail (BW_IS_TAG_PICKER (self), NULL);

  return (const char * const *) self->ids;
}

JsonArray *
bw_tag_picker_to_json (BwTagPicker *self)
{
  JsonArray *array = json_array_new ();

  g_return_val_if_fail (BW_IS_TAG_PICKER (self), array);

  for (guint i = 0; self->ids[i] != NULL; i++)
    json_array_add_string_element (array, self->ids[i]);

  return array;
}
