/* fuzz-wire.c: ids, topics and privileges from anybody
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bw-device-id.h"
#include "bw-privilege.h"
#include "bw-topic.h"

#define OWNER "aaaa-bbbb-cccc-dddd"

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static void
check (bool holds)
{
  if (!holds)
    abort ();
}

static bool
lies_within (BwSlice     slice,
             const char *text,
             size_t      length)
{
  return slice.text == NULL ? slice.length == 0
                            : slice.text >= text && slice.text + slice.length <= text + length;
}

static bool
reach (void       *data,
       bool        is_company,
       const char *id)
{
  check (is_company || bw_device_id_is_canonical (id, strlen (id)));

  return true;
}

static void
fuzz_id (const char *text,
         size_t      length)
{
  char id[BW_DEVICE_ID_SIZE];
  char again[BW_DEVICE_ID_SIZE];
  char code[BW_DEVICE_CODE_SIZE];

  if (!bw_device_id_parse (text, length, id))
    {
      check (!bw_device_id_is_canonical (text, length));
      return;
    }

  check (bw_device_id_is_canonical (id, strlen (id)));
  bw_device_id_to_code (id, code);
  check (strlen (code) == BW_DEVICE_CODE_LENGTH);
  check (bw_device_id_parse (code, strlen (code), again) && strcmp (id, again) == 0);
}

static void
fuzz_topic (const char *text,
            size_t      length)
{
  BwTopic topic;

  if (!bw_topic_parse (text, length, &topic))
    return;

  check (lies_within (topic.device, text, length) && lies_within (topic.node, text, length) &&
         lies_within (topic.property, text, length) && lies_within (topic.attribute, text, length));
  check (memchr (text, '+', length) == NULL && memchr (text, '#', length) == NULL && memchr (text, '\0', length) == NULL);
}

/* What a device may publish or receive lies below its own name. */
static void
fuzz_privilege (const char *topic)
{
  static const char * const own[] = { "homie/5/" OWNER, "homie/" OWNER };

  for (int peer = BW_PEER_UNAPPROVED; peer <= BW_PEER_SERVICE; peer++)
    {
      for (int access = BW_ACCESS_PUBLISH; access <= BW_ACCESS_SUBSCRIBE; access++)
        {
          bool allowed = bw_privilege_allows ((BwPeer) peer, OWNER, (BwAccess) access, topic, reach, NULL);
          bool is_own = false;

          for (size_t i = 0; i < 2; i++)
            is_own = is_own || (strncmp (topic, own[i], strlen (own[i])) == 0 &&
                                (topic[strlen (own[i])] == '/' || topic[strlen (own[i])] == '-'));

          if (peer == BW_PEER_UNAPPROVED)
            check (!allowed || (access != BW_ACCESS_RECEIVE && (is_own || access == BW_ACCESS_SUBSCRIBE)));
          if (peer == BW_PEER_DEVICE && access == BW_ACCESS_PUBLISH)
            check (!allowed || is_own);
          if (peer == BW_PEER_SESSION)
            check (!allowed || access != BW_ACCESS_PUBLISH);
        }
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  char *text = malloc (size + 1);
  char *exact = malloc (size > 0 ? size : 1);

  check (text != NULL && exact != NULL);

  if (size > 0)
    {
      memcpy (text, data, size);
      memcpy (exact, data, size);
    }
  text[size] = '\0';

  /* not terminated, so that reading past the end is seen */
  fuzz_id (exact, size);
  fuzz_topic (exact, size);
  fuzz_privilege (text);

  free (exact);
  free (text);

  return 0;
}
