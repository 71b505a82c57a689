/* bw-rule-service.h: rules act on who begins to wait, and are tried on who waits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "bw-authority.h"
#include "bw-feed.h"
#include "bw-store.h"

G_BEGIN_DECLS

#define BW_TYPE_RULE_SERVICE (bw_rule_service_get_type ())

G_DECLARE_FINAL_TYPE (BwRuleService, bw_rule_service, BW, RULE_SERVICE, GObject)

BwRuleService *bw_rule_service_new          (BwStore              *store,
                                             BwFeed               *feed,
                                             BwAuthority          *authority);
/* What has begun to wait: looks whether somebody has, now and until nobody is left. */
void           bw_rule_service_look         (BwRuleService        *self);
void           bw_rule_service_stop         (BwRuleService        *self);
/* What would be, of all that wait in reach: by the rules that are on, @rule_id as if it was on, too, and @draft
 * ((nullable): members of a rule) behind the others of its company or at its position. Changes nothing. */
void           bw_rule_service_try_async    (BwRuleService        *self,
                                             const BwActor        *actor,
                                             gint64                rule_id,
                                             JsonObject           *draft,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
GBytes        *bw_rule_service_try_finish   (BwRuleService        *self,
                                             GAsyncResult         *result,
                                             GError              **error);

G_END_DECLS
