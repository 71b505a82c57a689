/* bw-copy-place.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-copy-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bw-data-lock.h"
#include "bw-error.h"
#include "bw-migrations.h"

#define FILE_NAME         "bellwether.db"
#define HISTORY_FILE_NAME "history.db"

/* What was not finished is found by this name and made anew. */
#define SCRATCH_SUFFIX ".copying"

static gboolean
take_text (BwCopyPlace  *self,
           const char   *text,
           GError      **error)
{
  if (bw_db_is_postgres (text))
    {
      self->address = g_strdup (text);
      return TRUE;
    }

  if (g_str_has_prefix (text, "sqlite:") && text[strlen ("sqlite:")] != '\0')
    {
      self->address = g_strdup (text + strlen ("sqlite:"));
      return TRUE;
    }

  if (*text == '\0' || strstr (text, "://") != NULL || g_str_has_prefix (text, "sqlite:"))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                         "a database is a data folder, sqlite:PATH or postgresql://USER@HOST/NAME");
  else if (g_file_test (text, G_FILE_TEST_EXISTS) && !g_file_test (text, G_FILE_TEST_IS_DIR))
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s is no folder; a database in a file is written sqlite:%s",
                 text, text);
  else
    {
      self->folder = g_strdup (text);
      self->address = g_build_filename (text, FILE_NAME, NULL);
      return TRUE;
    }

  return FALSE;
}

static gboolean
is_installation (GPtrArray *names)
{
  return g_ptr_array_find_with_equal_func (names, "schema_migration", g_str_equal, NULL);
}

gboolean
bw_copy_count (BwDb           *db,
               const BwTable  *table,
               gint64         *ret_n_rows,
               GError        **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM \"%s\"", table->name);

  return bw_db_get_scalar (db, sql, NULL, 0, ret_n_rows, error);
}

/* What the migrations themselves put into new tables is no installation yet. */
static gboolean
check_rows (const BwCopyPlace  *self,
            BwDb               *db,
            GPtrArray          *tables,
            GError            **error)
{
  g_autoptr(BwDb) fresh = bw_db_open_sqlite (":memory:", BW_DB_SCRATCH, error);

  if (fresh == NULL || !(self->is_history ? bw_migrations_run_history (fresh, error)
                                          : bw_migrations_run (fresh, NULL, error)))
    return FALSE;

  for (guint i = 0; i < tables->len; i++)
    {
      const BwTable *table = g_ptr_array_index (tables, i);
      gint64 n_rows = 0;
      gint64 n_fresh = 0;

      if (!bw_copy_count (db, table, &n_rows, error) || !bw_copy_count (fresh, table, &n_fresh, error))
        return FALSE;

      if (n_rows != n_fresh)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT,
                       "it is not empty: the table %s holds rows (%" G_GINT64_FORMAT "); nothing is copied over another"
                       " installation", table->name, n_rows);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
check_version (const BwCopyPlace  *self,
               BwDb               *db,
               GError            **error)
{
  return self->is_history ? bw_migrations_check_history (db, error) : bw_migrations_check (db, error);
}

/* @ret_has_tables: whether they are there already */
static gboolean
check_empty (const BwCopyPlace  *self,
             BwDb               *db,
             gboolean           *ret_has_tables,
             GError            **error)
{
  g_autoptr(GPtrArray) names = bw_db_list_table_names (db, error);
  g_autoptr(GPtrArray) tables = NULL;

  if (names == NULL)
    return FALSE;

  *ret_has_tables = names->len > 0;
  if (names->len == 0)
    return TRUE;

  if (!is_installation (names))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "it is not empty: there is a table %s",
                   (const char *) g_ptr_array_index (names, 0));
      return FALSE;
    }

  if (!check_version (self, db, error))
    return FALSE;

  tables = bw_db_list_tables (db, error);

  return tables != NULL && check_rows (self, db, tables, error);
}

/* An empty file loses nothing when another one takes its name. */
static gboolean
check_place (const BwCopyPlace  *self,
             GError            **error)
{
  g_autoptr(BwDb) db = NULL;
  gboolean has_tables;

  if (!g_file_test (self->address, G_FILE_TEST_EXISTS))
    return TRUE;

  db = bw_db_open_sqlite (self->address, BW_DB_ALONE, error);

  return db != NULL && check_empty (self, db, &has_tables, error);
}

static gboolean
lock_folder (BwCopyPlace  *self,
             GError      **error)
{
  if (self->folder == NULL)
    return TRUE;

  self->made_folder = !g_file_test (self->folder, G_FILE_TEST_EXISTS);
  self->lock_fd = bw_data_lock (self->folder, error);

  return self->lock_fd >= 0;
}

static gboolean
open_file_source (BwCopyPlace  *self,
                  GError      **error)
{
  self->db = bw_db_open (self->address, BW_DB_ALONE, error);

  return self->db != NULL && bw_db_begin (self->db, error);
}

static gboolean
open_source (BwCopyPlace  *self,
             GError      **error)
{
  gboolean is_postgres = bw_db_is_postgres (self->address);
  g_autoptr(GPtrArray) names = NULL;

  if (!is_postgres && !g_file_test (self->address, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no database %s", self->address);
      return FALSE;
    }

  if (!lock_folder (self, error))
    return FALSE;

  if (!open_file_source (self, error) ||
      (is_postgres &&
       !bw_db_run (self->db, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", NULL, error)))
    return FALSE;

  names = bw_db_list_table_names (self->db, error);
  if (names == NULL)
    return FALSE;

  if (!is_installation (names))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no installation of Bellwether in it");
      return FALSE;
    }

  return bw_migrations_check (self->db, error);
}

gboolean
bw_copy_place_open_source (BwCopyPlace  *self,
                           const char   *text,
                           GError      **error)
{
  if (take_text (self, text, error) && open_source (self, error))
    return TRUE;

  g_prefix_error (error, "FROM: ");

  return FALSE;
}

static gboolean
make_scratch (BwCopyPlace  *self,
              GError      **error)
{
  self->scratch_path = g_strconcat (self->address, SCRATCH_SUFFIX, NULL);
  self->is_left = g_file_test (self->scratch_path, G_FILE_TEST_EXISTS) &&
                  !g_file_test (self->address, G_FILE_TEST_EXISTS);
  self->scratch_fd = open (self->scratch_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (self->scratch_fd >= 0 && flock (self->scratch_fd, LOCK_EX | LOCK_NB) == 0 && ftruncate (self->scratch_fd, 0) == 0)
    {
      self->db = bw_db_open_sqlite (self->scratch_path, BW_DB_SCRATCH, error);
      return self->db != NULL;
    }

  g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "%s cannot be made: %s", self->scratch_path,
               errno == EWOULDBLOCK ? "another copy is under way" : g_strerror (errno));
  /* it is not ours to remove */
  g_clear_pointer (&self->scratch_path, g_free);

  return FALSE;
}

/* The tables of this version without a row, in a transaction. */
static gboolean
empty_target (BwCopyPlace  *self,
              GError      **error)
{
  gboolean has_tables = FALSE;
  g_autoptr(GPtrArray) tables = NULL;

  if (!check_empty (self, self->db, &has_tables, error) ||
      (!has_tables && !(self->is_history ? bw_migrations_make_history (self->db, error)
                                         : bw_migrations_make (self->db, error))))
    return FALSE;

  tables = bw_db_list_tables (self->db, error);
  if (tables == NULL)
    return FALSE;

  for (guint i = tables->len; i > 0; i--)
    {
      g_autofree char *sql = g_strdup_printf ("DELETE FROM \"%s\"", ((BwTable *) g_ptr_array_index (tables, i - 1))->name);

      if (!bw_db_run (self->db, sql, NULL, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
open_target (BwCopyPlace  *self,
             GError      **error)
{
  if (!lock_folder (self, error))
    return FALSE;

  if (bw_db_is_postgres (self->address))
    {
      self->db = bw_db_open_postgres (self->address, BW_DB_ALONE, error);
      if (self->db == NULL)
        return FALSE;
    }
  else if (!check_place (self, error) || !make_scratch (self, error))
    {
      return FALSE;
    }

  return bw_db_begin (self->db, error) && empty_target (self, error);
}

static gboolean
is_same (const char *a,
         const char *b)
{
  struct stat of_a;
  struct stat of_b;

  return strcmp (a, b) == 0 ||
         (stat (a, &of_a) == 0 && stat (b, &of_b) == 0 &&
          of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino);
}

gboolean
bw_copy_place_open_target (BwCopyPlace        *self,
                           const char         *text,
                           const BwCopyPlace  *source,
                           GError            **error)
{
  if (take_text (self, text, error))
    {
      if (is_same (self->address, source->address))
        g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "it is the same database as FROM");
      else if (open_target (self, error))
        return TRUE;
    }

  g_prefix_error (error, "TO: ");

  return FALSE;
}

/* The history */

static gboolean
share (BwCopyPlace        *self,
       const BwCopyPlace  *main)
{
  self->db = main->db;
  self->is_shared = TRUE;

  return TRUE;
}

gboolean
bw_copy_place_enter (const BwCopyPlace  *self,
                     GError            **error)
{
  if (!self->db->driver->is_apart)
    return TRUE;

  return bw_db_run (self->db, self->is_history ? "SET LOCAL search_path = " BW_DB_HISTORY_SCHEMA
                                               : "SET LOCAL search_path TO DEFAULT", NULL, error);
}

static gboolean
open_source_history (BwCopyPlace        *self,
                     const BwCopyPlace  *main,
                     GError            **error)
{
  gint64 n = 0;

  if (main->db->driver->is_apart)
    return bw_db_get_scalar (main->db, "SELECT count(*) FROM pg_namespace WHERE nspname = '" BW_DB_HISTORY_SCHEMA "'",
                             NULL, 0, &n, error) &&
           (n == 0 || (share (self, main) && bw_copy_place_enter (self, error) && check_version (self, self->db, error)));

  if (main->folder == NULL)
    return TRUE;

  self->address = g_build_filename (main->folder, HISTORY_FILE_NAME, NULL);

  return !g_file_test (self->address, G_FILE_TEST_EXISTS) ||
         (open_file_source (self, error) && check_version (self, self->db, error));
}

gboolean
bw_copy_place_open_source_history (BwCopyPlace        *self,
                                   const BwCopyPlace  *main,
                                   GError            **error)
{
  self->is_history = TRUE;
  if (open_source_history (self, main, error))
    return TRUE;

  g_prefix_error (error, "FROM: the history: ");

  return FALSE;
}

/* A copy that was killed between the two renames has left a history, and the scratch file of the main database: no
 * other history is there with such a file and without an installation. */
static gboolean
open_target_history (BwCopyPlace        *self,
                     const BwCopyPlace  *main,
                     GError            **error)
{
  if (main->db->driver->is_apart)
    return share (self, main) && bw_db_run (self->db, "CREATE SCHEMA IF NOT EXISTS " BW_DB_HISTORY_SCHEMA, NULL, error) &&
           bw_copy_place_enter (self, error) && empty_target (self, error);

  if (main->folder == NULL)
    return TRUE;

  self->address = g_build_filename (main->folder, HISTORY_FILE_NAME, NULL);
  if (main->is_left)
    g_unlink (self->address);

  return check_place (self, error) && make_scratch (self, error) && bw_db_begin (self->db, error) &&
         empty_target (self, error);
}

gboolean
bw_copy_place_open_target_history (BwCopyPlace        *self,
                                   const BwCopyPlace  *main,
                                   GError            **error)
{
  self->is_history = TRUE;
  if (open_target_history (self, main, error))
    return TRUE;

  g_prefix_error (error, "TO: the history: ");

  return FALSE;
}

/* The end */

gboolean
bw_copy_place_settle (BwCopyPlace  *self,
                      GError      **error)
{
  if (self->scratch_path == NULL)
    return TRUE;

  if (!bw_db_commit (self->db, error))
    return FALSE;

  g_clear_pointer (&self->db, bw_db_close);
  if (fsync (self->scratch_fd) != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "%s cannot be written: %s", self->scratch_path, g_strerror (errno));
      return FALSE;
    }

  self->db = bw_db_open_sqlite (self->scratch_path, BW_DB_READ_ONLY, error);

  return self->db != NULL;
}

static gboolean
move_into_place (BwCopyPlace  *self,
                 GError      **error)
{
  g_autofree char *folder = g_path_get_dirname (self->address);
  int folder_fd;

  g_clear_pointer (&self->db, bw_db_close);
  if (!check_place (self, error))
    return FALSE;

  if (g_rename (self->scratch_path, self->address) != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "%s cannot be written: %s", self->address, g_strerror (errno));
      return FALSE;
    }
  g_clear_pointer (&self->scratch_path, g_free);

  folder_fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder_fd >= 0)
    {
      fsync (folder_fd);
      close (folder_fd);
    }

  return TRUE;
}

gboolean
bw_copy_place_keep (BwCopyPlace  *self,
                    GError      **error)
{
  gboolean ok = self->is_shared ||
                (self->scratch_path != NULL ? move_into_place (self, error) : bw_db_commit (self->db, error));

  if (ok)
    self->made_folder = FALSE;
  else
    g_prefix_error (error, "TO: ");

  return ok;
}

void
bw_copy_place_undo (BwCopyPlace *self)
{
  if (!self->is_shared && self->address != NULL)
    g_unlink (self->address);
}

void
bw_copy_place_clear (BwCopyPlace *self)
{
  /* A server takes back by itself what was not committed. */
  if (!self->is_shared)
    g_clear_pointer (&self->db, bw_db_close);
  self->db = NULL;

  if (self->scratch_path != NULL)
    g_unlink (self->scratch_path);
  g_clear_pointer (&self->scratch_path, g_free);
  if (self->scratch_fd >= 0)
    close (self->scratch_fd);
  self->scratch_fd = -1;

  if (self->lock_fd >= 0 && self->made_folder)
    {
      g_autofree char *lock = g_build_filename (self->folder, "lock", NULL);

      g_unlink (lock);
      g_rmdir (self->folder);
    }
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  self->lock_fd = -1;

  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->folder, g_free);
}
