/* bw-rule.h: what a rule asks of a device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "bw-authority.h"
#include "bw-rule-repo.h"

G_BEGIN_DECLS

#define BW_RULE_DEFAULT_PER_HOUR 100
#define BW_RULE_MAX_PER_HOUR     100000

/* A rule, ready to be asked. */
typedef struct _BwRule BwRule;

/* The conditions as they are stored: checked, and each of them once. NULL: what is wrong. (transfer full) */
char      *bw_rule_read_conditions (JsonObject          *conditions,
                                    BwRuleAction         action,
                                    GError             **error);

/* @row: (transfer full). NULL when its conditions cannot be read any more. */
BwRule    *bw_rule_new             (BwRuleRow           *row);
void       bw_rule_free            (BwRule              *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwRule, bw_rule_free)
BwRuleRow *bw_rule_get_row         (BwRule              *self);

/* All rules in the order in which they are asked: those of companies further up first. (transfer full) (element-type BwRule) */
GPtrArray *bw_rules_load           (BwDb                *db,
                                    BwAuthority         *authority,
                                    GError             **error);
void       bw_rules_sort           (GPtrArray           *rules,
                                    BwAuthority         *authority);
/* NULL: it fits; otherwise why not. (transfer full) */
char      *bw_rule_why_not         (BwRule              *self,
                                    BwAuthority         *authority,
                                    const BwRuleDevice  *device,
                                    gint64               now_us);
/* Why a rule was not the one that acts. */
typedef struct
{
  BwRule *rule;          /* (unowned) */
  char   *reason;
} BwRuleDoubt;

/* The first of those that are on and reach the device that fits it, (nullable). One that has acted as often as it may
 * this hour stops there, and @ret_spent is set. @doubts: (nullable): those before it, and why not.
 * Counts what it does, when it does something. A pure decision. */
BwRule    *bw_rules_decide         (GPtrArray           *rules,
                                    BwAuthority         *authority,
                                    const BwRuleDevice  *device,
                                    gint64               now_us,
                                    GArray              *doubts,
                                    gboolean            *ret_spent);
GArray    *bw_rule_doubts_new      (void);

G_END_DECLS
