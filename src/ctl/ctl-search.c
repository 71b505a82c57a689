/* ctl-search.c: one search over everything
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl.h"

#include <glib/gi18n.h>

#include "bw-json.h"

#define DEFAULT_LIMIT 8

/* The groups of the answer in the order in which they are shown, and what tells one thing from another. */
static const struct
{
  const char *group;
  const char *kind;
  const char *name;
  const char *detail;
} groups[] = {
  { "devices", N_("device"), "name", "status" },
  { "batches", N_("batch"), "name", "info" },
  { "companies", N_("company"), "name", "alias" },
  { "users", N_("user"), "name", "email" },
};

static void
add_row (GPtrArray  *rows,
         const char *kind,
         JsonObject *item,
         const char *name,
         const char *detail)
{
  const char *texts[] = {
    bw_json_get_string (item, "id"), bw_json_get_string (item, name), bw_json_get_string (item, detail),
  };
  g_autoptr(GStrvBuilder) row = g_strv_builder_new ();

  g_strv_builder_add (row, kind);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *clean = ctl_clean (texts[i] != NULL && *texts[i] != '\0' ? texts[i] : "–");

      g_strv_builder_add (row, clean);
    }
  g_ptr_array_add (rows, g_strv_builder_end (row));
}

static void
print_found (JsonObject *reply)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  const char * const head[] = { _("Kind"), _("ID"), _("Name"), _("Detail"), NULL };
  gboolean has_more = FALSE;

  g_ptr_array_add (rows, g_strdupv ((char **) head));
  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      JsonObject *group = bw_json_get_object (reply, groups[i].group);
      JsonArray *items = group != NULL ? bw_json_get_array (group, "items") : NULL;
      guint n = items != NULL ? json_array_get_length (items) : 0;

      for (guint k = 0; k < n; k++)
        add_row (rows, _(groups[i].kind), json_array_get_object_element (items, k), groups[i].name, groups[i].detail);
      has_more = has_more || (items != NULL && bw_json_get_int (group, "total", G_MAXINT64) > n);
    }

  if (rows->len == 1)
    g_print ("%s\n", _("Nothing is like that."));
  else
    ctl_print_table (rows);
  if (has_more)
    g_print ("%s\n", _("There is more; --limit shows it."));
}

static CtlStatus
search (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  int limit = DEFAULT_LIMIT;
  const GOptionEntry entries[] = {
    { "limit", 'n', G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &limit, N_("At most so many of each kind, up to 50"), "N" },
    { NULL }
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = NULL;
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 1, G_MAXUINT))
    return CTL_USAGE;

  text = g_strjoinv (" ", arguments);
  escaped = g_uri_escape_string (text, NULL, FALSE);
  path = g_strdup_printf ("/v1/search?q=%s&limit=%d", escaped, limit);
  if (!ctl_connect (ctl, &error))
    return ctl_fail (error);

  reply = ctl_call (ctl, "GET", path, NULL, &error);
  if (reply == NULL)
    return ctl_fail (error);

  if (ctl->json)
    ctl_print_document (reply);
  else
    print_found (reply);

  return CTL_DONE;
}

const CtlCommand ctl_search_commands[] = {
  { NULL, "search", N_("TEXT…"), N_("Devices, batches, companies and users that are like the text, the best first"), search },
  { NULL }
};
