/* bw-retention-repo.h: how long the history of a product is kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-store.h"

G_BEGIN_DECLS

/* What holds while nobody has said anything. */
#define BW_RETENTION_KEEP_DAYS    3650
#define BW_RETENTION_RAW_DAYS     365
#define BW_RETENTION_THIN_SECONDS 60

#define BW_RETENTION_MAX_DAYS     36500
#define BW_RETENTION_MAX_SECONDS  86400
#define BW_RETENTION_MAX_PRODUCTS 1000

typedef struct
{
  char   *product;        /* "": of all that have none of their own */
  gint64  keep_days;      /* then it goes; 0: never */
  gint64  raw_days;       /* then it is thinned; 0: never */
  gint64  thin_seconds;   /* to one row in so long */
  gint64  edited_at_us;   /* 0: as the program came */
} BwRetention;

void         bw_retention_free        (BwRetention    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwRetention, bw_retention_free)
void         bw_retention_write       (const BwRetention *self,
                                       GString        *out,
                                       const char     *member);
/* (transfer full) (element-type BwRetention): the one of all others first */
GPtrArray   *bw_retention_repo_list   (BwDb           *db,
                                       GError        **error);
gboolean     bw_retention_repo_put    (BwDb           *db,
                                       const BwRetention *row,
                                       GError        **error);
gboolean     bw_retention_repo_remove (BwDb           *db,
                                       const char     *product,
                                       GError        **error);
/* What the device says it is; (transfer full) "" when it says nothing. *ret_found: there is such a device */
char        *bw_retention_repo_get_product (BwDb      *db,
                                       const char     *device_id,
                                       gboolean       *ret_found,
                                       GError        **error);

G_END_DECLS
