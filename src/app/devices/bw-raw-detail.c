/* bw-raw-detail.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-raw-detail.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "bw-compat.h"
#include "bw-raw-row.h"
#include "bw-time-text.h"

/* A paragraph of more stops the window while it is laid out; copying takes all. */
#define SHOWN_MAX_BYTES (16 * 1024)

/**
 * BwRawDetail:
 *
 * A message with all that is known of it, and its payload as text or in hexadecimal.
 */

struct _BwRawDetail
{
  GtkWidget        parent_instance;

  BwRawMessage    *message;         /* (owned) (nullable) */

  GtkWidget       *box;
  GtkLabel        *topic_label;
  GtkToggleButton *pretty_button;
  GtkLabel        *facts_label;
  GtkLabel        *reason_label;
  GtkTextView     *text_view;
  GtkLabel        *cut_label;
};

G_DEFINE_FINAL_TYPE (BwRawDetail, bw_raw_detail, GTK_TYPE_WIDGET)

static void
show_facts (BwRawDetail *self)
{
  BwRawMessage *message = self->message;
  const char *reason = bw_raw_message_get_reason (message);
  g_autofree char *at = bw_time_to_full_text (bw_raw_message_get_at_us (message));
  g_autofree char *n_bytes = g_strdup_printf ("%'" G_GSIZE_FORMAT, bw_raw_message_get_n_bytes (message));
  g_autoptr(GString) facts = g_string_new (bw_raw_direction_to_text (bw_raw_message_get_direction (message)));

  g_string_append_printf (facts, " · %s · ", at);
  /* Translators: the size of a message */
  g_string_append_printf (facts, _("%s bytes"), n_bytes);
  g_string_append_printf (facts, " · QoS %u · ", bw_raw_message_get_qos (message));
  g_string_append (facts, bw_raw_message_get_retained (message) ? _("the broker had kept it") : _("sent just then"));
  if (!bw_raw_message_is_text (message))
    g_string_append_printf (facts, " · %s", _("no text: in hexadecimal"));

  gtk_label_set_label (self->topic_label, bw_raw_message_get_topic (message));
  gtk_label_set_label (self->facts_label, facts->str);
  gtk_label_set_label (self->reason_label, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason_label), reason != NULL);
}

static void
show_payload (BwRawDetail *self)
{
  g_autofree char *text = bw_raw_message_format (self->message, SHOWN_MAX_BYTES,
                                                 gtk_toggle_button_get_active (self->pretty_button));
  gboolean is_cut = g_str_has_suffix (text, "…") && bw_raw_message_get_n_bytes (self->message) > SHOWN_MAX_BYTES / 4;

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), text, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->cut_label), is_cut);
  gtk_label_set_label (self->cut_label, is_cut ? _("Only the beginning is shown. Copying and saving take all of it.") : "");
}

static void
pretty_toggled_cb (BwRawDetail *self)
{
  if (self->message != NULL)
    show_payload (self);
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwRawDetail *self = BW_RAW_DETAIL (widget);
  GtkWidget *toasts = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *text = NULL;

  if (self->message == NULL)
    return;

  text = bw_raw_message_format (self->message, 0, gtk_toggle_button_get_active (self->pretty_button));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  if (toasts != NULL)
    bw_toast_show (ADW_TOAST_OVERLAY (toasts), _("Payload copied"));
}

static void
bw_raw_detail_dispose (GObject *object)
{
  BwRawDetail *self = (BwRawDetail *) object;

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_RAW_DETAIL);
  g_clear_object (&self->message);

  G_OBJECT_CLASS (bw_raw_detail_parent_class)->dispose (object);
}

static void
bw_raw_detail_class_init (BwRawDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_raw_detail_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-raw-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, BwRawDetail, box);
  gtk_widget_class_bind_template_child (widget_class, BwRawDetail, topic_label);
  gtk_widget_class_bind_template_child (widget_class, BwRawDetail, pretty_button);
  gtk_widget_class_bind_template_child (widget_class, BwRawDetail, facts_label);
  gtk_widget_class_bind_template_child (widget_class, BwRawDetail, reason_label);
  gtk_widget_class_bind_template_child (widget_class, BwRawDetail, text_view);
  gtk_widget_class_bind_template_child (widget_class, BwRawDetail, cut_label);
  gtk_widget_class_bind_template_callback (widget_class, pretty_toggled_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "detail.copy", NULL, copy_action);
}

static void
bw_raw_detail_init (BwRawDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bw_raw_detail_set_message (BwRawDetail  *self,
                           BwRawMessage *message)
{
  g_return_if_fail (BW_IS_RAW_DETAIL (self));

  if (!g_set_object (&self->message, message) || message == NULL)
    return;

  show_facts (self);
  show_payload (self);
}
