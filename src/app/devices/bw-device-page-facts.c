/* bw-device-page-facts.c: what is known of the device beside its nodes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-page-private.h"

#include <glib/gi18n.h>

#include "bw-color-swatch.h"
#include "bw-compat.h"
#include "bw-device-text.h"
#include "bw-status-text.h"
#include "bw-time-text.h"

/* So that four stand in a line of a usual window and two in a narrow one. */
#define FACT_WIDTH_CHARS 14

static const char * const fact_names[BW_N_DEVICE_FACTS] = {
  [BW_DEVICE_FACT_STATUS] = N_("Status"),
  [BW_DEVICE_FACT_STATE] = N_("State"),
  [BW_DEVICE_FACT_FIRMWARE] = N_("Firmware"),
  [BW_DEVICE_FACT_BATCH] = N_("Batch"),
  [BW_DEVICE_FACT_ADDRESS] = N_("Address"),
  [BW_DEVICE_FACT_LAST_SEEN] = N_("Last Seen"),
  [BW_DEVICE_FACT_FIRST_SEEN] = N_("First Seen"),
  [BW_DEVICE_FACT_PROTOCOL] = N_("Protocol"),
};

static void
add_fact (BwDevicePage *self,
          BwDeviceFact  fact)
{
  GtkWidget *child = gtk_flow_box_child_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *name = gtk_label_new (_(fact_names[fact]));
  GtkWidget *value = gtk_label_new ("");

  gtk_widget_add_css_class (name, "caption");
  gtk_widget_add_css_class (name, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);

  if (fact == BW_DEVICE_FACT_STATE)
    {
      self->state_image = GTK_IMAGE (gtk_image_new ());
      gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->state_image));
    }
  else if (fact == BW_DEVICE_FACT_BATCH)
    {
      self->batch_swatch = bw_color_swatch_new (NULL);
      gtk_box_append (GTK_BOX (line), self->batch_swatch);
    }

  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_label_set_ellipsize (GTK_LABEL (value), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (value), FACT_WIDTH_CHARS);
  gtk_label_set_max_width_chars (GTK_LABEL (value), FACT_WIDTH_CHARS);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_box_append (GTK_BOX (line), value);
  self->fact_labels[fact] = GTK_LABEL (value);

  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), line);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
  gtk_widget_set_focusable (child, FALSE);
  bw_accessible_set_label (child, _(fact_names[fact]));
  gtk_flow_box_append (self->facts, child);
}

void
bw_device_page_init_facts (BwDevicePage *self)
{
  for (guint i = 0; i < BW_N_DEVICE_FACTS; i++)
    add_fact (self, (BwDeviceFact) i);
}

static void
set_fact (BwDevicePage *self,
          BwDeviceFact  fact,
          const char   *text)
{
  const char *shown = text != NULL && *text != '\0' ? text : "—";

  if (g_str_equal (gtk_label_get_label (self->fact_labels[fact]), shown))
    return;

  gtk_label_set_label (self->fact_labels[fact], shown);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->fact_labels[fact]), shown);
}

static void
set_class (GtkWidget   *widget,
           const char **known,
           const char  *style_class)
{
  if (g_strcmp0 (*known, style_class) == 0)
    return;

  if (*known != NULL)
    gtk_widget_remove_css_class (widget, *known);
  if (style_class != NULL)
    gtk_widget_add_css_class (widget, style_class);

  *known = style_class;
}

/* (transfer full): “5.0” as “Homie 5.0” */
static char *
format_protocol (const char *homie)
{
  return homie != NULL && *homie != '\0' ? g_strdup_printf ("Homie %s", homie) : NULL;
}

/* (transfer full): a batch and the serial number within it */
static char *
format_batch (BwDevice *device)
{
  const char *batch = bw_device_get_batch (device);

  if (batch == NULL || bw_device_get_serial (device) <= 0)
    return g_strdup (batch);

  /* Translators: the name of a batch and the device's serial number in it */
  return g_strdup_printf (_("%s, no. %lld"), batch, (long long) bw_device_get_serial (device));
}

void
bw_device_page_update_facts (BwDevicePage *self)
{
  BwDevice *device = self->device;
  BwState state = bw_device_get_state (device);
  BwStatus status = bw_device_get_status (device);
  g_autofree char *firmware = bw_device_text_firmware (bw_device_get_product (device),
                                                       bw_device_get_version (device));
  g_autofree char *batch = format_batch (device);
  g_autofree char *protocol = format_protocol (bw_device_get_homie (device));
  g_autofree char *first_seen = bw_time_to_date_text (bw_device_get_first_seen_us (device));
  g_autofree char *first_seen_full = bw_time_to_full_text (bw_device_get_first_seen_us (device));

  set_fact (self, BW_DEVICE_FACT_STATUS, bw_status_to_text (status));
  set_fact (self, BW_DEVICE_FACT_STATE, bw_state_to_text (state));
  set_fact (self, BW_DEVICE_FACT_FIRMWARE, firmware);
  set_fact (self, BW_DEVICE_FACT_BATCH, batch);
  set_fact (self, BW_DEVICE_FACT_ADDRESS, bw_device_get_address (device));
  set_fact (self, BW_DEVICE_FACT_FIRST_SEEN, first_seen);
  bw_tooltip_set (GTK_WIDGET (self->fact_labels[BW_DEVICE_FACT_FIRST_SEEN]), first_seen_full);
  set_fact (self, BW_DEVICE_FACT_PROTOCOL, protocol);

  set_class (GTK_WIDGET (self->fact_labels[BW_DEVICE_FACT_STATUS]), &self->status_class,
             bw_status_to_css_class (status));
  set_class (gtk_widget_get_parent (GTK_WIDGET (self->state_image)), &self->state_class,
             bw_state_to_css_class (state));
  gtk_image_set_from_icon_name (self->state_image, bw_device_text_state_icon (state));
  bw_color_swatch_set_color (BW_COLOR_SWATCH (self->batch_swatch), bw_device_get_color (device));

  bw_device_page_update_ages (self, g_get_real_time ());
}

void
bw_device_page_update_ages (BwDevicePage *self,
                            gint64        now_us)
{
  g_autofree char *last_seen = NULL;

  if (self->device == NULL)
    return;

  /* The document tells of it now and then, each value at once. */
  last_seen = bw_time_to_relative_text (MAX (bw_device_get_last_seen_us (self->device), self->newest_us), now_us);
  set_fact (self, BW_DEVICE_FACT_LAST_SEEN, last_seen);
}
