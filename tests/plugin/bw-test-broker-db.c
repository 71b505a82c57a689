/* bw-test-broker-db.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-test-broker-db.h"

#include <string.h>

#include <sodium.h>

#include "bw-device-id.h"

/* word for word as in src/DESIGN.md */
static const char schema[] =
  "PRAGMA journal_mode = WAL;"
  "CREATE TABLE device  (id TEXT PRIMARY KEY, key_hash BLOB NOT NULL, state INTEGER NOT NULL, company_id INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE old_key (id TEXT PRIMARY KEY, key_hash BLOB NOT NULL, ends_at_us INTEGER NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE session (id TEXT PRIMARY KEY, token_hash BLOB NOT NULL, company_id INTEGER NOT NULL, expires_at_us INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE service (id TEXT PRIMARY KEY, token_hash BLOB NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE reach   (company_id INTEGER NOT NULL, member_id INTEGER NOT NULL, PRIMARY KEY (company_id, member_id)) WITHOUT ROWID;"
  "CREATE TABLE change  (seq INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL);";

void
bw_test_broker_db_run (sqlite3    *db,
                       const char *sql)
{
  char *message = NULL;

  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
}

sqlite3 *
bw_test_broker_db_new (const char *path)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sodium_init (), >=, 0);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 5000);
  bw_test_broker_db_run (db, schema);

  return db;
}

static void
put (sqlite3    *db,
     const char *sql,
     const char *id,
     const char *secret,
     gint64      third,
     gint64      fourth)
{
  guint8 hash[BW_SECRET_HASH_BYTES];
  sqlite3_stmt *statement = NULL;

  crypto_generichash (hash, sizeof hash, (const guint8 *) secret, strlen (secret), NULL, 0);

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  sqlite3_bind_text (statement, 1, id, -1, SQLITE_STATIC);
  sqlite3_bind_blob (statement, 2, hash, sizeof hash, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, third);
  sqlite3_bind_int64 (statement, 4, fourth);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_DONE);
  sqlite3_finalize (statement);
}

void
bw_test_broker_db_put_device (sqlite3    *db,
                              const char *id,
                              const char *key,
                              int         state,
                              gint64      company_id)
{
  put (db, "INSERT OR REPLACE INTO device VALUES (?1, ?2, ?3, ?4)", id, key, state, company_id);
}

void
bw_test_broker_db_put_session (sqlite3    *db,
                               const char *id,
                               const char *token,
                               gint64      company_id,
                               gint64      expires_at_us)
{
  put (db, "INSERT OR REPLACE INTO session VALUES (?1, ?2, ?3, ?4)", id, token, company_id, expires_at_us);
}

void
bw_test_broker_db_put_service (sqlite3    *db,
                               const char *id,
                               const char *token)
{
  put (db, "INSERT OR REPLACE INTO service SELECT ?1, ?2 WHERE ?3 = ?4", id, token, 0, 0);
}

void
bw_test_broker_db_put_change (sqlite3    *db,
                              const char *username)
{
  g_autofree char *sql = g_strdup_printf ("INSERT INTO change (username) VALUES ('%s')", username);

  bw_test_broker_db_run (db, sql);
}

void
bw_test_broker_db_nth (guint n,
                       char  ret_id[20],
                       char  ret_key[27])
{
  guint8 bytes[32];

  crypto_generichash (bytes, sizeof bytes, (const guint8 *) &n, sizeof n, NULL, 0);
  bw_device_id_from_random (bytes, ret_id);
  bw_device_key_from_bytes (bytes + BW_DEVICE_ID_RANDOM_BYTES, ret_key);
}

void
bw_test_broker_db_fill (sqlite3 *db,
                        guint    count)
{
  char id[BW_DEVICE_ID_SIZE];
  char key[BW_DEVICE_KEY_SIZE];

  bw_test_broker_db_run (db, "BEGIN");
  for (guint n = 0; n < count; n++)
    {
      bw_test_broker_db_nth (n, id, key);
      bw_test_broker_db_put_device (db, id, key, TEST_APPROVED, 1);
    }
  bw_test_broker_db_run (db, "COMMIT");
}
