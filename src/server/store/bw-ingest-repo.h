/* bw-ingest-repo.h: what devices say of themselves, on its way into the tables
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device.h"
#include "bw-store.h"

G_BEGIN_DECLS

typedef enum
{
  BW_INGEST_VALUES    = 1 << 0,   /* properties with .dirty_value set */
  BW_INGEST_STRUCTURE = 1 << 1,   /* nodes and properties, with their values */
  BW_INGEST_FACTS     = 1 << 2,   /* name, product, version, …, state */
  BW_INGEST_PRESENCE  = 1 << 3,   /* online, address; a device that was never seen begins to wait for approval */
  BW_INGEST_SEEN      = 1 << 4,   /* only when it was seen last; no new revision */
} BwIngestWhat;

typedef struct
{
  BwDeviceTree *tree;          /* (owned) */
  guint         what;          /* BwIngestWhat: not stored yet */
  gboolean      online;
  char         *address;       /* (owned) (nullable) */
  gint64        first_seen_us;
  gint64        last_seen_us;
  BwStatus      status;        /* as it was when the device was loaded */
} BwIngestDevice;

void            bw_ingest_device_free      (BwIngestDevice       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwIngestDevice, bw_ingest_device_free)

/* What the device's own state amounts to: one that is gone is not ready, it is lost. */
BwState         bw_ingest_device_get_state (const BwIngestDevice *self);

/* NULL without an error: there is no such device. */
BwIngestDevice *bw_ingest_repo_load        (BwDb                 *db,
                                            const char           *id,
                                            GError              **error);
/* One transaction, synced. On success .what of all is 0 and nothing is dirty any more;
 * on failure all is as before, to be tried again. */
gboolean        bw_ingest_repo_store       (BwStoreThread        *thread,
                                            GPtrArray            *devices,
                                            GError              **error);
/* (transfer full) (element-type utf8): those that the table takes for connected. */
GPtrArray      *bw_ingest_repo_list_online (BwDb                 *db,
                                            GError              **error);

/* What a command has to know: the tree as it is stored, and the life cycle. */
typedef struct
{
  BwIngestDevice *device;       /* (owned) */
  BwStatus        status;
  gint64          company_id;
} BwCommandTarget;

void             bw_command_target_free       (BwCommandTarget *self);
/* Fails with BW_ERROR_NOT_FOUND also for a device out of the reach of @company_id. */
BwCommandTarget *bw_ingest_repo_load_target   (BwDb            *db,
                                               gint64           company_id,
                                               const char      *id,
                                               GError         **error);

G_END_DECLS
