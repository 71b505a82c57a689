/* bw-raw-log.h: all that was said by, to and about one device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-raw-message.h"

G_BEGIN_DECLS

/* Arbitrary; beyond them the oldest goes, and is counted. */
#define BW_RAW_MAX_TOPICS   5000
#define BW_RAW_MAX_MESSAGES 10000
#define BW_RAW_MAX_BYTES    (16 * 1024 * 1024)   /* of the topics' last messages, and of all messages, each */

#define BW_TYPE_RAW_TOPIC (bw_raw_topic_get_type ())

/* A topic and its last message. It says nothing when that is another one: see BwRawLog::flushed. */
G_DECLARE_FINAL_TYPE (BwRawTopic, bw_raw_topic, BW, RAW_TOPIC, GObject)

BwRawMessage *bw_raw_topic_get_message    (BwRawTopic   *self);    /* (transfer none) */
guint64       bw_raw_topic_get_n_messages (BwRawTopic   *self);

#define BW_TYPE_RAW_LOG (bw_raw_log_get_type ())

/* Main thread. Signals
 *   added (BwRawMessage *)   at once
 *   flushed ()               the lists are up to date now, and topics may have another last message */
G_DECLARE_FINAL_TYPE (BwRawLog, bw_raw_log, BW, RAW_LOG, GObject)

BwRawLog   *bw_raw_log_new                  (void);
void        bw_raw_log_add                  (BwRawLog             *self,
                                             const BwMqttMessage  *message,
                                             BwRawDirection        direction,
                                             const char           *reason,
                                             gint64                at_us);

/* The lists stand still until they are told to take what has come since: a thousand messages a second are ten
 * changes, and none while somebody reads. */
void        bw_raw_log_flush                (BwRawLog             *self);
GListModel *bw_raw_log_get_topics           (BwRawLog             *self);    /* (transfer none): of BwRawTopic, by topic */
GListModel *bw_raw_log_get_messages         (BwRawLog             *self);    /* (transfer none): of BwRawMessage, newest first */
gboolean    bw_raw_log_has_news             (BwRawLog             *self);

guint64     bw_raw_log_get_n_messages       (BwRawLog             *self);    /* all that ever came */
guint64     bw_raw_log_get_n_lost_topics    (BwRawLog             *self);
guint64     bw_raw_log_get_n_lost_messages  (BwRawLog             *self);

G_END_DECLS
