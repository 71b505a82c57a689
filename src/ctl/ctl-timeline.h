/* ctl-timeline.h: bellwetherctl device timeline
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ctl.h"

G_BEGIN_DECLS

CtlStatus ctl_timeline (Ctl              *ctl,
                        const CtlCommand *command,
                        char            **arguments);

G_END_DECLS
