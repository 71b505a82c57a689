/* bw-camera-private.h: what is behind a camera
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-camera.h"

G_BEGIN_DECLS

/* Shared by a BwCamera and the thread that looks through it. */
typedef struct
{
  BwCamera     *camera;             /* (nullable): of the thread of @context alone; NULL: stopped */
  GMainContext *context;
  char         *device;             /* (nullable) */
  int           is_stopped;         /* atomic */
  int           is_frame_posted;    /* atomic: the one before was not taken yet */
  gboolean      has_ended;          /* the thread; with the lock of bw-camera.c */
} BwCameraShared;

void     bw_camera_shared_unref     (BwCameraShared *self);
gboolean bw_camera_shared_is_stopped (BwCameraShared *self);
/* On the camera's thread. */
gboolean bw_camera_shared_wants_frame (BwCameraShared *self);
void     bw_camera_shared_post_frame (BwCameraShared *self,
                                      GBytes         *pixels,
                                      guint           width,
                                      guint           height,
                                      guint           stride);
void     bw_camera_shared_post_code  (BwCameraShared *self,
                                      const char     *text);

/* Looks through the camera until it is stopped or fails: bw-camera-gst.c or, without GStreamer, bw-camera-none.c */
void     bw_camera_run              (BwCameraShared *shared,
                                     GError        **error);

BwCameraInfo *bw_camera_info_new    (const char     *id,
                                     const char     *name);
void          bw_camera_info_free   (BwCameraInfo   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwCameraShared, bw_camera_shared_unref)

G_END_DECLS
