/* test-pictures.c: labels one by one: a zip of pictures, and ZPL
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-sheet.h"
#include "bw-test-page.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define N_LABELS   12
#define MAX_BYTES  (4 * 1024 * 1024)

static BwSheet *
new_sheet (const char *stock,
           guint       n_labels)
{
  g_autoptr(GError) error = NULL;
  BwSheet *sheet = bw_sheet_new (bw_stock_find (stock, NULL), "Зима ^FS~JA \\& <&>", "#26a269", n_labels,
                                 G_GINT64_CONSTANT (1790000000000000), 1, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n_labels; i++)
    {
      g_autofree char *id = bw_test_make_id (i);

      g_assert_true (bw_sheet_add (sheet, id, i + 1, NULL));
    }

  return sheet;
}

/* What is in an archive, by its names. */
static GHashTable *
read_zip (const char *path)
{
  GHashTable *files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;

  archive_read_support_format_zip (archive);
  g_assert_cmpint (archive_read_open_filename (archive, path, 65536), ==, ARCHIVE_OK);
  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK)
    {
      char *data = g_malloc (MAX_BYTES);
      la_ssize_t n = archive_read_data (archive, data, MAX_BYTES);

      g_assert_cmpint (n, >, 0);
      g_assert_cmpint (n, <, MAX_BYTES);
      g_assert_true (g_hash_table_insert (files, g_strdup (archive_entry_pathname (entry)),
                                          g_bytes_new_take (g_realloc (data, (gsize) n), (gsize) n)));
      g_assert_cmpint (archive_entry_mtime (entry), ==, 1790000000);
    }
  archive_read_free (archive);

  return files;
}

/* Grey pixels, as large as zbar likes them. */
static char *
scan_pixels (const guchar *grey,
             guint         width,
             guint         height)
{
  BwTestPage page = { .pixels = (guchar *) grey, .width = width, .height = height };
  zbar_image_t *image = bw_test_page_crop (&page, 0, 0, width, height, 2);
  char *text = bw_test_scan (image);

  zbar_image_destroy (image);

  return text;
}

static void
check_code (const char *text,
            guint       n)
{
  g_autofree char *id = bw_test_make_id (n);
  char code[BW_DEVICE_CODE_SIZE];

  bw_device_id_to_code (id, code);
  g_assert_cmpstr (text, ==, code);
}

typedef struct
{
  const char *data;
  gsize       length;
} Reading;

static cairo_status_t
read_cb (void          *closure,
         unsigned char *data,
         unsigned int   length)
{
  Reading *reading = closure;

  if (reading->length < length)
    return CAIRO_STATUS_READ_ERROR;

  memcpy (data, reading->data, length);
  reading->data += length;
  reading->length -= length;

  return CAIRO_STATUS_SUCCESS;
}

static void
check_png (GBytes        *bytes,
           const BwStock *stock,
           guint          n)
{
  Reading reading = { g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes) };
  cairo_surface_t *surface = cairo_image_surface_create_from_png_stream (read_cb, &reading);
  guint width, height;
  g_autofree guchar *grey = NULL;
  g_autofree char *text = NULL;
  double dots = stock->dpi / BW_TEST_MM_PER_INCH;

  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  width = (guint) cairo_image_surface_get_width (surface);
  height = (guint) cairo_image_surface_get_height (surface);
  g_assert_cmpuint (width, ==, (guint) ceil ((stock->is_turned ? stock->height : stock->width) * dots - 1e-6));
  g_assert_cmpuint (height, ==, (guint) ceil ((stock->is_turned ? stock->width : stock->height) * dots - 1e-6));

  grey = g_malloc ((gsize) width * height);
  for (guint y = 0; y < height; y++)
    {
      const guint32 *row = (const guint32 *) (void *) (cairo_image_surface_get_data (surface) +
                                                       (gsize) y * (gsize) cairo_image_surface_get_stride (surface));

      for (guint x = 0; x < width; x++)
        grey[(gsize) y * width + x] = (guchar) ((row[x] >> 8) & 0xff);
    }
  text = scan_pixels (grey, width, height);
  check_code (text, n);
  cairo_surface_destroy (surface);
}

static void
test_png (void)
{
  static const char * const names[] = { "L7160", "L4731", "DK-11201", "roll-50x25", "4386" };
  g_autofree char *folder = g_dir_make_tmp ("bw-pictures-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "labels.zip", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const BwStock *stock = bw_stock_find (names[i], NULL);
      g_autoptr(BwSheet) sheet = new_sheet (names[i], N_LABELS);
      g_autoptr(GHashTable) files = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", names[i]);
      bw_sheet_write_zip (sheet, path, BW_PICTURE_PNG, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      files = read_zip (path);
      g_assert_cmpuint (g_hash_table_size (files), ==, N_LABELS);
      for (guint n = 0; n < N_LABELS; n++)
        {
          g_autofree char *id = bw_test_make_id (n);
          g_autofree char *name = g_strconcat (id, ".png", NULL);

          g_assert_true (g_hash_table_contains (files, name));
          check_png (g_hash_table_lookup (files, name), stock, n);
        }
    }
  g_unlink (path);
  g_rmdir (folder);
}

/* Drawn by another program. */
static void
test_svg (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bw-pictures-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "labels.zip", NULL);
  g_autofree char *svg = g_build_filename (folder, "label.svg", NULL);
  g_autofree char *pdf = g_build_filename (folder, "label.pgm", NULL);
  g_autoptr(BwSheet) sheet = new_sheet ("L7160", N_LABELS);
  g_autoptr(GHashTable) files = NULL;
  g_autoptr(GError) error = NULL;

  bw_sheet_write_zip (sheet, path, BW_PICTURE_SVG, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  files = read_zip (path);
  g_assert_cmpuint (g_hash_table_size (files), ==, N_LABELS);

  for (guint n = 0; n < 3; n++)
    {
      g_autofree char *id = bw_test_make_id (n);
      g_autofree char *name = g_strconcat (id, ".svg", NULL);
      GBytes *bytes = g_hash_table_lookup (files, name);
      const char *argv[] = { "convert", "-density", "200", svg, "-depth", "8", pdf, NULL };
      g_autofree char *image = NULL;
      g_autofree char *text = NULL;
      guint width, height;
      gsize length;
      int header;

      g_assert_nonnull (bytes);
      /* a mask is smoothed by viewers until no module is left */
      g_assert_null (memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "<image", 6));
      g_assert_true (g_file_set_contents (svg, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL));
      bw_test_run (argv, NULL);
      g_assert_true (g_file_get_contents (pdf, &image, &length, NULL));
      g_assert_cmpint (sscanf (image, "P5 %u %u 255%n", &width, &height, &header), ==, 2);
      g_assert_cmpuint (length, ==, (gsize) header + 1 + (gsize) width * height);
      text = scan_pixels ((const guchar *) image + header + 1, width, height);
      check_code (text, n);
    }

  g_unlink (svg);
  g_unlink (pdf);
  g_unlink (path);
  g_rmdir (folder);
}

static void
cancel_cb (guint    n_done,
           guint    n_total,
           gpointer user_data)
{
  g_assert_cmpuint (n_total, ==, 100);
  g_assert_cmpuint (n_done, <=, 3);
  if (n_done == 3)
    g_cancellable_cancel (user_data);
}

/* The same bytes each time; a cancel leaves the old file, and no other. */
static void
test_zip_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bw-pictures-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "labels.zip", NULL);
  g_autoptr(BwSheet) sheet = new_sheet ("roll-50x25", 100);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  gsize n_first, n_second;

  g_assert_true (bw_sheet_write_zip (sheet, path, BW_PICTURE_SVG, NULL, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &first, &n_first, NULL));
  g_assert_false (bw_sheet_write_zip (sheet, path, BW_PICTURE_SVG, cancel_cb, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_true (bw_sheet_write_zip (sheet, path, BW_PICTURE_SVG, NULL, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &second, &n_second, NULL));
  g_assert_cmpmem (first, n_first, second, n_second);

  g_assert_false (bw_sheet_write_zip (sheet, "/dev/full", BW_PICTURE_PNG, NULL, NULL, NULL, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "No space left on device"));
  g_unlink (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* A printer: reads the few words it knows and draws into its dots. */
typedef struct
{
  guint   width;
  guint   height;
  guint   copies;
  guchar *dots;       /* (owned): grey */
} Printer;

static guint
get_number (const char **at)
{
  char *end;
  guint64 number = g_ascii_strtoull (*at, &end, 10);

  g_assert_true (end > *at);
  *at = *end == ',' ? end + 1 : end;

  return (guint) number;
}

/* ^GFA's compressed hexadecimal digits, into bits. */
static void
read_graphic (Printer     *printer,
              const char **at)
{
  guint n_bytes = get_number (at);
  guint n_total = get_number (at);
  guint n_row = get_number (at);
  guint n_digits = 2 * n_row;
  g_autofree char *rows = g_malloc0 ((gsize) 2 * n_total + 1);
  guint n = 0, run = 0;

  g_assert_cmpuint (n_bytes, ==, n_total);
  g_assert_cmpuint (n_row, ==, (printer->width + 7) / 8);
  g_assert_cmpuint (n_total, ==, n_row * printer->height);

  for (; **at != '^'; (*at)++)
    {
      char c = **at;

      g_assert_cmpuint (n, <, 2 * n_total);
      if (c >= 'G' && c <= 'Y')
        run += (guint) (c - 'G') + 1;
      else if (c >= 'g' && c <= 'z')
        run += 20 * ((guint) (c - 'g') + 1);
      else if (c == ',')
        do
          rows[n++] = '0';
        while (n % n_digits != 0);
      else if (c == ':')
        {
          g_assert_true (n % n_digits == 0 && n >= n_digits);
          memcpy (rows + n, rows + n - n_digits, n_digits);
          n += n_digits;
        }
      else
        {
          g_assert_true (g_ascii_isxdigit (c));
          for (run = MAX (run, 1); run > 0; run--)
            rows[n++] = c;
        }
    }
  g_assert_cmpuint (n, ==, 2 * n_total);

  for (guint y = 0; y < printer->height; y++)
    {
      for (guint x = 0; x < printer->width; x++)
        {
          guint digit = (guint) g_ascii_xdigit_value (rows[(gsize) y * n_digits + x / 4]);

          printer->dots[(gsize) y * printer->width + x] = digit & (8u >> (x % 4)) ? 0 : 255;
        }
    }
}

/* The next label; FALSE at the end. */
static gboolean
print_label (Printer     *printer,
             const char **at)
{
  g_clear_pointer (&printer->dots, g_free);
  while (g_ascii_isspace (**at))
    (*at)++;
  if (**at == '\0')
    return FALSE;

  g_assert_true (g_str_has_prefix (*at, "^XA"));
  while (TRUE)
    {
      char word[4];

      g_assert_cmpint (**at, ==, '^');
      g_strlcpy (word, *at, sizeof word);
      *at += 3;
      if (strcmp (word, "^XZ") == 0)
        return TRUE;
      else if (strcmp (word, "^PW") == 0)
        printer->width = get_number (at);
      else if (strcmp (word, "^LL") == 0)
        {
          printer->height = get_number (at);
          printer->dots = g_malloc ((gsize) printer->width * printer->height);
        }
      else if (strcmp (word, "^PQ") == 0)
        printer->copies = get_number (at);
      else if (strcmp (word, "^FO") == 0 || strcmp (word, "^LH") == 0)
        {
          g_assert_cmpuint (get_number (at), ==, 0);
          g_assert_cmpuint (get_number (at), ==, 0);
        }
      else if (strcmp (word, "^GF") == 0)
        {
          g_assert_true (g_str_has_prefix (*at, "A,"));
          *at += 2;
          read_graphic (printer, at);
        }
      else if (strcmp (word, "^PO") == 0 || strcmp (word, "^PM") == 0)
        g_assert_cmpint (*(*at)++, ==, 'N');
      else
        g_assert_true (strcmp (word, "^XA") == 0 || strcmp (word, "^FS") == 0);

      while (g_ascii_isspace (**at))
        (*at)++;
    }
}

static gboolean
is_dark (const guchar *pixels,
         guint         stride,
         double        x,
         double        y)
{
  return pixels[(gsize) y * stride + (gsize) x] < 128;
}

/* The code is the PDF's, module for module, and each module so many whole dots. */
static void
check_modules (const Printer *printer,
               const BwStock *stock,
               const char    *pdf,
               guint          page_number)
{
  const guint zoom = 3;
  double dots = stock->dpi / BW_TEST_MM_PER_INCH;
  BwLabelLayout at;
  BwTestPage page;
  guint left, top;

  g_assert_true (bw_label_layout (stock, 0, &at, NULL));
  if (stock->is_turned)
    {
      left = (guint) round (stock->width * dots) - (guint) round ((at.code.y + at.code.height) * dots);
      top = (guint) round (at.code.x * dots);
    }
  else
    {
      left = (guint) round (at.code.x * dots);
      top = (guint) round (at.code.y * dots);
    }

  bw_test_page_render (pdf, page_number, zoom * stock->dpi, &page);
  for (guint y = 0; y < at.n_modules * at.module_dots; y++)
    {
      for (guint x = 0; x < at.n_modules * at.module_dots; x++)
        {
          double middle_x = left + (x / at.module_dots + 0.5) * at.module_dots;
          double middle_y = top + (y / at.module_dots + 0.5) * at.module_dots;

          g_assert_cmpint (is_dark (printer->dots, printer->width, left + x, top + y), ==,
                           is_dark (page.pixels, page.width, middle_x * zoom, middle_y * zoom));
        }
    }
  bw_test_page_clear (&page);
}

static void
test_zpl (void)
{
  static const char * const names[] = { "roll-50x25", "roll-25x25", "DK-11201", "99012" };
  g_autofree char *folder = g_dir_make_tmp ("bw-pictures-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "labels.zpl", NULL);
  g_autofree char *pdf = g_build_filename (folder, "labels.pdf", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const BwStock *stock = bw_stock_find (names[i], NULL);
      g_autoptr(BwSheet) sheet = new_sheet (names[i], N_LABELS);
      BwSheetOptions options = BW_SHEET_OPTIONS_INIT;
      g_autofree char *text = NULL;
      g_autoptr(GError) error = NULL;
      Printer printer = { 0 };
      const char *at;
      guint n = 0;

      g_test_message ("%s", names[i]);
      options.copies = 2;
      g_assert_true (bw_sheet_set_options (sheet, &options, NULL));
      bw_sheet_write_zpl (sheet, path, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (bw_sheet_write_pdf (sheet, pdf, NULL, NULL, NULL, NULL));
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

      for (at = text; print_label (&printer, &at); n++)
        {
          g_autofree char *code = scan_pixels (printer.dots, printer.width, printer.height);

          check_code (code, n);
          g_assert_cmpuint (printer.copies, ==, 2);
          g_assert_cmpuint (printer.width, ==, (guint) lround (stock->page_width / BW_TEST_MM_PER_INCH * stock->dpi));
          if (n < 2)
            check_modules (&printer, stock, pdf, 2 * n + 1);
        }
      g_assert_cmpuint (n, ==, N_LABELS);
    }

  g_unlink (path);
  g_unlink (pdf);
  g_rmdir (folder);
}

/* The dots are the design's printer's. */
static void
test_zpl_dots (void)
{
  const BwStock *stock = bw_stock_find ("roll-50x25", NULL);
  g_autofree char *folder = g_dir_make_tmp ("bw-zpl-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "labels.zpl", NULL);
  g_autofree char *id = bw_test_make_id (1);
  g_autofree char *text = NULL;
  g_autofree char *wanted = NULL;
  g_autoptr(BwLabelDesign) design = bw_label_design_new ();
  g_autoptr(BwSheet) sheet = bw_sheet_new (stock, "Rolls", NULL, 1, 0, 1, NULL);
  g_autoptr(GError) error = NULL;

  design->dpi = 600;
  g_assert_true (bw_sheet_set_design (sheet, design, &error));
  g_assert_true (bw_sheet_add (sheet, id, 1, &error));
  g_assert_true (bw_sheet_write_zpl (sheet, path, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  wanted = g_strdup_printf ("^PW%ld", lround (stock->page_width / 25.4 * 600));
  g_assert_nonnull (strstr (text, wanted));

  g_unlink (path);
  g_rmdir (folder);
}

static void
test_zpl_refused (void)
{
  g_autoptr(BwSheet) sheet = new_sheet ("L7160", 1);
  g_autoptr(GError) error = NULL;

  g_assert_false (bw_sheet_write_zpl (sheet, "/nonexistent/l.zpl", NULL, NULL, NULL, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "“L7160” is a sheet, and label printers that speak ZPL print on rolls");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sheet/zip/png", test_png);
  g_test_add_func ("/sheet/zip/svg", test_svg);
  g_test_add_func ("/sheet/zip/file", test_zip_file);
  g_test_add_func ("/sheet/zpl/labels", test_zpl);
  g_test_add_func ("/sheet/zpl/dots", test_zpl_dots);
  g_test_add_func ("/sheet/zpl/refused", test_zpl_refused);

  return g_test_run ();
}
