/* ctl-stock.c: bellwetherctl stock …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-stock.h"
#include "bw-stock-own.h"

#define LIMIT_DEFAULT 100

/* What is known of label sheets and rolls: needs no backend. Own stocks and favourites are this
 * user's, on this computer, the same that the desktop shows. */

static void
add_stock (GString       *out,
           const BwStock *stock,
           gboolean       is_favourite)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "name", stock->name);
  bw_json_add_string (out, "brand", stock->brand);
  bw_json_add_string (out, "part", stock->part);
  if (stock->description != NULL)
    bw_json_add_string (out, "description", stock->description);
  bw_json_begin_array (out, "aliases");
  for (gsize i = 0; stock->aliases[i] != NULL; i++)
    bw_json_add_string (out, NULL, stock->aliases[i]);
  bw_json_end_array (out);
  bw_json_add_string (out, "catalogue", bw_stock_catalogue_to_nick (stock->catalogue));
  bw_json_add_boolean (out, "verified", stock->is_verified);
  bw_json_add_boolean (out, "favourite", is_favourite);
  bw_json_add_string (out, "paper", stock->paper);
  bw_json_add_decimal (out, "pageWidth", stock->page_width);
  bw_json_add_decimal (out, "pageHeight", stock->page_height);
  bw_json_add_string (out, "shape", stock->shape == BW_STOCK_ROUND ? "round" : "rectangle");
  bw_json_add_int (out, "labels", bw_stock_get_n_cells (stock));
  bw_json_add_decimal (out, "width", stock->width);
  bw_json_add_decimal (out, "height", stock->height);
  bw_json_begin_array (out, "positions");
  for (guint i = 0; stock->cells != NULL && i < bw_stock_get_n_cells (stock); i++)
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_decimal (out, "left", stock->cells[i].x);
      bw_json_add_decimal (out, "top", stock->cells[i].y);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  if (stock->cells == NULL)
    {
      bw_json_add_int (out, "columns", stock->n_columns);
      bw_json_add_int (out, "rows", stock->n_rows);
      bw_json_add_decimal (out, "left", stock->left);
      bw_json_add_decimal (out, "top", stock->top);
      bw_json_add_decimal (out, "pitchX", stock->pitch_x);
      bw_json_add_decimal (out, "pitchY", stock->pitch_y);
    }
  bw_json_add_int (out, "dpi", stock->dpi);
  bw_json_add_boolean (out, "turned", stock->is_turned);
  bw_json_end_object (out);
}

static void
add_row (GPtrArray     *rows,
         const BwStock *stock,
         gboolean       is_favourite)
{
  g_autofree char *text = bw_stock_to_text (stock);
  g_autofree char *name = ctl_clean (stock->name);
  g_autofree char *brand = ctl_clean (stock->brand);
  g_autofree char *part = ctl_clean (stock->part);
  const char *cells[] = {
    name, brand, part, is_favourite ? "★" : "", stock->is_verified ? "" : _("unverified"), text, NULL
  };

  g_ptr_array_add (rows, g_strdupv ((char **) cells));
}

static void
print_stocks (Ctl       *ctl,
              GPtrArray *stocks,
              guint      limit)
{
  g_autoptr(GHashTable) favourites = bw_stock_favourites_get ();
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  const char *head[] = { _("STOCK"), _("MAKER"), _("NUMBER"), "", "", _("LABELS"), NULL };

  g_ptr_array_add (rows, g_strdupv ((char **) head));
  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", stocks->len);
  bw_json_begin_array (out, "items");
  for (guint i = 0; i < MIN (stocks->len, limit); i++)
    {
      const BwStock *stock = g_ptr_array_index (stocks, i);
      gboolean is_favourite = g_hash_table_contains (favourites, stock->name);

      if (ctl->json)
        add_stock (out, stock, is_favourite);
      else
        add_row (rows, stock, is_favourite);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  if (ctl->json)
    {
      ctl_print_text (out->str);
      return;
    }

  ctl_print_table (rows);
  if (stocks->len > limit)
    g_print (_("… and %'ld more\n"), (long) (stocks->len - limit));
}

static CtlStatus
list (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_autofree char *search = NULL;
  g_autofree char *catalogue = NULL;
  gboolean only_favourites = FALSE;
  int limit = LIMIT_DEFAULT;
  const GOptionEntry entries[] = {
    { "search", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &search, N_("Maker, number, words, or a size as “63.5x38.1” or “38 mm”"), N_("TEXT") },
    { "catalogue", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &catalogue, N_("Only curated, own, glabels or libreoffice"), N_("CATALOGUE") },
    { "favourites", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &only_favourites, N_("Only favourites"), NULL },
    { "limit", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &limit, N_("How many at most (100)"), "N" },
    { NULL }
  };
  g_autoptr(GPtrArray) stocks = NULL;
  g_autoptr(GError) error = NULL;
  BwStockCatalogue chosen;
  guint wanted = BW_STOCK_ANY_CATALOGUE;

  if (!ctl_parse (ctl, command, entries, arguments, 0, 0))
    return CTL_USAGE;

  if (limit < 1)
    return ctl_usage_error (command, _("--%s is at least 1"), "limit");

  if (catalogue != NULL)
    {
      if (!bw_stock_catalogue_from_nick (catalogue, &chosen))
        return ctl_usage_error (command, _("“%s” is no catalogue: curated, own, glabels or libreoffice"), catalogue);

      wanted = 1u << chosen;
    }

  if (!bw_stock_own_reload (&error))
    return ctl_fail (error);

  stocks = bw_stock_search (search != NULL ? search : "", wanted, only_favourites);
  print_stocks (ctl, stocks, (guint) limit);

  return CTL_DONE;
}

static void
print_mm (const char *title,
          double      mm)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_print ("%s: %s mm\n", title, g_ascii_formatd (buffer, sizeof buffer, "%.2f", mm));
}

static void
print_stock (Ctl           *ctl,
             const BwStock *stock)
{
  g_autoptr(GHashTable) favourites = bw_stock_favourites_get ();
  gboolean is_favourite = g_hash_table_contains (favourites, stock->name);
  g_autoptr(GString) out = g_string_new (NULL);
  g_autofree char *text = bw_stock_to_text (stock);
  g_autofree char *maker = g_strdup_printf ("%s %s", stock->brand, stock->catalogue == BW_STOCK_OWN ? "" : stock->part);
  g_autofree char *title = g_strjoin (", ", stock->name, *g_strstrip (maker) != '\0' ? maker : stock->description,
                                      *maker != '\0' ? stock->description : NULL, NULL);
  g_autofree char *clean = ctl_clean (title);

  if (ctl->json)
    {
      add_stock (out, stock, is_favourite);
      ctl_print_text (out->str);
      return;
    }

  g_print ("%s\n%s\n", clean, text);
  if (stock->aliases[0] != NULL)
    {
      g_autofree char *aliases = g_strjoinv (", ", (char **) stock->aliases);
      g_autofree char *clean_aliases = ctl_clean (aliases);

      g_print (_("also: %s\n"), clean_aliases);
    }

  g_print (_("catalogue: %s\n"), bw_stock_catalogue_to_nick (stock->catalogue));
  if (!stock->is_verified)
    g_print ("%s\n", _("Nobody has checked these measures: print a test page on plain paper first."));

  print_mm (_("paper, width"), stock->page_width);
  print_mm (_("paper, height"), stock->page_height);
  if (stock->cells != NULL)
    return;

  print_mm (_("first label from the left"), stock->left);
  print_mm (_("first label from the top"), stock->top);
  print_mm (_("from column to column"), stock->pitch_x);
  print_mm (_("from row to row"), stock->pitch_y);
}

static CtlStatus
show (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_autoptr(GError) error = NULL;
  const BwStock *stock;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if (!bw_stock_own_reload (&error) || (stock = bw_stock_find (arguments[0], &error)) == NULL)
    return ctl_fail (error);

  print_stock (ctl, stock);

  return CTL_DONE;
}

/* What add and edit take: each (nullable) when it was not said. */
/* A number that was not given; 0 is one that was. */
#define UNSAID G_MININT

typedef struct
{
  char *name;
  char *brand;
  char *like;
  char *paper;
  char *shape;
  char *width;
  char *height;
  char *left;
  char *top;
  char *pitch_x;
  char *pitch_y;
  int   columns;
  int   rows;
  int   dpi;
} Measures;

static void
measures_clear (Measures *measures)
{
  g_free (measures->name);
  g_free (measures->brand);
  g_free (measures->like);
  g_free (measures->paper);
  g_free (measures->shape);
  g_free (measures->width);
  g_free (measures->height);
  g_free (measures->left);
  g_free (measures->top);
  g_free (measures->pitch_x);
  g_free (measures->pitch_y);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Measures, measures_clear)

static gboolean
take_length (const char  *text,
             double      *length,
             GError     **error)
{
  double mm;

  if (text == NULL)
    return TRUE;

  mm = bw_stock_parse_length (text);
  if (isnan (mm))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("“%s” is no length: a number of mm, or with cm or in behind it"), text);
      return FALSE;
    }

  *length = mm;

  return TRUE;
}

/* A4, Letter, …, roll, or its two sides: `148x210`. */
static gboolean
take_paper (const char  *text,
            BwStock     *draft,
            GError     **error)
{
  static const char * const names[] = { "A3", "A4", "A5", "A6", "Letter", "Legal", "roll", NULL };
  g_auto(GStrv) sides = text != NULL ? g_strsplit_set (text, "xX", 3) : NULL;

  if (text == NULL)
    return TRUE;

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (names[i], text) == 0)
        {
          draft->paper = names[i];
          return TRUE;
        }
    }

  draft->paper = "custom";
  if (g_strv_length (sides) == 2)
    return take_length (sides[0], &draft->page_width, error) && take_length (sides[1], &draft->page_height, error);

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
               _("“%s” is no paper: A3, A4, A5, A6, Letter, Legal, roll, or its sides as 148x210"), text);

  return FALSE;
}

/* FALSE: one sentence in @error. */
static gboolean
take_measures (const Measures  *measures,
               BwStock         *draft,
               GError         **error)
{
  if (measures->brand != NULL)
    draft->brand = measures->brand;

  if (measures->columns != UNSAID)
    draft->n_columns = measures->columns > 0 ? (guint) measures->columns : 0;

  if (measures->rows != UNSAID)
    draft->n_rows = measures->rows > 0 ? (guint) measures->rows : 0;

  if (measures->dpi != UNSAID)
    draft->dpi = measures->dpi > 0 ? (guint) measures->dpi : 0;

  if (measures->shape != NULL)
    {
      draft->shape = strcmp (measures->shape, "round") == 0 ? BW_STOCK_ROUND : BW_STOCK_RECTANGLE;
      draft->is_turned = strcmp (measures->shape, "turned") == 0;
    }

  draft->margin_x = NAN;
  draft->margin_y = NAN;
  if (!take_paper (measures->paper, draft, error) || !take_length (measures->width, &draft->width, error) ||
      !take_length (measures->height, &draft->height, error) || !take_length (measures->left, &draft->left, error) ||
      !take_length (measures->top, &draft->top, error))
    return FALSE;

  /* Without gaps, when nothing is said. */
  if (draft->pitch_x == 0)
    draft->pitch_x = draft->width;
  if (draft->pitch_y == 0)
    draft->pitch_y = draft->height;

  return take_length (measures->pitch_x, &draft->pitch_x, error) && take_length (measures->pitch_y, &draft->pitch_y, error);
}

static gboolean
parse_measures (Ctl              *ctl,
                const CtlCommand *command,
                char            **arguments,
                Measures         *measures)
{
  const GOptionEntry entries[] = {
    { "name", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &measures->name, N_("Another name"), N_("NAME") },
    { "like", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &measures->like, N_("Begin with the measures of that stock"), N_("STOCK") },
    { "brand", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &measures->brand, N_("Who makes it"), N_("TEXT") },
    { "paper", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &measures->paper, N_("A3, A4, A5, A6, Letter, Legal, roll, or its sides as 148x210"), N_("PAPER") },
    { "shape", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &measures->shape, N_("rectangle, round, or turned: the text runs upwards"), N_("SHAPE") },
    { "columns", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &measures->columns, N_("Labels side by side"), "N" },
    { "rows", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &measures->rows, N_("Labels one below the other"), "N" },
    { "width", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &measures->width, N_("Of a label; lengths are in mm, or with cm or in behind them"), N_("LENGTH") },
    { "height", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &measures->height, N_("Of a label"), N_("LENGTH") },
    { "left", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &measures->left, N_("From the paper’s edge to the first label"), N_("LENGTH") },
    { "top", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &measures->top, N_("From the paper’s edge to the first label"), N_("LENGTH") },
    { "pitch-x", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &measures->pitch_x, N_("From one column’s left edge to the next one’s"), N_("LENGTH") },
    { "pitch-y", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &measures->pitch_y, N_("From one row’s upper edge to the next one’s"), N_("LENGTH") },
    { "dpi", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &measures->dpi, N_("Dots per inch of the printer it is for"), "N" },
    { NULL }
  };

  measures->columns = measures->rows = measures->dpi = UNSAID;
  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return FALSE;

  if (measures->shape == NULL || strcmp (measures->shape, "rectangle") == 0 || strcmp (measures->shape, "round") == 0 ||
      strcmp (measures->shape, "turned") == 0)
    return TRUE;

  ctl_usage_error (command, _("“%s” is no shape: rectangle, round or turned"), measures->shape);

  return FALSE;
}

/* The one to begin with, or NULL with @error; of labels in no grid there are no measures to change. */
static const BwStock *
find_base (const char  *name,
           GError     **error)
{
  const BwStock *stock = bw_stock_find (name, error);

  if (stock == NULL || stock->cells == NULL)
    return stock;

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("the labels of “%s” stand in no grid"), stock->name);

  return NULL;
}

static CtlStatus
save (Ctl            *ctl,
      const Measures *measures,
      const BwStock  *base,
      const char     *name,
      const char     *replaces)
{
  BwStock draft = *base;
  g_autoptr(GError) error = NULL;
  const BwStock *stock;

  draft.name = name;
  if (!take_measures (measures, &draft, &error) || (stock = bw_stock_own_save (&draft, replaces, &error)) == NULL)
    return ctl_fail (error);

  print_stock (ctl, stock);

  return CTL_DONE;
}

static CtlStatus
add (Ctl              *ctl,
     const CtlCommand *command,
     char            **arguments)
{
  const BwStock empty = { .brand = "", .paper = "A4", .n_columns = 1, .n_rows = 1, .dpi = 300 };
  g_auto(Measures) measures = { NULL };
  g_autoptr(GError) error = NULL;
  const BwStock *base = &empty;

  if (!parse_measures (ctl, command, arguments, &measures))
    return CTL_USAGE;

  if (measures.like == NULL && (measures.width == NULL || measures.height == NULL))
    return ctl_usage_error (command, _("--%s is missing"), measures.width == NULL ? "width" : "height");

  if (!bw_stock_own_reload (&error) || (measures.like != NULL && (base = find_base (measures.like, &error)) == NULL))
    return ctl_fail (error);

  return save (ctl, &measures, base, measures.name != NULL ? measures.name : arguments[0], NULL);
}

static CtlStatus
edit (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_auto(Measures) measures = { NULL };
  g_autoptr(GError) error = NULL;
  const BwStock *stock, *base;

  if (!parse_measures (ctl, command, arguments, &measures))
    return CTL_USAGE;

  if (!bw_stock_own_reload (&error) || (stock = bw_stock_find (arguments[0], &error)) == NULL)
    return ctl_fail (error);

  if (stock->catalogue != BW_STOCK_OWN)
    return ctl_fail_text (_("“%s” is not one of your own stocks; “stock add NAME --like %s” makes one of it"), stock->name, stock->name);

  base = measures.like != NULL ? find_base (measures.like, &error) : stock;
  if (base == NULL)
    return ctl_fail (error);

  return save (ctl, &measures, base, measures.name != NULL ? measures.name : stock->name, stock->name);
}

static CtlStatus
remove_own (Ctl              *ctl,
            const CtlCommand *command,
            char            **arguments)
{
  g_autoptr(GError) error = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if (!bw_stock_own_remove (arguments[0], &error))
    return ctl_fail (error);

  return CTL_DONE;
}

static CtlStatus
favourite (Ctl              *ctl,
           const CtlCommand *command,
           char            **arguments)
{
  gboolean is_off = FALSE;
  const GOptionEntry entries[] = {
    { "off", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &is_off, N_("Not any more"), NULL },
    { NULL }
  };
  g_autoptr(GError) error = NULL;
  const BwStock *stock;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (!bw_stock_own_reload (&error) || (stock = bw_stock_find (arguments[0], &error)) == NULL ||
      !bw_stock_favourites_set (stock, !is_off, &error))
    return ctl_fail (error);

  return CTL_DONE;
}

#define MEASURES "[--like STOCK] [--paper PAPER] [--columns N] [--rows N] [--width LENGTH] [--height LENGTH] [--left LENGTH] " \
                 "[--top LENGTH] [--pitch-x LENGTH] [--pitch-y LENGTH] [--shape SHAPE] [--dpi N] [--brand TEXT]"

const CtlCommand ctl_stock_commands[] = {
  { "stock", "list", "[--search TEXT] [--catalogue CATALOGUE] [--favourites] [--limit N]",
    N_("List label sheets and rolls: favourites first, then own and curated ones, then what is unverified"), list },
  { "stock", "show", "NAME", N_("Show the measures of one"), show },
  { "stock", "add", "NAME " MEASURES, N_("Make a stock of your own by its measures"), add },
  { "stock", "edit", "NAME [--name NAME] " MEASURES, N_("Change one of your own"), edit },
  { "stock", "remove", "NAME", N_("Remove one of your own"), remove_own },
  { "stock", "favourite", "NAME [--off]", N_("Offer it before others"), favourite },
  { NULL }
};
