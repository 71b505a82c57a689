/* bw-mqtt-intake.h: a subscriber that acknowledges only what is durable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-mqtt-link.h"

G_BEGIN_DECLS

#define BW_TYPE_MQTT_INTAKE (bw_mqtt_intake_get_type ())

/* The backend's ingest connection: one thread of its own, a fixed client id, a session that the broker keeps. */
G_DECLARE_FINAL_TYPE (BwMqttIntake, bw_mqtt_intake, BW, MQTT_INTAKE, GObject)

/* All are called on the intake's thread, and only between start and the return of stop. */
typedef struct
{
  /* The connection stands, or does no more. @refusal: (nullable): the broker's own words. */
  void     (*connected) (gboolean             connected,
                         const char          *refusal,
                         gpointer             user_data);

  /* One message; nothing of it is valid afterwards. */
  void     (*message)   (const BwMqttMessage *message,
                         gpointer             user_data);

  /* Makes durable what the messages so far have said. FALSE: it could not; it is asked again
   * after a while, and until it has, nothing is read and nothing is acknowledged. */
  gboolean (*commit)    (gpointer             user_data);

  /* About ten times a second when there is something to do, once a second otherwise. */
  void     (*tick)      (gpointer             user_data);
} BwMqttIntakeFuncs;

BwMqttIntake *bw_mqtt_intake_new            (const char               *uri,
                                             const char               *client_id,
                                             const char               *username,
                                             const char               *password,
                                             const char * const       *filters,
                                             const BwMqttIntakeFuncs  *funcs,
                                             gpointer                  user_data,
                                             GError                  **error);
/* Before start; as bw_mqtt_link_set_trust (). */
gboolean      bw_mqtt_intake_set_trust      (BwMqttIntake             *self,
                                             const char               *ca_file,
                                             const char               *pin,
                                             GError                  **error);
void          bw_mqtt_intake_start          (BwMqttIntake             *self);
/* Commits what was read, acknowledges it, takes leave and joins the thread. */
void          bw_mqtt_intake_stop           (BwMqttIntake             *self);
/* From within message (): what was read so far is not to wait for company. */
void          bw_mqtt_intake_hurry          (BwMqttIntake             *self);
/* Any thread: the next tick comes now. */
void          bw_mqtt_intake_wake           (BwMqttIntake             *self);
guint64       bw_mqtt_intake_get_n_messages (BwMqttIntake             *self);

G_END_DECLS
