/* bw-task-bar.h: what takes longer than a moment, and the way to stop it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BW_TYPE_TASK_BAR (bw_task_bar_get_type ())

/* Property: busy (gboolean, notify) */
G_DECLARE_FINAL_TYPE (BwTaskBar, bw_task_bar, BW, TASK_BAR, GtkWidget)

/* One task at a time. The cancellable is cancelled by the button, and when the bar goes away. */
GCancellable *bw_task_bar_begin        (BwTaskBar  *self,
                                        const char *text);    /* (transfer none) */
void          bw_task_bar_set_progress (BwTaskBar  *self,
                                        gint64      n_done,
                                        gint64      n_total);  /* 0: not known */
void          bw_task_bar_end          (BwTaskBar  *self);
gboolean      bw_task_bar_is_busy      (BwTaskBar  *self);
GCancellable *bw_task_bar_get_cancellable (BwTaskBar *self);   /* (transfer none) (nullable): the task's */

G_END_DECLS
