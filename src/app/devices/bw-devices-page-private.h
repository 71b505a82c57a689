/* bw-devices-page-private.h: for the files of BwDevicesPage
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-device-actions.h"
#include "bw-device-table.h"
#include "bw-devices-page.h"
#include "bw-filter-bar.h"
#include "bw-filter-editor.h"
#include "bw-remote-view.h"

G_BEGIN_DECLS

struct _BwDevicesPage
{
  GtkWidget            parent_instance;

  BwSession           *session;            /* (owned) */
  BwRemoteTable       *table;              /* (owned) */
  BwDeviceActions     *actions;            /* (owned) */
  GCancellable        *cancellable;

  /* What is shown */
  JsonObject          *filter;             /* (owned): see bw-device-filter.h */
  char                *status;             /* of the filter, when a button stands for it; "all": none */
  guint                n_awaiting;

  /* An action that waits for rows which are still being fetched */
  const char          *waiting_action;     /* static (nullable) */
  guint                n_waits;

  /* Template children */
  BwRemoteView        *view;
  GtkToggleButton     *awaiting_button;
  GtkMenuButton       *filter_button;
  BwFilterEditor      *filter_editor;
  BwFilterBar         *filter_bar;
  GtkActionBar        *selection_bar;
  GtkLabel            *selection_label;
  GtkWidget           *select_all_button;
  GtkWidget           *unblock_button;
};

/* bw-devices-page.c */
void        bw_devices_page_take_status       (BwDevicesPage *self,
                                               const char    *status);
void        bw_devices_page_update_texts      (BwDevicesPage *self);

/* bw-devices-page-filter.c */
void        bw_devices_page_init_filter       (BwDevicesPage *self);
void        bw_devices_page_bind_filter       (GtkWidgetClass *widget_class);
/* "all" when none of the buttons stands for what is shown */
const char *bw_devices_page_get_status        (BwDevicesPage *self);
void        bw_devices_page_set_status        (BwDevicesPage *self,
                                               const char    *status);
/* @filter: (transfer none) */
void        bw_devices_page_take_filter       (BwDevicesPage *self,
                                               JsonObject    *filter);

/* bw-devices-page-columns.c */
void        bw_devices_page_init_columns      (BwDevicesPage *self);
void        bw_devices_page_choose_columns    (BwDevicesPage *self);

/* bw-devices-page-selection.c */
void        bw_devices_page_init_selection    (BwDevicesPage *self);
void        bw_devices_page_update_selection  (BwDevicesPage *self);
void        bw_devices_page_install_selection (GtkWidgetClass *widget_class);

G_END_DECLS
