/* test-stock-chooser.c: choosing a label stock, and making one by its measures
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-stock-chooser.h"

#include <math.h>
#include <string.h>

#include "bw-page-test.h"
#include "bw-stock-editor.h"
#include "bw-stock-item.h"
#include "bw-stock-own.h"
#include "bw-stock-text.h"
#include "bw-test.h"

typedef struct
{
  GtkWidget     *chooser;
  const BwStock *picked;
} Fixture;

static void
picked_cb (Fixture  *fixture,
           gpointer  stock)
{
  fixture->picked = stock;
}

static guint
count_rows (GtkWidget *chooser)
{
  GtkWidget *list = bw_page_test_find_type (chooser, GTK_TYPE_LIST_VIEW);

  if (list == NULL)
    return 0;

  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list))));
}

/* More than the curated ones. */
static gboolean
has_catalogues (gpointer chooser)
{
  guint n_curated;

  bw_stock_get_all (&n_curated);

  return count_rows (chooser) > n_curated;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->picked = NULL;
  fixture->chooser = bw_stock_chooser_new (bw_stock_find ("5160", NULL));
  g_signal_connect_swapped (fixture->chooser, "picked", G_CALLBACK (picked_cb), fixture);
  gtk_window_present (GTK_WINDOW (fixture->chooser));
  bw_test_wait_for (has_catalogues, fixture->chooser);
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

/* Closed by the test or by itself, nothing of it stays. */
static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gpointer chooser = fixture->chooser;

  if (chooser == NULL)
    return;

  g_object_add_weak_pointer (G_OBJECT (chooser), &chooser);
  gtk_window_close (GTK_WINDOW (fixture->chooser));
  bw_test_wait_for (is_gone, &chooser);
}

static void
search (Fixture    *fixture,
        const char *text)
{
  GtkWidget *entry = bw_page_test_find_type (fixture->chooser, GTK_TYPE_SEARCH_ENTRY);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  /* it begins with the one that is in use */
  bw_page_test_wait_text (fixture->chooser, "Letter, 3 × 10 = 30 labels of 66.68 × 25.4 mm");
  bw_page_test_wait_text (fixture->chooser, "Checked against the maker’s measures");
  bw_page_test_picture (fixture->chooser, "stock-chooser");

  search (fixture, "sample s-101");
  bw_page_test_wait_text (fixture->chooser, "Also S-101, S-102");
  bw_page_test_wait_text (fixture->chooser, "Unverified, from gLabels: print a test page on plain paper first.");
  bw_page_test_wait_text (fixture->chooser, "Unverified");
  bw_page_test_picture (fixture->chooser, "stock-chooser-unverified");

  search (fixture, "no such stock");
  bw_page_test_wait_text (fixture->chooser, "No Stock Found");
  gtk_widget_activate_action (fixture->chooser, "stocks.use", NULL);
  g_assert_null (fixture->picked);

  search (fixture, "63.5x38.1");
  bw_page_test_wait_text (fixture->chooser, "Avery L7160");
  gtk_widget_activate_action (fixture->chooser, "stocks.use", NULL);
  g_assert_true (fixture->picked == bw_stock_find ("L7160", NULL));
  fixture->chooser = NULL;
}

static void
test_enter_takes_the_first (Fixture       *fixture,
                            gconstpointer  data)
{
  GtkWidget *entry = bw_page_test_find_type (fixture->chooser, GTK_TYPE_SEARCH_ENTRY);

  search (fixture, "herma 4388");
  g_signal_emit_by_name (entry, "activate");
  g_assert_true (fixture->picked == bw_stock_find ("4388", NULL));
  fixture->chooser = NULL;
}

static void
test_catalogue (Fixture       *fixture,
                gconstpointer  data)
{
  GtkDropDown *drop = GTK_DROP_DOWN (bw_page_test_find_type (fixture->chooser, GTK_TYPE_DROP_DOWN));
  guint n_curated;

  bw_stock_get_all (&n_curated);
  gtk_drop_down_set_selected (drop, 1);
  g_assert_cmpuint (count_rows (fixture->chooser), ==, n_curated);
  gtk_drop_down_set_selected (drop, 2);
  bw_page_test_wait_text (fixture->chooser, "No Stock Found");
  gtk_drop_down_set_selected (drop, 4);
  g_assert_cmpuint (count_rows (fixture->chooser), ==, 9);
}

static void
test_favourites (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GHashTable) none = NULL;
  GtkWidget *row, *star;

  search (fixture, "4388");
  row = bw_page_test_ancestor (bw_page_test_wait_text (fixture->chooser, "Herma 4388"), GTK_TYPE_BOX);
  star = bw_page_test_find_type (gtk_widget_get_parent (row), GTK_TYPE_TOGGLE_BUTTON);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (star), TRUE);
  g_assert_cmpstr (gtk_button_get_icon_name (GTK_BUTTON (star)), ==, "starred-symbolic");
  g_assert_true (g_hash_table_contains (bw_stock_favourites_get (), "4388"));

  search (fixture, "");
  bw_page_test_wait_text (fixture->chooser, "Avery L7160");
  star = bw_page_test_find_type (fixture->chooser, GTK_TYPE_TOGGLE_BUTTON);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (star), TRUE);
  g_assert_cmpuint (count_rows (fixture->chooser), ==, 1);
  gtk_widget_activate_action (fixture->chooser, "stocks.star", "(sb)", "4388", FALSE);
  none = bw_stock_favourites_get ();
  g_assert_cmpuint (g_hash_table_size (none), ==, 0);
}

static gboolean
sees_editor (gpointer data)
{
  GtkWidget **editor = data;
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  *editor = NULL;
  for (GList *l = windows; l != NULL; l = l->next)
    {
      if (BW_IS_STOCK_EDITOR (l->data) && gtk_widget_get_mapped (l->data))
        *editor = l->data;
    }

  return *editor != NULL;
}

static gboolean
misses_editor (gpointer data)
{
  return !sees_editor (data);
}

static void
type (GtkWidget  *editor,
      const char *title,
      const char *text)
{
  GtkWidget *label = bw_page_test_wait_text (editor, title);

  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_ancestor (label, ADW_TYPE_ENTRY_ROW)), text);
}

static gboolean
saves (GtkWidget *editor)
{
  GtkWidget *label = bw_page_test_find_text (editor, "Save");

  return gtk_widget_get_sensitive (bw_page_test_ancestor (label, GTK_TYPE_BUTTON));
}

/* Typed, drawn, refused, saved, changed, removed and brought back. */
static void
test_own (Fixture       *fixture,
          gconstpointer  data)
{
  GtkWidget *editor;

  gtk_widget_activate_action (fixture->chooser, "stocks.create", NULL);
  bw_test_wait_for (sees_editor, &editor);
  bw_page_test_wait_text (editor, "New Stock");
  g_assert_false (saves (editor));
  type (editor, "Name", "L7160");
  bw_page_test_wait_text (editor, "There is a stock of this name already.");
  type (editor, "Name", "");
  bw_page_test_wait_text (editor, "A name with letters or digits is needed");
  type (editor, "Name", "Shelf 20");

  type (editor, "Width of a Label", "wide");
  bw_page_test_wait_text (editor, "A length is needed");
  type (editor, "Width of a Label", "100");
  bw_page_test_wait_text (editor, "The columns overlap");
  type (editor, "From Column to Column", "4in");
  bw_page_test_wait_text (editor, "The last column is beyond the right edge of the paper.");
  bw_page_test_picture (editor, "stock-editor-beyond");
  g_assert_false (saves (editor));
  type (editor, "Columns", "2");
  bw_page_test_wait_text (editor, "Letter, 2 × 10 = 20 labels of 100 × 25.4 mm");
  type (editor, "Columns", "two");
  bw_page_test_wait_text (editor, "A whole number is needed.");
  type (editor, "Columns", "2");
  type (editor, "Height of a Label", "4");
  bw_page_test_wait_text (editor, "There is no room for a code that can be read.");
  type (editor, "Height of a Label", "1 in");
  g_assert_true (saves (editor));
  bw_page_test_picture (editor, "stock-editor");
  gtk_widget_activate_action (editor, "stock.save", NULL);
  bw_test_wait_for (misses_editor, &editor);
  bw_page_test_wait_text (fixture->chooser, "Your own measures");
  g_assert_cmpfloat_with_epsilon (bw_stock_find ("shelf 20", NULL)->pitch_x, 101.6, 1e-9);

  gtk_widget_activate_action (fixture->chooser, "stocks.edit", NULL);
  bw_test_wait_for (sees_editor, &editor);
  bw_page_test_wait_text (editor, "Edit Stock");
  type (editor, "Rows", "9");
  gtk_widget_activate_action (editor, "stock.save", NULL);
  bw_test_wait_for (misses_editor, &editor);
  bw_page_test_wait_text (fixture->chooser, "Letter, 2 × 9 = 18 labels");

  gtk_widget_activate_action (fixture->chooser, "stocks.remove", NULL);
  bw_page_test_wait_text (fixture->chooser, "“Shelf 20” was removed");
  bw_page_test_wait_gone (fixture->chooser, "Your own measures");
  g_assert_null (bw_stock_find ("shelf 20", NULL));
  bw_page_test_picture (fixture->chooser, "stock-chooser-removed");
  bw_page_test_click (fixture->chooser, "Undo");
  bw_page_test_wait_text (fixture->chooser, "Your own measures");
  g_assert_cmpuint (bw_stock_find ("shelf 20", NULL)->n_rows, ==, 9);
  g_assert_true (bw_stock_own_remove ("Shelf 20", NULL));
}

/* A roll has no columns, rows and places; a circle has one measure. */
static void
test_roll_and_round (Fixture       *fixture,
                     gconstpointer  data)
{
  GtkWidget *editor, *row;
  const BwStock *stock;

  gtk_widget_activate_action (fixture->chooser, "stocks.create", NULL);
  bw_test_wait_for (sees_editor, &editor);
  type (editor, "Name", "Dots");
  row = bw_page_test_ancestor (bw_page_test_wait_text (editor, "Paper"), ADW_TYPE_COMBO_ROW);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 6);
  row = bw_page_test_ancestor (bw_page_test_wait_text (editor, "Shape"), ADW_TYPE_COMBO_ROW);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 1);
  bw_page_test_wait_gone (editor, "From Row to Row");
  bw_page_test_wait_gone (editor, "Height of a Label");
  type (editor, "Width of a Label", "24");
  bw_page_test_wait_text (editor, "Roll, 24 × 24 mm");
  gtk_widget_activate_action (editor, "stock.save", NULL);
  bw_test_wait_for (misses_editor, &editor);

  stock = bw_stock_find ("dots", NULL);
  g_assert_cmpstr (stock->paper, ==, "roll");
  g_assert_cmpint (stock->shape, ==, BW_STOCK_ROUND);
  g_assert_cmpuint (bw_stock_get_n_cells (stock), ==, 1);
  g_assert_cmpfloat (stock->page_height, ==, 24);
  g_assert_true (bw_stock_own_remove ("Dots", NULL));
}

/* Where there is room for one only, the list leads to the picture and back. */
static void
test_narrow (Fixture       *fixture,
             gconstpointer  data)
{
  GtkWidget *list = bw_page_test_find_type (fixture->chooser, GTK_TYPE_LIST_VIEW);

  bw_page_test_wait_text (fixture->chooser, "Checked against the maker’s measures");
  gtk_window_set_default_size (GTK_WINDOW (fixture->chooser), 360, 600);
  bw_page_test_wait_gone (fixture->chooser, "Checked against the maker’s measures");
  bw_page_test_picture (fixture->chooser, "stock-chooser-narrow");
  g_signal_emit_by_name (list, "activate", 0);
  bw_page_test_wait_text (fixture->chooser, "Checked against the maker’s measures");
  bw_page_test_picture (fixture->chooser, "stock-chooser-narrow-details");
  g_assert_null (fixture->picked);
  gtk_widget_activate_action (fixture->chooser, "stocks.back", NULL);
  bw_page_test_wait_gone (fixture->chooser, "Checked against the maker’s measures");
}

/* Each fault has its sentence. */
static void
test_fault_texts (void)
{
  for (BwStockFault fault = BW_STOCK_FAULT_NAME; fault <= BW_STOCK_FAULT_DPI; fault++)
    {
      g_autofree char *text = bw_stock_fault_to_text (fault);

      g_assert_true (g_str_has_suffix (text, "."));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = bw_test_make_dir ();
  int status;

  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  bw_page_test_init (&argc, &argv);

  g_test_add ("/app/stock-chooser/search", Fixture, NULL, set_up, test_search, tear_down);
  g_test_add ("/app/stock-chooser/enter", Fixture, NULL, set_up, test_enter_takes_the_first, tear_down);
  g_test_add ("/app/stock-chooser/catalogue", Fixture, NULL, set_up, test_catalogue, tear_down);
  g_test_add ("/app/stock-chooser/favourites", Fixture, NULL, set_up, test_favourites, tear_down);
  g_test_add ("/app/stock-chooser/own", Fixture, NULL, set_up, test_own, tear_down);
  g_test_add ("/app/stock-chooser/roll-and-round", Fixture, NULL, set_up, test_roll_and_round, tear_down);
  g_test_add ("/app/stock-chooser/narrow", Fixture, NULL, set_up, test_narrow, tear_down);
  g_test_add_func ("/app/stock-chooser/fault-texts", test_fault_texts);

  status = g_test_run ();
  bw_test_remove_dir (folder);

  return status;
}
