/* bw-store.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-broker-db.h"
#include "bw-db.h"
#include "bw-worker.h"

G_BEGIN_DECLS

/* What a job gets as @owned_by_thread. */
typedef struct
{
  BwDb       *db;
  BwBrokerDb *broker;         /* (nullable): only on the writing thread */
  gboolean    broker_marked;  /* bw_store_mark() was called in this transaction, or a flush is due */
  gboolean    audit_moved;    /* this transaction has added to the audit log, whose newest entry is audit_head */
  BwAuditHead audit_head;
} BwStoreThread;

#define BW_TYPE_STORE (bw_store_get_type ())

G_DECLARE_FINAL_TYPE (BwStore, bw_store, BW, STORE, GObject)

/* @url: (nullable): sqlite:PATH or postgresql://…; NULL is bellwether.db in @data_folder. Blocks; the sentence
 * in @error is meant for the operator. */
BwStore    *bw_store_open       (const char      *data_folder,
                                 const char      *url,
                                 GError         **error);
const char *bw_store_get_data_folder (BwStore    *self);
/* Whether a backend has run on the data folder before. */
gboolean    bw_store_is_known        (BwStore    *self);
/* (transfer full) @task: completed with the result of @func, at home. Jobs of one side run in
 * the order they came. A writing job begins and commits by itself, with the calls below. */
void        bw_store_push_write (BwStore         *self,
                                 GTask           *task,
                                 BwWorkerFunc     func,
                                 GDestroyNotify   result_destroy);
void        bw_store_push_read  (BwStore         *self,
                                 GTask           *task,
                                 BwWorkerFunc     func,
                                 GDestroyNotify   result_destroy);
/* For a reading job that may take long: it keeps only its like waiting. */
void        bw_store_push_search (BwStore        *self,
                                  GTask          *task,
                                  BwWorkerFunc    func,
                                  GDestroyNotify  result_destroy);

/* On the writing thread. A commit also brings broker.db up to date when something was marked. */
gboolean    bw_store_begin      (BwStoreThread   *thread,
                                 GError         **error);
gboolean    bw_store_commit     (BwStoreThread   *thread,
                                 GError         **error);
void        bw_store_rollback   (BwStoreThread   *thread);
/* Within a transaction: the row of this kind ("device", "session") and id is another now, or
 * gone, and the broker must know. */
gboolean    bw_store_mark       (BwStoreThread   *thread,
                                 const char      *kind,
                                 const char      *id,
                                 GError         **error);

/* For jobs whose result is only that they went well. */
#define BW_STORE_DONE GINT_TO_POINTER (1)

G_END_DECLS
