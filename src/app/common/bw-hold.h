/* bw-hold.h: work that goes on over the last window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The program does not end between a call with TRUE and its other one with FALSE. In a test without an
 * application: nothing. */
void bw_hold_application (gboolean hold);

G_END_DECLS
