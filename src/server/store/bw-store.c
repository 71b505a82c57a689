/* bw-store.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bw-audit-repo.h"
#include "bw-batch-repo.h"
#include "bw-error.h"
#include "bw-migrations.h"

#define MAX_QUEUED_WRITES 4096
#define MAX_QUEUED_READS  4096
#define MAX_QUEUED_SEARCHES 256

/**
 * BwStore:
 *
 * The durable state: a thread that writes and two that only read, so that a
 * list does not wait behind a write, nor everybody behind somebody's search
 * through all devices. A repository's calls come from the main thread; each is
 * a job, a plain function on one of them, so that a driver never locks and a
 * transaction is just a job.
 */

struct _BwStore
{
  GObject   parent_instance;

  char     *data_folder;
  gboolean  known;
  BwWorker *writer;
  BwWorker *reader;
  BwWorker *searcher;
};

G_DEFINE_FINAL_TYPE (BwStore, bw_store, G_TYPE_OBJECT)

static void
thread_free (gpointer data)
{
  BwStoreThread *thread = data;
  g_autoptr(GError) error = NULL;

  if (thread->broker != NULL)
    {
      bw_broker_db_close (thread->broker);
      if (!thread->db->driver->checkpoint (thread->db, &error))
        g_debug ("Emptying the log at the end: %s, ignoring", error->message);
    }

  bw_db_close (thread->db);
  g_free (thread);
}

static void
bw_store_dispose (GObject *object)
{
  BwStore *self = (BwStore *) object;

  /* Who reads first: the writer's last checkpoint empties the log only when nobody reads it. */
  g_clear_object (&self->searcher);
  g_clear_object (&self->reader);
  g_clear_object (&self->writer);

  G_OBJECT_CLASS (bw_store_parent_class)->dispose (object);
}

static void
bw_store_finalize (GObject *object)
{
  BwStore *self = (BwStore *) object;

  g_clear_pointer (&self->data_folder, g_free);

  G_OBJECT_CLASS (bw_store_parent_class)->finalize (object);
}

static void
bw_store_class_init (BwStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_store_dispose;
  object_class->finalize = bw_store_finalize;
}

static void
bw_store_init (BwStore *self)
{
}

/* The path of a SQLite file, or the URL of a PostgreSQL database as it is. */
static char *
find_address (const char  *data_folder,
              const char  *url,
              GError     **error)
{
  const char *end;

  if (url == NULL)
    return g_build_filename (data_folder, "bellwether.db", NULL);

  if (g_str_has_prefix (url, "sqlite:") && url[strlen ("sqlite:")] != '\0')
    return g_strdup (url + strlen ("sqlite:"));

  if (bw_db_is_postgres (url))
    return g_strdup (url);

  /* what stands behind the scheme may be a password */
  end = strchr (url, ':');
  g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
               "a database “%.*s” is of no kind this program knows; sqlite:PATH and postgresql://… are",
               end != NULL ? (int) (end - url) : (int) strlen (url), url);

  return NULL;
}

static gboolean
prepare_folder (const char  *data_folder,
                GError     **error)
{
  if (g_mkdir_with_parents (data_folder, 0700) != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "the data folder %s cannot be made: %s", data_folder, g_strerror (errno));
      return FALSE;
    }

  if (access (data_folder, R_OK | W_OK | X_OK) != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "the data folder %s cannot be written: %s", data_folder, g_strerror (errno));
      return FALSE;
    }

  return TRUE;
}

/* Everything in main thread: nothing else is running yet. */
static BwStoreThread *
open_writer (const char  *data_folder,
             const char  *address,
             GError     **error)
{
  g_autofree char *broker_path = g_build_filename (data_folder, "broker.db", NULL);
  g_autofree char *copy_path = bw_db_is_postgres (address) ? NULL : g_strconcat (address, ".before-update", NULL);
  mode_t old_mask = umask (0077);
  BwStoreThread *thread = g_new0 (BwStoreThread, 1);

  thread->db = bw_db_open (address, BW_DB_READ_WRITE, error);
  if (thread->db != NULL && bw_migrations_run (thread->db, copy_path, error))
    thread->broker = bw_broker_db_open (broker_path, thread->db, error);
  umask (old_mask);

  if (thread->broker != NULL &&
      bw_batch_repo_remove_unfinished (thread, error) &&
      bw_audit_repo_keep_head (thread, error))
    return thread;

  if (thread->broker != NULL)
    bw_broker_db_close (thread->broker);
  if (thread->db != NULL)
    bw_db_close (thread->db);
  g_free (thread);

  return NULL;
}

/* (nullable) (transfer full) */
static BwWorker *
start_reader (const char  *address,
              const char  *name,
              guint        max_queued,
              GError     **error)
{
  BwDb *db = bw_db_open (address, BW_DB_READ_ONLY, error);
  BwStoreThread *thread;

  if (db == NULL)
    return NULL;

  thread = g_new0 (BwStoreThread, 1);
  thread->db = db;

  return bw_worker_new (name, max_queued, thread, thread_free);
}

BwStore *
bw_store_open (const char  *data_folder,
               const char  *url,
               GError     **error)
{
  g_autoptr(BwStore) self = NULL;
  g_autofree char *address = NULL;
  g_autofree char *broker_path = NULL;
  BwStoreThread *writer;
  gboolean known;

  g_return_val_if_fail (data_folder != NULL, NULL);

  address = find_address (data_folder, url, error);
  if (address == NULL || !prepare_folder (data_folder, error))
    return NULL;

  broker_path = g_build_filename (data_folder, "broker.db", NULL);
  known = g_file_test (broker_path, G_FILE_TEST_EXISTS);
  writer = open_writer (data_folder, address, error);
  if (writer == NULL)
    return NULL;

  self = g_object_new (BW_TYPE_STORE, NULL);
  self->data_folder = g_strdup (data_folder);
  self->known = known;
  self->writer = bw_worker_new ("store", MAX_QUEUED_WRITES, writer, thread_free);

  self->reader = start_reader (address, "read", MAX_QUEUED_READS, error);
  if (self->reader == NULL)
    return NULL;

  self->searcher = start_reader (address, "search", MAX_QUEUED_SEARCHES, error);
  if (self->searcher == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

const char *
bw_store_get_data_folder (BwStore *self)
{
  g_return_val_if_fail (BW_IS_STORE (self), NULL);

  return self->data_folder;
}

gboolean
bw_store_is_known (BwStore *self)
{
  g_return_val_if_fail (BW_IS_STORE (self), FALSE);

  return self->known;
}

void
bw_store_push_write (BwStore        *self,
                     GTask          *task,
                     BwWorkerFunc    func,
                     GDestroyNotify  result_destroy)
{
  g_return_if_fail (BW_IS_STORE (self));

  bw_worker_push (self->writer, task, func, result_destroy);
}

void
bw_store_push_read (BwStore        *self,
                    GTask          *task,
                    BwWorkerFunc    func,
                    GDestroyNotify  result_destroy)
{
  g_return_if_fail (BW_IS_STORE (self));

  bw_worker_push (self->reader, task, func, result_destroy);
}

void
bw_store_push_search (BwStore        *self,
                      GTask          *task,
                      BwWorkerFunc    func,
                      GDestroyNotify  result_destroy)
{
  g_return_if_fail (BW_IS_STORE (self));

  bw_worker_push (self->searcher, task, func, result_destroy);
}

gboolean
bw_store_begin (BwStoreThread  *thread,
                GError        **error)
{
  g_return_val_if_fail (thread->broker != NULL, FALSE);

  thread->audit_moved = FALSE;

  return bw_db_begin (thread->db, error);
}

gboolean
bw_store_commit (BwStoreThread  *thread,
                 GError        **error)
{
  g_autoptr(GError) local_error = NULL;

  if (!bw_db_commit (thread->db, error))
    return FALSE;

  /* What is owed to the broker stands in broker_dirty, so a failure here is
   * made good with the next commit or at the next start. */
  if (thread->broker_marked)
    {
      if (bw_broker_db_flush (thread->broker, thread->db, &local_error))
        thread->broker_marked = FALSE;
      else
        g_debug ("Telling the broker: %s, trying again later", local_error->message);
    }

  /* An older head than the log's end does no harm, so it is not worth waiting for the disk. */
  if (thread->audit_moved)
    {
      thread->audit_moved = FALSE;
      g_clear_error (&local_error);
      if (!bw_broker_db_put_audit_head (thread->broker, thread->db, &thread->audit_head, &local_error))
        g_debug ("Keeping the audit log's head: %s, the next one does it", local_error->message);
    }

  return TRUE;
}

void
bw_store_rollback (BwStoreThread *thread)
{
  thread->audit_moved = FALSE;
  bw_db_rollback (thread->db);
}

gboolean
bw_store_mark (BwStoreThread  *thread,
               const char     *kind,
               const char     *id,
               GError        **error)
{
  thread->broker_marked = TRUE;

  return bw_db_run (thread->db,
                    "INSERT INTO broker_dirty (kind, id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                    g_variant_new ("(ss)", kind, id), error);
}
