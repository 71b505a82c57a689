/* bw-privilege.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-privilege.h"

#include "bw-device-id.h"
#include "bw-topic.h"

#include <string.h>

/* Company ids are short; a longer one is nobody's. */
#define COMPANY_ID_MAX_BYTES 32

static bool
starts_with (const char *text,
             const char *prefix)
{
  return strncmp (text, prefix, strlen (prefix)) == 0;
}

/* The device whose topics a filter asks for: `homie/<device>/…` or
 * `homie/5/<device>/…` with anything behind it, but the device itself named in
 * full. `$share/…` is none: who shares a subscription takes messages from others. */
static bool
get_filter_device (const char *filter,
                   BwSlice    *ret_device)
{
  const char *slash;

  if (!starts_with (filter, "homie/"))
    return false;
  filter += strlen ("homie/");
  if (starts_with (filter, "5/"))
    filter += strlen ("5/");

  slash = strchr (filter, '/');
  if (slash == NULL || slash == filter || slash[1] == '\0')
    return false;

  ret_device->text = filter;
  ret_device->length = (size_t) (slash - filter);

  return memchr (filter, '+', ret_device->length) == NULL &&
         memchr (filter, '#', ret_device->length) == NULL;
}

static bool
is_broadcast_filter (const char *filter)
{
  return starts_with (filter, "homie/5/$broadcast/") || starts_with (filter, "homie/$broadcast/");
}

static bool
device_allows (bool        approved,
               const char *id,
               BwAccess    access,
               const char *topic)
{
  BwTopic parsed;
  BwSlice device;

  if (access == BW_ACCESS_SUBSCRIBE)
    return is_broadcast_filter (topic) ||
           (get_filter_device (topic, &device) && bw_topic_device_belongs_to (device, id));

  if (access == BW_ACCESS_RECEIVE && !approved)
    return false;

  if (!bw_topic_parse (topic, strlen (topic), &parsed))
    return false;

  if (parsed.kind == BW_TOPIC_BROADCAST)
    return access == BW_ACCESS_RECEIVE;

  if ((parsed.root != BW_TOPIC_HOMIE_5 && parsed.root != BW_TOPIC_HOMIE_3_4) ||
      !bw_topic_device_belongs_to (parsed.device, id))
    return false;

  /* what it said itself a device may hear again: some read their last values back */
  if (access == BW_ACCESS_RECEIVE)
    return true;

  switch (parsed.kind)
    {
    case BW_TOPIC_DEVICE_ATTRIBUTE:
    case BW_TOPIC_NODE_ATTRIBUTE:
    case BW_TOPIC_PROPERTY_ATTRIBUTE:
      return true;

    case BW_TOPIC_VALUE:
    case BW_TOPIC_TARGET:
      return approved;

    case BW_TOPIC_DEVICE:
    case BW_TOPIC_SET:
    case BW_TOPIC_BROADCAST:
    default:
      return false;
    }
}

/* The device itself, or the gateway of a child. */
static bool
reaches_device (BwSlice     device,
                BwReachFunc reach,
                void       *reach_data)
{
  char id[BW_DEVICE_ID_SIZE];

  if (device.length < BW_DEVICE_ID_LENGTH ||
      !bw_device_id_is_canonical (device.text, BW_DEVICE_ID_LENGTH))
    return false;

  memcpy (id, device.text, BW_DEVICE_ID_LENGTH);
  id[BW_DEVICE_ID_LENGTH] = '\0';

  return bw_topic_device_belongs_to (device, id) && reach (reach_data, false, id);
}

static bool
reaches_company (BwSlice     company,
                 BwReachFunc reach,
                 void       *reach_data)
{
  char id[COMPANY_ID_MAX_BYTES + 1];

  if (company.length > COMPANY_ID_MAX_BYTES)
    return false;

  memcpy (id, company.text, company.length);
  id[company.length] = '\0';

  return reach (reach_data, true, id);
}

static bool
session_allows (BwAccess    access,
                const char *topic,
                BwReachFunc reach,
                void       *reach_data)
{
  BwTopic parsed;
  BwSlice device;

  /* people act through the HTTP API, where it is checked and written down */
  if (access == BW_ACCESS_PUBLISH || reach == NULL)
    return false;

  if (access == BW_ACCESS_SUBSCRIBE && get_filter_device (topic, &device))
    return reaches_device (device, reach, reach_data);

  /* our own topics are named in full, so a filter parses as a topic does */
  if (!bw_topic_parse (topic, strlen (topic), &parsed))
    return false;

  if (parsed.root == BW_TOPIC_CHANGES)
    return reaches_company (parsed.device, reach, reach_data);

  if (parsed.kind == BW_TOPIC_BROADCAST)
    return false;

  return reaches_device (parsed.device, reach, reach_data);
}

bool
bw_privilege_allows (BwPeer      peer,
                     const char *username,
                     BwAccess    access,
                     const char *topic,
                     BwReachFunc reach,
                     void       *reach_data)
{
  if (username == NULL || *username == '\0' || topic == NULL)
    return false;

  switch (peer)
    {
    case BW_PEER_UNAPPROVED:
      return device_allows (false, username, access, topic);

    case BW_PEER_DEVICE:
      return device_allows (true, username, access, topic);

    case BW_PEER_SESSION:
      return session_allows (access, topic, reach, reach_data);

    case BW_PEER_SERVICE:
      return true;

    default:
      return false;
    }
}
