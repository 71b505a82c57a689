/* bw-device-plan.c: how a list of devices is best gone through
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-device-repo-private.h"

#include <string.h>

#include "bw-batch-repo.h"
#include "bw-company-repo.h"

/* What fewer devices match, and fewer than such a part of all, is looked up one by one; more are better found by
 * going through all. */
#define FEW       50000
#define FEW_SHARE 20

static gboolean
count_all (BwDevicePlan  *self,
           GError       **error)
{
  return bw_db_get_scalar (self->db, "SELECT CAST(sum(count - n_deleted) AS BIGINT) FROM batch WHERE state = 1", NULL, 0,
                           &self->n_all, error) &&
         bw_db_get_scalar (self->db, "SELECT CAST(sum(n_done) AS BIGINT) FROM batch WHERE state = 0", NULL, 0,
                           &self->n_unfinished, error);
}

static void
add_reach (BwDevicePlan *self,
           BwFilter     *where)
{
  if (!self->query->is_root)
    bw_filter_add_int (where, "device.company_id IN " BW_COMPANY_REACH_OF_SQL ("?"), self->query->company_id);
}

/* A batch is there whole or not at all. What is few is looked for: going past
 * a million unfinished ones to find fifty others would take too long. */
static void
add_finished (BwDevicePlan *self,
              BwFilter     *where)
{
  if (self->n_unfinished == 0)
    return;

  bw_filter_add (where, self->n_unfinished > self->n_all
                          ? "device.batch_id IN (SELECT id FROM batch WHERE state = 1)"
                          : "device.batch_id NOT IN (SELECT id FROM batch WHERE state = 0)");
}

void
bw_device_plan_fill (BwDevicePlan *self,
                     BwFilter     *where,
                     const char   *more)
{
  bw_filter_init (where);
  add_reach (self, where);
  if (self->query->batch_id != 0)
    bw_filter_add_int (where, "device.batch_id = ?", self->query->batch_id);
  if (self->query->behind != 0)
    {
      g_autoptr(GString) behind = g_string_new (NULL);

      bw_stage_append_behind (behind, (BwStage) self->query->behind);
      bw_filter_add (where, behind->str);
    }
  bw_device_filter_append (self->query->filter, self->db, self->walks && self->db->driver->takes_hints, where);
  add_finished (self, where);
  if (more != NULL)
    bw_filter_add (where, more);
}

void
bw_device_plan_add_hint (BwDevicePlan *self,
                         GString      *sql,
                         const char   *index)
{
  if (!self->db->driver->takes_hints || index == NULL)
    return;

  /* NOT INDEXED means nothing to a table without rowids: SQLite would take whatever index a condition has */
  g_string_append_printf (sql, " INDEXED BY %s", *index != '\0' ? index : "sqlite_autoindex_device_1");
}

const char *
bw_device_plan_get_hint (BwDevicePlan *self)
{
  return self->driver != NULL ? self->driver : "";
}

typedef struct
{
  BwDevicePlan *plan;
  gint64        few;
  gint64        n_least;
} Look;

/* Whether counting by the index alone is counting all that match. */
static gboolean
has_all_conditions (BwDevicePlan *self,
                    const char   *index)
{
  static const char * const with_company[] = { "device_by_status", "device_by_state", "device_online", NULL };

  if (*index == '\0')
    return FALSE;

  return self->n_conditions == 1 ||
         (self->n_conditions == 2 && !self->query->is_root && g_strv_contains (with_company, index));
}

/* Whether few match this condition alone. */
static gboolean
look_at_condition (const char  *index,
                   BwFilter    *where,
                   gpointer     user_data,
                   GError     **error)
{
  Look *look = user_data;
  BwDevicePlan *self = look->plan;
  g_autoptr(GString) sql = g_string_new ("SELECT count(*) FROM (SELECT 1 FROM device");
  g_autoptr(GVariant) args = NULL;
  gint64 n = 0;

  if (has_all_conditions (self, index))
    self->only = index;
  bw_device_plan_add_hint (self, sql, index);
  g_string_append_printf (sql, "%s LIMIT %d) AS few", where->where->str, (int) look->few);
  args = bw_filter_end (where);
  if (!bw_db_get_scalar (self->db, sql->str, args, 0, &n, error))
    return FALSE;

  if (n < look->n_least)
    {
      look->n_least = n;
      self->driver = index;
    }

  return TRUE;
}

static gboolean
look_at_own (BwDevicePlan  *self,
             Look          *look,
             GError       **error)
{
  g_auto(BwFilter) reach = { NULL, };
  g_auto(BwFilter) batch = { NULL, };

  bw_filter_init (&reach);
  bw_filter_init (&batch);
  add_reach (self, &reach);
  if (self->query->batch_id != 0)
    bw_filter_add_int (&batch, "device.batch_id = ?", self->query->batch_id);

  return (reach.where->len == 0 || look_at_condition ("device_by_company", &reach, look, error)) &&
         (batch.where->len == 0 || look_at_condition ("device_by_batch", &batch, look, error));
}

/* A batch knows how many it has, and the tags have an index of their own. */
static gboolean
count_elsewhere (BwDevicePlan  *self,
                 GError       **error)
{
  g_autoptr(GString) sql = g_string_new (NULL);

  self->n_known = -1;
  if (self->n_conditions != 1 || !self->query->is_root || self->query->behind != 0)
    return TRUE;

  if (self->query->batch_id != 0)
    g_string_append_printf (sql, "SELECT CAST(sum(count - n_deleted) AS BIGINT) FROM batch WHERE state = 1 AND id = %" G_GINT64_FORMAT,
                            self->query->batch_id);
  else if (!bw_device_filter_append_count (self->query->filter, sql))
    return TRUE;

  return bw_db_get_scalar (self->db, sql->str, NULL, 0, &self->n_known, error);
}

gboolean
bw_device_plan_init (BwDevicePlan         *self,
                     BwDb                 *db,
                     const BwDeviceQuery  *query,
                     GError              **error)
{
  Look look = { self, 0, 0 };

  memset (self, 0, sizeof *self);
  self->db = db;
  self->query = query;
  if (!bw_device_sort_parse (query->sort, &self->sort, error) || !count_all (self, error))
    return FALSE;

  look.few = look.n_least = CLAMP (self->n_all / FEW_SHARE, 1, FEW);
  self->n_conditions = !query->is_root + (query->batch_id != 0) + (query->behind != 0) +
                       bw_device_filter_get_n (query->filter);

  if (!count_elsewhere (self, error))
    return FALSE;

  return !db->driver->takes_hints || self->n_conditions == 0 || self->n_known >= look.few ||
         (look_at_own (self, &look, error) &&
          bw_device_filter_each_indexed (query->filter, db, look_at_condition, &look, error));
}

gboolean
bw_device_plan_count (BwDevicePlan  *self,
                      const char    *has,
                      gint64        *ret_total,
                      gint64        *ret_n_has,
                      GError       **error)
{
  g_autoptr(GString) sql = g_string_new (NULL);
  g_auto(BwFilter) where = { NULL, };
  g_autoptr(GVariant) args = NULL;
  g_autoptr(BwRows) rows = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean is_all = self->n_conditions == 0;

  *ret_total = *ret_n_has = self->n_known >= 0 ? self->n_known : self->n_all;
  if ((is_all || self->n_known >= 0) && has == NULL)
    return TRUE;

  /* counting a million rows takes longer than reading a page of them: of all only those that have it are counted */
  bw_device_plan_fill (self, &where, is_all ? has : NULL);
  if (is_all || has == NULL)
    g_string_append (sql, "SELECT count(*), count(*) FROM device");
  else
    g_string_append_printf (sql, "SELECT count(*), count(CASE WHEN %s THEN 1 END) FROM device", has);
  bw_device_plan_add_hint (self, sql, is_all && self->n_unfinished == 0 ? self->sort.columns[0]->index
                                      : has == NULL && self->only != NULL && self->n_unfinished == 0 ? self->only
                                      : bw_device_plan_get_hint (self));
  g_string_append (sql, where.where->str);
  args = bw_filter_end (&where);

  rows = bw_db_query (self->db, sql->str, args, error);
  if (rows == NULL)
    return FALSE;

  if (bw_rows_next (rows, &local_error))
    {
      *ret_n_has = bw_rows_get_int (rows, 1);
      if (!is_all)
        *ret_total = bw_rows_get_int (rows, 0);
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}
