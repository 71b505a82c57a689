/* bw-desired-service.h: values that wait until their device is there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-command-service.h"

G_BEGIN_DECLS

#define BW_DESIRED_DAYS           30
#define BW_DESIRED_MAX_PER_DEVICE 200
#define BW_DESIRED_MAX_ALL        1000000

#define BW_TYPE_DESIRED_SERVICE (bw_desired_service_get_type ())

G_DECLARE_FINAL_TYPE (BwDesiredService, bw_desired_service, BW, DESIRED_SERVICE, GObject)

BwDesiredService *bw_desired_service_new            (BwStore              *store,
                                                     BwFeed               *feed,
                                                     BwCommandService     *commands);
/* Once: what waits since before. */
void              bw_desired_service_start          (BwDesiredService     *self);
/* Nothing is begun any more. */
void              bw_desired_service_stop           (BwDesiredService     *self);
/* Waits from now on, in the place of what waited for that property; a device that is there gets it at once. */
void              bw_desired_service_keep_async     (BwDesiredService     *self,
                                                     const BwActor        *actor,
                                                     const char           *address,
                                                     const char           *device_id,
                                                     const char           *node,
                                                     const char           *property,
                                                     const char           *value,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
/* @node, @property: (nullable), which is refused once it is known that the device is in reach */
void              bw_desired_service_withdraw_async (BwDesiredService     *self,
                                                     const BwActor        *actor,
                                                     const char           *address,
                                                     const char           *device_id,
                                                     const char           *node,
                                                     const char           *property,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
/* Its document; an empty one of what was withdrawn. */
GBytes           *bw_desired_service_finish         (BwDesiredService     *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
/* Something of these devices is another now: one may have come. (element-type utf8) */
void              bw_desired_service_devices        (BwDesiredService     *self,
                                                     GPtrArray            *ids);
/* Something waits for these from now on, written down by somebody else. (element-type utf8) */
void              bw_desired_service_kept           (BwDesiredService     *self,
                                                     GPtrArray            *ids);
/* The broker is there again: all of them may be. */
void              bw_desired_service_look_at_all    (BwDesiredService     *self);

G_END_DECLS
