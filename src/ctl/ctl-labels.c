/* ctl-labels.c: bellwetherctl labels …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-design.h"

#include <glib/gi18n.h>

#include "ctl-labels.h"

#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-number-list.h"
#include "bw-part-sheet.h"

#include <string.h>

#define IDS_MAX_BYTES (32 * 1024 * 1024)

static void
write_stock (GString       *out,
             const BwStock *stock)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "name", stock->name);
  bw_json_add_string (out, "brand", stock->brand);
  bw_json_add_string (out, "paper", stock->paper);
  bw_json_add_int (out, "columns", stock->n_columns);
  bw_json_add_int (out, "rows", stock->n_rows);
  bw_json_begin_array (out, "aliases");
  for (gsize i = 0; stock->aliases != NULL && stock->aliases[i] != NULL; i++)
    bw_json_add_string (out, NULL, stock->aliases[i]);
  bw_json_end_array (out);
  bw_json_end_object (out);
}

static CtlStatus
stocks (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autoptr(GString) out = g_string_new (NULL);
  const BwStock * const *all;
  guint n_stocks = 0;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  all = bw_stock_get_all (&n_stocks);
  if (ctl->json)
    {
      bw_json_begin_object (out, NULL);
      bw_json_begin_array (out, "items");
      for (guint i = 0; i < n_stocks; i++)
        write_stock (out, all[i]);
      bw_json_end_array (out);
      bw_json_end_object (out);
      ctl_print_text (out->str);
      return CTL_DONE;
    }

  for (guint i = 0; i < n_stocks; i++)
    {
      g_autofree char *line = bw_stock_to_line (all[i]);

      ctl_print_text (line);
    }

  return CTL_DONE;
}

typedef struct
{
  char     *stock;
  char     *pdf;
  char     *zip;
  char     *format;
  char     *zpl;
  char     *serials;
  char     *ids;
  char     *skip;
  char     *marks;
  char     *printer;
  int       start;
  int       copies;
  gint64    first;
  gint64    count;
  gboolean  by_columns;
  gboolean  continues;
  gboolean  leaves_status;
  guint     continued;      /* the number of the part-used sheet; 0: none */
  GArray   *numbers;        /* (owned) (element-type guint): the serials that are wanted, sorted */
  char     *design;
  char     *product;
  char     *abbreviation;
  char     *license;
} LabelOptions;

static void
label_options_clear (LabelOptions *options)
{
  g_free (options->stock);
  g_free (options->pdf);
  g_free (options->zip);
  g_free (options->format);
  g_free (options->zpl);
  g_free (options->serials);
  g_free (options->ids);
  g_free (options->skip);
  g_free (options->marks);
  g_free (options->printer);
  g_clear_pointer (&options->numbers, g_array_unref);
  g_free (options->design);
  g_free (options->product);
  g_free (options->abbreviation);
  g_free (options->license);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LabelOptions, label_options_clear)

static gboolean
apply_design (Ctl                *ctl,
              BwSheet            *sheet,
              BwBatch            *batch,
              const LabelOptions *options,
              GError            **error)
{
  const BwLabelFacts facts = {
    .product = options->product, .abbreviation = options->abbreviation, .license = options->license,
  };
  g_autoptr(BwLabelDesign) design = NULL;

  if (options->design == NULL)
    return TRUE;

  design = ctl_find_design (ctl, options->design, error);

  return design != NULL && bw_sheet_set_design (sheet, design, error) &&
         ctl_set_facts (ctl, sheet, batch, &facts, error);
}

/* (transfer full) (element-type utf8): the IDs of a row of serials */
static GPtrArray *
load_ids (Ctl      *ctl,
          BwBatch  *batch,
          gint64    first,
          gint64    count,
          GError  **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) ids = NULL;

  bw_session_load_ids_async (ctl->session, bw_entity_get_id (BW_ENTITY (batch)), first, count,
                             ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  ids = bw_session_load_ids_finish (ctl->session, result, error);
  if (ids != NULL && ids->len != count)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   _("the backend gave %u IDs of the %ld that were asked for"), ids->len, (long) count);
      return NULL;
    }

  return g_steal_pointer (&ids);
}

/* The Device IDs that stand in @path, a line each. (transfer full) (nullable) */
static GHashTable *
read_ids (const char  *path,
          GError     **error)
{
  g_autoptr(GHashTable) wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;

  if (length > IDS_MAX_BYTES)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, _("“%s” is too long for a list of IDs"), path);
      return NULL;
    }

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *id;

      g_strstrip (lines[i]);
      if (*lines[i] == '\0')
        continue;
      if ((id = ctl_parse_device_id (lines[i], error)) == NULL)
        return NULL;
      g_hash_table_add (wanted, id);
    }

  return g_steal_pointer (&wanted);
}

/* The serials of the IDs in a file. */
static gboolean
settle_ids (Ctl           *ctl,
            BwBatch       *batch,
            LabelOptions  *options,
            GError       **error)
{
  g_autoptr(GHashTable) wanted = read_ids (options->ids, error);
  g_autoptr(GPtrArray) ids = NULL;
  GHashTableIter iter;
  gpointer missing;

  if (wanted == NULL || (ids = load_ids (ctl, batch, 1, bw_batch_get_count (batch), error)) == NULL)
    return FALSE;

  options->numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint serial = 1; serial <= ids->len; serial++)
    {
      if (g_hash_table_remove (wanted, g_ptr_array_index (ids, serial - 1)))
        g_array_append_val (options->numbers, serial);
    }

  g_hash_table_iter_init (&iter, wanted);
  if (g_hash_table_iter_next (&iter, &missing, NULL))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, _("“%s” is not in the batch “%s”"),
                   (const char *) missing, bw_batch_get_name (batch));
      return FALSE;
    }

  if (options->numbers->len == 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("there is no Device ID in “%s”"), options->ids);
      return FALSE;
    }

  return TRUE;
}

/* Which serials: all from the first to the last one, when nothing is said. */
static gboolean
settle_numbers (Ctl           *ctl,
                BwBatch       *batch,
                LabelOptions  *options,
                GError       **error)
{
  gint64 n_batch = bw_batch_get_count (batch);

  if (!bw_batch_is_ready (batch))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT,
                   _("the batch “%s” is still being created"), bw_batch_get_name (batch));
      return FALSE;
    }

  if (options->ids != NULL)
    return settle_ids (ctl, batch, options, error);

  if (options->serials != NULL)
    {
      options->numbers = bw_number_list_parse (options->serials, (guint) n_batch, error);
      return options->numbers != NULL;
    }

  if (options->count == 0 && options->first >= 1)
    options->count = n_batch - options->first + 1;

  if (options->first < 1 || options->count < 1 || options->first > n_batch ||
      options->count > n_batch - options->first + 1)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   _("the batch “%s” has the serial numbers 1 to %ld, and labels are counted from 1"),
                   bw_batch_get_name (batch), (long) n_batch);
      return FALSE;
    }

  options->numbers = g_array_sized_new (FALSE, FALSE, sizeof (guint), (guint) options->count);
  for (guint serial = (guint) options->first; serial < options->first + options->count; serial++)
    g_array_append_val (options->numbers, serial);

  return TRUE;
}

/* The cells that stay empty: those that were named, or the used ones of the sheet to go on with.
 * (transfer full) (nullable) */
static GArray *
settle_skipped (const BwStock  *stock,
                LabelOptions   *options,
                GError        **error)
{
  g_autoptr(GPtrArray) sheets = NULL;
  const BwPartSheet *newest;

  if (!options->continues)
    return options->skip != NULL ? bw_number_list_parse (options->skip, bw_stock_get_n_cells (stock), error)
                                 : g_array_new (FALSE, FALSE, sizeof (guint));

  sheets = bw_part_sheet_list (stock, error);
  if (sheets == NULL)
    return NULL;
  if (sheets->len == 0)
    return g_array_new (FALSE, FALSE, sizeof (guint));

  newest = g_ptr_array_index (sheets, 0);
  options->continued = newest->number;

  return g_array_copy (newest->used);
}

static gboolean
set_options (BwSheet       *sheet,
             LabelOptions  *options,
             GError       **error)
{
  const BwStock *stock = bw_sheet_get_stock (sheet);
  BwSheetOptions how = BW_SHEET_OPTIONS_INIT;
  g_autoptr(GArray) skipped = settle_skipped (stock, options, error);

  if (skipped == NULL ||
      (options->printer != NULL && !bw_calibration_load (options->printer, stock->name, &how.calibration, error)))
    return FALSE;

  how.copies = (guint) MAX (options->copies, 0);
  how.by_columns = options->by_columns;
  how.skipped = (const guint *) (void *) skipped->data;
  how.n_skipped = skipped->len;
  if (g_strcmp0 (options->marks, "outlines") == 0)
    how.marks = BW_SHEET_MARKS_OUTLINES;
  else if (g_strcmp0 (options->marks, "corners") == 0)
    how.marks = BW_SHEET_MARKS_CORNERS;

  return bw_sheet_set_options (sheet, &how, error);
}

/* The labels that were asked for, or NULL with @error. (transfer full) */
static BwSheet *
fill_sheet (Ctl           *ctl,
            BwBatch       *batch,
            const BwStock *stock,
            LabelOptions  *options,
            GError       **error)
{
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(BwSheet) sheet = NULL;
  guint first, last;

  sheet = bw_sheet_new (stock, bw_batch_get_name (batch), bw_batch_get_color (batch),
                        (guint) bw_batch_get_count (batch), bw_batch_get_created_at_us (batch),
                        (guint) MAX (options->start, 0), error);
  if (sheet == NULL || !apply_design (ctl, sheet, batch, options, error) || !set_options (sheet, options, error))
    return NULL;

  if (bw_sheet_wants_facts (sheet))
    return ctl_add_with_facts (ctl, sheet, batch, options->numbers, error) ? g_steal_pointer (&sheet) : NULL;

  first = g_array_index (options->numbers, guint, 0);
  last = g_array_index (options->numbers, guint, options->numbers->len - 1);
  ids = load_ids (ctl, batch, first, last - first + 1, error);
  if (ids == NULL)
    return NULL;

  for (guint i = 0; i < options->numbers->len; i++)
    {
      guint serial = g_array_index (options->numbers, guint, i);

      if (!bw_sheet_add (sheet, g_ptr_array_index (ids, serial - first), serial, error))
        return NULL;
    }

  return g_steal_pointer (&sheet);
}

static gboolean
mark (Ctl                *ctl,
      BwBatch            *batch,
      const LabelOptions *options,
      GError            **error)
{
  guint n;

  if (options->leaves_status)
    return TRUE;

  for (guint i = 0; i < options->numbers->len; i += n)
    {
      g_autoptr(GAsyncResult) result = NULL;

      n = bw_number_list_get_run (options->numbers, i);
      bw_session_mark_labelled_async (ctl->session, bw_entity_get_id (BW_ENTITY (batch)),
                                      g_array_index (options->numbers, guint, i), n, NULL, ctl_result_cb, ctl);
      result = ctl_await (ctl);
      if (!bw_session_mark_labelled_finish (ctl->session, result, error))
        return FALSE;
    }

  return TRUE;
}

static void
page_written_cb (guint    n_pages_done,
                 guint    n_pages,
                 gpointer user_data)
{
  /* Translators: pages of a PDF */
  ctl_progress (user_data, _("Writing page %u of %u"), n_pages_done, n_pages);
}

static void
label_written_cb (guint    n_done,
                  guint    n_labels,
                  gpointer user_data)
{
  ctl_progress (user_data, _("Writing label %u of %u"), n_done, n_labels);
}

static gboolean
write_files (Ctl                *ctl,
             BwSheet            *sheet,
             const LabelOptions *options,
             GError            **error)
{
  BwPictureFormat format = g_strcmp0 (options->format, "svg") == 0 ? BW_PICTURE_SVG : BW_PICTURE_PNG;
  gboolean ok = TRUE;

  if (options->zpl != NULL)
    ok = bw_sheet_write_zpl (sheet, options->zpl, label_written_cb, ctl, ctl->cancellable, error);
  if (ok && options->zip != NULL)
    ok = bw_sheet_write_zip (sheet, options->zip, format, label_written_cb, ctl, ctl->cancellable, error);
  if (ok && options->pdf != NULL)
    ok = bw_sheet_write_pdf (sheet, options->pdf, page_written_cb, ctl, ctl->cancellable, error);
  ctl_progress_end (ctl);

  return ok;
}

static void
report (Ctl                *ctl,
        BwBatch            *batch,
        BwSheet            *sheet,
        const LabelOptions *options)
{
  g_autoptr(GString) out = g_string_new (NULL);
  guint n_labels = bw_sheet_get_n_labels (sheet);
  g_auto(GStrv) empty = ctl_list_empty (sheet);
  BwLabelQuality quality;

  bw_sheet_get_quality (sheet, &quality);
  if (!ctl->json)
    {
      if (options->pdf != NULL)
        g_print (ngettext ("“%s”: %'u label, sheets: %'u.\n", "“%s”: %'u labels, sheets: %'u.\n", n_labels),
                 options->pdf, n_labels, bw_sheet_get_n_pages (sheet));
      if (options->zip != NULL)
        g_print (ngettext ("“%s”: %'u picture.\n", "“%s”: %'u pictures.\n", n_labels), options->zip, n_labels);
      if (options->zpl != NULL)
        g_print (ngettext ("“%s”: %'u label.\n", "“%s”: %'u labels.\n", n_labels), options->zpl, n_labels);
      if (!bw_sheet_get_stock (sheet)->is_verified)
        g_print ("%s\n", _("Nobody has checked these measures: print a test page on plain paper first."));
      if (options->design != NULL)
        {
          g_autofree char *sentence = ctl_quality_to_text (&quality);

          g_print ("%s\n", sentence);
          if (empty[0] != NULL)
            {
              g_autofree char *words = g_strjoinv (", ", empty);

              /* Translators: names of fields on a label */
              g_print (_("These fields stay empty: %s.\n"), words);
            }
        }
      return;
    }

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "batch", bw_batch_get_name (batch));
  bw_json_add_string (out, "file", options->pdf);
  bw_json_add_string (out, "zip", options->zip);
  bw_json_add_string (out, "zpl", options->zpl);
  bw_json_add_string (out, "stock", bw_sheet_get_stock (sheet)->name);
  bw_json_add_boolean (out, "verified", bw_sheet_get_stock (sheet)->is_verified);
  bw_json_add_int (out, "labels", n_labels);
  bw_json_add_int (out, "copies", options->copies);
  bw_json_add_int (out, "pages", bw_sheet_get_n_pages (sheet));
  if (options->continued > 0)
    bw_json_add_int (out, "continued", options->continued);
  else
    bw_json_add_null (out, "continued");
  ctl_write_quality (out, &quality);
  bw_json_begin_array (out, "empty");
  for (guint i = 0; empty[i] != NULL; i++)
    bw_json_add_string (out, NULL, empty[i]);
  bw_json_end_array (out);
  bw_json_end_object (out);
  ctl_print_text (out->str);
}

/* CTL_DONE: all options go together. */
static CtlStatus
check_usage (const CtlCommand   *command,
             const LabelOptions *options)
{
  static const char * const formats[] = { "png", "svg", NULL };
  static const char * const marks[] = { "none", "outlines", "corners", NULL };

  if (options->stock == NULL)
    return ctl_usage_error (command, _("--%s is missing"), "stock");
  if (options->pdf == NULL && options->zip == NULL && options->zpl == NULL)
    return ctl_usage_error (command, _("--pdf, --zip or --zpl is missing"));
  if (options->format != NULL && !g_strv_contains (formats, options->format))
    return ctl_usage_error (command, _("--format is png or svg"));
  if (options->marks != NULL && !g_strv_contains (marks, options->marks))
    return ctl_usage_error (command, _("--marks is none, outlines or corners"));
  if ((options->serials != NULL) + (options->ids != NULL) + (options->first != 1 || options->count != 0) > 1)
    return ctl_usage_error (command, _("--serials, --ids and --first with --count exclude each other"));
  if (options->continues && (options->skip != NULL || options->start != 1))
    return ctl_usage_error (command, _("--continue excludes --start and --skip"));

  return CTL_DONE;
}

static CtlStatus
write_labels (Ctl          *ctl,
              const char   *name,
              LabelOptions *options)
{
  const BwStock *stock;
  g_autoptr(BwBatch) batch = NULL;
  g_autoptr(BwSheet) sheet = NULL;
  g_autoptr(GError) error = NULL;

  stock = bw_stock_find (options->stock, &error);
  if (stock == NULL ||
      !ctl_connect (ctl, &error) ||
      (batch = ctl_find_batch (ctl, name, &error)) == NULL ||
      !settle_numbers (ctl, batch, options, &error) ||
      (sheet = fill_sheet (ctl, batch, stock, options, &error)) == NULL ||
      !write_files (ctl, sheet, options, &error) ||
      !mark (ctl, batch, options, &error))
    return ctl_fail (error);

  if (options->pdf != NULL && !options->leaves_status &&
      !bw_part_sheet_note_job (sheet, bw_batch_get_name (batch), options->continued, &error))
    return ctl_fail (error);

  report (ctl, batch, sheet, options);

  return CTL_DONE;
}

static CtlStatus
labels (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_auto(LabelOptions) options = { .start = 1, .first = 1, .copies = 1 };
  const GOptionEntry entries[] = {
    { "stock", 's', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.stock, N_("The label sheet or roll; see “labels stocks”"), N_("NAME") },
    { "pdf", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &options.pdf, N_("Where to write the labels"), N_("FILE") },
    { "zip", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &options.zip, N_("Where to write a picture of each label"), N_("FILE") },
    { "format", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.format, N_("Of the pictures: png or svg"), N_("NAME") },
    { "zpl", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &options.zpl, N_("Where to write the labels for a ZPL printer"), N_("FILE") },
    { "start", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &options.start, N_("The first free label on the first sheet, from 1"), "K" },
    { "skip", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.skip, N_("Labels of the first sheet to leave empty: 3,7-9"), N_("LIST") },
    { "continue", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &options.continues, N_("Go on with the part-used sheet of that stock"), NULL },
    { "copies", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &options.copies, N_("Of each label"), "N" },
    { "columns-first", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &options.by_columns, N_("Fill a column before the next one"), NULL },
    { "marks", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.marks, N_("Around each label: none, outlines or corners"), N_("NAME") },
    { "printer", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.printer, N_("With the calibration of this printer"), N_("NAME") },
    { "first", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT64, &options.first, N_("The first serial number"), "N" },
    { "count", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT64, &options.count, N_("How many"), "M" },
    { "serials", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.serials, N_("Only these serial numbers: 3,7-9"), N_("LIST") },
    { "ids", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &options.ids, N_("Only the Device IDs in this file, one a line"), N_("FILE") },
    { "keep-status", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &options.leaves_status, N_("Count neither the devices as labelled nor the sheet as used"), NULL },
    { "design", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.design, N_("What stands on them; see “labels design list”"), N_("DESIGN") },
    { "product", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.product, N_("What the design's field “product” says"), N_("TEXT") },
    { "abbreviation", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.abbreviation, N_("What its field “abbreviation” says"), N_("TEXT") },
    { "license", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.license, N_("What its field “license” says"), N_("TEXT") },
    { NULL }
  };
  CtlStatus status;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  status = check_usage (command, &options);

  return status == CTL_DONE ? write_labels (ctl, arguments[0], &options) : status;
}

const CtlCommand ctl_labels_commands[] = {
  { "labels", "stocks", NULL, N_("List the label sheets and rolls"), stocks },
  { "labels", "sheets", "[list | forget NUMBER | forget all]", N_("List the part-used sheets, or forget one"), ctl_labels_sheets },
  { "labels", "calibrate", "[--printer NAME --stock STOCK [--dx MM] [--dy MM] [--across MM] [--down MM] [--turn DEGREES]]",
    N_("Keep what a printer does to a stock, or list what is kept"), ctl_labels_calibrate },
  { "labels", "test-page", "--stock STOCK --pdf FILE [--printer NAME]",
    N_("Write a page to measure what a printer does to a stock"), ctl_labels_test_page },
  { "labels", NULL, "NAME --stock STOCK (--pdf FILE | --zip FILE [--format png|svg] | --zpl FILE) [--first N] [--count M] "
    "[--serials LIST | --ids FILE] [--copies N] [--columns-first] [--start K] [--skip LIST | --continue] "
    "[--design DESIGN] [--marks none|outlines|corners] [--printer NAME] [--keep-status]",
    N_("Write the labels of a batch, and count its devices as labelled"), labels },
  { NULL }
};
