/* bw-broker-db.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-broker-db.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bw-broker-dirty.h"
#include "bw-device.h"
#include "bw-error.h"
#include "bw-permission.h"

/* Changes the plugin may still have to read; it looks ten times a second. */
#define MAX_CHANGES 100000

#define SCHEMA_VERSION 2

#define FILE_MODE 0640

/* What the broker may know of us: hashes, states and reaches, never a secret.
 * Written on the store thread, always after the main database has committed;
 * what is still owed stands in broker_dirty there. */
struct _BwBrokerDb
{
  BwDb *db;
};

static const char *const schema =
  "CREATE TABLE IF NOT EXISTS device (id TEXT PRIMARY KEY, key_hash BLOB NOT NULL,"
  " state INTEGER NOT NULL, company_id INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE IF NOT EXISTS old_key (id TEXT PRIMARY KEY, key_hash BLOB NOT NULL,"
  " ends_at_us INTEGER NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE IF NOT EXISTS session (id TEXT PRIMARY KEY, token_hash BLOB NOT NULL,"
  " company_id INTEGER NOT NULL, expires_at_us INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE IF NOT EXISTS service (id TEXT PRIMARY KEY, token_hash BLOB NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE IF NOT EXISTS reach (company_id INTEGER NOT NULL, member_id INTEGER NOT NULL,"
  " PRIMARY KEY (company_id, member_id)) WITHOUT ROWID;"
  "CREATE TABLE IF NOT EXISTS change (seq INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL);"
  "CREATE TABLE IF NOT EXISTS audit_head (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL);"
  "CREATE TABLE IF NOT EXISTS built (version INTEGER PRIMARY KEY);";

static gboolean
add_change (BwBrokerDb  *self,
            const char  *username,
            GError     **error)
{
  return bw_db_run (self->db, "INSERT INTO change (username) VALUES ($1)",
                    g_variant_new ("(s)", username), error);
}

static GVariant *
bytes_variant (const guint8 *data,
               gsize         length)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, length, 1);
}

/* @row: id, key_hash, status, company_id of the main database */
static gboolean
put_device (BwBrokerDb  *self,
            BwRows      *row,
            GError     **error)
{
  const char *id = bw_rows_get_text (row, 0);
  gsize length = 0;
  const guint8 *hash = bw_rows_get_blob (row, 1, &length);

  if (!bw_db_run (self->db,
                  "INSERT INTO device (id, key_hash, state, company_id) VALUES ($1, $2, $3, $4)"
                  " ON CONFLICT (id) DO UPDATE SET key_hash = excluded.key_hash, state = excluded.state,"
                  " company_id = excluded.company_id WHERE key_hash <> excluded.key_hash"
                  " OR state <> excluded.state OR company_id <> excluded.company_id",
                  g_variant_new ("(s@ayxx)", id, bytes_variant (hash, length),
                                 (gint64) bw_broker_dirty_get_state ((BwStatus) bw_rows_get_int (row, 2)),
                                 bw_rows_get_int (row, 3)),
                  error))
    return FALSE;

  return bw_db_get_n_changed (self->db) == 0 || add_change (self, id, error);
}

#define SELECT_OLD_KEY "SELECT device_id, old_hash, old_ends_us, number FROM device_key WHERE old_ends_us <> 0"

/* @row: of SELECT_OLD_KEY */
static gboolean
put_old_key (BwBrokerDb  *self,
             BwRows      *row,
             GError     **error)
{
  gsize length = 0;
  const guint8 *hash = bw_rows_get_blob (row, 1, &length);

  return bw_db_run (self->db,
                    "INSERT INTO old_key (id, key_hash, ends_at_us, number) VALUES ($1, $2, $3, $4)",
                    g_variant_new ("(s@ayxx)", bw_rows_get_text (row, 0), bytes_variant (hash, length),
                                   bw_rows_get_int (row, 2), bw_rows_get_int (row, 3)),
                    error);
}

/* Who came with a key that is none any more is looked at again. */
static gboolean
flush_old_key (BwBrokerDb  *self,
               BwDb        *main_db,
               const char  *id,
               GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) row = bw_db_query (main_db, SELECT_OLD_KEY " AND device_id = $1", g_variant_new ("(s)", id), error);
  gboolean had_one;

  if (row == NULL || !bw_db_run (self->db, "DELETE FROM old_key WHERE id = $1", g_variant_new ("(s)", id), error))
    return FALSE;

  had_one = bw_db_get_n_changed (self->db) > 0;
  if (bw_rows_next (row, &local_error))
    return put_old_key (self, row, error) && add_change (self, id, error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return !had_one || add_change (self, id, error);
}

static gboolean
flush_gone_device (BwBrokerDb  *self,
                   const char  *id,
                   GError     **error)
{
  return bw_db_run (self->db, "DELETE FROM device WHERE id = $1", g_variant_new ("(s)", id), error) &&
         bw_db_run (self->db, "DELETE FROM old_key WHERE id = $1", g_variant_new ("(s)", id), error) &&
         add_change (self, id, error);
}

/* A session follows what it may see: nothing without the right to view devices, while its
 * participation is not in force, or while its user is suspended. Company 0 has no reach.
 * $1: the permission, $2: now; the participation's end is one of the session's ends. */
#define SELECT_SESSION \
  "SELECT session.id, session.token_hash," \
  " CASE WHEN participation.from_us <= $2 AND account.suspended = 0 AND (role.permissions & $1) <> 0" \
  " THEN participation.company_id ELSE 0 END," \
  " CASE WHEN participation.until_us < session.expires_at_us THEN participation.until_us" \
  " ELSE session.expires_at_us END" \
  " FROM session JOIN account ON account.id = session.account_id" \
  " LEFT JOIN participation ON participation.id = session.participation_id" \
  " LEFT JOIN role ON role.id = participation.role_id"

static gboolean
put_session (BwBrokerDb  *self,
             BwRows      *row,
             GError     **error)
{
  gsize length = 0;
  const guint8 *hash = bw_rows_get_blob (row, 1, &length);

  return bw_db_run (self->db,
                    "INSERT INTO session (id, token_hash, company_id, expires_at_us) VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash,"
                    " company_id = excluded.company_id, expires_at_us = excluded.expires_at_us",
                    g_variant_new ("(s@ayxx)", bw_rows_get_text (row, 0), bytes_variant (hash, length),
                                   bw_rows_get_int (row, 2), bw_rows_get_int (row, 3)),
                    error);
}

static gboolean
flush_session (BwBrokerDb  *self,
               BwDb        *main_db,
               const char  *id,
               GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) row =
    bw_db_query (main_db, SELECT_SESSION " WHERE session.id = $3",
                 g_variant_new ("(xxs)", (gint64) BW_PERMISSION_VIEW_DEVICES, g_get_real_time (), id), error);

  if (row == NULL)
    return FALSE;

  if (bw_rows_next (row, &local_error))
    return put_session (self, row, error) && add_change (self, id, error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return bw_db_run (self->db, "DELETE FROM session WHERE id = $1", g_variant_new ("(s)", id), error) &&
         add_change (self, id, error);
}

typedef gboolean (*PutFunc) (BwBrokerDb  *self,
                             BwRows      *row,
                             GError     **error);

static gboolean
put_reach (BwBrokerDb  *self,
           BwRows      *row,
           GError     **error)
{
  return bw_db_run (self->db, "INSERT INTO reach (company_id, member_id) VALUES ($1, $2)",
                    g_variant_new ("(xx)", bw_rows_get_int (row, 0), bw_rows_get_int (row, 1)), error);
}

static gboolean
put_all (BwBrokerDb  *self,
         BwDb        *main_db,
         const char  *sql,
         GVariant    *args,
         PutFunc      put,
         GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (main_db, sql, args, error);

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      if (!put (self, rows, error))
        return FALSE;
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

/* The few rows of people, always written anew. Whose reach is another now is not worked out: who
 * is connected is looked at again, and stays when nothing has changed for him. */
static gboolean
put_people (BwBrokerDb  *self,
            BwDb        *main_db,
            GError     **error)
{
  return bw_db_run (self->db, "DELETE FROM reach", NULL, error) &&
         put_all (self, main_db,
                  "WITH RECURSIVE below (company_id, member_id) AS"
                  " (SELECT id, id FROM company UNION"
                  "  SELECT below.company_id, company.id FROM below"
                  "  JOIN company ON company.parent_id = below.member_id)"
                  " SELECT company_id, member_id FROM below",
                  NULL, put_reach, error) &&
         bw_db_run (self->db, "DELETE FROM session", NULL, error) &&
         put_all (self, main_db, SELECT_SESSION,
                  g_variant_new ("(xx)", (gint64) BW_PERMISSION_VIEW_DEVICES, g_get_real_time ()),
                  put_session, error);
}

static gboolean
flush_one (BwBrokerDb  *self,
           BwDb        *main_db,
           const char  *kind,
           const char  *id,
           GError     **error)
{
  if (strcmp (kind, "device") == 0)
    return flush_gone_device (self, id, error);

  if (strcmp (kind, "session") == 0)
    return flush_session (self, main_db, id, error);

  return put_people (self, main_db, error);
}

/* Of those devices whose key was ever changed, which are few. */
static gboolean
flush_old_keys (BwBrokerDb  *self,
                BwDb        *main_db,
                GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (main_db, "SELECT device_key.device_id FROM broker_dirty JOIN device_key"
                 " ON device_key.device_id = broker_dirty.id WHERE broker_dirty.kind = 'device'", NULL, error);

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      if (!flush_old_key (self, main_db, bw_rows_get_text (rows, 0), error))
        return FALSE;
    }

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
flush_rows (BwBrokerDb  *self,
            BwDb        *main_db,
            GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;

  if (!bw_broker_dirty_flush (self->db, main_db, error) ||
      !flush_old_keys (self, main_db, error))
    return FALSE;

  rows = bw_db_query (main_db, "SELECT kind, id FROM broker_dirty WHERE kind <> 'device'"
                      " OR NOT EXISTS (SELECT 1 FROM device WHERE device.id = broker_dirty.id)", NULL, error);
  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      if (!flush_one (self, main_db, bw_rows_get_text (rows, 0), bw_rows_get_text (rows, 1), error))
        return FALSE;
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return bw_db_run (self->db,
                    "DELETE FROM change WHERE seq <= (SELECT max(seq) FROM change) - $1",
                    g_variant_new ("(x)", (gint64) MAX_CHANGES), error);
}

gboolean
bw_broker_db_flush (BwBrokerDb  *self,
                    BwDb        *main_db,
                    GError     **error)
{
  gboolean emptied;

  if (!bw_db_begin (self->db, error))
    return FALSE;

  if (!flush_rows (self, main_db, error) || !bw_db_commit (self->db, error))
    {
      bw_db_rollback (self->db);
      return FALSE;
    }

  /* If this is lost the same rows are told once more, which does no harm. */
  main_db->driver->set_durable (main_db, FALSE);
  emptied = bw_db_run (main_db, "DELETE FROM broker_dirty", NULL, error);
  main_db->driver->set_durable (main_db, TRUE);

  return emptied;
}

gboolean
bw_broker_db_begin (BwBrokerDb  *self,
                    GError     **error)
{
  return bw_db_begin (self->db, error);
}

gboolean
bw_broker_db_commit (BwBrokerDb  *self,
                     GError     **error)
{
  return bw_db_commit (self->db, error);
}

void
bw_broker_db_rollback (BwBrokerDb *self)
{
  bw_db_rollback (self->db);
}

typedef struct
{
  const BwBrokerDevice *devices;
  gint64                company_id;
} Slice;

static void
fill_device (BwCell   *cells,
             guint     row,
             gpointer  user_data)
{
  const Slice *slice = user_data;
  const BwBrokerDevice *device = &slice->devices[row];

  cells[0] = (BwCell) { .type = BW_CELL_TEXT, .data = device->id, .length = BW_DEVICE_ID_LENGTH };
  cells[1] = (BwCell) { .type = BW_CELL_BLOB, .data = device->key_hash, .length = sizeof device->key_hash };
  cells[2] = (BwCell) { .type = BW_CELL_INT, .integer = slice->company_id };
}

gboolean
bw_broker_db_add_devices (BwBrokerDb            *self,
                          const BwBrokerDevice  *devices,
                          guint                  n_devices,
                          gint64                 company_id,
                          GError               **error)
{
  Slice slice = { devices, company_id };

  self->db->driver->set_durable (self->db, FALSE);

  if (bw_db_begin (self->db, error))
    {
      if (bw_db_run_many (self->db,
                          "INSERT INTO device (id, key_hash, state, company_id) VALUES ($1, $2, 0, $3)"
                          " ON CONFLICT (id) DO UPDATE SET key_hash = excluded.key_hash,"
                          " state = 0, company_id = excluded.company_id",
                          3, n_devices, fill_device, &slice, NULL, error) &&
          bw_db_commit (self->db, error))
        {
          self->db->driver->set_durable (self->db, TRUE);
          return TRUE;
        }

      bw_db_rollback (self->db);
    }

  self->db->driver->set_durable (self->db, TRUE);

  return FALSE;
}

gboolean
bw_broker_db_sync (BwBrokerDb  *self,
                   GError     **error)
{
  /* any durable commit syncs the log whole; this one changes a row of its own */
  return bw_db_run (self->db, "INSERT INTO built (version) VALUES ($1)"
                    " ON CONFLICT (version) DO UPDATE SET version = excluded.version",
                    g_variant_new ("(x)", (gint64) SCHEMA_VERSION), error);
}

gboolean
bw_broker_db_remove_device (BwBrokerDb  *self,
                            const char  *id,
                            GError     **error)
{
  return bw_db_run (self->db, "DELETE FROM device WHERE id = $1", g_variant_new ("(s)", id), error);
}

gboolean
bw_broker_db_put_service (BwBrokerDb  *self,
                          const char  *prefix,
                          const char  *id,
                          const char  *secret,
                          GError     **error)
{
  guint8 hash[BW_SECRET_HASH_BYTES];

  crypto_generichash (hash, sizeof hash, (const guint8 *) secret, strlen (secret), NULL, 0);

  if (!bw_db_begin (self->db, error))
    return FALSE;

  if (bw_db_run (self->db, "DELETE FROM service WHERE substr(id, 1, length($1)) = $1 AND id <> $2",
                 g_variant_new ("(ss)", prefix, id), error) &&
      bw_db_run (self->db,
                 "INSERT INTO service (id, token_hash) VALUES ($1, $2)"
                 " ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash",
                 g_variant_new ("(s@ay)", id, bytes_variant (hash, sizeof hash)), error) &&
      add_change (self, id, error) &&
      bw_db_commit (self->db, error))
    return TRUE;

  bw_db_rollback (self->db);

  return FALSE;
}

gboolean
bw_audit_head_read (BwDb         *db,
                    const char   *sql,
                    GVariant     *args,
                    BwAuditHead  *ret_head,
                    GError      **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);
  const guint8 *hash;
  gsize length = 0;

  memset (ret_head, 0, sizeof *ret_head);
  if (rows == NULL)
    return FALSE;

  if (bw_rows_next (rows, &local_error))
    {
      ret_head->seq = bw_rows_get_int (rows, 0);
      hash = bw_rows_get_blob (rows, 1, &length);
      if (hash != NULL && length == sizeof ret_head->hash)
        memcpy (ret_head->hash, hash, length);
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_broker_db_get_audit_head (BwBrokerDb   *self,
                             BwAuditHead  *ret_head,
                             GError      **error)
{
  return bw_audit_head_read (self->db, "SELECT seq, hash FROM audit_head WHERE id = 1", NULL, ret_head, error);
}

gboolean
bw_broker_db_put_audit_head (BwBrokerDb         *self,
                             BwDb               *main_db,
                             const BwAuditHead  *head,
                             GError            **error)
{
  BwAuditHead kept;
  BwAuditHead written;
  gboolean ok;

  if (!bw_broker_db_get_audit_head (self, &kept, error))
    return FALSE;

  if (kept.seq != 0)
    {
      if (!bw_audit_head_read (main_db, "SELECT seq, hash FROM audit WHERE seq = $1", g_variant_new ("(x)", kept.seq),
                               &written, error))
        return FALSE;

      if (written.seq != kept.seq || memcmp (written.hash, kept.hash, sizeof kept.hash) != 0)
        return TRUE;
    }

  self->db->driver->set_durable (self->db, FALSE);
  ok = bw_db_run (self->db,
                  "INSERT INTO audit_head (id, seq, hash) VALUES (1, $1, $2)"
                  " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
                  g_variant_new ("(x@ay)", head->seq, bytes_variant (head->hash, sizeof head->hash)), error);
  self->db->driver->set_durable (self->db, TRUE);

  return ok;
}

static gboolean
is_whole (BwBrokerDb  *self,
          BwDb        *main_db,
          gboolean    *ret_whole,
          GError     **error)
{
  gint64 version = 0;
  gint64 n_here = 0;
  gint64 n_there = 0;
  g_autoptr(GError) damage = NULL;

  if (!bw_db_get_scalar (main_db, "SELECT CAST(sum(count - n_deleted) AS BIGINT) FROM batch WHERE state = 1", NULL, 0,
                         &n_there, error))
    return FALSE;

  *ret_whole = bw_db_get_scalar (self->db, "SELECT max(version) FROM built", NULL, 0, &version, &damage) &&
               bw_db_get_scalar (self->db, "SELECT count(*) FROM device", NULL, 0, &n_here, &damage) &&
               version == SCHEMA_VERSION && n_here == n_there;

  return TRUE;
}

static gboolean
rebuild (BwBrokerDb  *self,
         BwDb        *main_db,
         gboolean     whole,
         GError     **error)
{
  if (!bw_db_begin (self->db, error))
    return FALSE;

  /* The few that are not new are looked at each time: the main database may be an older copy put back. */
  if ((whole || bw_db_run (self->db, "DELETE FROM device", NULL, error)) &&
      put_all (self, main_db,
               whole ? "SELECT id, key_hash, status, company_id FROM device WHERE status <> 0"
                     : "SELECT id, key_hash, status, company_id FROM device"
                       " WHERE batch_id IN (SELECT id FROM batch WHERE state = 1)",
               NULL, put_device, error) &&
      bw_db_run (self->db, "DELETE FROM old_key", NULL, error) &&
      put_all (self, main_db, SELECT_OLD_KEY, NULL, put_old_key, error) &&
      put_people (self, main_db, error) &&
      bw_broker_db_sync (self, error) &&
      bw_db_commit (self->db, error))
    return TRUE;

  bw_db_rollback (self->db);

  return FALSE;
}

/* The broker runs as another user, a member of our group; SQLite gives the log
 * the rights that the file has. */
static void
let_group_read (const char *path)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);

  if (fd < 0)
    return;

  if (fchmod (fd, FILE_MODE) != 0)
    g_debug ("The group may not read %s: %s, ignoring", path, g_strerror (errno));
  close (fd);
}

static BwBrokerDb *
open_file (const char  *path,
           GError     **error)
{
  BwBrokerDb *self;
  BwDb *db;

  let_group_read (path);
  db = bw_db_open_sqlite (path, BW_DB_READ_WRITE, error);
  if (db == NULL)
    return NULL;

  if (!db->driver->run_script (db, schema, error))
    {
      bw_db_close (db);
      return NULL;
    }

  self = g_new0 (BwBrokerDb, 1);
  self->db = db;

  return self;
}

static void
remove_files (const char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
}

/* Batches whose making was cut short are taken back at start: here first, by
 * the ids that the main database still has. */
static gboolean
forget_unfinished (BwBrokerDb  *self,
                   BwDb        *main_db,
                   GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = NULL;

  rows = bw_db_query (main_db,
                      "SELECT id FROM device WHERE batch_id IN (SELECT id FROM batch WHERE state = 0)",
                      NULL, error);
  if (rows == NULL || !bw_db_begin (self->db, error))
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    {
      if (!bw_broker_db_remove_device (self, bw_rows_get_text (rows, 0), &local_error))
        break;
    }

  if (local_error == NULL && bw_db_commit (self->db, &local_error))
    return TRUE;

  bw_db_rollback (self->db);
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static BwBrokerDb *
open_and_fill (const char  *path,
               BwDb        *main_db,
               GError     **error)
{
  BwBrokerDb *self = open_file (path, error);
  gboolean whole = FALSE;

  if (self == NULL)
    return NULL;

  if (forget_unfinished (self, main_db, error) &&
      is_whole (self, main_db, &whole, error) &&
      rebuild (self, main_db, whole, error) &&
      bw_broker_db_flush (self, main_db, error))
    return self;

  bw_broker_db_close (self);

  return NULL;
}

BwBrokerDb *
bw_broker_db_open (const char  *path,
                   BwDb        *main_db,
                   GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  BwBrokerDb *self = open_and_fill (path, main_db, &local_error);

  /* Nothing is lost with it: what is damaged is thrown away. */
  if (self == NULL && g_error_matches (local_error, BW_ERROR, BW_ERROR_INTERNAL))
    {
      g_debug ("%s, making it anew", local_error->message);
      g_clear_error (&local_error);
      remove_files (path);
      self = open_and_fill (path, main_db, &local_error);
    }

  if (self == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return self;
}

void
bw_broker_db_close (BwBrokerDb *self)
{
  bw_db_close (self->db);
  g_free (self);
}
