/* bw-history-private.h: what the files of the history share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-history-repo.h"
#include "bw-history.h"
#include "bw-stage-row.h"

G_BEGIN_DECLS

/* A sample in no chunk yet. A text is a GRefString. */
typedef struct
{
  gint64        at_us;
  BwSampleValue value;
  guint64       seq : 56;    /* the row of the stage's table that holds it */
  guint64       kind : 8;
} BwPending;

typedef struct
{
  char       *key;          /* device/node/property, and behind it the three again, apart */
  char       *device_id;
  const char *node;
  const char *property;
  gint64      id;           /* 0: not in the database yet */
  gint64      packed;       /* while the stage is read at the start */
  BwDatatype  datatype;
  char       *unit;         /* (nullable) */
  GArray     *pending;      /* (element-type BwPending) in the order they came */
  guint       n_sliced;     /* of them, the first are in the slice that is being made */
  guint       refused : 1;  /* the device has too many */
  guint       ready : 1;    /* in the queue */
} BwStageSeries;

/* What one transaction packs. */
typedef struct
{
  GArray    *chunks;        /* (element-type BwChunkRow) */
  GPtrArray *blobs;         /* what their data points to */
  GArray    *changes;       /* (element-type BwSeriesChange) */
  GPtrArray *series;        /* (element-type BwStageSeries) (unowned) */
  guint      n_samples;
  gint64     trim_upto;     /* rows of the stage up to this one go; 0: none */
  gboolean   flushed;       /* the last of the flush is in it */
} BwPackSlice;

struct _BwHistory
{
  GObject         parent_instance;

  BwHistoryDb    *db;

  GMutex          lock;         /* guards the tables of series and what is pending, for who reads */
  GCond           loaded_cond;
  gboolean        loaded;
  GHashTable     *by_key;       /* key → BwStageSeries (owned) */
  GHashTable     *by_device;    /* id → GPtrArray of BwStageSeries */
  BwHistoryCounts counts;       /* guarded, too */

  /* the writing thread alone */
  guint           generation;
  guint           stage_round;  /* what was found in by_key in another one may be gone */
  gint64          seq;          /* the newest row of the stage */
  gint64          trimmed;      /* rows up to this one are gone */
  gint64          trim_upto;    /* rows up to this one are to go */
  GQueue          ready;        /* (element-type BwStageSeries) with a chunk full */
  GPtrArray      *flush;        /* (nullable) (element-type BwStageSeries): all are packed, one after the other */
  guint           flush_at;
  gint64          flush_upto;
  gint64          flush_since_us;
  guint           flush_n_logged;
  gboolean        may_shrink;   /* a flush has ended since */
  guint           n_pending;
  gsize           n_text_bytes;
  guint           n_logged;     /* samples in the stage's table */
  gint64          logged_since_us;
  GQueue          taken;        /* (element-type BwTakenRow) oldest first */
  guint           n_marks;
  gint64          join_at_us;   /* monotonic: not before */
  BwChunkCodec   *codec;
  BwChunk        *chunk;
  BwStageRow     *row;

  /* the main context alone */
  guint           source;
  gboolean        working;

  GMutex          add_lock;
  BwHistoryBatch *to_add;       /* (nullable): guarded by add_lock, as are these */
  guint           n_to_add;
  gboolean        is_adding;
  gboolean        is_leaving;
};

/* On the main context, of one that stops: whether there is still something on its way. */
gboolean bw_history_is_adding (BwHistory *self);

/* Of a mark in a row of the table: id and hash, little endian. */
#define BW_MARK_BYTES 6

typedef struct
{
  gint64 seq;
  guint  n;
} BwTakenRow;

void           bw_stage_init            (BwHistory      *self);
BwStageSeries *bw_stage_find            (BwHistory      *self,
                                         const char     *key);
BwStageSeries *bw_stage_ensure          (BwHistory      *self,
                                         const char     *key,
                                         guint           device_end,
                                         guint           node_end);
/* These two with the lock held. */
void           bw_stage_add             (BwHistory      *self,
                                         BwStageSeries  *series,
                                         gint64          at_us,
                                         BwSampleKind    kind,
                                         BwSampleValue   value,
                                         gint64          seq);
void           bw_stage_remove_first    (BwHistory      *self,
                                         BwStageSeries  *series,
                                         guint           n);
/* What a pointer to a series is worth is over. */
void           bw_stage_begin_round     (BwHistory      *self);
/* Those of which nothing is pending, when there are many. */
void           bw_stage_shrink          (BwHistory      *self);
/* Reads the stage's table at the first call; after the database was made anew, writes all that is pending. */
gboolean       bw_history_ensure_loaded (BwHistory        *self,
                                         BwHistoryThread  *thread,
                                         BwDb             *db,
                                         GError          **error);

/* Within a transaction: finds what is due, at most about @budget samples, and writes it. Either of
 * the ends then. (nullable) without an error: nothing is due */
BwPackSlice   *bw_history_pack          (BwHistory      *self,
                                         BwDb           *db,
                                         guint           budget,
                                         GError        **error);
void           bw_history_packed        (BwHistory      *self,
                                         BwPackSlice    *slice);
void           bw_history_unpacked      (BwHistory      *self,
                                         BwPackSlice    *slice);
void           bw_history_start_flush   (BwHistory      *self);
/* As one job of the writing thread: joins a few series' small chunks. *ret_more: there are others. */
gboolean       bw_history_join          (BwHistory      *self,
                                         BwDb           *db,
                                         gboolean       *ret_more,
                                         GError        **error);

/* Samples on their way into chunks, of any order and kind. */
typedef struct
{
  gint64        at_us;
  BwSampleValue value;
  BwSampleKind  kind;
  guint         place;      /* in which they came: what has one time keeps its order */
} BwLooseSample;

/* Appends to @chunks and @blobs. Returns: how many of them are small. */
guint          bw_history_cut           (BwHistory      *self,
                                         gint64          series_id,
                                         GArray         *samples,
                                         GArray         *chunks,
                                         GPtrArray      *blobs);
/* By kind, then time. */
void           bw_history_sort_samples  (GArray         *samples);
/* self->chunk. Returns: whether it is a small one. */
gboolean       bw_history_add_chunk     (BwHistory      *self,
                                         gint64          series_id,
                                         GArray         *chunks,
                                         GPtrArray      *blobs);
void           bw_history_count_damaged (BwHistory      *self,
                                         const char     *what,
                                         gint64          id);

G_END_DECLS
