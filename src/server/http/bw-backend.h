/* bw-backend.h: what the routes stand on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-audit-service.h"
#include "bw-batch-service.h"
#include "bw-bulk-service.h"
#include "bw-command-service.h"
#include "bw-desired-service.h"
#include "bw-device-editor.h"
#include "bw-device-service.h"
#include "bw-history-service.h"
#include "bw-overview-service.h"
#include "bw-people-service.h"
#include "bw-rule-service.h"
#include "bw-retention-service.h"
#include "bw-session-service.h"
#include "bw-tag-service.h"
#include "bw-timeline-service.h"
#include "bw-trend-service.h"

G_BEGIN_DECLS

/* Put together by main.c; all unowned. */
typedef struct
{
  BwStore           *store;
  BwSessionService  *sessions;
  BwPeopleService   *people;
  BwTagService      *tags;
  BwAuditService    *audit;
  BwBatchService    *batches;
  BwDeviceService   *devices;
  BwOverviewService *overview;
  BwCommandService  *commands;
  BwDesiredService  *desired;
  BwDeviceEditor    *editor;
  BwRuleService     *rules;
  BwBulkService     *bulk;
  BwHistoryService  *history;
  BwRetentionService *retention;
  BwTimelineService *timeline;
  BwTrendService    *trends;
  const char        *data_folder;        /* where long bodies wait */
  gboolean           broker_connected;
  gboolean           behind_proxy;       /* on this computer, which says by X-Real-IP whom it speaks for */
  gboolean           registration;       /* by whoever knows a company's alias */
} BwBackend;

G_END_DECLS
