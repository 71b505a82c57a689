/* bw-error.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-base"

#include "bw-error.h"

#include <gio/gio.h>

static const struct
{
  const char *nick;
  guint       http_status;
} table[] = {
  [BW_ERROR_INTERNAL]        = { "internal",        500 },
  [BW_ERROR_INVALID]         = { "invalid",         400 },
  [BW_ERROR_UNAUTHENTICATED] = { "unauthenticated", 401 },
  [BW_ERROR_FORBIDDEN]       = { "forbidden",       403 },
  [BW_ERROR_NOT_FOUND]       = { "not-found",       404 },
  [BW_ERROR_CONFLICT]        = { "conflict",        409 },
  [BW_ERROR_TOO_LARGE]       = { "too-large",       413 },
  [BW_ERROR_TOO_MANY]        = { "too-many",        429 },
  [BW_ERROR_UNAVAILABLE]     = { "unavailable",     503 },
  [BW_ERROR_CODE_NEEDED]     = { "forbidden",       403 },
};

G_DEFINE_QUARK (bw-error-quark, bw_error)

const char *
bw_error_to_nick (BwError code)
{
  g_return_val_if_fail ((gsize) code < G_N_ELEMENTS (table), "internal");

  return table[code].nick;
}

BwError
bw_error_from_nick (const char *nick)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      if (g_strcmp0 (table[i].nick, nick) == 0)
        return (BwError) i;
    }

  return BW_ERROR_INTERNAL;
}

guint
bw_error_to_http_status (BwError code)
{
  g_return_val_if_fail ((gsize) code < G_N_ELEMENTS (table), 500);

  return table[code].http_status;
}

/* Folds a foreign error into our domain where a layer ends. Cancellation is
 * left alone: it is the caller's own doing, not a failure. */
void
bw_error_adopt (GError **error)
{
  GError *foreign;
  BwError code = BW_ERROR_INTERNAL;

  if (error == NULL || *error == NULL || (*error)->domain == BW_ERROR)
    return;

  if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
      g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
      g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    code = BW_ERROR_UNAVAILABLE;

  foreign = g_steal_pointer (error);
  *error = g_error_new_literal (BW_ERROR, code, foreign->message);
  g_error_free (foreign);
}
