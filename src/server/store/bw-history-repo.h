/* bw-history-repo.h: series, their chunks, and what is not in chunks yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-history-db.h"
#include "bw-value.h"

G_BEGIN_DECLS

/* Chunks that the index series_to_join waits for: as many small ones are worth joining. */
#define BW_HISTORY_SMALL_CHUNKS 8

typedef struct
{
  gint64      id;
  char       *device_id;
  char       *node;
  char       *property;
  BwDatatype  datatype;
  char       *unit;          /* (nullable) */
  gint64      n;             /* samples in chunks, the oldest and the newest of them */
  gint64      first_at_us;
  gint64      last_at_us;
  gint64      packed;        /* what the stage's rows up to this one hold of it is in chunks */
} BwSeriesRow;

void         bw_series_row_free               (BwSeriesRow  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwSeriesRow, bw_series_row_free)

typedef struct
{
  gint64        id;
  gint64        series_id;
  guint         kind;          /* as the chunk says: BwSampleKind, and whether it is thinned */
  gint64        t0;
  gint64        t1;
  gint64        n;
  gboolean      has_numbers;
  double        low;
  double        high;
  double        total;
  double        last;
  const guint8 *data;          /* (unowned) */
  gsize         length;
} BwChunkRow;

/* FALSE: no more of them, without an error. */
typedef gboolean (*BwChunkFunc) (const BwChunkRow *chunk,
                                 gpointer          user_data);

/* NULL without an error: there is none. */
BwSeriesRow *bw_history_repo_find_series      (BwDb              *db,
                                               const char        *device_id,
                                               const char        *node,
                                               const char        *property,
                                               GError           **error);
BwSeriesRow *bw_history_repo_get_series       (BwDb              *db,
                                               gint64             id,
                                               GError           **error);
/* (element-type BwSeriesRow) (transfer full): of a device, by node and property; at most @limit */
GPtrArray   *bw_history_repo_list_series      (BwDb              *db,
                                               const char        *device_id,
                                               gint64             limit,
                                               GError           **error);
gboolean     bw_history_repo_count_series     (BwDb              *db,
                                               const char        *device_id,
                                               gint64            *ret_n,
                                               GError           **error);
/* Sets @row's id. */
gboolean     bw_history_repo_add_series       (BwDb              *db,
                                               BwSeriesRow       *row,
                                               GError           **error);
gboolean     bw_history_repo_describe_series  (BwDb              *db,
                                               gint64             id,
                                               BwDatatype         datatype,
                                               const char        *unit,
                                               GError           **error);
/* A server goes on with the commit of a client that was killed: what that holds is there when this returns. */
gboolean bw_history_repo_wait_for_writers (BwDb *db, GError **error);

/* The stage. */
gboolean     bw_history_repo_get_newest       (BwDb              *db,
                                               gint64            *ret_seq,
                                               GError           **error);
gboolean     bw_history_repo_add_stage        (BwDb              *db,
                                               gint64             seq,
                                               const guint8      *samples,
                                               gsize              length,
                                               GError           **error);
/* The next row behind @seq; *ret_seq 0: there is none. (transfer full) */
GBytes      *bw_history_repo_next_stage       (BwDb              *db,
                                               gint64             seq,
                                               gint64            *ret_seq,
                                               GError           **error);
gboolean     bw_history_repo_trim_stage       (BwDb              *db,
                                               gint64             seq,
                                               GError           **error);
gboolean     bw_history_repo_add_taken        (BwDb              *db,
                                               gint64             seq,
                                               const guint8      *marks,
                                               gsize              length,
                                               GError           **error);
/* The next older than @seq, as for the stage. */
GBytes      *bw_history_repo_previous_taken   (BwDb              *db,
                                               gint64             seq,
                                               gint64            *ret_seq,
                                               GError           **error);
/* The sizes of all of them, oldest first. @func: gets seq and bytes */
gboolean     bw_history_repo_foreach_taken    (BwDb              *db,
                                               void             (*func) (gint64   seq,
                                                                         gint64   length,
                                                                         gpointer user_data),
                                               gpointer           user_data,
                                               GError           **error);
gboolean     bw_history_repo_trim_taken       (BwDb              *db,
                                               gint64             seq,
                                               GError           **error);
gboolean     bw_history_repo_add_flood        (BwDb              *db,
                                               const char        *device_id,
                                               gint64             n,
                                               gint64             at_us,
                                               GError           **error);
/* 0: it never was one. */
gboolean     bw_history_repo_get_flood        (BwDb              *db,
                                               const char        *device_id,
                                               gint64            *ret_n,
                                               gint64            *ret_first_at_us,
                                               gint64            *ret_last_at_us,
                                               GError           **error);

/* Chunks. */

/* What packing has made of one series. */
typedef struct
{
  gint64 series_id;
  gint64 n;
  gint64 first_at_us;
  gint64 last_at_us;
  gint64 packed;
  gint64 n_small;
} BwSeriesChange;

/* (element-type BwChunkRow) */
gboolean     bw_history_repo_add_chunks       (BwDb              *db,
                                               GArray            *chunks,
                                               GError           **error);
/* (element-type BwSeriesChange) */
gboolean     bw_history_repo_change_series    (BwDb              *db,
                                               GArray            *changes,
                                               GError           **error);
/* Of a series, those that reach into [@from_us, @to_us), by their end; those that end at @from_us only behind the
 * one with the id @after. So the next page begins where the last one of a page has ended. */
gboolean     bw_history_repo_foreach_chunk    (BwDb              *db,
                                               gint64             series_id,
                                               gint64             from_us,
                                               gint64             after,
                                               gint64             to_us,
                                               gint64             limit,
                                               BwChunkFunc        func,
                                               gpointer           user_data,
                                               GError           **error);
/* Where the @n-th of them ends; @to_us when there are fewer. */
gboolean     bw_history_repo_find_end         (BwDb              *db,
                                               gint64             series_id,
                                               gint64             from_us,
                                               gint64             to_us,
                                               gint64             n,
                                               gint64            *ret_end,
                                               GError           **error);
/* How many samples lie surely within, and the ends of all that is there. Nothing there: ends are 0. */
gboolean     bw_history_repo_measure          (BwDb              *db,
                                               gint64             series_id,
                                               gint64             from_us,
                                               gint64             to_us,
                                               gint64            *ret_n_inside,
                                               gint64            *ret_t0,
                                               gint64            *ret_t1,
                                               GError           **error);
/* The newest chunk that begins at @at_us or before. */
gboolean     bw_history_repo_foreach_before   (BwDb              *db,
                                               gint64             series_id,
                                               gint64             at_us,
                                               gint64             limit,
                                               BwChunkFunc        func,
                                               gpointer           user_data,
                                               GError           **error);
/* Joining small ones. (element-type gint64) (transfer full) */
GArray      *bw_history_repo_list_to_join     (BwDb              *db,
                                               gint64             limit,
                                               GError           **error);
gboolean     bw_history_repo_foreach_small    (BwDb              *db,
                                               gint64             series_id,
                                               gint64             below,
                                               gint64             limit,
                                               BwChunkFunc        func,
                                               gpointer           user_data,
                                               GError           **error);
/* (element-type gint64): ids */
gboolean     bw_history_repo_remove_chunks    (BwDb              *db,
                                               GArray            *ids,
                                               GError           **error);
gboolean     bw_history_repo_set_small        (BwDb              *db,
                                               gint64             series_id,
                                               gint64             n_small,
                                               GError           **error);
/* Counts its chunks anew, after some were removed. */
gboolean     bw_history_repo_recount_series   (BwDb              *db,
                                               gint64             series_id,
                                               GError           **error);
/* Chunks that end by then have been thinned. */
gboolean     bw_history_repo_get_thinned      (BwDb              *db,
                                               gint64             series_id,
                                               gint64            *ret_at_us,
                                               GError           **error);
gboolean     bw_history_repo_set_thinned      (BwDb              *db,
                                               gint64             series_id,
                                               gint64             at_us,
                                               GError           **error);
gboolean     bw_history_repo_remove_series    (BwDb              *db,
                                               gint64             series_id,
                                               GError           **error);
/* (element-type utf8) (transfer full): devices with a history behind @after, in order */
GPtrArray   *bw_history_repo_list_devices     (BwDb              *db,
                                               const char        *after,
                                               gint64             limit,
                                               GError           **error);

/* One view of the database for several queries; ended by bw_db_rollback(). */
gboolean     bw_history_repo_begin_reading    (BwDb              *db,
                                               GError           **error);

G_END_DECLS
