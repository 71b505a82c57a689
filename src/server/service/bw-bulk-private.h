/* bw-bulk-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-bulk-service.h"

G_BEGIN_DECLS

struct _BwBulkService
{
  GObject           parent_instance;

  BwStore          *store;
  BwFeed           *feed;
  BwAuthority      *authority;
  BwCommandService *commands;
  GPtrArray        *running;        /* (element-type BwBulkRun) */
  guint             sweep_id;
  gboolean          stopping;
};

/* A job under way. The store's thread has it while a slice is being done, the main thread in between. */
typedef struct
{
  BwBulkService *service;           /* (unowned) */
  BwBulkRow     *row;
  BwBulkPlan    *plan;
  guint          slice;             /* devices of the next one */
  gint           cancelled;         /* atomic */
  gboolean       busy;              /* a slice is with the store, or devices are asked */
  gint64         told_at_us;
  guint          wake_id;           /* the next slice, or the next try */
  GPtrArray     *cancelling;        /* GTask: who waits for the end */

  /* what the last slice did */
  gint64         took_us;
  GPtrArray     *documents;         /* of devices that are others now, when they are told one by one */
  GArray        *companies;         /* gint64 each */

  /* of values: those that are with the devices now */
  GPtrArray     *items;             /* (nullable) */
  BwActor       *actor;             /* (nullable): who asks them */
  guint          n_asked;
  guint          turn;              /* which answers still count */
} BwBulkRun;

/* The file bw-bulk-run.c. @row, @plan: (transfer full) */
void       bw_bulk_run_begin        (BwBulkService    *self,
                                     BwBulkRow        *row,
                                     BwBulkPlan       *plan);
void       bw_bulk_run_free         (BwBulkRun        *run);
/* What comes next, if nothing is under way. */
void       bw_bulk_run_go_on        (BwBulkRun        *run);
BwBulkRun *bw_bulk_run_find         (BwBulkService    *self,
                                     gint64            id);

/* The file bw-bulk-slice.c: on the store's thread */
gpointer   bw_bulk_slice_job        (gpointer          owned_by_thread,
                                     gpointer          task_data,
                                     GError          **error);
/* Writes down how the devices that were asked have ended. */
gpointer   bw_bulk_answers_job      (gpointer          owned_by_thread,
                                     gpointer          task_data,
                                     GError          **error);
gboolean   bw_bulk_add_audit        (BwStoreThread    *thread,
                                     const BwBulkRow  *row,
                                     const char       *action,
                                     gint64            company_id,
                                     const char       *before,
                                     const char       *after,
                                     GError          **error);

/* The file bw-bulk-values.c */
void       bw_bulk_run_ask          (BwBulkRun        *run);
/* Nobody waits any more for the devices that have not answered. */
void       bw_bulk_run_give_up      (BwBulkRun        *run);

G_END_DECLS
