/* test-label-printing.c: calibration, and the way to a printer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-labels-test.h"

#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include "bw-calibration-dialog.h"
#include "bw-page-test.h"
#include "bw-part-sheet.h"
#include "bw-sheet-output.h"
#include "bw-test.h"

static gboolean
sees_dialog (gpointer data)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  *(GtkWidget **) data = NULL;
  for (GList *l = windows; l != NULL; l = l->next)
    {
      if (BW_IS_CALIBRATION_DIALOG (l->data) && gtk_widget_get_mapped (l->data))
        *(GtkWidget **) data = l->data;
    }

  return *(GtkWidget **) data != NULL;
}

static void
test_calibrate (BwLabelsTest  *fixture,
                gconstpointer  data)
{
  g_autofree char *path = g_build_filename (bw_labels_test_folder, "test-page.pdf", NULL);
  GtkWidget *dialog, *printer;
  BwCalibration calibration;

  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  g_assert_null (bw_page_test_find_text (fixture->dialog, "Export for Printer"));
  gtk_widget_activate_action (fixture->dialog, "labels.calibrate", NULL);
  bw_test_wait_for (sees_dialog, &dialog);
  printer = gtk_combo_box_get_child (GTK_COMBO_BOX (bw_page_test_find_type (dialog, GTK_TYPE_COMBO_BOX_TEXT)));
  gtk_editable_set_text (GTK_EDITABLE (printer), "Office");
  bw_labels_test_set_number (dialog, "Print Further Right (mm)", -0.5);
  bw_labels_test_set_number (dialog, "Ruler Down, 100 mm", 99.5);
  bw_page_test_picture (dialog, "calibrate");
  gtk_widget_activate_action (dialog, "calibration.export-to", "s", path);
  bw_page_test_wait_text (dialog, "The test page was saved");
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  g_unlink (path);

  gtk_widget_activate_action (dialog, "calibration.save", NULL);
  bw_page_test_wait_text (fixture->dialog, "Export for Printer");
  g_assert_true (bw_calibration_load ("Office", "L7160", &calibration, NULL));
  g_assert_cmpfloat_with_epsilon (calibration.dx, -0.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (calibration.scale_y, 100 / 99.5, 1e-5);

  /* one that would push the labels off the paper is refused when it is used, and nothing is noted */
  calibration = (BwCalibration) BW_CALIBRATION_INIT;
  calibration.dx = 15;
  g_assert_true (bw_calibration_save ("Office", "L7160", &calibration, NULL));
  bw_labels_test_choose (fixture, "Export for Printer", 1);
  gtk_widget_activate_action (fixture->dialog, "labels.export-to", "s", path);
  bw_page_test_wait_text (fixture->dialog, "beyond the edge of the paper");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (bw_fake_backend_count (fixture->backend, "POST /v1/batches/7/labelled"), ==, 0);
  g_assert_true (bw_calibration_save ("Office", "L7160", &(BwCalibration) BW_CALIBRATION_INIT, NULL));
}

/* The sheet that was chosen is still the one, and the printer is chosen now. */
static void
test_calibrate_keeps (BwLabelsTest  *fixture,
                      gconstpointer  data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr(GPtrArray) sheets = NULL;
  GtkWidget *dialog, *printer, *printers, *parts;

  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  bw_labels_test_set_number (fixture->dialog, "To Serial", 5);
  first = bw_labels_test_export (fixture, "first.pdf");
  bw_page_test_wait_text (fixture->dialog, "Go On With");
  bw_labels_test_choose (fixture, "Go On With", 1);

  gtk_widget_activate_action (fixture->dialog, "labels.calibrate", NULL);
  bw_test_wait_for (sees_dialog, &dialog);
  printer = gtk_combo_box_get_child (GTK_COMBO_BOX (bw_page_test_find_type (dialog, GTK_TYPE_COMBO_BOX_TEXT)));
  gtk_editable_set_text (GTK_EDITABLE (printer), "Office");
  bw_labels_test_set_number (dialog, "Print Further Right (mm)", -0.5);
  gtk_widget_activate_action (dialog, "calibration.save", NULL);
  bw_page_test_wait_text (fixture->dialog, "Export for Printer");
  printers = bw_labels_test_find (fixture->dialog, GTK_TYPE_DROP_DOWN, "Export for Printer");
  parts = bw_labels_test_find (fixture->dialog, GTK_TYPE_DROP_DOWN, "Go On With");
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (printers)), ==, 1);
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (parts)), ==, 1);
  bw_labels_test_check_typed (fixture, "Leave Out Labels of the First Sheet", "1-5");

  /* after a job too */
  second = bw_labels_test_export (fixture, "second.pdf");
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (printers)), ==, 1);
  sheets = bw_part_sheet_list (bw_stock_find ("L7160", NULL), NULL);
  g_assert_cmpuint (sheets->len, ==, 1);
  g_assert_cmpuint (bw_part_sheet_get_n_free (g_ptr_array_index (sheets, 0)), ==, 11);
  g_assert_true (bw_calibration_save ("Office", "L7160", &(BwCalibration) BW_CALIBRATION_INIT, NULL));
}

static void
print_to (BwLabelsTest *fixture,
          const char   *printer,
          const char   *path)
{
  gtk_widget_activate_action (fixture->dialog, "labels.print-to", "(ss)", printer, path);
}

static void
check_nothing_noted (BwLabelsTest *fixture)
{
  g_autoptr(GPtrArray) sheets = bw_part_sheet_list (NULL, NULL);

  g_assert_cmpuint (sheets->len, ==, 0);
  g_assert_cmpuint (fixture->labelled->len, ==, 0);
}

static void
test_printer_vanishes (BwLabelsTest  *fixture,
                       gconstpointer  data)
{
  g_autofree char *gone = g_build_filename (bw_labels_test_folder, "gone", "labels.pdf", NULL);
  g_autofree char *path = g_build_filename (bw_labels_test_folder, "printed.pdf", NULL);
  g_autoptr(GPtrArray) sheets = NULL;
  BwCalibration calibration = BW_CALIBRATION_INIT;

  /* the other one waits for a CUPS to say which printers it has */
  g_object_set (gtk_settings_get_default (), "gtk-print-backends", "file", NULL);

  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  print_to (fixture, "Attic", "");
  bw_page_test_wait_text (fixture->dialog, "Nothing was printed: the printer is not there any more.");
  check_nothing_noted (fixture);
  print_to (fixture, "Office", gone);
  bw_page_test_wait_text (fixture->dialog, "Nothing was printed: error while writing to output stream.");
  check_nothing_noted (fixture);

  calibration.dx = 15;
  g_assert_true (bw_calibration_save ("Office", "L7160", &calibration, NULL));
  print_to (fixture, "Office", path);
  bw_page_test_wait_text (fixture->dialog, "beyond the edge of the paper");
  check_nothing_noted (fixture);
  g_assert_true (bw_calibration_save ("Office", "L7160", &(BwCalibration) BW_CALIBRATION_INIT, NULL));

  print_to (fixture, "Office", path);
  bw_page_test_wait_text (fixture->dialog, "Sent to the printer");
  fixture->n_wanted = 1;
  bw_test_wait_for (bw_labels_test_were_all_marked, fixture);
  g_assert_cmpstr (g_ptr_array_index (fixture->labelled, 0), ==, "{\"first\":1,\"count\":60}");
  sheets = bw_part_sheet_list (NULL, NULL);
  g_assert_cmpuint (sheets->len, ==, 1);
  g_unlink (path);
}

static BwSheet *
new_sheet (const char *stock)
{
  BwSheet *sheet = bw_sheet_new (bw_stock_find (stock, NULL), "Winter", "#26a269", 30, 0, 1, NULL);

  for (guint i = 1; i <= 30; i++)
    {
      g_autofree char *id = g_strdup_printf ("k3m9-t2xw-%04u-7hnc", i);

      g_assert_true (bw_sheet_add (sheet, id, i, NULL));
    }

  return sheet;
}

/* The words of a PDF with their places, and the page's size. (transfer full) */
static char *
get_words (const char *path)
{
  const char *argv[] = { "pdftotext", "-bbox", path, "-", NULL };
  char *text = NULL;

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL, NULL));

  return text;
}

static void
read_page_size (const char *words,
                double      size[2])
{
  const char *page = strstr (words, "<page ");
  int n = page != NULL ? sscanf (page, "<page width=\"%lf\" height=\"%lf\"", &size[0], &size[1]) : 0;

  g_assert_cmpint (n, ==, 2);
}

static gboolean
next_word (const char **at,
           double       numbers[4],
           char         word[64])
{
  const char *found = strstr (*at, "<word ");

  if (found == NULL)
    return FALSE;

  g_assert_cmpint (sscanf (found, "<word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\">%63[^<]",
                           &numbers[0], &numbers[1], &numbers[2], &numbers[3], word), ==, 5);
  *at = found + 6;

  return TRUE;
}

/* A printer that does as it is told gets from GTK what the PDF has, in the same places: nothing is fitted or moved. */
static void
check_printed (const char *stock)
{
  g_autofree char *printed_path = g_build_filename (bw_labels_test_folder, "printed.pdf", NULL);
  g_autofree char *pdf_path = g_build_filename (bw_labels_test_folder, "written.pdf", NULL);
  g_autoptr(BwSheet) sheet = new_sheet (stock);
  g_autoptr(GtkPrintOperation) operation = bw_sheet_print_operation_new (sheet, "Winter");
  g_autoptr(GError) error = NULL;
  g_autofree char *printed = NULL;
  g_autofree char *pdf = NULL;
  const char *printed_at, *pdf_at;
  double page[2], printed_page[2], a[4], b[4];
  char word[64], other[64];
  guint n = 0;

  g_test_message ("%s", stock);
  gtk_print_operation_set_export_filename (operation, printed_path);
  gtk_print_operation_set_allow_async (operation, FALSE);
  g_assert_cmpint (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error), ==,
                   GTK_PRINT_OPERATION_RESULT_APPLY);
  g_assert_no_error (error);
  g_assert_true (bw_sheet_write_pdf (sheet, pdf_path, NULL, NULL, NULL, NULL));
  printed = get_words (printed_path);
  pdf = get_words (pdf_path);

  read_page_size (pdf, page);
  read_page_size (printed, printed_page);
  g_assert_cmpfloat_with_epsilon (page[0], printed_page[0], 0.6);
  g_assert_cmpfloat_with_epsilon (page[1], printed_page[1], 0.6);

  printed_at = printed;
  pdf_at = pdf;
  while (next_word (&pdf_at, a, word))
    {
      g_assert_true (next_word (&printed_at, b, other));
      g_assert_cmpstr (word, ==, other);
      for (guint i = 0; i < 4; i++)
        g_assert_cmpfloat_with_epsilon (a[i], b[i], 0.1 / 25.4 * 72);
      n++;
    }
  g_assert_false (next_word (&printed_at, b, other));
  g_assert_cmpuint (n, >=, 30);

  g_unlink (printed_path);
  g_unlink (pdf_path);
}

static void
test_virtual_printer (void)
{
  static const char * const stocks[] = { "L7160", "5160", "L7163", "DK-11201", "roll-50x25" };
  g_autoptr(BwSheet) sheet = new_sheet ("L7160");
  g_autoptr(GtkPrintOperation) operation = bw_sheet_print_operation_new (sheet, "Winter");
  GtkPrintSettings *settings = gtk_print_operation_get_print_settings (operation);

  g_assert_cmpstr (gtk_print_settings_get (settings, "cups-print-scaling"), ==, "none");
  g_assert_cmpfloat (gtk_print_settings_get_scale (settings), ==, 100.0);

  for (guint i = 0; i < G_N_ELEMENTS (stocks); i++)
    check_printed (stocks[i]);
}

static void
add (void)
{
  BW_LABELS_TEST_ADD ("calibrate", 60, test_calibrate);
  BW_LABELS_TEST_ADD ("calibrate-keeps", 60, test_calibrate_keeps);
  BW_LABELS_TEST_ADD ("printer-vanishes", 60, test_printer_vanishes);
  g_test_add_func ("/app/labels/virtual-printer", test_virtual_printer);
}

int
main (int   argc,
      char *argv[])
{
  return bw_labels_test_run (&argc, &argv, add);
}
