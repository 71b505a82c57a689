/* bw-person-chooser.h: one person of many
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_PERSON_CHOOSER (bw_person_chooser_get_type ())

/* Signal: changed ()  somebody else, or nobody */
G_DECLARE_FINAL_TYPE (BwPersonChooser, bw_person_chooser, BW, PERSON_CHOOSER, GtkWidget)

void        bw_person_chooser_set_session (BwPersonChooser *self,
                                           BwSession       *session);
/* @user_id NULL: nobody. */
void        bw_person_chooser_set_person  (BwPersonChooser *self,
                                           const char      *user_id,
                                           const char      *name);
const char *bw_person_chooser_get_id      (BwPersonChooser *self);   /* (nullable) */

G_END_DECLS
