/* bw-camera.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-verify"

#include "bw-camera-private.h"

/**
 * BwCamera:
 *
 * The face of the thread that looks through a camera. That one holds a block
 * of its own, so that nobody waits for it: a driver may take seconds to let go.
 */

/* A camera that is let go of belongs to nobody else before the driver says so: for so long the next one waits. */
#define LET_GO_US (5 * G_USEC_PER_SEC)

struct _BwCamera
{
  GObject         parent_instance;

  char           *device;     /* (nullable) */
  BwCameraShared *shared;     /* (owned) (nullable): once it was started */
};

typedef struct
{
  BwCameraShared *shared;
  GBytes         *pixels;     /* one of these three */
  char           *text;
  GError         *error;
  guint           width;
  guint           height;
  guint           stride;
} Event;

enum
{
  FRAME,
  CODE,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Threads that were stopped and still have their camera. */
static GMutex ending_lock;
static GCond ending_changed;
static guint n_ending;

G_DEFINE_FINAL_TYPE (BwCamera, bw_camera, G_TYPE_OBJECT)

static void
shared_clear (BwCameraShared *self)
{
  g_main_context_unref (self->context);
  g_free (self->device);
}

void
bw_camera_shared_unref (BwCameraShared *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) shared_clear);
}

gboolean
bw_camera_shared_is_stopped (BwCameraShared *self)
{
  return g_atomic_int_get (&self->is_stopped) != 0;
}

static void
event_free (Event *event)
{
  bw_camera_shared_unref (event->shared);
  g_clear_pointer (&event->pixels, g_bytes_unref);
  g_clear_error (&event->error);
  g_free (event->text);
  g_free (event);
}

static gboolean
event_cb (gpointer user_data)
{
  Event *event = user_data;
  g_autoptr(BwCamera) camera = event->shared->camera != NULL ? g_object_ref (event->shared->camera) : NULL;

  if (event->pixels != NULL)
    g_atomic_int_set (&event->shared->is_frame_posted, 0);

  if (camera == NULL)
    return G_SOURCE_REMOVE;

  if (event->pixels != NULL)
    g_signal_emit (camera, signals[FRAME], 0, event->pixels, event->width, event->height, event->stride);
  else if (event->text != NULL)
    g_signal_emit (camera, signals[CODE], 0, event->text);
  else
    g_signal_emit (camera, signals[FAILED], 0, event->error);

  return G_SOURCE_REMOVE;
}

/* Takes @event. Never runs it at once, as g_main_context_invoke() may. */
static void
post (BwCameraShared *self,
      Event          *event)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  event->shared = g_atomic_rc_box_acquire (self);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, event_cb, event, (GDestroyNotify) event_free);
  g_source_attach (source, self->context);
}

gboolean
bw_camera_shared_wants_frame (BwCameraShared *self)
{
  return g_atomic_int_get (&self->is_frame_posted) == 0;
}

void
bw_camera_shared_post_frame (BwCameraShared *self,
                             GBytes         *pixels,
                             guint           width,
                             guint           height,
                             guint           stride)
{
  Event *event = g_new0 (Event, 1);

  event->pixels = g_bytes_ref (pixels);
  event->width = width;
  event->height = height;
  event->stride = stride;
  g_atomic_int_set (&self->is_frame_posted, 1);
  post (self, event);
}

void
bw_camera_shared_post_code (BwCameraShared *self,
                            const char     *text)
{
  Event *event = g_new0 (Event, 1);

  event->text = g_strdup (text);
  post (self, event);
}

/* Waits until all that were stopped have let go, or @shared is stopped itself. */
static void
wait_for_others (BwCameraShared *shared)
{
  gint64 until = g_get_monotonic_time () + LET_GO_US;

  g_mutex_lock (&ending_lock);
  while (n_ending > 0 && (shared == NULL || !bw_camera_shared_is_stopped (shared)) &&
         g_cond_wait_until (&ending_changed, &ending_lock, until))
    continue;
  g_mutex_unlock (&ending_lock);
}

static gpointer
camera_thread (gpointer data)
{
  g_autoptr(BwCameraShared) shared = data;
  g_autoptr(GError) error = NULL;

  wait_for_others (shared);
  if (!bw_camera_shared_is_stopped (shared))
    bw_camera_run (shared, &error);

  g_mutex_lock (&ending_lock);
  shared->has_ended = TRUE;
  if (bw_camera_shared_is_stopped (shared))
    n_ending--;
  g_cond_broadcast (&ending_changed);
  g_mutex_unlock (&ending_lock);

  if (error != NULL)
    {
      Event *event = g_new0 (Event, 1);

      event->error = g_steal_pointer (&error);
      post (shared, event);
    }

  return NULL;
}

static void
bw_camera_dispose (GObject *object)
{
  bw_camera_stop (BW_CAMERA (object));

  G_OBJECT_CLASS (bw_camera_parent_class)->dispose (object);
}

static void
bw_camera_finalize (GObject *object)
{
  g_free (BW_CAMERA (object)->device);

  G_OBJECT_CLASS (bw_camera_parent_class)->finalize (object);
}

static void
bw_camera_class_init (BwCameraClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = bw_camera_dispose;
  object_class->finalize = bw_camera_finalize;

  signals[FRAME] = g_signal_new ("frame", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                                 G_TYPE_BYTES, G_TYPE_UINT, G_TYPE_UINT, G_TYPE_UINT);
  signals[CODE] = g_signal_new ("code", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
bw_camera_init (BwCamera *self)
{
}

BwCamera *
bw_camera_new (const char *device)
{
  BwCamera *self = g_object_new (BW_TYPE_CAMERA, NULL);

  self->device = g_strdup (device);

  return self;
}

void
bw_camera_start (BwCamera *self)
{
  g_autoptr(GThread) thread = NULL;

  g_return_if_fail (BW_IS_CAMERA (self) && self->shared == NULL);

  self->shared = g_atomic_rc_box_new0 (BwCameraShared);
  self->shared->camera = self;
  self->shared->context = g_main_context_ref_thread_default ();
  self->shared->device = g_strdup (self->device);
  thread = g_thread_new ("camera", camera_thread, g_atomic_rc_box_acquire (self->shared));
}

void
bw_camera_stop (BwCamera *self)
{
  g_return_if_fail (BW_IS_CAMERA (self));

  if (self->shared == NULL)
    return;

  self->shared->camera = NULL;
  g_mutex_lock (&ending_lock);
  g_atomic_int_set (&self->shared->is_stopped, 1);
  if (!self->shared->has_ended)
    n_ending++;
  g_cond_broadcast (&ending_changed);
  g_mutex_unlock (&ending_lock);
  g_clear_pointer (&self->shared, bw_camera_shared_unref);
}

void
bw_camera_wait (void)
{
  wait_for_others (NULL);
}

BwCameraInfo *
bw_camera_info_new (const char *id,
                    const char *name)
{
  BwCameraInfo *self = g_new (BwCameraInfo, 1);

  self->id = g_strdup (id);
  self->name = g_strdup (name);

  return self;
}

void
bw_camera_info_free (BwCameraInfo *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}
