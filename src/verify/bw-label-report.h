/* bw-label-report.h: what is wrong with printed labels
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-id.h"

#include <glib.h>

G_BEGIN_DECLS

/* Of an ID. Each one that was looked for is in exactly one of the first five.
 *
 *   confirmed    read once, in its own cell
 *   missing      read nowhere, and its own cell is blank or holds another code
 *   unreadable   read nowhere, and its own cell is printed, but with no code that can be read
 *   duplicate    read in two cells or more, wherever they are
 *   swapped      read once, in another cell than its own
 *   foreign      a text, not an ID: a code that is not of this batch, or no ID at all
 *
 * With copies each has as many cells of its own: it is confirmed when all of those that were seen hold it, and
 * a duplicate when it was read more often.
 *
 * Looked for are the IDs that belong onto the pages that were seen, and those that were read.
 * Of a cell it is the same word for what stands in it; BW_LABEL_UNUSED is one
 * without a code that ought to have none. */
typedef enum
{
  BW_LABEL_CONFIRMED,
  BW_LABEL_MISSING,
  BW_LABEL_UNREADABLE,
  BW_LABEL_DUPLICATE,
  BW_LABEL_SWAPPED,
  BW_LABEL_FOREIGN,
  BW_LABEL_UNUSED,
} BwLabelVerdict;

/* The verdicts that have a list. */
#define BW_LABEL_N_LISTS (BW_LABEL_FOREIGN + 1)

/* The word of the JSON: "confirmed". */
const char *bw_label_verdict_to_nick (BwLabelVerdict verdict);

/* A cell as it was seen. */
typedef struct
{
  char     *text;       /* (owned) (nullable): what the code says */
  gboolean  has_ink;
} BwLabelSight;

/* A page as it was seen. */
typedef struct
{
  guint     file;       /* pages of one file are different pages; a later file may show one again */
  char     *file_name;  /* (owned) (nullable): for people; NULL: a picture in memory */
  guint     number;     /* in its file, from 1 */
  gboolean  is_found;   /* a sheet was found in the picture */
  gboolean  is_skewed;  /* it was photographed at such an angle that nothing was read */
  guint     n_codes;    /* that were seen when it was looked for, wherever they lie */
  GArray   *sights;     /* (element-type BwLabelSight): a cell each, row by row */
} BwLabelPage;

BwLabelPage *bw_label_page_new  (guint        file,
                                 guint        n_cells);
void         bw_label_page_free (BwLabelPage *self);

/* What ought to be there. */
typedef struct
{
  const GPtrArray *ids;         /* (element-type utf8): canonical, in the order of printing */
  guint            first;       /* those that were printed: index in ids */
  guint            n;
  guint            start;       /* the cell of the first one, from 1; 0: not known */
  guint            copies;      /* of each, one after the other */
  guint            n_columns;
  guint            n_rows;
} BwLabelJob;

/* A cell of a page that was found. */
typedef struct
{
  BwLabelVerdict  verdict;
  const char     *expected;     /* (nullable): the ID that belongs there */
  const char     *text;         /* (nullable): what was read */
} BwLabelCell;

typedef struct
{
  GPtrArray *lists[BW_LABEL_N_LISTS];   /* (element-type utf8): IDs by index, texts as they came */
  GPtrArray *pages;                     /* (element-type GArray of BwLabelCell) */
  GArray    *failed;                    /* (element-type guint): index of each ID that is not confirmed */
  GPtrArray *skewed;                    /* (element-type BwLabelPage): that were photographed at too much of an angle */
  guint      n_unplaced;                /* other pages that are no sheet of this batch: nothing could be read */
  guint      n_codes;                   /* that were seen on the pages, at least */
} BwLabelReport;

/* Pages and IDs must outlive it. @pages: (element-type BwLabelPage) */
BwLabelReport *bw_label_report_new  (const BwLabelJob *job,
                                     const GPtrArray  *pages);
void           bw_label_report_free (BwLabelReport    *self);

/* All that were looked for are confirmed, there are some, nothing else was there, and no page was skewed. */
gboolean       bw_label_report_is_clean (const BwLabelReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwLabelPage, bw_label_page_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwLabelReport, bw_label_report_free)

G_END_DECLS
