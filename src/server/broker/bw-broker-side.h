/* bw-broker-side.h: all that the backend has to do with the broker
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-command-service.h"
#include "bw-feed.h"
#include "bw-history.h"
#include "bw-history-db.h"
#include "bw-store.h"

G_BEGIN_DECLS

#define BW_TYPE_BROKER_SIDE (bw_broker_side_get_type ())

/* Ingest, the command link and the publisher of the feed, in one. Main context. To the feed it
 * adds the devices that changed by what they say.
 * Properties: connected (gboolean, notify): both connections stand
 * Signals: rate-changed   the messages a second are quite others now; not more often than every few seconds
 *          devices-changed (GPtrArray *ids)   the rows of these are others now, by what they said; stored
 *          key-used (const char *device_id, uint number)   it is here with its number-th key, while the one before is good too */
G_DECLARE_FINAL_TYPE (BwBrokerSide, bw_broker_side, BW, BROKER_SIDE, GObject)

/* Draws passwords, tells them to broker.db and connects, again and again until it works.
 * @ca_file: (nullable): who signs the certificate of a broker at mqtts://, instead of whom the system trusts.
 * @history: (nullable): without one nothing but the newest value is kept.
 * Fails for an address that is none, and for a CA file that cannot be used. */
BwBrokerSide *bw_broker_side_start         (const char        *uri,
                                            const char        *ca_file,
                                            BwStore           *store,
                                            BwHistory         *history,
                                            BwHistoryDb       *history_db,    /* (nullable): events are not kept */
                                            BwFeed            *feed,
                                            BwCommandService  *commands,
                                            GError           **error);
/* Commits what was read, acknowledges it, takes leave. Blocks for as long as that takes;
 * before the store is let go of. */
void          bw_broker_side_stop          (BwBrokerSide      *self);
gboolean      bw_broker_side_get_connected (BwBrokerSide      *self);
/* Over the last seconds. */
gint64        bw_broker_side_get_messages_per_second (BwBrokerSide *self);

G_END_DECLS
