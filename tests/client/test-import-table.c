/* test-import-table.c: rows of a file, mended in place
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "bw-error.h"
#include "bw-import-table.h"

#define KEY "0123456789abcdef0123456789abcdef"

static char *
write_file (const char *text)
{
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  int fd = g_file_open_tmp ("bw-test-import-XXXXXX", &path, &error);

  g_assert_no_error (error);
  close (fd);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&path);
}

static BwImportTable *
load (const char  *text,
      GError     **error)
{
  g_autofree char *path = write_file (text);
  BwImportTable *table = bw_import_table_new (path, error);

  g_unlink (path);

  return table;
}

/* "line:nick" of each row, in order */
static char *
describe (BwImportTable *table)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (table)); i++)
    {
      g_autoptr(BwImportRow) row = g_list_model_get_item (G_LIST_MODEL (table), i);

      g_string_append_printf (out, "%s%u:%s", i > 0 ? " " : "", bw_import_row_get_line (row),
                              bw_import_problem_to_nick (bw_import_row_get_problem (row, NULL)));
    }

  return g_string_free (out, FALSE);
}

static void
assert_rows (BwImportTable *table,
             const char    *expected)
{
  g_autofree char *text = describe (table);

  g_assert_cmpstr (text, ==, expected);
}

static const char example[] =
  "device_id,device_key,type,shelf\n"
  "zzzz-0000-0000-0001,,release,1\n"
  "nonsense,,,2\n"
  "zzzz-0000-0000-0001,,,3\n"
  "zzzz-0000-0000-0002,weak,,4\n"
  "zzzz000000000003," KEY ",testing,5\n";

static void
test_bad_rows_first (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BwImportTable) table = load (example, &error);
  g_autoptr(BwImportRow) row = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  assert_rows (table, "3:bad-id 4:duplicate 5:weak-key 2:good 6:good");
  g_assert_cmpuint (bw_import_table_get_n_bad (table), ==, 3);
  g_assert_true (bw_import_table_has_column (table, BW_IMPORT_TYPE));
  g_assert_false (bw_import_table_has_column (table, BW_IMPORT_LICENSE));
  g_assert_cmpuint (bw_import_table_get_ignored (table)->len, ==, 1);
  row = g_list_model_get_item (G_LIST_MODEL (table), 4);
  text = bw_import_row_get_text (row, BW_IMPORT_TYPE);
  g_assert_cmpstr (text, ==, "testing");
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_mending (void)
{
  g_autoptr(BwImportTable) table = load (example, NULL);
  g_autoptr(BwImportRow) nonsense = g_list_model_get_item (G_LIST_MODEL (table), 0);
  g_autoptr(BwImportRow) twice = g_list_model_get_item (G_LIST_MODEL (table), 1);
  g_autoptr(BwImportRow) weak = g_list_model_get_item (G_LIST_MODEL (table), 2);
  g_autoptr(BwImportRow) first = g_list_model_get_item (G_LIST_MODEL (table), 3);
  guint n_told = 0;

  g_signal_connect_swapped (twice, "notify::problem", G_CALLBACK (count_cb), &n_told);

  /* the first gives its id up: the second is none of two any more */
  bw_import_row_set_text (first, BW_IMPORT_ID, "zzzz-0000-0000-0009");
  g_assert_cmpuint (n_told, ==, 1);
  assert_rows (table, "3:bad-id 4:good 5:weak-key 2:good 6:good");
  bw_import_row_set_text (nonsense, BW_IMPORT_ID, "ZZZZ000000000009");
  assert_rows (table, "3:duplicate 4:good 5:weak-key 2:good 6:good");
  bw_import_row_set_text (nonsense, BW_IMPORT_ID, " zzzz-0000-0000-0008 ");
  bw_import_row_set_text (weak, BW_IMPORT_KEY, "");
  assert_rows (table, "3:good 4:good 5:good 2:good 6:good");
  g_assert_cmpuint (bw_import_table_get_n_bad (table), ==, 0);
  bw_import_row_set_text (weak, BW_IMPORT_TYPE, "prototype");
  assert_rows (table, "3:good 4:good 5:bad-type 2:good 6:good");
}

static void
test_writing (void)
{
  g_autoptr(BwImportTable) table = load (example, NULL);
  g_autoptr(BwImportRow) weak = g_list_model_get_item (G_LIST_MODEL (table), 2);
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *written = NULL;
  gsize size = 0;
  const char *text;

  bw_import_row_set_text (weak, BW_IMPORT_KEY, KEY);
  bytes = bw_import_table_write (table);
  text = g_bytes_get_data (bytes, &size);
  written = g_strndup (text, size);
  g_assert_cmpstr (written, ==,
                   "\"device_id\",\"device_key\",\"type\",\"abbreviation\",\"license\",\"machine_id\"\r\n"
                   "\"zzzz-0000-0000-0001\",\"\",\"release\",\"\",\"\",\"\"\r\n"
                   "\"zzzz-0000-0000-0002\",\"" KEY "\",\"\",\"\",\"\",\"\"\r\n"
                   "\"zzzz000000000003\",\"" KEY "\",\"testing\",\"\",\"\",\"\"\r\n");

  /* what the backend says is of the lines that it got */
  bw_import_table_add_problem (table, 3, BW_IMPORT_EXISTS);
  bw_import_table_add_problem (table, 77, BW_IMPORT_EXISTS);
  bw_import_table_sort (table);
  assert_rows (table, "3:bad-id 4:duplicate 5:exists 2:good 6:good");
}

static void
test_refused (void)
{
  static const char *const texts[] = { "", "\n\n", "serial,name\n1,2\n", "\xff\xfe\x31" };
  g_autoptr(GError) missing = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (load (texts[i], &error));
      g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
    }

  g_assert_null (bw_import_table_new ("/nowhere/at-all.csv", &missing));
  g_assert_nonnull (missing);
}

static void
test_broken_row (void)
{
  g_autoptr(BwImportTable) table = load ("zzzz-0000-0000-0001\nzzzz\xff\nzzzz-0000-0000-0002\n", NULL);
  g_autoptr(BwImportRow) row = g_list_model_get_item (G_LIST_MODEL (table), 0);

  assert_rows (table, "2:unreadable 1:good 3:good");
  bw_import_row_set_text (row, BW_IMPORT_ID, "zzzz-0000-0000-0003");
  assert_rows (table, "2:good 1:good 3:good");
}

/* A quote that was none takes its own row, and no other. */
static void
test_stray_quote (void)
{
  g_autoptr(BwImportTable) table =
    load ("zzzz-0000-0000-0001\n\"zzzz-0000-0000-0002\nzzzz-0000-0000-0003\n\"zzzz-0000-0000-0004\"\n", NULL);
  g_autoptr(BwImportRow) row = g_list_model_get_item (G_LIST_MODEL (table), 0);

  assert_rows (table, "2:unreadable 1:good 3:good 4:good");
  bw_import_row_set_text (row, BW_IMPORT_ID, "zzzz-0000-0000-0002");
  assert_rows (table, "2:good 1:good 3:good 4:good");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/client/import-table/bad-rows-first", test_bad_rows_first);
  g_test_add_func ("/client/import-table/mending", test_mending);
  g_test_add_func ("/client/import-table/writing", test_writing);
  g_test_add_func ("/client/import-table/refused", test_refused);
  g_test_add_func ("/client/import-table/broken-row", test_broken_row);
  g_test_add_func ("/client/import-table/stray-quote", test_stray_quote);

  return g_test_run ();
}
