/* test-labels.c: the labels dialog, and what is kept between jobs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-labels-test.h"

#include <string.h>

#include <glib/gstdio.h>

#include "bw-page-test.h"
#include "bw-part-sheet.h"
#include "bw-test.h"

static guint
count_in (const char *text,
          const char *part)
{
  guint n = 0;

  for (const char *at = strstr (text, part); at != NULL; at = strstr (at + 1, part))
    n++;

  return n;
}

static void
test_laid_out (BwLabelsTest  *fixture,
               gconstpointer  data)
{
  g_autofree char *text = NULL;

  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  bw_labels_test_type_in (fixture, "Only These Serials, Such as 3, 7-9", "59, 3-4");
  bw_page_test_wait_text (fixture->dialog, "3 labels on 1 sheet");
  bw_labels_test_set_number (fixture->dialog, "Copies of Each Label", 2);
  bw_page_test_wait_text (fixture->dialog, "6 labels on 1 sheet");
  bw_labels_test_choose (fixture, "Order", 1);
  bw_labels_test_choose (fixture, "Cut Marks", 2);

  /* a click leaves out, another one takes back */
  gtk_widget_activate_action (fixture->dialog, "labels.toggle-cell", "u", 4);
  gtk_widget_activate_action (fixture->dialog, "labels.toggle-cell", "u", 1);
  bw_labels_test_check_typed (fixture, "Leave Out Labels of the First Sheet", "1, 4");
  gtk_widget_activate_action (fixture->dialog, "labels.toggle-cell", "u", 1);
  gtk_widget_activate_action (fixture->dialog, "labels.toggle-cell", "u", 7);
  bw_labels_test_check_typed (fixture, "Leave Out Labels of the First Sheet", "4, 7");
  bw_test_spin (300);
  bw_page_test_picture (fixture->dialog, "labels-laid-out");
  gtk_window_set_default_size (GTK_WINDOW (fixture->dialog), 400, 600);
  bw_page_test_wait_text (fixture->dialog, "Preview");
  bw_page_test_picture (fixture->dialog, "labels-narrow");
  bw_page_test_click (fixture->dialog, "Preview");
  bw_page_test_wait_text (fixture->dialog, "Sheet 1 of 1");
  gtk_window_set_default_size (GTK_WINDOW (fixture->dialog), 960, 720);
  bw_page_test_wait_gone (fixture->dialog, "Preview");

  text = bw_labels_test_export (fixture, "laid-out.pdf");
  g_assert_cmpuint (count_in (text, "/ 60"), ==, 6);
  g_assert_cmpuint (count_in (text, "k3m9-t2xw-0000-0059"), ==, 2);
}

static gboolean
was_marked_twice (gpointer data)
{
  return bw_fake_backend_count (data, "POST /v1/batches/7/labelled") == 2;
}

static void
test_marked_in_runs (BwLabelsTest  *fixture,
                     gconstpointer  data)
{
  g_autofree char *text = NULL;

  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_ancestor (
    bw_page_test_wait_text (fixture->dialog, "Only These Serials, Such as 3, 7-9"), ADW_TYPE_ENTRY_ROW)), "59, 3-4");
  bw_page_test_wait_text (fixture->dialog, "3 labels on 1 sheet");
  text = bw_labels_test_export (fixture, "runs.pdf");
  bw_test_wait_for (was_marked_twice, fixture->backend);
  g_assert_cmpstr (bw_fake_backend_get_body (fixture->backend, "POST /v1/batches/7/labelled"), ==,
                   "{\"first\":59,\"count\":1}");
}

/* Each of the @serials, and nothing else. */
static void
wait_marked (BwLabelsTest *fixture,
             const guint  *serials,
             guint         n_serials)
{
  fixture->n_wanted = n_serials;
  bw_test_wait_for (bw_labels_test_were_all_marked, fixture);
  for (guint i = 0; i < n_serials; i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"first\":%u,\"count\":1}", serials[i]);

      g_assert_true (g_ptr_array_find_with_equal_func (fixture->labelled, body, g_str_equal, NULL));
    }
}

static void
test_two_jobs (BwLabelsTest  *fixture,
               gconstpointer  data)
{
  g_autofree char *path = g_build_filename (bw_labels_test_folder, "second.pdf", NULL);
  g_autofree char *text = NULL;

  bw_labels_test_type_in (fixture, "Only These Serials, Such as 3, 7-9", "1, 3");
  bw_page_test_wait_text (fixture->dialog, "2 labels on 1 sheet");
  fixture->next_path = g_strdup (path);
  text = bw_labels_test_export (fixture, "first.pdf");
  wait_marked (fixture, (const guint[]) { 1, 3, 10, 12 }, 4);
  g_unlink (path);
}

/* Closed while the first run is noted: the others follow. */
static void
test_marked_when_closed (BwLabelsTest  *fixture,
                         gconstpointer  data)
{
  g_autofree char *path = g_build_filename (bw_labels_test_folder, "closed.pdf", NULL);

  bw_labels_test_type_in (fixture, "Only These Serials, Such as 3, 7-9", "1, 3, 5");
  bw_page_test_wait_text (fixture->dialog, "3 labels on 1 sheet");
  fixture->closes = TRUE;
  gtk_widget_activate_action (fixture->dialog, "labels.export-to", "s", path);
  wait_marked (fixture, (const guint[]) { 1, 3, 5 }, 3);
  g_unlink (path);
}

/* What was refused can be tried again, and goes on where it broke off. */
static void
test_marked_again (BwLabelsTest  *fixture,
                   gconstpointer  data)
{
  g_autofree char *text = NULL;

  bw_labels_test_type_in (fixture, "Only These Serials, Such as 3, 7-9", "1, 3");
  bw_page_test_wait_text (fixture->dialog, "2 labels on 1 sheet");
  bw_fake_backend_answer (fixture->backend, "POST /v1/batches/7/labelled", 503,
                          "{\"code\":\"unavailable\",\"detail\":\"the disk is full\"}");
  text = bw_labels_test_export (fixture, "again.pdf");
  bw_page_test_wait_text (fixture->dialog, "The devices were not noted as labelled.");
  bw_fake_backend_compute (fixture->backend, "POST /v1/batches/7/labelled", bw_labels_test_note, fixture);
  bw_page_test_click (fixture->dialog, "Try Again");
  wait_marked (fixture, (const guint[]) { 1, 3 }, 2);
}

static void
test_bad_input (BwLabelsTest  *fixture,
                gconstpointer  data)
{
  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  bw_labels_test_type_in (fixture, "Only These Serials, Such as 3, 7-9", "61");
  bw_page_test_wait_text (fixture->dialog, "61-61 is not between 1 and 60.");
  bw_labels_test_type_in (fixture, "Only These Serials, Such as 3, 7-9", "x");
  bw_page_test_wait_text (fixture->dialog, "is no list of numbers");
  bw_page_test_picture (fixture->dialog, "labels-refused");
  bw_labels_test_type_in (fixture, "Only These Serials, Such as 3, 7-9", "");
  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  bw_labels_test_type_in (fixture, "Leave Out Labels of the First Sheet", "1-21");
  bw_page_test_wait_text (fixture->dialog, "No label of the first sheet is left to print on.");
  bw_labels_test_type_in (fixture, "Leave Out Labels of the First Sheet", "22");
  bw_page_test_wait_text (fixture->dialog, "22-22 is not between 1 and 21.");
  bw_labels_test_type_in (fixture, "Leave Out Labels of the First Sheet", "");
  bw_labels_test_set_number (fixture->dialog, "From Serial", 10);
  bw_labels_test_set_number (fixture->dialog, "To Serial", 9);
  bw_page_test_wait_text (fixture->dialog, "The last serial comes before the first one.");
}

static void
test_too_many (BwLabelsTest  *fixture,
               gconstpointer  data)
{
  bw_page_test_wait_text (fixture->dialog, "on 4762 sheets");
  bw_labels_test_set_number (fixture->dialog, "Copies of Each Label", 11);
  bw_page_test_wait_text (fixture->dialog, "in one print job");
}

/* What is left of a sheet is offered, and the next job goes on there. */
static void
test_goes_on (BwLabelsTest  *fixture,
              gconstpointer  data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr(GPtrArray) sheets = NULL;

  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  g_assert_null (bw_page_test_find_text (fixture->dialog, "Go On With"));
  bw_labels_test_set_number (fixture->dialog, "To Serial", 5);
  first = bw_labels_test_export (fixture, "first.pdf");
  bw_page_test_wait_text (fixture->dialog, "Go On With");

  bw_labels_test_choose (fixture, "Go On With", 1);
  bw_labels_test_check_typed (fixture, "Leave Out Labels of the First Sheet", "1-5");
  bw_labels_test_set_number (fixture->dialog, "To Serial", 12);
  bw_labels_test_set_number (fixture->dialog, "From Serial", 6);
  bw_test_spin (300);
  bw_page_test_picture (fixture->dialog, "labels-goes-on");
  second = bw_labels_test_export (fixture, "second.pdf");
  g_assert_cmpuint (count_in (second, "/ 60"), ==, 7);

  sheets = bw_part_sheet_list (bw_stock_find ("L7160", NULL), NULL);
  g_assert_cmpuint (sheets->len, ==, 1);
  g_assert_cmpuint (bw_part_sheet_get_n_free (g_ptr_array_index (sheets, 0)), ==, 9);

  bw_labels_test_choose (fixture, "Go On With", 1);
  gtk_widget_activate_action (fixture->dialog, "labels.forget-sheet", NULL);
  bw_page_test_wait_gone (fixture->dialog, "Go On With");
  g_clear_pointer (&sheets, g_ptr_array_unref);
  sheets = bw_part_sheet_list (NULL, NULL);
  g_assert_cmpuint (sheets->len, ==, 0);
}

static void
test_one_by_one (BwLabelsTest  *fixture,
                 gconstpointer  data)
{
  g_autofree char *zip = NULL;
  g_autofree char *zpl = NULL;

  gtk_widget_activate_action (fixture->dialog, "labels.select-stock", "s", "roll-50x25");
  bw_page_test_wait_text (fixture->dialog, "60 labels on a roll");
  g_assert_null (bw_page_test_find_text (fixture->dialog, "Start at Label"));
  bw_labels_test_type_in (fixture, "Only These Serials, Such as 3, 7-9", "1-3");
  bw_page_test_wait_text (fixture->dialog, "3 labels on a roll");
  zip = bw_labels_test_export (fixture, "labels.zip");
  g_assert_true (g_str_has_prefix (zip, "PK"));
  zpl = bw_labels_test_export (fixture, "labels.zpl");
  g_assert_cmpuint (count_in (zpl, "^XA"), ==, 3);
}

/* A printer that is not there, one that goes away while it prints, and a job that is broken off: each one sentence, and
 * nothing is noted. */

static void
add (void)
{
  BW_LABELS_TEST_ADD ("laid-out", 60, test_laid_out);
  BW_LABELS_TEST_ADD ("marked-in-runs", 60, test_marked_in_runs);
  BW_LABELS_TEST_ADD ("two-jobs", 60, test_two_jobs);
  BW_LABELS_TEST_ADD ("marked-when-closed", 60, test_marked_when_closed);
  BW_LABELS_TEST_ADD ("marked-again", 60, test_marked_again);
  BW_LABELS_TEST_ADD ("bad-input", 60, test_bad_input);
  BW_LABELS_TEST_ADD ("too-many", 100000, test_too_many);
  BW_LABELS_TEST_ADD ("goes-on", 60, test_goes_on);
  BW_LABELS_TEST_ADD ("one-by-one", 60, test_one_by_one);
}

int
main (int   argc,
      char *argv[])
{
  return bw_labels_test_run (&argc, &argv, add);
}
