/* bw-sign-in-gate.h: who may try a password, a code or an address of a new account now
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BwSignInGate BwSignInGate;

BwSignInGate *bw_sign_in_gate_new       (void);
void          bw_sign_in_gate_free      (BwSignInGate  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwSignInGate, bw_sign_in_gate_free)

/* Before a password of @user, or without one (NULL) something else that could be guessed. Counts the attempt;
 * BW_ERROR_TOO_MANY and how long to wait. Times are of the monotonic clock. */
gboolean      bw_sign_in_gate_try       (BwSignInGate  *self,
                                         const char    *user,
                                         const char    *address,
                                         gint64         now_us,
                                         GError       **error);
/* Whether @user has signed in from there before. */
gboolean      bw_sign_in_gate_knows     (BwSignInGate  *self,
                                         const char    *user,
                                         const char    *address);
/* What was tried was right. */
void          bw_sign_in_gate_pass      (BwSignInGate  *self,
                                         const char    *user,
                                         const char    *address);
/* What was tried was right, and nobody is in by it yet: the attempt does not count. */
void          bw_sign_in_gate_take_back (BwSignInGate  *self,
                                         const char    *user,
                                         const char    *address);
/* Before a code of the second factor. */
gboolean      bw_sign_in_gate_try_code  (BwSignInGate  *self,
                                         gint64         account_id,
                                         gint64         now_us,
                                         GError       **error);
void          bw_sign_in_gate_pass_code (BwSignInGate  *self,
                                         gint64         account_id);
/* Before a new account; those that come to be count as well. */
gboolean      bw_sign_in_gate_try_new   (BwSignInGate  *self,
                                         const char    *address,
                                         gint64         now_us,
                                         GError       **error);

G_END_DECLS
