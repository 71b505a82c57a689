/* bw-sheet.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-sheet-private.h"

#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-text.h"

#include <string.h>

#define BATCH_NAME_MAX_BYTES 200

/* The labels of one batch on one stock. This file fills a sheet, bw-sheet-places.c
 * says which label lies where, bw-sheet-draw.c draws a page, bw-sheet-pdf.c writes them all. */

G_DEFINE_FINAL_TYPE (BwSheet, bw_sheet, G_TYPE_OBJECT)

G_STATIC_ASSERT (sizeof ((BwSheetEntry *) NULL)->id == BW_DEVICE_ID_SIZE);

static void
bw_sheet_finalize (GObject *object)
{
  BwSheet *self = (BwSheet *) object;

  g_free (self->batch);
  g_free (self->order);
  g_free (self->free_cells);
  g_free (self->test_text);
  g_array_unref (self->entries);
  g_clear_pointer (&self->plan, bw_label_plan_unref);
  bw_sheet_clear_facts (self);

  G_OBJECT_CLASS (bw_sheet_parent_class)->finalize (object);
}

static void
bw_sheet_class_init (BwSheetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bw_sheet_finalize;
}

static void
bw_sheet_init (BwSheet *self)
{
  self->entries = g_array_new (FALSE, FALSE, sizeof (BwSheetEntry));
}

static void
set_color (BwSheet    *self,
           const char *color)
{
  guint64 rgb = g_ascii_strtoull (color + 1, NULL, 16);

  for (guint i = 0; i < 3; i++)
    self->color[i] = (double) ((rgb >> (16 - 8 * i)) & 0xff) / 255.0;

  self->has_color = TRUE;
}

/**
 * bw_sheet_new:
 * @color: (nullable): `#rrggbb`
 * @start: the cell of the first page to begin with, from 1
 *
 * Returns: (transfer full) (nullable)
 */
BwSheet *
bw_sheet_new (const BwStock  *stock,
              const char     *batch,
              const char     *color,
              guint           count,
              gint64          created_at_us,
              guint           start,
              GError        **error)
{
  g_autoptr(BwSheet) self = NULL;

  g_return_val_if_fail (stock != NULL && batch != NULL, NULL);

  if (!bw_name_is_valid (batch, BATCH_NAME_MAX_BYTES))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the name of the batch cannot be printed");
      return NULL;
    }

  if (color != NULL && *color != '\0' && !bw_color_is_valid (color))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a colour is written as #rrggbb");
      return NULL;
    }

  if (start < 1 || start > bw_stock_get_n_cells (stock))
    {
      if (bw_stock_get_n_cells (stock) == 1)
        g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                     "“%s” has one label a page, so the start position is 1", stock->name);
      else
        g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                     "the start position on “%s” is between 1 and %u", stock->name, bw_stock_get_n_cells (stock));
      return NULL;
    }

  self = g_object_new (BW_TYPE_SHEET, NULL);
  self->plan = bw_label_plan_new (stock, NULL, error);
  if (self->plan == NULL)
    return NULL;

  self->stock = stock;
  self->batch = g_strdup (batch);
  self->count = count;
  self->created_at_us = created_at_us;
  self->start = start - 1;
  if (!bw_sheet_set_options (self, &(BwSheetOptions) BW_SHEET_OPTIONS_INIT, error))
    return NULL;
  if (color != NULL && *color != '\0')
    set_color (self, color);

  return g_steal_pointer (&self);
}

BwSheet *
bw_sheet_new_test_page (const BwStock *stock,
                        const char    *text)
{
  BwSheet *self;

  g_return_val_if_fail (stock != NULL && text != NULL, NULL);

  self = g_object_new (BW_TYPE_SHEET, NULL);
  self->stock = stock;
  self->batch = g_strdup (stock->name);
  self->test_text = g_strdup (text);
  bw_sheet_set_options (self, &(BwSheetOptions) BW_SHEET_OPTIONS_INIT, NULL);

  return self;
}

void
bw_sheet_set_first (BwSheet *self,
                    guint    first)
{
  g_return_if_fail (BW_IS_SHEET (self) && first < BW_SHEET_MAX_LABELS);

  self->first = first;
}

static gboolean
add_id (BwSheet     *self,
        const char  *id,
        gsize        length,
        guint        serial,
        GError     **error)
{
  BwSheetEntry entry = { .serial = serial };

  if ((guint64) (self->first + self->entries->len + 1) * self->copies > BW_SHEET_MAX_LABELS)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_LARGE, "more than %d labels in one print job", BW_SHEET_MAX_LABELS);
      return FALSE;
    }

  if (!bw_device_id_parse (id, length, entry.id))
    {
      g_autofree char *shown = g_utf8_make_valid (id, (gssize) MIN (length, 64));

      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is not a Device ID", shown);
      return FALSE;
    }

  g_array_append_val (self->entries, entry);

  return TRUE;
}

gboolean
bw_sheet_add (BwSheet     *self,
              const char  *id,
              guint        serial,
              GError     **error)
{
  g_return_val_if_fail (BW_IS_SHEET (self) && id != NULL, FALSE);

  return add_id (self, id, strlen (id), serial, error);
}

/* All of @text or nothing of it. */
gboolean
bw_sheet_add_text (BwSheet     *self,
                   const char  *text,
                   gsize        length,
                   guint        first_serial,
                   GError     **error)
{
  const char *end = text + length;
  guint n_before;

  g_return_val_if_fail (BW_IS_SHEET (self) && text != NULL, FALSE);

  n_before = self->entries->len;

  while (text < end)
    {
      const char *newline = memchr (text, '\n', (gsize) (end - text));
      const char *line_end = newline != NULL ? newline : end;

      if (line_end > text && !(line_end == text + 1 && *text == '\r') &&
          !add_id (self, text, (gsize) (line_end - text),
                   first_serial + self->entries->len - n_before, error))
        {
          g_array_set_size (self->entries, n_before);
          return FALSE;
        }

      text = newline != NULL ? newline + 1 : end;
    }

  return TRUE;
}

const BwStock *
bw_sheet_get_stock (BwSheet *self)
{
  g_return_val_if_fail (BW_IS_SHEET (self), NULL);

  return self->stock;
}

const BwLabelLayout *
bw_sheet_get_layout (BwSheet *self)
{
  g_return_val_if_fail (BW_IS_SHEET (self), NULL);

  return bw_label_plan_get_layout (self->plan);
}

void
bw_sheet_get_quality (BwSheet        *self,
                      BwLabelQuality *ret_quality)
{
  g_return_if_fail (BW_IS_SHEET (self));

  bw_label_plan_get_quality (self->plan, ret_quality);
}

gboolean
bw_sheet_has_field (BwSheet          *self,
                    BwLabelFieldKind  kind)
{
  g_return_val_if_fail (BW_IS_SHEET (self), FALSE);

  return bw_label_plan_has_field (self->plan, kind);
}

char *
bw_sheet_get_payload (BwSheet    *self,
                      const char *id)
{
  g_return_val_if_fail (BW_IS_SHEET (self), NULL);

  return bw_label_plan_get_payload (self->plan, id);
}

guint
bw_sheet_get_n_labels (BwSheet *self)
{
  g_return_val_if_fail (BW_IS_SHEET (self), 0);

  return self->entries->len;
}

guint
bw_sheet_get_n_pages (BwSheet *self)
{
  g_return_val_if_fail (BW_IS_SHEET (self), 0);

  if (self->test_text != NULL)
    return 1;

  return self->entries->len > 0 ? bw_sheet_count_pages (self, self->first + self->entries->len) : 0;
}

gboolean
bw_sheet_is_test_page (BwSheet *self)
{
  g_return_val_if_fail (BW_IS_SHEET (self), FALSE);

  return self->test_text != NULL;
}

gboolean
bw_sheet_has_labels (BwSheet  *self,
                     GError  **error)
{
  if (bw_sheet_get_n_pages (self) > 0)
    return TRUE;

  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "there are no labels to print");

  return FALSE;
}

void
bw_sheet_get_page_size (BwSheet *self,
                        double  *ret_width_pt,
                        double  *ret_height_pt)
{
  g_return_if_fail (BW_IS_SHEET (self));

  *ret_width_pt = self->stock->page_width * BW_MM_TO_PT;
  *ret_height_pt = self->stock->page_height * BW_MM_TO_PT;
}
