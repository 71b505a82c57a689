/* bw-join-form.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_JOIN_FORM (bw_join_form_get_type ())

typedef enum
{
  BW_JOIN_INVITATION,
  BW_JOIN_REGISTRATION,
} BwJoinKind;

/* Signals
 *   submit   all is filled in: bw_join_form_send () may be called
 *   back     rather not */
G_DECLARE_FINAL_TYPE (BwJoinForm, bw_join_form, BW, JOIN_FORM, GtkWidget)

void        bw_join_form_begin      (BwJoinForm          *self,
                                     BwJoinKind           kind,
                                     const char          *server_uri);
const char *bw_join_form_get_server (BwJoinForm          *self);
/* Who signs in next time; NULL: it is not known here. (transfer full) (nullable) */
char       *bw_join_form_get_user   (BwJoinForm          *self);
/* @session becomes signed in. */
void        bw_join_form_send       (BwJoinForm          *self,
                                     BwSession           *session,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data);
gboolean    bw_join_form_finish     (BwJoinForm          *self,
                                     BwSession           *session,
                                     GAsyncResult        *result,
                                     GError             **error);
/* Beside the field that it is about. */
void        bw_join_form_show_error (BwJoinForm          *self,
                                     const GError        *error);
/* Nothing of a password stays. */
void        bw_join_form_clear      (BwJoinForm          *self);

G_END_DECLS
