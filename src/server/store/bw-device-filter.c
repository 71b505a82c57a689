/* bw-device-filter.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-device-filter-private.h"

#include <string.h>

#include "bw-device-id.h"
#include "bw-device.h"
#include "bw-error.h"

#define MAX_KEY_BYTES 40

static const BwDeviceField fields[] = {
  { "id",              BW_FIELD_TEXT,    "device.id",             "" },
  { "name",            BW_FIELD_TEXT,    "device.name",           "device_by_name" },
  { "product",         BW_FIELD_TEXT,    "device.product",        "device_by_product" },
  { "version",         BW_FIELD_TEXT,    "device.version",        "device_by_version" },
  { "homie",           BW_FIELD_TEXT,    "device.homie",          NULL },
  { "address",         BW_FIELD_TEXT,    "device.address",        NULL },
  { "localIp",         BW_FIELD_TEXT,    "device.local_ip",       NULL },
  { "abbreviation",    BW_FIELD_TEXT,    "device.abbreviation",   NULL },
  { "license",         BW_FIELD_TEXT,    "device.license",        "device_by_license" },
  { "machineId",       BW_FIELD_TEXT,    "device.machine_id",     "device_by_machine_id" },
  { "batch",           BW_FIELD_BATCH,   "device.batch_id",       "device_by_batch" },
  { "company",         BW_FIELD_COMPANY, "device.company_id",     "device_by_company" },
  { "tag",             BW_FIELD_TAG,     "device.id",             "" },
  { "status",          BW_FIELD_STATUS,  "device.status",         "device_by_status" },
  { "state",           BW_FIELD_STATE,   "device.state",          "device_by_state" },
  { "type",            BW_FIELD_TYPE,    "device.type",           NULL },
  { "online",          BW_FIELD_ONLINE,  "device.online",         "device_online" },
  { "serial",          BW_FIELD_SERIAL,  "device.serial",         NULL },
  { "firstSeenAfter",  BW_FIELD_AFTER,   "device.first_seen_us",  "device_by_first_seen" },
  { "firstSeenBefore", BW_FIELD_BEFORE,  "device.first_seen_us",  "device_by_first_seen" },
  { "lastSeenAfter",   BW_FIELD_AFTER,   "device.last_seen_us",   "device_by_last_seen" },
  { "lastSeenBefore",  BW_FIELD_BEFORE,  "device.last_seen_us",   "device_by_last_seen" },
  { "approvedAfter",   BW_FIELD_AFTER,   "device.approved_at_us", "device_by_approved" },
  { "approvedBefore",  BW_FIELD_BEFORE,  "device.approved_at_us", "device_by_approved" },
  { "empty",           BW_FIELD_EMPTY,   NULL,                    NULL },
  { "search",          BW_FIELD_SEARCH,  NULL,                    NULL },
};

static void
condition_free (gpointer data)
{
  BwDeviceCondition *condition = data;

  g_free (condition->key);
  g_ptr_array_unref (condition->values);
  g_array_unref (condition->numbers);
  g_free (condition);
}

BwDeviceFilter *
bw_device_filter_new (void)
{
  BwDeviceFilter *self = g_new0 (BwDeviceFilter, 1);

  g_atomic_ref_count_init (&self->refs);
  self->conditions = g_ptr_array_new_with_free_func (condition_free);

  return self;
}

BwDeviceFilter *
bw_device_filter_ref (BwDeviceFilter *self)
{
  g_atomic_ref_count_inc (&self->refs);

  return self;
}

void
bw_device_filter_unref (BwDeviceFilter *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_ptr_array_unref (self->conditions);
  g_free (self);
}

guint
bw_device_filter_get_n (BwDeviceFilter *self)
{
  return self != NULL ? self->conditions->len : 0;
}

/* "name!~": the field, and how it is to match. */
static const BwDeviceField *
parse_key (const char *key,
           BwMatch    *ret_match,
           gboolean   *ret_negated)
{
  g_autofree char *name = NULL;
  gsize length = strlen (key);

  if (length > MAX_KEY_BYTES)
    return NULL;

  name = g_strdup (key);
  *ret_match = BW_MATCH_IS;
  if (length > 0 && (name[length - 1] == '~' || name[length - 1] == '^'))
    {
      *ret_match = name[length - 1] == '~' ? BW_MATCH_CONTAINS : BW_MATCH_BEGINS;
      name[--length] = '\0';
    }

  *ret_negated = length > 0 && name[length - 1] == '!';
  if (*ret_negated)
    name[--length] = '\0';

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      if (strcmp (fields[i].name, name) == 0)
        return &fields[i];
    }

  return NULL;
}

static gboolean
check_operator (const BwDeviceField  *field,
                BwMatch               match,
                gboolean              negated,
                const char           *key,
                GError              **error)
{
  gboolean is_plain = field->kind == BW_FIELD_ONLINE || field->kind == BW_FIELD_AFTER ||
                      field->kind == BW_FIELD_BEFORE || field->kind == BW_FIELD_SEARCH;

  if (match != BW_MATCH_IS && field->kind != BW_FIELD_TEXT)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s”: there is no text to look for in “%s”", key, field->name);
  else if (negated && is_plain)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” cannot be negated", field->name);
  else
    return TRUE;

  return FALSE;
}

/* (transfer none) */
static BwDeviceCondition *
find_condition (BwDeviceFilter  *self,
                const char      *key,
                GError         **error)
{
  BwMatch match = BW_MATCH_IS;
  gboolean negated = FALSE;
  const BwDeviceField *field;
  BwDeviceCondition *condition;

  for (guint i = 0; i < self->conditions->len; i++)
    {
      condition = g_ptr_array_index (self->conditions, i);
      if (strcmp (condition->key, key) == 0)
        return condition;
    }

  field = parse_key (key, &match, &negated);
  if (field == NULL)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "devices cannot be filtered by “%.*s”", MAX_KEY_BYTES, key);
      return NULL;
    }

  if (!check_operator (field, match, negated, key, error))
    return NULL;

  if (self->conditions->len >= BW_DEVICE_FILTER_MAX_KEYS)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "a filter has at most %d conditions", BW_DEVICE_FILTER_MAX_KEYS);
      return NULL;
    }

  condition = g_new0 (BwDeviceCondition, 1);
  condition->field = field;
  condition->match = match;
  condition->negated = negated;
  condition->key = g_strdup (key);
  condition->values = g_ptr_array_new_with_free_func (g_free);
  condition->numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_ptr_array_add (self->conditions, condition);

  return condition;
}

static gboolean
parse_status (const char *value,
              gint64     *ret_number)
{
  BwStatus status;

  if (strcmp (value, "approved") == 0)
    *ret_number = BW_STATUS_ANY_APPROVED;
  else if (strcmp (value, "seen") == 0)
    *ret_number = BW_STATUS_ANY_SEEN;
  else if (bw_status_from_nick (value, &status))
    *ret_number = (gint64) status;
  else
    return FALSE;

  return TRUE;
}

static gboolean
parse_state (const char *value,
             gint64     *ret_number)
{
  BwState state = bw_state_from_nick (value);

  *ret_number = (gint64) state;

  return strcmp (bw_state_to_nick (state), value) == 0;
}

/* What a value means; the sentence why it means nothing. (transfer none) (nullable) */
static const char *
parse_value (const BwDeviceCondition *condition,
             const char              *value,
             gint64                  *ret_number)
{
  gint64 least = condition->field->kind == BW_FIELD_AFTER || condition->field->kind == BW_FIELD_BEFORE ? 0 : 1;

  *ret_number = 0;
  switch (condition->field->kind)
    {
    case BW_FIELD_BATCH:
    case BW_FIELD_COMPANY:
    case BW_FIELD_TAG:
    case BW_FIELD_SERIAL:
    case BW_FIELD_AFTER:
    case BW_FIELD_BEFORE:
      return g_ascii_string_to_signed (value, 10, least, G_MAXINT64, ret_number, NULL) ? NULL
             : least == 0 ? "must be a time in microseconds since 1970" : "must be a number that is not negative";

    case BW_FIELD_STATUS:
      return parse_status (value, ret_number) ? NULL
             : "must be seen, approved, new, labelled, flashed, awaiting-approval, pairing, paired, blocked or retired";

    case BW_FIELD_STATE:
      return parse_state (value, ret_number) ? NULL
             : "must be not-connected, init, ready, disconnected, sleeping, lost or alert";

    case BW_FIELD_TYPE:
      return strcmp (value, "testing") == 0 || strcmp (value, "development") == 0 || strcmp (value, "release") == 0
             ? NULL : "must be testing, development or release";

    case BW_FIELD_ONLINE:
      *ret_number = strcmp (value, "true") == 0;
      return *ret_number != 0 || strcmp (value, "false") == 0 ? NULL : "must be true or false";

    case BW_FIELD_EMPTY:
      return bw_device_filter_find_has (value) != NULL ? NULL : "must name a field that may be empty";

    case BW_FIELD_TEXT:
    case BW_FIELD_SEARCH:
    default:
      return NULL;
    }
}

gboolean
bw_device_filter_add (BwDeviceFilter  *self,
                      const char      *key,
                      const char      *value,
                      GError         **error)
{
  BwDeviceCondition *condition;
  const char *reason;
  gboolean takes_one;
  gint64 number = 0;

  g_return_val_if_fail (self != NULL && key != NULL && value != NULL, FALSE);

  if (*value == '\0' && parse_key (key, &(BwMatch) { BW_MATCH_IS }, &(gboolean) { FALSE }) != NULL)
    return TRUE;

  condition = find_condition (self, key, error);
  if (condition == NULL)
    return FALSE;

  takes_one = condition->field->kind == BW_FIELD_AFTER || condition->field->kind == BW_FIELD_BEFORE ||
              condition->field->kind == BW_FIELD_SEARCH;
  reason = parse_value (condition, value, &number);
  if (reason != NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” %s", key, reason);
  else if (strlen (value) > BW_FILTER_MAX_SEARCH_BYTES)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is longer than %d bytes", key, BW_FILTER_MAX_SEARCH_BYTES);
  else if (condition->values->len >= (takes_one ? 1 : BW_DEVICE_FILTER_MAX_VALUES))
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” takes at most %d value%s", key,
                 takes_one ? 1 : BW_DEVICE_FILTER_MAX_VALUES, takes_one ? "" : "s");
  else
    {
      g_ptr_array_add (condition->values, g_strdup (value));
      g_array_append_val (condition->numbers, number);
      return TRUE;
    }

  return FALSE;
}

gboolean
bw_device_filter_add_ids (BwDeviceFilter      *self,
                          const char * const  *ids,
                          GError             **error)
{
  BwDeviceCondition *condition;

  g_return_val_if_fail (self != NULL && ids != NULL, FALSE);

  /* nothing to be any of: not the same as no condition */
  if (ids[0] == NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“ids” is empty");
      return FALSE;
    }

  condition = find_condition (self, "id", error);
  for (guint i = 0; condition != NULL && ids[i] != NULL; i++)
    {
      char id[BW_DEVICE_ID_SIZE];
      gint64 number = 0;

      if (!bw_device_id_parse (ids[i], strlen (ids[i]), id))
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%.40s” in “ids” is no device id", ids[i]);
          return FALSE;
        }

      g_ptr_array_add (condition->values, g_strdup (id));
      g_array_append_val (condition->numbers, number);
    }

  return condition != NULL;
}

static gboolean
add_node (BwDeviceFilter  *self,
          const char      *key,
          JsonNode        *node,
          GError         **error)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_NONE;
  g_autofree char *number = NULL;

  if (type == G_TYPE_STRING && *json_node_get_string (node) != '\0')
    return bw_device_filter_add (self, key, json_node_get_string (node), error);

  if (type == G_TYPE_BOOLEAN)
    return bw_device_filter_add (self, key, json_node_get_boolean (node) ? "true" : "false", error);

  if (type == G_TYPE_INT64)
    {
      number = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
      return bw_device_filter_add (self, key, number, error);
    }

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
               "“%.*s” must be a text that is not empty, a whole number, true, false or a list of those",
               MAX_KEY_BYTES, key);

  return FALSE;
}

BwDeviceFilter *
bw_device_filter_from_json (JsonObject  *object,
                            GError     **error)
{
  g_autoptr(BwDeviceFilter) self = bw_device_filter_new ();
  g_autoptr(GList) keys = json_object_get_members (object);

  for (GList *l = keys; l != NULL; l = l->next)
    {
      JsonNode *node = json_object_get_member (object, l->data);
      JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

      /* nothing to be any of: not the same as no condition */
      if ((array == NULL || json_array_get_length (array) == 0) && !add_node (self, l->data, node, error))
        return NULL;

      for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
        {
          if (!add_node (self, l->data, json_array_get_element (array, i), error))
            return NULL;
        }
    }

  return g_steal_pointer (&self);
}
