/* bw-sheet-output-private.h: how far a thread is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-sheet-output.h"

G_BEGIN_DECLS

/* Lies in the data of a task whose thread notes what it has done; the main thread tells it now and then. */
typedef struct
{
  int                n_done;        /* atomic */
  int                n_total;       /* atomic */
  BwSheetOutputFunc  func;          /* (nullable) */
  gpointer           data;
  guint              timeout_id;    /* main thread's */
} BwOutputProgress;

void bw_output_progress_begin (BwOutputProgress  *self,
                               GTask             *task,
                               BwSheetOutputFunc  func,
                               gpointer           data);
/* By the finish function, before the task's callback goes on. */
void bw_output_progress_end   (BwOutputProgress  *self);
/* On any thread. */
void bw_output_progress_note  (BwOutputProgress  *self,
                               guint              n_done,
                               guint              n_total);

G_END_DECLS
