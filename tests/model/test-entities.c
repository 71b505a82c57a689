/* test-entities.c: entities to JSON and back, notifications, bad documents
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "bw-audit-entry.h"
#include "bw-batch.h"
#include "bw-command.h"
#include "bw-company.h"
#include "bw-device.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-participation.h"
#include "bw-request.h"
#include "bw-role.h"
#include "bw-tag.h"
#include "bw-user.h"

static JsonObject *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonObject *json = bw_json_parse_object (text, strlen (text), 1 << 20, &error);

  g_assert_no_error (error);

  return json;
}

static gboolean
load (gpointer     entity,
      const char  *text,
      GError     **error)
{
  g_autoptr(JsonObject) json = parse (text);

  return bw_entity_load (entity, json, error);
}

static char *
save (gpointer entity)
{
  g_autoptr(JsonObject) json = bw_entity_save (entity);
  g_autoptr(JsonNode) node = json_node_alloc ();

  json_node_init_object (node, json);

  return json_to_string (node, FALSE);
}

static const struct
{
  GType     (*type) (void);
  const char *text;
} documents[] = {
  { bw_company_get_type,
    "{\"id\":\"7\",\"revision\":3,\"name\":\"x name\",\"alias\":\"x alias\",\"parentId\":null,"
    "\"address\":\"x address\",\"phone\":\"x phone\",\"email\":\"x email\",\"tags\":[\"1\",\"2\"],"
    "\"nDevices\":5,\"nParticipations\":5,\"nSubsidiaries\":5,\"createdAt\":5,\"editedAt\":5}" },
  { bw_user_get_type,
    "{\"id\":\"7\",\"revision\":3,\"login\":\"x login\",\"email\":\"x email\",\"firstName\":\"x firstName\","
    "\"lastName\":\"x lastName\",\"name\":\"x name\",\"status\":\"x status\",\"suspended\":true,\"totp\":true,"
    "\"companyId\":\"x companyId\",\"participations\":{\"a\":[1,null]},\"tags\":[\"1\",\"2\"],\"createdAt\":5,"
    "\"editedAt\":5,\"lastSeenAt\":5}" },
  { bw_participation_get_type,
    "{\"id\":\"7\",\"revision\":3,\"userId\":\"x userId\",\"user\":\"x user\",\"email\":\"x email\","
    "\"companyId\":\"x companyId\",\"company\":\"x company\",\"roleId\":\"x roleId\",\"role\":\"x role\","
    "\"firstDay\":null,\"lastDay\":\"x lastDay\",\"active\":true,\"createdAt\":5,\"editedAt\":5}" },
  { bw_role_get_type,
    "{\"id\":\"7\",\"revision\":3,\"name\":\"x name\",\"builtin\":null,\"permissions\":[\"1\",\"2\"],"
    "\"nParticipations\":5,\"tags\":[\"1\",\"2\"],\"createdAt\":5,\"editedAt\":5}" },
  { bw_tag_get_type,
    "{\"id\":\"7\",\"revision\":3,\"name\":\"x name\",\"color\":\"x color\",\"companyIds\":[\"1\",\"2\"],"
    "\"nObjects\":5,\"createdAt\":5,\"editedAt\":5}" },
  { bw_request_get_type,
    "{\"id\":\"7\",\"revision\":3,\"kind\":\"x kind\",\"action\":\"x action\",\"objectId\":\"x objectId\","
    "\"object\":\"x object\",\"companyId\":\"x companyId\",\"company\":\"x company\","
    "\"requesterId\":\"x requesterId\",\"requester\":\"x requester\",\"before\":{\"a\":[1,null]},"
    "\"after\":{\"a\":[1,null]},\"comment\":\"x comment\",\"state\":\"x state\",\"reason\":null,"
    "\"decidedBy\":\"x decidedBy\",\"mayDecide\":true,\"createdAt\":5,\"decidedAt\":5,\"expiresAt\":5}" },
  { bw_audit_entry_get_type,
    "{\"id\":\"7\",\"revision\":3,\"at\":5,\"userId\":\"x userId\",\"user\":\"x user\","
    "\"address\":\"x address\",\"action\":\"x action\",\"kind\":\"x kind\",\"objectId\":\"x objectId\","
    "\"object\":\"x object\",\"companyId\":\"x companyId\",\"before\":{\"a\":[1,null]},"
    "\"after\":{\"a\":[1,null]},\"hash\":\"x hash\"}" },
  { bw_batch_get_type,
    "{\"id\":\"b1\",\"revision\":1,\"name\":\"Spring\",\"info\":null,\"color\":\"#ff8800\",\"companyId\":\"1\","
    "\"state\":\"creating\",\"createdBy\":\"admin\",\"count\":500,\"nDone\":17,\"createdAt\":1790000000000000,"
    "\"handedOverAt\":0}" },
  { bw_command_get_type,
    "{\"id\":\"c1\",\"revision\":2,\"deviceId\":\"aaaa-bbbb-cccc-dddd\",\"node\":\"light\",\"property\":\"on\","
    "\"value\":\"true\",\"reason\":null,\"state\":\"sent\",\"createdAt\":5,\"updatedAt\":6}" },
  { bw_device_get_type,
    "{\"id\":\"aaaa-bbbb-cccc-dddd\",\"revision\":9,\"batchId\":\"b1\",\"batch\":\"Spring\",\"color\":null,"
    "\"companyId\":\"1\",\"name\":\"Lamp\",\"product\":\"lamp\",\"version\":\"1.2\",\"homie\":\"5.0\","
    "\"address\":\"192.0.2.7\",\"localIp\":null,\"type\":\"release\",\"abbreviation\":\"LMP\",\"license\":null,\"machineId\":\"aa:bb\",\"ownerId\":\"3\",\"owner\":\"ada\",\"pairedAt\":4,\"tags\":[\"1\",\"7\"],\"serial\":7,\"firstSeenAt\":1,\"lastSeenAt\":2,\"approvedAt\":3,"
    "\"status\":\"pairing\",\"state\":\"ready\",\"online\":true,"
    "\"nodes\":[{\"id\":\"light\",\"name\":\"Light\",\"type\":null,\"properties\":[{\"id\":\"on\",\"name\":\"On\","
    "\"value\":\"true\",\"target\":null,\"datatype\":\"boolean\",\"unit\":null,\"format\":\"off,on\","
    "\"settable\":true,\"retained\":true,\"updatedAt\":1790000000000000}]}]}" },
};

static void
test_round_trip (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autoptr(BwEntity) entity = g_object_new (documents[i].type (), NULL);
      g_autoptr(GError) error = NULL;
      g_autofree char *text = NULL;
      g_autoptr(JsonNode) before = json_from_string (documents[i].text, NULL);
      g_autoptr(JsonNode) after = NULL;

      g_assert_true (load (entity, documents[i].text, &error));
      g_assert_no_error (error);
      text = save (entity);
      after = json_from_string (text, NULL);
      g_test_message ("%s", text);
      g_assert_true (json_node_equal (before, after));
    }
}

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          gpointer    user_data)
{
  (*(guint *) user_data)++;
}

/* A row that is not loaded yet is an empty device; it fills in place, and only what changed notifies. */
static void
test_fill_in_place (void)
{
  g_autoptr(BwDevice) device = bw_device_new ();
  guint n_notified = 0;
  guint n_name = 0;

  g_signal_connect (device, "notify", G_CALLBACK (count_cb), &n_notified);
  g_signal_connect (device, "notify::name", G_CALLBACK (count_cb), &n_name);

  g_assert_null (bw_entity_get_id (BW_ENTITY (device)));
  g_assert_null (bw_device_get_name (device));
  g_assert_null (bw_device_get_tree (device));
  g_assert_cmpint (bw_device_get_status (device), ==, BW_STATUS_NEW);
  g_assert_cmpint (bw_device_get_state (device), ==, BW_STATE_NOT_CONNECTED);

  g_assert_true (load (device, "{\"id\":\"d\",\"revision\":2,\"name\":\"Lamp\",\"status\":\"paired\"}", NULL));
  g_assert_cmpstr (bw_entity_get_id (BW_ENTITY (device)), ==, "d");
  g_assert_cmpuint (n_name, ==, 1);
  g_assert_cmpuint (n_notified, ==, 4);   /* id, revision, name, status */

  /* the same again, and one that is older */
  g_assert_true (load (device, "{\"id\":\"d\",\"revision\":2,\"name\":\"Lamp\",\"status\":\"paired\"}", NULL));
  g_assert_true (load (device, "{\"id\":\"d\",\"revision\":1,\"name\":\"Old\",\"status\":\"new\"}", NULL));
  g_assert_cmpuint (n_notified, ==, 4);
  g_assert_cmpstr (bw_device_get_name (device), ==, "Lamp");

  g_assert_true (load (device, "{\"id\":\"d\",\"revision\":3,\"name\":\"Lamp\",\"status\":\"blocked\"}", NULL));
  g_assert_cmpuint (n_name, ==, 1);
  g_assert_cmpuint (n_notified, ==, 6);   /* revision, status */
}

static void
test_device_nodes (void)
{
  g_autoptr(BwDevice) device = bw_device_new ();
  BwTreeProperty *property;
  BwDeviceTree *tree;

  g_assert_true (load (device, "{\"id\":\"d\",\"revision\":2,\"status\":\"paired\",\"homie\":\"5.0\"}", NULL));
  g_assert_null (bw_device_get_tree (device));

  /* The same revision with more in it. */
  g_assert_true (load (device, "{\"id\":\"d\",\"revision\":2,\"status\":\"paired\",\"homie\":\"5.0\",\"nodes\":["
                               "{\"id\":\"n\",\"properties\":[{\"id\":\"p\",\"datatype\":\"integer\","
                               "\"format\":\"0:5\",\"value\":\"3\",\"updatedAt\":10}]}]}", NULL));
  tree = bw_device_get_tree (device);
  g_assert_nonnull (tree);
  g_assert_cmpstr (tree->homie, ==, "5.0");
  property = bw_device_tree_get_property (tree, "n", "p");
  g_assert_cmpstr (property->value, ==, "3");
  g_assert_false (property->bad_value);

  /* A value that came from the broker meanwhile is newer than the document's. */
  property->updated_at_us = 20;
  g_assert_true (load (device, "{\"id\":\"d\",\"revision\":3,\"status\":\"paired\",\"homie\":\"5.0\",\"nodes\":["
                               "{\"id\":\"n\",\"properties\":[{\"id\":\"p\",\"datatype\":\"integer\","
                               "\"format\":\"0:2\",\"value\":\"1\",\"updatedAt\":15}]}]}", NULL));
  g_assert_true (property == bw_device_tree_get_property (tree, "n", "p"));
  g_assert_cmpstr (property->value, ==, "3");
  g_assert_true (property->bad_value);

  /* Without nodes the tree stays; with none of them it is empty. */
  g_assert_true (load (device, "{\"id\":\"d\",\"revision\":4,\"status\":\"paired\"}", NULL));
  g_assert_cmpuint (bw_device_get_tree (device)->nodes->len, ==, 1);
  g_assert_true (load (device, "{\"id\":\"d\",\"revision\":5,\"status\":\"paired\",\"nodes\":[]}", NULL));
  g_assert_cmpuint (bw_device_get_tree (device)->nodes->len, ==, 0);
}

static const struct
{
  GType     (*type) (void);
  const char *text;
} refused[] = {
  { bw_company_get_type, "{}" },
  { bw_company_get_type, "{\"id\":\"1\"}" },
  { bw_company_get_type, "{\"id\":1,\"name\":\"x\"}" },
  { bw_company_get_type, "{\"id\":\"\",\"name\":\"x\"}" },
  { bw_company_get_type, "{\"id\":\"1\",\"name\":5}" },
  { bw_company_get_type, "{\"id\":\"1\",\"name\":[\"x\"]}" },
  { bw_company_get_type, "{\"id\":[],\"name\":\"x\"}" },
  { bw_batch_get_type, "{\"id\":\"1\",\"name\":\"\"}" },
  { bw_command_get_type, "{\"id\":\"1\",\"deviceId\":\"d\",\"node\":\"n\",\"property\":\"p\",\"state\":\"sent\"}" },
  { bw_command_get_type,
    "{\"id\":\"1\",\"deviceId\":\"d\",\"node\":\"n\",\"property\":\"p\",\"value\":\"v\",\"state\":\"lost\"}" },
  { bw_device_get_type, "{\"id\":\"1\"}" },
  { bw_device_get_type, "{\"id\":\"1\",\"status\":\"married\"}" },
  { bw_device_get_type, "{\"id\":\"1\",\"status\":3}" },
  { bw_device_get_type, "{\"id\":\"1\",\"status\":\"new\",\"nodes\":[5]}" },
  { bw_device_get_type, "{\"id\":\"1\",\"status\":\"new\",\"nodes\":[{}]}" },
  { bw_device_get_type, "{\"id\":\"1\",\"status\":\"new\",\"nodes\":[{\"id\":\"n\",\"properties\":[{\"id\":5}]}]}" },
};

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr(BwEntity) entity = g_object_new (refused[i].type (), NULL);
      g_autoptr(GError) error = NULL;

      g_assert_false (load (entity, refused[i].text, &error));
      g_test_message ("%s → %s", refused[i].text, error->message);
      g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
      g_assert_null (bw_entity_get_id (entity));
    }
}

/* Members of any other type are as good as missing, and nothing warns (warnings are fatal here). */
static void
test_wrong_types (void)
{
  g_autoptr(BwDevice) device = bw_device_new ();

  g_assert_true (load (device, "{\"id\":\"1\",\"revision\":\"x\",\"status\":\"new\",\"serial\":\"5\",\"online\":1,"
                               "\"name\":{},\"state\":7,\"lastSeenAt\":-5,\"nodes\":{}}", NULL));
  g_assert_cmpint (bw_device_get_serial (device), ==, 0);
  g_assert_cmpint (bw_device_get_last_seen_us (device), ==, 0);
  g_assert_false (bw_device_get_online (device));
  g_assert_null (bw_device_get_name (device));
}

static void
test_other_id (void)
{
  g_autoptr(BwCompany) company = bw_company_new ();

  g_assert_true (load (company, "{\"id\":\"1\",\"name\":\"One\"}", NULL));
  g_assert_false (load (company, "{\"id\":\"2\",\"name\":\"Two\"}", NULL));
  g_assert_cmpstr (bw_company_get_name (company), ==, "One");
}

static const struct
{
  const char *name;
  gint64      count;
  const char *color;
  const char *info;
  const char *field;   /* NULL: good */
} batches[] = {
  { "Spring 2026", 1, NULL, NULL, NULL },
  { "Spring 2026", 1000000, "#Ff8800", "two\nlines", NULL },
  { "", 1, NULL, NULL, "name" },
  { NULL, 1, NULL, NULL, "name" },
  { " x", 1, NULL, NULL, "name" },
  { "x\ny", 1, NULL, NULL, "name" },
  { "\xff", 1, NULL, NULL, "name" },
  { "x", 0, NULL, NULL, "count" },
  { "x", 1000001, NULL, NULL, "count" },
  { "x", -1, NULL, NULL, "count" },
  { "x", G_MININT64, NULL, NULL, "count" },
  { "x", 1, "red", NULL, "color" },
  { "x", 1, "#12345", NULL, "color" },
  { "x", 1, "", NULL, "color" },
  { "x", 1, NULL, "bell\a", "info" },
  { "x", 1, NULL, "\xc3", "info" },
};

static void
test_batch_check (void)
{
  g_autofree char *longest = g_strnfill (BW_BATCH_MAX_NAME_BYTES, 'n');
  g_autofree char *too_long = g_strnfill (BW_BATCH_MAX_NAME_BYTES + 1, 'n');
  g_autofree char *long_info = g_strnfill (BW_BATCH_MAX_INFO_BYTES + 1, 'n');

  for (gsize i = 0; i < G_N_ELEMENTS (batches); i++)
    {
      const char *field = NULL;
      g_autoptr(GError) error = NULL;
      gboolean ok = bw_batch_check (batches[i].name, batches[i].count, batches[i].color, batches[i].info,
                                    &field, &error);

      g_assert_true (ok == (batches[i].field == NULL));
      g_assert_cmpstr (field, ==, batches[i].field);
      if (!ok)
        {
          g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, field));
        }
    }

  g_assert_true (bw_batch_check (longest, 1, NULL, NULL, NULL, NULL));
  g_assert_false (bw_batch_check (too_long, 1, NULL, NULL, NULL, NULL));
  g_assert_false (bw_batch_check ("x", 1, NULL, long_info, NULL, NULL));
}

static void
test_nicks (void)
{
  BwStatus status;

  for (guint i = 0; i <= BW_STATUS_RETIRED; i++)
    {
      g_assert_true (bw_status_from_nick (bw_status_to_nick ((BwStatus) i), &status));
      g_assert_cmpuint (status, ==, i);
      g_assert_true (bw_status_is_approved (status) == (i == BW_STATUS_PAIRING || i == BW_STATUS_PAIRED));
    }
  g_assert_false (bw_status_from_nick ("approved", &status));
  g_assert_false (bw_status_from_nick (NULL, &status));

  for (guint i = 0; i <= BW_COMMAND_FAILED; i++)
    g_assert_cmpuint (bw_command_state_from_nick (bw_command_state_to_nick ((BwCommandState) i)), ==, i);
  g_assert_cmpuint (bw_command_state_from_nick ("?"), ==, BW_COMMAND_FAILED);

  for (guint i = 0; i <= BW_STATE_ALERT; i++)
    g_assert_cmpuint (bw_state_from_nick (bw_state_to_nick ((BwState) i)), ==, i);
}

/* Each property can be read, and reads what the getter says. */
static void
test_properties (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autoptr(BwEntity) entity = g_object_new (documents[i].type (), NULL);
      g_autofree GParamSpec **pspecs = NULL;
      guint n_pspecs;

      g_assert_true (load (entity, documents[i].text, NULL));
      pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (entity), &n_pspecs);
      for (guint j = 0; j < n_pspecs; j++)
        {
          g_auto(GValue) value = G_VALUE_INIT;

          g_assert_true (pspecs[j]->flags & G_PARAM_EXPLICIT_NOTIFY);
          g_assert_false (pspecs[j]->flags & G_PARAM_WRITABLE);
          g_object_get_property (G_OBJECT (entity), pspecs[j]->name, &value);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/entities/round-trip", test_round_trip);
  g_test_add_func ("/model/entities/fill-in-place", test_fill_in_place);
  g_test_add_func ("/model/entities/device-nodes", test_device_nodes);
  g_test_add_func ("/model/entities/refused", test_refused);
  g_test_add_func ("/model/entities/wrong-types", test_wrong_types);
  g_test_add_func ("/model/entities/other-id", test_other_id);
  g_test_add_func ("/model/entities/batch-check", test_batch_check);
  g_test_add_func ("/model/entities/nicks", test_nicks);
  g_test_add_func ("/model/entities/properties", test_properties);

  return g_test_run ();
}
