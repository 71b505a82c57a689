/* bw-error.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One closed domain for the whole project. The nick crosses the wire, so
 * never rename one; add at the end. */
typedef enum
{
  BW_ERROR_INTERNAL,
  BW_ERROR_INVALID,
  BW_ERROR_UNAUTHENTICATED,
  BW_ERROR_FORBIDDEN,
  BW_ERROR_NOT_FOUND,
  BW_ERROR_CONFLICT,
  BW_ERROR_TOO_LARGE,
  BW_ERROR_TOO_MANY,
  BW_ERROR_UNAVAILABLE,
  /* Forbidden, but for a code of the second factor: the same nick, and "needs":"totp" beside it. */
  BW_ERROR_CODE_NEEDED,
} BwError;

#define BW_ERROR (bw_error_quark ())

GQuark      bw_error_quark           (void);
const char *bw_error_to_nick         (BwError     code);
BwError    bw_error_from_nick       (const char  *nick);
guint       bw_error_to_http_status  (BwError     code);
void        bw_error_adopt           (GError     **error);

G_END_DECLS
