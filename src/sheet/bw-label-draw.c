/* bw-label-draw.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-label-draw.h"

#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-label-check.h"
#include "bw-label-private.h"

#include <math.h>
#include <string.h>

/* Far more than what a PDF rounds its numbers to, far less than a scanner sees. */
#define INSET_DOTS 0.02

/* The drawing of one label, the one for preview, print and PDF.
 *
 * IDs and serials are of few characters in a font where all are equally wide.
 * Those are shaped once a painter and then only placed, which takes a third of
 * the time of a PDF; another text is shaped when it is another one than on the
 * label before, so that the batch's name is shaped once. */

/* A text as it was on the last label. */
typedef struct
{
  char        *text;
  PangoLayout *shaped;
  double       pt;
  double       width;      /* mm */
} Shape;

struct _BwLabelPainter
{
  BwLabelPlan     *plan;
  BwLabelBatch     batch;
  PangoContext    *context;
  BwLabelMono      mono;
  Shape           *shapes;     /* by item */
  cairo_surface_t *logo;
};

BwLabelPainter *
bw_label_painter_new (BwLabelPlan        *plan,
                      const BwLabelBatch *batch)
{
  BwLabelPainter *self;

  g_return_val_if_fail (plan != NULL && batch != NULL && batch->name != NULL, NULL);

  self = g_new0 (BwLabelPainter, 1);
  self->plan = bw_label_plan_ref (plan);
  self->batch = *batch;
  self->context = bw_label_text_context_new ();
  bw_label_mono_init (&self->mono, self->context);
  self->shapes = g_new0 (Shape, plan->items->len);

  return self;
}

void
bw_label_painter_free (BwLabelPainter *self)
{
  for (guint i = 0; i < self->plan->items->len; i++)
    {
      g_free (self->shapes[i].text);
      g_clear_object (&self->shapes[i].shaped);
    }
  g_free (self->shapes);
  g_clear_pointer (&self->logo, cairo_surface_destroy);
  bw_label_mono_clear (&self->mono);
  g_object_unref (self->context);
  bw_label_plan_unref (self->plan);
  g_free (self);
}

static void
shape (BwLabelPainter    *self,
       const BwLabelItem *item,
       Shape             *to,
       const char        *text)
{
  if (g_strcmp0 (text, to->text) == 0)
    return;

  g_free (to->text);
  g_clear_object (&to->shaped);
  to->text = g_strdup (text);
  to->pt = item->pt;
  to->shaped = bw_label_text_new (self->context, to->pt, text);
  to->width = bw_label_text_get_width (to->shaped);

  if (to->width > item->rect.width && item->min_pt < item->pt)
    {
      to->pt = MAX (bw_label_text_round (item->pt * item->rect.width / to->width), item->min_pt);
      g_object_unref (to->shaped);
      to->shaped = bw_label_text_new (self->context, to->pt, text);
      to->width = bw_label_text_get_width (to->shaped);
    }

  if (to->width > item->rect.width)
    {
      pango_layout_set_ellipsize (to->shaped, PANGO_ELLIPSIZE_END);
      pango_layout_set_width (to->shaped, (int) (item->rect.width * BW_MM_TO_PT * PANGO_SCALE));
      to->width = item->rect.width;
    }
}

/* Where a line of @width begins; mm. */
static double
align (const BwLabelItem *item,
       double             width)
{
  switch (item->align)
    {
    case BW_LABEL_ALIGN_CENTER:
      return item->rect.x + (item->rect.width - width) / 2;

    case BW_LABEL_ALIGN_RIGHT:
      return item->rect.x + item->rect.width - width;

    case BW_LABEL_ALIGN_LEFT:
    default:
      return item->rect.x;
    }
}

/* The top of lines of @pt in the middle of their field; mm. */
static double
middle (const BwLabelItem *item,
        guint              n_lines,
        double             pt)
{
  return item->rect.y + (item->rect.height - n_lines * pt * BW_LABEL_LINE_EM / BW_MM_TO_PT) / 2;
}

static void
draw_id (BwLabelPainter    *self,
         cairo_t           *cr,
         const BwLabelItem *item,
         const char        *id)
{
  gsize n_per_line = 4 / item->n_lines * 5;
  double line = item->pt * BW_LABEL_LINE_EM / BW_MM_TO_PT;
  double top = middle (item, item->n_lines, item->pt);

  for (guint i = 0; i < item->n_lines; i++)
    {
      gsize from = i * n_per_line;
      gsize length = MIN (n_per_line, BW_DEVICE_ID_LENGTH - from);
      double x = align (item, bw_label_mono_get_width (&self->mono, length, item->pt));

      bw_label_mono_show (&self->mono, cr, id + from, length, x, top + i * line, item->pt);
    }
}

/* Never cut short: made smaller when the batch is that large. */
static void
draw_serial (BwLabelPainter    *self,
             cairo_t           *cr,
             const BwLabelItem *item,
             guint              serial)
{
  double pt = item->pt;
  double width;
  char text[BW_LABEL_MONO_MAX];
  gsize length = (gsize) g_snprintf (text, sizeof text, "%u / %u", serial, self->batch.count);

  width = bw_label_mono_get_width (&self->mono, length, pt);
  if (width > item->rect.width)
    {
      pt *= item->rect.width / width;
      width = item->rect.width;
    }

  bw_label_mono_show (&self->mono, cr, text, length, align (item, width), middle (item, 1, item->pt), pt);
}

/* What a field of letters says. Returns: (nullable) */
static const char *
get_value (BwLabelPainter     *self,
           BwLabelFieldKind    kind,
           const BwLabelFacts *facts)
{
  static const BwLabelFacts none;

  if (facts == NULL)
    facts = &none;

  switch (kind)
    {
    case BW_LABEL_FIELD_BATCH:
      return self->batch.name;

    case BW_LABEL_FIELD_PRODUCT:
      return facts->product;

    case BW_LABEL_FIELD_ABBREVIATION:
      return facts->abbreviation;

    case BW_LABEL_FIELD_LICENSE:
      return facts->license;

    case BW_LABEL_FIELD_MACHINE_ID:
      return facts->machine_id;

    case BW_LABEL_FIELD_COMPANY:
      return facts->company;

    case BW_LABEL_FIELD_TEXT:
      return "";

    case BW_LABEL_FIELD_QR:
    case BW_LABEL_FIELD_ID:
    case BW_LABEL_FIELD_CHECK:
    case BW_LABEL_FIELD_SERIAL:
    case BW_LABEL_FIELD_LOGO:
    case BW_LABEL_FIELD_COLOR_BAR:
    case BW_LABEL_N_FIELD_KINDS:
    default:
      return NULL;
    }
}

/* With its baseline where our numbers put it, whatever the height of a font
 * that had to step in. */
static void
draw_text (BwLabelPainter *self,
           cairo_t        *cr,
           guint           i,
           const char     *value)
{
  const BwLabelItem *item = &g_array_index (self->plan->items, BwLabelItem, i);
  Shape *as = &self->shapes[i];
  g_autofree char *joined = NULL;
  double baseline;

  if (value == NULL || (*value == '\0' && item->kind != BW_LABEL_FIELD_TEXT))
    return;

  if (*item->text != '\0')
    joined = *value != '\0' ? g_strconcat (item->text, " ", value, NULL) : g_strdup (item->text);
  shape (self, item, as, joined != NULL ? joined : value);

  baseline = pango_layout_get_baseline (as->shaped) / (double) PANGO_SCALE;
  cairo_move_to (cr, align (item, as->width) * BW_MM_TO_PT,
                 middle (item, 1, as->pt) * BW_MM_TO_PT + BW_LABEL_ASCENT_EM * as->pt - baseline);
  pango_cairo_show_layout (cr, as->shaped);
}

static void
draw_bar (BwLabelPainter    *self,
          cairo_t           *cr,
          const BwLabelItem *item)
{
  const BwRect *at = &item->rect;

  if (!self->batch.has_color)
    return;

  cairo_set_source_rgb (cr, self->batch.color[0], self->batch.color[1], self->batch.color[2]);
  cairo_rectangle (cr, at->x * BW_MM_TO_PT, at->y * BW_MM_TO_PT, at->width * BW_MM_TO_PT, at->height * BW_MM_TO_PT);
  cairo_fill (cr);
}

static void
draw_logo (BwLabelPainter    *self,
           cairo_t           *cr,
           const BwLabelItem *item)
{
  double width, height, scale;

  if (self->logo == NULL)
    self->logo = bw_label_logo_create_surface (item->logo);

  width = cairo_image_surface_get_width (self->logo);
  height = cairo_image_surface_get_height (self->logo);
  scale = MIN (item->rect.width / width, item->rect.height / height);

  cairo_save (cr);
  cairo_translate (cr, (item->rect.x + (item->rect.width - width * scale) / 2) * BW_MM_TO_PT,
                   (item->rect.y + (item->rect.height - height * scale) / 2) * BW_MM_TO_PT);
  cairo_scale (cr, scale * BW_MM_TO_PT, scale * BW_MM_TO_PT);
  cairo_set_source_surface (cr, self->logo, 0, 0);
  cairo_paint (cr);
  cairo_restore (cr);
}

/* The way it lies on the page: what runs to the right on a turned label runs down there. */
static gboolean
is_dark (const QRcode *code,
         gboolean      is_turned,
         int           x,
         int           y)
{
  int row = is_turned ? code->width - 1 - x : y;
  int column = is_turned ? y : x;

  return code->data[row * code->width + column] & 1;
}

/* Rows of whole 32-bit words; a module is a bit, the first one the lowest. */
static cairo_surface_t *
create_mask (const QRcode *code,
             gboolean      is_turned)
{
  int side = code->width;
  cairo_surface_t *mask = cairo_image_surface_create (CAIRO_FORMAT_A1, side, side);
  int stride = cairo_image_surface_get_stride (mask);
  unsigned char *rows = cairo_image_surface_get_data (mask);

  cairo_surface_flush (mask);
  for (int y = 0; y < side; y++)
    {
      for (int x = 0; x < side; x++)
        {
          if (!is_dark (code, is_turned, x, y))
            continue;
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
          rows[y * stride + x / 8] |= (unsigned char) (1 << (x % 8));
#else
          rows[y * stride + x / 8] |= (unsigned char) (0x80 >> (x % 8));
#endif
        }
    }
  cairo_surface_mark_dirty (mask);

  return mask;
}

/* Viewers of SVG smooth a mask, but not rectangles: one for each run of dark modules. */
static void
fill_modules (cairo_t      *cr,
              const QRcode *code,
              gboolean      is_turned)
{
  for (int y = 0; y < code->width; y++)
    {
      for (int x = 0, n; x < code->width; x += n)
        {
          gboolean dark = is_dark (code, is_turned, x, y);

          for (n = 1; x + n < code->width && is_dark (code, is_turned, x + n, y) == dark; n++)
            ;
          if (dark)
            cairo_rectangle (cr, x, y, n, 1);
        }
    }
  cairo_fill (cr);
}

/* One 1-bit mask in pure black, and the quiet zone around it is nobody's.
 * NEAREST, or a PDF viewer smooths the modules into each other.
 *
 * Printers fill each dot that a mask touches, and stretch it over them: an edge
 * that rounding puts beyond its dot makes one module wider and another one
 * narrower. So all edges stay inside of their dots, and the mask is never
 * turned, which renderers do by approximation. */
static void
draw_code (BwLabelPainter *self,
           cairo_t        *cr,
           const char     *id,
           double          x,
           double          y)
{
  QRcode *code = bw_label_code_encode (&self->plan->code, id);
  const BwLabelLayout *at = &self->plan->layout;
  gboolean is_turned = self->plan->stock->is_turned;
  double side = at->code.width * BW_MM_TO_PT;
  gboolean is_svg = cairo_surface_get_type (cairo_get_target (cr)) == CAIRO_SURFACE_TYPE_SVG;
  double inset = is_svg ? 0 : INSET_DOTS * at->module / at->module_dots * BW_MM_TO_PT;
  cairo_surface_t *mask;
  cairo_pattern_t *pattern;

  g_return_if_fail (code != NULL && (guint) code->width == at->n_modules);

  mask = create_mask (code, is_turned);
  pattern = cairo_pattern_create_for_surface (mask);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);

  cairo_save (cr);
  cairo_translate (cr, x * BW_MM_TO_PT, y * BW_MM_TO_PT);
  if (is_turned)
    {
      cairo_translate (cr, 0, side);
      cairo_rotate (cr, -G_PI_2);
    }
  cairo_translate (cr, inset, inset);
  cairo_scale (cr, (side - 2 * inset) / at->n_modules, (side - 2 * inset) / at->n_modules);
  cairo_set_source_rgb (cr, 0, 0, 0);
  if (is_svg)
    fill_modules (cr, code, is_turned);
  else
    cairo_mask (cr, pattern);
  cairo_restore (cr);

  cairo_pattern_destroy (pattern);
  cairo_surface_destroy (mask);
  QRcode_free (code);
}

/* Moves a place on the label so that on the page it is a whole number of the
 * printer's dots from the paper's edges, as all its modules then are. */
static void
snap_code (BwLabelPainter *self,
           double          cell_x,
           double          cell_y,
           double         *ret_x,
           double         *ret_y)
{
  double dot = self->plan->layout.module / self->plan->layout.module_dots;
  double x = self->plan->layout.code.x;
  double y = self->plan->layout.code.y;

  if (self->plan->stock->is_turned)
    {
      double right = cell_x + self->plan->stock->width;

      *ret_x = round ((cell_y + x) / dot) * dot - cell_y;
      *ret_y = right - round ((right - y) / dot) * dot;
    }
  else
    {
      *ret_x = round ((cell_x + x) / dot) * dot - cell_x;
      *ret_y = round ((cell_y + y) / dot) * dot - cell_y;
    }
}

static gboolean
fail_to_fit (const BwLabelItem  *item,
             const char         *text,
             GError            **error)
{
  g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” does not fit into its field “%s”, where it must not be cut short",
               text, bw_label_field_kind_to_text (item->kind));

  return FALSE;
}

static gboolean
check_text (BwLabelPainter     *self,
            const BwLabelItem  *item,
            const char         *value,
            GError            **error)
{
  g_autofree char *text = g_strconcat (item->text, *item->text != '\0' ? " " : "", value, NULL);

  if (bw_label_text_measure (self->context, item->min_pt, text) <= item->rect.width + 1e-3)
    return TRUE;

  return fail_to_fit (item, text, error);
}

/* That of the last device. The automatic layout makes it as small as it must be. */
static gboolean
check_serial (BwLabelPainter     *self,
              const BwLabelItem  *item,
              GError            **error)
{
  g_autofree char *text = g_strdup_printf ("%u / %u", self->batch.count, self->batch.count);
  gboolean is_designed = self->plan->design != NULL && self->plan->design->fields->len > 0;

  if (!is_designed ||
      bw_label_mono_get_width (&self->mono, strlen (text), MIN (item->pt, BW_LABEL_MIN_PT)) <= item->rect.width + 1e-3)
    return TRUE;

  return fail_to_fit (item, text, error);
}

gboolean
bw_label_painter_check (BwLabelPainter      *self,
                        const BwLabelFacts  *facts,
                        GError             **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->plan->items->len; i++)
    {
      const BwLabelItem *item = &g_array_index (self->plan->items, BwLabelItem, i);
      const char *value = NULL;

      if (item->kind == BW_LABEL_FIELD_SERIAL && !check_serial (self, item, error))
        return FALSE;

      if (item->kind == BW_LABEL_FIELD_CHECK)
        value = "W";
      else if (item->kind == BW_LABEL_FIELD_LICENSE || item->kind == BW_LABEL_FIELD_MACHINE_ID)
        value = get_value (self, item->kind, facts);

      if (value != NULL && !check_text (self, item, value, error))
        return FALSE;
    }

  return TRUE;
}

static void
draw_item (BwLabelPainter     *self,
           cairo_t            *cr,
           guint               i,
           const char         *id,
           guint               serial,
           const BwLabelFacts *facts)
{
  const BwLabelItem *item = &g_array_index (self->plan->items, BwLabelItem, i);
  char check[2] = { 0 };

  cairo_set_source_rgb (cr, 0, 0, 0);
  if (item->kind == BW_LABEL_FIELD_ID)
    draw_id (self, cr, item, id);
  else if (item->kind == BW_LABEL_FIELD_SERIAL)
    draw_serial (self, cr, item, serial);
  else if (item->kind == BW_LABEL_FIELD_COLOR_BAR)
    draw_bar (self, cr, item);
  else if (item->kind == BW_LABEL_FIELD_LOGO)
    draw_logo (self, cr, item);
  else if (item->kind == BW_LABEL_FIELD_CHECK)
    {
      check[0] = bw_label_check_character (id);
      draw_text (self, cr, i, check);
    }
  else
    draw_text (self, cr, i, get_value (self, item->kind, facts));
}

void
bw_label_painter_draw (BwLabelPainter     *self,
                       cairo_t            *cr,
                       const char         *id,
                       guint               serial,
                       const BwLabelFacts *facts,
                       double              cell_x,
                       double              cell_y)
{
  const BwStock *stock;
  double x, y;

  g_return_if_fail (self != NULL && cr != NULL && id != NULL);

  stock = self->plan->stock;
  cairo_save (cr);
  if (stock->is_turned)
    {
      cairo_translate (cr, (cell_x + stock->width) * BW_MM_TO_PT, cell_y * BW_MM_TO_PT);
      cairo_rotate (cr, G_PI_2);
    }
  else
    cairo_translate (cr, cell_x * BW_MM_TO_PT, cell_y * BW_MM_TO_PT);

  for (guint i = 0; i < self->plan->items->len; i++)
    {
      if (g_array_index (self->plan->items, BwLabelItem, i).kind != BW_LABEL_FIELD_QR)
        {
          draw_item (self, cr, i, id, serial, facts);
          continue;
        }

      snap_code (self, cell_x, cell_y, &x, &y);
      draw_code (self, cr, id, x, y);
    }
  cairo_restore (cr);
}
