/* ctl-noun.c: list, show, create, edit and delete, the same for every noun
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-noun.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n.h>

#include "bw-json.h"
#include "ctl-nouns.h"

#define PAGE_ROWS   500
#define MAX_COLUMNS 16

/* Only commands of a group that is one of them come here. */
static const CtlNoun *
noun_of (const CtlCommand *command)
{
  guint i = 0;

  while (ctl_nouns[i + 1] != NULL && strcmp (ctl_nouns[i]->group, command->group) != 0)
    i++;

  return ctl_nouns[i];
}

/* Lists */

typedef struct
{
  const CtlNoun *noun;
  gint64         limit;
  gint64         n_shown;
  gint64         total;
  guint          widths[MAX_COLUMNS];
} Listing;

/* Everything of the first page that is not in the list. */
static void
print_opening (JsonObject *page)
{
  g_autoptr(GList) members = json_object_get_members (page);

  putchar ('{');
  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *value = json_to_string (json_object_get_member (page, l->data), FALSE);

      if (strcmp (l->data, "items") != 0)
        printf ("\"%s\":%s,", (const char *) l->data, value);
    }
  printf ("\"items\":[");
}

static void
print_json_part (Listing   *listing,
                 JsonArray *items,
                 guint      n_items)
{
  for (guint i = 0; i < n_items; i++)
    {
      g_autofree char *text = json_to_string (json_array_get_element (items, i), FALSE);

      printf ("%s%s", listing->n_shown > 0 || i > 0 ? "," : "", text);
    }
}

/* FALSE: this was the last page, or nothing more is wanted. */
static gboolean
print_page (Ctl        *ctl,
            Listing    *listing,
            JsonObject *page)
{
  const CtlNoun *noun = listing->noun;
  JsonArray *items = bw_json_get_array (page, "items");
  g_autoptr(JsonArray) arranged = !ctl->json && noun->arrange != NULL ? noun->arrange (items) : json_array_ref (items);
  guint n_items = json_array_get_length (arranged);

  n_items = (guint) MIN (n_items, listing->limit - listing->n_shown);
  listing->total = bw_json_get_int (page, "total", 0);
  if (ctl->json && listing->n_shown == 0)
    print_opening (page);

  if (ctl->json)
    print_json_part (listing, arranged, n_items);
  else
    ctl_print_part (ctl, arranged, n_items, noun->columns, listing->widths, listing->n_shown == 0);

  listing->n_shown += n_items;

  return n_items > 0 && listing->n_shown < MIN (listing->limit, listing->total);
}

static CtlStatus
print_pages (Ctl        *ctl,
             Listing    *listing,
             const char *path_and_query)
{
  gboolean goes_on = TRUE;

  while (goes_on)
    {
      g_autofree char *path = g_strdup_printf ("%s&offset=%" G_GINT64_FORMAT "&limit=%" G_GINT64_FORMAT, path_and_query,
                                               listing->n_shown, MIN (PAGE_ROWS, listing->limit - listing->n_shown));
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonObject) page = ctl_call (ctl, "GET", path, NULL, &error);

      if (page == NULL)
        return ctl_fail (error);

      if (bw_json_get_array (page, "items") == NULL)
        return ctl_fail_text ("%s", _("the backend's answer holds no list"));

      goes_on = print_page (ctl, listing, page);
    }

  if (ctl->json)
    ctl_print_text ("]}");

  return CTL_DONE;
}

CtlStatus
ctl_list (Ctl              *ctl,
          const CtlCommand *command,
          char            **arguments,
          const CtlNoun    *noun)
{
  g_auto(CtlOptions) options = { NULL, };
  g_autoptr(GString) path = g_string_new (noun->path);
  g_autoptr(GError) error = NULL;
  Listing listing = { .noun = noun };
  CtlStatus status;

  ctl_options_add_fields (&options, noun->filters);
  ctl_options_add_limit (&options, noun->usual_limit);
  if (!ctl_parse (ctl, command, options.entries, arguments, 0, 0))
    return CTL_USAGE;

  if (options.limit < 1)
    return ctl_usage_error (command, "%s", _("--limit is 1 or more"));

  g_string_append (path, "?");
  if (!ctl_connect (ctl, &error) || !ctl_options_fill_query (&options, ctl, path, &error))
    return ctl_fail (error);

  listing.limit = options.limit;
  status = print_pages (ctl, &listing, path->str);

  /* Who set the limit knows that there may be more. */
  if (status == CTL_DONE && !ctl->json && listing.n_shown == noun->usual_limit && listing.total > listing.n_shown)
    g_print (_("… and %'ld more\n"), (long) (listing.total - listing.n_shown));

  return status;
}

CtlStatus
ctl_noun_list (Ctl              *ctl,
               const CtlCommand *command,
               char            **arguments)
{
  return ctl_list (ctl, command, arguments, noun_of (command));
}

/* Changes */

static void
print_rights (JsonObject *effect,
              const char *member,
              const char *label)
{
  JsonArray *rights = bw_json_get_array (effect, member);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *clean = NULL;

  for (guint i = 0; rights != NULL && i < json_array_get_length (rights); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", json_array_get_string_element (rights, i));

  clean = ctl_clean (text->str);
  if (*clean != '\0')
    g_print ("  %s %s\n", label, clean);
}

static void
print_effect (JsonObject *effect)
{
  g_autofree char *user = ctl_clean (bw_json_get_string (effect, "user"));
  g_autofree char *company = ctl_clean (bw_json_get_string (effect, "company"));

  /* Translators: a person, a company, how many companies and how many devices */
  g_print (_("%s at %s, companies: %'ld, devices: %'ld\n"), user, company,
           (long) bw_json_get_int (effect, "nCompanies", 0), (long) bw_json_get_int (effect, "nDevices", 0));
  print_rights (effect, "gains", _("gains:"));
  print_rights (effect, "loses", _("loses:"));
}

/* Who would gain or lose what. */
static void
print_effects (JsonObject *effects)
{
  JsonArray *items = bw_json_get_array (effects, "items");
  guint n_items = items != NULL ? json_array_get_length (items) : 0;
  gint64 n_users = bw_json_get_int (effects, "nUsers", 0);

  if (n_users == 0)
    g_print ("%s\n", _("Nobody would gain or lose a right."));

  for (guint i = 0; i < n_items; i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (items, i)))
      print_effect (json_array_get_object_element (items, i));

  if (n_users > n_items)
    g_print (_("… and %'ld more\n"), (long) (n_users - n_items));

  if (bw_json_get_boolean (effects, "parked", FALSE))
    g_print ("%s\n", _("It would wait for somebody else's approval."));
}

static void
print_invitation (JsonObject *invitation)
{
  g_autofree char *code = ctl_clean (bw_json_get_string (invitation, "code"));
  g_autofree char *expires = ctl_format_time (bw_json_get_int (invitation, "expiresAt", 0));

  /* Translators: a time, then a code */
  g_print (_("invited; the code, shown this once and good until %s: %s\n"), expires, code);
  if (bw_json_get_boolean (invitation, "sent", FALSE))
    g_print ("%s\n", _("It was sent by e-mail, too."));
}

static void
print_outcome (Ctl        *ctl,
               JsonObject *reply)
{
  JsonObject *request = bw_json_get_object (reply, "request");
  JsonObject *invitation = bw_json_get_object (reply, "invitation");
  g_autofree char *id = ctl_clean (bw_json_get_string (request != NULL ? request : reply, "id"));

  if (invitation == NULL && bw_json_get_string (reply, "code") != NULL)
    invitation = reply;

  /* Of what is gone there is an empty one. */
  if (ctl->json)
    ctl_print_document (reply);
  else if (json_object_has_member (reply, "nUsers"))
    print_effects (reply);
  else if (request != NULL)
    g_print (_("waits for approval: request %s\n"), id);
  else if (invitation != NULL)
    print_invitation (invitation);
  else if (*id != '\0')
    g_print ("%s %s\n", _("done:"), id);
  else
    g_print ("%s\n", _("done"));
}

CtlStatus
ctl_change (Ctl        *ctl,
            const char *method,
            const char *path,
            JsonObject *body)
{
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (body != NULL)
    {
      g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), body);

      text = json_to_string (node, FALSE);
    }

  reply = ctl_call (ctl, method, path, text, &error);
  if (reply == NULL)
    return ctl_fail (error);

  print_outcome (ctl, reply);

  return CTL_DONE;
}

/* The path of what a person names. (transfer full) (nullable) */
static char *
find_path (Ctl            *ctl,
           const CtlNoun  *noun,
           const char     *text,
           GError        **error)
{
  g_autofree char *id = noun->resolve (ctl, text, error);

  return id != NULL ? g_strconcat (noun->path, "/", id, NULL) : NULL;
}

CtlStatus
ctl_noun_show (Ctl              *ctl,
               const CtlCommand *command,
               char            **arguments)
{
  const CtlNoun *noun = noun_of (command);
  g_autofree char *path = NULL;
  g_autoptr(JsonObject) document = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (path = find_path (ctl, noun, arguments[0], &error)) == NULL ||
      (document = ctl_call (ctl, "GET", path, NULL, &error)) == NULL)
    return ctl_fail (error);

  if (ctl->json)
    ctl_print_document (document);
  else
    ctl_print_fields (ctl, document, noun->columns);

  return CTL_DONE;
}

static void
add_preview (GString  *path,
             gboolean  preview)
{
  if (preview)
    g_string_append (path, strchr (path->str, '?') != NULL ? "&preview=true" : "?preview=true");
}

CtlStatus
ctl_noun_create (Ctl              *ctl,
                 const CtlCommand *command,
                 char            **arguments)
{
  const CtlNoun *noun = noun_of (command);
  g_auto(CtlOptions) options = { NULL, };
  g_autoptr(GString) path = g_string_new (noun->path);
  g_autoptr(JsonObject) body = json_object_new ();
  g_autoptr(GError) error = NULL;
  const char *missing;

  ctl_options_add_fields (&options, noun->create);
  ctl_options_add_comment (&options);
  ctl_options_add_preview (&options);
  if (!ctl_parse (ctl, command, options.entries, arguments, 0, 0))
    return CTL_USAGE;

  missing = ctl_options_find_missing (&options);
  if (missing != NULL)
    /* Translators: %s is the name of an option, such as “name” */
    return ctl_usage_error (command, _("--%s is missing"), missing);

  if (!ctl_connect (ctl, &error) || !ctl_options_fill_body (&options, ctl, body, &error))
    return ctl_fail (error);

  add_preview (path, options.preview);

  return ctl_change (ctl, "POST", path->str, body);
}

CtlStatus
ctl_edit (Ctl              *ctl,
          const CtlCommand *command,
          char            **arguments,
          const CtlField   *fields,
          JsonObject       *body)
{
  g_auto(CtlOptions) options = { NULL, };
  g_autofree char *found = NULL;
  g_autoptr(GString) path = NULL;
  g_autoptr(JsonObject) document = NULL;
  g_autoptr(GError) error = NULL;

  ctl_options_add_fields (&options, fields);
  ctl_options_add_comment (&options);
  ctl_options_add_preview (&options);
  if (!ctl_parse (ctl, command, options.entries, arguments, 1, 1))
    return CTL_USAGE;

  if (json_object_get_size (body) == 0 && ctl_options_are_empty (&options))
    return ctl_usage_error (command, "%s", _("nothing is to be changed"));

  if (!ctl_connect (ctl, &error) || (found = find_path (ctl, noun_of (command), arguments[0], &error)) == NULL ||
      !ctl_options_fill_body (&options, ctl, body, &error) ||
      (document = ctl_call (ctl, "GET", found, NULL, &error)) == NULL)
    return ctl_fail (error);

  json_object_set_int_member (body, "revision", bw_json_get_int (document, "revision", 0));
  path = g_string_new (found);
  add_preview (path, options.preview);

  return ctl_change (ctl, "PATCH", path->str, body);
}

CtlStatus
ctl_noun_edit (Ctl              *ctl,
               const CtlCommand *command,
               char            **arguments)
{
  g_autoptr(JsonObject) body = json_object_new ();

  return ctl_edit (ctl, command, arguments, noun_of (command)->edit, body);
}

CtlStatus
ctl_delete (Ctl              *ctl,
            const CtlCommand *command,
            char            **arguments,
            const CtlNoun    *noun)
{
  g_auto(CtlOptions) options = { NULL, };
  g_autofree char *found = NULL;
  g_autoptr(GString) path = NULL;
  g_autoptr(GError) error = NULL;

  ctl_options_add_comment (&options);
  ctl_options_add_preview (&options);
  if (!ctl_parse (ctl, command, options.entries, arguments, 1, 1))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (found = find_path (ctl, noun, arguments[0], &error)) == NULL)
    return ctl_fail (error);

  path = g_string_new (found);
  if (options.comment != NULL)
    {
      g_string_append (path, "?comment=");
      g_string_append_uri_escaped (path, options.comment, NULL, FALSE);
    }
  add_preview (path, options.preview);

  return ctl_change (ctl, "DELETE", path->str, NULL);
}

CtlStatus
ctl_noun_delete (Ctl              *ctl,
                 const CtlCommand *command,
                 char            **arguments)
{
  return ctl_delete (ctl, command, arguments, noun_of (command));
}
