/* ctl-device-edit.h: what the commands of a device share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ctl.h"

G_BEGIN_DECLS

/* "NODE/PROPERTY"; FALSE: it is none, and that was said. */
gboolean  ctl_split_target (const CtlCommand  *command,
                            const char        *text,
                            char            ***ret_target);
/* device set --keep */
CtlStatus ctl_keep_value   (Ctl               *ctl,
                            const char        *id,
                            char             **target,
                            const char        *value);

G_END_DECLS
