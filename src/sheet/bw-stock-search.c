/* bw-stock-search.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-stock-private.h"

#include <math.h>
#include <string.h>

#include "bw-error.h"
#include "bw-stock-own.h"

#define QUERY_MAX_BYTES 200

/* Who types 38 mm means 38.1. */
#define SIZE_TOLERANCE_MM 0.6

#define NUMBER "([0-9]+(?:[.,][0-9]+)?)\\s*"
#define UNIT   "(mm|cm|in|\")"

/* Finding one stock by its name, and all that match what was typed. */

typedef struct
{
  double a;
  double b;    /* NAN: any */
} WantedSize;

typedef struct
{
  GStrv   words;    /* folded */
  GArray *sizes;
} Query;

typedef struct
{
  const BwStock *stock;
  guint          rank;
} Found;

static double
unit_to_mm (const char *unit)
{
  if (g_ascii_strcasecmp (unit, "in") == 0 || strcmp (unit, "\"") == 0)
    return 25.4;

  return g_ascii_strcasecmp (unit, "cm") == 0 ? 10.0 : 1.0;
}

static char *
fetch (GMatchInfo *match,
       int         group)
{
  char *text = g_match_info_fetch (match, group);

  /* A comma is a point to people, and nothing else here. */
  if (text == NULL)
    return g_strdup ("");

  return g_strdelimit (text, ",", '.');
}

static double
fetch_mm (GMatchInfo *match,
          int         number,
          int         unit)
{
  g_autofree char *digits = fetch (match, number);
  g_autofree char *name = fetch (match, unit);

  return g_ascii_strtod (digits, NULL) * unit_to_mm (name);
}

double
bw_stock_parse_length (const char *text)
{
  g_autoptr(GRegex) regex = NULL;
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *above = NULL;
  g_autofree char *below = NULL;
  g_autofree char *unit = NULL;
  double mm;

  g_return_val_if_fail (text != NULL, NAN);

  regex = g_regex_new ("^\\s*(-?[0-9]{1,6}(?:[.,][0-9]{0,6})?)(?:\\s+([0-9]{1,3})/([1-9][0-9]{0,2}))?\\s*" UNIT "?\\s*$",
                       G_REGEX_CASELESS, 0, NULL);
  if (!g_utf8_validate (text, -1, NULL) || !g_regex_match (regex, text, 0, &match))
    return NAN;

  mm = fetch_mm (match, 1, 4);
  above = fetch (match, 2);
  below = fetch (match, 3);
  unit = fetch (match, 4);
  if (*above != '\0')
    mm += g_ascii_strtod (above, NULL) / g_ascii_strtod (below, NULL) * unit_to_mm (unit);

  return mm;
}

/* Takes what @pattern finds out of @text. */
static void
take_sizes (char       **text,
            const char  *pattern,
            gboolean     are_two,
            GArray      *sizes)
{
  g_autoptr(GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  char *rest;

  for (g_regex_match (regex, *text, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      WantedSize size = { .b = NAN };
      g_autofree char *unit = fetch (match, 2);

      /* `2x1in`: one unit is for both. */
      size.a = fetch_mm (match, 1, are_two && *unit == '\0' ? 4 : 2);
      if (are_two)
        size.b = fetch_mm (match, 3, 4);

      g_array_append_val (sizes, size);
    }

  rest = g_regex_replace_literal (regex, *text, -1, 0, " ", 0, NULL);
  g_clear_pointer (&match, g_match_info_unref);
  g_free (*text);
  *text = rest;
}

static void
query_parse (Query      *query,
             const char *typed)
{
  g_autofree char *text = g_utf8_make_valid (typed, (gssize) MIN (strlen (typed), QUERY_MAX_BYTES));
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) words = NULL;

  query->sizes = g_array_new (FALSE, FALSE, sizeof (WantedSize));
  take_sizes (&text, "(?<![\\w.])" NUMBER UNIT "?\\s*[x×*]\\s*" NUMBER UNIT "?(?!\\w)", TRUE, query->sizes);
  take_sizes (&text, "(?<![\\w.])" NUMBER UNIT "(?!\\w)", FALSE, query->sizes);

  words = g_strsplit_set (text, " \t\n", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *folded = bw_stock_fold ("", words[i]);

      if (*folded != '\0')
        g_strv_builder_add (builder, folded);
    }

  query->words = g_strv_builder_end (builder);
}

static void
query_clear (Query *query)
{
  g_strfreev (query->words);
  g_array_unref (query->sizes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Query, query_clear)

static gboolean
is_about (double mm,
          double wanted)
{
  return isnan (wanted) || fabs (mm - wanted) < SIZE_TOLERANCE_MM;
}

static gboolean
matches (const BwStock *stock,
         const Query   *query)
{
  const char *words = ((const BwStockEntry *) stock)->words;

  for (guint i = 0; i < query->sizes->len; i++)
    {
      const WantedSize *size = &g_array_index (query->sizes, WantedSize, i);

      if (!(is_about (stock->width, size->a) && is_about (stock->height, size->b)) &&
          !(is_about (stock->width, size->b) && is_about (stock->height, size->a)))
        return FALSE;
    }

  for (guint i = 0; query->words[i] != NULL; i++)
    {
      if (strstr (words, query->words[i]) == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_named (const BwStock *stock,
          const Query   *query)
{
  for (guint i = 0; query->words[i] != NULL; i++)
    {
      if (bw_stock_has_name (stock, query->words[i]))
        return TRUE;
    }

  return FALSE;
}

static int
compare_rank (gconstpointer a,
              gconstpointer b)
{
  return (int) ((const Found *) a)->rank - (int) ((const Found *) b)->rank;
}

GPtrArray *
bw_stock_search (const char *text,
                 guint       catalogues,
                 gboolean    only_favourites)
{
  static const BwStockCatalogue order[] = { BW_STOCK_OWN, BW_STOCK_CURATED, BW_STOCK_LIBREOFFICE, BW_STOCK_GLABELS };
  g_autoptr(GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));
  g_autoptr(GHashTable) favourites = bw_stock_favourites_get ();
  GPtrArray *stocks = g_ptr_array_new ();
  g_auto(Query) query = { NULL };

  g_return_val_if_fail (text != NULL, stocks);

  query_parse (&query, text);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_autoptr(GPtrArray) all = NULL;

      if ((catalogues & 1u << order[i]) == 0)
        continue;

      all = bw_stock_get_catalogue (order[i]);
      for (guint j = 0; j < all->len; j++)
        {
          Found one = { g_ptr_array_index (all, j), 0 };
          gboolean is_favourite = g_hash_table_contains (favourites, one.stock->name);

          if ((only_favourites && !is_favourite) || !matches (one.stock, &query))
            continue;

          one.rank = (is_favourite ? 0 : one.stock->is_verified ? 2 : 4) + (is_named (one.stock, &query) ? 0 : 1);
          g_array_append_val (found, one);
        }
    }

  /* The sort is stable. */
  g_array_sort (found, compare_rank);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (stocks, (gpointer) g_array_index (found, Found, i).stock);

  return stocks;
}

/* The first one, if all that have the name are of one maker: of two catalogues the better comes first. */
static const BwStock *
find_installed (const char  *folded,
                const char  *shown,
                GError     **error)
{
  const BwStock *found = NULL;

  for (guint catalogue = BW_STOCK_LIBREOFFICE; catalogue < BW_STOCK_N_CATALOGUES; catalogue++)
    {
      g_autoptr(GPtrArray) stocks = bw_stock_get_catalogue ((BwStockCatalogue) catalogue);

      for (guint i = 0; i < stocks->len; i++)
        {
          const BwStock *stock = g_ptr_array_index (stocks, i);

          if (!bw_stock_has_name (stock, folded))
            continue;

          if (found != NULL && g_ascii_strcasecmp (found->brand, stock->brand) != 0)
            {
              g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT,
                           "“%s” is a number of more than one maker: say “%s %s” or “%s %s”",
                           shown, found->brand, found->part, stock->brand, stock->part);
              return NULL;
            }

          if (found == NULL)
            found = stock;
        }
    }

  if (found == NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "no label stock is called “%s”", shown);

  return found;
}

const BwStock *
bw_stock_find (const char  *name,
               GError     **error)
{
  g_autoptr(GPtrArray) own = NULL;
  g_autofree char *folded = NULL;
  g_autofree char *shown = NULL;
  const BwStock *curated;

  g_return_val_if_fail (name != NULL, NULL);

  folded = bw_stock_fold ("", name);
  shown = g_utf8_make_valid (name, (gssize) MIN (strlen (name), 64));

  curated = bw_stock_find_curated (folded);
  if (curated != NULL)
    return curated;

  own = bw_stock_get_own ();
  for (guint i = 0; i < own->len; i++)
    {
      if (bw_stock_has_name (g_ptr_array_index (own, i), folded))
        return g_ptr_array_index (own, i);
    }

  if (*folded == '\0')
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "no label stock is called “%s”", shown);
      return NULL;
    }

  return find_installed (folded, shown, error);
}
