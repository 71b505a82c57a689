/* bw-ingest.h: what devices say, on its way to the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-history.h"
#include "bw-history-db.h"
#include "bw-device-notices.h"
#include "bw-store.h"

G_BEGIN_DECLS

#define BW_TYPE_INGEST (bw_ingest_get_type ())

/* Signals, on the main context:
 * connection (gboolean connected, const char *refusal)   refusal: (nullable): the broker's own words
 * devices    (GPtrArray *ids)                            these have another row now; it is stored
 * echo       (const char *device, const char *node, const char *property, const char *value)
 * said       (const char *device, uint level, const char *text)
 * key        (const char *device, uint number)           it is here with its number-th key, while the one before is good too
 * echo and said only for what is watched. */
G_DECLARE_FINAL_TYPE (BwIngest, bw_ingest, BW, INGEST, GObject)

/* What came in, by what became of it. */
typedef struct
{
  guint64 n_messages;
  guint64 n_unsupported;   /* topics of no convention that we know */
  guint64 n_unknown;       /* of devices that do not exist */
  guint64 n_ignored;       /* that the dialect could not use */
} BwIngestCounts;

BwIngest *bw_ingest_new        (BwStore        *store,
                                const char     *uri,
                                const char     *ca_file,      /* (nullable) */
                                const char     *client_id,
                                const char     *username,
                                const char     *password,
                                GError        **error);
/* Before start: where it is kept what happens to devices. */
void      bw_ingest_set_events (BwIngest       *self,
                                BwHistoryDb    *history_db);
/* Before the start: who is told of what devices say. */
void      bw_ingest_set_notices (BwIngest       *self,
                                 BwDeviceNotices *notices);
void      bw_ingest_start      (BwIngest       *self);
/* Commits what was read, acknowledges it, takes leave. Blocks. */
void      bw_ingest_stop       (BwIngest       *self);
void      bw_ingest_watch      (BwIngest       *self,
                                const char     *device_id,
                                const char     *node,
                                const char     *property,
                                gboolean        on);
void      bw_ingest_get_counts (BwIngest       *self,
                                BwIngestCounts *ret_counts);

/* (nullable); before start. */
void      bw_ingest_set_history (BwIngest  *self,
                                 BwHistory *history);

G_END_DECLS
