/* bw-label-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-verify"

#include "bw-label-reader.h"

#include <string.h>

#include "bw-error.h"
#include "bw-page-reader.h"
#include "bw-scan-file.h"
#include "bw-sheet.h"

/**
 * BwLabelReader:
 *
 * Holds what is known of a job, reads files page by page, and lets a report
 * be made of all of them. Of a page it keeps what the cells say, never the
 * picture.
 */

struct _BwLabelReader
{
  GObject        parent_instance;

  BwSheetGrid    grid;
  GStringChunk  *texts;      /* holds the IDs */
  GPtrArray     *ids;        /* canonical */
  GPtrArray     *pages;      /* (element-type BwLabelPage) */
  BwLabelJob     job;        /* but for the IDs */
  gboolean       has_job;
  guint          n_files;
};

G_DEFINE_FINAL_TYPE (BwLabelReader, bw_label_reader, G_TYPE_OBJECT)

static void
bw_label_reader_finalize (GObject *object)
{
  BwLabelReader *self = (BwLabelReader *) object;

  g_ptr_array_unref (self->pages);
  g_ptr_array_unref (self->ids);
  g_string_chunk_free (self->texts);

  G_OBJECT_CLASS (bw_label_reader_parent_class)->finalize (object);
}

static void
bw_label_reader_class_init (BwLabelReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bw_label_reader_finalize;
}

static void
bw_label_reader_init (BwLabelReader *self)
{
  self->texts = g_string_chunk_new (64 * 1024);
  self->ids = g_ptr_array_new ();
  self->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_label_page_free);
}

BwLabelReader *
bw_label_reader_new (const BwStock        *stock,
                     const BwLabelDesign  *design,
                     GError              **error)
{
  g_autoptr(BwLabelReader) self = NULL;
  g_autoptr(BwLabelPlan) plan = NULL;
  const BwLabelLayout *layout;

  g_return_val_if_fail (stock != NULL, NULL);

  plan = bw_label_plan_new (stock, design, error);
  if (plan == NULL)
    return NULL;

  layout = bw_label_plan_get_layout (plan);
  self = g_object_new (BW_TYPE_LABEL_READER, NULL);
  self->grid.stock = stock;
  self->job.n_columns = stock->n_columns;
  self->job.n_rows = stock->n_rows;
  self->job.copies = 1;
  bw_label_reader_set_code (self, &layout->code, layout->n_modules);

  return g_steal_pointer (&self);
}

void
bw_label_reader_set_code (BwLabelReader *self,
                          const BwRect  *code,
                          guint          n_modules)
{
  double x, y;

  g_return_if_fail (BW_IS_LABEL_READER (self));
  g_return_if_fail (code != NULL && code->width > 0 && n_modules > 0);

  x = code->x + code->width / 2;
  y = code->y + code->height / 2;
  self->grid.code_x = self->grid.stock->is_turned ? self->grid.stock->width - y : x;
  self->grid.code_y = self->grid.stock->is_turned ? x : y;
  self->grid.code_side = code->width;
  self->grid.n_modules = n_modules;
}

gboolean
bw_label_reader_add (BwLabelReader  *self,
                     const char     *id,
                     GError        **error)
{
  char canonical[BW_DEVICE_ID_SIZE];

  g_return_val_if_fail (BW_IS_LABEL_READER (self) && id != NULL, FALSE);

  if (!bw_device_id_parse (id, strlen (id), canonical))
    {
      g_autofree char *shown = g_utf8_make_valid (id, (gssize) MIN (strlen (id), 64));

      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is not a Device ID", shown);
      return FALSE;
    }

  g_ptr_array_add (self->ids, g_string_chunk_insert (self->texts, canonical));

  return TRUE;
}

void
bw_label_reader_set_job (BwLabelReader *self,
                         guint          first,
                         guint          n,
                         guint          start)
{
  g_return_if_fail (BW_IS_LABEL_READER (self));
  g_return_if_fail (first <= self->ids->len && n <= self->ids->len - first);

  self->job.first = first;
  self->job.n = n;
  self->job.start = start;
  self->has_job = TRUE;
}

void
bw_label_reader_set_copies (BwLabelReader *self,
                            guint          copies)
{
  g_return_if_fail (BW_IS_LABEL_READER (self));
  g_return_if_fail (copies >= 1 && copies <= BW_SHEET_MAX_COPIES);

  self->job.copies = copies;
}

static BwLabelJob
get_job (BwLabelReader *self)
{
  BwLabelJob job = self->job;

  job.ids = self->ids;
  if (!self->has_job)
    job.n = self->ids->len;

  return job;
}

/* Knows the cell of each ID when the job says where it begins. */
typedef struct
{
  GHashTable *by_id;
  BwLabelJob  job;
} Cells;

static gboolean
fits_cell (const char *text,
           guint       cell,
           gpointer    user_data)
{
  Cells *cells = user_data;
  char id[BW_DEVICE_ID_SIZE];
  guint copies = cells->job.copies;
  guint n_cells = cells->job.n_columns * cells->job.n_rows;
  guint n;

  if (!bw_code_parse_id (text, id))
    return FALSE;

  n = GPOINTER_TO_UINT (g_hash_table_lookup (cells->by_id, id));
  for (guint copy = 0; n > 0 && copy < MIN (copies, n_cells); copy++)
    {
      if (((guint64) (n - 1) * copies + copy + cells->job.start - 1) % n_cells == cell)
        return TRUE;
    }

  return FALSE;
}

static Cells *
cells_new (BwLabelReader *self)
{
  Cells *cells = g_new0 (Cells, 1);

  cells->job = get_job (self);
  cells->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < cells->job.n; i++)
    g_hash_table_insert (cells->by_id, g_ptr_array_index (self->ids, cells->job.first + i), GUINT_TO_POINTER (i + 1));

  return cells;
}

static void
cells_free (Cells *cells)
{
  g_hash_table_unref (cells->by_id);
  g_free (cells);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Cells, cells_free)

static gboolean
read_page (BwLabelReader  *self,
           const char     *file_name,
           const BwGray   *image,
           GPtrArray      *pages,
           GCancellable   *cancellable,
           GError        **error)
{
  BwLabelPage *page;
  g_autoptr(Cells) cells = self->job.start > 0 ? cells_new (self) : NULL;

  if (self->pages->len + pages->len >= BW_LABEL_READER_MAX_PAGES)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY, "more than %d pages at once", BW_LABEL_READER_MAX_PAGES);
      return FALSE;
    }

  page = bw_label_page_new (self->n_files, bw_stock_get_n_cells (self->grid.stock));
  g_ptr_array_add (pages, page);
  page->file_name = g_strdup (file_name);
  page->number = pages->len;
  bw_page_read (&self->grid, image, cells != NULL ? fits_cell : NULL, cells, page, cancellable);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static void
take_pages (BwLabelReader *self,
            GPtrArray     *pages)
{
  g_ptr_array_extend_and_steal (self->pages, pages);
  self->n_files++;
}

gboolean
bw_label_reader_read_file (BwLabelReader      *self,
                           const char         *path,
                           BwLabelReaderFunc   progress,
                           gpointer            progress_data,
                           GCancellable       *cancellable,
                           GError            **error)
{
  g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_label_page_free);
  g_autoptr(BwScanFile) file = NULL;
  g_autofree char *name = NULL;
  guint n_pages;

  g_return_val_if_fail (BW_IS_LABEL_READER (self) && path != NULL, FALSE);

  file = bw_scan_file_open (path, error);
  if (file == NULL)
    return FALSE;

  name = g_filename_display_name (path);
  n_pages = bw_scan_file_get_n_pages (file);
  for (guint i = 0; i < n_pages; i++)
    {
      g_autoptr(BwGray) image = NULL;

      if (progress != NULL)
        progress (i, n_pages, progress_data);

      image = bw_scan_file_render (file, i, error);
      if (image == NULL || !read_page (self, name, image, pages, cancellable, error))
        return FALSE;
    }

  take_pages (self, g_steal_pointer (&pages));

  return TRUE;
}

gboolean
bw_label_reader_read_gray (BwLabelReader  *self,
                           const BwGray   *image,
                           GCancellable   *cancellable,
                           GError        **error)
{
  g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_label_page_free);

  g_return_val_if_fail (BW_IS_LABEL_READER (self) && image != NULL, FALSE);

  if (!read_page (self, NULL, image, pages, cancellable, error))
    return FALSE;

  take_pages (self, g_steal_pointer (&pages));

  return TRUE;
}

BwLabelReport *
bw_label_reader_judge (BwLabelReader *self)
{
  BwLabelJob job;

  g_return_val_if_fail (BW_IS_LABEL_READER (self), NULL);

  job = get_job (self);

  return bw_label_report_new (&job, self->pages);
}
