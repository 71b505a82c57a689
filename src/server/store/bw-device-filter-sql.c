/* bw-device-filter-sql.c: a filter as a WHERE, an order as an ORDER BY
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-device-filter-private.h"

#include <string.h>

#include "bw-device-id.h"
#include "bw-device.h"
#include "bw-error.h"

/* What may be empty, and how one sees that it is not. */
static const struct
{
  const char *name;
  const char *has;
} empties[] = {
  { "name",         "device.name IS NOT NULL" },
  { "product",      "device.product IS NOT NULL" },
  { "version",      "device.version IS NOT NULL" },
  { "homie",        "device.homie IS NOT NULL" },
  { "address",      "device.address IS NOT NULL" },
  { "localIp",      "device.local_ip IS NOT NULL" },
  { "abbreviation", "device.abbreviation IS NOT NULL" },
  { "license",      "device.license IS NOT NULL" },
  { "machineId",    "device.machine_id IS NOT NULL" },
  { "type",         "device.type IS NOT NULL" },
  { "tag",          "device.id IN (SELECT object_id FROM tagged WHERE kind = 'device')" },
  { "firstSeen",    "device.first_seen_us > 0" },
  { "lastSeen",     "device.last_seen_us > 0" },
  { "approved",     "device.approved_at_us > 0" },
};

#define BY_BATCH "device_by_batch"

#define MAX_WORDS 8

/* By the names of batches and companies. */
#define BATCH_JOIN   " JOIN batch AS sorted_batch ON sorted_batch.id = device.batch_id"
#define COMPANY_JOIN " JOIN company AS sorted_company ON sorted_company.id = device.company_id"

static const BwDeviceSortColumn columns[] = {
  { "id", "device.id", FALSE, NULL, NULL, NULL, NULL },
  { "batch", "sorted_batch.name", FALSE, BATCH_JOIN, NULL, NULL, BY_BATCH,
    "SELECT id, name, count - n_deleted FROM batch WHERE state = 1 ORDER BY name", "device.batch_id" },
  { "serial", "device.serial", FALSE, NULL, NULL, NULL, BY_BATCH },
  { "company", "sorted_company.name", FALSE, COMPANY_JOIN, NULL, NULL, "device_by_company",
    "SELECT id, name, (SELECT count(*) FROM device WHERE company_id = company.id) FROM company ORDER BY name",
    "device.company_id" },
  { "status", "device.status", FALSE, NULL, NULL, NULL, BY_BATCH },
  { "state", "device.state", FALSE, NULL, NULL, NULL, NULL },
  { "online", "device.online", FALSE, NULL, NULL, NULL, NULL },
  { "name", "device.name", TRUE, NULL, "device.name IS NOT NULL", "device_by_name", NULL },
  { "product", "device.product", TRUE, NULL, "device.product IS NOT NULL", "device_by_product", NULL },
  { "version", "device.version", TRUE, NULL, "device.version IS NOT NULL", "device_by_version", NULL },
  { "homie", "device.homie", TRUE, NULL, NULL, NULL, NULL },
  { "address", "device.address", TRUE, NULL, NULL, NULL, NULL },
  { "local-ip", "device.local_ip", TRUE, NULL, NULL, NULL, NULL },
  { "type", "device.type", TRUE, NULL, NULL, NULL, NULL },
  { "abbreviation", "device.abbreviation", TRUE, NULL, NULL, NULL, NULL },
  { "license", "device.license", TRUE, NULL, "device.license IS NOT NULL", "device_by_license", NULL },
  { "machine-id", "device.machine_id", TRUE, NULL, "device.machine_id IS NOT NULL", "device_by_machine_id", NULL },
  { "first-seen", "device.first_seen_us", FALSE, NULL, "device.first_seen_us > 0", "device_by_first_seen", NULL },
  { "last-seen", "device.last_seen_us", FALSE, NULL, "device.last_seen_us > 0", "device_by_last_seen", NULL },
  { "approved", "device.approved_at_us", FALSE, NULL, "device.approved_at_us > 0", "device_by_approved", NULL },
};

const char *
bw_device_filter_find_has (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (empties); i++)
    {
      if (strcmp (empties[i].name, name) == 0)
        return empties[i].has;
    }

  return NULL;
}

/* Where a condition is written to. */
typedef struct
{
  BwDb     *db;
  gboolean  probes_tags;
  BwFilter *where;
  GString  *sql;
} Target;

static void
push_text (Target     *to,
           const char *value)
{
  g_variant_builder_add (&to->where->args, "s", value);
  g_string_append_printf (to->sql, "$%u", ++to->where->n_args);
}

static void
append_numbers (const BwDeviceCondition *condition,
                GString                 *sql)
{
  for (guint i = 0; i < condition->numbers->len; i++)
    g_string_append_printf (sql, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "", g_array_index (condition->numbers, gint64, i));
}

/* "= $3", or "IN (…)": for one alone looking into a list takes longer than the rest of the row. */
static void
append_texts (const BwDeviceCondition *condition,
              Target                  *to)
{
  gboolean is_id = strcmp (condition->field->name, "id") == 0;
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < condition->values->len; i++)
    {
      const char *value = g_ptr_array_index (condition->values, i);
      char id[BW_DEVICE_ID_SIZE];

      /* however an id is written, it is the same one */
      g_ptr_array_add (texts, g_strdup (is_id && bw_device_id_parse (value, strlen (value), id) ? id : value));
    }

  if (texts->len == 1)
    {
      g_string_append (to->sql, "= ");
      push_text (to, g_ptr_array_index (texts, 0));
      return;
    }

  g_string_append (to->sql, "IN (");
  bw_filter_push_texts (to->where, to->db, texts, to->sql);
  g_string_append_c (to->sql, ')');
}

/* In lower case, for LIKE … ESCAPE '!'. (transfer full) */
static char *
make_pattern (const char *text,
              gboolean    begins,
              const char *left_out)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);
  GString *pattern = g_string_new (begins ? "" : "%");

  for (const char *p = lower; *p != '\0'; p++)
    {
      if (strchr (left_out, *p) != NULL)
        continue;
      if (*p == '%' || *p == '_' || *p == '!')
        g_string_append_c (pattern, '!');
      g_string_append_c (pattern, *p);
    }
  g_string_append_c (pattern, '%');

  return g_string_free (pattern, FALSE);
}

static void
append_like (const BwDeviceCondition *condition,
             Target                  *to)
{
  const char *column = condition->field->column;
  gboolean has_case = strcmp (condition->field->name, "id") != 0;
  g_autoptr(GPtrArray) patterns = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < condition->values->len; i++)
    g_ptr_array_add (patterns, make_pattern (g_ptr_array_index (condition->values, i),
                                             condition->match == BW_MATCH_BEGINS, ""));

  if (patterns->len == 1)
    {
      g_string_append_printf (to->sql, has_case ? "bw_lower(%s) LIKE " : "%s LIKE ", column);
      push_text (to, g_ptr_array_index (patterns, 0));
      g_string_append (to->sql, " ESCAPE '!'");
      return;
    }

  g_string_append (to->sql, "EXISTS (");
  bw_filter_push_texts (to->where, to->db, patterns, to->sql);
  g_string_append_printf (to->sql, has_case ? " WHERE bw_lower(%s) LIKE value ESCAPE '!')"
                                            : " WHERE %s LIKE value ESCAPE '!')", column);
}

static void
append_text (const BwDeviceCondition *condition,
             Target                  *to)
{
  const char *column = condition->field->column;

  if (condition->match != BW_MATCH_IS)
    {
      append_like (condition, to);
      return;
    }

  /* said once more: an index that leaves out what has none is only taken when the text shows it */
  g_string_append_printf (to->sql, "%s IS NOT NULL AND %s ", column, column);
  append_texts (condition, to);
}

static void
append_status (const BwDeviceCondition *condition,
               GString                 *sql)
{
  g_autoptr(GString) exact = g_string_new (NULL);
  gboolean has_seen = FALSE;
  gboolean has_new = FALSE;

  for (guint i = 0; i < condition->numbers->len; i++)
    {
      gint64 status = g_array_index (condition->numbers, gint64, i);

      if (status == BW_STATUS_ANY_SEEN)
        has_seen = TRUE;
      else if (status == BW_STATUS_ANY_APPROVED)
        g_string_append_printf (exact, "%s%d, %d", exact->len > 0 ? ", " : "", BW_STATUS_PAIRING, BW_STATUS_PAIRED);
      else
        g_string_append_printf (exact, "%s%d", exact->len > 0 ? ", " : "", (int) status);
      has_new |= status == BW_STATUS_NEW;
    }

  if (exact->len > 0)
    g_string_append_printf (sql, "(%sdevice.status IN (%s))", has_new ? "" : "device.status <> 0 AND ", exact->str);
  if (has_seen)
    g_string_append (sql, exact->len > 0 ? " OR device.first_seen_us > 0" : "device.first_seen_us > 0");
}

static void
append_empty (const BwDeviceCondition *condition,
              GString                 *sql)
{
  for (guint i = 0; i < condition->values->len; i++)
    g_string_append_printf (sql, "%sNOT (%s)", i > 0 ? " OR " : "",
                            bw_device_filter_find_has (g_ptr_array_index (condition->values, i)));
}

/* Whether it may be a piece of an id, without dashes and white space: no id has other letters. (transfer full) (nullable) */
static char *
make_code (const char *lower)
{
  g_autoptr(GString) code = g_string_new (NULL);

  for (const char *p = lower; *p != '\0'; p++)
    {
      if (*p == '-' || *p == ' ')
        continue;
      if ((!g_ascii_islower (*p) && !g_ascii_isdigit (*p)) || strchr ("ilou", *p) != NULL)
        return NULL;
      g_string_append_c (code, *p);
    }

  return code->len <= BW_DEVICE_CODE_LENGTH ? g_string_free (g_steal_pointer (&code), FALSE) : NULL;
}

/* All words, in any order, in what is known of the device. */
static void
append_words (const char *search,
              Target     *to)
{
  g_auto(GStrv) words = g_strsplit_set (search, " \t\r\n", MAX_WORDS);

  /* no bare column: SQLite would take the index of the words and look up each row by itself, in no order: ten times as long */
  g_string_append (to->sql, "coalesce(device.search_text, '') <> ''");
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] == '\0')
        continue;
      /* both in lower case: LIKE, which looks for more than that, takes twice as long */
      g_string_append_printf (to->sql, " AND %s(coalesce(device.search_text, ''), ", to->db->driver->position);
      push_text (to, words[i]);
      g_string_append (to->sql, ") > 0");
    }
}

static void
append_id_part (const char *code,
                Target     *to)
{
  g_string_append_printf (to->sql, "%s(replace(device.id, '-', ''), ", to->db->driver->position);
  push_text (to, code);
  g_string_append (to->sql, ") > 0");
}

static void
append_batch_name (const char *search,
                   Target     *to)
{
  g_autofree char *pattern = make_pattern (search, FALSE, "");

  g_string_append (to->sql, "device.batch_id IN (SELECT id FROM batch WHERE bw_lower(name) LIKE ");
  push_text (to, pattern);
  g_string_append (to->sql, " ESCAPE '!')");
}

/* By id, by batch, and by the words of what is known of a device. */
static void
append_search (const BwDeviceCondition *condition,
               Target                  *to)
{
  const char *search = g_ptr_array_index (condition->values, 0);
  g_autofree char *lower = g_utf8_strdown (search, -1);
  g_autofree char *code = make_code (g_strstrip (lower));
  char id[BW_DEVICE_ID_SIZE];

  if (bw_device_id_parse (search, strlen (search), id))
    {
      g_string_append (to->sql, "device.id = ");
      push_text (to, id);
      return;
    }

  g_string_append_c (to->sql, '(');
  append_words (lower, to);
  g_string_append (to->sql, ") OR ");
  append_batch_name (lower, to);
  if (code == NULL)
    return;

  g_string_append (to->sql, " OR ");
  append_id_part (code, to);
}

static void
append_time (const BwDeviceCondition *condition,
             GString                 *sql)
{
  const char *column = condition->field->column;

  g_string_append_printf (sql, "%s %s ", column, condition->field->kind == BW_FIELD_AFTER ? ">=" : "<");
  append_numbers (condition, sql);
  /* the condition of the index, as it stands there; behind the other, as SQLite goes by the first of two lower ends */
  g_string_append_printf (sql, " AND %s > 0", column);
}

/* The condition of the index, as it stands there, unless 0 is one of them. */
static void
append_nonzero (const BwDeviceCondition *condition,
                 GString                 *sql)
{
  gboolean has_zero = FALSE;

  for (guint i = 0; i < condition->numbers->len; i++)
    has_zero |= g_array_index (condition->numbers, gint64, i) == 0;

  if (!has_zero)
    g_string_append_printf (sql, "%s <> 0 AND ", condition->field->column);
  g_string_append_printf (sql, "%s IN (", condition->field->column);
  append_numbers (condition, sql);
  g_string_append_c (sql, ')');
}

static void
append_positive (const BwDeviceCondition *condition,
                 Target                  *to)
{
  GString *sql = to->sql;

  switch (condition->field->kind)
    {
    case BW_FIELD_COMPANY:
      g_string_append (sql, "device.company_id IN (WITH RECURSIVE below (id) AS (SELECT id FROM company WHERE id IN (");
      append_numbers (condition, sql);
      g_string_append (sql, ") UNION SELECT company.id FROM below JOIN company ON company.parent_id = below.id)"
                       " SELECT id FROM below)");
      break;

    case BW_FIELD_TAG:
      g_string_append (sql, to->probes_tags
                              ? "EXISTS (SELECT 1 FROM tagged WHERE kind = 'device' AND object_id = device.id AND tag_id IN ("
                              : "device.id IN (SELECT object_id FROM tagged WHERE kind = 'device' AND tag_id IN (");
      append_numbers (condition, sql);
      g_string_append (sql, "))");
      break;

    case BW_FIELD_STATUS:
      append_status (condition, sql);
      break;

    case BW_FIELD_TEXT:
      append_text (condition, to);
      break;

    case BW_FIELD_TYPE:
      g_string_append (sql, "device.type ");
      append_texts (condition, to);
      break;

    case BW_FIELD_AFTER:
    case BW_FIELD_BEFORE:
      append_time (condition, sql);
      break;

    case BW_FIELD_EMPTY:
      append_empty (condition, sql);
      break;

    case BW_FIELD_SEARCH:
      append_search (condition, to);
      break;

    case BW_FIELD_STATE:
    case BW_FIELD_ONLINE:
      append_nonzero (condition, sql);
      break;

    case BW_FIELD_BATCH:
    case BW_FIELD_SERIAL:
    default:
      g_string_append_printf (sql, "%s IN (", condition->field->column);
      append_numbers (condition, sql);
      g_string_append_c (sql, ')');
      break;
    }
}

static void
append_condition (const BwDeviceCondition *condition,
                  BwDb                    *db,
                  gboolean                 probes_tags,
                  BwFilter                *where)
{
  g_autoptr(GString) sql = g_string_new (NULL);
  Target to = { db, probes_tags, where, sql };

  if (!condition->negated)
    {
      append_positive (condition, &to);
      bw_filter_add (where, sql->str);
      return;
    }

  /* what has none is not any of them either */
  if (condition->field->kind == BW_FIELD_TEXT || condition->field->kind == BW_FIELD_TYPE)
    g_string_append_printf (sql, "%s IS NULL OR ", condition->field->column);
  g_string_append (sql, "NOT (");
  append_positive (condition, &to);
  g_string_append_c (sql, ')');
  bw_filter_add (where, sql->str);
}

void
bw_device_filter_append (BwDeviceFilter *self,
                         BwDb           *db,
                         gboolean        probes_tags,
                         BwFilter       *where)
{
  for (guint i = 0; self != NULL && i < self->conditions->len; i++)
    append_condition (g_ptr_array_index (self->conditions, i), db, probes_tags, where);
}

gboolean
bw_device_filter_append_count (BwDeviceFilter *self,
                               GString        *sql)
{
  const BwDeviceCondition *condition = bw_device_filter_get_n (self) == 1 ? g_ptr_array_index (self->conditions, 0) : NULL;

  if (condition == NULL || condition->negated)
    return FALSE;

  if (condition->field->kind == BW_FIELD_BATCH)
    g_string_append (sql, "SELECT CAST(sum(count - n_deleted) AS BIGINT) FROM batch WHERE state = 1 AND id IN (");
  else if (condition->field->kind == BW_FIELD_TAG && condition->numbers->len == 1)
    g_string_append (sql, "SELECT count(*) FROM tagged WHERE kind = 'device' AND tag_id IN (");
  else
    return FALSE;

  append_numbers (condition, sql);
  g_string_append_c (sql, ')');

  return TRUE;
}

static gboolean
is_partly_indexed (const BwDeviceCondition *condition)
{
  return condition->field->kind == BW_FIELD_STATUS || condition->field->kind == BW_FIELD_STATE ||
         condition->field->kind == BW_FIELD_ONLINE;
}

static gboolean
is_seen_alone (const BwDeviceCondition *condition)
{
  return condition->field->kind == BW_FIELD_STATUS && condition->numbers->len == 1 &&
         g_array_index (condition->numbers, gint64, 0) == BW_STATUS_ANY_SEEN;
}

gboolean
bw_device_filter_each_indexed (BwDeviceFilter      *self,
                               BwDb                *db,
                               BwDeviceFilterFunc   func,
                               gpointer             user_data,
                               GError             **error)
{
  for (guint i = 0; self != NULL && i < self->conditions->len; i++)
    {
      const BwDeviceCondition *condition = g_ptr_array_index (self->conditions, i);
      g_auto(BwFilter) where = { NULL, };
      const char *index = is_seen_alone (condition) ? "device_by_first_seen" : condition->field->index;

      /* what is 0, and those seen beside others, stand in no index of the status, the state or the connection */
      if (index == NULL || condition->negated || condition->match != BW_MATCH_IS)
        continue;

      bw_filter_init (&where);
      append_condition (condition, db, FALSE, &where);
      if (is_partly_indexed (condition) && !is_seen_alone (condition) &&
          (strstr (where.where->str, "first_seen_us") != NULL || strstr (where.where->str, "<> 0") == NULL))
        continue;

      if (!func (index, &where, user_data, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
parse_sort_key (const char    *text,
                BwDeviceSort  *sort,
                GError       **error)
{
  gboolean descending = *text == '-';

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      if (strcmp (columns[i].nick, text + descending) != 0)
        continue;

      for (guint j = 0; j < sort->n; j++)
        {
          if (sort->columns[j] == &columns[i])
            {
              g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“sort” has “%s” twice", columns[i].nick);
              return FALSE;
            }
        }
      sort->columns[sort->n] = &columns[i];
      sort->descending[sort->n++] = descending;
      return TRUE;
    }

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "devices cannot be sorted by “%.40s”", text + descending);

  return FALSE;
}

gboolean
bw_device_sort_parse (const char    *text,
                      BwDeviceSort  *ret_sort,
                      GError       **error)
{
  g_auto(GStrv) keys = g_strsplit (text != NULL && *text != '\0' ? text : "id", ",", BW_DEVICE_SORT_MAX_KEYS + 1);

  memset (ret_sort, 0, sizeof *ret_sort);
  if (g_strv_length (keys) > BW_DEVICE_SORT_MAX_KEYS)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“sort” takes at most %d columns", BW_DEVICE_SORT_MAX_KEYS);
      return FALSE;
    }

  for (guint i = 0; keys[i] != NULL; i++)
    {
      if (!parse_sort_key (keys[i], ret_sort, error))
        return FALSE;
    }

  return TRUE;
}
