/* ctl-history.c: bellwetherctl history retention …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-noun.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-json.h"

#define PATH "/v1/history/retention"

static char *
format_days (JsonObject *rule,
             const char *name)
{
  gint64 days = bw_json_get_int (rule, name, 0);

  return days == 0 ? g_strdup (_("for ever")) : g_strdup_printf (ngettext ("%ld day", "%ld days", (gulong) days), (long) days);
}

static void
add_rule (GPtrArray  *rows,
          JsonObject *rule)
{
  g_autoptr(GStrvBuilder) row = g_strv_builder_new ();
  const char *said = bw_json_get_string (rule, "product");
  g_autofree char *product = said != NULL ? ctl_clean (said) : g_strdup (_("(all others)"));
  g_autofree char *keep = format_days (rule, "keepDays");
  g_autofree char *raw = format_days (rule, "rawDays");
  g_autofree char *thin = g_strdup_printf ("%ld s", (long) bw_json_get_int (rule, "thinSeconds", 0));

  g_strv_builder_add_many (row, product, keep, raw, thin, NULL);
  g_ptr_array_add (rows, g_strv_builder_end (row));
}

static CtlStatus
list (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(GStrvBuilder) head = g_strv_builder_new ();
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  JsonArray *items;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (reply = ctl_call (ctl, "GET", PATH, NULL, &error)) == NULL)
    return ctl_fail (error);

  if (ctl->json)
    {
      ctl_print_document (reply);
      return CTL_DONE;
    }

  g_strv_builder_add_many (head, _("PRODUCT"), _("KEPT"), _("EACH VALUE"), _("THEN ONE IN"), NULL);
  g_ptr_array_add (rows, g_strv_builder_end (head));
  items = bw_json_get_array (reply, "items");
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode *item = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (item))
        add_rule (rows, json_node_get_object (item));
    }
  ctl_print_table (rows);

  return CTL_DONE;
}

static CtlStatus
set (Ctl              *ctl,
     const CtlCommand *command,
     char            **arguments)
{
  int keep = -1;
  int raw = -1;
  int thin = -1;
  const GOptionEntry entries[] = {
    { "keep", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &keep, N_("Older values go; 0: never"), N_("DAYS") },
    { "raw", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &raw, N_("Older values are thinned; 0: never"), N_("DAYS") },
    { "thin", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &thin, N_("To one row in so long"), N_("SECONDS") },
    { NULL }
  };
  g_autoptr(GString) body = g_string_new (NULL);
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 0, 1))
    return CTL_USAGE;

  if (keep < 0 || raw < 0 || thin < 0)
    return ctl_usage_error (command, _("--%s is missing"), keep < 0 ? "keep" : raw < 0 ? "raw" : "thin");

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "product", arguments[0]);
  bw_json_add_int (body, "keepDays", keep);
  bw_json_add_int (body, "rawDays", raw);
  bw_json_add_int (body, "thinSeconds", thin);
  bw_json_end_object (body);
  if (!ctl_connect (ctl, &error) || (reply = ctl_call (ctl, "PUT", PATH, body->str, &error)) == NULL)
    return ctl_fail (error);

  if (ctl->json)
    ctl_print_document (reply);

  return CTL_DONE;
}

static CtlStatus
reset (Ctl              *ctl,
       const CtlCommand *command,
       char            **arguments)
{
  g_autoptr(GString) path = g_string_new (PATH);
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 1))
    return CTL_USAGE;

  if (arguments[0] != NULL)
    {
      g_string_append (path, "?product=");
      g_string_append_uri_escaped (path, arguments[0], NULL, FALSE);
    }

  if (!ctl_connect (ctl, &error))
    return ctl_fail (error);

  reply = ctl_call (ctl, "DELETE", path->str, NULL, &error);

  return error != NULL ? ctl_fail (error) : CTL_DONE;
}

const CtlCommand ctl_history_commands[] = {
  { "history", "retention", NULL, N_("Show how long the history is kept"), list },
  { "history", "retain", "[PRODUCT] --keep DAYS --raw DAYS --thin SECONDS",
    N_("Say how long the history of a product is kept, or of all others"), set },
  { "history", "reset", "[PRODUCT]", N_("Keep it as that of all others, or as the program came"), reset },
  { NULL }
};
