/* ctl-query.h: which devices, as a person writes it on a command line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ctl-noun.h"

G_BEGIN_DECLS

#define CTL_FILTER_HELP \
  N_("Only those for which this holds, such as status=paired, version!=1.0, name~=pump, lastSeenBefore=TIME; again and again")

/* "KEY=VALUE" texts as {"KEY":["VALUE",…]}: the names of batches, companies and tags become ids, times µs. @filters:
 * (nullable). (transfer full) */
JsonObject *ctl_parse_filters  (Ctl         *ctl,
                                char       **filters,
                                GError     **error);
/* (transfer full): a saved view, by its id or name */
JsonObject *ctl_find_view      (Ctl         *ctl,
                                const char  *text,
                                GError     **error);

G_END_DECLS
