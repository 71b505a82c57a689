/* bw-device-page-private.h: for the files of BwDevicePage
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-device-actions.h"
#include "bw-device-page.h"
#include "bw-desired-set.h"
#include "bw-live-device.h"
#include "bw-message-group.h"
#include "bw-property-row.h"

G_BEGIN_DECLS

typedef enum
{
  BW_DEVICE_FACT_STATUS,
  BW_DEVICE_FACT_STATE,
  BW_DEVICE_FACT_FIRMWARE,
  BW_DEVICE_FACT_BATCH,
  BW_DEVICE_FACT_ADDRESS,
  BW_DEVICE_FACT_LAST_SEEN,
  BW_DEVICE_FACT_FIRST_SEEN,
  BW_DEVICE_FACT_PROTOCOL,
  BW_N_DEVICE_FACTS
} BwDeviceFact;

/* Below this a slider and its field do not fit beside a name and a value, nor buttons beside a title. */
#define BW_DEVICE_PAGE_NARROW_PX 560

/* A gateway with two thousand properties does not make the page wait: so many at first, and at each click. */
#define BW_DEVICE_PAGE_ROWS 200

struct _BwDevicePage
{
  GtkWidget        parent_instance;

  char            *device_id;
  char            *title;
  BwSession       *session;         /* (owned) */
  BwLiveDevice    *live;            /* (owned) */
  BwDesiredSet    *desired;         /* (owned): what waits for the device */
  BwDevice        *device;          /* (owned) (nullable): the live one's, once it is loaded */
  BwDeviceActions *actions;         /* (owned) */
  GCancellable    *cancellable;
  guint            tick_id;
  int              width;
  guint            fit_id;          /* tick callback */

  /* Nodes */
  GHashTable      *rows;            /* (element-type utf8 BwPropertyRow): "node/property", rows unowned */
  char            *structure;       /* (nullable): what the rows were built for */
  GHashTable      *moved;           /* (element-type BwPropertyRow): set, unowned: to be read again */
  guint            moved_id;
  guint            n_more_rows;     /* beside the first ones: asked for */
  gint64           newest_us;       /* when the youngest value came */

  /* Facts */
  GtkLabel        *fact_labels[BW_N_DEVICE_FACTS];
  GtkImage        *state_image;
  GtkWidget       *batch_swatch;
  const char      *status_class;    /* static */
  const char      *state_class;     /* static */

  /* Template children */
  AdwToastOverlay *toasts;
  GtkStack        *stack;
  GtkSpinner      *spinner;
  AdwStatusPage   *failed_page;
  GtkLabel        *title_label;
  GtkLabel        *id_label;
  GtkWidget       *actions_box;
  GtkWidget       *approve_button;
  GtkWidget       *block_button;
  GtkWidget       *unblock_button;
  GtkWidget       *banner;
  GtkImage        *banner_image;
  GtkLabel        *banner_label;
  GtkWidget       *switcher;
  AdwViewStack    *tabs;
  AdwViewSwitcherBar *switcher_bar;
  GtkFlowBox      *facts;
  GtkBox          *nodes_box;
  AdwStatusPage   *nothing_page;
  GtkButton       *more_button;
  GtkLabel        *refused_label;
  BwMessageGroup  *messages;
};

/* bw-device-page-facts.c */
void        bw_device_page_init_facts   (BwDevicePage   *self);
void        bw_device_page_update_facts (BwDevicePage   *self);
void        bw_device_page_update_ages  (BwDevicePage   *self,
                                         gint64          now_us);

/* bw-device-page-tabs.c */
/* The History tab, with the property (node and id) that the parameter names. */
void        bw_device_page_show_history_action (GtkWidget  *widget,
                                                const char *action_name,
                                                GVariant   *parameter);
void        bw_device_page_init_tabs    (BwDevicePage   *self);
/* Makes the content of the tab that is shown, if it has none yet. */
void        bw_device_page_fill_tab     (BwDevicePage   *self);
void        bw_device_page_empty_tabs   (BwDevicePage   *self);
/* Puts the switcher where there is room for it. */
void        bw_device_page_fit_tabs     (BwDevicePage   *self);

/* bw-device-page-nodes.c */
void        bw_device_page_init_nodes   (BwDevicePage   *self);
void        bw_device_page_stop_nodes   (BwDevicePage   *self);
/* Builds the rows anew when the device describes itself in another way; else only reads the values. */
void        bw_device_page_update_nodes (BwDevicePage   *self);
void        bw_device_page_mark_moved   (BwDevicePage   *self,
                                         const char     *node_id,
                                         const char     *property_id);
/* (nullable): why nothing can be set now */
const char *bw_device_page_get_why_not  (BwDevicePage   *self);
void        bw_device_page_update_why_not (BwDevicePage *self);
/* Lays the rows out for the width that the page has. */
void        bw_device_page_fit_rows     (BwDevicePage   *self);
void        bw_device_page_tick_rows    (BwDevicePage   *self,
                                         gint64          now_us);

G_END_DECLS
