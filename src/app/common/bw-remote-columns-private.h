/* bw-remote-columns-private.h: for the files of BwRemoteColumns
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-remote-columns.h"

G_BEGIN_DECLS

#define BW_SORT_KEYS_MAX 4   /* what the server takes */

typedef struct
{
  guint    column;
  gboolean is_descending;   /* as the header means it */
} BwSortKey;

struct _BwRemoteColumns
{
  GObject               parent_instance;

  GtkColumnView        *view;            /* unowned: whoever holds it holds us */
  BwRemoteTable        *table;           /* (owned) */
  GObject              *context;         /* (owned) (nullable) */
  const BwRemoteColumn *infos;
  guint                 n_columns;
  GtkColumnViewColumn  *columns[BW_REMOTE_COLUMNS_MAX];   /* unowned: the view's */
  GHashTable           *age_cells;       /* (element-type BwRemoteCell): set, unowned */
  guint                 age_id;

  /* The order */
  BwSortKey             keys[BW_SORT_KEYS_MAX];
  guint                 n_keys;
  gboolean              has_many_keys;   /* somebody may ask for several */
  gboolean              is_sorting;      /* what the view's sorter tells is our own doing */
  int                   probed_column;   /* see probe_cb () */
};

/* bw-remote-columns-sort.c */
void bw_remote_columns_init_sort  (BwRemoteColumns *self);
void bw_remote_columns_add_sorter (BwRemoteColumns *self,
                                   guint            column);

G_END_DECLS
