/* bw-message-group.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-message-group.h"

#include <glib/gi18n.h>

#include "bw-time-text.h"

#define MAX_MESSAGES 30

/**
 * BwMessageGroup:
 *
 * The log lines and alerts of a device since its page was opened, newest first. It
 * keeps a few: this is for who stands beside the device, not an archive.
 */

struct _BwMessageGroup
{
  AdwPreferencesGroup  parent_instance;

  GtkListBox          *list;
  guint                n_messages;
};

G_DEFINE_FINAL_TYPE (BwMessageGroup, bw_message_group, ADW_TYPE_PREFERENCES_GROUP)

static const char *
get_icon (BwLevel  level,
          gboolean is_alert)
{
  if (is_alert || level == BW_LEVEL_WARNING)
    return "dialog-warning-symbolic";

  return level == BW_LEVEL_ERROR || level == BW_LEVEL_FATAL ? "dialog-error-symbolic"
                                                            : "dialog-information-symbolic";
}

static const char *
get_style_class (BwLevel  level,
                 gboolean is_alert)
{
  if (level == BW_LEVEL_ERROR || level == BW_LEVEL_FATAL)
    return "error";

  return is_alert || level == BW_LEVEL_WARNING ? "warning" : "dim-label";
}

static const char *
get_level_text (BwLevel  level,
                gboolean is_alert)
{
  if (is_alert)
    return C_("message of a device", "Alert");

  switch (level)
    {
    case BW_LEVEL_DEBUG:
      return C_("message of a device", "Debug");
    case BW_LEVEL_WARNING:
      return C_("message of a device", "Warning");
    case BW_LEVEL_ERROR:
      return C_("message of a device", "Error");
    case BW_LEVEL_FATAL:
      return C_("message of a device", "Fatal error");
    case BW_LEVEL_INFO:
    default:
      return C_("message of a device", "Information");
    }
}

static void
bw_message_group_class_init (BwMessageGroupClass *klass)
{
}

static void
bw_message_group_init (BwMessageGroup *self)
{
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _("Messages"));

  /* A list of our own: the group's cannot be put into another order. */
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Messages of the device"), -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->list));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
bw_message_group_add (BwMessageGroup *self,
                      BwLevel         level,
                      gboolean        is_alert,
                      const char     *text)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *image = gtk_image_new_from_icon_name (get_icon (level, is_alert));
  g_autofree char *at = bw_time_to_full_text (g_get_real_time ());
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", get_level_text (level, is_alert), at);

  g_return_if_fail (BW_IS_MESSAGE_GROUP (self));

  gtk_widget_add_css_class (image, get_style_class (level, is_alert));
  gtk_accessible_update_property (GTK_ACCESSIBLE (image),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, get_level_text (level, is_alert), -1);

  /* What a device says is no markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 4);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  gtk_list_box_prepend (self->list, row);

  if (++self->n_messages > MAX_MESSAGES)
    {
      gtk_list_box_remove (self->list, GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, MAX_MESSAGES)));
      self->n_messages--;
    }

  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}
