/* bw-fake-bulk.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-fake-bulk.h"

#include <string.h>

#include "bw-json.h"

#define NAMED_MAX 20

typedef struct
{
  char       *action;
  GPtrArray  *ids;          /* (element-type utf8) */
  GHashTable *refused;      /* id → reason, of those of its devices */
  guint       n_done;
  const char *state;
  char       *undo_of;      /* (nullable) */
} Job;

/* Documents of one kind, kept as they were given. */
typedef struct
{
  const char         *path;
  char                letter;     /* that ids begin with */
  const char * const *members;
  JsonArray          *documents;
  guint               n_made;
} Kept;

struct _BwFakeBulk
{
  GPtrArray  *jobs;         /* the id is the place, from 1 */
  guint       pace;
  char       *last_request;
  char       *last_preview;
  Kept        kept[2];
};

static const char * const view_members[] = { "name", "companyId", "document", NULL };
static const char * const rule_members[] =
  { "name", "companyId", "position", "enabled", "action", "conditions", "maxPerHour", NULL };

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->action);
  g_free (job->undo_of);
  g_ptr_array_unref (job->ids);
  g_hash_table_unref (job->refused);
  g_free (job);
}

BwFakeBulk *
bw_fake_bulk_new (void)
{
  BwFakeBulk *self = g_new0 (BwFakeBulk, 1);

  self->jobs = g_ptr_array_new_with_free_func (job_free);
  self->kept[0] = (Kept) { "/v1/views", 'v', view_members, json_array_new (), 0 };
  self->kept[1] = (Kept) { "/v1/rules", 'r', rule_members, json_array_new (), 0 };

  return self;
}

void
bw_fake_bulk_free (BwFakeBulk *self)
{
  g_ptr_array_unref (self->jobs);
  for (guint i = 0; i < G_N_ELEMENTS (self->kept); i++)
    json_array_unref (self->kept[i].documents);
  g_free (self->last_request);
  g_free (self->last_preview);
  g_free (self);
}

void
bw_fake_bulk_set_pace (BwFakeBulk *self,
                       guint       n_devices)
{
  self->pace = n_devices;
}

const char *
bw_fake_bulk_get_last_request (BwFakeBulk *self)
{
  return self->last_request;
}

const char *
bw_fake_bulk_get_last_preview (BwFakeBulk *self)
{
  return self->last_preview;
}

static char *
to_text (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_alloc ();

  json_node_init_object (node, object);

  return json_to_string (node, FALSE);
}

static Job *
make_job (JsonObject *request,
          GPtrArray  *matching,
          GHashTable *refused)
{
  Job *job = g_new0 (Job, 1);
  JsonArray *ids = bw_json_get_array (request, "ids");

  job->action = g_strdup (bw_json_get_string (request, "action"));
  job->ids = g_ptr_array_new_with_free_func (g_free);
  job->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  job->state = "running";
  for (guint i = 0; i < (ids != NULL ? json_array_get_length (ids) : matching->len); i++)
    {
      const char *id = ids != NULL ? json_array_get_string_element (ids, i) : matching->pdata[i];

      g_ptr_array_add (job->ids, g_strdup (id));
      if (g_hash_table_contains (refused, id))
        g_hash_table_replace (job->refused, g_strdup (id), g_strdup (g_hash_table_lookup (refused, id)));
    }

  return job;
}

/* One that is refused as “offline” is not there for a value, which is kept then. */
static gboolean
is_kept (const Job *job,
         guint      i)
{
  return g_str_equal (job->action, "set") && g_strcmp0 (g_hash_table_lookup (job->refused, job->ids->pdata[i]), "offline") == 0;
}

static guint
count_kept (const Job *job,
            guint      n)
{
  guint n_kept = 0;

  for (guint i = 0; i < n; i++)
    n_kept += is_kept (job, i);

  return n_kept;
}

static guint
count_refused (const Job *job,
               guint      n)
{
  guint n_refused = 0;

  for (guint i = 0; i < n; i++)
    n_refused += g_hash_table_contains (job->refused, job->ids->pdata[i]) && !is_kept (job, i);

  return n_refused;
}

static void
write_preview (const Job *job,
               GString   *out)
{
  guint n_refused = count_refused (job, job->ids->len);
  guint n_named = 0;
  GHashTableIter iter;
  gpointer reason;

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", job->ids->len);
  bw_json_add_int (out, "nChange", job->ids->len - n_refused);
  bw_json_add_int (out, "nKept", count_kept (job, job->ids->len));
  bw_json_add_int (out, "nRefused", n_refused);
  bw_json_begin_array (out, "change");
  for (guint i = 0; i < job->ids->len && n_named < NAMED_MAX; i++)
    {
      if (g_hash_table_contains (job->refused, job->ids->pdata[i]))
        continue;

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "id", job->ids->pdata[i]);
      bw_json_add_null (out, "name");
      bw_json_end_object (out);
      n_named++;
    }
  bw_json_end_array (out);
  bw_json_begin_array (out, "reasons");
  g_hash_table_iter_init (&iter, job->refused);
  while (g_hash_table_iter_next (&iter, NULL, &reason))
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "reason", reason);
      bw_json_add_int (out, "n", 1);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);
}

static void
write_job (BwFakeBulk *self,
           guint       number,
           GString    *out)
{
  const Job *job = self->jobs->pdata[number - 1];
  g_autofree char *id = g_strdup_printf ("%u", number);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", id);
  bw_json_add_int (out, "revision", job->n_done + 1);
  bw_json_add_string (out, "action", job->action);
  bw_json_add_string (out, "state", job->state);
  bw_json_add_int (out, "total", job->ids->len);
  bw_json_add_int (out, "nDone", job->n_done);
  bw_json_add_int (out, "nFailed", count_refused (job, job->n_done));
  bw_json_add_int (out, "nKept", count_kept (job, job->n_done));
  bw_json_add_boolean (out, "canUndo", !g_str_equal (job->state, "running") && job->undo_of == NULL);
  bw_json_add_string (out, "undoOf", job->undo_of);
  bw_json_end_object (out);
}

static void
go_on (BwFakeBulk *self,
       Job        *job)
{
  if (!g_str_equal (job->state, "running"))
    return;

  job->n_done = self->pace == 0 ? job->ids->len : MIN (job->n_done + self->pace, job->ids->len);
  if (job->n_done == job->ids->len)
    job->state = "done";
}

static const char *
get_result (const Job *job,
            guint      i)
{
  if (i >= job->n_done)
    return "waiting";

  if (is_kept (job, i))
    return "kept";

  return g_hash_table_contains (job->refused, job->ids->pdata[i]) ? "refused" : "done";
}

static void
write_results (const Job  *job,
               GHashTable *query,
               GString    *out)
{
  const char *state = query != NULL ? g_hash_table_lookup (query, "state") : NULL;
  gint64 offset = query != NULL ? g_ascii_strtoll (g_hash_table_lookup (query, "offset"), NULL, 10) : 0;
  gint64 total = 0;

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  for (guint i = 0; i < job->ids->len; i++)
    {
      const char *result = get_result (job, i);

      if (state != NULL && !g_str_equal (state, result))
        continue;

      if (total++ < offset || total > offset + 500)
        continue;

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "id", job->ids->pdata[i]);
      bw_json_add_null (out, "name");
      bw_json_add_string (out, "state", result);
      bw_json_add_string (out, "reason", g_str_equal (result, "refused")
                                         ? g_hash_table_lookup (job->refused, job->ids->pdata[i]) : NULL);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_add_int (out, "total", total);
  bw_json_end_object (out);
}

static guint
begin (BwFakeBulk *self,
       JsonObject *request,
       GPtrArray  *matching,
       GHashTable *refused,
       GString    *out)
{
  Job *job = make_job (request, matching, refused);

  if (bw_json_get_boolean (request, "preview", FALSE))
    {
      g_free (self->last_preview);
      self->last_preview = to_text (request);
      write_preview (job, out);
      job_free (job);
      return 200;
    }

  g_free (self->last_request);
  self->last_request = to_text (request);
  g_ptr_array_add (self->jobs, job);
  write_job (self, self->jobs->len, out);

  return 201;
}

static guint
undo (BwFakeBulk *self,
      guint       number,
      GString    *out)
{
  const Job *job = self->jobs->pdata[number - 1];
  Job *back = g_new0 (Job, 1);

  back->action = g_strdup ("undo");
  back->undo_of = g_strdup_printf ("%u", number);
  back->ids = g_ptr_array_new_with_free_func (g_free);
  back->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  back->state = "running";
  for (guint i = 0; i < job->n_done; i++)
    {
      if (!g_hash_table_contains (job->refused, job->ids->pdata[i]))
        g_ptr_array_add (back->ids, g_strdup (job->ids->pdata[i]));
    }

  g_ptr_array_add (self->jobs, back);
  write_job (self, self->jobs->len, out);

  return 201;
}

guint
bw_fake_bulk_answer (BwFakeBulk *self,
                     const char *method,
                     const char *path,
                     GHashTable *query,
                     JsonObject *request,
                     GPtrArray  *matching,
                     GHashTable *refused,
                     GString    *out)
{
  g_auto(GStrv) parts = NULL;
  guint number;

  if (g_str_equal (path, "/v1/bulk") && request != NULL)
    return begin (self, request, matching, refused, out);

  if (!g_str_has_prefix (path, "/v1/bulk/"))
    return 0;

  parts = g_strsplit (path + strlen ("/v1/bulk/"), "/", 2);
  number = (guint) g_ascii_strtoull (parts[0], NULL, 10);
  if (number == 0 || number > self->jobs->len)
    return 0;

  if (parts[1] != NULL && g_str_equal (parts[1], "undo"))
    return undo (self, number, out);

  if (parts[1] != NULL)
    {
      write_results (self->jobs->pdata[number - 1], query, out);
      return 200;
    }

  if (g_str_equal (method, "DELETE"))
    ((Job *) self->jobs->pdata[number - 1])->state = "cancelled";
  else
    go_on (self, self->jobs->pdata[number - 1]);

  write_job (self, number, out);

  return 200;
}

/* Which documents are kept below @path, NULL when it is another's. */
static Kept *
find_kept (BwFakeBulk *self,
           const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->kept); i++)
    {
      const char *rest = g_str_has_prefix (path, self->kept[i].path) ? path + strlen (self->kept[i].path) : NULL;

      if (rest != NULL && (*rest == '\0' || *rest == '/'))
        return &self->kept[i];
    }

  return NULL;
}

static guint
find_document (const Kept *kept,
               const char *id)
{
  guint n_documents = json_array_get_length (kept->documents);

  for (guint i = 0; i < n_documents; i++)
    {
      if (g_strcmp0 (bw_json_get_string (json_array_get_object_element (kept->documents, i), "id"), id) == 0)
        return i;
    }

  return n_documents;
}

static void
write_document (JsonObject *document,
                GString    *out)
{
  g_autofree char *text = to_text (document);

  g_string_append (out, text);
}

/* What is given takes the place of what was there. */
static void
take_members (const Kept *kept,
              JsonObject *document,
              JsonObject *request)
{
  for (guint i = 0; kept->members[i] != NULL; i++)
    {
      const char *member = kept->members[i];

      if (json_object_has_member (request, member))
        json_object_set_member (document, member, json_node_copy (json_object_get_member (request, member)));
    }
}

static guint
keep (Kept       *kept,
      JsonObject *request,
      GString    *out)
{
  g_autofree char *id = g_strdup_printf ("%c%u", kept->letter, ++kept->n_made);
  JsonObject *document = json_object_new ();

  json_object_set_string_member (document, "id", id);
  json_object_set_int_member (document, "revision", 1);
  json_object_set_null_member (document, "companyId");
  json_object_set_string_member (document, "company", "Main Company");
  take_members (kept, document, request);
  json_array_add_object_element (kept->documents, document);
  write_document (document, out);

  return 201;
}

static guint
list_kept (const Kept *kept,
           GString    *out)
{
  guint n_documents = json_array_get_length (kept->documents);

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", n_documents);
  bw_json_begin_array (out, "items");
  for (guint i = 0; i < n_documents; i++)
    {
      g_autofree char *text = to_text (json_array_get_object_element (kept->documents, i));

      bw_json_add_raw (out, NULL, text);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  return 200;
}

guint
bw_fake_kept_answer (BwFakeBulk *self,
                     const char *method,
                     const char *path,
                     JsonObject *request,
                     GString    *out)
{
  Kept *kept = find_kept (self, path);
  JsonObject *document;
  guint place;

  if (kept == NULL)
    return 0;

  if (g_str_equal (path, kept->path))
    return g_str_equal (method, "POST") ? keep (kept, request, out) : list_kept (kept, out);

  place = find_document (kept, path + strlen (kept->path) + 1);
  if (place == json_array_get_length (kept->documents))
    return 0;

  if (g_str_equal (method, "DELETE"))
    {
      json_array_remove_element (kept->documents, place);
      return 204;
    }

  document = json_array_get_object_element (kept->documents, place);
  if (bw_json_get_int (request, "revision", 0) != bw_json_get_int (document, "revision", 0))
    {
      g_string_append (out, "{\"code\":\"conflict\",\"detail\":\"somebody else was faster\"}");
      return 409;
    }

  take_members (kept, document, request);
  json_object_set_int_member (document, "revision", bw_json_get_int (document, "revision", 0) + 1);
  write_document (document, out);

  return 200;
}

char *
bw_fake_kept_dup_names (BwFakeBulk *self,
                        const char *path)
{
  Kept *kept = find_kept (self, path);
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (kept->documents); i++)
    {
      JsonObject *document = json_array_get_object_element (kept->documents, i);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", bw_json_get_string (document, "name"));
    }

  return g_string_free (names, FALSE);
}

void
bw_fake_bulk_write_export (JsonObject *request,
                           GString    *out)
{
  JsonArray *ids = request != NULL ? bw_json_get_array (request, "ids") : NULL;

  g_string_append (out, "\"id\",\"name\"\r\n");
  for (guint i = 0; ids != NULL && i < json_array_get_length (ids); i++)
    g_string_append_printf (out, "\"%s\",\"\"\r\n", json_array_get_string_element (ids, i));
}
