/* bw-desired-set.h: the values that wait for a device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-session.h"

G_BEGIN_DECLS

typedef struct
{
  char     *node;
  char     *property;
  char     *value;
  gboolean  refused;
  char     *reason;         /* (nullable) */
  char     *by;
  gint64    created_at_us;
} BwDesired;

#define BW_TYPE_DESIRED_SET (bw_desired_set_get_type ())

/* Loads them, and follows what others and the device do with them, until it is let go. Main thread.
 * Signal: changed () */
G_DECLARE_FINAL_TYPE (BwDesiredSet, bw_desired_set, BW, DESIRED_SET, GObject)

BwDesiredSet    *bw_desired_set_new             (BwSession           *session,
                                                 const char          *device_id);
/* (transfer none) (nullable) */
const BwDesired *bw_desired_set_find            (BwDesiredSet        *self,
                                                 const char          *node,
                                                 const char          *property);
/* By node and property. (transfer container) (element-type BwDesired) */
GPtrArray       *bw_desired_set_list            (BwDesiredSet        *self);

/* What is kept is in the set when the call ends well. */
void             bw_desired_set_keep_async      (BwDesiredSet        *self,
                                                 const char          *node,
                                                 const char          *property,
                                                 const char          *value,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
void             bw_desired_set_withdraw_async  (BwDesiredSet        *self,
                                                 const char          *node,
                                                 const char          *property,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
gboolean         bw_desired_set_finish          (BwDesiredSet        *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);

G_END_DECLS
