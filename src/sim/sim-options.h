/* sim-options.h: what the command line asks for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sim-device.h"

G_BEGIN_DECLS

typedef struct
{
  char          *broker;
  char          *ca;            /* the authorities of the broker's certificate, or NULL: the system's */
  char          *devices;       /* a hand-over file, or NULL */
  gint           count;         /* of made-up devices */
  gint           limit;
  const SimKind *kind;          /* NULL: mixed */
  gint           dialect;       /* SimDialect; -1: mixed */
  guint          faults;
  double         rate;          /* values a second and device */
  double         jitter;        /* 0 to 1 of the time between two */
  gint           delay_ms;      /* before an echo */
  gint           seed;
  gboolean       quiet;
} SimOptions;

/* FALSE with G_OPTION_ERROR for usage, BW_ERROR for a value that cannot be. */
gboolean   sim_options_parse   (SimOptions   *self,
                                int          *argc,
                                char       ***argv,
                                GError      **error);
void       sim_options_clear   (SimOptions   *self);

/* The devices of the hand-over file, or made-up ones. (element-type SimDevice) */
GPtrArray *sim_options_devices (SimOptions   *self,
                                GError      **error);

G_END_DECLS
