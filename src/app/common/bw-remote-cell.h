/* bw-remote-cell.h: one fact of an item in a long table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-entity.h"

G_BEGIN_DECLS

typedef enum
{
  BW_COLUMN_FIXED     = 1 << 0,   /* what names the row: always shown, "…" while the row is on its way */
  BW_COLUMN_EXTRA     = 1 << 1,   /* not shown until somebody chooses it */
  BW_COLUMN_EXPAND    = 1 << 2,   /* takes what is left over */
  BW_COLUMN_AGE       = 1 << 3,   /* its text changes as time passes */
  BW_COLUMN_REVERSE   = 1 << 4,   /* the header's "ascending" is the database's descending: the youngest age first */
  BW_COLUMN_MONOSPACE = 1 << 5,
  BW_COLUMN_NUMERIC   = 1 << 6,
} BwColumnFlags;

/* What a column shows; a static table of these describes a page. The functions get an item that has come. */
typedef struct
{
  const char     *id;          /* "email": what the choice of columns is remembered by */
  const char     *title;       /* N_(): translated where it is shown */
  const char     *sort;        /* (nullable): the route's key; the database sorts. NULL: cannot be sorted by */
  BwColumnFlags   flags;
  guint           min_chars;
  guint           nat_chars;
  int             min_width;   /* of the page in pixels, from which on it is shown */
  char         *(*text)  (gpointer item);    /* (transfer full) (nullable) */
  const char   *(*style) (gpointer item);    /* may be NULL. A static class of the style sheet, or NULL */
  const char   *(*color) (gpointer item);    /* may be NULL. "#rrggbb" of a dot before the text; NULL: an empty one */
  const char   *(*icon)  (gpointer item);    /* may be NULL. A symbolic icon before the text, or NULL */
  char        **(*chips) (gpointer item);    /* may be NULL. (transfer full) (nullable): shown, each in a frame, in place of the
                                                text, which is what a screen reader hears */
  char         *(*look_up) (gpointer item,   /* in place of text, for what the item has only ids of. (transfer full) (nullable) */
                            gpointer context);
  char        **(*look_up_chips) (gpointer item,    /* in place of chips */
                                  gpointer context);
} BwRemoteColumn;

#define BW_TYPE_REMOTE_CELL (bw_remote_cell_get_type ())

G_DECLARE_FINAL_TYPE (BwRemoteCell, bw_remote_cell, BW, REMOTE_CELL, GtkWidget)

/* @column: static. The cell stands in whatever row @list_item is. */
GtkWidget *bw_remote_cell_new          (const BwRemoteColumn *column,
                                        GtkListItem          *list_item);
void       bw_remote_cell_set_item     (BwRemoteCell         *self,
                                        BwEntity             *item);    /* (nullable) */
guint      bw_remote_cell_get_position (BwRemoteCell         *self);
/* What look_up is told: (nullable), unowned; it outlives the cell. */
void       bw_remote_cell_set_context  (BwRemoteCell         *self,
                                        gpointer              context);
/* Says it anew; ages grow by themselves. */
void       bw_remote_cell_update       (BwRemoteCell         *self);

G_END_DECLS
