/* ctl-labels.h: what is kept of sheets and printers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ctl.h"

G_BEGIN_DECLS

CtlStatus ctl_labels_sheets    (Ctl              *ctl,
                                const CtlCommand *command,
                                char            **arguments);
CtlStatus ctl_labels_calibrate (Ctl              *ctl,
                                const CtlCommand *command,
                                char            **arguments);
CtlStatus ctl_labels_test_page (Ctl              *ctl,
                                const CtlCommand *command,
                                char            **arguments);

G_END_DECLS
