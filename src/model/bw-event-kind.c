/* bw-event-kind.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-event-kind.h"

static const char * const nicks[BW_N_EVENTS] = {
  [BW_EVENT_CONNECTION] = "connection",
  [BW_EVENT_STATE] = "state",
  [BW_EVENT_COMMAND] = "command",
  [BW_EVENT_NOTICE] = "notice",
  [BW_EVENT_FIRMWARE] = "firmware",
  [BW_EVENT_DESCRIPTION] = "description",
  [BW_EVENT_FIRST_SEEN] = "first-seen",
  [BW_EVENT_ADMISSION] = "admission",
  [BW_EVENT_TAG] = "tag",
  [BW_EVENT_CHANGE] = "change",
};

const char *
bw_event_kind_to_nick (BwEventKind kind)
{
  g_return_val_if_fail ((guint) kind < BW_N_EVENTS, NULL);

  return nicks[kind];
}

gboolean
bw_event_kind_from_nick (const char  *nick,
                         BwEventKind *ret_kind)
{
  for (guint i = 0; nick != NULL && i < BW_N_EVENTS; i++)
    {
      if (g_str_equal (nicks[i], nick))
        {
          *ret_kind = (BwEventKind) i;
          return TRUE;
        }
    }

  return FALSE;
}
