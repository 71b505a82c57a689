/* test-kind.c: what simulated devices read and take
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-value.h"
#include "sim-kind.h"

#include <string.h>

#define MOVES 20000

static const SimProperty *
find (const char *kind,
      const char *node,
      const char *id)
{
  const SimKind *found = sim_kind_find (kind);
  int index = sim_kind_find_property (found, node, strlen (node), id, strlen (id));

  g_assert_cmpint (index, >=, 0);

  return &found->properties[index];
}

static void
test_find (void)
{
  g_assert_cmpuint (sim_n_kinds, ==, 5);
  g_assert_null (sim_kind_find ("toaster"));
  g_assert_cmpint (sim_kind_find_property (sim_kind_find ("lamp"), "light", 5, "brightness", 10), >=, 0);
  g_assert_cmpint (sim_kind_find_property (sim_kind_find ("lamp"), "light", 5, "bright", 6), ==, -1);
  g_assert_cmpint (sim_kind_find_property (sim_kind_find ("lamp"), "ligh", 4, "brightness", 10), ==, -1);
}

/* Whatever moves stays within what the device says of itself, by the rules of the other side. */
static void
test_move (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);

  for (guint k = 0; k < sim_n_kinds; k++)
    {
      for (guint i = 0; i < sim_kind_get_n (&sim_kinds[k]); i++)
        {
          const SimProperty *property = &sim_kinds[k].properties[i];
          BwDatatype datatype = bw_datatype_from_nick (property->datatype);
          char value[SIM_VALUE_SIZE];

          g_test_message ("%s %s/%s", sim_kinds[k].nick, property->node, property->id);
          g_strlcpy (value, property->initial, sizeof value);

          for (guint n = 0; n < MOVES && property->motion != SIM_BUTTON; n++)
            {
              g_autoptr(GError) error = NULL;
              const char *text = strcmp (property->datatype, "color") == 0 ? "rgb,255,180,70" : value;

              bw_value_check (datatype, property->format, text, &error);
              g_assert_no_error (error);
              sim_property_move (property, value, g_rand_double (rand), property->gate);
            }
        }
    }
}

static void
test_gate (void)
{
  const SimProperty *power = find ("relay", "power-meter", "power");
  char value[SIM_VALUE_SIZE] = "60.0";

  sim_property_move (power, value, 0.9, "false");
  g_assert_cmpstr (value, ==, "0.0");
  sim_property_move (power, value, 0.9, "true");
  g_assert_cmpfloat (g_ascii_strtod (value, NULL), >=, 40);
}

static void
test_refuse (void)
{
  static const struct { const char *kind, *node, *id, *text, *reason; } cases[] = {
    { "relay", "relay", "on", "true", NULL },
    { "relay", "relay", "on", "True", "“True” is neither true nor false" },
    { "relay", "relay", "on", "", "“” is neither true nor false" },
    { "relay", "power-meter", "power", "5", "power-meter/power cannot be set" },
    { "lamp", "light", "brightness", "0", NULL },
    { "lamp", "light", "brightness", "101", "101 is above 100" },
    { "lamp", "light", "brightness", "-1", "-1 is below 0" },
    { "lamp", "light", "brightness", "5.5", "“5.5” is not of datatype integer" },
    { "lamp", "light", "brightness", "5x", "“5x” is not of datatype integer" },
    { "lamp", "light", "brightness", "", "“” is not of datatype integer" },
    { "lamp", "light", "brightness", "99999999999999999999999999999999999", "the value is too long or not text" },
    { "lamp", "light", "color", "1,2,3", NULL },
    { "lamp", "light", "color", "1,2,300", "“1,2,300” is not a colour of three parts from 0 to 255" },
    { "lamp", "light", "color", "1,2,3,4", "“1,2,3,4” is not a colour of three parts from 0 to 255" },
    { "thermostat", "climate", "target", "22.5", NULL },
    { "thermostat", "climate", "target", "22.50", NULL },
    { "thermostat", "climate", "target", "22.3", "22.3 is not a step of 0.5" },
    { "thermostat", "climate", "target", "nan", "“nan” is not of datatype float" },
    { "thermostat", "climate", "mode", "cool", NULL },
    { "thermostat", "climate", "mode", "blue", "“blue” is none of off,heat,cool,auto" },
    { "charger", "charger", "max-current", "6", NULL },
    { "charger", "charger", "max-current", "33", "33 is above 32" },
    { "charger", "charger", "command", "start", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *reason = sim_property_refuse (find (cases[i].kind, cases[i].node, cases[i].id),
                                                     cases[i].text, strlen (cases[i].text));

      g_assert_cmpstr (reason, ==, cases[i].reason);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/kind/find", test_find);
  g_test_add_func ("/sim/kind/move", test_move);
  g_test_add_func ("/sim/kind/gate", test_gate);
  g_test_add_func ("/sim/kind/refuse", test_refuse);

  return g_test_run ();
}
