/* bw-people-effects.c: what would change
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-people-private.h"

#include "bw-effects-repo.h"
#include "bw-error.h"
#include "bw-json.h"

#define MAX_ITEMS 500
#define MAX_NAMES 20

/* The change is tried in a transaction that is taken back: here is who had which
 * rights before, there who has them after, and the difference is told. A role, a
 * participation or a user changes what somebody may do; a company that moves
 * changes where: those above its old place lose it, those above the new one gain it. */
struct _BwEffects
{
  GPtrArray *before;       /* BwEffectsRow */
  GArray    *above;        /* gint64: above the company, before */
};

void
bw_effects_free (BwEffects *self)
{
  g_clear_pointer (&self->before, g_ptr_array_unref);
  g_clear_pointer (&self->above, g_array_unref);
  g_free (self);
}

static GPtrArray *
list_affected (BwChange       *change,
               BwStoreThread  *thread,
               GError        **error)
{
  return bw_effects_repo_list (thread->db,
                               change->kind == &bw_participation_kind ? change->id : 0,
                               change->kind == &bw_role_kind ? change->id : 0,
                               change->kind == &bw_user_kind ? change->id : 0, error);
}

BwEffects *
bw_effects_begin (BwChange       *change,
                  BwStoreThread  *thread,
                  GError        **error)
{
  g_autoptr(BwEffects) self = g_new0 (BwEffects, 1);

  self->before = list_affected (change, thread, error);
  if (self->before == NULL)
    return NULL;

  if (change->kind == &bw_company_kind)
    {
      self->above = bw_effects_repo_ancestors (thread->db, change->id, error);
      if (self->above == NULL)
        return NULL;
    }

  return g_steal_pointer (&self);
}

typedef struct
{
  BwDb    *db;
  GString *out;
  gint64   n_users;
} Writer;

/* @objects_of: what is gained or lost is this company and all below it */
static gboolean
write_item (Writer              *writer,
            const BwEffectsRow  *row,
            guint                gains,
            guint                loses,
            gint64               objects_of,
            GError             **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  gint64 n_companies = 0;
  gint64 n_devices = 0;

  if (gains == 0 && loses == 0)
    return TRUE;

  if (writer->n_users++ >= MAX_ITEMS)
    return TRUE;

  if (!bw_effects_repo_count (writer->db, objects_of, MAX_NAMES, names, &n_companies, &n_devices, error))
    return FALSE;

  bw_json_begin_object (writer->out, NULL);
  bw_json_add_id (writer->out, "userId", row->account_id);
  bw_json_add_string (writer->out, "user", row->user);
  bw_json_add_string (writer->out, "company", row->company);
  bw_permissions_write (writer->out, "gains", gains);
  bw_permissions_write (writer->out, "loses", loses);
  bw_json_add_int (writer->out, "nCompanies", n_companies);
  bw_json_add_int (writer->out, "nDevices", n_devices);
  bw_json_begin_array (writer->out, "objects");
  for (guint i = 0; i < names->len; i++)
    bw_json_add_string (writer->out, NULL, g_ptr_array_index (names, i));
  bw_json_end_array (writer->out);
  bw_json_end_object (writer->out);

  return TRUE;
}

static gboolean
write_rights (BwEffects  *self,
              GPtrArray  *after,
              Writer     *writer,
              GError    **error)
{
  g_autoptr(GHashTable) known = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < after->len; i++)
    {
      BwEffectsRow *row = g_ptr_array_index (after, i);

      g_hash_table_insert (known, &row->id, row);
      if (self->before->len == 0 && !write_item (writer, row, row->permissions, 0, row->company_id, error))
        return FALSE;
    }

  for (guint i = 0; i < self->before->len; i++)
    {
      const BwEffectsRow *was = g_ptr_array_index (self->before, i);
      const BwEffectsRow *is = g_hash_table_lookup (known, &was->id);
      guint now = is != NULL ? is->permissions : 0;

      if (!write_item (writer, was, now & ~was->permissions, was->permissions & ~now, was->company_id, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
has_id (GArray *ids,
        gint64  id)
{
  for (guint i = 0; i < ids->len; i++)
    {
      if (g_array_index (ids, gint64, i) == id)
        return TRUE;
    }

  return FALSE;
}

/* Those who act in one of @ids that is not in @others. */
static gboolean
write_reach (GArray    *ids,
             GArray    *others,
             gboolean   gains,
             gint64     moved,
             Writer    *writer,
             GError   **error)
{
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      g_autoptr(GPtrArray) rows = NULL;

      if (has_id (others, id))
        continue;

      rows = bw_effects_repo_list_company (writer->db, id, error);
      if (rows == NULL)
        return FALSE;

      for (guint j = 0; j < rows->len; j++)
        {
          const BwEffectsRow *row = g_ptr_array_index (rows, j);

          if (!write_item (writer, row, gains ? row->permissions : 0, gains ? 0 : row->permissions, moved, error))
            return FALSE;
        }
    }

  return TRUE;
}

GBytes *
bw_effects_end (BwEffects      *self,
                BwChange       *change,
                BwStoreThread  *thread,
                gboolean        parked,
                GError        **error)
{
  g_autoptr(GString) items = g_string_new ("[");
  Writer writer = { thread->db, items, 0 };
  g_autoptr(GString) out = NULL;
  g_autoptr(GPtrArray) after = list_affected (change, thread, error);
  g_autoptr(GArray) above = NULL;

  if (after == NULL || !write_rights (self, after, &writer, error))
    return NULL;

  if (self->above != NULL)
    {
      above = bw_effects_repo_ancestors (thread->db, change->id, error);
      if (above == NULL || !write_reach (self->above, above, FALSE, change->id, &writer, error) ||
          !write_reach (above, self->above, TRUE, change->id, &writer, error))
        return NULL;
    }
  g_string_append_c (items, ']');

  out = g_string_new (NULL);
  bw_json_begin_object (out, NULL);
  bw_json_add_boolean (out, "parked", parked);
  bw_json_add_int (out, "nUsers", writer.n_users);
  bw_json_add_raw (out, "items", items->str);
  bw_json_end_object (out);

  return g_string_free_to_bytes (g_steal_pointer (&out));
}
