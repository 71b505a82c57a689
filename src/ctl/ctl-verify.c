/* ctl-verify.c: bellwetherctl labels verify, batch verify
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-design.h"
#include "ctl-scans.h"

#include <string.h>
#include <unistd.h>

#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>

#include "bw-camera.h"
#include "bw-error.h"
#include "bw-label-reader.h"
#include "bw-sheet.h"

#define READ_BYTES 4096

/* Of what a scanner types; longer lines are cut. */
#define LINE_MAX_BYTES 512

/* Without --stock the first one is taken that makes this much of a picture right. */
#define GOOD_SHARE 0.8

/* When so many stocks in a row show no code at all, there is none in the picture. */
#define MAX_FRUITLESS 5

typedef struct
{
  char   **images;
  char    *stock;
  char    *reprint;
  char    *design_name;
  BwLabelDesign *design;    /* (owned) (nullable) */
  int      start;
  int      copies;
  gint64   first;
  gint64   count;
  gboolean has_camera;
  char    *pipeline;        /* (owned) (nullable) */
  char    *camera;          /* (owned) (nullable): NULL: the first one */
} VerifyOptions;

static void
verify_options_clear (VerifyOptions *options)
{
  g_strfreev (options->images);
  g_free (options->stock);
  g_free (options->reprint);
  g_free (options->design_name);
  g_free (options->pipeline);
  g_free (options->camera);
  g_clear_pointer (&options->design, bw_label_design_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VerifyOptions, verify_options_clear)

/* All of the batch: a code of it that was not to be on the sheet is at the wrong place, but not foreign.
 * (transfer full) */
static GPtrArray *
load_ids (Ctl      *ctl,
          BwBatch  *batch,
          GError  **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  if (!bw_batch_is_ready (batch))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT,
                   _("the batch “%s” is still being created"), bw_batch_get_name (batch));
      return NULL;
    }

  bw_session_load_ids_async (ctl->session, bw_entity_get_id (BW_ENTITY (batch)), 1, bw_batch_get_count (batch),
                             ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);

  return bw_session_load_ids_finish (ctl->session, result, error);
}

static gboolean
settle_job (BwBatch        *batch,
            guint           n_ids,
            VerifyOptions  *options,
            GError        **error)
{
  if (options->count == 0 && options->first >= 1)
    options->count = MAX ((gint64) n_ids - options->first + 1, 1);

  if (options->start < 0 || options->first < 1 || options->count < 1 || options->first > n_ids ||
      options->count > n_ids - options->first + 1)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   _("the batch “%s” has the serial numbers 1 to %ld, and labels are counted from 1"),
                   bw_batch_get_name (batch), (long) n_ids);
      return FALSE;
    }

  return TRUE;
}

static void
page_read_cb (guint    n_pages_done,
              guint    n_pages,
              gpointer user_data)
{
  /* Translators: pages of a scan */
  ctl_progress (user_data, _("Reading page %u of %u"), n_pages_done + 1, n_pages);

  /* Ctrl+C comes by the main loop. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

/* (transfer full) (nullable): a reader that knows the job and has seen the pictures */
static BwLabelReader *
read_images (Ctl                  *ctl,
             const BwStock        *stock,
             GPtrArray            *ids,
             const VerifyOptions  *options,
             guint                 n_images,
             GError              **error)
{
  g_autoptr(BwLabelReader) reader = NULL;

  if (options->start > (int) bw_stock_get_n_cells (stock))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("the start position on “%s” is between 1 and %u"),
                   stock->name, bw_stock_get_n_cells (stock));
      return NULL;
    }

  reader = bw_label_reader_new (stock, options->design, error);
  if (reader == NULL)
    return NULL;

  for (guint i = 0; i < ids->len; i++)
    {
      if (!bw_label_reader_add (reader, g_ptr_array_index (ids, i), error))
        return NULL;
    }
  bw_label_reader_set_job (reader, (guint) options->first - 1, (guint) options->count, (guint) options->start);
  bw_label_reader_set_copies (reader, (guint) options->copies);

  for (guint i = 0; i < n_images; i++)
    {
      if (!bw_label_reader_read_file (reader, options->images[i], page_read_cb, ctl, ctl->cancellable, error))
        return NULL;
    }

  return g_steal_pointer (&reader);
}

/* A sentence about a page that was photographed at too much of an angle. (transfer full) */
static char *
skewed_to_text (const BwLabelPage *page)
{
  g_autofree char *name = ctl_clean (page->file_name);

  /* Translators: a file, and which one of its pages */
  return g_strdup_printf (_("“%s”, page %u, was photographed at too much of an angle; take the picture from straight above"),
                          name, page->number);
}

/* The one on which most labels of the first picture are where they ought to be. */
static const BwStock *
guess_stock (Ctl                  *ctl,
             GPtrArray            *ids,
             const VerifyOptions  *options,
             GError              **error)
{
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);
  const BwStock *best = NULL;
  guint most = 0;
  guint n_codes = 0;

  for (guint i = 0; i < n_stocks && (n_codes > 0 || i < MAX_FRUITLESS); i++)
    {
      g_autoptr(BwLabelReader) reader = NULL;
      g_autoptr(BwLabelReport) report = NULL;
      BwLabelLayout layout;
      guint n_confirmed, n_failed;

      if (options->start > (int) bw_stock_get_n_cells (stocks[i]) || !bw_label_layout (stocks[i], 0, &layout, NULL))
        continue;

      reader = read_images (ctl, stocks[i], ids, options, 1, error);
      if (reader == NULL)
        return NULL;

      report = bw_label_reader_judge (reader);
      n_codes += report->n_codes;

      /* on another stock a label or two of it might pass for a whole sheet */
      if (report->pages->len == 0 && report->skewed->len > 0)
        {
          g_autofree char *text = skewed_to_text (g_ptr_array_index (report->skewed, 0));

          g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, text);
          return NULL;
        }

      n_confirmed = report->lists[BW_LABEL_CONFIRMED]->len;
      n_failed = report->failed->len + report->lists[BW_LABEL_FOREIGN]->len;
      if (n_confirmed > most)
        {
          most = n_confirmed;
          best = stocks[i];
        }

      if (n_confirmed > 1 && n_confirmed >= GOOD_SHARE * (n_confirmed + n_failed))
        return stocks[i];
    }

  if (best == NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("no label of this batch can be read in “%s”"),
                 options->images[0]);

  return best;
}

static int
compare_serials (gconstpointer a,
                 gconstpointer b)
{
  guint one = *(const guint *) a;
  guint other = *(const guint *) b;

  return one < other ? -1 : one > other;
}

static gboolean
write_reprint (Ctl           *ctl,
               BwBatch       *batch,
               const BwStock *stock,
               GPtrArray     *ids,
               GArray        *failed,
               const VerifyOptions *options,
               GError       **error)
{
  const BwLabelFacts none = { 0 };
  g_autoptr(GArray) serials = NULL;
  g_autoptr(BwSheet) sheet = NULL;

  if (failed->len == 0)
    {
      if (!ctl->json)
        g_print (_("There is nothing to print again.\n"));
      return TRUE;
    }

  sheet = bw_sheet_new (stock, bw_batch_get_name (batch), bw_batch_get_color (batch),
                        (guint) bw_batch_get_count (batch), bw_batch_get_created_at_us (batch), 1, error);
  if (sheet == NULL ||
      (options->design != NULL && (!bw_sheet_set_design (sheet, options->design, error) ||
                                   !ctl_set_facts (ctl, sheet, batch, &none, error))))
    return FALSE;

  serials = g_array_sized_new (FALSE, FALSE, sizeof (guint), failed->len);
  for (guint i = 0; i < failed->len; i++)
    {
      guint index = g_array_index (failed, guint, i);
      guint serial = index + 1;

      g_array_append_val (serials, serial);
      if (!bw_sheet_wants_facts (sheet) &&
          !bw_sheet_add (sheet, g_ptr_array_index (ids, index), serial, error))
        return FALSE;
    }

  g_array_sort (serials, compare_serials);
  if (bw_sheet_wants_facts (sheet) && !ctl_add_with_facts (ctl, sheet, batch, serials, error))
    return FALSE;

  if (!bw_sheet_write_pdf (sheet, options->reprint, NULL, NULL, ctl->cancellable, error))
    return FALSE;

  if (!ctl->json)
    g_print (ngettext ("“%s”: %'u label, sheets: %'u.\n", "“%s”: %'u labels, sheets: %'u.\n", failed->len),
             options->reprint, failed->len, bw_sheet_get_n_pages (sheet));

  return TRUE;
}

static CtlStatus
report_sheets (Ctl                 *ctl,
               BwBatch             *batch,
               const BwStock       *stock,
               GPtrArray           *ids,
               BwLabelReader       *reader,
               const VerifyOptions *options)
{
  g_autoptr(BwLabelReport) report = bw_label_reader_judge (reader);
  g_autoptr(GError) error = NULL;

  if (report->pages->len == 0 && report->skewed->len > 0)
    {
      g_autofree char *text = skewed_to_text (g_ptr_array_index (report->skewed, 0));

      return ctl_fail_text ("%s", text);
    }

  if (report->pages->len == 0)
    return ctl_fail_text (_("no label of “%s” can be read in what was given; is the stock “%s” right?"),
                          bw_batch_get_name (batch), stock->name);

  if (ctl->json)
    ctl_print_label_json (report->lists, report->skewed);
  else
    {
      ctl_print_label_lists (report->lists, ids);
      if (report->n_unplaced > 0)
        g_print (ngettext ("%'u page holds no code.\n", "%'u pages hold no code.\n", report->n_unplaced),
                 report->n_unplaced);
      for (guint i = 0; i < report->skewed->len; i++)
        {
          g_autofree char *text = skewed_to_text (g_ptr_array_index (report->skewed, i));

          g_print ("%s.\n", text);
        }
    }

  if (options->reprint != NULL && !write_reprint (ctl, batch, stock, ids, report->failed, options, &error))
    return ctl_fail (error);

  return bw_label_report_is_clean (report) ? CTL_DONE : CTL_REFUSED;
}

/* What was seen counts, also when the camera is lost. */
static CtlStatus
verify_by_camera (Ctl                 *ctl,
                  BwBatch             *batch,
                  const BwStock       *stock,
                  GPtrArray           *ids,
                  const VerifyOptions *options)
{
  g_auto(CtlScans) scans = { 0 };
  g_autoptr(GArray) missing = NULL;
  g_autoptr(GError) error = NULL;
  CtlStatus status = CTL_DONE, seen;

  ctl_scans_init (&scans, ctl, ids, (guint) options->first - 1, (guint) options->count,
                  (guint) options->copies);
  if (!ctl_scans_watch (&scans, options->camera, &error))
    {
      status = ctl_fail (error);
      if (bw_label_tally_get_n_confirmed (scans.tally) == 0 && scans.foreign->len == 0)
        return status;
      g_clear_error (&error);
    }

  seen = ctl_scans_report (&scans);
  missing = ctl_scans_get_missing (&scans);
  if (options->reprint != NULL && !write_reprint (ctl, batch, stock, ids, missing, options, &error))
    return ctl_fail (error);

  return status == CTL_DONE ? seen : status;
}

static CtlStatus
verify_seen (Ctl           *ctl,
             const char    *name,
             VerifyOptions *options)
{
  const BwStock *stock = NULL;
  g_autoptr(BwBatch) batch = NULL;
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(BwLabelReader) reader = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_connect (ctl, &error) ||
      (batch = ctl_find_batch (ctl, name, &error)) == NULL ||
      (options->design_name != NULL && (options->design = ctl_find_design (ctl, options->design_name, &error)) == NULL) ||
      (ids = load_ids (ctl, batch, &error)) == NULL ||
      !settle_job (batch, ids->len, options, &error) ||
      (options->stock != NULL && (stock = bw_stock_find (options->stock, &error)) == NULL))
    return ctl_fail (error);

  if (options->has_camera)
    return verify_by_camera (ctl, batch, stock, ids, options);

  if (stock == NULL)
    stock = guess_stock (ctl, ids, options, &error);
  if (stock != NULL)
    reader = read_images (ctl, stock, ids, options, g_strv_length (options->images), &error);
  ctl_progress_end (ctl);

  return reader != NULL ? report_sheets (ctl, batch, stock, ids, reader, options) : ctl_fail (error);
}

static CtlStatus
verify_labels (Ctl              *ctl,
               const CtlCommand *command,
               char            **arguments)
{
  g_auto(VerifyOptions) options = { .first = 1, .copies = 1 };
  const GOptionEntry entries[] = {
    { "image", 'i', G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME_ARRAY, &options.images, N_("A scan of the printed labels: a picture or a PDF; may be given again"), N_("FILE") },
    { "camera", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &options.has_camera, N_("Read the labels that are held before a camera"), NULL },
    { "camera-pipeline", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.pipeline, N_("The same with a source of GStreamer, described as for gst-launch-1.0"), N_("TEXT") },
    { "stock", 's', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.stock, N_("The label sheet or roll; without it, it is found by trying"), N_("NAME") },
    { "design", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.design_name, N_("What stands on them; see “labels design list”"), N_("DESIGN") },
    { "start", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &options.start, N_("The label that the first one is on, from 1; without it, it is found out"), "K" },
    { "first", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT64, &options.first, N_("The first serial number"), "N" },
    { "count", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT64, &options.count, N_("How many were printed"), "M" },
    { "copies", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &options.copies, N_("Of each label"), "N" },
    { "reprint", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &options.reprint, N_("Where to write the labels that failed, to print them again"), N_("FILE") },
    { NULL }
  };

  if (!ctl_parse (ctl, command, entries, arguments, 1, 2))
    return CTL_USAGE;

  if (arguments[1] != NULL && !options.has_camera)
    return ctl_usage_error (command, _("that is too much"));

  options.camera = options.pipeline != NULL ? g_strconcat (BW_CAMERA_PIPELINE, options.pipeline, NULL) : g_strdup (arguments[1]);
  options.has_camera |= options.pipeline != NULL;
  if (options.images == NULL && !options.has_camera)
    return ctl_usage_error (command, _("--%s is missing"), "image");

  if (options.images != NULL && options.has_camera)
    return ctl_usage_error (command, _("--image and --camera do not go together"));

  if (options.has_camera && options.reprint != NULL && options.stock == NULL)
    return ctl_usage_error (command, _("--%s is missing"), "stock");

  if (options.copies < 1 || options.copies > BW_SHEET_MAX_COPIES)
    return ctl_usage_error (command, _("--copies is between 1 and %d"), BW_SHEET_MAX_COPIES);

  return verify_seen (ctl, arguments[0], &options);
}

/* A hand scanner types lines. */

typedef struct
{
  CtlScans *scans;
  GString  *line;
} Typed;

static void
take_line (Typed *typed)
{
  g_autofree char *text = g_utf8_make_valid (typed->line->str, (gssize) typed->line->len);

  ctl_scans_take (typed->scans, g_strstrip (text));
  g_string_truncate (typed->line, 0);
}

static gboolean
take_lines (Ctl     *ctl,
            Typed   *typed,
            GError **error)
{
  g_autoptr(GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);

  while (TRUE)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GBytes) bytes = NULL;
      const char *data;
      gsize length;

      g_input_stream_read_bytes_async (input, READ_BYTES, G_PRIORITY_DEFAULT, ctl->cancellable,
                                       ctl_result_cb, ctl);
      result = ctl_await (ctl);
      bytes = g_input_stream_read_bytes_finish (input, result, error);
      if (bytes == NULL)
        return FALSE;

      data = g_bytes_get_data (bytes, &length);
      for (gsize i = 0; i < length; i++)
        {
          if (data[i] == '\n' || data[i] == '\r')
            take_line (typed);
          else if (typed->line->len < LINE_MAX_BYTES)
            g_string_append_c (typed->line, data[i]);
        }

      if (length == 0)
        {
          take_line (typed);
          return TRUE;
        }
    }
}

static CtlStatus
verify_batch (Ctl              *ctl,
              const CtlCommand *command,
              char            **arguments)
{
  g_autoptr(BwBatch) batch = NULL;
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(GString) line = g_string_new (NULL);
  g_auto(CtlScans) scans = { 0 };
  g_autoptr(GError) error = NULL;
  Typed typed = { &scans, line };

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) ||
      (batch = ctl_find_batch (ctl, arguments[0], &error)) == NULL ||
      (ids = load_ids (ctl, batch, &error)) == NULL)
    return ctl_fail (error);

  ctl_scans_init (&scans, ctl, ids, 0, ids->len, 1);
  if (!ctl->json && isatty (STDIN_FILENO))
    g_printerr ("%s\n", _("Scan the labels; end with Ctrl+D."));

  /* Ctrl+C is an end, too: what was scanned counts. */
  if (!take_lines (ctl, &typed, &error) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ctl_fail (error);

  return ctl_scans_report (&scans);
}

const CtlCommand ctl_verify_commands[] = {
  { "labels", "verify", "NAME (--image FILE [--image FILE …] | --camera [DEVICE] | --camera-pipeline TEXT) [--stock STOCK] [--design DESIGN] [--start K] [--first N] [--count M] [--copies N] [--reprint FILE]",
    N_("Read printed labels back from scans or before a camera, and tell what is wrong with them"), verify_labels },
  { "batch", "verify", "NAME", N_("Tick off the codes that a scanner types on standard input, a line each"), verify_batch },
  { NULL }
};
