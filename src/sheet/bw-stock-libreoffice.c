/* bw-stock-libreoffice.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-stock-private.h"

#include <math.h>
#include <string.h>

#define FILE_MAX_BYTES (4 * 1024 * 1024)
#define MAX_LABELS     10000
#define TEXT_MAX_BYTES 200

/* From this proportion on the text of a roll's label runs along it. */
#define TURNED_FROM 1.2

/* LibreOffice's table: one XML file, a label a line of eleven fields, in hundredths of a
 * millimetre: S (sheet) or C (continuous); pitch x, y; width, height; left, top; columns, rows;
 * paper's width, height. It says no shape: the words of a description have to do. */

enum { KIND, PITCH_X, PITCH_Y, WIDTH, HEIGHT, LEFT, TOP, COLUMNS, ROWS, PAGE_WIDTH, PAGE_HEIGHT, N_FIELDS };

typedef struct
{
  GPtrArray *stocks;      /* (not owned) */
  char      *brand;       /* (nullable) */
  GString   *name;
  GString   *measure;
  GString   *text;        /* (nullable) (not owned): the one of the two that is being read */
} Reader;

/* "Avery A4", "Avery Letter Size": the paper is no part of the maker's name. */
static char *
strip_paper (const char *manufacturer)
{
  static const char * const suffixes[] = { " A4/Asia", " A4", " A5", " Letter Size", " endlos" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      if (g_str_has_suffix (manufacturer, suffixes[i]))
        return g_strndup (manufacturer, strlen (manufacturer) - strlen (suffixes[i]));
    }

  return g_strdup (manufacturer);
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

  if (strcmp (element_name, "manufacturer") == 0)
    {
      g_clear_pointer (&reader->brand, g_free);
      for (guint i = 0; names[i] != NULL; i++)
        {
          if (strcmp (names[i], "name") == 0 && reader->brand == NULL)
            reader->brand = strip_paper (values[i]);
        }
    }
  else if (strcmp (element_name, "label") == 0)
    {
      g_string_truncate (reader->name, 0);
      g_string_truncate (reader->measure, 0);
    }
  else if (strcmp (element_name, "name") == 0)
    reader->text = reader->name;
  else if (strcmp (element_name, "measure") == 0)
    reader->text = reader->measure;
}

static void
text (GMarkupParseContext  *context,
      const char           *bytes,
      gsize                 length,
      gpointer              user_data,
      GError              **error)
{
  Reader *reader = user_data;

  if (reader->text != NULL && reader->text->len + length <= TEXT_MAX_BYTES)
    g_string_append_len (reader->text, bytes, (gssize) length);
}

static gboolean
says_round (const char *description)
{
  g_autofree char *lower = g_utf8_casefold (description, -1);

  return strstr (lower, "round") != NULL || strstr (lower, "rund") != NULL || strstr (lower, "ø") != NULL;
}

/* "L7160 Address": the number, if it is one, then what it is called. */
static void
set_names (BwStock    *stock,
           const char *brand,
           const char *name)
{
  const char *end = name + strcspn (name, " ");
  gboolean has_digit = FALSE;

  for (const char *p = name; p < end; p++)
    has_digit |= g_ascii_isdigit (*p);

  stock->brand = g_strdup (brand);
  stock->part = has_digit ? g_strndup (name, (gsize) (end - name)) : g_strdup (name);
  stock->name = g_strdup (stock->part);
  stock->description = has_digit && *end != '\0' ? g_strdup (end + 1) : NULL;
}

static gboolean
set_measures (BwStock    *stock,
              const char *measure)
{
  g_auto(GStrv) fields = g_strsplit (measure, ";", N_FIELDS + 1);
  double numbers[N_FIELDS] = { 0 };

  if (g_strv_length (fields) != N_FIELDS || (strcmp (fields[KIND], "S") != 0 && strcmp (fields[KIND], "C") != 0))
    return FALSE;

  for (guint i = KIND + 1; i < N_FIELDS; i++)
    {
      gint64 number;

      if (!g_ascii_string_to_signed (fields[i], 10, 0, G_MAXUINT16 * 10, &number, NULL))
        return FALSE;

      numbers[i] = (double) number;
    }

  stock->n_columns = (guint) numbers[COLUMNS];
  stock->n_rows = (guint) numbers[ROWS];
  stock->width = numbers[WIDTH] / 100;
  stock->height = numbers[HEIGHT] / 100;
  stock->left = numbers[LEFT] / 100;
  stock->top = numbers[TOP] / 100;
  stock->pitch_x = numbers[PITCH_X] / 100;
  stock->pitch_y = numbers[PITCH_Y] / 100;
  stock->page_width = numbers[PAGE_WIDTH] / 100;
  stock->page_height = numbers[PAGE_HEIGHT] / 100;

  return TRUE;
}

static void
end_label (Reader *reader)
{
  g_autoptr(GError) error = NULL;
  BwStock *stock;

  g_strstrip (reader->name->str);
  if (reader->brand == NULL || *reader->name->str == '\0' || reader->stocks->len >= MAX_LABELS)
    return;

  stock = bw_stock_new (BW_STOCK_LIBREOFFICE);
  set_names (stock, reader->brand, reader->name->str);
  if (!set_measures (stock, reader->measure->str))
    {
      bw_stock_free (stock);
      return;
    }

  if (fabs (stock->width - stock->height) < 0.1 && says_round (reader->name->str))
    stock->shape = BW_STOCK_ROUND;

  if (bw_stock_get_n_cells (stock) == 1 && stock->page_width == stock->width && stock->page_height == stock->height)
    {
      stock->paper = g_strdup ("roll");
      stock->is_turned = stock->height > TURNED_FROM * stock->width;
    }
  else
    stock->paper = g_strdup (bw_stock_name_paper (stock->page_width, stock->page_height));

  bw_stock_complete (stock);
  if (bw_stock_check (stock, NULL, &error))
    {
      g_ptr_array_add (reader->stocks, stock);
      return;
    }

  g_debug ("label “%s %s”: %s, ignoring", stock->brand, stock->part, error->message);
  bw_stock_free (stock);
}

static void
end_element (GMarkupParseContext  *context,
             const char           *element_name,
             gpointer              user_data,
             GError              **error)
{
  Reader *reader = user_data;

  reader->text = NULL;
  if (strcmp (element_name, "label") == 0)
    end_label (reader);
}

GPtrArray *
bw_stock_read_libreoffice (const char *path,
                           GPtrArray  *stocks)
{
  const GMarkupParser parser = { .start_element = start_element, .end_element = end_element, .text = text };
  Reader reader = { .stocks = stocks, .name = g_string_new (NULL), .measure = g_string_new (NULL) };
  g_autoptr(GMarkupParseContext) context = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *contents = NULL;
  gsize length;

  if (bw_stock_read_file (path, FILE_MAX_BYTES, &contents, &length))
    {
      context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reader, NULL);
      if (!g_markup_parse_context_parse (context, contents, (gssize) length, &error) ||
          !g_markup_parse_context_end_parse (context, &error))
        bw_stock_debug_unreadable (path, error);
    }

  g_string_free (reader.name, TRUE);
  g_string_free (reader.measure, TRUE);
  g_free (reader.brand);

  return stocks;
}
