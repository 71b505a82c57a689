/* bw-search-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-search-repo.h"

#include <string.h>

#include "bw-batch-repo.h"
#include "bw-company-repo.h"
#include "bw-device-id.h"
#include "bw-device-repo.h"
#include "bw-error.h"
#include "bw-filter.h"
#include "bw-json.h"

/* Fewer would be in every other id. */
#define MIN_INFIX 4
#define MAX_WORDS 8

typedef struct
{
  const BwSearchQuery *query;
  char                *text;    /* (owned): in lower case, without white space around it */
  GPtrArray           *ids;     /* (owned) (element-type utf8): found, the best first; at most one over the limit */
} Search;

gboolean
bw_search_query_check (const BwSearchQuery  *query,
                       GError              **error)
{
  if (query->limit < 1 || query->limit > BW_SEARCH_MAX_LIMIT)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the limit must be between 1 and %d", BW_SEARCH_MAX_LIMIT);
  else if (strlen (query->text) > BW_FILTER_MAX_SEARCH_BYTES)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the search is longer than %d bytes", BW_FILTER_MAX_SEARCH_BYTES);
  else if (strspn (query->text, " \t\r\n") == strlen (query->text))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "there is nothing to look for: “q” is empty");
  else
    return TRUE;

  return FALSE;
}

gboolean
bw_search_repo_note_device (BwDb        *db,
                            const char  *id,
                            GError     **error)
{
  return bw_db_run (db,
                    "UPDATE device SET search_text = "
                    BW_SEARCH_TEXT_SQL ("name", "product", "version", "abbreviation", "license", "machine_id",
                                        "local_ip", "address")
                    " WHERE id = $1",
                    g_variant_new ("(s)", id), error);
}

static gboolean
is_full (const Search *search)
{
  return search->ids->len > search->query->limit;
}

/* Adds the ids that the statement answers with. @filter: of which LIMIT is the last */
static gboolean
take_ids (Search      *search,
          BwDb        *db,
          const char  *select,
          BwFilter    *filter,
          const char  *order,
          GError     **error)
{
  g_autofree char *sql = g_strdup_printf ("%s%s%s LIMIT $%u OFFSET $%u", select, filter->where->str, order,
                                          filter->n_args + 1, filter->n_args + 2);
  /* those that are there already may be among them */
  g_autoptr(GVariant) args = bw_filter_end_page (filter, search->query->limit + 1 + search->ids->len, 0);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);

  if (rows == NULL)
    return FALSE;

  while (!is_full (search) && bw_rows_next (rows, &local_error))
    {
      const char *id = bw_rows_get_text (rows, 0);

      if (!g_ptr_array_find_with_equal_func (search->ids, id, g_str_equal, NULL))
        g_ptr_array_add (search->ids, g_strdup (id));
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

/* Those in reach whose batch is there whole. */
static void
begin_devices (Search   *search,
               BwFilter *filter)
{
  bw_filter_init (filter);
  if (!search->query->is_root)
    bw_filter_add_int (filter, "company_id IN " BW_COMPANY_REACH_OF_SQL ("?"), search->query->company_id);
  bw_filter_add (filter, "batch_id NOT IN (SELECT id FROM batch WHERE state = 0)");
}

/* The text without dashes and white space when it may be a piece of an id; else NULL. (transfer full) */
static char *
make_code (const char *text)
{
  g_autoptr(GString) code = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '-' || *p == ' ')
        continue;
      if (!g_ascii_islower (*p) && !g_ascii_isdigit (*p))
        return NULL;
      g_string_append_c (code, *p);
    }

  return code->len >= 2 && code->len <= 16 ? g_string_free (g_steal_pointer (&code), FALSE) : NULL;
}

static gboolean
find_by_prefix (Search      *search,
                BwDb        *db,
                const char  *code,
                GError     **error)
{
  g_auto(BwFilter) filter = { NULL, };
  g_autoptr(GString) first = g_string_new (NULL);
  g_autofree char *beyond = NULL;

  for (gsize i = 0; code[i] != '\0'; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (first, '-');
      g_string_append_c (first, code[i]);
    }
  beyond = g_strconcat (first->str, "~", NULL);

  begin_devices (search, &filter);
  bw_filter_add_text (&filter, "id >= ?", first->str);
  bw_filter_add_text (&filter, "id < ?", beyond);

  return take_ids (search, db, "SELECT id FROM device", &filter, " ORDER BY id", error);
}

/* Names first that begin with what is looked for, then those with all its words anywhere. */
static gboolean
find_by_text (Search      *search,
              BwDb        *db,
              GError     **error)
{
  g_auto(BwFilter) first = { NULL, };
  g_auto(BwFilter) any = { NULL, };
  g_auto(GStrv) words = g_strsplit_set (search->text, " \t\r\n", MAX_WORDS);
  g_autofree char *beyond = g_strconcat (search->text, "\xf4\x8f\xbf\xbf", NULL);

  begin_devices (search, &first);
  bw_filter_add_text (&first, "search_text >= ?", search->text);
  bw_filter_add_text (&first, "search_text < ?", beyond);
  if (!take_ids (search, db, "SELECT id FROM device", &first, " ORDER BY search_text, id", error))
    return FALSE;

  if (is_full (search))
    return TRUE;

  begin_devices (search, &any);
  bw_filter_add (&any, "search_text IS NOT NULL");
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] != '\0')
        bw_filter_add_search (&any, "search_text LIKE ? ESCAPE '!'", words[i]);
    }

  return take_ids (search, db, "SELECT id FROM device", &any, " ORDER BY search_text, id", error);
}

static gboolean
find_by_infix (Search      *search,
               BwDb        *db,
               const char  *code,
               GError     **error)
{
  g_auto(BwFilter) filter = { NULL, };

  if (code == NULL || strlen (code) < MIN_INFIX || is_full (search))
    return TRUE;

  begin_devices (search, &filter);
  bw_filter_add_search (&filter, "replace(id, '-', '') LIKE ? ESCAPE '!'", code);

  return take_ids (search, db, "SELECT id FROM device", &filter, "", error);
}

static gboolean
find_devices (Search      *search,
              BwDb        *db,
              GError     **error)
{
  g_auto(BwFilter) filter = { NULL, };
  g_autofree char *code = make_code (search->text);
  char id[BW_DEVICE_ID_SIZE];

  if (bw_device_id_parse (search->text, strlen (search->text), id))
    {
      begin_devices (search, &filter);
      bw_filter_add_text (&filter, "id = ?", id);
      return take_ids (search, db, "SELECT id FROM device", &filter, "", error);
    }

  return (code == NULL || find_by_prefix (search, db, code, error)) &&
         (is_full (search) || find_by_text (search, db, error)) &&
         find_by_infix (search, db, code, error);
}

static gboolean
find_batches (Search      *search,
              BwDb        *db,
              GError     **error)
{
  g_auto(BwFilter) filter = { NULL, };

  bw_filter_init (&filter);
  bw_filter_add_int (&filter, "company_id IN " BW_COMPANY_REACH_OF_SQL ("?"), search->query->company_id);
  bw_filter_add_search (&filter, "bw_lower(name) LIKE ? ESCAPE '!' OR bw_lower(info) LIKE ? ESCAPE '!'", search->text);

  return take_ids (search, db, "SELECT CAST(id AS TEXT) FROM batch", &filter, " ORDER BY name", error);
}

static gboolean
find_companies (Search      *search,
                BwDb        *db,
                GError     **error)
{
  g_auto(BwFilter) filter = { NULL, };

  bw_filter_init (&filter);
  bw_filter_add_int (&filter, "id IN " BW_COMPANY_REACH_OF_SQL ("?"), search->query->company_id);
  bw_filter_add_search (&filter, "bw_lower(name) LIKE ? ESCAPE '!' OR alias LIKE ? ESCAPE '!'"
                        " OR bw_lower(email) LIKE ? ESCAPE '!' OR phone LIKE ? ESCAPE '!'", search->text);

  return take_ids (search, db, "SELECT CAST(id AS TEXT) FROM company", &filter, " ORDER BY name", error);
}

typedef gboolean (*FindFunc)  (Search *search, BwDb *db, GError **error);
typedef gboolean (*WriteFunc) (BwDb *db, const BwSearchQuery *query, const char *id, GString *out, GError **error);

static gboolean
write_device (BwDb                 *db,
              const BwSearchQuery  *query,
              const char           *id,
              GString              *out,
              GError              **error)
{
  return bw_device_repo_write_document (db, id, FALSE, out, NULL, error);
}

static gboolean
write_batch (BwDb                 *db,
             const BwSearchQuery  *query,
             const char           *id,
             GString              *out,
             GError              **error)
{
  g_autoptr(BwBatchRow) row = bw_batch_repo_get (db, g_ascii_strtoll (id, NULL, 10), error);

  if (row == NULL)
    return FALSE;

  bw_batch_row_write (row, out);

  return TRUE;
}

static gboolean
write_company (BwDb                 *db,
               const BwSearchQuery  *query,
               const char           *id,
               GString              *out,
               GError              **error)
{
  guint n = 0;

  return bw_company_repo_write (db, query->company_id, g_ascii_strtoll (id, NULL, 10), NULL, 0, out, &n, error);
}

static gboolean
write_group (BwDb                 *db,
             const BwSearchQuery  *query,
             const char           *name,
             FindFunc              find,
             WriteFunc             write,
             GString              *out,
             GError              **error)
{
  g_autofree char *lower = g_utf8_strdown (query->text, -1);
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  Search search = { query, g_strstrip (lower), ids };

  if (!find (&search, db, error))
    return FALSE;

  bw_json_begin_object (out, name);
  if (is_full (&search))
    bw_json_add_null (out, "total");
  else
    bw_json_add_int (out, "total", ids->len);

  bw_json_begin_array (out, "items");
  for (guint i = 0; i < MIN (ids->len, query->limit); i++)
    {
      g_autoptr(GError) local_error = NULL;

      /* one may have gone since it was found */
      if (!write (db, query, g_ptr_array_index (ids, i), out, &local_error) &&
          !g_error_matches (local_error, BW_ERROR, BW_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  return TRUE;
}

static gboolean
write_users (BwDb                 *db,
             const BwSearchQuery  *query,
             GString              *out,
             GError              **error)
{
  g_autofree char *text = g_strstrip (g_strdup (query->text));
  BwUserQuery users = {
    .company_id = query->company_id,
    .is_root = query->is_root,
    .search = text,
    .limit = query->limit,
  };

  g_string_append (out, ",\"users\":");

  return bw_user_repo_list (db, &users, out, error);
}

gboolean
bw_search_repo_write (BwDb                 *db,
                      const BwSearchQuery  *query,
                      GString              *out,
                      GError              **error)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "q", query->text);

  if (query->with_devices &&
      (!write_group (db, query, "devices", find_devices, write_device, out, error) ||
       !write_group (db, query, "batches", find_batches, write_batch, out, error)))
    return FALSE;

  if (query->with_companies && !write_group (db, query, "companies", find_companies, write_company, out, error))
    return FALSE;

  if (query->with_users && !write_users (db, query, out, error))
    return FALSE;

  bw_json_end_object (out);

  return TRUE;
}
