/* bw-mailer.h: mail on its way to an SMTP server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define BW_TYPE_MAILER (bw_mailer_get_type ())

G_DECLARE_FINAL_TYPE (BwMailer, bw_mailer, BW, MAILER, GObject)

/* @url: smtp://HOST[:PORT] or smtps://…; @user, @password, @authority (who signs the server's certificate; otherwise
 * whom the system trusts): (nullable). NULL with a sentence for the operator when the URL or the sender is none.
 * Nothing is asked of the server yet. */
BwMailer *bw_mailer_new  (const char  *url,
                          const char  *user,
                          const char  *password,
                          const char  *authority,
                          const char  *from,
                          GError     **error);
/* Main thread. Whether it was taken: FALSE when too many wait, or @to is no address. @subject: ASCII; @text: UTF-8. */
gboolean  bw_mailer_send (BwMailer    *self,
                          const char  *to,
                          const char  *subject,
                          const char  *text);
/* Before the last reference goes: what is under way ends within a second or two, the rest is given up. */
void      bw_mailer_stop (BwMailer    *self);
/* The message as it is sent. (transfer full) */
char     *bw_mailer_format (const char *from,
                            const char *to,
                            const char *subject,
                            const char *text,
                            gint64      now_s);

G_END_DECLS
