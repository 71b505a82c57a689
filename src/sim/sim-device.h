/* sim-device.h: one simulated device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sim-kind.h"

#include "bw-device-id.h"
#include "bw-mqtt-fleet.h"

G_BEGIN_DECLS

typedef enum
{
  SIM_HOMIE_3,
  SIM_HOMIE_4,
  SIM_HOMIE_5,
} SimDialect;

typedef enum
{
  SIM_FAULT_NONE             = 0,
  SIM_FAULT_NO_ECHO          = 1 << 0,   /* takes a set and says nothing */
  SIM_FAULT_SILENT_DEATH     = 1 << 1,   /* its power is cut after a while */
  SIM_FAULT_BAD_VALUES       = 1 << 2,   /* some values are against its own description */
  SIM_FAULT_LATE_DESCRIPTION = 1 << 3,   /* is ready and has values before it says what it is */
  SIM_FAULT_REFUSE           = 1 << 4,   /* refuses every set with a reason */
} SimFault;

typedef struct
{
  const SimKind *kind;
  SimDialect     dialect;
  guint          faults;
  guint          number;               /* in the fleet */
  gboolean       was_connected;
  gboolean       is_connected;
  gboolean       is_dead;
  guint64        seed;
  gint64         next_us;              /* the next reading */
  gint64         describe_at_us;       /* 0: nothing is to be described */
  gint64         dies_at_us;           /* 0: not */
  char           id[BW_DEVICE_ID_SIZE];
  char           key[BW_DEVICE_KEY_SIZE];
  char           values[SIM_MAX_PROPERTIES][SIM_VALUE_SIZE];
} SimDevice;

void    sim_device_init      (SimDevice     *self,
                              const char    *id,
                              const char    *key,
                              const SimKind *kind,
                              SimDialect     dialect,
                              guint          faults,
                              guint64        seed);
double  sim_device_random    (SimDevice     *self);

/* Joins the fleet, with a will that says lost. */
void    sim_device_join      (SimDevice     *self,
                              BwMqttFleet   *fleet);
/* A fresh session: the device says what it is and what it reads. */
void    sim_device_announce  (SimDevice     *self,
                              BwMqttFleet   *fleet,
                              gint64         now_us);
/* Late, for those with that fault. */
void    sim_device_describe  (SimDevice     *self,
                              BwMqttFleet   *fleet);
void    sim_device_read      (SimDevice     *self,
                              BwMqttFleet   *fleet);
void    sim_device_leave     (SimDevice     *self,
                              BwMqttFleet   *fleet);

/* A message on a topic of the device. Returns the property whose value was
 * taken and must be echoed, or -1: (transfer full) @ret_reason says why not. */
int     sim_device_take_set  (SimDevice     *self,
                              BwMqttFleet   *fleet,
                              const char    *topic,
                              const char    *payload,
                              gsize          length,
                              char         **ret_reason);
void    sim_device_echo      (SimDevice     *self,
                              BwMqttFleet   *fleet,
                              guint          property,
                              const char    *value);

/* `homie/5/<id>/` or `homie/<id>/` */
void    sim_device_get_root  (SimDevice     *self,
                              char           ret_root[64]);
/* Publishes below the root, retained at QoS 1. */
void    sim_device_say       (SimDevice     *self,
                              BwMqttFleet   *fleet,
                              const char    *path,
                              const char    *payload);

/* sim-homie.c: everything but $state and values */
void    sim_homie_describe   (SimDevice     *self,
                              BwMqttFleet   *fleet);
/* The name that a person finds in a list: "Lamp 12" */
char   *sim_homie_dup_name   (SimDevice     *self);

G_END_DECLS
