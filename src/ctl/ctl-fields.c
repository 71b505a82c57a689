/* ctl-fields.c: options that become members of a document or parameters of a query
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-noun.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-error.h"

#define NONE           "none"
#define DAY_LENGTH     10        /* 2026-11-25 */
#define MINUTE_LENGTH  16        /* 2026-11-25T14:30 */

void
ctl_options_clear (CtlOptions *options)
{
  for (guint i = 0; i < CTL_MAX_FIELDS; i++)
    {
      g_free (options->texts[i]);
      g_strfreev (options->lists[i]);
    }
  g_free (options->comment);
}

static gboolean
is_list (const CtlField *field)
{
  return field->kind == CTL_FIELD_TAGS || field->kind == CTL_FIELD_COMPANIES || field->kind == CTL_FIELD_PERMISSIONS;
}

static void
add_entry (CtlOptions   *options,
           GOptionEntry  entry)
{
  /* the last one stays empty */
  g_assert (options->n_entries + 1 < G_N_ELEMENTS (options->entries));
  options->entries[options->n_entries++] = entry;
}

void
ctl_options_add_fields (CtlOptions     *options,
                        const CtlField *fields)
{
  options->fields = fields;
  for (guint i = 0; fields != NULL && fields[i].option != NULL; i++)
    {
      gboolean as_list = is_list (&fields[i]);

      g_assert (i < CTL_MAX_FIELDS);
      add_entry (options, (GOptionEntry) {
                   fields[i].option, 0, G_OPTION_FLAG_NONE,
                   as_list ? G_OPTION_ARG_STRING_ARRAY : G_OPTION_ARG_STRING,
                   as_list ? (gpointer) &options->lists[i] : (gpointer) &options->texts[i],
                   fields[i].summary, fields[i].argument
                 });
    }
}

void
ctl_options_add_limit (CtlOptions *options,
                       gint64      usual_limit)
{
  options->limit = usual_limit > 0 ? usual_limit : G_MAXINT64;
  add_entry (options, (GOptionEntry) { "limit", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT64, &options->limit,
                                       N_("At most so many"), N_("COUNT") });
}

void
ctl_options_add_comment (CtlOptions *options)
{
  add_entry (options, (GOptionEntry) { "comment", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options->comment,
                                       N_("What who approves it should know"), N_("TEXT") });
}

void
ctl_options_add_preview (CtlOptions *options)
{
  add_entry (options, (GOptionEntry) { "preview", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &options->preview,
                                       N_("Change nothing, show who would gain or lose what"), NULL });
}

static gboolean
is_given (const CtlOptions *options,
          guint             i)
{
  return options->texts[i] != NULL || options->lists[i] != NULL;
}

const char *
ctl_options_find_missing (const CtlOptions *options)
{
  for (guint i = 0; options->fields != NULL && options->fields[i].option != NULL; i++)
    if (options->fields[i].is_needed && !is_given (options, i))
      return options->fields[i].option;

  return NULL;
}

gboolean
ctl_options_are_empty (const CtlOptions *options)
{
  for (guint i = 0; options->fields != NULL && options->fields[i].option != NULL; i++)
    if (is_given (options, i))
      return FALSE;

  return TRUE;
}

char *
ctl_parse_time (const char  *text,
                gboolean     to_its_end,
                GError     **error)
{
  gsize length = strlen (text);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *whole = g_strconcat (text, length == DAY_LENGTH ? "T00:00:00" : length == MINUTE_LENGTH ? ":00" : "", NULL);
  g_autoptr(GDateTime) time = g_date_time_new_from_iso8601 (whole, zone);
  g_autoptr(GDateTime) next = NULL;

  if (time == NULL)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   /* Translators: the two examples are what can be typed in every language */
                   _("“%s” is no time; it looks like 2026-11-25 or 2026-11-25T14:30:00"), text);
      return NULL;
    }

  next = g_date_time_add_days (time, to_its_end && length == DAY_LENGTH ? 1 : 0);

  return g_strdup_printf ("%" G_GINT64_FORMAT,
                          g_date_time_to_unix (next) * G_USEC_PER_SEC + g_date_time_get_microsecond (next));
}

static char *
find_batch_id (Ctl         *ctl,
               const char  *name,
               GError     **error)
{
  g_autoptr(BwBatch) batch = ctl_find_batch (ctl, name, error);

  return batch != NULL ? g_strdup (bw_entity_get_id (BW_ENTITY (batch))) : NULL;
}

/* (transfer full): as the API wants it; an empty text for none */
static char *
resolve (Ctl          *ctl,
         CtlFieldKind  kind,
         const char   *text,
         GError      **error)
{
  switch (kind)
    {
    case CTL_FIELD_COMPANY:
    case CTL_FIELD_COMPANIES:
      return ctl_find_company (ctl, text, error);

    case CTL_FIELD_ROLE:
      return ctl_find_role (ctl, text, error);

    case CTL_FIELD_USER:
      return ctl_find_user (ctl, text, error);

    case CTL_FIELD_TAG:
    case CTL_FIELD_TAGS:
      return ctl_find_tag (ctl, text, error);

    case CTL_FIELD_BATCH:
      return find_batch_id (ctl, text, error);

    case CTL_FIELD_DAY:
      return g_strdup (strcmp (text, NONE) == 0 ? "" : text);

    case CTL_FIELD_YES:
      if (strcmp (text, "true") == 0 || strcmp (text, "false") == 0)
        return g_strdup (text);
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("“%s” is not true or false"), text);
      return NULL;

    case CTL_FIELD_FROM:
    case CTL_FIELD_TO:
      return ctl_parse_time (text, kind == CTL_FIELD_TO, error);

    case CTL_FIELD_TEXT:
    case CTL_FIELD_PERMISSIONS:
    default:
      return g_strdup (text);
    }
}

static gboolean
add_list (Ctl             *ctl,
          const CtlField  *field,
          char           **values,
          JsonObject      *body,
          GError         **error)
{
  g_autoptr(JsonArray) array = json_array_new ();

  for (guint i = 0; values[i] != NULL; i++)
    {
      g_autofree char *value = NULL;

      if (strcmp (values[i], NONE) == 0)
        continue;
      value = resolve (ctl, field->kind, values[i], error);
      if (value == NULL)
        return FALSE;
      json_array_add_string_element (array, value);
    }

  json_object_set_array_member (body, field->member, g_steal_pointer (&array));

  return TRUE;
}

gboolean
ctl_options_fill_body (CtlOptions  *options,
                       Ctl         *ctl,
                       JsonObject  *body,
                       GError     **error)
{
  for (guint i = 0; options->fields != NULL && options->fields[i].option != NULL; i++)
    {
      const CtlField *field = &options->fields[i];
      g_autofree char *value = NULL;

      if (options->lists[i] != NULL && !add_list (ctl, field, options->lists[i], body, error))
        return FALSE;

      if (options->texts[i] == NULL)
        continue;

      value = resolve (ctl, field->kind, options->texts[i], error);
      if (value == NULL)
        return FALSE;
      json_object_set_string_member (body, field->member, value);
    }

  if (options->comment != NULL)
    json_object_set_string_member (body, "comment", options->comment);

  return TRUE;
}

gboolean
ctl_options_fill_query (CtlOptions  *options,
                        Ctl         *ctl,
                        GString     *path,
                        GError     **error)
{
  for (guint i = 0; options->fields != NULL && options->fields[i].option != NULL; i++)
    {
      g_autofree char *value = NULL;

      if (options->texts[i] == NULL)
        continue;

      value = resolve (ctl, options->fields[i].kind, options->texts[i], error);
      if (value == NULL)
        return FALSE;
      g_string_append_printf (path, "&%s=", options->fields[i].member);
      g_string_append_uri_escaped (path, value, NULL, FALSE);
    }

  return TRUE;
}
