/* bw-chunk.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-chunk.h"

#include <math.h>
#include <zstd.h>

#include "bw-bytes.h"

#define FORMAT 1
#define LEVEL  3

/* Everything of the largest chunk with room to spare; what says that it is more is none of ours. */
#define MAX_RAW_BYTES (2 * 1024 * 1024)

#define MAX_TEXT_BYTES (64 * 1024)

/* A chunk is a few columns of whole numbers, each stored by its bytes: first the lowest byte of all, then the next,
 * in as many as the largest needs. Numbers that move by little, and times that come in a regular beat, are the
 * differences of their differences; what is the same high byte over and over costs the compressor (zstd, with
 * its checksum) next to nothing. A real number is a whole one of some decimal place when each comes back exactly
 * so; otherwise its bits, and which of them are others than those of the one before. */

typedef enum
{
  COLUMN_PLAIN,      /* above a base */
  COLUMN_DELTA,
  COLUMN_DELTA_2,
  COLUMN_XOR,        /* bits of real numbers */
} ColumnForm;

/* A real column begins with the decimal place, or with this. */
#define REAL_BITS   255
#define MAX_DECIMAL 6

/* Up to here each whole number is a double. */
#define MAX_EXACT 9007199254740992.0

struct _BwChunkCodec
{
  ZSTD_CCtx  *compressor;
  ZSTD_DCtx  *decompressor;
  GByteArray *raw;
  GByteArray *packed;
  GHashTable *words;                              /* text → its number */
  guint64     numbers[BW_CHUNK_MAX_SAMPLES];
  guint64     changes[BW_CHUNK_MAX_SAMPLES];
  const char *texts[BW_CHUNK_MAX_SAMPLES];
};

static const double powers[MAX_DECIMAL + 1] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };

BwChunkCodec *
bw_chunk_codec_new (void)
{
  BwChunkCodec *self = g_new0 (BwChunkCodec, 1);

  self->compressor = ZSTD_createCCtx ();
  ZSTD_CCtx_setParameter (self->compressor, ZSTD_c_compressionLevel, LEVEL);
  ZSTD_CCtx_setParameter (self->compressor, ZSTD_c_checksumFlag, 1);
  self->decompressor = ZSTD_createDCtx ();
  self->raw = g_byte_array_new ();
  self->packed = g_byte_array_new ();
  self->words = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

void
bw_chunk_codec_free (BwChunkCodec *self)
{
  ZSTD_freeCCtx (self->compressor);
  ZSTD_freeDCtx (self->decompressor);
  g_byte_array_unref (self->raw);
  g_byte_array_unref (self->packed);
  g_hash_table_unref (self->words);
  g_free (self);
}

double
bw_sample_to_number (BwSampleKind  kind,
                     BwSampleValue value)
{
  switch (kind)
    {
    case BW_SAMPLE_INTEGER:
    case BW_SAMPLE_BOOLEAN:
      return (double) value.integer;

    case BW_SAMPLE_REAL:
      return value.real;

    case BW_SAMPLE_TEXT:
    default:
      return NAN;
    }
}

/* Writing */

static guint
get_width (guint64 bits)
{
  guint width = 0;

  while (bits != 0)
    {
      width++;
      bits >>= 8;
    }

  return width;
}

static void
put_bytes (GByteArray    *out,
           const guint64 *numbers,
           guint          n,
           guint          width)
{
  guint start = out->len;

  g_byte_array_set_size (out, start + n * width);
  for (guint byte = 0; byte < width; byte++)
    {
      guint8 *to = out->data + start + byte * n;

      for (guint i = 0; i < n; i++)
        to[i] = (guint8) (numbers[i] >> (8 * byte));
    }
}

static void
put_column (GByteArray    *out,
            ColumnForm     form,
            guint64        base,
            const guint64 *numbers,
            guint          n)
{
  guint64 bits = 0;
  guint width;

  for (guint i = 0; i < n; i++)
    bits |= numbers[i];

  width = get_width (bits);
  g_byte_array_append (out, (guint8[]) { (guint8) form, (guint8) width }, 2);
  base = GUINT64_TO_LE (base);
  bw_bytes_put (out, &base, sizeof base);
  put_bytes (out, numbers, n, width);
}

/* self->numbers, by whichever form takes fewer bytes: moving slowly, or lying close together. */
static void
put_integers (BwChunkCodec *self,
              guint         n)
{
  const guint64 *numbers = self->numbers;
  gint64 low = (gint64) numbers[0];
  gint64 high = low;
  guint64 bits = 0;

  self->changes[0] = 0;
  for (guint i = 1; i < n; i++)
    {
      self->changes[i] = bw_zigzag ((gint64) (numbers[i] - numbers[i - 1]));
      bits |= self->changes[i];
      low = MIN (low, (gint64) numbers[i]);
      high = MAX (high, (gint64) numbers[i]);
    }

  if (get_width (bits) <= get_width ((guint64) high - (guint64) low))
    {
      put_column (self->raw, COLUMN_DELTA, numbers[0], self->changes, n);
      return;
    }

  for (guint i = 0; i < n; i++)
    self->changes[i] = numbers[i] - (guint64) low;
  put_column (self->raw, COLUMN_PLAIN, (guint64) low, self->changes, n);
}

static void
put_times (BwChunkCodec *self,
           const gint64 *at_us,
           guint         n)
{
  guint64 step = 0;

  self->changes[0] = 0;
  for (guint i = 1; i < n; i++)
    {
      guint64 next = (guint64) at_us[i] - (guint64) at_us[i - 1];

      self->changes[i] = bw_zigzag ((gint64) (next - step));
      step = next;
    }

  put_column (self->raw, COLUMN_DELTA_2, (guint64) at_us[0], self->changes, n);
}

static guint64
get_bits (double real)
{
  guint64 bits;

  memcpy (&bits, &real, sizeof bits);

  return bits;
}

/* Whether @real is a whole number of that decimal place, bit by bit. -0.0 is not. */
static gboolean
scale (double   real,
       guint    decimal,
       guint64 *ret_number)
{
  double scaled = real * powers[decimal];
  gint64 number;

  if (!(fabs (scaled) < MAX_EXACT))
    return FALSE;

  number = llrint (scaled);
  *ret_number = (guint64) number;

  return get_bits ((double) number / powers[decimal]) == get_bits (real);
}

static gboolean
scale_all (BwChunkCodec *self,
           const double *reals,
           guint         n,
           guint        *ret_decimal)
{
  guint decimal = 0;
  guint from = 0;     /* those before have to be looked at again with the decimal of now */

  for (guint i = 0; i < n; i++)
    {
      guint before = decimal;

      while (!scale (reals[i], decimal, &self->numbers[i]))
        {
          if (++decimal > MAX_DECIMAL)
            return FALSE;
        }
      if (decimal != before)
        from = i;
    }

  for (guint i = 0; i < from; i++)
    {
      if (!scale (reals[i], decimal, &self->numbers[i]))
        return FALSE;
    }

  *ret_decimal = decimal;

  return TRUE;
}

static void
put_reals (BwChunkCodec *self,
           const double *reals,
           guint         n)
{
  guint decimal = REAL_BITS;
  guint64 before = get_bits (reals[0]);
  gboolean scaled = scale_all (self, reals, n, &decimal);
  guint8 first = (guint8) (scaled ? decimal : REAL_BITS);

  g_byte_array_append (self->raw, &first, 1);
  if (scaled)
    {
      put_integers (self, n);
      return;
    }

  self->changes[0] = 0;
  for (guint i = 1; i < n; i++)
    {
      guint64 bits = get_bits (reals[i]);

      self->changes[i] = bits ^ before;
      before = bits;
    }
  put_column (self->raw, COLUMN_XOR, get_bits (reals[0]), self->changes, n);
}

/* Each different one once, then which one it is. */
static gboolean
put_texts (BwChunkCodec        *self,
           const BwSampleValue *values,
           guint                n)
{
  gsize n_bytes = 0;
  guint n_words = 0;

  g_hash_table_remove_all (self->words);
  for (guint i = 0; i < n; i++)
    {
      gpointer number = g_hash_table_lookup (self->words, values[i].text);

      if (number == NULL)
        {
          self->texts[n_words++] = values[i].text;
          number = GUINT_TO_POINTER (n_words);
          g_hash_table_insert (self->words, (gpointer) values[i].text, number);
          n_bytes += strlen (values[i].text) + 1;
        }
      self->numbers[i] = GPOINTER_TO_UINT (number) - 1;
    }

  if (n_bytes > BW_CHUNK_MAX_TEXT_BYTES)
    return FALSE;

  bw_bytes_put_varint (self->raw, n_words);
  for (guint i = 0; i < n_words; i++)
    bw_bytes_put_text (self->raw, self->texts[i]);
  put_integers (self, n);

  return TRUE;
}

static gboolean
put_values (BwChunkCodec  *self,
            const BwChunk *chunk)
{
  double reals[BW_CHUNK_MAX_SAMPLES];

  switch (chunk->kind)
    {
    case BW_SAMPLE_TEXT:
      return put_texts (self, chunk->value, chunk->n);

    case BW_SAMPLE_REAL:
      for (guint i = 0; i < chunk->n; i++)
        reals[i] = chunk->value[i].real;
      put_reals (self, reals, chunk->n);
      return TRUE;

    case BW_SAMPLE_INTEGER:
    case BW_SAMPLE_BOOLEAN:
    default:
      for (guint i = 0; i < chunk->n; i++)
        self->numbers[i] = (guint64) chunk->value[i].integer;
      put_integers (self, chunk->n);
      return TRUE;
    }
}

const guint8 *
bw_chunk_encode (BwChunkCodec  *self,
                 const BwChunk *chunk,
                 gsize         *ret_length)
{
  gsize length;

  g_return_val_if_fail (chunk->n > 0 && chunk->n <= BW_CHUNK_MAX_SAMPLES, NULL);

  g_byte_array_set_size (self->raw, 0);
  g_byte_array_append (self->raw, (guint8[]) { FORMAT, (guint8) chunk->kind, chunk->thinned != 0 }, 3);
  bw_bytes_put_varint (self->raw, chunk->n);
  put_times (self, chunk->at_us, chunk->n);
  if (!put_values (self, chunk))
    return NULL;

  if (chunk->thinned)
    {
      for (guint i = 0; i < chunk->n; i++)
        self->numbers[i] = (guint64) chunk->count[i];
      put_integers (self, chunk->n);
      put_reals (self, chunk->low, chunk->n);
      put_reals (self, chunk->high, chunk->n);
      put_reals (self, chunk->mean, chunk->n);
    }

  g_byte_array_set_size (self->packed, (guint) ZSTD_compressBound (self->raw->len));
  length = ZSTD_compress2 (self->compressor, self->packed->data, self->packed->len, self->raw->data, self->raw->len);
  g_return_val_if_fail (!ZSTD_isError (length), NULL);
  *ret_length = length;

  return self->packed->data;
}

/* Reading */

static gboolean
take_column (BwByteReader *in,
             ColumnForm   *ret_form,
             guint64      *ret_base,
             guint64      *numbers,
             guint         n)
{
  guint form = bw_bytes_take_byte (in);
  guint width = bw_bytes_take_byte (in);
  const guint8 *base = bw_bytes_take (in, sizeof *ret_base);
  const guint8 *bytes;

  if (in->bad || form > COLUMN_XOR || width > 8)
    return FALSE;

  memcpy (ret_base, base, sizeof *ret_base);
  *ret_base = GUINT64_FROM_LE (*ret_base);
  *ret_form = (ColumnForm) form;
  bytes = bw_bytes_take (in, (gsize) n * width);
  if (bytes == NULL)
    return FALSE;

  memset (numbers, 0, n * sizeof *numbers);
  for (guint byte = 0; byte < width; byte++)
    {
      const guint8 *from = bytes + (gsize) byte * n;

      for (guint i = 0; i < n; i++)
        numbers[i] |= (guint64) from[i] << (8 * byte);
    }

  return TRUE;
}

/* Any column of whole numbers, into @numbers. */
static gboolean
take_integers (BwByteReader *in,
               guint64      *numbers,
               guint         n)
{
  ColumnForm form;
  guint64 now;
  guint64 step = 0;

  if (!take_column (in, &form, &now, numbers, n) || form == COLUMN_XOR)
    return FALSE;

  if (form == COLUMN_PLAIN)
    {
      for (guint i = 0; i < n; i++)
        numbers[i] += now;
      return TRUE;
    }

  for (guint i = 0; i < n; i++)
    {
      guint64 change = (guint64) bw_unzigzag (numbers[i]);

      step = form == COLUMN_DELTA ? change : step + change;
      now += step;
      numbers[i] = now;
    }

  return TRUE;
}

static gboolean
take_reals (BwChunkCodec *self,
            BwByteReader *in,
            double       *reals,
            guint         n)
{
  guint decimal = bw_bytes_take_byte (in);
  ColumnForm form;
  guint64 bits;

  if (decimal <= MAX_DECIMAL)
    {
      if (!take_integers (in, self->numbers, n))
        return FALSE;

      for (guint i = 0; i < n; i++)
        reals[i] = (double) (gint64) self->numbers[i] / powers[decimal];
      return TRUE;
    }

  if (decimal != REAL_BITS || !take_column (in, &form, &bits, self->numbers, n) || form != COLUMN_XOR)
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      bits ^= self->numbers[i];
      memcpy (&reals[i], &bits, sizeof bits);
    }

  return TRUE;
}

static gboolean
take_texts (BwChunkCodec  *self,
            BwByteReader  *in,
            BwSampleValue *values,
            guint          n)
{
  guint64 n_words = bw_bytes_take_varint (in);

  if (n_words > n)
    return FALSE;

  for (guint i = 0; i < n_words; i++)
    {
      self->texts[i] = bw_bytes_take_text (in, MAX_TEXT_BYTES);
      if (self->texts[i] == NULL)
        return FALSE;
    }

  if (!take_integers (in, self->numbers, n))
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      if (self->numbers[i] >= n_words)
        return FALSE;
      values[i].text = self->texts[self->numbers[i]];
    }

  return TRUE;
}

static gboolean
take_values (BwChunkCodec *self,
             BwByteReader *in,
             BwChunk      *chunk)
{
  double reals[BW_CHUNK_MAX_SAMPLES];

  switch (chunk->kind)
    {
    case BW_SAMPLE_TEXT:
      return take_texts (self, in, chunk->value, chunk->n);

    case BW_SAMPLE_REAL:
      if (!take_reals (self, in, reals, chunk->n))
        return FALSE;
      for (guint i = 0; i < chunk->n; i++)
        chunk->value[i].real = reals[i];
      return TRUE;

    case BW_SAMPLE_INTEGER:
    case BW_SAMPLE_BOOLEAN:
    default:
      if (!take_integers (in, self->numbers, chunk->n))
        return FALSE;
      for (guint i = 0; i < chunk->n; i++)
        chunk->value[i].integer = chunk->kind == BW_SAMPLE_BOOLEAN ? self->numbers[i] != 0 : (gint64) self->numbers[i];
      return TRUE;
    }
}

static gboolean
take_thinned (BwChunkCodec *self,
              BwByteReader *in,
              BwChunk      *chunk)
{
  if (!take_integers (in, self->numbers, chunk->n))
    return FALSE;

  for (guint i = 0; i < chunk->n; i++)
    {
      chunk->count[i] = (gint64) self->numbers[i];
      if (chunk->count[i] < 1 || chunk->count[i] > G_MAXINT32)
        return FALSE;
    }

  return take_reals (self, in, chunk->low, chunk->n) &&
         take_reals (self, in, chunk->high, chunk->n) &&
         take_reals (self, in, chunk->mean, chunk->n);
}

static gboolean
take_head (BwByteReader *in,
           BwChunk      *chunk)
{
  guint format = bw_bytes_take_byte (in);
  guint kind = bw_bytes_take_byte (in);
  guint thinned = bw_bytes_take_byte (in);
  guint64 n = bw_bytes_take_varint (in);

  if (in->bad || format != FORMAT || kind < BW_SAMPLE_INTEGER || kind > BW_SAMPLE_TEXT || thinned > 1 ||
      n < 1 || n > BW_CHUNK_MAX_SAMPLES)
    return FALSE;

  chunk->kind = (BwSampleKind) kind;
  chunk->thinned = thinned != 0;
  chunk->n = (guint) n;

  return TRUE;
}

gboolean
bw_chunk_decode (BwChunkCodec *self,
                 const guint8 *data,
                 gsize         length,
                 BwChunk      *ret_chunk)
{
  unsigned long long size = ZSTD_getFrameContentSize (data, length);
  guint64 times[BW_CHUNK_MAX_SAMPLES];
  BwByteReader in;
  gsize n_bytes;

  /* the two that mean “unknown” and “no frame” are larger than any size */
  if (size == 0 || size > MAX_RAW_BYTES)
    return FALSE;

  g_byte_array_set_size (self->raw, (guint) size);
  n_bytes = ZSTD_decompressDCtx (self->decompressor, self->raw->data, self->raw->len, data, length);
  if (ZSTD_isError (n_bytes) || n_bytes != size)
    return FALSE;

  in = (BwByteReader) { self->raw->data, self->raw->data + size, FALSE };
  if (!take_head (&in, ret_chunk) || !take_integers (&in, times, ret_chunk->n))
    return FALSE;

  memcpy (ret_chunk->at_us, times, ret_chunk->n * sizeof times[0]);

  return take_values (self, &in, ret_chunk) &&
         (!ret_chunk->thinned || take_thinned (self, &in, ret_chunk)) &&
         !in.bad && in.at == in.end;
}

void
bw_chunk_summarize (const BwChunk  *chunk,
                    BwChunkSummary *ret_summary)
{
  BwChunkSummary summary = { .t0 = chunk->at_us[0], .t1 = chunk->at_us[0], .low = INFINITY, .high = -INFINITY };
  guint newest = 0;
  gboolean finite = TRUE;

  for (guint i = 0; i < chunk->n; i++)
    {
      double number = bw_sample_to_number (chunk->kind, chunk->value[i]);
      gint64 count = chunk->thinned ? chunk->count[i] : 1;

      summary.t0 = MIN (summary.t0, chunk->at_us[i]);
      summary.t1 = MAX (summary.t1, chunk->at_us[i]);
      summary.n += count;
      if (chunk->at_us[i] >= chunk->at_us[newest])
        newest = i;

      finite = finite && isfinite (number) && (!chunk->thinned || isfinite (chunk->low[i]));
      summary.low = MIN (summary.low, chunk->thinned ? chunk->low[i] : number);
      summary.high = MAX (summary.high, chunk->thinned ? chunk->high[i] : number);
      summary.total += chunk->thinned ? chunk->mean[i] * (double) count : number;
    }

  summary.has_numbers = finite;
  summary.last = bw_sample_to_number (chunk->kind, chunk->value[newest]);
  *ret_summary = summary;
}
