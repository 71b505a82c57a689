/* bw-broker-db.h: the small database that the broker's plugin reads (DESIGN.md)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-db.h"
#include "bw-device-id.h"

G_BEGIN_DECLS

typedef struct _BwBrokerDb BwBrokerDb;

typedef enum
{
  BW_BROKER_NOT_APPROVED,
  BW_BROKER_APPROVED,
  BW_BROKER_OUT,            /* blocked or retired */
} BwBrokerState;

typedef struct
{
  char   id[20];
  guint8 key_hash[32];
} BwBrokerDevice;

/* The newest entry of the audit log, as far as somebody knows; 0: none. */
typedef struct
{
  gint64 seq;
  guint8 hash[BW_SECRET_HASH_BYTES];
} BwAuditHead;

/* @sql: the seq and the hash of one entry; where there is none, seq is 0 */
gboolean    bw_audit_head_read          (BwDb                  *db,
                                         const char            *sql,
                                         GVariant              *args,
                                         BwAuditHead           *ret_head,
                                         GError               **error);

/* Opens @path, makes it anew from @main_db when it is missing or damaged, and catches up otherwise. */
BwBrokerDb *bw_broker_db_open           (const char            *path,
                                         BwDb                  *main_db,
                                         GError               **error);
void        bw_broker_db_close          (BwBrokerDb            *self);

/* Tells it what broker_dirty of the main database names. */
gboolean    bw_broker_db_flush          (BwBrokerDb            *self,
                                         BwDb                  *main_db,
                                         GError               **error);

/* A slice of a batch that is being created: not approved. Not synced by itself. */
gboolean    bw_broker_db_add_devices    (BwBrokerDb            *self,
                                         const BwBrokerDevice  *devices,
                                         guint                  n_devices,
                                         gint64                 company_id,
                                         GError               **error);
/* Syncs what bw_broker_db_add_devices() has written. */
gboolean    bw_broker_db_sync           (BwBrokerDb            *self,
                                         GError               **error);
gboolean    bw_broker_db_remove_device  (BwBrokerDb            *self,
                                         const char            *id,
                                         GError               **error);
gboolean    bw_broker_db_begin          (BwBrokerDb            *self,
                                         GError               **error);
gboolean    bw_broker_db_commit         (BwBrokerDb            *self,
                                         GError               **error);
void        bw_broker_db_rollback       (BwBrokerDb            *self);

/* A backend's own right to connect; @secret is its password. Replaces every other service
 * whose id begins with @prefix (an earlier run of the same one). */
gboolean    bw_broker_db_put_service    (BwBrokerDb            *self,
                                         const char            *prefix,
                                         const char            *id,
                                         const char            *secret,
                                         GError               **error);

/* Without a sync. A head that does not stand in the log of @main_db as it was kept stays: somebody has cut or
 * changed the log, and what is written behind that must not hide it. */
gboolean    bw_broker_db_put_audit_head (BwBrokerDb            *self,
                                         BwDb                  *main_db,
                                         const BwAuditHead     *head,
                                         GError               **error);
gboolean    bw_broker_db_get_audit_head (BwBrokerDb            *self,
                                         BwAuditHead           *ret_head,
                                         GError               **error);

G_END_DECLS
