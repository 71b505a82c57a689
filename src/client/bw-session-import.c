/* bw-session-import.c: tables of Device IDs, both ways
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

#include <string.h>

#include "bw-csv-reader.h"
#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-json.h"

/* A million devices with all that is known of them. */
#define FACTS_MAX_BYTES ((gsize) 512 * 1024 * 1024)

/* The next text behind the ones before; NULL for an empty one. */
static char *
put (char       **at,
     const char  *text)
{
  char *to = *at;

  if (*text == '\0')
    return NULL;

  *at = g_stpcpy (to, text) + 1;

  return to;
}

/* serial, device_id, name, type, abbreviation, license, machine_id, company, product, which an older backend does not
 * tell. The texts lie behind the structure: a million of them is one allocation each, and let go of as fast. */
static BwDeviceFacts *
read_facts (const BwCsvReader *reader)
{
  gsize n_bytes = 0;
  BwDeviceFacts *facts;
  char *at;

  if (reader->n_fields < 8 || !bw_device_id_is_canonical (reader->fields[1], strlen (reader->fields[1])))
    return NULL;

  for (guint i = 1; i < MIN (reader->n_fields, 9); i++)
    n_bytes += strlen (reader->fields[i]) + 1;

  facts = g_malloc (sizeof *facts + n_bytes);
  at = (char *) (facts + 1);
  facts->serial = g_ascii_strtoll (reader->fields[0], NULL, 10);
  facts->device_id = put (&at, reader->fields[1]);
  facts->name = put (&at, reader->fields[2]);
  facts->type = put (&at, reader->fields[3]);
  facts->abbreviation = put (&at, reader->fields[4]);
  facts->license = put (&at, reader->fields[5]);
  facts->machine_id = put (&at, reader->fields[6]);
  facts->company = put (&at, reader->fields[7]);
  facts->product = reader->n_fields > 8 ? put (&at, reader->fields[8]) : NULL;

  return facts;
}

static gpointer
parse_facts (GBytes  *body,
             GError **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  g_auto(BwCsvReader) reader = { NULL, };
  g_autoptr(GError) local_error = NULL;
  gsize size;
  const char *text = g_bytes_get_data (body, &size);
  gboolean is_head = TRUE;

  if (!bw_csv_reader_init (&reader, text != NULL ? text : "", size, error))
    return NULL;

  while (bw_csv_reader_next (&reader, &local_error))
    {
      BwDeviceFacts *facts = is_head ? NULL : read_facts (&reader);

      if (facts == NULL && !is_head)
        {
          g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                               "the backend's answer holds something that is no Device ID");
          return NULL;
        }

      if (facts != NULL)
        g_ptr_array_add (list, facts);
      is_head = FALSE;
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return g_steal_pointer (&list);
}

static void
facts_received_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  bw_session_exchange_parse (BW_SESSION (source), result, parse_facts, (GDestroyNotify) g_ptr_array_unref, user_data);
}

void
bw_session_load_label_facts_async (BwSession           *self,
                                   const char          *batch_id,
                                   gint64               first,
                                   gint64               count,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (batch_id != NULL);

  escaped = g_uri_escape_string (batch_id, NULL, FALSE);
  path = g_strdup_printf ("/v1/batches/%s/label-facts?first=%" G_GINT64_FORMAT "&count=%" G_GINT64_FORMAT,
                          escaped, first, count);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_load_label_facts_async);
  bw_session_exchange_async (self, "GET", path, NULL, FACTS_MAX_BYTES, BW_EXCHANGE_PATIENT, cancellable,
                             facts_received_cb, g_steal_pointer (&task));
}

GPtrArray *
bw_session_load_label_facts_finish (BwSession     *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_load_label_facts_async, error);
}

static void
report_received_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  JsonObject *report = bw_session_document_finish (BW_SESSION (source), result, &error);

  if (report == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, report, (GDestroyNotify) json_object_unref);
}

void
bw_session_confirm_flashed_async (BwSession           *self,
                                  const char          *batch_id,
                                  GBytes              *csv,
                                  BwProgressFunc       progress,
                                  gpointer             progress_data,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (batch_id != NULL && csv != NULL);

  escaped = g_uri_escape_string (batch_id, NULL, FALSE);
  path = g_strconcat ("/v1/batches/", escaped, "/flashed", NULL);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_confirm_flashed_async);
  bw_session_exchange_table_async (self, path, csv, progress, progress_data, cancellable,
                                   report_received_cb, g_steal_pointer (&task));
}

JsonObject *
bw_session_confirm_flashed_finish (BwSession     *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  return bw_session_finish_pointer (self, result, bw_session_confirm_flashed_async, error);
}

static void
add_parameter (GString    *path,
               const char *name,
               const char *value)
{
  if (value == NULL)
    return;

  g_string_append_printf (path, "%c%s=", strchr (path->str, '?') == NULL ? '?' : '&', name);
  g_string_append_uri_escaped (path, value, NULL, FALSE);
}

void
bw_session_import_batch_async (BwSession           *self,
                               const BwImportWish  *wish,
                               GBytes              *csv,
                               BwProgressFunc       progress,
                               gpointer             progress_data,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GString) path = g_string_new ("/v1/batches/import");

  g_return_if_fail (BW_IS_SESSION (self));
  g_return_if_fail (wish->name != NULL && csv != NULL);

  add_parameter (path, "name", wish->name);
  add_parameter (path, "companyId", wish->company_id);
  add_parameter (path, "company", wish->company);
  add_parameter (path, "color", wish->color);
  add_parameter (path, "info", wish->info);
  add_parameter (path, "skipBad", wish->skip_bad ? "true" : NULL);
  add_parameter (path, "dryRun", wish->dry_run ? "true" : NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_import_batch_async);
  bw_session_exchange_table_async (self, path->str, csv, progress, progress_data, cancellable,
                                   report_received_cb, g_steal_pointer (&task));
}

JsonObject *
bw_session_import_batch_finish (BwSession     *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  JsonObject *report = bw_session_finish_pointer (self, result, bw_session_import_batch_async, error);

  /* it makes itself known by the feed, too, but who has none waits for it */
  if (report != NULL && bw_json_get_object (report, "batch") != NULL)
    {
      g_autoptr(GError) local_error = NULL;

      if (!bw_entity_list_upsert (bw_session_get_batches (self), bw_json_get_object (report, "batch"), &local_error))
        g_debug ("the batch that was imported: %s", local_error->message);
      bw_session_outdate_list (self, BW_LIST_BATCHES);
    }

  return report;
}
