/* bw-verify-map.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-verify-map.h"

#include <glib/gi18n.h>

#define MARGIN_PX  12
#define MIN_PX     120
#define NATURAL_PX 420

#define MAX_SIGN_PX  22.0
#define SIGN_SHARE   0.7    /* of the lower side of a label */

/**
 * BwVerifyMap:
 *
 * One sheet, as large as there is room for. Colours never stand alone: each
 * result has a sign of its own.
 */

struct _BwVerifyMap
{
  GtkWidget      parent_instance;

  const BwStock *stock;
  GArray        *cells;      /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (BwVerifyMap, bw_verify_map, GTK_TYPE_WIDGET)

/* Light enough for black signs, on white paper in either style. */
static const struct
{
  const char *sign;
  const char *color;
  const char *text;
} results[] = {
  [BW_LABEL_CONFIRMED]  = { "✓", "#8ff0a4", NC_("labels", "Confirmed") },
  [BW_LABEL_MISSING]    = { "–", "#f6d32d", NC_("labels", "Missing") },
  [BW_LABEL_UNREADABLE] = { "!", "#ffa348", NC_("labels", "Unreadable") },
  [BW_LABEL_DUPLICATE]  = { "2", "#dc8add", NC_("labels", "Duplicate") },
  [BW_LABEL_SWAPPED]    = { "⇄", "#99c1f1", NC_("labels", "Swapped") },
  [BW_LABEL_FOREIGN]    = { "?", "#ff7b72", NC_("labels", "Foreign") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (results) == BW_LABEL_N_LISTS);

const char *
bw_verify_verdict_to_text (BwLabelVerdict verdict)
{
  g_return_val_if_fail (verdict < BW_LABEL_N_LISTS, NULL);

  return g_dpgettext2 (NULL, "labels", results[verdict].text);
}

char *
bw_verify_map_make_legend (void)
{
  GString *legend = g_string_new (NULL);

  for (guint i = 0; i < BW_LABEL_N_LISTS; i++)
    {
      g_autofree char *text = g_markup_escape_text (bw_verify_verdict_to_text (i), -1);

      g_string_append_printf (legend, "%s<span background=\"%s\" foreground=\"#000000\">\u00a0%s\u00a0</span>\u00a0%s",
                              i > 0 ? "   " : "", results[i].color, results[i].sign, text);
    }

  return g_string_free (legend, FALSE);
}

static gboolean
get_paper (BwVerifyMap     *self,
           graphene_rect_t *ret_paper,
           double          *ret_scale)
{
  double room_x = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * MARGIN_PX;
  double room_y = gtk_widget_get_height (GTK_WIDGET (self)) - 2 * MARGIN_PX;
  double width, height, scale;

  if (self->cells == NULL || room_x < 1 || room_y < 1)
    return FALSE;

  width = self->stock->page_width;
  height = self->stock->page_height;
  scale = MIN (room_x / width, room_y / height);
  graphene_rect_init (ret_paper,
                      (float) (MARGIN_PX + (room_x - width * scale) / 2),
                      (float) (MARGIN_PX + (room_y - height * scale) / 2),
                      (float) (width * scale), (float) (height * scale));
  *ret_scale = scale;

  return TRUE;
}

static void
get_cell_area (BwVerifyMap           *self,
               const graphene_rect_t *paper,
               double                 scale,
               guint                  cell,
               graphene_rect_t       *ret_area)
{
  double x, y;

  bw_stock_get_cell (self->stock, cell, &x, &y);
  graphene_rect_init (ret_area,
                      (float) (paper->origin.x + x * scale), (float) (paper->origin.y + y * scale),
                      (float) (self->stock->width * scale), (float) (self->stock->height * scale));
}

static void
draw_sign (BwVerifyMap           *self,
           GtkSnapshot           *snapshot,
           const graphene_rect_t *area,
           const char            *sign)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), sign);
  PangoFontDescription *font = pango_font_description_from_string ("Sans Bold");
  double size = MIN (MIN (area->size.width, area->size.height) * SIGN_SHARE, MAX_SIGN_PX);
  int width, height;

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_get_pixel_size (layout, &width, &height);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (area->origin.x + (area->size.width - (float) width) / 2,
                                                area->origin.y + (area->size.height - (float) height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &(GdkRGBA) { 0, 0, 0, 1 });
  gtk_snapshot_restore (snapshot);
}

static void
draw_cell (BwVerifyMap           *self,
           GtkSnapshot           *snapshot,
           const graphene_rect_t *area,
           BwLabelVerdict         verdict)
{
  const GdkRGBA edge = { 0.5f, 0.5f, 0.5f, 0.8f };
  float radius = self->stock->shape == BW_STOCK_ROUND ? area->size.width / 2 : MIN (3, area->size.height / 6);
  GskRoundedRect outline;
  GdkRGBA color = { 1, 1, 1, 1 };

  gsk_rounded_rect_init_from_rect (&outline, area, radius);
  if (verdict < BW_LABEL_N_LISTS)
    gdk_rgba_parse (&color, results[verdict].color);

  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &color, area);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]) { 1, 1, 1, 1 }, (GdkRGBA[4]) { edge, edge, edge, edge });

  if (verdict < BW_LABEL_N_LISTS)
    draw_sign (self, snapshot, area, results[verdict].sign);
}

static void
bw_verify_map_snapshot (GtkWidget   *widget,
                        GtkSnapshot *snapshot)
{
  BwVerifyMap *self = BW_VERIFY_MAP (widget);
  graphene_rect_t paper, area;
  GskRoundedRect outline;
  double scale;

  if (!get_paper (self, &paper, &scale))
    return;

  gsk_rounded_rect_init_from_rect (&outline, &paper, 0);
  gtk_snapshot_append_outset_shadow (snapshot, &outline, &(GdkRGBA) { 0, 0, 0, 0.35f }, 0, 1, 0, 5);
  gtk_snapshot_append_color (snapshot, &(GdkRGBA) { 1, 1, 1, 1 }, &paper);

  for (guint i = 0; i < self->cells->len; i++)
    {
      get_cell_area (self, &paper, scale, i, &area);
      draw_cell (self, snapshot, &area, g_array_index (self->cells, BwLabelCell, i).verdict);
    }
}

static void
bw_verify_map_measure (GtkWidget      *widget,
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

static char *
describe_cell (const BwLabelCell *cell)
{
  const char *what = cell->verdict < BW_LABEL_N_LISTS ? bw_verify_verdict_to_text (cell->verdict) : NULL;

  if (what == NULL)
    return NULL;

  if (cell->text == NULL || cell->verdict == BW_LABEL_CONFIRMED)
    return g_strdup_printf ("%s\n%s", what, cell->expected != NULL ? cell->expected : cell->text);

  if (cell->expected == NULL)
    return g_strdup_printf ("%s\n%s", what, cell->text);

  /* Translators: a result; the ID that belongs onto a label; what is on it */
  return g_strdup_printf (_("%s\nBelongs here: %s\nIs here: %s"), what, cell->expected, cell->text);
}

static gboolean
bw_verify_map_query_tooltip (GtkWidget  *widget,
                             int         x,
                             int         y,
                             gboolean    keyboard_tooltip,
                             GtkTooltip *tooltip)
{
  BwVerifyMap *self = BW_VERIFY_MAP (widget);
  graphene_rect_t paper, area;
  double scale;

  if (!get_paper (self, &paper, &scale))
    return FALSE;

  for (guint i = 0; i < self->cells->len; i++)
    {
      g_autofree char *text = NULL;

      get_cell_area (self, &paper, scale, i, &area);
      if (!graphene_rect_contains_point (&area, &GRAPHENE_POINT_INIT ((float) x, (float) y)))
        continue;

      text = describe_cell (&g_array_index (self->cells, BwLabelCell, i));
      gtk_tooltip_set_text (tooltip, text);

      return text != NULL;
    }

  return FALSE;
}

static void
bw_verify_map_dispose (GObject *object)
{
  BwVerifyMap *self = (BwVerifyMap *) object;

  g_clear_pointer (&self->cells, g_array_unref);

  G_OBJECT_CLASS (bw_verify_map_parent_class)->dispose (object);
}

static void
bw_verify_map_class_init (BwVerifyMapClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_verify_map_dispose;
  widget_class->measure = bw_verify_map_measure;
  widget_class->snapshot = bw_verify_map_snapshot;
  widget_class->query_tooltip = bw_verify_map_query_tooltip;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bw_verify_map_init (BwVerifyMap *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

void
bw_verify_map_set_page (BwVerifyMap   *self,
                        const BwStock *stock,
                        GArray        *cells)
{
  g_return_if_fail (BW_IS_VERIFY_MAP (self));

  self->stock = stock;
  g_clear_pointer (&self->cells, g_array_unref);
  if (cells != NULL)
    self->cells = g_array_ref (cells);

  gtk_widget_queue_draw (GTK_WIDGET (self));
}
