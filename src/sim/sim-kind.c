/* sim-kind.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sim"

#include "sim-kind.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Each with what a real one has: units, formats, something to set, something to read. */

const SimKind sim_kinds[] = {
  {
    "relay", "Relay", "sim-relay", "2.1.0",
    { { "relay", "Relay", "switch" }, { "power-meter", "Power meter", "meter" } },
    {
      { "relay", "on", "On", "boolean", NULL, NULL, TRUE, SIM_HOLD, "true" },
      { "power-meter", "power", "Power", "float", "W", "0:3680", FALSE, SIM_WALK, "60.0", 40, 240, 4, "on", "true" },
      { "power-meter", "voltage", "Voltage", "float", "V", NULL, FALSE, SIM_WALK, "230.1", 225, 235, 0.3 },
      { "power-meter", "current", "Current", "float", "A", "0:16", FALSE, SIM_WALK, "0.26", 0.2, 1.1, 0.02, "on", "true" },
      { "power-meter", "energy", "Energy", "float", "kWh", NULL, FALSE, SIM_COUNT, "12.4", 0, 1e6, 0.01, "on", "true" },
    },
  },
  {
    "meter", "Meter", "sim-meter", "1.8.2",
    { { "meter", "Meter", "electricity" } },
    {
      { "meter", "energy", "Energy", "float", "kWh", NULL, FALSE, SIM_COUNT, "18233.72", 0, 1e8, 0.03 },
      { "meter", "power", "Power", "float", "W", NULL, FALSE, SIM_WALK, "820.0", 90, 5200, 60 },
      { "meter", "voltage", "Voltage", "float", "V", "180:260", FALSE, SIM_WALK, "230.4", 226, 234, 0.2 },
      { "meter", "current", "Current", "float", "A", "0:63", FALSE, SIM_WALK, "3.61", 0.4, 23, 0.3 },
      { "meter", "frequency", "Frequency", "float", "Hz", NULL, FALSE, SIM_WALK, "50.00", 49.9, 50.1, 0.01 },
      { "meter", "tariff", "Tariff", "enum", NULL, "day,night", FALSE, SIM_CYCLE, "day" },
    },
  },
  {
    "lamp", "Lamp", "sim-lamp", "3.0.4",
    { { "light", "Light", "light" } },
    {
      { "light", "on", "On", "boolean", NULL, NULL, TRUE, SIM_HOLD, "true" },
      { "light", "brightness", "Brightness", "integer", "%", "0:100", TRUE, SIM_HOLD, "70" },
      { "light", "color", "Colour", "color", NULL, "rgb", TRUE, SIM_HOLD, "255,180,70" },
      { "light", "temperature", "Temperature", "float", "°C", NULL, FALSE, SIM_WALK, "36.5", 22, 58, 0.4 },
      { "light", "runtime", "Hours of light", "float", "h", NULL, FALSE, SIM_COUNT, "311.2", 0, 1e6, 0.01, "on", "true" },
    },
  },
  {
    "thermostat", "Thermostat", "sim-thermostat", "1.4.0",
    { { "climate", "Climate", "thermostat" } },
    {
      { "climate", "temperature", "Temperature", "float", "°C", "-20:60", FALSE, SIM_FOLLOW, "19.8", -20, 60, 0.1, "target" },
      { "climate", "target", "Target temperature", "float", "°C", "5:30:0.5", TRUE, SIM_HOLD, "21.0" },
      { "climate", "mode", "Mode", "enum", NULL, "off,heat,cool,auto", TRUE, SIM_HOLD, "auto" },
      { "climate", "humidity", "Humidity", "integer", "%", "0:100", FALSE, SIM_WALK, "44", 30, 65, 1 },
      { "climate", "window-open", "Window open", "boolean", NULL, NULL, FALSE, SIM_HOLD, "false" },
      { "climate", "locked", "Child lock", "boolean", NULL, NULL, TRUE, SIM_HOLD, "false" },
    },
  },
  {
    "charger", "EV charger", "sim-charger", "5.2.1",
    { { "charger", "Charger", "ev-charger" } },
    {
      { "charger", "state", "State", "enum", NULL, "available,preparing,charging,finished,fault", FALSE, SIM_HOLD, "available" },
      { "charger", "command", "Command", "enum", NULL, "start,stop", TRUE, SIM_BUTTON, "" },
      { "charger", "max-current", "Greatest current", "integer", "A", "6:32", TRUE, SIM_HOLD, "16" },
      { "charger", "enabled", "Enabled", "boolean", NULL, NULL, TRUE, SIM_HOLD, "true" },
      { "charger", "power", "Power", "float", "kW", "0:22", FALSE, SIM_WALK, "0.0", 3.5, 11, 0.2, "state", "charging" },
      { "charger", "energy", "Energy of this charge", "float", "kWh", NULL, FALSE, SIM_COUNT, "0.0", 0, 100, 0.05, "state", "charging" },
    },
  },
};

const guint sim_n_kinds = G_N_ELEMENTS (sim_kinds);

const SimKind *
sim_kind_find (const char *nick)
{
  for (guint i = 0; i < sim_n_kinds; i++)
    {
      if (strcmp (sim_kinds[i].nick, nick) == 0)
        return &sim_kinds[i];
    }

  return NULL;
}

guint
sim_kind_get_n_nodes (const SimKind *kind)
{
  guint n = 0;

  while (n < SIM_MAX_NODES && kind->nodes[n].id != NULL)
    n++;

  return n;
}

guint
sim_kind_get_n (const SimKind *kind)
{
  guint n = 0;

  while (n < SIM_MAX_PROPERTIES && kind->properties[n].id != NULL)
    n++;

  return n;
}

static gboolean
equals (const char *text,
        gsize       length,
        const char *expected)
{
  return strlen (expected) == length && memcmp (text, expected, length) == 0;
}

int
sim_kind_find_property (const SimKind *kind,
                        const char    *node,
                        gsize          node_length,
                        const char    *id,
                        gsize          id_length)
{
  for (guint i = 0; i < sim_kind_get_n (kind); i++)
    {
      if (equals (node, node_length, kind->properties[i].node) && equals (id, id_length, kind->properties[i].id))
        return (int) i;
    }

  return -1;
}

/* The bounds of a numeric format; what is open stays as it was. */
static void
read_range (const char *format,
            double     *low,
            double     *high,
            double     *step)
{
  g_auto(GStrv) parts = g_strsplit (format != NULL ? format : "", ":", 3);
  double *bounds[] = { low, high, step };

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] != '\0')
        *bounds[i] = g_ascii_strtod (parts[i], NULL);
    }
}

static char *
refuse_number (const SimProperty *property,
               const char        *text)
{
  double low = -INFINITY;
  double high = INFINITY;
  double step = 0.0;
  double value, steps;
  char *end;

  value = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || g_ascii_isspace (*text) || !isfinite (value) ||
      (strcmp (property->datatype, "integer") == 0 && strpbrk (text, ".eExX") != NULL))
    return g_strdup_printf ("“%s” is not of datatype %s", text, property->datatype);

  read_range (property->format, &low, &high, &step);
  if (value < low)
    return g_strdup_printf ("%s is below %g", text, low);
  if (value > high)
    return g_strdup_printf ("%s is above %g", text, high);

  steps = step > 0.0 ? (value - (isfinite (low) ? low : 0.0)) / step : 0.0;
  if (fabs (steps - round (steps)) > 1e-6)
    return g_strdup_printf ("%s is not a step of %g", text, step);

  return NULL;
}

static char *
refuse_color (const char *text)
{
  int red, green, blue;
  char rest;

  if (sscanf (text, "%d,%d,%d%c", &red, &green, &blue, &rest) == 3 &&
      red >= 0 && red <= 255 && green >= 0 && green <= 255 && blue >= 0 && blue <= 255)
    return NULL;

  return g_strdup_printf ("“%s” is not a colour of three parts from 0 to 255", text);
}

char *
sim_property_refuse (const SimProperty *property,
                     const char        *text,
                     gsize              length)
{
  if (!property->settable)
    return g_strdup_printf ("%s/%s cannot be set", property->node, property->id);

  if (length >= SIM_VALUE_SIZE || strlen (text) != length || !g_utf8_validate (text, (gssize) length, NULL))
    return g_strdup ("the value is too long or not text");

  if (strcmp (property->datatype, "boolean") == 0)
    {
      if (strcmp (text, "true") == 0 || strcmp (text, "false") == 0)
        return NULL;
      return g_strdup_printf ("“%s” is neither true nor false", text);
    }

  if (strcmp (property->datatype, "enum") == 0)
    {
      g_auto(GStrv) choices = g_strsplit (property->format, ",", -1);

      if (g_strv_contains ((const char * const *) choices, text))
        return NULL;
      return g_strdup_printf ("“%s” is none of %s", text, property->format);
    }

  if (strcmp (property->datatype, "color") == 0)
    return refuse_color (text);

  return refuse_number (property, text);
}

static void
format_value (const SimProperty *property,
              char               value[SIM_VALUE_SIZE],
              double             number)
{
  const char *form = strcmp (property->datatype, "integer") == 0 ? "%.0f" : property->step < 0.05 ? "%.2f" : "%.1f";

  g_ascii_formatd (value, SIM_VALUE_SIZE, form, number);
}

static void
take_next_choice (const SimProperty *property,
                  char               value[SIM_VALUE_SIZE])
{
  g_auto(GStrv) choices = g_strsplit (property->format, ",", -1);
  guint n = g_strv_length (choices);

  for (guint i = 0; i < n; i++)
    {
      if (strcmp (choices[i], value) == 0)
        {
          g_strlcpy (value, choices[(i + 1) % n], SIM_VALUE_SIZE);
          return;
        }
    }
}

void
sim_property_move (const SimProperty *property,
                   char               value[SIM_VALUE_SIZE],
                   double             random,
                   const char        *other)
{
  double number = g_ascii_strtod (value, NULL);
  gboolean is_off = property->gate != NULL && g_strcmp0 (other, property->gate) != 0;

  switch (property->motion)
    {
    case SIM_WALK:
      if (is_off)
        number = 0.0;
      else
        number = CLAMP (MAX (number, property->low) + (random * 2 - 1) * property->step, property->low, property->high);
      format_value (property, value, number);
      break;

    case SIM_FOLLOW:
      if (other != NULL)
        number += CLAMP ((g_ascii_strtod (other, NULL) - number) * 0.2, -property->step, property->step);
      format_value (property, value, CLAMP (number + (random - 0.5) * property->step, property->low, property->high));
      break;

    case SIM_COUNT:
      if (!is_off)
        format_value (property, value, number >= property->high ? property->low : number + random * 2 * property->step);
      break;

    case SIM_CYCLE:
      if (random > 0.9)
        take_next_choice (property, value);
      break;

    case SIM_HOLD:
    case SIM_BUTTON:
    default:
      break;
    }
}
