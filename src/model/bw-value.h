/* bw-value.h: what a property's datatype and format allow
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The datatypes of the Homie conventions: 5.0 has all but `percent`, 4.0 adds
 * that one, 3.0 has the first six. */
typedef enum
{
  BW_DATATYPE_STRING,
  BW_DATATYPE_INTEGER,
  BW_DATATYPE_FLOAT,
  BW_DATATYPE_BOOLEAN,
  BW_DATATYPE_ENUM,
  BW_DATATYPE_COLOR,
  BW_DATATYPE_DATETIME,
  BW_DATATYPE_DURATION,
  BW_DATATYPE_JSON,
  BW_DATATYPE_PERCENT,
} BwDatatype;

#define BW_VALUE_MAX_BYTES (64 * 1024)

/* Nicks are those of the conventions: "string", "integer", … An unknown nick is a string. */
const char *bw_datatype_to_nick   (BwDatatype   datatype);
BwDatatype  bw_datatype_from_nick (const char  *nick);

/* Whether @text is a value of @datatype within @format ((nullable)); BW_ERROR_INVALID
 * with a sentence that names the bound, the choices or the form that was expected. */
gboolean    bw_value_check        (BwDatatype   datatype,
                                   const char  *format,
                                   const char  *text,
                                   GError     **error);

/* The same for a value that a device has sent: one beside a step counts as the step
 * that is nearest, as Homie 5 has it. To set one it must be exact: published devices
 * say nothing at all to a value off its step. */
gboolean    bw_value_is_plausible (BwDatatype   datatype,
                                   const char  *format,
                                   const char  *text);

/* Whether two texts mean the same: 22.5 and 22.50, rgb and hsv of one colour, {"a":1} and { "a": 1 }. */
gboolean    bw_value_means_same   (BwDatatype   datatype,
                                   const char  *format,
                                   const char  *a,
                                   const char  *b);

/* Parsed formats, for controls. A bound that is open is -INFINITY or INFINITY; no step is 0. */
gboolean    bw_value_get_range    (BwDatatype   datatype,
                                   const char  *format,
                                   double      *ret_min,
                                   double      *ret_max,
                                   double      *ret_step);
char      **bw_value_get_choices  (BwDatatype   datatype,
                                   const char  *format);

/* Colours, each part 0…1; read from rgb, hsv and xyz, written in the form that @format prefers. */
gboolean    bw_value_get_color    (const char  *format,
                                   const char  *text,
                                   double       ret_rgb[3]);
char       *bw_value_from_color   (const char  *format,
                                   const double rgb[3]);

G_END_DECLS
