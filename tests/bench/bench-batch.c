/* bench-batch.c: the floor for a batch: bare SQLite, one transaction, nothing else
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bw-device-id.h"

/* bench-batch FILE COUNT drawn|sorted main|both: rows ready made in memory, then timed from BEGIN to
 * the durable COMMIT. `main` are the rows of the main database, `both` those of broker.db too. */

typedef struct
{
  char    id[BW_DEVICE_ID_SIZE];
  uint8_t key_hash[BW_SECRET_HASH_BYTES];
} Row;

static const char schema[] =
  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
  "CREATE TABLE device (id TEXT PRIMARY KEY, batch_id BIGINT NOT NULL, serial BIGINT NOT NULL,"
  " company_id BIGINT NOT NULL, key_hash BLOB NOT NULL, revision BIGINT NOT NULL DEFAULT 1,"
  " status BIGINT NOT NULL DEFAULT 0, status_before_block BIGINT, state BIGINT NOT NULL DEFAULT 0,"
  " online BIGINT NOT NULL DEFAULT 0, first_seen_us BIGINT NOT NULL DEFAULT 0,"
  " last_seen_us BIGINT NOT NULL DEFAULT 0, approved_at_us BIGINT NOT NULL DEFAULT 0, approved_by TEXT,"
  " name TEXT, product TEXT, version TEXT, homie TEXT, address TEXT, local_ip TEXT, type TEXT, abbreviation TEXT,"
  " license TEXT, machine_id TEXT) WITHOUT ROWID;"
  "CREATE INDEX device_by_batch ON device (batch_id, serial, status, status_before_block);"
  "CREATE INDEX device_by_status ON device (status, company_id) WHERE status <> 0;"
  "CREATE INDEX device_by_last_seen ON device (last_seen_us) WHERE first_seen_us > 0;"
  "CREATE INDEX device_online ON device (online, company_id) WHERE online <> 0;"
  "CREATE TABLE broker_device (id TEXT PRIMARY KEY, key_hash BLOB NOT NULL, state INTEGER NOT NULL,"
  " company_id INTEGER NOT NULL) WITHOUT ROWID;";

static void
check (sqlite3 *db,
       int      rc)
{
  if (rc == SQLITE_OK || rc == SQLITE_DONE)
    return;

  fprintf (stderr, "bench-batch: %s\n", sqlite3_errmsg (db));
  exit (1);
}

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);

  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static int
compare (const void *a,
         const void *b)
{
  return strcmp (((const Row *) a)->id, ((const Row *) b)->id);
}

static Row *
make_rows (int  count,
           bool sorted)
{
  Row *rows = calloc ((size_t) count, sizeof *rows);

  if (rows == NULL)
    exit (1);

  for (int i = 0; i < count; i++)
    {
      uint8_t random[BW_DEVICE_ID_RANDOM_BYTES];

      randombytes_buf (random, sizeof random);
      bw_device_id_from_random (random, rows[i].id);
      randombytes_buf (rows[i].key_hash, sizeof rows[i].key_hash);
    }

  if (sorted)
    qsort (rows, (size_t) count, sizeof *rows, compare);

  return rows;
}

static void
insert_main (sqlite3   *db,
             const Row *rows,
             int        count)
{
  sqlite3_stmt *insert = NULL;

  check (db, sqlite3_prepare_v2 (db, "INSERT INTO device (id, batch_id, serial, company_id, key_hash)"
                                 " VALUES (?, 1, ?, 1, ?)", -1, &insert, NULL));
  for (int i = 0; i < count; i++)
    {
      sqlite3_bind_text (insert, 1, rows[i].id, BW_DEVICE_ID_LENGTH, SQLITE_STATIC);
      sqlite3_bind_int (insert, 2, i + 1);
      sqlite3_bind_blob (insert, 3, rows[i].key_hash, sizeof rows[i].key_hash, SQLITE_STATIC);
      check (db, sqlite3_step (insert));
      sqlite3_reset (insert);
    }
  sqlite3_finalize (insert);
}

static void
insert_broker (sqlite3   *db,
               const Row *rows,
               int        count)
{
  sqlite3_stmt *insert = NULL;

  check (db, sqlite3_prepare_v2 (db, "INSERT INTO broker_device VALUES (?, ?, 0, 1)", -1, &insert, NULL));
  for (int i = 0; i < count; i++)
    {
      sqlite3_bind_text (insert, 1, rows[i].id, BW_DEVICE_ID_LENGTH, SQLITE_STATIC);
      sqlite3_bind_blob (insert, 2, rows[i].key_hash, sizeof rows[i].key_hash, SQLITE_STATIC);
      check (db, sqlite3_step (insert));
      sqlite3_reset (insert);
    }
  sqlite3_finalize (insert);
}

int
main (int    argc,
      char **argv)
{
  sqlite3 *db = NULL;
  double start;
  Row *rows;
  int count;

  if (argc != 5 || sodium_init () < 0)
    return 2;

  count = atoi (argv[2]);
  rows = make_rows (count, strcmp (argv[3], "sorted") == 0);

  check (db, sqlite3_open (argv[1], &db));
  check (db, sqlite3_exec (db, schema, NULL, NULL, NULL));

  start = now ();
  check (db, sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
  insert_main (db, rows, count);
  if (strcmp (argv[4], "both") == 0)
    insert_broker (db, rows, count);
  check (db, sqlite3_exec (db, "COMMIT", NULL, NULL, NULL));
  printf ("%.3f\n", now () - start);

  sqlite3_close (db);
  free (rows);

  return 0;
}
