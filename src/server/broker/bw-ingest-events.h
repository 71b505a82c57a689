/* bw-ingest-events.h: what happens to devices, as the ingest sees it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-ingest-private.h"

G_BEGIN_DECLS

/* On the intake's thread. They are noted as messages come, and stored before the messages are acknowledged. */
void bw_ingest_note_first_seen (BwIngest       *self,
                                BwCachedDevice *cached,
                                const char     *address,
                                gint64          at_us);
void bw_ingest_note_presence   (BwIngest       *self,
                                BwCachedDevice *cached,
                                gint64          at_us);
void bw_ingest_note_said       (BwIngest       *self,
                                BwCachedDevice *cached,
                                const BwEffect *effect);
/* What the devices that are to be stored are and were not. */
void bw_ingest_note_changes    (BwIngest       *self);
/* FALSE: they could not be stored; they stay noted. */
gboolean bw_ingest_store_events (BwIngest      *self,
                                GError        **error);

G_END_DECLS
