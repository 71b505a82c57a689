/* bw-test-fleet.h: a store with devices in it, and a broker with our plugin that lets them in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-mqtt-link.h"
#include "bw-store.h"
#include "bw-test.h"

G_BEGIN_DECLS

typedef struct
{
  char           *dir;
  BwStore        *store;
  BwTestBroker   *broker;
  char           *uri;
  gint64          company_id;
  BwActor         actor;            /* of that company */
  guint           n_devices;
  guint           n_approved;
  BwBrokerDevice *devices;
} BwTestFleet;

/* The key of each device is its id backwards. The first @n_approved are let in from the start. */
void        bw_test_fleet_set_up     (BwTestFleet   *self,
                                      const char    *plugin,
                                      guint          n_devices,
                                      guint          n_approved);
void        bw_test_fleet_tear_down  (BwTestFleet   *self);
const char *bw_test_fleet_get_id     (BwTestFleet   *self,
                                      guint          index);
char       *bw_test_fleet_dup_key    (BwTestFleet   *self,
                                      guint          index);
void        bw_test_fleet_set_status (BwTestFleet   *self,
                                      guint          index,
                                      guint          status);

/* A job of the store, and its end. */
gpointer    bw_test_store_run        (BwStore       *store,
                                      gboolean       is_write,
                                      BwWorkerFunc   func,
                                      gpointer       data);
/* The first column of the first row as text; (transfer full) (nullable) */
char       *bw_test_store_text       (BwStore       *store,
                                      const char    *sql);
gint64      bw_test_store_int        (BwStore       *store,
                                      const char    *sql);

G_END_DECLS
