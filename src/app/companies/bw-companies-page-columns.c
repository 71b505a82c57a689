/* bw-companies-page-columns.c: what the tree table shows of a company
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-companies-page-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-tag-chips.h"
#include "bw-time-text.h"

#define TAGS_CHARS 22

static char *
get_text (gpointer    item,
          const char *property)
{
  return g_strdup (bw_record_get_text (item, property));
}

static char *
get_name (gpointer item)
{
  return get_text (item, "name");
}

static char *
get_alias (gpointer item)
{
  return get_text (item, "alias");
}

static char *
get_phone (gpointer item)
{
  return get_text (item, "phone");
}

static char *
get_email (gpointer item)
{
  return get_text (item, "email");
}

static char *
get_address (gpointer item)
{
  return get_text (item, "address");
}

static gint64
get_number (gpointer    item,
            const char *property)
{
  gint64 number = 0;

  g_object_get (item, property, &number, NULL);

  return number;
}

/* None is said by an empty cell: what there is stands out. */
static char *
get_count (gpointer    item,
           const char *property)
{
  gint64 count = get_number (item, property);

  return count > 0 ? g_strdup_printf ("%'" G_GINT64_FORMAT, count) : NULL;
}

static char *
get_devices (gpointer item)
{
  return get_count (item, "n-devices");
}

static char *
get_participants (gpointer item)
{
  return get_count (item, "n-participations");
}

static char *
get_subsidiaries (gpointer item)
{
  return get_count (item, "n-subsidiaries");
}

static char *
get_date (gpointer    item,
          const char *property)
{
  gint64 at_us = get_number (item, property);

  return at_us > 0 ? bw_time_to_date_text (at_us) : NULL;
}

static char *
get_created (gpointer item)
{
  return get_date (item, "created-at-us");
}

static char *
get_edited (gpointer item)
{
  return get_date (item, "edited-at-us");
}

enum { TAGS_COLUMN = 8 };

/* The sort key is the property to compare. */
static const BwRemoteColumn columns[] = {
  { "name", N_("Name"), "name", BW_COLUMN_FIXED | BW_COLUMN_EXPAND, 14, 30, 0, get_name },
  { "alias", N_("Alias"), "alias", 0, 8, 14, 560, get_alias },
  { "devices", N_("Devices"), "n-devices", BW_COLUMN_NUMERIC, 5, 8, 0, get_devices },
  { "participants", N_("Participants"), "n-participations", BW_COLUMN_NUMERIC, 5, 10, 480, get_participants },
  { "subsidiaries", N_("Subsidiaries"), "n-subsidiaries", BW_COLUMN_NUMERIC, 5, 10, 680, get_subsidiaries },
  { "phone", N_("Phone"), "phone", BW_COLUMN_EXTRA, 8, 16, 480, get_phone },
  { "email", N_("E-Mail"), "email", 0, 10, 20, 900, get_email },
  { "address", N_("Address"), "address", BW_COLUMN_EXTRA, 10, 24, 480, get_address },
  [TAGS_COLUMN] = { "tags", N_("Tags"), NULL, 0, TAGS_CHARS, TAGS_CHARS, 760, NULL },
  { "created", N_("Created"), "created-at-us", BW_COLUMN_EXTRA, 9, 12, 480, get_created },
  { "edited", N_("Edited"), "edited-at-us", BW_COLUMN_EXTRA, 9, 12, 480, get_edited },
};

G_STATIC_ASSERT (G_N_ELEMENTS (columns) <= BW_COMPANIES_MAX_COLUMNS);

static int
compare_nodes (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  BwCompanyNode *first = (BwCompanyNode *) a;
  BwCompanyNode *second = (BwCompanyNode *) b;
  const BwRemoteColumn *column = user_data;
  gint64 first_number, second_number;

  if (column->text == get_name)
    return strcmp (bw_company_node_get_name_key (first), bw_company_node_get_name_key (second));

  if (!g_str_has_prefix (column->sort, "n-") && !g_str_has_suffix (column->sort, "-at-us"))
    return g_strcmp0 (bw_record_get_text (BW_RECORD (first->company), column->sort),
                      bw_record_get_text (BW_RECORD (second->company), column->sort));

  first_number = get_number (first->company, column->sort);
  second_number = get_number (second->company, column->sort);

  return (first_number > second_number) - (first_number < second_number);
}

/* The row's cell, or the one inside the expander. */
static GtkWidget *
get_cell (GtkListItem *item)
{
  GtkWidget *child = gtk_list_item_get_child (item);

  return GTK_IS_TREE_EXPANDER (child) ? gtk_tree_expander_get_child (GTK_TREE_EXPANDER (child)) : child;
}

static BwCompany *
get_company (GtkListItem *item)
{
  GtkTreeListRow *row = gtk_list_item_get_item (item);
  g_autoptr(BwCompanyNode) node = gtk_tree_list_row_get_item (row);

  /* The tree holds both. */
  return node != NULL ? bw_company_node_get_company (node) : NULL;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  user_data)
{
  const BwRemoteColumn *column = user_data;
  GtkWidget *cell = bw_remote_cell_new (column, item);
  GtkWidget *expander;

  if (!(column->flags & BW_COLUMN_FIXED))
    {
      gtk_list_item_set_child (item, cell);
      return;
    }

  gtk_widget_set_hexpand (cell, TRUE);
  expander = gtk_tree_expander_new ();
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), cell);
  gtk_list_item_set_child (item, expander);
}

/* Numbers of what hangs below a company move without a revision of its own. */
static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  user_data)
{
  GtkWidget *child = gtk_list_item_get_child (item);
  GtkWidget *cell = get_cell (item);
  BwCompany *company = get_company (item);

  if (GTK_IS_TREE_EXPANDER (child))
    gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (child), gtk_list_item_get_item (item));

  bw_remote_cell_set_item (BW_REMOTE_CELL (cell), BW_ENTITY (company));
  if (((const BwRemoteColumn *) user_data)->flags & BW_COLUMN_NUMERIC)
    g_signal_connect_object (company, "notify", G_CALLBACK (bw_remote_cell_update), cell, G_CONNECT_SWAPPED);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           gpointer                  user_data)
{
  GtkWidget *child = gtk_list_item_get_child (item);
  GtkWidget *cell = get_cell (item);
  BwCompany *company = get_company (item);

  if (GTK_IS_TREE_EXPANDER (child))
    gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (child), NULL);

  if (company != NULL)
    g_signal_handlers_disconnect_by_func (company, bw_remote_cell_update, cell);
  bw_remote_cell_set_item (BW_REMOTE_CELL (cell), NULL);
}

static void
show_tags (BwTagChips *chips,
           GParamSpec *pspec,
           BwCompany  *company)
{
  g_auto(GStrv) tags = NULL;

  g_object_get (company, "tags", &tags, NULL);
  bw_tag_chips_set_ids (chips, (const char * const *) tags);
}

static void
setup_tags_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               BwCompaniesPage          *self)
{
  GtkWidget *chips = bw_tag_chips_new (self->session);

  bw_tag_chips_set_fixed_chars (BW_TAG_CHIPS (chips), TAGS_CHARS);
  gtk_list_item_set_child (item, chips);
}

static void
bind_tags_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              gpointer                  user_data)
{
  GtkWidget *chips = gtk_list_item_get_child (item);
  BwCompany *company = get_company (item);

  g_signal_connect_object (company, "notify::tags", G_CALLBACK (show_tags), chips, G_CONNECT_SWAPPED);
  show_tags (BW_TAG_CHIPS (chips), NULL, company);
}

static void
unbind_tags_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                gpointer                  user_data)
{
  BwCompany *company = get_company (item);

  if (company != NULL)
    g_signal_handlers_disconnect_by_func (company, show_tags, gtk_list_item_get_child (item));
}

static GtkListItemFactory *
factory_new (BwCompaniesPage *self,
             guint            n)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  gpointer column = (gpointer) &columns[n];

  if (n == TAGS_COLUMN)
    {
      g_signal_connect_object (factory, "setup", G_CALLBACK (setup_tags_cb), self, 0);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_tags_cb), NULL);
      g_signal_connect (factory, "unbind", G_CALLBACK (unbind_tags_cb), NULL);
    }
  else
    {
      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), column);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), column);
      g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), column);
    }

  return factory;
}

void
bw_companies_page_init_columns (BwCompaniesPage *self)
{
  self->choice = bw_column_choice_new ("companies", columns, G_N_ELEMENTS (columns));
  bw_column_choice_attach (self->choice, GTK_WIDGET (self));
  g_signal_connect_object (self->choice, "changed", G_CALLBACK (bw_companies_page_fit_columns), self,
                           G_CONNECT_SWAPPED);
  g_menu_append_submenu (self->page_menu, _("_Columns"), bw_column_choice_get_menu (self->choice));

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = gtk_column_view_column_new (_(columns[i].title), factory_new (self, i));

      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_column_set_expand (column, (columns[i].flags & BW_COLUMN_EXPAND) != 0);
      gtk_column_view_column_set_header_menu (column, bw_column_choice_get_menu (self->choice));
      if (columns[i].sort != NULL)
        {
          g_autoptr(GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_nodes, (gpointer) &columns[i], NULL));

          gtk_column_view_column_set_sorter (column, sorter);
        }

      gtk_column_view_append_column (self->column_view, column);
      self->columns[i] = column;
    }

  bw_companies_page_fit_columns (self);
}

/* A table that has to be pushed sideways hides what one looks for. */
void
bw_companies_page_fit_columns (BwCompaniesPage *self)
{
  guint32 shown;

  if (self->choice == NULL || self->width_bin == NULL)
    return;

  shown = bw_column_choice_get_shown (self->choice, bw_width_bin_get_width (self->width_bin));
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    gtk_column_view_column_set_visible (self->columns[i], (shown & (1u << i)) != 0);
}

gboolean
bw_companies_page_sort_by (BwCompaniesPage *self,
                           const char      *column,
                           GtkSortType      order)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      if (columns[i].sort == NULL || !g_str_equal (columns[i].id, column))
        continue;

      gtk_column_view_sort_by_column (self->column_view, self->columns[i], order);
      return TRUE;
    }

  return FALSE;
}

/* GTK 4.8 does not say where a row is; the cells know. */
static BwRemoteCell *
find_cell (GtkWidget *widget)
{
  if (BW_IS_REMOTE_CELL (widget))
    return BW_REMOTE_CELL (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      BwRemoteCell *cell = find_cell (child);

      if (cell != NULL)
        return cell;
    }

  return NULL;
}

guint
bw_companies_page_get_position_at (BwCompaniesPage *self,
                                   double           x,
                                   double           y)
{
  GtkWidget *view = GTK_WIDGET (self->column_view);

  for (GtkWidget *widget = gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT);
       widget != NULL && widget != view;
       widget = gtk_widget_get_parent (widget))
    {
      GtkWidget *above = gtk_widget_get_parent (widget);
      BwRemoteCell *cell = above != NULL && GTK_IS_LIST_VIEW (above) ? find_cell (widget) : NULL;

      if (cell != NULL)
        return bw_remote_cell_get_position (cell);
    }

  return GTK_INVALID_LIST_POSITION;
}

GtkWidget *
bw_companies_page_find_row (BwCompaniesPage *self,
                            guint            position)
{
  GtkWidget *list = gtk_widget_get_first_child (GTK_WIDGET (self->column_view));

  while (list != NULL && !GTK_IS_LIST_VIEW (list))
    list = gtk_widget_get_next_sibling (list);

  for (GtkWidget *row = list != NULL ? gtk_widget_get_first_child (list) : NULL;
       row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      BwRemoteCell *cell = find_cell (row);

      if (cell != NULL && bw_remote_cell_get_position (cell) == position)
        return row;
    }

  return NULL;
}
