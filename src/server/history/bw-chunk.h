/* bw-chunk.h: samples of one series in a few bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BW_CHUNK_MAX_SAMPLES    1000
/* Texts of one chunk, each counted with its end. One of 64 KiB always fits. */
#define BW_CHUNK_MAX_TEXT_BYTES (1024 * 1024)

/* Stored as numbers. */
typedef enum
{
  BW_SAMPLE_INTEGER = 1,
  BW_SAMPLE_REAL,
  BW_SAMPLE_BOOLEAN,
  BW_SAMPLE_TEXT,
} BwSampleKind;

/* What a chunk's kind has beside: each row stands for many samples. */
#define BW_CHUNK_THINNED 16

typedef union
{
  gint64      integer;    /* also of a boolean: 0 or 1 */
  double      real;
  const char *text;       /* UTF-8 */
} BwSampleValue;

/* 60 KiB: made once and used again. */
typedef struct
{
  BwSampleKind  kind;
  gboolean      thinned;
  guint         n;
  gint64        at_us[BW_CHUNK_MAX_SAMPLES];
  BwSampleValue value[BW_CHUNK_MAX_SAMPLES];   /* thinned: the last one */

  /* of a thinned one alone. What has no numbers, or no finite one, has NaN. */
  gint64        count[BW_CHUNK_MAX_SAMPLES];
  double        low[BW_CHUNK_MAX_SAMPLES];
  double        high[BW_CHUNK_MAX_SAMPLES];
  double        mean[BW_CHUNK_MAX_SAMPLES];
} BwChunk;

/* What can be answered without looking into it. */
typedef struct
{
  gint64   t0;
  gint64   t1;
  gint64   n;            /* samples, also of a thinned one */
  gboolean has_numbers;  /* the rest says something: there are only finite numbers */
  double   low;
  double   high;
  double   total;
  double   last;         /* as a number */
} BwChunkSummary;

/* Belongs to one thread: the compressor and its buffers. */
typedef struct _BwChunkCodec BwChunkCodec;

BwChunkCodec *bw_chunk_codec_new  (void);
void          bw_chunk_codec_free (BwChunkCodec *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwChunkCodec, bw_chunk_codec_free)

/* In any order of time, but 1 to BW_CHUNK_MAX_SAMPLES. Valid until the next call; NULL: more text than fits. */
const guint8 *bw_chunk_encode     (BwChunkCodec   *self,
                                   const BwChunk  *chunk,
                                   gsize          *ret_length);
/* @data: anything at all; FALSE: it is no chunk, or not the whole of one. Texts are valid until the next call. */
gboolean      bw_chunk_decode     (BwChunkCodec   *self,
                                   const guint8   *data,
                                   gsize           length,
                                   BwChunk        *ret_chunk);
void          bw_chunk_summarize  (const BwChunk  *chunk,
                                   BwChunkSummary *ret_summary);

/* A value as a number; NaN of a text. */
double        bw_sample_to_number (BwSampleKind    kind,
                                   BwSampleValue   value);

G_END_DECLS
