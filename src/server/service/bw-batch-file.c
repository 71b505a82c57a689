/* bw-batch-file.c: the files of a batch, for whoever downloads them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-batch-service.h"

#include <sodium.h>
#include <string.h>

#include "bw-batch-maker.h"
#include "bw-batch-private.h"
#include "bw-csv.h"
#include "bw-device-repo.h"
#include "bw-error.h"
#include "bw-spool.h"

/* Lines written by one job: the reading thread serves others in between. */
#define LINES_PER_JOB 10000

typedef struct
{
  gint64       company_id;
  gint64       id;
  BwBatchFile  kind;
  gint64       first;
  gint64       count;         /* still to write; 0 in the wish: all */
  char        *folder;

  BwSpool      spool;
  BwBatchRow  *row;
  gboolean     has_secret;
  guint8       secret[BW_BATCH_SECRET_BYTES];
  GString     *tail;          /* the fields that are the same in each line */
} File;

static void
file_free (File *file)
{
  bw_spool_clear (&file->spool);
  sodium_memzero (file->secret, sizeof file->secret);
  g_clear_pointer (&file->row, bw_batch_row_free);
  g_free (file->folder);
  if (file->tail != NULL)
    g_string_free (file->tail, TRUE);
  g_free (file);
}

/* A device that came with a key of its own has none that comes from the secret: its key is only known to who gave it. */
static void
find_key (const File          *file,
          const BwBatchDevice *device,
          char                 ret_key[BW_DEVICE_KEY_SIZE])
{
  guint8 hash[BW_SECRET_HASH_BYTES];

  ret_key[0] = '\0';
  if (!file->has_secret)
    return;

  bw_batch_derive_key (file->secret, device->id, ret_key);
  bw_batch_hash_key (ret_key, hash);
  if (device->key_hash == NULL || memcmp (hash, device->key_hash, sizeof hash) != 0)
    sodium_memzero (ret_key, BW_DEVICE_KEY_SIZE);
}

static void
write_facts (GString             *out,
             const BwDeviceFacts *facts,
             gboolean             is_last)
{
  bw_csv_append_field (out, facts->type, FALSE);
  bw_csv_append_field (out, facts->abbreviation, FALSE);
  bw_csv_append_field (out, facts->license, FALSE);
  bw_csv_append_field (out, facts->machine_id, is_last);
}

static void
write_hand_over (File                *file,
                 const BwBatchDevice *device)
{
  GString *out = file->spool.buffer;
  char key[BW_DEVICE_KEY_SIZE];
  char code[BW_DEVICE_CODE_SIZE];

  find_key (file, device, key);
  bw_device_id_to_code (device->id, code);

  bw_csv_append_field (out, device->id, FALSE);
  bw_csv_append_field (out, key, FALSE);
  bw_csv_append_field (out, file->row->name, FALSE);
  g_string_append_printf (out, "\"%" G_GINT64_FORMAT "\",", device->serial);
  g_string_append_len (out, file->tail->str, (gssize) file->tail->len);
  bw_csv_append_field (out, code, FALSE);
  write_facts (out, &device->facts, TRUE);
  sodium_memzero (key, sizeof key);
}

static gboolean
write_line (const BwBatchDevice  *device,
            gpointer              user_data,
            GError              **error)
{
  File *file = user_data;
  GString *out = file->spool.buffer;

  if (file->kind == BW_BATCH_FILE_IDS)
    {
      g_string_append_len (out, device->id, BW_DEVICE_ID_LENGTH);
      g_string_append_c (out, '\n');
    }
  else if (file->kind == BW_BATCH_FILE_FACTS)
    {
      g_string_append_printf (out, "\"%" G_GINT64_FORMAT "\",", device->serial);
      bw_csv_append_field (out, device->id, FALSE);
      bw_csv_append_field (out, device->name, FALSE);
      write_facts (out, &device->facts, FALSE);
      bw_csv_append_field (out, file->row->company, FALSE);
      bw_csv_append_field (out, device->product, TRUE);
    }
  else
    write_hand_over (file, device);

  return TRUE;
}

static void
begin_csv (File *file)
{
  static const char *const header[] = {
    "device_id", "device_key", "batch", "serial", "count", "company", "color", "info", "created_at", "qr",
    "type", "abbreviation", "license", "machine_id", NULL
  };
  g_autoptr(GDateTime) created_at = g_date_time_new_from_unix_utc (file->row->created_at_us / G_USEC_PER_SEC);
  g_autofree char *created_text = g_date_time_format (created_at, "%Y-%m-%dT%H:%M:%SZ");
  char count[24];

  g_snprintf (count, sizeof count, "%" G_GINT64_FORMAT, file->row->count);
  file->tail = g_string_new (NULL);
  bw_csv_append_field (file->tail, count, FALSE);
  bw_csv_append_field (file->tail, file->row->company, FALSE);
  bw_csv_append_field (file->tail, file->row->color, FALSE);
  bw_csv_append_field (file->tail, file->row->info, FALSE);
  bw_csv_append_field (file->tail, created_text, FALSE);

  bw_csv_append_record (file->spool.buffer, header);
}

static void
begin_facts (File *file)
{
  static const char *const header[] = {
    "serial", "device_id", "name", "type", "abbreviation", "license", "machine_id", "company", "product", NULL
  };

  bw_csv_append_record (file->spool.buffer, header);
}

static gboolean
begin_range (File    *file,
             GError **error)
{
  if (file->row->state != BW_BATCH_READY)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "the batch is still being created");
      return FALSE;
    }

  if (file->count == 0)
    file->count = file->row->count - file->first + 1;

  if (file->first < 1 || file->first > file->row->count || file->count < 1)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "the batch has the serial numbers 1 to %" G_GINT64_FORMAT, file->row->count);
      return FALSE;
    }
  file->count = MIN (file->count, file->row->count - file->first + 1);

  return TRUE;
}

static gboolean
begin_file (BwDb    *db,
            File    *file,
            GError **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean in_reach = FALSE;

  file->row = bw_batch_repo_get (db, file->id, error);
  if (file->row == NULL ||
      !bw_device_repo_is_in_reach (db, file->company_id, file->row->company_id, &in_reach, error))
    return FALSE;

  if (!in_reach)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no batch %" G_GINT64_FORMAT, file->id);
      return FALSE;
    }

  if (!begin_range (file, error))
    return FALSE;

  if (!bw_spool_begin (&file->spool, file->folder, error))
    return FALSE;

  if (file->kind == BW_BATCH_FILE_FACTS)
    begin_facts (file);

  if (file->kind == BW_BATCH_FILE_CSV)
    {
      begin_csv (file);
      /* a batch that was handed over still has a file, without the keys */
      file->has_secret = bw_batch_repo_get_secret (db, file->id, file->secret, &local_error);
      if (!file->has_secret && !g_error_matches (local_error, BW_ERROR, BW_ERROR_CONFLICT))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  return TRUE;
}

static gpointer
write_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  File *file = task_data;
  gint64 n;

  if (file->row == NULL && !begin_file (thread->db, file, error))
    return NULL;

  n = MIN (file->count, LINES_PER_JOB);
  if (!bw_batch_repo_foreach (thread->db, file->id, file->first, n, file->kind != BW_BATCH_FILE_IDS,
                              write_line, file, error) ||
      !bw_spool_flush (&file->spool, error))
    return NULL;

  file->first += n;
  file->count -= n;

  return file;
}

static void write_next (BwBatchService *self,
                        GTask          *task);

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  File *file = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (file->count > 0)
    write_next (BW_BATCH_SERVICE (source), g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

/* @task: (transfer full) */
static void
write_next (BwBatchService *self,
            GTask          *task)
{
  GTask *step = g_task_new (self, g_task_get_cancellable (task), written_cb, task);

  g_task_set_source_tag (step, write_next);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  bw_store_push_read (bw_batch_service_get_store (self), step, write_job, NULL);
}

void
bw_batch_service_write_file_async (BwBatchService      *self,
                                   const BwActor       *actor,
                                   const char          *id,
                                   BwBatchFile          kind,
                                   gint64               first,
                                   gint64               count,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  File *file;

  g_return_if_fail (BW_IS_BATCH_SERVICE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_batch_service_write_file_async);

  /* who reads the keys could be any of the devices */
  if (!bw_actor_check (actor, kind == BW_BATCH_FILE_CSV ? BW_PERMISSION_CREATE_IDS : BW_PERMISSION_VIEW_DEVICES,
                       &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  file = g_new0 (File, 1);
  file->company_id = actor->company_id;
  file->kind = kind;
  file->first = first;
  file->count = count;
  file->folder = g_strdup (bw_store_get_data_folder (bw_batch_service_get_store (self)));
  file->spool = (BwSpool) BW_SPOOL_INIT;
  if (!g_ascii_string_to_signed (id, 10, 1, G_MAXINT64, &file->id, NULL))
    file->id = 0;

  g_task_set_task_data (task, file, (GDestroyNotify) file_free);
  write_next (self, g_steal_pointer (&task));
}

int
bw_batch_service_write_file_finish (BwBatchService  *self,
                                    GAsyncResult    *result,
                                    gint64          *ret_size,
                                    char           **ret_name,
                                    GError         **error)
{
  File *file;
  int fd;

  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return -1;

  file = g_task_get_task_data (G_TASK (result));
  fd = bw_spool_end (&file->spool, ret_size, error);
  if (fd >= 0 && ret_name != NULL)
    *ret_name = g_strdup (file->row->name);

  return fd;
}
