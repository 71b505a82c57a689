/* bw-fake-backend.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-fake-backend.h"

#include <string.h>

#include <libsoup/soup.h>

#include "bw-device-id.h"
#include "bw-fake-history.h"
#include "bw-json.h"
#include "bw-test.h"

#define MAX_LIMIT 500
#define FIRST_SEEN_US G_GINT64_CONSTANT (1790000000000000)

typedef struct
{
  char        id[BW_DEVICE_ID_SIZE];
  const char *status;     /* interned */
  gboolean    online;
  gint64      revision;
} FakeDevice;

struct _BwFakeBackend
{
  SoupServer *server;
  char       *uri;
  guint16     broker_port;
  FakeDevice *devices;
  guint       n_devices;
  char       *nodes;
  guint       n_events;
  GHashTable *refusals;
  BwFakeBulk *bulk;
  gboolean    is_down;
  char       *last_list;
  guint       n_lists;
  char       *desired;        /* (nullable): what waits for a device */
  char       *last_set;
  char       *last_command_value;
  char       *last_command_node;
  char       *last_command_property;
  char       *last_command_device;
  guint       n_sets;
  gint64      command_revision;
  BwFakeMore  more;
  gpointer    more_data;
};

static FakeDevice *
find_device (BwFakeBackend *self,
             const char    *id)
{
  for (guint i = 0; i < self->n_devices; i++)
    {
      if (g_str_equal (self->devices[i].id, id))
        return &self->devices[i];
    }

  return NULL;
}

/* Every tenth has a later one. */
static const char *
get_version (BwFakeBackend    *self,
             const FakeDevice *device)
{
  return (device - self->devices) % 10 == 9 ? "1.5.0" : "1.4.2";
}

static void
add_device (BwFakeBackend    *self,
            GString          *out,
            const char       *member,
            const FakeDevice *device,
            gboolean          with_nodes)
{
  gint64 number = device - self->devices + 1;
  gboolean is_seen = !g_str_equal (device->status, "new");
  g_autofree char *address = g_strdup_printf ("192.0.2.%" G_GINT64_FORMAT, number % 250 + 1);

  bw_json_begin_object (out, member);
  bw_json_add_string (out, "id", device->id);
  bw_json_add_int (out, "revision", device->revision);
  bw_json_add_string (out, "batchId", "b1");
  bw_json_add_string (out, "batch", "Kitchen lamps");
  bw_json_add_string (out, "color", "#e66100");
  bw_json_add_int (out, "serial", number);
  bw_json_add_string (out, "companyId", "main");
  bw_json_add_string (out, "status", device->status);
  bw_json_add_string (out, "state", device->online ? "ready" : is_seen ? "lost" : "not-connected");
  bw_json_add_boolean (out, "online", device->online);
  bw_json_add_null (out, "name");
  bw_json_add_string (out, "product", is_seen ? "Lamp" : NULL);
  bw_json_add_string (out, "version", is_seen ? get_version (self, device) : NULL);
  bw_json_add_string (out, "homie", "5.0");
  bw_json_add_string (out, "address", is_seen ? address : NULL);
  bw_json_add_null (out, "localIp");
  bw_json_add_int (out, "firstSeenAt", is_seen ? FIRST_SEEN_US : 0);
  bw_json_add_int (out, "lastSeenAt", is_seen ? g_get_real_time () - number * G_USEC_PER_SEC : 0);
  bw_json_add_int (out, "approvedAt", g_str_equal (device->status, "paired") ? FIRST_SEEN_US : 0);
  if (with_nodes)
    {
      bw_json_add_raw (out, "nodes", self->nodes);
      bw_json_begin_array (out, "desired");
      if (self->desired != NULL)
        bw_json_add_raw (out, NULL, self->desired);
      bw_json_end_array (out);
      bw_json_add_int (out, "oldKeyEndsAt", 0);
      bw_json_add_int (out, "factsRevision", 1);
    }
  bw_json_end_object (out);
}

/* Conditions on status, version, name and id, and the search. A name of a condition comes once: SoupServer's table
 * of a query has room for one value. */
static gboolean
matches (BwFakeBackend    *self,
         const FakeDevice *device,
         GHashTable       *query)
{
  const char *status = query != NULL ? g_hash_table_lookup (query, "status") : NULL;
  const char *search = query != NULL ? g_hash_table_lookup (query, "search") : NULL;
  const char *version = query != NULL ? g_hash_table_lookup (query, "version") : NULL;
  const char *not_version = query != NULL ? g_hash_table_lookup (query, "version!") : NULL;
  const char *part = query != NULL ? g_hash_table_lookup (query, "id~") : NULL;
  const char *not_id = query != NULL ? g_hash_table_lookup (query, "id!") : NULL;

  if ((version != NULL && !g_str_equal (version, get_version (self, device))) ||
      (not_version != NULL && g_str_equal (not_version, get_version (self, device))) ||
      (part != NULL && strstr (device->id, part) == NULL) || (not_id != NULL && g_str_equal (not_id, device->id)))
    return FALSE;

  if (search != NULL && strstr (device->id, search) == NULL)
    return FALSE;

  if (status == NULL || g_str_equal (status, device->status))
    return TRUE;

  return g_str_equal (status, "approved") &&
         (g_str_equal (device->status, "paired") || g_str_equal (device->status, "pairing"));
}

static gint64
get_number (GHashTable *query,
            const char *name,
            gint64      fallback)
{
  const char *text = query != NULL ? g_hash_table_lookup (query, name) : NULL;

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : fallback;
}

static void
list_devices (BwFakeBackend *self,
              GHashTable    *query,
              GString       *out)
{
  gint64 offset = get_number (query, "offset", 0);
  gint64 limit = MIN (get_number (query, "limit", MAX_LIMIT), MAX_LIMIT);
  gint64 total = 0;

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  for (guint i = 0; i < self->n_devices; i++)
    {
      if (!matches (self, &self->devices[i], query))
        continue;

      if (total >= offset && total < offset + limit)
        add_device (self, out, NULL, &self->devices[i], FALSE);
      total++;
    }
  bw_json_end_array (out);
  bw_json_add_int (out, "total", total);
  bw_json_end_object (out);
}

/* How many have each version, or each status, of those that all other conditions are true of. */
static void
list_values (BwFakeBackend *self,
             GHashTable    *query,
             GString       *out)
{
  gboolean is_version = g_strcmp0 (g_hash_table_lookup (query, "field"), "version") == 0;
  g_autoptr(GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer value, n;

  for (guint i = 0; i < self->n_devices; i++)
    {
      gpointer key = (gpointer) (is_version ? get_version (self, &self->devices[i]) : self->devices[i].status);

      if (matches (self, &self->devices[i], query))
        g_hash_table_insert (counts, key, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) + 1));
    }

  bw_json_begin_object (out, NULL);
  bw_json_add_boolean (out, "more", FALSE);
  bw_json_begin_array (out, "items");
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &value, &n))
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "value", value);
      bw_json_add_int (out, "n", GPOINTER_TO_UINT (n));
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);
}

/* (element-type utf8): the ids that the filter of a job means */
static GPtrArray *
get_matching (BwFakeBackend *self,
              JsonObject    *request)
{
  GPtrArray *ids = g_ptr_array_new ();
  JsonObject *filter = bw_json_get_object (request, "filter");
  g_autoptr(GHashTable) query = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GList) keys = filter != NULL ? json_object_get_members (filter) : NULL;

  for (GList *l = keys; l != NULL; l = l->next)
    g_hash_table_insert (query, l->data, (gpointer) bw_json_get_string (filter, l->data));

  for (guint i = 0; i < self->n_devices; i++)
    {
      if (matches (self, &self->devices[i], query))
        g_ptr_array_add (ids, self->devices[i].id);
    }

  return ids;
}

/* Returns: 0 when it is none of these routes */
static guint
answer_fleet (BwFakeBackend *self,
              const char    *method,
              const char    *path,
              GHashTable    *query,
              JsonObject    *request,
              GString       *out)
{
  g_autoptr(GPtrArray) matching = NULL;
  guint status = 0;

  if (g_str_equal (path, "/v1/devices/values") && query != NULL)
    {
      list_values (self, query, out);
      return 200;
    }

  if (g_str_equal (path, "/v1/devices/export.csv"))
    {
      g_free (self->last_list);
      self->last_list = g_strdup ("export");
      bw_fake_bulk_write_export (request, out);
      return 200;
    }

  matching = get_matching (self, request);
  status = bw_fake_bulk_answer (self->bulk, method, path, query, request, matching, self->refusals, out);
  if (status == 0)
    status = bw_fake_kept_answer (self->bulk, method, path, request, out);

  return status;
}

static void
write_overview (BwFakeBackend *self,
                GString       *out)
{
  guint n_awaiting = 0;

  for (guint i = 0; i < self->n_devices; i++)
    n_awaiting += g_str_equal (self->devices[i].status, "awaiting-approval");

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", "overview");
  bw_json_add_int (out, "revision", 1);
  bw_json_add_int (out, "total", self->n_devices);
  bw_json_begin_object (out, "byStatus");
  bw_json_add_int (out, "awaiting-approval", n_awaiting);
  bw_json_end_object (out);
  bw_json_end_object (out);
}

static const char *
get_status_after (const char *action)
{
  if (g_str_equal (action, "approve") || g_str_equal (action, "unblock"))
    return "paired";

  return g_str_equal (action, "block") ? "blocked" : "awaiting-approval";
}

static void
act (BwFakeBackend *self,
     JsonObject    *request,
     GString       *out)
{
  JsonArray *ids = bw_json_get_array (request, "ids");

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "results");
  for (guint i = 0; i < json_array_get_length (ids); i++)
    {
      const char *id = json_array_get_string_element (ids, i);
      const char *reason = g_hash_table_lookup (self->refusals, id);
      FakeDevice *device = find_device (self, id);

      if (device != NULL && reason == NULL)
        {
          device->status = get_status_after (bw_json_get_string (request, "action"));
          device->revision++;
        }

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "id", id);
      bw_json_add_string (out, "reason", reason);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);
}

static void
write_command (BwFakeBackend *self,
               const char    *member,
               const char    *state,
               const char    *reason,
               GString       *out)
{
  g_autofree char *id = g_strdup_printf ("c%u", self->n_sets);

  bw_json_begin_object (out, member);
  bw_json_add_string (out, "id", id);
  bw_json_add_int (out, "revision", ++self->command_revision);
  bw_json_add_string (out, "deviceId", self->last_command_device);
  bw_json_add_string (out, "node", self->last_command_node);
  bw_json_add_string (out, "property", self->last_command_property);
  bw_json_add_string (out, "value", self->last_command_value);
  bw_json_add_string (out, "state", state);
  bw_json_add_string (out, "reason", reason);
  bw_json_add_int (out, "createdAt", FIRST_SEEN_US + self->n_sets);
  bw_json_add_int (out, "updatedAt", FIRST_SEEN_US + self->n_sets);
  bw_json_end_object (out);
}

static void
set_value (BwFakeBackend *self,
           const char    *device_id,
           JsonObject    *request,
           GString       *out)
{
  g_free (self->last_command_device);
  g_free (self->last_command_node);
  g_free (self->last_command_property);
  g_free (self->last_command_value);
  self->last_command_device = g_strdup (device_id);
  self->last_command_node = g_strdup (bw_json_get_string (request, "node"));
  self->last_command_property = g_strdup (bw_json_get_string (request, "property"));
  self->last_command_value = g_strdup (bw_json_get_string (request, "value"));
  self->n_sets++;
  write_command (self, NULL, "wanted", NULL, out);
}

static void
write_session (BwFakeBackend *self,
               GString       *out)
{
  g_autofree char *url = g_strdup_printf ("mqtt://127.0.0.1:%u", self->broker_port);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", "s1");
  bw_json_add_string (out, "user", "admin");
  bw_json_add_string (out, "userName", "Ada");
  bw_json_add_string (out, "companyId", "main");
  bw_json_begin_array (out, "permissions");
  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    bw_json_add_string (out, NULL, bw_permission_to_nick (i));
  bw_json_end_array (out);
  bw_json_add_boolean (out, "mustChangePassword", FALSE);
  bw_json_begin_object (out, "broker");
  bw_json_add_string (out, "url", url);
  bw_json_add_string (out, "username", "s1");
  bw_json_end_object (out);
  bw_json_end_object (out);
}

/* One value waits at a time. */
static guint
answer_desired (BwFakeBackend *self,
                const char    *device_id,
                JsonObject    *request,
                GString       *out)
{
  g_clear_pointer (&self->desired, g_free);
  if (request == NULL)
    return 204;

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "deviceId", device_id);
  bw_json_add_string (out, "node", bw_json_get_string (request, "node"));
  bw_json_add_string (out, "property", bw_json_get_string (request, "property"));
  bw_json_add_string (out, "value", bw_json_get_string (request, "value"));
  bw_json_add_string (out, "state", "pending");
  bw_json_add_null (out, "reason");
  bw_json_add_string (out, "by", "admin");
  bw_json_add_int (out, "createdAt", FIRST_SEEN_US);
  bw_json_add_int (out, "expiresAt", FIRST_SEEN_US + 1);
  bw_json_end_object (out);
  self->desired = g_strdup (out->str);

  return 200;
}

static guint
answer_device (BwFakeBackend     *self,
               SoupServerMessage *message,
               const char        *rest,
               JsonObject        *request,
               GString           *out)
{
  g_auto(GStrv) parts = g_strsplit (rest, "/", 2);
  FakeDevice *device = find_device (self, parts[0]);

  if (device == NULL)
    {
      g_string_append (out, "{\"code\":\"not-found\",\"detail\":\"there is no such device\"}");
      return 404;
    }

  if (parts[1] == NULL)
    {
      add_device (self, out, NULL, device, TRUE);
      return 200;
    }

  if (g_str_equal (parts[1], "desired"))
    return answer_desired (self, device->id, request, out);

  g_free (self->last_set);
  self->last_set = g_strdup (soup_server_message_get_request_body (message)->data);

  if (g_hash_table_contains (self->refusals, device->id))
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "code", "conflict");
      bw_json_add_string (out, "detail", g_hash_table_lookup (self->refusals, device->id));
      bw_json_end_object (out);
      return 409;
    }

  set_value (self, device->id, request, out);

  return 202;
}

/* One of each kind in turn, the last one now, two hours between them. */
static void
write_timeline (BwFakeBackend *self,
                GHashTable    *query,
                GString       *out)
{
  static const char * const events[] = {
    "\"n\":1,\"kind\":\"connection\",\"by\":null,\"details\":{\"online\":true,\"address\":\"192.0.2.7\"}",
    "\"n\":1,\"kind\":\"state\",\"by\":null,\"details\":{\"from\":\"init\",\"to\":\"ready\"}",
    "\"n\":1,\"kind\":\"command\",\"by\":\"ada@example.org\",\"details\":{\"node\":\"light\",\"property\":\"on\",\"value\":\"true\",\"state\":\"confirmed\",\"reason\":null}",
    "\"n\":1,\"kind\":\"command\",\"by\":\"ada@example.org\",\"details\":{\"node\":\"light\",\"property\":\"level\",\"value\":\"80\",\"state\":\"failed\",\"reason\":\"timed out\"}",
    "\"n\":3,\"kind\":\"notice\",\"by\":null,\"details\":{\"level\":\"warning\",\"alert\":false,\"text\":\"The filter is <b>full</b>, and this is a long sentence about what to do with a filter that is full and has been so for a week\"}",
    "\"n\":1,\"kind\":\"firmware\",\"by\":null,\"details\":{\"product\":\"Lamp\",\"version\":\"1.4.2\",\"productBefore\":\"Lamp\",\"versionBefore\":\"1.4.1\"}",
    "\"n\":1,\"kind\":\"description\",\"by\":null,\"details\":{\"nodes\":3,\"properties\":12}",
    "\"n\":634,\"kind\":\"connection\",\"by\":null,\"details\":{\"online\":false,\"cause\":\"lost\"}",
    "\"n\":1,\"kind\":\"admission\",\"by\":\"admin\",\"details\":{\"action\":\"approve\"}",
    "\"n\":1,\"kind\":\"tag\",\"by\":\"admin\",\"details\":{\"action\":\"tag\"}",
    "\"n\":1,\"kind\":\"first-seen\",\"by\":null,\"details\":{\"address\":\"192.0.2.7\"}",
    "\"n\":1,\"kind\":\"love\",\"by\":null,\"details\":{}",
  };
  const char *before = g_hash_table_lookup (query, "before");
  const char *kind = g_hash_table_lookup (query, "kind");
  guint next = before != NULL ? (guint) g_ascii_strtoull (strchr (before, 'e') + 1, NULL, 10) : self->n_events;
  guint n_left = (guint) g_ascii_strtoull (g_hash_table_lookup (query, "limit"), NULL, 10);
  gint64 now_us = g_get_real_time ();

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  for (; next > 0 && n_left > 0; next--)
    {
      const char *event = events[(self->n_events - next) % G_N_ELEMENTS (events)];
      gint64 at_us = now_us - (gint64) (self->n_events - next) * 2 * G_TIME_SPAN_HOUR;
      g_autofree char *item = g_strdup_printf ("{\"id\":\"%" G_GINT64_FORMAT "-e%u\",\"at\":%" G_GINT64_FORMAT ",\"since\":0,\"text\":\"number %u\",%s}",
                                               at_us, next, at_us, next, event);
      g_autofree char *quoted = g_strdup_printf ("\"kind\":\"%s\"", kind);

      if (kind != NULL && strchr (kind, ',') == NULL && strstr (item, quoted) == NULL)
        continue;

      bw_json_add_raw (out, NULL, item);
      n_left--;
    }
  bw_json_end_array (out);
  bw_json_end_object (out);
}

static guint
answer (BwFakeBackend     *self,
        SoupServerMessage *message,
        const char        *path,
        GHashTable        *query,
        GString           *out)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr(JsonObject) request = NULL;
  guint status;

  if (body->length > 0)
    request = bw_json_parse_object (body->data, (gsize) body->length, 1024 * 1024, NULL);

  if (self->is_down)
    {
      g_string_append (out, "{\"code\":\"unavailable\",\"detail\":\"the test switched it off\"}");
      return 503;
    }

  if (self->more != NULL && (status = self->more (path, query, out, self->more_data)) != 0)
    return status;

  status = answer_fleet (self, soup_server_message_get_method (message), path, query, request, out);
  if (status != 0)
    return status;

  if (g_str_equal (path, "/v1/sessions/current"))
    write_session (self, out);
  else if (g_str_equal (path, "/v1/overview/trends"))
    bw_fake_history_write_trends (out);
  else if (g_str_equal (path, "/v1/overview"))
    write_overview (self, out);
  else if (g_str_equal (path, "/v1/companies"))
    g_string_append (out, "{\"items\":[{\"id\":\"main\",\"revision\":1,\"name\":\"Main Company\",\"alias\":\"main\",\"parentId\":null}]}");
  else if (g_str_equal (path, "/v1/batches"))
    g_string_append (out, "{\"items\":[]}");
  else if (g_str_equal (path, "/v1/devices/actions") && request != NULL)
    act (self, request, out);
  else if (g_str_has_prefix (path, "/v1/devices/") && g_str_has_suffix (path, "/timeline"))
    write_timeline (self, query, out);
  else if (g_str_has_prefix (path, "/v1/devices/"))
    return answer_device (self, message, path + strlen ("/v1/devices/"), request, out);
  else if (g_str_equal (path, "/v1/devices"))
    {
      g_free (self->last_list);
      self->last_list = g_uri_to_string (soup_server_message_get_uri (message));
      self->n_lists++;
      list_devices (self, query, out);
    }
  else
    {
      g_string_append (out, "{\"code\":\"not-found\",\"detail\":\"there is no such route\"}");
      return 404;
    }

  return 200;
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  g_autoptr(GString) out = g_string_new (NULL);
  guint status = answer (user_data, message, path, query, out);

  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, out->str, out->len);
  soup_server_message_set_status (message, status, NULL);
}

static void
make_id (guint number,
         char  ret_id[BW_DEVICE_ID_SIZE])
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (number);
  uint8_t random[BW_DEVICE_ID_RANDOM_BYTES];

  for (guint i = 0; i < sizeof random; i++)
    random[i] = (uint8_t) g_rand_int_range (rand, 0, 256);

  bw_device_id_from_random (random, ret_id);
}

BwFakeBackend *
bw_fake_backend_new (guint16 broker_port,
                     guint   n_devices)
{
  BwFakeBackend *self = g_new0 (BwFakeBackend, 1);
  g_autoptr(GError) error = NULL;
  g_autoslist(GUri) uris = NULL;
  g_autofree char *uri = NULL;

  self->broker_port = broker_port != 0 ? broker_port : bw_test_free_port ();
  self->n_devices = n_devices;
  self->devices = g_new0 (FakeDevice, n_devices);
  self->refusals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->nodes = g_strdup ("[]");
  self->bulk = bw_fake_bulk_new ();

  for (guint i = 0; i < n_devices; i++)
    {
      make_id (i, self->devices[i].id);
      self->devices[i].status = i % 4 == 0 ? "awaiting-approval" : "paired";
      self->devices[i].online = TRUE;
      self->devices[i].revision = 1;
    }

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  if (!soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    g_error ("the fake backend cannot listen: %s", error->message);

  uris = soup_server_get_uris (self->server);
  uri = g_uri_to_string (uris->data);
  self->uri = g_strndup (uri, strlen (uri) - g_str_has_suffix (uri, "/"));

  return self;
}

void
bw_fake_backend_free (BwFakeBackend *self)
{
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_hash_table_unref (self->refusals);
  bw_fake_bulk_free (self->bulk);
  g_free (self->uri);
  g_free (self->devices);
  g_free (self->nodes);
  g_free (self->last_list);
  g_free (self->desired);
  g_free (self->desired);
  g_free (self->last_set);
  g_free (self->last_command_device);
  g_free (self->last_command_node);
  g_free (self->last_command_property);
  g_free (self->last_command_value);
  g_free (self);
}

static void
resumed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  gboolean *is_done = user_data;

  bw_session_resume_finish (BW_SESSION (source), result, &error);
  g_assert_no_error (error);
  *is_done = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

BwSession *
bw_fake_backend_make_session (BwFakeBackend *self)
{
  g_autoptr(GError) error = NULL;
  BwSession *session = bw_session_new (self->uri, &error);
  gboolean is_done = FALSE;

  g_assert_no_error (error);
  bw_session_resume_async (session, "token", NULL, resumed_cb, &is_done);
  bw_test_wait_for (is_true, &is_done);

  return session;
}

const char *
bw_fake_backend_get_id (BwFakeBackend *self,
                        guint          n)
{
  return self->devices[n].id;
}

const char *
bw_fake_backend_get_status (BwFakeBackend *self,
                            const char    *device_id)
{
  const FakeDevice *device = find_device (self, device_id);

  return device != NULL ? device->status : NULL;
}

void
bw_fake_backend_set_status (BwFakeBackend *self,
                            guint          n,
                            const char    *status)
{
  self->devices[n].status = g_intern_string (status);
  self->devices[n].revision++;
}

void
bw_fake_backend_set_online (BwFakeBackend *self,
                            guint          n,
                            gboolean       online)
{
  self->devices[n].online = online;
  self->devices[n].revision++;
}

void
bw_fake_backend_set_n_events (BwFakeBackend *self,
                              guint          n_events)
{
  self->n_events = n_events;
}

void
bw_fake_backend_set_nodes (BwFakeBackend *self,
                           const char    *nodes)
{
  g_free (self->nodes);
  self->nodes = g_strdup (nodes);
}

void
bw_fake_backend_refuse (BwFakeBackend *self,
                        const char    *device_id,
                        const char    *reason)
{
  g_hash_table_replace (self->refusals, g_strdup (device_id), g_strdup (reason));
}

void
bw_fake_backend_set_more (BwFakeBackend *self,
                          BwFakeMore     more,
                          gpointer       data)
{
  self->more = more;
  self->more_data = data;
}

void
bw_fake_backend_set_down (BwFakeBackend *self,
                          gboolean       is_down)
{
  self->is_down = is_down;
}

const char *
bw_fake_backend_get_last_list (BwFakeBackend *self)
{
  return self->last_list;
}

guint
bw_fake_backend_get_n_lists (BwFakeBackend *self)
{
  return self->n_lists;
}

const char *
bw_fake_backend_get_last_set (BwFakeBackend *self)
{
  return self->last_set;
}

guint
bw_fake_backend_get_n_sets (BwFakeBackend *self)
{
  return self->n_sets;
}

char *
bw_fake_backend_make_command (BwFakeBackend *self,
                              const char    *state,
                              const char    *reason)
{
  GString *out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "kind", "command");
  write_command (self, "document", state, reason, out);
  bw_json_end_object (out);

  return g_string_free (out, FALSE);
}

char *
bw_fake_backend_make_device (BwFakeBackend *self,
                             guint          n)
{
  GString *out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "kind", "device");
  add_device (self, out, "document", &self->devices[n], FALSE);
  bw_json_end_object (out);

  return g_string_free (out, FALSE);
}

BwFakeBulk *
bw_fake_backend_get_bulk (BwFakeBackend *self)
{
  return self->bulk;
}
