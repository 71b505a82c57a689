/* test-store.c: the store and the rules without HTTP
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#include "bw-actor.h"
#include "bw-authority.h"
#include "bw-batch-maker.h"
#include "bw-batch-repo.h"
#include "bw-db-bulk.h"
#include "bw-device-repo.h"
#include "bw-device-service.h"
#include "bw-error.h"
#include "bw-migrations.h"
#include "bw-test.h"
#include "bw-test-migrations-resources.h"
#include "bw-throttle.h"

#define GOOD   "/test/migrations/good"
#define GAP    "/test/migrations/gap"
#define BROKEN "/test/migrations/broken"

typedef struct
{
  char          *folder;
  char          *path;
  BwStoreThread  thread;
  BwBatchRow    *row;
} Fixture;

/* BW_TEST_PG names a PostgreSQL database that may be emptied; without it a SQLite file is used. */
static BwDb *
open_database (const char *path)
{
  const char *url = g_getenv ("BW_TEST_PG");
  g_autoptr(GError) error = NULL;
  BwDb *db = bw_db_open (url != NULL ? url : path, BW_DB_READ_WRITE, &error);

  g_assert_no_error (error);
  if (url != NULL)
    db->driver->run_script (db, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", &error);
  g_assert_no_error (error);

  return db;
}

static void
empty_database (void)
{
  g_autoptr(BwDb) db = open_database (":memory:");

  g_assert_nonnull (db);
}

/* A store's writing thread without the thread. */
static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *broker_path = NULL;

  fixture->folder = bw_test_make_dir ();
  fixture->path = g_build_filename (fixture->folder, "test.db", NULL);
  broker_path = g_build_filename (fixture->folder, "broker.db", NULL);

  fixture->thread.db = open_database (fixture->path);
  bw_migrations_run (fixture->thread.db, NULL, &error);
  g_assert_no_error (error);
  fixture->thread.broker = bw_broker_db_open (broker_path, fixture->thread.db, &error);
  g_assert_no_error (error);

  bw_db_run (fixture->thread.db, "INSERT INTO company (name, alias, created_at_us) VALUES ('Main', 'main', 1)",
             NULL, &error);
  g_assert_no_error (error);

  fixture->row = g_new0 (BwBatchRow, 1);
  fixture->row->name = g_strdup ("batch");
  fixture->row->info = g_strdup ("");
  fixture->row->color = g_strdup ("#000000");
  fixture->row->created_by = g_strdup ("me");
  fixture->row->company_id = 1;
  fixture->row->count = 6;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->row, bw_batch_row_free);
  bw_broker_db_close (fixture->thread.broker);
  bw_db_close (fixture->thread.db);
  bw_test_remove_dir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static gint64
get_int (BwDb       *db,
         const char *sql)
{
  g_autoptr(GError) error = NULL;
  gint64 value = 0;

  bw_db_get_scalar (db, sql, NULL, -1, &value, &error);
  g_assert_no_error (error);

  return value;
}

static void
test_values (Fixture       *fixture,
             gconstpointer  data)
{
  BwDb *db = fixture->thread.db;
  static const guint8 bytes[] = { 0, 1, 255 };
  g_autoptr(GError) error = NULL;
  g_autoptr(BwRows) rows =
    bw_db_query (db, "SELECT $2, $1, $3, $4, $5, $6, $2",
                 g_variant_new ("(xsd@aymsmx)", G_GINT64_CONSTANT (-5000000000), "ä\"'", 0.25,
                                g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, sizeof bytes, 1),
                                NULL, TRUE, G_MAXINT64),
                 &error);
  const guint8 *blob;
  gsize length = 0;

  g_assert_no_error (error);
  g_assert_true (bw_rows_next (rows, &error));
  g_assert_cmpstr (bw_rows_get_text (rows, 0), ==, "ä\"'");
  g_assert_cmpint (bw_rows_get_int (rows, 1), ==, G_GINT64_CONSTANT (-5000000000));
  g_assert_cmpfloat (bw_rows_get_double (rows, 2), ==, 0.25);
  blob = bw_rows_get_blob (rows, 3, &length);
  g_assert_cmpmem (blob, length, bytes, sizeof bytes);
  g_assert_true (bw_rows_is_null (rows, 4));
  g_assert_cmpint (bw_rows_get_int (rows, 5), ==, G_MAXINT64);
  g_assert_cmpstr (bw_rows_get_text (rows, 6), ==, "ä\"'");
  g_assert_false (bw_rows_next (rows, &error));
  g_assert_no_error (error);

  g_assert_false (bw_db_run (db, "SELECT FROM nothing", NULL, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INTERNAL);
  g_clear_error (&error);
  g_assert_false (bw_db_run (db, "INSERT INTO company (name, alias, created_at_us) VALUES ('x', 'main', 1)",
                             NULL, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_CONFLICT);
}

/* What a commit refuses is taken back whole, and the next transaction begins. */
static void
test_commit (Fixture       *fixture,
             gconstpointer  data)
{
  BwDb *db = fixture->thread.db;
  g_autoptr(GError) error = NULL;

  bw_db_run (db, "CREATE TABLE late (company_id INTEGER REFERENCES company (id) DEFERRABLE INITIALLY DEFERRED)",
             NULL, &error);
  g_assert_no_error (error);

  g_assert_true (bw_store_begin (&fixture->thread, &error));
  g_assert_true (bw_db_run (db, "INSERT INTO late VALUES (99)", NULL, &error));
  g_assert_false (bw_store_commit (&fixture->thread, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_assert_true (bw_store_begin (&fixture->thread, &error));
  g_assert_true (bw_db_run (db, "INSERT INTO late VALUES (1)", NULL, &error));
  g_assert_true (bw_store_commit (&fixture->thread, &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_int (db, "SELECT count(*) FROM late"), ==, 1);
}

/* A query within the same query has a statement of its own. */
static void
test_nested (Fixture       *fixture,
             gconstpointer  data)
{
  static const char *const sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n";
  g_autoptr(BwRows) outer = bw_db_query (fixture->thread.db, sql, NULL, NULL);
  guint n = 0;

  while (bw_rows_next (outer, NULL))
    {
      g_autoptr(BwRows) inner = bw_db_query (fixture->thread.db, sql, NULL, NULL);

      while (bw_rows_next (inner, NULL))
        n++;
    }

  g_assert_cmpuint (n, ==, 9);
}

static const BwTable *
find_table (GPtrArray  *tables,
            const char *name,
            guint      *ret_place)
{
  for (guint i = 0; i < tables->len; i++)
    {
      const BwTable *table = g_ptr_array_index (tables, i);

      *ret_place = i;
      if (strcmp (table->name, name) == 0)
        return table;
    }

  g_assert_not_reached ();
}

static void
run_script (Fixture    *fixture,
            const char *script)
{
  BwDb *db = fixture->thread.db;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) text = g_string_new (script);

  g_string_replace (text, "@TEXT@", db->driver->text_type, 0);
  g_string_replace (text, "@BLOB@", db->driver->blob_type, 0);
  db->driver->run_script (db, text->str, &error);
  g_assert_no_error (error);
}

/* Every table of ours is one that can be copied, and what it refers to comes before it. */
static void
test_tables (Fixture       *fixture,
             gconstpointer  data)
{
  BwDb *db = fixture->thread.db;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tables = bw_db_list_tables (db, &error);
  guint company = 0;
  guint account = 0;
  guint session = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (find_table (tables, "company", &company)->refers_to->len, ==, 1);
  find_table (tables, "account", &account);
  find_table (tables, "session", &session);
  g_assert_cmpuint (company, <, account);
  g_assert_cmpuint (account, <, session);

  run_script (fixture, "CREATE TABLE odd (id BIGINT PRIMARY KEY, at TIMESTAMP)");
  g_assert_null (bw_db_list_tables (db, &error));
  g_assert_nonnull (strstr (error->message, "the column at of the table odd has the type "));
  g_clear_error (&error);

  run_script (fixture, "DROP TABLE odd; CREATE TABLE odd (id BIGINT)");
  g_assert_null (bw_db_list_tables (db, &error));
  g_assert_nonnull (strstr (error->message, "the table odd has no primary key"));
  g_clear_error (&error);

  run_script (fixture, "DROP TABLE odd; CREATE TABLE hen (id BIGINT PRIMARY KEY);"
                       "CREATE TABLE egg (id BIGINT PRIMARY KEY, hen_id BIGINT REFERENCES hen (id));"
                       "ALTER TABLE hen ADD COLUMN egg_id BIGINT REFERENCES egg (id)");
  g_assert_null (bw_db_list_tables (db, &error));
  g_assert_nonnull (strstr (error->message, "refers to itself by way of others"));
}

static void
add_row (BwTableWriter *writer,
         gint64         id,
         const char    *name,
         double         real)
{
  static const guint8 bytes[] = { 0, 255, 0 };
  BwCell cells[] = {
    { .type = BW_CELL_TEXT, .data = name, .length = (gssize) strlen (name) },
    { .type = BW_CELL_INT, .integer = id },
    { .type = BW_CELL_INT, .integer = id < 0 ? G_MININT16 : G_MAXINT16 },
    { .type = BW_CELL_DOUBLE, .real = real },
    { .type = id == 0 ? BW_CELL_NULL : BW_CELL_BLOB, .data = bytes, .length = sizeof bytes },
  };
  g_autoptr(GError) error = NULL;

  g_assert_true (bw_table_writer_add (writer, cells, &error));
  g_assert_no_error (error);
}

static void
check_row (BwTableReader *reader,
           gint64         id,
           const char    *name,
           double         real)
{
  BwCell cells[BW_DB_MAX_CELLS] = { 0, };
  g_autoptr(GError) error = NULL;

  g_assert_true (bw_table_reader_next (reader, cells, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (cells[0].data, cells[0].length, name, strlen (name));
  g_assert_cmpint (cells[1].integer, ==, id);
  g_assert_cmpint (cells[2].integer, ==, id < 0 ? G_MININT16 : G_MAXINT16);
  g_assert_cmpint (cells[3].type, ==, BW_CELL_DOUBLE);
  g_assert_cmpmem (&cells[3].real, sizeof real, &real, sizeof real);
  g_assert_cmpint (cells[4].type, ==, id == 0 ? BW_CELL_NULL : BW_CELL_BLOB);
  if (id != 0)
    g_assert_cmpmem (cells[4].data, cells[4].length, "\0\377", 3);
}

/* A key of two columns that are not in its order, short numbers and broken ones. */
static void
test_bulk (Fixture       *fixture,
           gconstpointer  data)
{
  BwDb *db = fixture->thread.db;
  g_autoptr(GPtrArray) tables = NULL;
  g_autoptr(BwTableReader) reader = NULL;
  g_autoptr(BwTableWriter) writer = NULL;
  g_autoptr(GError) error = NULL;
  BwCell cells[BW_DB_MAX_CELLS] = { 0, };
  const BwTable *table;
  guint place;

  run_script (fixture, "CREATE TABLE sample (name @TEXT@, id BIGINT, short SMALLINT, ratio DOUBLE PRECISION, bytes @BLOB@,"
                       " PRIMARY KEY (id, name))");
  tables = bw_db_list_tables (db, &error);
  g_assert_no_error (error);
  table = find_table (tables, "sample", &place);

  g_assert_true (bw_db_begin (db, &error));
  writer = bw_db_write_table (db, table, &error);
  g_assert_no_error (error);
  add_row (writer, G_MAXINT64, "a", 0.1);
  add_row (writer, G_MININT64, "B", -1e308);
  add_row (writer, 0, "ä", 5e-324);
  add_row (writer, 0, "b", G_MAXDOUBLE);
  add_row (writer, 0, "B", -0.5);
  g_assert_true (bw_table_writer_finish (writer, &error));
  g_clear_pointer (&writer, bw_table_writer_free);
  g_assert_true (bw_db_commit (db, &error));

  reader = bw_db_read_table (db, table, &error);
  check_row (reader, G_MININT64, "B", -1e308);
  check_row (reader, 0, "B", -0.5);
  check_row (reader, 0, "b", G_MAXDOUBLE);
  check_row (reader, 0, "ä", 5e-324);
  check_row (reader, G_MAXINT64, "a", 0.1);
  g_assert_false (bw_table_reader_next (reader, cells, &error));
  g_assert_no_error (error);
  g_clear_pointer (&reader, bw_table_reader_free);

  /* left in the middle, the connection is good for other things */
  reader = bw_db_read_table (db, table, &error);
  g_assert_true (bw_table_reader_next (reader, cells, &error));
  g_clear_pointer (&reader, bw_table_reader_free);
  g_assert_cmpint (get_int (db, "SELECT count(*) FROM sample"), ==, 5);

  g_assert_true (bw_db_begin (db, &error));
  writer = bw_db_write_table (db, table, &error);
  add_row (writer, 77, "left", 1);
  g_clear_pointer (&writer, bw_table_writer_free);
  bw_db_rollback (db);
  g_assert_cmpint (get_int (db, "SELECT count(*) FROM sample"), ==, 5);
}

/* Ids that are taken are drawn anew, and the second draw may be taken as well. */
static void
make_other (BwBrokerDevice *ret_device,
            gpointer        user_data)
{
  static const char *const ids[] = { "aaaa-aaaa-aaaa-0001", "aaaa-aaaa-aaaa-0002", "aaaa-aaaa-aaaa-0099" };
  guint *n = user_data;

  g_strlcpy (ret_device->id, ids[MIN (*n, 2)], sizeof ret_device->id);
  (*n)++;
}

static void
add_slice (Fixture *fixture,
           gint64   first,
           guint    first_number,
           guint   *n_draws)
{
  g_autoptr(GError) error = NULL;
  BwBrokerDevice devices[3] = { 0, };

  for (guint i = 0; i < 3; i++)
    g_snprintf (devices[i].id, sizeof devices[i].id, "aaaa-aaaa-aaaa-%04u", first_number + i);

  bw_batch_repo_add_slice (&fixture->thread, fixture->row, first, devices, NULL, 3, make_other, n_draws, &error);
  g_assert_no_error (error);
}

static void
test_collision (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  guint8 secret[BW_BATCH_SECRET_BYTES] = { 1, };
  guint8 read[BW_BATCH_SECRET_BYTES] = { 0, };
  guint n_draws = 0;

  g_assert_true (bw_batch_repo_add (&fixture->thread, fixture->row, secret, &error));
  add_slice (fixture, 1, 1, &n_draws);
  g_assert_cmpuint (n_draws, ==, 0);
  add_slice (fixture, 4, 3, &n_draws);   /* 0003 is taken; so are the first two draws */
  g_assert_cmpuint (n_draws, ==, 3);
  g_assert_true (bw_batch_repo_finish (&fixture->thread, fixture->row, &error));

  g_assert_cmpint (get_int (fixture->thread.db, "SELECT count(*) FROM device"), ==, 6);
  g_assert_cmpint (get_int (fixture->thread.db, "SELECT count(DISTINCT serial) FROM device"), ==, 6);
  g_assert_cmpint (get_int (fixture->thread.db, "SELECT serial FROM device WHERE id = 'aaaa-aaaa-aaaa-0099'"), ==, 4);
  g_assert_cmpint (get_int (fixture->thread.db, "SELECT serial FROM device WHERE id = 'aaaa-aaaa-aaaa-0003'"), ==, 3);

  g_assert_true (bw_batch_repo_get_secret (fixture->thread.db, fixture->row->id, read, &error));
  g_assert_cmpmem (read, sizeof read, secret, sizeof secret);
  g_assert_true (bw_batch_repo_hand_over (&fixture->thread, fixture->row->id, 77, &error));
  g_assert_false (bw_batch_repo_get_secret (fixture->thread.db, fixture->row->id, read, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_CONFLICT);
}

static void
test_maker (void)
{
  g_autoptr(BwBatchMaker) maker = bw_batch_maker_new (5000);
  g_autofree BwBrokerDevice *devices = NULL;

  bw_batch_maker_draw (maker);
  devices = bw_batch_maker_make_slice (maker, 1, 5000);

  for (guint i = 0; i < 5000; i++)
    {
      char key[BW_DEVICE_KEY_SIZE];
      guint8 hash[BW_SECRET_HASH_BYTES];

      g_assert_true (bw_device_id_is_canonical (devices[i].id, strlen (devices[i].id)));
      g_assert_true (i == 0 || strcmp (devices[i - 1].id, devices[i].id) < 0);
      bw_batch_derive_key (bw_batch_maker_get_secret (maker), devices[i].id, key);
      g_assert_cmpuint (strlen (key), ==, BW_DEVICE_KEY_LENGTH);
      crypto_generichash (hash, sizeof hash, (const guint8 *) key, strlen (key), NULL, 0);
      g_assert_cmpmem (hash, sizeof hash, devices[i].key_hash, sizeof devices[i].key_hash);
    }
}

/* An older database gets what it lacks and keeps what it has; a copy is beside it. */
static void
test_migrations (void)
{
  g_autofree char *folder = bw_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "old.db", NULL);
  g_autoptr(BwDb) db = open_database (path);
  /* a server's database is copied by its operator */
  g_autofree char *copy_path = db->driver->copy_to != NULL ? g_build_filename (folder, "copy.db", NULL) : NULL;
  g_autoptr(GError) error = NULL;

  /* what version 1 left behind */
  g_assert_true (db->driver->run_script (db,
                                         "CREATE TABLE schema_migration (number BIGINT PRIMARY KEY,"
                                         " name TEXT NOT NULL, applied_at_us BIGINT NOT NULL);"
                                         "INSERT INTO schema_migration VALUES (1, '0001-first.sql', 1);"
                                         "CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL);"
                                         "INSERT INTO thing VALUES (7, 'kept');", &error));

  g_assert_true (bw_migrations_run_folder (db, GOOD, copy_path, &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_int (db, "SELECT count(*) FROM thing WHERE name = 'kept' AND weight = 5"), ==, 1);
  g_assert_cmpint (get_int (db, "SELECT max(number) FROM schema_migration"), ==, 2);

  if (copy_path != NULL)
    {
      g_autoptr(BwDb) copy = bw_db_open_sqlite (copy_path, BW_DB_READ_WRITE, &error);

      g_assert_no_error (error);
      g_assert_cmpint (get_int (copy, "SELECT max(number) FROM schema_migration"), ==, 1);
      g_assert_cmpint (get_int (copy, "SELECT count(*) FROM pragma_table_info ('thing')"), ==, 2);
    }

  /* one that fails half way leaves the file as it was */
  g_assert_false (bw_migrations_run_folder (db, BROKEN, copy_path, &error));
  g_assert_nonnull (strstr (error->message, "0003-broken.sql"));
  g_clear_error (&error);
  g_assert_cmpint (get_int (db, "SELECT max(number) FROM schema_migration"), ==, 2);
  g_assert_true (bw_db_run (db, "CREATE TABLE half (id BIGINT PRIMARY KEY)", NULL, &error));
  g_assert_cmpint (get_int (db, "SELECT count(*) FROM thing"), ==, 1);

  /* and nobody runs on a schema he does not know */
  g_assert_true (bw_db_run (db, "INSERT INTO schema_migration VALUES (99, 'later', 1)", NULL, &error));
  g_assert_false (bw_migrations_run_folder (db, GOOD, copy_path, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_CONFLICT);

  g_clear_pointer (&db, bw_db_close);
  bw_test_remove_dir (folder);
}

/* What two branches have added meets in one database, in whichever order they came. */
static void
test_migrations_gap (void)
{
  g_autofree char *folder = bw_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "gap.db", NULL);
  g_autoptr(BwDb) db = open_database (path);
  g_autoptr(GError) error = NULL;

  g_assert_true (db->driver->run_script (db,
                                         "CREATE TABLE schema_migration (number BIGINT PRIMARY KEY,"
                                         " name TEXT NOT NULL, applied_at_us BIGINT NOT NULL);"
                                         "INSERT INTO schema_migration VALUES (1, '0001-first.sql', 1);"
                                         "INSERT INTO schema_migration VALUES (3, '0003-third.sql', 1);"
                                         "CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL);"
                                         "INSERT INTO thing VALUES (7, 'kept');"
                                         "CREATE TABLE third (id BIGINT PRIMARY KEY);", &error));

  g_assert_true (bw_migrations_run_folder (db, GAP, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_int (db, "SELECT count(*) FROM thing WHERE name = 'kept' AND weight = 5"), ==, 1);
  g_assert_cmpint (get_int (db, "SELECT count(*) FROM schema_migration"), ==, 3);
  g_assert_true (bw_migrations_run_folder (db, GAP, NULL, &error));
  g_assert_cmpint (get_int (db, "SELECT count(*) FROM schema_migration"), ==, 3);

  /* one that is not known is not known, however low its number */
  g_assert_true (bw_db_run (db, "INSERT INTO schema_migration VALUES (0, '0000-other.sql', 1)", NULL, &error));
  g_assert_false (bw_migrations_run_folder (db, GAP, NULL, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "newer Bellwether"));

  g_clear_pointer (&db, bw_db_close);
  bw_test_remove_dir (folder);
}

static void
test_throttle (void)
{
  g_autoptr(BwThrottle) throttle = bw_throttle_new (3);
  g_autoptr(GError) error = NULL;
  gint64 now_us = G_USEC_PER_SEC;
  gint64 last_us = now_us;
  gint64 longest_us = 0;

  for (guint i = 0; i < 12; i++)
    {
      while (!bw_throttle_attempt (throttle, "a", now_us, &error))
        {
          g_assert_error (error, BW_ERROR, BW_ERROR_TOO_MANY);
          g_clear_error (&error);
          now_us += G_USEC_PER_SEC;
        }
      if (i < 3)
        g_assert_cmpint (now_us, ==, last_us);
      longest_us = MAX (longest_us, now_us - last_us);
      last_us = now_us;
    }

  /* it grows, and is never more than a minute */
  g_assert_cmpint (longest_us, ==, 60 * G_USEC_PER_SEC);
  g_assert_true (bw_throttle_attempt (throttle, "b", now_us, &error));
  bw_throttle_forget (throttle, "a");
  g_assert_true (bw_throttle_attempt (throttle, "a", now_us, &error));

  for (guint i = 0; i < 50000; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      g_assert_true (bw_throttle_attempt (throttle, key, now_us, &error));
    }
}

static void
test_actions (void)
{
  /* per status: approve, unapprove, block, unblock; -1: refused */
  static const int table[][4] = {
    [BW_STATUS_NEW] = { -1, -1, BW_STATUS_BLOCKED, -1 },
    [BW_STATUS_LABELLED] = { -1, -1, BW_STATUS_BLOCKED, -1 },
    [BW_STATUS_FLASHED] = { -1, -1, BW_STATUS_BLOCKED, -1 },
    [BW_STATUS_AWAITING_APPROVAL] = { BW_STATUS_PAIRING, -1, BW_STATUS_BLOCKED, -1 },
    [BW_STATUS_PAIRING] = { -1, BW_STATUS_AWAITING_APPROVAL, BW_STATUS_BLOCKED, -1 },
    [BW_STATUS_PAIRED] = { -1, BW_STATUS_AWAITING_APPROVAL, BW_STATUS_BLOCKED, -1 },
    [BW_STATUS_BLOCKED] = { -1, -1, -1, BW_STATUS_PAIRED },
    [BW_STATUS_RETIRED] = { -1, -1, -1, -1 },
  };

  for (guint status = 0; status < G_N_ELEMENTS (table); status++)
    {
      for (guint action = 0; action < 4; action++)
        {
          BwStatus next = BW_STATUS_NEW;
          BwStatus before = status == BW_STATUS_BLOCKED ? BW_STATUS_PAIRED : BW_STATUS_NEW;
          const char *reason = bw_action_decide ((BwAction) action, (BwStatus) status, before, &next);

          g_assert_cmpint (reason != NULL ? -1 : (int) next, ==, table[status][action]);
        }
    }

  /* one whose approval was taken back while it had an owner has him again */
  {
    BwStatus next = BW_STATUS_NEW;

    g_assert_null (bw_action_decide (BW_ACTION_APPROVE, BW_STATUS_AWAITING_APPROVAL, BW_STATUS_PAIRED, &next));
    g_assert_cmpint (next, ==, BW_STATUS_PAIRED);
  }
}

typedef struct
{
  GMutex   lock;
  gboolean done;
} Gate;

static gpointer
wait_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  Gate *gate = task_data;

  g_mutex_lock (&gate->lock);
  g_mutex_unlock (&gate->lock);

  return BW_STORE_DONE;
}

static gpointer
count_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  gint64 n = -1;

  bw_db_get_scalar (thread->db, "SELECT count(*) FROM device", NULL, -1, &n, error);

  return n == 0 ? BW_STORE_DONE : NULL;
}

static void
gate_passed_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_assert_nonnull (g_task_propagate_pointer (G_TASK (result), NULL));
  ((Gate *) user_data)->done = TRUE;
}

static gboolean
is_gate_passed (gpointer data)
{
  return ((Gate *) data)->done;
}

/* A search that takes its time keeps nobody else waiting. */
static void
test_threads (void)
{
  g_autofree char *folder = bw_test_make_dir ();
  g_autoptr(GError) error = NULL;
  g_autoptr(BwStore) store = NULL;
  Gate gate = { 0, };
  Gate read = { 0, };
  GTask *task;

  empty_database ();
  store = bw_store_open (folder, g_getenv ("BW_TEST_PG"), &error);
  g_assert_no_error (error);
  g_mutex_init (&gate.lock);
  g_mutex_lock (&gate.lock);

  task = g_task_new (NULL, NULL, gate_passed_cb, &gate);
  g_task_set_task_data (task, &gate, NULL);
  bw_store_push_search (store, task, wait_job, NULL);
  bw_store_push_read (store, g_task_new (NULL, NULL, gate_passed_cb, &read), count_job, NULL);
  bw_test_wait_for (is_gate_passed, &read);
  g_assert_false (gate.done);

  g_mutex_unlock (&gate.lock);
  bw_test_wait_for (is_gate_passed, &gate);
  g_mutex_clear (&gate.lock);
  g_clear_object (&store);
  bw_test_remove_dir (folder);
}

static void
test_roles (void)
{
  static const char * const roles[] = {
    BW_ROLE_SUPER_ADMIN, BW_ROLE_COMPANY_ADMIN, BW_ROLE_SERVICEMAN, BW_ROLE_SUPPORT, BW_ROLE_END_USER,
  };
  BwAccountRow account = { .id = 1, .email = (char *) "a@b" };

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      BwParticipationRow participation = { .id = 1, .company_id = 1 };
      g_autoptr(BwActor) actor = NULL;

      g_assert_true (bw_permissions_of_builtin (roles[i], &participation.permissions));
      actor = bw_actor_new ("s", &account, &participation, FALSE, 0);
      g_assert_true (bw_actor_check (actor, BW_PERMISSION_NONE, NULL));
      for (guint bit = 0; bit < BW_N_PERMISSIONS; bit++)
        {
          g_autoptr(GError) error = NULL;

          if (!bw_actor_check (actor, 1u << bit, &error))
            g_assert_error (error, BW_ERROR, BW_ERROR_FORBIDDEN);
          g_assert_cmpint (error == NULL, ==, (participation.permissions & (1u << bit)) != 0);
        }
    }
}

/* Depth, height and reach of a tree that is told of in any order. */
static void
test_authority (void)
{
  g_autoptr(BwAuthority) authority = bw_authority_new ();

  bw_authority_put_company (authority, 4, 3);
  bw_authority_put_company (authority, 3, 1);
  bw_authority_put_company (authority, 2, 1);
  bw_authority_put_company (authority, 1, 0);

  g_assert_true (bw_authority_reaches (authority, 1, 4));
  g_assert_true (bw_authority_reaches (authority, 3, 4));
  g_assert_true (bw_authority_reaches (authority, 4, 4));
  g_assert_false (bw_authority_reaches (authority, 4, 3));
  g_assert_false (bw_authority_reaches (authority, 2, 4));
  g_assert_false (bw_authority_reaches (authority, 0, 4));
  g_assert_false (bw_authority_reaches (authority, 1, 77));
  g_assert_cmpuint (bw_authority_get_depth (authority, 4), ==, 3);
  g_assert_cmpuint (bw_authority_get_depth (authority, 77), ==, 0);
  g_assert_cmpuint (bw_authority_get_height (authority, 1), ==, 2);
  g_assert_cmpuint (bw_authority_get_height (authority, 4), ==, 0);

  bw_authority_put_company (authority, 3, 2);
  g_assert_true (bw_authority_reaches (authority, 2, 4));
  bw_authority_remove_company (authority, 4);
  g_assert_false (bw_authority_reaches (authority, 1, 4));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  g_resources_register (bw_test_migrations_get_resource ());

  g_test_add ("/store/values", Fixture, NULL, set_up, test_values, tear_down);
  g_test_add ("/store/commit", Fixture, NULL, set_up, test_commit, tear_down);
  g_test_add ("/store/nested", Fixture, NULL, set_up, test_nested, tear_down);
  g_test_add ("/store/tables", Fixture, NULL, set_up, test_tables, tear_down);
  g_test_add ("/store/bulk", Fixture, NULL, set_up, test_bulk, tear_down);
  g_test_add ("/store/collision", Fixture, NULL, set_up, test_collision, tear_down);
  g_test_add_func ("/store/threads", test_threads);
  g_test_add_func ("/store/migrations", test_migrations);
  g_test_add_func ("/store/migrations/gap", test_migrations_gap);
  g_test_add_func ("/service/maker", test_maker);
  g_test_add_func ("/service/throttle", test_throttle);
  g_test_add_func ("/service/actions", test_actions);
  g_test_add_func ("/service/roles", test_roles);
  g_test_add_func ("/server/authority/tree", test_authority);

  return g_test_run ();
}
