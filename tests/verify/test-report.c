/* test-report.c: verdicts, without pictures
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-label-report.h"

#include <string.h>

#include "bw-code-scanner.h"
#include "bw-test-sheets.h"

/* A line a page, a character a cell: `a` to `t` the ID with that number, `X` and `Y` foreign ones, `#` ink
 * without a code, `.` nothing. A page that begins with `+` is in the file of the one before, one that begins with `/`
 * (after that) is skewed. */
typedef struct
{
  const char *name;
  guint       n_columns, n_rows;
  guint       first, n, start;
  const char *pages[6];
  const char *confirmed, *missing, *unreadable, *duplicate, *swapped;
  guint       n_foreign, n_unplaced;
  guint       copies;          /* 0: one */
  guint       n_skewed;
} Case;

static const Case cases[] = {
  { "all", 3, 2, 0, 6, 0, { "abcdef" }, "abcdef", "", "", "", "" },
  { "blank", 3, 2, 0, 6, 0, { "ab.def" }, "abdef", "c", "", "", "" },
  { "smeared", 3, 2, 0, 6, 0, { "ab#def" }, "abdef", "", "c", "", "" },
  { "pasted-over", 3, 2, 0, 6, 0, { "abadef" }, "bdef", "c", "", "a", "" },
  { "swapped", 3, 2, 0, 6, 0, { "abdcef" }, "abef", "", "", "", "cd" },
  { "foreign", 3, 2, 0, 6, 0, { "abXdef" }, "abdef", "c", "", "", "", 1 },
  { "moved", 3, 2, 0, 6, 0, { "abc.fe" }, "abc", "d", "", "", "ef" },
  { "thrice", 3, 2, 0, 6, 0, { "aaaaef" }, "ef", "bcd", "", "a", "" },
  { "start", 3, 2, 2, 4, 3, { "..cdef" }, "cdef", "", "", "", "" },
  { "start-missing", 3, 2, 2, 4, 3, { "...def" }, "def", "c", "", "", "" },
  { "ink-before-start", 3, 2, 2, 4, 3, { "##cdef" }, "cdef", "", "", "", "" },
  { "start-not-known", 3, 2, 0, 20, 0, { "ghijkl" }, "ghijkl", "", "", "", "" },
  { "wrong-start", 3, 2, 0, 20, 2, { "ghijkl" }, "ghijkl", "", "", "", "" },
  { "two-pages", 3, 2, 0, 12, 0, { "abcdef", "+ghij.l" }, "abcdefghijl", "k", "", "", "" },
  { "across-pages", 3, 2, 0, 12, 0, { "abcdeg", "+fhijkl" }, "abcdehijkl", "", "", "", "fg" },
  { "second-page-first", 3, 2, 0, 12, 0, { "ghijkl", "abcdef" }, "abcdefghijkl", "", "", "", "" },
  { "end-of-batch", 3, 2, 0, 8, 0, { "abcdef", "+gh...." }, "abcdefgh", "", "", "", "" },
  { "outside-of-job", 3, 2, 3, 3, 0, { "bbcdef" }, "cdef", "", "", "b", "" },
  { "scanned-again", 3, 2, 0, 6, 0, { "ab#def", "abcdef" }, "abcdef", "", "", "", "" },
  { "printed-twice", 3, 2, 0, 6, 0, { "abcdef", "+abcdef" }, "", "", "", "abcdef", "" },
  { "backs", 3, 2, 0, 12, 0, { "abcdef", "+......", "+ghijkl", "+......" }, "abcdefghijkl", "", "", "", "", 0, 2 },
  { "sheet-between", 3, 2, 0, 18, 0, { "abcdef", "+####..", "+mnopqr" }, "abcdefmnopqr", "kl", "ghij", "", "" },
  { "skewed", 3, 2, 0, 18, 0, { "abcdef", "+/......", "+mnopqr" }, "abcdefmnopqr", "", "", "", "", .n_skewed = 1 },
  { "skewed-alone", 3, 2, 0, 18, 0, { "/......" }, "", "", "", "", "", .n_skewed = 1 },
  { "columns-first", 3, 2, 0, 6, 0, { "acebdf" }, "abcdef", "", "", "", "" },
  { "columns-first-missing", 3, 2, 0, 6, 0, { "a.ebdf" }, "abdef", "c", "", "", "" },
  { "only-foreign", 3, 2, 0, 6, 0, { "XXY..." }, "", "", "", "", "", 3 },
  { "nothing", 3, 2, 0, 6, 0, { "......" }, "", "", "", "", "", 0, 1 },
  { "no-ids", 3, 2, 0, 0, 0, { "X....." }, "", "", "", "", "", 1 },
  { "roll", 1, 1, 0, 20, 0, { "c", "d", "#", "f" }, "cdf", "", "e", "", "" },
  { "roll-two", 1, 1, 0, 20, 0, { "c", "h" }, "ch", "", "", "", "" },
  { "copies", 3, 2, 0, 6, 0, { "aabbcc" }, "abc", "", "", "", "", .copies = 2 },
  { "copies-not-known", 3, 2, 0, 3, 0, { "aabbcc" }, "", "", "", "abc", "", .copies = 1 },
  { "copies-third", 3, 2, 0, 6, 0, { "aabbac" }, "b", "c", "", "a", "", .copies = 2 },
  { "copies-one-blank", 3, 2, 0, 3, 0, { "aab.cc" }, "ac", "b", "", "", "", .copies = 2 },
  { "copies-one-smeared", 3, 2, 0, 3, 0, { "aabbc#" }, "ab", "", "c", "", "", .copies = 2 },
  { "copies-swapped", 3, 2, 0, 6, 0, { "abbacc" }, "c", "", "", "", "ab", .copies = 2 },
  { "copies-start", 3, 2, 2, 4, 2, { ".ccdde", "+effgg." }, "cdefg", "", "", "", "", .copies = 2 },
  { "copies-across-pages", 3, 2, 0, 6, 0, { "aaabbb", "+cccddd" }, "abcd", "", "", "", "", .copies = 3 },
  { "copies-scanned-again", 3, 2, 0, 6, 0, { "aabb#c", "aabbcc" }, "abc", "", "", "", "", .copies = 2 },
  { "copies-columns-first", 3, 2, 0, 3, 0, { "abcabc" }, "abc", "", "", "", "", .copies = 2 },
  { "copies-roll", 1, 1, 0, 20, 0, { "c", "c", "d", "#", "e", "e" }, "ce", "", "d", "", "", .copies = 2 },
  { "copies-one-id-a-page", 3, 2, 0, 6, 0, { "aaaaaa", "+aaaaaa", "+aabbbb" }, "ab", "", "", "", "", .copies = 14 },
  { "copies-one-id-smeared", 3, 2, 0, 6, 0, { "aaaaaa", "+aa#aaa", "+aabbbb" }, "b", "", "a", "", "", .copies = 14 },
  { "copies-one-id-blank", 3, 2, 0, 6, 0, { "aaaaaa", "+aaaaa.", "+aabbbb" }, "b", "a", "", "", "", .copies = 14 },
  { "copies-one-id-backs", 3, 2, 0, 6, 0, { "aaaaaa", "+......", "+a#aaaa", "+......" }, "", "", "a", "", "", 0, 2, .copies = 14 },
  { "copies-one-id-start", 3, 2, 0, 6, 3, { "..aaaa", "+aaaa#a", "+aaaabb" }, "b", "", "a", "", "", .copies = 14 },
  { "copies-page-twice", 3, 2, 0, 6, 0, { "aabbcc", "+aabbcc" }, "", "", "", "abc", "", .copies = 2 },
};

static BwLabelPage *
create_page (const Case *test,
             const char *text,
             GPtrArray  *ids,
             guint      *file)
{
  BwLabelPage *page;

  if (*text == '+')
    text++;
  else
    (*file)++;

  page = bw_label_page_new (*file, test->n_columns * test->n_rows);
  if (*text == '/')
    {
      page->is_skewed = TRUE;
      text++;
    }

  g_assert_cmpuint (strlen (text), ==, test->n_columns * test->n_rows);
  for (guint i = 0; text[i] != '\0'; i++)
    {
      BwLabelSight *sight = &g_array_index (page->sights, BwLabelSight, i);

      sight->has_ink = text[i] != '.';
      if (text[i] >= 'a' && text[i] <= 't')
        sight->text = g_strdup (g_ptr_array_index (ids, text[i] - 'a'));
      else if (text[i] == 'X' || text[i] == 'Y')
        sight->text = g_strdup_printf ("https://example.com/%c", text[i]);
      page->is_found |= sight->text != NULL;
    }

  return page;
}

static void
check_list (GPtrArray  *ids,
            GPtrArray  *list,
            const char *wanted)
{
  g_autoptr(GString) found = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    {
      guint index = 0;

      g_assert_true (g_ptr_array_find_with_equal_func (ids, g_ptr_array_index (list, i), g_str_equal, &index));
      g_string_append_c (found, (char) ('a' + index));
    }

  g_assert_cmpstr (found->str, ==, wanted);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_label_page_free);
  g_autoptr(BwLabelReport) report = NULL;
  BwLabelJob job = { ids, test->first, test->n, test->start, MAX (test->copies, 1),
                     test->n_columns, test->n_rows };
  guint file = 0;

  for (guint i = 0; i < 20; i++)
    g_ptr_array_add (ids, bw_test_make_id (i));
  for (guint i = 0; i < G_N_ELEMENTS (test->pages) && test->pages[i] != NULL; i++)
    g_ptr_array_add (pages, create_page (test, test->pages[i], ids, &file));

  report = bw_label_report_new (&job, pages);
  check_list (ids, report->lists[BW_LABEL_CONFIRMED], test->confirmed);
  check_list (ids, report->lists[BW_LABEL_MISSING], test->missing);
  check_list (ids, report->lists[BW_LABEL_UNREADABLE], test->unreadable);
  check_list (ids, report->lists[BW_LABEL_DUPLICATE], test->duplicate);
  check_list (ids, report->lists[BW_LABEL_SWAPPED], test->swapped);
  g_assert_cmpuint (report->lists[BW_LABEL_FOREIGN]->len, ==, test->n_foreign);
  g_assert_cmpuint (report->n_unplaced, ==, test->n_unplaced);
  g_assert_cmpuint (report->skewed->len, ==, test->n_skewed);
  g_assert_cmpuint (report->pages->len + report->n_unplaced + report->skewed->len, ==, pages->len);
  g_assert_cmpuint (report->failed->len, ==, strlen (test->missing) + strlen (test->unreadable) +
                                             strlen (test->duplicate) + strlen (test->swapped));
  g_assert_cmpint (bw_label_report_is_clean (report), ==,
                   report->failed->len == 0 && test->n_foreign == 0 && test->n_skewed == 0 && *test->confirmed != '\0');
}

/* Each ID fills fifteen sheets and more, and each fault is seen all the same. */
static void
test_many_copies (void)
{
  enum { N_IDS = 5, COPIES = 1000, N_CELLS = 65, N_PAGES = (N_IDS * COPIES + N_CELLS - 1) / N_CELLS };
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_label_page_free);
  g_autoptr(BwLabelReport) report = NULL;
  BwLabelJob job = { ids, 0, N_IDS, 0, COPIES, 5, 13 };

  for (guint i = 0; i < N_IDS; i++)
    g_ptr_array_add (ids, bw_test_make_id (i));
  for (guint slot = 0; slot < N_PAGES * N_CELLS; slot++)
    {
      BwLabelSight *sight;

      if (slot % N_CELLS == 0)
        g_ptr_array_add (pages, bw_label_page_new (0, N_CELLS));
      if (slot >= N_IDS * COPIES)
        continue;

      sight = &g_array_index (((BwLabelPage *) g_ptr_array_index (pages, slot / N_CELLS))->sights, BwLabelSight, slot % N_CELLS);
      sight->has_ink = slot != 700;
      if (slot != 700 && slot != 3500)
        sight->text = g_strdup (g_ptr_array_index (ids, slot / COPIES));
    }

  report = bw_label_report_new (&job, pages);
  check_list (ids, report->lists[BW_LABEL_CONFIRMED], "bce");
  check_list (ids, report->lists[BW_LABEL_MISSING], "a");
  check_list (ids, report->lists[BW_LABEL_UNREADABLE], "d");
}

static void
test_parse_id (void)
{
  static const struct { const char *text, *id; } codes[] = {
    { "A1B2C3D4E5F60718", "a1b2-c3d4-e5f6-0718" },
    { "a1b2-c3d4-e5f6-0718", "a1b2-c3d4-e5f6-0718" },
    { "HTTPS://X.IO/D/A1B2C3D4E5F60718", "a1b2-c3d4-e5f6-0718" },
    { "https://example.com/d/a1b2-c3d4-e5f6-0718\n", "a1b2-c3d4-e5f6-0718" },
    { "", NULL }, { "/", NULL }, { "https://example.com/", NULL }, { "A1B2C3D4E5F6071", NULL },
    { "A1B2C3D4E5F60718/", NULL }, { "https://example.com/A1B2C3D4E5F60718X", NULL }, { "Grüße", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      char id[BW_DEVICE_ID_SIZE];

      g_assert_cmpint (bw_code_parse_id (codes[i].text, id), ==, codes[i].id != NULL);
      if (codes[i].id != NULL)
        g_assert_cmpstr (id, ==, codes[i].id);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/verify/report/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/verify/report/many-copies", test_many_copies);
  g_test_add_func ("/verify/report/parse-id", test_parse_id);

  return g_test_run ();
}
