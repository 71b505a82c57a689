/* bw-history-batch.h: what one commit of the ingest adds to the history
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-sample.h"

G_BEGIN_DECLS

#define BW_HISTORY_OWN_NODE "$device"   /* of the series "state" and "status" */

/* Filled on one thread, then given to another; not both at once. */
typedef struct _BwHistoryBatch BwHistoryBatch;

typedef struct
{
  const char *device_id;
  const char *node;
  const char *property;
  guint       hash;         /* of the three */
  guint       device_end;   /* where in the key they end */
  guint       node_end;
  char       *key;          /* (owned): device/node/property, and behind it the three again, apart */
  BwDatatype  datatype;
  char       *unit;         /* (owned) (nullable) */
  guint       round;        /* the last one in which it was said */
  guint       stage_round;  /* for the writing thread: what stage is worth, */
  gpointer    stage;        /* and the series there */
} BwBatchSeries;

typedef struct
{
  guint32       series;     /* place in series */
  guint32       kind;       /* BwSampleKind */
  gint64        at_us;
  BwSampleValue value;      /* a text is owned by the batch */
} BwBatchSample;

typedef struct
{
  guint16 id;               /* of the message, as the broker has numbered it */
  guint32 hash;
} BwBatchMark;

typedef struct
{
  char   *device_id;
  gint64  n;
  gint64  at_us;
} BwBatchFlood;

struct _BwHistoryBatch
{
  GPtrArray    *series;     /* (element-type BwBatchSeries): of this round, and known from those before */
  GArray       *said;       /* (element-type guint32): places in it of those of this round */
  GArray       *samples;    /* (element-type BwBatchSample) */
  GArray       *marks;      /* (element-type BwBatchMark) */
  GArray       *floods;     /* (element-type BwBatchFlood) */
  GHashTable   *places;     /* BwBatchSeries → place + 1 */
  GStringChunk *texts;
  guint         round;      /* how often it was cleared, plus 1 */
};

BwHistoryBatch *bw_history_batch_new      (void);
void            bw_history_batch_free     (BwHistoryBatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwHistoryBatch, bw_history_batch_free)

/* To be filled anew. What does so for long is cheapest: it knows its series then, up to a number. */
void            bw_history_batch_clear    (BwHistoryBatch *self);
gboolean        bw_history_batch_is_empty (BwHistoryBatch *self);
void            bw_history_batch_add      (BwHistoryBatch *self,
                                           const char     *device_id,
                                           const char     *node,
                                           const char     *property,
                                           BwDatatype      datatype,
                                           const char     *unit,
                                           gint64          at_us,
                                           const char     *text);
void            bw_history_batch_add_mark (BwHistoryBatch *self,
                                           guint16         id,
                                           guint32         hash);
/* @n values of the device were left out. */
void            bw_history_batch_add_flood (BwHistoryBatch *self,
                                            const char     *device_id,
                                            gint64          n,
                                            gint64          at_us);

G_END_DECLS
