/* bw-bytes.h: numbers in bytes, and out of bytes that nobody vouches for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* What was read past its end, or is no number, makes it bad and gives zeroes: looked at once, at the end. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
  gboolean      bad;
} BwByteReader;

static inline guint64
bw_zigzag (gint64 value)
{
  return ((guint64) value << 1) ^ (guint64) (value >> 63);
}

static inline gint64
bw_unzigzag (guint64 value)
{
  return (gint64) (value >> 1) ^ -(gint64) (value & 1);
}

static inline void
bw_bytes_put (GByteArray *out,
              const void *data,
              gsize       length)
{
  g_byte_array_append (out, data, (guint) length);
}

/* The longest one. */
#define BW_VARINT_BYTES 10

/* Returns: where it ends */
static inline guint8 *
bw_bytes_write_varint (guint8  *to,
                       guint64  value)
{
  while (value > 0x7f)
    {
      *to++ = (guint8) (value | 0x80);
      value >>= 7;
    }
  *to++ = (guint8) value;

  return to;
}

static inline void
bw_bytes_put_varint (GByteArray *out,
                     guint64     value)
{
  guint8 bytes[BW_VARINT_BYTES];

  g_byte_array_append (out, bytes, (guint) (bw_bytes_write_varint (bytes, value) - bytes));
}

/* (nullable) */
static inline const guint8 *
bw_bytes_take (BwByteReader *self,
               gsize         length)
{
  const guint8 *at = self->at;

  if (self->bad || length > (gsize) (self->end - self->at))
    {
      self->bad = TRUE;
      return NULL;
    }

  self->at += length;

  return at;
}

static inline guint8
bw_bytes_take_byte (BwByteReader *self)
{
  const guint8 *at = bw_bytes_take (self, 1);

  return at != NULL ? *at : 0;
}

static inline guint64
bw_bytes_take_varint (BwByteReader *self)
{
  guint64 value = 0;

  for (guint shift = 0; shift < 64; shift += 7)
    {
      guint8 byte = bw_bytes_take_byte (self);

      if (shift == 63 && byte > 1)
        break;

      value |= (guint64) (byte & 0x7f) << shift;
      if (byte < 0x80)
        return self->bad ? 0 : value;
    }

  self->bad = TRUE;

  return 0;
}

/* A text with its length before it and a zero after it, in place. (nullable) */
static inline const char *
bw_bytes_take_text (BwByteReader *self,
                    gsize         max_bytes)
{
  guint64 length = bw_bytes_take_varint (self);
  const char *text;

  if (length > max_bytes)
    self->bad = TRUE;

  text = (const char *) bw_bytes_take (self, (gsize) length + 1);
  if (text == NULL || text[length] != '\0' || !g_utf8_validate_len (text, (gsize) length, NULL))
    {
      self->bad = TRUE;
      return NULL;
    }

  return text;
}

static inline void
bw_bytes_put_text (GByteArray *out,
                   const char *text)
{
  gsize length = strlen (text);

  bw_bytes_put_varint (out, length);
  bw_bytes_put (out, text, length + 1);
}

G_END_DECLS
