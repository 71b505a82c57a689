/* bw-stock-own.h: the stocks that a user has measured, and his favourites
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-stock.h"

G_BEGIN_DECLS

#define BW_STOCK_MAX_OWN 500

/* All of it stands in `$XDG_CONFIG_HOME/bellwether/stocks.json`, which the desktop and
 * bellwetherctl share. Each change reads the file again first and writes it whole. */

/* Takes in what another program has written. A file that cannot be understood is an error,
 * is never written over, and leaves what was known. */
gboolean       bw_stock_own_reload    (GError        **error);

/* Of @draft count the name, the brand, the paper, the shape and the measures; it is checked. @replaces:
 * (nullable): the name of the own stock that becomes this one. (nullable): with @error */
const BwStock *bw_stock_own_save      (const BwStock  *draft,
                                       const char     *replaces,
                                       GError        **error);
gboolean       bw_stock_own_remove    (const char     *name,
                                       GError        **error);

/* The names. (transfer full) (element-type utf8 utf8) */
GHashTable    *bw_stock_favourites_get (void);
gboolean       bw_stock_favourites_set (const BwStock  *stock,
                                        gboolean        is_favourite,
                                        GError        **error);

G_END_DECLS
