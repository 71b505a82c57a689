/* bw-participations-page.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_PARTICIPATIONS_PAGE (bw_participations_page_get_type ())

/* Signal: open-user (const char *id)  somebody wants the page of a user */
G_DECLARE_FINAL_TYPE (BwParticipationsPage, bw_participations_page, BW, PARTICIPATIONS_PAGE, GtkWidget)

GtkWidget *bw_participations_page_new          (BwSession            *session);
/* Only those of a company and of all below it; NULL: all. */
void       bw_participations_page_set_company  (BwParticipationsPage *self,
                                                BwEntity             *company);
void       bw_participations_page_start_search (BwParticipationsPage *self);

G_END_DECLS
