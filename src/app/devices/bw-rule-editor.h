/* bw-rule-editor.h: one rule
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_RULE_EDITOR (bw_rule_editor_get_type ())

/* Signal: saved () */
G_DECLARE_FINAL_TYPE (BwRuleEditor, bw_rule_editor, BW, RULE_EDITOR, AdwWindow)

/* @rule: (nullable): a new one */
GtkWidget  *bw_rule_editor_new     (BwSession  *session,
                                    JsonObject *rule);

/* "Approve", … */
const char *bw_rule_action_to_text (const char *nick);

G_END_DECLS
