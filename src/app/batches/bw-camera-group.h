/* bw-camera-group.h: a camera, switched on and chosen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BW_TYPE_CAMERA_GROUP (bw_camera_group_get_type ())

/* Not to be seen where the program has no support for cameras. Off again when it leaves the screen.
 *
 * Signal: code (const char *text): a code came into view */
G_DECLARE_FINAL_TYPE (BwCameraGroup, bw_camera_group, BW, CAMERA_GROUP, AdwPreferencesGroup)

G_END_DECLS
