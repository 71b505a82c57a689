/* bw-mqtt-tls.h: whom a connection to a broker trusts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <mosquitto.h>

G_BEGIN_DECLS

typedef struct _BwMqttTls BwMqttTls;

/* @ca_file: (nullable): trusted instead of what the system trusts. @pin: (nullable): the SHA-256 of one
 * certificate in hexadecimal, which is trusted besides, whoever signed it and whatever name is in it. */
BwMqttTls  *bw_mqtt_tls_new        (const char        *host,
                                    const char        *ca_file,
                                    const char        *pin,
                                    GError           **error);
void        bw_mqtt_tls_free       (BwMqttTls         *self);

gboolean    bw_mqtt_tls_apply      (BwMqttTls         *self,
                                    struct mosquitto  *client);

/* Why the last certificate was not trusted, since this was asked before; 0 when none was refused. */
int         bw_mqtt_tls_take_doubt (BwMqttTls         *self);
const char *bw_mqtt_tls_describe   (int                doubt);

/* Whether what was received waits in the library, where poll() does not see it. */
gboolean    bw_mqtt_tls_has_unread (struct mosquitto  *client);

/* Whether a handshake will not come to its end: then the library goes on as if it might. */
gboolean    bw_mqtt_tls_is_broken  (struct mosquitto  *client);

G_END_DECLS
