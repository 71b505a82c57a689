/* ctl-verify.c: bellwetherctl labels verify, batch verify
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-design.h"

#include <string.h>
#include <unistd.h>

#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-label-reader.h"
#include "bw-label-tally.h"
#include "bw-sheet.h"

#define READ_BYTES 4096

/* Of what a scanner types; longer lines are cut. */
#define LINE_MAX_BYTES 512

/* Foreign codes that are kept to be shown at the end. */
#define MAX_FOREIGN 1000

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
  gint64   first;
  gint64   count;
} VerifyOptions;

static void
verify_options_clear (VerifyOptions *options)
{
  g_strfreev (options->images);
  g_free (options->stock);
  g_free (options->reprint);
  g_free (options->design_name);
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

  for (guint i = 0; i < n_images; i++)
    {
      if (!bw_label_reader_read_file (reader, options->images[i], page_read_cb, ctl, ctl->cancellable, error))
        return NULL;
    }

  return g_steal_pointer (&reader);
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

static void
print_json (GPtrArray * const lists[BW_LABEL_N_LISTS])
{
  g_autoptr(GString) out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  for (guint i = 0; i < BW_LABEL_N_LISTS; i++)
    {
      bw_json_begin_array (out, bw_label_verdict_to_nick (i));
      for (guint j = 0; j < lists[i]->len; j++)
        bw_json_add_string (out, NULL, g_ptr_array_index (lists[i], j));
      bw_json_end_array (out);
    }
  bw_json_end_object (out);
  ctl_print_text (out->str);
}

static const char *
verdict_to_text (guint verdict)
{
  static const char * const texts[] = {
    NC_("label", "confirmed"), NC_("label", "missing"), NC_("label", "unreadable"),
    NC_("label", "duplicate"), NC_("label", "swapped"), NC_("label", "foreign"),
  };

  return g_dpgettext2 (NULL, "label", texts[verdict]);
}

/* What is not as it should be, a line each, then how many of each there are. */
static void
print_lists (GPtrArray * const lists[BW_LABEL_N_LISTS],
             GPtrArray        *ids)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(GHashTable) serials = g_hash_table_new (g_str_hash, g_str_equal);
  const char *head[] = { _("LABEL"), _("SERIAL"), _("RESULT"), NULL };

  for (guint i = 0; i < ids->len; i++)
    g_hash_table_insert (serials, g_ptr_array_index (ids, i), GUINT_TO_POINTER (i + 1));

  g_ptr_array_add (rows, g_strdupv ((char **) head));
  for (guint i = BW_LABEL_MISSING; i < BW_LABEL_N_LISTS; i++)
    {
      for (guint j = 0; j < lists[i]->len; j++)
        {
          const char *text = g_ptr_array_index (lists[i], j);
          guint serial = GPOINTER_TO_UINT (g_hash_table_lookup (serials, text));
          char **row = g_new0 (char *, 4);

          row[0] = ctl_clean (text);
          row[1] = serial > 0 ? g_strdup_printf ("%u", serial) : g_strdup ("–");
          row[2] = g_strdup (verdict_to_text (i));
          g_ptr_array_add (rows, row);
        }
    }

  if (rows->len > 1)
    ctl_print_table (rows);

  for (guint i = 0; i < BW_LABEL_N_LISTS; i++)
    {
      if (i == BW_LABEL_CONFIRMED || lists[i]->len > 0)
        /* Translators: a result of looking at labels, and how many have it: "confirmed: 60" */
        g_print (_("%s: %'u\n"), verdict_to_text (i), lists[i]->len);
    }
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

  if (report->pages->len == 0)
    return ctl_fail_text (_("no label of “%s” can be read in what was given; is the stock “%s” right?"),
                          bw_batch_get_name (batch), stock->name);

  if (ctl->json)
    print_json (report->lists);
  else
    {
      print_lists (report->lists, ids);
      if (report->n_unplaced > 0)
        g_print (ngettext ("%'u page holds no code.\n", "%'u pages hold no code.\n", report->n_unplaced),
                 report->n_unplaced);
    }

  if (options->reprint != NULL && !write_reprint (ctl, batch, stock, ids, report->failed, options, &error))
    return ctl_fail (error);

  return bw_label_report_is_clean (report) ? CTL_DONE : CTL_REFUSED;
}

static CtlStatus
verify_labels (Ctl              *ctl,
               const CtlCommand *command,
               char            **arguments)
{
  g_auto(VerifyOptions) options = { .first = 1 };
  const GOptionEntry entries[] = {
    { "image", 'i', G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME_ARRAY, &options.images, N_("A scan of the printed labels: a picture or a PDF; may be given again"), N_("FILE") },
    { "stock", 's', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.stock, N_("The label sheet or roll; without it, it is found by trying"), N_("NAME") },
    { "design", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.design_name, N_("What stands on them; see “labels design list”"), N_("DESIGN") },
    { "start", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &options.start, N_("The label that the first one is on, from 1; without it, it is found out"), "K" },
    { "first", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT64, &options.first, N_("The first serial number"), "N" },
    { "count", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT64, &options.count, N_("How many were printed"), "M" },
    { "reprint", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &options.reprint, N_("Where to write the labels that failed, to print them again"), N_("FILE") },
    { NULL }
  };
  const BwStock *stock;
  g_autoptr(BwBatch) batch = NULL;
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(BwLabelReader) reader = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (options.images == NULL)
    return ctl_usage_error (command, _("--%s is missing"), "image");

  if (!ctl_connect (ctl, &error) ||
      (batch = ctl_find_batch (ctl, arguments[0], &error)) == NULL ||
      (options.design_name != NULL && (options.design = ctl_find_design (ctl, options.design_name, &error)) == NULL) ||
      (ids = load_ids (ctl, batch, &error)) == NULL ||
      !settle_job (batch, ids->len, &options, &error))
    return ctl_fail (error);

  stock = options.stock != NULL ? bw_stock_find (options.stock, &error) : guess_stock (ctl, ids, &options, &error);
  if (stock != NULL)
    reader = read_images (ctl, stock, ids, &options, g_strv_length (options.images), &error);
  ctl_progress_end (ctl);

  return reader != NULL ? report_sheets (ctl, batch, stock, ids, reader, &options) : ctl_fail (error);
}

/* A hand scanner types lines. */

typedef struct
{
  Ctl          *ctl;
  GPtrArray    *ids;
  BwLabelTally *tally;
  GString      *line;
  GPtrArray    *foreign;
} Scans;

static void
take_line (Scans *scans)
{
  guint n_ids = scans->ids->len;
  guint index = 0;
  g_autofree char *text = g_utf8_make_valid (scans->line->str, (gssize) scans->line->len);
  g_autofree char *shown = ctl_clean (g_strstrip (text));

  g_string_truncate (scans->line, 0);
  if (*text == '\0')
    return;

  switch (bw_label_tally_scan (scans->tally, text, &index))
    {
    case BW_LABEL_SCAN_CONFIRMED:
      if (!scans->ctl->json)
        /* Translators: an ID; its serial; how many labels are confirmed of how many */
        g_print (_("%s: serial %'u, %'u of %'u\n"), (char *) g_ptr_array_index (scans->ids, index), index + 1,
                 bw_label_tally_get_n_confirmed (scans->tally), n_ids);
      break;
    case BW_LABEL_SCAN_AGAIN:
      if (!scans->ctl->json)
        g_print (_("%s: was scanned before\n"), (char *) g_ptr_array_index (scans->ids, index));
      break;
    case BW_LABEL_SCAN_FOREIGN:
    default:
      if (!scans->ctl->json)
        g_print (_("%s: is not of this batch\n"), shown);
      if (scans->foreign->len < MAX_FOREIGN)
        g_ptr_array_add (scans->foreign, g_strdup (shown));
      break;
    }
}

static gboolean
take_lines (Scans   *scans,
            GError **error)
{
  g_autoptr(GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);

  while (TRUE)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GBytes) bytes = NULL;
      const char *data;
      gsize length;

      g_input_stream_read_bytes_async (input, READ_BYTES, G_PRIORITY_DEFAULT, scans->ctl->cancellable,
                                       ctl_result_cb, scans->ctl);
      result = ctl_await (scans->ctl);
      bytes = g_input_stream_read_bytes_finish (input, result, error);
      if (bytes == NULL)
        return FALSE;

      data = g_bytes_get_data (bytes, &length);
      for (gsize i = 0; i < length; i++)
        {
          if (data[i] == '\n' || data[i] == '\r')
            take_line (scans);
          else if (scans->line->len < LINE_MAX_BYTES)
            g_string_append_c (scans->line, data[i]);
        }

      if (length == 0)
        {
          take_line (scans);
          return TRUE;
        }
    }
}

static CtlStatus
report_scans (Scans *scans)
{
  g_autoptr(GPtrArray) confirmed = g_ptr_array_new ();
  g_autoptr(GPtrArray) missing = g_ptr_array_new ();
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  GPtrArray *lists[BW_LABEL_N_LISTS] = { confirmed, missing, none, none, none, scans->foreign };

  for (guint i = 0; i < scans->ids->len; i++)
    g_ptr_array_add (bw_label_tally_has (scans->tally, i) ? confirmed : missing, g_ptr_array_index (scans->ids, i));

  if (scans->ctl->json)
    print_json (lists);
  else
    print_lists (lists, scans->ids);

  return missing->len == 0 && scans->foreign->len == 0 ? CTL_DONE : CTL_REFUSED;
}

static CtlStatus
verify_batch (Ctl              *ctl,
              const CtlCommand *command,
              char            **arguments)
{
  g_autoptr(BwBatch) batch = NULL;
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(BwLabelTally) tally = NULL;
  g_autoptr(GString) line = g_string_new (NULL);
  g_autoptr(GPtrArray) foreign = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  Scans scans;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) ||
      (batch = ctl_find_batch (ctl, arguments[0], &error)) == NULL ||
      (ids = load_ids (ctl, batch, &error)) == NULL)
    return ctl_fail (error);

  tally = bw_label_tally_new (ids);
  scans = (Scans) { ctl, ids, tally, line, foreign };
  if (!ctl->json && isatty (STDIN_FILENO))
    g_printerr ("%s\n", _("Scan the labels; end with Ctrl+D."));

  /* Ctrl+C is an end, too: what was scanned counts. */
  if (!take_lines (&scans, &error) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ctl_fail (error);

  return report_scans (&scans);
}

const CtlCommand ctl_verify_commands[] = {
  { "labels", "verify", "NAME --image FILE [--image FILE …] [--stock STOCK] [--design DESIGN] [--start K] [--first N] [--count M] [--reprint FILE]",
    N_("Read printed labels back from scans, and tell what is wrong with them"), verify_labels },
  { "batch", "verify", "NAME", N_("Tick off the codes that a scanner types on standard input, a line each"), verify_batch },
  { NULL }
};
