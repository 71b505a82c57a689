/* bw-value-color.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-value-private.h"

#include <math.h>
#include <string.h>

#include "bw-error.h"

/* Homie 5 writes `rgb,255,0,0` and its format lists the spaces that the device
 * takes, the preferred one first. Homie 3 and 4 write `255,0,0`, and the format
 * is the one space. Both are read here. */

/* How far apart two colours in different spaces are still one: whole degrees and
 * percents of hsv are up to this far from a colour in rgb. */
#define SAME_TOLERANCE 0.02

typedef enum
{
  SPACE_RGB,
  SPACE_HSV,
  SPACE_XYZ,
  N_SPACES
} Space;

static const struct
{
  const char *name;
  const char *form;
  guint       n_parts;
  double      max[3];
} spaces[N_SPACES] = {
  [SPACE_RGB] = { "rgb", "rgb,R,G,B with 0 to 255", 3, { 255, 255, 255 } },
  [SPACE_HSV] = { "hsv", "hsv,H,S,V with 0 to 360, 0 to 100, 0 to 100", 3, { 360, 100, 100 } },
  [SPACE_XYZ] = { "xyz", "xyz,X,Y with 0 to 1, together at most 1", 2, { 1, 1, 1 } },
};

static gboolean
read_space (const char *text,
            Space      *ret_space)
{
  for (guint i = 0; i < N_SPACES; i++)
    {
      if (strncmp (text, spaces[i].name, 3) == 0 && (text[3] == ',' || text[3] == '\0'))
        {
          *ret_space = (Space) i;
          return TRUE;
        }
    }

  return FALSE;
}

/* The first space in @format that we know; rgb when there is none. */
static Space
preferred_space (const char *format)
{
  Space space = SPACE_RGB;

  for (const char *p = format; p != NULL; p = strchr (p, ','))
    {
      if (*p == ',')
        p++;
      if (read_space (p, &space))
        break;
    }

  return space;
}

static gboolean
format_allows (const char *format,
               Space       space)
{
  gboolean names_any = FALSE;
  Space other;

  for (const char *p = format; p != NULL; p = strchr (p, ','))
    {
      if (*p == ',')
        p++;
      if (read_space (p, &other))
        {
          if (other == space)
            return TRUE;
          names_any = TRUE;
        }
    }

  return !names_any;
}

static gboolean
parse_color (const char *format,
             const char *text,
             Space      *ret_space,
             double      ret_parts[3])
{
  Space space = preferred_space (format);
  const char *p = text;
  guint n_parts = 0;

  if (read_space (text, &space))
    {
      if (text[3] == '\0')
        return FALSE;
      p = text + 4;
    }

  for (;;)
    {
      const char *end = strchrnul (p, ',');

      /* xyz may carry its third part, which follows from the other two */
      if (n_parts == 3 || !bw_value_parse_double (p, end, &ret_parts[n_parts]) ||
          ret_parts[n_parts] < 0 || ret_parts[n_parts] > spaces[space].max[n_parts])
        return FALSE;

      n_parts++;
      if (*end == '\0')
        break;
      p = end + 1;
    }

  if (n_parts < spaces[space].n_parts)
    return FALSE;

  /* only these two bound each other */
  if (space == SPACE_XYZ && ret_parts[0] + ret_parts[1] > 1)
    return FALSE;

  *ret_space = space;

  return TRUE;
}

gboolean
bw_value_check_color (const char  *format,
                      const char  *text,
                      GError     **error)
{
  double parts[3];
  Space space = preferred_space (format);
  char quoted[BW_QUOTE_SIZE];

  if (!parse_color (format, text, &space, parts))
    {
      read_space (text, &space);
      if (error != NULL)
        g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is no color of the form %s",
                     bw_value_quote (text, quoted), spaces[space].form);
      return FALSE;
    }

  if (!format_allows (format, space))
    {
      if (error != NULL)
        g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "this property takes colors as %s, not %s",
                     spaces[preferred_space (format)].name, spaces[space].name);
      return FALSE;
    }

  return TRUE;
}

static void
hsv_to_rgb (const double hsv[3],
            double       rgb[3])
{
  double sector = fmod (hsv[0], 360) / 60;
  double saturation = hsv[1] / 100;
  double value = hsv[2] / 100;

  for (guint i = 0; i < 3; i++)
    {
      /* red, green and blue are the same curve, shifted by a third of the circle */
      double k = fmod ((i == 0 ? 5 : i == 1 ? 3 : 1) + sector, 6);

      rgb[i] = value - value * saturation * CLAMP (MIN (k, 4 - k), 0, 1);
    }
}

static void
rgb_to_hsv (const double rgb[3],
            double       hsv[3])
{
  double high = MAX (rgb[0], MAX (rgb[1], rgb[2]));
  double low = MIN (rgb[0], MIN (rgb[1], rgb[2]));
  double span = high - low;
  double hue = 0;

  if (span > 0)
    {
      if (high <= rgb[0])
        hue = (rgb[1] - rgb[2]) / span;
      else if (high <= rgb[1])
        hue = 2 + (rgb[2] - rgb[0]) / span;
      else
        hue = 4 + (rgb[0] - rgb[1]) / span;
    }

  hsv[0] = hue < 0 ? hue * 60 + 360 : hue * 60;
  hsv[1] = high > 0 ? span / high * 100 : 0;
  hsv[2] = high * 100;
}

/* sRGB with white D65 (IEC 61966-2-1). Chromaticity knows no brightness: the
 * strongest channel is taken as full. */
static void
xy_to_rgb (const double xy[2],
           double       rgb[3])
{
  static const double matrix[3][3] = { { 3.2406, -1.5372, -0.4986 },
                                       { -0.9689, 1.8758, 0.0415 },
                                       { 0.0557, -0.2040, 1.0570 } };
  double y = MAX (xy[1], 1e-6);
  double xyz[3] = { xy[0] / y, 1, (1 - xy[0] - xy[1]) / y };
  double high = 0;

  for (guint i = 0; i < 3; i++)
    {
      rgb[i] = MAX (matrix[i][0] * xyz[0] + matrix[i][1] * xyz[1] + matrix[i][2] * xyz[2], 0);
      high = MAX (high, rgb[i]);
    }

  for (guint i = 0; i < 3; i++)
    {
      double linear = high > 0 ? rgb[i] / high : 1;

      rgb[i] = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow (linear, 1 / 2.4) - 0.055;
    }
}

static void
rgb_to_xy (const double rgb[3],
           double       xy[2])
{
  static const double matrix[3][3] = { { 0.4124, 0.3576, 0.1805 },
                                       { 0.2126, 0.7152, 0.0722 },
                                       { 0.0193, 0.1192, 0.9505 } };
  double xyz[3] = { 0, 0, 0 };
  double sum = 0;

  for (guint i = 0; i < 3; i++)
    {
      double linear = rgb[i] <= 0.04045 ? rgb[i] / 12.92 : pow ((rgb[i] + 0.055) / 1.055, 2.4);

      for (guint j = 0; j < 3; j++)
        xyz[j] += matrix[j][i] * linear;
    }

  sum = xyz[0] + xyz[1] + xyz[2];
  /* black has no colour; white's is as good as any */
  xy[0] = sum > 0 ? xyz[0] / sum : 0.3127;
  xy[1] = sum > 0 ? xyz[1] / sum : 0.3290;
}

static void
to_rgb (Space        space,
        const double parts[3],
        double       rgb[3])
{
  switch (space)
    {
    case SPACE_RGB:
      for (guint i = 0; i < 3; i++)
        rgb[i] = parts[i] / 255;
      break;

    case SPACE_HSV:
      hsv_to_rgb (parts, rgb);
      break;

    case SPACE_XYZ:
      xy_to_rgb (parts, rgb);
      break;

    case N_SPACES:
    default:
      g_assert_not_reached ();
    }
}

gboolean
bw_value_same_color (const char *format,
                     const char *a,
                     const char *b)
{
  Space space_a, space_b;
  double parts_a[3], parts_b[3];
  double rgb_a[3], rgb_b[3];
  gboolean is_same_space;

  if (!parse_color (format, a, &space_a, parts_a) || !parse_color (format, b, &space_b, parts_b))
    return FALSE;

  /* In one space nothing was converted, so nothing was lost but digits after the point. */
  is_same_space = space_a == space_b;
  if (!is_same_space)
    {
      to_rgb (space_a, parts_a, rgb_a);
      to_rgb (space_b, parts_b, rgb_b);
    }

  for (guint i = 0; i < (is_same_space ? spaces[space_a].n_parts : 3); i++)
    {
      double distance = is_same_space ? fabs (parts_a[i] - parts_b[i]) / spaces[space_a].max[i]
                                      : fabs (rgb_a[i] - rgb_b[i]);

      if (distance > (is_same_space ? 1e-4 : SAME_TOLERANCE))
        return FALSE;
    }

  return TRUE;
}

gboolean
bw_value_get_color (const char *format,
                    const char *text,
                    double      ret_rgb[3])
{
  Space space;
  double parts[3];

  g_return_val_if_fail (ret_rgb != NULL, FALSE);

  if (text == NULL || !parse_color (format, text, &space, parts))
    return FALSE;

  to_rgb (space, parts, ret_rgb);

  return TRUE;
}

/* Returns: (transfer full): with the name of the space in front */
char *
bw_value_from_color (const char   *format,
                     const double  rgb[3])
{
  double parts[3];
  char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];
  Space space = preferred_space (format);

  if (space == SPACE_XYZ)
    {
      rgb_to_xy (rgb, parts);
      return g_strdup_printf ("xyz,%s,%s", g_ascii_formatd (x, sizeof x, "%.4f", parts[0]),
                              g_ascii_formatd (y, sizeof y, "%.4f", parts[1]));
    }

  if (space == SPACE_HSV)
    rgb_to_hsv (rgb, parts);
  else
    {
      for (guint i = 0; i < 3; i++)
        parts[i] = CLAMP (rgb[i], 0, 1) * 255;
    }

  return g_strdup_printf ("%s,%ld,%ld,%ld", spaces[space].name,
                          lround (parts[0]), lround (parts[1]), lround (parts[2]));
}
