/* bw-batch-confirm.c: the manufacturer says which devices carry their firmware
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-batch-private.h"
#include "bw-batch-rows.h"

#include <string.h>

#include "bw-device.h"
#include "bw-error.h"
#include "bw-json.h"

/* Devices looked at by one job; other requests are answered in between. */
#define SLICE_SIZE 10000

/* In a request without a file. */
#define MAX_IDS    10000

typedef struct
{
  char  id[BW_DEVICE_ID_SIZE];
  guint line;
} Row;

typedef struct
{
  BwBatchJob *job;           /* the task's */
  GBytes     *csv;           /* (nullable) */
  char      **ids;           /* (nullable) */
  GArray     *rows;          /* (element-type Row) */
  GPtrArray  *ignored;
  BwProblems  problems;
  gint64      n_rows;        /* of the file, whatever they are */
  guint       n_done;        /* of the rows that have an ID */
  gint64      n_changed;
  gint64      n_already;
} Confirmation;

static void
confirmation_free (Confirmation *confirmation)
{
  g_clear_pointer (&confirmation->csv, g_bytes_unref);
  g_strfreev (confirmation->ids);
  g_array_unref (confirmation->rows);
  g_ptr_array_unref (confirmation->ignored);
  bw_problems_clear (&confirmation->problems);
  bw_batch_job_free (confirmation->job);
  g_free (confirmation);
}

static void
refuse (Confirmation *confirmation,
        guint         line,
        const char   *value,
        const char   *nick,
        const char   *reason)
{
  bw_problems_add (&confirmation->problems, line, "device_id", value, nick, reason);
}

/* Only the ID counts here: whatever else stands in the manufacturer's table. */
static gboolean
take_row (const char * const  texts[BW_IMPORT_N_COLUMNS],
          const char         *id,
          BwImportProblem     problem,
          BwImportColumn      column,
          guint               line,
          gpointer            user_data,
          GError            **error)
{
  Confirmation *confirmation = user_data;
  Row row = { .line = line };

  confirmation->n_rows++;
  if (id[0] == '\0')
    {
      refuse (confirmation, line, texts[BW_IMPORT_ID], bw_import_problem_to_nick (problem),
              bw_import_problem_to_reason (problem));
      return TRUE;
    }

  g_strlcpy (row.id, id, sizeof row.id);
  g_array_append_val (confirmation->rows, row);

  return TRUE;
}

static gboolean
read_rows (Confirmation  *confirmation,
           GError       **error)
{
  if (confirmation->csv != NULL)
    return bw_rows_read (confirmation->csv, confirmation->ignored, take_row, confirmation, error);

  for (guint i = 0; confirmation->ids[i] != NULL; i++)
    {
      const char *texts[BW_IMPORT_N_COLUMNS] = { confirmation->ids[i], "", "", "", "", "" };
      char id[BW_DEVICE_ID_SIZE];
      BwImportColumn column = BW_IMPORT_ID;
      BwImportProblem problem = bw_import_check (texts, id, &column);

      take_row (texts, id, problem, column, i + 1, confirmation, error);
    }

  return TRUE;
}

static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  return strcmp (((const Row *) a)->id, ((const Row *) b)->id);
}

static gpointer
read_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Confirmation *confirmation = task_data;
  BwBatchJob *job = confirmation->job;

  job->row = bw_batch_job_get_row (thread->db, job, error);
  if (job->row == NULL)
    return NULL;

  if (job->row->state != BW_BATCH_READY)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "the batch is still being created");
      return NULL;
    }

  if (!read_rows (confirmation, error))
    return NULL;

  /* as they stand in the table, so that a slice of them is a narrow range of it */
  g_array_sort (confirmation->rows, compare_rows);

  return confirmation;
}

/* Adds it to @ids when there is something to do. */
static void
decide (Confirmation           *confirmation,
        const Row              *row,
        const BwDeviceStanding *standing,
        GPtrArray              *ids)
{
  if (standing->batch_id == 0)
    refuse (confirmation, row->line, row->id, "unknown", "there is no such device");
  else if (standing->batch_id != confirmation->job->id)
    refuse (confirmation, row->line, row->id, "foreign", "the device is of another batch");
  else if (standing->status == BW_STATUS_BLOCKED)
    refuse (confirmation, row->line, row->id, "blocked", "the device is blocked; unblock it first");
  else if (standing->status == BW_STATUS_RETIRED)
    refuse (confirmation, row->line, row->id, "retired", "the device is retired");
  else if (standing->status >= BW_STATUS_FLASHED)
    confirmation->n_already++;
  else
    g_ptr_array_add (ids, (char *) row->id);
}

/* What this slice has still to do, each once. */
static GPtrArray *
decide_slice (BwDb          *db,
              Confirmation  *confirmation,
              guint          n_rows,
              GError       **error)
{
  const Row *rows = &g_array_index (confirmation->rows, Row, confirmation->n_done);
  g_autofree const char **all = g_new (const char *, MAX (n_rows, 1));
  g_autofree BwDeviceStanding *standings = g_new (BwDeviceStanding, MAX (n_rows, 1));
  g_autoptr(GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; i < n_rows; i++)
    all[i] = rows[i].id;

  if (!bw_batch_repo_look_up (db, all, n_rows, standings, error))
    return NULL;

  for (guint i = 0; i < n_rows; i++)
    {
      guint n_before = ids->len;

      if (g_hash_table_contains (taken, rows[i].id))
        {
          confirmation->n_already++;
          continue;
        }

      /* one that is refused is refused wherever it stands */
      decide (confirmation, &rows[i], &standings[i], ids);
      if (ids->len > n_before)
        g_hash_table_add (taken, (char *) rows[i].id);
    }

  return g_steal_pointer (&ids);
}

/* One for all of them, with the first that is changed. */
static gboolean
add_audit_once (BwStoreThread  *thread,
                Confirmation   *confirmation,
                GError        **error)
{
  g_autoptr(GString) after = g_string_new (NULL);

  if (confirmation->job->has_begun)
    return TRUE;

  bw_json_begin_object (after, NULL);
  bw_json_add_int (after, "count", confirmation->n_rows);
  bw_json_end_object (after);

  return bw_batch_job_add_audit (thread, confirmation->job, "flash", confirmation->job->row, NULL, after->str, error);
}

static gpointer
flash_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Confirmation *confirmation = task_data;
  guint n_rows = MIN (SLICE_SIZE, confirmation->rows->len - confirmation->n_done);
  g_autoptr(GPtrArray) ids = NULL;

  if (!bw_store_begin (thread, error))
    return NULL;

  ids = decide_slice (thread->db, confirmation, n_rows, error);
  if (ids == NULL ||
      !add_audit_once (thread, confirmation, error) ||
      !bw_batch_repo_flash (thread, (const char * const *) ids->pdata, ids->len, error) ||
      (ids->len > 0 && !bw_batch_repo_touch (thread, confirmation->job->id, error)) ||
      !bw_store_commit (thread, error))
    {
      bw_store_rollback (thread);
      return NULL;
    }

  confirmation->job->has_begun = TRUE;
  confirmation->job->row->revision += ids->len > 0;
  confirmation->n_changed += ids->len;
  confirmation->n_done += n_rows;

  return confirmation;
}

static GBytes *
make_document (Confirmation *confirmation)
{
  GString *out = g_string_sized_new (256 + confirmation->problems.json->len);

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "nRows", confirmation->n_rows);
  bw_json_add_int (out, "nChanged", confirmation->n_changed);
  bw_json_add_int (out, "nAlready", confirmation->n_already);
  bw_json_add_int (out, "nRefused", confirmation->problems.n);
  bw_problems_write (&confirmation->problems, out);
  bw_json_end_object (out);

  return g_string_free_to_bytes (out);
}

static void flash_next (BwBatchService *self,
                        GTask          *task);

static void
flashed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwBatchService *self = BW_BATCH_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Confirmation *confirmation = g_task_get_task_data (task);
  gboolean ok = g_task_propagate_pointer (G_TASK (result), &error) != NULL;

  if (ok && confirmation->n_done < confirmation->rows->len)
    {
      flash_next (self, g_steal_pointer (&task));
      return;
    }

  /* also when it broke off: so many are flashed now */
  if (confirmation->n_changed > 0)
    {
      g_autoptr(GBytes) document = bw_batch_row_to_bytes (confirmation->job->row);

      bw_batch_service_tell (self, confirmation->job->row->company_id, document);
    }

  if (ok)
    g_task_return_pointer (task, make_document (confirmation), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* @task: (transfer full) */
static void
flash_next (BwBatchService *self,
            GTask          *task)
{
  GTask *step = g_task_new (self, NULL, flashed_cb, task);

  g_task_set_source_tag (step, flash_next);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  bw_store_push_write (bw_batch_service_get_store (self), step, flash_job, NULL);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    flash_next (BW_BATCH_SERVICE (source), g_steal_pointer (&task));
}

void
bw_batch_service_confirm_async (BwBatchService      *self,
                                const BwActor       *actor,
                                const char          *address,
                                const char          *id,
                                GBytes              *csv,
                                const char * const  *ids,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task;
  GTask *step;
  Confirmation *confirmation;

  g_return_if_fail (BW_IS_BATCH_SERVICE (self));
  g_return_if_fail ((csv != NULL) != (ids != NULL));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_batch_service_confirm_async);
  if (!bw_batch_service_may (actor, BW_PERMISSION_MANAGE_IDS, task))
    return;

  if (ids != NULL && g_strv_length ((char **) ids) > MAX_IDS)
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_TOO_LARGE,
                               "at most %d IDs can be confirmed at once; more go as a CSV file", MAX_IDS);
      g_object_unref (task);
      return;
    }

  confirmation = g_new0 (Confirmation, 1);
  confirmation->job = bw_batch_job_new (actor, address, id);
  confirmation->csv = csv != NULL ? g_bytes_ref (csv) : NULL;
  confirmation->ids = g_strdupv ((char **) ids);
  confirmation->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  confirmation->ignored = g_ptr_array_new_with_free_func (g_free);
  bw_problems_init (&confirmation->problems);
  g_task_set_task_data (task, confirmation, (GDestroyNotify) confirmation_free);

  step = g_task_new (self, NULL, read_cb, task);
  g_task_set_source_tag (step, bw_batch_service_confirm_async);
  g_task_set_task_data (step, confirmation, NULL);
  bw_store_push_search (bw_batch_service_get_store (self), step, read_job, NULL);
}
