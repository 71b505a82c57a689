/* fuzz-chunk.c: a chunk as it lies in the database, and one that was packed around what the fuzzer thought up
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <zstd.h>

#include "bw-chunk.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* All of it is touched, and what was understood is understood again after it was written. */
static void
look_at (BwChunkCodec *codec,
         const guint8 *data,
         gsize         length)
{
  static BwChunk chunk;
  static BwChunk again;
  g_autoptr(BwChunkCodec) other = NULL;
  BwChunkSummary summary;
  const guint8 *bytes;
  gsize n_bytes = 0;

  if (!bw_chunk_decode (codec, data, length, &chunk))
    return;

  g_assert (chunk.n >= 1 && chunk.n <= BW_CHUNK_MAX_SAMPLES);
  bw_chunk_summarize (&chunk, &summary);
  g_assert (summary.t0 <= summary.t1 && summary.n >= (gint64) chunk.n);
  if (summary.has_numbers)
    g_assert (isfinite (summary.low) && isfinite (summary.high) && isfinite (summary.last));

  other = bw_chunk_codec_new ();
  bytes = bw_chunk_encode (other, &chunk, &n_bytes);
  if (bytes == NULL)
    {
      g_assert (chunk.kind == BW_SAMPLE_TEXT);
      return;
    }

  g_assert (bw_chunk_decode (other, bytes, n_bytes, &again));
  g_assert (again.n == chunk.n && again.kind == chunk.kind && again.thinned == chunk.thinned);
  g_assert (memcmp (again.at_us, chunk.at_us, chunk.n * sizeof chunk.at_us[0]) == 0);
  if (chunk.kind != BW_SAMPLE_TEXT)
    g_assert (memcmp (again.value, chunk.value, chunk.n * sizeof chunk.value[0]) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static BwChunkCodec *codec = NULL;
  g_autofree guint8 *packed = NULL;
  gsize length;

  if (codec == NULL)
    codec = bw_chunk_codec_new ();

  look_at (codec, data, size);

  /* the compressor's checksum would keep the fuzzer out of what is behind it */
  packed = g_malloc (ZSTD_compressBound (size));
  length = ZSTD_compress (packed, ZSTD_compressBound (size), data, size, 1);
  g_assert (!ZSTD_isError (length));
  look_at (codec, packed, length);

  return 0;
}
