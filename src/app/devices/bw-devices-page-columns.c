/* bw-devices-page-columns.c: the columns of the devices table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-devices-page-private.h"

#include <glib/gi18n.h>

#include "bw-device-text.h"
#include "bw-status-text.h"
#include "bw-time-text.h"

static char *
get_id (gpointer item)
{
  return g_strdup (bw_entity_get_id (item));
}

static const char *
get_color (gpointer item)
{
  return bw_device_get_color (item);
}

static char *
get_name (gpointer item)
{
  return g_strdup (bw_device_get_name (item));
}

static char *
get_batch (gpointer item)
{
  return g_strdup (bw_device_get_batch (item));
}

static char *
get_status (gpointer item)
{
  return g_strdup (bw_status_to_text (bw_device_get_status (item)));
}

static const char *
get_status_style (gpointer item)
{
  return bw_status_to_css_class (bw_device_get_status (item));
}

static char *
get_state (gpointer item)
{
  return g_strdup (bw_state_to_text (bw_device_get_state (item)));
}

static const char *
get_state_style (gpointer item)
{
  return bw_state_to_css_class (bw_device_get_state (item));
}

static const char *
get_state_icon (gpointer item)
{
  return bw_device_text_state_icon (bw_device_get_state (item));
}

static char *
get_firmware (gpointer item)
{
  return bw_device_text_firmware (bw_device_get_product (item), bw_device_get_version (item));
}

static char *
get_address (gpointer item)
{
  return g_strdup (bw_device_get_address (item));
}

static char *
get_first_seen (gpointer item)
{
  return bw_time_to_relative_text (bw_device_get_first_seen_us (item), g_get_real_time ());
}

static const char *
get_first_seen_style (gpointer item)
{
  return bw_device_get_first_seen_us (item) == 0 ? "dim-label" : NULL;
}

static char *
get_last_seen (gpointer item)
{
  return bw_time_to_relative_text (bw_device_get_last_seen_us (item), g_get_real_time ());
}

static const char *
get_last_seen_style (gpointer item)
{
  return bw_device_get_last_seen_us (item) == 0 ? "dim-label" : NULL;
}

static const BwRemoteColumn columns[] = {
  { "id", N_("Device ID"), "id", BW_COLUMN_FIXED | BW_COLUMN_MONOSPACE, 20, 20, 0, .text = get_id, .color = get_color },
  { "name", N_("Name"), NULL, BW_COLUMN_EXPAND, 10, 16, 740, .text = get_name },
  { "batch", N_("Batch"), "batch", BW_COLUMN_EXPAND, 9, 14, 980, .text = get_batch },
  { "status", N_("Status"), "status", 0, 13, 16, 0, .text = get_status, .style = get_status_style },
  { "state", N_("State"), "state", 0, 11, 13, 480, .text = get_state, .style = get_state_style, .icon = get_state_icon },
  { "firmware", N_("Firmware"), "product", BW_COLUMN_EXPAND, 10, 20, 860, .text = get_firmware },
  { "address", N_("Address"), NULL, BW_COLUMN_NUMERIC, 12, 16, 1090, .text = get_address },
  { "first-seen", N_("First Seen"), NULL, BW_COLUMN_AGE | BW_COLUMN_EXTRA, 14, 20, 0,
    .text = get_first_seen, .style = get_first_seen_style },
  { "last-seen", N_("Last Seen"), "last-seen", BW_COLUMN_AGE | BW_COLUMN_REVERSE, 14, 20, 600,
    .text = get_last_seen, .style = get_last_seen_style },
};

/* In the list of those that wait for approval the evidence matters, and the status
 * is the same for all. -1: never. */
static const int awaiting_min_widths[G_N_ELEMENTS (columns)] = { 0, 960, 700, -1, 1100, 820, 0, 540, 1240 };

void
bw_devices_page_init_columns (BwDevicesPage *self)
{
  self->columns = bw_remote_columns_new (self->column_view, self->table, columns, G_N_ELEMENTS (columns));
}

/* A table that has to be pushed sideways hides what one looks for: narrow pages
 * show fewer columns, and the rest is on the device's page. */
void
bw_devices_page_fit_columns (BwDevicesPage *self)
{
  gboolean is_awaiting = g_strcmp0 (self->status, "awaiting-approval") == 0;
  guint32 shown = 0;

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      int min = columns[i].flags & BW_COLUMN_EXTRA ? -1 : columns[i].min_width;

      if (is_awaiting)
        min = awaiting_min_widths[i];

      if (min >= 0 && self->width >= min)
        shown |= 1u << i;
    }

  bw_remote_columns_show (self->columns, shown);
}
