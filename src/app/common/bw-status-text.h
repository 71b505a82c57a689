/* bw-status-text.h: statuses and states in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device.h"

G_BEGIN_DECLS

/* Translated; never NULL. */
const char *bw_status_to_text      (BwStatus    status);   /* "Awaiting approval" */
const char *bw_state_to_text       (BwState     state);    /* "Ready" */

/* A class of the style sheet that colours the word, or NULL; the word itself always tells. */
const char *bw_status_to_css_class (BwStatus    status);
const char *bw_state_to_css_class  (BwState     state);

G_END_DECLS
