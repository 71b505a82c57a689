/* bw-sign-in-page.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"
#include "bw-this-computer.h"

G_BEGIN_DECLS

#define BW_TYPE_SIGN_IN_PAGE (bw_sign_in_page_get_type ())

/* How somebody came in. */
typedef enum
{
  BW_SIGN_IN_PASSWORD,
  BW_SIGN_IN_KEYRING,      /* with the token kept from an earlier time */
  BW_SIGN_IN_TOKEN_FILE,   /* with one that belongs to a server's owner; not ours to end */
} BwSignInWay;

/* Property: busy (gboolean, notify)  an attempt is under way
 * Signals
 *   signed-in (BwSession *, guint BwSignInWay)
 *   not-remembered (const char *)  the keyring did not take the token; the sentence says why */
G_DECLARE_FINAL_TYPE (BwSignInPage, bw_sign_in_page, BW, SIGN_IN_PAGE, GtkWidget)

GtkWidget *bw_sign_in_page_new             (BwThisComputer *this_computer);
/* Where the person was signed in last, if that still holds; else the form. */
void       bw_sign_in_page_resume_last     (BwSignInPage   *self);
void       bw_sign_in_page_resume          (BwSignInPage   *self,
                                            const char     *server_uri,
                                            const char     *token);
/* The form, with a sentence that says why it is there again. */
void       bw_sign_in_page_show_form       (BwSignInPage   *self,
                                            const char     *text);
gboolean   bw_sign_in_page_is_busy         (BwSignInPage   *self);
/* What was remembered of the last place is forgotten. */
void       bw_sign_in_page_forget          (BwSignInPage   *self,
                                            const char     *server_uri);

G_END_DECLS
