/* bw-overview-page.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-fleet.h"

G_BEGIN_DECLS

#define BW_TYPE_OVERVIEW_PAGE (bw_overview_page_get_type ())

G_DECLARE_FINAL_TYPE (BwOverviewPage, bw_overview_page, BW, OVERVIEW_PAGE, GtkWidget)

GtkWidget *bw_overview_page_new (BwSession *session,
                                 BwFleet   *fleet);

G_END_DECLS
