/* bw-password-meter.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The server's rule, told before it has to. */
#define BW_PASSWORD_MIN_CHARACTERS 8

typedef enum
{
  BW_PASSWORD_TOO_SHORT,
  BW_PASSWORD_WEAK,
  BW_PASSWORD_FAIR,
  BW_PASSWORD_STRONG,
} BwPasswordStrength;

/* How hard it is to guess, roughly; a hint, no rule. */
BwPasswordStrength bw_password_strength (const char *password);

#define BW_TYPE_PASSWORD_METER (bw_password_meter_get_type ())

G_DECLARE_FINAL_TYPE (BwPasswordMeter, bw_password_meter, BW, PASSWORD_METER, GtkWidget)

/* Not seen while @password is empty. */
void bw_password_meter_set_password (BwPasswordMeter *self,
                                     const char      *password);

G_END_DECLS
