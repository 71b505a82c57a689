/* bw-stock-own.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-stock-own.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-stock-private.h"

#define FILE_MAX_BYTES (1024 * 1024)
#define MAX_FAVOURITES 1000

/* What the file says, as it was last read. Stocks are kept under the text they were made of and never
 * freed: who holds one that was changed or removed goes on with it, and the same text is the same stock. */

typedef struct
{
  GPtrArray  *stocks;        /* (element-type BwStock), of @known */
  GPtrArray  *favourites;    /* (element-type utf8) */
} Contents;

static GMutex lock;          /* guards the two below */
static GHashTable *known;    /* JSON → BwStock */
static Contents current;

static char *
get_path (const char *name)
{
  return g_build_filename (g_get_user_config_dir (), "bellwether", name, NULL);
}

static void
contents_clear (Contents *contents)
{
  g_clear_pointer (&contents->stocks, g_ptr_array_unref);
  g_clear_pointer (&contents->favourites, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Contents, contents_clear)

static void
contents_init (Contents *contents)
{
  contents->stocks = g_ptr_array_new ();
  contents->favourites = g_ptr_array_new_with_free_func (g_free);
}

static void
add_stock (GString       *out,
           const BwStock *stock)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "name", stock->name);
  bw_json_add_string (out, "brand", stock->brand != NULL ? stock->brand : "");
  bw_json_add_string (out, "paper", stock->paper);
  if (strcmp (stock->paper, "custom") == 0)
    {
      bw_json_add_decimal (out, "pageWidth", stock->page_width);
      bw_json_add_decimal (out, "pageHeight", stock->page_height);
    }
  bw_json_add_string (out, "shape", stock->shape == BW_STOCK_ROUND ? "round" : "rectangle");
  bw_json_add_int (out, "columns", stock->n_columns);
  bw_json_add_int (out, "rows", stock->n_rows);
  bw_json_add_decimal (out, "width", stock->width);
  bw_json_add_decimal (out, "height", stock->height);
  bw_json_add_decimal (out, "left", stock->left);
  bw_json_add_decimal (out, "top", stock->top);
  bw_json_add_decimal (out, "pitchX", stock->pitch_x);
  bw_json_add_decimal (out, "pitchY", stock->pitch_y);
  bw_json_add_int (out, "dpi", stock->dpi);
  bw_json_add_boolean (out, "turned", stock->is_turned);
  bw_json_end_object (out);
}

static char *
stock_to_json (const BwStock *stock)
{
  GString *out = g_string_new (NULL);

  add_stock (out, stock);

  return g_string_free (out, FALSE);
}

/* The one that is known by the same text, or @stock, which is taken. */
static BwStock *
intern (BwStock *stock)
{
  g_autofree char *text = stock_to_json (stock);
  BwStock *same;

  if (known == NULL)
    known = g_hash_table_new (g_str_hash, g_str_equal);

  same = g_hash_table_lookup (known, text);
  if (same != NULL)
    {
      bw_stock_free (stock);
      return same;
    }

  bw_stock_seal (stock);
  g_hash_table_insert (known, g_steal_pointer (&text), stock);

  return stock;
}

static guint
find (GPtrArray  *stocks,
      const char *name)
{
  g_autofree char *folded = bw_stock_fold ("", name);

  for (guint i = 0; i < stocks->len; i++)
    {
      const BwStock *stock = g_ptr_array_index (stocks, i);
      g_autofree char *other = bw_stock_fold ("", stock->name);

      if (strcmp (folded, other) == 0)
        return i;
    }

  return G_MAXUINT;
}

static gboolean
read_stocks (Contents    *contents,
             JsonArray   *array,
             const char  *path,
             GError     **error)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      BwStock *stock;

      if (!JSON_NODE_HOLDS_OBJECT (node) || contents->stocks->len >= BW_STOCK_MAX_OWN)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is no list of at most %d stocks", path, BW_STOCK_MAX_OWN);
          return FALSE;
        }

      stock = bw_stock_new_from_json (json_node_get_object (node), BW_STOCK_OWN);
      if (!bw_stock_check (stock, NULL, error) || find (contents->stocks, stock->name) != G_MAXUINT)
        {
          if (error != NULL && *error == NULL)
            g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "it is there twice");
          g_prefix_error (error, "“%s”, stock %u: ", path, i + 1);
          bw_stock_free (stock);
          return FALSE;
        }

      g_ptr_array_add (contents->stocks, intern (stock));
    }

  return TRUE;
}

static void
read_favourites (Contents  *contents,
                 JsonArray *array)
{
  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), MAX_FAVOURITES); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_ptr_array_add (contents->favourites, g_strdup (json_node_get_string (node)));
    }
}

/* A file that is not there is an empty one. */
static gboolean
read_contents (Contents  *contents,
               GError   **error)
{
  g_autofree char *path = get_path ("stocks.json");
  g_autofree char *text = NULL;
  g_autoptr(JsonObject) object = NULL;
  GStatBuf info;
  gsize length;

  contents_init (contents);
  if (g_stat (path, &info) != 0 && errno == ENOENT)
    return TRUE;

  if (!bw_stock_read_file (path, FILE_MAX_BYTES, &text, &length))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” cannot be read, or is too large", path);
      return FALSE;
    }

  object = bw_json_parse_object (text, length, FILE_MAX_BYTES, error);
  if (object == NULL)
    {
      g_prefix_error (error, "“%s” is not the list of own stocks: ", path);
      return FALSE;
    }

  read_favourites (contents, bw_json_get_array (object, "favourites"));

  return read_stocks (contents, bw_json_get_array (object, "stocks"), path, error);
}

static gboolean
write_contents (const Contents  *contents,
                GError         **error)
{
  g_autofree char *path = get_path ("stocks.json");
  g_autoptr(GString) out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "stocks");
  for (guint i = 0; i < contents->stocks->len; i++)
    add_stock (out, g_ptr_array_index (contents->stocks, i));
  bw_json_end_array (out);
  bw_json_begin_array (out, "favourites");
  for (guint i = 0; i < contents->favourites->len; i++)
    bw_json_add_string (out, NULL, g_ptr_array_index (contents->favourites, i));
  bw_json_end_array (out);
  bw_json_end_object (out);
  g_string_append_c (out, '\n');

  if (!g_file_set_contents_full (path, out->str, (gssize) out->len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    {
      bw_error_adopt (error);
      return FALSE;
    }

  return TRUE;
}

static void
adopt (Contents *contents)
{
  contents_clear (&current);
  current = *contents;
  *contents = (Contents) { NULL };
}

/* Holds other programs off while the file is read and written again. -1 with @error. */
static int
lock_file (GError **error)
{
  g_autofree char *path = get_path ("stocks.lock");
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;

  if (g_mkdir_with_parents (folder, 0700) != 0 ||
      (fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) < 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "cannot write in “%s”: %s", folder, g_strerror (errno));
      return -1;
    }

  while (flock (fd, LOCK_EX) != 0 && errno == EINTR)
    ;

  return fd;
}

/* The lock is held from here to end_change(). */
static int
begin_change (Contents  *contents,
              GError   **error)
{
  int fd = lock_file (error);

  if (fd < 0)
    return -1;

  g_mutex_lock (&lock);
  if (read_contents (contents, error))
    return fd;

  g_mutex_unlock (&lock);
  close (fd);

  return -1;
}

static gboolean
end_change (int        fd,
            gboolean   ok,
            Contents  *contents,
            GError   **error)
{
  ok = ok && write_contents (contents, error);
  if (ok)
    adopt (contents);

  g_mutex_unlock (&lock);
  close (fd);

  return ok;
}

gboolean
bw_stock_own_reload (GError **error)
{
  g_auto(Contents) contents = { NULL };
  gboolean ok;

  g_mutex_lock (&lock);
  ok = read_contents (&contents, error);
  if (ok)
    adopt (&contents);
  g_mutex_unlock (&lock);

  return ok;
}

static void
load_once (void)
{
  static gsize is_loaded;
  g_autoptr(GError) error = NULL;

  if (!g_once_init_enter (&is_loaded))
    return;

  if (!bw_stock_own_reload (&error))
    g_debug ("%s", error->message);

  g_once_init_leave (&is_loaded, 1);
}

GPtrArray *
bw_stock_get_own (void)
{
  GPtrArray *stocks;

  load_once ();
  g_mutex_lock (&lock);
  stocks = current.stocks != NULL ? g_ptr_array_copy (current.stocks, NULL, NULL) : g_ptr_array_new ();
  g_mutex_unlock (&lock);

  return stocks;
}

static BwStock *
copy_draft (const BwStock *draft)
{
  BwStock *stock = bw_stock_new (BW_STOCK_OWN);

  stock->name = g_strdup (draft->name != NULL ? draft->name : "");
  stock->brand = g_strdup (draft->brand != NULL ? draft->brand : "");
  stock->part = g_strdup (stock->name);
  stock->paper = g_strdup (draft->paper);
  stock->shape = draft->shape;
  stock->page_width = draft->page_width;
  stock->page_height = draft->page_height;
  stock->n_columns = draft->n_columns;
  stock->n_rows = draft->n_rows;
  stock->width = draft->width;
  stock->height = draft->height;
  stock->left = draft->left;
  stock->top = draft->top;
  stock->pitch_x = draft->pitch_x;
  stock->pitch_y = draft->pitch_y;
  stock->dpi = draft->dpi;
  stock->is_turned = draft->is_turned;
  bw_stock_complete (stock);

  return stock;
}

/* Also in catalogues that are not installed here: nothing that is bought later is hidden by an own one. */
static gboolean
is_taken (const char *name)
{
  g_autofree char *folded = bw_stock_fold ("", name);

  return bw_stock_find_curated (folded) != NULL || g_str_has_prefix (folded, "glabels") ||
         g_str_has_prefix (folded, "libreoffice");
}

static gboolean
put (Contents    *contents,
     BwStock     *stock,
     const char  *replaces,
     GError     **error)
{
  guint known_at = find (contents->stocks, stock->name);
  guint old = replaces != NULL ? find (contents->stocks, replaces) : G_MAXUINT;

  if (replaces != NULL && old == G_MAXUINT)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "no own stock is called “%s”", replaces);
      return FALSE;
    }

  if ((known_at != G_MAXUINT && known_at != old) || is_taken (stock->name))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "another stock is already called “%s”", stock->name);
      return FALSE;
    }

  if (old != G_MAXUINT)
    {
      contents->stocks->pdata[old] = stock;
      for (guint i = 0; i < contents->favourites->len; i++)
        {
          if (strcmp (contents->favourites->pdata[i], replaces) == 0)
            {
              g_free (contents->favourites->pdata[i]);
              contents->favourites->pdata[i] = g_strdup (stock->name);
            }
        }

      return TRUE;
    }

  if (contents->stocks->len >= BW_STOCK_MAX_OWN)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY, "there are %d own stocks already", BW_STOCK_MAX_OWN);
      return FALSE;
    }

  g_ptr_array_add (contents->stocks, stock);

  return TRUE;
}

const BwStock *
bw_stock_own_save (const BwStock  *draft,
                   const char     *replaces,
                   GError        **error)
{
  g_auto(Contents) contents = { NULL };
  BwStock *stock;
  int fd;

  g_return_val_if_fail (draft != NULL && draft->paper != NULL, NULL);

  stock = copy_draft (draft);
  if (!bw_stock_check (stock, NULL, error) || (fd = begin_change (&contents, error)) < 0)
    {
      bw_stock_free (stock);
      return NULL;
    }

  stock = intern (stock);

  return end_change (fd, put (&contents, stock, replaces, error), &contents, error) ? stock : NULL;
}

gboolean
bw_stock_own_remove (const char  *name,
                     GError     **error)
{
  g_auto(Contents) contents = { NULL };
  guint position;
  int fd;

  g_return_val_if_fail (name != NULL, FALSE);

  fd = begin_change (&contents, error);
  if (fd < 0)
    return FALSE;

  position = find (contents.stocks, name);
  if (position != G_MAXUINT)
    g_ptr_array_remove_index (contents.stocks, position);
  else
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "no own stock is called “%s”", name);

  return end_change (fd, position != G_MAXUINT, &contents, error);
}

GHashTable *
bw_stock_favourites_get (void)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  load_once ();
  g_mutex_lock (&lock);
  for (guint i = 0; current.favourites != NULL && i < current.favourites->len; i++)
    g_hash_table_add (names, g_strdup (g_ptr_array_index (current.favourites, i)));
  g_mutex_unlock (&lock);

  return names;
}

static gboolean
put_favourite (Contents    *contents,
               const char  *name,
               gboolean     is_favourite,
               GError     **error)
{
  for (guint i = contents->favourites->len; i > 0; i--)
    {
      if (strcmp (g_ptr_array_index (contents->favourites, i - 1), name) == 0)
        g_ptr_array_remove_index (contents->favourites, i - 1);
    }

  if (!is_favourite)
    return TRUE;

  if (contents->favourites->len >= MAX_FAVOURITES)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY, "there are %d favourites already", MAX_FAVOURITES);
      return FALSE;
    }

  g_ptr_array_add (contents->favourites, g_strdup (name));

  return TRUE;
}

gboolean
bw_stock_favourites_set (const BwStock  *stock,
                         gboolean        is_favourite,
                         GError        **error)
{
  g_auto(Contents) contents = { NULL };
  int fd;

  g_return_val_if_fail (stock != NULL, FALSE);

  fd = begin_change (&contents, error);
  if (fd < 0)
    return FALSE;

  return end_change (fd, put_favourite (&contents, stock->name, is_favourite, error), &contents, error);
}
