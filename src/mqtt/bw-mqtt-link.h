/* bw-mqtt-link.h: a broker connection that looks single threaded
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BW_TYPE_MQTT_LINK (bw_mqtt_link_get_type ())

/* For the desktop, the command-line tool, the backend's command connection and tests. A thread of ours connects, reads and
 * tries again with backoff; messages come out on the thread-default main context of the one who made the link, in batches.
 * Overflow is counted and dropped (BW_MQTT_MAX_WAITING). The backend's ingest uses BwMqttIntake instead.
 * Properties: connected (gboolean, notify on the main context)
 * Signals: refused (guint connack_code, const char *text)   the broker said no: wrong or expired credentials, …;
 *                                                           code 0: its certificate is not trusted, and @text says why
 *          acknowledged (guint publish_id)                  PUBACK of a QoS 1 publish, or written out at QoS 0 */
G_DECLARE_FINAL_TYPE (BwMqttLink, bw_mqtt_link, BW, MQTT_LINK, GObject)

#define BW_MQTT_MAX_WAITING 100000

typedef struct
{
  const char *topic;
  const char *payload;     /* terminated for convenience, may hold anything */
  gsize       length;
  guint       qos : 2;
  guint       retained : 1;
  guint       live_too : 1;    /* retained, and the broker has sent it, or will, as it came. Of an intake only */
  guint       id : 16;     /* the broker's number of it at QoS 1 or 2; 0: none. Of an intake only */
} BwMqttMessage;

/* Valid during the call only. */
typedef void (*BwMqttBatchFunc) (BwMqttLink          *link,
                                 const BwMqttMessage *messages,
                                 guint                n_messages,
                                 gpointer             user_data);

/* Any thread may not: make, use and let go of a link on one thread.
 * @uri: mqtt://host:port, mqtts://host:port (trusts whom the system trusts). @client_id: (nullable): a random one. Clean session. */
BwMqttLink *bw_mqtt_link_new           (const char       *uri,
                                        const char       *client_id,
                                        const char       *username,
                                        const char       *password,
                                        BwMqttBatchFunc   func,
                                        gpointer          user_data,
                                        GError          **error);
/* Before start. @ca_file: (nullable): the authorities to trust instead of the system's. @pin: (nullable): the SHA-256
 * of a certificate in hexadecimal, trusted besides, whatever is in it. Fails for a file that cannot be used. */
gboolean    bw_mqtt_link_set_trust     (BwMqttLink       *self,
                                        const char       *ca_file,
                                        const char       *pin,
                                        GError          **error);
/* From the next connection on; one that waits for its next attempt makes it now. */
void        bw_mqtt_link_set_credentials (BwMqttLink    *self,
                                          const char    *username,
                                          const char    *password);
/* Before start. */
void        bw_mqtt_link_set_will      (BwMqttLink       *self,
                                        const char       *topic,
                                        const char       *payload,
                                        guint             qos,
                                        gboolean          retain);
void        bw_mqtt_link_start         (BwMqttLink       *self);
/* Kept and made again after each reconnect. */
void        bw_mqtt_link_subscribe     (BwMqttLink       *self,
                                        const char       *filter,
                                        guint             qos);
void        bw_mqtt_link_unsubscribe   (BwMqttLink       *self,
                                        const char       *filter);
/* Fails with BW_ERROR_UNAVAILABLE while not connected. @ret_id (nullable): for `acknowledged`.
 * What was not acknowledged when a connection ends is forgotten, not sent again. */
gboolean    bw_mqtt_link_publish       (BwMqttLink       *self,
                                        const char       *topic,
                                        const char       *payload,
                                        gsize             length,
                                        guint             qos,
                                        gboolean          retain,
                                        guint            *ret_id,
                                        GError          **error);
gboolean    bw_mqtt_link_get_connected (BwMqttLink       *self);
guint64     bw_mqtt_link_get_n_dropped (BwMqttLink       *self);

G_END_DECLS
