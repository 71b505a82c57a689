/* ctl-query.c: bellwetherctl device query
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-query.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"

#define USUAL_ROWS  100
#define PAGE_ROWS   500
#define MAX_COLUMNS 24
#define USUAL_COLUMNS "id,status,state,lastSeenAt,batch,version,name"

static const CtlColumn known_columns[] = {
  { N_("Device"), "id", CTL_COLUMN_TEXT },
  { N_("Name"), "name", CTL_COLUMN_TEXT },
  { N_("Status"), "status", CTL_COLUMN_TEXT },
  { N_("State"), "state", CTL_COLUMN_TEXT },
  { N_("Online"), "online", CTL_COLUMN_YES },
  { N_("Product"), "product", CTL_COLUMN_TEXT },
  { N_("Version"), "version", CTL_COLUMN_TEXT },
  { N_("Homie"), "homie", CTL_COLUMN_TEXT },
  { N_("Batch"), "batch", CTL_COLUMN_TEXT },
  { N_("Serial"), "serial", CTL_COLUMN_NUMBER },
  { N_("Company"), "company", CTL_COLUMN_COMPANY },
  { N_("Type"), "type", CTL_COLUMN_TEXT },
  { N_("Abbreviation"), "abbreviation", CTL_COLUMN_TEXT },
  { N_("License"), "license", CTL_COLUMN_TEXT },
  { N_("Machine ID"), "machineId", CTL_COLUMN_TEXT },
  { N_("Address"), "address", CTL_COLUMN_TEXT },
  { N_("Local address"), "localIp", CTL_COLUMN_TEXT },
  { N_("Tags"), "tags", CTL_COLUMN_TAGS },
  { N_("First seen"), "firstSeenAt", CTL_COLUMN_TIME },
  { N_("Last seen"), "lastSeenAt", CTL_COLUMN_TIME },
  { N_("Approved"), "approvedAt", CTL_COLUMN_TIME },
};

/* The name of a batch, company or tag as its id. (transfer full) */
static char *
find_id (Ctl         *ctl,
         const char  *key,
         const char  *text,
         GError     **error)
{
  g_autoptr(BwBatch) batch = NULL;

  if (strcmp (key, "company") == 0)
    return ctl_find_company (ctl, text, error);

  if (strcmp (key, "tag") == 0)
    return ctl_find_tag (ctl, text, error);

  batch = ctl_find_batch (ctl, text, error);

  return batch != NULL ? g_strdup (bw_entity_get_id (BW_ENTITY (batch))) : NULL;
}

/* A day, or a time, in the person's zone, as µs; a number is one already. (transfer full) */
static char *
parse_time (const char  *text,
            GError     **error)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *whole = strchr (text, 'T') != NULL ? g_strdup (text) : g_strconcat (text, "T00:00:00", NULL);
  g_autoptr(GDateTime) time = NULL;
  guint64 number = 0;

  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    return g_strdup (text);

  time = g_date_time_new_from_iso8601 (whole, zone);
  if (time != NULL)
    return g_strdup_printf ("%" G_GINT64_FORMAT, g_date_time_to_unix (time) * G_USEC_PER_SEC);

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("“%s” is no day such as 2026-11-25, and no time such as 2026-11-25T14:30:00"),
               text);

  return NULL;
}

static char *
parse_value (Ctl         *ctl,
             const char  *key,
             const char  *text,
             GError     **error)
{
  g_autofree char *name = g_strndup (key, strcspn (key, "!~^"));

  if (strcmp (name, "batch") == 0 || strcmp (name, "company") == 0 || strcmp (name, "tag") == 0)
    return find_id (ctl, name, text, error);

  if (g_str_has_suffix (name, "After") || g_str_has_suffix (name, "Before"))
    return parse_time (text, error);

  return g_strdup (text);
}

JsonObject *
ctl_parse_filters (Ctl     *ctl,
                   char   **filters,
                   GError **error)
{
  g_autoptr(JsonObject) object = json_object_new ();

  for (guint i = 0; filters != NULL && filters[i] != NULL; i++)
    {
      const char *equals = strchr (filters[i], '=');
      g_autofree char *key = equals != NULL ? g_strndup (filters[i], (gsize) (equals - filters[i])) : NULL;
      g_autofree char *value = NULL;
      JsonArray *values;

      if (key == NULL || *key == '\0' || equals[1] == '\0')
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("“%s” is not KEY=VALUE"), filters[i]);
          return NULL;
        }

      value = parse_value (ctl, key, equals + 1, error);
      if (value == NULL)
        return NULL;

      values = bw_json_get_array (object, key);
      if (values == NULL)
        {
          values = json_array_new ();
          json_object_set_array_member (object, key, values);
        }
      json_array_add_string_element (values, value);
    }

  return g_steal_pointer (&object);
}

/* "name~=pump&…" behind what stands there. */
static void
append_query (GString    *path,
              JsonObject *filter)
{
  g_autoptr(GList) keys = json_object_get_members (filter);

  for (GList *l = keys; l != NULL; l = l->next)
    {
      JsonNode *node = json_object_get_member (filter, l->data);
      g_autoptr(JsonArray) one = json_array_new ();
      JsonArray *values = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : one;

      if (values == one)
        json_array_add_element (one, json_node_copy (node));

      for (guint i = 0; i < json_array_get_length (values); i++)
        {
          g_autofree char *text = json_to_string (json_array_get_element (values, i), FALSE);
          const char *value = *text == '"' ? json_array_get_string_element (values, i) : text;

          g_string_append_uri_escaped (path, l->data, NULL, FALSE);
          g_string_append_c (path, '=');
          g_string_append_uri_escaped (path, value, NULL, FALSE);
          g_string_append_c (path, '&');
        }
    }
}

static gboolean
choose_columns (const char  *text,
                CtlColumn    chosen[MAX_COLUMNS + 1],
                GError     **error)
{
  g_auto(GStrv) names = g_strsplit (text, ",", -1);
  guint n = 0;

  for (guint i = 0; names[i] != NULL; i++)
    {
      gsize j = 0;

      while (j < G_N_ELEMENTS (known_columns) && strcmp (known_columns[j].member, names[i]) != 0)
        j++;

      if (j == G_N_ELEMENTS (known_columns) || n == MAX_COLUMNS)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("devices have no column “%s”"), names[i]);
          return FALSE;
        }
      chosen[n] = known_columns[j];
      if (strcmp (chosen[n].member, "company") == 0)
        chosen[n].member = "companyId";
      n++;
    }
  chosen[n] = (CtlColumn) { NULL, NULL, CTL_COLUMN_TEXT };

  return TRUE;
}

/* Page after page, printed as they come. */
static CtlStatus
print_all (Ctl             *ctl,
           const char      *path,
           gint64           limit,
           const CtlColumn *columns)
{
  g_autoptr(JsonObject) whole = json_object_new ();
  JsonArray *all = json_array_new ();
  guint widths[MAX_COLUMNS] = { 0, };
  gint64 n = 0;
  gint64 total = 0;

  json_object_set_array_member (whole, "items", all);
  do
    {
      g_autofree char *page = g_strdup_printf ("%soffset=%" G_GINT64_FORMAT "&limit=%" G_GINT64_FORMAT, path, n,
                                               MIN (PAGE_ROWS, limit - n));
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonObject) reply = ctl_call (ctl, "GET", page, NULL, &error);
      JsonArray *items = reply != NULL ? bw_json_get_array (reply, "items") : NULL;
      guint n_items = items != NULL ? json_array_get_length (items) : 0;

      if (reply == NULL)
        return ctl_fail (error);

      total = bw_json_get_int (reply, "total", 0);
      if (!ctl->json && (n_items > 0 || n == 0))
        ctl_print_part (ctl, items, n_items, columns, widths, n == 0);
      for (guint i = 0; ctl->json && i < n_items; i++)
        json_array_add_element (all, json_node_copy (json_array_get_element (items, i)));
      n += n_items;
      if (n_items == 0)
        break;
    }
  while (n < MIN (total, limit));

  json_object_set_int_member (whole, "total", total);
  if (ctl->json)
    ctl_print_document (whole);
  else if (n < total)
    g_print (ngettext ("%'ld of %'ld device\n", "%'ld of %'ld devices\n", (gulong) total), (long) n, (long) total);

  return CTL_DONE;
}

static CtlStatus
write_csv (Ctl        *ctl,
           const char *path,
           const char *file)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bw_session_download_async (ctl->session, path, file, NULL, NULL, ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  if (!bw_session_download_finish (ctl->session, result, &error))
    return ctl_fail (error);

  if (ctl->json)
    {
      g_autoptr(JsonObject) done = json_object_new ();

      json_object_set_string_member (done, "file", file);
      ctl_print_document (done);
    }
  else
    g_print (_("“%s” is written.\n"), file);

  return CTL_DONE;
}

typedef struct
{
  char     *csv;
  char     *columns;
  char     *sort;
  char     *view;
  char    **filters;
  gint64    limit;
  gboolean  all;
} Query;

static void
query_clear (Query *query)
{
  g_free (query->csv);
  g_free (query->columns);
  g_free (query->sort);
  g_free (query->view);
  g_strfreev (query->filters);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Query, query_clear)

/* What a view says where the command line says nothing. */
static JsonObject *
take_view (Ctl     *ctl,
           Query   *query,
           GError **error)
{
  g_autoptr(JsonObject) view = ctl_find_view (ctl, query->view, error);
  JsonObject *document = view != NULL ? bw_json_get_object (view, "document") : NULL;
  JsonObject *filter = document != NULL ? bw_json_get_object (document, "filter") : NULL;
  JsonArray *columns = document != NULL ? bw_json_get_array (document, "columns") : NULL;
  g_autoptr(GString) names = g_string_new (NULL);

  if (document == NULL)
    return NULL;

  if (query->sort == NULL)
    query->sort = g_strdup (bw_json_get_string (document, "sort"));
  for (guint i = 0; columns != NULL && i < json_array_get_length (columns); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? "," : "", json_array_get_string_element (columns, i));
  if (query->columns == NULL && names->len > 0)
    query->columns = g_strdup (names->str);

  return filter != NULL ? json_object_ref (filter) : json_object_new ();
}

static CtlStatus
run_query (Ctl              *ctl,
           const CtlCommand *command,
           Query            *query)
{
  CtlColumn columns[MAX_COLUMNS + 1];
  g_autoptr(GString) path = g_string_new (query->csv != NULL ? "/v1/devices/export.csv?" : "/v1/devices?");
  g_autoptr(JsonObject) of_view = NULL;
  g_autoptr(JsonObject) filter = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_connect (ctl, &error) || (query->view != NULL && (of_view = take_view (ctl, query, &error)) == NULL) ||
      (filter = ctl_parse_filters (ctl, query->filters, &error)) == NULL ||
      !choose_columns (query->columns != NULL ? query->columns : USUAL_COLUMNS, columns, &error))
    return ctl_fail (error);

  if (of_view != NULL)
    append_query (path, of_view);
  append_query (path, filter);
  if (query->sort != NULL)
    {
      g_string_append (path, "sort=");
      g_string_append_uri_escaped (path, query->sort, ",", FALSE);
      g_string_append_c (path, '&');
    }

  if (query->csv == NULL)
    return print_all (ctl, path->str, query->all ? G_MAXINT64 : query->limit, columns);

  if (query->columns != NULL)
    g_string_append_printf (path, "columns=%s", query->columns);

  return write_csv (ctl, path->str, query->csv);
}

static CtlStatus
query (Ctl              *ctl,
       const CtlCommand *command,
       char            **arguments)
{
  g_auto(Query) wanted = { .limit = USUAL_ROWS };
  const GOptionEntry entries[] = {
    { "filter", 'f', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING_ARRAY, &wanted.filters, CTL_FILTER_HELP, N_("KEY=VALUE") },
    { "view", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &wanted.view, N_("As this saved view says"), N_("VIEW") },
    { "sort", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &wanted.sort, N_("Up to four columns with commas between; with a - before it the other way"), N_("KEYS") },
    { "columns", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &wanted.columns, N_("Names with commas between: id,name,status,product,lastSeenAt …"), N_("NAMES") },
    { "limit", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT64, &wanted.limit, N_("How many at most; 100 unless told"), N_("COUNT") },
    { "all", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &wanted.all, N_("All of them"), NULL },
    { "csv", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &wanted.csv, N_("Write all of them to this file"), N_("FILE") },
    { NULL }
  };

  if (!ctl_parse (ctl, command, entries, arguments, 0, 0))
    return CTL_USAGE;

  if (wanted.limit < 1)
    return ctl_usage_error (command, "%s", _("--limit is 1 or more"));

  return run_query (ctl, command, &wanted);
}

const CtlCommand ctl_query_commands[] = {
  { "device", "query", "[--filter KEY=VALUE]… [--view VIEW] [--sort KEYS] [--columns NAMES] [--all] [--csv FILE]",
    N_("Find devices by any of their facts"), query },
  { NULL }
};
