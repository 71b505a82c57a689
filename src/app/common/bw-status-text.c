/* bw-status-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-status-text.h"

#include <glib/gi18n.h>

const char *
bw_status_to_text (BwStatus status)
{
  switch (status)
    {
    case BW_STATUS_NEW:
      return C_("device status", "New");

    case BW_STATUS_LABELLED:
      return C_("device status", "Labelled");

    case BW_STATUS_FLASHED:
      return C_("device status", "Flashed");

    case BW_STATUS_AWAITING_APPROVAL:
      return C_("device status", "Awaiting approval");

    case BW_STATUS_PAIRING:
      return C_("device status", "Pairing");

    case BW_STATUS_PAIRED:
      return C_("device status", "Paired");

    case BW_STATUS_BLOCKED:
      return C_("device status", "Blocked");

    case BW_STATUS_RETIRED:
      return C_("device status", "Retired");

    default:
      return "—";
    }
}

const char *
bw_state_to_text (BwState state)
{
  switch (state)
    {
    case BW_STATE_NOT_CONNECTED:
      return C_("device state", "Not connected");

    case BW_STATE_INIT:
      return C_("device state", "Starting");

    case BW_STATE_READY:
      return C_("device state", "Ready");

    case BW_STATE_DISCONNECTED:
      return C_("device state", "Disconnected");

    case BW_STATE_SLEEPING:
      return C_("device state", "Sleeping");

    case BW_STATE_LOST:
      return C_("device state", "Lost");

    case BW_STATE_ALERT:
      return C_("device state", "Alert");

    default:
      return "—";
    }
}

const char *
bw_status_to_css_class (BwStatus status)
{
  switch (status)
    {
    case BW_STATUS_AWAITING_APPROVAL:
      return "accent";

    case BW_STATUS_BLOCKED:
      return "error";

    case BW_STATUS_RETIRED:
      return "dim-label";

    case BW_STATUS_NEW:
    case BW_STATUS_LABELLED:
    case BW_STATUS_FLASHED:
    case BW_STATUS_PAIRING:
    case BW_STATUS_PAIRED:
    default:
      return NULL;
    }
}

const char *
bw_state_to_css_class (BwState state)
{
  switch (state)
    {
    case BW_STATE_READY:
      return "success";

    case BW_STATE_LOST:
    case BW_STATE_ALERT:
      return "error";

    case BW_STATE_INIT:
      return "warning";

    case BW_STATE_NOT_CONNECTED:
    case BW_STATE_DISCONNECTED:
    case BW_STATE_SLEEPING:
      return "dim-label";

    default:
      return NULL;
    }
}
