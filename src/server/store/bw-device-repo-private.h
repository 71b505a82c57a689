/* bw-device-repo-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-repo.h"

G_BEGIN_DECLS

#define BW_DEVICE_COLUMNS \
  "device.id, device.revision, device.batch_id, batch.name, batch.color, device.serial, device.company_id," \
  " device.status, device.state, device.online, device.name, device.product, device.version, device.homie," \
  " device.address, device.local_ip, device.first_seen_us, device.last_seen_us, device.approved_at_us," \
  " device.type, device.abbreviation, device.license, device.machine_id"

/* The ids of its tags, with commas between (the place is the driver's concat), and whose it is. */
#define BW_DEVICE_TAGS_COLUMN \
  ", (SELECT %s(tag_text, ',') FROM (SELECT CAST(tag_id AS TEXT) AS tag_text FROM tagged" \
  " WHERE kind = 'device' AND object_id = device.id ORDER BY tag_id) AS marks)" \
  ", device.owner_id, device.paired_at_us," \
  " (SELECT COALESCE(login, email) FROM account WHERE account.id = device.owner_id AND device.owner_id <> 0)"

/* Of a row of those columns. */
void bw_device_repo_write_members (BwRows  *rows,
                                   GString *out);

/* A query on its way into SQL: what it matches, and how that is best gone through. */
typedef struct
{
  BwDb                *db;
  const BwDeviceQuery *query;
  BwDeviceSort         sort;
  gint64               n_all;          /* devices there are */
  gint64               n_unfinished;   /* of batches that are being made */
  guint                n_conditions;
  const char          *driver;         /* (nullable): the index of a condition that few match; "": the key */
  const char          *only;           /* (nullable): the index that has all conditions, however many match */
  gint64               n_known;        /* how many match, where another table says so; -1: none does */
  gboolean             walks;          /* as long as a walk is asked for that ends soon */
} BwDevicePlan;

gboolean bw_device_plan_init      (BwDevicePlan        *self,
                                   BwDb                *db,
                                   const BwDeviceQuery *query,
                                   GError             **error);
/* The WHERE of the query. @more: (nullable): one condition more */
void     bw_device_plan_fill      (BwDevicePlan        *self,
                                   BwFilter            *where,
                                   const char          *more);
/* SQLite is told which index to take: it does not know how many match. @index: "": none but the key */
void     bw_device_plan_add_hint  (BwDevicePlan        *self,
                                   GString             *sql,
                                   const char          *index);
/* How many match, and how many of those have what @has says. @has: (nullable) */
gboolean bw_device_plan_count     (BwDevicePlan        *self,
                                   const char          *has,
                                   gint64              *ret_total,
                                   gint64              *ret_n_has,
                                   GError             **error);
/* For a walk through all that match, in no order. */
const char *bw_device_plan_get_hint (BwDevicePlan      *self);

G_END_DECLS
