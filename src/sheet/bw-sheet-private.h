/* bw-sheet-private.h: for the files of this class
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-label-draw.h"
#include "bw-sheet.h"

G_BEGIN_DECLS

/* A device, packed: a sheet may hold a million. */
typedef struct
{
  char    id[20];    /* canonical, terminated */
  guint32 serial;
} BwSheetEntry;

struct _BwSheet
{
  GObject        parent_instance;

  const BwStock *stock;
  BwLabelLayout  layout;
  char          *batch;
  double         color[3];
  gboolean       has_color;
  guint          count;
  gint64         created_at_us;
  guint          start;          /* from 0 */
  GArray        *entries;        /* BwSheetEntry */
};

G_END_DECLS
