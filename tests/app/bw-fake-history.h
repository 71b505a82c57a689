/* bw-fake-history.h: the history of one device, made up, answered as the real backend does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-fake-backend.h"

G_BEGIN_DECLS

typedef struct _BwFakeHistory BwFakeHistory;

/* All of it lies before @now_us; the device was away from five hours before to four hours before. Series:
 *   air/temperature  float °C    each 10 s for 30 days       air/humidity   float %    each 60 s for 30 days
 *   air/pressure     float hPa   each 60 s for 30 days       meter/power    integer W  each 60 s for 30 days
 *   air/motion       boolean     each 30 min for 30 days     light/mode     enum       each 2 h for 30 days
 *   light/label      string      each 7 h for 30 days        air/once       float °C   one, two hours before
 *   old/ph           float       each 60 s, until 20 days before: the device does not have it any more
 *   $device/state    string      as the connection was       air/never      float      none */
BwFakeHistory *bw_fake_history_new         (BwFakeBackend *backend,
                                            const char    *device_id,
                                            gint64         now_us);
void           bw_fake_history_free        (BwFakeHistory *self);
/* So many parts of any reply are damaged. */
void           bw_fake_history_set_damaged (BwFakeHistory *self,
                                            guint          n);
/* Nothing of it is there. */
void           bw_fake_history_set_empty   (BwFakeHistory *self,
                                            gboolean       is_empty);
/* Only the series and the CSV are answered. */
void           bw_fake_history_set_failing (BwFakeHistory *self,
                                            gboolean       is_failing);
guint          bw_fake_history_get_n_asked (BwFakeHistory *self);
/* Of the last question; µs. */
gint64         bw_fake_history_get_from_us (BwFakeHistory *self);
gint64         bw_fake_history_get_to_us   (BwFakeHistory *self);
guint          bw_fake_history_get_points  (BwFakeHistory *self);
/* How many samples there are in a time, counted one by one. */
guint          bw_fake_history_count       (BwFakeHistory *self,
                                            const char    *id,
                                            gint64         from_us,
                                            gint64         to_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwFakeHistory, bw_fake_history_free)

/* The 30 days of the trends begin here: 1 November 2026, 0:00 UTC. */
#define BW_FAKE_TRENDS_US G_GINT64_CONSTANT (1793491200000000)

void bw_fake_history_write_trends (GString *out);

G_END_DECLS
