/* bw-camera-gst.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-verify"

#include "bw-camera-private.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <string.h>

#include "bw-code-scanner.h"
#include "bw-error.h"

/* So often the thread looks whether it is to stop. */
#define POLL_MS 100

/* A camera without a picture for so long gives none. */
#define FIRST_FRAME_US (15 * G_USEC_PER_SEC)
#define NEXT_FRAME_US  (5 * G_USEC_PER_SEC)

/* A code that was not seen for so long was away, and is told again. */
#define AWAY_US (5 * G_USEC_PER_SEC)

/* Codes that are remembered as being in view. */
#define MAX_IN_VIEW 1024

/* Parts that are looked at closely one after the other: so many along a side, each a third as wide and high. */
#define N_PARTS 4
#define PART_OF 3

/* A larger picture has pixels enough as it is. */
#define ENLARGED_MAX_PIXELS (2100 * 1000)

/* A camera chooses the best of these that it has. Full HD is enough for labels, and quick. */
#define CAPS "video/x-raw,width=[160,1920],height=[120,1200];image/jpeg,width=[160,1920],height=[120,1200]"

/* The sink keeps the newest picture alone. */
#define SINK "videoconvert ! video/x-raw,format=RGB ! appsink name=bw-sink max-buffers=1 drop=true"

typedef struct
{
  BwCameraShared *shared;
  BwCodeScanner  *scanner;
  GHashTable     *in_view;     /* text -> gint64 *: when it was last seen */
  gint64          seen_at;     /* the last picture, or the beginning */
  guint           n_frames;
} Eye;

gboolean
bw_camera_is_built (void)
{
  return TRUE;
}

/* (transfer full) (element-type GstDevice) */
static GList *
get_devices (void)
{
  g_autoptr(GstDeviceMonitor) monitor = gst_device_monitor_new ();
  GList *devices;

  gst_device_monitor_add_filter (monitor, "Video/Source", NULL);
  if (!gst_device_monitor_start (monitor))
    return NULL;

  devices = gst_device_monitor_get_devices (monitor);
  gst_device_monitor_stop (monitor);

  return devices;
}

static BwCameraInfo *
info_new_from_device (GstDevice *device)
{
  g_autoptr(GstStructure) properties = gst_device_get_properties (device);
  g_autofree char *name = gst_device_get_display_name (device);
  const char *path = NULL;

  if (properties != NULL && (path = gst_structure_get_string (properties, "device.path")) == NULL)
    path = gst_structure_get_string (properties, "api.v4l2.path");

  return bw_camera_info_new (path != NULL ? path : name, name);
}

GPtrArray *
bw_camera_list (void)
{
  GPtrArray *infos = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_camera_info_free);
  const char *description = g_getenv ("BELLWETHER_CAMERA_PIPELINE");
  GList *devices;

  if (!gst_init_check (NULL, NULL, NULL))
    return infos;

  if (description != NULL)
    {
      g_autofree char *id = g_strconcat (BW_CAMERA_PIPELINE, description, NULL);

      g_ptr_array_add (infos, bw_camera_info_new (id, description));
    }

  devices = get_devices ();
  for (GList *l = devices; l != NULL; l = l->next)
    g_ptr_array_add (infos, info_new_from_device (l->data));
  g_list_free_full (devices, gst_object_unref);

  return infos;
}

static GstElement *
build_description (const char  *description,
                   GError     **error)
{
  g_autofree char *all = g_strconcat (description, " ! " SINK, NULL);
  g_autoptr(GError) parse_error = NULL;
  GstElement *pipeline = gst_parse_launch_full (all, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &parse_error);

  /* one element alone is no pipeline */
  if (pipeline != NULL && GST_IS_BIN (pipeline))
    return pipeline;

  g_clear_pointer (&pipeline, gst_object_unref);
  g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the pipeline of the camera cannot be built: %s",
               parse_error != NULL ? parse_error->message : "it has no parts");

  return NULL;
}

static GstElement *
build_device (const char  *wanted,
              GError     **error)
{
  g_autoptr(GstElement) filter = NULL;
  GstElement *pipeline = NULL;
  GstElement *source = NULL;
  GList *devices = get_devices ();

  for (GList *l = devices; l != NULL && source == NULL; l = l->next)
    {
      BwCameraInfo *info = info_new_from_device (l->data);

      if (wanted == NULL || strcmp (wanted, info->id) == 0 || strcmp (wanted, info->name) == 0)
        source = gst_device_create_element (l->data, "bw-source");
      bw_camera_info_free (info);
    }
  g_list_free_full (devices, gst_object_unref);

  if (source == NULL)
    {
      if (wanted == NULL)
        g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no camera");
      else
        g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no camera “%s”", wanted);
      return NULL;
    }

  pipeline = build_description ("capsfilter name=bw-in caps=\"" CAPS "\" ! decodebin", error);
  if (pipeline == NULL)
    {
      gst_object_unref (source);
      return NULL;
    }

  gst_bin_add (GST_BIN (pipeline), source);
  filter = gst_bin_get_by_name (GST_BIN (pipeline), "bw-in");
  gst_element_link (source, filter);

  return pipeline;
}

static GstElement *
build_pipeline (const char  *device,
                GError     **error)
{
  const char *description = g_getenv ("BELLWETHER_CAMERA_PIPELINE");

  if (device != NULL && g_str_has_prefix (device, BW_CAMERA_PIPELINE))
    return build_description (device + strlen (BW_CAMERA_PIPELINE), error);
  if (device == NULL && description != NULL)
    return build_description (description, error);

  return build_device (device, error);
}

static gboolean
is_away (gpointer key,
         gpointer value,
         gpointer now)
{
  return *(gint64 *) now - *(gint64 *) value > AWAY_US;
}

static void
see_code (Eye        *eye,
          const char *text)
{
  gint64 now = g_get_monotonic_time ();
  gint64 *seen = g_hash_table_lookup (eye->in_view, text);

  if (seen == NULL && g_hash_table_size (eye->in_view) >= MAX_IN_VIEW)
    {
      g_hash_table_foreach_remove (eye->in_view, is_away, &now);

      /* It is told when there is room: else it would be so with each picture. */
      if (g_hash_table_size (eye->in_view) >= MAX_IN_VIEW)
        return;
    }

  if (seen == NULL || is_away (NULL, seen, &now))
    bw_camera_shared_post_code (eye->shared, text);

  if (seen != NULL)
    *seen = now;
  else
    g_hash_table_insert (eye->in_view, g_strdup (text), g_memdup2 (&now, sizeof now));
}

/* zbar misses codes in a picture with many of them, and small ones: each second time it is shown a part, enlarged,
 * and each round at another size. */
static BwGray *
create_part (const BwGray *image,
             guint         number)
{
  static const double sizes[] = { 1.0, 0.7, 1.4 };
  double scale = sizes[number / (N_PARTS * N_PARTS) % G_N_ELEMENTS (sizes)] *
                 ((gsize) image->width * image->height <= ENLARGED_MAX_PIXELS ? 0.5 : 1.0);
  double width = (double) image->width / PART_OF;
  double height = (double) image->height / PART_OF;
  BwGray *part = bw_gray_new ((guint) MAX (width / scale, 1), (guint) MAX (height / scale, 1));
  cairo_matrix_t to_image;

  cairo_matrix_init (&to_image, scale, 0, 0, scale,
                     number % N_PARTS * (image->width - width) / (N_PARTS - 1),
                     number / N_PARTS % N_PARTS * (image->height - height) / (N_PARTS - 1));
  bw_gray_sample (part, image, &to_image);

  return part;
}

static void
look_for_codes (Eye          *eye,
                const BwGray *image)
{
  guint n = eye->n_frames++;
  g_autoptr(BwGray) part = n % 2 == 1 ? create_part (image, n / 2) : NULL;
  g_autoptr(GArray) codes = bw_code_scanner_scan (eye->scanner, part != NULL ? part : image);

  for (guint i = 0; i < codes->len; i++)
    see_code (eye, g_array_index (codes, BwCode, i).text);
}

static BwGray *
rgb_to_gray (const guchar *rows,
             guint         width,
             guint         height,
             gsize         stride)
{
  BwGray *gray = bw_gray_new (width, height);
  guchar *to = gray->pixels;

  for (guint y = 0; y < height; y++)
    {
      const guchar *from = rows + y * stride;

      for (guint x = 0; x < width; x++, from += 3)
        *to++ = (guchar) ((from[0] * 77u + from[1] * 151u + from[2] * 28u) >> 8);
    }

  return gray;
}

/* Looks at a picture, and notes when that was. One that is not whole is passed over. */
static gboolean
take_sample (Eye        *eye,
             GstSample  *sample,
             GError    **error)
{
  g_autoptr(BwGray) gray = NULL;
  GstVideoFrame frame;
  GstVideoInfo info;
  guint width, height;
  gsize stride;

  if (!gst_video_info_from_caps (&info, gst_sample_get_caps (sample)))
    return TRUE;

  width = (guint) GST_VIDEO_INFO_WIDTH (&info);
  height = (guint) GST_VIDEO_INFO_HEIGHT (&info);
  if (width < 1 || height < 1 || (gint64) width * height > BW_GRAY_MAX_PIXELS)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the camera's pictures have %u × %u pixels, which is too much",
                   width, height);
      return FALSE;
    }

  if (!gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    return TRUE;

  stride = (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0);
  if (bw_camera_shared_wants_frame (eye->shared))
    {
      g_autoptr(GBytes) pixels = g_bytes_new (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
                                              stride * (height - 1) + (gsize) width * 3);

      bw_camera_shared_post_frame (eye->shared, pixels, width, height, (guint) stride);
    }
  gray = rgb_to_gray (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0), width, height, stride);
  gst_video_frame_unmap (&frame);

  look_for_codes (eye, gray);
  eye->seen_at = g_get_monotonic_time ();

  return TRUE;
}

/* Says why, when GStreamer gave a reason. */
static gboolean
take_failure (Eye     *eye,
              GstBus  *bus,
              GError **error)
{
  g_autoptr(GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_autoptr(GError) reason = NULL;

  if (message == NULL)
    return FALSE;

  gst_message_parse_error (message, &reason, NULL);
  if (g_error_matches (reason, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "the camera is used by another program");
  else if (eye->n_frames > 0)
    g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the camera was lost: %s", reason->message);
  else
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the camera gives no picture: %s", reason->message);

  return TRUE;
}

static void
watch (Eye         *eye,
       GstElement  *pipeline,
       GstAppSink  *sink,
       GError     **error)
{
  g_autoptr(GstBus) bus = gst_element_get_bus (pipeline);

  eye->seen_at = g_get_monotonic_time ();
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (!bw_camera_shared_is_stopped (eye->shared))
    {
      g_autoptr(GstSample) sample = gst_app_sink_try_pull_sample (sink, POLL_MS * GST_MSECOND);

      if (sample != NULL && !take_sample (eye, sample, error))
        return;

      if (take_failure (eye, bus, error))
        return;

      if (gst_app_sink_is_eos (sink) ||
          g_get_monotonic_time () - eye->seen_at > (eye->n_frames > 0 ? NEXT_FRAME_US : FIRST_FRAME_US))
        {
          g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the camera gives no more pictures");
          return;
        }
    }
}

void
bw_camera_run (BwCameraShared  *shared,
               GError         **error)
{
  g_autoptr(GError) init_error = NULL;
  Eye eye = { .shared = shared };
  GstElement *pipeline, *sink;

  if (!gst_init_check (NULL, NULL, &init_error))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "GStreamer does not start: %s",
                   init_error != NULL ? init_error->message : "it gives no reason");
      return;
    }

  pipeline = build_pipeline (shared->device, error);
  if (pipeline == NULL)
    return;

  eye.scanner = bw_code_scanner_new ();
  eye.in_view = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "bw-sink");
  watch (&eye, pipeline, GST_APP_SINK (sink), error);

  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
  g_hash_table_unref (eye.in_view);
  bw_code_scanner_free (eye.scanner);
}
