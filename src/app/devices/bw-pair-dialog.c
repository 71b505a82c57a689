/* bw-pair-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-pair-dialog.h"

#include "bw-pick-row.h"

/**
 * BwPairDialog:
 *
 * One user of those in reach.
 */

struct _BwPairDialog
{
  AdwWindow  parent_instance;

  BwPickRow *user_row;
};

G_DEFINE_FINAL_TYPE (BwPairDialog, bw_pair_dialog, ADW_TYPE_WINDOW)

enum {
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
user_selected_cb (BwPairDialog *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "pair.done", bw_pick_row_get_id (self->user_row) != NULL);
}

static void
done_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwPairDialog *self = BW_PAIR_DIALOG (widget);

  g_signal_emit (self, signals[PICKED], 0, bw_pick_row_get_id (self->user_row));
  gtk_window_close (GTK_WINDOW (self));
}

static void
bw_pair_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BW_TYPE_PAIR_DIALOG);

  G_OBJECT_CLASS (bw_pair_dialog_parent_class)->dispose (object);
}

static void
bw_pair_dialog_class_init (BwPairDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_pair_dialog_dispose;
  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (BW_TYPE_PICK_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-pair-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwPairDialog, user_row);
  gtk_widget_class_bind_template_callback (widget_class, user_selected_cb);
  gtk_widget_class_install_action (widget_class, "pair.done", NULL, done_action);
}

static void
bw_pair_dialog_init (BwPairDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  user_selected_cb (self);
}

GtkWidget *
bw_pair_dialog_new (BwSession *session)
{
  BwPairDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_PAIR_DIALOG, NULL);
  bw_pick_row_pick_user (self->user_row, session);

  return GTK_WIDGET (self);
}
