/* bw-device-repo-list.c: pages of devices
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-device-repo-private.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"

/* What going through one device costs in µs (measured): in an index; in an index and the table; in the table's own
 * order; and in a sort of all that match. */
#define INDEX_US 0.05
#define WALK_US  5.0
#define SCAN_US  0.2
#define SORT_US  1.9

/* What has fewer than such a part of all devices is looked up by its index. */
#define SPARSE_SHARE 100

/* As many first ones a sort keeps without sorting all. */
#define TOP 2000

/* So far an index is walked for a page near to its end before all that match are sorted, and such a part of all. */
#define NEAR_WALK  30000
#define NEAR_SHARE 20

/* So few, and such a part of all, are found once. */
#define FEW       10000
#define FEW_SHARE 8

gboolean
bw_device_query_check (const BwDeviceQuery  *query,
                       GError              **error)
{
  BwDeviceSort sort;

  return bw_filter_check_page (NULL, query->offset, query->limit, error) &&
         bw_device_sort_parse (query->sort, &sort, error);
}

/* Some of the devices that match, which follow each other in the order. */
typedef struct
{
  const char *more;        /* (nullable): which of them */
  const char *hint;        /* (nullable): the index to go through */
  gboolean    by_id;       /* the rest of the order is the same for all of them */
  gint64      total;
  GPtrArray  *ids;         /* (nullable): they are these: nothing has to be looked for */
} Segment;

/* Who gets the ids. */
typedef struct
{
  BwDeviceIdFunc func;
  gpointer       user_data;
} Receiver;

static void
append_order (const BwDevicePlan *plan,
              const Segment      *segment,
              gboolean            reversed,
              GString            *sql)
{
  gboolean has_id = FALSE;

  g_string_append (sql, " ORDER BY ");
  for (guint i = 0; !segment->by_id && !has_id && i < plan->sort.n; i++)
    {
      const BwDeviceSortColumn *column = plan->sort.columns[i];
      gboolean descending = plan->sort.descending[i] != reversed;
      /* said because PostgreSQL would have them the other way round, and not where it would keep it from an index */
      gboolean says_nulls = column->nullable && segment->more == NULL;

      g_string_append_printf (sql, "%s%s%s, ", column->column, descending ? " DESC" : "",
                              !says_nulls ? "" : descending ? " NULLS LAST" : " NULLS FIRST");
      has_id = strcmp (column->column, "device.id") == 0;
    }

  if (has_id)
    g_string_truncate (sql, sql->len - 2);
  else
    g_string_append_printf (sql, "device.id%s", plan->sort.descending[0] != reversed ? " DESC" : "");
}

static void
append_joins (const BwDevicePlan *plan,
              gboolean            by_id,
              GString            *sql)
{
  for (guint i = 0; !by_id && i < plan->sort.n; i++)
    {
      if (plan->sort.columns[i]->join != NULL)
        g_string_append (sql, plan->sort.columns[i]->join);
    }
}

static gboolean
hand_on (BwRows          *rows,
         const Receiver  *receiver,
         gboolean         reversed,
         GError         **error)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) local_error = NULL;

  while (bw_rows_next (rows, &local_error))
    {
      if (reversed)
        g_ptr_array_add (ids, g_strdup (bw_rows_get_text (rows, 0)));
      else if (!receiver->func (bw_rows_get_text (rows, 0), receiver->user_data, error))
        return FALSE;
    }

  for (guint i = ids->len; i > 0 && local_error == NULL; i--)
    {
      if (!receiver->func (g_ptr_array_index (ids, i - 1), receiver->user_data, error))
        return FALSE;
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static void
fill_with_ids (BwDevicePlan *plan,
               GPtrArray    *ids,
               BwFilter     *where)
{
  g_autoptr(GString) condition = g_string_new ("device.id IN (");

  bw_filter_init (where);
  bw_filter_push_texts (where, plan->db, ids, condition);
  g_string_append_c (condition, ')');
  bw_filter_add (where, condition->str);
}

/* Of the end of a segment the ids are read in the other order, so that the end is as near as the beginning. */
static gboolean
read_ids (BwDevicePlan    *plan,
          const Segment   *segment,
          gboolean         reversed,
          gint64           limit,
          gint64           offset,
          const Receiver  *receiver,
          GError         **error)
{
  g_autoptr(GString) sql = g_string_new ("SELECT device.id FROM device");
  g_auto(BwFilter) where = { NULL, };
  g_autoptr(GVariant) args = NULL;
  g_autoptr(BwRows) rows = NULL;

  if (segment->ids == NULL)
    bw_device_plan_fill (plan, &where, segment->more);
  else
    fill_with_ids (plan, segment->ids, &where);
  bw_device_plan_add_hint (plan, sql, segment->hint);
  append_joins (plan, segment->by_id, sql);
  g_string_append (sql, where.where->str);
  append_order (plan, segment, reversed, sql);
  g_string_append_printf (sql, " LIMIT $%u OFFSET $%u", where.n_args + 1, where.n_args + 2);
  args = bw_filter_end_page (&where, limit, offset);

  rows = bw_db_query (plan->db, sql->str, args, error);

  return rows != NULL && hand_on (rows, receiver, reversed, error);
}

/* What of the page lies in this segment, which begins at @begins. */
static gboolean
read_segment (BwDevicePlan    *plan,
              const Segment   *segment,
              gint64           begins,
              const Receiver  *receiver,
              GError         **error)
{
  gint64 page_ends = plan->query->limit < G_MAXINT64 - plan->query->offset ? plan->query->offset + plan->query->limit
                                                                           : G_MAXINT64;
  gint64 from = MAX (plan->query->offset - begins, 0);
  gint64 to = MIN (page_ends - begins, segment->total);
  gboolean reversed = from > segment->total / 2;

  if (to <= from)
    return TRUE;

  return read_ids (plan, segment, reversed, to - from, reversed ? segment->total - to : from, receiver, error);
}

/* Whether to go through the index of the order and leave out what does not match, or to find what matches and sort
 * that. */
static gboolean
is_better_walked (const BwDevicePlan *plan,
                  gint64              total,
                  gint64              n_has)
{
  gint64 end = MIN (plan->query->offset, total - MIN (total, plan->query->offset)) + MIN (plan->query->limit, total);
  double walk;
  double scan;

  if (plan->sort.n != 1 || plan->sort.columns[0]->index == NULL || (plan->driver != NULL && plan->n_conditions > 0))
    return FALSE;

  if (plan->n_conditions == 0)
    return TRUE;

  walk = (double) MIN (end, n_has) * WALK_US * (double) plan->n_all / (double) MAX (n_has, 1);
  scan = (double) plan->n_all * SCAN_US + (end > TOP ? (double) total * SORT_US : 0);

  return walk < scan;
}

static gboolean
read_walk (BwDevicePlan    *plan,
           gint64           total,
           gint64           n_has,
           const Receiver  *receiver,
           GError         **error)
{
  const BwDeviceSortColumn *column = plan->sort.columns[0];
  g_autofree char *has_none = g_strdup_printf ("NOT (%s)", column->has);
  gboolean descending = plan->sort.descending[0];
  Segment empty = { has_none, "", TRUE, total - n_has, NULL };
  Segment rest = { column->has, column->index, FALSE, n_has, NULL };

  /* what is empty comes first, or last the other way round */
  return read_segment (plan, descending ? &rest : &empty, 0, receiver, error) &&
         read_segment (plan, descending ? &empty : &rest, descending ? rest.total : empty.total, receiver, error);
}

typedef struct
{
  char    *name;
  GString *ids;       /* as SQL; several may have one name */
  gint64   total;
} Group;

static void
group_free (gpointer data)
{
  Group *group = data;

  g_free (group->name);
  g_string_free (group->ids, TRUE);
  g_free (group);
}

static GPtrArray *
load_groups (BwDevicePlan  *plan,
             GError       **error)
{
  g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func (group_free);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (plan->db, plan->sort.columns[0]->groups, NULL, error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    {
      Group *last = groups->len > 0 ? g_ptr_array_index (groups, groups->len - 1) : NULL;

      if (last == NULL || g_strcmp0 (last->name, bw_rows_get_text (rows, 1)) != 0)
        {
          last = g_new0 (Group, 1);
          last->name = g_strdup (bw_rows_get_text (rows, 1));
          last->ids = g_string_new (NULL);
          g_ptr_array_add (groups, last);
        }
      g_string_append_printf (last->ids, "%s%" G_GINT64_FORMAT, last->ids->len > 0 ? ", " : "", bw_rows_get_int (rows, 0));
      last->total += bw_rows_get_int (rows, 2);
    }

  if (local_error == NULL)
    return g_steal_pointer (&groups);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

/* All devices by the name of something else: the devices of one name after those of the other. */
static gboolean
read_groups (BwDevicePlan    *plan,
             const Receiver  *receiver,
             GError         **error)
{
  const BwDeviceSortColumn *column = plan->sort.columns[0];
  g_autoptr(GPtrArray) groups = load_groups (plan, error);
  gint64 begins = 0;

  for (guint i = 0; groups != NULL && i < groups->len; i++)
    {
      const Group *group = g_ptr_array_index (groups, plan->sort.descending[0] ? groups->len - 1 - i : i);
      g_autofree char *more = g_strdup_printf ("%s IN (%s)", column->group_column, group->ids->str);
      /* of many the table's own order is the nearer way, of few their index */
      Segment segment = { more, group->total < plan->n_all / SPARSE_SHARE ? column->narrow : "", TRUE, group->total, NULL };

      if (!read_segment (plan, &segment, begins, receiver, error))
        return FALSE;
      begins += group->total;
    }

  return groups != NULL;
}

static gboolean
take_id (const char  *id,
         gpointer     user_data,
         GError     **error)
{
  g_ptr_array_add (user_data, g_strdup (id));

  return TRUE;
}

/* All that match, in no order, and one more than @n_few if they are more: what has to go through everything does so once, for the
 * number and the page. */
static gboolean
find_few (BwDevicePlan  *plan,
          gint64         n_few,
          GPtrArray     *ids,
          GError       **error)
{
  g_autoptr(GString) sql = g_string_new ("SELECT device.id FROM device");
  g_auto(BwFilter) where = { NULL, };
  g_autoptr(GVariant) args = NULL;
  g_autoptr(BwRows) rows = NULL;
  Receiver receiver = { take_id, ids };

  bw_device_plan_fill (plan, &where, NULL);
  bw_device_plan_add_hint (plan, sql, bw_device_plan_get_hint (plan));
  g_string_append_printf (sql, "%s LIMIT %" G_GINT64_FORMAT, where.where->str, n_few + 1);
  args = bw_filter_end (&where);
  rows = bw_db_query (plan->db, sql->str, args, error);

  return rows != NULL && hand_on (rows, &receiver, FALSE, error);
}

/* Where a walk along the index of the order ends: nowhere, when the index is shorter. */
static gboolean
add_bound (BwDevicePlan  *plan,
           gboolean       descending,
           BwFilter      *where,
           GError       **error)
{
  const BwDeviceSortColumn *column = plan->sort.columns[0];
  const char *direction = descending ? " DESC" : "";
  g_autoptr(GString) sql = g_string_new (NULL);
  g_autofree char *bound = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;

  g_string_append_printf (sql, "SELECT %s, device.id FROM device", column->column);
  bw_device_plan_add_hint (plan, sql, column->index);
  g_string_append_printf (sql, " WHERE %s ORDER BY %s%s, device.id%s LIMIT 1 OFFSET %" G_GINT64_FORMAT, column->has,
                          column->column, direction, direction, MIN (NEAR_WALK, plan->n_all / NEAR_SHARE));
  rows = bw_db_query (plan->db, sql->str, NULL, error);
  if (rows == NULL)
    return FALSE;

  if (bw_rows_next (rows, &local_error))
    {
      if (column->nullable)
        g_variant_builder_add (&where->args, "s", bw_rows_get_text (rows, 0));
      else
        g_variant_builder_add (&where->args, "x", bw_rows_get_int (rows, 0));
      g_variant_builder_add (&where->args, "s", bw_rows_get_text (rows, 1));
      bound = g_strdup_printf ("(%s, device.id) %s ($%u, $%u)", column->column, descending ? ">=" : "<=", where->n_args + 1,
                               where->n_args + 2);
      where->n_args += 2;
      bw_filter_add (where, bound);
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* Whether what matches is a part of the index of the order without gaps. */
static gboolean
is_of_order (const BwDevicePlan *plan)
{
  return plan->n_conditions == 1 && g_strcmp0 (plan->only, plan->sort.columns[0]->index) == 0;
}

/* The first of those that match and have something in the column of the order, as far as a walk of NEAR_WALK finds them. */
static gboolean
walk_near (BwDevicePlan    *plan,
           gboolean         descending,
           gint64           limit,
           const Receiver  *receiver,
           GError         **error)
{
  const BwDeviceSortColumn *column = plan->sort.columns[0];
  const char *direction = descending ? " DESC" : "";
  g_autoptr(GString) sql = g_string_new ("SELECT device.id FROM device");
  g_auto(BwFilter) where = { NULL, };
  g_autoptr(GVariant) args = NULL;
  g_autoptr(BwRows) rows = NULL;

  bw_device_plan_fill (plan, &where, NULL);
  if (!is_of_order (plan) && !add_bound (plan, descending, &where, error))
    return FALSE;

  /* behind the bound: SQLite goes by the first of two lower ends */
  bw_filter_add (&where, column->has);
  bw_device_plan_add_hint (plan, sql, column->index);
  g_string_append_printf (sql, "%s ORDER BY %s%s, device.id%s LIMIT %" G_GINT64_FORMAT, where.where->str, column->column,
                          direction, direction, limit);
  args = bw_filter_end (&where);
  rows = bw_db_query (plan->db, sql->str, args, error);

  return rows != NULL && hand_on (rows, receiver, FALSE, error);
}

/* Those that match and have nothing there: they stand before the others, by id. */
static gboolean
read_empty (BwDevicePlan    *plan,
            gint64           limit,
            const Receiver  *receiver,
            GError         **error)
{
  g_autofree char *has_none = g_strdup_printf ("NOT (%s)", plan->sort.columns[0]->has);
  g_autoptr(GString) sql = g_string_new ("SELECT device.id FROM device");
  g_auto(BwFilter) where = { NULL, };
  g_autoptr(GVariant) args = NULL;
  g_autoptr(BwRows) rows = NULL;

  bw_device_plan_fill (plan, &where, has_none);
  bw_device_plan_add_hint (plan, sql, "");
  g_string_append_printf (sql, "%s ORDER BY device.id LIMIT %" G_GINT64_FORMAT, where.where->str, limit);
  args = bw_filter_end (&where);
  rows = bw_db_query (plan->db, sql->str, args, error);

  return rows != NULL && hand_on (rows, receiver, FALSE, error);
}

/* A page near to an end of the list: a person looks there. Of how many have something in the column of the order nothing has
 * to be known then. *@ret_done: FALSE when the walk has not come so far. */
static gboolean
read_near (BwDevicePlan    *plan,
           gint64           total,
           const Receiver  *receiver,
           gboolean        *ret_done,
           GError         **error)
{
  gint64 from = MIN (plan->query->offset, total);
  gint64 to = from + MIN (plan->query->limit, total - from);
  gboolean reversed = from > total / 2;
  gint64 skipped = reversed ? total - to : from;
  gint64 n_needed = skipped + to - from;
  gboolean descending = plan->sort.descending[0] != reversed;
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  Receiver taker = { take_id, ids };

  *ret_done = to == from;
  if (*ret_done)
    return TRUE;

  if (!descending && !is_of_order (plan) && !read_empty (plan, n_needed, &taker, error))
    return FALSE;

  if (ids->len < n_needed && !walk_near (plan, descending, n_needed - ids->len, &taker, error))
    return FALSE;

  if (ids->len < n_needed)
    return TRUE;

  *ret_done = TRUE;
  for (gint64 i = 0; i < to - from; i++)
    {
      guint at = (guint) (reversed ? n_needed - 1 - i : skipped + i);

      if (!receiver->func (g_ptr_array_index (ids, at), receiver->user_data, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_near (const BwDevicePlan *plan,
         gint64              total)
{
  gint64 from = MIN (plan->query->offset, total);
  gint64 to = from + MIN (plan->query->limit, total - from);

  return MIN (to, total - from) <= MIN (TOP, plan->n_all / FEW_SHARE);
}

static gboolean
read_page (BwDevicePlan    *plan,
           const Receiver  *receiver,
           gint64          *ret_total,
           GError         **error)
{
  const BwDeviceSortColumn *column = plan->sort.columns[0];
  gboolean may_walk = plan->sort.n == 1 && column->index != NULL && plan->driver == NULL;
  Segment all = { NULL, bw_device_plan_get_hint (plan), FALSE, 0, NULL };
  g_autoptr(GPtrArray) few = g_ptr_array_new_with_free_func (g_free);
  gint64 n_few = MIN (FEW, plan->n_all / FEW_SHARE);
  gint64 n_has = 0;

  if (plan->n_conditions > 0 && plan->n_known <= n_few && !find_few (plan, n_few, few, error))
    return FALSE;

  if (plan->n_conditions > 0 && plan->n_known <= n_few && few->len <= n_few)
    {
      *ret_total = all.total = few->len;
      all.ids = few;
      all.hint = "";
      return read_segment (plan, &all, 0, receiver, error);
    }

  if (may_walk && plan->n_conditions > 0)
    {
      gboolean done = FALSE;

      if (!bw_device_plan_count (plan, NULL, ret_total, &n_has, error))
        return FALSE;

      all.total = *ret_total;
      if (is_near (plan, *ret_total))
        {
          plan->walks = plan->n_known > n_few;
          if (!read_near (plan, *ret_total, receiver, &done, error))
            return FALSE;
          plan->walks = FALSE;

          return done || read_segment (plan, &all, 0, receiver, error);
        }
    }

  if (!bw_device_plan_count (plan, may_walk ? column->has : NULL, ret_total, &n_has, error))
    return FALSE;

  if (is_better_walked (plan, *ret_total, n_has))
    return read_walk (plan, *ret_total, n_has, receiver, error);

  if (plan->n_conditions == 0 && plan->n_unfinished == 0 && plan->sort.n == 1 && column->groups != NULL)
    return read_groups (plan, receiver, error);

  all.total = *ret_total;
  if (plan->n_conditions == 0 && plan->n_unfinished == 0 && plan->sort.n == 1 && column->narrow != NULL)
    all.hint = column->narrow;
  plan->walks = plan->n_known > n_few && strcmp (column->column, "device.id") == 0;

  return read_segment (plan, &all, 0, receiver, error);
}

static gboolean
read_documents (BwDb        *db,
                GPtrArray   *ids,
                GHashTable  *documents,
                GError     **error)
{
  g_autoptr(GString) sql = g_string_new (NULL);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;
  g_auto(BwFilter) where = { NULL, };
  g_autoptr(GVariant) args = NULL;

  bw_filter_init (&where);
  g_string_append_printf (sql, "SELECT " BW_DEVICE_COLUMNS BW_DEVICE_TAGS_COLUMN " FROM device"
                          " LEFT JOIN batch ON batch.id = device.batch_id WHERE device.id IN (", db->driver->concat);
  bw_filter_push_texts (&where, db, ids, sql);
  g_string_append_c (sql, ')');
  args = bw_filter_end (&where);

  rows = bw_db_query (db, sql->str, args, error);
  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      GString *document = g_string_sized_new (512);

      bw_json_begin_object (document, NULL);
      bw_device_repo_write_members (rows, document);
      bw_json_end_object (document);
      g_hash_table_insert (documents, g_strdup (bw_rows_get_text (rows, 0)), g_string_free (document, FALSE));
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
bw_device_repo_list (BwDb                 *db,
                     const BwDeviceQuery  *query,
                     GString              *out,
                     GError              **error)
{
  BwDevicePlan plan;
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) documents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Receiver receiver = { take_id, ids };
  gint64 total = 0;

  if (!bw_device_plan_init (&plan, db, query, error) || !read_page (&plan, &receiver, &total, error) ||
      (ids->len > 0 && !read_documents (db, ids, documents, error)))
    return FALSE;

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", total);
  bw_json_begin_array (out, "items");
  for (guint i = 0; i < ids->len; i++)
    {
      const char *document = g_hash_table_lookup (documents, g_ptr_array_index (ids, i));

      if (document != NULL)
        bw_json_add_raw (out, NULL, document);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  return TRUE;
}

gboolean
bw_device_repo_foreach_id (BwDb                 *db,
                           const BwDeviceQuery  *query,
                           BwDeviceIdFunc        func,
                           gpointer              user_data,
                           GError              **error)
{
  BwDevicePlan plan;
  Receiver receiver = { func, user_data };
  gint64 total = 0;

  return bw_device_plan_init (&plan, db, query, error) && read_page (&plan, &receiver, &total, error);
}
