/* bw-company-picker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-company-picker.h"

#include <string.h>

#include <glib/gi18n.h>

/* More is a circle, which no server makes. */
#define MAX_DEPTH 1000

/**
 * BwCompanyPicker:
 *
 * Companies by name, with what is above each, since names are no more unique than streets'. A word
 * narrows the list down; Enter takes the first one.
 */

struct _BwCompanyPicker
{
  AdwWindow           parent_instance;

  BwSession          *session;       /* (owned) */
  char               *without_id;    /* (nullable) */
  char               *word;          /* (nullable): folded */
  GtkFilter          *filter;        /* (owned) */
  GtkSingleSelection *selection;     /* (owned) */

  GtkStack           *stack;
  GtkWidget          *search_entry;
  GtkListView        *list_view;
};

G_DEFINE_FINAL_TYPE (BwCompanyPicker, bw_company_picker, ADW_TYPE_WINDOW)

enum {
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static BwRecord *
get_above (BwSession *session,
           BwRecord  *company)
{
  const char *id = company != NULL ? bw_record_get_text (company, "parent-id") : NULL;

  return id != NULL ? bw_entity_list_lookup (bw_session_get_companies (session), id) : NULL;
}

static gboolean
is_left_out (BwCompanyPicker *self,
             BwRecord        *company)
{
  for (guint depth = 0; self->without_id != NULL && company != NULL && depth < MAX_DEPTH; depth++)
    {
      if (g_str_equal (bw_entity_get_id (BW_ENTITY (company)), self->without_id))
        return TRUE;

      company = get_above (self->session, company);
    }

  return FALSE;
}

static gboolean
has_word (const char *text,
          const char *word)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, word) != NULL;
}

static gboolean
is_offered (gpointer item,
            gpointer user_data)
{
  BwCompanyPicker *self = user_data;
  BwRecord *company = item;

  if (self->word != NULL && !has_word (bw_record_get_text (company, "name"), self->word) &&
      !has_word (bw_record_get_text (company, "alias"), self->word))
    return FALSE;

  return !is_left_out (self, company);
}

static void
update_stack (BwCompanyPicker *self)
{
  if (self->stack == NULL || self->selection == NULL)
    return;

  gtk_stack_set_visible_child_name (self->stack,
                                    g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0 ? "list" : "nothing");
}

static void
search_changed_cb (BwCompanyPicker *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  g_clear_pointer (&self->word, g_free);
  if (*text != '\0')
    self->word = g_utf8_casefold (text, -1);

  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    gtk_single_selection_set_selected (self->selection, 0);
}

static void
pick (BwCompanyPicker *self,
      BwEntity        *company)
{
  g_autofree char *id = company != NULL ? g_strdup (bw_entity_get_id (company)) : NULL;

  if (id == NULL)
    return;

  g_signal_emit (self, signals[PICKED], 0, id);
  gtk_window_close (GTK_WINDOW (self));
}

static void
row_activated_cb (BwCompanyPicker *self,
                  guint            position)
{
  g_autoptr(BwEntity) company = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  pick (self, company);
}

/* The entry waits a moment before it tells of a change; whoever types quickly means what he typed. */
static void
search_activated_cb (BwCompanyPicker *self)
{
  search_changed_cb (self);
  pick (self, gtk_single_selection_get_selected_item (self->selection));
}

/* Down leads from the entry into the list, as if it were one thing. */
static gboolean
entry_key_cb (BwCompanyPicker *self,
              guint            key)
{
  if (key != GDK_KEY_Down && key != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;

  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));

  return GDK_EVENT_STOP;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  for (guint i = 0; i < 2; i++)
    {
      GtkWidget *label = gtk_label_new (NULL);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), i == 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_START);
      if (i == 1)
        {
          gtk_widget_add_css_class (label, "dim-label");
          gtk_widget_add_css_class (label, "caption");
        }
      gtk_box_append (GTK_BOX (box), label);
    }

  gtk_widget_add_css_class (box, "picker-row");
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         BwCompanyPicker          *self)
{
  GtkWidget *name = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *above = gtk_widget_get_next_sibling (name);
  BwCompany *company = gtk_list_item_get_item (item);
  g_autofree char *path = bw_company_path_to_text (self->session, bw_entity_get_id (BW_ENTITY (company)));

  gtk_label_set_label (GTK_LABEL (name), bw_company_get_name (company));
  gtk_label_set_label (GTK_LABEL (above), path);
  gtk_widget_set_visible (above, *path != '\0');
}

/* Closed. A row that is bound looks into the session. */
static void
bw_company_picker_dispose (GObject *object)
{
  BwCompanyPicker *self = (BwCompanyPicker *) object;

  if (self->list_view != NULL)
    gtk_list_view_set_model (self->list_view, NULL);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_COMPANY_PICKER);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_company_picker_parent_class)->dispose (object);
}

static void
bw_company_picker_finalize (GObject *object)
{
  BwCompanyPicker *self = (BwCompanyPicker *) object;

  g_free (self->without_id);
  g_free (self->word);

  G_OBJECT_CLASS (bw_company_picker_parent_class)->finalize (object);
}

static void
bw_company_picker_class_init (BwCompanyPickerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_company_picker_dispose;
  object_class->finalize = bw_company_picker_finalize;

  signals[PICKED] =
    g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/common/bw-company-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPicker, stack);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPicker, search_entry);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPicker, list_view);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
}

static void
bw_company_picker_init (BwCompanyPicker *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
fill (BwCompanyPicker *self)
{
  GListModel *companies = G_LIST_MODEL (bw_session_get_companies (self->session));
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkSorter *sorter;
  GListModel *offered;

  self->filter = GTK_FILTER (gtk_custom_filter_new (is_offered, self, NULL));
  offered = G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (companies), g_object_ref (self->filter)));
  sorter = GTK_SORTER (gtk_string_sorter_new (gtk_property_expression_new (BW_TYPE_COMPANY, NULL, "name")));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (gtk_sort_list_model_new (offered, sorter)));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (update_stack), self, G_CONNECT_SWAPPED);
  update_stack (self);
}

GtkWidget *
bw_company_picker_new (BwSession  *session,
                       const char *title,
                       const char *without_id)
{
  BwCompanyPicker *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_COMPANY_PICKER, "title", title, NULL);
  self->session = g_object_ref (session);
  self->without_id = g_strdup (without_id);
  fill (self);
  gtk_widget_grab_focus (self->search_entry);

  return GTK_WIDGET (self);
}

char *
bw_company_path_to_text (BwSession  *session,
                         const char *company_id)
{
  BwRecord *company;
  GString *path = g_string_new (NULL);

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  company = company_id != NULL ? bw_entity_list_lookup (bw_session_get_companies (session), company_id) : NULL;
  company = get_above (session, company);
  for (guint depth = 0; company != NULL && depth < MAX_DEPTH; depth++)
    {
      if (path->len > 0)
        g_string_prepend (path, " › ");
      g_string_prepend (path, bw_record_get_text (company, "name"));
      company = get_above (session, company);
    }

  return g_string_free (path, FALSE);
}
