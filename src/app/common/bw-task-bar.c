/* bw-task-bar.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-task-bar.h"

/* What is over sooner is not announced: the bar would only flicker. */
#define SHOW_AFTER_MS 300

/**
 * BwTaskBar:
 *
 * Slides in below a page while something runs, with how far it is and a button
 * that stops it.
 */

struct _BwTaskBar
{
  GtkWidget       parent_instance;

  GCancellable   *cancellable;   /* (owned): while a task runs */
  guint           show_id;

  GtkRevealer    *revealer;
  GtkLabel       *label;
  GtkProgressBar *bar;
  GtkWidget      *cancel_button;
};

G_DEFINE_FINAL_TYPE (BwTaskBar, bw_task_bar, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_BUSY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
show_cb (gpointer user_data)
{
  BwTaskBar *self = user_data;

  self->show_id = 0;
  gtk_revealer_set_reveal_child (self->revealer, TRUE);

  return G_SOURCE_REMOVE;
}

static void
cancel_clicked_cb (BwTaskBar *self)
{
  g_cancellable_cancel (self->cancellable);
  gtk_widget_set_sensitive (self->cancel_button, FALSE);
}

static void
bw_task_bar_dispose (GObject *object)
{
  BwTaskBar *self = (BwTaskBar *) object;

  g_clear_handle_id (&self->show_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_TASK_BAR);

  G_OBJECT_CLASS (bw_task_bar_parent_class)->dispose (object);
}

static void
bw_task_bar_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  BwTaskBar *self = BW_TASK_BAR (object);

  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, bw_task_bar_is_busy (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_task_bar_class_init (BwTaskBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_task_bar_dispose;
  object_class->get_property = bw_task_bar_get_property;

  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/common/bw-task-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, BwTaskBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, BwTaskBar, label);
  gtk_widget_class_bind_template_child (widget_class, BwTaskBar, bar);
  gtk_widget_class_bind_template_child (widget_class, BwTaskBar, cancel_button);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bw_task_bar_init (BwTaskBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GCancellable *
bw_task_bar_begin (BwTaskBar  *self,
                   const char *text)
{
  g_return_val_if_fail (BW_IS_TASK_BAR (self), NULL);
  g_return_val_if_fail (self->cancellable == NULL, NULL);

  self->cancellable = g_cancellable_new ();
  gtk_label_set_label (self->label, text);
  gtk_progress_bar_set_fraction (self->bar, 0);
  gtk_widget_set_sensitive (self->cancel_button, TRUE);
  self->show_id = g_timeout_add (SHOW_AFTER_MS, show_cb, self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);

  return self->cancellable;
}

void
bw_task_bar_set_progress (BwTaskBar *self,
                          gint64     n_done,
                          gint64     n_total)
{
  g_return_if_fail (BW_IS_TASK_BAR (self));

  if (self->cancellable == NULL)
    return;

  if (n_total > 0)
    gtk_progress_bar_set_fraction (self->bar, CLAMP ((double) n_done / (double) n_total, 0, 1));
  else
    gtk_progress_bar_pulse (self->bar);
}

void
bw_task_bar_end (BwTaskBar *self)
{
  g_return_if_fail (BW_IS_TASK_BAR (self));

  g_clear_handle_id (&self->show_id, g_source_remove);
  g_clear_object (&self->cancellable);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

gboolean
bw_task_bar_is_busy (BwTaskBar *self)
{
  g_return_val_if_fail (BW_IS_TASK_BAR (self), FALSE);

  return self->cancellable != NULL;
}

GCancellable *
bw_task_bar_get_cancellable (BwTaskBar *self)
{
  g_return_val_if_fail (BW_IS_TASK_BAR (self), NULL);

  return self->cancellable;
}
