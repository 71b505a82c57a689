/* bw-topic.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-topic.h"

#include "bw-device-id.h"

#include <string.h>

/* Homie says nothing about a length; brokers end at 65,535 bytes in all. */
#define ID_MAX_BYTES        64
#define ATTRIBUTE_MAX_BYTES 256

typedef struct
{
  const char *at;    /* NULL: the last level has been taken */
  const char *end;
} Cursor;

/* Takes the next level; there is none, or an empty one: false. */
static bool
take_level (Cursor  *cursor,
            BwSlice *ret_level)
{
  const char *slash;

  if (cursor->at == NULL || cursor->at == cursor->end)
    return false;

  slash = memchr (cursor->at, '/', (size_t) (cursor->end - cursor->at));
  ret_level->text = cursor->at;
  ret_level->length = (size_t) ((slash != NULL ? slash : cursor->end) - cursor->at);
  cursor->at = slash != NULL ? slash + 1 : NULL;

  return ret_level->length > 0;
}

static bool
level_is (BwSlice     level,
          const char *expected)
{
  return level.length == strlen (expected) && memcmp (level.text, expected, level.length) == 0;
}

/* Device ids: as Homie 5 has them. */
static bool
is_device_level (BwSlice level)
{
  if (level.length == 0 || level.length > ID_MAX_BYTES)
    return false;

  for (size_t i = 0; i < level.length; i++)
    {
      char c = level.text[i];

      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
        return false;
    }

  return true;
}

/* Node, property and company ids: published firmwares use upper case and `_`. */
static bool
is_id_level (BwSlice level)
{
  if (level.length == 0 || level.length > ID_MAX_BYTES)
    return false;

  for (size_t i = 0; i < level.length; i++)
    {
      char c = level.text[i];

      if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '-' || c == '_'))
        return false;
    }

  return true;
}

/* The rest of a topic from a `$` on: `$state`, `$fw/version`, `$log/error`. */
static bool
take_attribute (Cursor  *cursor,
                BwSlice  first,
                BwSlice *ret_attribute)
{
  BwSlice rest = { first.text, (size_t) (cursor->end - first.text) };
  bool after_slash = false;

  if (first.length < 2 || rest.length > ATTRIBUTE_MAX_BYTES)
    return false;

  for (size_t i = 0; i < rest.length; i++)
    {
      unsigned char c = (unsigned char) rest.text[i];

      if (c <= ' ' || c == 0x7f || c == '+' || c == '#' || (c == '/' && after_slash))
        return false;

      after_slash = c == '/';
    }

  if (after_slash)
    return false;

  cursor->at = NULL;
  *ret_attribute = rest;

  return true;
}

/* …/<node>/<property>, with what may follow it */
static bool
parse_property (Cursor  *cursor,
                BwTopic *topic)
{
  BwSlice level;

  topic->kind = BW_TOPIC_VALUE;
  if (cursor->at == NULL)
    return true;

  if (!take_level (cursor, &level))
    return false;

  if (level.text[0] == '$')
    {
      topic->kind = level_is (level, "$target") && cursor->at == NULL ? BW_TOPIC_TARGET
                                                                     : BW_TOPIC_PROPERTY_ATTRIBUTE;
      return take_attribute (cursor, level, &topic->attribute);
    }

  topic->kind = BW_TOPIC_SET;

  return level_is (level, "set") && cursor->at == NULL;
}

/* what follows `homie/<device>` or `homie/5/<device>` */
static bool
parse_below_device (Cursor  *cursor,
                    BwTopic *topic)
{
  BwSlice level;

  if (!take_level (cursor, &level))
    return false;

  if (level.text[0] == '$')
    {
      topic->kind = BW_TOPIC_DEVICE_ATTRIBUTE;
      return take_attribute (cursor, level, &topic->attribute);
    }

  if (!is_id_level (level))
    return false;
  topic->node = level;

  if (!take_level (cursor, &level))
    return false;

  if (level.text[0] == '$')
    {
      topic->kind = BW_TOPIC_NODE_ATTRIBUTE;
      return take_attribute (cursor, level, &topic->attribute);
    }

  if (!is_id_level (level))
    return false;
  topic->property = level;

  return parse_property (cursor, topic);
}

static bool
parse_homie (Cursor  *cursor,
             BwTopic *topic)
{
  BwSlice level;

  if (!take_level (cursor, &level))
    return false;

  topic->root = BW_TOPIC_HOMIE_3_4;

  /* no device of ours can be called 5 */
  if (level_is (level, "5"))
    {
      topic->root = BW_TOPIC_HOMIE_5;
      if (!take_level (cursor, &level))
        return false;
    }

  if (level_is (level, "$broadcast"))
    {
      topic->kind = BW_TOPIC_BROADCAST;
      return cursor->at != NULL && take_attribute (cursor, level, &topic->attribute);
    }

  if (!is_device_level (level))
    return false;
  topic->device = level;

  return parse_below_device (cursor, topic);
}

static bool
parse_own (Cursor  *cursor,
           BwTopic *topic)
{
  BwSlice level;

  topic->kind = BW_TOPIC_DEVICE;

  if (!take_level (cursor, &level))
    return false;

  if (level_is (level, "presence"))
    topic->root = BW_TOPIC_PRESENCE;
  else if (level_is (level, "changes"))
    topic->root = BW_TOPIC_CHANGES;
  else
    return false;

  if (!take_level (cursor, &topic->device) || cursor->at != NULL)
    return false;

  if (topic->root == BW_TOPIC_PRESENCE)
    return bw_device_id_is_canonical (topic->device.text, topic->device.length);

  return is_id_level (topic->device);
}

bool
bw_topic_parse (const char *topic,
                size_t      length,
                BwTopic    *ret_topic)
{
  Cursor cursor = { topic, topic + length };
  BwTopic parsed = { 0 };
  BwSlice level;
  bool ok;

  if (length == 0 || !take_level (&cursor, &level))
    return false;

  if (level_is (level, "homie"))
    ok = parse_homie (&cursor, &parsed);
  else if (level_is (level, "bellwether"))
    ok = parse_own (&cursor, &parsed);
  else
    ok = false;

  if (ok)
    *ret_topic = parsed;

  return ok;
}

bool
bw_topic_device_belongs_to (BwSlice     device,
                            const char *owner)
{
  size_t length = strlen (owner);

  if (length == 0 || device.length < length || memcmp (device.text, owner, length) != 0)
    return false;

  /* a child has a name of its own behind the dash */
  return device.length == length || (device.length > length + 1 && device.text[length] == '-');
}
