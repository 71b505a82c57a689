/* bw-stock-picture.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-stock-picture.h"

#include <math.h>

#define MARGIN_PX  12
#define MIN_PX     120
#define NATURAL_PX 240
#define CORNER_MM  1.5
#define SLACK_MM   0.11

/**
 * BwStockPicture:
 *
 * The paper of a stock and where its labels are, as large as there is room for; also while the
 * measures are being typed, when they may be anything.
 */

struct _BwStockPicture
{
  GtkWidget parent_instance;

  gboolean  has_stock;
  BwStock   stock;       /* its texts are not looked at */
};

G_DEFINE_FINAL_TYPE (BwStockPicture, bw_stock_picture, GTK_TYPE_WIDGET)

static void
bw_stock_picture_measure (GtkWidget      *widget,
                          GtkOrientation  orientation,
                          int             for_size,
                          int            *minimum,
                          int            *natural,
                          int            *minimum_baseline,
                          int            *natural_baseline)
{
  *minimum = MIN_PX;
  *natural = NATURAL_PX;
}

static gboolean
is_drawable (const BwStock *stock)
{
  double sizes[] = { stock->page_width, stock->page_height, stock->width, stock->height };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      if (!(sizes[i] > 0 && sizes[i] <= BW_STOCK_MAX_PAGE_MM))
        return FALSE;
    }

  return stock->n_columns <= BW_STOCK_MAX_PER_AXIS * (stock->cells != NULL ? 100 : 1) &&
         stock->n_rows <= BW_STOCK_MAX_PER_AXIS && stock->n_columns * stock->n_rows <= BW_STOCK_MAX_CELLS;
}

static void
draw_label (cairo_t       *cr,
            const BwStock *stock,
            double         x,
            double         y)
{
  double corner = MIN (CORNER_MM, MIN (stock->width, stock->height) / 4);
  gboolean is_beyond = x < -SLACK_MM || y < -SLACK_MM || x + stock->width > stock->page_width + SLACK_MM ||
                       y + stock->height > stock->page_height + SLACK_MM;

  cairo_new_sub_path (cr);
  if (stock->shape == BW_STOCK_ROUND)
    cairo_arc (cr, x + stock->width / 2, y + stock->width / 2, stock->width / 2, 0, 2 * G_PI);
  else
    {
      cairo_arc (cr, x + stock->width - corner, y + corner, corner, -G_PI / 2, 0);
      cairo_arc (cr, x + stock->width - corner, y + stock->height - corner, corner, 0, G_PI / 2);
      cairo_arc (cr, x + corner, y + stock->height - corner, corner, G_PI / 2, G_PI);
      cairo_arc (cr, x + corner, y + corner, corner, G_PI, 3 * G_PI / 2);
      cairo_close_path (cr);
    }

  if (is_beyond)
    cairo_set_source_rgba (cr, 0.75, 0.1, 0.15, 0.35);
  else
    cairo_set_source_rgba (cr, 0.21, 0.52, 0.89, 0.18);
  cairo_fill_preserve (cr);

  if (is_beyond)
    cairo_set_source_rgb (cr, 0.65, 0.11, 0.18);
  else
    cairo_set_source_rgb (cr, 0.1, 0.37, 0.71);
  cairo_stroke (cr);
}

static void
bw_stock_picture_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  BwStockPicture *self = BW_STOCK_PICTURE (widget);
  const BwStock *stock = &self->stock;
  double room_x = gtk_widget_get_width (widget) - 2 * MARGIN_PX;
  double room_y = gtk_widget_get_height (widget) - 2 * MARGIN_PX;
  graphene_rect_t paper, all;
  GskRoundedRect outline;
  double scale;
  cairo_t *cr;

  if (!self->has_stock || !is_drawable (stock) || room_x < 1 || room_y < 1)
    return;

  scale = MIN (room_x / stock->page_width, room_y / stock->page_height);
  graphene_rect_init (&paper,
                      (float) (MARGIN_PX + (room_x - stock->page_width * scale) / 2),
                      (float) (MARGIN_PX + (room_y - stock->page_height * scale) / 2),
                      (float) (stock->page_width * scale), (float) (stock->page_height * scale));
  graphene_rect_init (&all, 0, 0, (float) gtk_widget_get_width (widget), (float) gtk_widget_get_height (widget));

  /* Paper stays white in the dark style, too. */
  gsk_rounded_rect_init_from_rect (&outline, &paper, 0);
  gtk_snapshot_append_outset_shadow (snapshot, &outline, &(GdkRGBA) { 0, 0, 0, 0.35f }, 0, 1, 0, 5);
  gtk_snapshot_append_color (snapshot, &(GdkRGBA) { 1, 1, 1, 1 }, &paper);

  cr = gtk_snapshot_append_cairo (snapshot, &all);
  cairo_translate (cr, paper.origin.x, paper.origin.y);
  cairo_scale (cr, scale, scale);
  cairo_set_line_width (cr, 1 / scale);

  for (guint i = 0; i < bw_stock_get_n_cells (stock); i++)
    {
      double x, y;

      bw_stock_get_cell (stock, i, &x, &y);
      if (isfinite (x) && isfinite (y))
        draw_label (cr, stock, x, y);
    }

  cairo_destroy (cr);
}

static void
bw_stock_picture_class_init (BwStockPictureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = bw_stock_picture_measure;
  widget_class->snapshot = bw_stock_picture_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bw_stock_picture_init (BwStockPicture *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

void
bw_stock_picture_set_stock (BwStockPicture *self,
                            const BwStock  *stock)
{
  g_return_if_fail (BW_IS_STOCK_PICTURE (self));

  self->has_stock = stock != NULL;
  if (stock != NULL)
    self->stock = *stock;

  gtk_widget_queue_draw (GTK_WIDGET (self));
}
