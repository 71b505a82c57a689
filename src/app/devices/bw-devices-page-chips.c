/* bw-devices-page-chips.c: the filters that are set elsewhere, as chips to take away
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-devices-page-private.h"

#include "bw-color-swatch.h"
#include "bw-company.h"
#include "bw-text.h"

static void
update_batch (BwDevicesPage *self)
{
  BwBatch *batch = NULL;

  if (self->batch_id != NULL)
    batch = bw_entity_list_lookup (bw_session_get_batches (self->session), self->batch_id);

  gtk_widget_set_visible (self->batch_button, self->batch_id != NULL);
  gtk_label_set_label (self->batch_label, batch != NULL ? bw_batch_get_name (batch) : self->batch_id);
  bw_color_swatch_set_color (BW_COLOR_SWATCH (self->batch_swatch),
                             batch != NULL ? bw_batch_get_color (batch) : NULL);
}

static void
update_company (BwDevicesPage *self)
{
  BwCompany *company = NULL;

  if (self->company_id != NULL)
    company = bw_entity_list_lookup (bw_session_get_companies (self->session), self->company_id);

  gtk_widget_set_visible (self->company_button, self->company_id != NULL);
  gtk_label_set_label (self->company_label, company != NULL ? bw_company_get_name (company) : self->company_id);
}

static void
all_batches_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (widget);

  if (bw_set_str (&self->batch_id, NULL))
    bw_devices_page_apply_filter (self);
}

static void
all_companies_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (widget);

  if (bw_set_str (&self->company_id, NULL))
    bw_devices_page_apply_filter (self);
}

void
bw_devices_page_update_chips (BwDevicesPage *self)
{
  update_batch (self);
  update_company (self);
}

void
bw_devices_page_install_chip_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "devices.all-batches", NULL, all_batches_action);
  gtk_widget_class_install_action (widget_class, "devices.all-companies", NULL, all_companies_action);
}
