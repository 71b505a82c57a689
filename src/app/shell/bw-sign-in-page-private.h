/* bw-sign-in-page-private.h: what the files of BwSignInPage share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-join-form.h"
#include "bw-sign-in-page.h"
#include "bw-stranger-dialog.h"

G_BEGIN_DECLS

struct _BwSignInPage
{
  GtkWidget        parent_instance;

  BwThisComputer  *this_computer;
  GSettings       *settings;       /* (nullable) */
  GCancellable    *attempt;        /* (owned) (nullable): while one runs */
  char            *attempt_form;   /* the form it came from */
  gboolean         is_local;       /* the attempt is for this computer */
  BwSignInWay      way;            /* of the attempt */
  BwSession       *refused;        /* (nullable): whose certificate a person is to look at */
  BwStrangerDialog *stranger_dialog;   /* (unowned) (nullable): while it is open */

  GCancellable    *probe;          /* (owned) (nullable): while a server is asked what it allows */
  guint            probe_id;

  GtkWidget       *box;
  GtkStack        *stack;
  GtkSpinner      *spinner;
  GtkLabel        *busy_label;
  GtkEditable     *server_row;
  GtkEditable     *user_row;
  GtkEditable     *password_row;
  GtkLabel        *server_error;
  GtkLabel        *password_error;
  GtkLabel        *general_error;
  GtkWidget       *register_button;
  GtkEditable     *code_row;
  GtkLabel        *code_error;
  BwJoinForm      *join_form;
};

void     bw_sign_in_page_begin_attempt   (BwSignInPage   *self,
                                          const char     *text);
/* @form: what is seen then: "form", "code" or "join" */
void     bw_sign_in_page_end_attempt     (BwSignInPage   *self,
                                          const char     *form);
/* What came of it, after a password, a code or a form of one's own. */
void     bw_sign_in_page_take_result     (BwSignInPage   *self,
                                          BwSession      *session,
                                          const GError   *error);

/* Whom @session believes to be the server: before anything is sent. */
gboolean bw_sign_in_page_set_trust       (BwSession      *session,
                                          GError        **error);

/* In bw-sign-in-page-join.c: the second factor, invitations and accounts of one's own. */
void     bw_sign_in_page_class_init_join (GtkWidgetClass *widget_class);
void     bw_sign_in_page_init_join       (BwSignInPage   *self);
void     bw_sign_in_page_stop_join       (BwSignInPage   *self);
void     bw_sign_in_page_update_join     (BwSignInPage   *self);
/* Nothing that was typed stays. */
void     bw_sign_in_page_clear_join      (BwSignInPage   *self);
/* The same once more, after somebody has trusted the server; FALSE: it was none of these. */
gboolean bw_sign_in_page_join_again      (BwSignInPage   *self,
                                          BwSession      *session);
/* FALSE: it is none of these that failed. */
gboolean bw_sign_in_page_tell_join       (BwSignInPage   *self,
                                          const GError   *error);

G_END_DECLS
