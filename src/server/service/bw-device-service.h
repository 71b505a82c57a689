/* bw-device-service.h: the fleet, and who of it is let in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-device-repo.h"
#include "bw-feed.h"
#include "bw-store.h"

G_BEGIN_DECLS

#define BW_DEVICE_MAX_ACTIONS 1000
#define BW_DEVICE_MAX_VALUES  200

typedef enum
{
  BW_ACTION_APPROVE,
  BW_ACTION_UNAPPROVE,
  BW_ACTION_BLOCK,
  BW_ACTION_UNBLOCK,
} BwAction;

gboolean         bw_action_from_nick           (const char           *nick,
                                                BwAction             *ret_action);
/* What becomes of a device, or ((transfer none)) the reason why nothing does; NULL: it changes.
 * @before_block: what it was when it was blocked. A pure decision. */
const char      *bw_action_decide              (BwAction              action,
                                                BwStatus              status,
                                                BwStatus              before_block,
                                                BwStatus             *ret_status);

#define BW_TYPE_DEVICE_SERVICE (bw_device_service_get_type ())

G_DECLARE_FINAL_TYPE (BwDeviceService, bw_device_service, BW, DEVICE_SERVICE, GObject)

BwDeviceService *bw_device_service_new         (BwStore              *store,
                                                BwFeed               *feed);
/* The _finish of these: the API's document, or NULL with an error. The query's strings are copied. */
void             bw_device_service_list_async  (BwDeviceService      *self,
                                                const BwActor        *actor,
                                                const BwDeviceQuery  *query,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
/* The distinct values of a field, of what the query matches. */
void             bw_device_service_values_async (BwDeviceService     *self,
                                                const BwActor        *actor,
                                                const BwDeviceQuery  *query,
                                                const char           *field,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
void             bw_device_service_get_async   (BwDeviceService      *self,
                                                const BwActor        *actor,
                                                const char           *id,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
void             bw_device_service_act_async   (BwDeviceService      *self,
                                                const BwActor        *actor,
                                                const char           *address,
                                                BwAction              action,
                                                const char * const   *ids,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
GBytes          *bw_device_service_finish      (BwDeviceService      *self,
                                                GAsyncResult         *result,
                                                GError              **error);

G_END_DECLS
