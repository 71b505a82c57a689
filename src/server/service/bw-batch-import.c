/* bw-batch-import.c: a batch of Device IDs that exist already
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-batch-private.h"
#include "bw-batch-rows.h"

#include <sodium.h>
#include <string.h>

#include "bw-batch.h"
#include "bw-error.h"
#include "bw-json.h"

/* IDs looked for by one job; other requests are answered in between. */
#define SLICE_SIZE 10000

/**
 * Import:
 *
 * Read and checked on the thread of the long readings, looked for in slices,
 * and then made as any other batch is: all of it or, after a kill, nothing.
 */
typedef struct
{
  BwBatchJob   *job;
  GBytes       *csv;             /* (nullable): once read it is let go */
  GArray       *rows;            /* (element-type BwImportRow): the good ones, in the order of the file */
  GStringChunk *texts;
  GPtrArray    *ignored;
  BwProblems    problems;
  gint64        n_rows;
  gint64        n_own_keys;
  guint         n_looked_up;
  gboolean      skip_bad;
  gboolean      dry_run;
  gboolean      has_begun;       /* a batch is being made */
} Import;

static void
import_free (Import *import)
{
  g_clear_pointer (&import->csv, g_bytes_unref);
  g_clear_pointer (&import->rows, g_array_unref);
  g_clear_pointer (&import->texts, g_string_chunk_free);
  g_ptr_array_unref (import->ignored);
  bw_problems_clear (&import->problems);
  bw_batch_job_free (import->job);
  g_free (import);
}

static void
add_problem (Import          *import,
             guint            line,
             BwImportColumn   column,
             const char      *value,
             BwImportProblem  problem)
{
  bw_problems_add (&import->problems, line,
                   column < BW_IMPORT_N_COLUMNS ? bw_import_column_to_name (column) : NULL, value,
                   bw_import_problem_to_nick (problem), bw_import_problem_to_reason (problem));
}

/* Types and licences are the same in most rows. */
static const char *
keep_text (Import     *import,
           const char *text)
{
  return *text != '\0' ? g_string_chunk_insert_const (import->texts, text) : NULL;
}

static gboolean
take_row (const char * const  texts[BW_IMPORT_N_COLUMNS],
          const char         *id,
          BwImportProblem     problem,
          BwImportColumn      column,
          guint               line,
          gpointer            user_data,
          GError            **error)
{
  Import *import = user_data;
  BwImportRow row = { .line = line };

  import->n_rows++;
  if (problem != BW_IMPORT_GOOD)
    {
      add_problem (import, line, column, column < BW_IMPORT_N_COLUMNS ? texts[column] : NULL, problem);
      return TRUE;
    }

  g_strlcpy (row.id, id, sizeof row.id);
  row.has_key = *texts[BW_IMPORT_KEY] != '\0';
  if (row.has_key)
    bw_batch_hash_key (texts[BW_IMPORT_KEY], row.key_hash);
  row.device.facts.type = keep_text (import, texts[BW_IMPORT_TYPE]);
  row.device.facts.abbreviation = keep_text (import, texts[BW_IMPORT_ABBREVIATION]);
  row.device.facts.license = keep_text (import, texts[BW_IMPORT_LICENSE]);
  if (*texts[BW_IMPORT_MACHINE_ID] != '\0')
    row.device.facts.machine_id = g_string_chunk_insert (import->texts, texts[BW_IMPORT_MACHINE_ID]);
  g_array_append_val (import->rows, row);

  return TRUE;
}

static int
compare_ids (const void *a,
             const void *b,
             void       *rows)
{
  guint32 left = *(const guint32 *) a;
  guint32 right = *(const guint32 *) b;
  int order = memcmp (((const BwImportRow *) rows)[left].id, ((const BwImportRow *) rows)[right].id, BW_DEVICE_ID_LENGTH);

  return order != 0 ? order : left < right ? -1 : 1;
}

/* Leaves out the rows that are marked by an empty id. */
static void
compact (Import *import)
{
  BwImportRow *rows = (BwImportRow *) (void *) import->rows->data;
  guint n = 0;

  for (guint i = 0; i < import->rows->len; i++)
    {
      if (rows[i].id[0] != '\0')
        rows[n++] = rows[i];
    }
  g_array_set_size (import->rows, n);
}

/* The first of several stays. */
static void
find_duplicates (Import *import)
{
  BwImportRow *rows = (BwImportRow *) (void *) import->rows->data;
  guint n_rows = import->rows->len;
  g_autofree guint32 *order = g_new (guint32, MAX (n_rows, 1));
  g_autofree guint8 *is_double = g_new0 (guint8, MAX (n_rows, 1));

  for (guint i = 0; i < n_rows; i++)
    order[i] = i;
  qsort_r (order, n_rows, sizeof *order, compare_ids, rows);

  for (guint i = 1; i < n_rows; i++)
    is_double[order[i]] = memcmp (rows[order[i - 1]].id, rows[order[i]].id, BW_DEVICE_ID_LENGTH) == 0;

  for (guint i = 0; i < n_rows; i++)
    {
      if (!is_double[i])
        continue;
      add_problem (import, rows[i].line, BW_IMPORT_ID, rows[i].id, BW_IMPORT_DUPLICATE);
      rows[i].id[0] = '\0';
    }
  compact (import);
}

static gpointer
read_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  Import *import = task_data;

  if (!bw_rows_read (import->csv, import->ignored, take_row, import, error))
    return NULL;

  g_clear_pointer (&import->csv, g_bytes_unref);
  find_duplicates (import);

  return import;
}

static gpointer
look_up_job (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Import *import = task_data;
  guint n = MIN (SLICE_SIZE, import->rows->len - import->n_looked_up);
  BwImportRow *rows = (BwImportRow *) (void *) import->rows->data + import->n_looked_up;
  g_autofree const char **ids = g_new (const char *, MAX (n, 1));
  g_autofree BwDeviceStanding *standings = g_new (BwDeviceStanding, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    ids[i] = rows[i].id;

  if (!bw_batch_repo_look_up (thread->db, ids, n, standings, error))
    return NULL;

  for (guint i = 0; i < n; i++)
    {
      if (standings[i].batch_id == 0)
        continue;
      add_problem (import, rows[i].line, BW_IMPORT_ID, rows[i].id, BW_IMPORT_EXISTS);
      rows[i].id[0] = '\0';
    }
  import->n_looked_up += n;

  return import;
}

/* @batch: (nullable): what was made */
static GBytes *
make_document (Import     *import,
               const char *batch)
{
  GString *out = g_string_sized_new (1024 + import->problems.json->len);

  bw_json_begin_object (out, NULL);
  if (batch != NULL)
    bw_json_add_raw (out, "batch", batch);
  else
    bw_json_add_null (out, "batch");
  bw_json_add_int (out, "nRows", import->n_rows);
  bw_json_add_int (out, "nGood", import->n_rows - import->problems.n);
  bw_json_add_int (out, "nBad", import->problems.n);
  bw_json_add_int (out, "nOwnKeys", import->n_own_keys);
  bw_json_begin_array (out, "ignored");
  for (guint i = 0; i < import->ignored->len; i++)
    bw_json_add_string (out, NULL, g_ptr_array_index (import->ignored, i));
  bw_json_end_array (out);
  bw_problems_write (&import->problems, out);
  bw_json_end_object (out);

  return g_string_free_to_bytes (out);
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BwBatchService *self = BW_BATCH_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) document = g_task_propagate_pointer (G_TASK (result), &error);
  Import *import = g_task_get_task_data (task);
  g_autofree char *text = NULL;

  if (document == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  import->has_begun = TRUE;
  bw_batch_service_begin_creation (self, import->job);
  text = g_strndup (g_bytes_get_data (document, NULL), g_bytes_get_size (document));
  g_task_return_pointer (task, make_document (import, text), (GDestroyNotify) g_bytes_unref);
}

/* @task: (transfer full) */
static void
make_batch (BwBatchService *self,
            GTask          *task)
{
  Import *import = g_task_get_task_data (task);
  BwBatchJob *job = import->job;
  g_autoptr(GError) error = NULL;
  GTask *step;

  job->row->count = import->rows->len;
  if (!bw_batch_service_check_room (self, job->row->count, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }

  job->maker = bw_batch_maker_new_import (g_steal_pointer (&import->rows), g_steal_pointer (&import->texts));
  /* there is nothing to hand over: all keys are where they came from */
  if (bw_batch_maker_get_secret (job->maker) == NULL)
    job->row->handed_over_at_us = job->row->created_at_us;

  step = g_task_new (self, NULL, added_cb, task);
  g_task_set_source_tag (step, make_batch);
  g_task_set_task_data (step, job, NULL);
  bw_store_push_write (bw_batch_service_get_store (self), step, bw_batch_add_job, (GDestroyNotify) g_bytes_unref);
}

static void look_up_next (BwBatchService *self,
                          GTask          *task);

static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  BwBatchService *self = BW_BATCH_SERVICE (source);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Import *import = g_task_get_task_data (task);

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (import->n_looked_up < import->rows->len)
    {
      look_up_next (self, g_steal_pointer (&task));
      return;
    }

  compact (import);
  for (guint i = 0; i < import->rows->len; i++)
    import->n_own_keys += g_array_index (import->rows, BwImportRow, i).has_key;

  if (import->dry_run || import->rows->len == 0 || (import->problems.n > 0 && !import->skip_bad))
    g_task_return_pointer (task, make_document (import, NULL), (GDestroyNotify) g_bytes_unref);
  else
    make_batch (self, g_steal_pointer (&task));
}

/* @task: (transfer full) */
static void
look_up_next (BwBatchService *self,
              GTask          *task)
{
  GTask *step = g_task_new (self, g_task_get_cancellable (task), looked_up_cb, task);

  g_task_set_source_tag (step, look_up_next);
  g_task_set_task_data (step, g_task_get_task_data (task), NULL);
  bw_store_push_search (bw_batch_service_get_store (self), step, look_up_job, NULL);
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
    look_up_next (BW_BATCH_SERVICE (source), g_steal_pointer (&task));
}

void
bw_batch_service_import_async (BwBatchService      *self,
                               const BwActor       *actor,
                               const char          *address,
                               const BwBatchWish   *wish,
                               GBytes              *csv,
                               gboolean             skip_bad,
                               gboolean             dry_run,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GError) error = NULL;
  GTask *task;
  GTask *step;
  Import *import;

  g_return_if_fail (BW_IS_BATCH_SERVICE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_batch_service_import_async);
  if (!bw_batch_service_may (actor, BW_PERMISSION_CREATE_IDS, task))
    return;

  if (!bw_batch_check (wish->name, 1, wish->color, wish->info, NULL, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }

  import = g_new0 (Import, 1);
  import->job = bw_batch_job_new (actor, address, NULL);
  bw_batch_job_take_wish (import->job, wish);
  import->csv = g_bytes_ref (csv);
  import->rows = g_array_new (FALSE, FALSE, sizeof (BwImportRow));
  import->texts = g_string_chunk_new (64 * 1024);
  import->ignored = g_ptr_array_new_with_free_func (g_free);
  import->skip_bad = skip_bad;
  import->dry_run = dry_run;
  bw_problems_init (&import->problems);
  g_task_set_task_data (task, import, (GDestroyNotify) import_free);

  step = g_task_new (self, cancellable, read_cb, task);
  g_task_set_source_tag (step, bw_batch_service_import_async);
  g_task_set_task_data (step, import, NULL);
  bw_store_push_search (bw_batch_service_get_store (self), step, read_job, NULL);
}

gboolean
bw_batch_service_has_imported (GAsyncResult *result)
{
  return ((Import *) g_task_get_task_data (G_TASK (result)))->has_begun;
}
