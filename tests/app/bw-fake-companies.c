/* bw-fake-companies.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-fake-companies.h"

#include <string.h>

#include <libsoup/soup.h>

#include "bw-json.h"
#include "bw-test.h"

#define CREATED_US G_GINT64_CONSTANT (1790000000000000)

struct _BwFakeCompanies
{
  SoupServer *server;
  char       *uri;
  GPtrArray  *companies;     /* (element-type JsonObject) */
  GPtrArray  *tags;          /* (element-type JsonObject) */
  guint       permissions;
  guint       next_id;
  gboolean    is_down;
  gboolean    is_parking;
  char       *refusal;
  char       *last;
  GString    *list;          /* (nullable): of the companies as they were written last */
};

static JsonObject *
find (GPtrArray  *things,
      const char *member,
      const char *value)
{
  for (guint i = 0; i < things->len; i++)
    {
      JsonObject *thing = g_ptr_array_index (things, i);

      if (g_strcmp0 (bw_json_get_string (thing, member), value) == 0)
        return thing;
    }

  return NULL;
}

static JsonObject *
add_thing (BwFakeCompanies *self,
           GPtrArray       *things,
           const char      *name)
{
  JsonObject *thing = json_object_new ();
  g_autofree char *id = g_strdup_printf ("%u", things == self->tags ? things->len + 1 : self->next_id++);

  json_object_set_string_member (thing, "id", id);
  json_object_set_int_member (thing, "revision", 1);
  json_object_set_string_member (thing, "name", name);
  json_object_set_int_member (thing, "createdAt", CREATED_US);
  json_object_set_int_member (thing, "editedAt", CREATED_US);
  g_ptr_array_add (things, thing);

  return thing;
}

static JsonObject *
add_company (BwFakeCompanies *self,
             const char      *name,
             const char      *alias,
             const char      *parent_id)
{
  JsonObject *company = add_thing (self, self->companies, name);

  json_object_set_string_member (company, "alias", alias);
  if (parent_id != NULL)
    json_object_set_string_member (company, "parentId", parent_id);
  else
    json_object_set_null_member (company, "parentId");
  json_object_set_string_member (company, "address", "");
  json_object_set_string_member (company, "phone", "");
  json_object_set_string_member (company, "email", "");
  json_object_set_array_member (company, "tags", json_array_new ());
  json_object_set_int_member (company, "nDevices", self->next_id % 7);
  json_object_set_int_member (company, "nParticipations", (self->next_id + 1) % 3);
  json_object_set_int_member (company, "nSubsidiaries", 0);

  return company;
}

static void
fill_below (BwFakeCompanies *self,
            const char      *parent_id,
            guint            n,
            guint            width,
            guint            depth)
{
  g_autoptr(GQueue) parents = g_queue_new ();

  /* Level by level, so that parents are before their children. */
  g_queue_push_tail (parents, g_strdup (parent_id));
  g_queue_push_tail (parents, GUINT_TO_POINTER (0));
  while (!g_queue_is_empty (parents))
    {
      g_autofree char *above = g_queue_pop_head (parents);
      guint level = GPOINTER_TO_UINT (g_queue_pop_head (parents));

      for (guint i = 0; i < width && level < depth && self->companies->len < n; i++)
        {
          g_autofree char *name = g_strdup_printf ("Company %u", self->next_id);
          g_autofree char *alias = g_strdup_printf ("company-%u", self->next_id);
          JsonObject *company = add_company (self, name, alias, above);
          JsonObject *parent = find (self->companies, "id", above);

          json_object_set_int_member (parent, "nSubsidiaries", bw_json_get_int (parent, "nSubsidiaries", 0) + 1);
          g_queue_push_tail (parents, g_strdup (bw_json_get_string (company, "id")));
          g_queue_push_tail (parents, GUINT_TO_POINTER (level + 1));
        }
    }
}

static void
write_list (GPtrArray *things,
            GString   *out)
{
  g_string_append_printf (out, "{\"total\":%u,\"items\":[", things->len);
  for (guint i = 0; i < things->len; i++)
    {
      g_autoptr(JsonNode) node = json_node_alloc ();
      g_autofree char *text = NULL;

      json_node_init_object (node, g_ptr_array_index (things, i));
      text = json_to_string (node, FALSE);
      g_string_append (i > 0 ? g_string_append_c (out, ',') : out, text);
    }
  g_string_append (out, "]}");
}

static void
write_thing (JsonObject *thing,
             GString    *out)
{
  g_autoptr(JsonNode) node = json_node_alloc ();
  g_autofree char *text = NULL;

  json_node_init_object (node, thing);
  text = json_to_string (node, FALSE);
  g_string_append (out, text);
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

static void
write_session (BwFakeCompanies *self,
               GString         *out)
{
  g_autofree char *url = g_strdup_printf ("mqtt://127.0.0.1:%u", bw_test_free_port ());

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", "s1");
  bw_json_add_string (out, "user", "admin");
  bw_json_add_string (out, "userId", "1");
  bw_json_add_string (out, "userName", "Ada");
  bw_json_add_string (out, "companyId", "1");
  bw_json_add_string (out, "company", "Main Company");
  bw_json_add_string (out, "participationId", "1");
  bw_permissions_write (out, "permissions", self->permissions);
  bw_json_add_boolean (out, "mustChangePassword", FALSE);
  bw_json_begin_object (out, "broker");
  bw_json_add_string (out, "url", url);
  bw_json_add_string (out, "username", "s1");
  bw_json_end_object (out);
  bw_json_end_object (out);
}

static void
write_preview (BwFakeCompanies *self,
               GString         *out)
{
  g_string_append_printf (out,
                          "{\"parked\":%s,\"nUsers\":1,\"items\":[{\"userId\":\"2\",\"user\":\"Grace Hopper\","
                          "\"company\":\"Main Company\",\"gains\":[\"view-devices\"],\"loses\":[],\"nCompanies\":1,"
                          "\"nDevices\":3,\"objects\":[\"Lamp 1\"]}]}", self->is_parking ? "true" : "false");
}

static guint
write_request (GString *out)
{
  g_string_append_printf (out,
                          "{\"request\":{\"id\":\"7\",\"revision\":1,\"kind\":\"company\",\"action\":\"edit\","
                          "\"objectId\":\"2\",\"object\":\"Company 2\",\"state\":\"pending\",\"createdAt\":%" G_GINT64_FORMAT "}}",
                          CREATED_US);

  return 202;
}

static void
take_members (JsonObject *thing,
              JsonObject *request)
{
  g_autoptr(GList) names = json_object_get_members (request);

  for (GList *l = names; l != NULL; l = l->next)
    {
      if (!g_str_equal (l->data, "revision") && !g_str_equal (l->data, "comment"))
        json_object_set_member (thing, l->data, json_node_copy (json_object_get_member (request, l->data)));
    }

  json_object_set_int_member (thing, "revision", bw_json_get_int (thing, "revision", 0) + 1);
}

static void
forget_list (BwFakeCompanies *self)
{
  if (self->list != NULL)
    g_string_free (self->list, TRUE);

  self->list = NULL;
}

static guint
create (BwFakeCompanies *self,
        GPtrArray       *things,
        JsonObject      *request,
        GString         *out)
{
  const char *name = bw_json_get_string (request, "name");
  JsonObject *thing;

  if (things == self->tags)
    thing = add_thing (self, things, name);
  else
    thing = add_company (self, name, bw_json_get_string (request, "alias"), bw_json_get_string (request, "parentId"));

  take_members (thing, request);
  write_thing (thing, out);

  return 201;
}

static guint
edit (BwFakeCompanies *self,
      GPtrArray       *things,
      JsonObject      *thing,
      JsonObject      *request,
      gboolean         is_preview,
      GString         *out)
{
  const char *alias = bw_json_get_string (request, "alias");

  if (bw_json_get_int (request, "revision", 0) != bw_json_get_int (thing, "revision", 0))
    return refuse (out, 409, "conflict", "it is another one now");

  /* One that nobody in reach has. */
  if (g_strcmp0 (alias, "taken") == 0)
    return refuse (out, 409, "conflict", "another company has the alias “taken”");

  if (is_preview)
    {
      write_preview (self, out);
      return 200;
    }

  if (self->is_parking && json_object_has_member (request, "parentId"))
    return write_request (out);

  take_members (thing, request);
  write_thing (thing, out);

  return 200;
}

static guint
remove_thing (BwFakeCompanies *self,
              GPtrArray       *things,
              JsonObject      *thing,
              gboolean         is_preview,
              GString         *out)
{
  if (things == self->companies && self->refusal != NULL)
    return refuse (out, 409, "conflict", self->refusal);

  if (is_preview)
    {
      write_preview (self, out);
      return 200;
    }

  if (things == self->companies && self->is_parking)
    return write_request (out);

  g_ptr_array_remove (things, thing);

  return 204;
}

static guint
answer_things (BwFakeCompanies *self,
               const char      *method,
               GPtrArray       *things,
               const char      *id,
               JsonObject      *request,
               gboolean         is_preview,
               GString         *out)
{
  JsonObject *thing = *id != '\0' ? find (things, "id", id) : NULL;

  if (*id != '\0' && thing == NULL)
    return refuse (out, 404, "not-found", "there is no such thing");

  if (g_str_equal (method, "POST"))
    return create (self, things, request, out);

  if (g_str_equal (method, "PATCH"))
    return edit (self, things, thing, request, is_preview, out);

  if (g_str_equal (method, "DELETE"))
    return remove_thing (self, things, thing, is_preview, out);

  if (thing != NULL)
    {
      write_thing (thing, out);
      return 200;
    }

  if (things != self->companies)
    {
      write_list (things, out);
      return 200;
    }

  /* It answers in the process that is measured. */
  if (self->list == NULL)
    {
      self->list = g_string_new (NULL);
      write_list (things, self->list);
    }
  g_string_append_len (out, self->list->str, (gssize) self->list->len);

  return 200;
}

static guint
answer (BwFakeCompanies   *self,
        SoupServerMessage *message,
        const char        *path,
        GHashTable        *query,
        GString           *out)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  const char *method = soup_server_message_get_method (message);
  gboolean is_preview = query != NULL && g_hash_table_contains (query, "preview");
  g_autoptr(JsonObject) request = NULL;
  const char *kinds[] = { "/v1/companies", "/v1/tags" };

  if (body->length > 0)
    request = bw_json_parse_object (body->data, (gsize) body->length, 1024 * 1024, NULL);

  if (self->is_down)
    return refuse (out, 503, "unavailable", "the test switched it off");

  if (!g_str_equal (method, "GET") && !is_preview)
    {
      g_autofree char *all = g_uri_to_string (soup_server_message_get_uri (message));

      forget_list (self);
      g_free (self->last);
      self->last = g_strdup_printf ("%s %s %.*s", method, strstr (all, "/v1"), (int) body->length,
                                    body->length > 0 ? body->data : "");
    }

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize length = strlen (kinds[i]);

      if (g_str_has_prefix (path, kinds[i]))
        return answer_things (self, method, i == 0 ? self->companies : self->tags,
                              path[length] == '/' ? path + length + 1 : "", request, is_preview, out);
    }

  if (g_str_equal (path, "/v1/sessions/current"))
    write_session (self, out);
  else if (g_str_equal (path, "/v1/participations"))
    g_string_append_printf (out,
                            "{\"total\":1,\"items\":[{\"id\":\"5\",\"revision\":1,\"userId\":\"2\",\"user\":\"Grace Hopper\","
                            "\"email\":\"grace@example.org\",\"companyId\":\"2\",\"company\":\"%s\",\"roleId\":\"1\","
                            "\"role\":\"Support\",\"firstDay\":null,\"lastDay\":null,\"active\":true,\"createdAt\":1,"
                            "\"editedAt\":1}]}", (const char *) g_hash_table_lookup (query, "company"));
  else
    return refuse (out, 404, "not-found", "there is no such route");

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

BwFakeCompanies *
bw_fake_companies_new (guint n,
                       guint width,
                       guint depth)
{
  BwFakeCompanies *self = g_new0 (BwFakeCompanies, 1);
  g_autoptr(GError) error = NULL;
  g_autoslist(GUri) uris = NULL;
  g_autofree char *uri = NULL;
  JsonObject *second;

  self->next_id = 1;
  self->companies = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  self->tags = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  add_company (self, "Main Company", "main", NULL);
  fill_below (self, "1", n, width, depth);

  json_object_set_string_member (add_thing (self, self->tags, "Lab"), "color", "#2ec27e");
  json_object_set_string_member (add_thing (self, self->tags, "North"), "color", "#e66100");
  for (guint i = 0; i < self->tags->len; i++)
    {
      json_object_set_array_member (g_ptr_array_index (self->tags, i), "companyIds", json_array_new ());
      json_object_set_int_member (g_ptr_array_index (self->tags, i), "nObjects", i == 0 ? 1 : 0);
    }

  second = find (self->companies, "id", "2");
  if (second != NULL)
    json_array_add_string_element (bw_json_get_array (second, "tags"), "1");

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
bw_fake_companies_free (BwFakeCompanies *self)
{
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  forget_list (self);
  g_ptr_array_unref (self->companies);
  g_ptr_array_unref (self->tags);
  g_free (self->uri);
  g_free (self->refusal);
  g_free (self->last);
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
bw_fake_companies_make_session (BwFakeCompanies *self,
                                guint            permissions)
{
  g_autoptr(GError) error = NULL;
  BwSession *session = bw_session_new (self->uri, &error);
  gboolean is_done = FALSE;

  g_assert_no_error (error);
  self->permissions = permissions;
  bw_session_resume_async (session, "token", NULL, resumed_cb, &is_done);
  bw_test_wait_for (is_true, &is_done);

  return session;
}

void
bw_fake_companies_set_down (BwFakeCompanies *self,
                            gboolean         is_down)
{
  self->is_down = is_down;
}

void
bw_fake_companies_set_parking (BwFakeCompanies *self,
                               gboolean         is_parking)
{
  self->is_parking = is_parking;
}

void
bw_fake_companies_refuse (BwFakeCompanies *self,
                          const char      *reason)
{
  g_free (self->refusal);
  self->refusal = g_strdup (reason);
}

void
bw_fake_companies_rename (BwFakeCompanies *self,
                          const char      *company_id,
                          const char      *name)
{
  JsonObject *company = find (self->companies, "id", company_id);

  forget_list (self);
  json_object_set_string_member (company, "name", name);
  json_object_set_int_member (company, "revision", bw_json_get_int (company, "revision", 0) + 1);
}

const char *
bw_fake_companies_get_last (BwFakeCompanies *self)
{
  return self->last;
}

const char *
bw_fake_companies_get_text (BwFakeCompanies *self,
                            const char      *kind,
                            const char      *id,
                            const char      *member)
{
  JsonObject *thing = find (g_str_equal (kind, "tag") ? self->tags : self->companies, "id", id);

  return thing != NULL ? bw_json_get_string (thing, member) : NULL;
}
