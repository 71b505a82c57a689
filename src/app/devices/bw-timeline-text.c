/* bw-timeline-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-timeline-text.h"

#include <glib/gi18n.h>

#include "bw-device-text.h"
#include "bw-json.h"
#include "bw-record-text.h"
#include "bw-status-text.h"

static const char *
get (JsonObject *details,
     const char *name)
{
  const char *text = bw_json_get_string (details, name);

  return text != NULL ? text : "";
}

static char *
tell_connection (BwTimelineItem *item,
                 JsonObject     *details)
{
  gulong n_times = (gulong) (bw_timeline_item_get_n (item) + 1) / 2;
  const char *cause = get (details, "cause");

  if (bw_timeline_item_get_n (item) > 1)
    return g_strdup_printf (ngettext ("Connected and disconnected %'lu time", "Connected and disconnected %'lu times", n_times), n_times);

  if (bw_json_get_boolean (details, "online", FALSE))
    /* Translators: an address of the network */
    return g_strdup_printf (_("Connected from %s"), get (details, "address"));

  if (g_str_equal (cause, "left"))
    return g_strdup (_("Disconnected, and said so"));

  return g_strdup (g_str_equal (cause, "asleep") ? _("Disconnected to sleep") : _("Lost: it went without a word"));
}

static char *
tell_state (BwTimelineItem *item,
            JsonObject     *details)
{
  const char *state = bw_state_to_text (bw_state_from_nick (get (details, "to")));
  gulong n = (gulong) bw_timeline_item_get_n (item);

  if (n > 1)
    /* Translators: a state such as Ready, and how often it has changed */
    return g_strdup_printf (ngettext ("State: %s, after %'lu change", "State: %s, after %'lu changes", n), state, n);

  /* Translators: the new state and the old one, such as Ready and Alert */
  return g_strdup_printf (_("State: %s, before: %s"), state, bw_state_to_text (bw_state_from_nick (get (details, "from"))));
}

static char *
tell_command (JsonObject *details)
{
  const char *reason = get (details, "reason");

  if (g_str_equal (get (details, "state"), "confirmed"))
    /* Translators: a property, as node/property, and a value */
    return g_strdup_printf (_("%s/%s set to %s: confirmed"), get (details, "node"), get (details, "property"), get (details, "value"));

  /* Translators: a property, as node/property, a value and a reason */
  return g_strdup_printf (_("%s/%s set to %s: failed, %s"), get (details, "node"), get (details, "property"), get (details, "value"), reason);
}

static char *
tell_firmware (JsonObject *details)
{
  g_autofree char *now = bw_device_text_firmware (bw_json_get_string (details, "product"), bw_json_get_string (details, "version"));
  g_autofree char *before = bw_device_text_firmware (bw_json_get_string (details, "productBefore"), bw_json_get_string (details, "versionBefore"));

  if (*before == '\0')
    return g_strdup_printf (_("Firmware: %s"), now);

  /* Translators: the new firmware and the old one */
  return g_strdup_printf (_("Firmware: %s, before: %s"), now, before);
}

static char *
tell_description (JsonObject *details)
{
  gulong n_nodes = (gulong) bw_json_get_int (details, "nodes", 0);
  gulong n_properties = (gulong) bw_json_get_int (details, "properties", 0);
  g_autofree char *nodes = g_strdup_printf (ngettext ("%'lu node", "%'lu nodes", n_nodes), n_nodes);
  g_autofree char *properties = g_strdup_printf (ngettext ("%'lu property", "%'lu properties", n_properties), n_properties);

  /* Translators: “3 nodes” and “12 properties” */
  return g_strdup_printf (_("Described itself: %s, %s"), nodes, properties);
}

char *
bw_timeline_to_text (BwTimelineItem *item)
{
  JsonObject *details = bw_timeline_item_get_details (item);

  switch (bw_timeline_item_get_kind (item))
    {
    case BW_EVENT_CONNECTION:
      return tell_connection (item, details);

    case BW_EVENT_STATE:
      return tell_state (item, details);

    case BW_EVENT_COMMAND:
      return tell_command (details);

    case BW_EVENT_NOTICE:
      return g_strdup (get (details, "text"));

    case BW_EVENT_FIRMWARE:
      return tell_firmware (details);

    case BW_EVENT_DESCRIPTION:
      return tell_description (details);

    case BW_EVENT_FIRST_SEEN:
      return g_strdup (_("Was there for the first time"));

    case BW_EVENT_ADMISSION:
    case BW_EVENT_TAG:
    case BW_EVENT_CHANGE:
    case BW_N_EVENTS:
    default:
      return g_strdup (bw_action_to_done_text (*get (details, "action") != '\0' ? get (details, "action") : bw_timeline_item_get_text (item)));
    }
}

static gboolean
is_bad_notice (JsonObject *details)
{
  return bw_json_get_boolean (details, "alert", FALSE) || g_str_equal (get (details, "level"), "error") ||
         g_str_equal (get (details, "level"), "fatal");
}

const char *
bw_timeline_to_icon (BwTimelineItem *item)
{
  JsonObject *details = bw_timeline_item_get_details (item);

  switch (bw_timeline_item_get_kind (item))
    {
    case BW_EVENT_CONNECTION:
      return bw_json_get_boolean (details, "online", FALSE) ? "network-transmit-receive-symbolic" : "network-offline-symbolic";

    case BW_EVENT_STATE:
      return bw_device_text_state_icon (bw_state_from_nick (get (details, "to")));

    case BW_EVENT_COMMAND:
      return g_str_equal (get (details, "state"), "confirmed") ? "emblem-ok-symbolic" : "dialog-error-symbolic";

    case BW_EVENT_NOTICE:
      if (is_bad_notice (details))
        return "dialog-error-symbolic";
      return g_str_equal (get (details, "level"), "warning") ? "dialog-warning-symbolic" : "dialog-information-symbolic";

    case BW_EVENT_FIRMWARE:
      return "application-x-firmware-symbolic";

    case BW_EVENT_DESCRIPTION:
      return "view-list-symbolic";

    case BW_EVENT_FIRST_SEEN:
      return "starred-symbolic";

    case BW_EVENT_ADMISSION:
      return "security-high-symbolic";

    case BW_EVENT_TAG:
      return "user-bookmarks-symbolic";

    case BW_EVENT_CHANGE:
    case BW_N_EVENTS:
    default:
      return "document-edit-symbolic";
    }
}

const char *
bw_timeline_to_css_class (BwTimelineItem *item)
{
  JsonObject *details = bw_timeline_item_get_details (item);

  switch (bw_timeline_item_get_kind (item))
    {
    case BW_EVENT_COMMAND:
      return g_str_equal (get (details, "state"), "confirmed") ? "success" : "error";

    case BW_EVENT_NOTICE:
      if (is_bad_notice (details))
        return "error";
      return g_str_equal (get (details, "level"), "warning") ? "warning" : NULL;

    case BW_EVENT_STATE:
      return bw_state_to_css_class (bw_state_from_nick (get (details, "to")));

    case BW_EVENT_CONNECTION:
      return bw_json_get_boolean (details, "online", FALSE) || !g_str_equal (get (details, "cause"), "lost") ? NULL : "warning";

    case BW_EVENT_FIRMWARE:
    case BW_EVENT_DESCRIPTION:
    case BW_EVENT_FIRST_SEEN:
    case BW_EVENT_ADMISSION:
    case BW_EVENT_TAG:
    case BW_EVENT_CHANGE:
    case BW_N_EVENTS:
    default:
      return NULL;
    }
}

const char *
bw_event_kind_to_text (BwEventKind kind)
{
  static const char * const texts[BW_N_EVENTS] = {
    [BW_EVENT_CONNECTION] = NC_("event", "Connection"),
    [BW_EVENT_STATE] = NC_("event", "State"),
    [BW_EVENT_COMMAND] = NC_("event", "Command"),
    [BW_EVENT_NOTICE] = NC_("event", "Notice"),
    [BW_EVENT_FIRMWARE] = NC_("event", "Firmware"),
    [BW_EVENT_DESCRIPTION] = NC_("event", "Description"),
    [BW_EVENT_FIRST_SEEN] = NC_("event", "First seen"),
    [BW_EVENT_ADMISSION] = NC_("event", "Admission"),
    [BW_EVENT_TAG] = NC_("event", "Tags"),
    [BW_EVENT_CHANGE] = NC_("event", "Change"),
  };

  g_return_val_if_fail ((guint) kind < BW_N_EVENTS, NULL);

  return g_dpgettext2 (NULL, "event", texts[kind]);
}
