/* test-places.c: copies, order, skipped cells; what is remembered of sheets and printers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-error.h"
#include "bw-number-list.h"
#include "bw-part-sheet.h"
#include "bw-sheet.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static BwSheet *
new_sheet (const char *stock,
           guint       n_labels,
           guint       start)
{
  g_autoptr(GError) error = NULL;
  BwSheet *sheet = bw_sheet_new (bw_stock_find (stock, NULL), "Winter", NULL, MAX (n_labels, 1), 0, start, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n_labels; i++)
    {
      g_autofree char *id = g_strdup_printf ("k3m9-t2xw-%04u-7hnc", i % 10000);

      g_assert_true (bw_sheet_add (sheet, id, i + 1, &error));
    }

  return sheet;
}

static void
set_options (BwSheet    *sheet,
             guint       copies,
             gboolean    by_columns,
             const char *skip)
{
  g_autoptr(GArray) skipped = NULL;
  g_autoptr(GError) error = NULL;
  BwSheetOptions options = BW_SHEET_OPTIONS_INIT;

  options.copies = copies;
  options.by_columns = by_columns;
  if (skip != NULL)
    {
      skipped = bw_number_list_parse (skip, 10000, &error);
      g_assert_no_error (error);
      options.skipped = (const guint *) (void *) skipped->data;
      options.n_skipped = skipped->len;
    }

  bw_sheet_set_options (sheet, &options, &error);
  g_assert_no_error (error);
}

static void
check_used (BwSheet    *sheet,
            guint       page,
            const char *expected)
{
  g_autoptr(GArray) used = bw_sheet_get_used_cells (sheet, bw_sheet_get_n_labels (sheet), page);
  g_autofree char *text = bw_number_list_to_text (used);

  g_assert_cmpstr (text, ==, expected);
}

/* L7160 has 3 columns and 7 rows. */
static void
test_used (void)
{
  static const struct
  {
    guint       n_labels, start, copies;
    gboolean    by_columns;
    const char *skip;
    guint       n_pages;
    const char *used;       /* of the last page */
  } cases[] = {
    { 4, 1, 1, FALSE, NULL, 1, "1-4" },
    { 4, 3, 1, FALSE, NULL, 1, "1-6" },
    { 4, 1, 1, TRUE, NULL, 1, "1, 4, 7, 10" },
    { 4, 13, 1, TRUE, NULL, 1, "1-2, 4, 7, 10, 13, 16, 19" },
    { 4, 1, 3, FALSE, NULL, 1, "1-12" },
    { 4, 1, 1, FALSE, "2, 5-6", 1, "1-7" },
    { 19, 1, 1, FALSE, "2, 5-6", 2, "1" },
    { 18, 1, 1, FALSE, "2, 5-6", 1, "1-21" },
    { 10, 20, 2, FALSE, NULL, 2, "1-18" },
    { 10, 20, 2, TRUE, "21", 2, "1-2, 4-5, 7-8, 10-11, 13-14, 16-17, 19" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BwSheet) sheet = new_sheet ("L7160", cases[i].n_labels, cases[i].start);

      g_test_message ("case %u", i);
      set_options (sheet, cases[i].copies, cases[i].by_columns, cases[i].skip);
      g_assert_cmpuint (bw_sheet_get_n_pages (sheet), ==, cases[i].n_pages);
      check_used (sheet, cases[i].n_pages - 1, cases[i].used);
    }
}

/* Any job: each copy has one cell, the pages' labels join without a gap, and
 * only the last page is not full. */
static void
test_properties (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);

  for (guint round = 0; round < 500; round++)
    {
      const BwStock *stock = stocks[g_rand_int_range (rand, 0, (int) n_stocks)];
      guint n_cells = bw_stock_get_n_cells (stock);
      guint n_labels = (guint) g_rand_int_range (rand, 1, 200);
      guint copies = (guint) g_rand_int_range (rand, 1, 5);
      g_autoptr(BwSheet) sheet = new_sheet (stock->name, 0, (guint) g_rand_int_range (rand, 1, (int) n_cells / 2 + 2));
      g_autofree char *skip = n_cells > 3 ? g_strdup_printf ("%u", g_rand_int_range (rand, 1, (int) n_cells + 1)) : NULL;
      guint n_pages, n_used = 0, n_left_out = 0, next = 0;

      set_options (sheet, copies, g_rand_boolean (rand), skip);
      n_pages = bw_sheet_count_pages (sheet, n_labels);
      for (guint page = 0; page < n_pages; page++)
        {
          g_autoptr(GArray) used = bw_sheet_get_used_cells (sheet, n_labels, page);
          g_autoptr(GArray) untouched = bw_sheet_get_used_cells (sheet, 0, page);
          guint first, n;

          n_used += used->len;
          n_left_out += untouched->len;
          g_assert_true (page + 1 == n_pages || used->len == n_cells);
          bw_sheet_get_page_labels (sheet, n_labels, page, &first, &n);
          g_assert_cmpuint (n, >, 0);
          g_assert_true (first == next || (first + 1 == next && copies > 1));
          next = first + n;
        }
      g_assert_cmpuint (next, ==, n_labels);
      g_assert_cmpuint (n_used - n_left_out, ==, n_labels * copies);
    }
}

static gboolean
draws_same (BwSheet *one,
            guint    page,
            BwSheet *other,
            guint    other_page)
{
  guchar *bytes[2];
  gboolean same;
  gsize length = 0;
  cairo_surface_t *surfaces[2];

  for (guint i = 0; i < 2; i++)
    {
      cairo_t *cr;

      surfaces[i] = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 600, 850);
      cr = cairo_create (surfaces[i]);
      bw_sheet_draw_page (i == 0 ? one : other, cr, i == 0 ? page : other_page, FALSE);
      cairo_destroy (cr);
      cairo_surface_flush (surfaces[i]);
      bytes[i] = cairo_image_surface_get_data (surfaces[i]);
      length = (gsize) cairo_image_surface_get_stride (surfaces[i]) * 850;
    }
  same = memcmp (bytes[0], bytes[1], length) == 0;
  cairo_surface_destroy (surfaces[0]);
  cairo_surface_destroy (surfaces[1]);

  return same;
}

/* A page drawn from its own labels alone is the page of the whole job. */
static void
test_part_of_job (void)
{
  g_autoptr(BwSheet) whole = new_sheet ("L7160", 60, 5);

  set_options (whole, 3, TRUE, "8");
  for (guint page = 0; page < bw_sheet_get_n_pages (whole); page++)
    {
      g_autoptr(BwSheet) part = bw_sheet_new (bw_stock_find ("L7160", NULL), "Winter", NULL, 60, 0, 5, NULL);
      guint first, n;

      set_options (part, 3, TRUE, "8");
      bw_sheet_get_page_labels (whole, 60, page, &first, &n);
      bw_sheet_set_first (part, first);
      for (guint i = first; i < first + n; i++)
        {
          g_autofree char *id = g_strdup_printf ("k3m9-t2xw-%04u-7hnc", i);

          g_assert_true (bw_sheet_add (part, id, i + 1, NULL));
        }
      g_assert_true (draws_same (whole, page, part, page));
      g_assert_true (page == 0 || !draws_same (whole, page - 1, part, page));
    }
}

static void
check_refused (BwSheet        *sheet,
               BwSheetOptions  options,
               int             code,
               const char     *sentence)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (bw_sheet_set_options (sheet, &options, &error));
  g_assert_error (error, BW_ERROR, code);
  g_assert_cmpstr (error->message, ==, sentence);
}

static void
test_refused (void)
{
  static const guint all[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21 };
  static const guint beyond[] = { 22 };
  static const guint zero[] = { 0 };
  g_autoptr(BwSheet) sheet = new_sheet ("L7160", 1001, 20);
  g_autoptr(GError) error = NULL;
  const BwSheetOptions good = BW_SHEET_OPTIONS_INIT;
  BwSheetOptions options = good;

  options.copies = 0;
  check_refused (sheet, options, BW_ERROR_INVALID, "there are 1 to 1000 copies of a label");
  options.copies = 1001;
  check_refused (sheet, options, BW_ERROR_INVALID, "there are 1 to 1000 copies of a label");
  options.copies = 1000;
  check_refused (sheet, options, BW_ERROR_TOO_LARGE, "more than 1000000 labels in one print job");

  options = good;
  options.skipped = all;
  options.n_skipped = 21;
  check_refused (sheet, options, BW_ERROR_INVALID, "no label of the first sheet is left to print on");
  options.skipped = all + 19;
  options.n_skipped = 2;      /* the rest lies before the start */
  check_refused (sheet, options, BW_ERROR_INVALID, "no label of the first sheet is left to print on");
  options.skipped = beyond;
  options.n_skipped = 1;
  check_refused (sheet, options, BW_ERROR_INVALID, "“L7160” has the labels 1 to 21, so 22 cannot be skipped");
  options.skipped = zero;
  check_refused (sheet, options, BW_ERROR_INVALID, "“L7160” has the labels 1 to 21, so 0 cannot be skipped");

  options = good;
  options.calibration.dx = 20.5;
  check_refused (sheet, options, BW_ERROR_INVALID, "a calibration moves by at most 20 mm");
  options.calibration.dx = NAN;
  check_refused (sheet, options, BW_ERROR_INVALID, "a calibration moves by at most 20 mm");
  options = good;
  options.calibration.scale_y = 0.5;
  check_refused (sheet, options, BW_ERROR_INVALID,
                 "a ruler that came out more than a tenth too long or too short was scaled by the print dialog; "
                 "print at 100 % instead");
  options = good;
  options.calibration.degrees = -6;
  check_refused (sheet, options, BW_ERROR_INVALID, "a calibration turns by at most 5°");
  options = good;
  options.calibration.dx = 15;
  check_refused (sheet, options, BW_ERROR_INVALID,
                 "with this calibration labels of “L7160” would be printed beyond the edge of the paper");

  /* what was refused changed nothing; and copies count when labels come later */
  g_assert_cmpuint (bw_sheet_get_n_pages (sheet), ==, 49);
  g_clear_object (&sheet);
  sheet = new_sheet ("L7160", 0, 1);
  options = good;
  options.copies = 1000;
  g_assert_true (bw_sheet_set_options (sheet, &options, NULL));
  for (guint i = 0; i < 1000; i++)
    g_assert_true (bw_sheet_add (sheet, "k3m9-t2xw-0001-7hnc", 1, NULL));
  g_assert_false (bw_sheet_add (sheet, "k3m9-t2xw-0001-7hnc", 1, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_TOO_LARGE);
}

static void
test_number_list (void)
{
  static const struct { const char *text, *same; } good[] = {
    { "1", "1" }, { "1-5, 9, 12", "1-5, 9, 12" }, { " 12 9;1–3\n2 ", "1-3, 9, 12" }, { "20,19,18", "18-20" }, { "3,3,3-3", "3" },
  };
  static const char * const bad[] = { "", " , ", "0", "21", "5-3", "1-", "-1", "a", "1-5x", "1.5", "99999999999999999999", "1-99", "\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GArray) numbers = bw_number_list_parse (good[i].text, 20, &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = bw_number_list_to_text (numbers);
      g_assert_cmpstr (text, ==, good[i].same);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("“%s”", bad[i]);
      g_assert_null (bw_number_list_parse (bad[i], 20, &error));
      g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static char *
kept_path (const char *name)
{
  return g_build_filename (g_get_user_config_dir (), "bellwether", name, NULL);
}

static void
check_sheets (const char *stock,
              const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) sheets = bw_part_sheet_list (stock != NULL ? bw_stock_find (stock, NULL) : NULL, &error);
  g_autoptr(GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < sheets->len; i++)
    {
      const BwPartSheet *sheet = g_ptr_array_index (sheets, i);
      g_autofree char *used = bw_number_list_to_text (sheet->used);

      g_string_append_printf (text, "%s%u %s %s: %s", i > 0 ? "; " : "", sheet->number, sheet->stock, sheet->name, used);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
note (const char *stock,
      guint       n_labels,
      const char *skip,
      const char *name,
      guint       continued)
{
  g_autoptr(BwSheet) sheet = new_sheet (stock, n_labels, 1);
  g_autoptr(GError) error = NULL;

  set_options (sheet, 1, FALSE, skip);
  bw_part_sheet_note_job (sheet, name, continued, &error);
  g_assert_no_error (error);
}

static void
test_part_sheets (void)
{
  g_autofree char *path = kept_path ("sheets.json");
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  g_unlink (path);
  check_sheets (NULL, "");
  note ("L7160", 25, NULL, "Spring", 0);
  check_sheets (NULL, "1 L7160 Spring: 1-4");
  note ("5160", 3, "1", "Summer", 0);
  note ("roll-50x25", 3, NULL, "Roll", 0);
  check_sheets (NULL, "2 5160 Summer: 1-4; 1 L7160 Spring: 1-4");
  check_sheets ("L7160", "1 L7160 Spring: 1-4");

  /* goes on there: the same sheet; then over its end: another one; then nothing is left */
  note ("L7160", 2, "1-4", "Autumn", 1);
  check_sheets ("L7160", "1 L7160 Autumn: 1-6");
  note ("L7160", 17, "1-6", "Winter", 1);
  check_sheets ("L7160", "3 L7160 Winter: 1-2");
  note ("L7160", 19, "1-2", "Winter", 3);
  check_sheets (NULL, "2 5160 Summer: 1-4");
  note ("L7160", 21, NULL, "Whole", 0);
  check_sheets ("L7160", "");

  g_assert_false (bw_part_sheet_forget (9, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (bw_part_sheet_forget (2, NULL));
  check_sheets (NULL, "");
  note ("L7160", 1, NULL, "A", 0);
  note ("L7160", 2, NULL, "B", 0);
  check_sheets (NULL, "2 L7160 B: 1-2; 1 L7160 A: 1");
  g_assert_true (bw_part_sheet_forget (0, NULL));
  check_sheets (NULL, "");

  /* what is damaged is said and kept; a single entry that makes no sense is left out */
  g_assert_true (g_file_set_contents (path, "{\"items\":[", -1, NULL));
  g_assert_null (bw_part_sheet_list (NULL, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_true (g_str_has_suffix (error->message, "sheets.json” is damaged; mend it or delete it"));
  g_clear_error (&error);
  g_assert_false (bw_part_sheet_forget (0, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "{\"items\":[");
  g_assert_true (g_file_set_contents (path, "{\"items\":[7, {\"number\":1,\"stock\":\"L7160\",\"name\":\"x\",\"cells\":21,"
                                            "\"used\":\"1-99\"}, {\"number\":4,\"stock\":\"L7160\",\"name\":\"y\",\"cells\":21,"
                                            "\"used\":\"3\"}]}", -1, NULL));
  check_sheets (NULL, "4 L7160 y: 3");
  g_unlink (path);
}

static gpointer
note_often (gpointer data)
{
  for (guint i = 0; i < 20; i++)
    note ("L7160", 1, NULL, data, 0);

  return NULL;
}

/* Two programs at once: nothing is lost. */
static void
test_at_once (void)
{
  GThread *one = g_thread_new ("one", note_often, (gpointer) "one");
  GThread *two = g_thread_new ("two", note_often, (gpointer) "two");
  g_autoptr(GPtrArray) sheets = NULL;

  g_thread_join (one);
  g_thread_join (two);
  sheets = bw_part_sheet_list (NULL, NULL);
  g_assert_cmpuint (sheets->len, ==, 40);
  g_assert_true (bw_part_sheet_forget (0, NULL));
}

static void
test_calibrations (void)
{
  BwCalibration wanted = { 0.5, -0.25, 1.002, 0.998, 0.1 };
  BwCalibration got;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) all = NULL;

  g_assert_true (bw_calibration_load ("Office", "L7160", &got, NULL));
  g_assert_true (bw_calibration_is_none (&got));
  g_assert_true (bw_calibration_save ("Office", "L7160", &wanted, NULL));
  g_assert_true (bw_calibration_save ("Office “2”", "5160", &wanted, NULL));
  wanted.dx = 0.75;
  g_assert_true (bw_calibration_save ("Office", "L7160", &wanted, NULL));
  g_assert_true (bw_calibration_load ("Office", "L7160", &got, NULL));
  g_assert_cmpfloat (got.dx, ==, 0.75);
  g_assert_cmpfloat (got.dy, ==, -0.25);
  g_assert_cmpfloat (got.scale_x, ==, 1.002);
  g_assert_cmpfloat (got.scale_y, ==, 0.998);
  g_assert_cmpfloat (got.degrees, ==, 0.1);
  g_assert_true (bw_calibration_load ("Office", "5160", &got, NULL));
  g_assert_true (bw_calibration_is_none (&got));

  all = bw_calibration_list (NULL);
  g_assert_cmpuint (all->len, ==, 2);
  g_clear_pointer (&all, g_ptr_array_unref);

  /* none is forgotten */
  g_assert_true (bw_calibration_save ("Office", "L7160", &(BwCalibration) BW_CALIBRATION_INIT, NULL));
  all = bw_calibration_list (NULL);
  g_assert_cmpuint (all->len, ==, 1);

  wanted.scale_x = 2;
  g_assert_false (bw_calibration_save ("Office", "L7160", &wanted, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (bw_calibration_save ("a\nb", "L7160", &got, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_cmpfloat_with_epsilon (bw_calibration_scale_for (100, 99.5), 100 / 99.5, 1e-12);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = g_dir_make_tmp ("bw-places-XXXXXX", NULL);
  g_autofree char *kept = NULL;
  int status;

  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sheet/places/used", test_used);
  g_test_add_func ("/sheet/places/properties", test_properties);
  g_test_add_func ("/sheet/places/part-of-job", test_part_of_job);
  g_test_add_func ("/sheet/places/refused", test_refused);
  g_test_add_func ("/sheet/number-list", test_number_list);
  g_test_add_func ("/sheet/part-sheets", test_part_sheets);
  g_test_add_func ("/sheet/part-sheets/at-once", test_at_once);
  g_test_add_func ("/sheet/calibrations", test_calibrations);

  status = g_test_run ();
  for (const char * const *name = (const char *[]) { "sheets.json", "sheets.json.lock", "printers.json", "printers.json.lock", NULL };
       *name != NULL; name++)
    {
      g_autofree char *path = kept_path (*name);

      g_unlink (path);
    }
  kept = kept_path ("");
  g_rmdir (kept);
  g_rmdir (folder);

  return status;
}
