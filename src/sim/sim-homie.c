/* sim-homie.c: how a device says what it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sim"

#include "sim-device.h"

#include "bw-json.h"

#include <string.h>

#define PATH_SIZE 128

char *
sim_homie_dup_name (SimDevice *self)
{
  return g_strdup_printf ("%s %u", self->kind->name, self->number + 1);
}

static void
add_text (GString    *out,
          const char *name,
          const char *text)
{
  if (text != NULL)
    bw_json_add_string (out, name, text);
}

static void
add_property (GString           *out,
              const SimProperty *property)
{
  bw_json_begin_object (out, property->id);
  bw_json_add_string (out, "name", property->name);
  bw_json_add_string (out, "datatype", property->datatype);
  add_text (out, "unit", property->unit);
  add_text (out, "format", property->format);
  if (property->settable)
    bw_json_add_boolean (out, "settable", TRUE);
  if (property->motion == SIM_BUTTON)
    bw_json_add_boolean (out, "retained", FALSE);
  bw_json_end_object (out);
}

/* Homie 5: one document. */
static void
describe_5 (SimDevice   *self,
            BwMqttFleet *fleet)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autofree char *name = sim_homie_dup_name (self);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "homie", "5.0");
  bw_json_add_int (out, "version", 1);
  bw_json_add_string (out, "name", name);
  bw_json_add_string (out, "type", self->kind->product);
  bw_json_begin_object (out, "nodes");
  for (guint i = 0; i < sim_kind_get_n_nodes (self->kind); i++)
    {
      const SimNode *node = &self->kind->nodes[i];

      bw_json_begin_object (out, node->id);
      bw_json_add_string (out, "name", node->name);
      bw_json_add_string (out, "type", node->type);
      bw_json_begin_object (out, "properties");
      for (guint j = 0; j < sim_kind_get_n (self->kind); j++)
        {
          if (strcmp (self->kind->properties[j].node, node->id) == 0)
            add_property (out, &self->kind->properties[j]);
        }
      bw_json_end_object (out);
      bw_json_end_object (out);
    }
  bw_json_end_object (out);
  bw_json_end_object (out);

  sim_device_say (self, fleet, "$description", out->str);
}

static void
say_below (SimDevice   *self,
           BwMqttFleet *fleet,
           const char  *above,
           const char  *attribute,
           const char  *text)
{
  char path[PATH_SIZE];

  if (text == NULL)
    return;

  g_snprintf (path, sizeof path, "%s/%s", above, attribute);
  sim_device_say (self, fleet, path, text);
}

/* The conventions before 5 know no step. */
static char *
dup_old_format (const SimProperty *property)
{
  const char *colon = property->format != NULL ? strchr (property->format, ':') : NULL;
  const char *step = colon != NULL ? strchr (colon + 1, ':') : NULL;

  return step != NULL ? g_strndup (property->format, (gsize) (step - property->format)) : g_strdup (property->format);
}

static void
describe_old_property (SimDevice         *self,
                       BwMqttFleet       *fleet,
                       const SimProperty *property)
{
  g_autofree char *format = dup_old_format (property);
  char path[PATH_SIZE];

  g_snprintf (path, sizeof path, "%s/%s", property->node, property->id);
  say_below (self, fleet, path, "$name", property->name);
  say_below (self, fleet, path, "$datatype", property->datatype);
  say_below (self, fleet, path, "$unit", property->unit);
  say_below (self, fleet, path, "$format", format);
  say_below (self, fleet, path, "$settable", property->settable ? "true" : "false");
  say_below (self, fleet, path, "$retained", property->motion == SIM_BUTTON ? "false" : "true");
}

static void
describe_old_node (SimDevice     *self,
                   BwMqttFleet   *fleet,
                   const SimNode *node)
{
  g_autoptr(GString) ids = g_string_new (NULL);

  say_below (self, fleet, node->id, "$name", node->name);
  say_below (self, fleet, node->id, "$type", node->type);

  for (guint i = 0; i < sim_kind_get_n (self->kind); i++)
    {
      const SimProperty *property = &self->kind->properties[i];

      if (strcmp (property->node, node->id) != 0)
        continue;

      g_string_append_printf (ids, "%s%s", ids->len > 0 ? "," : "", property->id);
      describe_old_property (self, fleet, property);
    }

  say_below (self, fleet, node->id, "$properties", ids->str);
}

/* Homie 3 and 4: a retained topic for each thing. */
static void
describe_3_4 (SimDevice   *self,
              BwMqttFleet *fleet)
{
  g_autoptr(GString) ids = g_string_new (NULL);
  g_autofree char *name = sim_homie_dup_name (self);
  g_autofree char *address = g_strdup_printf ("192.0.2.%u", 1 + self->number % 254);

  sim_device_say (self, fleet, "$homie", self->dialect == SIM_HOMIE_4 ? "4.0.0" : "3.0.1");
  sim_device_say (self, fleet, "$name", name);
  sim_device_say (self, fleet, "$implementation", "bellwether-sim");
  sim_device_say (self, fleet, "$localip", address);
  if (self->dialect == SIM_HOMIE_4)
    sim_device_say (self, fleet, "$extensions", "org.homie.legacy-firmware:0.1.1:[4.x]");

  for (guint i = 0; i < sim_kind_get_n_nodes (self->kind); i++)
    {
      g_string_append_printf (ids, "%s%s", i > 0 ? "," : "", self->kind->nodes[i].id);
      describe_old_node (self, fleet, &self->kind->nodes[i]);
    }

  sim_device_say (self, fleet, "$nodes", ids->str);
}

void
sim_homie_describe (SimDevice   *self,
                    BwMqttFleet *fleet)
{
  if (self->dialect == SIM_HOMIE_5)
    describe_5 (self, fleet);
  else
    describe_3_4 (self, fleet);

  sim_device_say (self, fleet, "$fw/name", self->kind->product);
  sim_device_say (self, fleet, "$fw/version", self->kind->version);
}
