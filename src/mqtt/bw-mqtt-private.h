/* bw-mqtt-private.h: what the link and the intake share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <mosquitto.h>

#include "bw-mqtt-tls.h"

G_BEGIN_DECLS

/* All of these are arbitrary, chosen so that a person sees a reconnect within
 * a second and a fleet does not storm a broker that has just come back. */
#define BW_MQTT_KEEPALIVE_S        30
#define BW_MQTT_RETRY_MIN_MS       250
#define BW_MQTT_RETRY_MAX_MS       30000
#define BW_MQTT_CONNECT_TIMEOUT_US (15 * G_USEC_PER_SEC)

typedef struct
{
  char      *host;
  guint16    port;
  BwMqttTls *tls;    /* (nullable): not by TLS */
} BwMqttEndpoint;

gboolean          bw_mqtt_endpoint_parse  (BwMqttEndpoint        *self,
                                           const char            *uri,
                                           GError               **error);
void              bw_mqtt_endpoint_clear  (BwMqttEndpoint        *self);
/* See bw_mqtt_tls_new (). Nothing changes for an address without TLS. */
gboolean          bw_mqtt_endpoint_trust  (BwMqttEndpoint        *self,
                                           const char            *ca_file,
                                           const char            *pin,
                                           GError               **error);
struct mosquitto *bw_mqtt_endpoint_client (const BwMqttEndpoint  *self,
                                           const char            *client_id,
                                           gboolean               clean_session,
                                           const char            *username,
                                           const char            *password,
                                           gpointer               user_data);
int               bw_mqtt_endpoint_begin  (const BwMqttEndpoint  *self,
                                           struct mosquitto      *client,
                                           guint                  keepalive_s);

int               bw_mqtt_wakeup_new      (void);
void              bw_mqtt_wakeup_signal   (int                    fd);
void              bw_mqtt_wakeup_clear    (int                    fd);

guint             bw_mqtt_retry_next      (guint                 *delay_ms);

G_END_DECLS
