/* bw-history-db.h: the history's own database and its threads
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-db.h"
#include "bw-worker.h"

G_BEGIN_DECLS

#define BW_TYPE_HISTORY_DB (bw_history_db_get_type ())

G_DECLARE_FINAL_TYPE (BwHistoryDb, bw_history_db, BW, HISTORY_DB, GObject)

/* What a job gets as @owned_by_thread. */
typedef struct _BwHistoryThread BwHistoryThread;

/* history.db in @data_folder, whatever the main database is when that is SQLite's; of PostgreSQL a schema in
 * the same database, which the caller has open. @expected: a missing one was lost, which is worth a warning. Blocks. */
BwHistoryDb *bw_history_db_open           (const char       *data_folder,
                                           const char       *url,
                                           gboolean          expected,
                                           GError          **error);

/* As bw_store_push_write() and its like: @task is (transfer full). Long reading, such as exports, has a thread
 * of its own. */
void         bw_history_db_push_write     (BwHistoryDb      *self,
                                           GTask            *task,
                                           BwWorkerFunc      func,
                                           GDestroyNotify    result_destroy);
/* As bw_worker_push_many(). */
void         bw_history_db_push_many_writes (BwHistoryDb      *self,
                                             GTask            *task,
                                             BwWorkerManyFunc  func,
                                             GDestroyNotify    result_destroy);
void         bw_history_db_push_read      (BwHistoryDb      *self,
                                           GTask            *task,
                                           BwWorkerFunc      func,
                                           GDestroyNotify    result_destroy);
void         bw_history_db_push_export    (BwHistoryDb      *self,
                                           GTask            *task,
                                           BwWorkerFunc      func,
                                           GDestroyNotify    result_destroy);

/* In a job, first: the connection; a writing job begins and commits by bw_db_begin() and bw_db_commit(). A file
 * that was found damaged is put aside and made anew here. */
BwDb        *bw_history_thread_get_db     (BwHistoryThread  *self,
                                           GError          **error);
/* How often the database was made anew; on a writing thread. Ids of rows of another generation mean nothing. */
guint        bw_history_thread_get_generation (BwHistoryThread *self);
/* (nullable): the file; NULL on PostgreSQL. */
const char  *bw_history_db_get_path       (BwHistoryDb      *self);

G_END_DECLS
