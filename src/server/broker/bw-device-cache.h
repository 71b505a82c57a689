/* bw-device-cache.h: the trees of the devices that speak
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-id.h"
#include "bw-ingest-repo.h"
#include "bw-pace.h"

G_BEGIN_DECLS

/* Properties kept in memory, of all devices together: about 200 bytes each. */
#define BW_CACHE_MAX_PROPERTIES 120000

/* Ids that are nobody's, so that a foreign one does not cost a look-up each time. */
#define BW_CACHE_MAX_UNKNOWN 10000

/* What an event tells from what was before it. */
typedef struct
{
  BwState  state;
  char    *product;      /* (owned) (nullable) */
  char    *version;      /* (owned) (nullable) */
  guint64  structure;    /* of all nodes and properties, but their values */
} BwKnownDevice;

typedef struct
{
  char            id[BW_DEVICE_ID_SIZE];
  BwIngestDevice *device;          /* (owned) (nullable): NULL: there is no such device */
  BwKnownDevice   known;           /* as the events have it */
  gint64          seen_stored_us;
  guint           n_properties;    /* as counted last */
  guint           queued : 1;      /* in the list of those to store */
  guint           news : 1;        /* others should hear of it once it is stored */
  guint           told_state : 1;  /* its state and status stand in the history, as they are here */
  BwState         state;           /* likewise */
  BwPace          pace;            /* how fast it talks */
  GList           link;            /* in the order of use */
} BwCachedDevice;

typedef struct
{
  GHashTable *by_id;          /* id → BwCachedDevice */
  GQueue      used;           /* the one used last first */
  guint       n_properties;
  guint       n_unknown;
} BwDeviceCache;

/* What @device is now. */
void            bw_known_device_set    (BwKnownDevice        *self,
                                        const BwIngestDevice *device);

void            bw_device_cache_init   (BwDeviceCache  *self);
void            bw_device_cache_clear  (BwDeviceCache  *self);
/* NULL: not in memory. */
BwCachedDevice *bw_device_cache_get    (BwDeviceCache  *self,
                                        const char     *id);
/* @device: (transfer full) (nullable) */
BwCachedDevice *bw_device_cache_add    (BwDeviceCache  *self,
                                        const char     *id,
                                        BwIngestDevice *device);
/* Its tree may have grown or shrunk. */
void            bw_device_cache_count  (BwDeviceCache  *self,
                                        BwCachedDevice *cached);
/* Lets go of those used longest ago until the rest is within the limits. Never of one that waits to be stored. */
void            bw_device_cache_shrink (BwDeviceCache  *self);
/* To be loaded anew the next time. Not for one that waits to be stored. */
void            bw_device_cache_drop   (BwDeviceCache  *self,
                                        BwCachedDevice *cached);

G_END_DECLS
