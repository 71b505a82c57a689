/* bw-camera.h: codes that pass before a camera
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define BW_TYPE_CAMERA (bw_camera_get_type ())

/* Looks through a camera until it is stopped, let go of, or fails. Nothing is recorded: one picture at a time
 * is in memory. GStreamer runs on a thread of its own; signals come in the main context of
 * the thread that started it:
 *
 *   frame (GBytes *pixels, guint width, guint height, guint stride)   red, green, blue; the newest one, as it can be shown
 *   code (const char *text)                                           a code came into view
 *   failed (GError *error)                                            the last one. BW_ERROR: not found, no camera;
 *                                                                     conflict, another program has it; unavailable,
 *                                                                     it was lost; invalid, anything else */
G_DECLARE_FINAL_TYPE (BwCamera, bw_camera, BW, CAMERA, GObject)

typedef struct
{
  char *id;      /* for bw_camera_new() */
  char *name;    /* for people */
} BwCameraInfo;

/* A device that begins so is the description of a GStreamer source, as gst-launch-1.0 takes it. One that
 * stands in the environment as BELLWETHER_CAMERA_PIPELINE is the first of all cameras. */
#define BW_CAMERA_PIPELINE "pipeline:"

/* FALSE: there is no support for cameras in this program, and all fails. */
gboolean   bw_camera_is_built (void);

/* Blocks for a moment. (transfer full) (element-type BwCameraInfo) */
GPtrArray *bw_camera_list     (void);

/* @device: (nullable): an id or a name; NULL: the first one */
BwCamera  *bw_camera_new      (const char *device);
void       bw_camera_start    (BwCamera   *self);
/* No signal comes after it. */
void       bw_camera_stop     (BwCamera   *self);
/* Blocks until cameras that were stopped are let go of, or a few seconds: before a program ends. */
void       bw_camera_wait     (void);

G_END_DECLS
