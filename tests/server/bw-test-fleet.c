/* bw-test-fleet.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-test-fleet.h"

#include <sodium.h>
#include <string.h>

#include "bw-batch-repo.h"
#include "bw-company-repo.h"
#include "bw-device-id.h"
#include "bw-device-repo.h"

typedef struct
{
  gpointer  result;
  GError   *error;
  gboolean  done;
} Waiter;

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Waiter *waiter = user_data;

  waiter->result = g_task_propagate_pointer (G_TASK (result), &waiter->error);
  waiter->done = TRUE;
}

static gboolean
is_done (gpointer data)
{
  return ((Waiter *) data)->done;
}

gpointer
bw_test_store_run (BwStore      *store,
                   gboolean      is_write,
                   BwWorkerFunc  func,
                   gpointer      data)
{
  Waiter waiter = { 0, };
  GTask *task = g_task_new (NULL, NULL, done_cb, &waiter);

  g_task_set_task_data (task, data, NULL);
  (is_write ? bw_store_push_write : bw_store_push_read) (store, task, func, NULL);
  bw_test_wait_for (is_done, &waiter);
  g_assert_no_error (waiter.error);

  return waiter.result;
}

static gpointer
text_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  g_autoptr(BwRows) rows = bw_db_query (thread->db, task_data, NULL, error);
  char **result = g_new0 (char *, 1);

  if (rows != NULL && bw_rows_next (rows, error))
    *result = g_strdup (bw_rows_get_text (rows, 0));

  return result;
}

char *
bw_test_store_text (BwStore    *store,
                    const char *sql)
{
  g_autofree char **result = bw_test_store_run (store, FALSE, text_job, (gpointer) sql);

  return g_steal_pointer (result);
}

gint64
bw_test_store_int (BwStore    *store,
                   const char *sql)
{
  g_autofree char *text = bw_test_store_text (store, sql);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static char *
dup_key (const char *id)
{
  return g_strreverse (g_strdup (id));
}

static gpointer
fill_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  BwTestFleet *self = task_data;
  guint8 secret[BW_BATCH_SECRET_BYTES] = { 0, };
  g_autoptr(BwBatchRow) row = g_new0 (BwBatchRow, 1);
  BwCompanyRow company = {
    .name = (char *) "Main", .alias = (char *) "main",
    .address = (char *) "", .phone = (char *) "", .email = (char *) "",
  };

  if (!bw_store_begin (thread, error) || !bw_company_repo_add (thread, &company, g_get_real_time (), error) ||
      !bw_store_commit (thread, error))
    return NULL;

  self->company_id = company.id;
  g_atomic_ref_count_init (&self->actor.refs);
  self->actor.account_id = 1;
  self->actor.login = (char *) "test";
  self->actor.company_id = company.id;
  row->name = g_strdup ("first");
  row->info = g_strdup ("");
  row->color = g_strdup ("#3584e4");
  row->created_by = g_strdup ("test");
  row->company_id = self->company_id;
  row->count = self->n_devices;

  if (!bw_store_begin (thread, error) ||
      !bw_batch_repo_add (thread, row, secret, error) ||
      !bw_store_commit (thread, error) ||
      !bw_batch_repo_add_slice (thread, row, 1, self->devices, NULL, self->n_devices, NULL, NULL, error) ||
      !bw_batch_repo_finish (thread, row, error))
    return NULL;

  return BW_STORE_DONE;
}

static void
make_devices (BwTestFleet *self)
{
  self->devices = g_new0 (BwBrokerDevice, self->n_devices);

  for (guint i = 0; i < self->n_devices; i++)
    {
      BwBrokerDevice *device = &self->devices[i];
      guint8 random[BW_DEVICE_ID_RANDOM_BYTES];
      g_autofree char *key = NULL;

      randombytes_buf (random, sizeof random);
      bw_device_id_from_random (random, device->id);
      key = dup_key (device->id);
      crypto_generichash (device->key_hash, sizeof device->key_hash, (const guint8 *) key, strlen (key), NULL, 0);
    }
}

static gpointer
approve_job (gpointer   owned_by_thread,
                 gpointer   task_data,
                 GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  BwTestFleet *self = task_data;

  if (!bw_store_begin (thread, error) ||
      !bw_db_run (thread->db, "UPDATE device SET status = $1 WHERE serial <= $2",
                  g_variant_new ("(xx)", (gint64) BW_STATUS_PAIRING, (gint64) self->n_approved), error) ||
      !bw_db_run (thread->db, "INSERT INTO broker_dirty (kind, id) SELECT 'device', id FROM device WHERE status <> 0", NULL, error))
    return NULL;

  thread->broker_marked = TRUE;

  return bw_store_commit (thread, error) ? BW_STORE_DONE : NULL;
}

/* BW_TEST_PG names a PostgreSQL database that may be emptied; without it a SQLite file is used. */
static const char *
get_database (void)
{
  const char *url = g_getenv ("BW_TEST_PG");
  g_autoptr(GError) error = NULL;
  g_autoptr(BwDb) db = NULL;

  if (url == NULL)
    return NULL;

  db = bw_db_open_postgres (url, BW_DB_READ_WRITE, &error);
  g_assert_no_error (error);
  db->driver->run_script (db, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", &error);
  g_assert_no_error (error);

  return url;
}

void
bw_test_fleet_set_up (BwTestFleet *self,
                      const char  *plugin,
                      guint        n_devices,
                      guint        n_approved)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *conf = NULL;

  g_assert_cmpint (sodium_init (), >=, 0);
  self->dir = bw_test_make_dir ();
  self->n_devices = n_devices;
  self->n_approved = n_approved;
  self->store = bw_store_open (self->dir, get_database (), &error);
  g_assert_no_error (error);

  make_devices (self);
  bw_test_store_run (self->store, TRUE, fill_job, self);
  bw_test_store_run (self->store, TRUE, approve_job, self);

  conf = g_strdup_printf ("plugin %s\nplugin_opt_database %s/broker.db\nallow_anonymous false\n"
                          "max_inflight_messages 20000\nmax_queued_messages 1000000000\nset_tcp_nodelay true\n"
                          "message_size_limit 4194304\n"
                          "persistence true\npersistence_location %s/\n",
                          plugin, self->dir, self->dir);
  self->broker = bw_test_broker_new (conf);
  self->uri = g_strdup_printf ("mqtt://127.0.0.1:%u", bw_test_broker_get_port (self->broker));
}

void
bw_test_fleet_tear_down (BwTestFleet *self)
{
  g_clear_pointer (&self->broker, bw_test_broker_free);
  g_clear_object (&self->store);
  bw_test_remove_dir (self->dir);
  g_free (self->dir);
  g_free (self->uri);
  g_free (self->devices);
}

const char *
bw_test_fleet_get_id (BwTestFleet *self,
                      guint        index)
{
  return self->devices[index].id;
}

char *
bw_test_fleet_dup_key (BwTestFleet *self,
                       guint        index)
{
  return dup_key (self->devices[index].id);
}

typedef struct
{
  const char *id;
  BwStatus    status;
} Change;

static gpointer
status_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  const Change *change = task_data;

  if (bw_store_begin (thread, error) &&
      bw_device_repo_set_status (thread, change->id, change->status, BW_STATUS_NEW, g_get_real_time (), "test", error) &&
      bw_store_commit (thread, error))
    return BW_STORE_DONE;

  return NULL;
}

void
bw_test_fleet_set_status (BwTestFleet *self,
                          guint        index,
                          guint        status)
{
  Change change = { self->devices[index].id, (BwStatus) status };

  bw_test_store_run (self->store, TRUE, status_job, &change);
}
