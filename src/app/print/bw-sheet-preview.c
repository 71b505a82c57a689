/* bw-sheet-preview.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-sheet-preview.h"

#define MARGIN_PX  12
#define MIN_PX     120
#define NATURAL_PX 420

/**
 * BwSheetPreview:
 *
 * One page, as large as there is room for.
 */

struct _BwSheetPreview
{
  GtkWidget  parent_instance;

  BwSheet   *sheet;
  guint      page;
};

G_DEFINE_FINAL_TYPE (BwSheetPreview, bw_sheet_preview, GTK_TYPE_WIDGET)

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
  double room_x = gtk_widget_get_width (widget) - 2 * MARGIN_PX;
  double room_y = gtk_widget_get_height (widget) - 2 * MARGIN_PX;
  double width_pt, height_pt, scale;
  graphene_rect_t paper;
  GskRoundedRect outline;
  cairo_t *cr;

  if (self->sheet == NULL || room_x < 1 || room_y < 1)
    return;

  bw_sheet_get_page_size (self->sheet, &width_pt, &height_pt);
  scale = MIN (room_x / width_pt, room_y / height_pt);
  graphene_rect_init (&paper,
                      (float) (MARGIN_PX + (room_x - width_pt * scale) / 2),
                      (float) (MARGIN_PX + (room_y - height_pt * scale) / 2),
                      (float) (width_pt * scale), (float) (height_pt * scale));

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

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bw_sheet_preview_init (BwSheetPreview *self)
{
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
