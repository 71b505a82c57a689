/* bw-history-db.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-history-db.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bw-error.h"
#include "bw-migrations.h"

#define FILE_NAME "history.db"

#define MAX_QUEUED_WRITES  4096
#define MAX_QUEUED_READS   1024
#define MAX_QUEUED_EXPORTS 64

/**
 * BwHistoryDb:
 *
 * The database of the history: a thread that writes, one that reads, and one
 * for what takes long to read. It may be lost: a file that is missing is made
 * anew, one that is damaged is renamed and made anew, at the start as well as
 * later, and the fleet goes on.
 */

/* What the threads share. */
typedef struct
{
  gatomicrefcount  ref_count;
  char            *address;
  gboolean         is_file;
  int              generation;   /* atomic */
} Shared;

struct _BwHistoryThread
{
  BwDb     *db;               /* (nullable): after it could not be opened again */
  Shared   *shared;
  gboolean  writes;
  int       generation;
};

struct _BwHistoryDb
{
  GObject   parent_instance;

  Shared   *shared;
  BwWorker *writer;
  BwWorker *reader;
  BwWorker *exporter;
};

G_DEFINE_FINAL_TYPE (BwHistoryDb, bw_history_db, G_TYPE_OBJECT)

static void
shared_unref (Shared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->ref_count))
    return;

  g_free (shared->address);
  g_free (shared);
}

static void
thread_free (gpointer data)
{
  BwHistoryThread *thread = data;

  if (thread->writes && thread->shared->is_file && thread->db != NULL)
    thread->db->driver->checkpoint (thread->db, NULL);

  g_clear_pointer (&thread->db, bw_db_close);
  g_clear_pointer (&thread->shared, shared_unref);
  g_free (thread);
}

static BwHistoryThread *
thread_new (Shared   *shared,
            gboolean  writes)
{
  BwHistoryThread *thread = g_new0 (BwHistoryThread, 1);

  g_atomic_ref_count_inc (&shared->ref_count);
  thread->shared = shared;
  thread->writes = writes;

  return thread;
}

static BwDb *
open_and_migrate (const char  *address,
                  GError     **error)
{
  mode_t old_mask = umask (0077);
  g_autoptr(BwDb) db = bw_db_open (address, BW_DB_HISTORY, error);

  if (db != NULL && !bw_migrations_run_history (db, error))
    g_clear_pointer (&db, bw_db_close);
  umask (old_mask);

  return g_steal_pointer (&db);
}

/* Renamed, not removed: somebody may be able to make use of it. */
static gboolean
put_aside (const char  *path,
           const char  *reason,
           GError     **error)
{
  static const char * const suffixes[] = { "", "-wal", "-shm" };
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%dT%H%M%S");
  g_autofree char *aside = g_strdup_printf ("%s.damaged-%s-%06d", path, stamp, g_date_time_get_microsecond (now));

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *from = g_strconcat (path, suffixes[i], NULL);
      g_autofree char *to = g_strconcat (aside, suffixes[i], NULL);

      if (g_rename (from, to) != 0 && i == 0)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the damaged history %s cannot be renamed", path);
          return FALSE;
        }
    }

  g_warning ("The history is damaged and was put aside as %s (%s); a new one begins", aside, reason);

  return TRUE;
}

static BwDb *
open_writer (Shared  *shared,
             GError **error)
{
  g_autoptr(GError) local_error = NULL;
  BwDb *db = open_and_migrate (shared->address, &local_error);

  if (db != NULL)
    return db;

  /* A full disk, a missing right, a newer Bellwether have codes of their own: this one is no history that can be read. */
  if (!shared->is_file || !g_error_matches (local_error, BW_ERROR, BW_ERROR_INTERNAL))
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (put_aside (shared->address, local_error->message, error))
    {
      g_atomic_int_inc (&shared->generation);
      return open_and_migrate (shared->address, error);
    }

  return NULL;
}

BwDb *
bw_history_thread_get_db (BwHistoryThread  *self,
                          GError          **error)
{
  gboolean stale = self->generation != g_atomic_int_get (&self->shared->generation);

  if (self->db != NULL && !stale && !(self->writes && self->db->damaged && self->shared->is_file))
    return self->db;

  if (self->writes && self->db != NULL)
    {
      g_clear_pointer (&self->db, bw_db_close);
      if (!put_aside (self->shared->address, "met while writing", error))
        return NULL;
      g_atomic_int_inc (&self->shared->generation);
    }

  g_clear_pointer (&self->db, bw_db_close);
  self->generation = g_atomic_int_get (&self->shared->generation);
  self->db = self->writes ? open_writer (self->shared, error)
                          : bw_db_open (self->shared->address, BW_DB_HISTORY_READ_ONLY, error);
  if (self->writes)
    self->generation = g_atomic_int_get (&self->shared->generation);

  return self->db;
}

guint
bw_history_thread_get_generation (BwHistoryThread *self)
{
  return (guint) self->generation;
}

static void
bw_history_db_dispose (GObject *object)
{
  BwHistoryDb *self = (BwHistoryDb *) object;

  /* Who reads first, as in the store. */
  g_clear_object (&self->exporter);
  g_clear_object (&self->reader);
  g_clear_object (&self->writer);

  G_OBJECT_CLASS (bw_history_db_parent_class)->dispose (object);
}

static void
bw_history_db_finalize (GObject *object)
{
  BwHistoryDb *self = (BwHistoryDb *) object;

  g_clear_pointer (&self->shared, shared_unref);

  G_OBJECT_CLASS (bw_history_db_parent_class)->finalize (object);
}

static void
bw_history_db_class_init (BwHistoryDbClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_history_db_dispose;
  object_class->finalize = bw_history_db_finalize;
}

static void
bw_history_db_init (BwHistoryDb *self)
{
  self->shared = g_new0 (Shared, 1);
  g_atomic_ref_count_init (&self->shared->ref_count);
}

BwHistoryDb *
bw_history_db_open (const char  *data_folder,
                    const char  *url,
                    gboolean     expected,
                    GError     **error)
{
  g_autoptr(BwHistoryDb) self = g_object_new (BW_TYPE_HISTORY_DB, NULL);
  Shared *shared = self->shared;
  BwHistoryThread *writer;

  g_return_val_if_fail (data_folder != NULL, NULL);

  shared->is_file = url == NULL || !bw_db_is_postgres (url);
  shared->address = shared->is_file ? g_build_filename (data_folder, FILE_NAME, NULL) : g_strdup (url);

  if (expected && shared->is_file && !g_file_test (shared->address, G_FILE_TEST_EXISTS))
    g_warning ("There is no history %s; a new one begins", shared->address);

  writer = thread_new (shared, TRUE);
  if (bw_history_thread_get_db (writer, error) == NULL)
    {
      g_prefix_error (error, "the history: ");
      thread_free (writer);
      return NULL;
    }

  self->writer = bw_worker_new ("history", MAX_QUEUED_WRITES, writer, thread_free);
  self->reader = bw_worker_new ("history-read", MAX_QUEUED_READS, thread_new (shared, FALSE), thread_free);
  self->exporter = bw_worker_new ("history-export", MAX_QUEUED_EXPORTS, thread_new (shared, FALSE), thread_free);

  return g_steal_pointer (&self);
}

void
bw_history_db_push_write (BwHistoryDb    *self,
                          GTask          *task,
                          BwWorkerFunc    func,
                          GDestroyNotify  result_destroy)
{
  g_return_if_fail (BW_IS_HISTORY_DB (self));

  bw_worker_push (self->writer, task, func, result_destroy);
}

void
bw_history_db_push_many_writes (BwHistoryDb      *self,
                                GTask            *task,
                                BwWorkerManyFunc  func,
                                GDestroyNotify    result_destroy)
{
  g_return_if_fail (BW_IS_HISTORY_DB (self));

  bw_worker_push_many (self->writer, task, func, result_destroy);
}

void
bw_history_db_push_read (BwHistoryDb    *self,
                         GTask          *task,
                         BwWorkerFunc    func,
                         GDestroyNotify  result_destroy)
{
  g_return_if_fail (BW_IS_HISTORY_DB (self));

  bw_worker_push (self->reader, task, func, result_destroy);
}

void
bw_history_db_push_export (BwHistoryDb    *self,
                           GTask          *task,
                           BwWorkerFunc    func,
                           GDestroyNotify  result_destroy)
{
  g_return_if_fail (BW_IS_HISTORY_DB (self));

  bw_worker_push (self->exporter, task, func, result_destroy);
}

const char *
bw_history_db_get_path (BwHistoryDb *self)
{
  g_return_val_if_fail (BW_IS_HISTORY_DB (self), NULL);

  return self->shared->is_file ? self->shared->address : NULL;
}
