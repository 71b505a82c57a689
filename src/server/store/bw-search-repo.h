/* bw-search-repo.h: what one search over everything finds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-user-repo.h"

G_BEGIN_DECLS

#define BW_SEARCH_MAX_LIMIT 50

/* Who looks for what. Users and companies only where the role shows them. */
typedef struct
{
  gint64      company_id;      /* whose reach */
  gboolean    is_root;
  gboolean    with_users;
  gboolean    with_companies;
  gboolean    with_devices;    /* and their batches */
  const char *text;
  guint       limit;           /* of each kind */
} BwSearchQuery;

/* A device's column "search_text", of the row's other columns; of an INSERT, of its parameters. */
#define BW_SEARCH_TEXT_SQL(name, product, version, abbreviation, license, machine_id, local_ip, address) \
  "substr(bw_lower(coalesce(" name " || ' ', '') || coalesce(" product " || ' ', '') || coalesce(" version " || ' ', '')" \
  " || coalesce(" abbreviation " || ' ', '') || coalesce(" license " || ' ', '') || coalesce(" machine_id " || ' ', '')" \
  " || coalesce(" local_ip " || ' ', '') || coalesce(" address ", '')), 1, 400)"

/* BW_ERROR_INVALID */
gboolean bw_search_query_check      (const BwSearchQuery  *query,
                                     GError              **error);
/* Appends {"devices":{"total":n|null,"items":[…]},"batches":…,"users":…,"companies":…}: the best first; the total is
 * null where there are more than the limit, which nobody counts. */
gboolean bw_search_repo_write       (BwDb                 *db,
                                     const BwSearchQuery  *query,
                                     GString              *out,
                                     GError              **error);
/* Within a transaction, after any of the columns that are looked in was changed. */
gboolean bw_search_repo_note_device (BwDb                 *db,
                                     const char           *id,
                                     GError              **error);

G_END_DECLS
