/* bw-rule-trial.h: what rules would do with the devices that wait
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_RULE_TRIAL (bw_rule_trial_get_type ())

G_DECLARE_FINAL_TYPE (BwRuleTrial, bw_rule_trial, BW, RULE_TRIAL, AdwWindow)

/* @body: of POST /v1/rules/trial */
GtkWidget *bw_rule_trial_new (BwSession  *session,
                              const char *body);

G_END_DECLS
