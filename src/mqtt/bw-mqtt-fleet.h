/* bw-mqtt-fleet.h: ten thousand broker connections on one thread
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* For the simulator and for load: each member is a client with an identity of
 * its own. Everything happens on the thread-default main context of the one who
 * made the fleet. A member that is lost comes back by itself, with backoff. */
typedef struct _BwMqttFleet BwMqttFleet;

typedef struct
{
  /* A fresh session: subscribe and publish. */
  void (*connected) (BwMqttFleet *fleet,
                     guint        member,
                     gpointer     user_data);
  /* It was connected, or could not connect; @reason is a sentence's end. */
  void (*lost)      (BwMqttFleet *fleet,
                     guint        member,
                     gboolean     was_connected,
                     const char  *reason,
                     gpointer     user_data);
  /* @payload is terminated, may hold anything, and is valid during the call. */
  void (*message)   (BwMqttFleet *fleet,
                     guint        member,
                     const char  *topic,
                     const char  *payload,
                     gsize        length,
                     gpointer     user_data);
} BwMqttFleetFuncs;

/* @uri: mqtt://host:port, mqtts://… */
BwMqttFleet *bw_mqtt_fleet_new             (const char              *uri,
                                            const BwMqttFleetFuncs  *funcs,
                                            gpointer                 user_data,
                                            GError                 **error);
/* Before start; as bw_mqtt_link_set_trust (). */
gboolean     bw_mqtt_fleet_set_trust       (BwMqttFleet             *self,
                                            const char              *ca_file,
                                            const char              *pin,
                                            GError                 **error);
void         bw_mqtt_fleet_free            (BwMqttFleet             *self);
/* Members are numbered from 0. @will_payload goes out retained when one dies. */
guint        bw_mqtt_fleet_add             (BwMqttFleet             *self,
                                            const char              *client_id,
                                            const char              *username,
                                            const char              *password,
                                            const char              *will_topic,
                                            const char              *will_payload);
/* Lifts the limit of open files as far as the system allows. Fails with
 * BW_ERROR_TOO_MANY when the members added so far do not fit. */
gboolean     bw_mqtt_fleet_start           (BwMqttFleet             *self,
                                            GError                 **error);

/* FALSE while the member is not connected. Goes out in the next turn of the main loop. */
gboolean     bw_mqtt_fleet_publish         (BwMqttFleet             *self,
                                            guint                    member,
                                            const char              *topic,
                                            const char              *payload,
                                            gsize                    length,
                                            guint                    qos,
                                            gboolean                 retain);
gboolean     bw_mqtt_fleet_subscribe       (BwMqttFleet             *self,
                                            guint                    member,
                                            const char              *filter,
                                            guint                    qos);

/* Says goodbye after what is waiting to go out, and stays away. */
void         bw_mqtt_fleet_leave           (BwMqttFleet             *self,
                                            guint                    member);
/* Neither reads nor writes from now on, and keeps the socket: a power cut as the broker sees it. */
void         bw_mqtt_fleet_freeze          (BwMqttFleet             *self,
                                            guint                    member);

/* Members that are connected, those included whose goodbye is not out yet. */
guint        bw_mqtt_fleet_get_n_open      (BwMqttFleet             *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwMqttFleet, bw_mqtt_fleet_free)

G_END_DECLS
