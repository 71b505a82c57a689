/* bw-stock.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-stock-private.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-sheet-resources.h"

#include <math.h>
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

/* Makers round their paper. */
#define PAPER_TOLERANCE_MM 0.6

/* A stock is an immutable description. The curated table is data, read once
 * when the first one is asked for, and never freed: pointers into it are handed
 * out freely, also across threads. Other files of this stem read the installed
 * catalogues, keep the user's own ones, search and check. */

typedef struct
{
  const char *name;
  double      width;
  double      height;
} Paper;

static const Paper papers[] = {
  { "A4",     210.0, 297.0 },
  { "Letter", 215.9, 279.4 },
  { "A3",     297.0, 420.0 },
  { "A5",     148.0, 210.0 },
  { "A6",     105.0, 148.0 },
  { "Legal",  215.9, 355.6 },
};

static const char * const catalogue_nicks[BW_STOCK_N_CATALOGUES] = { "curated", "own", "libreoffice", "glabels" };

BwStock *
bw_stock_new (BwStockCatalogue catalogue)
{
  BwStockEntry *entry = g_new0 (BwStockEntry, 1);
  BwStock *stock = &entry->stock;

  stock->catalogue = catalogue;
  stock->is_verified = catalogue == BW_STOCK_CURATED || catalogue == BW_STOCK_OWN;
  stock->aliases = (const char * const *) g_new0 (char *, 1);
  stock->n_columns = 1;
  stock->n_rows = 1;
  stock->dpi = DEFAULT_DPI;
  stock->margin_x = NAN;
  stock->margin_y = NAN;

  return stock;
}

void
bw_stock_free (BwStock *stock)
{
  if (stock == NULL)
    return;

  g_free ((char *) stock->name);
  g_free ((char *) stock->brand);
  g_free ((char *) stock->part);
  g_free ((char *) stock->description);
  g_free ((char *) stock->paper);
  g_free ((BwStockPoint *) stock->cells);
  g_strfreev ((char **) stock->aliases);
  g_free (((BwStockEntry *) stock)->words);
  g_free (stock);
}

static double
get_mm (JsonObject *object,
        const char *name,
        double      fallback)
{
  return json_object_get_double_member_with_default (object, name, fallback);
}

static guint
get_count (JsonObject *object,
           const char *name,
           guint       fallback)
{
  return (guint) CLAMP (bw_json_get_int (object, name, fallback), 0, G_MAXUINT16);
}

static char **
get_strings (JsonObject *object,
             const char *name)
{
  JsonArray *array = bw_json_get_array (object, name);
  guint n = array != NULL ? json_array_get_length (array) : 0;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (node));
    }

  return g_strv_builder_end (builder);
}

const char *
bw_stock_name_paper (double width,
                     double height)
{
  for (guint i = 0; i < G_N_ELEMENTS (papers); i++)
    {
      if (fabs (papers[i].width - width) < PAPER_TOLERANCE_MM && fabs (papers[i].height - height) < PAPER_TOLERANCE_MM)
        return papers[i].name;
    }

  return "custom";
}

static void
get_bounds (const BwStock *stock,
            double        *ret_left,
            double        *ret_top,
            double        *ret_right,
            double        *ret_bottom)
{
  double x, y;

  *ret_left = *ret_top = INFINITY;
  *ret_right = *ret_bottom = -INFINITY;

  /* Of a grid the first and the last one are enough. */
  for (guint i = 0; i < (stock->cells != NULL ? stock->n_columns : 2); i++)
    {
      bw_stock_get_cell (stock, stock->cells != NULL ? i : i * (bw_stock_get_n_cells (stock) - 1), &x, &y);
      *ret_left = MIN (*ret_left, x);
      *ret_top = MIN (*ret_top, y);
      *ret_right = MAX (*ret_right, x + stock->width);
      *ret_bottom = MAX (*ret_bottom, y + stock->height);
    }
}

/* The margins are one for all labels of a sheet, so that all look alike: the
 * widest that any of them needs. What is there already stays, but for the printer's need. */
static void
complete_margins (BwStock *stock)
{
  double low = MIN (stock->width, stock->height);
  double margin = low < SMALL_LABEL_MM ? SMALL_MARGIN_MM : MARGIN_MM;
  double left, top, right, bottom;

  if (isnan (stock->margin_x))
    stock->margin_x = margin;
  if (isnan (stock->margin_y))
    stock->margin_y = low < LOW_LABEL_MM ? 0.0 : margin;

  if (strcmp (stock->paper, "roll") == 0 || bw_stock_get_n_cells (stock) == 0)
    return;

  get_bounds (stock, &left, &top, &right, &bottom);
  stock->margin_x = MAX (stock->margin_x, UNPRINTABLE_MM - MIN (left, stock->page_width - right));
  stock->margin_y = MAX (stock->margin_y, UNPRINTABLE_MM - MIN (top, stock->page_height - bottom));
}

void
bw_stock_complete (BwStock *draft)
{
  g_return_if_fail (draft != NULL && draft->paper != NULL);

  if (strcmp (draft->paper, "roll") == 0)
    {
      draft->page_width = draft->width;
      draft->page_height = draft->height;
    }

  for (guint i = 0; i < G_N_ELEMENTS (papers); i++)
    {
      if (strcmp (papers[i].name, draft->paper) == 0)
        {
          draft->page_width = papers[i].width;
          draft->page_height = papers[i].height;
        }
    }

  complete_margins (draft);
}

BwStock *
bw_stock_new_from_json (JsonObject       *object,
                        BwStockCatalogue  catalogue)
{
  BwStock *stock = bw_stock_new (catalogue);
  const char *name = bw_json_get_string (object, "name");
  const char *brand = bw_json_get_string (object, "brand");
  const char *part = bw_json_get_string (object, "part");
  const char *paper = bw_json_get_string (object, "paper");

  g_strfreev ((char **) stock->aliases);
  stock->aliases = (const char * const *) get_strings (object, "aliases");
  stock->name = g_strdup (name != NULL ? name : "");
  stock->brand = g_strdup (brand != NULL ? brand : "");
  stock->part = g_strdup (part != NULL ? part : stock->name);
  stock->paper = g_strdup (paper != NULL ? paper : "custom");
  stock->shape = g_strcmp0 (bw_json_get_string (object, "shape"), "round") == 0
                 ? BW_STOCK_ROUND : BW_STOCK_RECTANGLE;
  stock->page_width = get_mm (object, "pageWidth", 0.0);
  stock->page_height = get_mm (object, "pageHeight", 0.0);
  stock->n_columns = get_count (object, "columns", 1);
  stock->n_rows = get_count (object, "rows", 1);
  stock->width = get_mm (object, "width", 0.0);
  stock->height = get_mm (object, "height", 0.0);
  stock->left = get_mm (object, "left", 0.0);
  stock->top = get_mm (object, "top", 0.0);
  stock->pitch_x = get_mm (object, "pitchX", stock->width);
  stock->pitch_y = get_mm (object, "pitchY", stock->height);
  stock->margin_x = get_mm (object, "marginX", NAN);
  stock->margin_y = get_mm (object, "marginY", NAN);
  stock->dpi = get_count (object, "dpi", DEFAULT_DPI);
  stock->is_turned = bw_json_get_boolean (object, "turned", FALSE);
  bw_stock_complete (stock);

  return stock;
}

char *
bw_stock_fold (const char *brand,
               const char *name)
{
  g_autofree char *joined = g_strconcat (brand, name, NULL);
  g_autofree char *valid = g_utf8_make_valid (joined, -1);
  g_autofree char *lower = g_utf8_casefold (valid, -1);
  GString *folded = g_string_new (NULL);

  for (const char *p = lower; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (g_unichar_isalnum (g_utf8_get_char (p)))
        g_string_append_unichar (folded, g_utf8_get_char (p));
    }

  return g_string_free (folded, FALSE);
}

static void
add_word (GString    *words,
          const char *brand,
          const char *word)
{
  g_autofree char *folded = bw_stock_fold (brand, word);

  g_string_append (words, folded);
  g_string_append_c (words, '\n');
}

/* The names come first, each alone and behind the maker's; an empty line ends them. */
void
bw_stock_seal (BwStock *stock)
{
  GString *words = g_string_new ("\n");

  for (guint i = 0; i < 2; i++)
    {
      const char *brand = i == 0 ? "" : stock->brand;

      add_word (words, brand, stock->name);
      add_word (words, brand, stock->part);
      for (guint j = 0; stock->aliases[j] != NULL; j++)
        add_word (words, brand, stock->aliases[j]);
    }

  g_string_append_c (words, '\n');
  add_word (words, "", stock->brand);
  add_word (words, "", stock->paper);
  add_word (words, "", catalogue_nicks[stock->catalogue]);
  if (stock->description != NULL)
    add_word (words, "", stock->description);

  ((BwStockEntry *) stock)->words = g_string_free (words, FALSE);
}

gboolean
bw_stock_has_name (const BwStock *stock,
                   const char    *folded)
{
  const char *words = ((const BwStockEntry *) stock)->words;
  g_autofree char *line = g_strconcat ("\n", folded, "\n", NULL);
  const char *found = *folded != '\0' ? strstr (words, line) : NULL;

  return found != NULL && found < strstr (words, "\n\n");
}

/* The curated ones, and the names of each. */
typedef struct
{
  GPtrArray  *stocks;
  GHashTable *by_name;
} Table;

static gpointer
load_all (gpointer data)
{
  Table *table = g_new0 (Table, 1);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(GError) error = NULL;
  JsonArray *array;

  table->stocks = g_ptr_array_new ();
  table->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  bytes = g_resource_lookup_data (bw_sheet_get_resource (), STOCKS_PATH, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  g_assert_no_error (error);
  root = bw_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), STOCKS_MAX_BYTES, &error);
  g_assert_no_error (error);

  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      BwStock *stock = bw_stock_new_from_json (json_array_get_object_element (array, i), BW_STOCK_CURATED);
      g_auto(GStrv) names = NULL;

      bw_stock_seal (stock);
      g_ptr_array_add (table->stocks, stock);
      names = g_strsplit (((BwStockEntry *) stock)->words + 1, "\n", -1);
      for (guint j = 0; *names[j] != '\0'; j++)
        {
          if (!g_hash_table_contains (table->by_name, names[j]))
            g_hash_table_insert (table->by_name, g_strdup (names[j]), stock);
        }
    }

  return table;
}

static const Table *
get_table (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load_all, NULL);
}

const BwStock *
bw_stock_find_curated (const char *folded)
{
  return g_hash_table_lookup (get_table ()->by_name, folded);
}

const BwStock * const *
bw_stock_get_all (guint *ret_n_stocks)
{
  const GPtrArray *stocks = get_table ()->stocks;

  if (ret_n_stocks != NULL)
    *ret_n_stocks = stocks->len;

  return (const BwStock * const *) stocks->pdata;
}

const char *
bw_stock_catalogue_to_nick (BwStockCatalogue catalogue)
{
  g_return_val_if_fail (catalogue < BW_STOCK_N_CATALOGUES, NULL);

  return catalogue_nicks[catalogue];
}

gboolean
bw_stock_catalogue_from_nick (const char       *nick,
                              BwStockCatalogue *ret_catalogue)
{
  for (guint i = 0; i < BW_STOCK_N_CATALOGUES; i++)
    {
      if (g_strcmp0 (catalogue_nicks[i], nick) == 0)
        {
          *ret_catalogue = (BwStockCatalogue) i;
          return TRUE;
        }
    }

  return FALSE;
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

  if (stock->cells != NULL)
    {
      *ret_x = stock->cells[cell].x;
      *ret_y = stock->cells[cell].y;
      return;
    }

  *ret_x = stock->left + (cell % stock->n_columns) * stock->pitch_x;
  *ret_y = stock->top + (cell / stock->n_columns) * stock->pitch_y;
}

const char *
bw_stock_format_mm (char   buffer[G_ASCII_DTOSTR_BUF_SIZE],
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
  g_autofree char *grid = NULL;
  guint n_cells;

  g_return_val_if_fail (stock != NULL, NULL);

  n_cells = bw_stock_get_n_cells (stock);
  bw_stock_format_mm (width, stock->width);
  bw_stock_format_mm (height, stock->height);

  if (n_cells == 1)
    return g_strdup_printf ("%s, label of %s × %s mm", stock->paper, width, height);

  grid = stock->cells != NULL ? g_strdup_printf ("%u", n_cells)
                              : g_strdup_printf ("%u × %u = %u", stock->n_columns, stock->n_rows, n_cells);
  if (stock->shape == BW_STOCK_ROUND)
    return g_strdup_printf ("%s, %s round labels of %s mm", stock->paper, grid, width);

  return g_strdup_printf ("%s, %s labels of %s × %s mm", stock->paper, grid, width, height);
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
