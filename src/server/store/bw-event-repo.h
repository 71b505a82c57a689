/* bw-event-repo.h: what happened to a device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-db.h"
#include "bw-device-id.h"
#include "bw-event-kind.h"

G_BEGIN_DECLS

#define BW_EVENT_KEPT_DAYS 365

typedef struct
{
  char         device_id[BW_DEVICE_ID_SIZE];
  BwEventKind  kind;
  gint64       at_us;
  char        *mark;       /* (nullable): when the newest of its kind has the same, this is no news; of notices, one more */
  char        *details;    /* JSON */
} BwEvent;

/* @mark: (transfer full) (nullable), @details: (transfer full) */
BwEvent *bw_event_new  (const char  *device_id,
                        BwEventKind  kind,
                        gint64       at_us,
                        char        *mark,
                        char        *details);
void     bw_event_free (BwEvent     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwEvent, bw_event_free)

/* Of the history's database; one transaction. @events: (element-type BwEvent) */
gboolean bw_event_repo_add   (BwDb      *db,
                              GPtrArray *events,
                              GError   **error);
/* At most so many that are older than they are kept. @ret_more: there may be more of them */
gboolean bw_event_repo_prune (BwDb      *db,
                              gint64     now_us,
                              gboolean  *ret_more,
                              GError   **error);

/* Where a list goes on, newest first: behind what happened at that time and, of that very microsecond, has an id
 * of at least these. */
typedef struct
{
  gint64 at_us;
  gint64 event_id;
  gint64 audit_seq;
} BwTimelinePlace;

typedef struct
{
  gint64       id;
  gboolean     is_audit;
  BwEventKind  kind;
  gint64       at_us;
  gint64       since_us;
  gint64       n;
  char        *details;    /* (nullable) */
  gint64       account_id;
  char        *login;      /* (nullable) */
  char        *action;     /* (nullable): of the audit log, as the rest */
  char        *before;
  char        *after;
  char        *job;        /* (nullable): the bulk job that it was part of */
} BwTimelineRow;

void       bw_timeline_row_free       (BwTimelineRow         *self);

/* @kinds: a bit for each. (transfer full) (element-type BwTimelineRow), newest first */
GPtrArray *bw_event_repo_list         (BwDb                  *db,
                                       const char            *device_id,
                                       gint64                 from_us,
                                       const BwTimelinePlace *place,
                                       guint                  kinds,
                                       guint                  limit,
                                       GError               **error);

/* Of the main database: what was done to a device, by companies in reach; not that something was wished for, which
 * is an event when it ends. @ret_from_us: no event is older: the ID was made then.
 * Fails with BW_ERROR_NOT_FOUND also for a device that is out of reach. */
GPtrArray *bw_event_repo_list_audit   (BwDb                  *db,
                                       gint64                 company_id,
                                       gboolean               is_root,
                                       const char            *device_id,
                                       const BwTimelinePlace *place,
                                       guint                  kinds,
                                       guint                  limit,
                                       gint64                *ret_from_us,
                                       GError               **error);

G_END_DECLS
