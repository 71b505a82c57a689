/* test-json.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-json.h"

#include <string.h>

#include "bw-error.h"

#define MAX_BYTES (1024 * 1024)

static void
assert_refused (const char *text,
                gsize       length,
                int         code)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = bw_json_parse (text, length, MAX_BYTES, &error);

  g_assert_null (node);
  g_assert_error (error, BW_ERROR, code);
  g_assert_cmpuint (strlen (error->message), >, 0);
}

/* 200 kB of brackets kill json-glib. */
static void
test_bombs (void)
{
  static const char * const shapes[] = { "[", "{\"a\":", "[{\"a\":", "[[],[" };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr(GString) bomb = g_string_new (NULL);

      while (bomb->len < 200 * 1000)
        g_string_append (bomb, shapes[i]);
      assert_refused (bomb->str, bomb->len, BW_ERROR_INVALID);
    }
}

/* A string of C would end there, so a name could pass a check and be stored cut. */
static void
test_nul (void)
{
  static const char escaped[] = "{\"name\":\"a\\u0000b\"}";
  static const char raw[] = "{\"name\":\"a\0b\"}";
  static const char harmless[] = "{\"name\":\"a\\\\u0000b\"}";
  g_autoptr(JsonObject) object = NULL;
  g_autoptr(GError) error = NULL;

  assert_refused (escaped, sizeof escaped - 1, BW_ERROR_INVALID);
  assert_refused (raw, sizeof raw - 1, BW_ERROR_INVALID);

  object = bw_json_parse_object (harmless, sizeof harmless - 1, MAX_BYTES, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bw_json_get_string (object, "name"), ==, "a\\u0000b");
}

static void
test_depth (void)
{
  g_autofree char *open = g_strnfill (BW_JSON_MAX_DEPTH, '[');
  g_autofree char *shut = g_strnfill (BW_JSON_MAX_DEPTH, ']');
  g_autofree char *just = g_strconcat (open, shut, NULL);
  g_autofree char *over = g_strconcat ("[", open, shut, "]", NULL);
  g_autofree char *brackets = g_strnfill (1000, '[');
  g_autofree char *in_string = g_strconcat ("[\"\\\"", brackets, "\"]", NULL);
  g_autofree char *backslash = g_strconcat ("[\"\\\\\",", over, "]", NULL);
  g_autofree char *wide = NULL;
  g_autoptr(GString) many = g_string_new ("[");
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;

  node = bw_json_parse (just, strlen (just), MAX_BYTES, &error);
  g_assert_no_error (error);
  g_clear_pointer (&node, json_node_unref);

  assert_refused (over, strlen (over), BW_ERROR_INVALID);

  /* brackets in a string do not nest; the quote behind an escaped backslash ends one */
  node = bw_json_parse (in_string, strlen (in_string), MAX_BYTES, &error);
  g_assert_no_error (error);
  g_clear_pointer (&node, json_node_unref);
  assert_refused (backslash, strlen (backslash), BW_ERROR_INVALID);

  /* many beside each other are no depth */
  for (guint i = 0; i < 1000; i++)
    g_string_append (many, "[],");
  g_string_append (many, "[]]");
  wide = g_string_free (g_steal_pointer (&many), FALSE);
  node = bw_json_parse (wide, strlen (wide), MAX_BYTES, &error);
  g_assert_no_error (error);
}

static void
test_refused (void)
{
  static const char * const texts[] = {
    "", " ", "{", "}", "[1,]", "{\"a\" 1}", "{\"a\":}", "tru", "\"a", "\xff", "{\"a\":\"\xc3\"}", "[1] x", "{\"a\":\"\xed\xa0\x80\"}",
  };
  static const char with_nul[] = "{\"a\":\0}";

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_test_message ("%" G_GSIZE_FORMAT, i);
      assert_refused (texts[i], strlen (texts[i]), BW_ERROR_INVALID);
    }

  assert_refused (with_nul, sizeof with_nul - 1, BW_ERROR_INVALID);
  assert_refused (NULL, 0, BW_ERROR_INVALID);
}

static void
test_too_large (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = bw_json_parse ("[1,2]", 5, 5, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  g_assert_null (bw_json_parse ("[1,2]", 5, 4, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_TOO_LARGE);
}

static void
test_object (void)
{
  static const char text[] = "{\"s\":\"x\",\"i\":-5,\"b\":true,\"o\":{\"k\":1},\"a\":[1],\"n\":null,\"d\":1.5}";
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) object = bw_json_parse_object (text, strlen (text), MAX_BYTES, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (bw_json_get_string (object, "s"), ==, "x");
  g_assert_cmpint (bw_json_get_int (object, "i", 7), ==, -5);
  g_assert_true (bw_json_get_boolean (object, "b", FALSE));
  g_assert_cmpint (bw_json_get_int (bw_json_get_object (object, "o"), "k", 0), ==, 1);
  g_assert_cmpuint (json_array_get_length (bw_json_get_array (object, "a")), ==, 1);

  /* another type, null, nothing: the fallback and no warning (those are fatal here) */
  g_assert_null (bw_json_get_string (object, "i"));
  g_assert_null (bw_json_get_string (object, "n"));
  g_assert_null (bw_json_get_string (object, "none"));
  g_assert_null (bw_json_get_string (object, "o"));
  g_assert_cmpint (bw_json_get_int (object, "s", 7), ==, 7);
  g_assert_cmpint (bw_json_get_int (object, "a", 7), ==, 7);
  g_assert_true (bw_json_get_boolean (object, "i", TRUE));
  g_assert_null (bw_json_get_object (object, "a"));
  g_assert_null (bw_json_get_array (object, "o"));
  g_assert_null (bw_json_get_string (NULL, "s"));

  g_assert_null (bw_json_parse_object ("[1]", 3, MAX_BYTES, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
}

/* What the writer writes the reader reads. */
static void
test_writer (void)
{
  static const char nasty[] = "quote \" backslash \\ line\nreturn\rtab\tbell\a del\x7f ü 🔔 </script>";
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) object = NULL;
  JsonArray *array;

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "text", nasty);
  bw_json_add_string (out, nasty, "name");
  bw_json_add_string (out, "null", NULL);
  bw_json_add_int (out, "least", G_MININT64);
  bw_json_add_int (out, "most", G_MAXINT64);
  bw_json_add_decimal (out, "part", -63.5);
  bw_json_add_boolean (out, "yes", TRUE);
  bw_json_add_null (out, "nothing");
  bw_json_begin_array (out, "list");
  bw_json_add_int (out, NULL, 1);
  bw_json_begin_object (out, NULL);
  bw_json_end_object (out);
  bw_json_begin_array (out, NULL);
  bw_json_end_array (out);
  bw_json_add_string (out, NULL, "{[,:");
  bw_json_add_raw (out, NULL, "{\"raw\":2}");
  bw_json_end_array (out);
  bw_json_end_object (out);

  object = bw_json_parse_object (out->str, out->len, MAX_BYTES, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bw_json_get_string (object, "text"), ==, nasty);
  g_assert_cmpstr (bw_json_get_string (object, nasty), ==, "name");
  g_assert_true (json_object_get_null_member (object, "null"));
  g_assert_true (json_object_get_null_member (object, "nothing"));
  g_assert_cmpint (bw_json_get_int (object, "least", 0), ==, G_MININT64);
  g_assert_cmpint (bw_json_get_int (object, "most", 0), ==, G_MAXINT64);
  g_assert_cmpfloat (json_object_get_double_member (object, "part"), ==, -63.5);
  g_assert_true (bw_json_get_boolean (object, "yes", FALSE));
  array = bw_json_get_array (object, "list");
  g_assert_cmpuint (json_array_get_length (array), ==, 5);
  g_assert_cmpstr (json_array_get_string_element (array, 3), ==, "{[,:");
  g_assert_cmpint (json_object_get_int_member (json_array_get_object_element (array, 4), "raw"), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/json/bombs", test_bombs);
  g_test_add_func ("/base/json/depth", test_depth);
  g_test_add_func ("/base/json/nul", test_nul);
  g_test_add_func ("/base/json/refused", test_refused);
  g_test_add_func ("/base/json/too-large", test_too_large);
  g_test_add_func ("/base/json/object", test_object);
  g_test_add_func ("/base/json/writer", test_writer);

  return g_test_run ();
}
