/* bw-stage-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-stage-row.h"

#include <zstd.h>

#include "bw-bytes.h"

#define FORMAT 1
#define LEVEL  1

#define MAX_TEXT_BYTES (64 * 1024)
#define MAX_RAW_BYTES  (BW_STAGE_ROW_BYTES + 2 * MAX_TEXT_BYTES)

/* Written for each commit of the ingest and read once, at a start: quickly made rather than small. */
struct _BwStageRow
{
  ZSTD_CCtx  *compressor;
  ZSTD_DCtx  *decompressor;
  GByteArray *raw;
  GByteArray *packed;
  GArray     *items;
  gint64      series_id;
  gint64      at_us;
};

BwStageRow *
bw_stage_row_new (void)
{
  BwStageRow *self = g_new0 (BwStageRow, 1);

  self->compressor = ZSTD_createCCtx ();
  ZSTD_CCtx_setParameter (self->compressor, ZSTD_c_compressionLevel, LEVEL);
  ZSTD_CCtx_setParameter (self->compressor, ZSTD_c_checksumFlag, 1);
  self->decompressor = ZSTD_createDCtx ();
  self->raw = g_byte_array_new ();
  self->packed = g_byte_array_new ();
  self->items = g_array_new (FALSE, FALSE, sizeof (BwStageItem));

  return self;
}

void
bw_stage_row_free (BwStageRow *self)
{
  ZSTD_freeCCtx (self->compressor);
  ZSTD_freeDCtx (self->decompressor);
  g_byte_array_unref (self->raw);
  g_byte_array_unref (self->packed);
  g_array_unref (self->items);
  g_free (self);
}

void
bw_stage_row_begin (BwStageRow *self)
{
  guint8 format = FORMAT;

  g_byte_array_set_size (self->raw, 0);
  g_byte_array_append (self->raw, &format, 1);
  self->series_id = 0;
  self->at_us = 0;
}

gboolean
bw_stage_row_add (BwStageRow        *self,
                  const BwStageItem *item)
{
  guint8 bytes[1 + 3 * BW_VARINT_BYTES];
  guint8 *end = bytes;
  guint64 bits;

  *end++ = (guint8) item->kind;
  end = bw_bytes_write_varint (end, bw_zigzag (item->series_id - self->series_id));
  end = bw_bytes_write_varint (end, bw_zigzag ((gint64) ((guint64) item->at_us - (guint64) self->at_us)));
  self->series_id = item->series_id;
  self->at_us = item->at_us;

  switch (item->kind)
    {
    case BW_SAMPLE_TEXT:
      break;

    case BW_SAMPLE_REAL:
      memcpy (&bits, &item->value.real, sizeof bits);
      bits = GUINT64_TO_LE (bits);
      memcpy (end, &bits, sizeof bits);
      end += sizeof bits;
      break;

    case BW_SAMPLE_INTEGER:
    case BW_SAMPLE_BOOLEAN:
    default:
      end = bw_bytes_write_varint (end, bw_zigzag (item->value.integer));
      break;
    }

  bw_bytes_put (self->raw, bytes, (gsize) (end - bytes));
  if (item->kind == BW_SAMPLE_TEXT)
    bw_bytes_put_text (self->raw, item->value.text);

  return self->raw->len < BW_STAGE_ROW_BYTES;
}

const guint8 *
bw_stage_row_end (BwStageRow *self,
                  gsize      *ret_length)
{
  gsize length;

  g_byte_array_set_size (self->packed, (guint) ZSTD_compressBound (self->raw->len));
  length = ZSTD_compress2 (self->compressor, self->packed->data, self->packed->len, self->raw->data, self->raw->len);
  g_return_val_if_fail (!ZSTD_isError (length), NULL);
  *ret_length = length;

  return self->packed->data;
}

static void
take_item (BwByteReader      *in,
           const BwStageItem *before,
           BwStageItem       *item)
{
  guint kind = bw_bytes_take_byte (in);
  guint64 bits = 0;
  const guint8 *bytes;

  item->kind = (BwSampleKind) kind;
  item->series_id = (gint64) ((guint64) before->series_id + (guint64) bw_unzigzag (bw_bytes_take_varint (in)));
  item->at_us = (gint64) ((guint64) before->at_us + (guint64) bw_unzigzag (bw_bytes_take_varint (in)));

  switch (kind)
    {
    case BW_SAMPLE_TEXT:
      item->value.text = bw_bytes_take_text (in, MAX_TEXT_BYTES);
      break;

    case BW_SAMPLE_REAL:
      bytes = bw_bytes_take (in, sizeof bits);
      if (bytes != NULL)
        memcpy (&bits, bytes, sizeof bits);
      bits = GUINT64_FROM_LE (bits);
      memcpy (&item->value.real, &bits, sizeof bits);
      break;

    case BW_SAMPLE_INTEGER:
      item->value.integer = bw_unzigzag (bw_bytes_take_varint (in));
      break;

    case BW_SAMPLE_BOOLEAN:
      item->value.integer = bw_bytes_take_varint (in) != 0;
      break;

    default:
      in->bad = TRUE;
      break;
    }
}

GArray *
bw_stage_row_read (BwStageRow   *self,
                   const guint8 *data,
                   gsize         length)
{
  unsigned long long size = ZSTD_getFrameContentSize (data, length);
  BwStageItem item = { 0, };
  BwByteReader in;
  gsize n_bytes;

  if (size == 0 || size > MAX_RAW_BYTES)
    return NULL;

  g_byte_array_set_size (self->raw, (guint) size);
  n_bytes = ZSTD_decompressDCtx (self->decompressor, self->raw->data, self->raw->len, data, length);
  if (ZSTD_isError (n_bytes) || n_bytes != size)
    return NULL;

  in = (BwByteReader) { self->raw->data, self->raw->data + size, FALSE };
  if (bw_bytes_take_byte (&in) != FORMAT)
    return NULL;

  g_array_set_size (self->items, 0);
  while (in.at < in.end && !in.bad)
    {
      BwStageItem before = item;

      take_item (&in, &before, &item);
      g_array_append_val (self->items, item);
    }

  return in.bad ? NULL : self->items;
}
