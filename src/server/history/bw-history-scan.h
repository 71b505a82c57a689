/* bw-history-scan.h: reading chunks and stage as one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-history-private.h"

G_BEGIN_DECLS

/* A sample, or what thinning has left of many. */
typedef struct
{
  gint64        at_us;      /* of the newest */
  BwSampleKind  kind;
  BwSampleValue value;      /* the newest */
  gint64        n;
  gint64        n_numbers;  /* of them, those that low, high and total are of */
  double        low;
  double        high;
  double        total;
  gboolean      thinned;
} BwScanSample;

/* Returns: whether that was enough: the chunk need not be looked into. */
typedef gboolean (*BwScanChunkFunc)  (const BwChunkRow   *row,
                                      gpointer            user_data);
/* A text is valid during the call. */
typedef void     (*BwScanSampleFunc) (const BwScanSample *sample,
                                      gpointer            user_data);

/* One job of a reading thread. First what is pending is looked at, then the database, all of it as it was at
 * one moment; "packed" says what of the pending ones had become chunks by then. */
typedef struct
{
  BwHistory    *history;
  BwDb         *db;
  GCancellable *cancellable;   /* (nullable) */
  BwChunkCodec *codec;
  BwChunk      *chunk;
  gboolean      in_view;
  guint         n_damaged;
} BwScan;

gboolean     bw_scan_init            (BwScan            *self,
                                      BwHistory         *history,
                                      BwHistoryThread   *thread,
                                      GCancellable      *cancellable,
                                      GError           **error);
void         bw_scan_clear           (BwScan            *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BwScan, bw_scan_clear)

/* Before bw_scan_begin(). (transfer full) (element-type BwPending): their texts are held */
GArray      *bw_scan_copy_pending    (BwScan            *self,
                                      const char        *device_id,
                                      const char        *node,
                                      const char        *property,
                                      gint64             from_us,
                                      gint64             to_us);
gboolean     bw_scan_begin           (BwScan            *self,
                                      GError           **error);
/* In no order. @pending: (nullable); @chunk_func: (nullable) */
gboolean     bw_scan_run             (BwScan            *self,
                                      const BwSeriesRow *series,
                                      GArray            *pending,
                                      gint64             from_us,
                                      gint64             to_us,
                                      BwScanChunkFunc    chunk_func,
                                      BwScanSampleFunc   sample_func,
                                      gpointer           user_data,
                                      GError           **error);
/* The newest sample before @at_us, if there is one. @func: called with it */
gboolean     bw_scan_before          (BwScan            *self,
                                      const BwSeriesRow *series,
                                      GArray            *pending,
                                      gint64             at_us,
                                      BwScanSampleFunc   func,
                                      gpointer           user_data,
                                      GError           **error);

G_END_DECLS
