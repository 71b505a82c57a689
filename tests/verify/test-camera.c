/* test-camera.c: labels of our own before a camera that GStreamer plays
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-camera.h"

#include <string.h>

#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-test-sheets.h"
#include "bw-test.h"

#define STOCK "L7160"
#define N_LABELS 21

typedef struct
{
  GPtrArray *codes;        /* (element-type utf8) */
  guint      n_frames;
  guint      n_wanted;     /* frames, before has_frames() */
  guint      width;
  guint      height;
  guchar     darkest;
  GError    *error;
} Seen;

static char *folder;
static guint16 port;

static void
frame_cb (BwCamera *camera,
          GBytes   *pixels,
          guint     width,
          guint     height,
          guint     stride,
          Seen     *seen)
{
  const guchar *bytes = g_bytes_get_data (pixels, NULL);

  g_assert_cmpuint (g_bytes_get_size (pixels), >=, (gsize) stride * (height - 1) + (gsize) width * 3);
  g_assert_cmpuint (stride, >=, width * 3);
  seen->n_frames++;
  seen->width = width;
  seen->height = height;
  seen->darkest = 255;
  for (guint y = 0; y < height; y++)
    {
      for (guint x = 0; x < width; x++)
        seen->darkest = MIN (seen->darkest, bytes[(gsize) y * stride + (gsize) x * 3]);
    }
}

static void
code_cb (BwCamera   *camera,
         const char *text,
         Seen       *seen)
{
  g_ptr_array_add (seen->codes, g_strdup (text));
}

static void
failed_cb (BwCamera *camera,
           GError   *error,
           Seen     *seen)
{
  g_assert_null (seen->error);
  seen->error = g_error_copy (error);
}

static BwCamera *
look (const char *device,
      Seen       *seen)
{
  BwCamera *camera = bw_camera_new (device);

  *seen = (Seen) { .codes = g_ptr_array_new_with_free_func (g_free) };
  g_signal_connect (camera, "frame", G_CALLBACK (frame_cb), seen);
  g_signal_connect (camera, "code", G_CALLBACK (code_cb), seen);
  g_signal_connect (camera, "failed", G_CALLBACK (failed_cb), seen);
  bw_camera_start (camera);

  return camera;
}

static void
clear (Seen *seen)
{
  g_ptr_array_unref (seen->codes);
  g_clear_error (&seen->error);
}

/* (transfer full): of the labels */
static GHashTable *
dup_wanted (void)
{
  GHashTable *wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < N_LABELS; i++)
    {
      g_autofree char *id = bw_test_make_id (i);
      char code[BW_DEVICE_CODE_SIZE];

      bw_device_id_to_code (id, code);
      g_hash_table_add (wanted, g_strdup (code));
    }

  return wanted;
}

/* What the camera loses out of sight for a while, on a busy machine, it tells again. */
static gboolean
has_all_codes (gpointer data)
{
  Seen *seen = data;
  g_autoptr(GHashTable) wanted = dup_wanted ();

  for (guint i = 0; i < seen->codes->len; i++)
    g_hash_table_remove (wanted, g_ptr_array_index (seen->codes, i));

  return seen->error != NULL || g_hash_table_size (wanted) == 0;
}

static gboolean
has_frames (gpointer data)
{
  Seen *seen = data;

  return seen->error != NULL || seen->n_frames >= seen->n_wanted;
}

static gboolean
has_failed (gpointer data)
{
  return ((Seen *) data)->error != NULL;
}

static void
wait_for_frames (Seen  *seen,
                 guint  n)
{
  seen->n_wanted = n;
  bw_test_wait_for (has_frames, seen);
  g_assert_no_error (seen->error);
}

/* A picture that stands still before the camera. */
static char *
show (const char *name,
      BwGray     *image)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  bw_test_save (image, path, "png");

  return g_strdup_printf (BW_CAMERA_PIPELINE "filesrc location=%s ! pngdec ! imagefreeze", path);
}

static BwGray *
print_labels (void)
{
  g_autoptr(BwSheet) sheet = bw_test_sheet_new (bw_stock_find (STOCK, NULL), 0, N_LABELS, 1);
  g_autoptr(BwGray) page = bw_test_sheet_render (sheet, 0);

  /* as large as a camera shows it */
  return bw_test_transform (page, 0, 0, 0, 1, 200);
}

static void
test_labels (void)
{
  g_autoptr(BwGray) image = print_labels ();
  g_autofree char *device = show ("labels.png", image);
  g_autoptr(BwCamera) camera = NULL;
  g_autoptr(GHashTable) wanted = dup_wanted ();
  Seen seen;

  camera = look (device, &seen);
  bw_test_wait_for (has_all_codes, &seen);
  g_assert_no_error (seen.error);
  g_assert_cmpuint (seen.n_frames, >, 0);
  g_assert_cmpuint (seen.width, ==, image->width);
  g_assert_cmpuint (seen.height, ==, image->height);
  g_assert_cmpuint (seen.darkest, <, 40);

  /* no other ones */
  for (guint i = 0; i < seen.codes->len; i++)
    g_assert_true (g_hash_table_contains (wanted, g_ptr_array_index (seen.codes, i)));

  bw_camera_stop (camera);
  clear (&seen);
}

static void
test_blank (void)
{
  g_autoptr(BwGray) image = bw_gray_new (640, 480);
  g_autofree char *device = NULL;
  g_autoptr(BwCamera) camera = NULL;
  Seen seen;

  memset (image->pixels, 230, (gsize) image->width * image->height);
  device = show ("blank.png", image);
  camera = look (device, &seen);
  wait_for_frames (&seen, 30);
  g_assert_cmpuint (seen.codes->len, ==, 0);
  g_assert_no_error (seen.error);
  bw_camera_stop (camera);
  clear (&seen);
}

/* After it was stopped nothing comes, whatever was under way. */
static void
test_stop (void)
{
  g_autoptr(BwGray) image = print_labels ();
  g_autofree char *device = show ("labels.png", image);
  BwCamera *camera;
  guint n_frames;
  Seen seen, other;

  camera = look (device, &seen);
  wait_for_frames (&seen, 1);
  bw_camera_stop (camera);
  n_frames = seen.n_frames;
  g_object_unref (camera);

  camera = look (device, &other);
  wait_for_frames (&other, 3);
  g_assert_cmpuint (seen.n_frames, ==, n_frames);
  g_object_unref (camera);
  clear (&seen);
  clear (&other);
}

static gboolean
connect_to_camera (gpointer data)
{
  GSocketConnection **connection = data;
  g_autoptr(GSocketClient) client = g_socket_client_new ();

  *connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);

  return *connection != NULL;
}

/* Switched off and on again at once: the first one has the port still. */
static void
test_again (void)
{
  g_autoptr(BwGray) image = bw_gray_new (64, 48);
  g_autofree char *path = g_build_filename (folder, "small.png", NULL);
  g_autofree char *device = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr(GSocketConnection) first = NULL;
  g_autoptr(GSocketConnection) second = NULL;
  g_autoptr(BwCamera) camera = NULL;
  gsize length;
  Seen seen, other;

  bw_test_save (image, path, "png");
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  port = bw_test_free_port ();
  device = g_strdup_printf (BW_CAMERA_PIPELINE "tcpserversrc host=127.0.0.1 port=%u ! pngdec ! imagefreeze", (guint) port);

  camera = look (device, &seen);
  bw_test_wait_for (connect_to_camera, &first);
  bw_camera_stop (camera);
  g_clear_object (&camera);

  camera = look (device, &other);
  bw_camera_wait ();
  bw_test_wait_for (connect_to_camera, &second);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (second)), bytes, length,
                                            NULL, NULL, NULL));
  g_assert_true (g_io_stream_close (G_IO_STREAM (second), NULL, NULL));
  wait_for_frames (&other, 2);
  g_clear_object (&camera);
  bw_camera_wait ();
  clear (&seen);
  clear (&other);
}

typedef struct
{
  const char *name;
  const char *device;
  int         code;
  const char *words;
} Failure;

static const Failure failures[] = {
  { "nonsense", BW_CAMERA_PIPELINE "no-such-element-at-all", BW_ERROR_INVALID, "cannot be built" },
  { "empty", BW_CAMERA_PIPELINE, BW_ERROR_INVALID, "cannot be built" },
  { "no-file", BW_CAMERA_PIPELINE "filesrc location=/nonexistent/bw.png ! pngdec ! imagefreeze", BW_ERROR_INVALID, "no picture" },
  { "ends", BW_CAMERA_PIPELINE "videotestsrc num-buffers=3", BW_ERROR_UNAVAILABLE, "no more pictures" },
  { "cut-off", BW_CAMERA_PIPELINE "videotestsrc ! video/x-raw,format=RGB,width=64,height=48 ! rndbuffersize min=100 max=100", BW_ERROR_UNAVAILABLE, "no more pictures" },
  { "lost", BW_CAMERA_PIPELINE "videotestsrc ! video/x-raw,format=RGB ! identity error-after=4", BW_ERROR_UNAVAILABLE, "lost" },
  { "too-large", BW_CAMERA_PIPELINE "videotestsrc ! video/x-raw,width=9000,height=9000", BW_ERROR_INVALID, "too much" },
  { "no-device", "/dev/no-such-camera", BW_ERROR_NOT_FOUND, "no-such-camera" },
};

static void
test_failure (gconstpointer data)
{
  const Failure *failure = data;
  g_autoptr(BwCamera) camera = NULL;
  Seen seen;

  camera = look (failure->device, &seen);
  bw_test_wait_for (has_failed, &seen);
  g_test_message ("%s", seen.error->message);
  g_assert_error (seen.error, BW_ERROR, failure->code);
  g_assert_nonnull (strstr (seen.error->message, failure->words));
  g_assert_true (g_utf8_validate (seen.error->message, -1, NULL));
  g_assert_cmpuint (seen.codes->len, ==, 0);
  clear (&seen);
}

static void
test_list (void)
{
  g_autoptr(GPtrArray) cameras = NULL;
  const BwCameraInfo *first;

  g_setenv ("BELLWETHER_CAMERA_PIPELINE", "videotestsrc", TRUE);
  cameras = bw_camera_list ();
  g_assert_cmpuint (cameras->len, >=, 1);
  first = g_ptr_array_index (cameras, 0);
  g_assert_cmpstr (first->id, ==, BW_CAMERA_PIPELINE "videotestsrc");
  g_assert_cmpstr (first->name, ==, "videotestsrc");
  g_unsetenv ("BELLWETHER_CAMERA_PIPELINE");
}

/* Without GStreamer each camera says so. */
static void
test_not_built (void)
{
  g_autoptr(GPtrArray) cameras = bw_camera_list ();
  g_autoptr(BwCamera) camera = NULL;
  Seen seen;

  g_assert_cmpuint (cameras->len, ==, 0);
  camera = look (NULL, &seen);
  bw_test_wait_for (has_failed, &seen);
  g_assert_error (seen.error, BW_ERROR, BW_ERROR_INVALID);
  clear (&seen);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = bw_test_make_dir ();

  if (bw_camera_is_built ())
    {
      g_test_add_func ("/verify/camera/labels", test_labels);
      g_test_add_func ("/verify/camera/blank", test_blank);
      g_test_add_func ("/verify/camera/stop", test_stop);
      g_test_add_func ("/verify/camera/again", test_again);
      g_test_add_func ("/verify/camera/list", test_list);
      for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
        {
          g_autofree char *path = g_strconcat ("/verify/camera/", failures[i].name, NULL);

          g_test_add_data_func (path, &failures[i], test_failure);
        }
    }
  else
    g_test_add_func ("/verify/camera/not-built", test_not_built);

  status = g_test_run ();
  bw_test_remove_dir (folder);
  g_free (folder);

  return status;
}
