/* bw-authority.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-authority.h"

#include "bw-error.h"

typedef struct _Company Company;

struct _Company
{
  gint64   id;
  Company *parent;       /* (nullable): the root, or not told of yet */
};

/* A company points to the one above it: whether one is below another is a walk
 * of a few pointers up, and a subtree moves by changing one of them. */
struct _BwAuthority
{
  gatomicrefcount  refs;

  GRWLock          lock;
  GHashTable      *companies;    /* id → Company */
};

BwAuthority *
bw_authority_new (void)
{
  BwAuthority *self = g_new0 (BwAuthority, 1);

  g_atomic_ref_count_init (&self->refs);
  g_rw_lock_init (&self->lock);
  self->companies = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);

  return self;
}

BwAuthority *
bw_authority_ref (BwAuthority *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);

  return self;
}

void
bw_authority_unref (BwAuthority *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_hash_table_unref (self->companies);
  g_rw_lock_clear (&self->lock);
  g_free (self);
}

static Company *
find_or_add (BwAuthority *self,
             gint64       id)
{
  Company *company = g_hash_table_lookup (self->companies, &id);

  if (company == NULL)
    {
      company = g_new0 (Company, 1);
      company->id = id;
      g_hash_table_insert (self->companies, &company->id, company);
    }

  return company;
}

/* A child may be told of before its parent. */
static void
put_company (gint64   id,
             gint64   parent_id,
             gpointer user_data)
{
  BwAuthority *self = user_data;
  Company *company = find_or_add (self, id);

  company->parent = parent_id != 0 ? find_or_add (self, parent_id) : NULL;
}

gboolean
bw_authority_load (BwAuthority  *self,
                   BwDb         *db,
                   GError      **error)
{
  gboolean ok;

  g_rw_lock_writer_lock (&self->lock);
  g_hash_table_remove_all (self->companies);
  ok = bw_company_repo_each (db, put_company, self, error);
  g_rw_lock_writer_unlock (&self->lock);

  return ok;
}

void
bw_authority_put_company (BwAuthority *self,
                          gint64       id,
                          gint64       parent_id)
{
  g_rw_lock_writer_lock (&self->lock);
  put_company (id, parent_id, self);
  g_rw_lock_writer_unlock (&self->lock);
}

/* The repository lets go only of one that nothing is below. */
void
bw_authority_remove_company (BwAuthority *self,
                             gint64       id)
{
  g_rw_lock_writer_lock (&self->lock);
  g_hash_table_remove (self->companies, &id);
  g_rw_lock_writer_unlock (&self->lock);
}

/* With the lock. The tree has at most so many levels, so a loop in a damaged one ends too. */
static gboolean
is_at_or_below (const Company *company,
                const Company *top)
{
  for (guint i = 0; company != NULL && i < BW_COMPANY_MAX_DEPTH; i++)
    {
      if (company == top)
        return TRUE;
      company = company->parent;
    }

  return FALSE;
}

gboolean
bw_authority_reaches (BwAuthority *self,
                      gint64       actor_company,
                      gint64       company_id)
{
  const Company *top;
  gboolean reaches;

  g_rw_lock_reader_lock (&self->lock);
  top = g_hash_table_lookup (self->companies, &actor_company);
  reaches = top != NULL && is_at_or_below (g_hash_table_lookup (self->companies, &company_id), top);
  g_rw_lock_reader_unlock (&self->lock);

  return reaches;
}

static guint
count_levels (const Company *company,
              const Company *top)
{
  guint n = 0;

  while (company != NULL && company != top && n < 2 * BW_COMPANY_MAX_DEPTH)
    {
      company = company->parent;
      n++;
    }

  return n;
}

guint
bw_authority_get_depth (BwAuthority *self,
                        gint64       id)
{
  guint depth;

  g_rw_lock_reader_lock (&self->lock);
  depth = count_levels (g_hash_table_lookup (self->companies, &id), NULL);
  g_rw_lock_reader_unlock (&self->lock);

  return depth;
}

guint
bw_authority_get_height (BwAuthority *self,
                         gint64       id)
{
  const Company *top;
  const Company *company;
  GHashTableIter iter;
  guint height = 0;

  g_rw_lock_reader_lock (&self->lock);
  top = g_hash_table_lookup (self->companies, &id);
  g_hash_table_iter_init (&iter, self->companies);
  while (top != NULL && g_hash_table_iter_next (&iter, NULL, (gpointer *) &company))
    {
      if (is_at_or_below (company, top))
        height = MAX (height, count_levels (company, top));
    }
  g_rw_lock_reader_unlock (&self->lock);

  return height;
}

gboolean
bw_authority_decide (BwAuthority    *self,
                     const BwActor  *actor,
                     guint           permissions,
                     gint64          company_id,
                     const char     *what,
                     GError        **error)
{
  if (!bw_actor_check (actor, permissions, error))
    return FALSE;

  if (bw_authority_reaches (self, actor->company_id, company_id))
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no %s", what);

  return FALSE;
}
