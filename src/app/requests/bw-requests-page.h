/* bw-requests-page.h: the place *Requests*
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_REQUESTS_PAGE (bw_requests_page_get_type ())

/* Action: requests.reload */
G_DECLARE_FINAL_TYPE (BwRequestsPage, bw_requests_page, BW, REQUESTS_PAGE, GtkWidget)

GtkWidget *bw_requests_page_new          (BwSession      *session);
/* Opens the dialog of one. */
void       bw_requests_page_show_request (BwRequestsPage *self,
                                          const char     *request_id);

G_END_DECLS
