/* bw-stock-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-stock-text.h"

#include <string.h>

#include <glib/gi18n.h>

char *
bw_stock_to_title (const BwStock *stock)
{
  g_return_val_if_fail (stock != NULL, NULL);

  if (stock->catalogue == BW_STOCK_OWN)
    return g_strdup (stock->name);

  return g_strconcat (stock->brand, " ", stock->part, NULL);
}

static char *
describe_paper (const BwStock *stock)
{
  if (strcmp (stock->paper, "custom") != 0)
    return g_strdup (stock->paper);

  /* Translators: width and height of a paper that has no name */
  return g_strdup_printf (_("%g × %g mm"), stock->page_width, stock->page_height);
}

char *
bw_stock_to_user_text (const BwStock *stock)
{
  g_autofree char *paper = NULL;
  guint n_cells;

  g_return_val_if_fail (stock != NULL, NULL);

  if (strcmp (stock->paper, "roll") == 0)
    /* Translators: width and height of a label on a roll */
    return g_strdup_printf (_("Roll, %g × %g mm"), stock->width, stock->height);

  paper = describe_paper (stock);
  n_cells = bw_stock_get_n_cells (stock);
  if (stock->cells != NULL)
    /* Translators: paper, labels on a sheet that has no columns, width and height of a label */
    return g_strdup_printf (_("%s, %u labels of %g × %g mm"), paper, n_cells, stock->width, stock->height);

  if (stock->shape == BW_STOCK_ROUND)
    /* Translators: paper, columns, rows, labels on a sheet, diameter of a label */
    return g_strdup_printf (_("%s, %u × %u = %u round labels of %g mm"), paper, stock->n_columns, stock->n_rows,
                            n_cells, stock->width);

  /* Translators: paper, columns, rows, labels on a sheet, width and height of a label */
  return g_strdup_printf (_("%s, %u × %u = %u labels of %g × %g mm"), paper, stock->n_columns, stock->n_rows,
                          n_cells, stock->width, stock->height);
}

char *
bw_stock_to_details (const BwStock *stock)
{
  g_autofree char *aliases = NULL;
  g_autofree char *also = NULL;

  g_return_val_if_fail (stock != NULL, NULL);

  aliases = g_strjoinv (", ", (char **) stock->aliases);
  if (*aliases != '\0')
    /* Translators: other numbers of the same label sheet */
    also = g_strdup_printf (_("Also %s"), aliases);

  if (stock->description == NULL)
    return g_steal_pointer (&also);

  return g_strjoin ("\n", stock->description, also, NULL);
}

const char *
bw_stock_catalogue_to_text (BwStockCatalogue catalogue)
{
  switch (catalogue)
    {
    case BW_STOCK_CURATED:
      return _("Checked against the maker’s measures");

    case BW_STOCK_OWN:
      return _("Your own measures");

    case BW_STOCK_LIBREOFFICE:
      return _("Unverified, from LibreOffice: print a test page on plain paper first.");

    case BW_STOCK_GLABELS:
      return _("Unverified, from gLabels: print a test page on plain paper first.");

    default:
      g_return_val_if_reached (NULL);
    }
}

char *
bw_stock_fault_to_text (BwStockFault fault)
{
  switch (fault)
    {
    case BW_STOCK_FAULT_NONE:
      return NULL;

    case BW_STOCK_FAULT_NAME:
      return g_strdup_printf (_("A name with letters or digits is needed, at most %d bytes long."), BW_STOCK_NAME_MAX_BYTES);

    case BW_STOCK_FAULT_PAPER:
      return g_strdup_printf (_("Each side of the paper is between %d and %d mm."), BW_STOCK_MIN_PAGE_MM, BW_STOCK_MAX_PAGE_MM);

    case BW_STOCK_FAULT_COLUMNS:
    case BW_STOCK_FAULT_ROWS:
      return g_strdup_printf (_("From 1 to %d."), BW_STOCK_MAX_PER_AXIS);

    case BW_STOCK_FAULT_COUNT:
      return g_strdup_printf (_("A sheet has at most %'d labels."), BW_STOCK_MAX_CELLS);

    case BW_STOCK_FAULT_WIDTH:
      return g_strdup_printf (_("A label is at least %d mm wide."), BW_STOCK_MIN_LABEL_MM);

    case BW_STOCK_FAULT_HEIGHT:
      return g_strdup_printf (_("A label is at least %d mm high."), BW_STOCK_MIN_LABEL_MM);

    case BW_STOCK_FAULT_ROUND:
      return g_strdup (_("A round label is as high as it is wide."));

    case BW_STOCK_FAULT_LEFT:
      return g_strdup (_("The first label begins left of the paper."));

    case BW_STOCK_FAULT_TOP:
      return g_strdup (_("The first label begins above the paper."));

    case BW_STOCK_FAULT_PITCH_X:
      return g_strdup (_("The columns overlap: this is at least a label’s width."));

    case BW_STOCK_FAULT_PITCH_Y:
      return g_strdup (_("The rows overlap: this is at least a label’s height."));

    case BW_STOCK_FAULT_RIGHT_EDGE:
      return g_strdup (_("The last column is beyond the right edge of the paper."));

    case BW_STOCK_FAULT_BOTTOM_EDGE:
      return g_strdup (_("The last row is beyond the lower edge of the paper."));

    case BW_STOCK_FAULT_OVERLAP:
      return g_strdup (_("The labels overlap."));

    case BW_STOCK_FAULT_MARGIN:
      return g_strdup (_("What a printer leaves white at the paper’s edge leaves nothing of the label."));

    case BW_STOCK_FAULT_DPI:
      return g_strdup_printf (_("From %d to %d."), BW_STOCK_MIN_DPI, BW_STOCK_MAX_DPI);

    default:
      g_return_val_if_reached (NULL);
    }
}
