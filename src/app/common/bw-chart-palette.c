/* bw-chart-palette.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-chart-palette.h"

#define RGB(hex) { (float) ((hex) >> 16 & 0xff) / 255, (float) ((hex) >> 8 & 0xff) / 255, (float) ((hex) & 0xff) / 255, 1 }

/* GNOME's, from its dark end on white and from its light end on black: 3:1 at least on the page, 4.5:1 in high
 * contrast. Teal is ours, since the yellows cannot be seen on white. */
static const GdkRGBA colors[BW_CHART_N_SCHEMES][BW_CHART_N_COLORS] = {
  [BW_CHART_LIGHT] = { RGB (0x1c71d8), RGB (0xc64600), RGB (0x1e8454), RGB (0x813d9c),
                       RGB (0xc01c28), RGB (0x865e3c), RGB (0x00798c), RGB (0x5e5c64) },
  [BW_CHART_DARK] = { RGB (0x62a0ea), RGB (0xffa348), RGB (0x57e389), RGB (0xdc8add),
                      RGB (0xf66151), RGB (0xcdab8f), RGB (0x5bc8d8), RGB (0xc0bfbc) },
  [BW_CHART_LIGHT_HIGH] = { RGB (0x1a5fb4), RGB (0xa33a00), RGB (0x14663f), RGB (0x613583),
                            RGB (0xa51d2d), RGB (0x63452c), RGB (0x005f6e), RGB (0x3d3846) },
  [BW_CHART_DARK_HIGH] = { RGB (0x99c1f1), RGB (0xffbe6f), RGB (0x8ff0a4), RGB (0xe9b3ea),
                           RGB (0xff9d90), RGB (0xe0c6ae), RGB (0x93e1ec), RGB (0xdeddda) },
};

static const GdkRGBA grounds[BW_CHART_N_SCHEMES] = {
  [BW_CHART_LIGHT] = RGB (0xffffff),
  [BW_CHART_DARK] = RGB (0x1e1e1e),
  [BW_CHART_LIGHT_HIGH] = RGB (0xffffff),
  [BW_CHART_DARK_HIGH] = RGB (0x1e1e1e),
};

static const GdkRGBA white = RGB (0xffffff);
static const GdkRGBA black = RGB (0x000000);

static const double dashed[] = { 8, 4 };
static const double dotted[] = { 2, 3 };
static const double mixed[] = { 10, 3, 2, 3 };

const GdkRGBA *
bw_chart_palette_color (BwChartScheme scheme,
                        guint         slot)
{
  return &colors[scheme][slot % BW_CHART_N_COLORS];
}

const double *
bw_chart_palette_dash (guint  slot,
                       guint *ret_n)
{
  /* the second round of colours has other dashes than the first */
  switch ((slot + slot / BW_CHART_N_COLORS) % BW_CHART_N_DASHES)
    {
    case 1:
      *ret_n = G_N_ELEMENTS (dashed);
      return dashed;

    case 2:
      *ret_n = G_N_ELEMENTS (dotted);
      return dotted;

    case 3:
      *ret_n = G_N_ELEMENTS (mixed);
      return mixed;

    default:
      *ret_n = 0;
      return NULL;
    }
}

const GdkRGBA *
bw_chart_palette_state (BwChartScheme scheme,
                        guint         state)
{
  return &colors[scheme][(state + BW_CHART_N_COLORS - 1) % BW_CHART_N_COLORS];
}

const GdkRGBA *
bw_chart_palette_ground (BwChartScheme scheme)
{
  return &grounds[scheme];
}

const GdkRGBA *
bw_chart_palette_ink (BwChartScheme scheme)
{
  return scheme == BW_CHART_DARK || scheme == BW_CHART_DARK_HIGH ? &black : &white;
}
