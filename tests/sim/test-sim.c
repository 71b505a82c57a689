/* test-sim.c: the program against a real broker, seen through the dialects
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <signal.h>
#include <string.h>

#include "bw-csv.h"
#include "bw-device-id.h"
#include "bw-dialect.h"
#include "bw-mqtt-link.h"
#include "bw-test.h"
#include "bw-value.h"

#define MAX_ARGUMENTS 24
#define BROKER_CONF   "allow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\n"

typedef struct
{
  BwTestBroker *broker;
  char         *uri;
  char         *folder;
  BwMqttLink   *link;
  GHashTable   *trees;        /* device id -> BwDeviceTree */
  GPtrArray    *logs;         /* char*: what devices say was wrong */
  guint         n_values;
  GSubprocess  *sim;
  GString      *output;
  char          buffer[4096];
  GCancellable *cancellable;
} Fixture;

static const char *sim_path;

static void
batch_cb (BwMqttLink          *link,
          const BwMqttMessage *messages,
          guint                n_messages,
          gpointer             user_data)
{
  Fixture *fixture = user_data;

  for (guint i = 0; i < n_messages; i++)
    {
      BwTopic topic;
      g_auto(BwEffect) effect = { 0 };
      g_autofree char *id = NULL;
      BwDeviceTree *tree;

      if (!bw_topic_parse (messages[i].topic, strlen (messages[i].topic), &topic) || topic.kind == BW_TOPIC_SET)
        continue;

      id = g_strndup (topic.device.text, topic.device.length);
      tree = g_hash_table_lookup (fixture->trees, id);
      if (tree == NULL)
        {
          tree = bw_device_tree_new (id);
          g_hash_table_insert (fixture->trees, g_strdup (id), tree);
        }

      if (topic.kind == BW_TOPIC_DEVICE_ATTRIBUTE && g_str_has_prefix (topic.attribute.text, "$log/error"))
        g_ptr_array_add (fixture->logs, g_strndup (messages[i].payload, messages[i].length));

      bw_dialect_for_root (topic.root)->on_message (tree, &topic, messages[i].payload, messages[i].length,
                                                    messages[i].retained, 1, &effect);
      if (effect.changes & BW_CHANGE_VALUE)
        fixture->n_values++;
    }
}

static void
setup_with (Fixture    *fixture,
            const char *conf,
            const char *username,
            const char *password)
{
  g_autoptr(GError) error = NULL;

  fixture->broker = bw_test_broker_new (conf);
  fixture->uri = g_strdup_printf ("mqtt://127.0.0.1:%u", bw_test_broker_get_port (fixture->broker));
  fixture->folder = bw_test_make_dir ();
  fixture->trees = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bw_device_tree_free);
  fixture->logs = g_ptr_array_new_with_free_func (g_free);
  fixture->output = g_string_new (NULL);
  fixture->cancellable = g_cancellable_new ();
  fixture->link = bw_mqtt_link_new (fixture->uri, NULL, username, password, batch_cb, fixture, &error);
  g_assert_no_error (error);
  bw_mqtt_link_subscribe (fixture->link, "homie/#", 1);
  bw_mqtt_link_start (fixture->link);
}

static void
setup (Fixture       *fixture,
       gconstpointer  data)
{
  setup_with (fixture, BROKER_CONF, NULL, NULL);
}

static void
teardown (Fixture       *fixture,
          gconstpointer  data)
{
  if (fixture->sim != NULL)
    g_subprocess_force_exit (fixture->sim);
  g_cancellable_cancel (fixture->cancellable);
  bw_test_spin (20);
  g_clear_object (&fixture->sim);
  g_object_unref (fixture->link);
  g_object_unref (fixture->cancellable);
  g_hash_table_unref (fixture->trees);
  g_ptr_array_unref (fixture->logs);
  g_string_free (fixture->output, TRUE);
  bw_test_broker_free (fixture->broker);
  bw_test_remove_dir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->uri);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;
  g_autoptr(GError) error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n <= 0)
    return;

  g_string_append_len (fixture->output, fixture->buffer, n);
  g_input_stream_read_async (G_INPUT_STREAM (source), fixture->buffer, sizeof fixture->buffer,
                             G_PRIORITY_DEFAULT, fixture->cancellable, read_cb, fixture);
}

static void
spawn (Fixture            *fixture,
       const char * const *argv)
{
  fixture->sim = bw_test_spawn (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_input_stream_read_async (g_subprocess_get_stdout_pipe (fixture->sim), fixture->buffer, sizeof fixture->buffer,
                             G_PRIORITY_DEFAULT, fixture->cancellable, read_cb, fixture);
}

/* @arguments: NULL-terminated, behind --broker URL */
static void
start (Fixture            *fixture,
       const char * const *arguments)
{
  const char *argv[MAX_ARGUMENTS] = { sim_path, "--broker", fixture->uri };

  for (guint i = 0; arguments[i] != NULL; i++)
    argv[3 + i] = arguments[i];

  spawn (fixture, argv);
}

typedef struct
{
  Fixture    *fixture;
  const char *text;
  guint       number;
  BwState     state;
  BwTreeProperty *property;
} Wait;

static gboolean
has_output (gpointer data)
{
  Wait *wait = data;

  return strstr (wait->fixture->output->str, wait->text) != NULL;
}

static void
wait_output (Fixture    *fixture,
             const char *text)
{
  Wait wait = { .fixture = fixture, .text = text };

  if (!bw_test_wait (has_output, &wait, BW_TEST_DEADLINE_SECONDS))
    g_error ("the simulator does not say “%s” but: %s", text, fixture->output->str);
}

static gboolean
all_in_state (gpointer data)
{
  Wait *wait = data;
  GHashTableIter iter;
  gpointer tree;
  guint n = 0;

  g_hash_table_iter_init (&iter, wait->fixture->trees);
  while (g_hash_table_iter_next (&iter, NULL, &tree))
    n += ((BwDeviceTree *) tree)->state == wait->state;

  return n == wait->number;
}

static void
wait_states (Fixture *fixture,
             guint    number,
             BwState  state)
{
  Wait wait = { .fixture = fixture, .number = number, .state = state };

  bw_test_wait_for (all_in_state, &wait);
}

static gboolean
value_is (gpointer data)
{
  Wait *wait = data;

  return wait->property->value != NULL &&
         bw_value_means_same (wait->property->datatype, wait->property->format, wait->property->value, wait->text);
}

static gboolean
has_logs (gpointer data)
{
  Wait *wait = data;

  return wait->fixture->logs->len >= wait->number;
}

static gboolean
has_values (gpointer data)
{
  Wait *wait = data;

  return wait->fixture->n_values >= wait->number;
}

static gboolean
link_is_up (gpointer data)
{
  Wait *wait = data;

  return bw_mqtt_link_get_connected (wait->fixture->link);
}

static void
send_set (Fixture        *fixture,
          BwDeviceTree   *tree,
          BwTreeProperty *property,
          const char     *value)
{
  g_autofree char *topic = NULL;
  g_autoptr(GBytes) payload = NULL;
  g_autoptr(GError) error = NULL;

  bw_dialect_for_tree (tree)->encode_set (tree, property, value, &topic, &payload, &error);
  g_assert_no_error (error);
  g_assert_true (bw_mqtt_link_publish (fixture->link, topic, g_bytes_get_data (payload, NULL),
                                       g_bytes_get_size (payload), 1, FALSE, NULL, &error));
}

/* Another value than it has, and one that it must take. */
static const char *
choose_value (BwTreeProperty *property)
{
  if (property->datatype == BW_DATATYPE_BOOLEAN)
    return g_strcmp0 (property->value, "true") == 0 ? "false" : "true";
  if (property->datatype == BW_DATATYPE_COLOR)
    return strstr (property->format, "rgb") != NULL && g_str_has_prefix (property->value, "rgb") ? "rgb,1,2,3" : "1,2,3";
  if (property->datatype == BW_DATATYPE_ENUM)
    return strstr (property->format, "start") != NULL ? "start" : "cool";
  if (property->datatype == BW_DATATYPE_FLOAT)
    return "22.5";

  return "11";
}

static void
set_all (Fixture      *fixture,
         BwDeviceTree *tree,
         guint        *n_set)
{
  for (guint i = 0; i < tree->nodes->len; i++)
    {
      BwTreeNode *node = g_ptr_array_index (tree->nodes, i);

      for (guint j = 0; j < node->properties->len; j++)
        {
          BwTreeProperty *property = g_ptr_array_index (node->properties, j);
          const char *value = choose_value (property);
          Wait wait = { .fixture = fixture, .property = property, .text = value };

          if (!property->settable)
            continue;

          g_test_message ("%s %s/%s = %s", tree->id, node->id, property->id, value);
          send_set (fixture, tree, property, value);
          bw_test_wait_for (value_is, &wait);
          (*n_set)++;
        }
    }
}

/* Fifteen devices, no two alike: each is whole, nothing of it is bad, and all that can be set is. */
static void
test_mixed (Fixture       *fixture,
            gconstpointer  data)
{
  static const char * const arguments[] = { "--count", "15", "--rate", "20", "--quiet", NULL };
  Wait values = { .fixture = fixture, .number = 400 };
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer value;
  guint n_set = 0;

  start (fixture, arguments);
  wait_output (fixture, "ready 15 devices");
  wait_states (fixture, 15, BW_STATE_READY);
  bw_test_wait_for (has_values, &values);

  g_hash_table_iter_init (&iter, fixture->trees);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BwDeviceTree *tree = value;

      g_assert_true (g_str_has_prefix (tree->product, "sim-"));
      g_assert_nonnull (tree->version);
      g_assert_nonnull (tree->name);
      g_assert_cmpuint (tree->n_refused, ==, 0);
      g_assert_cmpuint (tree->aside == NULL ? 0 : tree->aside->len, ==, 0);
      g_hash_table_add (seen, g_strdup_printf ("%s %s", tree->product, tree->homie));

      for (guint i = 0; i < tree->nodes->len; i++)
        {
          BwTreeNode *node = g_ptr_array_index (tree->nodes, i);

          for (guint j = 0; j < node->properties->len; j++)
            {
              BwTreeProperty *property = g_ptr_array_index (node->properties, j);

              g_assert_true (property->described);
              g_assert_false (property->bad_value);
              g_assert_true (property->value != NULL || !property->retained);
            }
        }
      set_all (fixture, tree, &n_set);
    }

  g_assert_cmpuint (g_hash_table_size (seen), ==, 15);
  g_assert_cmpuint (n_set, ==, 3 * (1 + 0 + 3 + 3 + 3));
  g_assert_cmpuint (fixture->logs->len, ==, 0);

  g_subprocess_send_signal (fixture->sim, SIGTERM);
  wait_states (fixture, 15, BW_STATE_DISCONNECTED);
  g_assert_true (g_subprocess_wait (fixture->sim, NULL, NULL));
  g_assert_true (g_subprocess_get_successful (fixture->sim));
}

static BwDeviceTree *
get_only_tree (Fixture *fixture)
{
  GHashTableIter iter;
  gpointer tree = NULL;

  g_assert_cmpuint (g_hash_table_size (fixture->trees), ==, 1);
  g_hash_table_iter_init (&iter, fixture->trees);
  g_hash_table_iter_next (&iter, NULL, &tree);

  return tree;
}

static BwTreeProperty *
get_property (Fixture    *fixture,
              const char *node,
              const char *id)
{
  BwTreeNode *found = bw_device_tree_find_node (get_only_tree (fixture), node, strlen (node));

  g_assert_nonnull (found);

  return bw_tree_node_find_property (found, id, strlen (id));
}

static void
test_refusals (Fixture       *fixture,
               gconstpointer  data)
{
  static const char * const arguments[] = { "--count", "1", "--kind", "thermostat", "--dialect", "homie5", "--rate", "0", NULL };
  Wait wait = { .fixture = fixture, .number = 1 };
  BwTreeProperty *target;

  start (fixture, arguments);
  wait_output (fixture, "ready 1 devices");
  wait_states (fixture, 1, BW_STATE_READY);
  target = get_property (fixture, "climate", "target");
  send_set (fixture, get_only_tree (fixture), target, "99");
  bw_test_wait_for (has_logs, &wait);
  g_assert_cmpstr (g_ptr_array_index (fixture->logs, 0), ==, "99 is above 30");
  g_assert_cmpstr (target->value, ==, "21.0");
}

static void
test_fault_refuse (Fixture       *fixture,
                   gconstpointer  data)
{
  static const char * const arguments[] = {
    "--count", "1", "--kind", "relay", "--dialect", "homie5", "--rate", "0", "--fault", "refuse", NULL
  };
  Wait wait = { .fixture = fixture, .number = 1 };

  start (fixture, arguments);
  wait_states (fixture, 1, BW_STATE_READY);
  send_set (fixture, get_only_tree (fixture), get_property (fixture, "relay", "on"), "false");
  bw_test_wait_for (has_logs, &wait);
  g_assert_cmpstr (g_ptr_array_index (fixture->logs, 0), ==, "relay/on refuses everything today");
  g_assert_cmpstr (get_property (fixture, "relay", "on")->value, ==, "true");
}

static void
test_fault_no_echo (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char * const arguments[] = {
    "--count", "1", "--kind", "lamp", "--dialect", "homie4", "--rate", "0", "--fault", "no-echo", NULL
  };

  start (fixture, arguments);
  wait_states (fixture, 1, BW_STATE_READY);
  send_set (fixture, get_only_tree (fixture), get_property (fixture, "light", "on"), "false");
  wait_output (fixture, "/light/on/set = false");
  bw_test_spin (200);
  g_assert_cmpstr (get_property (fixture, "light", "on")->value, ==, "true");
  g_assert_cmpuint (fixture->logs->len, ==, 0);
}

static gboolean
is_described (gpointer data)
{
  Wait *wait = data;

  return get_property (wait->fixture, "light", "on")->described;
}

/* in one of the dialects a message of its own, behind the one that describes “on” */
static gboolean
has_datatype (gpointer data)
{
  Wait *wait = data;

  return get_property (wait->fixture, "light", "brightness")->datatype == BW_DATATYPE_INTEGER;
}

static void
test_fault_late_description (Fixture       *fixture,
                             gconstpointer  data)
{
  Wait wait = { .fixture = fixture };
  const char *arguments[] = {
    "--count", "1", "--kind", "lamp", "--dialect", data, "--fault", "late-description", NULL
  };

  start (fixture, arguments);
  wait_states (fixture, 1, BW_STATE_READY);
  g_assert_false (is_described (&wait));
  bw_test_wait_for (is_described, &wait);
  bw_test_wait_for (has_datatype, &wait);
}

static gboolean
has_bad_value (gpointer data)
{
  Wait *wait = data;

  return get_property (wait->fixture, "meter", "power")->bad_value;
}

static void
test_fault_bad_values (Fixture       *fixture,
                       gconstpointer  data)
{
  static const char * const arguments[] = {
    "--count", "1", "--kind", "meter", "--dialect", "homie5", "--rate", "100", "--fault", "bad-values", "--quiet", NULL
  };
  Wait wait = { .fixture = fixture };

  start (fixture, arguments);
  wait_states (fixture, 1, BW_STATE_READY);
  bw_test_wait_for (has_bad_value, &wait);
  g_assert_nonnull (g_subprocess_get_identifier (fixture->sim));   /* it lives */
}

/* Nothing more comes, and the connection stands. */
static void
test_fault_silent_death (Fixture       *fixture,
                         gconstpointer  data)
{
  static const char * const arguments[] = {
    "--count", "1", "--kind", "meter", "--dialect", "homie5", "--rate", "50", "--fault", "silent-death", NULL
  };
  guint n_values;

  start (fixture, arguments);
  wait_states (fixture, 1, BW_STATE_READY);
  wait_output (fixture, "died in silence");
  bw_test_spin (300);
  n_values = fixture->n_values;
  bw_test_spin (300);
  g_assert_cmpuint (fixture->n_values, ==, n_values);
  wait_states (fixture, 1, BW_STATE_READY);

  /* the socket goes with the program, and the broker says so */
  g_subprocess_send_signal (fixture->sim, SIGTERM);
  wait_states (fixture, 1, BW_STATE_LOST);
}

/* A broker that was away, as one that throws a device out, is met again. */
static void
test_reconnect (Fixture       *fixture,
                gconstpointer  data)
{
  static const char * const arguments[] = { "--count", "6", "--rate", "2", NULL };
  Wait up = { .fixture = fixture };

  start (fixture, arguments);
  wait_states (fixture, 6, BW_STATE_READY);
  bw_test_broker_kill (fixture->broker);
  wait_output (fixture, "lost its connection");
  g_hash_table_remove_all (fixture->trees);
  bw_test_broker_start (fixture->broker);
  bw_test_wait_for (link_is_up, &up);
  wait_states (fixture, 6, BW_STATE_READY);
}

/* Name and key of the file are what a device connects with; the wrong key stays out. */
static void
test_hand_over (void)
{
  static const char * const header[] = { "device_id", "device_key", "batch", "info", NULL };
  static const char * const ids[] = { "k3m9-t2xw-0001-7hnc", "k3m9-t2xw-0002-7hnc", "k3m9-t2xw-0003-7hnc" };
  g_autofree char *folder = bw_test_make_dir ();
  g_autofree char *passwords = g_build_filename (folder, "passwords", NULL);
  g_autofree char *csv = g_build_filename (folder, "hand-over.csv", NULL);
  g_autofree char *conf = g_strdup_printf ("allow_anonymous false\npassword_file %s\n", passwords);
  g_autoptr(GString) text = g_string_new (NULL);
  const char *arguments[] = { "--devices", csv, "--limit", "2", "--dialect", "homie5", NULL };
  Fixture fixture = { 0 };

  g_assert_true (g_file_set_contents (passwords, "", 0, NULL));
  bw_csv_append_record (text, header);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *key = g_strdup_printf ("key0000000000000000000000%u", i);
      const char * const fields[] = { ids[i], key, "a \"batch\", quoted\nover lines", "=1+1", NULL };
      const char *argv[] = { "mosquitto_passwd", "-b", passwords, ids[i], i == 1 ? "another" : key, NULL };

      bw_csv_append_record (text, fields);
      g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
                                   NULL, NULL, NULL, NULL, NULL, NULL));
    }
  g_assert_true (g_file_set_contents (csv, text->str, -1, NULL));

  setup_with (&fixture, conf, ids[2], "key00000000000000000000002");
  start (&fixture, arguments);
  wait_states (&fixture, 1, BW_STATE_READY);
  g_assert_cmpstr (get_only_tree (&fixture)->id, ==, ids[0]);
  wait_output (&fixture, "k3m9-t2xw-0002-7hnc cannot connect: ");
  g_assert_null (strstr (fixture.output->str, "ready"));
  g_assert_null (strstr (fixture.output->str, ids[2]));

  teardown (&fixture, NULL);
  bw_test_remove_dir (folder);
}

/* As many as the limit of open files allows, of which the library wants three each. */
static void
test_many (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *command = g_strdup_printf ("ulimit -n 700; exec '%s' --broker %s --count 600 --dialect homie5 --rate 0 --quiet",
                                              sim_path, fixture->uri);
  const char * const argv[] = { "sh", "-c", command, NULL };

  spawn (fixture, argv);
  wait_output (fixture, "ready 600 devices");
  wait_states (fixture, 600, BW_STATE_READY);
  g_subprocess_send_signal (fixture->sim, SIGTERM);
  wait_states (fixture, 600, BW_STATE_DISCONNECTED);
}

static void
check_refused (int         expected_status,
               const char *sentence,
               ...) G_GNUC_NULL_TERMINATED;

static void
check_refused (int         expected_status,
               const char *sentence,
               ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *errors = NULL;
  g_autoptr(GError) error = NULL;
  const char *argument;
  va_list list;
  int status;

  g_ptr_array_add (argv, (char *) sim_path);
  va_start (list, sentence);
  while ((argument = va_arg (list, const char *)) != NULL)
    g_ptr_array_add (argv, (char *) argument);
  va_end (list);
  g_ptr_array_add (argv, NULL);

  g_spawn_sync (NULL, (char **) argv->pdata, NULL, 0, NULL, NULL, NULL, &errors, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  if (strstr (errors, sentence) == NULL)
    g_error ("not “%s” but: %s", sentence, errors);
  g_assert_true (strchr (errors, '\n') == errors + strlen (errors) - 1);
  g_assert_cmpint (WEXITSTATUS (status), ==, expected_status);
}

static void
test_usage (void)
{
  static const char address[] = "mqtt://127.0.0.1:1";
  g_autofree char *folder = bw_test_make_dir ();
  g_autofree char *csv = g_build_filename (folder, "x.csv", NULL);

  check_refused (2, "--broker mqtt://HOST:PORT is missing", "--count", "1", NULL);
  check_refused (2, "give either --devices FILE or --count N", "--broker", address, NULL);
  check_refused (2, "give either --devices FILE or --count N", "--broker", address, "--count", "1", "--devices", "x", NULL);
  check_refused (2, "there is no kind “toaster”", "--broker", address, "--count", "1", "--kind", "toaster", NULL);
  check_refused (2, "there is no dialect “homie6”", "--broker", address, "--count", "1", "--dialect", "homie6", NULL);
  check_refused (2, "there is no fault “100%s”", "--broker", address, "--count", "1", "--fault", "100%s", NULL);
  check_refused (2, "between 1 and 100000", "--broker", address, "--count", "-3", NULL);
  check_refused (2, "the rate is between", "--broker", address, "--count", "1", "--rate", "nan", NULL);
  check_refused (2, "“more” is not expected here", "--broker", address, "--count", "1", "more", NULL);
  check_refused (1, "not “http://x”", "--broker", "http://x", "--count", "1", NULL);
  check_refused (1, "No such file", "--broker", address, "--devices", "/nonexistent.csv", NULL);

  g_assert_true (g_file_set_contents (csv, "a,b\n1,2\n", -1, NULL));
  check_refused (1, "it has no columns device_id and device_key", "--broker", address, "--devices", csv, NULL);
  g_assert_true (g_file_set_contents (csv, "device_id,device_key\n", -1, NULL));
  check_refused (1, "holds no device", "--broker", address, "--devices", csv, NULL);
  g_assert_true (g_file_set_contents (csv, "device_id,device_key\nrubbish,key\n", -1, NULL));
  check_refused (1, "record 2 of", "--broker", address, "--devices", csv, NULL);
  g_assert_true (g_file_set_contents (csv, "device_id,device_key\n\"k3m9", -1, NULL));
  check_refused (1, "a quoted field has no end", "--broker", address, "--devices", csv, NULL);

  bw_test_remove_dir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  sim_path = g_getenv ("BW_SIM");
  g_assert_nonnull (sim_path);

#define ADD(name, data, func) g_test_add ("/sim/sim/" name, Fixture, data, setup, func, teardown)
  ADD ("mixed", NULL, test_mixed);
  ADD ("refusals", NULL, test_refusals);
  ADD ("fault/refuse", NULL, test_fault_refuse);
  ADD ("fault/no-echo", NULL, test_fault_no_echo);
  ADD ("fault/late-description-5", "homie5", test_fault_late_description);
  ADD ("fault/late-description-3", "homie3", test_fault_late_description);
  ADD ("fault/bad-values", NULL, test_fault_bad_values);
  ADD ("fault/silent-death", NULL, test_fault_silent_death);
  ADD ("reconnect", NULL, test_reconnect);
  ADD ("many", NULL, test_many);
  g_test_add_func ("/sim/sim/hand-over", test_hand_over);
  g_test_add_func ("/sim/sim/usage", test_usage);

  return g_test_run ();
}
