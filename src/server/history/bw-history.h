/* bw-history.h: every value with its time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-history-batch.h"
#include "bw-history-db.h"

G_BEGIN_DECLS

/* Of one device, over all time. */
#define BW_HISTORY_MAX_SERIES 10000

#define BW_TYPE_HISTORY (bw_history_get_type ())

G_DECLARE_FINAL_TYPE (BwHistory, bw_history, BW, HISTORY, GObject)

typedef struct
{
  guint64 n_samples;         /* that were committed since the start */
  guint64 n_damaged;         /* chunks, and rows of the stage, that could not be read */
  guint64 n_refused;         /* samples of a device that has too many series */
  guint   n_staged;          /* that are in no chunk yet */
} BwHistoryCounts;

BwHistory  *bw_history_new           (BwHistoryDb     *db);
BwHistoryDb *bw_history_get_db       (BwHistory       *self);
/* Main context: packs, joins and thins from now on, also while nothing comes in. */
void        bw_history_start         (BwHistory       *self);
/* Runs the main context until nothing of it is on its way any more. */
void        bw_history_stop          (BwHistory       *self);
/* @task: (transfer full): completed once all of @batch is durable, which must live until then and
 * stays as it is. On failure nothing of it is. */
void        bw_history_push_append   (BwHistory       *self,
                                      GTask           *task,
                                      BwHistoryBatch  *batch);
/* Any thread, for what there is to say now and then; that it failed is logged. */
void        bw_history_add           (BwHistory       *self,
                                      const char      *device_id,
                                      const char      *node,
                                      const char      *property,
                                      const char      *text);
void        bw_history_get_counts    (BwHistory       *self,
                                      BwHistoryCounts *ret_counts);

/* The broker sends again what it has not seen acknowledged, under the same number. These belong to the ingest's
 * thread, but for the job, which reads what the last commits have brought. */
typedef struct _BwHistoryMarks BwHistoryMarks;

BwHistoryMarks *bw_history_marks_new    (void);
void            bw_history_marks_free   (BwHistoryMarks       *self);
gpointer        bw_history_marks_load   (gpointer              owned_by_thread,
                                         gpointer              marks,
                                         GError              **error);
guint32         bw_history_marks_hash   (const char           *topic,
                                         const char           *payload,
                                         gsize                 length);
/* A new connection: what comes first may have come before. */
void            bw_history_marks_expect (BwHistoryMarks       *self);
/* Whether it has, and is in the history; asked for one after the other as they come. */
gboolean        bw_history_marks_is_again (BwHistoryMarks     *self,
                                           guint16             id,
                                           guint32             hash);
/* What @batch has brought is durable now. */
void            bw_history_marks_take   (BwHistoryMarks       *self,
                                         const BwHistoryBatch *batch);

/* How many messages back the marks reach: fewer than there are numbers (65,535), so that a fresh one is none of them. */
#define BW_HISTORY_MAX_MARKS 60000

G_END_DECLS
