/* bw-error-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-error-text.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "bw-error.h"

/* What a program wrote for an engineer as a sentence among sentences. */
char *
bw_error_to_field_text (const GError *error)
{
  const char *message;
  GString *text;
  gunichar first;

  g_return_val_if_fail (error != NULL, NULL);

  message = error->message;
  text = g_string_new (NULL);
  first = g_utf8_get_char_validated (message, -1);
  if (first == (gunichar) -1 || first == (gunichar) -2)
    return g_string_free (g_string_append (text, _("The reason cannot be read.")), FALSE);

  g_string_append_unichar (text, g_unichar_toupper (first));
  g_string_append (text, g_utf8_next_char (message));
  if (text->len > 0 && !g_str_has_suffix (text->str, ".") && !g_str_has_suffix (text->str, "?"))
    g_string_append_c (text, '.');

  return g_string_free (text, FALSE);
}

/* The sentence of a code, then the words of whoever refused. */
static char *
with_detail (const char   *sentence,
             const GError *error)
{
  g_autofree char *detail = bw_error_to_field_text (error);

  if (*error->message == '\0')
    return g_strdup (sentence);

  /* Translators: first our sentence, then the server's own one, in English */
  return g_strdup_printf (_("%s %s"), sentence, detail);
}

static char *
code_to_text (const GError *error)
{
  switch ((BwError) error->code)
    {
    case BW_ERROR_INTERNAL:
      return g_strdup (_("Something went wrong on the server. Its log says more."));

    case BW_ERROR_INVALID:
      return with_detail (_("This cannot be accepted."), error);

    case BW_ERROR_UNAUTHENTICATED:
      return g_strdup (_("You are not signed in any more."));

    case BW_ERROR_FORBIDDEN:
    case BW_ERROR_CODE_NEEDED:
      return g_strdup (_("You do not have the right to do this."));

    case BW_ERROR_NOT_FOUND:
      return g_strdup (_("This does not exist, or not any more."));

    case BW_ERROR_CONFLICT:
      return with_detail (_("This cannot be done now."), error);

    case BW_ERROR_TOO_LARGE:
      return with_detail (_("This is too large."), error);

    case BW_ERROR_TOO_MANY:
      return g_strdup (_("Too many at a time. Try again in a moment."));

    case BW_ERROR_UNAVAILABLE:
      return g_strdup (_("The server does not answer."));

    default:
      return bw_error_to_field_text (error);
    }
}

char *
bw_error_to_user_text (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain == BW_ERROR)
    return code_to_text (error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup (_("Stopped."));

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    return g_strdup (_("There is no space left on the disk."));

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ACCES))
    return g_strdup (_("This place may not be written to."));

  /* GIO and GTK translate their own messages. */
  return bw_error_to_field_text (error);
}

char *
bw_error_to_file_text (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (g_error_matches (error, BW_ERROR, BW_ERROR_UNAVAILABLE))
    return bw_error_to_field_text (error);

  return bw_error_to_user_text (error);
}
