/* bw-window-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor-button.h"
#include "bw-desktop-notices.h"
#include "bw-device-actions.h"
#include "bw-fleet.h"
#include "bw-inbox.h"
#include "bw-notices-button.h"
#include "bw-place-row.h"
#include "bw-sign-in-page.h"
#include "bw-stranger-dialog.h"
#include "bw-window.h"

G_BEGIN_DECLS

/* In the order of the sidebar. */
typedef enum
{
  BW_PLACE_OVERVIEW,
  BW_PLACE_DEVICES,
  BW_PLACE_BATCHES,
  BW_PLACE_COMPANIES,
  BW_PLACE_USERS,
  BW_PLACE_PARTICIPATIONS,
  BW_PLACE_ROLES,
  BW_PLACE_REQUESTS,
  BW_PLACE_AUDIT,
  BW_N_PLACES
} BwPlace;

struct _BwWindow
{
  AdwApplicationWindow  parent_instance;

  BwThisComputer       *this_computer;
  BwSession            *session;          /* (nullable): while signed in */
  BwFleet              *fleet;            /* (nullable): likewise */
  BwInbox              *inbox;            /* (nullable): likewise */
  BwNotices            *notices;          /* (nullable): while signed in as somebody who may view devices */
  BwDesktopNotices     *desktop_notices;  /* (nullable): likewise */
  BwDeviceActions      *device_actions;   /* (nullable): likewise */
  BwSignInWay           way;              /* how the session began */
  GSettings            *settings;         /* (nullable) */
  char                 *wanted_place;     /* (nullable): to show after the sign-in */
  char                 *origin;           /* (nullable): the place that a device page was opened from */
  BwStrangerDialog     *stranger_dialog;  /* (unowned) (nullable): while it is open */
  char                 *refused_fingerprint;   /* (nullable): what it was about */
  guint                 connection_id;
  guint                 present_id;
  GtkWidget            *sign_in_page;     /* (unowned) */
  GtkWidget            *pages[BW_N_PLACES]; /* (unowned) (nullable): made when first shown */
  GtkWidget            *device_page;      /* (unowned) (nullable) */
  char                 *device_tab;       /* (nullable): the last one's, for the next */

  AdwToastOverlay      *toasts;
  GtkStack             *root_stack;
  AdwLeaflet           *leaflet;
  GtkListBox           *places;
  BwNoticesButton      *notices_button;
  BwPlaceRow           *devices_row;
  BwPlaceRow           *requests_row;
  BwActorButton        *actor_button;
  AdwWindowTitle       *content_title;
  GtkWidget            *back_button;
  GtkRevealer          *connection_revealer;
  GtkLabel             *connection_label;
  GtkStack             *content_stack;
};

/* The file bw-window-places.c */
void bw_window_add_place_actions (BwWindow   *self);
void bw_window_set_up_places     (BwWindow   *self);
void bw_window_update_navigation (BwWindow   *self);
void bw_window_update_actions    (BwWindow   *self);
void bw_window_clear_places      (BwWindow   *self);
/* Shows the rows of the places that the role opens; leaves one that it does not. */
void bw_window_update_places     (BwWindow   *self);
/* Where one is, to come back to. (transfer none) (nullable) */
const char *bw_window_get_place  (BwWindow   *self);
void bw_window_open_place        (BwWindow   *self,
                                  const char *place);

/* The file bw-window-search.c */
void bw_window_set_up_search     (BwWindow   *self);

/* The file bw-window-notices.c */
void bw_window_set_up_notices    (BwWindow   *self);
/* Those of whoever acts now; of nobody after the session. */
void bw_window_watch_notices     (BwWindow   *self);
void bw_window_notices_permissions_changed (BwWindow *self);

/* The file bw-window-companies.c */
GtkWidget *bw_window_make_companies_page (BwWindow *self);

G_END_DECLS
