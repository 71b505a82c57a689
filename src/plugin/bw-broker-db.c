/* bw-broker-db.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-broker-db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include <mosquitto.h>
#include <mosquitto_broker.h>

/* The backend's side of admission: a SQLite file that it writes and we read.
 *
 * The broker has one thread, so nothing here waits: no busy time-out (a reader
 * of a WAL database needs none), and a file that is not there, not readable or
 * not what it should be is looked for again at each LOOK_INTERVAL_US. Meanwhile
 * nobody is admitted.
 *
 * The locks of a transaction cost as much as the look-up itself. So while nobody
 * writes one transaction is held from poll to poll; when something is not found
 * in it, bw_broker_db_renew() tells whether it is too old. It is not held while
 * the backend writes, because its checkpoints could not start the log over.
 *
 * The file is mapped: to read a page of it into a cache costs a third of what
 * admission costs, and among a million devices it is nearly always another page.
 * Whoever reads a mapping past the end of its file is killed (SIGBUS), and SQLite
 * does not see that somebody cut the file short under it; is_whole() does. */

#define LOOK_INTERVAL_US (1000 * 1000)

/* Polls without a write before a transaction is held. */
#define QUIET_POLLS 10

/* Addresses, not memory. 1 GiB holds ten million devices; what is beyond is read. */
#define MAP_MAX_BYTES (1024 * 1024 * 1024)

/* For pages that are in the log, or beyond the mapping. One is 4 KiB. */
#define CACHE_SIZE_KIB 16384

/* `state` in the table `device` */
#define STATE_APPROVED 1
#define STATE_BLOCKED  2

typedef enum
{
  FIND_DEVICE,
  FIND_SESSION,
  FIND_SERVICE,
  REACHES_DEVICE,
  REACHES_COMPANY,
  DATA_VERSION,
  LAST_CHANGE,
  NEXT_CHANGE,
  BEGIN,
  COMMIT,
  N_STATEMENTS
} Statement;

static const char * const statements[N_STATEMENTS] = {
  [FIND_DEVICE]     = ("SELECT device.key_hash, state, company_id, old_key.key_hash, ends_at_us, number"
                       " FROM device LEFT JOIN old_key ON old_key.id = device.id WHERE device.id = ?1"),
  [FIND_SESSION]    = "SELECT token_hash, expires_at_us, company_id FROM session WHERE id = ?1",
  [FIND_SERVICE]    = "SELECT token_hash, 0, 0 FROM service WHERE id = ?1",
  [REACHES_DEVICE]  = "SELECT 1 FROM device JOIN reach ON member_id = device.company_id WHERE id = ?1 AND reach.company_id = ?2",
  [REACHES_COMPANY] = "SELECT 1 FROM reach WHERE company_id = ?2 AND member_id = ?1",
  [DATA_VERSION]    = "PRAGMA data_version",
  [LAST_CHANGE]     = "SELECT coalesce (max (seq), 0) FROM change",
  [NEXT_CHANGE]     = "SELECT seq, username FROM change WHERE seq > ?1 ORDER BY seq LIMIT 1",
  [BEGIN]           = "BEGIN",
  [COMMIT]          = "COMMIT",
};

struct _BwBrokerDb
{
  char         *path;
  sqlite3      *db;             /* (nullable) */
  sqlite3_file *file;           /* of db */
  sqlite3_int64 n_bytes;        /* of the file, when it was last looked at */
  sqlite3_stmt *prepared[N_STATEMENTS];
  dev_t         device;         /* which file is open */
  ino_t         inode;
  int64_t       look_at_us;     /* when to look at the path again */
  int64_t       data_version;
  int64_t       last_change;
  unsigned      n_quiet;        /* polls without a write */
  bool          is_held;        /* a transaction is open from poll to poll */
  bool          has_complained;
};

static void
close_db (BwBrokerDb *self)
{
  for (int i = 0; i < N_STATEMENTS; i++)
    {
      sqlite3_finalize (self->prepared[i]);
      self->prepared[i] = NULL;
    }

  sqlite3_close (self->db);
  self->db = NULL;
  self->file = NULL;
  self->n_bytes = 0;
  self->is_held = false;
  self->n_quiet = 0;
}

/* Once until it is well again, or an unreadable file would fill the log. */
static void
complain (BwBrokerDb *self,
          const char *why)
{
  if (!self->has_complained)
    mosquitto_log_printf (MOSQ_LOG_WARNING, "bellwether: nobody is admitted, %s cannot be read: %s",
                          self->path, why);

  self->has_complained = true;
}

/* The backend never makes its database smaller. */
static bool
is_whole (BwBrokerDb *self)
{
  sqlite3_int64 n_bytes = 0;

  if (self->file->pMethods->xFileSize (self->file, &n_bytes) != SQLITE_OK || n_bytes < self->n_bytes)
    return false;

  self->n_bytes = n_bytes;

  return true;
}

/* One row or none; the statement is to be reset by the caller. */
static BwLookup
step (BwBrokerDb   *self,
      sqlite3_stmt *statement)
{
  int status;

  if (!is_whole (self))
    {
      complain (self, "it was cut short");
      return BW_LOOKUP_FAILED;
    }

  status = sqlite3_step (statement);
  if (status == SQLITE_ROW)
    return BW_LOOKUP_FOUND;
  if (status == SQLITE_DONE)
    return BW_LOOKUP_NONE;

  complain (self, sqlite3_errmsg (self->db));

  return BW_LOOKUP_FAILED;
}

static bool
read_int (BwBrokerDb *self,
          Statement   which,
          int64_t    *ret_value)
{
  sqlite3_stmt *statement = self->prepared[which];
  bool ok = step (self, statement) == BW_LOOKUP_FOUND;

  if (ok)
    *ret_value = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);

  return ok;
}

static void
hold (BwBrokerDb *self)
{
  self->is_held = step (self, self->prepared[BEGIN]) == BW_LOOKUP_NONE;
  sqlite3_reset (self->prepared[BEGIN]);
}

static void
let_go (BwBrokerDb *self)
{
  if (!self->is_held)
    return;

  step (self, self->prepared[COMMIT]);
  sqlite3_reset (self->prepared[COMMIT]);
  self->is_held = false;
}

bool
bw_broker_db_renew (BwBrokerDb *self)
{
  int64_t data_version;

  if (!self->is_held)
    return false;

  let_go (self);
  if (!read_int (self, DATA_VERSION, &data_version))
    return false;

  if (data_version != self->data_version)
    {
      self->n_quiet = 0;
      return true;
    }

  hold (self);

  return false;
}

static bool
open_db (BwBrokerDb        *self,
         const struct stat *info)
{
  char pragmas[96];

  if (sqlite3_open_v2 (self->path, &self->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
      sqlite3_file_control (self->db, "main", SQLITE_FCNTL_FILE_POINTER, &self->file) != SQLITE_OK)
    {
      complain (self, self->db != NULL ? sqlite3_errmsg (self->db) : "no memory");
      close_db (self);
      return false;
    }

  sqlite3_snprintf (sizeof pragmas, pragmas, "PRAGMA cache_size = -%d; PRAGMA mmap_size = %d", CACHE_SIZE_KIB,
                    MAP_MAX_BYTES);
  sqlite3_exec (self->db, pragmas, NULL, NULL, NULL);

  for (int i = 0; i < N_STATEMENTS; i++)
    {
      if (sqlite3_prepare_v3 (self->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &self->prepared[i], NULL) != SQLITE_OK)
        {
          complain (self, sqlite3_errmsg (self->db));
          close_db (self);
          return false;
        }
    }

  /* the version first: what is written in between is then looked at twice, not never */
  if (!read_int (self, DATA_VERSION, &self->data_version) ||
      !read_int (self, LAST_CHANGE, &self->last_change))
    {
      close_db (self);
      return false;
    }

  self->device = info->st_dev;
  self->inode = info->st_ino;
  self->has_complained = false;
  mosquitto_log_printf (MOSQ_LOG_NOTICE, "bellwether: admission reads %s", self->path);

  return true;
}

/* Whether there is an open database when it is done; @ret_opened: another one than before. */
static bool
look (BwBrokerDb *self,
      bool       *ret_opened)
{
  struct stat info;

  if (stat (self->path, &info) != 0)
    {
      complain (self, strerror (errno));
      close_db (self);
      return false;
    }

  if (self->db != NULL && info.st_dev == self->device && info.st_ino == self->inode)
    return true;

  close_db (self);
  *ret_opened = open_db (self, &info);

  return *ret_opened;
}

BwPoll
bw_broker_db_poll (BwBrokerDb *self,
                   int64_t     now_us)
{
  int64_t data_version;
  bool opened = false;

  if (now_us >= self->look_at_us)
    {
      self->look_at_us = now_us + LOOK_INTERVAL_US;
      if (!look (self, &opened))
        return BW_POLL_ABSENT;
      if (opened)
        return BW_POLL_OPENED;
    }

  if (self->db == NULL)
    return BW_POLL_ABSENT;

  let_go (self);
  if (!read_int (self, DATA_VERSION, &data_version))
    {
      close_db (self);
      return BW_POLL_ABSENT;
    }

  if (data_version == self->data_version)
    {
      if (self->n_quiet < QUIET_POLLS)
        self->n_quiet++;
      else
        hold (self);

      return BW_POLL_QUIET;
    }

  self->data_version = data_version;
  self->n_quiet = 0;

  return BW_POLL_WRITTEN;
}

BwChanges
bw_broker_db_next_change (BwBrokerDb *self,
                          char        ret_username[BW_USERNAME_MAX_BYTES + 1])
{
  sqlite3_stmt *statement = self->prepared[NEXT_CHANGE];
  BwChanges result = BW_CHANGES_END;
  int64_t seq;

  if (self->db == NULL)
    return BW_CHANGES_END;

  sqlite3_bind_int64 (statement, 1, self->last_change);

  if (step (self, statement) == BW_LOOKUP_FOUND)
    {
      seq = sqlite3_column_int64 (statement, 0);

      if (seq == self->last_change + 1)
        {
          const char *username = (const char *) sqlite3_column_text (statement, 1);

          sqlite3_snprintf (BW_USERNAME_MAX_BYTES + 1, ret_username, "%s", username != NULL ? username : "");
          self->last_change = seq;
          result = BW_CHANGES_ONE;
        }
      else
        result = BW_CHANGES_MISSED;
    }
  sqlite3_reset (statement);

  if (result == BW_CHANGES_MISSED && !read_int (self, LAST_CHANGE, &self->last_change))
    return BW_CHANGES_END;

  return result;
}

void
bw_broker_db_skip_changes (BwBrokerDb *self)
{
  if (self->db != NULL)
    read_int (self, LAST_CHANGE, &self->last_change);
}

static bool
read_identity (sqlite3_stmt *statement,
               const char   *id,
               size_t        length,
               BwIdentity   *identity)
{
  const void *hash = sqlite3_column_blob (statement, 0);

  if (hash == NULL || sqlite3_column_bytes (statement, 0) != BW_SECRET_HASH_BYTES)
    return false;

  memcpy (identity->hash, hash, BW_SECRET_HASH_BYTES);
  identity->company_id = sqlite3_column_int64 (statement, 2);
  memcpy (identity->username, id, length + 1);

  return true;
}

/* The key that a device had before, which may be good for a while yet. */
static void
read_old_key (sqlite3_stmt *statement,
              BwIdentity   *identity)
{
  const void *hash = sqlite3_column_blob (statement, 3);

  if (hash == NULL || sqlite3_column_bytes (statement, 3) != BW_SECRET_HASH_BYTES)
    return;

  memcpy (identity->old_hash, hash, BW_SECRET_HASH_BYTES);
  identity->old_ends_at_us = sqlite3_column_int64 (statement, 4);
  identity->key_number = sqlite3_column_int64 (statement, 5);
}

/* @length: at most BW_USERNAME_MAX_BYTES */
static BwLookup
find_in (BwBrokerDb *self,
         Statement   table,
         const char *id,
         size_t      length,
         BwIdentity *identity)
{
  sqlite3_stmt *statement = self->prepared[table];
  BwLookup result;

  sqlite3_bind_text (statement, 1, id, (int) length, SQLITE_STATIC);
  result = step (self, statement);

  if (result == BW_LOOKUP_FOUND)
    {
      int64_t second = sqlite3_column_int64 (statement, 1);

      memset (identity, 0, sizeof *identity);
      if (!read_identity (statement, id, length, identity))
        result = BW_LOOKUP_NONE;

      switch (table)
        {
        case FIND_DEVICE:
          identity->peer = second == STATE_APPROVED ? BW_PEER_DEVICE : BW_PEER_UNAPPROVED;
          identity->is_blocked = second < 0 || second >= STATE_BLOCKED;
          read_old_key (statement, identity);
          break;

        case FIND_SESSION:
          identity->peer = BW_PEER_SESSION;
          identity->expires_at_us = second;
          break;

        case FIND_SERVICE:
        case REACHES_DEVICE:
        case REACHES_COMPANY:
        case DATA_VERSION:
        case LAST_CHANGE:
        case NEXT_CHANGE:
        case BEGIN:
        case COMMIT:
        case N_STATEMENTS:
        default:
          identity->peer = BW_PEER_SERVICE;
          break;
        }
    }

  sqlite3_reset (statement);

  return result;
}

/**
 * bw_broker_db_find:
 * @username: what a client calls itself; a device may write its ID in any form
 *
 * One indexed look-up for a device or a service. A session's id that could be
 * an ID of a device costs a second one.
 */
BwLookup
bw_broker_db_find (BwBrokerDb *self,
                   const char *username,
                   BwIdentity *ret_identity)
{
  char id[BW_DEVICE_ID_SIZE];
  size_t length = strlen (username);

  if (self->db == NULL)
    return BW_LOOKUP_FAILED;

  if (length == 0 || length > BW_USERNAME_MAX_BYTES)
    return BW_LOOKUP_NONE;

  if (bw_device_id_parse (username, length, id))
    {
      BwLookup found = find_in (self, FIND_DEVICE, id, BW_DEVICE_ID_LENGTH, ret_identity);

      if (found != BW_LOOKUP_NONE)
        return found;
    }

  if (strncmp (username, "bellwether", strlen ("bellwether")) == 0)
    return find_in (self, FIND_SERVICE, username, length, ret_identity);

  return find_in (self, FIND_SESSION, username, length, ret_identity);
}

/* Whether @company_id or one below it owns the device, or is the company. */
bool
bw_broker_db_reaches (BwBrokerDb *self,
                      int64_t     company_id,
                      bool        is_company,
                      const char *id)
{
  sqlite3_stmt *statement = self->prepared[is_company ? REACHES_COMPANY : REACHES_DEVICE];
  bool reaches;

  if (self->db == NULL)
    return false;

  if (is_company)
    {
      char *end = NULL;
      long long member;

      /* strtoll() would take a sign or white space too */
      if (id[0] < '1' || id[0] > '9')
        return false;
      errno = 0;
      member = strtoll (id, &end, 10);
      if (errno != 0 || *end != '\0')
        return false;
      sqlite3_bind_int64 (statement, 1, member);
    }
  else
    sqlite3_bind_text (statement, 1, id, -1, SQLITE_STATIC);

  sqlite3_bind_int64 (statement, 2, company_id);
  reaches = step (self, statement) == BW_LOOKUP_FOUND;
  sqlite3_reset (statement);

  return reaches;
}

/* Nothing is opened yet: the broker gives up root only after it has loaded its plugins. */
BwBrokerDb *
bw_broker_db_new (const char *path)
{
  BwBrokerDb *self = calloc (1, sizeof *self);

  if (self == NULL)
    return NULL;

  self->path = strdup (path);
  if (self->path == NULL)
    {
      free (self);
      return NULL;
    }

  return self;
}

void
bw_broker_db_free (BwBrokerDb *self)
{
  if (self == NULL)
    return;

  close_db (self);
  free (self->path);
  free (self);
}
