/* bw-device-field.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-field.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-device-text.h"
#include "bw-status-text.h"
#include "bw-time-text.h"

/* Of a condition with many values that many are named. */
#define VALUES_NAMED 3

static const char * const statuses[] = {
  "new", "labelled", "flashed", "awaiting-approval", "approved", "pairing", "paired", "blocked", "retired", "seen", NULL
};
static const char * const states[] = {
  "not-connected", "init", "ready", "disconnected", "sleeping", "lost", "alert", NULL
};
static const char * const truths[] = { "true", "false", NULL };
static const char * const types[] = { "testing", "development", "release", NULL };
static const char * const facts[] = {
  "name", "product", "version", "homie", "address", "localIp", "abbreviation", "license", "machineId", "type", "tag",
  "firstSeen", "lastSeen", "approved", NULL
};

static const BwDeviceField fields[] = {
  { "status", N_("Status"), BW_DEVICE_FIELD_CHOICE, TRUE, statuses },
  { "state", N_("State"), BW_DEVICE_FIELD_CHOICE, TRUE, states },
  { "online", N_("Online"), BW_DEVICE_FIELD_CHOICE, TRUE, truths },
  { "company", N_("Company"), BW_DEVICE_FIELD_CHOICE, TRUE, NULL },
  { "batch", N_("Batch"), BW_DEVICE_FIELD_CHOICE, TRUE, NULL },
  { "tag", N_("Tag"), BW_DEVICE_FIELD_CHOICE, TRUE, NULL },
  { "product", N_("Product"), BW_DEVICE_FIELD_TEXT, TRUE, NULL },
  { "version", N_("Version"), BW_DEVICE_FIELD_TEXT, TRUE, NULL },
  { "name", N_("Name"), BW_DEVICE_FIELD_TEXT, TRUE, NULL },
  { "type", N_("Type"), BW_DEVICE_FIELD_CHOICE, FALSE, types },
  { "id", N_("Device ID"), BW_DEVICE_FIELD_TEXT, FALSE, NULL },
  { "serial", N_("Serial"), BW_DEVICE_FIELD_NUMBER, FALSE, NULL },
  { "abbreviation", N_("Abbreviation"), BW_DEVICE_FIELD_TEXT, TRUE, NULL },
  { "license", N_("License"), BW_DEVICE_FIELD_TEXT, TRUE, NULL },
  { "machineId", N_("Machine ID"), BW_DEVICE_FIELD_TEXT, FALSE, NULL },
  { "homie", N_("Homie"), BW_DEVICE_FIELD_TEXT, TRUE, NULL },
  { "address", N_("Address"), BW_DEVICE_FIELD_TEXT, FALSE, NULL },
  { "localIp", N_("Local Address"), BW_DEVICE_FIELD_TEXT, FALSE, NULL },
  { "firstSeen", N_("First Seen"), BW_DEVICE_FIELD_TIME, FALSE, NULL },
  { "lastSeen", N_("Last Seen"), BW_DEVICE_FIELD_TIME, FALSE, NULL },
  { "approved", N_("Approved"), BW_DEVICE_FIELD_TIME, FALSE, NULL },
  { "empty", N_("Missing Fact"), BW_DEVICE_FIELD_CHOICE, FALSE, facts },
};

static const char * const text_operators[] = { "", "!", "~", "!~", "^", "!^", NULL };
static const char * const choice_operators[] = { "", "!", NULL };
static const char * const truth_operators[] = { "", NULL };
static const char * const time_operators[] = { "After", "Before", NULL };

static const struct
{
  const char *operator;
  const char *word;
} operators[] = {
  { "", N_("is") },
  { "!", N_("is not") },
  { "~", N_("contains") },
  { "!~", N_("does not contain") },
  { "^", N_("begins with") },
  { "!^", N_("does not begin with") },
  { "After", N_("after") },
  { "Before", N_("before") },
};

const BwDeviceField *
bw_device_fields_get (guint *ret_n_fields)
{
  *ret_n_fields = G_N_ELEMENTS (fields);

  return fields;
}

const char * const *
bw_device_field_get_operators (const BwDeviceField *field)
{
  g_return_val_if_fail (field != NULL, NULL);

  switch (field->kind)
    {
    case BW_DEVICE_FIELD_TEXT:
      return text_operators;

    case BW_DEVICE_FIELD_TIME:
      return time_operators;

    case BW_DEVICE_FIELD_CHOICE:
    case BW_DEVICE_FIELD_NUMBER:
    default:
      return field->choices == truths ? truth_operators : choice_operators;
    }
}

const BwDeviceField *
bw_device_field_of_key (const char  *key,
                        const char **ret_operator)
{
  g_return_val_if_fail (key != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char * const *known = bw_device_field_get_operators (&fields[i]);
      const char *operator = key + strlen (fields[i].id);

      if (!g_str_has_prefix (key, fields[i].id) || !g_strv_contains (known, operator))
        continue;

      if (ret_operator != NULL)
        *ret_operator = operator;

      return &fields[i];
    }

  return NULL;
}

const char *
bw_device_operator_to_text (const char *operator)
{
  for (gsize i = 0; i < G_N_ELEMENTS (operators); i++)
    {
      if (g_str_equal (operators[i].operator, operator))
        return _(operators[i].word);
    }

  return operator;
}

/* (transfer full) */
static char *
status_to_text (const char *nick)
{
  BwStatus status;

  if (g_str_equal (nick, "approved"))
    return g_strdup (C_("devices", "Approved"));

  if (g_str_equal (nick, "seen"))
    return g_strdup (_("Ever connected"));

  return g_strdup (bw_status_from_nick (nick, &status) ? bw_status_to_text (status) : nick);
}

/* (transfer full) */
static char *
name_of (BwEntityList *list,
         const char   *id)
{
  BwEntity *item = bw_entity_list_lookup (list, id);
  char *name = NULL;

  if (item != NULL)
    g_object_get (item, "name", &name, NULL);

  return name != NULL ? name : g_strdup (id);
}

/* (transfer full) */
static char *
fact_to_text (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      if (g_str_equal (fields[i].id, id))
        return g_strdup (_(fields[i].title));
    }

  return g_strdup (id);
}

char *
bw_device_value_to_text (const BwDeviceField *field,
                         BwSession           *session,
                         const char          *value)
{
  g_return_val_if_fail (field != NULL && value != NULL, NULL);

  if (field->kind == BW_DEVICE_FIELD_TIME)
    return bw_time_to_full_text (g_ascii_strtoll (value, NULL, 10));

  if (field->choices == statuses)
    return status_to_text (value);

  if (field->choices == states)
    return g_strdup (bw_state_to_text (bw_state_from_nick (value)));

  if (field->choices == truths)
    return g_strdup (bw_device_text_online (g_str_equal (value, "true")));

  if (field->choices == types)
    return g_strdup (bw_device_text_type (value));

  if (field->choices == facts)
    return fact_to_text (value);

  if (g_str_equal (field->id, "company"))
    return name_of (bw_session_get_companies (session), value);

  if (g_str_equal (field->id, "batch"))
    return name_of (bw_session_get_batches (session), value);

  if (g_str_equal (field->id, "tag"))
    return name_of (bw_session_get_tags (session), value);

  return g_strdup (value);
}

/* (transfer full) */
static char *
make_sentence (const char *operator,
               const char *field,
               const char *values)
{
  if (g_str_equal (operator, "!"))
    /* Translators: the field of a filter and its values: “Version is not: 1.4.2, 1.4.3” */
    return g_strdup_printf (_("%s is not: %s"), field, values);

  if (g_str_equal (operator, "~"))
    return g_strdup_printf (_("%s contains: %s"), field, values);

  if (g_str_equal (operator, "!~"))
    return g_strdup_printf (_("%s does not contain: %s"), field, values);

  if (g_str_equal (operator, "^"))
    return g_strdup_printf (_("%s begins with: %s"), field, values);

  if (g_str_equal (operator, "!^"))
    return g_strdup_printf (_("%s does not begin with: %s"), field, values);

  if (g_str_equal (operator, "After"))
    return g_strdup_printf (_("%s after: %s"), field, values);

  if (g_str_equal (operator, "Before"))
    return g_strdup_printf (_("%s before: %s"), field, values);

  return g_strdup_printf (_("%s: %s"), field, values);
}

char *
bw_device_condition_to_text (BwSession          *session,
                             const char         *key,
                             const char * const *values)
{
  const char *operator = "";
  const BwDeviceField *field = bw_device_field_of_key (key, &operator);
  g_autoptr(GString) list = g_string_new (NULL);
  guint n_values = g_strv_length ((char **) values);

  if (field == NULL)
    return g_strdup (key);

  for (guint i = 0; i < MIN (n_values, VALUES_NAMED); i++)
    {
      g_autofree char *text = bw_device_value_to_text (field, session, values[i]);

      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", text);
    }

  if (n_values > VALUES_NAMED)
    g_string_append_printf (list, " +%u", n_values - VALUES_NAMED);

  return make_sentence (operator, _(field->title), list->str);
}
