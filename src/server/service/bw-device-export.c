/* bw-device-export.c: all devices of a filter, as a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-device-service.h"

#include <string.h>

#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-spool.h"

/* Devices written by one job: the searching thread serves others in between. */
#define DEVICES_PER_JOB 1000

/* An id and the end of its line. */
#define LINE_BYTES (BW_DEVICE_ID_LENGTH + 1)

#define BUFFER_BYTES (64 * 1024)

/* First the ids, in the order that was asked for, into one file; then, slice by slice, what is known of them into the
 * other. So the file is of one moment as far as which devices stand in it, and takes no memory. */
typedef struct
{
  BwDeviceQuery   query;
  GArray         *columns;
  char           *folder;
  BwSpool         ids;
  GMappedFile    *map;       /* (nullable): of the ids */
  gsize           done;      /* bytes of them */
  BwSpool         spool;
} Export;

static void
export_free (Export *export)
{
  g_clear_pointer (&export->query.filter, bw_device_filter_unref);
  g_free ((char *) export->query.sort);
  g_array_unref (export->columns);
  g_free (export->folder);
  g_clear_pointer (&export->map, g_mapped_file_unref);
  bw_spool_clear (&export->ids);
  bw_spool_clear (&export->spool);
  g_free (export);
}

static gboolean
note_id (const char  *id,
         gpointer     user_data,
         GError     **error)
{
  Export *export = user_data;

  g_string_append_len (export->ids.buffer, id, BW_DEVICE_ID_LENGTH);
  g_string_append_c (export->ids.buffer, '\n');

  return export->ids.buffer->len < BUFFER_BYTES || bw_spool_flush (&export->ids, error);
}

static gboolean
begin (BwDb    *db,
       Export  *export,
       GError **error)
{
  if (!bw_spool_begin (&export->ids, export->folder, error) || !bw_spool_begin (&export->spool, export->folder, error) ||
      !bw_device_repo_foreach_id (db, &export->query, note_id, export, error) || !bw_spool_flush (&export->ids, error))
    return FALSE;

  bw_device_columns_write_header (export->columns, export->spool.buffer);
  if (export->ids.size == 0)
    return TRUE;

  export->map = g_mapped_file_new_from_fd (export->ids.fd, FALSE, error);
  if (export->map == NULL)
    bw_error_adopt (error);

  return export->map != NULL;
}

static gpointer
export_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Export *export = task_data;
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  gsize size;

  if (export->spool.fd < 0 && !begin (thread->db, export, error))
    return NULL;

  size = (gsize) export->ids.size;
  while (ids->len < DEVICES_PER_JOB && export->done < size)
    {
      g_ptr_array_add (ids, g_strndup (g_mapped_file_get_contents (export->map) + export->done, BW_DEVICE_ID_LENGTH));
      export->done += LINE_BYTES;
    }

  if ((ids->len > 0 && !bw_device_repo_write_csv (thread->db, ids, export->columns, export->spool.buffer, error)) ||
      !bw_spool_flush (&export->spool, error))
    return NULL;

  return export;
}

static void exported_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data);

/* @task: (transfer full) */
static void
push_next (BwDeviceService *self,
           GTask           *task)
{
  GTask *step = g_task_new (self, g_task_get_cancellable (task), exported_cb, task);

  g_task_set_source_tag (step, push_next);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  bw_store_push_search (bw_device_service_get_store (self), step, export_job, NULL);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  const Export *export = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (export->done >= (gsize) export->ids.size)
    g_task_return_boolean (task, TRUE);
  else
    push_next (BW_DEVICE_SERVICE (source), g_steal_pointer (&task));
}

void
bw_device_service_export_async (BwDeviceService      *self,
                                const BwActor        *actor,
                                const BwDeviceQuery  *query,
                                const char           *columns,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GArray) chosen = NULL;
  g_autoptr(GError) error = NULL;
  Export *export;

  g_return_if_fail (BW_IS_DEVICE_SERVICE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_device_service_export_async);
  if (!bw_actor_check (actor, BW_PERMISSION_VIEW_DEVICES, &error) || !bw_device_query_check (query, &error) ||
      (chosen = bw_device_columns_parse (columns, &error)) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  export = g_new0 (Export, 1);
  export->query = *query;
  export->query.company_id = actor->company_id;
  export->query.is_root = actor->company_is_root;
  export->query.filter = query->filter != NULL ? bw_device_filter_ref (query->filter) : NULL;
  export->query.sort = g_strdup (query->sort);
  export->query.offset = 0;
  export->query.limit = G_MAXINT64;
  export->columns = g_steal_pointer (&chosen);
  export->folder = g_strdup (bw_store_get_data_folder (bw_device_service_get_store (self)));
  export->ids = (BwSpool) BW_SPOOL_INIT;
  export->spool = (BwSpool) BW_SPOOL_INIT;
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);
  push_next (self, g_steal_pointer (&task));
}

int
bw_device_service_export_finish (BwDeviceService  *self,
                                 GAsyncResult     *result,
                                 gint64           *ret_size,
                                 GError          **error)
{
  Export *export;

  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return -1;

  export = g_task_get_task_data (G_TASK (result));

  return bw_spool_end (&export->spool, ret_size, error);
}
