/* test-chunk.c: what goes into a chunk comes out of it, and nothing else does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <float.h>
#include <math.h>
#include <string.h>

#include "bw-chunk.h"
#include "bw-test.h"

#define N_ROUNDS 400

typedef struct
{
  BwChunkCodec *codec;
  BwChunkCodec *reader;
  BwChunk      *chunk;
  BwChunk      *back;
  GRand        *random;
  GPtrArray    *texts;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->codec = bw_chunk_codec_new ();
  fixture->reader = bw_chunk_codec_new ();
  fixture->chunk = g_new0 (BwChunk, 1);
  fixture->back = g_new0 (BwChunk, 1);
  fixture->random = g_rand_new_with_seed (20261130);
  fixture->texts = g_ptr_array_new_with_free_func (g_free);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  bw_chunk_codec_free (fixture->codec);
  bw_chunk_codec_free (fixture->reader);
  g_free (fixture->chunk);
  g_free (fixture->back);
  g_rand_free (fixture->random);
  g_ptr_array_unref (fixture->texts);
}

/* Bits are compared: NaN is itself and -0.0 is not 0. */
static void
assert_round_trip (Fixture *fixture)
{
  const BwChunk *a = fixture->chunk;
  const BwChunk *b = fixture->back;
  const guint8 *data;
  gsize length = 0;

  data = bw_chunk_encode (fixture->codec, a, &length);
  g_assert_nonnull (data);
  g_assert_true (bw_chunk_decode (fixture->reader, data, length, fixture->back));
  g_assert_cmpuint (a->n, ==, b->n);
  g_assert_cmpint (a->kind, ==, b->kind);
  g_assert_cmpmem (a->at_us, a->n * sizeof (gint64), b->at_us, b->n * sizeof (gint64));
  if (a->kind != BW_SAMPLE_TEXT)
    g_assert_cmpmem (a->value, a->n * sizeof (BwSampleValue), b->value, b->n * sizeof (BwSampleValue));
  for (guint i = 0; a->kind == BW_SAMPLE_TEXT && i < a->n; i++)
    g_assert_cmpstr (a->value[i].text, ==, b->value[i].text);

  g_assert_cmpint (a->thinned, ==, b->thinned);
  if (a->thinned)
    {
      g_assert_cmpmem (a->count, a->n * sizeof (gint64), b->count, b->n * sizeof (gint64));
      g_assert_cmpmem (a->low, a->n * sizeof (double), b->low, b->n * sizeof (double));
      g_assert_cmpmem (a->high, a->n * sizeof (double), b->high, b->n * sizeof (double));
      g_assert_cmpmem (a->mean, a->n * sizeof (double), b->mean, b->n * sizeof (double));
    }
}

static double
random_real (GRand *random,
             guint  how)
{
  static const double odd[] = {
    NAN, INFINITY, -INFINITY, -0.0, 0.0, 9007199254740991.0, 9007199254740992.0, 9007199254740993.0,
    -9007199254740992.0, DBL_MIN, DBL_MAX, DBL_TRUE_MIN, -DBL_MAX, DBL_EPSILON, 0.1, 1e-7, 1e22,
  };
  guint64 bits;
  double real;

  switch (how)
    {
    case 0:
      return odd[g_rand_int_range (random, 0, G_N_ELEMENTS (odd))];

    case 1:
      return g_rand_int_range (random, -100000, 100000) / 1000.0;

    case 2:
      return g_rand_int_range (random, 0, 400) / 10.0;

    case 3:
      bits = ((guint64) g_rand_int (random) << 32) | g_rand_int (random);
      memcpy (&real, &bits, sizeof real);
      return real;

    default:
      return g_rand_double (random);
    }
}

static gint64
random_integer (GRand *random,
                guint  how)
{
  static const gint64 odd[] = {
    G_MININT64, G_MAXINT64, 0, -1, 1, G_MININT64 + 1, G_MAXINT64 - 1, 9007199254740992, 9007199254740993,
  };

  switch (how)
    {
    case 0:
      return odd[g_rand_int_range (random, 0, G_N_ELEMENTS (odd))];

    case 1:
      return g_rand_int_range (random, -300, 300);

    default:
      return (gint64) (((guint64) g_rand_int (random) << 32) | g_rand_int (random));
    }
}

static const char *
random_text (Fixture *fixture)
{
  static const gsize lengths[] = { 0, 1, 2, 7, 127, 128, 4096 };
  gsize length = lengths[g_rand_int_range (fixture->random, 0, G_N_ELEMENTS (lengths))];
  char *text;

  if (fixture->texts->len > 20 && g_rand_boolean (fixture->random))
    return g_ptr_array_index (fixture->texts, g_rand_int_range (fixture->random, 0, (gint) fixture->texts->len));

  text = g_malloc0 (length + 4);
  for (gsize i = 0; i < length; i++)
    text[i] = (char) g_rand_int_range (fixture->random, 1, 128);
  if (length >= 2)
    memcpy (text, "ж", 2);
  g_ptr_array_add (fixture->texts, text);

  return text;
}

static void
fill_times (Fixture *fixture,
            guint    how)
{
  gint64 at_us = 1790000000000000;

  for (guint i = 0; i < fixture->chunk->n; i++)
    {
      if (how == 0)
        at_us += G_USEC_PER_SEC;
      else if (how == 1)
        at_us += G_USEC_PER_SEC + g_rand_int_range (fixture->random, -20000, 20000);
      else
        at_us = random_integer (fixture->random, how - 2);
      fixture->chunk->at_us[i] = at_us;
    }
}

static void
fill_values (Fixture *fixture,
             guint    how)
{
  BwChunk *chunk = fixture->chunk;

  for (guint i = 0; i < chunk->n; i++)
    {
      if (chunk->kind == BW_SAMPLE_REAL)
        chunk->value[i].real = random_real (fixture->random, how);
      else if (chunk->kind == BW_SAMPLE_INTEGER)
        chunk->value[i].integer = random_integer (fixture->random, how % 3);
      else if (chunk->kind == BW_SAMPLE_BOOLEAN)
        chunk->value[i].integer = g_rand_boolean (fixture->random);
      else
        chunk->value[i].text = random_text (fixture);

      chunk->count[i] = g_rand_int_range (fixture->random, 1, G_MAXINT32);
      chunk->low[i] = random_real (fixture->random, how);
      chunk->high[i] = random_real (fixture->random, how);
      chunk->mean[i] = random_real (fixture->random, how);
    }
}

static void
test_random (Fixture       *fixture,
             gconstpointer  data)
{
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      BwChunk *chunk = fixture->chunk;

      g_ptr_array_set_size (fixture->texts, 0);
      chunk->kind = (BwSampleKind) (BW_SAMPLE_INTEGER + round % 4);
      chunk->thinned = round % 7 == 0;
      chunk->n = round % 5 == 0 ? (round % 2 ? 1 : BW_CHUNK_MAX_SAMPLES) : (guint) g_rand_int_range (fixture->random, 1, 300);
      if (chunk->kind == BW_SAMPLE_TEXT)
        chunk->n = MIN (chunk->n, 200);
      fill_times (fixture, (round / 4) % 5);
      fill_values (fixture, (round / 4) % 5);
      assert_round_trip (fixture);
    }
}

/* sixteen of the longest, which are not alike, fit; all the same fit any number of times; more do not */
static void
test_long_texts (Fixture       *fixture,
                 gconstpointer  data)
{
  BwChunk *chunk = fixture->chunk;
  gsize length = 0;

  for (guint i = 0; i < 17; i++)
    {
      char *text = g_malloc (64 * 1024 + 1);

      memset (text, 'a' + (int) i, 64 * 1024);
      text[64 * 1024] = '\0';
      g_ptr_array_add (fixture->texts, text);
    }

  chunk->kind = BW_SAMPLE_TEXT;
  chunk->n = BW_CHUNK_MAX_SAMPLES;
  for (guint i = 0; i < chunk->n; i++)
    chunk->value[i].text = g_ptr_array_index (fixture->texts, i % 15);
  fill_times (fixture, 0);
  assert_round_trip (fixture);

  for (guint i = 0; i < chunk->n; i++)
    chunk->value[i].text = g_ptr_array_index (fixture->texts, i % 17);
  g_assert_null (bw_chunk_encode (fixture->codec, chunk, &length));
}

static void
test_summary (Fixture       *fixture,
              gconstpointer  data)
{
  BwChunk *chunk = fixture->chunk;
  BwChunkSummary summary;

  chunk->kind = BW_SAMPLE_REAL;
  chunk->n = 3;
  memcpy (chunk->at_us, (gint64[]) { 20, 30, 10 }, 3 * sizeof (gint64));
  chunk->value[0].real = 1.5;
  chunk->value[1].real = -2;
  chunk->value[2].real = 7;
  bw_chunk_summarize (chunk, &summary);
  g_assert_true (summary.has_numbers);
  g_assert_cmpint (summary.t0, ==, 10);
  g_assert_cmpint (summary.t1, ==, 30);
  g_assert_cmpint (summary.n, ==, 3);
  g_assert_cmpfloat (summary.low, ==, -2);
  g_assert_cmpfloat (summary.high, ==, 7);
  g_assert_cmpfloat (summary.total, ==, 6.5);
  g_assert_cmpfloat (summary.last, ==, -2);

  chunk->value[0].real = NAN;
  bw_chunk_summarize (chunk, &summary);
  g_assert_false (summary.has_numbers);
}

/* Every byte in turn is another one: refused each time, since the compressor has a checksum. */
static void
test_damage (Fixture       *fixture,
             gconstpointer  data)
{
  BwChunk *chunk = fixture->chunk;
  const guint8 *bytes;
  g_autofree guint8 *copy = NULL;
  gsize length = 0;
  guint n_taken = 0;

  chunk->kind = BW_SAMPLE_REAL;
  chunk->n = 100;
  fill_times (fixture, 1);
  fill_values (fixture, 2);
  bytes = bw_chunk_encode (fixture->codec, chunk, &length);
  copy = g_memdup2 (bytes, length);

  for (gsize i = 0; i < length; i++)
    {
      copy[i] ^= 0x55;
      n_taken += bw_chunk_decode (fixture->reader, copy, length, fixture->back);
      copy[i] ^= 0x55;
      g_assert_false (bw_chunk_decode (fixture->reader, copy, i, fixture->back));
    }
  /* a flag in the frame's head may mean nothing */
  g_assert_cmpuint (n_taken, <=, 1);
  g_assert_false (bw_chunk_decode (fixture->reader, (const guint8 *) "", 0, fixture->back));
}

/* The floor of a regular series: a fraction of a byte a sample. */
static void
test_size (Fixture       *fixture,
           gconstpointer  data)
{
  BwChunk *chunk = fixture->chunk;
  double now = 21;
  gsize length = 0;

  chunk->kind = BW_SAMPLE_REAL;
  chunk->n = BW_CHUNK_MAX_SAMPLES;
  fill_times (fixture, 0);
  for (guint i = 0; i < chunk->n; i++)
    {
      now = round (now * 10 + g_rand_int_range (fixture->random, -1, 2)) / 10;
      chunk->value[i].real = now;
    }
  g_assert_nonnull (bw_chunk_encode (fixture->codec, chunk, &length));
  g_test_message ("random walk of 0.1, regular: %.2f bytes a sample", (double) length / chunk->n);
  g_assert_cmpuint (length, <, chunk->n);

  fill_times (fixture, 1);
  g_assert_nonnull (bw_chunk_encode (fixture->codec, chunk, &length));
  g_test_message ("the same with times ±20 ms: %.2f bytes a sample", (double) length / chunk->n);
  g_assert_cmpuint (length, <, 3 * chunk->n);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/chunk/random", Fixture, NULL, set_up, test_random, tear_down);
  g_test_add ("/chunk/long-texts", Fixture, NULL, set_up, test_long_texts, tear_down);
  g_test_add ("/chunk/summary", Fixture, NULL, set_up, test_summary, tear_down);
  g_test_add ("/chunk/damage", Fixture, NULL, set_up, test_damage, tear_down);
  g_test_add ("/chunk/size", Fixture, NULL, set_up, test_size, tear_down);

  return g_test_run ();
}
