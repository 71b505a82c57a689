/* test-value.c: what datatypes and formats accept, refuse and take for the same
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <locale.h>
#include <math.h>
#include <string.h>

#include "bw-error.h"
#include "bw-value.h"

typedef struct
{
  BwDatatype  datatype;
  const char *format;
  const char *text;
  const char *refusal;   /* part of the sentence; NULL: accepted */
} Check;

static const Check checks[] = {
  { BW_DATATYPE_STRING, NULL, "", NULL },
  { BW_DATATYPE_STRING, NULL, " any “text” \n", NULL },
  { BW_DATATYPE_STRING, NULL, "\xff\xfe", "not UTF-8" },

  { BW_DATATYPE_INTEGER, NULL, "0", NULL },
  { BW_DATATYPE_INTEGER, NULL, "-0", NULL },
  { BW_DATATYPE_INTEGER, NULL, "007", NULL },
  { BW_DATATYPE_INTEGER, NULL, "9223372036854775807", NULL },
  { BW_DATATYPE_INTEGER, NULL, "-9223372036854775808", NULL },
  { BW_DATATYPE_INTEGER, NULL, "9223372036854775808", "no whole number" },
  { BW_DATATYPE_INTEGER, NULL, "-9223372036854775809", "no whole number" },
  { BW_DATATYPE_INTEGER, NULL, "99999999999999999999999999999999999999999999999999999999999999999999", "…" },
  { BW_DATATYPE_INTEGER, NULL, "", "no whole number" },
  { BW_DATATYPE_INTEGER, NULL, "-", "no whole number" },
  { BW_DATATYPE_INTEGER, NULL, "+5", "no whole number" },
  { BW_DATATYPE_INTEGER, NULL, " 5", "no whole number" },
  { BW_DATATYPE_INTEGER, NULL, "5 ", "no whole number" },
  { BW_DATATYPE_INTEGER, NULL, "5\n", "no whole number" },
  { BW_DATATYPE_INTEGER, NULL, "0x10", "no whole number" },
  { BW_DATATYPE_INTEGER, NULL, "1e3", "no whole number" },
  { BW_DATATYPE_INTEGER, NULL, "5.0", "no whole number" },
  { BW_DATATYPE_INTEGER, NULL, "1,000", "no whole number" },
  { BW_DATATYPE_INTEGER, NULL, "٣", "no whole number" },
  { BW_DATATYPE_INTEGER, "0:30", "30", NULL },
  { BW_DATATYPE_INTEGER, "0:30", "0", NULL },
  { BW_DATATYPE_INTEGER, "0:30", "31", "31 is over the highest value, 30" },
  { BW_DATATYPE_INTEGER, "0:30", "-1", "-1 is under the lowest value, 0" },
  { BW_DATATYPE_INTEGER, "0:", "-1", "under the lowest value, 0" },
  { BW_DATATYPE_INTEGER, "0:", "9223372036854775807", NULL },
  { BW_DATATYPE_INTEGER, ":10", "11", "over the highest value, 10" },
  { BW_DATATYPE_INTEGER, ":10", "-99999", NULL },
  { BW_DATATYPE_INTEGER, ":", "5", NULL },
  { BW_DATATYPE_INTEGER, "-10:-5", "-7", NULL },
  { BW_DATATYPE_INTEGER, "-10:-5", "-4", "over the highest value, -5" },
  { BW_DATATYPE_INTEGER, "0:9007199254740993", "9007199254740994", "over the highest value" },
  { BW_DATATYPE_INTEGER, "0:9007199254740993", "9007199254740993", NULL },
  { BW_DATATYPE_INTEGER, "2:6:2", "4", NULL },
  { BW_DATATYPE_INTEGER, "2:6:2", "5", "5 is not on a step of 2 from 2" },
  { BW_DATATYPE_INTEGER, "2:6:2", "8", "over the highest value, 6" },
  { BW_DATATYPE_INTEGER, ":9:2", "7", NULL },
  { BW_DATATYPE_INTEGER, ":9:2", "6", "6 is not on a step of 2 from 9" },
  { BW_DATATYPE_INTEGER, "::2", "7", NULL },
  /* nothing that could be a bound */
  { BW_DATATYPE_INTEGER, "10", "11", NULL },
  { BW_DATATYPE_INTEGER, "a:b", "11", NULL },
  { BW_DATATYPE_INTEGER, "10:0", "11", NULL },
  { BW_DATATYPE_INTEGER, "0:10:1:1", "11", NULL },
  { BW_DATATYPE_INTEGER, "0:10:-1", "11", NULL },
  { BW_DATATYPE_INTEGER, "0.0:10.0", "11", "over the highest value, 10" },

  { BW_DATATYPE_FLOAT, NULL, "22.5", NULL },
  { BW_DATATYPE_FLOAT, NULL, "-22.50", NULL },
  { BW_DATATYPE_FLOAT, NULL, "5", NULL },
  { BW_DATATYPE_FLOAT, NULL, "5.", NULL },
  { BW_DATATYPE_FLOAT, NULL, ".5", NULL },
  { BW_DATATYPE_FLOAT, NULL, "1e3", NULL },
  { BW_DATATYPE_FLOAT, NULL, "1E-3", NULL },
  { BW_DATATYPE_FLOAT, NULL, "1e+05", NULL },
  { BW_DATATYPE_FLOAT, NULL, "1.7976931348623157e308", NULL },
  { BW_DATATYPE_FLOAT, NULL, "0.1234567890123456789", NULL },
  { BW_DATATYPE_FLOAT, NULL, "1e309", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, "NaN", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, "nan", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, "Infinity", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, "-inf", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, "0x1p4", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, "22,5", "“22,5” is no decimal number with a dot" },
  { BW_DATATYPE_FLOAT, NULL, " 22.5", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, "22.5 ", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, "+22.5", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, "2.2.5", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, ".", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, "-", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, "", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, "1e", "no decimal number" },
  { BW_DATATYPE_FLOAT, NULL, "1e+", "no decimal number" },
  { BW_DATATYPE_FLOAT, "5:30", "30.01", "30.01 is over the highest value, 30" },
  { BW_DATATYPE_FLOAT, "5:30", "4.99", "4.99 is under the lowest value, 5" },
  { BW_DATATYPE_FLOAT, "-20.5:120", "-20.5", NULL },
  { BW_DATATYPE_FLOAT, "0:1:0.1", "0.3", NULL },
  { BW_DATATYPE_FLOAT, "0:1:0.1", "0.7", NULL },
  { BW_DATATYPE_FLOAT, "0:1:0.1", "0.35", "0.35 is not on a step of 0.1 from 0" },
  { BW_DATATYPE_FLOAT, "::0.5", "0.3", NULL },
  { BW_DATATYPE_PERCENT, NULL, "12.5", NULL },
  { BW_DATATYPE_PERCENT, "0:100", "101", "over the highest value, 100" },
  { BW_DATATYPE_PERCENT, NULL, "12%", "no decimal number" },

  { BW_DATATYPE_BOOLEAN, NULL, "true", NULL },
  { BW_DATATYPE_BOOLEAN, "off,on", "false", NULL },
  { BW_DATATYPE_BOOLEAN, "off,on", "on", "“on” is neither true nor false" },
  { BW_DATATYPE_BOOLEAN, NULL, "TRUE", "neither" },
  { BW_DATATYPE_BOOLEAN, NULL, "1", "neither" },
  { BW_DATATYPE_BOOLEAN, NULL, "", "neither" },
  { BW_DATATYPE_BOOLEAN, NULL, "true ", "neither" },

  { BW_DATATYPE_ENUM, "off,eco,comfort", "eco", NULL },
  { BW_DATATYPE_ENUM, "off,eco,comfort", "comfort", NULL },
  { BW_DATATYPE_ENUM, "off,eco,comfort", "comfor", "“comfor” is none of: off, eco, comfort" },
  { BW_DATATYPE_ENUM, "off,eco,comfort", "comforts", "none of" },
  { BW_DATATYPE_ENUM, "off,eco,comfort", "ECO", "none of" },
  { BW_DATATYPE_ENUM, "off,eco,comfort", " eco", "none of" },
  { BW_DATATYPE_ENUM, "off,eco,comfort", "", "none of" },
  { BW_DATATYPE_ENUM, "off,eco,comfort", "off,eco", "none of" },
  { BW_DATATYPE_ENUM, "a,,b,c", "a,b", NULL },
  { BW_DATATYPE_ENUM, "a,,b,c", "c", NULL },
  { BW_DATATYPE_ENUM, "a,,b,c", "b", "none of" },
  { BW_DATATYPE_ENUM, NULL, "anything", NULL },
  { BW_DATATYPE_ENUM, NULL, "", "none of" },
  { BW_DATATYPE_ENUM, "über,größe", "größe", NULL },

  { BW_DATATYPE_COLOR, "rgb", "rgb,255,0,128", NULL },
  { BW_DATATYPE_COLOR, "rgb", "255,0,128", NULL },
  { BW_DATATYPE_COLOR, "rgb,hsv", "hsv,360,100,100", NULL },
  { BW_DATATYPE_COLOR, "hsv", "300,50,75", NULL },
  { BW_DATATYPE_COLOR, "hsv", "361,50,75", "hsv,H,S,V" },
  { BW_DATATYPE_COLOR, "rgb", "hsv,300,50,75", "takes colors as rgb, not hsv" },
  { BW_DATATYPE_COLOR, "rgb", "256,0,0", "rgb,R,G,B" },
  { BW_DATATYPE_COLOR, "rgb", "-1,0,0", "rgb,R,G,B" },
  { BW_DATATYPE_COLOR, "rgb", "1,2", "rgb,R,G,B" },
  { BW_DATATYPE_COLOR, "rgb", "1,2,3,4", "rgb,R,G,B" },
  { BW_DATATYPE_COLOR, "rgb", "1, 2,3", "rgb,R,G,B" },
  { BW_DATATYPE_COLOR, "rgb", "#ff0000", "rgb,R,G,B" },
  { BW_DATATYPE_COLOR, "rgb", "rgb", "rgb,R,G,B" },
  { BW_DATATYPE_COLOR, "rgb", "", "rgb,R,G,B" },
  { BW_DATATYPE_COLOR, "rgb", "nan,0,0", "rgb,R,G,B" },
  { BW_DATATYPE_COLOR, "rgb,hsv,xyz", "xyz,0.25,0.34", NULL },
  { BW_DATATYPE_COLOR, "rgb,hsv,xyz", "xyz,0.25,0.34,0.41", NULL },
  { BW_DATATYPE_COLOR, "xyz", "0.6,0.6", "xyz,X,Y" },
  { BW_DATATYPE_COLOR, "xyz", "1.1,0", "xyz,X,Y" },
  { BW_DATATYPE_COLOR, NULL, "rgb,1,2,3", NULL },
  { BW_DATATYPE_COLOR, "cmyk", "rgb,1,2,3", NULL },

  { BW_DATATYPE_DATETIME, NULL, "2026-01-31T23:59:00Z", NULL },
  { BW_DATATYPE_DATETIME, NULL, "2026-01-31T23:59:00.123+02:00", NULL },
  { BW_DATATYPE_DATETIME, NULL, "2026-01-31T23:59", NULL },
  { BW_DATATYPE_DATETIME, NULL, "2026-01-31 23:59:00", NULL },
  { BW_DATATYPE_DATETIME, NULL, "2026-01-31", NULL },
  { BW_DATATYPE_DATETIME, NULL, "20260131T235900Z", NULL },
  { BW_DATATYPE_DATETIME, NULL, "2024-02-29T00:00:00Z", NULL },
  { BW_DATATYPE_DATETIME, NULL, "2026-02-29T00:00:00Z", "no date and time" },
  { BW_DATATYPE_DATETIME, NULL, "2026-13-01T00:00:00Z", "no date and time" },
  { BW_DATATYPE_DATETIME, NULL, "2026-01-31T24:59:00Z", "no date and time" },
  { BW_DATATYPE_DATETIME, NULL, "2026-01-31T23:60:00Z", "no date and time" },
  { BW_DATATYPE_DATETIME, NULL, "2026-01-31T23:59:00Zx", "no date and time" },
  { BW_DATATYPE_DATETIME, NULL, "2026-01-31T", "no date and time" },
  { BW_DATATYPE_DATETIME, NULL, "31.01.2026", "no date and time" },
  { BW_DATATYPE_DATETIME, NULL, "0000-01-01", "no date and time" },
  { BW_DATATYPE_DATETIME, NULL, "", "no date and time" },
  { BW_DATATYPE_DATETIME, NULL, "1790000000", "no date and time" },

  { BW_DATATYPE_DURATION, NULL, "PT12H5M46S", NULL },
  { BW_DATATYPE_DURATION, NULL, "PT5M", NULL },
  { BW_DATATYPE_DURATION, NULL, "PT0.5S", NULL },
  { BW_DATATYPE_DURATION, NULL, "P1DT2H", NULL },
  { BW_DATATYPE_DURATION, NULL, "P1Y2M3W4D", NULL },
  { BW_DATATYPE_DURATION, NULL, "P", "no duration" },
  { BW_DATATYPE_DURATION, NULL, "PT", "no duration" },
  { BW_DATATYPE_DURATION, NULL, "P1DT", "no duration" },
  { BW_DATATYPE_DURATION, NULL, "PT5", "no duration" },
  { BW_DATATYPE_DURATION, NULL, "PT5S3M", "no duration" },
  { BW_DATATYPE_DURATION, NULL, "PT0.5M3S", "no duration" },
  { BW_DATATYPE_DURATION, NULL, "PT-5S", "no duration" },
  { BW_DATATYPE_DURATION, NULL, "P5H", "no duration" },
  { BW_DATATYPE_DURATION, NULL, "5S", "no duration" },
  { BW_DATATYPE_DURATION, NULL, "", "no duration" },

  { BW_DATATYPE_JSON, NULL, "{\"a\":[1,2]}", NULL },
  { BW_DATATYPE_JSON, NULL, "[]", NULL },
  { BW_DATATYPE_JSON, NULL, "5", "an object or an array" },
  { BW_DATATYPE_JSON, NULL, "\"text\"", "an object or an array" },
  { BW_DATATYPE_JSON, NULL, "{", "not JSON" },
  { BW_DATATYPE_JSON, NULL, "", "not JSON" },
};

static void
test_check (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      const Check *check = &checks[i];
      g_autoptr(GError) error = NULL;
      g_autofree char *shown = g_utf8_make_valid (check->text, -1);
      gboolean ok = bw_value_check (check->datatype, check->format, check->text, &error);

      g_test_message ("%s, format %s: “%s” → %s", bw_datatype_to_nick (check->datatype), check->format,
                      shown, error != NULL ? error->message : "good");
      g_assert_true (ok == (check->refusal == NULL));
      g_assert_true (ok == bw_value_check (check->datatype, check->format, check->text, NULL));
      if (ok)
        g_assert_no_error (error);
      else
        {
          g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, check->refusal));
          g_assert_true (g_utf8_validate (error->message, -1, NULL) || check->datatype == BW_DATATYPE_STRING);
        }
    }
}

static void
test_length (void)
{
  g_autofree char *text = g_strnfill (BW_VALUE_MAX_BYTES + 1, 'x');
  g_autoptr(GError) error = NULL;

  g_assert_false (bw_value_check (BW_DATATYPE_STRING, NULL, text, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_TOO_LARGE);
  text[BW_VALUE_MAX_BYTES] = '\0';
  g_assert_true (bw_value_check (BW_DATATYPE_STRING, NULL, text, NULL));
}

/* 200 kB of brackets kill json-glib when it sees them. */
static void
test_deep_json (void)
{
  g_autofree char *text = g_strnfill (BW_VALUE_MAX_BYTES, '[');

  g_assert_false (bw_value_check (BW_DATATYPE_JSON, NULL, text, NULL));
}

static void
test_random_numbers (void)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  char format[G_ASCII_DTOSTR_BUF_SIZE + 8];

  for (guint i = 0; i < 100000; i++)
    {
      double number = g_test_rand_double_range (-1e6, 1e6);
      double min;

      /* What we read is what the C library reads, to the last bit. */
      g_ascii_formatd (text, sizeof text, i % 2 == 0 ? "%.3f" : "%.17g", number);
      g_snprintf (format, sizeof format, "%s:", text);
      g_assert_true (bw_value_get_range (BW_DATATYPE_FLOAT, format, &min, NULL, NULL));
      g_assert_true (min >= g_ascii_strtod (text, NULL) && min <= g_ascii_strtod (text, NULL));
      g_assert_true (bw_value_check (BW_DATATYPE_FLOAT, format, text, NULL));
    }
}

static void
test_plausible (void)
{
  g_assert_true (bw_value_is_plausible (BW_DATATYPE_FLOAT, "0:100:0.5", "21.37"));
  g_assert_false (bw_value_check (BW_DATATYPE_FLOAT, "0:100:0.5", "21.37", NULL));
  g_assert_true (bw_value_is_plausible (BW_DATATYPE_FLOAT, "0:100:1", "100.4"));
  g_assert_false (bw_value_is_plausible (BW_DATATYPE_FLOAT, "0:100:1", "100.6"));
  g_assert_true (bw_value_is_plausible (BW_DATATYPE_INTEGER, "0:10:5", "7"));
  g_assert_false (bw_value_is_plausible (BW_DATATYPE_INTEGER, "0:10:5", "7.0"));
  g_assert_false (bw_value_is_plausible (BW_DATATYPE_INTEGER, "0:10", "11"));
  g_assert_false (bw_value_is_plausible (BW_DATATYPE_BOOLEAN, NULL, "on"));
}

typedef struct
{
  BwDatatype  datatype;
  const char *format;
  const char *a;
  const char *b;
  gboolean    is_same;
} Pair;

static const Pair pairs[] = {
  { BW_DATATYPE_FLOAT, NULL, "22.5", "22.50", TRUE },
  { BW_DATATYPE_FLOAT, NULL, "22.5", "22.500000381", TRUE },
  { BW_DATATYPE_FLOAT, NULL, "22.5", "22.51", FALSE },
  { BW_DATATYPE_FLOAT, NULL, "1000", "1e3", TRUE },
  { BW_DATATYPE_FLOAT, NULL, "0", "-0.0", TRUE },
  { BW_DATATYPE_FLOAT, NULL, "5", "05", TRUE },
  { BW_DATATYPE_FLOAT, NULL, "5", "five", FALSE },
  { BW_DATATYPE_INTEGER, NULL, "5", "5.0", TRUE },
  { BW_DATATYPE_INTEGER, NULL, "9223372036854775807", "9223372036854775806", FALSE },
  { BW_DATATYPE_PERCENT, NULL, "50", "50.0", TRUE },
  { BW_DATATYPE_BOOLEAN, NULL, "true", "true", TRUE },
  { BW_DATATYPE_BOOLEAN, NULL, "true", "false", FALSE },
  { BW_DATATYPE_ENUM, "a,b", "a", "b", FALSE },
  { BW_DATATYPE_STRING, NULL, "1", "1.0", FALSE },
  { BW_DATATYPE_COLOR, "rgb,hsv", "rgb,255,0,0", "hsv,0,100,100", TRUE },
  { BW_DATATYPE_COLOR, "rgb,hsv", "rgb,255,0,0", "hsv,360,100,100", TRUE },
  { BW_DATATYPE_COLOR, "rgb,hsv", "rgb,17,99,203", "hsv,214,92,80", TRUE },
  { BW_DATATYPE_COLOR, "rgb,hsv", "rgb,255,0,0", "hsv,10,100,100", FALSE },
  { BW_DATATYPE_COLOR, "rgb", "rgb,255,0,0", "255,0,0", TRUE },
  { BW_DATATYPE_COLOR, "rgb", "rgb,255,0,0", "rgb,255.0,0,0", TRUE },
  { BW_DATATYPE_COLOR, "rgb", "255,0,0", "254,0,0", FALSE },
  { BW_DATATYPE_COLOR, "xyz,rgb", "xyz,0.64,0.33", "rgb,255,0,0", TRUE },
  { BW_DATATYPE_COLOR, "rgb", "255,0,0", "red", FALSE },
  { BW_DATATYPE_DATETIME, NULL, "2026-01-31T12:00:00Z", "2026-01-31T14:00:00+02:00", TRUE },
  { BW_DATATYPE_DATETIME, NULL, "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z", TRUE },
  { BW_DATATYPE_DATETIME, NULL, "2026-01-31T12:00:00Z", "20260131T120000Z", TRUE },
  { BW_DATATYPE_DATETIME, NULL, "2026-01-31T12:00:00Z", "2026-01-31T12:00:01Z", FALSE },
  { BW_DATATYPE_DURATION, NULL, "PT90M", "PT1H30M", TRUE },
  { BW_DATATYPE_DURATION, NULL, "P1D", "PT24H", TRUE },
  { BW_DATATYPE_DURATION, NULL, "P1Y", "P12M", TRUE },
  { BW_DATATYPE_DURATION, NULL, "P1M", "PT1M", FALSE },
  { BW_DATATYPE_JSON, NULL, "{\"a\":1}", "{ \"a\": 1 }", TRUE },
  { BW_DATATYPE_JSON, NULL, "{\"a\":1,\"b\":[true,null]}", "{\"b\":[true,null],\"a\":1}", TRUE },
  { BW_DATATYPE_JSON, NULL, "{\"a\":1}", "{\"a\":1.0}", TRUE },
  { BW_DATATYPE_JSON, NULL, "[1,2]", "[2,1]", FALSE },
  { BW_DATATYPE_JSON, NULL, "{\"a\":1}", "{\"a\":1", FALSE },
};

static void
test_means_same (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      const Pair *pair = &pairs[i];

      g_test_message ("%s: “%s” and “%s”", bw_datatype_to_nick (pair->datatype), pair->a, pair->b);
      g_assert_true (pair->is_same == bw_value_means_same (pair->datatype, pair->format, pair->a, pair->b));
      g_assert_true (pair->is_same == bw_value_means_same (pair->datatype, pair->format, pair->b, pair->a));
    }
}

/* Every colour survives the way into each space and back as the same one. */
static void
test_colors (void)
{
  const char * const formats[] = { "rgb", "hsv", "rgb,hsv,xyz", "hsv,rgb" };

  for (guint i = 0; i < 20000; i++)
    {
      const char *format = formats[i % G_N_ELEMENTS (formats)];
      double rgb[3] = { g_test_rand_double (), g_test_rand_double (), g_test_rand_double () };
      double back[3];
      g_autofree char *text = bw_value_from_color (format, rgb);

      g_assert_true (bw_value_check (BW_DATATYPE_COLOR, format, text, NULL));
      g_assert_true (bw_value_get_color (format, text, back));
      for (guint j = 0; j < 3; j++)
        g_assert_cmpfloat_with_epsilon (rgb[j], back[j], 0.02);
    }
}

static void
test_range (void)
{
  double min, max, step;

  g_assert_true (bw_value_get_range (BW_DATATYPE_INTEGER, "0:100:5", &min, &max, &step));
  g_assert_cmpfloat (min, ==, 0);
  g_assert_cmpfloat (max, ==, 100);
  g_assert_cmpfloat (step, ==, 5);

  g_assert_true (bw_value_get_range (BW_DATATYPE_FLOAT, ":10", &min, &max, &step));
  g_assert_true (isinf (min) && min < 0);
  g_assert_cmpfloat (max, ==, 10);
  g_assert_cmpfloat (step, ==, 0);

  g_assert_false (bw_value_get_range (BW_DATATYPE_FLOAT, NULL, &min, &max, &step));
  g_assert_true (isinf (min) && isinf (max));
  g_assert_false (bw_value_get_range (BW_DATATYPE_ENUM, "1:2", &min, &max, &step));
  g_assert_false (bw_value_get_range (BW_DATATYPE_FLOAT, ":", &min, &max, &step));
  g_assert_false (bw_value_get_range (BW_DATATYPE_FLOAT, "nan:inf", &min, &max, &step));
}

static void
test_choices (void)
{
  g_auto(GStrv) choices = bw_value_get_choices (BW_DATATYPE_ENUM, "off,eco,,logic,on");
  g_auto(GStrv) labels = bw_value_get_choices (BW_DATATYPE_BOOLEAN, "close,open");

  g_assert_cmpstrv (choices, ((const char * const[]) { "off", "eco,logic", "on", NULL }));
  g_assert_cmpstrv (labels, ((const char * const[]) { "close", "open", NULL }));
  g_assert_null (bw_value_get_choices (BW_DATATYPE_BOOLEAN, "only-one"));
  g_assert_null (bw_value_get_choices (BW_DATATYPE_ENUM, NULL));
  g_assert_null (bw_value_get_choices (BW_DATATYPE_STRING, "a,b"));
}

static void
test_nicks (void)
{
  for (guint i = 0; i <= BW_DATATYPE_PERCENT; i++)
    g_assert_cmpint (bw_datatype_from_nick (bw_datatype_to_nick ((BwDatatype) i)), ==, i);

  g_assert_cmpint (bw_datatype_from_nick ("bitmap"), ==, BW_DATATYPE_STRING);
  g_assert_cmpint (bw_datatype_from_nick (NULL), ==, BW_DATATYPE_STRING);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  /* A comma for a dot must change nothing; where that locale is missing, the rest is still a test. */
  setlocale (LC_ALL, "de_DE.UTF-8");

  g_test_add_func ("/model/value/check", test_check);
  g_test_add_func ("/model/value/length", test_length);
  g_test_add_func ("/model/value/deep-json", test_deep_json);
  g_test_add_func ("/model/value/random-numbers", test_random_numbers);
  g_test_add_func ("/model/value/plausible", test_plausible);
  g_test_add_func ("/model/value/means-same", test_means_same);
  g_test_add_func ("/model/value/colors", test_colors);
  g_test_add_func ("/model/value/range", test_range);
  g_test_add_func ("/model/value/choices", test_choices);
  g_test_add_func ("/model/value/nicks", test_nicks);

  return g_test_run ();
}
