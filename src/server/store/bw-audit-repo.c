/* bw-audit-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-audit-repo.h"

#include <sodium.h>
#include <string.h>

#include "bw-company-repo.h"
#include "bw-error.h"
#include "bw-filter.h"
#include "bw-json.h"

static void
hash_bytes (crypto_generichash_state *state,
            gconstpointer             bytes,
            gsize                     length)
{
  guint64 little = GUINT64_TO_LE ((guint64) length);

  /* the length first: "ab" + "c" is another pair than "a" + "bc" */
  crypto_generichash_update (state, (const guint8 *) &little, sizeof little);
  crypto_generichash_update (state, bytes, length);
}

static void
hash_text (crypto_generichash_state *state,
           const char               *text)
{
  guint8 is_there = text != NULL;

  crypto_generichash_update (state, &is_there, 1);
  if (text != NULL)
    hash_bytes (state, text, strlen (text));
}

static void
hash_int (crypto_generichash_state *state,
          gint64                    number)
{
  gint64 little = GINT64_TO_LE (number);

  hash_bytes (state, &little, sizeof little);
}

void
bw_audit_row_hash (const BwAuditRow *row,
                   const guint8      before[BW_SECRET_HASH_BYTES],
                   guint8            ret_hash[BW_SECRET_HASH_BYTES])
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, NULL, 0, BW_SECRET_HASH_BYTES);
  hash_bytes (&state, before, BW_SECRET_HASH_BYTES);
  hash_int (&state, row->seq);
  hash_int (&state, row->at_us);
  hash_int (&state, row->account_id);
  hash_text (&state, row->login);
  hash_text (&state, row->address);
  hash_text (&state, row->action);
  hash_text (&state, row->kind);
  hash_text (&state, row->object_id);
  hash_text (&state, row->object);
  hash_int (&state, row->company_id);
  hash_text (&state, row->before);
  hash_text (&state, row->after);
  crypto_generichash_final (&state, ret_hash, BW_SECRET_HASH_BYTES);
}

static gboolean
read_end (BwDb         *db,
          BwAuditHead  *ret_end,
          GError      **error)
{
  return bw_audit_head_read (db, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", NULL, ret_end, error);
}

gboolean
bw_audit_repo_add (BwStoreThread  *thread,
                   BwAuditRow     *row,
                   GError        **error)
{
  BwAuditHead *head = &thread->audit_head;
  guint8 hash[BW_SECRET_HASH_BYTES];

  /* of a transaction only the first entry has to look for the one before it */
  if (!thread->audit_moved && !read_end (thread->db, head, error))
    return FALSE;

  row->seq = head->seq + 1;
  if (row->at_us == 0)
    row->at_us = g_get_real_time ();
  bw_audit_row_hash (row, head->hash, hash);

  if (!bw_db_run (thread->db,
                  "INSERT INTO audit (seq, at_us, account_id, login, address, action, kind, object_id, object,"
                  " company_id, doc_before, doc_after, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
                  " $12, $13)",
                  g_variant_new ("(xxxssssssxmsms@ay)", row->seq, row->at_us, row->account_id, row->login,
                                 row->address, row->action, row->kind, row->object_id, row->object,
                                 row->company_id, row->before, row->after,
                                 g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, hash, sizeof hash, 1)),
                  error))
    return FALSE;

  head->seq = row->seq;
  memcpy (head->hash, hash, sizeof hash);
  thread->audit_moved = TRUE;

  return TRUE;
}

gboolean
bw_audit_repo_keep_head (BwStoreThread  *thread,
                         GError        **error)
{
  BwAuditHead end;

  if (!read_end (thread->db, &end, error))
    return FALSE;

  return end.seq == 0 || bw_broker_db_put_audit_head (thread->broker, thread->db, &end, error);
}

/* Reading */

#define COLUMNS \
  "audit.seq, audit.at_us, audit.account_id, audit.login, audit.address, audit.action, audit.kind," \
  " audit.object_id, audit.object, audit.company_id, audit.doc_before, audit.doc_after, audit.hash"

/* What @row points to is valid until the next one. FALSE: its hash is none. */
static gboolean
read_row (BwRows      *rows,
          BwAuditRow  *row,
          guint8       ret_hash[BW_SECRET_HASH_BYTES])
{
  gsize length = 0;
  const guint8 *hash;

  row->seq = bw_rows_get_int (rows, 0);
  row->at_us = bw_rows_get_int (rows, 1);
  row->account_id = bw_rows_get_int (rows, 2);
  row->login = bw_rows_get_text (rows, 3);
  row->address = bw_rows_get_text (rows, 4);
  row->action = bw_rows_get_text (rows, 5);
  row->kind = bw_rows_get_text (rows, 6);
  row->object_id = bw_rows_get_text (rows, 7);
  row->object = bw_rows_get_text (rows, 8);
  row->company_id = bw_rows_get_int (rows, 9);
  row->before = bw_rows_get_text (rows, 10);
  row->after = bw_rows_get_text (rows, 11);

  memset (ret_hash, 0, BW_SECRET_HASH_BYTES);
  hash = bw_rows_get_blob (rows, 12, &length);
  if (hash == NULL || length != BW_SECRET_HASH_BYTES)
    return FALSE;

  memcpy (ret_hash, hash, length);

  return TRUE;
}

gboolean
bw_audit_query_check (const BwAuditQuery  *query,
                      GError             **error)
{
  const char *const texts[] = { query->kind, query->object, query->action };

  if (!bw_filter_check_page (query->search, query->offset, query->limit, error))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      if (texts[i] != NULL && strlen (texts[i]) > BW_FILTER_MAX_SEARCH_BYTES)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "kind, object and action have at most %d bytes",
                       BW_FILTER_MAX_SEARCH_BYTES);
          return FALSE;
        }
    }

  return TRUE;
}

/* The company comes first: $1 is what BW_COMPANY_REACH_SQL takes. */
static void
fill_filter (BwFilter            *filter,
             const BwAuditQuery  *query)
{
  bw_filter_init (filter);
  if (!query->is_root)
    bw_filter_add_int (filter, "audit.company_id IN " BW_COMPANY_REACH_SQL, query->company_id);
  if (query->account_id != 0)
    bw_filter_add_int (filter, "audit.account_id = ?", query->account_id);
  if (query->kind != NULL)
    bw_filter_add_text (filter, "audit.kind = ?", query->kind);
  if (query->object != NULL)
    bw_filter_add_text (filter, "audit.object_id = ?", query->object);
  if (query->action != NULL)
    bw_filter_add_text (filter, "audit.action = ?", query->action);
  if (query->from_us != 0)
    bw_filter_add_int (filter, "audit.at_us >= ?", query->from_us);
  if (query->to_us != 0)
    bw_filter_add_int (filter, "audit.at_us < ?", query->to_us);
  if (query->search != NULL)
    bw_filter_add_search (filter,
                          "lower(audit.login) LIKE ? ESCAPE '!' OR lower(audit.object) LIKE ? ESCAPE '!'"
                          " OR lower(audit.object_id) LIKE ? ESCAPE '!' OR audit.action LIKE ? ESCAPE '!'"
                          " OR audit.kind LIKE ? ESCAPE '!' OR audit.address LIKE ? ESCAPE '!'",
                          query->search);
}

static void
format_hash (const guint8 *hash,
             char          ret_text[2 * BW_SECRET_HASH_BYTES + 1])
{
  sodium_bin2hex (ret_text, 2 * BW_SECRET_HASH_BYTES + 1, hash, BW_SECRET_HASH_BYTES);
}

static void
write_entry (const BwAuditRow *row,
             const guint8     *hash,
             GString          *out)
{
  char text[2 * BW_SECRET_HASH_BYTES + 1];

  format_hash (hash, text);
  bw_json_begin_object (out, NULL);
  bw_json_add_id (out, "id", row->seq);
  bw_json_add_int (out, "revision", 1);
  bw_json_add_int (out, "at", row->at_us);
  bw_json_add_id (out, "userId", row->account_id);
  bw_json_add_string (out, "user", row->login);
  bw_json_add_string (out, "address", row->address);
  bw_json_add_string (out, "action", row->action);
  bw_json_add_string (out, "kind", row->kind);
  bw_json_add_string (out, "objectId", row->object_id);
  bw_json_add_string (out, "object", row->object);
  bw_json_add_id (out, "companyId", row->company_id);
  bw_json_add_raw (out, "before", row->before != NULL ? row->before : "null");
  bw_json_add_raw (out, "after", row->after != NULL ? row->after : "null");
  bw_json_add_string (out, "hash", text);
  bw_json_end_object (out);
}

gboolean
bw_audit_repo_list (BwDb                *db,
                    const BwAuditQuery  *query,
                    GString             *out,
                    GError             **error)
{
  g_auto(BwFilter) filter = { NULL, };
  g_auto(BwFilter) page = { NULL, };
  g_autoptr(GVariant) count_args = NULL;
  g_autoptr(GVariant) args = NULL;
  g_autofree char *count_sql = NULL;
  g_autofree char *sql = NULL;
  g_autoptr(BwRows) rows = NULL;
  g_autoptr(GError) local_error = NULL;
  guint8 hash[BW_SECRET_HASH_BYTES];
  BwAuditRow row;
  gint64 total = 0;

  fill_filter (&filter, query);
  fill_filter (&page, query);
  count_args = bw_filter_end (&filter);
  args = bw_filter_end_page (&page, query->limit, query->offset);
  count_sql = g_strconcat ("SELECT count(*) FROM audit", filter.where->str, NULL);
  /* the numbers first, so that what is skipped is not read whole */
  sql = g_strdup_printf ("SELECT " COLUMNS " FROM (SELECT audit.seq AS page_seq FROM audit%s ORDER BY audit.seq DESC"
                         " LIMIT $%u OFFSET $%u) AS page JOIN audit ON audit.seq = page_seq ORDER BY page_seq DESC",
                         page.where->str, page.n_args + 1, page.n_args + 2);
  if (!bw_db_get_scalar (db, count_sql, count_args, 0, &total, error))
    return FALSE;

  rows = bw_db_query (db, sql, args, error);
  if (rows == NULL)
    return FALSE;

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", total);
  bw_json_begin_array (out, "items");
  while (bw_rows_next (rows, &local_error))
    {
      read_row (rows, &row, hash);
      write_entry (&row, hash, out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_audit_repo_foreach (BwDb                *db,
                       const BwAuditQuery  *query,
                       gint64               after,
                       BwAuditFunc          func,
                       gpointer             user_data,
                       gint64              *ret_last,
                       GError             **error)
{
  g_auto(BwFilter) filter = { NULL, };
  g_autoptr(GVariant) args = NULL;
  g_autofree char *sql = NULL;
  g_autoptr(BwRows) rows = NULL;
  g_autoptr(GError) local_error = NULL;
  guint8 hash[BW_SECRET_HASH_BYTES];
  BwAuditRow row;

  fill_filter (&filter, query);
  bw_filter_add_int (&filter, "audit.seq > ?", after);
  args = bw_filter_end_page (&filter, query->limit, 0);
  sql = g_strdup_printf ("SELECT " COLUMNS " FROM audit%s ORDER BY audit.seq LIMIT $%u OFFSET $%u",
                         filter.where->str, filter.n_args + 1, filter.n_args + 2);
  rows = bw_db_query (db, sql, args, error);
  if (rows == NULL)
    return FALSE;

  *ret_last = 0;
  while (bw_rows_next (rows, &local_error))
    {
      read_row (rows, &row, hash);
      *ret_last = row.seq;
      if (!func (&row, hash, user_data))
        return TRUE;
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

/* Verifying */

void
bw_audit_walk_clear (BwAuditWalk *walk)
{
  g_clear_pointer (&walk->reason, g_free);
}

/* The first one is told; what stands behind it says nothing any more. */
static gboolean
find_bad (BwAuditWalk *walk,
          gint64       seq,
          char        *reason)
{
  walk->first_bad = seq;
  walk->reason = reason;

  return FALSE;
}

static gboolean
check_entry (const BwAuditRow *row,
             const guint8     *hash,
             gpointer          user_data)
{
  BwAuditWalk *walk = user_data;
  guint8 computed[BW_SECRET_HASH_BYTES];

  if (row->seq != walk->last.seq + 1)
    return find_bad (walk, walk->last.seq + 1,
                     row->seq == walk->last.seq + 2
                       ? g_strdup_printf ("entry %" G_GINT64_FORMAT " is missing", row->seq - 1)
                       : g_strdup_printf ("entries %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " are missing",
                                          walk->last.seq + 1, row->seq - 1));

  bw_audit_row_hash (row, walk->last.hash, computed);
  if (memcmp (computed, hash, sizeof computed) != 0)
    return find_bad (walk, row->seq,
                     g_strdup_printf ("entry %" G_GINT64_FORMAT " is not the one that was written there: it, or the one"
                                      " before it, has been changed or put in another place", row->seq));

  if (row->seq == walk->head.seq && memcmp (hash, walk->head.hash, sizeof walk->head.hash) != 0)
    return find_bad (walk, row->seq,
                     g_strdup_printf ("entry %" G_GINT64_FORMAT " is another one than the one that broker.db remembers:"
                                      " the end of the log has been written anew", row->seq));

  walk->last.seq = row->seq;
  memcpy (walk->last.hash, hash, sizeof walk->last.hash);
  walk->n++;

  return TRUE;
}

gboolean
bw_audit_repo_walk (BwDb         *db,
                    BwAuditWalk  *walk,
                    guint         n_max,
                    gboolean     *ret_done,
                    GError      **error)
{
  const BwAuditQuery all = { .is_root = TRUE, .limit = n_max };
  gint64 before = walk->n;
  gint64 last = 0;

  if (!bw_audit_repo_foreach (db, &all, walk->last.seq, check_entry, walk, &last, error))
    return FALSE;

  *ret_done = walk->reason != NULL || walk->n - before < n_max;
  if (*ret_done && walk->reason == NULL && walk->head.seq > walk->last.seq)
    find_bad (walk, walk->last.seq + 1,
              g_strdup_printf ("the log ends with entry %" G_GINT64_FORMAT ", but entry %" G_GINT64_FORMAT
                               " has been written: its end was cut off, or an older copy was put in its place",
                               walk->last.seq, walk->head.seq));

  return TRUE;
}
