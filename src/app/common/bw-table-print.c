/* bw-table-print.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-table-print.h"

#include <glib/gi18n.h>

/* In points. */
#define LARGEST_TEXT   9
#define SMALLEST_TEXT  6
#define TITLE_TEXT     14
#define COLUMN_GAP     8.0
#define ROW_GAP        3.0
#define BLOCK_GAP      10.0
#define RULE           0.5
#define RULE_GREY      0.75

/* More than these do not stand side by side on upright paper. */
#define UPRIGHT_COLUMNS 5

/* Rows that are asked for the width of their columns; what is wider further down is cut short. */
#define MEASURED_ROWS   1000

struct _BwTablePrint
{
  char       *title;
  char       *notes;        /* (nullable) */
  char      **columns;
  guint       n_columns;
  GPtrArray  *rows;         /* (element-type GStrv) */

  /* On the paper that was chosen, in points */
  double      width;
  double      height;
  int         text_size;
  double      row_height;
  double      head_height;  /* of the title and the notes */
  double     *widths;       /* (owned): of the columns */
  guint       first_rows;   /* how many rows the first page holds, */
  guint       more_rows;    /* and each further one */
};

BwTablePrint *
bw_table_print_new (const char         *title,
                    const char         *notes,
                    const char * const *columns)
{
  BwTablePrint *self;

  g_return_val_if_fail (title != NULL && columns != NULL, NULL);

  self = g_new0 (BwTablePrint, 1);
  self->title = g_strdup (title);
  self->notes = g_strdup (notes);
  self->columns = g_strdupv ((char **) columns);
  self->n_columns = g_strv_length (self->columns);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->widths = g_new0 (double, self->n_columns);

  return self;
}

void
bw_table_print_free (BwTablePrint *self)
{
  g_free (self->title);
  g_free (self->notes);
  g_strfreev (self->columns);
  g_ptr_array_unref (self->rows);
  g_free (self->widths);
  g_free (self);
}

void
bw_table_print_add_row (BwTablePrint       *self,
                        const char * const *cells)
{
  char **row = g_new0 (char *, self->n_columns + 1);

  for (guint i = 0; i < self->n_columns; i++)
    row[i] = g_strdup (cells[i] != NULL ? cells[i] : "");

  g_ptr_array_add (self->rows, row);
}

/* (transfer full) */
static PangoLayout *
make_layout (GtkPrintContext *context,
             int              size,
             PangoWeight      weight)
{
  PangoLayout *layout = gtk_print_context_create_pango_layout (context);
  PangoFontDescription *font = pango_font_description_from_string ("Sans");

  pango_font_description_set_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, weight);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_font_description_free (font);

  return layout;
}

static double
measure (PangoLayout *layout,
         const char  *text,
         double      *ret_height)
{
  int width = 0;
  int height = 0;

  pango_layout_set_width (layout, -1);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_size (layout, &width, &height);
  if (ret_height != NULL)
    *ret_height = (double) height / PANGO_SCALE;

  return (double) width / PANGO_SCALE;
}

/* Returns: what the columns need side by side */
static double
measure_columns (BwTablePrint    *self,
                 GtkPrintContext *context)
{
  g_autoptr(PangoLayout) bold = make_layout (context, self->text_size, PANGO_WEIGHT_BOLD);
  g_autoptr(PangoLayout) plain = make_layout (context, self->text_size, PANGO_WEIGHT_NORMAL);
  double sum = COLUMN_GAP * (self->n_columns - 1);

  for (guint i = 0; i < self->n_columns; i++)
    {
      self->widths[i] = measure (bold, self->columns[i], &self->row_height);
      for (guint row = 0; row < MIN (self->rows->len, MEASURED_ROWS); row++)
        {
          char **cells = g_ptr_array_index (self->rows, row);

          self->widths[i] = MAX (self->widths[i], measure (plain, cells[i], NULL));
        }
      sum += self->widths[i];
    }
  self->row_height += ROW_GAP;

  return sum;
}

/* The widest columns give until all fit: those that are narrower than an even share keep what they need. */
static void
fit_columns (BwTablePrint *self)
{
  double left = self->width - COLUMN_GAP * (self->n_columns - 1);
  g_autofree gboolean *is_settled = g_new0 (gboolean, self->n_columns);
  guint n_left = self->n_columns;
  gboolean again = TRUE;

  while (again && n_left > 0)
    {
      double share = left / n_left;

      again = FALSE;
      for (guint i = 0; i < self->n_columns; i++)
        {
          if (is_settled[i] || self->widths[i] > share)
            continue;

          is_settled[i] = TRUE;
          left -= self->widths[i];
          n_left--;
          again = TRUE;
          break;
        }
    }

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (!is_settled[i])
        self->widths[i] = left / n_left;
    }
}

static double
measure_head (BwTablePrint    *self,
              GtkPrintContext *context)
{
  g_autoptr(PangoLayout) title = make_layout (context, TITLE_TEXT, PANGO_WEIGHT_BOLD);
  g_autoptr(PangoLayout) notes = make_layout (context, LARGEST_TEXT, PANGO_WEIGHT_NORMAL);
  double title_height = 0;
  double notes_height = 0;

  measure (title, self->title, &title_height);
  if (self->notes != NULL)
    measure (notes, self->notes, &notes_height);

  return title_height + notes_height + BLOCK_GAP;
}

static guint
count_rows (BwTablePrint *self,
            double        height)
{
  /* beside the headers and the number of the page */
  double n = (height - BLOCK_GAP) / self->row_height - 2;

  return n > 1 ? (guint) n : 1;
}

static void
begin_print_cb (GtkPrintOperation *operation,
                GtkPrintContext   *context,
                BwTablePrint      *self)
{
  guint n_rest;

  self->width = gtk_print_context_get_width (context);
  self->height = gtk_print_context_get_height (context);

  self->text_size = LARGEST_TEXT;
  while (measure_columns (self, context) > self->width && self->text_size > SMALLEST_TEXT)
    self->text_size--;
  fit_columns (self);

  self->head_height = measure_head (self, context);
  self->first_rows = count_rows (self, self->height - self->head_height);
  self->more_rows = count_rows (self, self->height);
  n_rest = self->rows->len > self->first_rows ? self->rows->len - self->first_rows : 0;
  gtk_print_operation_set_n_pages (operation, (int) (1 + (n_rest + self->more_rows - 1) / self->more_rows));
}

static void
show_text (cairo_t     *cr,
           PangoLayout *layout,
           const char  *text,
           double       x,
           double       y,
           double       width)
{
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_text (layout, text, -1);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

static void
draw_row (BwTablePrint *self,
          cairo_t      *cr,
          PangoLayout  *layout,
          char        **cells,
          double        y)
{
  gboolean is_rtl = gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL;
  double x = is_rtl ? self->width : 0;

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (is_rtl)
        x -= self->widths[i];
      show_text (cr, layout, cells[i], x, y, self->widths[i]);
      x += is_rtl ? -COLUMN_GAP : self->widths[i] + COLUMN_GAP;
    }

  cairo_save (cr);
  cairo_set_source_rgb (cr, RULE_GREY, RULE_GREY, RULE_GREY);
  cairo_rectangle (cr, 0, y + self->row_height - ROW_GAP / 2, self->width, RULE);
  cairo_fill (cr);
  cairo_restore (cr);
}

static void
draw_head (BwTablePrint    *self,
           GtkPrintContext *context,
           cairo_t         *cr)
{
  g_autoptr(PangoLayout) title = make_layout (context, TITLE_TEXT, PANGO_WEIGHT_BOLD);
  g_autoptr(PangoLayout) notes = make_layout (context, LARGEST_TEXT, PANGO_WEIGHT_NORMAL);
  double height = 0;

  measure (title, self->title, &height);
  show_text (cr, title, self->title, 0, 0, self->width);
  if (self->notes != NULL)
    show_text (cr, notes, self->notes, 0, height, self->width);
}

static void
draw_page_number (BwTablePrint      *self,
                  GtkPrintContext   *context,
                  cairo_t           *cr,
                  int                page,
                  int                n_pages)
{
  g_autoptr(PangoLayout) layout = make_layout (context, self->text_size, PANGO_WEIGHT_NORMAL);
  g_autofree char *text = g_strdup_printf (_("Page %d of %d"), page + 1, n_pages);

  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  show_text (cr, layout, text, 0, self->height - self->row_height, self->width);
}

static void
draw_page_cb (GtkPrintOperation *operation,
              GtkPrintContext   *context,
              int                page,
              BwTablePrint      *self)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);
  g_autoptr(PangoLayout) bold = make_layout (context, self->text_size, PANGO_WEIGHT_BOLD);
  g_autoptr(PangoLayout) plain = make_layout (context, self->text_size, PANGO_WEIGHT_NORMAL);
  guint first = page == 0 ? 0 : self->first_rows + ((guint) page - 1) * self->more_rows;
  guint n = page == 0 ? self->first_rows : self->more_rows;
  double y = page == 0 ? self->head_height : 0;
  int n_pages = 1;

  g_object_get (operation, "n-pages", &n_pages, NULL);
  cairo_set_source_rgb (cr, 0, 0, 0);
  if (page == 0)
    draw_head (self, context, cr);

  draw_row (self, cr, bold, self->columns, y);
  for (guint i = first; i < MIN (first + n, self->rows->len); i++)
    {
      y += self->row_height;
      draw_row (self, cr, plain, g_ptr_array_index (self->rows, i), y);
    }

  draw_page_number (self, context, cr, page, n_pages);
}

static void
free_cb (gpointer  data,
         GClosure *closure)
{
  bw_table_print_free (data);
}

GtkPrintOperation *
bw_table_print_new_operation (BwTablePrint *self)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  g_autoptr(GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr(GtkPrintSettings) settings = gtk_print_settings_new ();

  if (self->n_columns > UPRIGHT_COLUMNS)
    gtk_page_setup_set_orientation (setup, GTK_PAGE_ORIENTATION_LANDSCAPE);
  gtk_print_settings_set (settings, GTK_PRINT_SETTINGS_OUTPUT_BASENAME, self->title);

  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_print_settings (operation, settings);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_job_name (operation, self->title);
  gtk_print_operation_set_show_progress (operation, TRUE);
  gtk_print_operation_set_allow_async (operation, TRUE);

  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_page_cb), self);
  g_signal_connect_data (operation, "begin-print", G_CALLBACK (begin_print_cb), self, free_cb, 0);

  return operation;
}
