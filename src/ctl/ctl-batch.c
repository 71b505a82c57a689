/* ctl-batch.c: bellwetherctl batch …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-batch.h"

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"

#define POLL_MS 100

static char *
batch_path (const char *id)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strconcat ("/v1/batches/", escaped, NULL);
}

/* The person does not want it any more: what has grown so far goes again. */
static CtlStatus
take_back (Ctl        *ctl,
           const char *id,
           const char *name)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bw_session_cancel_batch_async (ctl->session, id, NULL, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  if (!bw_session_cancel_batch_finish (ctl->session, result, &error))
    return ctl_fail (error);

  return ctl_fail_text (_("cancelled, the batch “%s” is taken back"), name);
}

/* Waits until the batch is whole. (transfer full) (nullable) */
static JsonObject *
follow_creation (Ctl         *ctl,
                 JsonObject  *created,
                 GError     **error)
{
  g_autofree char *path = batch_path (bw_json_get_string (created, "id"));
  g_autoptr(JsonObject) batch = json_object_ref (created);

  while (g_strcmp0 (bw_json_get_string (batch, "state"), "ready") != 0)
    {
      ctl_progress (ctl, _("Creating Device IDs: %'ld of %'ld"),
                    (long) bw_json_get_int (batch, "nDone", 0), (long) bw_json_get_int (batch, "count", 0));
      ctl_sleep (ctl, POLL_MS);
      g_clear_pointer (&batch, json_object_unref);
      batch = ctl_call (ctl, "GET", path, NULL, error);
      if (batch == NULL)
        break;
    }

  ctl_progress_end (ctl);

  return g_steal_pointer (&batch);
}

CtlStatus
ctl_wait_for_batch (Ctl        *ctl,
                    JsonObject *created,
                    const char *name,
                    gint64      count)
{
  g_autoptr(JsonObject) batch = NULL;
  g_autoptr(GError) error = NULL;

  if (bw_json_get_string (created, "id") == NULL)
    return ctl_fail_text ("%s", _("the backend's answer holds no batch"));

  batch = follow_creation (ctl, created, &error);
  if (batch == NULL)
    return g_cancellable_is_cancelled (ctl->cancellable)
             ? take_back (ctl, bw_json_get_string (created, "id"), name)
             : ctl_fail (error);

  if (ctl->json)
    ctl_print_document (batch);
  else
    g_print (ngettext ("Batch “%s” with %'ld Device ID is ready.\n",
                       "Batch “%s” with %'ld Device IDs is ready.\n", (gulong) count),
             name, (long) count);

  return CTL_DONE;
}

static CtlStatus
create (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autofree char *name = NULL;
  g_autofree char *company = NULL;
  g_autofree char *color = NULL;
  g_autofree char *info = NULL;
  gint64 count = -1;
  const GOptionEntry entries[] = {
    { "name", 'n', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &name, N_("A name that no other batch has"), N_("NAME") },
    { "count", 'c', G_OPTION_FLAG_NONE, G_OPTION_ARG_INT64, &count, N_("How many Device IDs, 1 to 1,000,000"), N_("COUNT") },
    { "company", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &company, N_("Name or alias of the company that gets them"), N_("COMPANY") },
    { "color", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &color, N_("The batch's mark"), "#RRGGBB" },
    { "info", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &info, N_("What people should know of it"), N_("TEXT") },
    { NULL }
  };
  g_autoptr(GString) body = g_string_new (NULL);
  g_autoptr(JsonObject) created = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  const char *field = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 0, 0))
    return CTL_USAGE;

  if (name == NULL)
    return ctl_usage_error (command, _("--%s is missing"), "name");

  if (count == -1)
    return ctl_usage_error (command, _("--%s is missing"), "count");

  /* The dialog of the desktop and the backend ask the same. */
  if (!bw_batch_check (name, count, color, info, &field, &error))
    return g_strcmp0 (field, "color") == 0 ? ctl_fail_text ("“%s”: %s", color, error->message) : ctl_fail (error);

  if (!ctl_connect (ctl, &error))
    return ctl_fail (error);

  bw_json_begin_object (body, NULL);
  bw_json_add_string (body, "name", name);
  bw_json_add_int (body, "count", count);
  if (company != NULL)
    bw_json_add_string (body, "company", company);
  if (color != NULL)
    bw_json_add_string (body, "color", color);
  if (info != NULL)
    bw_json_add_string (body, "info", info);
  bw_json_end_object (body);

  /* Not to be interrupted: who does not know the id cannot take it back. */
  bw_session_call_async (ctl->session, "POST", "/v1/batches", body->str, NULL, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  created = bw_session_call_finish (ctl->session, result, &error);
  if (created == NULL)
    return company != NULL && g_error_matches (error, BW_ERROR, BW_ERROR_NOT_FOUND)
             ? ctl_fail_text (_("there is no company “%s”"), company) : ctl_fail (error);

  return ctl_wait_for_batch (ctl, created, name, count);
}

static GStrv
batch_row (JsonObject *batch)
{
  gint64 count = bw_json_get_int (batch, "count", 0);
  gint64 handed_over_at = bw_json_get_int (batch, "handedOverAt", 0);
  gboolean is_ready = g_strcmp0 (bw_json_get_string (batch, "state"), "ready") == 0;
  g_autoptr(GStrvBuilder) row = g_strv_builder_new ();
  g_autofree char *name = ctl_clean (bw_json_get_string (batch, "name"));
  g_autofree char *counted = g_strdup_printf ("%'" G_GINT64_FORMAT, count);
  g_autofree char *state = NULL;
  g_autofree char *color = ctl_clean (bw_json_get_string (batch, "color"));
  g_autofree char *created = ctl_format_time (bw_json_get_int (batch, "createdAt", 0));
  g_autofree char *handed_over = ctl_format_time (handed_over_at);

  if (is_ready)
    state = g_strdup (_("ready"));
  else
    /* Translators: a batch that is being created; so many of its IDs are there */
    state = g_strdup_printf (_("creating (%'ld)"), (long) bw_json_get_int (batch, "nDone", 0));

  g_strv_builder_add_many (row, name, counted, state, color, created, handed_over, NULL);

  return g_strv_builder_end (row);
}

static CtlStatus
list (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(GStrvBuilder) head = g_strv_builder_new ();
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  JsonArray *items;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error))
    return ctl_fail (error);

  reply = ctl_call (ctl, "GET", "/v1/batches", NULL, &error);
  if (reply == NULL)
    return ctl_fail (error);

  items = bw_json_get_array (reply, "items");
  if (items == NULL)
    return ctl_fail_text ("%s", _("the backend's answer holds no list"));

  if (ctl->json)
    {
      ctl_print_document (reply);
      return CTL_DONE;
    }

  g_strv_builder_add_many (head, _("BATCH"), _("COUNT"), _("STATE"), _("COLOR"), _("CREATED"), _("KEYS HANDED OVER"), NULL);
  g_ptr_array_add (rows, g_strv_builder_end (head));

  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        g_ptr_array_add (rows, batch_row (json_node_get_object (node)));
    }

  ctl_print_table (rows);

  return CTL_DONE;
}

static void
export_progress (gint64   n_done,
                 gint64   n_total,
                 gpointer user_data)
{
  ctl_progress (user_data, _("Writing the hand-over file: %d %%"),
                n_total > 0 ? (int) (n_done * 100 / n_total) : 0);
}

/* FALSE: the usage was shown. */
static gboolean
choose_format (const CtlCommand *command,
               const char       *csv,
               const char       *zip,
               const char       *format,
               BwHandOverFormat *ret_format)
{
  *ret_format = BW_HAND_OVER_CSV;

  if (csv == NULL && zip == NULL)
    ctl_usage_error (command, _("--%s is missing"), "csv");
  else if (csv != NULL && (zip != NULL || format != NULL))
    ctl_usage_error (command, "%s", _("either --csv, or --zip with --format"));
  else if (csv != NULL)
    return TRUE;
  else if (format == NULL)
    ctl_usage_error (command, _("--%s is missing"), "format");
  else if (g_str_equal (format, "json") || g_str_equal (format, "nvs"))
    {
      *ret_format = g_str_equal (format, "json") ? BW_HAND_OVER_JSON : BW_HAND_OVER_NVS;
      return TRUE;
    }
  else
    ctl_usage_error (command, _("there is no format “%s”; there are json and nvs"), format);

  return FALSE;
}

static void
tell_export (Ctl        *ctl,
             BwBatch    *batch,
             const char *file,
             gboolean    had_keys)
{
  g_autoptr(GString) out = g_string_new (NULL);

  if (ctl->json)
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "batch", bw_batch_get_name (batch));
      bw_json_add_string (out, "file", file);
      bw_json_add_int (out, "count", bw_batch_get_count (batch));
      bw_json_add_boolean (out, "keys", had_keys);
      bw_json_end_object (out);
      ctl_print_text (out->str);
    }
  else if (had_keys)
    g_print (_("“%s” holds the IDs and keys of “%s”. The backend has forgotten the keys: keep the file safe.\n"),
             file, bw_batch_get_name (batch));
  else
    g_print (_("“%s” holds the IDs of “%s”, without keys: they were handed over before.\n"),
             file, bw_batch_get_name (batch));
}

static CtlStatus
export (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autofree char *csv = NULL;
  g_autofree char *zip = NULL;
  g_autofree char *format_name = NULL;
  const GOptionEntry entries[] = {
    { "csv", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &csv, N_("Where to write the hand-over file"), N_("FILE") },
    { "zip", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &zip, N_("Where to write a file for each device instead"), N_("FILE") },
    { "format", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &format_name, N_("Of the files in the ZIP: json, or nvs for ESP-IDF"), N_("FORMAT") },
    { NULL }
  };
  g_autoptr(BwBatch) batch = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  BwHandOverFormat format;
  gboolean had_keys = FALSE;
  gboolean ok;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1) || !choose_format (command, csv, zip, format_name, &format))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (batch = ctl_find_batch (ctl, arguments[0], &error)) == NULL)
    return ctl_fail (error);

  bw_session_export_batch_as_async (ctl->session, bw_entity_get_id (BW_ENTITY (batch)), csv != NULL ? csv : zip, format,
                                    export_progress, ctl, ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  ok = bw_session_export_batch_finish (ctl->session, result, &had_keys, &error);
  ctl_progress_end (ctl);
  if (!ok)
    return ctl_fail (error);

  tell_export (ctl, batch, csv != NULL ? csv : zip, had_keys);

  return CTL_DONE;
}

static CtlStatus
cancel (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autoptr(BwBatch) batch = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (batch = ctl_find_batch (ctl, arguments[0], &error)) == NULL)
    return ctl_fail (error);

  bw_session_cancel_batch_async (ctl->session, bw_entity_get_id (BW_ENTITY (batch)), ctl->cancellable,
                                 ctl_result_cb, ctl);
  result = ctl_await (ctl);
  if (!bw_session_cancel_batch_finish (ctl->session, result, &error))
    return ctl_fail (error);

  return CTL_DONE;
}

const CtlCommand ctl_batch_commands[] = {
  { "batch", "create", "--name NAME --count COUNT [--company COMPANY] [--color #RRGGBB] [--info TEXT]",
    N_("Create a batch of Device IDs, and wait until they are all there; Ctrl+C takes it back"), create },
  { "batch", "list", NULL, N_("List the batches, the newest first"), list },
  { "batch", "import", "FILE --name NAME [--company COMPANY] [--color #RRGGBB] [--info TEXT] [--skip-bad] [--dry-run]",
    N_("Make a batch of Device IDs that exist already, from a CSV file"), ctl_batch_import },
  { "batch", "export", "NAME --csv FILE | --zip FILE --format json|nvs",
    N_("Write the hand-over file for the manufacturer; the backend forgets the device keys then"), export },
  { "batch", "confirm", "NAME [--csv FILE]",
    N_("Take the manufacturer's word that devices carry their firmware: from a CSV file, or from a scanner"), ctl_batch_confirm },
  { "batch", "progress", "NAME [--stragglers STAGE] [--limit COUNT]",
    N_("Show how far the devices of a batch are, or who is behind"), ctl_batch_progress },
  { "batch", "cancel", "NAME", N_("Take back a batch that is still being created"), cancel },
  { NULL }
};
