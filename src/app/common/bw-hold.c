/* bw-hold.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-hold.h"

#include <gio/gio.h>

void
bw_hold_application (gboolean hold)
{
  GApplication *application = g_application_get_default ();

  if (application == NULL)
    return;

  if (hold)
    g_application_hold (application);
  else
    g_application_release (application);
}
