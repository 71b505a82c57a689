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
#include "bw-saved-view.h"
#include "bw-task-bar.h"

G_BEGIN_DECLS

typedef void (*BwDevicesResume) (BwDevicesPage *self,
                                 const char    *with);

struct _BwDevicesPage
{
  GtkWidget            parent_instance;

  BwSession           *session;            /* (owned) */
  BwRemoteTable       *table;              /* (owned) */
  BwDeviceActions     *actions;            /* (owned) */
  GCancellable        *cancellable;

  /* What is shown */
  JsonObject          *filter;             /* (owned): see bw-device-query.h */
  char                *status;             /* of the filter, when a button stands for it; "all": none */
  guint                n_awaiting;

  /* What waits for rows which are still being fetched */
  BwDevicesResume      resume;             /* (nullable) */
  char                *resume_with;        /* (nullable) */
  guint                n_waits;

  /* Many at a time */
  GCancellable        *following;          /* (owned) (nullable): a job */
  JsonObject          *last_job;           /* (owned) (nullable): as it ended */
  gint64               n_exported;         /* about */
  GtkFileChooserNative *chooser;           /* (owned) (nullable): nobody else holds it */

  /* Saved views */
  GPtrArray           *views;              /* (owned) (element-type BwSavedView): by name */
  char                *view_id;            /* (nullable): of the one that is shown */
  GSimpleActionGroup  *view_actions;       /* (owned) */
  GSettings           *settings;           /* (owned) (nullable) */
  gboolean             is_touched;         /* somebody has said what is to be shown */
  gboolean             is_showing;         /* a view, which says it */

  /* Template children */
  BwRemoteView        *view;
  BwTaskBar           *task_bar;
  GtkMenuButton       *views_button;
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
/* Reads again what is here. */
void        bw_devices_page_refresh           (BwDevicesPage *self);

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
/* Begins what is done to selected rows that may have to be waited for: @resume with @with, now and again from
 * bw_devices_page_await_rows(). */
void        bw_devices_page_begin             (BwDevicesPage  *self,
                                               BwDevicesResume resume,
                                               const char     *with);
/* Some selected rows are not here: goes on with @resume when they have come, unless others are selected until then;
 * says so when they cannot be loaded. */
void        bw_devices_page_await_rows        (BwDevicesPage  *self,
                                               BwDevicesResume resume,
                                               const char     *with);
void        bw_devices_page_stop_waiting      (BwDevicesPage  *self);

/* bw-devices-page-bulk.c */
void        bw_devices_page_init_bulk         (BwDevicesPage *self);
void        bw_devices_page_bind_bulk         (GtkWidgetClass *widget_class);
/* Asks about the selected devices; see bw-session-bulk.h. */
void        bw_devices_page_ask_bulk          (BwDevicesPage *self,
                                               const char    *action);
void        bw_devices_page_undo_bulk         (BwDevicesPage *self,
                                               const char    *job_id);

/* Jobs go on by themselves. */
void        bw_devices_page_stop_following    (BwDevicesPage *self);

/* bw-devices-page-views.c */
void        bw_devices_page_init_views        (BwDevicesPage *self);
void        bw_devices_page_bind_views        (GtkWidgetClass *widget_class);
/* What is shown is another. */
void        bw_devices_page_update_views      (BwDevicesPage *self);

G_END_DECLS
