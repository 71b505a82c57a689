/* bw-stock-item.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-stock-item.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-stock-text.h"

/**
 * BwStockItem:
 *
 * A stock in a list, and the row that shows it: what it is called, its measures, whether nobody has
 * checked them, and the star of a favourite.
 */

struct _BwStockItem
{
  GObject        parent_instance;

  const BwStock *stock;
  gboolean       is_favourite;
};

G_DEFINE_FINAL_TYPE (BwStockItem, bw_stock_item, G_TYPE_OBJECT)

static void
bw_stock_item_class_init (BwStockItemClass *klass)
{
}

static void
bw_stock_item_init (BwStockItem *self)
{
}

BwStockItem *
bw_stock_item_new (const BwStock *stock,
                   gboolean       is_favourite)
{
  BwStockItem *self;

  g_return_val_if_fail (stock != NULL, NULL);

  self = g_object_new (BW_TYPE_STOCK_ITEM, NULL);
  self->stock = stock;
  self->is_favourite = is_favourite;

  return self;
}

const BwStock *
bw_stock_item_get_stock (BwStockItem *self)
{
  g_return_val_if_fail (BW_IS_STOCK_ITEM (self), NULL);

  return self->stock;
}

gboolean
bw_stock_item_is_favourite (BwStockItem *self)
{
  g_return_val_if_fail (BW_IS_STOCK_ITEM (self), FALSE);

  return self->is_favourite;
}

static void
update_star (GtkToggleButton *star)
{
  gtk_button_set_icon_name (GTK_BUTTON (star),
                            gtk_toggle_button_get_active (star) ? "starred-symbolic" : "non-starred-symbolic");
}

static void
star_toggled_cb (GtkToggleButton *star,
                 GtkListItem     *list_item)
{
  BwStockItem *item = gtk_list_item_get_item (list_item);
  gboolean is_favourite = gtk_toggle_button_get_active (star);

  update_star (star);

  /* Binding sets it, too. */
  if (item == NULL || item->is_favourite == is_favourite)
    return;

  item->is_favourite = is_favourite;
  gtk_widget_activate_action (GTK_WIDGET (star), "stocks.star", "(sb)", item->stock->name, is_favourite);
}

static GtkWidget *
add_label (GtkWidget  *box,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    {
      gtk_widget_add_css_class (label, css_class);
      gtk_widget_add_css_class (label, "caption");
    }

  gtk_box_append (GTK_BOX (box), label);

  return label;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *mark = gtk_label_new (_("Unverified"));
  GtkWidget *star = gtk_toggle_button_new ();

  gtk_widget_set_hexpand (texts, TRUE);
  add_label (texts, NULL);
  add_label (texts, "dim-label");
  gtk_widget_add_css_class (mark, "caption");
  gtk_widget_add_css_class (mark, "warning");
  gtk_widget_add_css_class (star, "flat");
  gtk_widget_add_css_class (star, "circular");
  gtk_widget_set_valign (star, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (star, _("Favourite"));
  g_signal_connect_object (star, "toggled", G_CALLBACK (star_toggled_cb), list_item, 0);

  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), mark);
  gtk_box_append (GTK_BOX (box), star);
  gtk_widget_add_css_class (box, "picker-row");
  gtk_list_item_set_child (list_item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item)
{
  BwStockItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *texts = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  GtkWidget *title_label = gtk_widget_get_first_child (texts);
  GtkWidget *mark = gtk_widget_get_next_sibling (texts);
  GtkWidget *star = gtk_widget_get_next_sibling (mark);
  g_autofree char *title = bw_stock_to_title (item->stock);
  g_autofree char *text = bw_stock_to_user_text (item->stock);
  g_autofree char *spoken = NULL;

  /* Translators: the star of the label stock %s */
  spoken = g_strdup_printf (_("Favourite: %s"), title);
  gtk_label_set_label (GTK_LABEL (title_label), title);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (title_label)), text);
  gtk_widget_set_visible (mark, !item->stock->is_verified);
  gtk_widget_set_tooltip_text (mark, bw_stock_catalogue_to_text (item->stock->catalogue));
  bw_accessible_set_label (star, spoken);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (star), item->is_favourite);
  update_star (GTK_TOGGLE_BUTTON (star));
}

GtkListItemFactory *
bw_stock_item_factory_new (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);

  return factory;
}
