/* bw-label-preset.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-label-code.h"
#include "bw-label-plan.h"

#include "bw-error.h"

#include <string.h>

/* From this proportion on the text stands beside the code, not below it. */
#define WIDE_LABEL 1.3

#define CODE_SHARE_BESIDE 0.45   /* of the label's width, at most */
#define CODE_SHARE_ABOVE  0.6    /* of its height */
#define GAP_MM            0.8
#define BAR_MM            1.5
#define ROW_MAX_MM        6.0
#define MAX_ROWS          6
#define CHECK_SHARE       0.12   /* of the row of an ID */
#define SERIAL_SHARE      0.44
#define SPACE_SHARE       0.02
#define SERIAL_MIN_MM     11.0   /* `10000 / 10000` at 4 pt */

/* Layouts to begin with, made of the label's measures. A row has one field or
 * two, and a share of the height. */

typedef struct
{
  BwLabelFieldKind kind;
  int              beside;    /* a kind, or -1 */
  double           weight;
} Row;

typedef struct
{
  const char *name;
  gboolean    has_bar;
  guint       n_rows;
  Row         rows[MAX_ROWS];
} Preset;

static const Preset presets[] = {
  [BW_LABEL_PRESET_AUTOMATIC] = { .name = "automatic" },
  [BW_LABEL_PRESET_STANDARD] = { .name = "standard" },
  [BW_LABEL_PRESET_CODE_ONLY] = { .name = "code-only" },
  [BW_LABEL_PRESET_CODE_AND_ID] = {
    .name = "code-and-id",
    .n_rows = 1,
    .rows = { { BW_LABEL_FIELD_ID, BW_LABEL_FIELD_CHECK, 1 } },
  },
  [BW_LABEL_PRESET_PRODUCT] = {
    .name = "product",
    .has_bar = TRUE,
    .n_rows = 3,
    .rows = {
      { BW_LABEL_FIELD_PRODUCT, -1, 1.2 },
      { BW_LABEL_FIELD_ID, BW_LABEL_FIELD_CHECK, 1.6 },
      { BW_LABEL_FIELD_BATCH, BW_LABEL_FIELD_SERIAL, 1 },
    },
  },
  [BW_LABEL_PRESET_FULL] = {
    .name = "full",
    .has_bar = TRUE,
    .n_rows = 6,
    .rows = {
      { BW_LABEL_FIELD_COMPANY, -1, 1 },
      { BW_LABEL_FIELD_PRODUCT, BW_LABEL_FIELD_ABBREVIATION, 1 },
      { BW_LABEL_FIELD_ID, BW_LABEL_FIELD_CHECK, 1.6 },
      { BW_LABEL_FIELD_BATCH, BW_LABEL_FIELD_SERIAL, 1 },
      { BW_LABEL_FIELD_LICENSE, -1, 1 },
      { BW_LABEL_FIELD_MACHINE_ID, -1, 1 },
    },
  },
};

G_STATIC_ASSERT (G_N_ELEMENTS (presets) == BW_LABEL_N_PRESETS);

const char *
bw_label_preset_to_text (BwLabelPreset preset)
{
  g_return_val_if_fail (preset < BW_LABEL_N_PRESETS, NULL);

  return presets[preset].name;
}

static BwLabelField *
add (BwLabelDesign    *design,
     BwLabelFieldKind  kind,
     const BwRect     *rect,
     BwLabelAlign      align)
{
  BwLabelField *field = bw_label_field_new (kind);

  field->rect = *rect;
  field->align = align;
  g_ptr_array_add (design->fields, field);

  return field;
}

static gboolean
make_standard (BwLabelDesign  *design,
               const BwStock  *stock,
               guint           n_modules,
               GError        **error)
{
  BwLabelLayout at;
  gboolean is_below;

  if (!bw_label_layout_for_code (stock, design->dpi, n_modules, design->allow_small, &at, error))
    return FALSE;

  is_below = at.id.y >= at.quiet.y + at.quiet.height - 1e-6;
  add (design, BW_LABEL_FIELD_QR, &at.quiet, 0);
  add (design, BW_LABEL_FIELD_ID, &at.id, is_below ? BW_LABEL_ALIGN_CENTER : BW_LABEL_ALIGN_LEFT);
  if (at.batch.width > 0)
    add (design, BW_LABEL_FIELD_BATCH, &at.batch, BW_LABEL_ALIGN_LEFT);
  if (at.serial.width > 0)
    add (design, BW_LABEL_FIELD_SERIAL, &at.serial,
         at.serial.y <= at.batch.y ? BW_LABEL_ALIGN_RIGHT : BW_LABEL_ALIGN_LEFT);
  if (at.bar.width > 0)
    add (design, BW_LABEL_FIELD_COLOR_BAR, &at.bar, 0);

  return TRUE;
}

static void
add_rows (BwLabelDesign *design,
          const Preset  *preset,
          const BwRect  *area,
          BwLabelAlign   align)
{
  double total = 0;
  double unit, y;

  for (guint i = 0; i < preset->n_rows; i++)
    total += preset->rows[i].weight;
  unit = MIN (area->height / total, ROW_MAX_MM);
  y = area->y + (area->height - unit * total) / 2;

  for (guint i = 0; i < preset->n_rows; i++)
    {
      const Row *row = &preset->rows[i];
      BwRect rect = { area->x, y, area->width, unit * row->weight };

      if (row->beside >= 0)
        {
          double share = row->beside == BW_LABEL_FIELD_CHECK ? CHECK_SHARE
                                                             : MAX (SERIAL_SHARE, SERIAL_MIN_MM / area->width);
          BwRect beside = { area->x + area->width * (1 - share), y, area->width * share, rect.height };

          rect.width = area->width * (1 - share - SPACE_SHARE);
          add (design, (BwLabelFieldKind) row->beside, &beside, BW_LABEL_ALIGN_RIGHT);
        }
      add (design, row->kind, &rect, row->beside >= 0 ? BW_LABEL_ALIGN_LEFT : align);
      y += rect.height;
    }
}

static void
compose (BwLabelDesign *design,
         const BwStock *stock,
         const Preset  *preset,
         guint          n_modules)
{
  BwRect area = bw_label_get_area (stock);
  BwRect code, rows, bar;
  double width, height, side, quiet;
  gboolean is_wide;

  bw_label_get_size (stock, &width, &height);
  if (stock->shape == BW_STOCK_ROUND)
    {
      width = area.x + area.width;
      height = area.y + area.height;
    }
  quiet = stock->shape == BW_STOCK_ROUND ? 0.0 : (double) BW_LABEL_QUIET_MODULES / (n_modules + 2 * BW_LABEL_QUIET_MODULES);
  is_wide = area.width >= WIDE_LABEL * area.height;

  /* the quiet zone may lie in the margin, which stays white; the code may not */
  side = MIN (area.width, area.height) / (1 - 2 * quiet);
  side = MIN (side, MIN (width, height));
  if (preset->n_rows > 0)
    side = MIN (side, is_wide ? area.width * CODE_SHARE_BESIDE : area.height * CODE_SHARE_ABOVE);
  code = (BwRect) { area.x + (area.width - side) / 2, area.y + (area.height - side) / 2, side, side };

  if (preset->n_rows > 0 && is_wide)
    {
      double inner = area.width - (preset->has_bar ? BAR_MM + GAP_MM : 0);

      code.x = MAX (0.0, area.x - quiet * side);
      rows = (BwRect) { code.x + side + GAP_MM, area.y, 0, area.height };
      rows.width = area.x + inner - rows.x;
      bar = (BwRect) { area.x + area.width - BAR_MM, area.y, BAR_MM, area.height };
    }
  else
    {
      double inner = area.height - (preset->has_bar ? BAR_MM + GAP_MM : 0);

      if (preset->n_rows > 0)
        code.y = MAX (0.0, area.y - quiet * side);
      rows = (BwRect) { area.x, code.y + side, area.width, 0 };
      rows.height = area.y + inner - rows.y;
      bar = (BwRect) { area.x, area.y + area.height - BAR_MM, area.width, BAR_MM };
    }

  add (design, BW_LABEL_FIELD_QR, &code, 0);
  if (preset->n_rows > 0)
    add_rows (design, preset, &rows, is_wide ? BW_LABEL_ALIGN_LEFT : BW_LABEL_ALIGN_CENTER);
  if (preset->has_bar)
    add (design, BW_LABEL_FIELD_COLOR_BAR, &bar, 0);
}

/**
 * bw_label_preset_make:
 *
 * Returns: (transfer full) (nullable)
 */
BwLabelDesign *
bw_label_preset_make (BwLabelPreset         preset,
                      const BwStock        *stock,
                      const BwLabelDesign  *base,
                      GError              **error)
{
  g_autoptr(BwLabelDesign) design = NULL;
  g_autoptr(BwLabelPlan) plan = NULL;
  g_autoptr(GError) reason = NULL;
  BwLabelCode code;
  guint n_modules;

  g_return_val_if_fail (preset < BW_LABEL_N_PRESETS && stock != NULL, NULL);

  design = base != NULL ? bw_label_design_copy (base) : bw_label_design_new ();
  g_ptr_array_set_size (design->fields, 0);
  design->is_relative = FALSE;
  if (!bw_label_code_init (&code, design, error))
    return NULL;

  n_modules = bw_label_code_get_modules (&code);
  bw_label_code_clear (&code);
  if (preset == BW_LABEL_PRESET_STANDARD)
    {
      if (!make_standard (design, stock, n_modules, error))
        return NULL;
    }
  else if (preset != BW_LABEL_PRESET_AUTOMATIC)
    compose (design, stock, &presets[preset], n_modules);

  plan = bw_label_plan_new (stock, design, &reason);
  if (plan != NULL)
    return g_steal_pointer (&design);

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "a label of “%s” has no room for the layout “%s”: %s",
               stock->name, presets[preset].name, reason->message);

  return NULL;
}
