/* bw-plugin.h: what the files of the plugin share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-broker-db.h"
#include "bw-clients.h"
#include "bw-held.h"
#include "bw-presence.h"
#include "bw-quota.h"

/* Names that only backends may have, as client ids and as user names. */
#define BW_RESERVED_PREFIX "bellwether"

/* The right of somebody who is not connected, by name. */
typedef struct
{
  char     username[BW_USERNAME_MAX_BYTES + 1];
  uint64_t generation;
  BwPeer   peer;
  bool     is_allowed;
} BwAbsent;

#define BW_ABSENT_SLOTS 1024

typedef struct
{
  BwBrokerDb  *db;
  BwClients    clients;
  BwPresences  presences;
  BwHeld       held;
  BwQuotas     quotas;
  BwAbsent     absent[BW_ABSENT_SLOTS];
  uint64_t     generation;       /* counts the times that the database was another */
  int64_t      poll_at_us;       /* monotonic */
  int64_t      expire_at_us;     /* monotonic */
  int64_t      save_at_us;       /* monotonic; 0: no backend has subscribed since the broker runs */
  bool         is_saved;
} BwPlugin;

int64_t bw_plugin_get_time  (void);   /* µs since 1970 */
/* A backend has subscribed: its session must not be forgotten. */
void    bw_plugin_save_soon (BwPlugin *self);

/* Callbacks of the broker: int (event, event data, BwPlugin). */
int     bw_admission_auth_cb  (int   event,
                               void *event_data,
                               void *user_data);
int     bw_admission_leave_cb (int   event,
                               void *event_data,
                               void *user_data);
int     bw_acl_check_cb       (int   event,
                               void *event_data,
                               void *user_data);

/* Sends away who has lost the right to be here. */
void    bw_admission_review_one     (BwPlugin   *self,
                                     const char *username);
void    bw_admission_review_all     (BwPlugin   *self);
void    bw_admission_review_expired (BwPlugin   *self);
