/* bw-sheet-preview.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-sheet-preview.h"

#define MARGIN_PX  12
#define MIN_PX     120
#define NATURAL_PX 420
#define MM_PER_PT  (25.4 / 72.0)

/**
 * BwSheetPreview:
 *
 * One page, as large as there is room for. What is clicked on it, and which
 * page comes next, is the business of who shows it.
 */

struct _BwSheetPreview
{
  GtkWidget  parent_instance;

  BwSheet   *sheet;
  guint      page;
};

G_DEFINE_FINAL_TYPE (BwSheetPreview, bw_sheet_preview, GTK_TYPE_WIDGET)

enum
{
  CELL_CLICKED,
  TURN_PAGE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Where the paper is in the widget; FALSE: nowhere. */
static gboolean
get_paper (BwSheetPreview  *self,
           graphene_rect_t *ret_paper,
           double          *ret_scale)
{
  double room_x = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * MARGIN_PX;
  double room_y = gtk_widget_get_height (GTK_WIDGET (self)) - 2 * MARGIN_PX;
  double width_pt, height_pt, scale;

  if (self->sheet == NULL || room_x < 1 || room_y < 1)
    return FALSE;

  bw_sheet_get_page_size (self->sheet, &width_pt, &height_pt);
  scale = MIN (room_x / width_pt, room_y / height_pt);
  graphene_rect_init (ret_paper,
                      (float) (MARGIN_PX + (room_x - width_pt * scale) / 2),
                      (float) (MARGIN_PX + (room_y - height_pt * scale) / 2),
                      (float) (width_pt * scale), (float) (height_pt * scale));
  *ret_scale = scale;

  return TRUE;
}

static void
clicked_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            BwSheetPreview  *self)
{
  graphene_rect_t paper;
  const BwStock *stock;
  double scale;

  if (!get_paper (self, &paper, &scale))
    return;

  stock = bw_sheet_get_stock (self->sheet);
  x = (x - paper.origin.x) / scale * MM_PER_PT;
  y = (y - paper.origin.y) / scale * MM_PER_PT;
  for (guint cell = 0; cell < bw_stock_get_n_cells (stock); cell++)
    {
      double left, top;

      bw_stock_get_cell (stock, cell, &left, &top);
      if (x >= left && x < left + stock->width && y >= top && y < top + stock->height)
        {
          g_signal_emit (self, signals[CELL_CLICKED], 0, cell + 1);
          return;
        }
    }
}

static gboolean
scrolled_cb (GtkEventControllerScroll *controller,
             double                    dx,
             double                    dy,
             BwSheetPreview           *self)
{
  if (dy == 0)
    return FALSE;

  g_signal_emit (self, signals[TURN_PAGE], 0, dy > 0 ? 1 : -1);

  return TRUE;
}

static void
bw_sheet_preview_measure (GtkWidget      *widget,
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

static void
bw_sheet_preview_snapshot (GtkWidget   *widget,
                           GtkSnapshot *snapshot)
{
  BwSheetPreview *self = BW_SHEET_PREVIEW (widget);
  double scale;
  graphene_rect_t paper;
  GskRoundedRect outline;
  cairo_t *cr;

  if (!get_paper (self, &paper, &scale))
    return;

  /* Paper stays white in the dark style, too: codes are black on white. */
  gsk_rounded_rect_init_from_rect (&outline, &paper, 0);
  gtk_snapshot_append_outset_shadow (snapshot, &outline, &(GdkRGBA) { 0, 0, 0, 0.35f }, 0, 1, 0, 5);
  gtk_snapshot_append_color (snapshot, &(GdkRGBA) { 1, 1, 1, 1 }, &paper);

  cr = gtk_snapshot_append_cairo (snapshot, &paper);
  cairo_translate (cr, paper.origin.x, paper.origin.y);
  cairo_scale (cr, scale, scale);
  bw_sheet_draw_page (self->sheet, cr, self->page, TRUE);
  cairo_destroy (cr);
}

static void
bw_sheet_preview_dispose (GObject *object)
{
  BwSheetPreview *self = (BwSheetPreview *) object;

  g_clear_object (&self->sheet);

  G_OBJECT_CLASS (bw_sheet_preview_parent_class)->dispose (object);
}

static void
bw_sheet_preview_class_init (BwSheetPreviewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_sheet_preview_dispose;
  widget_class->measure = bw_sheet_preview_measure;
  widget_class->snapshot = bw_sheet_preview_snapshot;

  signals[CELL_CLICKED] = g_signal_new ("cell-clicked", BW_TYPE_SHEET_PREVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[TURN_PAGE] = g_signal_new ("turn-page", BW_TYPE_SHEET_PREVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bw_sheet_preview_init (BwSheetPreview *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL |
                                                                GTK_EVENT_CONTROLLER_SCROLL_DISCRETE);

  g_signal_connect (click, "released", G_CALLBACK (clicked_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect (scroll, "scroll", G_CALLBACK (scrolled_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
}

GtkWidget *
bw_sheet_preview_new (void)
{
  return g_object_new (BW_TYPE_SHEET_PREVIEW, NULL);
}

void
bw_sheet_preview_set_page (BwSheetPreview *self,
                           BwSheet        *sheet,
                           guint           page)
{
  g_return_if_fail (BW_IS_SHEET_PREVIEW (self));

  g_set_object (&self->sheet, sheet);
  self->page = page;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

BwSheet *
bw_sheet_preview_get_sheet (BwSheetPreview *self)
{
  g_return_val_if_fail (BW_IS_SHEET_PREVIEW (self), NULL);

  return self->sheet;
}
