/* sim-device.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sim"

#include "sim-device.h"

#include <string.h>

#define TOPIC_SIZE 192
#define ROOT_SIZE  64

#define LATE_DESCRIPTION_US (3 * G_USEC_PER_SEC)

/* A silent death comes this long after the device was ready. */
#define DEATH_MIN_SECONDS 5
#define DEATH_MAX_SECONDS 20

/* Every so many readings of a device with that fault is a bad one. */
#define BAD_VALUE_CHANCE 0.3

#define COLOR_PREFIX "rgb,"

/* What a firmware does, and what a bad one does. It knows nothing of approval:
 * the broker refuses its values until then, and throws it out once when it is
 * let in, so that it announces itself again. */

static const char * const bad_values[] = {
  "", "nan", "not a number", "1e999", "-99999999", "99999999", "\xff\xfe\x80", "true false", "rgb,300,0,0", "{",
};

void
sim_device_init (SimDevice     *self,
                 const char    *id,
                 const char    *key,
                 const SimKind *kind,
                 SimDialect     dialect,
                 guint          faults,
                 guint64        seed)
{
  g_strlcpy (self->id, id, sizeof self->id);
  g_strlcpy (self->key, key, sizeof self->key);
  self->kind = kind;
  self->dialect = dialect;
  self->faults = faults;
  self->seed = seed;

  for (guint i = 0; i < sim_kind_get_n (kind); i++)
    g_strlcpy (self->values[i], kind->properties[i].initial, SIM_VALUE_SIZE);
}

/* splitmix64: 0 to 1, the same for the same seed on every machine. */
double
sim_device_random (SimDevice *self)
{
  guint64 z = (self->seed += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  z ^= z >> 31;

  return (double) (z >> 11) / (double) (G_GUINT64_CONSTANT (1) << 53);
}

void
sim_device_get_root (SimDevice *self,
                     char       ret_root[ROOT_SIZE])
{
  g_snprintf (ret_root, ROOT_SIZE, self->dialect == SIM_HOMIE_5 ? "homie/5/%s/" : "homie/%s/", self->id);
}

static void
publish (SimDevice   *self,
         BwMqttFleet *fleet,
         const char  *path,
         const char  *payload,
         guint        qos,
         gboolean     retain)
{
  char root[ROOT_SIZE];
  char topic[TOPIC_SIZE];

  sim_device_get_root (self, root);
  g_snprintf (topic, sizeof topic, "%s%s", root, path);
  bw_mqtt_fleet_publish (fleet, self->number, topic, payload, strlen (payload), qos, retain);
}

void
sim_device_say (SimDevice   *self,
                BwMqttFleet *fleet,
                const char  *path,
                const char  *payload)
{
  publish (self, fleet, path, payload, 1, TRUE);
}

/* Homie 5 names the form of a colour in the value. */
static const char *
get_color_prefix (SimDevice         *self,
                  const SimProperty *property)
{
  return self->dialect == SIM_HOMIE_5 && strcmp (property->datatype, "color") == 0 ? COLOR_PREFIX : "";
}

static void
publish_value (SimDevice   *self,
               BwMqttFleet *fleet,
               guint        index,
               const char  *value,
               guint        qos)
{
  const SimProperty *property = &self->kind->properties[index];
  char path[TOPIC_SIZE];
  char text[SIM_VALUE_SIZE + sizeof COLOR_PREFIX];

  g_snprintf (path, sizeof path, "%s/%s", property->node, property->id);
  g_snprintf (text, sizeof text, "%s%s", get_color_prefix (self, property), value);
  publish (self, fleet, path, text, qos, property->motion != SIM_BUTTON);
}

void
sim_device_join (SimDevice   *self,
                 BwMqttFleet *fleet)
{
  g_autofree char *client_id = g_strdup_printf ("sim-%s", self->id);
  g_autofree char *will = NULL;
  char root[ROOT_SIZE];

  sim_device_get_root (self, root);
  will = g_strconcat (root, "$state", NULL);
  self->number = bw_mqtt_fleet_add (fleet, client_id, self->id, self->key, will, "lost");
}

void
sim_device_announce (SimDevice   *self,
                     BwMqttFleet *fleet,
                     gint64       now_us)
{
  char root[ROOT_SIZE];
  char filter[TOPIC_SIZE];

  sim_device_say (self, fleet, "$state", "init");

  if (self->faults & SIM_FAULT_LATE_DESCRIPTION)
    self->describe_at_us = now_us + LATE_DESCRIPTION_US;
  else
    sim_homie_describe (self, fleet);

  sim_device_get_root (self, root);
  g_snprintf (filter, sizeof filter, "%s+/+/set", root);
  bw_mqtt_fleet_subscribe (fleet, self->number, filter, 1);

  for (guint i = 0; i < sim_kind_get_n (self->kind); i++)
    {
      if (self->kind->properties[i].motion != SIM_BUTTON)
        publish_value (self, fleet, i, self->values[i], 1);
    }

  sim_device_say (self, fleet, "$state", "ready");

  if ((self->faults & SIM_FAULT_SILENT_DEATH) && self->dies_at_us == 0)
    self->dies_at_us = now_us + (gint64) ((DEATH_MIN_SECONDS + sim_device_random (self) *
                                           (DEATH_MAX_SECONDS - DEATH_MIN_SECONDS)) * G_USEC_PER_SEC);
}

void
sim_device_describe (SimDevice   *self,
                     BwMqttFleet *fleet)
{
  self->describe_at_us = 0;
  sim_homie_describe (self, fleet);
}

static const char *
get_value (SimDevice  *self,
           const char *id)
{
  for (guint i = 0; id != NULL && i < sim_kind_get_n (self->kind); i++)
    {
      if (strcmp (self->kind->properties[i].id, id) == 0)
        return self->values[i];
    }

  return NULL;
}

/* One of the readings moves, and is published. */
void
sim_device_read (SimDevice   *self,
                 BwMqttFleet *fleet)
{
  guint n = sim_kind_get_n (self->kind);
  guint first = (guint) (sim_device_random (self) * n) % n;

  for (guint i = 0; i < n; i++)
    {
      guint index = (first + i) % n;
      const SimProperty *property = &self->kind->properties[index];
      char path[TOPIC_SIZE];

      if (property->motion == SIM_HOLD || property->motion == SIM_BUTTON)
        continue;

      if ((self->faults & SIM_FAULT_BAD_VALUES) && sim_device_random (self) < BAD_VALUE_CHANCE)
        {
          guint bad = (guint) (sim_device_random (self) * G_N_ELEMENTS (bad_values)) % G_N_ELEMENTS (bad_values);

          g_snprintf (path, sizeof path, "%s/%s", property->node, property->id);
          publish (self, fleet, path, bad_values[bad], 0, TRUE);
          return;
        }

      sim_property_move (property, self->values[index], sim_device_random (self), get_value (self, property->other));
      publish_value (self, fleet, index, self->values[index], 0);
      return;
    }
}

void
sim_device_leave (SimDevice   *self,
                  BwMqttFleet *fleet)
{
  sim_device_say (self, fleet, "$state", "disconnected");
  bw_mqtt_fleet_leave (fleet, self->number);
}

/* `<node>/<property>/set` below the root, or -1. */
static int
find_target (SimDevice  *self,
             const char *topic)
{
  char root[ROOT_SIZE];
  const char *node, *id, *end;

  sim_device_get_root (self, root);
  if (!g_str_has_prefix (topic, root))
    return -1;

  node = topic + strlen (root);
  id = strchr (node, '/');
  end = id != NULL ? strchr (id + 1, '/') : NULL;
  if (end == NULL || strcmp (end, "/set") != 0)
    return -1;

  return sim_kind_find_property (self->kind, node, (gsize) (id - node), id + 1, (gsize) (end - id - 1));
}

int
sim_device_take_set (SimDevice    *self,
                     BwMqttFleet  *fleet,
                     const char   *topic,
                     const char   *payload,
                     gsize         length,
                     char        **ret_reason)
{
  int index = find_target (self, topic);
  const SimProperty *property;
  g_autofree char *reason = NULL;
  gsize prefix;

  if (index < 0)
    {
      *ret_reason = g_strdup ("there is no such property");
      return -1;
    }

  property = &self->kind->properties[index];
  prefix = strlen (get_color_prefix (self, property));
  if (prefix > 0 && strncmp (payload, COLOR_PREFIX, prefix) == 0)
    {
      payload += prefix;
      length -= prefix;
    }

  if (self->faults & SIM_FAULT_REFUSE)
    reason = g_strdup_printf ("%s/%s refuses everything today", property->node, property->id);
  else
    reason = sim_property_refuse (property, payload, length);

  if (reason != NULL)
    {
      publish (self, fleet, "$log/error", reason, 1, FALSE);
      *ret_reason = g_steal_pointer (&reason);
      return -1;
    }

  return index;
}

/* The button of a charger has an effect on its state. */
static void
press (SimDevice   *self,
       BwMqttFleet *fleet,
       const char  *value)
{
  for (guint i = 0; i < sim_kind_get_n (self->kind); i++)
    {
      if (strcmp (self->kind->properties[i].id, "state") == 0)
        {
          g_strlcpy (self->values[i], strcmp (value, "start") == 0 ? "charging" : "finished", SIM_VALUE_SIZE);
          publish_value (self, fleet, i, self->values[i], 1);
        }
    }
}

void
sim_device_echo (SimDevice   *self,
                 BwMqttFleet *fleet,
                 guint        property,
                 const char  *value)
{
  publish_value (self, fleet, property, value, 1);

  if (self->kind->properties[property].motion == SIM_BUTTON)
    press (self, fleet, value);
  else
    g_strlcpy (self->values[property], value, SIM_VALUE_SIZE);
}
