/* bw-certificate.h: the device that a client's certificate names
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdbool.h>

#include "bw-device-id.h"

struct mosquitto;

/* Whether the client showed a certificate that names a device. The broker has verified it by then. */
bool bw_certificate_read_device (const struct mosquitto *client,
                                 char                    ret_id[BW_DEVICE_ID_SIZE]);
