/* bw-stock-private.h: for the files that read stocks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-stock.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What bw_stock_new() makes. */
typedef struct
{
  BwStock  stock;
  char    *words;    /* (nullable) (owned): folded, each between two line ends, for the search */
} BwStockEntry;

/* A stock under construction, whose members are all owned. Sealed it is complete, and nobody changes it any more. */
BwStock       *bw_stock_new           (BwStockCatalogue  catalogue);
void           bw_stock_free          (BwStock          *stock);
void           bw_stock_seal          (BwStock          *stock);
BwStock       *bw_stock_new_from_json (JsonObject       *object,
                                       BwStockCatalogue  catalogue);

/* Of @length bytes at most; FALSE when it is none, or not to be had. */
gboolean       bw_stock_read_file     (const char       *path,
                                       gsize             max_bytes,
                                       char            **ret_text,
                                       gsize            *ret_length);

/* GMarkup quotes what it cannot read. */
void           bw_stock_debug_unreadable (const char    *path,
                                          const GError  *error);

/* Only letters and digits count, in lower case: "Avery DK-11201" is "averydk11201". */
char          *bw_stock_fold          (const char       *brand,
                                       const char       *name);
gboolean       bw_stock_has_name      (const BwStock    *stock,
                                       const char       *folded);
const BwStock *bw_stock_find_curated  (const char       *folded);

/* Without trailing zeros, and with a point whatever the locale. */
const char    *bw_stock_format_mm     (char              buffer[G_ASCII_DTOSTR_BUF_SIZE],
                                       double            mm);

/* The paper by that size, or "custom". */
const char    *bw_stock_name_paper    (double            width,
                                       double            height);

/* The files of an installed catalogue; what cannot be read of them is left out. (transfer full) (element-type BwStock) */
GPtrArray     *bw_stock_read_glabels     (const char    *folder,
                                          GPtrArray     *stocks);
GPtrArray     *bw_stock_read_libreoffice (const char    *path,
                                          GPtrArray     *stocks);

/* As the file was when it was last read. (transfer container) */
GPtrArray     *bw_stock_get_own       (void);

G_END_DECLS
