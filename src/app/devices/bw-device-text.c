/* bw-device-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-text.h"

#include <langinfo.h>
#include <string.h>

#include <glib/gi18n.h>

const char *
bw_device_text_state_icon (BwState state)
{
  switch (state)
    {
    case BW_STATE_INIT:
      return "emblem-synchronizing-symbolic";
    case BW_STATE_READY:
      return "emblem-default-symbolic";
    case BW_STATE_DISCONNECTED:
      return "network-offline-symbolic";
    case BW_STATE_SLEEPING:
      return "weather-clear-night-symbolic";
    case BW_STATE_LOST:
      return "network-error-symbolic";
    case BW_STATE_ALERT:
      return "dialog-warning-symbolic";
    case BW_STATE_NOT_CONNECTED:
    default:
      return "radio-symbolic";
    }
}

const char *
bw_device_text_online (gboolean online)
{
  return online ? _("Online") : _("Offline");
}

const char *
bw_device_text_type (const char *type)
{
  if (g_strcmp0 (type, "testing") == 0)
    return _("Testing");

  if (g_strcmp0 (type, "development") == 0)
    return _("Development");

  return g_strcmp0 (type, "release") == 0 ? _("Release") : type;
}

char *
bw_device_text_age (gint64 at_us,
                    gint64 now_us)
{
  gint64 seconds;
  guint n;

  if (at_us == 0)
    return g_strdup (_("Never"));

  seconds = MAX (now_us - at_us, 0) / G_USEC_PER_SEC;

  if (seconds < 1)
    return g_strdup (_("Now"));

  if (seconds < 60)
    /* Translators: an age; s is the symbol of seconds */
    return g_strdup_printf (_("%u s ago"), (guint) seconds);

  if (seconds < 60 * 60)
    /* Translators: an age; min is the symbol of minutes */
    return g_strdup_printf (_("%u min ago"), (guint) (seconds / 60));

  if (seconds < 24 * 60 * 60)
    /* Translators: an age; h is the symbol of hours */
    return g_strdup_printf (_("%u h ago"), (guint) (seconds / (60 * 60)));

  n = (guint) (seconds / (24 * 60 * 60));

  return g_strdup_printf (ngettext ("%u day ago", "%u days ago", n), n);
}

char *
bw_device_text_firmware (const char *product,
                         const char *version)
{
  if (product != NULL && version != NULL)
    return g_strdup_printf ("%s %s", product, version);

  return g_strdup (product != NULL ? product : version != NULL ? version : "");
}

static char *
format_boolean (const BwTreeProperty *property,
                const char           *value)
{
  g_auto(GStrv) choices = bw_value_get_choices (BW_DATATYPE_BOOLEAN, property->format);
  gboolean is_true = g_strcmp0 (value, "true") == 0;

  if (!is_true && g_strcmp0 (value, "false") != 0)
    return g_strdup (value);

  /* Homie 5 names the two as "false,true" in the format. */
  if (choices != NULL && g_strv_length (choices) == 2)
    return g_strdup (choices[is_true ? 1 : 0]);

  if (property->settable)
    return g_strdup (is_true ? _("On") : _("Off"));

  return g_strdup (is_true ? _("Yes") : _("No"));
}

static char *
format_moment (const char *value)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) moment = g_date_time_new_from_iso8601 (value, utc);
  g_autoptr(GDateTime) here = moment != NULL ? g_date_time_to_local (moment) : NULL;

  return here != NULL ? g_date_time_format (here, "%x %X") : g_strdup (value);
}

/* As many digits as the device wrote, with the reader's decimal sign. */
static char *
format_float (const char *value)
{
  const char *point = strchr (value, '.');

  if (point == NULL || value[strspn (value, "+-.0123456789eE")] != '\0')
    return g_strdup (value);

  return g_strdup_printf ("%.*s%s%s", (int) (point - value), value, nl_langinfo (RADIXCHAR), point + 1);
}

char *
bw_device_text_value (const BwTreeProperty *property,
                      const char           *value)
{
  g_return_val_if_fail (property != NULL, NULL);

  if (value == NULL)
    return g_strdup ("—");

  /* An empty text is a value, and nothing to see would look like none. */
  if (*value == '\0')
    return g_strdup ("“”");

  if (property->datatype == BW_DATATYPE_BOOLEAN)
    return format_boolean (property, value);

  if (property->datatype == BW_DATATYPE_DATETIME)
    return format_moment (value);

  return property->datatype == BW_DATATYPE_FLOAT ? format_float (value) : g_strdup (value);
}

char *
bw_device_text_value_unit (const BwTreeProperty *property,
                           const char           *value)
{
  g_autofree char *text = bw_device_text_value (property, value);

  if (value == NULL || property->unit == NULL || *property->unit == '\0')
    return g_steal_pointer (&text);

  return g_strdup_printf ("%s\xc2\xa0%s", text, property->unit);
}

const char *
bw_device_text_property_name (const BwTreeProperty *property)
{
  return property->name != NULL && *property->name != '\0' ? property->name : property->id;
}

const char *
bw_device_text_node_name (const BwTreeNode *node)
{
  return node->name != NULL && *node->name != '\0' ? node->name : node->id;
}
