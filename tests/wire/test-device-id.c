/* test-device-id.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-device-id.h"

#include <glib.h>
#include <string.h>

#define ID "0abc-defg-9hjk-z123"

static const struct
{
  const char *text;
  const char *id;      /* NULL: refused */
} texts[] = {
  { ID, ID },
  { "0ABC-DEFG-9HJK-Z123", ID },
  { "0aBc-DeFg-9hJk-z123", ID },
  { "0ABCDEFG9HJKZ123", ID },
  { "0abcdefg9hjkz123", ID },
  { "  0abcdefg9hjkz123\r\n", ID },
  { "\t" ID " ", ID },
  { "iiii-llll-oooo-uuuu", "iiii-llll-oooo-uuuu" },
  { "", NULL },
  { " ", NULL },
  { "-", NULL },
  { "0abc-defg-9hjk-z12", NULL },
  { "0abc-defg-9hjk-z1234", NULL },
  { "0abcdefg9hjkz12", NULL },
  { "0abcdefg9hjkz1234", NULL },
  { "0abc-defg9hjkz123", NULL },
  { "0abcdefg-9hjk-z123", NULL },
  { "0ab-cdefg-9hjk-z123", NULL },
  { "0abc defg 9hjk z123", NULL },
  { "0abc_defg_9hjk_z123", NULL },
  { "0abc-defg-9hjk-z12+", NULL },
  { "0abc-defg-9hjk-z12/", NULL },
  { "0abc-defg-9hjk-z12#", NULL },
  { "0abc--efg-9hjk-z123", NULL },
  { "0abc-d fg-9hjk-z123", NULL },
  { "0abc-defg-9hjk-z1\xc3\xa4", NULL },
  { "-------------------", NULL },
  { "----------------", NULL },
};

static void
test_parse (void)
{
  char id[BW_DEVICE_ID_SIZE];

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *shown = g_utf8_make_valid (texts[i].text, -1);
      gboolean ok;

      g_strlcpy (id, "untouched", sizeof id);
      ok = bw_device_id_parse (texts[i].text, strlen (texts[i].text), id);
      g_test_message ("“%s”", shown);
      g_assert_true (ok == (texts[i].id != NULL));
      g_assert_cmpstr (id, ==, ok ? texts[i].id : "untouched");
      if (ok)
        g_assert_true (bw_device_id_is_canonical (id, strlen (id)));
    }

  g_assert_false (bw_device_id_parse (NULL, 0, id));

  /* the length counts, not the terminator */
  g_assert_true (bw_device_id_parse (ID "/$state", BW_DEVICE_ID_LENGTH, id));
  g_assert_false (bw_device_id_parse ("0abc-defg-9hjk-z12\0", BW_DEVICE_ID_LENGTH, id));
}

static void
test_canonical (void)
{
  static const char * const others[] = {
    "0ABC-defg-9hjk-z123", "0abcdefg9hjkz123", " " ID, ID " ", ID "x", "", "0abc-defg-9hjk-z12", "0abc-defg-9hjk_z123",
  };

  g_assert_true (bw_device_id_is_canonical (ID, strlen (ID)));
  g_assert_true (bw_device_id_is_canonical (ID "-child", BW_DEVICE_ID_LENGTH));
  g_assert_false (bw_device_id_is_canonical (NULL, 0));

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (bw_device_id_is_canonical (others[i], strlen (others[i])));
}

/* Every bit counts, in its place. */
static void
test_random (void)
{
  guint8 random[BW_DEVICE_ID_RANDOM_BYTES] = { 0 };
  char id[BW_DEVICE_ID_SIZE];
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  bw_device_id_from_random (random, id);
  g_assert_cmpstr (id, ==, "0000-0000-0000-0000");

  memset (random, 0xff, sizeof random);
  bw_device_id_from_random (random, id);
  g_assert_cmpstr (id, ==, "zzzz-zzzz-zzzz-zzzz");

  for (guint bit = 0; bit < BW_DEVICE_ID_RANDOM_BYTES * 8; bit++)
    {
      memset (random, 0, sizeof random);
      random[bit / 8] = (guint8) (0x80 >> bit % 8);
      bw_device_id_from_random (random, id);
      g_assert_true (bw_device_id_is_canonical (id, strlen (id)));
      g_assert_true (g_hash_table_add (seen, g_strdup (id)));
    }

  /* 00001 00010 00011 … 01000 01001 … of the alphabet 0123456789abcdef… */
  memcpy (random, (guint8[]) { 0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf }, sizeof random);
  bw_device_id_from_random (random, id);
  g_assert_cmpstr (id, ==, "0123-4567-89ab-cdef");
}

static void
test_code (void)
{
  char code[BW_DEVICE_CODE_SIZE];
  char id[BW_DEVICE_ID_SIZE];

  bw_device_id_to_code (ID, code);
  g_assert_cmpstr (code, ==, "0ABCDEFG9HJKZ123");
  g_assert_true (bw_device_id_parse (code, strlen (code), id));
  g_assert_cmpstr (id, ==, ID);
}

static void
test_key (void)
{
  guint8 bytes[17] = { 0 };
  char key[BW_DEVICE_KEY_SIZE];
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  bw_device_key_from_bytes (bytes, key);
  g_assert_cmpstr (key, ==, "00000000000000000000000000");
  memset (bytes, 0xff, sizeof bytes);
  bw_device_key_from_bytes (bytes, key);
  g_assert_cmpstr (key, ==, "zzzzzzzzzzzzzzzzzzzzzzzzzz");

  for (guint bit = 0; bit < 130; bit++)
    {
      memset (bytes, 0, sizeof bytes);
      bytes[bit / 8] = (guint8) (0x80 >> bit % 8);
      bw_device_key_from_bytes (bytes, key);
      g_assert_cmpuint (strlen (key), ==, BW_DEVICE_KEY_LENGTH);
      g_assert_true (g_hash_table_add (seen, g_strdup (key)));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/device-id/parse", test_parse);
  g_test_add_func ("/wire/device-id/canonical", test_canonical);
  g_test_add_func ("/wire/device-id/random", test_random);
  g_test_add_func ("/wire/device-id/code", test_code);
  g_test_add_func ("/wire/device-id/key", test_key);

  return g_test_run ();
}
