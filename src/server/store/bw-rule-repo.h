/* bw-rule-repo.h: who is let in, or kept out, without anybody looking
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device.h"
#include "bw-store.h"

G_BEGIN_DECLS

#define BW_RULE_MAX_PER_COMPANY 100

typedef enum
{
  BW_RULE_APPROVE,
  BW_RULE_BLOCK,
  BW_RULE_LEAVE,       /* to people: no later rule is asked */
  BW_RULE_N_ACTIONS
} BwRuleAction;

const char *bw_rule_action_to_nick   (BwRuleAction         action);
gboolean    bw_rule_action_from_nick (const char          *nick,
                                      BwRuleAction        *ret_action);

typedef struct
{
  gint64        id;
  gint64        revision;
  gint64        company_id;
  char         *company;       /* (nullable): its name */
  char         *name;
  gint64        position;      /* among those of the company, from 1 */
  gboolean      enabled;
  BwRuleAction  action;
  char         *conditions;    /* JSON */
  gint64        max_per_hour;
  gint64        hour_us;       /* since when n_hour counts */
  gint64        n_hour;
  gint64        created_at_us;
  gint64        edited_at_us;
} BwRuleRow;

void       bw_rule_row_free          (BwRuleRow       *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwRuleRow, bw_rule_row_free)
void       bw_rule_row_write         (const BwRuleRow *row,
                                      GString         *out);

/* NULL without @error: there is none. */
BwRuleRow *bw_rule_repo_get          (BwDb            *db,
                                      gint64           id,
                                      GError         **error);
/* All, by company and position. (transfer full) (element-type BwRuleRow) */
GPtrArray *bw_rule_repo_list         (BwDb            *db,
                                      GError         **error);
/* At @row's position, 0: the last. BW_ERROR_CONFLICT: the name is taken; BW_ERROR_TOO_MANY. */
gboolean   bw_rule_repo_add          (BwStoreThread   *thread,
                                      BwRuleRow       *row,
                                      gint64           at_us,
                                      GError         **error);
/* The others make place for its position. */
gboolean   bw_rule_repo_set          (BwStoreThread   *thread,
                                      const BwRuleRow *row,
                                      gint64           at_us,
                                      GError         **error);
gboolean   bw_rule_repo_remove       (BwStoreThread   *thread,
                                      const BwRuleRow *row,
                                      GError         **error);
/* It has acted: its count of this hour. */
gboolean   bw_rule_repo_set_count    (BwStoreThread   *thread,
                                      const BwRuleRow *row,
                                      GError         **error);

/* A device as rules see it. */
typedef struct
{
  char     *id;
  gint64    batch_id;
  char     *batch;
  gint64    company_id;
  BwStatus  status;
  BwState   state;
  gint64    first_seen_us;
  char     *name;             /* (nullable), as the rest */
  char     *product;
  char     *version;
  char     *homie;
  char     *address;
  char     *type;
} BwRuleDevice;

void       bw_rule_device_free       (BwRuleDevice    *device);

/* Of those that have begun to wait and were not judged yet, whose description may be whole: it says ready, or waits
 * since before @before_us. (transfer full) (element-type BwRuleDevice) */
GPtrArray *bw_rule_repo_list_due     (BwDb            *db,
                                      gint64           before_us,
                                      gint64           limit,
                                      GError         **error);
gboolean   bw_rule_repo_count_due    (BwDb            *db,
                                      gint64          *ret_n,
                                      GError         **error);
gboolean   bw_rule_repo_forget_due   (BwStoreThread   *thread,
                                      const char      *device_id,
                                      GError         **error);
/* Those that wait for approval, in @company_id and below it. */
GPtrArray *bw_rule_repo_list_waiting (BwDb            *db,
                                      gint64           company_id,
                                      gint64           limit,
                                      GError         **error);

G_END_DECLS
