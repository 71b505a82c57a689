/* bw-desired-private.h: jobs of the desired values
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-desired-service.h"

G_BEGIN_DECLS

/* What people ask for. */
typedef struct
{
  BwActor      *actor;
  char         *address;
  char         *device_id;
  BwDesiredRow *row;          /* as it is to be; to be withdrawn: as it was */
  gint64        company_id;
} BwDesiredJob;

/* Looking whether devices are there. */
typedef struct
{
  char      *id;
  gint64     company_id;
  gboolean   is_there;
  GPtrArray *rows;         /* (element-type BwDesiredRow): pending */
  GPtrArray *fulfilled;    /* (element-type BwDesiredRow): the device has that value since */
} BwDesiredLook;

typedef struct
{
  GPtrArray *ids;          /* (element-type utf8) */
  GPtrArray *looks;        /* (element-type BwDesiredLook): at the first of them, at least at one */
} BwDesiredLookJob;

/* What came of an attempt, on its way into the store. */
typedef struct
{
  BwDesiredService *service;   /* (owned) (nullable): while the device has not answered */
  BwDesiredRow     *row;
  gint64            company_id;
  gboolean          confirmed;
  gboolean          refused;
  char             *reason;    /* (nullable) */
  gboolean          changed;
} BwDesiredOutcome;

/* Those whose time is over. */
typedef struct
{
  GPtrArray *rows;           /* (element-type BwDesiredRow) */
  GArray    *company_ids;    /* gint64 each */
} BwDesiredExpiry;

void     bw_desired_job_free      (BwDesiredJob      *job);
void     bw_desired_look_free     (gpointer           data);
void     bw_desired_look_job_free (BwDesiredLookJob  *job);
void     bw_desired_outcome_free  (BwDesiredOutcome  *outcome);
void     bw_desired_expiry_free   (BwDesiredExpiry   *expiry);

/* On the store's threads. */
gpointer bw_desired_keep_job      (gpointer           owned_by_thread,
                                   gpointer           task_data,
                                   GError           **error);
gpointer bw_desired_withdraw_job  (gpointer           owned_by_thread,
                                   gpointer           task_data,
                                   GError           **error);
/* The devices that something waits for. */
gpointer bw_desired_list_job      (gpointer           owned_by_thread,
                                   gpointer           task_data,
                                   GError           **error);
gpointer bw_desired_look_job      (gpointer           owned_by_thread,
                                   gpointer           task_data,
                                   GError           **error);
gpointer bw_desired_outcome_job   (gpointer           owned_by_thread,
                                   gpointer           task_data,
                                   GError           **error);
gpointer bw_desired_expire_job    (gpointer           owned_by_thread,
                                   gpointer           task_data,
                                   GError           **error);

G_END_DECLS
