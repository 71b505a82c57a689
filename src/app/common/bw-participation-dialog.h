/* bw-participation-dialog.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-participation.h"
#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_PARTICIPATION_DIALOG (bw_participation_dialog_get_type ())

/* Signal: done (BwOutcome *)  saved, or waiting for approval; the dialog closes */
G_DECLARE_FINAL_TYPE (BwParticipationDialog, bw_participation_dialog, BW, PARTICIPATION_DIALOG, AdwWindow)

/* A new one: what is known already cannot be chosen any more. @user, @company: entities, (nullable). */
GtkWidget *bw_participation_dialog_new      (BwSession       *session,
                                             BwEntity        *user,
                                             BwEntity        *company);
GtkWidget *bw_participation_dialog_new_edit (BwSession       *session,
                                             BwParticipation *participation);

G_END_DECLS
