/* bench-dialect.c: what one ordinary message costs; prints a line a case
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bw-test-messages.h"

#define N_CALLS 10000000

/* Of the processor: others may be at work on the machine. */
static gint64
get_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
bench (const char   *name,
       BwDeviceTree *tree,
       const char   *pattern,
       guint         n_topics,
       const char   *format)
{
  g_autoptr(GPtrArray) topics = g_ptr_array_new_with_free_func (g_free);
  char payloads[100][64];
  gint64 start_us;
  gint64 parse_us;

  for (guint i = 0; i < n_topics; i++)
    g_ptr_array_add (topics, g_strdup_printf ("%s%u", pattern, i));
  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    g_snprintf (payloads[i], sizeof payloads[i], "%s%02u", format, i);

  start_us = get_cpu_us ();
  for (guint i = 0; i < N_CALLS; i++)
    {
      const char *topic = g_ptr_array_index (topics, i % n_topics);
      const char *payload = payloads[i % 100];
      BwTopic parsed;
      BwEffect effect;

      if (!bw_topic_parse (topic, strlen (topic), &parsed))
        g_assert_not_reached ();
      bw_dialect_for_root (parsed.root)->on_message (tree, &parsed, payload, strlen (payload), FALSE, i, &effect);
      g_assert (effect.changes == BW_CHANGE_VALUE);
    }
  start_us = get_cpu_us () - start_us;

  parse_us = get_cpu_us ();
  for (guint i = 0; i < N_CALLS; i++)
    {
      const char *topic = g_ptr_array_index (topics, i % n_topics);
      BwTopic parsed;

      g_assert (bw_topic_parse (topic, strlen (topic), &parsed));
    }
  parse_us = get_cpu_us () - parse_us;

  printf ("%-40s %6.1f ns a message, %5.1f ns of it the topic\n", name,
          (double) start_us * 1000 / N_CALLS, (double) parse_us * 1000 / N_CALLS);
}

static BwDeviceTree *
make_tree (const char *datatype,
           const char *format,
           guint       n_properties)
{
  BwDeviceTree *tree = bw_device_tree_new ("aaaa-bbbb-cccc-dddd");
  g_autoptr(GString) text = g_string_new ("{\"homie\":\"5.0\",\"version\":1,\"name\":\"x\",\"nodes\":{\"sensors\":{\"properties\":{");

  for (guint i = 0; i < n_properties; i++)
    g_string_append_printf (text, "%s\"reading-%u\":{\"datatype\":\"%s\",\"format\":\"%s\"}", i > 0 ? "," : "", i,
                            datatype, format);
  g_string_append (text, "}}}}");
  bw_test_send (tree, "homie/5/aaaa-bbbb-cccc-dddd/$description", text->str, NULL);

  return tree;
}

int
main (int   argc,
      char *argv[])
{
  const char *pattern = "homie/5/aaaa-bbbb-cccc-dddd/sensors/reading-";
  g_autoptr(BwDeviceTree) floats = make_tree ("float", "0:100", 10);
  g_autoptr(BwDeviceTree) integers = make_tree ("integer", "0:100000", 10);
  g_autoptr(BwDeviceTree) strings = make_tree ("string", "", 10);
  g_autoptr(BwDeviceTree) many = make_tree ("float", "0:100", 1000);
  g_autoptr(BwDeviceTree) old = bw_device_tree_new ("aaaa-bbbb-cccc-dddd");

  bench ("Homie 5, float within a range", floats, pattern, 10, "21.");
  bench ("Homie 5, integer within a range", integers, pattern, 10, "123");
  bench ("Homie 5, string of 60 bytes", strings, pattern, 10,
         "a text of sixty bytes, as long as the ones of the bar, so: ");
  bench ("Homie 5, one of 1,000 properties in turn", many, pattern, 1000, "21.");

  bw_test_send (old, "homie/aaaa-bbbb-cccc-dddd/$nodes", "sensors", NULL);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *topic = g_strdup_printf ("homie/aaaa-bbbb-cccc-dddd/sensors/reading-%u/$datatype", i);

      bw_test_send (old, topic, "float", NULL);
    }
  bw_test_send (old, "homie/aaaa-bbbb-cccc-dddd/sensors/$properties",
                "reading-0,reading-1,reading-2,reading-3,reading-4,reading-5,reading-6,reading-7,reading-8,reading-9",
                NULL);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *topic = g_strdup_printf ("homie/aaaa-bbbb-cccc-dddd/sensors/reading-%u", i);

      bw_test_send (old, topic, "0", NULL);
    }
  bench ("Homie 4, float", old, "homie/aaaa-bbbb-cccc-dddd/sensors/reading-", 10, "21.");

  return 0;
}
