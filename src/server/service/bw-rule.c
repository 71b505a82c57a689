/* bw-rule.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-rule.h"

#include <gio/gio.h>
#include <string.h>

#include "bw-error.h"
#include "bw-json.h"

#define MAX_TEXT_BYTES 200
#define MAX_HOURS      (24 * 365)
#define HOUR_US        G_TIME_SPAN_HOUR
#define IPV4_IN_IPV6   "::ffff:"

typedef enum
{
  BATCH,
  COMPANY,
  PRODUCT,
  VERSION_PREFIX,
  VERSION_AT_LEAST,
  NETWORK,
  TYPE,
  HOMIE,
  SEEN_WITHIN_HOURS,
  N_CONDITIONS
} Condition;

static const char *const names[N_CONDITIONS] = {
  [BATCH] = "batchId",
  [COMPANY] = "companyId",
  [PRODUCT] = "product",
  [VERSION_PREFIX] = "versionPrefix",
  [VERSION_AT_LEAST] = "versionAtLeast",
  [NETWORK] = "network",
  [TYPE] = "type",
  [HOMIE] = "homie",
  [SEEN_WITHIN_HOURS] = "seenWithinHours",
};

struct _BwRule
{
  BwRuleRow        *row;
  char             *texts[N_CONDITIONS];     /* (nullable): it does not ask for that */
  gint64            numbers[N_CONDITIONS];   /* 0: likewise */
  GInetAddressMask *network;                 /* (nullable) */
};

static gboolean
is_number (Condition condition)
{
  return condition == BATCH || condition == COMPANY || condition == SEEN_WITHIN_HOURS;
}

static gboolean
check_text (Condition    condition,
            const char  *text,
            GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GInetAddressMask) mask = NULL;

  if (text == NULL || *text == '\0' || strlen (text) > MAX_TEXT_BYTES)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” must be a text of 1 to %d bytes", names[condition], MAX_TEXT_BYTES);
      return FALSE;
    }

  if (condition == TYPE && strcmp (text, "testing") != 0 && strcmp (text, "development") != 0 && strcmp (text, "release") != 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“type” must be testing, development or release");
      return FALSE;
    }

  if (condition == NETWORK)
    {
      mask = g_inet_address_mask_new_from_string (text, &local_error);
      if (mask == NULL)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is no network like 192.0.2.0/24", text);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
check_number (Condition   condition,
              gint64      number,
              GError    **error)
{
  if (condition == SEEN_WITHIN_HOURS && (number < 1 || number > MAX_HOURS))
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” must be 1 to %d", names[condition], MAX_HOURS);
  else if (number == 0)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is no id", names[condition]);
  else
    return TRUE;

  return FALSE;
}

/* Adds one condition to @out. @ret_n: grows when there is one */
static gboolean
read_condition (JsonObject  *conditions,
                Condition    condition,
                GString     *out,
                guint       *n,
                GError     **error)
{
  const char *name = names[condition];
  JsonNode *node = json_object_get_member (conditions, name);
  gint64 number;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;

  (*n)++;
  if (!is_number (condition))
    {
      if (!check_text (condition, bw_json_get_string (conditions, name), error))
        return FALSE;
      bw_json_add_string (out, name, bw_json_get_string (conditions, name));
      return TRUE;
    }

  number = condition == SEEN_WITHIN_HOURS ? bw_json_get_int (conditions, name, 0) : bw_json_get_id (conditions, name);
  if (!check_number (condition, number, error))
    return FALSE;

  if (condition == SEEN_WITHIN_HOURS)
    bw_json_add_int (out, name, number);
  else
    bw_json_add_id (out, name, number);

  return TRUE;
}

static gboolean
check_names (JsonObject  *conditions,
             GError     **error)
{
  g_autoptr(GList) members = json_object_get_members (conditions);

  for (GList *l = members; l != NULL; l = l->next)
    {
      gboolean is_known = FALSE;

      for (guint i = 0; i < N_CONDITIONS; i++)
        is_known = is_known || strcmp (names[i], l->data) == 0;

      if (!is_known)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is no condition of a rule", (const char *) l->data);
          return FALSE;
        }
    }

  return TRUE;
}

char *
bw_rule_read_conditions (JsonObject    *conditions,
                         BwRuleAction   action,
                         GError       **error)
{
  g_autoptr(GString) out = g_string_new (NULL);
  guint n = 0;

  if (!check_names (conditions, error))
    return NULL;

  bw_json_begin_object (out, NULL);
  for (guint i = 0; i < N_CONDITIONS; i++)
    {
      if (!read_condition (conditions, (Condition) i, out, &n, error))
        return NULL;
    }
  bw_json_end_object (out);

  if (n > 0 || action != BW_RULE_APPROVE)
    return g_string_free (g_steal_pointer (&out), FALSE);

  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                       "a rule that approves needs a condition, or it would let everybody in");

  return NULL;
}

BwRule *
bw_rule_new (BwRuleRow *row)
{
  g_autoptr(JsonObject) conditions = bw_json_parse_object (row->conditions, strlen (row->conditions),
                                                           strlen (row->conditions) + 1, NULL);
  BwRule *self = g_new0 (BwRule, 1);

  self->row = row;
  if (conditions == NULL)
    {
      bw_rule_free (self);
      return NULL;
    }

  for (guint i = 0; i < N_CONDITIONS; i++)
    {
      if (i == SEEN_WITHIN_HOURS)
        self->numbers[i] = bw_json_get_int (conditions, names[i], 0);
      else if (is_number ((Condition) i))
        self->numbers[i] = bw_json_get_id (conditions, names[i]);
      else
        self->texts[i] = g_strdup (bw_json_get_string (conditions, names[i]));
    }

  if (self->texts[NETWORK] != NULL)
    self->network = g_inet_address_mask_new_from_string (self->texts[NETWORK], NULL);

  return self;
}

void
bw_rule_free (BwRule *self)
{
  bw_rule_row_free (self->row);
  for (guint i = 0; i < N_CONDITIONS; i++)
    g_free (self->texts[i]);
  g_clear_object (&self->network);
  g_free (self);
}

BwRuleRow *
bw_rule_get_row (BwRule *self)
{
  return self->row;
}

/* A broker that listens on both kinds of addresses writes IPv4 ones so. */
static gboolean
is_in_network (GInetAddressMask *network,
               const char       *text)
{
  g_autoptr(GInetAddress) address = NULL;

  if (text == NULL || network == NULL)
    return FALSE;

  if (g_str_has_prefix (text, IPV4_IN_IPV6) && strchr (text, '.') != NULL)
    text += strlen (IPV4_IN_IPV6);
  address = g_inet_address_new_from_string (text);

  return address != NULL && g_inet_address_mask_matches (network, address);
}

static const char *
say (const char *text)
{
  return text != NULL ? text : "not known";
}

static char *
why_not_version (BwRule             *self,
                 const BwRuleDevice *device)
{
  const char *prefix = self->texts[VERSION_PREFIX];
  const char *least = self->texts[VERSION_AT_LEAST];

  if (prefix != NULL && (device->version == NULL || !g_str_has_prefix (device->version, prefix)))
    return g_strdup_printf ("the version is %s and does not begin with %s", say (device->version), prefix);

  if (least != NULL && (device->version == NULL || strverscmp (device->version, least) < 0))
    return g_strdup_printf ("the version is %s and not at least %s", say (device->version), least);

  return NULL;
}

char *
bw_rule_why_not (BwRule              *self,
                 BwAuthority         *authority,
                 const BwRuleDevice  *device,
                 gint64               now_us)
{
  gint64 hours = self->numbers[SEEN_WITHIN_HOURS];

  if (self->numbers[BATCH] != 0 && self->numbers[BATCH] != device->batch_id)
    return g_strdup_printf ("it is of the batch %s", say (device->batch));

  if (self->numbers[COMPANY] != 0 && !bw_authority_reaches (authority, self->numbers[COMPANY], device->company_id))
    return g_strdup ("it is of another company");

  if (self->texts[PRODUCT] != NULL && g_strcmp0 (self->texts[PRODUCT], device->product) != 0)
    return g_strdup_printf ("the product is %s and not %s", say (device->product), self->texts[PRODUCT]);

  if (self->texts[TYPE] != NULL && g_strcmp0 (self->texts[TYPE], device->type) != 0)
    return g_strdup_printf ("the type is %s and not %s", say (device->type), self->texts[TYPE]);

  if (self->texts[HOMIE] != NULL && (device->homie == NULL || !g_str_has_prefix (device->homie, self->texts[HOMIE])))
    return g_strdup_printf ("the Homie version is %s and not %s", say (device->homie), self->texts[HOMIE]);

  if (self->texts[NETWORK] != NULL && !is_in_network (self->network, device->address))
    return g_strdup_printf ("the address is %s and not in %s", say (device->address), self->texts[NETWORK]);

  if (hours != 0 && now_us - device->first_seen_us > hours * HOUR_US)
    return g_strdup_printf ("it was seen first more than %" G_GINT64_FORMAT " hours ago", hours);

  return why_not_version (self, device);
}

typedef struct
{
  BwAuthority *authority;
} Order;

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  const BwRuleRow *first = (*(BwRule *const *) a)->row;
  const BwRuleRow *second = (*(BwRule *const *) b)->row;
  Order *order = user_data;
  gint64 difference = (gint64) bw_authority_get_depth (order->authority, first->company_id) -
                      (gint64) bw_authority_get_depth (order->authority, second->company_id);

  if (difference == 0)
    difference = first->company_id - second->company_id;
  if (difference == 0)
    difference = first->position - second->position;
  if (difference == 0)
    difference = first->id - second->id;

  return difference < 0 ? -1 : difference > 0;
}

void
bw_rules_sort (GPtrArray   *rules,
               BwAuthority *authority)
{
  Order order = { authority };

  g_ptr_array_sort_with_data (rules, compare, &order);
}

GPtrArray *
bw_rules_load (BwDb         *db,
               BwAuthority  *authority,
               GError      **error)
{
  g_autoptr(GPtrArray) rows = bw_rule_repo_list (db, error);
  g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_rule_free);

  if (rows == NULL)
    return NULL;

  while (rows->len > 0)
    {
      BwRule *rule = bw_rule_new (g_ptr_array_steal_index (rows, 0));

      if (rule != NULL)
        g_ptr_array_add (rules, rule);
    }

  bw_rules_sort (rules, authority);

  return g_steal_pointer (&rules);
}

static void
doubt_clear (gpointer data)
{
  g_free (((BwRuleDoubt *) data)->reason);
}

GArray *
bw_rule_doubts_new (void)
{
  GArray *doubts = g_array_new (FALSE, FALSE, sizeof (BwRuleDoubt));

  g_array_set_clear_func (doubts, doubt_clear);

  return doubts;
}

/* Whether it may act once more this hour; then it has. */
static gboolean
spend (BwRuleRow *row,
       gint64     now_us)
{
  if (row->action == BW_RULE_LEAVE)
    return TRUE;

  if (now_us - row->hour_us >= HOUR_US || row->hour_us > now_us)
    {
      row->hour_us = now_us;
      row->n_hour = 0;
    }

  if (row->n_hour >= row->max_per_hour)
    return FALSE;

  row->n_hour++;

  return TRUE;
}

BwRule *
bw_rules_decide (GPtrArray           *rules,
                 BwAuthority         *authority,
                 const BwRuleDevice  *device,
                 gint64               now_us,
                 GArray              *doubts,
                 gboolean            *ret_spent)
{
  *ret_spent = FALSE;

  for (guint i = 0; i < rules->len; i++)
    {
      BwRule *rule = g_ptr_array_index (rules, i);
      g_autofree char *reason = NULL;

      if (!rule->row->enabled || !bw_authority_reaches (authority, rule->row->company_id, device->company_id))
        continue;

      reason = bw_rule_why_not (rule, authority, device, now_us);
      if (reason == NULL)
        {
          *ret_spent = !spend (rule->row, now_us);
          return rule;
        }

      if (doubts != NULL)
        {
          BwRuleDoubt doubt = { rule, g_steal_pointer (&reason) };

          g_array_append_val (doubts, doubt);
        }
    }

  return NULL;
}
