/* bw-fleet.h: the fleet in numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_FLEET (bw_fleet_get_type ())

/* Properties (notify): total, online, awaiting, alerts, batches (int64), loaded (boolean), error-text (string)
 * Signal: changed ()  after any of it, and after the lists */
G_DECLARE_FINAL_TYPE (BwFleet, bw_fleet, BW, FLEET, GObject)

typedef struct
{
  char   *product;
  char   *version;
  gint64  count;
} BwFleetVersion;

/* Of a company, or of a batch. */
typedef struct
{
  char   *id;
  char   *name;
  char   *color;   /* (nullable): of a batch */
  gint64  count;
} BwFleetGroup;

BwFleet    *bw_fleet_new            (BwSession *session);
void        bw_fleet_reload         (BwFleet   *self);
gint64      bw_fleet_get_awaiting   (BwFleet   *self);
gint64      bw_fleet_get_total      (BwFleet   *self);
gint64      bw_fleet_get_by_status  (BwFleet   *self,
                                     BwStatus   status);
/* (transfer none) (element-type BwFleetVersion): most frequent first */
GPtrArray  *bw_fleet_get_versions   (BwFleet   *self);
/* (transfer none) (element-type BwFleetGroup): the largest, most first; companies below one's own, with all below them */
GPtrArray  *bw_fleet_get_companies  (BwFleet   *self);
GPtrArray  *bw_fleet_get_batches    (BwFleet   *self);
gboolean    bw_fleet_get_loaded     (BwFleet   *self);
const char *bw_fleet_get_error_text (BwFleet   *self);    /* (nullable): why the last load failed */

G_END_DECLS
