/* ctl-labels-kept.c: bellwetherctl labels sheets, calibrate, test-page
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-labels.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-kept-file.h"
#include "bw-number-list.h"
#include "bw-part-sheet.h"

/* Cells of the sheet that are free. (transfer full) */
static char *
describe_free (const BwPartSheet *sheet)
{
  g_autoptr(GArray) cells = g_array_new (FALSE, FALSE, sizeof (guint));
  guint next = 0;

  for (guint cell = 1; cell <= sheet->n_cells; cell++)
    {
      if (next < sheet->used->len && g_array_index (sheet->used, guint, next) == cell)
        next++;
      else
        g_array_append_val (cells, cell);
    }

  return bw_number_list_to_text (cells);
}

static void
write_sheet (GString           *out,
             const BwPartSheet *sheet)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "number", sheet->number);
  bw_json_add_string (out, "stock", sheet->stock);
  bw_json_add_string (out, "name", sheet->name);
  bw_json_add_int (out, "changedAt", sheet->changed_at_us);
  bw_json_add_int (out, "cells", sheet->n_cells);
  bw_json_begin_array (out, "used");
  for (guint i = 0; i < sheet->used->len; i++)
    bw_json_add_int (out, NULL, g_array_index (sheet->used, guint, i));
  bw_json_end_array (out);
  bw_json_end_object (out);
}

static void
add_row (GPtrArray  *rows,
         const char *first,
         ...)
{
  g_autoptr(GStrvBuilder) row = g_strv_builder_new ();
  va_list args;

  va_start (args, first);
  for (const char *cell = first; cell != NULL; cell = va_arg (args, const char *))
    g_strv_builder_add (row, cell);
  va_end (args);
  g_ptr_array_add (rows, g_strv_builder_end (row));
}

static CtlStatus
list_sheets (Ctl *ctl)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) sheets = bw_part_sheet_list (NULL, &error);

  if (sheets == NULL)
    return ctl_fail (error);

  add_row (rows, _("NUMBER"), _("STOCK"), _("LAST USED"), _("BATCH"), _("FREE LABELS"), NULL);
  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  for (guint i = 0; i < sheets->len; i++)
    {
      const BwPartSheet *sheet = g_ptr_array_index (sheets, i);
      g_autofree char *number = g_strdup_printf ("%u", sheet->number);
      g_autofree char *when = ctl_format_time (sheet->changed_at_us);
      g_autofree char *cells = describe_free (sheet);

      write_sheet (out, sheet);
      add_row (rows, number, sheet->stock, when, sheet->name, cells, NULL);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  if (ctl->json)
    ctl_print_text (out->str);
  else
    ctl_print_table (rows);

  return CTL_DONE;
}

CtlStatus
ctl_labels_sheets (Ctl              *ctl,
                   const CtlCommand *command,
                   char            **arguments)
{
  g_autoptr(GError) error = NULL;
  guint64 number = 0;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 2))
    return CTL_USAGE;

  if (arguments[0] == NULL || (strcmp (arguments[0], "list") == 0 && arguments[1] == NULL))
    return list_sheets (ctl);

  if (strcmp (arguments[0], "forget") != 0 || arguments[1] == NULL ||
      (strcmp (arguments[1], "all") != 0 && !g_ascii_string_to_unsigned (arguments[1], 10, 1, G_MAXINT, &number, NULL)))
    return ctl_usage_error (command, _("say “list”, “forget NUMBER” or “forget all”"));

  return bw_part_sheet_forget ((guint) number, &error) ? CTL_DONE : ctl_fail (error);
}

/* Without trailing zeros, and with a point whatever the locale. */
static const char *
format_number (char   *buffer,
               double  number)
{
  return g_ascii_formatd (buffer, G_ASCII_DTOSTR_BUF_SIZE, "%.6g", number);
}

static CtlStatus
list_calibrations (Ctl *ctl)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) all = bw_calibration_list (&error);

  if (all == NULL)
    return ctl_fail (error);

  add_row (rows, _("PRINTER"), _("STOCK"), "DX", "DY", _("ACROSS"), _("DOWN"), _("TURN"), NULL);
  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  for (guint i = 0; i < all->len; i++)
    {
      const BwPrinterStock *one = g_ptr_array_index (all, i);
      const double numbers[] = { one->calibration.dx, one->calibration.dy, one->calibration.scale_x,
                                 one->calibration.scale_y, one->calibration.degrees };
      static const char * const names[] = { "dx", "dy", "scaleX", "scaleY", "degrees" };
      char texts[5][G_ASCII_DTOSTR_BUF_SIZE];

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "printer", one->printer);
      bw_json_add_string (out, "stock", one->stock);
      for (guint j = 0; j < G_N_ELEMENTS (numbers); j++)
        {
          bw_kept_file_add_number (out, names[j], numbers[j]);
          format_number (texts[j], numbers[j]);
        }
      bw_json_end_object (out);
      add_row (rows, one->printer, one->stock, texts[0], texts[1], texts[2], texts[3], texts[4], NULL);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  if (ctl->json)
    ctl_print_text (out->str);
  else
    ctl_print_table (rows);

  return CTL_DONE;
}

CtlStatus
ctl_labels_calibrate (Ctl              *ctl,
                      const CtlCommand *command,
                      char            **arguments)
{
  g_autofree char *printer = NULL;
  g_autofree char *stock_name = NULL;
  double across = 0.0, down = 0.0, ruler_across, ruler_down, inset;
  BwCalibration calibration = BW_CALIBRATION_INIT;
  const GOptionEntry entries[] = {
    { "printer", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &printer, N_("Its name, as in the print dialog"), N_("NAME") },
    { "stock", 's', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &stock_name, N_("The label sheet or roll; see “labels stocks”"), N_("NAME") },
    { "dx", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_DOUBLE, &calibration.dx, N_("Print so much further right; less than 0: left"), "MM" },
    { "dy", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_DOUBLE, &calibration.dy, N_("Print so much further down; less than 0: up"), "MM" },
    { "across", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_DOUBLE, &across, N_("How long the ruler at the top of the test page came out"), "MM" },
    { "down", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_DOUBLE, &down, N_("How long the one at its left came out"), "MM" },
    { "turn", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_DOUBLE, &calibration.degrees, N_("Print turned clockwise by so much"), N_("DEGREES") },
    { NULL }
  };
  const BwStock *stock;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 0, 0))
    return CTL_USAGE;

  if (printer == NULL && stock_name == NULL)
    return list_calibrations (ctl);
  if (printer == NULL || stock_name == NULL)
    return ctl_usage_error (command, _("--%s is missing"), printer == NULL ? "printer" : "stock");

  stock = bw_stock_find (stock_name, &error);
  if (stock == NULL)
    return ctl_fail (error);

  bw_stock_get_rulers (stock, &ruler_across, &ruler_down, &inset);
  if (across != 0.0)
    calibration.scale_x = bw_calibration_scale_for (ruler_across, across);
  if (down != 0.0)
    calibration.scale_y = bw_calibration_scale_for (ruler_down, down);

  return bw_calibration_save (printer, stock->name, &calibration, &error) ? CTL_DONE : ctl_fail (error);
}

CtlStatus
ctl_labels_test_page (Ctl              *ctl,
                      const CtlCommand *command,
                      char            **arguments)
{
  g_autofree char *stock_name = NULL;
  g_autofree char *pdf = NULL;
  g_autofree char *printer = NULL;
  const GOptionEntry entries[] = {
    { "stock", 's', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &stock_name, N_("The label sheet or roll; see “labels stocks”"), N_("NAME") },
    { "pdf", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &pdf, N_("Where to write the page"), N_("FILE") },
    { "printer", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &printer, N_("With the calibration of this printer"), N_("NAME") },
    { NULL }
  };
  BwSheetOptions options = BW_SHEET_OPTIONS_INIT;
  const BwStock *stock;
  g_autoptr(BwSheet) sheet = NULL;
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 0, 0))
    return CTL_USAGE;

  if (stock_name == NULL || pdf == NULL)
    return ctl_usage_error (command, _("--%s is missing"), stock_name == NULL ? "stock" : "pdf");

  stock = bw_stock_find (stock_name, &error);
  if (stock == NULL ||
      (printer != NULL && !bw_calibration_load (printer, stock->name, &options.calibration, &error)))
    return ctl_fail (error);

  title = g_strconcat (stock->brand, " ", stock->name, NULL);
  text = g_strdup_printf (_(BW_TEST_PAGE_TEXT), title);
  sheet = bw_sheet_new_test_page (stock, text);
  if (!bw_sheet_set_options (sheet, &options, &error) ||
      !bw_sheet_write_pdf (sheet, pdf, NULL, NULL, ctl->cancellable, &error))
    return ctl_fail (error);

  return CTL_DONE;
}
