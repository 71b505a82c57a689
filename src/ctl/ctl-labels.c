/* ctl-labels.c: bellwetherctl labels …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-design.h"

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-sheet.h"

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
  char   *stock;
  char   *pdf;
  int     start;
  gint64  first;
  gint64  count;
  gboolean leaves_status;
  char   *design;
  char   *product;
  char   *abbreviation;
  char   *license;
} LabelOptions;

static void
label_options_clear (LabelOptions *options)
{
  g_free (options->stock);
  g_free (options->pdf);
  g_free (options->design);
  g_free (options->product);
  g_free (options->abbreviation);
  g_free (options->license);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LabelOptions, label_options_clear)

static BwLabelFacts
get_facts (const LabelOptions *options)
{
  return (BwLabelFacts) {
    .product = options->product, .abbreviation = options->abbreviation, .license = options->license,
  };
}

static gboolean
apply_design (Ctl                *ctl,
              BwSheet            *sheet,
              BwBatch            *batch,
              const LabelOptions *options,
              GError            **error)
{
  const BwLabelFacts facts = get_facts (options);
  g_autoptr(BwLabelDesign) design = NULL;

  if (options->design == NULL)
    return TRUE;

  design = ctl_find_design (ctl, options->design, error);

  return design != NULL && bw_sheet_set_design (sheet, design, error) &&
         ctl_set_facts (ctl, sheet, batch, &facts, error);
}

/* The labels that were asked for, or NULL with @error. (transfer full) */
static BwSheet *
fill_sheet (Ctl                *ctl,
            BwBatch            *batch,
            const LabelOptions *options,
            GError            **error)
{
  const BwStock *stock = bw_stock_find (options->stock, error);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(BwSheet) sheet = NULL;

  if (stock == NULL)
    return NULL;

  sheet = bw_sheet_new (stock, bw_batch_get_name (batch), bw_batch_get_color (batch),
                        (guint) bw_batch_get_count (batch), bw_batch_get_created_at_us (batch),
                        (guint) options->start, error);
  if (sheet == NULL || !apply_design (ctl, sheet, batch, options, error))
    return NULL;

  bw_session_load_ids_async (ctl->session, bw_entity_get_id (BW_ENTITY (batch)), options->first, options->count,
                             ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  ids = bw_session_load_ids_finish (ctl->session, result, error);
  if (ids == NULL)
    return NULL;

  for (guint i = 0; i < ids->len; i++)
    {
      if (!bw_sheet_add (sheet, g_ptr_array_index (ids, i), (guint) (options->first + i), error))
        return NULL;
    }

  if (ids->len != options->count)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   _("the backend gave %u IDs of the %ld that were asked for"),
                   ids->len, (long) options->count);
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
  g_autoptr(GAsyncResult) result = NULL;

  if (options->leaves_status)
    return TRUE;

  bw_session_mark_labelled_async (ctl->session, bw_entity_get_id (BW_ENTITY (batch)),
                                  options->first, options->count, NULL, ctl_result_cb, ctl);
  result = ctl_await (ctl);

  return bw_session_mark_labelled_finish (ctl->session, result, error);
}

/* Which serials: all from the first to the last one, when nothing is said. */
static gboolean
settle_range (BwBatch       *batch,
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

  if (options->count == 0 && options->first >= 1)
    options->count = n_batch - options->first + 1;

  if (options->start < 1 || options->first < 1 || options->count < 1 || options->first > n_batch ||
      options->count > n_batch - options->first + 1)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   _("the batch “%s” has the serial numbers 1 to %ld, and labels are counted from 1"),
                   bw_batch_get_name (batch), (long) n_batch);
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
report (Ctl                *ctl,
        BwBatch            *batch,
        BwSheet            *sheet,
        const LabelOptions *options)
{
  g_autoptr(GString) out = g_string_new (NULL);
  guint n_labels = bw_sheet_get_n_labels (sheet);
  const BwLabelFacts facts = get_facts (options);
  g_auto(GStrv) empty = ctl_list_empty (sheet, &facts);
  BwLabelQuality quality;

  bw_sheet_get_quality (sheet, &quality);
  if (!ctl->json)
    {
      g_print (ngettext ("“%s”: %'u label, sheets: %'u.\n", "“%s”: %'u labels, sheets: %'u.\n", n_labels),
               options->pdf, n_labels, bw_sheet_get_n_pages (sheet));
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
  bw_json_add_string (out, "stock", bw_sheet_get_stock (sheet)->name);
  bw_json_add_int (out, "labels", n_labels);
  bw_json_add_int (out, "pages", bw_sheet_get_n_pages (sheet));
  ctl_write_quality (out, &quality);
  bw_json_begin_array (out, "empty");
  for (guint i = 0; empty[i] != NULL; i++)
    bw_json_add_string (out, NULL, empty[i]);
  bw_json_end_array (out);
  bw_json_end_object (out);
  ctl_print_text (out->str);
}

static CtlStatus
labels (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_auto(LabelOptions) options = { .start = 1, .first = 1 };
  const GOptionEntry entries[] = {
    { "stock", 's', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.stock, N_("The label sheet or roll; see “labels stocks”"), N_("NAME") },
    { "pdf", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &options.pdf, N_("Where to write the labels"), N_("FILE") },
    { "start", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &options.start, N_("The first free label on the first sheet, from 1"), "K" },
    { "first", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT64, &options.first, N_("The first serial number"), "N" },
    { "count", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT64, &options.count, N_("How many"), "M" },
    { "keep-status", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &options.leaves_status, N_("Do not count the devices as labelled"), NULL },
    { "design", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.design, N_("What stands on them; see “labels design list”"), N_("DESIGN") },
    { "product", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.product, N_("What the design's field “product” says"), N_("TEXT") },
    { "abbreviation", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.abbreviation, N_("What its field “abbreviation” says"), N_("TEXT") },
    { "license", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &options.license, N_("What its field “license” says"), N_("TEXT") },
    { NULL }
  };
  g_autoptr(BwBatch) batch = NULL;
  g_autoptr(BwSheet) sheet = NULL;
  g_autoptr(GError) error = NULL;
  gboolean ok;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (options.stock == NULL || options.pdf == NULL)
    return ctl_usage_error (command, _("--%s is missing"), options.stock == NULL ? "stock" : "pdf");

  if (!ctl_connect (ctl, &error) ||
      (batch = ctl_find_batch (ctl, arguments[0], &error)) == NULL ||
      !settle_range (batch, &options, &error) ||
      (sheet = fill_sheet (ctl, batch, &options, &error)) == NULL)
    return ctl_fail (error);

  ok = bw_sheet_write_pdf (sheet, options.pdf, page_written_cb, ctl, ctl->cancellable, &error);
  ctl_progress_end (ctl);
  if (!ok || !mark (ctl, batch, &options, &error))
    return ctl_fail (error);

  report (ctl, batch, sheet, &options);

  return CTL_DONE;
}

const CtlCommand ctl_labels_commands[] = {
  { "labels", "stocks", NULL, N_("List the label sheets and rolls"), stocks },
  { "labels", NULL, "NAME --stock STOCK --pdf FILE [--start K] [--design DESIGN] [--first N] [--count M] [--keep-status]",
    N_("Write the labels of a batch as a PDF, and count its devices as labelled"), labels },
  { NULL }
};
