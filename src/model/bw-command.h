/* bw-command.h: a value that somebody wants a device to take
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-record.h"

G_BEGIN_DECLS

typedef enum
{
  BW_COMMAND_WANTED,      /* accepted by the backend */
  BW_COMMAND_SENT,        /* the broker has acknowledged it */
  BW_COMMAND_CONFIRMED,   /* the device's echo means the same */
  BW_COMMAND_FAILED,      /* the reason says why: the device's own words, or "timed out" */
} BwCommandState;

const char    *bw_command_state_to_nick   (BwCommandState  state);
BwCommandState bw_command_state_from_nick (const char     *nick);

#define BW_TYPE_COMMAND (bw_command_get_type ())

G_DECLARE_FINAL_TYPE (BwCommand, bw_command, BW, COMMAND, BwRecord)

/* Properties: device-id, node, property, value, reason (strings), state (uint), created-at-us, updated-at-us */
BwCommand     *bw_command_new           (void);
const char    *bw_command_get_device_id (BwCommand *self);
const char    *bw_command_get_node      (BwCommand *self);
const char    *bw_command_get_property  (BwCommand *self);
const char    *bw_command_get_value     (BwCommand *self);
const char    *bw_command_get_reason    (BwCommand *self);   /* (nullable) */
BwCommandState bw_command_get_state     (BwCommand *self);

G_END_DECLS
