/* ctl-view.c: bellwetherctl view list, show, create …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-query.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"

#define PATH "/v1/views"

static const CtlColumn columns[] = {
  { N_("View"), "id", CTL_COLUMN_TEXT },
  { N_("Name"), "name", CTL_COLUMN_TEXT },
  { N_("Shared with"), "company", CTL_COLUMN_TEXT },
  { N_("Created"), "createdAt", CTL_COLUMN_TIME },
  { NULL }
};

/* By its id, or its name where only one has it. (transfer full) */
JsonObject *
ctl_find_view (Ctl         *ctl,
               const char  *text,
               GError     **error)
{
  g_autoptr(JsonObject) reply = ctl_call (ctl, "GET", PATH, NULL, error);
  JsonArray *items = reply != NULL ? bw_json_get_array (reply, "items") : NULL;
  JsonObject *found = NULL;

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *view = json_array_get_object_element (items, i);

      if (g_strcmp0 (bw_json_get_string (view, "id"), text) == 0)
        return json_object_ref (view);

      if (g_strcmp0 (bw_json_get_string (view, "name"), text) != 0)
        continue;

      if (found != NULL)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, _("more than one view is called “%s”; name it by its number"), text);
          return NULL;
        }
      found = view;
    }

  if (found == NULL && items != NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, _("there is no view “%s”"), text);

  return found != NULL ? json_object_ref (found) : NULL;
}

static char *
find_id (Ctl         *ctl,
         const char  *text,
         GError     **error)
{
  g_autoptr(JsonObject) view = ctl_find_view (ctl, text, error);

  return view != NULL ? g_strdup (bw_json_get_string (view, "id")) : NULL;
}

static const CtlNoun views = { .path = PATH, .columns = columns, .resolve = find_id };

static CtlStatus
list (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  return ctl_list (ctl, command, arguments, &views);
}

static CtlStatus
delete (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  return ctl_delete (ctl, command, arguments, &views);
}

static CtlStatus
show (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_autoptr(JsonObject) view = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) document = NULL;
  g_autofree char *text = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (view = ctl_find_view (ctl, arguments[0], &error)) == NULL)
    return ctl_fail (error);

  if (ctl->json)
    {
      ctl_print_document (view);
      return CTL_DONE;
    }

  ctl_print_fields (ctl, view, columns);
  document = json_node_copy (json_object_get_member (view, "document"));
  text = json_to_string (document, TRUE);
  ctl_print_text (text);

  return CTL_DONE;
}

typedef struct
{
  char **filters;
  char  *sort;
  char  *columns;
  char  *company;
  char  *name;
} Wish;

static void
wish_clear (Wish *wish)
{
  g_strfreev (wish->filters);
  g_free (wish->sort);
  g_free (wish->columns);
  g_free (wish->company);
  g_free (wish->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

static gboolean
fill_document (Ctl         *ctl,
               const Wish  *wish,
               JsonObject  *document,
               GError     **error)
{
  if (wish->filters != NULL)
    {
      JsonObject *filter = ctl_parse_filters (ctl, wish->filters, error);

      if (filter == NULL)
        return FALSE;
      json_object_set_object_member (document, "filter", filter);
    }

  if (wish->sort != NULL)
    json_object_set_string_member (document, "sort", wish->sort);

  if (wish->columns != NULL)
    {
      g_auto(GStrv) names = g_strsplit (wish->columns, ",", -1);
      JsonArray *array = json_array_new ();

      for (guint i = 0; names[i] != NULL; i++)
        json_array_add_string_element (array, names[i]);
      json_object_set_array_member (document, "columns", array);
    }

  return TRUE;
}

static CtlStatus
create (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_auto(Wish) wish = { NULL, };
  const GOptionEntry entries[] = {
    { "filter", 'f', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING_ARRAY, &wish.filters, CTL_FILTER_HELP, N_("KEY=VALUE") },
    { "sort", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &wish.sort, N_("Up to four columns with commas between; with a - before it the other way"), N_("KEYS") },
    { "columns", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &wish.columns, N_("Names with commas between: id,name,status,product,lastSeenAt …"), N_("NAMES") },
    { "company", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &wish.company, N_("Share it with this company and those below; your own otherwise"), N_("COMPANY") },
    { NULL }
  };
  g_autoptr(JsonObject) body = json_object_new ();
  JsonObject *document = json_object_new ();
  g_autofree char *company = NULL;
  g_autoptr(GError) error = NULL;

  json_object_set_object_member (body, "document", document);
  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  json_object_set_string_member (body, "name", arguments[0]);
  if (!ctl_connect (ctl, &error) || !fill_document (ctl, &wish, document, &error) ||
      (wish.company != NULL && (company = ctl_find_company (ctl, wish.company, &error)) == NULL))
    return ctl_fail (error);

  if (company != NULL)
    json_object_set_string_member (body, "companyId", company);

  return ctl_change (ctl, "POST", PATH, body);
}

/* What is given is changed; the rest of the view stays. */
static CtlStatus
edit (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_auto(Wish) wish = { NULL, };
  const GOptionEntry entries[] = {
    { "name", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &wish.name, N_("Another name"), N_("NAME") },
    { "filter", 'f', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING_ARRAY, &wish.filters, CTL_FILTER_HELP, N_("KEY=VALUE") },
    { "sort", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &wish.sort, N_("Up to four columns with commas between; with a - before it the other way"), N_("KEYS") },
    { "columns", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &wish.columns, N_("Names with commas between: id,name,status,product,lastSeenAt …"), N_("NAMES") },
    { NULL }
  };
  g_autoptr(JsonObject) view = NULL;
  g_autoptr(JsonObject) body = json_object_new ();
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (view = ctl_find_view (ctl, arguments[0], &error)) == NULL ||
      !fill_document (ctl, &wish, bw_json_get_object (view, "document"), &error))
    return ctl_fail (error);

  json_object_set_int_member (body, "revision", bw_json_get_int (view, "revision", 0));
  json_object_set_member (body, "document", json_node_copy (json_object_get_member (view, "document")));
  if (wish.name != NULL)
    json_object_set_string_member (body, "name", wish.name);
  path = g_strconcat (PATH "/", bw_json_get_string (view, "id"), NULL);

  return ctl_change (ctl, "PATCH", path, body);
}

const CtlCommand ctl_view_commands[] = {
  { "view", "list", NULL, N_("List saved views: your own, and those that are shared with you"), list },
  { "view", "show", "VIEW", N_("Show what a saved view says"), show },
  { "view", "create", "NAME [--filter KEY=VALUE]… [--sort KEYS] [--columns NAMES] [--company COMPANY]", N_("Save a view"), create },
  { "view", "edit", "VIEW [--name NAME] [--filter KEY=VALUE]… [--sort KEYS] [--columns NAMES]", N_("Change a saved view"), edit },
  { "view", "delete", "VIEW", N_("Delete a saved view"), delete },
  { NULL }
};
