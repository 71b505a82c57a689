/* copy-database.h: bellwetherd --copy-database FROM --to TO
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Each may be env:NAME, for what must not show in the list of processes. Writes JSON documents, a line each:
 *   {"phase":"copying"|"comparing","table":"…","done":n,"total":n}              now and then
 *   {"same":bool,"seconds":n,"tables":[{"name","rows","rowsTo","hash","hashTo","same"}]}   the last one
 * Returns: the exit status of the program */
int copy_database (const char *from,
                   const char *to);

G_END_DECLS
