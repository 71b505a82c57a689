/* bw-stock-glabels.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-stock-private.h"

#include <math.h>
#include <string.h>

#define FILE_MAX_BYTES  (1024 * 1024)
#define MAX_FILES       200
#define MAX_TEMPLATES   5000
#define MAX_LAYOUTS     64
#define ROLL_SLACK_MM   0.5
#define SAME_ROW_MM     0.5

/* From this proportion on the text of a roll's label runs along it. */
#define TURNED_FROM 1.2

/* The templates of gLabels 3 and 4: a folder of XML files. A template that is broken,
 * or not for our labels (CDs, ellipses), is left out; one that is only another number
 * for a maker's label (`equiv`) becomes a name of that one. */

typedef struct
{
  double width;
  double height;
} PaperSize;

typedef struct
{
  char *brand;
  char *part;
  char *base;
} Equivalent;

typedef struct
{
  GPtrArray  *stocks;        /* (not owned) */
  GHashTable *by_name;       /* folded maker and number → BwStock */
  GHashTable *papers;        /* id → PaperSize */
  GPtrArray  *equivalents;
  BwStock    *current;       /* (nullable) (owned): the template that is being read */
  GArray     *cells;         /* of its layouts so far */
  guint       n_layouts;
  gboolean    has_label;
  gboolean    is_bad;
} Reader;

static void
equivalent_free (gpointer data)
{
  Equivalent *equivalent = data;

  g_free (equivalent->brand);
  g_free (equivalent->part);
  g_free (equivalent->base);
  g_free (equivalent);
}

static const char *
get_local_name (const char *name)
{
  const char *colon = strrchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

static const char *
get_attribute (const char **names,
               const char **values,
               const char  *wanted)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      if (strcmp (get_local_name (names[i]), wanted) == 0)
        return values[i];
    }

  return NULL;
}

/* A number and a unit, points when there is none. To the micrometre: 111 pt was meant as 39.16 mm. */
static gboolean
parse_mm (const char *text,
          double     *ret_mm)
{
  static const struct { const char *name; double mm; } units[] = {
    { "", 25.4 / 72 }, { "pt", 25.4 / 72 }, { "in", 25.4 }, { "mm", 1.0 }, { "cm", 10.0 }, { "pc", 25.4 / 6 },
  };
  char *end;
  double number = g_ascii_strtod (text, &end);

  if (end == text || !isfinite (number))
    return FALSE;

  while (*end == ' ')
    end++;

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      if (strcmp (end, units[i].name) == 0)
        {
          *ret_mm = round (number * units[i].mm * 1e3) / 1e3;
          return TRUE;
        }
    }

  return FALSE;
}

/* One that is missing is @fallback; one that is no length spoils the template. */
static double
read_mm (Reader      *reader,
         const char **names,
         const char **values,
         const char  *wanted,
         double       fallback)
{
  const char *text = get_attribute (names, values, wanted);
  double mm = fallback;

  if (text != NULL && !parse_mm (text, &mm))
    reader->is_bad = TRUE;

  return mm;
}

static guint
read_count (Reader      *reader,
            const char **names,
            const char **values,
            const char  *wanted)
{
  const char *text = get_attribute (names, values, wanted);
  guint64 count;

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 1, BW_STOCK_MAX_PER_AXIS, &count, NULL))
    return (guint) count;

  reader->is_bad = TRUE;

  return 1;
}

static void
set_paper (Reader      *reader,
           const char **names,
           const char **values)
{
  const char *size = get_attribute (names, values, "size");
  const PaperSize *paper = size != NULL ? g_hash_table_lookup (reader->papers, size) : NULL;
  BwStock *stock = reader->current;

  if (paper != NULL)
    {
      stock->page_width = paper->width;
      stock->page_height = paper->height;
    }
  else if (g_strcmp0 (size, "Other") == 0)
    {
      stock->page_width = read_mm (reader, names, values, "width", NAN);
      stock->page_height = read_mm (reader, names, values, "height", NAN);
    }
  else
    reader->is_bad = TRUE;
}

static void
begin_template (Reader      *reader,
                const char **names,
                const char **values)
{
  const char *brand = get_attribute (names, values, "brand");
  const char *part = get_attribute (names, values, "part");
  const char *base = get_attribute (names, values, "equiv");
  const char *description = get_attribute (names, values, "_description");

  g_clear_pointer (&reader->current, bw_stock_free);
  if (brand == NULL || part == NULL)
    return;

  if (base != NULL)
    {
      Equivalent *equivalent = g_new0 (Equivalent, 1);

      equivalent->brand = g_strdup (brand);
      equivalent->part = g_strdup (part);
      equivalent->base = g_strdup (base);
      g_ptr_array_add (reader->equivalents, equivalent);
      return;
    }

  if (description == NULL)
    description = get_attribute (names, values, "description");

  reader->is_bad = FALSE;
  reader->has_label = FALSE;
  reader->n_layouts = 0;
  g_array_set_size (reader->cells, 0);
  reader->current = bw_stock_new (BW_STOCK_GLABELS);
  reader->current->name = g_strdup (part);
  reader->current->brand = g_strdup (brand);
  reader->current->part = g_strdup (part);
  reader->current->description = g_strdup (description);
  set_paper (reader, names, values);
}

static void
read_label (Reader      *reader,
            const char  *name,
            const char **names,
            const char **values)
{
  BwStock *stock = reader->current;

  if (strcmp (name, "Label-rectangle") == 0 && !reader->has_label)
    {
      stock->width = read_mm (reader, names, values, "width", NAN);
      stock->height = read_mm (reader, names, values, "height", NAN);
      read_mm (reader, names, values, "round", 0.0);
    }
  else if (strcmp (name, "Label-round") == 0 && !reader->has_label)
    {
      stock->shape = BW_STOCK_ROUND;
      stock->width = stock->height = 2 * read_mm (reader, names, values, "radius", NAN);
    }
  else
    reader->is_bad = TRUE;

  reader->has_label = TRUE;
}

/* On rolls the pitches are 0, and often left out where there is one column or row. */
static void
read_layout (Reader      *reader,
             const char **names,
             const char **values)
{
  BwStock *stock = reader->current;
  guint n_columns = read_count (reader, names, values, "nx");
  guint n_rows = read_count (reader, names, values, "ny");
  double left = read_mm (reader, names, values, "x0", 0.0);
  double top = read_mm (reader, names, values, "y0", 0.0);
  double pitch_x = read_mm (reader, names, values, "dx", 0.0);
  double pitch_y = read_mm (reader, names, values, "dy", 0.0);

  reader->n_layouts++;
  if (reader->is_bad || reader->n_layouts > MAX_LAYOUTS ||
      reader->cells->len + n_columns * n_rows > BW_STOCK_MAX_CELLS)
    {
      reader->is_bad = TRUE;
      return;
    }

  stock->n_columns = n_columns;
  stock->n_rows = n_rows;
  stock->left = left;
  stock->top = top;
  stock->pitch_x = n_columns > 1 ? pitch_x : stock->width;
  stock->pitch_y = n_rows > 1 ? pitch_y : stock->height;

  for (guint i = 0; i < n_columns * n_rows; i++)
    {
      BwStockPoint cell = { left + (i % n_columns) * pitch_x, top + (i / n_columns) * pitch_y };

      g_array_append_val (reader->cells, cell);
    }
}

static int
compare_number (double a,
                double b)
{
  return (a > b) - (a < b);
}

static int
compare_y (gconstpointer a,
           gconstpointer b)
{
  return compare_number (((const BwStockPoint *) a)->y, ((const BwStockPoint *) b)->y);
}

static int
compare_x (gconstpointer a,
           gconstpointer b)
{
  return compare_number (((const BwStockPoint *) a)->x, ((const BwStockPoint *) b)->x);
}

/* Several layouts: the labels are counted by rows as on any sheet. */
static void
set_cells (BwStock *stock,
           GArray  *cells)
{
  BwStockPoint *points;
  guint begin = 0;

  g_array_sort (cells, compare_y);
  points = g_memdup2 (cells->data, cells->len * sizeof (BwStockPoint));

  for (guint i = 1; i <= cells->len; i++)
    {
      if (i == cells->len || points[i].y - points[begin].y > SAME_ROW_MM)
        {
          qsort (points + begin, i - begin, sizeof (BwStockPoint), compare_x);
          begin = i;
        }
    }

  stock->cells = points;
  stock->n_columns = cells->len;
  stock->n_rows = 1;
}

static gboolean
is_roll (const BwStock *stock)
{
  return bw_stock_get_n_cells (stock) == 1 && fabs (stock->page_width - stock->width) <= ROLL_SLACK_MM &&
         fabs (stock->page_height - stock->height) <= ROLL_SLACK_MM;
}

static void
end_template (Reader *reader)
{
  g_autoptr(GError) error = NULL;
  BwStock *stock = reader->current;

  if (stock == NULL)
    return;

  if (reader->n_layouts > 1 && !reader->is_bad)
    set_cells (stock, reader->cells);

  if (!reader->is_bad && is_roll (stock))
    {
      stock->paper = g_strdup ("roll");
      stock->left = stock->top = 0.0;
      stock->is_turned = stock->height > TURNED_FROM * stock->width;
    }
  else
    stock->paper = g_strdup (bw_stock_name_paper (stock->page_width, stock->page_height));

  bw_stock_complete (stock);
  if (reader->is_bad || !reader->has_label || reader->n_layouts == 0 || reader->stocks->len >= MAX_TEMPLATES ||
      !bw_stock_check (stock, NULL, &error))
    {
      g_debug ("template “%s %s”: %s, ignoring", stock->brand, stock->part, error != NULL ? error->message : "not for us");
      g_clear_pointer (&reader->current, bw_stock_free);
      return;
    }

  g_hash_table_insert (reader->by_name, bw_stock_fold (stock->brand, stock->part), stock);
  g_ptr_array_add (reader->stocks, g_steal_pointer (&reader->current));
}

static void
read_paper (Reader      *reader,
            const char **names,
            const char **values)
{
  const char *id = get_attribute (names, values, "id");
  const char *width = get_attribute (names, values, "width");
  const char *height = get_attribute (names, values, "height");
  PaperSize size;

  if (id != NULL && width != NULL && height != NULL && parse_mm (width, &size.width) && parse_mm (height, &size.height))
    g_hash_table_insert (reader->papers, g_strdup (id), g_memdup2 (&size, sizeof size));
}

static void
start_element (GMarkupParseContext  *context,
               const char           *element_name,
               const char          **names,
               const char          **values,
               gpointer              user_data,
               GError              **error)
{
  Reader *reader = user_data;
  const char *name = get_local_name (element_name);

  if (strcmp (name, "Template") == 0)
    begin_template (reader, names, values);
  else if (strcmp (name, "Paper-size") == 0)
    read_paper (reader, names, values);
  else if (reader->current == NULL)
    return;
  else if (g_str_has_prefix (name, "Label-"))
    read_label (reader, name, names, values);
  else if (strcmp (name, "Layout") == 0)
    read_layout (reader, names, values);
}

static void
end_element (GMarkupParseContext  *context,
             const char           *element_name,
             gpointer              user_data,
             GError              **error)
{
  if (strcmp (get_local_name (element_name), "Template") == 0)
    end_template (user_data);
}

/* What stands before an error in a file counts. */
static void
read_file (Reader     *reader,
           const char *path)
{
  const GMarkupParser parser = { .start_element = start_element, .end_element = end_element };
  g_autoptr(GMarkupParseContext) context = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!bw_stock_read_file (path, FILE_MAX_BYTES, &text, &length))
    return;

  context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, reader, NULL);
  if (!g_markup_parse_context_parse (context, text, (gssize) length, &error) ||
      !g_markup_parse_context_end_parse (context, &error))
    bw_stock_debug_unreadable (path, error);

  g_clear_pointer (&reader->current, bw_stock_free);
}

static void
add_alias (BwStock    *stock,
           const char *part)
{
  char **aliases = (char **) stock->aliases;
  guint n = g_strv_length (aliases);

  aliases = g_renew (char *, aliases, n + 2);
  aliases[n] = g_strdup (part);
  aliases[n + 1] = NULL;
  stock->aliases = (const char * const *) aliases;
}

static void
settle_equivalents (Reader *reader)
{
  for (guint i = 0; i < MIN (reader->equivalents->len, MAX_TEMPLATES); i++)
    {
      const Equivalent *equivalent = g_ptr_array_index (reader->equivalents, i);
      g_autofree char *base = bw_stock_fold (equivalent->brand, equivalent->base);
      g_autofree char *name = bw_stock_fold (equivalent->brand, equivalent->part);
      BwStock *stock = g_hash_table_lookup (reader->by_name, base);

      if (stock != NULL && !g_hash_table_contains (reader->by_name, name))
        {
          add_alias (stock, equivalent->part);
          g_hash_table_insert (reader->by_name, g_steal_pointer (&name), stock);
        }
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* In the order of their names, so that each run gives the same. */
static GPtrArray *
list_files (const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && names->len < MAX_FILES && (name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_suffix (name, "templates.xml") || g_str_has_suffix (name, ".template"))
        g_ptr_array_add (names, g_strdup (name));
    }

  g_clear_pointer (&dir, g_dir_close);
  g_ptr_array_sort (names, compare_names);

  return names;
}

GPtrArray *
bw_stock_read_glabels (const char *folder,
                       GPtrArray  *stocks)
{
  static const PaperSize usual[] = { { 210.0, 297.0 }, { 215.9, 279.4 } };
  g_autoptr(GPtrArray) files = list_files (folder);
  g_autofree char *papers = g_build_filename (folder, "paper-sizes.xml", NULL);
  Reader reader = {
    .stocks = stocks,
    .by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .papers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
    .equivalents = g_ptr_array_new_with_free_func (equivalent_free),
    .cells = g_array_new (FALSE, FALSE, sizeof (BwStockPoint)),
  };

  g_hash_table_insert (reader.papers, g_strdup ("A4"), g_memdup2 (&usual[0], sizeof usual[0]));
  g_hash_table_insert (reader.papers, g_strdup ("US-Letter"), g_memdup2 (&usual[1], sizeof usual[1]));
  read_file (&reader, papers);

  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (files, i), NULL);

      read_file (&reader, path);
    }

  settle_equivalents (&reader);

  g_hash_table_unref (reader.by_name);
  g_hash_table_unref (reader.papers);
  g_ptr_array_unref (reader.equivalents);
  g_array_unref (reader.cells);

  return stocks;
}
