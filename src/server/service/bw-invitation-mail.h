/* bw-invitation-mail.h: an invitation's code, sent to whom it is for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-mailer.h"

G_BEGIN_DECLS

/* Main thread. Whether it was handed to the queue. @mailer, @public_url: (nullable): no mail is configured, and
 * what people call this server. */
gboolean bw_invitation_mail_send (BwMailer   *mailer,
                                  const char *public_url,
                                  const char *email,
                                  const char *name,
                                  const char *inviter,
                                  const char *code,
                                  gint64      ends_us);

G_END_DECLS
