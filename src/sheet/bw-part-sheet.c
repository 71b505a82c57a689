/* bw-part-sheet.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-part-sheet.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-kept-file.h"
#include "bw-number-list.h"

#include <string.h>

#define FILE_NAME  "sheets.json"
#define MAX_SHEETS 200      /* the oldest is forgotten */
#define MAX_CELLS  10000

void
bw_part_sheet_free (BwPartSheet *self)
{
  if (self == NULL)
    return;

  g_free (self->stock);
  g_free (self->name);
  g_array_unref (self->used);
  g_free (self);
}

BwPartSheet *
bw_part_sheet_copy (const BwPartSheet *self)
{
  BwPartSheet *copy = g_memdup2 (self, sizeof *self);

  copy->stock = g_strdup (self->stock);
  copy->name = g_strdup (self->name);
  copy->used = g_array_copy (self->used);

  return copy;
}

guint
bw_part_sheet_get_n_free (const BwPartSheet *self)
{
  return self->n_cells - self->used->len;
}

static BwPartSheet *
load_one (JsonObject *object)
{
  const char *stock = bw_json_get_string (object, "stock");
  const char *name = bw_json_get_string (object, "name");
  const char *used = bw_json_get_string (object, "used");
  gint64 number = bw_json_get_int (object, "number", 0);
  gint64 n_cells = bw_json_get_int (object, "cells", 0);
  BwPartSheet *self;
  GArray *cells;

  if (stock == NULL || name == NULL || used == NULL || number < 1 || number > G_MAXINT ||
      n_cells < 1 || n_cells > MAX_CELLS)
    return NULL;

  cells = bw_number_list_parse (used, (guint) n_cells, NULL);
  if (cells == NULL)
    return NULL;

  self = g_new0 (BwPartSheet, 1);
  self->number = (guint) number;
  self->stock = g_strdup (stock);
  self->name = g_strdup (name);
  self->changed_at_us = bw_json_get_int (object, "changedAt", 0);
  self->n_cells = (guint) n_cells;
  self->used = cells;

  return self;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  const BwPartSheet *one = *(const BwPartSheet * const *) a;
  const BwPartSheet *other = *(const BwPartSheet * const *) b;

  if (one->changed_at_us != other->changed_at_us)
    return one->changed_at_us > other->changed_at_us ? -1 : 1;

  return one->number > other->number ? -1 : 1;
}

/* @stock: (nullable): those with another number of labels are of another stock of that name */
static GPtrArray *
load_all (BwKeptFile    *file,
          const BwStock *stock)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_part_sheet_free);
  JsonArray *items = bw_kept_file_get_items (file);

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode *item = json_array_get_element (items, i);
      g_autoptr(BwPartSheet) one = JSON_NODE_HOLDS_OBJECT (item) ? load_one (json_node_get_object (item)) : NULL;

      if (one != NULL &&
          (stock == NULL || (strcmp (one->stock, stock->name) == 0 && one->n_cells == bw_stock_get_n_cells (stock))))
        g_ptr_array_add (all, g_steal_pointer (&one));
    }
  g_ptr_array_sort (all, compare);

  return all;
}

GPtrArray *
bw_part_sheet_list (const BwStock  *stock,
                    GError        **error)
{
  g_autoptr(BwKeptFile) file = bw_kept_file_open (FILE_NAME, FALSE, error);

  return file != NULL ? load_all (file, stock) : NULL;
}

static gboolean
save_all (BwKeptFile  *file,
          GPtrArray   *all,
          GError     **error)
{
  g_autoptr(GString) out = g_string_new (NULL);

  for (guint i = 0; i < MIN (all->len, MAX_SHEETS); i++)
    {
      const BwPartSheet *one = g_ptr_array_index (all, i);
      g_autofree char *used = bw_number_list_to_text (one->used);

      bw_json_begin_object (out, NULL);
      bw_json_add_int (out, "number", one->number);
      bw_json_add_string (out, "stock", one->stock);
      bw_json_add_string (out, "name", one->name);
      bw_json_add_int (out, "changedAt", one->changed_at_us);
      bw_json_add_int (out, "cells", one->n_cells);
      bw_json_add_string (out, "used", used);
      bw_json_end_object (out);
    }

  return bw_kept_file_save (file, out, error);
}

static guint
take_number (GPtrArray *all)
{
  guint number = 1;

  for (guint i = 0; i < all->len; i++)
    number = MAX (number, ((const BwPartSheet *) g_ptr_array_index (all, i))->number + 1);

  return number;
}

/* FALSE: there is none with that number. */
static gboolean
remove_number (GPtrArray *all,
               guint      number)
{
  for (guint i = 0; i < all->len; i++)
    {
      if (((const BwPartSheet *) g_ptr_array_index (all, i))->number == number)
        return g_ptr_array_remove_index (all, i) != NULL;
    }

  return FALSE;
}

gboolean
bw_part_sheet_note_job (BwSheet      *job,
                        const char   *name,
                        guint         continued,
                        GError      **error)
{
  const BwStock *stock;
  g_autoptr(BwKeptFile) file = NULL;
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GArray) used = NULL;
  guint n_pages, number;

  g_return_val_if_fail (BW_IS_SHEET (job) && name != NULL, FALSE);

  stock = bw_sheet_get_stock (job);
  n_pages = bw_sheet_get_n_pages (job);
  if (n_pages == 0 || bw_sheet_is_test_page (job) || bw_stock_get_n_cells (stock) == 1)
    return TRUE;

  file = bw_kept_file_open (FILE_NAME, TRUE, error);
  if (file == NULL)
    return FALSE;

  all = load_all (file, NULL);
  number = n_pages == 1 && continued > 0 ? continued : take_number (all);
  remove_number (all, continued);

  used = bw_sheet_get_used_cells (job, bw_sheet_get_n_labels (job), n_pages - 1);
  if (used->len < bw_stock_get_n_cells (stock))
    {
      BwPartSheet *left = g_new0 (BwPartSheet, 1);

      left->number = number;
      left->stock = g_strdup (stock->name);
      left->name = g_strdup (name);
      left->changed_at_us = g_get_real_time ();
      left->n_cells = bw_stock_get_n_cells (stock);
      left->used = g_steal_pointer (&used);
      g_ptr_array_insert (all, 0, left);
    }

  return save_all (file, all, error);
}

gboolean
bw_part_sheet_forget (guint    number,
                      GError **error)
{
  g_autoptr(BwKeptFile) file = bw_kept_file_open (FILE_NAME, TRUE, error);
  g_autoptr(GPtrArray) all = NULL;

  if (file == NULL)
    return FALSE;

  all = load_all (file, NULL);
  if (number == 0)
    g_ptr_array_set_size (all, 0);
  else if (!remove_number (all, number))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "no part-used sheet has the number %u", number);
      return FALSE;
    }

  return save_all (file, all, error);
}
