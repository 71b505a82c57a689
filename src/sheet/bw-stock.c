/* bw-stock.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-stock.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-sheet-resources.h"

#include <string.h>

#define STOCKS_PATH      "/io/github/bellwether_iot/Bellwether/labels/stocks.json"
#define STOCKS_MAX_BYTES (256 * 1024)

/* What most printers leave white at the edges of a sheet. */
#define UNPRINTABLE_MM 4.2

#define MARGIN_MM       1.5
#define SMALL_MARGIN_MM 0.8

/* Labels lower than the first need all their height for the code; below the
 * second, every tenth of a millimetre counts. */
#define LOW_LABEL_MM   13.0
#define SMALL_LABEL_MM 24.0

#define DEFAULT_DPI 300

/* A stock is an immutable description. The table is data, read once when the
 * first one is asked for, and never freed: pointers into it are handed out
 * freely, also across threads. */

typedef struct
{
  const char *name;
  double      width;
  double      height;
} Paper;

static const Paper papers[] = {
  { "A4",     210.0, 297.0 },
  { "Letter", 215.9, 279.4 },
};

static double
get_mm (JsonObject *object,
        const char *name,
        double      fallback)
{
  return json_object_get_double_member_with_default (object, name, fallback);
}

static char **
get_strings (JsonObject *object,
             const char *name)
{
  JsonArray *array = bw_json_get_array (object, name);
  guint n = array != NULL ? json_array_get_length (array) : 0;
  char **strings = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    strings[i] = g_strdup (json_array_get_string_element (array, i));

  return strings;
}

static void
load_paper (BwStock    *stock,
            JsonObject *object)
{
  stock->page_width = stock->width;
  stock->page_height = stock->height;

  for (guint i = 0; i < G_N_ELEMENTS (papers); i++)
    {
      if (strcmp (papers[i].name, stock->paper) == 0)
        {
          stock->page_width = papers[i].width;
          stock->page_height = papers[i].height;
        }
    }
}

/* The margins are one for all labels of a sheet, so that all look alike: the
 * widest that any of them needs. */
static void
load_margins (BwStock    *stock,
              JsonObject *object)
{
  double right = stock->left + (stock->n_columns - 1) * stock->pitch_x + stock->width;
  double bottom = stock->top + (stock->n_rows - 1) * stock->pitch_y + stock->height;
  double low = MIN (stock->width, stock->height);
  double margin = low < SMALL_LABEL_MM ? SMALL_MARGIN_MM : MARGIN_MM;
  double margin_x = get_mm (object, "marginX", margin);
  double margin_y = get_mm (object, "marginY", low < LOW_LABEL_MM ? 0.0 : margin);

  if (strcmp (stock->paper, "roll") != 0)
    {
      margin_x = MAX (margin_x, UNPRINTABLE_MM - MIN (stock->left, stock->page_width - right));
      margin_y = MAX (margin_y, UNPRINTABLE_MM - MIN (stock->top, stock->page_height - bottom));
    }

  stock->margin_x = margin_x;
  stock->margin_y = margin_y;
}

static BwStock *
load_stock (JsonObject *object)
{
  BwStock *stock = g_new0 (BwStock, 1);

  stock->name = g_strdup (bw_json_get_string (object, "name"));
  stock->brand = g_strdup (bw_json_get_string (object, "brand"));
  stock->aliases = (const char * const *) get_strings (object, "aliases");
  stock->paper = g_strdup (bw_json_get_string (object, "paper"));
  stock->shape = g_strcmp0 (bw_json_get_string (object, "shape"), "round") == 0
                 ? BW_STOCK_ROUND : BW_STOCK_RECTANGLE;
  stock->n_columns = (guint) bw_json_get_int (object, "columns", 1);
  stock->n_rows = (guint) bw_json_get_int (object, "rows", 1);
  stock->width = get_mm (object, "width", 0.0);
  stock->height = get_mm (object, "height", 0.0);
  stock->left = get_mm (object, "left", 0.0);
  stock->top = get_mm (object, "top", 0.0);
  stock->pitch_x = get_mm (object, "pitchX", stock->width);
  stock->pitch_y = get_mm (object, "pitchY", stock->height);
  stock->dpi = (guint) bw_json_get_int (object, "dpi", DEFAULT_DPI);
  stock->is_turned = bw_json_get_boolean (object, "turned", FALSE);
  load_paper (stock, object);
  load_margins (stock, object);

  return stock;
}

static gpointer
load_all (gpointer data)
{
  GPtrArray *stocks = g_ptr_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(GError) error = NULL;
  JsonArray *array;

  bytes = g_resource_lookup_data (bw_sheet_get_resource (), STOCKS_PATH, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  g_assert_no_error (error);
  root = bw_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), STOCKS_MAX_BYTES, &error);
  g_assert_no_error (error);

  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (stocks, load_stock (json_array_get_object_element (array, i)));

  return stocks;
}

static const GPtrArray *
get_stocks (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load_all, NULL);
}

/* Only letters and digits count, in lower case: "Avery DK-11201" is "averydk11201". */
static char *
fold_name (const char *brand,
           const char *name)
{
  GString *folded = g_string_new (NULL);

  for (const char *p = brand; *p != '\0'; p++)
    {
      if (g_ascii_isalnum (*p))
        g_string_append_c (folded, g_ascii_tolower (*p));
    }

  for (const char *p = name; *p != '\0'; p++)
    {
      if (g_ascii_isalnum (*p))
        g_string_append_c (folded, g_ascii_tolower (*p));
    }

  return g_string_free (folded, FALSE);
}

static gboolean
name_matches (const BwStock *stock,
              const char    *name,
              const char    *wanted)
{
  g_autofree char *bare = fold_name ("", name);
  g_autofree char *branded = fold_name (stock->brand, name);

  return strcmp (bare, wanted) == 0 || strcmp (branded, wanted) == 0;
}

const BwStock * const *
bw_stock_get_all (guint *ret_n_stocks)
{
  const GPtrArray *stocks = get_stocks ();

  if (ret_n_stocks != NULL)
    *ret_n_stocks = stocks->len;

  return (const BwStock * const *) stocks->pdata;
}

const BwStock *
bw_stock_find (const char  *name,
               GError     **error)
{
  const GPtrArray *stocks = get_stocks ();
  g_autofree char *wanted = NULL;
  g_autofree char *shown = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  wanted = fold_name ("", name);

  for (guint i = 0; i < stocks->len; i++)
    {
      const BwStock *stock = g_ptr_array_index (stocks, i);

      if (name_matches (stock, stock->name, wanted))
        return stock;

      for (guint j = 0; stock->aliases[j] != NULL; j++)
        {
          if (name_matches (stock, stock->aliases[j], wanted))
            return stock;
        }
    }

  shown = g_utf8_make_valid (name, (gssize) MIN (strlen (name), 64));
  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "no label stock is called “%s”", shown);

  return NULL;
}

guint
bw_stock_get_n_cells (const BwStock *stock)
{
  g_return_val_if_fail (stock != NULL, 0);

  return stock->n_columns * stock->n_rows;
}

void
bw_stock_get_cell (const BwStock *stock,
                   guint          cell,
                   double        *ret_x,
                   double        *ret_y)
{
  g_return_if_fail (stock != NULL && cell < bw_stock_get_n_cells (stock));

  *ret_x = stock->left + (cell % stock->n_columns) * stock->pitch_x;
  *ret_y = stock->top + (cell / stock->n_columns) * stock->pitch_y;
}

/* Without trailing zeros, and with a point whatever the locale. */
static const char *
format_mm (char   buffer[G_ASCII_DTOSTR_BUF_SIZE],
           double mm)
{
  char *end;

  g_ascii_formatd (buffer, G_ASCII_DTOSTR_BUF_SIZE, "%.2f", mm);
  end = buffer + strlen (buffer);
  while (end[-1] == '0')
    *--end = '\0';
  if (end[-1] == '.')
    end[-1] = '\0';

  return buffer;
}

char *
bw_stock_to_text (const BwStock *stock)
{
  char width[G_ASCII_DTOSTR_BUF_SIZE];
  char height[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_val_if_fail (stock != NULL, NULL);

  format_mm (width, stock->width);
  format_mm (height, stock->height);

  if (bw_stock_get_n_cells (stock) == 1)
    return g_strdup_printf ("%s, label of %s × %s mm", stock->paper, width, height);

  if (stock->shape == BW_STOCK_ROUND)
    return g_strdup_printf ("%s, %u × %u = %u round labels of %s mm", stock->paper, stock->n_columns, stock->n_rows,
                            bw_stock_get_n_cells (stock), width);

  return g_strdup_printf ("%s, %u × %u = %u labels of %s × %s mm", stock->paper, stock->n_columns, stock->n_rows,
                          bw_stock_get_n_cells (stock), width, height);
}

char *
bw_stock_to_line (const BwStock *stock)
{
  g_autofree char *text = NULL;
  g_autofree char *aliases = NULL;

  g_return_val_if_fail (stock != NULL, NULL);

  text = bw_stock_to_text (stock);
  aliases = g_strjoinv (", ", (char **) stock->aliases);

  return g_strdup_printf ("%-13s %s; %s%s%s", stock->name, stock->brand, text,
                          *aliases != '\0' ? "; also " : "", aliases);
}
