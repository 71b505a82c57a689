/* bw-event-kind.h: what can happen to a device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The numbers stand in databases: new ones go to the end. */
typedef enum
{
  BW_EVENT_CONNECTION,    /* it came or went */
  BW_EVENT_STATE,         /* its own state is another */
  BW_EVENT_COMMAND,       /* a set has ended, well or not */
  BW_EVENT_NOTICE,        /* what it said of itself: $log, $alert */
  BW_EVENT_FIRMWARE,      /* product or version are others */
  BW_EVENT_DESCRIPTION,   /* nodes or properties are others */
  BW_EVENT_FIRST_SEEN,
  BW_N_STORED_EVENTS,

  /* out of the audit log */
  BW_EVENT_ADMISSION = BW_N_STORED_EVENTS,   /* approve, unapprove, block, unblock */
  BW_EVENT_TAG,
  BW_EVENT_CHANGE,        /* anything else that somebody did to it */
  BW_N_EVENTS
} BwEventKind;

const char *bw_event_kind_to_nick   (BwEventKind  kind);
gboolean    bw_event_kind_from_nick (const char  *nick,
                                     BwEventKind *ret_kind);

G_END_DECLS
