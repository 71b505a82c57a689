/* bw-label.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-label.h"

#include "bw-error.h"

#include <math.h>
#include <string.h>

#define MM_PER_INCH 25.4
#define MM_PER_PT   (MM_PER_INCH / 72.0)

/* A bigger code is not read better, and leaves no room for the text. */
#define MAX_MODULE_MM 1.0

/* DejaVu Sans Mono: width of a character and height of a line, in em. */
#define CHARACTER_EM 0.602
#define LINE_EM      1.17

#define MAX_ID_PT    12.0
#define MAX_BELOW_PT 10.0   /* below the code, on one line */
#define EASY_ID_PT   7.0    /* an ID this large on one line is better than a larger one on two */
#define MIN_SMALL_PT 5.0
#define MAX_SMALL_PT 8.0
#define STEP_PT      0.25

#define SMALL_LABEL_MM 40.0
#define GAP_MM         1.2
#define SMALL_GAP_MM   0.5
#define STEP_MM        0.1
#define TOLERANCE_MM   1e-6

/* Of the line that batch and serial share below a code. */
#define BATCH_SHARE  0.55
#define SERIAL_SHARE 0.42

/* Version 1, which has room for an ID. */
#define ID_MODULES 21

/* From this proportion on the text stands beside the code, not below it. */
#define WIDE_LABEL 1.45

/* A layout is found by trying: the richest content and the biggest code first.
 * The order of what is given up: the size of the code down to a good module,
 * the size of the text, the batch and serial, the colour bar, and last the
 * module's comfort. */

enum
{
  WITH_SMALL = 1 << 0,   /* batch and serial */
  WITH_BAR   = 1 << 1,
};

static const guint contents[] = { WITH_SMALL | WITH_BAR, WITH_BAR, WITH_SMALL, 0 };

static const struct
{
  guint n_lines;
  guint n_characters;   /* of the longest line */
} id_forms[] = {
  { 1, 19 },
  { 2, 10 },   /* xxxx-xxxx- */
  { 4, 5 },    /* xxxx- */
};

typedef struct
{
  BwStockShape shape;
  double       width;      /* the way the label is read */
  double       height;
  double       margin_x;
  double       margin_y;
  double       dot;        /* mm */
  guint        n_modules;
} Frame;

typedef struct
{
  guint  content;
  guint  form;      /* of the ID */
  double min_pt;    /* for it */
} Attempt;

/* How wide the label is between two heights, and where that begins. */
static double
get_span (const Frame *frame,
          double       top,
          double       bottom,
          double      *ret_x)
{
  double radius, off, half;

  if (frame->shape != BW_STOCK_ROUND)
    {
      *ret_x = frame->margin_x;
      return frame->width - 2 * frame->margin_x;
    }

  radius = frame->width / 2 - MIN (frame->margin_x, frame->margin_y) / 2;
  off = MAX (fabs (top - frame->height / 2), fabs (bottom - frame->height / 2));
  half = off < radius ? sqrt (radius * radius - off * off) : 0.0;
  *ret_x = frame->width / 2 - half;

  return 2 * half;
}

static double
lines_to_mm (guint  n_lines,
             double pt)
{
  return n_lines * pt * LINE_EM * MM_PER_PT;
}

/* The size at which a line of @n_characters is @width wide. */
static double
fit_pt (double width,
        guint  n_characters)
{
  return width / (n_characters * CHARACTER_EM) / MM_PER_PT;
}

static double
small_pt_for (double id_pt)
{
  return CLAMP (0.75 * id_pt, MIN_SMALL_PT, MAX_SMALL_PT);
}

static void
place_code (BwLabelLayout *layout,
            double         x,
            double         y)
{
  double quiet = BW_LABEL_QUIET_MODULES * layout->module;
  double side = layout->n_modules * layout->module;

  layout->code = (BwRect) { x, y, side, side };
  layout->quiet = (BwRect) { x - quiet, y - quiet, side + 2 * quiet, side + 2 * quiet };
}

/* Code at the left, a column of text, the bar at the right edge. */
static gboolean
try_beside (const Frame   *frame,
            const Attempt *attempt,
            BwLabelLayout *layout)
{
  double code = layout->n_modules * layout->module;
  double side = code + 2 * BW_LABEL_QUIET_MODULES * layout->module;
  double gap = frame->width < SMALL_LABEL_MM ? SMALL_GAP_MM : GAP_MM;
  double bar = attempt->content & WITH_BAR ? CLAMP (0.032 * frame->width, 0.8, 3.0) : 0.0;
  double room = frame->height - 2 * frame->margin_y;
  double small_height = attempt->content & WITH_SMALL ? gap / 2 + lines_to_mm (2, MIN_SMALL_PT) : 0.0;
  double left, width, height, y;
  guint n_lines = id_forms[attempt->form].n_lines;

  /* The quiet zone may lie in the margin, which stays white. */
  if (side > frame->height || side > frame->width / 2 || code > room)
    return FALSE;

  place_code (layout,
              MAX (frame->margin_x, BW_LABEL_QUIET_MODULES * layout->module),
              (frame->height - code) / 2);

  left = layout->quiet.x + side + gap / 2;
  width = frame->width - frame->margin_x - left - (bar > 0 ? bar + gap : 0.0);
  layout->n_id_lines = n_lines;
  layout->id_pt = MIN (fit_pt (width, id_forms[attempt->form].n_characters), MAX_ID_PT);
  layout->id_pt = MIN (layout->id_pt, (room - small_height) / lines_to_mm (n_lines, 1.0));
  if (layout->id_pt < attempt->min_pt)
    return FALSE;

  height = lines_to_mm (n_lines, layout->id_pt);
  layout->small_pt = small_pt_for (layout->id_pt);
  if (attempt->content & WITH_SMALL)
    {
      layout->small_pt = CLAMP ((room - height - gap / 2) / lines_to_mm (2, 1.0), MIN_SMALL_PT, layout->small_pt);
      height += gap / 2 + lines_to_mm (2, layout->small_pt);
    }

  y = (frame->height - height) / 2;
  layout->id = (BwRect) { left, y, width, lines_to_mm (n_lines, layout->id_pt) };
  if (attempt->content & WITH_SMALL)
    {
      y += layout->id.height + gap / 2;
      layout->batch = (BwRect) { left, y, width, lines_to_mm (1, layout->small_pt) };
      layout->serial = (BwRect) { left, y + layout->batch.height, width, layout->batch.height };
    }
  if (attempt->content & WITH_BAR)
    layout->bar = (BwRect) { frame->width - frame->margin_x - bar, frame->margin_y, bar, room };

  return TRUE;
}

/* The highest place at which the quiet zone is on the label. */
static gboolean
find_code_top (const Frame *frame,
               double       side,
               double      *ret_top)
{
  double x;
  double top = 0.0;

  if (frame->shape != BW_STOCK_ROUND)
    {
      *ret_top = MAX (0.0, frame->margin_y - side * BW_LABEL_QUIET_MODULES / (frame->n_modules + 2 * BW_LABEL_QUIET_MODULES));
      return side <= frame->width;
    }

  while (get_span (frame, top, top + side, &x) < side)
    {
      top += STEP_MM;
      if (top > frame->height / 2)
        return FALSE;
    }
  *ret_top = top;

  return TRUE;
}

/* The rows below the code, which begin at @y. Returns: where they end */
static double
place_rows (const Frame   *frame,
            const Attempt *attempt,
            double         y,
            BwLabelLayout *layout)
{
  double x, width;
  double line = lines_to_mm (1, layout->small_pt);
  double bar = CLAMP (0.04 * frame->height, 1.0, 2.5);

  width = get_span (frame, y, y + layout->id.height, &x);
  layout->id = (BwRect) { x, y, width, layout->id.height };
  y += layout->id.height;

  if (attempt->content & WITH_SMALL)
    {
      width = get_span (frame, y, y + line, &x);
      layout->batch = (BwRect) { x, y, width * BATCH_SHARE, line };
      layout->serial = (BwRect) { x + width * (1 - SERIAL_SHARE), y, width * SERIAL_SHARE, line };
      y += line;
    }

  if (attempt->content & WITH_BAR)
    {
      y += SMALL_GAP_MM;
      width = get_span (frame, y, y + bar, &x);
      layout->bar = (BwRect) { x, y, width, bar };
      y += bar;
    }

  return y;
}

/* One under the other: code, ID, a line with batch and serial, the bar. On a
 * round label each is as wide as the circle is there. */
static gboolean
try_below (const Frame   *frame,
           const Attempt *attempt,
           BwLabelLayout *layout)
{
  double code = layout->n_modules * layout->module;
  double side = code + 2 * BW_LABEL_QUIET_MODULES * layout->module;
  double max_pt = attempt->form == 0 ? MAX_BELOW_PT : EASY_ID_PT;
  double top, end, rest;

  if (!find_code_top (frame, side, &top))
    return FALSE;

  place_code (layout, (frame->width - code) / 2,
              top + BW_LABEL_QUIET_MODULES * layout->module);
  layout->n_id_lines = id_forms[attempt->form].n_lines;

  for (double pt = max_pt; pt >= attempt->min_pt; pt -= STEP_PT)
    {
      layout->id_pt = pt;
      layout->small_pt = small_pt_for (pt);
      layout->id.height = lines_to_mm (layout->n_id_lines, pt);
      end = place_rows (frame, attempt, top + side, layout);
      rest = frame->height - frame->margin_y - end;

      if (rest < -TOLERANCE_MM || fit_pt (layout->id.width, id_forms[attempt->form].n_characters) < pt)
        continue;

      /* What is left over goes above and below. */
      if (frame->shape != BW_STOCK_ROUND)
        {
          place_code (layout, layout->code.x, layout->code.y + rest / 2);
          place_rows (frame, attempt, top + side + rest / 2, layout);
        }

      return TRUE;
    }

  return FALSE;
}

static gboolean
search (const Frame   *frame,
        double         min_module,
        Attempt       *attempt,
        BwLabelLayout *ret_layout)
{
  gboolean is_wide = frame->shape != BW_STOCK_ROUND && frame->width >= WIDE_LABEL * frame->height;
  guint max_dots = (guint) floor (MAX_MODULE_MM / frame->dot + TOLERANCE_MM);

  for (guint dots = max_dots; dots > 0 && dots * frame->dot >= min_module - TOLERANCE_MM; dots--)
    {
      for (attempt->form = 0; attempt->form < G_N_ELEMENTS (id_forms); attempt->form++)
        {
          BwLabelLayout layout = {
            .width = frame->width,
            .height = frame->height,
            .n_modules = frame->n_modules,
            .module = dots * frame->dot,
            .module_dots = dots,
          };

          if (is_wide ? try_beside (frame, attempt, &layout) : try_below (frame, attempt, &layout))
            {
              *ret_layout = layout;
              return TRUE;
            }
        }
    }

  return FALSE;
}

static gboolean
search_all (const Frame   *frame,
            gboolean       allow_small,
            BwLabelLayout *ret_layout)
{
  const double modules[] = { BW_LABEL_GOOD_MODULE_MM, BW_LABEL_MIN_MODULE_MM, frame->dot };
  static const double sizes[] = { EASY_ID_PT, BW_LABEL_MIN_ID_PT };

  for (guint m = 0; m < (allow_small ? 3 : 2); m++)
    {
      for (guint c = 0; c < G_N_ELEMENTS (contents); c++)
        {
          for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
            {
              Attempt attempt = { .content = contents[c], .min_pt = sizes[s] };

              if (search (frame, modules[m], &attempt, ret_layout))
                return TRUE;
            }
        }
    }

  return FALSE;
}

static void
frame_init (Frame         *frame,
            const BwStock *stock,
            guint          dpi,
            guint          n_modules)
{
  frame->shape = stock->shape;
  bw_label_get_size (stock, &frame->width, &frame->height);
  frame->margin_x = stock->is_turned ? stock->margin_y : stock->margin_x;
  frame->margin_y = stock->is_turned ? stock->margin_x : stock->margin_y;
  frame->dot = MM_PER_INCH / (dpi > 0 ? dpi : stock->dpi);
  frame->n_modules = n_modules;
}

gboolean
bw_label_layout (const BwStock  *stock,
                 guint           dpi,
                 BwLabelLayout  *ret_layout,
                 GError        **error)
{
  return bw_label_layout_for_code (stock, dpi, ID_MODULES, FALSE, ret_layout, error);
}

gboolean
bw_label_layout_for_code (const BwStock  *stock,
                          guint           dpi,
                          guint           n_modules,
                          gboolean        allow_small,
                          BwLabelLayout  *ret_layout,
                          GError        **error)
{
  Frame frame;

  g_return_val_if_fail (stock != NULL && ret_layout != NULL && n_modules >= ID_MODULES, FALSE);

  frame_init (&frame, stock, dpi, n_modules);
  if (search_all (&frame, allow_small, ret_layout))
    return TRUE;

  if (n_modules > ID_MODULES)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                 "a label of “%s” has no room for a code of %u × %u modules that can be read at %u dpi,"
                 " so the claim link is too long for it",
                 stock->name, n_modules, n_modules, dpi > 0 ? dpi : stock->dpi);
  else
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                 "a label of “%s” has no room for a code that can be read at %u dpi", stock->name,
                 dpi > 0 ? dpi : stock->dpi);

  return FALSE;
}

void
bw_label_get_size (const BwStock *stock,
                   double        *ret_width,
                   double        *ret_height)
{
  g_return_if_fail (stock != NULL);

  *ret_width = stock->is_turned ? stock->height : stock->width;
  *ret_height = stock->is_turned ? stock->width : stock->height;
}

BwRect
bw_label_get_area (const BwStock *stock)
{
  Frame frame;
  double x, y;

  g_return_val_if_fail (stock != NULL, ((BwRect) { 0 }));

  frame_init (&frame, stock, 0, ID_MODULES);
  x = frame.margin_x;
  y = frame.margin_y;
  if (frame.shape == BW_STOCK_ROUND)
    {
      x = frame.width / 2 - (frame.width / 2 - MIN (x, y) / 2) * G_SQRT2 / 2;
      y = x;
    }

  return (BwRect) { x, y, frame.width - 2 * x, frame.height - 2 * y };
}
