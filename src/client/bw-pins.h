/* bw-pins.h: certificates that a person has trusted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One certificate for each place ("host:port"), kept in the user's configuration. Each call reads the file
 * anew: it is short, and another program of this user may have changed it. */
typedef struct
{
  char   *place;
  char   *fingerprint;   /* SHA-256: "AA:BB:…" */
  gint64  added_at_us;
} BwPin;

/* (transfer full) (nullable): the fingerprint */
char      *bw_pins_look_up (const char  *place);
/* Newest first. (transfer full) (element-type BwPin) */
GPtrArray *bw_pins_list    (void);
/* Instead of one that was there. Fails when the file cannot be read or written; then nothing has changed. */
gboolean   bw_pins_add     (const char  *place,
                            const char  *fingerprint,
                            GError     **error);
gboolean   bw_pins_forget  (const char  *place,
                            GError     **error);

G_END_DECLS
