/* bw-label-report.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-verify"

#include "bw-label-report.h"

#include "bw-code-scanner.h"

#include <string.h>

/* So many labels of a roll must follow each other before their order says anything. */
#define MIN_ROLL_LABELS 3

#define NO_INDEX G_MININT64

/* The labels of a job are numbered in the order of printing, copies and all:
 * their slots, from 0. Which slots a page holds nobody says: the codes do. On a
 * sheet that was printed in order slot and cell differ by the same number
 * everywhere; what most codes say it is holds, and the others are at the wrong
 * place. */

typedef struct
{
  const BwLabelPage *page;
  gint64            *indices;      /* of the ID in each cell, or NO_INDEX */
  gint64             offset;       /* slot - place in printing order, or NO_INDEX: not known */
} Page;

/* One ID seen in one place. */
typedef struct
{
  gint64 index;
  gint64 slot;        /* of the place */
  guint  file;
} Sighting;

enum
{
  IS_SMEARED    = 1 << 0,   /* printed, but nothing to read in it */
  IS_GOOD       = 1 << 1,   /* holds what belongs there */
};

/* A slot that was looked for, once for each time it was seen. */
typedef struct
{
  gint64 slot;
  guint  flags;
} Mark;

typedef struct
{
  const BwLabelJob *job;
  GHashTable       *by_id;          /* id -> index + 1 */
  GArray           *pages;          /* Page */
  GArray           *sightings;      /* Sighting */
  GArray           *marks;          /* Mark */
  guint8           *verdicts;       /* by index; BW_LABEL_UNUSED: not looked for */
  gboolean          is_by_columns;  /* printed down the columns */
} Judge;

const char *
bw_label_verdict_to_nick (BwLabelVerdict verdict)
{
  static const char * const nicks[] = {
    "confirmed", "missing", "unreadable", "duplicate", "swapped", "foreign", "unused",
  };

  g_return_val_if_fail (verdict < G_N_ELEMENTS (nicks), NULL);

  return nicks[verdict];
}

static void
sight_clear (BwLabelSight *sight)
{
  g_free (sight->text);
}

BwLabelPage *
bw_label_page_new (guint file,
                   guint n_cells)
{
  BwLabelPage *self = g_new0 (BwLabelPage, 1);

  self->file = file;
  self->sights = g_array_sized_new (FALSE, TRUE, sizeof (BwLabelSight), n_cells);
  g_array_set_clear_func (self->sights, (GDestroyNotify) sight_clear);
  g_array_set_size (self->sights, n_cells);

  return self;
}

void
bw_label_page_free (BwLabelPage *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->sights);
  g_free (self->file_name);
  g_free (self);
}

static gint64
find_index (const Judge *judge,
            const char  *text)
{
  char id[BW_DEVICE_ID_SIZE];
  gpointer found = NULL;

  if (text != NULL && bw_code_parse_id (text, id))
    found = g_hash_table_lookup (judge->by_id, id);

  return found != NULL ? (gint64) GPOINTER_TO_UINT (found) - 1 : NO_INDEX;
}

/* The place of a cell in the order of printing. */
static gint64
get_place (const Judge *judge,
           guint        cell,
           gboolean     is_by_columns)
{
  const BwLabelJob *job = judge->job;

  return is_by_columns ? (gint64) (cell % job->n_columns) * job->n_rows + cell / job->n_columns : cell;
}

static gboolean
fits_start (const Judge *judge,
            gint64       offset)
{
  const BwLabelJob *job = judge->job;
  gint64 n_cells = (gint64) job->n_columns * job->n_rows;

  return job->start == 0 || (offset + job->start - 1) % n_cells == 0;
}

/* The first slot of an ID; below 0 when it was not to be printed. */
static gint64
get_slot (const Judge *judge,
          gint64       index)
{
  return (index - judge->job->first) * judge->job->copies;
}

static gint64
get_index (const Judge *judge,
           gint64       slot)
{
  return judge->job->first + slot / judge->job->copies;
}

static gint64
round_up (gint64 value,
          gint64 step)
{
  gint64 rest = value % step;

  return rest == 0 ? value : value - rest + (rest > 0 ? step : 0);
}

/* Of the offsets @from up to @to, which equally many codes say, the likeliest: the one that follows the page before;
 * else one with all copies of a label on the page, as most are; else the first. Returns how likely it is. */
static guint
choose (const Judge *judge,
        gint64       from,
        gint64       to,
        gboolean     minds_start,
        gint64       following,
        gint64      *ret_offset)
{
  const BwLabelJob *job = judge->job;
  gint64 start = job->start;
  gint64 even = round_up (from, job->copies);
  gint64 first = minds_start && start > 0 ?
                 round_up (from + start - 1, (gint64) job->n_columns * job->n_rows) - start + 1 : from;

  if (first >= to)
    return 0;

  if (following >= from && following < to && (!minds_start || fits_start (judge, following)))
    {
      *ret_offset = following;
      return 3;
    }

  if (even < to && (!minds_start || fits_start (judge, even)))
    {
      *ret_offset = even;
      return 2;
    }

  *ret_offset = first;

  return 1;
}

static int
compare_numbers (gconstpointer a,
                 gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

/* Where the number of codes that say an offset changes next. */
static gint64
get_change (const GArray *firsts,
            gint64        copies,
            guint         n_begun,
            guint         n_ended)
{
  gint64 end = g_array_index (firsts, gint64, n_ended) + copies;

  return n_begun < firsts->len ? MIN (g_array_index (firsts, gint64, n_begun), end) : end;
}

/* What most codes say; how many of them. Nobody knows which one of its copies a code is of: it says every offset from
 * the one in @firsts on, as many as there are copies. */
static guint
find_most (const Judge *judge,
           GArray      *firsts,
           gboolean     minds_start,
           gint64       following,
           gint64      *ret_offset)
{
  gint64 copies = judge->job->copies;
  guint n_begun = 0, n_ended = 0, most = 0, likeliest = 0;

  g_array_sort (firsts, compare_numbers);
  while (n_ended < firsts->len)
    {
      gint64 from = get_change (firsts, copies, n_begun, n_ended);
      gint64 offset = NO_INDEX;
      guint count, likely;

      while (n_begun < firsts->len && g_array_index (firsts, gint64, n_begun) == from)
        n_begun++;
      while (n_ended < firsts->len && g_array_index (firsts, gint64, n_ended) + copies == from)
        n_ended++;

      count = n_begun - n_ended;
      if (count == 0 || count < most)
        continue;

      likely = choose (judge, from, get_change (firsts, copies, n_begun, n_ended), minds_start, following, &offset);
      if (likely > 0 && (count > most || likely > likeliest))
        {
          most = count;
          likeliest = likely;
          *ret_offset = offset;
        }
    }

  return most;
}

static guint
vote (const Judge *judge,
      const Page  *page,
      gboolean     is_by_columns,
      gboolean     minds_start,
      gint64       following,
      gint64      *ret_offset)
{
  g_autoptr(GArray) firsts = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint cell = 0; cell < page->page->sights->len; cell++)
    {
      gint64 first = page->indices[cell];

      if (first == NO_INDEX)
        continue;

      first = get_slot (judge, first) - get_place (judge, cell, is_by_columns);
      g_array_append_val (firsts, first);
    }

  return find_most (judge, firsts, minds_start, following, ret_offset);
}

static void
settle_order (Judge *judge)
{
  guint n_by_rows = 0, n_by_columns = 0;
  gint64 unused;

  for (guint i = 0; i < judge->pages->len; i++)
    {
      const Page *page = &g_array_index (judge->pages, Page, i);

      n_by_rows += vote (judge, page, FALSE, FALSE, NO_INDEX, &unused);
      n_by_columns += vote (judge, page, TRUE, FALSE, NO_INDEX, &unused);
    }

  judge->is_by_columns = n_by_columns > n_by_rows;
}

/* Labels of a roll are a page each: what one page says of itself is worth nothing, the row of them is. */
static void
settle_roll (Judge *judge)
{
  g_autoptr(GArray) firsts = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 offset = 0;
  guint most;

  for (guint i = 0; i < judge->pages->len; i++)
    {
      gint64 first = g_array_index (judge->pages, Page, i).indices[0];

      if (first == NO_INDEX)
        continue;

      first = get_slot (judge, first) - i;
      g_array_append_val (firsts, first);
    }

  most = find_most (judge, firsts, FALSE, NO_INDEX, &offset);
  if (most < MIN_ROLL_LABELS || most * 2 <= firsts->len)
    return;

  for (guint i = 0; i < judge->pages->len; i++)
    g_array_index (judge->pages, Page, i).offset = offset + i;
}

/* A page without codes is a sheet that failed when it lies between two that follow each other, and the
 * back of one otherwise. */
static void
settle_gaps (Judge *judge)
{
  gint64 n_cells = (gint64) judge->job->n_columns * judge->job->n_rows;
  guint last = 0;

  for (guint i = 1; i < judge->pages->len; i++)
    {
      const Page *page = &g_array_index (judge->pages, Page, i);
      const Page *before = &g_array_index (judge->pages, Page, last);

      if (page->offset == NO_INDEX)
        continue;

      if (before->offset != NO_INDEX && before->page->file == page->page->file &&
          page->offset - before->offset == n_cells * (i - last))
        {
          for (guint j = last + 1; j < i; j++)
            g_array_index (judge->pages, Page, j).offset = before->offset + n_cells * (j - last);
        }

      last = i;
    }
}

static gboolean
has_ink (const BwLabelPage *page)
{
  for (guint cell = 0; cell < page->sights->len; cell++)
    {
      if (g_array_index (page->sights, BwLabelSight, cell).has_ink)
        return TRUE;
    }

  return FALSE;
}

/* The offset of page @number when it goes on where the pages of its file before it ended. With many copies it may hold
 * one ID alone, as they do, and say nothing of itself. */
static gint64
get_following (const Judge *judge,
               guint        number)
{
  gint64 n_cells = (gint64) judge->job->n_columns * judge->job->n_rows;
  guint file = g_array_index (judge->pages, Page, number).page->file;
  gint64 n_sheets = 1;

  for (guint i = number; i-- > 0;)
    {
      const Page *page = &g_array_index (judge->pages, Page, i);

      if (page->page->file != file)
        break;

      if (page->offset != NO_INDEX)
        return page->offset + n_cells * n_sheets;

      /* else it is the back of a sheet */
      n_sheets += page->page->is_skewed || has_ink (page->page);
    }

  return NO_INDEX;
}

static void
settle_offsets (Judge *judge)
{
  settle_order (judge);

  for (guint i = 0; i < judge->pages->len; i++)
    {
      Page *page = &g_array_index (judge->pages, Page, i);
      gint64 following = get_following (judge, i);
      gint64 with_start = NO_INDEX, without = NO_INDEX;
      guint n_with_start = vote (judge, page, judge->is_by_columns, TRUE, following, &with_start);
      guint n_without = vote (judge, page, judge->is_by_columns, FALSE, following, &without);

      /* who says where the sheet begins may be wrong, but is believed while the codes are in doubt */
      page->offset = n_with_start * 2 >= n_without ? with_start : without;
    }

  if (judge->job->n_columns * judge->job->n_rows == 1)
    settle_roll (judge);
  settle_gaps (judge);
}

static gboolean
is_expected (const Judge *judge,
             gint64       slot)
{
  return slot >= 0 && slot < (gint64) judge->job->n * judge->job->copies;
}

static void
collect (Judge *judge)
{
  for (guint i = 0; i < judge->pages->len; i++)
    {
      const Page *page = &g_array_index (judge->pages, Page, i);

      if (page->offset == NO_INDEX || page->page->is_skewed)
        continue;

      for (guint cell = 0; cell < page->page->sights->len; cell++)
        {
          const BwLabelSight *sight = &g_array_index (page->page->sights, BwLabelSight, cell);
          gint64 slot = page->offset + get_place (judge, cell, judge->is_by_columns);
          Sighting sighting = { page->indices[cell], slot, page->page->file };

          if (is_expected (judge, slot))
            {
              Mark mark = {
                slot, (sight->text == NULL && sight->has_ink ? IS_SMEARED : 0) |
                      (sighting.index == get_index (judge, slot) ? IS_GOOD : 0),
              };

              g_array_append_val (judge->marks, mark);
            }
          if (sighting.index != NO_INDEX)
            g_array_append_val (judge->sightings, sighting);
        }
    }
}

static int
compare_sightings (gconstpointer a,
                   gconstpointer b)
{
  const Sighting *left = a;
  const Sighting *right = b;

  if (left->index != right->index)
    return left->index < right->index ? -1 : 1;
  if (left->slot != right->slot)
    return left->slot < right->slot ? -1 : 1;

  return left->file < right->file ? -1 : left->file > right->file;
}

/* Sightings @from up to @to are of one ID. The same slot in two files is one sheet that was scanned
 * twice; in one file it is one that was printed twice. */
static guint
count_labels (const GArray *sightings,
              guint         from,
              guint         to)
{
  guint n_labels = 0;

  for (guint i = from; i < to;)
    {
      gint64 slot = g_array_index (sightings, Sighting, i).slot;
      guint most = 0;

      while (i < to && g_array_index (sightings, Sighting, i).slot == slot)
        {
          guint file = g_array_index (sightings, Sighting, i).file;
          guint n = 0;

          for (; i < to && g_array_index (sightings, Sighting, i).slot == slot &&
                 g_array_index (sightings, Sighting, i).file == file; i++)
            n++;
          most = MAX (most, n);
        }

      n_labels += most;
    }

  return n_labels;
}

static int
compare_marks (gconstpointer a,
               gconstpointer b)
{
  gint64 left = ((const Mark *) a)->slot;
  gint64 right = ((const Mark *) b)->slot;

  return left < right ? -1 : left > right;
}

/* Each ID by its own slots alone: the first bad one counts. */
static void
judge_slots (Judge *judge)
{
  const GArray *marks = judge->marks;

  g_array_sort (judge->marks, compare_marks);
  for (guint i = 0; i < marks->len;)
    {
      gint64 slot = g_array_index (marks, Mark, i).slot;
      guint8 *verdict = &judge->verdicts[get_index (judge, slot)];
      guint flags = 0;

      for (; i < marks->len && g_array_index (marks, Mark, i).slot == slot; i++)
        flags |= g_array_index (marks, Mark, i).flags;

      if (*verdict != BW_LABEL_UNUSED && *verdict != BW_LABEL_CONFIRMED)
        continue;

      if (flags & IS_GOOD)
        *verdict = BW_LABEL_CONFIRMED;
      else
        *verdict = flags & IS_SMEARED ? BW_LABEL_UNREADABLE : BW_LABEL_MISSING;
    }
}

/* Is one of the sightings @from up to @to in another one's slot? */
static gboolean
is_astray (const Judge *judge,
           guint        from,
           guint        to)
{
  for (guint i = from; i < to; i++)
    {
      const Sighting *sighting = &g_array_index (judge->sightings, Sighting, i);
      gint64 first = get_slot (judge, sighting->index);

      if (sighting->slot < first || sighting->slot >= first + judge->job->copies)
        return TRUE;
    }

  return FALSE;
}

static void
judge_ids (Judge *judge)
{
  const GArray *sightings = judge->sightings;

  memset (judge->verdicts, BW_LABEL_UNUSED, judge->job->ids->len);
  judge_slots (judge);

  g_array_sort (judge->sightings, compare_sightings);
  for (guint from = 0, to; from < sightings->len; from = to)
    {
      gint64 index = g_array_index (sightings, Sighting, from).index;

      to = from + 1;
      while (to < sightings->len && g_array_index (sightings, Sighting, to).index == index)
        to++;

      if (count_labels (sightings, from, to) > judge->job->copies)
        judge->verdicts[index] = BW_LABEL_DUPLICATE;
      else if (is_astray (judge, from, to))
        judge->verdicts[index] = BW_LABEL_SWAPPED;
      else if (judge->verdicts[index] == BW_LABEL_UNUSED)
        judge->verdicts[index] = BW_LABEL_CONFIRMED;
    }
}

static void
report_ids (const Judge   *judge,
            BwLabelReport *report)
{
  for (guint i = 0; i < judge->job->ids->len; i++)
    {
      if (judge->verdicts[i] == BW_LABEL_UNUSED)
        continue;

      g_ptr_array_add (report->lists[judge->verdicts[i]], g_ptr_array_index (judge->job->ids, i));
      if (judge->verdicts[i] != BW_LABEL_CONFIRMED)
        g_array_append_val (report->failed, i);
    }
}

static BwLabelCell
judge_cell (const Judge *judge,
            const Page  *page,
            guint        cell)
{
  const BwLabelSight *sight = &g_array_index (page->page->sights, BwLabelSight, cell);
  BwLabelCell judged = { .verdict = BW_LABEL_UNUSED, .text = sight->text };

  if (page->offset != NO_INDEX)
    {
      gint64 slot = page->offset + get_place (judge, cell, judge->is_by_columns);

      if (is_expected (judge, slot))
        {
          judged.expected = g_ptr_array_index (judge->job->ids, get_index (judge, slot));
          judged.verdict = sight->has_ink ? BW_LABEL_UNREADABLE : BW_LABEL_MISSING;
        }
    }

  if (sight->text != NULL)
    judged.verdict = page->indices[cell] == NO_INDEX ? BW_LABEL_FOREIGN : judge->verdicts[page->indices[cell]];

  /* that is its other copy's */
  if (sight->text != NULL && (judged.verdict == BW_LABEL_MISSING || judged.verdict == BW_LABEL_UNREADABLE))
    judged.verdict = BW_LABEL_CONFIRMED;

  return judged;
}

static void
report_pages (const Judge   *judge,
              BwLabelReport *report)
{
  for (guint i = 0; i < judge->pages->len; i++)
    {
      const Page *page = &g_array_index (judge->pages, Page, i);
      GArray *cells;

      report->n_codes += page->page->n_codes;
      if (page->page->is_skewed)
        {
          g_ptr_array_add (report->skewed, (gpointer) page->page);
          continue;
        }

      if (!page->page->is_found && page->offset == NO_INDEX)
        {
          report->n_unplaced++;
          continue;
        }

      cells = g_array_new (FALSE, FALSE, sizeof (BwLabelCell));
      for (guint cell = 0; cell < page->page->sights->len; cell++)
        {
          BwLabelCell judged = judge_cell (judge, page, cell);

          g_array_append_val (cells, judged);
          if (judged.verdict == BW_LABEL_FOREIGN)
            g_ptr_array_add (report->lists[BW_LABEL_FOREIGN], (char *) judged.text);
        }
      g_ptr_array_add (report->pages, cells);
    }
}

static void
page_clear (Page *page)
{
  g_free (page->indices);
}

static void
judge_init (Judge            *judge,
            const BwLabelJob *job,
            const GPtrArray  *pages)
{
  *judge = (Judge) { .job = job };
  judge->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  judge->pages = g_array_new (FALSE, FALSE, sizeof (Page));
  g_array_set_clear_func (judge->pages, (GDestroyNotify) page_clear);
  judge->sightings = g_array_new (FALSE, FALSE, sizeof (Sighting));
  judge->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  judge->verdicts = g_malloc0 (job->ids->len + 1);

  for (guint i = 0; i < job->ids->len; i++)
    g_hash_table_insert (judge->by_id, g_ptr_array_index (job->ids, i), GUINT_TO_POINTER (i + 1));

  for (guint i = 0; i < pages->len; i++)
    {
      Page page = { .page = g_ptr_array_index (pages, i), .offset = NO_INDEX };
      guint n_cells = page.page->sights->len;

      page.indices = g_new (gint64, n_cells);
      for (guint cell = 0; cell < n_cells; cell++)
        page.indices[cell] = find_index (judge, g_array_index (page.page->sights, BwLabelSight, cell).text);
      g_array_append_val (judge->pages, page);
    }
}

static void
judge_clear (Judge *judge)
{
  g_hash_table_unref (judge->by_id);
  g_array_unref (judge->pages);
  g_array_unref (judge->sightings);
  g_array_unref (judge->marks);
  g_free (judge->verdicts);
}

BwLabelReport *
bw_label_report_new (const BwLabelJob *job,
                     const GPtrArray  *pages)
{
  BwLabelReport *self;
  Judge judge;

  g_return_val_if_fail (job != NULL && pages != NULL && job->n_columns * job->n_rows > 0, NULL);
  g_return_val_if_fail (job->copies > 0, NULL);
  g_return_val_if_fail (job->first <= job->ids->len && job->n <= job->ids->len - job->first, NULL);

  self = g_new0 (BwLabelReport, 1);
  for (guint i = 0; i < BW_LABEL_N_LISTS; i++)
    self->lists[i] = g_ptr_array_new ();
  self->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  self->failed = g_array_new (FALSE, FALSE, sizeof (guint));
  self->skewed = g_ptr_array_new ();

  judge_init (&judge, job, pages);
  settle_offsets (&judge);
  collect (&judge);
  judge_ids (&judge);
  report_ids (&judge, self);
  report_pages (&judge, self);
  judge_clear (&judge);

  return self;
}

void
bw_label_report_free (BwLabelReport *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < BW_LABEL_N_LISTS; i++)
    g_ptr_array_unref (self->lists[i]);
  g_ptr_array_unref (self->pages);
  g_array_unref (self->failed);
  g_ptr_array_unref (self->skewed);
  g_free (self);
}

gboolean
bw_label_report_is_clean (const BwLabelReport *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->failed->len == 0 && self->skewed->len == 0 &&
         self->lists[BW_LABEL_CONFIRMED]->len > 0 && self->lists[BW_LABEL_FOREIGN]->len == 0;
}
