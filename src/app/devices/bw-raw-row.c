/* bw-raw-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-raw-row.h"

#include <glib/gi18n.h>

#include "bw-compat.h"

/**
 * BwRawRow:
 *
 * A topic with its last message, or a message: who said it, the topic, what is in it
 * and, when it was not used, why. Made of GtkInscription, which costs nothing to fill
 * again: hundreds of rows are, ten times a second.
 */

struct _BwRawRow
{
  GtkWidget       parent_instance;

  gpointer        item;          /* (owned) (nullable) */
  BwRawMessage   *shown;         /* (owned) (nullable) */
  guint64         n_shown;

  GtkWidget      *direction;
  GtkInscription *topic;
  GtkInscription *count;
  GtkInscription *time;
  GtkInscription *payload;
  GtkInscription *facts;
  GtkInscription *reason;
};

G_DEFINE_FINAL_TYPE (BwRawRow, bw_raw_row, GTK_TYPE_WIDGET)

BwRawMessage *
bw_raw_item_get_message (gpointer item)
{
  if (BW_IS_RAW_TOPIC (item))
    return bw_raw_topic_get_message (item);

  return BW_IS_RAW_SLOT (item) ? bw_raw_slot_get_message (item) : item;
}

char *
bw_raw_format_time (gint64 at_us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *text = g_date_time_format (local, "%H:%M:%S");

  return g_strdup_printf ("%s.%03d", text, (int) (at_us % G_USEC_PER_SEC / 1000));
}

const char *
bw_raw_direction_to_text (BwRawDirection direction)
{
  switch (direction)
    {
    case BW_RAW_FROM_DEVICE:
      return _("From the device");

    case BW_RAW_TO_DEVICE:
      return _("To the device");

    case BW_RAW_ABOUT_DEVICE:
    default:
      return _("From the broker");
    }
}

const char *
bw_raw_direction_to_icon (BwRawDirection direction)
{
  switch (direction)
    {
    case BW_RAW_FROM_DEVICE:
      return "go-up-symbolic";

    case BW_RAW_TO_DEVICE:
      return "go-down-symbolic";

    case BW_RAW_ABOUT_DEVICE:
    default:
      return "network-server-symbolic";
    }
}

static void
show_message (BwRawRow     *self,
              BwRawMessage *message)
{
  const char *reason = bw_raw_message_get_reason (message);
  const char *icon = bw_raw_direction_to_icon (bw_raw_message_get_direction (message));
  g_autofree char *time = bw_raw_format_time (bw_raw_message_get_at_us (message));
  g_autofree char *preview = bw_raw_message_preview (message);
  g_autofree char *n_bytes = g_strdup_printf ("%" G_GSIZE_FORMAT, bw_raw_message_get_n_bytes (message));
  /* Translators: about a message: its bytes, its quality of service at the broker (0, 1 or 2), and that the broker had kept it */
  g_autofree char *facts = g_strdup_printf (bw_raw_message_get_retained (message) ? _("%s B · QoS %u · kept") : _("%s B · QoS %u"),
                                            n_bytes, bw_raw_message_get_qos (message));

  if (g_strcmp0 (gtk_image_get_icon_name (GTK_IMAGE (self->direction)), icon) != 0)
    gtk_image_set_from_icon_name (GTK_IMAGE (self->direction), icon);
  bw_tooltip_set (self->direction, bw_raw_direction_to_text (bw_raw_message_get_direction (message)));
  gtk_inscription_set_text (self->topic, bw_raw_message_get_topic (message));
  gtk_inscription_set_text (self->time, time);
  gtk_inscription_set_text (self->payload, *preview != '\0' ? preview : _("(empty)"));
  gtk_inscription_set_text (self->facts, facts);
  gtk_inscription_set_text (self->reason, reason);
  gtk_widget_set_visible (GTK_WIDGET (self->reason), reason != NULL);
}

void
bw_raw_row_update (BwRawRow *self)
{
  BwRawMessage *message;

  g_return_if_fail (BW_IS_RAW_ROW (self));

  if (self->item == NULL)
    return;

  message = bw_raw_item_get_message (self->item);
  if (message != NULL && g_set_object (&self->shown, message))
    show_message (self, message);

  if (BW_IS_RAW_TOPIC (self->item) && self->n_shown != bw_raw_topic_get_n_messages (self->item))
    {
      g_autofree char *count = NULL;

      self->n_shown = bw_raw_topic_get_n_messages (self->item);
      count = g_strdup_printf ("×\xe2\x80\xaf%" G_GUINT64_FORMAT, self->n_shown);
      gtk_inscription_set_text (self->count, count);
    }
}

void
bw_raw_row_set_item (BwRawRow *self,
                     gpointer  item)
{
  g_return_if_fail (BW_IS_RAW_ROW (self));

  g_set_object ((GObject **) &self->item, item);
  self->n_shown = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->count), BW_IS_RAW_TOPIC (item));
  bw_raw_row_update (self);
}

static GtkInscription *
add_text (BwRawRow   *self,
          int         column,
          int         row,
          guint       n_chars,
          const char *style_class)
{
  GtkWidget *text = gtk_inscription_new (NULL);
  GtkGridLayoutChild *place;

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (text), n_chars);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (text), n_chars);
  gtk_inscription_set_min_lines (GTK_INSCRIPTION (text), 1);
  gtk_inscription_set_nat_lines (GTK_INSCRIPTION (text), 1);
  gtk_widget_set_hexpand (text, column == 1);
  gtk_widget_add_css_class (text, style_class);
  gtk_widget_set_parent (text, GTK_WIDGET (self));

  place = GTK_GRID_LAYOUT_CHILD (gtk_layout_manager_get_layout_child (gtk_widget_get_layout_manager (GTK_WIDGET (self)), text));
  gtk_grid_layout_child_set_column (place, column);
  gtk_grid_layout_child_set_row (place, row);

  return GTK_INSCRIPTION (text);
}

static void
bw_raw_row_dispose (GObject *object)
{
  BwRawRow *self = (BwRawRow *) object;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  g_clear_object ((GObject **) &self->item);
  g_clear_object (&self->shown);

  G_OBJECT_CLASS (bw_raw_row_parent_class)->dispose (object);
}

static void
bw_raw_row_class_init (BwRawRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bw_raw_row_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_GRID_LAYOUT);
}

static void
bw_raw_row_init (BwRawRow *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkLayoutChild *place;

  gtk_grid_layout_set_column_spacing (GTK_GRID_LAYOUT (layout), 8);
  gtk_widget_add_css_class (GTK_WIDGET (self), "raw-row");

  self->direction = gtk_image_new ();
  gtk_widget_add_css_class (self->direction, "dim-label");
  gtk_widget_set_parent (self->direction, GTK_WIDGET (self));

  self->topic = add_text (self, 1, 0, 12, "monospace");
  self->count = add_text (self, 2, 0, 7, "dim-label");
  self->time = add_text (self, 3, 0, 11, "dim-label");
  self->payload = add_text (self, 1, 1, 12, "monospace");
  self->facts = add_text (self, 2, 1, 20, "dim-label");
  self->reason = add_text (self, 1, 2, 12, "warning");

  gtk_inscription_set_xalign (self->count, 1);
  gtk_inscription_set_xalign (self->time, 1);
  gtk_inscription_set_xalign (self->facts, 1);
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self->time), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self->reason), "caption");

  place = gtk_layout_manager_get_layout_child (layout, GTK_WIDGET (self->facts));
  gtk_grid_layout_child_set_column_span (GTK_GRID_LAYOUT_CHILD (place), 2);
  place = gtk_layout_manager_get_layout_child (layout, GTK_WIDGET (self->reason));
  gtk_grid_layout_child_set_column_span (GTK_GRID_LAYOUT_CHILD (place), 3);
}

GtkWidget *
bw_raw_row_new (void)
{
  return g_object_new (BW_TYPE_RAW_ROW, NULL);
}
