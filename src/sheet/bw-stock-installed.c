/* bw-stock-installed.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-stock-private.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

/* The catalogues that other programs have installed: which there are, and what of them is ours
 * to offer. BELLWETHER_STOCK_CATALOGUES names a folder to read instead, with `glabels/` and
 * `libreoffice/labels.xml` in it. */

/* One of them, once it was read: shared by all threads and never freed. */
static GOnce installed[BW_STOCK_N_CATALOGUES] = {
  [BW_STOCK_LIBREOFFICE] = G_ONCE_INIT,
  [BW_STOCK_GLABELS] = G_ONCE_INIT,
};

gboolean
bw_stock_read_file (const char  *path,
                    gsize        max_bytes,
                    char       **ret_text,
                    gsize       *ret_length)
{
  GStatBuf info;

  /* A pipe would never end. */
  if (g_stat (path, &info) != 0 || !S_ISREG (info.st_mode))
    return FALSE;

  if ((guint64) info.st_size > max_bytes)
    {
      g_debug ("“%s” has more than %" G_GSIZE_FORMAT " bytes, ignoring", path, max_bytes);
      return FALSE;
    }

  return g_file_get_contents (path, ret_text, ret_length, NULL);
}

void
bw_stock_debug_unreadable (const char   *path,
                           const GError *error)
{
  g_autofree char *text = g_utf8_make_valid (error->message, -1);

  g_debug ("“%s”: %s", path, text);
}

/* The curated table has checked numbers for those: the other ones are left out. What the maker
 * calls the same may stay under its next name. */
static gboolean
drop_curated_names (BwStock *stock)
{
  g_auto(GStrv) words = g_strsplit (stock->brand, " ", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  char **aliases = (char **) stock->aliases;
  char **kept;

  for (int i = -1; i < 0 || aliases[i] != NULL; i++)
    {
      const char *part = i < 0 ? stock->part : aliases[i];
      gboolean is_curated = FALSE;

      for (guint j = 0; words[j] != NULL && !is_curated; j++)
        {
          g_autofree char *folded = bw_stock_fold (words[j], part);

          is_curated = bw_stock_find_curated (folded) != NULL;
        }

      if (!is_curated)
        g_strv_builder_add (builder, part);
    }

  kept = g_strv_builder_end (builder);
  if (kept[0] == NULL)
    {
      g_strfreev (kept);
      return FALSE;
    }

  g_free ((char *) stock->part);
  g_strfreev (aliases);
  stock->part = kept[0];
  memmove (kept, kept + 1, g_strv_length (kept + 1) * sizeof *kept + sizeof *kept);
  stock->aliases = (const char * const *) kept;

  return TRUE;
}

static gboolean
is_same (const BwStock *a,
         const BwStock *b)
{
  return a->shape == b->shape && a->n_columns == b->n_columns && a->n_rows == b->n_rows && a->width == b->width &&
         a->height == b->height && a->left == b->left && a->top == b->top && a->pitch_x == b->pitch_x &&
         a->pitch_y == b->pitch_y && a->page_width == b->page_width && a->cells == NULL && b->cells == NULL;
}

/* "glabels-Avery-L4730": stays the same from run to run, and is no other stock's. FALSE: the
 * same stock is in @names already. */
static gboolean
name_stock (BwStock    *stock,
            GHashTable *names)
{
  g_autofree char *base = g_strdup_printf ("%s-%s-%s", bw_stock_catalogue_to_nick (stock->catalogue), stock->brand, stock->part);
  g_autofree char *name = NULL;

  for (char *p = base; *p != '\0'; p++)
    {
      if ((guchar) *p < 0x80 && !g_ascii_isalnum (*p) && *p != '.' && *p != '_')
        *p = '-';
    }

  name = g_strdup (base);
  for (guint i = 2; ; i++)
    {
      g_autofree char *folded = bw_stock_fold ("", name);
      const BwStock *other = g_hash_table_lookup (names, folded);

      if (other != NULL && is_same (stock, other))
        return FALSE;

      if (other == NULL)
        {
          g_hash_table_insert (names, g_steal_pointer (&folded), stock);
          break;
        }

      g_free (name);
      name = g_strdup_printf ("%s--%u", base, i);
    }

  g_free ((char *) stock->name);
  stock->name = g_steal_pointer (&name);

  return TRUE;
}

static GPtrArray *
read_installed (BwStockCatalogue catalogue)
{
  const char *folder = g_getenv ("BELLWETHER_STOCK_CATALOGUES");
  g_autofree char *glabels = folder != NULL ? g_build_filename (folder, "glabels", NULL) : NULL;
  g_autofree char *libreoffice = folder != NULL ? g_build_filename (folder, "libreoffice", "labels.xml", NULL) : NULL;
  g_autofree char *personal = g_build_filename (g_get_user_config_dir (), "libglabels", "templates", NULL);
  GPtrArray *stocks = g_ptr_array_new ();

  if (folder != NULL && catalogue == BW_STOCK_GLABELS)
    return bw_stock_read_glabels (glabels, stocks);

  if (folder != NULL)
    return bw_stock_read_libreoffice (libreoffice, stocks);

  if (catalogue == BW_STOCK_GLABELS)
    {
      bw_stock_read_glabels ("/usr/share/libglabels-3.0/templates", stocks);
      return bw_stock_read_glabels (personal, stocks);
    }

  bw_stock_read_libreoffice ("/usr/lib/libreoffice/share/labels/labels.xml", stocks);
  if (stocks->len == 0)
    bw_stock_read_libreoffice ("/usr/lib64/libreoffice/share/labels/labels.xml", stocks);

  return stocks;
}

static gpointer
load_installed (gpointer data)
{
  BwStockCatalogue catalogue = (BwStockCatalogue) GPOINTER_TO_UINT (data);
  g_autoptr(GPtrArray) all = read_installed (catalogue);
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *stocks = g_ptr_array_new ();

  for (guint i = 0; i < all->len; i++)
    {
      BwStock *stock = g_ptr_array_index (all, i);

      if (drop_curated_names (stock) && name_stock (stock, names))
        {
          bw_stock_seal (stock);
          g_ptr_array_add (stocks, stock);
        }
      else
        bw_stock_free (stock);
    }

  return stocks;
}

GPtrArray *
bw_stock_get_catalogue (BwStockCatalogue catalogue)
{
  GPtrArray *stocks = NULL;
  guint n_curated;
  const BwStock * const *curated;

  g_return_val_if_fail (catalogue < BW_STOCK_N_CATALOGUES, NULL);

  if (catalogue == BW_STOCK_OWN)
    return bw_stock_get_own ();

  if (catalogue == BW_STOCK_CURATED)
    {
      stocks = g_ptr_array_new ();
      curated = bw_stock_get_all (&n_curated);
      for (guint i = 0; i < n_curated; i++)
        g_ptr_array_add (stocks, (gpointer) curated[i]);

      return stocks;
    }

  return g_ptr_array_copy (g_once (&installed[catalogue], load_installed, GUINT_TO_POINTER (catalogue)), NULL, NULL);
}
