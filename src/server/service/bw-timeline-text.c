/* bw-timeline-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-timeline-text.h"

#include <string.h>

#include "bw-json.h"

#define DETAILS_MAX_BYTES (64 * 1024)

char *
bw_timeline_row_make_id (const BwTimelineRow *row)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT "-%c%" G_GINT64_FORMAT, row->at_us, row->is_audit ? 'a' : 'e', row->id);
}

gboolean
bw_timeline_place_parse (BwTimelinePlace *self,
                         const char      *id)
{
  g_auto(GStrv) parts = g_strsplit (id, "-", 2);
  gint64 number;

  if (g_strv_length (parts) != 2 || (*parts[1] != 'e' && *parts[1] != 'a') ||
      !g_ascii_string_to_signed (parts[0], 10, 0, G_MAXINT64, &self->at_us, NULL) ||
      !g_ascii_string_to_signed (parts[1] + 1, 10, 0, G_MAXINT64, &number, NULL))
    return FALSE;

  /* Of one microsecond, events come first. */
  self->event_id = *parts[1] == 'e' ? number : 0;
  self->audit_seq = *parts[1] == 'e' ? G_MAXINT64 : number;

  return TRUE;
}

static const char *
get (JsonObject *details,
     const char *name)
{
  const char *text = bw_json_get_string (details, name);

  return text != NULL ? text : "";
}

/* (transfer full) */
static char *
tell_connection (const BwTimelineRow *row,
                 JsonObject          *details)
{
  gboolean online = bw_json_get_boolean (details, "online", FALSE);
  const char *cause = get (details, "cause");

  if (row->n > 1)
    return g_strdup_printf ("connected and disconnected %" G_GINT64_FORMAT " times, %s at last", (row->n + 1) / 2, online ? "connected" : "gone");

  if (online)
    return g_strdup_printf ("connected from %s", get (details, "address"));

  if (g_str_equal (cause, "left"))
    return g_strdup ("disconnected, and said so");

  return g_strdup (g_str_equal (cause, "asleep") ? "disconnected to sleep" : "was lost");
}

/* (transfer full) */
static char *
tell_firmware (JsonObject *details)
{
  g_autofree char *before = g_strstrip (g_strdup_printf ("%s %s", get (details, "productBefore"), get (details, "versionBefore")));
  g_autofree char *now = g_strstrip (g_strdup_printf ("%s %s", get (details, "product"), get (details, "version")));

  return *before != '\0' ? g_strdup_printf ("firmware %s, before %s", now, before) : g_strdup_printf ("firmware %s", now);
}

/* (transfer full) */
static char *
tell_event (const BwTimelineRow *row,
            JsonObject          *details)
{
  switch (row->kind)
    {
    case BW_EVENT_CONNECTION:
      return tell_connection (row, details);

    case BW_EVENT_STATE:
      return row->n > 1 ? g_strdup_printf ("state %s, after %" G_GINT64_FORMAT " changes", get (details, "to"), row->n)
                        : g_strdup_printf ("state %s, before %s", get (details, "to"), get (details, "from"));

    case BW_EVENT_COMMAND:
      return g_strdup_printf ("set %s/%s to %s: %s%s%s", get (details, "node"), get (details, "property"), get (details, "value"),
                              get (details, "state"), *get (details, "reason") != '\0' ? ", " : "", get (details, "reason"));

    case BW_EVENT_NOTICE:
      return g_strdup_printf ("%s: %s", bw_json_get_boolean (details, "alert", FALSE) ? "alert" : get (details, "level"), get (details, "text"));

    case BW_EVENT_FIRMWARE:
      return tell_firmware (details);

    case BW_EVENT_DESCRIPTION:
      return g_strdup_printf ("described itself: %" G_GINT64_FORMAT " nodes, %" G_GINT64_FORMAT " properties",
                              bw_json_get_int (details, "nodes", 0), bw_json_get_int (details, "properties", 0));

    case BW_EVENT_FIRST_SEEN:
    case BW_EVENT_ADMISSION:
    case BW_EVENT_TAG:
    case BW_EVENT_CHANGE:
    case BW_N_EVENTS:
    default:
      return g_strdup ("was there for the first time");
    }
}

static void
write_audit (const BwTimelineRow *row,
             gboolean             shows_who,
             GString             *out)
{
  bw_json_add_string (out, "text", row->action);
  bw_json_add_string (out, "by", shows_who ? row->login : NULL);
  bw_json_begin_object (out, "details");
  bw_json_add_string (out, "action", row->action);
  if (row->job != NULL)
    bw_json_add_string (out, "job", row->job);
  if (shows_who)
    {
      bw_json_add_raw (out, "before", row->before != NULL ? row->before : "null");
      bw_json_add_raw (out, "after", row->after != NULL ? row->after : "null");
    }
  bw_json_end_object (out);
}

/* Whoever had the device before has his own people; an event that does not say for whom it was is of no known company. */
static gboolean
shows_who_of_event (JsonObject    *details,
                    const BwActor *actor,
                    BwAuthority   *authority)
{
  gint64 company_id = bw_json_get_id (details, "companyId");

  return bw_actor_check (actor, BW_PERMISSION_READ_AUDIT, NULL) &&
         (actor->company_is_root || (company_id != 0 && bw_authority_reaches (authority, actor->company_id, company_id)));
}

static void
write_event (const BwTimelineRow *row,
             const BwActor       *actor,
             BwAuthority         *authority,
             GString             *out)
{
  g_autoptr(JsonObject) details = bw_json_parse_object (row->details, strlen (row->details), DETAILS_MAX_BYTES, NULL);
  g_autofree char *text = NULL;
  g_autofree char *by = NULL;
  g_autofree char *json = NULL;
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  gboolean shows_who;

  if (details == NULL)
    details = json_object_new ();

  text = tell_event (row, details);
  by = g_strdup (bw_json_get_string (details, "by"));
  shows_who = shows_who_of_event (details, actor, authority);
  if (json_object_has_member (details, "by"))
    json_object_remove_member (details, "by");
  if (json_object_has_member (details, "companyId"))
    json_object_remove_member (details, "companyId");
  json_node_set_object (node, details);
  json = json_to_string (node, FALSE);

  bw_json_add_string (out, "text", text);
  bw_json_add_string (out, "by", shows_who ? by : NULL);
  bw_json_add_raw (out, "details", json);
}

void
bw_timeline_row_write (const BwTimelineRow *row,
                       const BwActor       *actor,
                       BwAuthority         *authority,
                       GString             *out)
{
  g_autofree char *id = bw_timeline_row_make_id (row);
  gboolean reads_audit = bw_actor_check (actor, BW_PERMISSION_READ_AUDIT, NULL);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", id);
  bw_json_add_int (out, "at", row->at_us);
  bw_json_add_int (out, "since", row->since_us);
  bw_json_add_int (out, "n", row->n);
  bw_json_add_string (out, "kind", bw_event_kind_to_nick (row->kind));
  if (row->is_audit)
    write_audit (row, reads_audit || row->account_id == actor->account_id, out);
  else
    write_event (row, actor, authority, out);
  bw_json_end_object (out);
}
