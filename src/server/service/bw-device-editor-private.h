/* bw-device-editor-private.h: one deed on its way through the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-edit-repo.h"
#include "bw-device-editor.h"
#include "bw-device-id.h"

G_BEGIN_DECLS

/* Made on the main thread, worked on by one job, and read again at home. */
typedef struct
{
  BwDeviceDeed     deed;
  BwAuthority     *authority;
  BwActor         *actor;
  char            *address;
  char             id[BW_DEVICE_ID_SIZE];
  char            *user;
  gint64           user_id;
  gint64           grace_s;
  JsonObject      *body;              /* (nullable) */
  gboolean         preview;

  BwDeviceEditRow *row;               /* as it is to be */
  GString         *before;            /* for the audit log */
  GString         *after;
  gint64           company_before;

  GBytes          *answer;            /* (nullable): something else than the document */
  char            *document;          /* (nullable): to be told */
  GPtrArray       *withdrawn;         /* (nullable) (element-type utf8): documents of desired values that go */
  gboolean         key_changed;
} BwDeviceChange;

/* Within a transaction: look at change->row, decide, write, and fill in what stands below it. */
gboolean bw_device_change_pair   (BwDeviceChange  *change,
                                  BwStoreThread   *thread,
                                  GError         **error);
gboolean bw_device_change_claim  (BwDeviceChange  *change,
                                  BwStoreThread   *thread,
                                  GError         **error);
gboolean bw_device_change_unpair (BwDeviceChange  *change,
                                  BwStoreThread   *thread,
                                  GError         **error);
gboolean bw_device_change_rotate (BwDeviceChange  *change,
                                  BwStoreThread   *thread,
                                  GError         **error);
gboolean bw_device_change_edit   (BwDeviceChange  *change,
                                  BwStoreThread   *thread,
                                  GError         **error);

G_END_DECLS
