/* bw-ingest-private.h: the two halves of the ingest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-cache.h"
#include "bw-device-notices.h"
#include "bw-dialect.h"
#include "bw-history-db.h"
#include "bw-ingest.h"
#include "bw-ingest-history.h"
#include "bw-mqtt-intake.h"

G_BEGIN_DECLS

typedef enum
{
  BW_INGEST_CONNECTION,
  BW_INGEST_DEVICES,
  BW_INGEST_ECHO,
  BW_INGEST_SAID,
  BW_INGEST_KEY,
} BwIngestEventKind;

typedef struct
{
  BwIngestEventKind  kind;
  guint              number;     /* connected, the level, or the key's number */
  GPtrArray         *ids;        /* (owned) (nullable) */
  char              *device;     /* (owned) (nullable), as the rest */
  char              *node;
  char              *property;
  char              *text;
} BwIngestEvent;

void bw_ingest_event_free (BwIngestEvent *self);

struct _BwIngest
{
  GObject         parent_instance;

  BwStore        *store;
  BwHistoryDb    *history_db;       /* (nullable): events are not kept */
  BwMqttIntake   *intake;
  BwDeviceNotices *notices;         /* (nullable) */
  GSource        *source;           /* wakes the main context for events */

  GMutex          lock;             /* guards events and watched */
  GQueue          events;           /* (element-type BwIngestEvent) */
  GHashTable     *watched;          /* "device" and "device/node/property" → how often */

  int             n_watched;        /* atomic */
  int             stopping;         /* atomic */

  /* the intake's thread alone, but for the counts, which others may look at */
  GMainContext   *context;
  BwDeviceCache   cache;
  BwCachedDevice *last;             /* (nullable): messages come in runs */
  GPtrArray      *to_store;         /* (element-type BwCachedDevice) */
  GPtrArray      *to_tell;          /* (element-type BwIngestEvent): once what they tell of is stored */
  GPtrArray      *events_noted;     /* (element-type BwEvent): not stored yet */
  gboolean        events_failing;   /* and it has been said */
  GHashTable     *confirmed;        /* (nullable): ids whose presence came since the connection stands */
  BwIngestHistory *history;         /* (nullable) */
  gint64          sweep_at_us;
  gboolean        failing;          /* and it has been said */
  gboolean        lost;             /* the daemon ends with a message it could not look at */
  BwIngestCounts  counts;
};

extern const BwMqttIntakeFuncs bw_ingest_intake_funcs;

/* On the thread. (transfer full) */
void bw_ingest_post (BwIngest      *self,
                     BwIngestEvent *event);

G_END_DECLS
