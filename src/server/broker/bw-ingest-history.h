/* bw-ingest-history.h: which of what devices say goes into the history
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-cache.h"
#include "bw-history.h"
#include "bw-mqtt-link.h"

G_BEGIN_DECLS

/* Values of one device that are all kept, in a second; after a quiet time so many at once. */
#define BW_HISTORY_DEVICE_RATE  1000
#define BW_HISTORY_DEVICE_BURST 10000

/* Of the ingest's thread. What a message is in the history:
 *
 * A live message with a value is a sample, at the time it came, whether the value is another one or not: the device
 * has said so now. One that the broker marks as retained was said at a time nobody knows, and comes at each
 * (re)connect of ours: it is no sample, unless the property had no value here, or another; then something was missed,
 * and it is one with the time at which we learned of it. A message that the broker sends again because it did not see
 * our acknowledgement is in the history already. */
typedef struct _BwIngestHistory BwIngestHistory;

BwIngestHistory *bw_ingest_history_new       (BwHistory             *history);
void             bw_ingest_history_free      (BwIngestHistory       *self);
BwHistory       *bw_ingest_history_get       (BwIngestHistory       *self);
/* @task: (transfer full): completed once it is known which messages are in the history already */
void             bw_ingest_history_push_load (BwIngestHistory       *self,
                                              GTask                 *task);
gboolean         bw_ingest_history_is_loaded (BwIngestHistory       *self);
/* (nullable): there is nothing to commit. It must stay as it is until the next call. */
BwHistoryBatch  *bw_ingest_history_begin_commit (BwIngestHistory    *self);
void             bw_ingest_history_end_commit (BwIngestHistory      *self);
/* The broker may send again what it sent before. */
void             bw_ingest_history_connected (BwIngestHistory       *self);
/* First, of each message; what it says is left out of the history when it says it again. */
void             bw_ingest_history_look_at   (BwIngestHistory       *self,
                                              const BwMqttMessage   *message);
void             bw_ingest_history_add_value (BwIngestHistory       *self,
                                              BwCachedDevice        *cached,
                                              const BwTreeProperty  *property,
                                              gint64                 now_us);
/* When its state or status is another one than it was. */
void             bw_ingest_history_add_state (BwIngestHistory       *self,
                                              BwCachedDevice        *cached,
                                              gint64                 at_us);
/* Brings what was held back, now. */
void             bw_ingest_history_release   (BwIngestHistory       *self);
/* Brings what was held back of devices that talk too much. */
void             bw_ingest_history_tick      (BwIngestHistory       *self);

G_END_DECLS
