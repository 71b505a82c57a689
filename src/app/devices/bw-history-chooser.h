/* bw-history-chooser.h: which properties a chart shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-history-choice.h"

G_BEGIN_DECLS

#define BW_TYPE_HISTORY_CHOOSER (bw_history_chooser_get_type ())

/* A button, and below it a list to search and to tick.
 * Signal: toggled (BwHistoryChoice *)   a person wants it, or wants it no more; the receiver sets `chosen` */
G_DECLARE_FINAL_TYPE (BwHistoryChooser, bw_history_chooser, BW, HISTORY_CHOOSER, GtkWidget)

/* @choices: (element-type BwHistoryChoice) */
void bw_history_chooser_set_choices (BwHistoryChooser *self,
                                     GListModel       *choices);
/* (transfer full) (nullable) */
GListModel *bw_history_chooser_dup_choices (BwHistoryChooser *self);
/* What the button says. */
void bw_history_chooser_set_label   (BwHistoryChooser *self,
                                     const char       *label);
void bw_history_chooser_open        (BwHistoryChooser *self);

G_END_DECLS
