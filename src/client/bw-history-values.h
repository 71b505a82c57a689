/* bw-history-values.h: what a property was, over a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "bw-value.h"

G_BEGIN_DECLS

/* What one reply may hold; one that has more is refused. */
#define BW_HISTORY_MAX_POINTS 5000
#define BW_HISTORY_MAX_GAPS   1000
#define BW_HISTORY_MAX_SERIES 20000

/* The device's own state and its status in the life cycle are series, too. */
#define BW_HISTORY_DEVICE_NODE     "$device"
#define BW_HISTORY_STATE_PROPERTY  "state"
#define BW_HISTORY_STATUS_PROPERTY "status"

/* One sample, or a bucket of them; of a sample min, max, mean and last are one. True is 1, false is 0;
 * NAN: it is a text, or was no number. */
typedef struct
{
  gint64      at_us;      /* of a bucket: where it begins */
  gint64      n;          /* samples in it */
  double      min;
  double      max;
  double      mean;
  double      last;
  const char *text;       /* (nullable) (unowned): lives as long as its history; the last one when it is a text */
} BwHistoryPoint;

typedef struct
{
  gint64 from_us;
  gint64 to_us;
} BwHistoryGap;

/* Immutable and counted: may cross threads. */
typedef struct
{
  char                 *node;
  char                 *property;
  char                 *unit;         /* (nullable) */
  BwDatatype            datatype;
  gint64                from_us;
  gint64                to_us;        /* not included */
  gint64                step_us;      /* the length of a bucket; 0: the points are samples */
  gint64                n_damaged;    /* parts that could not be read */
  const BwHistoryPoint *points;       /* from the oldest to the newest */
  guint                 n_points;
  const BwHistoryPoint *before;       /* (nullable): the last sample before that time, where the reply has it */
  const BwHistoryGap   *gaps;         /* when the device was not connected */
  guint                 n_gaps;
} BwHistory;

#define BW_TYPE_HISTORY (bw_history_get_type ())

GType      bw_history_get_type (void);
/* The reply of the API; NULL with BW_ERROR_INVALID and what is wrong with it. */
BwHistory *bw_history_new_from_json (const char  *text,
                                     gsize        length,
                                     GError     **error);
BwHistory *bw_history_ref           (BwHistory   *self);
void       bw_history_unref         (BwHistory   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwHistory, bw_history_unref)

/* What there is of one property; the device may not have it any more. */
typedef struct
{
  char       *node;
  char       *property;
  char       *unit;       /* (nullable) */
  BwDatatype  datatype;
  gint64      n;          /* samples */
  gint64      first_us;
  gint64      last_us;
} BwHistorySeries;

void       bw_history_series_free (BwHistorySeries *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwHistorySeries, bw_history_series_free)
/* (transfer full) (element-type BwHistorySeries) */
GPtrArray *bw_history_series_list_from_json (const char  *text,
                                             gsize        length,
                                             GError     **error);

/* Whether values of that type are drawn as a line. */
gboolean   bw_datatype_is_number (BwDatatype datatype);

G_END_DECLS
