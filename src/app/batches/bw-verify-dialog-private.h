/* bw-verify-dialog-private.h: for the files of this class
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-verify-dialog.h"

#include "bw-design-row.h"
#include "bw-label-reader.h"
#include "bw-label-tally.h"
#include "bw-task-bar.h"
#include "bw-verify-map.h"

G_BEGIN_DECLS

struct _BwVerifyDialog
{
  AdwWindow             parent_instance;

  BwSession            *session;
  BwBatch              *batch;
  GSettings            *settings;       /* (nullable) */
  const BwStock        *stock;
  GPtrArray            *ids;            /* (owned) (nullable): all of the batch, once they are loaded */
  BwLabelTally         *tally;          /* (owned) (nullable): of the hand scanner */
  BwLabelReader        *reader;         /* (owned) (nullable): of this stock and these serials */
  BwLabelReport        *report;         /* (owned) (nullable): what the reader has seen */
  GtkFileChooserNative *chooser;        /* (owned): while it is open; nobody else holds it */
  guint                 page;
  guint                 n_skewed;       /* pages that were known to be so before the reading */
  guint                 update_id;      /* source: the results are to be shown anew */

  AdwWindowTitle       *window_title;
  GtkWidget            *back_button;
  GtkWidget            *map_button;
  AdwToastOverlay      *toasts;
  AdwLeaflet           *leaflet;
  GtkWidget            *options;
  GtkEditable          *scan_row;
  GtkLabel             *scan_label;
  AdwActionRow         *stock_row;
  BwDesignRow          *design_row;
  GtkAdjustment        *first_adjustment;
  GtkAdjustment        *last_adjustment;
  GtkAdjustment        *copies_adjustment;
  GtkLabel             *summary;
  AdwPreferencesGroup  *results;
  AdwExpanderRow       *result_rows[BW_LABEL_N_LISTS];
  GPtrArray            *shown;          /* (owned): the rows inside of them */
  GtkStack             *map_stack;
  GtkWidget            *pager;
  BwVerifyMap          *map;
  GtkLabel             *legend;
  GtkLabel             *page_label;
  BwTaskBar            *task_bar;
};

/* Serials as indices: from *ret_first, so many. */
void    bw_verify_dialog_get_range       (BwVerifyDialog *self,
                                          guint          *ret_first,
                                          guint          *ret_n);

/* bw-verify-dialog-results.c */
void    bw_verify_dialog_create_results  (BwVerifyDialog *self);
void    bw_verify_dialog_update_results  (BwVerifyDialog *self);
/* (transfer full) (element-type guint): index of each label to be printed again */
GArray *bw_verify_dialog_get_failed      (BwVerifyDialog *self);

G_END_DECLS
