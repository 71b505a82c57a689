/* bw-label-plan.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-label-private.h"
#include "bw-label-text.h"

#include "bw-device-id.h"
#include "bw-error.h"

#include <math.h>
#include <string.h>

#define MM_PER_INCH 25.4

/* Letters that grow with their field do not shout. */
#define MAX_AUTO_ID_PT   14.0
#define MAX_AUTO_TEXT_PT 12.0

#define TOLERANCE_MM 1e-3

/* A design (or none: the automatic layout) on a stock, as a list of what is
 * drawn where. Whatever does not fit is said here, before anything is printed. */

static const guint id_lines[] = { 1, 2, 4 };

static void
item_clear (gpointer data)
{
  BwLabelItem *item = data;

  g_clear_pointer (&item->logo, bw_label_logo_unref);
}

static void
scale_rect (const BwLabelDesign *design,
            const BwStock       *stock,
            double              *ret_x,
            double              *ret_y)
{
  *ret_x = 1.0;
  *ret_y = 1.0;
  if (design->is_relative)
    bw_label_get_size (stock, ret_x, ret_y);
}

BwRect
bw_label_design_get_rect (const BwLabelDesign *design,
                          const BwLabelField  *field,
                          const BwStock       *stock)
{
  double x, y;

  scale_rect (design, stock, &x, &y);

  return (BwRect) { field->rect.x * x, field->rect.y * y, field->rect.width * x, field->rect.height * y };
}

void
bw_label_design_set_rect (const BwLabelDesign *design,
                          BwLabelField        *field,
                          const BwStock       *stock,
                          const BwRect        *rect)
{
  double x, y;

  scale_rect (design, stock, &x, &y);
  field->rect = (BwRect) { rect->x / x, rect->y / y, rect->width / x, rect->height / y };
}

static BwLabelItem *
add_item (BwLabelPlan      *self,
          BwLabelFieldKind  kind,
          const BwRect     *rect,
          double            pt)
{
  BwLabelItem item = { .kind = kind, .rect = *rect, .pt = pt, .min_pt = pt, .n_lines = 1, .text = "" };

  g_array_append_val (self->items, item);

  return &g_array_index (self->items, BwLabelItem, self->items->len - 1);
}

/* The bar first and the code next, as they always were. */
static void
take_automatic (BwLabelPlan *self)
{
  const BwLabelLayout *at = &self->layout;
  BwLabelItem *item;

  if (at->bar.width > 0)
    add_item (self, BW_LABEL_FIELD_COLOR_BAR, &at->bar, 0);
  add_item (self, BW_LABEL_FIELD_QR, &at->quiet, 0);

  item = add_item (self, BW_LABEL_FIELD_ID, &at->id, at->id_pt);
  item->n_lines = at->n_id_lines;
  /* below the code it is centred like the code */
  if (at->id.y >= at->quiet.y + at->quiet.height - 1e-6)
    item->align = BW_LABEL_ALIGN_CENTER;

  if (at->batch.width > 0)
    add_item (self, BW_LABEL_FIELD_BATCH, &at->batch, at->small_pt);
  if (at->serial.width > 0)
    {
      item = add_item (self, BW_LABEL_FIELD_SERIAL, &at->serial, at->small_pt);
      if (at->serial.y <= at->batch.y)
        item->align = BW_LABEL_ALIGN_RIGHT;
    }
}

static gboolean
is_on_label (const BwStock *stock,
             const BwRect  *rect,
             gboolean       with_margin)
{
  double left = with_margin ? (stock->is_turned ? stock->margin_y : stock->margin_x) : 0.0;
  double top = with_margin ? (stock->is_turned ? stock->margin_x : stock->margin_y) : 0.0;
  double width, height;

  bw_label_get_size (stock, &width, &height);
  if (stock->shape == BW_STOCK_ROUND)
    {
      double radius = width / 2 - MIN (left, top) / 2 + TOLERANCE_MM;
      double x = MAX (fabs (rect->x - width / 2), fabs (rect->x + rect->width - width / 2));
      double y = MAX (fabs (rect->y - height / 2), fabs (rect->y + rect->height - height / 2));

      return x * x + y * y <= radius * radius;
    }

  return rect->x >= left - TOLERANCE_MM && rect->y >= top - TOLERANCE_MM &&
         rect->x + rect->width <= width - left + TOLERANCE_MM &&
         rect->y + rect->height <= height - top + TOLERANCE_MM;
}

static void
place_code (BwLabelLayout *at,
            const BwRect  *field,
            guint          dots,
            double         dot)
{
  double side = at->n_modules * dots * dot;
  double quiet = BW_LABEL_QUIET_MODULES * dots * dot;

  at->module_dots = dots;
  at->module = dots * dot;
  at->code = (BwRect) { field->x + (field->width - side) / 2, field->y + (field->height - side) / 2, side, side };
  at->quiet = (BwRect) { at->code.x - quiet, at->code.y - quiet, side + 2 * quiet, side + 2 * quiet };
}

static gboolean
take_code (BwLabelPlan   *self,
           const BwRect  *rect,
           GError       **error)
{
  BwLabelLayout *at = &self->layout;
  double dot = MM_PER_INCH / self->dpi;
  double side = MIN (rect->width, rect->height) / (at->n_modules + 2 * BW_LABEL_QUIET_MODULES);
  guint dots = (guint) floor (side / dot + 1e-6);

  if (dots == 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "the field “qr” is too small for a code of %u × %u modules with its quiet zone",
                   at->n_modules, at->n_modules);
      return FALSE;
    }

  place_code (at, rect, dots, dot);
  if (!is_on_label (self->stock, &at->code, TRUE) || !is_on_label (self->stock, rect, FALSE))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the field “qr” does not lie on a label of “%s”", self->stock->name);
      return FALSE;
    }

  add_item (self, BW_LABEL_FIELD_QR, &at->quiet, 0);

  return TRUE;
}

static gboolean
fail_to_fit (const BwLabelItem  *item,
             double              min_pt,
             GError            **error)
{
  g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
               "the field “%s” is too small for its text: letters would be less than %g points high",
               bw_label_field_kind_to_text (item->kind), min_pt);

  return FALSE;
}

/* An ID stands on as many lines as make it largest. */
static gboolean
fit_id (BwLabelItem  *item,
        double        fixed_pt,
        GError      **error)
{
  double best = 0;

  for (guint i = 0; i < G_N_ELEMENTS (id_lines); i++)
    {
      guint n_characters = id_lines[i] == 1 ? BW_DEVICE_ID_LENGTH : 20 / id_lines[i];
      double pt = MIN (item->rect.width / (n_characters * BW_LABEL_MONO_EM),
                       item->rect.height / (id_lines[i] * BW_LABEL_LINE_EM)) * BW_MM_TO_PT;

      if (pt > best + 1e-6)
        {
          best = pt;
          item->n_lines = id_lines[i];
        }
      if (fixed_pt > 0 ? pt >= fixed_pt - 1e-3 : pt >= MAX_AUTO_ID_PT)
        break;
    }

  item->pt = fixed_pt > 0 ? fixed_pt : MIN (bw_label_text_round (best), MAX_AUTO_ID_PT);
  item->min_pt = item->pt;
  if (best >= item->pt - 1e-3 && item->pt >= BW_LABEL_MIN_ID_PT - 1e-3)
    return TRUE;

  return fail_to_fit (item, MAX (fixed_pt, BW_LABEL_MIN_ID_PT), error);
}

static gboolean
fit_text (BwLabelItem  *item,
          double        fixed_pt,
          GError      **error)
{
  double line_pt = item->rect.height / BW_LABEL_LINE_EM * BW_MM_TO_PT;

  item->pt = fixed_pt > 0 ? fixed_pt : MIN (bw_label_text_round (line_pt), MAX_AUTO_TEXT_PT);
  item->min_pt = fixed_pt > 0 ? fixed_pt : BW_LABEL_MIN_TEXT_PT;
  if (line_pt < item->pt - 1e-3 || item->pt < item->min_pt - 1e-3)
    return fail_to_fit (item, item->min_pt, error);

  /* the design's own words are not cut, since who wrote them can see to it */
  if (item->kind == BW_LABEL_FIELD_TEXT)
    {
      PangoContext *context = bw_label_text_context_new ();
      double width = bw_label_text_measure (context, item->min_pt, item->text);

      g_object_unref (context);
      if (width > item->rect.width + TOLERANCE_MM)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” does not fit into its field “text”", item->text);
          return FALSE;
        }
    }

  return TRUE;
}

static void
note_place (BwLabelLayout     *at,
            const BwLabelItem *item)
{
  BwRect *place = NULL;

  if (item->kind == BW_LABEL_FIELD_ID)
    place = &at->id;
  else if (item->kind == BW_LABEL_FIELD_BATCH)
    place = &at->batch;
  else if (item->kind == BW_LABEL_FIELD_SERIAL)
    place = &at->serial;
  else if (item->kind == BW_LABEL_FIELD_COLOR_BAR)
    place = &at->bar;

  if (place == NULL || place->width > 0)
    return;

  *place = item->rect;
  if (item->kind == BW_LABEL_FIELD_ID)
    {
      at->id_pt = item->pt;
      at->n_id_lines = item->n_lines;
    }
  else if (item->kind != BW_LABEL_FIELD_COLOR_BAR)
    at->small_pt = item->pt;
}

static gboolean
take_field (BwLabelPlan         *self,
            const BwLabelField  *field,
            GError             **error)
{
  BwRect rect = bw_label_design_get_rect (self->design, field, self->stock);
  BwLabelItem *item;

  if (field->kind == BW_LABEL_FIELD_QR)
    return take_code (self, &rect, error);

  if (!is_on_label (self->stock, &rect, TRUE))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "the field “%s” does not lie on the printable part of a label of “%s”",
                   bw_label_field_kind_to_text (field->kind), self->stock->name);
      return FALSE;
    }

  item = add_item (self, field->kind, &rect, field->pt);
  item->align = field->align;
  item->text = field->text;
  if (field->kind == BW_LABEL_FIELD_LOGO)
    {
      item->logo = bw_label_logo_new (field->logo, rect.width, rect.height, error);
      return item->logo != NULL;
    }
  if (field->kind != BW_LABEL_FIELD_COLOR_BAR &&
      !(field->kind == BW_LABEL_FIELD_ID ? fit_id (item, field->pt, error) : fit_text (item, field->pt, error)))
    return FALSE;

  note_place (&self->layout, item);

  return TRUE;
}

static gboolean
take_fields (BwLabelPlan  *self,
             GError      **error)
{
  bw_label_get_size (self->stock, &self->layout.width, &self->layout.height);
  self->layout.n_modules = bw_label_code_get_modules (&self->code);

  for (guint i = 0; i < self->design->fields->len; i++)
    {
      if (!take_field (self, g_ptr_array_index (self->design->fields, i), error))
        return FALSE;
    }

  return TRUE;
}

static BwLabelPlan *
make_plan (const BwStock        *stock,
           const BwLabelDesign  *design,
           gboolean              allow_small,
           GError              **error)
{
  g_autoptr(BwLabelPlan) self = g_new0 (BwLabelPlan, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->stock = stock;
  self->dpi = design != NULL && design->dpi > 0 ? design->dpi : stock->dpi;
  self->items = g_array_new (FALSE, FALSE, sizeof (BwLabelItem));
  g_array_set_clear_func (self->items, item_clear);
  if (design != NULL)
    {
      if (!bw_label_design_check (design, error))
        return NULL;
      self->design = bw_label_design_copy (design);
    }

  if (!bw_label_code_init (&self->code, design, error))
    return NULL;

  if (design != NULL && design->fields->len > 0)
    return take_fields (self, error) ? g_steal_pointer (&self) : NULL;

  if (!bw_label_layout_for_code (stock, self->dpi, bw_label_code_get_modules (&self->code),
                                 allow_small, &self->layout, error))
    return NULL;
  take_automatic (self);

  return g_steal_pointer (&self);
}

/**
 * bw_label_plan_new:
 *
 * Returns: (transfer full) (nullable)
 */
BwLabelPlan *
bw_label_plan_new (const BwStock        *stock,
                   const BwLabelDesign  *design,
                   GError              **error)
{
  g_autoptr(BwLabelPlan) self = NULL;
  gboolean allow_small = design != NULL && design->allow_small;
  BwLabelQuality quality;

  g_return_val_if_fail (stock != NULL, NULL);

  self = make_plan (stock, design, allow_small, error);
  if (self == NULL)
    return NULL;

  bw_label_plan_get_quality (self, &quality);
  if (quality.light == BW_LABEL_LIGHT_RED && !allow_small)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "a module of the code would be %.2f mm (%u dots at %u dpi) and phones need %.2f mm,"
                   " so make the field “qr” larger or the claim link shorter, or allow small codes",
                   quality.module, quality.dots, quality.dpi, BW_LABEL_MIN_MODULE_MM);
      return NULL;
    }

  return g_steal_pointer (&self);
}

BwLabelPlan *
bw_label_plan_ref (BwLabelPlan *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
bw_label_plan_unref (BwLabelPlan *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  bw_label_code_clear (&self->code);
  g_array_unref (self->items);
  g_clear_pointer (&self->design, bw_label_design_free);
  g_free (self);
}

const BwLabelLayout *
bw_label_plan_get_layout (const BwLabelPlan *self)
{
  return &self->layout;
}

static BwLabelCorrection
get_correction (QRecLevel level)
{
  switch (level)
    {
    case QR_ECLEVEL_L:
      return BW_LABEL_CORRECTION_L;

    case QR_ECLEVEL_M:
      return BW_LABEL_CORRECTION_M;

    case QR_ECLEVEL_Q:
      return BW_LABEL_CORRECTION_Q;

    case QR_ECLEVEL_H:
    default:
      return BW_LABEL_CORRECTION_H;
    }
}

void
bw_label_plan_get_quality (const BwLabelPlan *self,
                           BwLabelQuality    *ret_quality)
{
  const BwLabelLayout *at = &self->layout;

  *ret_quality = (BwLabelQuality) {
    .module = at->module,
    .dots = at->module_dots,
    .dpi = self->dpi,
    .version = self->code.version,
    .n_modules = at->n_modules,
    .correction = get_correction (self->code.level),
  };

  if (at->module < BW_LABEL_MIN_MODULE_MM - 1e-6)
    {
      ret_quality->light = BW_LABEL_LIGHT_RED;
      ret_quality->reason = BW_LABEL_REASON_TOO_SMALL;
    }
  else if (at->module < BW_LABEL_GOOD_MODULE_MM - 1e-6)
    {
      ret_quality->light = BW_LABEL_LIGHT_AMBER;
      ret_quality->reason = BW_LABEL_REASON_SMALL;
    }
  else if (at->module_dots < BW_LABEL_GOOD_DOTS)
    {
      ret_quality->light = BW_LABEL_LIGHT_AMBER;
      ret_quality->reason = BW_LABEL_REASON_FEW_DOTS;
    }
}

char *
bw_label_plan_get_payload (const BwLabelPlan *self,
                           const char        *id)
{
  return bw_label_code_to_text (&self->code, id);
}

gboolean
bw_label_plan_has_field (const BwLabelPlan *self,
                         BwLabelFieldKind   kind)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      if (g_array_index (self->items, BwLabelItem, i).kind == kind)
        return TRUE;
    }

  return FALSE;
}

gboolean
bw_label_design_get_light (const BwLabelDesign  *design,
                           const BwStock        *stock,
                           BwLabelQuality       *ret_quality,
                           GError              **error)
{
  g_autoptr(BwLabelPlan) plan = NULL;

  g_return_val_if_fail (design != NULL && stock != NULL && ret_quality != NULL, FALSE);

  plan = make_plan (stock, design, TRUE, error);
  if (plan == NULL)
    return FALSE;

  bw_label_plan_get_quality (plan, ret_quality);

  return TRUE;
}
