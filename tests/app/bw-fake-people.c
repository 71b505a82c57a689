/* bw-fake-people.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-fake-people.h"

#include <string.h>

#include <libsoup/soup.h>

#include "bw-json.h"
#include "bw-permission.h"
#include "bw-test.h"

#define MAX_LIMIT 500
#define CREATED_US G_GINT64_CONSTANT (1790000000000000)
#define TOTP_CODE "123456"
#define INVITATION_CODE "ABCD-EFGH-IJKL"

struct _BwFakePeople
{
  SoupServer *server;
  char       *uri;
  GHashTable *kinds;        /* "users" → GPtrArray of JsonObject */
  gboolean    is_down;
  gboolean    is_parking;
  gboolean    has_totp;
  gboolean    is_other_session_over;
  guint       last_id;
  char       *last_list;
  char       *last_change;
  char       *first_name;
};

static GPtrArray *
get_kind (BwFakePeople *self,
          const char   *kind)
{
  return g_hash_table_lookup (self->kinds, kind);
}

JsonObject *
bw_fake_people_lookup (BwFakePeople *self,
                       const char   *kind,
                       const char   *id)
{
  GPtrArray *documents = get_kind (self, kind);

  for (guint i = 0; documents != NULL && i < documents->len; i++)
    {
      if (g_strcmp0 (bw_json_get_string (documents->pdata[i], "id"), id) == 0)
        return documents->pdata[i];
    }

  return NULL;
}

static void
add (BwFakePeople *self,
     const char   *kind,
     const char   *json)
{
  g_autoptr(GError) error = NULL;
  JsonObject *document = bw_json_parse_object (json, strlen (json), 1024 * 1024, &error);

  g_assert_no_error (error);
  g_ptr_array_add (get_kind (self, kind), document);
}

static void
append_document (GString    *out,
                 JsonObject *document)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), document);
  g_autofree char *text = json_to_string (node, FALSE);

  g_string_append (out, text);
}

static gboolean
matches (JsonObject *document,
         GHashTable *query)
{
  GHashTableIter iter;
  gpointer name, value;
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), document);
  g_autofree char *text = json_to_string (node, FALSE);

  if (query == NULL)
    return TRUE;

  g_hash_table_iter_init (&iter, query);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_autofree char *part = NULL;

      if (g_str_equal (name, "search"))
        part = g_strdup (value);
      else if (g_str_equal (name, "status") && g_str_equal (value, "suspended"))
        part = g_strdup ("\"suspended\":true");
      else if (g_str_equal (name, "status"))
        part = g_strdup_printf ("\"status\":\"%s\"", (char *) value);
      else if (g_str_equal (name, "active"))
        part = g_strdup_printf ("\"active\":%s", (char *) value);
      else if (g_str_equal (name, "user") || g_str_equal (name, "company") || g_str_equal (name, "role"))
        part = g_strdup_printf ("\"%sId\":\"%s\"", (char *) name, (char *) value);
      else if (g_str_equal (name, "tag"))
        part = g_strdup_printf ("\"%s\"", (char *) value);

      if (part != NULL && strstr (text, part) == NULL)
        return FALSE;
    }

  return TRUE;
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
list (BwFakePeople *self,
      GPtrArray    *documents,
      GHashTable   *query,
      GString      *out)
{
  gint64 offset = get_number (query, "offset", 0);
  gint64 limit = MIN (get_number (query, "limit", MAX_LIMIT), MAX_LIMIT);
  gint64 total = 0;
  gboolean is_first = TRUE;

  g_string_append (out, "{\"items\":[");
  for (guint i = 0; i < documents->len; i++)
    {
      if (!matches (documents->pdata[i], query))
        continue;

      if (total >= offset && total < offset + limit)
        {
          g_string_append (out, is_first ? "" : ",");
          append_document (out, documents->pdata[i]);
          is_first = FALSE;
        }
      total++;
    }
  g_string_append_printf (out, "],\"total\":%" G_GINT64_FORMAT "}", total);
}

static guint
refuse (GString    *out,
        guint       status,
        const char *code,
        const char *detail)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "code", code);
  bw_json_add_string (out, "detail", detail);
  bw_json_end_object (out);

  return status;
}

static guint
refuse_code (GString    *out,
             const char *detail)
{
  g_string_append_printf (out, "{\"code\":\"forbidden\",\"detail\":\"%s\",\"needs\":\"totp\"}", detail);

  return 403;
}

static void
write_session (BwFakePeople *self,
               const char   *member,
               GString      *out)
{
  bw_json_begin_object (out, member);
  bw_json_add_string (out, "id", "s1");
  bw_json_add_string (out, "user", "admin");
  bw_json_add_string (out, "userId", "u-admin");
  bw_json_add_string (out, "userName", "Ada Admin");
  bw_json_add_string (out, "firstName", self->first_name);
  bw_json_add_string (out, "lastName", "Admin");
  bw_json_add_string (out, "email", "ada@example.com");
  bw_json_add_string (out, "companyId", "c1");
  bw_json_add_string (out, "company", "Main Company");
  bw_json_add_string (out, "participationId", "p-admin");
  bw_json_add_string (out, "roleId", "r1");
  bw_json_add_string (out, "role", "Super Admin");
  bw_permissions_write (out, "permissions", BW_PERMISSION_ALL);
  bw_json_add_boolean (out, "totp", self->has_totp);
  bw_json_add_boolean (out, "mustChangePassword", FALSE);
  bw_json_begin_array (out, "participations");
  bw_json_end_array (out);
  bw_json_begin_object (out, "broker");
  bw_json_add_string (out, "url", "mqtt://127.0.0.1:1");
  bw_json_add_string (out, "username", "s1");
  bw_json_end_object (out);
  bw_json_end_object (out);
}

static guint
enter (BwFakePeople *self,
       GString      *out)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "token", "token");
  write_session (self, "session", out);
  bw_json_end_object (out);

  return 201;
}

static void
park (BwFakePeople *self,
      const char   *kind,
      GString      *out)
{
  g_string_append_printf (out, "{\"request\":{\"id\":\"q1\",\"revision\":1,\"kind\":\"%s\",\"action\":\"delete\",\"objectId\":\"1\","
                          "\"object\":\"something\",\"state\":\"pending\",\"requester\":\"Ada\",\"createdAt\":1,\"expiresAt\":2,"
                          "\"mayDecide\":false}}", kind);
}

static void
preview (GString *out)
{
  g_string_append (out, "{\"parked\":false,\"nUsers\":1,\"items\":[{\"userId\":\"u1\",\"user\":\"Grace Hopper\",\"company\":\"Acme\","
                   "\"gains\":[\"view-devices\",\"control-devices\"],\"loses\":[],\"nCompanies\":2,\"nDevices\":17,"
                   "\"objects\":[\"Acme\",\"Acme North\"]}]}");
}

/* The name of what an id means goes with it, as the real one joins it in. */
static void
join_name (BwFakePeople *self,
           JsonObject   *document,
           const char   *id_member,
           const char   *kind,
           const char   *name_member)
{
  JsonObject *other = bw_fake_people_lookup (self, kind, bw_json_get_string (document, id_member));

  if (other != NULL)
    json_object_set_string_member (document, name_member, bw_json_get_string (other, "name"));
}

static void
merge (BwFakePeople *self,
       const char   *kind,
       JsonObject   *document,
       JsonObject   *change)
{
  g_autoptr(GList) members = json_object_get_members (change);

  for (GList *l = members; l != NULL; l = l->next)
    {
      if (!g_str_equal (l->data, "revision"))
        json_object_set_member (document, l->data, json_node_copy (json_object_get_member (change, l->data)));
    }

  json_object_set_int_member (document, "revision", bw_json_get_int (document, "revision", 0) + 1);
  if (g_str_equal (kind, "participations"))
    {
      join_name (self, document, "userId", "users", "user");
      join_name (self, document, "companyId", "companies", "company");
      join_name (self, document, "roleId", "roles", "role");
    }
  else if (g_str_equal (kind, "users"))
    {
      const char *first = bw_json_get_string (document, "firstName");
      const char *last = bw_json_get_string (document, "lastName");
      g_autofree char *name = g_strdup_printf ("%s %s", first != NULL ? first : "", last != NULL ? last : "");

      json_object_set_string_member (document, "name", g_strstrip (name));
    }
}

static guint
create (BwFakePeople *self,
        const char   *kind,
        JsonObject   *request,
        GString      *out)
{
  JsonObject *document = json_object_new ();
  g_autofree char *id = g_strdup_printf ("new-%u", ++self->last_id);
  const char *email = bw_json_get_string (request, "email");

  if (g_strcmp0 (email, "taken@example.com") == 0)
    {
      json_object_unref (document);
      return refuse (out, 409, "conflict", "there is a user with this e-mail address already");
    }

  json_object_set_string_member (document, "id", id);
  json_object_set_int_member (document, "revision", 0);
  json_object_set_int_member (document, "createdAt", CREATED_US);
  if (g_str_equal (kind, "participations"))
    json_object_set_boolean_member (document, "active", TRUE);
  if (g_str_equal (kind, "users"))
    json_object_set_string_member (document, "status", "invited");
  merge (self, kind, document, request);
  g_ptr_array_add (get_kind (self, kind), document);

  append_document (out, document);
  if (g_str_equal (kind, "users"))
    {
      g_string_truncate (out, out->len - 1);
      g_string_append (out, ",\"invitation\":{\"code\":\"" INVITATION_CODE "\",\"expiresAt\":1790600000000000,\"sent\":false}}");
    }

  return 201;
}

static guint
change (BwFakePeople *self,
        const char   *method,
        const char   *kind,
        const char   *id,
        gint64        query_revision,
        JsonObject   *request,
        GString      *out)
{
  JsonObject *document = bw_fake_people_lookup (self, kind, id);
  gint64 revision = request != NULL ? bw_json_get_int (request, "revision", 0) : query_revision;

  if (document == NULL)
    return refuse (out, 404, "not-found", "there is nothing of this id");

  if (revision != bw_json_get_int (document, "revision", 0))
    return refuse (out, 409, "conflict", "somebody else changed it meanwhile");

  if (g_str_equal (method, "DELETE"))
    {
      g_ptr_array_remove (get_kind (self, kind), document);
      return 204;
    }

  merge (self, kind, document, request);
  append_document (out, document);

  return 200;
}

static guint
answer_kind (BwFakePeople *self,
             const char   *method,
             char        **parts,
             GHashTable   *query,
             JsonObject   *request,
             const char   *line,
             GString      *out)
{
  const char *kind = parts[0];
  const char *id = parts[1];

  if (get_kind (self, kind) == NULL)
    return refuse (out, 404, "not-found", "there is no such route");

  if (g_str_equal (method, "GET"))
    {
      if (id != NULL && bw_fake_people_lookup (self, kind, id) == NULL)
        return refuse (out, 404, "not-found", "there is nothing of this id");

      if (id != NULL)
        append_document (out, bw_fake_people_lookup (self, kind, id));
      else
        list (self, get_kind (self, kind), query, out);

      if (id == NULL)
        {
          g_free (self->last_list);
          self->last_list = g_strdup (line);
        }

      return 200;
    }

  if (query != NULL && g_hash_table_contains (query, "preview"))
    {
      preview (out);
      return 200;
    }

  g_free (self->last_change);
  self->last_change = g_strdup (line);
  if (id != NULL && parts[2] != NULL)
    {
      if (g_str_equal (parts[2], "log-out"))
        return 204;

      if (g_str_equal (parts[2], "totp") && g_str_equal (method, "DELETE"))
        {
          json_object_set_boolean_member (bw_fake_people_lookup (self, kind, id), "totp", FALSE);
          return 204;
        }

      g_string_append (out, "{\"code\":\"" INVITATION_CODE "\",\"expiresAt\":1790600000000000,\"sent\":true}");
      return 200;
    }

  if (self->is_parking)
    {
      park (self, kind, out);
      return 202;
    }

  if (id == NULL)
    return create (self, kind, request, out);

  return change (self, method, kind, id, get_number (query, "revision", 0), request, out);
}

static guint
answer_own (BwFakePeople *self,
            const char   *method,
            const char   *rest,
            GHashTable   *query,
            JsonObject   *request,
            GString      *out)
{
  const char *code = request != NULL ? bw_json_get_string (request, "code")
                                     : query != NULL ? g_hash_table_lookup (query, "code") : NULL;

  if (g_str_equal (rest, "") && g_str_equal (method, "PATCH"))
    {
      g_free (self->first_name);
      self->first_name = g_strdup (bw_json_get_string (request, "firstName"));
      write_session (self, NULL, out);
      return 200;
    }

  if (!g_str_equal (rest, "/totp"))
    return refuse (out, 404, "not-found", "there is no such route");

  if (g_str_equal (method, "POST"))
    {
      g_string_append (out, "{\"secret\":\"JBSWY3DPEHPK3PXP\","
                       "\"uri\":\"otpauth://totp/Bellwether:ada@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Bellwether\"}");
      return 200;
    }

  if (g_strcmp0 (code, TOTP_CODE) != 0)
    return refuse_code (out, "this code is wrong");

  self->has_totp = g_str_equal (method, "PUT");
  if (!self->has_totp)
    return 204;

  g_string_append (out, "{\"recoveryCodes\":[\"aaaa-1111\",\"bbbb-2222\",\"cccc-3333\"]}");

  return 200;
}

static guint
answer_sessions (BwFakePeople *self,
                 const char   *method,
                 const char   *rest,
                 JsonObject   *request,
                 GString      *out)
{
  if (g_str_equal (rest, "/current"))
    {
      write_session (self, NULL, out);
      return 200;
    }

  if (g_str_equal (method, "POST"))
    {
      if (g_strcmp0 (bw_json_get_string (request, "password"), "right password") != 0)
        return refuse (out, 401, "unauthenticated", "user or password is wrong");

      if (self->has_totp && bw_json_get_string (request, "code") == NULL)
        return refuse_code (out, "say the code, too");

      if (self->has_totp && g_strcmp0 (bw_json_get_string (request, "code"), TOTP_CODE) != 0)
        return refuse_code (out, "the code is wrong");

      return enter (self, out);
    }

  if (g_str_equal (method, "DELETE"))
    {
      self->is_other_session_over = TRUE;
      return 204;
    }

  g_string_append_printf (out, "{\"items\":[{\"id\":\"s1\",\"address\":\"192.0.2.1\",\"client\":\"bellwether\",\"createdAt\":%"
                          G_GINT64_FORMAT ",\"lastUsedAt\":%" G_GINT64_FORMAT ",\"expiresAt\":0,\"current\":true}",
                          CREATED_US, g_get_real_time ());
  if (!self->is_other_session_over)
    g_string_append_printf (out, ",{\"id\":\"s2\",\"address\":\"198.51.100.7\",\"client\":\"bellwetherctl\",\"createdAt\":%"
                            G_GINT64_FORMAT ",\"lastUsedAt\":%" G_GINT64_FORMAT ",\"expiresAt\":0,\"current\":false}",
                            CREATED_US, CREATED_US);
  g_string_append (out, "]}");

  return 200;
}

static guint
answer_join (BwFakePeople *self,
             const char   *path,
             JsonObject   *request,
             GString      *out)
{
  if (g_str_equal (path, "/v1/invitations"))
    return g_strcmp0 (bw_json_get_string (request, "code"), INVITATION_CODE) == 0
           ? enter (self, out) : refuse (out, 404, "not-found", "this invitation is not known");

  if (g_strcmp0 (bw_json_get_string (request, "alias"), "acme") != 0)
    return refuse (out, 404, "not-found", "no company has this alias");

  return enter (self, out);
}

static guint
answer (BwFakePeople *self,
        const char   *method,
        const char   *path,
        GHashTable   *query,
        JsonObject   *request,
        const char   *line,
        GString      *out)
{
  g_auto(GStrv) parts = NULL;

  if (self->is_down)
    return refuse (out, 503, "unavailable", "the test switched it off");

  if (g_str_equal (path, "/v1/status"))
    {
      g_string_append (out, "{\"name\":\"bellwetherd\",\"version\":\"0\",\"broker\":\"connected\",\"registration\":true}");
      return 200;
    }

  if (g_str_equal (path, "/v1/invitations") || g_str_equal (path, "/v1/registrations"))
    return answer_join (self, path, request, out);

  if (g_str_has_prefix (path, "/v1/sessions"))
    return answer_sessions (self, method, path + strlen ("/v1/sessions"), request, out);

  if (g_str_has_prefix (path, "/v1/users/me"))
    return answer_own (self, method, path + strlen ("/v1/users/me"), query, request, out);

  if (!g_str_has_prefix (path, "/v1/"))
    return refuse (out, 404, "not-found", "there is no such route");

  parts = g_strsplit (path + strlen ("/v1/"), "/", 3);

  return answer_kind (self, method, parts, query, request, line, out);
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  const char *method = soup_server_message_get_method (message);
  const char *query_text = g_uri_get_query (soup_server_message_get_uri (message));
  g_autofree char *line = NULL;
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(JsonObject) request = NULL;
  guint status;

  if (body->length > 0)
    request = bw_json_parse_object (body->data, (gsize) body->length, 1024 * 1024, NULL);

  line = g_strdup_printf ("%s %s%s%s %.*s", method, path, query_text != NULL ? "?" : "",
                          query_text != NULL ? query_text : "", (int) body->length, body->data != NULL ? body->data : "");
  status = answer (user_data, method, path, query, request, line, out);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, out->str, out->len);
  soup_server_message_set_status (message, status, NULL);
}

static void
add_user (BwFakePeople *self,
          guint         n)
{
  static const char * const names[] = { "Grace Hopper", "Alan Turing", "Olena Kovalenko", "Jürgen Groß" };
  static const char * const statuses[] = { "accepted", "invited", "self-registered" };
  g_auto(GStrv) name = g_strsplit (names[n % G_N_ELEMENTS (names)], " ", 2);
  gboolean has_participation = n % 5 != 4;
  gboolean is_expired = n % 7 == 3;
  g_autofree char *participations = NULL;
  g_autofree char *user = NULL;
  g_autofree char *participation = NULL;

  participations = has_participation ? g_strdup_printf ("{\"id\":\"p%u\",\"companyId\":\"c2\",\"company\":\"Acme\",\"roleId\":\"r2\","
                                                        "\"role\":\"Support\",\"active\":%s}", n, is_expired ? "false" : "true")
                                     : g_strdup ("");
  user = g_strdup_printf ("{\"id\":\"u%u\",\"revision\":1,\"login\":\"user%u@example.com\",\"email\":\"user%u@example.com\","
                          "\"firstName\":\"%s\",\"lastName\":\"%s\",\"name\":\"%s %s\",\"status\":\"%s\",\"suspended\":false,"
                          "\"totp\":false,\"companyId\":\"c2\",\"participations\":[%s],\"tags\":[\"t1\"],\"createdAt\":%"
                          G_GINT64_FORMAT ",\"editedAt\":%" G_GINT64_FORMAT ",\"lastSeenAt\":%" G_GINT64_FORMAT "}",
                          n, n, n, name[0], name[1], name[0], name[1], statuses[n % 3], participations, CREATED_US,
                          CREATED_US, n % 3 == 1 ? 0 : g_get_real_time () - (gint64) n * 60 * G_USEC_PER_SEC);
  add (self, "users", user);

  if (!has_participation)
    return;

  participation = g_strdup_printf ("{\"id\":\"p%u\",\"revision\":1,\"userId\":\"u%u\",\"user\":\"%s %s\",\"email\":\"user%u@example.com\","
                                   "\"companyId\":\"c2\",\"company\":\"Acme\",\"roleId\":\"r2\",\"role\":\"Support\",\"firstDay\":%s,"
                                   "\"lastDay\":%s,\"active\":%s,\"createdAt\":%" G_GINT64_FORMAT ",\"editedAt\":0}",
                                   n, n, name[0], name[1], n, is_expired ? "\"2020-01-01\"" : "null",
                                   is_expired ? "\"2020-01-31\"" : "null", is_expired ? "false" : "true", CREATED_US);
  add (self, "participations", participation);
}

BwFakePeople *
bw_fake_people_new (guint n_users)
{
  static const char * const kinds[] = { "users", "participations", "companies", "roles", "tags" };
  BwFakePeople *self = g_new0 (BwFakePeople, 1);
  g_autoptr(GError) error = NULL;
  g_autoslist(GUri) uris = NULL;
  g_autofree char *uri = NULL;

  self->first_name = g_strdup ("Ada");
  self->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_hash_table_insert (self->kinds, (gpointer) kinds[i],
                         g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref));

  add (self, "companies", "{\"id\":\"c1\",\"revision\":1,\"name\":\"Main Company\",\"alias\":\"main\",\"parentId\":null,\"tags\":[]}");
  add (self, "companies", "{\"id\":\"c2\",\"revision\":1,\"name\":\"Acme\",\"alias\":\"acme\",\"parentId\":\"c1\",\"tags\":[]}");
  add (self, "roles", "{\"id\":\"r1\",\"revision\":1,\"name\":\"Super Admin\",\"builtin\":\"super-admin\",\"permissions\":[\"manage-users\"],\"tags\":[]}");
  add (self, "roles", "{\"id\":\"r2\",\"revision\":1,\"name\":\"Support\",\"builtin\":\"support\",\"permissions\":[\"view-devices\"],\"tags\":[]}");
  add (self, "roles", "{\"id\":\"r3\",\"revision\":1,\"name\":\"Serviceman\",\"builtin\":\"serviceman\",\"permissions\":[\"view-devices\"],\"tags\":[]}");
  add (self, "tags", "{\"id\":\"t1\",\"revision\":1,\"name\":\"Pilot\",\"color\":\"#2ec27e\",\"companyIds\":[]}");
  add (self, "tags", "{\"id\":\"t2\",\"revision\":1,\"name\":\"Field\",\"color\":\"#e66100\",\"companyIds\":[]}");
  for (guint i = 0; i < n_users; i++)
    add_user (self, i);

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
bw_fake_people_free (BwFakePeople *self)
{
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_hash_table_unref (self->kinds);
  g_free (self->uri);
  g_free (self->last_list);
  g_free (self->last_change);
  g_free (self->first_name);
  g_free (self);
}

const char *
bw_fake_people_get_uri (BwFakePeople *self)
{
  return self->uri;
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
bw_fake_people_make_session (BwFakePeople *self)
{
  g_autoptr(GError) error = NULL;
  BwSession *session = bw_session_new (self->uri, &error);
  gboolean is_done = FALSE;

  g_assert_no_error (error);
  bw_session_resume_async (session, "token", NULL, resumed_cb, &is_done);
  bw_test_wait_for (is_true, &is_done);

  return session;
}

void
bw_fake_people_set_down (BwFakePeople *self,
                         gboolean      is_down)
{
  self->is_down = is_down;
}

void
bw_fake_people_set_parking (BwFakePeople *self,
                            gboolean      is_parking)
{
  self->is_parking = is_parking;
}

void
bw_fake_people_set_totp (BwFakePeople *self,
                         gboolean      has_totp)
{
  self->has_totp = has_totp;
}

guint
bw_fake_people_count (BwFakePeople *self,
                      const char   *kind)
{
  return get_kind (self, kind)->len;
}

void
bw_fake_people_set_string (BwFakePeople *self,
                           const char   *kind,
                           const char   *id,
                           const char   *member,
                           const char   *value)
{
  JsonObject *document = bw_fake_people_lookup (self, kind, id);
  g_autoptr(JsonObject) change_of_it = json_object_new ();

  json_object_set_string_member (change_of_it, member, value);
  merge (self, kind, document, change_of_it);
}

const char *
bw_fake_people_get_last_list (BwFakePeople *self)
{
  return self->last_list;
}

const char *
bw_fake_people_get_last_change (BwFakePeople *self)
{
  return self->last_change;
}
