/* bw-topic.h: the grammar of the topics Bellwether knows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Our own topics. */
#define BW_TOPIC_PRESENCE_PREFIX "bellwether/presence/"   /* + device id; retained; the plugin writes it */
#define BW_TOPIC_CHANGES_PREFIX  "bellwether/changes/"    /* + company id; the backend writes it */


typedef enum
{
  BW_TOPIC_HOMIE_5,     /* homie/5/<device>/… */
  BW_TOPIC_HOMIE_3_4,   /* homie/<device>/… */
  BW_TOPIC_PRESENCE,    /* bellwether/presence/<device> */
  BW_TOPIC_CHANGES,     /* bellwether/changes/<company>: the company is in .device */
} BwTopicRoot;

typedef enum
{
  BW_TOPIC_DEVICE,               /* the bare device level: presence, changes */
  BW_TOPIC_DEVICE_ATTRIBUTE,     /* …/$state, …/$fw/version: .attribute is all from the first $ on */
  BW_TOPIC_NODE_ATTRIBUTE,       /* …/<node>/$properties */
  BW_TOPIC_PROPERTY_ATTRIBUTE,   /* …/<node>/<property>/$datatype */
  BW_TOPIC_VALUE,                /* …/<node>/<property> */
  BW_TOPIC_SET,                  /* …/<node>/<property>/set */
  BW_TOPIC_TARGET,               /* …/<node>/<property>/$target */
  BW_TOPIC_BROADCAST,            /* homie/5/$broadcast/…, homie/$broadcast/… : no device */
} BwTopicKind;

/* Slices of the topic that was parsed; not terminated, valid as long as it. */
typedef struct
{
  const char *text;
  size_t      length;
} BwSlice;

typedef struct
{
  BwTopicRoot root;
  BwTopicKind kind;
  BwSlice     device;
  BwSlice     node;
  BwSlice     property;
  BwSlice     attribute;
} BwTopic;

/* Parses a topic name (no wildcards). False: not one of ours, or against the
 * grammar (Homie ids are [a-z0-9-] and at most 64 bytes; upper case and `_` are
 * accepted in node and property ids because published firmwares use them). */
bool bw_topic_parse (const char *topic,
                     size_t      length,
                     BwTopic    *ret_topic);

/* Whether @device is @owner itself or one of its children: a Homie 5 gateway's
 * children have ids that begin with its own and a dash. */
bool bw_topic_device_belongs_to (BwSlice     device,
                                 const char *owner);
