/* bw-devices-page-private.h: for the files of BwDevicesPage
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-device-actions.h"
#include "bw-device-table.h"
#include "bw-devices-page.h"
#include "bw-remote-columns.h"

G_BEGIN_DECLS

struct _BwDevicesPage
{
  GtkWidget            parent_instance;

  BwSession           *session;            /* (owned) */
  BwRemoteTable       *table;              /* (owned) */
  GtkMultiSelection   *selection;          /* (owned) */
  BwDeviceActions     *actions;            /* (owned) */
  BwRemoteColumns     *columns;            /* (owned) */
  GCancellable        *cancellable;

  /* What is shown */
  char                *status;             /* "all" or a status of the table's */
  char                *batch_id;           /* (nullable) */
  char                *company_id;         /* (nullable): this one and all below it */
  char                *search;             /* (nullable) */
  guint                n_awaiting;
  gboolean             has_loaded;
  gboolean             is_filtering;       /* the rows are still those of the filter before */
  char                *error_text;         /* (nullable): why the last load failed */
  int                  width;              /* that the columns were chosen for */
  guint                fit_id;             /* tick callback */

  /* An action that waits for rows which are still being fetched */
  const char          *waiting_action;     /* static (nullable) */
  guint                n_waits;

  /* Template children */
  AdwToastOverlay     *toasts;
  GtkWidget           *toolbar;
  GtkToggleButton     *awaiting_button;
  GtkWidget           *search_entry;
  GtkLabel            *count_label;
  GtkWidget           *batch_button;
  GtkWidget           *batch_swatch;
  GtkLabel            *batch_label;
  GtkWidget           *company_button;
  GtkLabel            *company_label;
  GtkStack            *stack;
  GtkSpinner          *spinner;
  GtkColumnView       *column_view;
  AdwStatusPage       *nothing_page;
  AdwStatusPage       *failed_page;
  GtkActionBar        *selection_bar;
  GtkLabel            *selection_label;
  GtkWidget           *unblock_button;
  GtkPopover          *row_popover;
};

/* bw-devices-page.c */
void      bw_devices_page_apply_filter     (BwDevicesPage *self);

/* bw-devices-page-chips.c */
void      bw_devices_page_update_chips     (BwDevicesPage *self);
void      bw_devices_page_install_chip_actions (GtkWidgetClass *widget_class);

/* bw-devices-page-columns.c */
void      bw_devices_page_init_columns     (BwDevicesPage *self);
void      bw_devices_page_fit_columns      (BwDevicesPage *self);

/* bw-devices-page-selection.c */
void      bw_devices_page_init_selection   (BwDevicesPage *self);
void      bw_devices_page_update_selection (BwDevicesPage *self);
void      bw_devices_page_resume_action    (BwDevicesPage *self);
void      bw_devices_page_install_selection_actions (GtkWidgetClass *widget_class);

G_END_DECLS
