/* bw-label-tally.h: labels ticked off one by one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BW_LABEL_SCAN_CONFIRMED,
  BW_LABEL_SCAN_AGAIN,         /* was confirmed before, as often as there are copies */
  BW_LABEL_SCAN_FOREIGN,
} BwLabelScan;

/* For a hand scanner, which knows codes but no cells. */
typedef struct _BwLabelTally BwLabelTally;

/* @ids: (element-type utf8): canonical; must outlive it */
BwLabelTally *bw_label_tally_new             (const GPtrArray    *ids);
void          bw_label_tally_free            (BwLabelTally       *self);

/* How often a label may be scanned before it is one too many: 1 without this. */
void          bw_label_tally_set_copies      (BwLabelTally       *self,
                                              guint               copies);
/* @text: what a code says.  @ret_index: of the ID, unless it is foreign */
BwLabelScan   bw_label_tally_scan            (BwLabelTally       *self,
                                              const char         *text,
                                              guint              *ret_index);
/* @text: as in bw_label_tally_scan().  FALSE: not of this batch */
gboolean      bw_label_tally_find            (const BwLabelTally *self,
                                              const char         *text,
                                              guint              *ret_index);
gboolean      bw_label_tally_has             (const BwLabelTally *self,
                                              guint               index);
guint         bw_label_tally_get_n_confirmed (const BwLabelTally *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwLabelTally, bw_label_tally_free)

G_END_DECLS
