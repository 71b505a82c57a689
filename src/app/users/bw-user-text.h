/* bw-user-text.h: what is known of a user, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-user.h"

G_BEGIN_DECLS

/* The name, or who signs in, or the address. (transfer none) */
const char *bw_user_text_name           (BwUser *user);
const char *bw_user_text_status         (BwUser *user);
const char *bw_user_text_status_style   (BwUser *user);    /* (nullable): a class of the style sheet */
gboolean    bw_user_is_suspended        (BwUser *user);
gboolean    bw_user_is_invited          (BwUser *user);
/* The participations, "Acme · Support"; (transfer full) (nullable) */
char      **bw_user_text_participation_list (BwUser *user);
/* The first of them in one line, and a number of those that do not fit. (transfer full) (nullable) */
char       *bw_user_text_participations (BwUser *user);

G_END_DECLS
