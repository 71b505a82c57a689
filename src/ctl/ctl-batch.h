/* ctl-batch.h: between the files of bellwetherctl batch
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ctl.h"

G_BEGIN_DECLS

/* Waits until the batch that was begun is whole, and says so; Ctrl+C takes it back. */
CtlStatus ctl_wait_for_batch (Ctl              *ctl,
                              JsonObject       *created,
                              const char       *name,
                              gint64            count);

CtlStatus ctl_batch_import   (Ctl              *ctl,
                              const CtlCommand *command,
                              char            **arguments);
CtlStatus ctl_batch_confirm  (Ctl              *ctl,
                              const CtlCommand *command,
                              char            **arguments);
CtlStatus ctl_batch_progress (Ctl              *ctl,
                              const CtlCommand *command,
                              char            **arguments);

G_END_DECLS
