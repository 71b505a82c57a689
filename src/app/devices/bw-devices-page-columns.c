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
get_serial (gpointer item)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, bw_device_get_serial (item));
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
get_online (gpointer item)
{
  return g_strdup (bw_device_text_online (bw_device_get_online (item)));
}

static char *
get_product (gpointer item)
{
  return g_strdup (bw_device_get_product (item));
}

static char *
get_version (gpointer item)
{
  return g_strdup (bw_device_get_version (item));
}

static char *
get_homie (gpointer item)
{
  return g_strdup (bw_device_get_homie (item));
}

static char *
get_address (gpointer item)
{
  return g_strdup (bw_device_get_address (item));
}

/* (transfer full) (nullable) */
static char *
dup_text (gpointer    item,
          const char *property)
{
  char *text = NULL;

  g_object_get (item, property, &text, NULL);

  return text;
}

static char *
get_local_ip (gpointer item)
{
  return dup_text (item, "local-ip");
}

static char *
get_type (gpointer item)
{
  g_autofree char *type = dup_text (item, "type");

  return g_strdup (bw_device_text_type (type));
}

static char *
get_abbreviation (gpointer item)
{
  return dup_text (item, "abbreviation");
}

static char *
get_license (gpointer item)
{
  return dup_text (item, "license");
}

static char *
get_machine_id (gpointer item)
{
  return dup_text (item, "machine-id");
}

static char *
look_up_company (gpointer item,
                 gpointer session)
{
  g_autofree char *id = dup_text (item, "company-id");
  BwEntity *company = id != NULL ? bw_entity_list_lookup (bw_session_get_companies (session), id) : NULL;

  return company != NULL ? g_strdup (bw_company_get_name (BW_COMPANY (company))) : NULL;
}

static char **
look_up_tag_names (gpointer item,
                   gpointer session)
{
  g_auto(GStrv) ids = NULL;
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  g_object_get (item, "tags", &ids, NULL);
  for (gsize i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      BwEntity *tag = bw_entity_list_lookup (bw_session_get_tags (session), ids[i]);

      if (tag != NULL)
        g_strv_builder_add (names, bw_tag_get_name (BW_TAG (tag)));
    }

  return g_strv_builder_end (names);
}

static char *
look_up_tags (gpointer item,
              gpointer session)
{
  g_auto(GStrv) names = look_up_tag_names (item, session);

  return g_strjoinv (", ", names);
}

/* Nothing to say is no row of empty chips. */
static char **
look_up_tag_chips (gpointer item,
                   gpointer session)
{
  g_auto(GStrv) names = look_up_tag_names (item, session);

  return names[0] != NULL ? g_steal_pointer (&names) : NULL;
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

static char *
get_approved (gpointer item)
{
  return bw_time_to_relative_text (bw_device_get_approved_at_us (item), g_get_real_time ());
}

static const char *
get_approved_style (gpointer item)
{
  return bw_device_get_approved_at_us (item) == 0 ? "dim-label" : NULL;
}

/* Called as the columns of the export are, so that a saved view means the same everywhere. */
static const BwRemoteColumn columns[] = {
  { "id", N_("Device ID"), "id", BW_COLUMN_FIXED | BW_COLUMN_MONOSPACE, 20, 20, 0, .text = get_id, .color = get_color },
  { "name", N_("Name"), "name", BW_COLUMN_EXPAND, 10, 16, 740, .text = get_name },
  { "batch", N_("Batch"), "batch", BW_COLUMN_EXPAND, 9, 14, 980, .text = get_batch },
  { "serial", N_("Serial"), "serial", BW_COLUMN_EXTRA | BW_COLUMN_NUMERIC, 7, 9, 0, .text = get_serial },
  { "status", N_("Status"), "status", 0, 13, 20, 0, .text = get_status, .style = get_status_style },
  { "state", N_("State"), "state", 0, 11, 13, 480, .text = get_state, .style = get_state_style, .icon = get_state_icon },
  { "online", N_("Online"), "online", BW_COLUMN_EXTRA, 7, 8, 0, .text = get_online },
  { "product", N_("Product"), "product", BW_COLUMN_EXPAND, 9, 14, 860, .text = get_product },
  { "version", N_("Version"), "version", BW_COLUMN_NUMERIC, 8, 10, 860, .text = get_version },
  { "company", N_("Company"), "company", BW_COLUMN_EXTRA | BW_COLUMN_EXPAND, 10, 16, 0, .look_up = look_up_company },
  { "type", N_("Type"), "type", BW_COLUMN_EXTRA, 11, 12, 0, .text = get_type },
  { "abbreviation", N_("Abbreviation"), "abbreviation", BW_COLUMN_EXTRA, 10, 12, 0, .text = get_abbreviation },
  { "license", N_("License"), "license", BW_COLUMN_EXTRA, 10, 16, 0, .text = get_license },
  { "machineId", N_("Machine ID"), "machine-id", BW_COLUMN_EXTRA | BW_COLUMN_MONOSPACE, 12, 16, 0, .text = get_machine_id },
  { "homie", N_("Homie"), "homie", BW_COLUMN_EXTRA | BW_COLUMN_NUMERIC, 6, 7, 0, .text = get_homie },
  { "address", N_("Address"), "address", BW_COLUMN_NUMERIC, 12, 16, 1090, .text = get_address },
  { "localIp", N_("Local Address"), "local-ip", BW_COLUMN_EXTRA | BW_COLUMN_NUMERIC, 12, 16, 0, .text = get_local_ip },
  { "tags", N_("Tags"), NULL, BW_COLUMN_EXTRA | BW_COLUMN_EXPAND, 12, 20, 0,
    .look_up = look_up_tags, .look_up_chips = look_up_tag_chips },
  { "firstSeenAt", N_("First Seen"), "first-seen", BW_COLUMN_AGE | BW_COLUMN_EXTRA | BW_COLUMN_REVERSE, 14, 20, 0,
    .text = get_first_seen, .style = get_first_seen_style },
  { "lastSeenAt", N_("Last Seen"), "last-seen", BW_COLUMN_AGE | BW_COLUMN_REVERSE, 14, 20, 600,
    .text = get_last_seen, .style = get_last_seen_style },
  { "approvedAt", N_("Approved"), "approved", BW_COLUMN_AGE | BW_COLUMN_EXTRA | BW_COLUMN_REVERSE, 14, 20, 0,
    .text = get_approved, .style = get_approved_style },
};

/* In the list of those that wait for approval the evidence matters, and the status
 * is the same for all. */
static const int awaiting_min_widths[G_N_ELEMENTS (columns)] = {
  0, 960, 700, -1, -1, 1100, -1, 820, 820, -1, -1, -1, -1, -1, -1, 0, -1, -1, 540, 1240, -1
};

void
bw_devices_page_init_columns (BwDevicesPage *self)
{
  bw_remote_view_set_context (self->view, G_OBJECT (self->session));
  bw_remote_view_set_table (self->view, self->table, "devices", columns, G_N_ELEMENTS (columns));
  bw_remote_view_set_multi_sort (self->view);
}

void
bw_devices_page_choose_columns (BwDevicesPage *self)
{
  gboolean is_awaiting = g_strcmp0 (bw_devices_page_get_status (self), "awaiting-approval") == 0;

  if (is_awaiting)
    bw_remote_view_set_preset (self->view, "devices-awaiting", awaiting_min_widths);
  else
    bw_remote_view_set_preset (self->view, "devices", NULL);
}
