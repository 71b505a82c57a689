/* bw-actor-button.h: who is signed in, and as what
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_ACTOR_BUTTON (bw_actor_button_get_type ())

/* Signal: failed (const char *text)  another participation could not be taken */
G_DECLARE_FINAL_TYPE (BwActorButton, bw_actor_button, BW, ACTOR_BUTTON, GtkWidget)

/* @session: (nullable): nobody. @account: "Ada at this computer" */
void bw_actor_button_set_session (BwActorButton *self,
                                  BwSession     *session,
                                  const char    *account);
void bw_actor_button_set_account (BwActorButton *self,
                                  const char    *account);
void bw_actor_button_popup       (BwActorButton *self);

G_END_DECLS
