/* bw-camera-group.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-camera-group.h"

#include <glib/gi18n.h>

#include "bw-camera.h"
#include "bw-compat.h"
#include "bw-error.h"
#include "bw-error-text.h"

/**
 * BwCameraGroup:
 *
 * A switch, the live picture below it, and a choice of cameras when there are
 * several. They are looked for each time it is switched on: one may have been
 * plugged in meanwhile.
 */

struct _BwCameraGroup
{
  AdwPreferencesGroup  parent_instance;

  GPtrArray           *cameras;        /* (owned) (nullable) (element-type BwCameraInfo) */
  BwCamera            *camera;         /* (owned) (nullable): while one is looked through */
  gboolean             is_listing;

  GtkSwitch           *on_switch;
  AdwComboRow         *camera_row;
  GtkStringList       *names;
  GtkWidget           *frame;
  GtkPicture          *picture;
  GtkLabel            *message;
};

G_DEFINE_FINAL_TYPE (BwCameraGroup, bw_camera_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CODE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
say (BwCameraGroup *self,
     const char    *text)
{
  gtk_label_set_label (self->message, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message), text != NULL);
}

static void
stop (BwCameraGroup *self)
{
  if (self->camera != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->camera, self);
      bw_camera_stop (self->camera);
    }
  g_clear_object (&self->camera);
  gtk_picture_set_paintable (self->picture, NULL);
  gtk_widget_set_visible (self->frame, FALSE);
}

static char *
error_to_text (const GError *error)
{
  if (g_error_matches (error, BW_ERROR, BW_ERROR_NOT_FOUND))
    return g_strdup (_("There is no camera. Plug one in, then switch this on."));
  if (g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT))
    return g_strdup (_("Another program is using the camera. Close that one first."));
  if (g_error_matches (error, BW_ERROR, BW_ERROR_UNAVAILABLE))
    return g_strdup (_("The camera gives no more pictures. Was it unplugged?"));

  return bw_error_to_field_text (error);
}

static void
failed_cb (BwCameraGroup *self,
           GError        *error)
{
  g_autofree char *text = error_to_text (error);

  gtk_switch_set_active (self->on_switch, FALSE);
  say (self, text);
}

static void
frame_cb (BwCameraGroup *self,
          GBytes        *pixels,
          guint          width,
          guint          height,
          guint          stride)
{
  g_autoptr(GdkTexture) texture = gdk_memory_texture_new ((int) width, (int) height, GDK_MEMORY_R8G8B8, pixels, stride);

  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_widget_set_visible (self->frame, TRUE);
}

static void
code_cb (BwCameraGroup *self,
         const char    *text)
{
  g_signal_emit (self, signals[CODE], 0, text);
}

static void
start (BwCameraGroup *self)
{
  guint selected = adw_combo_row_get_selected (self->camera_row);
  const BwCameraInfo *info;

  stop (self);
  if (self->is_listing || !gtk_switch_get_active (self->on_switch) || self->cameras == NULL ||
      selected >= self->cameras->len)
    return;

  info = g_ptr_array_index (self->cameras, selected);
  self->camera = bw_camera_new (info->id);
  g_signal_connect_object (self->camera, "frame", G_CALLBACK (frame_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->camera, "code", G_CALLBACK (code_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->camera, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  bw_camera_start (self->camera);
}

static void
list_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_task_return_pointer (task, bw_camera_list (), (GDestroyNotify) g_ptr_array_unref);
}

/* The one that was chosen stays chosen while it is there. */
static void
show_cameras (BwCameraGroup *self,
              GPtrArray     *cameras)
{
  guint before = adw_combo_row_get_selected (self->camera_row);
  g_autofree char *id = self->cameras != NULL && before < self->cameras->len
                          ? g_strdup (((BwCameraInfo *) g_ptr_array_index (self->cameras, before))->id) : NULL;
  guint selected = 0;

  g_clear_pointer (&self->cameras, g_ptr_array_unref);
  self->cameras = g_ptr_array_ref (cameras);
  gtk_string_list_splice (self->names, 0, g_list_model_get_n_items (G_LIST_MODEL (self->names)), NULL);
  for (guint i = 0; i < cameras->len; i++)
    {
      const BwCameraInfo *info = g_ptr_array_index (cameras, i);

      gtk_string_list_append (self->names, info->name);
      if (g_strcmp0 (info->id, id) == 0)
        selected = i;
    }

  adw_combo_row_set_selected (self->camera_row, selected);
  gtk_widget_set_visible (GTK_WIDGET (self->camera_row), cameras->len > 1);
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwCameraGroup *self = BW_CAMERA_GROUP (source);
  g_autoptr(GPtrArray) cameras = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self->on_switch == NULL)
    return;

  show_cameras (self, cameras);
  self->is_listing = FALSE;
  if (!gtk_switch_get_active (self->on_switch))
    return;

  if (cameras->len == 0)
    {
      g_autoptr(GError) error = g_error_new_literal (BW_ERROR, BW_ERROR_NOT_FOUND, "there is no camera");

      failed_cb (self, error);
      return;
    }

  start (self);
}

static void
active_changed_cb (BwCameraGroup *self)
{
  g_autoptr(GTask) task = NULL;

  if (!gtk_switch_get_active (self->on_switch))
    {
      stop (self);
      return;
    }

  say (self, NULL);
  if (self->is_listing)
    return;

  self->is_listing = TRUE;
  task = g_task_new (self, NULL, listed_cb, NULL);
  g_task_set_source_tag (task, active_changed_cb);
  g_task_run_in_thread (task, list_thread);
}

static void
camera_changed_cb (BwCameraGroup *self)
{
  /* it tells while it is filled, too, and at the beginning before there is a picture */
  if (self->camera != NULL && !self->is_listing)
    start (self);
}

static void
bw_camera_group_unmap (GtkWidget *widget)
{
  BwCameraGroup *self = BW_CAMERA_GROUP (widget);

  if (self->on_switch != NULL)
    gtk_switch_set_active (self->on_switch, FALSE);

  GTK_WIDGET_CLASS (bw_camera_group_parent_class)->unmap (widget);
}

static void
bw_camera_group_dispose (GObject *object)
{
  BwCameraGroup *self = BW_CAMERA_GROUP (object);

  if (self->picture != NULL)
    stop (self);

  self->on_switch = NULL;
  self->picture = NULL;

  G_OBJECT_CLASS (bw_camera_group_parent_class)->dispose (object);
}

static void
bw_camera_group_finalize (GObject *object)
{
  g_clear_pointer (&BW_CAMERA_GROUP (object)->cameras, g_ptr_array_unref);

  G_OBJECT_CLASS (bw_camera_group_parent_class)->finalize (object);
}

static void
bw_camera_group_class_init (BwCameraGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_camera_group_dispose;
  object_class->finalize = bw_camera_group_finalize;
  widget_class->unmap = bw_camera_group_unmap;

  signals[CODE] = g_signal_new ("code", BW_TYPE_CAMERA_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/batches/bw-camera-group.ui");
  gtk_widget_class_bind_template_child (widget_class, BwCameraGroup, on_switch);
  gtk_widget_class_bind_template_child (widget_class, BwCameraGroup, camera_row);
  gtk_widget_class_bind_template_child (widget_class, BwCameraGroup, names);
  gtk_widget_class_bind_template_child (widget_class, BwCameraGroup, frame);
  gtk_widget_class_bind_template_child (widget_class, BwCameraGroup, picture);
  gtk_widget_class_bind_template_child (widget_class, BwCameraGroup, message);
  gtk_widget_class_bind_template_callback (widget_class, active_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, camera_changed_cb);
}

static void
bw_camera_group_init (BwCameraGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->picture), _("What the Camera Sees"));
  gtk_widget_set_visible (GTK_WIDGET (self), bw_camera_is_built ());
}
