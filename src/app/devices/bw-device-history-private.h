/* bw-device-history-private.h: for the files of BwDeviceHistoryTab
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-chart.h"
#include "bw-day-row.h"
#include "bw-device-history-tab.h"
#include "bw-history-choice.h"
#include "bw-history-chooser.h"
#include "bw-history-list.h"
#include "bw-task-bar.h"
#include "bw-width-bin.h"

G_BEGIN_DECLS

/* As in the drop-down. */
typedef enum
{
  BW_SPAN_HOUR,
  BW_SPAN_DAY,
  BW_SPAN_WEEK,
  BW_SPAN_MONTH,
  BW_SPAN_EVERYTHING,
  BW_SPAN_DAYS,
} BwSpan;

struct _BwDeviceHistoryTab
{
  GtkWidget         parent_instance;

  BwSession        *session;
  BwLiveDevice     *live;
  GCancellable     *cancellable;     /* of the tab's life */
  GtkFileChooserNative *file_dialog; /* (owned) (nullable) */

  GListStore       *choices;         /* (element-type BwHistoryChoice) */
  GListStore       *chosen;          /* (element-type BwHistoryChoice): of those, in the order in which they were */
  char             *wanted_id;       /* (nullable): to be shown when the choices are known */

  /* What is loaded: the whole time, and a finer part of it. */
  gint64            from_us;
  gint64            to_us;
  gboolean          has_span;        /* not the one it begins with */
  GCancellable     *load;            /* (nullable): of the whole time */
  GCancellable     *detail;          /* (nullable): of the finer part */
  guint             n_pending[2];    /* of the whole time, of the finer part */
  guint             n_live;          /* values that came since */
  guint             range_source;
  guint             live_source;
  guint             structure_source;
  BwState           state;
  gboolean          is_online;

  GCancellable     *table_load;      /* (nullable) */

  /* Template children */
  GtkStack         *stack;
  AdwStatusPage    *failed_page;
  GMenu            *export_section;
  BwWidthBin       *width_bin;
  GtkWidget        *view_row;
  BwHistoryChooser *chooser;
  GtkDropDown      *span_choice;
  GtkWidget        *days_box;
  BwDayRow         *first_day;
  BwDayRow         *last_day;
  GtkWidget        *days_button;
  GtkToggleButton  *chart_button;
  GtkToggleButton  *table_button;
  GtkWidget        *chart_buttons;
  GtkToggleButton  *live_button;
  GtkWidget        *zoom_in_button;
  GtkWidget        *zoom_out_button;
  GtkWidget        *zoom_reset_button;
  BwTaskBar        *task_bar;
  GtkLabel         *damage_label;
  GtkStack         *view_stack;
  BwChart          *chart;
  GtkWidget        *hint_box;
  GtkLabel         *hint_label;
  GtkWidget        *everything_button;
  GtkSpinner       *busy_spinner;
  GtkColumnView    *table;
  GtkDropDown      *table_choice;
  GtkLabel         *count_label;
};

/* bw-device-history-tab.c */
void bw_device_history_show_toast   (BwDeviceHistoryTab *self,
                                     const char         *text);
/* What is there, what is missing, and what one can do about it. */
void bw_device_history_update       (BwDeviceHistoryTab *self);
/* (nullable) (transfer none) */
BwHistoryChoice *bw_device_history_find_choice (GListStore     *list,
                                                const char     *id);
/* @choices: (element-type BwHistoryChoice). Of what was chosen stays chosen what is still there. */
void bw_device_history_set_choices  (BwDeviceHistoryTab *self,
                                     GPtrArray          *choices);

/* bw-device-history-load.c */
void bw_device_history_load_choices (BwDeviceHistoryTab *self);
/* Sets the time that the drop-down says, and loads it. */
void bw_device_history_apply_span   (BwDeviceHistoryTab *self);
void bw_device_history_load_all     (BwDeviceHistoryTab *self);
void bw_device_history_load_one     (BwDeviceHistoryTab *self,
                                     BwHistoryChoice    *choice);
void bw_device_history_init_load    (BwDeviceHistoryTab *self);
void bw_device_history_stop_load    (BwDeviceHistoryTab *self);

/* bw-device-history-table.c */
void bw_device_history_init_table   (BwDeviceHistoryTab *self);
void bw_device_history_load_table   (BwDeviceHistoryTab *self);

/* bw-device-history-export.c */
void bw_device_history_update_exports (BwDeviceHistoryTab *self);
void bw_device_history_install_exports (GtkWidgetClass    *widget_class);

G_END_DECLS
