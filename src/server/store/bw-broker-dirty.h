/* bw-broker-dirty.h: devices that the broker has to hear of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-broker-db.h"
#include "bw-db.h"
#include "bw-device.h"

G_BEGIN_DECLS

/* What broker.db knows of a status. */
BwBrokerState bw_broker_dirty_get_state (BwStatus status);
/* On the writing thread, within a transaction of @broker: those that are marked in @main_db and are there; whoever is connected as
 * one that is another now is looked at again. */
gboolean      bw_broker_dirty_flush     (BwDb     *broker,
                                         BwDb     *main_db,
                                         GError  **error);

G_END_DECLS
