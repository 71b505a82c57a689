/* bw-migrations.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-migrations.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "bw-error.h"
#include "bw-sql-resources.h"

#define FOLDER "/io/github/bellwether_iot/Bellwether/sql"
#define HISTORY_FOLDER FOLDER "/history"

#define MAKE_TABLE "CREATE TABLE IF NOT EXISTS schema_migration" \
                   " (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at_us BIGINT NOT NULL)"

/* Numbered files, one transaction each, forward only. Before the first one of a
 * run an existing database is copied; one that fails leaves the file as it was. */

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

static GPtrArray *
list_files (const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_auto(GStrv) children = g_resources_enumerate_children (folder, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (guint i = 0; children != NULL && children[i] != NULL; i++)
    {
      if (g_str_has_suffix (children[i], ".sql"))
        g_ptr_array_add (names, g_strdup (children[i]));
    }
  g_ptr_array_sort (names, compare_names);

  return names;
}

static char *
load_file (BwDb        *db,
           const char  *folder,
           const char  *name,
           GError     **error)
{
  g_autofree char *path = g_strconcat (folder, "/", name, NULL);
  g_autoptr(GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autoptr(GString) text = NULL;

  if (bytes == NULL)
    return NULL;

  text = g_string_new_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  g_string_replace (text, "@BLOB@", db->driver->blob_type, 0);
  g_string_replace (text, "@TEXT@", db->driver->text_type, 0);
  g_string_replace (text, "@SERIAL@", db->driver->serial_type, 0);
  g_string_replace (text, "@FUNCTIONS@", db->driver->functions, 0);
  g_string_replace (text, "@WITHOUT_ROWID@", db->driver->without_rowid, 0);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gint64
get_number (GPtrArray *names,
            guint      i)
{
  return g_ascii_strtoll (g_ptr_array_index (names, i), NULL, 10);
}

/* Within a transaction. */
static gboolean
apply (BwDb        *db,
       const char  *folder,
       const char  *name,
       GError     **error)
{
  g_autofree char *script = load_file (db, folder, name, error);

  return script != NULL && db->driver->run_script (db, script, error) &&
         bw_db_run (db, "INSERT INTO schema_migration (number, name, applied_at_us) VALUES ($1, $2, $3)",
                    g_variant_new ("(xsx)", g_ascii_strtoll (name, NULL, 10), name, g_get_real_time ()), error);
}

static gboolean
run_one (BwDb        *db,
         const char  *folder,
         const char  *name,
         GError     **error)
{
  if (!bw_db_begin (db, error))
    return FALSE;

  if (apply (db, folder, name, error) && bw_db_commit (db, error))
    return TRUE;

  bw_db_rollback (db);
  g_prefix_error (error, "migration %s: ", name);

  return FALSE;
}

/* Which are in the database, by number. Each counts for itself: one with a lower number may come later, when two
 * branches met. (transfer full) (nullable) */
static GHashTable *
find_recorded (BwDb    *db,
               GError **error)
{
  g_autoptr(GHashTable) recorded = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, "SELECT number FROM schema_migration", NULL, error);

  if (rows == NULL)
    return NULL;

  while (bw_rows_next (rows, &local_error))
    {
      gint64 number = bw_rows_get_int (rows, 0);

      g_hash_table_add (recorded, g_memdup2 (&number, sizeof number));
    }

  if (local_error == NULL)
    return g_steal_pointer (&recorded);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

static gboolean
is_recorded (GHashTable *recorded,
             gint64      number)
{
  return g_hash_table_contains (recorded, &number);
}

/* One that this program does not know was made by a newer one, whatever its number. */
static gboolean
check_known (GHashTable  *recorded,
             GPtrArray   *names,
             GError     **error)
{
  g_autoptr(GHashTable) known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gint64 newest = names->len > 0 ? get_number (names, names->len - 1) : 0;
  GHashTableIter iter;
  gint64 *number;

  for (guint i = 0; i < names->len; i++)
    {
      gint64 own = get_number (names, i);

      g_hash_table_add (known, g_memdup2 (&own, sizeof own));
    }

  g_hash_table_iter_init (&iter, recorded);
  while (g_hash_table_iter_next (&iter, (gpointer *) &number, NULL))
    {
      if (g_hash_table_contains (known, number))
        continue;

      g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT,
                   "the database was written by a newer Bellwether (schema %" G_GINT64_FORMAT
                   ", this one knows %" G_GINT64_FORMAT ")", *number, newest);
      return FALSE;
    }

  return TRUE;
}

static gboolean
copy_before (BwDb        *db,
             const char  *copy_path,
             GError     **error)
{
  g_autofree char *unfinished = NULL;

  if (copy_path == NULL)
    return TRUE;

  /* The last good copy goes only when the new one is whole. */
  unfinished = g_strconcat (copy_path, ".part", NULL);
  g_unlink (unfinished);
  if (!db->driver->copy_to (db, unfinished, error))
    {
      g_prefix_error (error, "copying the database before it is changed: ");
      g_unlink (unfinished);
      return FALSE;
    }

  if (g_chmod (unfinished, 0600) != 0 || g_rename (unfinished, copy_path) != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "%s cannot be written", copy_path);
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_migrations_run_folder (BwDb        *db,
                          const char  *folder,
                          const char  *copy_path,
                          GError     **error)
{
  g_autoptr(GPtrArray) names = list_files (folder);
  g_autoptr(GHashTable) recorded = NULL;
  gboolean copied = FALSE;

  if (!bw_db_run (db, MAKE_TABLE, NULL, error))
    return FALSE;

  recorded = find_recorded (db, error);
  if (recorded == NULL || !check_known (recorded, names, error))
    return FALSE;

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      if (is_recorded (recorded, get_number (names, i)))
        continue;

      if (!copied && g_hash_table_size (recorded) > 0 && !copy_before (db, copy_path, error))
        return FALSE;
      copied = TRUE;

      if (!run_one (db, folder, name, error))
        return FALSE;
    }

  return TRUE;
}

/* Asked for by name, or the linker would leave it out of a static library. */
static void
register_once (void)
{
  static gsize registered = 0;

  if (g_once_init_enter (&registered))
    {
      bw_sql_register_resource ();
      g_once_init_leave (&registered, 1);
    }
}

gboolean
bw_migrations_run (BwDb        *db,
                   const char  *copy_path,
                   GError     **error)
{
  register_once ();

  return bw_migrations_run_folder (db, FOLDER, copy_path, error);
}

gboolean
bw_migrations_run_history (BwDb    *db,
                           GError **error)
{
  register_once ();

  return bw_migrations_run_folder (db, HISTORY_FOLDER, NULL, error);
}

static gboolean
make (BwDb        *db,
      const char  *folder,
      GError     **error)
{
  g_autoptr(GPtrArray) names = NULL;

  register_once ();
  names = list_files (folder);

  if (!bw_db_run (db, MAKE_TABLE, NULL, error))
    return FALSE;

  for (guint i = 0; i < names->len; i++)
    {
      if (!apply (db, folder, g_ptr_array_index (names, i), error))
        return FALSE;
    }

  return TRUE;
}

gboolean
bw_migrations_make (BwDb    *db,
                    GError **error)
{
  return make (db, FOLDER, error);
}

gboolean
bw_migrations_make_history (BwDb    *db,
                            GError **error)
{
  return make (db, HISTORY_FOLDER, error);
}

static gboolean
check (BwDb        *db,
       const char  *folder,
       GError     **error)
{
  g_autoptr(GPtrArray) names = NULL;
  g_autoptr(GHashTable) recorded = NULL;

  register_once ();
  names = list_files (folder);
  recorded = find_recorded (db, error);
  if (recorded == NULL || !check_known (recorded, names, error))
    return FALSE;

  for (guint i = 0; i < names->len; i++)
    {
      if (is_recorded (recorded, get_number (names, i)))
        continue;

      g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT,
                   "the database is of an older Bellwether (schema %s is missing);"
                   " start bellwetherd with it once, which brings it up to date", (char *) g_ptr_array_index (names, i));
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_migrations_check (BwDb    *db,
                     GError **error)
{
  return check (db, FOLDER, error);
}

gboolean
bw_migrations_check_history (BwDb    *db,
                             GError **error)
{
  return check (db, HISTORY_FOLDER, error);
}
