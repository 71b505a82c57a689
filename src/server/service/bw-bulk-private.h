/* bw-bulk-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-bulk-service.h"

G_BEGIN_DECLS

/* Of a larger job nobody is told of each device: who looks at a list is told of the job, and reads his page again. */
#define BW_BULK_MAX_TOLD 1000

struct _BwBulkService
{
  GObject           parent_instance;

  BwStore          *store;
  BwFeed           *feed;
  BwAuthority      *authority;
  BwCommandService *commands;
  BwDesiredService *desired;
  GPtrArray        *running;        /* (element-type BwBulkRun) */
  guint             sweep_id;
  gboolean          stopping;
};

/* What somebody is told of, once it is written down. */
typedef struct
{
  const char *kind;
  gint64      company_id;
  char       *document;
} BwBulkNews;

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
  GPtrArray     *news;              /* (element-type BwBulkNews): when devices are told of one by one */
  GHashTable    *companies;         /* set of gint64: whose devices are others now and not told of one by one */

  /* of values */
  gint64         next;              /* the first position that was not looked at since this run began */
  gboolean       exhausted;         /* there is nothing behind it, or nobody may ask any more */
  gint64         withdrawn;         /* of a cancelled job: the first one whose value may still wait */
  GPtrArray     *kept;              /* (element-type utf8): ids that something waits for from now on */
  BwActor       *actor;             /* (nullable): who asks; the store's thread alone looks at it */
  GPtrArray     *asks;              /* (element-type BwBulkAsk): written down by the last slice, to be sent */
  GHashTable    *asked;             /* BwBulkAsk, not owned → itself: those that are with the devices */
  GPtrArray     *answered;          /* (element-type BwBulkItem): have ended, to be written down */
  GPtrArray     *noting;            /* (element-type BwBulkItem): those of them that the slice writes down */
  guint          n_asked;           /* with the devices when the slice began */
  gboolean       gives_up;          /* it was cancelled before the slice began */
  guint          gather_id;         /* more answers may come */
  gboolean       gathered;          /* it was waited for them long enough */
} BwBulkRun;

/* One device that is asked. The call has it; in the run's table it stands while its answer counts. */
typedef struct
{
  BwBulkService *service;           /* (owned) (nullable): once it is sent */
  gint64         id;
  BwBulkItem    *item;              /* (owned) (nullable): until it has ended */
  BwCommandWish *wish;              /* (owned) (nullable): until it is sent */
} BwBulkAsk;

/* Devices that one job asks at once. All jobs together leave room in the book of commands. */
#define BW_BULK_MAX_ASKED 1000

/* The file bw-bulk-run.c. @row, @plan: (transfer full) */
void       bw_bulk_run_begin        (BwBulkService    *self,
                                     BwBulkRow        *row,
                                     BwBulkPlan       *plan);
void       bw_bulk_run_free         (BwBulkRun        *run);
/* What comes next, if nothing is under way. */
void       bw_bulk_run_go_on        (BwBulkRun        *run);
BwBulkRun *bw_bulk_run_find         (BwBulkService    *self,
                                     gint64            id);

/* @document: (transfer full) */
void       bw_bulk_run_note         (BwBulkRun        *run,
                                     const char       *kind,
                                     gint64            company_id,
                                     char             *document);

/* The file bw-bulk-slice.c: on the store's thread */
gpointer   bw_bulk_slice_job        (gpointer          owned_by_thread,
                                     gpointer          task_data,
                                     GError          **error);
/* How these have ended, and how far the job is. */
gboolean   bw_bulk_note_items       (BwStoreThread    *thread,
                                     BwBulkRun        *run,
                                     GPtrArray        *items,
                                     GError          **error);
/* What was done to these, in the log of each company whose they are. */
gboolean   bw_bulk_audit_items      (BwStoreThread    *thread,
                                     BwBulkRun        *run,
                                     const char       *action,
                                     GPtrArray        *items,
                                     GError          **error);
gboolean   bw_bulk_add_audit        (BwStoreThread    *thread,
                                     const BwBulkRow  *row,
                                     const char       *action,
                                     gint64            company_id,
                                     const char       *before,
                                     const char       *after,
                                     GError          **error);

/* The file bw-bulk-kept.c: on the store's thread. Of devices that are offline the values wait; the others are to be asked. */
gboolean   bw_bulk_keep             (BwStoreThread    *thread,
                                     BwBulkRun        *run,
                                     GPtrArray        *items,
                                     GError          **error);
/* What still waits of a piece of a job that is cancelled goes. */
gboolean   bw_bulk_withdraw         (BwStoreThread    *thread,
                                     BwBulkRun        *run,
                                     gboolean         *ret_more,
                                     GError          **error);

/* The file bw-bulk-move.c: on the store's thread. They go to the company that they become, and leave behind what is not for it. */
gboolean   bw_bulk_move             (BwStoreThread    *thread,
                                     BwBulkRun        *run,
                                     GPtrArray        *items,
                                     GError          **error);
/* What these would leave behind: adds to @counts (the tag's name → gint64). */
gboolean   bw_bulk_count_lost       (BwBulkPlan       *plan,
                                     BwAuthority      *authority,
                                     BwDb             *db,
                                     GPtrArray        *items,
                                     GHashTable       *counts,
                                     GError          **error);

/* The file bw-bulk-values.c */
void       bw_bulk_ask_free         (BwBulkAsk        *ask);
/* On the store's thread, within a transaction: @items, (transfer full), are to be asked, and that is written down. */
gboolean   bw_bulk_note_asks        (BwStoreThread    *thread,
                                     BwBulkRun        *run,
                                     GPtrArray        *items,
                                     GError          **error);
/* Whether there is enough to be written down or asked for another slice; if not, it is looked at again when there is. */
gboolean   bw_bulk_run_is_due       (BwBulkRun        *run);
void       bw_bulk_run_ask          (BwBulkRun        *run);
/* Nobody waits any more for the devices that have not answered. */
void       bw_bulk_run_give_up      (BwBulkRun        *run);

G_END_DECLS
