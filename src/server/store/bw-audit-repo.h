/* bw-audit-repo.h: who did what; every entry's hash covers the one before it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-id.h"
#include "bw-store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64      seq;
  gint64      at_us;
  gint64      account_id;     /* 0: nobody who is signed in */
  const char *login;
  const char *address;
  const char *action;
  const char *kind;
  const char *object_id;
  const char *object;         /* what it is called */
  gint64      company_id;     /* whose it is */
  const char *before;         /* (nullable): documents as JSON */
  const char *after;          /* (nullable) */
} BwAuditRow;

/* What a list or a file may ask for; everything is optional but the reach. */
typedef struct
{
  gint64      company_id;     /* entries of this and all below */
  gboolean    is_root;        /* of everything, also of what is nobody's */
  gint64      account_id;     /* 0: any */
  const char *kind;
  const char *object;         /* an id */
  const char *action;
  gint64      from_us;        /* 0: from the first on */
  gint64      to_us;          /* and before this; 0: to the last */
  const char *search;
  gint64      offset;
  gint64      limit;
} BwAuditQuery;

/* A walk over the whole chain, by pieces. Begins with zeroes and the head that is remembered elsewhere. */
typedef struct
{
  BwAuditHead  head;
  BwAuditHead  last;          /* as far as it is sound */
  gint64       n;             /* so many */
  gint64       first_bad;
  char        *reason;        /* (nullable): it is sound */
} BwAuditWalk;

void     bw_audit_walk_clear (BwAuditWalk *walk);

/* Within a transaction; fills in @row's seq, and its time when that is 0. */
gboolean bw_audit_repo_add       (BwStoreThread       *thread,
                                  BwAuditRow          *row,
                                  GError             **error);
/* The hash of @row behind @before (of the entry before it; zeroes for the first). */
void     bw_audit_row_hash       (const BwAuditRow    *row,
                                  const guint8         before[BW_SECRET_HASH_BYTES],
                                  guint8               ret_hash[BW_SECRET_HASH_BYTES]);
/* At start: broker.db remembers the log's end, unless what it remembers does not stand in it. */
gboolean bw_audit_repo_keep_head (BwStoreThread       *thread,
                                  GError             **error);

gboolean bw_audit_query_check    (const BwAuditQuery  *query,
                                  GError             **error);
/* Writes {"total":n,"items":[…]}, newest first. */
gboolean bw_audit_repo_list      (BwDb                *db,
                                  const BwAuditQuery  *query,
                                  GString             *out,
                                  GError             **error);
/* FALSE: enough */
typedef gboolean (*BwAuditFunc)  (const BwAuditRow    *row,
                                  const guint8        *hash,
                                  gpointer             user_data);
/* At most the query's limit of them, oldest first, behind entry @after. @ret_last: the last one; 0: there was none */
gboolean bw_audit_repo_foreach   (BwDb                *db,
                                  const BwAuditQuery  *query,
                                  gint64               after,
                                  BwAuditFunc          func,
                                  gpointer             user_data,
                                  gint64              *ret_last,
                                  GError             **error);
/* Goes on by @n_max entries. */
gboolean bw_audit_repo_walk      (BwDb                *db,
                                  BwAuditWalk         *walk,
                                  guint                n_max,
                                  gboolean            *ret_done,
                                  GError             **error);

G_END_DECLS
