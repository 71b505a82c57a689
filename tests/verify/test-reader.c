/* test-reader.c: faults on paper, found in its scan
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-test-sheets.h"

#include <glib/gstdio.h>
#include <string.h>

#include "bw-error.h"
#include "bw-scan-file.h"
#include "bw-test.h"

/* What ought to be found: cells of the sheet, by verdict. */
typedef struct
{
  guint  missing[4];
  guint  unreadable[4];
  guint  duplicate[4];
  guint  swapped[4];
  char  *foreign;         /* (owned) (nullable) */
} Faults;

#define NONE G_MAXUINT

static BwLabelReader *
create_reader (const BwStock *stock,
               guint          n_ids)
{
  g_autoptr(GError) error = NULL;
  BwLabelReader *reader = bw_label_reader_new (stock, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n_ids; i++)
    {
      g_autofree char *id = bw_test_make_id (i);

      g_assert_true (bw_label_reader_add (reader, id, NULL));
    }

  return reader;
}

static void
check_list (GPtrArray   *list,
            const guint  wanted[4],
            const char  *name)
{
  guint n = 0;

  while (n < 4 && wanted[n] != NONE)
    {
      g_autofree char *id = bw_test_make_id (wanted[n]);

      if (!g_ptr_array_find_with_equal_func (list, id, g_str_equal, NULL))
        g_test_message ("%s: %s of label %u is not there", name, id, wanted[n]);
      g_assert_true (g_ptr_array_find_with_equal_func (list, id, g_str_equal, NULL));
      n++;
    }

  if (list->len != n)
    {
      for (guint i = 0; i < list->len; i++)
        g_test_message ("%s: %s", name, (char *) g_ptr_array_index (list, i));
    }
  g_assert_cmpuint (list->len, ==, n);
}

static void
check (BwLabelReader *reader,
       const Faults  *faults,
       guint          n_confirmed)
{
  g_autoptr(BwLabelReport) report = bw_label_reader_judge (reader);

  for (guint i = 0; g_test_verbose () && i < BW_LABEL_N_LISTS; i++)
    {
      for (guint j = 0; i != BW_LABEL_CONFIRMED && j < report->lists[i]->len; j++)
        g_test_message ("%s: %s", bw_label_verdict_to_nick (i), (char *) g_ptr_array_index (report->lists[i], j));
    }

  check_list (report->lists[BW_LABEL_MISSING], faults->missing, "missing");
  check_list (report->lists[BW_LABEL_UNREADABLE], faults->unreadable, "unreadable");
  check_list (report->lists[BW_LABEL_DUPLICATE], faults->duplicate, "duplicate");
  check_list (report->lists[BW_LABEL_SWAPPED], faults->swapped, "swapped");
  g_assert_cmpuint (report->lists[BW_LABEL_FOREIGN]->len, ==, faults->foreign != NULL ? 1 : 0);
  if (faults->foreign != NULL)
    g_assert_cmpstr (g_ptr_array_index (report->lists[BW_LABEL_FOREIGN], 0), ==, faults->foreign);
  g_assert_cmpuint (report->lists[BW_LABEL_CONFIRMED]->len, ==, n_confirmed);
}

/* Five of them, and what follows: the labels that were pasted over are read nowhere. */
static void
inject (BwGray        *image,
        const BwStock *stock,
        Faults        *ret_faults)
{
  guint n = bw_stock_get_n_cells (stock);
  g_autoptr(BwSheet) other = bw_test_sheet_new (stock, 5000, n, 1);
  g_autoptr(BwGray) other_image = bw_test_sheet_render (other, 0);
  g_autofree char *foreign = bw_test_make_id (5000 + n / 2);
  char code[BW_DEVICE_CODE_SIZE];

  g_assert_cmpuint (n, >=, 10);
  bw_test_blank (image, stock, n - 1);
  bw_test_smear (image, stock, 1);
  bw_test_paste (image, stock, 4, image, n - 3);
  bw_test_swap (image, stock, 0, n / 2 + 1);
  bw_test_paste (image, stock, n / 2, other_image, n / 2);
  bw_device_id_to_code (foreign, code);

  *ret_faults = (Faults) {
    .missing = { n - 1, 4, n / 2, NONE },
    .unreadable = { 1, NONE },
    .duplicate = { n - 3, NONE },
    .swapped = { 0, n / 2 + 1, NONE },
    .foreign = g_strdup (code),
  };
}

/* At such an angle nothing is said rather than something wrong. */
static void
test_too_skewed (void)
{
  const BwStock *stock = bw_stock_find ("L7651", NULL);
  g_autoptr(BwSheet) sheet = bw_test_sheet_new (stock, 0, 65, 1);
  g_autoptr(BwGray) printed = bw_test_sheet_render (sheet, 0);
  g_autoptr(BwGray) smaller = bw_test_transform (printed, 0, 0, 0, 0.85, 300);
  static const double tilts[] = { 15, -17, 20 };

  for (guint i = 0; i < G_N_ELEMENTS (tilts); i++)
    {
      g_autoptr(BwLabelReader) reader = create_reader (stock, 65);
      g_autoptr(BwGray) image = bw_test_tilt (smaller, 0, tilts[i]);
      g_autoptr(BwLabelReport) report = NULL;

      g_assert_true (bw_label_reader_read_gray (reader, image, NULL, NULL));
      report = bw_label_reader_judge (reader);
      g_test_message ("%.0f°: %s, %u confirmed, %u swapped", tilts[i], report->skewed->len == 0 ? "was read" : "skewed",
                      report->lists[BW_LABEL_CONFIRMED]->len, report->lists[BW_LABEL_SWAPPED]->len);
      g_assert_cmpuint (report->lists[BW_LABEL_SWAPPED]->len + report->lists[BW_LABEL_DUPLICATE]->len, ==, 0);
      g_assert_cmpuint (report->skewed->len + report->pages->len + report->n_unplaced, ==, 1);
    }
}

typedef enum { AS_GRAY, AS_JPEG, AS_PNG } Way;

typedef struct
{
  const char *stock;
  const char *name;
  double      dx, dy, degrees, scale, dpi;
  guint       n_blurs;
  int         noise;
  gboolean    has_gain;
  Way         way;
  double      tilt_x, tilt_y;
} Scan;

static const Scan scans[] = {
  { "L7651", "plain", .dpi = 300, .scale = 1 },
  { "L7651", "plain-png", .dpi = 300, .scale = 1, .way = AS_PNG },
  { "L7651", "shifted", 3, -3, .dpi = 300, .scale = 1 },
  { "L7651", "turned-right", 0, 0, 1.5, .dpi = 300, .scale = 1 },
  { "L7651", "turned-left", 1, 2, -2, .dpi = 300, .scale = 1 },
  { "L7651", "askew", -1, 2, 2.5, .dpi = 300, .scale = 0.96 },
  { "L7651", "upside-down", 2, 1, 180, .dpi = 300, .scale = 1 },
  { "L7651", "upside-down-askew", 2, 1, 178.5, .dpi = 300, .scale = 1.01 },
  { "L7651", "blurred", .dpi = 300, .scale = 1, .n_blurs = 2 },
  { "L7651", "noisy", .dpi = 300, .scale = 1, .noise = 25 },
  { "L7651", "jpeg", 1, 1, 0.7, .dpi = 300, .scale = 1, .way = AS_JPEG },
  { "L7651", "gain", .dpi = 300, .scale = 1, .has_gain = TRUE },
  { "L7651", "all-at-once", 3, 2, -1.5, 0.99, 300, 1, 10, TRUE, AS_JPEG },
  { "L7651", "200-dpi", 1, 1, 1, .dpi = 200, .scale = 1 },
  { "L7651", "150-dpi", 1, 1, 0.5, .dpi = 150, .scale = 1 },
  { "L7651", "600-dpi", 1, 1, 1, .dpi = 600, .scale = 1 },
  { "L4731", "189-up", 2, 2, 1, .dpi = 300, .scale = 1 },
  { "L4731", "189-up-far", 4, 6, -2, .dpi = 300, .scale = 1 },
  { "L4731", "189-up-200-dpi", 1, 1, 0.5, .dpi = 200, .scale = 1 },
  { "4386", "round", 2, -2, 1, .dpi = 300, .scale = 1 },
  { "L7670", "round-large", 2, -2, -2, .dpi = 300, .scale = 1 },
  { "3474", "edge-to-edge", 1, 1, 1, .dpi = 300, .scale = 1 },
  { "5160", "letter", 2, 1, -1, .dpi = 300, .scale = 1 },
  { "5167", "letter-80-up", 2, 1, 1.5, .dpi = 200, .scale = 1 },
  { "L7160", "large", 3, 3, 2, .dpi = 150, .scale = 1 },
  { "L7651", "photo-tilted-back", .dpi = 300, .scale = 1, .tilt_y = 10 },
  { "L7651", "photo-tilted-aside", .dpi = 300, .scale = 1, .tilt_x = -10 },
  { "L7651", "photo-tilted-both", .dpi = 300, .scale = 0.9, .degrees = 1, .tilt_x = 6, .tilt_y = 6 },
  { "L7160", "photo-tilted-large", .dpi = 300, .scale = 1, .tilt_x = 4, .tilt_y = -10 },
};

static void
read_by (BwLabelReader *reader,
         BwGray        *image,
         Way            way)
{
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  if (way == AS_GRAY)
    bw_label_reader_read_gray (reader, image, NULL, &error);
  else
    {
      folder = bw_test_make_dir ();
      path = g_build_filename (folder, "scan", NULL);
      bw_test_save (image, path, way == AS_JPEG ? "jpeg" : "png");
      bw_label_reader_read_file (reader, path, NULL, NULL, NULL, &error);
      bw_test_remove_dir (folder);
    }
  g_assert_no_error (error);
}

static void
test_faults (gconstpointer data)
{
  const Scan *scan = data;
  const BwStock *stock = bw_stock_find (scan->stock, NULL);
  guint n = bw_stock_get_n_cells (stock);
  g_autoptr(BwSheet) sheet = bw_test_sheet_new (stock, 0, n, 1);
  g_autoptr(BwGray) printed = bw_test_sheet_render (sheet, 0);
  g_autoptr(BwLabelReader) reader = create_reader (stock, n);
  g_autoptr(BwGray) image = NULL;
  Faults faults;
  gint64 begun;

  inject (printed, stock, &faults);
  image = bw_test_transform (printed, scan->dx, scan->dy, scan->degrees, scan->scale, scan->dpi);
  if (scan->tilt_x != 0 || scan->tilt_y != 0)
    {
      BwGray *tilted = bw_test_tilt (image, scan->tilt_x, scan->tilt_y);

      bw_gray_free (image);
      image = tilted;
    }
  if (scan->has_gain)
    bw_test_gain (image);
  bw_test_blur (image, scan->n_blurs);
  if (scan->noise > 0)
    bw_test_noise (image, scan->noise);

  begun = g_get_monotonic_time ();
  read_by (reader, image, scan->way);
  g_test_message ("%u cells in %.3f s", n, (double) (g_get_monotonic_time () - begun) / G_USEC_PER_SEC);
  check (reader, &faults, n - 7);
  g_free (faults.foreign);
}

static void
check_ids (BwLabelReport  *report,
           BwLabelVerdict  verdict,
           guint           first,
           guint           n)
{
  GPtrArray *list = report->lists[verdict];

  g_test_message ("%s: %u", bw_label_verdict_to_nick (verdict), list->len);
  g_assert_cmpuint (list->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = bw_test_make_id (first + i);

      g_assert_cmpstr (g_ptr_array_index (list, i), ==, id);
    }
}

static void
add_page (BwLabelReader *reader,
          BwSheet       *sheet,
          guint          page)
{
  g_autoptr(BwGray) image = bw_test_sheet_render (sheet, page);

  g_assert_true (bw_label_reader_read_gray (reader, image, NULL, NULL));
}

/* The second sheet of a job that began in the middle of the first one, and nobody says so. */
static void
test_second_sheet (void)
{
  const BwStock *stock = bw_stock_find ("L7160", NULL);
  g_autoptr(BwSheet) sheet = bw_test_sheet_new (stock, 10, 30, 6);
  g_autoptr(BwLabelReader) reader = create_reader (stock, 100);
  g_autoptr(BwLabelReport) report = NULL;
  const BwLabelCell *cell;

  bw_label_reader_set_job (reader, 10, 30, 0);
  add_page (reader, sheet, 1);
  report = bw_label_reader_judge (reader);

  check_ids (report, BW_LABEL_CONFIRMED, 26, 14);
  check_ids (report, BW_LABEL_MISSING, 0, 0);
  g_assert_true (bw_label_report_is_clean (report));
  g_assert_cmpuint (report->pages->len, ==, 1);

  cell = &g_array_index ((GArray *) g_ptr_array_index (report->pages, 0), BwLabelCell, 13);
  g_assert_cmpint (cell->verdict, ==, BW_LABEL_CONFIRMED);
  cell = &g_array_index ((GArray *) g_ptr_array_index (report->pages, 0), BwLabelCell, 14);
  g_assert_cmpint (cell->verdict, ==, BW_LABEL_UNUSED);
  g_assert_null (cell->text);
}

/* The first one, before its start: blank cells there are nobody's. */
static void
test_start (void)
{
  const BwStock *stock = bw_stock_find ("L7160", NULL);
  g_autoptr(BwSheet) sheet = bw_test_sheet_new (stock, 10, 30, 6);
  g_autoptr(BwGray) image = bw_test_sheet_render (sheet, 0);
  g_autoptr(BwLabelReader) reader = create_reader (stock, 100);
  g_autoptr(BwLabelReport) report = NULL;

  bw_test_blank (image, stock, 5);
  bw_label_reader_set_job (reader, 10, 30, 6);
  g_assert_true (bw_label_reader_read_gray (reader, image, NULL, NULL));
  report = bw_label_reader_judge (reader);
  check_ids (report, BW_LABEL_CONFIRMED, 11, 15);
  check_ids (report, BW_LABEL_MISSING, 10, 1);
  g_assert_cmpuint (report->failed->len, ==, 1);
  g_assert_cmpuint (g_array_index (report->failed, guint, 0), ==, 10);
}

/* Three labels at the end of a sheet's first row, far up in the picture. */
static void
test_few_labels (void)
{
  const BwStock *stock = bw_stock_find ("L7651", NULL);
  g_autoptr(BwSheet) sheet = bw_test_sheet_new (stock, 0, 3, 3);
  g_autoptr(BwLabelReader) reader = create_reader (stock, 3);
  g_autoptr(BwLabelReport) report = NULL;

  add_page (reader, sheet, 0);
  report = bw_label_reader_judge (reader);
  check_ids (report, BW_LABEL_CONFIRMED, 0, 3);
  g_assert_true (bw_label_report_is_clean (report));
}

/* A better scan of the same sheet mends what the first one did not show. */
static void
test_again (void)
{
  const BwStock *stock = bw_stock_find ("L7160", NULL);
  g_autoptr(BwSheet) sheet = bw_test_sheet_new (stock, 0, 21, 1);
  g_autoptr(BwGray) image = bw_test_sheet_render (sheet, 0);
  g_autoptr(BwLabelReader) reader = create_reader (stock, 21);
  g_autoptr(BwLabelReport) report = NULL;

  bw_test_smear (image, stock, 7);
  g_assert_true (bw_label_reader_read_gray (reader, image, NULL, NULL));
  report = bw_label_reader_judge (reader);
  check_ids (report, BW_LABEL_UNREADABLE, 7, 1);
  g_clear_pointer (&report, bw_label_report_free);

  add_page (reader, sheet, 0);
  report = bw_label_reader_judge (reader);
  check_ids (report, BW_LABEL_CONFIRMED, 0, 21);
  g_assert_true (bw_label_report_is_clean (report));
}

/* A label a page: their order comes from all of them, and a smeared one has its place in it. */
static void
test_roll (gconstpointer data)
{
  const BwStock *stock = bw_stock_find (data, NULL);
  g_autoptr(BwSheet) sheet = bw_test_sheet_new (stock, 5, 8, 1);
  g_autoptr(BwLabelReader) reader = create_reader (stock, 20);
  g_autoptr(BwLabelReport) report = NULL;

  for (guint i = 0; i < 8; i++)
    {
      g_autoptr(BwGray) image = bw_test_sheet_render (sheet, i == 5 ? 6 : i == 6 ? 5 : i);
      g_autoptr(BwGray) turned = bw_test_transform (image, 0.3, -0.3, i * 0.5, 1, 300);

      if (i == 2)
        bw_test_smear (turned, stock, 0);
      if (i == 3)
        bw_test_blank (turned, stock, 0);
      g_assert_true (bw_label_reader_read_gray (reader, turned, NULL, NULL));
    }

  report = bw_label_reader_judge (reader);
  check_ids (report, BW_LABEL_UNREADABLE, 7, 1);
  check_ids (report, BW_LABEL_MISSING, 8, 1);
  check_ids (report, BW_LABEL_SWAPPED, 10, 2);
  g_assert_cmpuint (report->lists[BW_LABEL_CONFIRMED]->len, ==, 4);
}

/* A link that ends in the ID is as good as the ID; what is neither is shown as it is. */
static void
test_links (void)
{
  const BwStock *stock = bw_stock_find ("L7160", NULL);
  g_autoptr(BwSheet) sheet = bw_test_sheet_new (stock, 0, 21, 1);
  g_autoptr(BwGray) image = bw_test_sheet_render (sheet, 0);
  g_autoptr(BwLabelReader) reader = create_reader (stock, 21);
  g_autoptr(BwLabelReport) report = NULL;
  g_autofree char *id = bw_test_make_id (4);
  g_autofree char *link = NULL;
  g_autofree char *text = g_strnfill (150, 'x');
  g_autofree char *long_text = g_strconcat ("Grüße aus dem Wäldchen ", text, NULL);
  char code[BW_DEVICE_CODE_SIZE];

  bw_device_id_to_code (id, code);
  link = g_strconcat ("https://example.com/d/", code, NULL);
  bw_test_put_code (image, stock, 4, link);
  bw_test_put_code (image, stock, 9, "https://example.com/d/");
  bw_test_put_code (image, stock, 10, long_text);

  g_assert_true (bw_label_reader_read_gray (reader, image, NULL, NULL));
  report = bw_label_reader_judge (reader);
  g_assert_cmpuint (report->lists[BW_LABEL_CONFIRMED]->len, ==, 19);
  check_ids (report, BW_LABEL_MISSING, 9, 2);
  g_assert_cmpuint (report->lists[BW_LABEL_FOREIGN]->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (report->lists[BW_LABEL_FOREIGN], 0), ==, "https://example.com/d/");
  g_assert_true (g_utf8_validate (g_ptr_array_index (report->lists[BW_LABEL_FOREIGN], 1), -1, NULL));
}

/* Pictures of something else: nothing is found, and nothing is invented. */
static void
test_no_codes (void)
{
  const BwStock *stock = bw_stock_find ("L7651", NULL);
  g_autoptr(BwLabelReader) reader = create_reader (stock, 65);
  g_autoptr(BwGray) blank = bw_gray_new (2480, 3508);
  g_autoptr(BwGray) noise = bw_gray_new (1500, 1000);
  g_autoptr(BwGray) dot = bw_gray_new (1, 1);
  g_autoptr(BwGray) line = bw_gray_new (5000, 2);
  g_autoptr(BwLabelReport) report = NULL;

  memset (blank->pixels, 255, (gsize) blank->width * blank->height);
  memset (noise->pixels, 128, (gsize) noise->width * noise->height);
  memset (line->pixels, 0, (gsize) line->width * line->height);
  dot->pixels[0] = 0;
  bw_test_noise (noise, 60);
  bw_test_blur (noise, 1);

  g_assert_true (bw_label_reader_read_gray (reader, blank, NULL, NULL));
  g_assert_true (bw_label_reader_read_gray (reader, noise, NULL, NULL));
  g_assert_true (bw_label_reader_read_gray (reader, dot, NULL, NULL));
  g_assert_true (bw_label_reader_read_gray (reader, line, NULL, NULL));

  report = bw_label_reader_judge (reader);
  g_assert_cmpuint (report->n_unplaced, ==, 4);
  g_assert_cmpuint (report->pages->len, ==, 0);
  for (guint i = 0; i < BW_LABEL_N_LISTS; i++)
    g_assert_cmpuint (report->lists[i]->len, ==, 0);
  g_assert_false (bw_label_report_is_clean (report));
}

/* It costs no other page. */
static void
test_skewed_among_others (void)
{
  const BwStock *stock = bw_stock_find ("L7651", NULL);
  g_autoptr(BwSheet) sheet = bw_test_sheet_new (stock, 0, 65, 1);
  g_autoptr(BwGray) printed = bw_test_sheet_render (sheet, 0);
  g_autoptr(BwGray) smaller = bw_test_transform (printed, 0, 0, 0, 0.85, 300);
  g_autoptr(BwGray) skewed = bw_test_tilt (smaller, 0, 20);
  g_autoptr(BwLabelReader) reader = create_reader (stock, 65);
  g_autoptr(BwLabelReport) report = NULL;
  g_autofree char *folder = bw_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "skewed.png", NULL);
  const BwLabelPage *page;

  bw_test_save (skewed, path, "png");
  g_assert_true (bw_label_reader_read_file (reader, path, NULL, NULL, NULL, NULL));
  g_assert_true (bw_label_reader_read_gray (reader, printed, NULL, NULL));
  report = bw_label_reader_judge (reader);
  check_ids (report, BW_LABEL_CONFIRMED, 0, 65);
  g_assert_false (bw_label_report_is_clean (report));
  g_assert_cmpuint (report->skewed->len, ==, 1);
  page = g_ptr_array_index (report->skewed, 0);
  g_assert_cmpstr (page->file_name, ==, path);
  g_assert_cmpuint (page->number, ==, 1);
  bw_test_remove_dir (folder);
}

/* Said to be another stock than it is: no label is called confirmed. */
static void
test_other_stock (void)
{
  const BwStock *stock = bw_stock_find ("L7160", NULL);
  g_autoptr(BwSheet) sheet = bw_test_sheet_new (stock, 0, 21, 1);
  g_autoptr(BwLabelReader) reader = create_reader (bw_stock_find ("L7651", NULL), 65);
  g_autoptr(BwLabelReport) report = NULL;

  add_page (reader, sheet, 0);
  report = bw_label_reader_judge (reader);
  g_assert_false (bw_label_report_is_clean (report));
}

/* A picture that holds the sheet and half a table, and one that holds half of the sheet. */
static void
test_other_frame (void)
{
  const BwStock *stock = bw_stock_find ("L7160", NULL);
  g_autoptr(BwSheet) sheet = bw_test_sheet_new (stock, 0, 21, 1);
  g_autoptr(BwGray) image = bw_test_sheet_render (sheet, 0);
  g_autoptr(BwGray) wide = bw_gray_new (image->width + 700, image->height + 300);
  g_autoptr(BwGray) half = bw_gray_new (image->width, image->height / 2);
  g_autoptr(BwLabelReader) reader = create_reader (stock, 21);
  g_autoptr(BwLabelReport) report = NULL;
  cairo_matrix_t move;

  cairo_matrix_init_translate (&move, -650, -250);
  bw_gray_sample (wide, image, &move);
  g_assert_true (bw_label_reader_read_gray (reader, wide, NULL, NULL));
  report = bw_label_reader_judge (reader);
  check_ids (report, BW_LABEL_CONFIRMED, 0, 21);
  g_clear_pointer (&report, bw_label_report_free);
  g_clear_object (&reader);

  reader = create_reader (stock, 21);
  cairo_matrix_init_identity (&move);
  bw_gray_sample (half, image, &move);
  bw_label_reader_set_job (reader, 0, 21, 1);
  g_assert_true (bw_label_reader_read_gray (reader, half, NULL, NULL));
  report = bw_label_reader_judge (reader);
  check_ids (report, BW_LABEL_CONFIRMED, 0, 9);
}

static void
test_cancel (void)
{
  const BwStock *stock = bw_stock_find ("L7651", NULL);
  g_autoptr(BwSheet) sheet = bw_test_sheet_new (stock, 0, 65, 1);
  g_autoptr(BwGray) image = bw_test_sheet_render (sheet, 0);
  g_autoptr(BwLabelReader) reader = create_reader (stock, 65);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(BwLabelReport) report = NULL;
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (bw_label_reader_read_gray (reader, image, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  report = bw_label_reader_judge (reader);
  g_assert_cmpuint (report->pages->len, ==, 0);
}

/* Reading takes ten times as long under a sanitizer, and every scan goes through the same memory. */
#ifdef __SANITIZE_ADDRESS__
#define STRIDE 7
#else
#define STRIDE 1
#endif

/* Every stock that we know, turned a little. */
static void
test_every_stock (void)
{
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);

  for (guint i = 0; i < n_stocks; i += STRIDE)
    {
      guint n_cells = bw_stock_get_n_cells (stocks[i]);
      g_autoptr(BwSheet) sheet = bw_test_sheet_new (stocks[i], 0, n_cells, 1);
      g_autoptr(BwGray) image = bw_test_sheet_render (sheet, 0);
      g_autoptr(BwGray) turned = bw_test_transform (image, 0.5, -0.5, i % 2 == 0 ? 0.8 : 180.8, 1, 300);
      g_autoptr(BwLabelReader) reader = create_reader (stocks[i], n_cells);
      g_autoptr(BwLabelReport) report = NULL;

      g_test_message ("%s", stocks[i]->name);
      g_assert_true (bw_label_reader_read_gray (reader, turned, NULL, NULL));
      report = bw_label_reader_judge (reader);
      check_ids (report, BW_LABEL_CONFIRMED, 0, n_cells);
      g_assert_true (bw_label_report_is_clean (report));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verify/reader/too-skewed", test_too_skewed);
  g_test_add_func ("/verify/reader/skewed-among-others", test_skewed_among_others);

  for (guint i = 0; i < G_N_ELEMENTS (scans); i += STRIDE)
    {
      g_autofree char *path = g_strdup_printf ("/verify/reader/faults/%s-%s", scans[i].stock, scans[i].name);

      g_test_add_data_func (path, &scans[i], test_faults);
    }
  g_test_add_func ("/verify/reader/second-sheet", test_second_sheet);
  g_test_add_func ("/verify/reader/start", test_start);
  g_test_add_func ("/verify/reader/few-labels", test_few_labels);
  g_test_add_func ("/verify/reader/again", test_again);
  g_test_add_data_func ("/verify/reader/roll", "roll-50x25", test_roll);
  g_test_add_data_func ("/verify/reader/roll-turned", "DK-11201", test_roll);
  g_test_add_func ("/verify/reader/links", test_links);
  g_test_add_func ("/verify/reader/no-codes", test_no_codes);
  g_test_add_func ("/verify/reader/other-stock", test_other_stock);
  g_test_add_func ("/verify/reader/other-frame", test_other_frame);
  g_test_add_func ("/verify/reader/cancel", test_cancel);
  g_test_add_func ("/verify/reader/every-stock", test_every_stock);

  return g_test_run ();
}
