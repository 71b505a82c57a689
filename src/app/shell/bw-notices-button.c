/* bw-notices-button.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-notices-button.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-status-text.h"
#include "bw-time-text.h"

#define MAX_BADGE 99

/**
 * BwNoticesButton:
 *
 * Looking at the list is reading it. Its rows are there only while it is open, so that a flood of notices
 * costs no drawing.
 */

struct _BwNoticesButton
{
  GtkWidget       parent_instance;

  BwNotices      *notices;       /* (nullable) */

  GtkMenuButton  *button;
  GtkLabel       *badge;
  GtkPopover     *popover;
  GtkWidget      *clear_button;
  GtkStack       *stack;
  GtkListBox     *list;
  GtkWidget      *preferences;
  GtkWidget      *arrivals_switch;
  GtkWidget      *problems_switch;
  GtkWidget      *notices_switch;
};

G_DEFINE_FINAL_TYPE (BwNoticesButton, bw_notices_button, GTK_TYPE_WIDGET)

static const char *
get_style_class (BwNotice *notice)
{
  switch (bw_notice_get_kind (notice))
    {
    case BW_NOTICE_ERROR:
      return "error";
    case BW_NOTICE_WARNING:
    case BW_NOTICE_ALERT:
      return "warning";
    case BW_NOTICE_ARRIVAL:
      return "accent";
    case BW_NOTICE_INFO:
    case BW_NOTICE_BEYOND:
    default:
      return "dim-label";
    }
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  BwNotice *notice = item;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *image = gtk_image_new_from_icon_name (bw_notice_get_icon_name (notice));
  g_autofree char *title = bw_notice_dup_title (notice);
  g_autofree char *body = bw_notice_dup_body (notice);
  g_autofree char *when = bw_time_to_relative_text (bw_notice_get_at_us (notice), g_get_real_time ());
  g_autofree char *full = bw_time_to_full_text (bw_notice_get_at_us (notice));
  g_autofree char *below = g_strdup_printf ("%s\n%s", body, when);

  gtk_widget_add_css_class (image, get_style_class (notice));
  bw_accessible_set_label (image, bw_notice_get_kind_text (notice));

  /* What a device says is no markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), below);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 4);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  gtk_widget_set_tooltip_text (row, full);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), bw_notice_get_kind (notice) != BW_NOTICE_BEYOND);

  return row;
}

static void
update_button (BwNoticesButton *self)
{
  guint n = self->notices != NULL ? bw_notices_get_n_unread (self->notices) : 0;
  g_autofree char *text = n > MAX_BADGE ? g_strdup_printf ("%d+", MAX_BADGE) : g_strdup_printf ("%u", n);
  g_autofree char *label = NULL;

  /* Translators: read out for the button with the bell */
  label = n > 0 ? g_strdup_printf (ngettext ("Notifications, %u new", "Notifications, %u new", n), n)
                : g_strdup (_("Notifications"));
  gtk_label_set_label (self->badge, text);
  gtk_widget_set_visible (GTK_WIDGET (self->badge), n > 0);
  bw_accessible_set_label (GTK_WIDGET (self->button), label);
}

static void
update_list (BwNoticesButton *self)
{
  guint n = self->notices != NULL ? g_list_model_get_n_items (bw_notices_get_list (self->notices)) : 0;

  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : "empty");
  gtk_widget_set_sensitive (self->clear_button, n > 0);
}

static void
unread_cb (BwNoticesButton *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self->popover)) && bw_notices_get_n_unread (self->notices) > 0)
    bw_notices_mark_read (self->notices);
  else
    update_button (self);
}

static void
shown_cb (BwNoticesButton *self)
{
  if (self->notices == NULL)
    return;

  gtk_list_box_bind_model (self->list, bw_notices_get_list (self->notices), create_row, NULL, NULL);
  bw_notices_mark_read (self->notices);
  update_list (self);
}

static void
hidden_cb (BwNoticesButton *self)
{
  gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
}

static void
clear_cb (BwNoticesButton *self)
{
  if (self->notices != NULL)
    bw_notices_clear (self->notices);

  gtk_popover_popdown (self->popover);
}

static void
row_activated_cb (BwNoticesButton *self,
                  GtkListBoxRow   *row)
{
  GListModel *list = bw_notices_get_list (self->notices);
  g_autoptr(BwNotice) notice = g_list_model_get_item (list, (guint) gtk_list_box_row_get_index (row));
  const char *id = notice != NULL ? bw_notice_get_device_id (notice) : NULL;
  g_autofree char *place = g_strconcat ("device:", id, NULL);

  if (notice == NULL)
    return;

  gtk_popover_popdown (self->popover);
  if (id != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-place", "s", place);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-devices", "s",
                                bw_status_to_nick (BW_STATUS_AWAITING_APPROVAL));
}

static void
bw_notices_button_dispose (GObject *object)
{
  BwNoticesButton *self = (BwNoticesButton *) object;

  if (self->notices != NULL)
    {
      g_signal_handlers_disconnect_by_data (bw_notices_get_list (self->notices), self);
      g_signal_handlers_disconnect_by_data (self->notices, self);
    }

  g_clear_object (&self->notices);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_NOTICES_BUTTON);

  G_OBJECT_CLASS (bw_notices_button_parent_class)->dispose (object);
}

static void
bw_notices_button_class_init (BwNoticesButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_notices_button_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/shell/bw-notices-button.ui");
  gtk_widget_class_bind_template_child (widget_class, BwNoticesButton, button);
  gtk_widget_class_bind_template_child (widget_class, BwNoticesButton, badge);
  gtk_widget_class_bind_template_child (widget_class, BwNoticesButton, popover);
  gtk_widget_class_bind_template_child (widget_class, BwNoticesButton, clear_button);
  gtk_widget_class_bind_template_child (widget_class, BwNoticesButton, stack);
  gtk_widget_class_bind_template_child (widget_class, BwNoticesButton, list);
  gtk_widget_class_bind_template_child (widget_class, BwNoticesButton, preferences);
  gtk_widget_class_bind_template_child (widget_class, BwNoticesButton, arrivals_switch);
  gtk_widget_class_bind_template_child (widget_class, BwNoticesButton, problems_switch);
  gtk_widget_class_bind_template_child (widget_class, BwNoticesButton, notices_switch);
  gtk_widget_class_bind_template_callback (widget_class, shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, hidden_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bw_notices_button_init (BwNoticesButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update_button (self);
}

static void
bind_preferences (BwNoticesButton *self,
                  GSettings       *settings)
{
  gtk_widget_set_visible (self->preferences, settings != NULL);
  if (settings == NULL)
    return;

  g_settings_bind (settings, "notify-arrivals", self->arrivals_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "notify-problems", self->problems_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "notify-notices", self->notices_switch, "active", G_SETTINGS_BIND_DEFAULT);
}

void
bw_notices_button_set_notices (BwNoticesButton *self,
                               BwNotices       *notices,
                               GSettings       *settings)
{
  g_return_if_fail (BW_IS_NOTICES_BUTTON (self));

  if (self->notices != NULL)
    {
      g_signal_handlers_disconnect_by_data (bw_notices_get_list (self->notices), self);
      g_signal_handlers_disconnect_by_data (self->notices, self);
    }

  gtk_popover_popdown (self->popover);
  hidden_cb (self);
  g_set_object (&self->notices, notices);
  gtk_widget_set_visible (GTK_WIDGET (self), notices != NULL);
  if (notices != NULL)
    {
      bind_preferences (self, settings);
      g_signal_connect_object (notices, "notify::n-unread", G_CALLBACK (unread_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (bw_notices_get_list (notices), "items-changed", G_CALLBACK (update_list), self,
                               G_CONNECT_SWAPPED);
    }

  update_button (self);
  update_list (self);
}

void
bw_notices_button_popup (BwNoticesButton *self)
{
  g_return_if_fail (BW_IS_NOTICES_BUTTON (self));

  gtk_menu_button_popup (self->button);
}
