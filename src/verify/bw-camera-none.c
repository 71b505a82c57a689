/* bw-camera-none.c: no GStreamer, no camera
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-verify"

#include "bw-camera-private.h"

#include "bw-error.h"

gboolean
bw_camera_is_built (void)
{
  return FALSE;
}

GPtrArray *
bw_camera_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) bw_camera_info_free);
}

void
bw_camera_run (BwCameraShared  *shared,
               GError         **error)
{
  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "this program was built without support for cameras");
}
