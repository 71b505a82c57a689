/* ctl-nouns.h: all of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ctl-noun.h"

G_BEGIN_DECLS

/* NULL-terminated. */
extern const CtlNoun * const ctl_nouns[];

G_END_DECLS
