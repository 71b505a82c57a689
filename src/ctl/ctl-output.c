/* ctl-output.c: what people and programs read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "bw-error.h"

#define SECRET_MAX_BYTES 1024

void
ctl_print_text (const char *text)
{
  fputs (text, stdout);
  fputc ('\n', stdout);
}

void
ctl_print_document (JsonObject *document)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), document);
  g_autofree char *text = json_to_string (node, FALSE);

  ctl_print_text (text);
}

char *
ctl_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *clean = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (clean, g_unichar_isprint (c) ? c : 0xfffd);
    }

  return g_string_free (clean, FALSE);
}

static void
print_error (const char *text)
{
  g_autofree char *clean = NULL;
  g_autofree char *line = g_strdelimit (g_strdup (text), "\n\r\t", ' ');

  clean = ctl_clean (line);
  g_printerr ("bellwetherctl: %s\n", clean);
}

CtlStatus
ctl_fail (const GError *error)
{
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    text = g_strdup (_("cancelled"));
  else if (g_error_matches (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED))
    /* Translators: %s is a sentence of the backend, in English */
    text = g_strdup_printf (_("not signed in: %s"), error->message);
  else
    text = g_strdup (error->message);

  print_error (text);

  return CTL_REFUSED;
}

CtlStatus
ctl_fail_text (const char *format,
               ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  print_error (text);

  return CTL_REFUSED;
}

char *
ctl_format_time (gint64 at_us)
{
  g_autoptr(GDateTime) utc = NULL;
  g_autoptr(GDateTime) local = NULL;

  if (at_us <= 0)
    return g_strdup ("–");

  utc = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);
  local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S") : g_strdup ("–");
}

static guint
text_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }

  return width;
}

static guint
count_columns (GPtrArray *rows)
{
  return rows->len > 0 ? g_strv_length (g_ptr_array_index (rows, 0)) : 0;
}

void
ctl_print_table (GPtrArray *rows)
{
  g_autofree guint *widths = g_new0 (guint, count_columns (rows));

  ctl_print_rows (rows, widths);
}

void
ctl_print_rows (GPtrArray *rows,
                guint     *widths)
{
  guint n_columns = count_columns (rows);

  for (guint i = 0; i < rows->len; i++)
    {
      char **cells = g_ptr_array_index (rows, i);

      for (guint column = 0; column < n_columns; column++)
        widths[column] = MAX (widths[column], text_width (cells[column]));
    }

  for (guint i = 0; i < rows->len; i++)
    {
      char **cells = g_ptr_array_index (rows, i);

      guint n_filled = n_columns;

      while (n_filled > 0 && *cells[n_filled - 1] == '\0')
        n_filled--;

      for (guint column = 0; column < n_filled; column++)
        {
          fputs (cells[column], stdout);
          if (column + 1 < n_filled)
            printf ("%*s", (int) (widths[column] - text_width (cells[column]) + 2), "");
        }

      fputc ('\n', stdout);
    }
}

static gboolean
shows_progress (Ctl *ctl)
{
  return !ctl->json && isatty (STDERR_FILENO);
}

void
ctl_progress (Ctl        *ctl,
              const char *format,
              ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  if (!shows_progress (ctl))
    return;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("\r\033[K%s", text);
}

void
ctl_progress_end (Ctl *ctl)
{
  if (shows_progress (ctl))
    g_printerr ("\r\033[K");
}

static gboolean
readable_cb (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

/* Until a line was typed; Ctrl+C ends that, too. */
static void
wait_for_line (Ctl *ctl)
{
  gboolean readable = FALSE;
  guint source = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, readable_cb, &readable);

  while (!readable && !g_cancellable_is_cancelled (ctl->cancellable))
    g_main_context_iteration (NULL, TRUE);

  if (!readable)
    g_source_remove (source);
}

char *
ctl_read_secret (Ctl         *ctl,
                 const char  *prompt,
                 GError     **error)
{
  char line[SECRET_MAX_BYTES];
  struct termios before;
  gboolean is_terminal = isatty (STDIN_FILENO) && tcgetattr (STDIN_FILENO, &before) == 0;
  char *secret = NULL;

  /* The prompt comes when nothing that is typed shows any more. */
  if (is_terminal)
    {
      struct termios silent = before;

      silent.c_lflag &= ~(tcflag_t) ECHO;
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
      g_printerr ("%s", prompt);
      wait_for_line (ctl);
    }

  if (!g_cancellable_is_cancelled (ctl->cancellable) && fgets (line, sizeof line, stdin) != NULL)
    {
      line[strcspn (line, "\r\n")] = '\0';
      secret = g_strdup (line);
    }

  explicit_bzero (line, sizeof line);
  if (is_terminal)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
      g_printerr ("\n");
    }

  if (secret == NULL && !g_cancellable_set_error_if_cancelled (ctl->cancellable, error))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, _("no password was given on standard input"));

  return secret;
}

void
ctl_free_secret (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));

  g_free (secret);
}

char *
ctl_read_new_password (Ctl     *ctl,
                       GError **error)
{
  char *password = ctl_read_secret (ctl, _("New password: "), error);
  char *again;

  if (password == NULL || !isatty (STDIN_FILENO))
    return password;

  again = ctl_read_secret (ctl, _("The same again: "), error);
  if (again != NULL && strcmp (password, again) != 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, _("these were two different passwords"));
      g_clear_pointer (&again, ctl_free_secret);
    }

  if (again == NULL)
    g_clear_pointer (&password, ctl_free_secret);
  ctl_free_secret (again);

  return password;
}
