/* test-text.c: CSV, text, errors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-text.h"

#include <string.h>

#include <gio/gio.h>

#include "bw-csv.h"
#include "bw-csv-reader.h"
#include "bw-error.h"

static void
test_csv_write (void)
{
  static const struct
  {
    const char *field;
    const char *written;
  } fields[] = {
    { "plain", "\"plain\"" },
    { "", "\"\"" },
    { "a,b", "\"a,b\"" },
    { "a\"b\"", "\"a\"\"b\"\"\"" },
    { "line\r\nline", "\"line\r\nline\"" },
    { "=1+1", "\"'=1+1\"" },
    { "+1", "\"'+1\"" },
    { "-1", "\"'-1\"" },
    { "@sum", "\"'@sum\"" },
    { "\tx", "\"'\tx\"" },
    { "\rx", "\"'\rx\"" },
    { "a=1", "\"a=1\"" },
    { "'quoted'", "\"'quoted'\"" },
  };
  static const char * const record[] = { "a", "b", NULL };
  g_autoptr(GString) out = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_string_truncate (out, 0);
      bw_csv_append_field (out, fields[i].field, FALSE);
      g_assert_cmpuint (out->len, ==, strlen (fields[i].written) + 1);
      g_assert_true (g_str_has_prefix (out->str, fields[i].written));
      g_assert_cmpint (out->str[out->len - 1], ==, ',');
    }

  g_string_truncate (out, 0);
  bw_csv_append_record (out, record);
  g_assert_cmpstr (out->str, ==, "\"a\",\"b\"\r\n");
}

/* What was written is read as it was, formulas too. */
static void
test_csv_round_trip (void)
{
  static const char * const record[] = {
    "plain", "", "a,b", "\"", "\"\"", "line\r\nline\n", "=1+1", "@x", "-", "+", "\t", "ü 🔔", "' ", NULL,
  };
  g_autoptr(GString) out = g_string_new (NULL);
  const char *text;
  const char *end;

  bw_csv_append_record (out, record);
  bw_csv_append_record (out, record);
  text = out->str;
  end = out->str + out->len;

  for (guint n = 0; n < 2; n++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) fields = bw_csv_read_record (&text, end, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (fields->len, ==, g_strv_length ((char **) record));
      for (guint i = 0; i < fields->len; i++)
        g_assert_cmpstr (g_ptr_array_index (fields, i), ==, record[i]);
    }

  g_assert_true (text == end);
  g_assert_null (bw_csv_read_record (&text, end, NULL));
}

static void
test_csv_read (void)
{
  static const struct
  {
    const char *text;
    const char *fields;    /* joined by |; NULL: refused */
  } texts[] = {
    { "a,b\n", "a|b" },
    { "a,b", "a|b" },
    { "a,b\r\n", "a|b" },
    { ",\n", "|" },
    { "\"a\"\"b\",c\n", "a\"b|c" },
    { "\"a\nb\",c\n", "a\nb|c" },
    { "\"a", NULL },
    { "\"a\"\"", NULL },
  };
  g_autofree char *endless = g_strnfill (BW_CSV_MAX_RECORD_BYTES + 10, 'x');
  g_autoptr(GError) long_error = NULL;
  const char *long_text = endless;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      const char *text = texts[i].text;
      g_autoptr(GPtrArray) fields = bw_csv_read_record (&text, text + strlen (text), &error);
      g_autofree char *joined = NULL;

      g_test_message ("%s", texts[i].text);
      if (texts[i].fields == NULL)
        {
          g_assert_null (fields);
          g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
          continue;
        }

      g_assert_no_error (error);
      g_ptr_array_add (fields, NULL);
      joined = g_strjoinv ("|", (char **) fields->pdata);
      g_assert_cmpstr (joined, ==, texts[i].fields);
    }

  g_assert_null (bw_csv_read_record (&long_text, endless + strlen (endless), &long_error));
  g_assert_error (long_error, BW_ERROR, BW_ERROR_INVALID);
}

static void
test_set_str (void)
{
  g_autofree char *text = NULL;

  g_assert_false (bw_set_str (&text, NULL));
  g_assert_true (bw_set_str (&text, "a"));
  g_assert_false (bw_set_str (&text, "a"));
  g_assert_true (bw_set_str (&text, text + 1));    /* part of itself */
  g_assert_cmpstr (text, ==, "");
  g_assert_true (bw_set_str (&text, NULL));
  g_assert_null (text);
}

static void
test_color (void)
{
  static const char * const bad[] = { "", "#", "#12345", "#1234567", "123456", "#12345g", "#ääa", " #123456", "#123456 ", "red" };

  g_assert_true (bw_color_is_valid ("#00ff7A"));
  g_assert_false (bw_color_is_valid (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (bw_color_is_valid (bad[i]));
}

static void
test_name (void)
{
  static const char * const bad[] = {
    "", " ", "\t", " a", "a ", "a\xc2\xa0", "a\nb", "a\x01" "b", "a\x7f", "\xff", "a\xc3", "a\xc2\x85" "b", "12345678901",
  };

  g_assert_true (bw_name_is_valid ("a", 10));
  g_assert_true (bw_name_is_valid ("1234567890", 10));
  g_assert_true (bw_name_is_valid ("März 🔔", 20));
  g_assert_true (bw_name_is_valid ("a b", 10));
  g_assert_false (bw_name_is_valid (NULL, 10));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_false (bw_name_is_valid (bad[i], 10));
    }
}

/* The nick and the status are part of the HTTP API: never to change. */
static void
test_errors (void)
{
  static const struct
  {
    BwError     code;
    const char *nick;
    guint       status;
  } table[] = {
    { BW_ERROR_INTERNAL, "internal", 500 },
    { BW_ERROR_INVALID, "invalid", 400 },
    { BW_ERROR_UNAUTHENTICATED, "unauthenticated", 401 },
    { BW_ERROR_FORBIDDEN, "forbidden", 403 },
    { BW_ERROR_NOT_FOUND, "not-found", 404 },
    { BW_ERROR_CONFLICT, "conflict", 409 },
    { BW_ERROR_TOO_LARGE, "too-large", 413 },
    { BW_ERROR_TOO_MANY, "too-many", 429 },
    { BW_ERROR_UNAVAILABLE, "unavailable", 503 },
  };
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_assert_cmpstr (bw_error_to_nick (table[i].code), ==, table[i].nick);
      g_assert_cmpint (bw_error_from_nick (table[i].nick), ==, table[i].code);
      g_assert_cmpuint (bw_error_to_http_status (table[i].code), ==, table[i].status);
    }

  g_assert_cmpint (bw_error_from_nick ("never heard of"), ==, BW_ERROR_INTERNAL);
  g_assert_cmpint (bw_error_from_nick (NULL), ==, BW_ERROR_INTERNAL);

  error = g_error_new (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "no");
  bw_error_adopt (&error);
  g_assert_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE);
  g_assert_cmpstr (error->message, ==, "no");
  bw_error_adopt (&error);
  g_assert_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE);
  g_clear_error (&error);

  error = g_error_new (G_FILE_ERROR, G_FILE_ERROR_IO, "no");
  bw_error_adopt (&error);
  g_assert_error (error, BW_ERROR, BW_ERROR_INTERNAL);
  g_clear_error (&error);

  error = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "no");
  bw_error_adopt (&error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  bw_error_adopt (&error);
  bw_error_adopt (NULL);
}

/* Records joined by ;, fields by |. */
static char *
read_all (const char  *text,
          gsize        size,
          GError     **error)
{
  g_auto(BwCsvReader) reader = { NULL, };
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GError) local_error = NULL;

  if (!bw_csv_reader_init (&reader, text, size, error))
    return NULL;

  while (bw_csv_reader_next (&reader, &local_error))
    {
      g_string_append_printf (out, "%s%u:", out->len > 0 ? ";" : "", reader.line);
      for (guint i = 0; i < reader.n_fields; i++)
        g_string_append_printf (out, "%s%s", i > 0 ? "|" : "", reader.fields[i]);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
test_csv_reader (void)
{
  static const struct
  {
    const char *text;
    const char *records;   /* NULL: refused */
  } texts[] = {
    { "", "" },
    { "\n\r\n", "" },
    { "a,b\nc,d\n", "1:a|b;2:c|d" },
    { "\xef\xbb\xbf" "a;b\r\nc;d", "1:a|b;2:c|d" },
    { "a\tb,c\td\r", "1:a|b,c|d" },
    { "a\rb\rc", "1:a;2:b;3:c" },
    { "\r\n\na\n\nb", "3:a;5:b" },
    { "\"a\nb\",\"c\"\"d\"\ne", "1:a\nb|c\"d;3:e" },
    { "\"a;b;c;d\",e\n", "1:a;b;c;d|e" },
    { "'=1,'x\n", "1:=1|'x" },
    { ",\n,,\n", "1:|;2:||" },
    { "a,3.5\" panel,c\nd,4\" panel,f\n", "1:a|3.5\" panel|c;2:d|4\" panel|f" },
    { "a\",b\" \"c;d,e\nf \"\n", "1:a\"|b\" \"c;d|e;2:f \"" },
    { "a, \"b\nc\"", "1:a| \"b;2:c\"" },
    { "\"a\"b\"c,\"\",\"\"\"\"\n", NULL },
    { "\"a\",\"\",\"\"\"\"\n", "1:a||\"" },
    { "\"a\"\";;\";b;\"c,,,d\"\n", "1:a\";;|b|c,,,d" },
    { "x\";y\";z", "1:x\"|y\"|z" },
    { "a\n\"b", NULL },
    { "a\xff\n", NULL },
    { "\xff\xfe" "a", NULL },
  };
  static const char unended[] = "a,b\r\n\"x\ny\",\"z\r\nc,d\r\n";
  g_autofree char *many = g_strnfill (BW_CSV_MAX_FIELDS, ',');
  g_autofree char *endless = g_strnfill (BW_CSV_MAX_RECORD_BYTES + 10, 'x');
  g_autoptr(GError) many_error = NULL;
  g_autoptr(GError) open_error = NULL;
  g_autoptr(GError) long_error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      /* no byte behind the end is looked at */
      g_autofree char *exact = g_memdup2 (texts[i].text, MAX (strlen (texts[i].text), 1));
      g_autofree char *records = read_all (exact, strlen (texts[i].text), &error);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (records, ==, texts[i].records);
      if (texts[i].records == NULL)
        g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
    }

  g_assert_null (read_all (unended, strlen (unended), &open_error));
  g_assert_error (open_error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_nonnull (strstr (open_error->message, "begins in row 3 "));
  g_assert_null (read_all (many, strlen (many), &many_error));
  g_assert_error (many_error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_null (read_all (endless, strlen (endless), &long_error));
  g_assert_error (long_error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_null (read_all ("a\0b", 3, NULL));
}

/* What is wrong with a row is said of it, and the others are all there: a quote that was none swallows nothing. */
static void
test_csv_stray_quotes (void)
{
  static const struct
  {
    const char *row;
    const char *reason;
  } stray[] = {
    { "b,\"3 inch", "begins in row 2 goes on behind its end" },    /* pairs with that of the last row */
    { "b,\"3\" panel", "begins in row 2 goes on behind its end" },
    { "b,\"", "begins in row 2 goes on behind its end" },
  };
  g_autoptr(GString) lines = g_string_new ("a,b\n\"x\n");
  g_auto(BwCsvReader) reader = { NULL, };
  g_autoptr(GError) many_error = NULL;
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (stray); i++)
    {
      g_autofree char *text = g_strdup_printf ("a,1\n%s\nc,3\r\nd,4\n\"e\",5\n", stray[i].row);
      g_auto(BwCsvReader) one = { NULL, };
      g_autoptr(GString) found = g_string_new (NULL);
      g_autoptr(GError) error = NULL;

      g_assert_true (bw_csv_reader_init (&one, text, strlen (text), NULL));
      for (guint row = 0; row < 5; row++)
        {
          if (bw_csv_reader_next (&one, row == 1 ? &error : NULL))
            g_string_append_printf (found, "%u%s ", one.line, one.fields[0]);
        }
      g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, stray[i].reason));
      g_assert_cmpstr (found->str, ==, "1a 3c 4d 5e ");
      g_assert_false (bw_csv_reader_next (&one, NULL));
    }

  /* it has an end, far below */
  for (guint i = 0; i < 2 * BW_CSV_MAX_FIELD_LINES; i++)
    g_string_append (lines, "c,d\n");
  g_string_append (lines, "c,d\"\n");
  g_assert_true (bw_csv_reader_init (&reader, lines->str, lines->len, NULL));
  g_assert_true (bw_csv_reader_next (&reader, NULL));
  g_assert_false (bw_csv_reader_next (&reader, &many_error));
  g_assert_error (many_error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_nonnull (strstr (many_error->message, "begins in row 2 has too many lines"));
  while (bw_csv_reader_next (&reader, NULL))
    n++;
  g_assert_cmpuint (n, ==, 2 * BW_CSV_MAX_FIELD_LINES + 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/csv/write", test_csv_write);
  g_test_add_func ("/base/csv/round-trip", test_csv_round_trip);
  g_test_add_func ("/base/csv/read", test_csv_read);
  g_test_add_func ("/base/csv/reader", test_csv_reader);
  g_test_add_func ("/base/csv/stray-quotes", test_csv_stray_quotes);
  g_test_add_func ("/base/text/set-str", test_set_str);
  g_test_add_func ("/base/text/color", test_color);
  g_test_add_func ("/base/text/name", test_name);
  g_test_add_func ("/base/error/table", test_errors);

  return g_test_run ();
}
