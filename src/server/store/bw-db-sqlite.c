/* bw-db-sqlite.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-db-sqlite-private.h"

#include <string.h>

#include "bw-error.h"

/* Statements kept prepared, by their text; the least lucky one goes. */
#define MAX_STATEMENTS 96

/* Of each connection, in KiB. */
#define CACHE_KIB 8192

#define BUSY_TIMEOUT_MS 5000

/* Of who wants it alone: who has it open does not close it that soon. */
#define ALONE_TIMEOUT_MS 500

/* A checkpoint copies pages and syncs twice; every 16 MiB of log is seldom
 * enough for a batch of a million and bounds the log's size. */
#define CHECKPOINT_PAGES 4000

typedef struct
{
  BwRows        parent;

  sqlite3_stmt *statement;
} SqliteRows;

void
bw_sqlite_set_error (GError   **error,
                     SqliteDb  *self,
                     int        rc)
{
  switch (rc & 0xff)
    {
    case SQLITE_CONSTRAINT:
      g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "sqlite: %s", sqlite3_errmsg (self->handle));
      break;

    case SQLITE_FULL:
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "there is no space left on the disk of %s", self->path);
      break;

    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "the database %s is locked by another program", self->path);
      break;

    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      self->parent.damaged = TRUE;
      g_set_error (error, BW_ERROR, BW_ERROR_INTERNAL,
                   "the database %s is damaged (%s); put back a copy of it",
                   self->path, sqlite3_errmsg (self->handle));
      break;

    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "the database %s cannot be written (%s)", self->path, sqlite3_errmsg (self->handle));
      break;

    case SQLITE_IOERR:
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "the disk of %s does not work (%s)", self->path, sqlite3_errmsg (self->handle));
      break;

    default:
      g_set_error (error, BW_ERROR, BW_ERROR_INTERNAL, "sqlite: %s", sqlite3_errmsg (self->handle));
      break;
    }
}

static int
bind_one (sqlite3_stmt *statement,
          int           index,
          GVariant     *arg)
{
  switch (g_variant_classify (arg))
    {
    case G_VARIANT_CLASS_MAYBE:
      {
        g_autoptr(GVariant) inner = g_variant_get_maybe (arg);

        return inner != NULL ? bind_one (statement, index, inner)
                             : sqlite3_bind_null (statement, index);
      }

    case G_VARIANT_CLASS_STRING:
      return sqlite3_bind_text (statement, index, g_variant_get_string (arg, NULL), -1, SQLITE_TRANSIENT);

    case G_VARIANT_CLASS_INT64:
      return sqlite3_bind_int64 (statement, index, g_variant_get_int64 (arg));

    case G_VARIANT_CLASS_INT32:
      return sqlite3_bind_int64 (statement, index, g_variant_get_int32 (arg));

    case G_VARIANT_CLASS_UINT32:
      return sqlite3_bind_int64 (statement, index, g_variant_get_uint32 (arg));

    case G_VARIANT_CLASS_BOOLEAN:
      return sqlite3_bind_int64 (statement, index, g_variant_get_boolean (arg));

    case G_VARIANT_CLASS_DOUBLE:
      return sqlite3_bind_double (statement, index, g_variant_get_double (arg));

    case G_VARIANT_CLASS_ARRAY:
      {
        gsize length = 0;
        const void *data = g_variant_get_fixed_array (arg, &length, 1);

        return sqlite3_bind_blob (statement, index, length > 0 ? data : "", (int) length, SQLITE_TRANSIENT);
      }

    case G_VARIANT_CLASS_BYTE:
    case G_VARIANT_CLASS_INT16:
    case G_VARIANT_CLASS_UINT16:
    case G_VARIANT_CLASS_UINT64:
    case G_VARIANT_CLASS_HANDLE:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
    case G_VARIANT_CLASS_VARIANT:
    case G_VARIANT_CLASS_TUPLE:
    case G_VARIANT_CLASS_DICT_ENTRY:
    default:
      g_return_val_if_reached (SQLITE_MISUSE);
    }
}

/* By name, since $2 may well stand before $1. A statement may do without one. */
static int
find_parameter (sqlite3_stmt *statement,
                guint         number)
{
  char name[16];

  g_snprintf (name, sizeof name, "$%u", number);

  return sqlite3_bind_parameter_index (statement, name);
}

/* Takes the statement out of the cache while it is in use, so that a query
 * within the same query gets one of its own. */
static sqlite3_stmt *
take_statement (SqliteDb    *self,
                const char  *sql,
                GError     **error)
{
  sqlite3_stmt *statement = NULL;
  g_autofree char *key = NULL;
  int rc;

  if (g_hash_table_steal_extended (self->statements, sql, (gpointer *) &key, (gpointer *) &statement))
    return statement;

  rc = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (rc != SQLITE_OK)
    {
      bw_sqlite_set_error (error, self, rc);
      return NULL;
    }

  return statement;
}

static void
put_statement (SqliteDb     *self,
               sqlite3_stmt *statement)
{
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);

  if (g_hash_table_size (self->statements) >= MAX_STATEMENTS)
    {
      GHashTableIter iter;

      g_hash_table_iter_init (&iter, self->statements);
      if (g_hash_table_iter_next (&iter, NULL, NULL))
        g_hash_table_iter_remove (&iter);
    }

  g_hash_table_replace (self->statements, g_strdup (sqlite3_sql (statement)), statement);
}

static BwRows *
sqlite_query (BwDb        *db,
              const char  *sql,
              GVariant    *args,
              GError     **error)
{
  SqliteDb *self = (SqliteDb *) db;
  gsize n_args = args != NULL ? g_variant_n_children (args) : 0;
  sqlite3_stmt *statement = take_statement (self, sql, error);
  SqliteRows *rows;

  if (statement == NULL)
    return NULL;

  for (gsize i = 0; i < n_args; i++)
    {
      g_autoptr(GVariant) arg = g_variant_get_child_value (args, i);
      int index = find_parameter (statement, (guint) i + 1);
      int rc = index > 0 ? bind_one (statement, index, arg) : SQLITE_RANGE;

      if (rc != SQLITE_OK)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INTERNAL, "sqlite: no parameter $%u (%s)",
                       (guint) i + 1, sqlite3_errstr (rc));
          put_statement (self, statement);
          return NULL;
        }
    }

  rows = g_new0 (SqliteRows, 1);
  rows->parent.db = db;
  rows->statement = statement;

  return &rows->parent;
}

static gboolean
sqlite_next (BwRows  *rows,
             GError **error)
{
  SqliteRows *self = (SqliteRows *) rows;
  int rc = sqlite3_step (self->statement);

  if (rc == SQLITE_ROW)
    return TRUE;

  if (rc != SQLITE_DONE)
    bw_sqlite_set_error (error, (SqliteDb *) rows->db, rc);

  return FALSE;
}

static const char *
sqlite_get_text (BwRows *rows,
                 guint   column)
{
  return (const char *) sqlite3_column_text (((SqliteRows *) rows)->statement, (int) column);
}

static gint64
sqlite_get_int (BwRows *rows,
                guint   column)
{
  return sqlite3_column_int64 (((SqliteRows *) rows)->statement, (int) column);
}

static double
sqlite_get_double (BwRows *rows,
                   guint   column)
{
  return sqlite3_column_double (((SqliteRows *) rows)->statement, (int) column);
}

static const guint8 *
sqlite_get_blob (BwRows *rows,
                 guint   column,
                 gsize  *ret_length)
{
  sqlite3_stmt *statement = ((SqliteRows *) rows)->statement;
  const guint8 *data = sqlite3_column_blob (statement, (int) column);

  *ret_length = (gsize) sqlite3_column_bytes (statement, (int) column);

  return data;
}

static gboolean
sqlite_is_null (BwRows *rows,
                guint   column)
{
  return sqlite3_column_type (((SqliteRows *) rows)->statement, (int) column) == SQLITE_NULL;
}

static void
sqlite_end (BwRows *rows)
{
  SqliteRows *self = (SqliteRows *) rows;

  put_statement ((SqliteDb *) rows->db, self->statement);
  g_free (self);
}

static gint64
sqlite_n_changed (BwDb *db)
{
  return sqlite3_changes64 (((SqliteDb *) db)->handle);
}

int
bw_sqlite_bind_cell (sqlite3_stmt *statement,
                     int           index,
                     const BwCell *cell)
{
  switch (cell->type)
    {
    case BW_CELL_INT:
      return sqlite3_bind_int64 (statement, index, cell->integer);

    case BW_CELL_DOUBLE:
      return sqlite3_bind_double (statement, index, cell->real);

    case BW_CELL_TEXT:
      return sqlite3_bind_text (statement, index, cell->data, (int) cell->length, SQLITE_STATIC);

    case BW_CELL_BLOB:
      /* what has no bytes may come without a place for them, which is not nothing */
      return sqlite3_bind_blob (statement, index, cell->length > 0 ? cell->data : (const void *) "", (int) cell->length, SQLITE_STATIC);

    case BW_CELL_NULL:
    default:
      return sqlite3_bind_null (statement, index);
    }
}

static gboolean
sqlite_run_many (BwDb        *db,
                 const char  *sql,
                 guint        n_cells,
                 guint        n_rows,
                 BwCellFunc   func,
                 gpointer     user_data,
                 gint64      *ret_n_changed,
                 GError     **error)
{
  SqliteDb *self = (SqliteDb *) db;
  sqlite3_stmt *statement = take_statement (self, sql, error);
  gint64 before = sqlite3_total_changes64 (self->handle);
  BwCell cells[BW_DB_MAX_CELLS] = { 0, };
  int indices[BW_DB_MAX_CELLS];
  int rc = SQLITE_DONE;

  if (statement == NULL)
    return FALSE;

  for (guint i = 0; i < n_cells; i++)
    indices[i] = find_parameter (statement, i + 1);

  for (guint row = 0; row < n_rows && rc == SQLITE_DONE; row++)
    {
      func (cells, row, user_data);

      rc = SQLITE_OK;
      for (guint i = 0; i < n_cells && rc == SQLITE_OK; i++)
        rc = bw_sqlite_bind_cell (statement, indices[i], &cells[i]);

      if (rc == SQLITE_OK)
        rc = sqlite3_step (statement);
      if (rc != SQLITE_DONE)
        bw_sqlite_set_error (error, self, rc);

      sqlite3_reset (statement);
    }

  put_statement (self, statement);

  if (ret_n_changed != NULL)
    *ret_n_changed = sqlite3_total_changes64 (self->handle) - before;

  return rc == SQLITE_DONE;
}

static gboolean
sqlite_run_script (BwDb        *db,
                   const char  *sql,
                   GError     **error)
{
  SqliteDb *self = (SqliteDb *) db;
  int rc = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);

  if (rc != SQLITE_OK)
    bw_sqlite_set_error (error, self, rc);

  return rc == SQLITE_OK;
}

/* Not durable: a commit reaches the file but is not synced. Nothing tears, a
 * power cut may lose it; the next durable commit syncs all before it. */
static gboolean
sqlite_set_durable (BwDb     *db,
                    gboolean  durable)
{
  SqliteDb *self = (SqliteDb *) db;

  return sqlite3_exec (self->handle,
                       durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
                       NULL, NULL, NULL) == SQLITE_OK;
}

/* Moves the whole log into the file and empties it, so that what was erased
 * with secure_delete is in neither. */
static gboolean
sqlite_checkpoint (BwDb    *db,
                   GError **error)
{
  SqliteDb *self = (SqliteDb *) db;
  int rc = sqlite3_wal_checkpoint_v2 (self->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

  if (rc != SQLITE_OK)
    bw_sqlite_set_error (error, self, rc);

  return rc == SQLITE_OK;
}

static gboolean
sqlite_copy_to (BwDb        *db,
                const char  *path,
                GError     **error)
{
  return bw_db_run (db, "VACUUM INTO $1", g_variant_new ("(s)", path), error);
}

static void
sqlite_close (BwDb *db)
{
  SqliteDb *self = (SqliteDb *) db;

  g_clear_pointer (&self->statements, g_hash_table_unref);
  sqlite3_close (self->handle);
  g_free (self->path);
  g_free (self);
}

static const BwDbDriver driver = {
  .name = "sqlite",
  .blob_type = "BLOB",
  .text_type = "TEXT",
  /* An id is never given twice: sessions and the audit log go on naming what is gone. */
  .serial_type = "INTEGER PRIMARY KEY AUTOINCREMENT",
  .without_rowid = "WITHOUT ROWID",
  .functions = "",            /* of each connection */
  .begin = "BEGIN IMMEDIATE",
  .concat = "group_concat",
  .like = "LIKE",
  .position = "instr",
  .texts = { "json_each(", ")" },
  .takes_hints = TRUE,
  .query = sqlite_query,
  .next = sqlite_next,
  .get_text = sqlite_get_text,
  .get_int = sqlite_get_int,
  .get_double = sqlite_get_double,
  .get_blob = sqlite_get_blob,
  .is_null = sqlite_is_null,
  .end = sqlite_end,
  .n_changed = sqlite_n_changed,
  .run_many = sqlite_run_many,
  .run_script = sqlite_run_script,
  .set_durable = sqlite_set_durable,
  .checkpoint = sqlite_checkpoint,
  .copy_to = sqlite_copy_to,
  .close = sqlite_close,
  .bulk = &bw_sqlite_bulk,
};

/* bw_lower(): SQLite's own leaves all but ASCII as it is; people's names are not. */
static void
lower_cb (sqlite3_context *context,
          int              n_values,
          sqlite3_value  **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);
  int length = sqlite3_value_bytes (values[0]);
  gboolean is_lower = TRUE;

  if (text == NULL)
    return;

  for (int i = 0; is_lower && i < length; i++)
    is_lower = (guchar) text[i] < 0x80 && !g_ascii_isupper (text[i]);

  if (is_lower)
    sqlite3_result_text (context, text, length, SQLITE_TRANSIENT);
  else if (g_str_is_ascii (text))
    sqlite3_result_text (context, g_ascii_strdown (text, length), length, g_free);
  else
    sqlite3_result_text (context, g_utf8_strdown (text, length), -1, g_free);
}

/* SQLite counts its memory under a lock, at every allocation; nobody asks for the count. */
static gpointer
configure_once (gpointer data)
{
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);

  return NULL;
}

/* Time-out of a lock first, by the caller: switching to WAL may itself find the file locked. */
static char *
make_setup (BwDbMode mode)
{
  const char *text = "";

  switch (mode)
    {
    case BW_DB_READ_WRITE:
      /* secure_delete: the secret of a batch must leave no trace when it is erased. */
      text = "PRAGMA journal_mode = WAL;"
             "PRAGMA synchronous = FULL;"
             "PRAGMA foreign_keys = ON;"
             "PRAGMA secure_delete = ON;";
      break;

    case BW_DB_ALONE:
      /* Whoever has a WAL database open holds the file shared all the time. */
      text = "PRAGMA locking_mode = EXCLUSIVE;"
             "PRAGMA foreign_keys = ON;";
      break;

    case BW_DB_SCRATCH:
      text = "PRAGMA locking_mode = EXCLUSIVE;"
             "PRAGMA journal_mode = MEMORY;"
             "PRAGMA synchronous = OFF;"
             "PRAGMA foreign_keys = ON;";
      break;

    case BW_DB_HISTORY:
      text = "PRAGMA journal_mode = WAL;"
             "PRAGMA synchronous = FULL;";
      break;

    case BW_DB_READ_ONLY:
    case BW_DB_HISTORY_READ_ONLY:
    default:
      text = "PRAGMA query_only = ON;";
      break;
    }

  return g_strdup_printf ("PRAGMA cache_size = -%d;"
                          "%s"
                          "SELECT count(*) FROM sqlite_schema;",
                          CACHE_KIB, text);
}

static int
find_flags (BwDbMode mode)
{
  switch (mode)
    {
    case BW_DB_READ_ONLY:
    case BW_DB_HISTORY_READ_ONLY:
      return SQLITE_OPEN_READONLY;

    case BW_DB_ALONE:
      return SQLITE_OPEN_READWRITE;

    case BW_DB_READ_WRITE:
    case BW_DB_SCRATCH:
    case BW_DB_HISTORY:
    default:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    }
}

/**
 * bw_db_open_sqlite:
 *
 * Opens a SQLite file, or makes it; the connection belongs to one thread at a time.
 *
 * Returns: (transfer full) (nullable): NULL with a sentence about the file
 */
BwDb *
bw_db_open_sqlite (const char  *path,
                   BwDbMode     mode,
                   GError     **error)
{
  static GOnce once = G_ONCE_INIT;
  g_autofree char *setup = make_setup (mode);
  SqliteDb *self;
  int rc;

  g_return_val_if_fail (path != NULL, NULL);

  g_once (&once, configure_once, NULL);

  self = g_new0 (SqliteDb, 1);
  self->parent.driver = &driver;
  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) sqlite3_finalize);

  rc = sqlite3_open_v2 (path, &self->handle, find_flags (mode) | SQLITE_OPEN_NOMUTEX, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_busy_timeout (self->handle, mode == BW_DB_ALONE ? ALONE_TIMEOUT_MS : BUSY_TIMEOUT_MS);
  if (rc == SQLITE_OK)
    rc = sqlite3_create_function (self->handle, "bw_lower", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                  NULL, lower_cb, NULL, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_exec (self->handle, setup, NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    sqlite3_wal_autocheckpoint (self->handle, CHECKPOINT_PAGES);

  if (rc != SQLITE_OK)
    {
      bw_sqlite_set_error (error, self, rc);
      sqlite_close (&self->parent);
      return NULL;
    }

  return &self->parent;
}
