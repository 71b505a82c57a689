/* bw-privilege.h: who may publish, receive and subscribe what
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdbool.h>

typedef enum
{
  BW_PEER_UNAPPROVED,   /* a device with a good key that nobody has let in yet */
  BW_PEER_DEVICE,       /* an approved device */
  BW_PEER_SESSION,      /* a signed-in person's desktop */
  BW_PEER_SERVICE,      /* a backend */
} BwPeer;

typedef enum
{
  BW_ACCESS_PUBLISH,
  BW_ACCESS_RECEIVE,
  BW_ACCESS_SUBSCRIBE,   /* the topic is a filter and may hold wildcards */
} BwAccess;

/* Whether the person of a session may see a device, or follow a company's
 * changes. @id is a canonical device id (the gateway's, for a child) or a company id. */
typedef bool (*BwReachFunc) (void       *data,
                             bool        is_company,
                             const char *id);

/* The one rule set of the broker plugin and of the HTTP hooks for other
 * brokers. Allow only: what is not named is refused.
 * @username: the device's canonical id, or the session's id */
bool bw_privilege_allows (BwPeer       peer,
                          const char  *username,
                          BwAccess     access,
                          const char  *topic,
                          BwReachFunc  reach,
                          void        *reach_data);
