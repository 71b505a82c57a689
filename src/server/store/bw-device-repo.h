/* bw-device-repo.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-filter.h"
#include "bw-device.h"
#include "bw-store.h"

G_BEGIN_DECLS

/* What a list may ask for; everything is optional but the reach. */
typedef struct
{
  gint64      company_id;       /* this and all below */
  gboolean    is_root;          /* the company has no other beside it: no need to look */
  gint64      batch_id;         /* 0: any */
  gint64      behind;           /* a BwStage that they have not reached; 0: any */
  BwDeviceFilter *filter;       /* (nullable) */
  const char *sort;             /* (nullable): "product,-last-seen", … */
  gint64      offset;
  gint64      limit;
} BwDeviceQuery;

gboolean bw_device_query_check          (const BwDeviceQuery  *query,
                                         GError              **error);
/* Writes {"total":n,"items":[…]}. */
gboolean bw_device_repo_list            (BwDb                 *db,
                                         const BwDeviceQuery  *query,
                                         GString              *out,
                                         GError              **error);
/* The distinct values of what the query matches, most frequent first: {"items":[{"value","n"}…],"more":bool}. */
gboolean bw_device_repo_write_values    (BwDb                 *db,
                                         const BwDeviceQuery  *query,
                                         const char           *field,
                                         GString              *out,
                                         GError              **error);
gboolean bw_device_field_has_values     (const char           *field);
/* Calls @func for each id, in the query's order; its offset and limit count. */
typedef gboolean (*BwDeviceIdFunc)      (const char           *id,
                                         gpointer              user_data,
                                         GError              **error);
gboolean bw_device_repo_foreach_id      (BwDb                 *db,
                                         const BwDeviceQuery  *query,
                                         BwDeviceIdFunc        func,
                                         gpointer              user_data,
                                         GError              **error);
/* A table of devices: which columns (@text: (nullable): all), and a record for each of @ids that is still there.
 * (transfer full) (element-type guint) */
GArray  *bw_device_columns_parse        (const char           *text,
                                         GError              **error);
gboolean bw_device_has_column           (const char           *name);
void     bw_device_columns_write_header (GArray               *chosen,
                                         GString              *out);
gboolean bw_device_repo_write_csv       (BwDb                 *db,
                                         GPtrArray            *ids,
                                         GArray               *chosen,
                                         GString              *out,
                                         GError              **error);
/* Appends the device's document, with or without its nodes. BW_ERROR_NOT_FOUND when there is none.
 * @ret_company_id: (nullable) */
gboolean bw_device_repo_write_document  (BwDb                 *db,
                                         const char           *id,
                                         gboolean              with_nodes,
                                         GString              *out,
                                         gint64               *ret_company_id,
                                         GError              **error);
/* Whether @company_id is @actor_company_id or below it. */
gboolean bw_device_repo_is_in_reach     (BwDb                 *db,
                                         gint64                actor_company_id,
                                         gint64                company_id,
                                         gboolean             *ret_in_reach,
                                         GError              **error);
gboolean bw_device_repo_get_status      (BwDb                 *db,
                                         const char           *id,
                                         gboolean             *ret_found,
                                         gint64               *ret_company_id,
                                         BwStatus             *ret_status,
                                         BwStatus             *ret_before_block,
                                         GError              **error);
/* FALSE also of one that is not there. */
gboolean bw_device_repo_get_online      (BwDb                 *db,
                                         const char           *id,
                                         gboolean             *ret_online,
                                         GError              **error);
/* Also tells the broker. @approved_by: (nullable): only when it is approved now */
gboolean bw_device_repo_set_status      (BwStoreThread        *thread,
                                         const char           *id,
                                         BwStatus              status,
                                         BwStatus              before_block,
                                         gint64                approved_at_us,
                                         const char           *approved_by,
                                         GError              **error);
/* Writes the overview's document but for what only the ingest knows. */
gboolean bw_device_repo_write_overview  (BwDb                 *db,
                                         gint64                company_id,
                                         gint64                messages_per_second,
                                         gint64                revision,
                                         GString              *out,
                                         GError              **error);

/* For good, with what it has said and what it was marked with; its serial number stays a gap. */
gboolean bw_device_repo_remove (BwStoreThread *thread,
                                const char    *id,
                                GError       **error);

G_END_DECLS
