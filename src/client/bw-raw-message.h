/* bw-raw-message.h: a message of a device, letter by letter
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-mqtt-link.h"

G_BEGIN_DECLS

#define BW_TYPE_RAW_MESSAGE (bw_raw_message_get_type ())

/* Immutable. */
G_DECLARE_FINAL_TYPE (BwRawMessage, bw_raw_message, BW, RAW_MESSAGE, GObject)

typedef enum
{
  BW_RAW_FROM_DEVICE,
  BW_RAW_TO_DEVICE,      /* …/set */
  BW_RAW_ABOUT_DEVICE,   /* the broker's own word: presence */
} BwRawDirection;

/* @reason: (nullable): why it was not used. */
BwRawMessage   *bw_raw_message_new           (const BwMqttMessage *message,
                                              BwRawDirection       direction,
                                              const char          *reason,
                                              gint64               at_us);
const char     *bw_raw_message_get_topic     (BwRawMessage        *self);
gint64          bw_raw_message_get_at_us     (BwRawMessage        *self);
guint           bw_raw_message_get_qos       (BwRawMessage        *self);
/* Whether it came out of what the broker keeps. */
gboolean        bw_raw_message_get_retained  (BwRawMessage        *self);
BwRawDirection  bw_raw_message_get_direction (BwRawMessage        *self);
const char     *bw_raw_message_get_reason    (BwRawMessage        *self);
gsize           bw_raw_message_get_n_bytes   (BwRawMessage        *self);
/* About as much as it takes of the memory. */
gsize           bw_raw_message_get_size      (BwRawMessage        *self);
gboolean        bw_raw_message_is_text       (BwRawMessage        *self);

/* (transfer full): the payload, in hexadecimal when it is no UTF-8. @is_pretty: JSON with line breaks, all else as it is.
 * At most @max_bytes of it, then “…”; 0: all of it. */
char           *bw_raw_message_format        (BwRawMessage        *self,
                                              gsize                max_bytes,
                                              gboolean             is_pretty);
/* (transfer full): its beginning in one line */
char           *bw_raw_message_preview       (BwRawMessage        *self);
/* Whether the topic, the reason or the beginning of the payload holds @text, which is case-folded. */
gboolean        bw_raw_message_has_text      (BwRawMessage        *self,
                                              const char          *text);
void            bw_raw_message_to_json       (BwRawMessage        *self,
                                              GString             *out);

const char     *bw_raw_direction_to_nick     (BwRawDirection       direction);

G_END_DECLS
