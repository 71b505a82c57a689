/* bw-invitation-mail.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-invitation-mail.h"

/* In English: what language somebody reads is not known before the first sign-in. */
static char *
make_text (const char *public_url,
           const char *name,
           const char *inviter,
           const char *code,
           gint64      ends_us)
{
  g_autoptr(GDateTime) ends = g_date_time_new_from_unix_utc (ends_us / G_USEC_PER_SEC);
  g_autofree char *until = g_date_time_format (ends, "%Y-%m-%d %H:%M");
  GString *text = g_string_sized_new (512);

  g_string_append_printf (text, "Hello %s,\n\n%s has invited you to Bellwether.\n\n", name, inviter);
  if (public_url != NULL)
    g_string_append_printf (text, "Server: %s\n", public_url);
  g_string_append_printf (text, "Code:   %s\n\n", code);
  g_string_append_printf (text,
                          "Open Bellwether, choose to accept an invitation, and type this code with a\n"
                          "password of your choice. The code works once, until %s UTC. If you\n"
                          "did not expect this mail you can ignore it.\n", until);

  return g_string_free (text, FALSE);
}

gboolean
bw_invitation_mail_send (BwMailer   *mailer,
                         const char *public_url,
                         const char *email,
                         const char *name,
                         const char *inviter,
                         const char *code,
                         gint64      ends_us)
{
  g_autofree char *text = NULL;

  if (mailer == NULL)
    return FALSE;

  text = make_text (public_url, name, inviter, code, ends_us);

  return bw_mailer_send (mailer, email, "Your invitation to Bellwether", text);
}
