/* test-stock-files.c: catalogues that are installed, own stocks, favourites, search
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-error.h"
#include "bw-stock.h"
#include "bw-stock-own.h"
#include "bw-stock-private.h"

#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#define TOLERANCE_MM 1e-6

static const BwStock *
find (const char *name)
{
  g_autoptr(GError) error = NULL;
  const BwStock *stock = bw_stock_find (name, &error);

  g_assert_no_error (error);

  return stock;
}

static void
assert_unknown (const char *name)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (bw_stock_find (name, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_NOT_FOUND);
}

static void
assert_grid (const BwStock *stock,
             guint          n_columns,
             guint          n_rows,
             double         width,
             double         height,
             double         left,
             double         top,
             double         pitch_x,
             double         pitch_y)
{
  g_assert_cmpuint (stock->n_columns, ==, n_columns);
  g_assert_cmpuint (stock->n_rows, ==, n_rows);
  g_assert_cmpfloat_with_epsilon (stock->width, width, TOLERANCE_MM);
  g_assert_cmpfloat_with_epsilon (stock->height, height, TOLERANCE_MM);
  g_assert_cmpfloat_with_epsilon (stock->left, left, TOLERANCE_MM);
  g_assert_cmpfloat_with_epsilon (stock->top, top, TOLERANCE_MM);
  g_assert_cmpfloat_with_epsilon (stock->pitch_x, pitch_x, TOLERANCE_MM);
  g_assert_cmpfloat_with_epsilon (stock->pitch_y, pitch_y, TOLERANCE_MM);
}

static void
test_glabels (void)
{
  const BwStock *stock = find ("glabels-Sample-S-100");

  g_assert_cmpint (stock->catalogue, ==, BW_STOCK_GLABELS);
  g_assert_false (stock->is_verified);
  g_assert_cmpstr (stock->brand, ==, "Sample");
  g_assert_cmpstr (stock->part, ==, "S-100");
  g_assert_cmpstr (stock->description, ==, "Mini Labels");
  g_assert_cmpstr (stock->paper, ==, "A4");
  assert_grid (stock, 4, 10, 45.7, 25.4, 10, 22, 48.5, 25.4);

  /* another number for the same, and one for that */
  g_assert_true (find ("Sample S-101") == stock);
  g_assert_true (find ("sample s102") == stock);
  assert_unknown ("S-103");

  stock = find ("In-Inches");
  g_assert_cmpstr (stock->paper, ==, "Letter");
  assert_grid (stock, 3, 10, 50.8, 25.4, 0, 12.7, 63.5, 25.4);

  stock = find ("In-Points");
  g_assert_cmpstr (stock->paper, ==, "A5");
  assert_grid (stock, 2, 7, 50.8, 25.4, 12.7, 12.7, 50.8, 25.4);

  stock = find ("Sample Roll");
  g_assert_cmpstr (stock->paper, ==, "roll");
  g_assert_true (stock->is_turned);
  assert_grid (stock, 1, 1, 25, 54, 0, 0, 25, 54);

  find ("Sample Behind the bad ones");
  find ("Before the cut");
}

static void
test_glabels_bad (void)
{
  g_autoptr(GPtrArray) stocks = bw_stock_get_catalogue (BW_STOCK_GLABELS);

  for (guint i = 0; i < stocks->len; i++)
    {
      const BwStock *stock = g_ptr_array_index (stocks, i);

      g_test_message ("%s", stock->name);
      g_assert_cmpstr (stock->brand, !=, "Bad");
      g_assert_cmpstr (stock->part, !=, "Cut");
    }

  /* S-100, inches, points, roll, staggered, 4226, L7160x, behind the bad ones, before the cut */
  g_assert_cmpuint (stocks->len, ==, 9);
}

/* Several layouts: a honeycomb, whose labels are counted by rows all the same. */
static void
test_staggered (void)
{
  const BwStock *stock = find ("glabels-Sample-Staggered");
  double last_y = 0.0;
  double x, y;

  g_assert_cmpuint (bw_stock_get_n_cells (stock), ==, 23);
  g_assert_nonnull (stock->cells);
  bw_stock_get_cell (stock, 4, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 148, TOLERANCE_MM);
  bw_stock_get_cell (stock, 5, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 36, TOLERANCE_MM);
  g_assert_cmpfloat_with_epsilon (y, 48, TOLERANCE_MM);

  for (guint i = 0; i < bw_stock_get_n_cells (stock); i++)
    {
      bw_stock_get_cell (stock, i, &x, &y);
      g_assert_cmpfloat (y, >=, last_y);
      last_y = y;
    }
}

static void
test_libreoffice (void)
{
  g_autoptr(GPtrArray) stocks = bw_stock_get_catalogue (BW_STOCK_LIBREOFFICE);
  const BwStock *stock = find ("libreoffice-Sample-S-100");

  g_assert_cmpint (stock->catalogue, ==, BW_STOCK_LIBREOFFICE);
  g_assert_false (stock->is_verified);
  g_assert_cmpstr (stock->description, ==, "Mini \"labels\"");
  assert_grid (stock, 4, 10, 45.72, 25.4, 9.75, 21.43, 48.26, 25.4);

  /* of two catalogues the one that is better measured */
  g_assert_true (find ("Sample S-100") == stock);

  stock = find ("libreoffice-Sample-S-200");
  g_assert_cmpint (stock->shape, ==, BW_STOCK_ROUND);
  stock = find ("libreoffice-Sample-S-200--2");
  g_assert_cmpuint (bw_stock_get_n_cells (stock), ==, 24);

  stock = find ("S-300");
  g_assert_cmpstr (stock->paper, ==, "custom");
  g_assert_cmpfloat_with_epsilon (stock->page_width, 114.3, TOLERANCE_MM);
  g_assert_cmpstr (find ("Visitenkarten, blanko")->part, ==, "Visitenkarten, blanko");

  /* S-100, S-200 and its namesake, S-300, cards, 4226 */
  g_assert_cmpuint (stocks->len, ==, 6);
}

/* What the curated table knows is not offered with worse numbers. */
static void
test_curated_first (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) found = bw_stock_search ("L7160", BW_STOCK_ANY_CATALOGUE, FALSE);

  g_assert_cmpuint (found->len, ==, 2);
  g_assert_true (found->pdata[0] == find ("L7160"));
  g_assert_cmpint (find ("Avery 5160")->catalogue, ==, BW_STOCK_CURATED);
  g_assert_cmpstr (find ("L7160x")->part, ==, "L7160x");

  /* a number of two makers is no name */
  g_assert_null (bw_stock_find ("4226", &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "say “Second 4226” or “Other 4226”"));
  g_assert_cmpint (find ("other 4226")->catalogue, ==, BW_STOCK_GLABELS);
}

static gboolean
contains (GPtrArray  *stocks,
          const char *name)
{
  return g_ptr_array_find (stocks, find (name), NULL);
}

static void
test_search (void)
{
  static const struct { const char *text, *first, *also, *not; } cases[] = {
    { "avery 7160", "L7160", NULL, "L7163" },
    { "7160 AVERY", "L7160", NULL, "L7163" },
    { "63.5x38.1", "L7160", "L7160", "L7163" },
    { "63,5 × 38,1 mm", "L7160", NULL, "L7163" },
    { "38.1 x 63.5", "L7160", NULL, "L7163" },
    { "38 mm", "L7160", "L7163", "L7120" },
    { "2 in", NULL, "5163", "5160" },
    { "4x2in", "5163", NULL, "5160" },
    { "brother 62mm", NULL, "DK-22205", "DK-11201" },
    { "dk11201", "DK-11201", NULL, "DK-11202" },
    { "S0722520", "11352", NULL, "11354" },
    { "mini labels", NULL, "glabels-Sample-S-100", "L7160" },
    { "sample weiß", NULL, "libreoffice-Sample-S-200", "libreoffice-Sample-S-100" },
    { "letter", "5160", "5163", "L7160" },
    { "4388", "4388", NULL, "4386" },
    { "", "L7160", "5160", NULL },
    { " \xff ", "L7160", NULL, NULL },
  };
  g_autoptr(GPtrArray) none = bw_stock_search ("no such stock", BW_STOCK_ANY_CATALOGUE, FALSE);
  g_autoptr(GPtrArray) curated = bw_stock_search ("mini", 1u << BW_STOCK_CURATED, FALSE);
  g_autoptr(GPtrArray) favourites = bw_stock_search ("", BW_STOCK_ANY_CATALOGUE, TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) found = bw_stock_search (cases[i].text, BW_STOCK_ANY_CATALOGUE, FALSE);

      g_test_message ("search %u: %u", i, found->len);
      g_assert_true (cases[i].first == NULL || found->pdata[0] == find (cases[i].first));
      g_assert_true (cases[i].also == NULL || contains (found, cases[i].also));
      g_assert_true (cases[i].not == NULL || !contains (found, cases[i].not));
    }

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (curated->len, ==, 0);
  g_assert_cmpuint (favourites->len, ==, 0);
}

static BwStock
make_draft (const char *name)
{
  BwStock draft = {
    .name = name, .brand = "Corner shop", .paper = "A4", .n_columns = 3, .n_rows = 7, .width = 60.125, .height = 30,
    .left = 10, .top = 15, .pitch_x = 63, .pitch_y = 35, .dpi = 600, .margin_x = NAN, .margin_y = NAN,
  };

  return draft;
}

static char *
read_own_file (void)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "bellwether", "stocks.json", NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);

  return text;
}

static void
write_own_file (const char *text)
{
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "bellwether", NULL);
  g_autofree char *path = g_build_filename (folder, "stocks.json", NULL);
  g_autoptr(GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
test_own (void)
{
  g_autoptr(GError) error = NULL;
  BwStock draft = make_draft ("Етикетка 3×7");
  g_autoptr(GPtrArray) favourites = NULL;
  g_autofree char *text = NULL;
  const BwStock *first, *second;

  first = bw_stock_own_save (&draft, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (first->catalogue, ==, BW_STOCK_OWN);
  assert_grid (first, 3, 7, 60.125, 30, 10, 15, 63, 35);
  g_assert_true (find ("етикетка 3×7") == first);
  g_assert_true (bw_stock_favourites_set (first, TRUE, &error));

  /* A change is another stock; the old one stays what it was, for who holds it. */
  draft.name = "Corner 21";
  draft.height = 34;
  second = bw_stock_own_save (&draft, first->name, &error);
  g_assert_no_error (error);
  g_assert_true (second != first);
  g_assert_cmpfloat (first->height, ==, 30);
  g_assert_true (find ("corner21") == second);
  assert_unknown ("Етикетка 3×7");
  favourites = bw_stock_search ("", BW_STOCK_ANY_CATALOGUE, TRUE);
  g_assert_cmpuint (favourites->len, ==, 1);
  g_assert_true (favourites->pdata[0] == second);

  /* What another program writes is seen; the same text is the same stock. */
  text = read_own_file ();
  write_own_file ("{\"stocks\":[]}");
  g_assert_true (bw_stock_own_reload (&error));
  assert_unknown ("Corner 21");
  write_own_file (text);
  g_assert_true (bw_stock_own_reload (&error));
  g_assert_true (find ("Corner 21") == second);

  g_assert_true (bw_stock_own_remove ("corner 21", &error));
  assert_unknown ("Corner 21");
  g_assert_cmpfloat (second->height, ==, 34);
  g_assert_false (bw_stock_own_remove ("corner 21", &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_NOT_FOUND);
}

static void
test_own_refused (void)
{
  static const char * const taken[] = { "L7160", "avery l7160", "J8160", "glabels-Sample-S-100", "Mine" };
  BwStock draft = make_draft ("Mine");

  g_assert_nonnull (bw_stock_own_save (&draft, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (taken); i++)
    {
      g_autoptr(GError) error = NULL;

      draft.name = taken[i];
      g_assert_null (bw_stock_own_save (&draft, NULL, &error));
      g_assert_error (error, BW_ERROR, BW_ERROR_CONFLICT);
    }

  draft.name = "Another";
  draft.pitch_x = 50;
  g_assert_null (bw_stock_own_save (&draft, NULL, NULL));
  draft.pitch_x = 63;
  g_assert_null (bw_stock_own_save (&draft, "nobody", NULL));
  g_assert_true (bw_stock_own_remove ("Mine", NULL));
}

/* A file that is not ours to understand is not ours to overwrite. */
static void
test_own_broken (void)
{
  static const char * const broken[] = {
    "", "{", "[]", "{\"stocks\":[1]}", "{\"stocks\":[{}]}", "{\"stocks\":[{\"name\":\"x\",\"paper\":\"A4\",\"width\":\"wide\"}]}",
    "{\"stocks\":[{\"name\":\"x\",\"paper\":\"A4\",\"width\":50,\"height\":20,\"columns\":-1}]}",
    "{\"stocks\":[{\"name\":\"x\",\"paper\":\"A4\",\"width\":50,\"height\":20,\"columns\":4294967297}]}",
    "{\"stocks\":[{\"name\":\"x\",\"paper\":\"A4\",\"width\":50,\"height\":20,\"columns\":5,\"pitchX\":50}]}",
  };
  BwStock draft = make_draft ("Mine");

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *after = NULL;

      write_own_file (broken[i]);
      g_test_message ("%s", broken[i]);
      g_assert_false (bw_stock_own_reload (&error));
      g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "stocks.json"));
      g_assert_null (bw_stock_own_save (&draft, NULL, NULL));
      g_assert_false (bw_stock_favourites_set (find ("L7160"), TRUE, NULL));
      after = read_own_file ();
      g_assert_cmpstr (after, ==, broken[i]);
    }

  write_own_file ("{\"stocks\":[],\"favourites\":[7,null,\"L7163\"],\"later\":true}");
  g_assert_true (bw_stock_own_reload (NULL));
  write_own_file ("{}");
  g_assert_true (bw_stock_own_reload (NULL));
}

static void
test_favourites (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GPtrArray) all = NULL;
  const BwStock *roll = find ("Sample Roll");

  g_assert_true (bw_stock_favourites_set (roll, TRUE, &error));
  g_assert_true (bw_stock_favourites_set (roll, TRUE, &error));
  found = bw_stock_search ("", BW_STOCK_ANY_CATALOGUE, TRUE);
  g_assert_cmpuint (found->len, ==, 1);
  all = bw_stock_search ("", BW_STOCK_ANY_CATALOGUE, FALSE);
  g_assert_true (all->pdata[0] == roll);

  g_assert_true (bw_stock_favourites_set (roll, FALSE, &error));
  g_assert_no_error (error);
  g_ptr_array_unref (found);
  found = bw_stock_search ("", BW_STOCK_ANY_CATALOGUE, TRUE);
  g_assert_cmpuint (found->len, ==, 0);
}

static void
read_both (const char *folder,
           const char *text,
           gsize       length)
{
  g_autoptr(GPtrArray) stocks = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_stock_free);
  g_autofree char *path = g_build_filename (folder, "hostile-templates.xml", NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, (gssize) length, &error);
  g_assert_no_error (error);
  bw_stock_read_glabels (folder, stocks);
  bw_stock_read_libreoffice (path, stocks);
  for (guint i = 0; i < stocks->len; i++)
    g_assert_true (bw_stock_check (g_ptr_array_index (stocks, i), NULL, NULL));

  g_unlink (path);
}

/* What is said of such a file has anything in it, too. */
static void
ignore_log (const char     *domain,
            GLogLevelFlags  level,
            const char     *message,
            gpointer        user_data)
{
}

/* Files with anything in them: whatever comes out can be printed on. */
static void
test_hostile (void)
{
  static const char * const names[] = { "glabels/a-plain-templates.xml", "libreoffice/labels.xml" };
  g_autofree char *folder = g_dir_make_tmp ("bw-stock-XXXXXX", NULL);
  g_autoptr(GString) deep = g_string_new ("<Glabels-templates>");
  guint handler = g_log_set_handler ("bw-sheet", G_LOG_LEVEL_DEBUG, ignore_log, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (g_getenv ("BELLWETHER_STOCK_CATALOGUES"), names[i], NULL);
      g_autofree char *text = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &text, &length, NULL));
      for (guint round = 0; round < 300; round++)
        {
          g_autofree char *changed = g_memdup2 (text, length);

          for (guint j = 0; j < 1 + round / 30; j++)
            changed[g_test_rand_int_range (0, (gint32) length)] = (char) g_test_rand_int_range (0, 256);

          read_both (folder, changed, length);
        }
    }

  while (deep->len < 900 * 1024)
    g_string_append (deep, "<Template brand='a' part='b' size='A4'><label><name>x");
  read_both (folder, deep->str, deep->len);

  /* too large to be read at all */
  g_string_set_size (deep, 5 * 1024 * 1024);
  memset (deep->str, '<', deep->len);
  read_both (folder, deep->str, deep->len);
  g_log_remove_handler ("bw-sheet", handler);
  g_rmdir (folder);
}

/* Those of this computer, if it has any. */
static void
test_installed (void)
{
  static const struct { const char *path; guint n_at_least; } known[] = {
    { "/usr/share/libglabels-3.0/templates", 900 },
    { "/usr/lib/libreoffice/share/labels/labels.xml", 1700 },
  };
  guint n_tried = 0;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autoptr(GPtrArray) stocks = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_stock_free);
      gint64 begin = g_get_monotonic_time ();

      if (!g_file_test (known[i].path, G_FILE_TEST_EXISTS))
        continue;

      n_tried++;
      if (i == 0)
        bw_stock_read_glabels (known[i].path, stocks);
      else
        bw_stock_read_libreoffice (known[i].path, stocks);

      g_test_message ("%s: %u stocks in %.1f ms", known[i].path, stocks->len, (double) (g_get_monotonic_time () - begin) / 1000);
      g_assert_cmpuint (stocks->len, >=, known[i].n_at_least);
      for (guint j = 0; j < stocks->len; j++)
        g_assert_true (bw_stock_check (g_ptr_array_index (stocks, j), NULL, NULL));
    }

  if (n_tried == 0)
    g_test_skip ("neither glabels-data nor libreoffice-common is installed");
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *config = g_dir_make_tmp ("bw-stock-XXXXXX", NULL);

  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sheet/stock-files/glabels", test_glabels);
  g_test_add_func ("/sheet/stock-files/glabels-bad", test_glabels_bad);
  g_test_add_func ("/sheet/stock-files/staggered", test_staggered);
  g_test_add_func ("/sheet/stock-files/libreoffice", test_libreoffice);
  g_test_add_func ("/sheet/stock-files/curated-first", test_curated_first);
  g_test_add_func ("/sheet/stock-files/search", test_search);
  g_test_add_func ("/sheet/stock-files/own", test_own);
  g_test_add_func ("/sheet/stock-files/own-refused", test_own_refused);
  g_test_add_func ("/sheet/stock-files/own-broken", test_own_broken);
  g_test_add_func ("/sheet/stock-files/favourites", test_favourites);
  g_test_add_func ("/sheet/stock-files/hostile", test_hostile);
  g_test_add_func ("/sheet/stock-files/installed", test_installed);

  return g_test_run ();
}
