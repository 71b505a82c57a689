/* ctl-scans.h: labels scanned one by one, and what is said of labels
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-label-report.h"
#include "bw-label-tally.h"
#include "ctl.h"

G_BEGIN_DECLS

/* The six lists of IDs and texts, by verdict. @ids: all of the batch.
 * @skewed: (nullable) (element-type BwLabelPage): of pictures */
void       ctl_print_label_json  (GPtrArray * const  lists[BW_LABEL_N_LISTS],
                                  const GPtrArray   *skewed);
void       ctl_print_label_lists (GPtrArray * const  lists[BW_LABEL_N_LISTS],
                                  GPtrArray         *ids);

typedef struct
{
  Ctl          *ctl;
  GPtrArray    *ids;        /* all of the batch; outlive it */
  guint         first;      /* those that are looked for: index in ids */
  guint         n;
  BwLabelTally *tally;      /* (owned) */
  GPtrArray    *foreign;    /* (owned) */
} CtlScans;

void       ctl_scans_init        (CtlScans          *self,
                                  Ctl               *ctl,
                                  GPtrArray         *ids,
                                  guint              first,
                                  guint              n,
                                  guint              copies);
void       ctl_scans_clear       (CtlScans          *self);
/* @text: valid UTF-8, what a code says. Says what it is. */
void       ctl_scans_take        (CtlScans          *self,
                                  const char        *text);
gboolean   ctl_scans_is_complete (const CtlScans    *self);
/* (transfer full) (element-type guint): index of each one that was looked for and not seen */
GArray    *ctl_scans_get_missing (const CtlScans    *self);
CtlStatus  ctl_scans_report      (const CtlScans    *self);

/* Takes what passes before a camera until all are seen, or Ctrl+C. @device: (nullable) */
gboolean   ctl_scans_watch       (CtlScans          *self,
                                  const char        *device,
                                  GError           **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CtlScans, ctl_scans_clear)

G_END_DECLS
