/* bw-command-service.h: a set, from the wish to the truth
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-actor.h"
#include "bw-command-wish.h"
#include "bw-desired-repo.h"
#include "bw-device-tree.h"
#include "bw-feed.h"
#include "bw-store.h"
#include "bw-timeline-service.h"

G_BEGIN_DECLS

#define BW_COMMAND_MAX_WAIT_SECONDS 60

#define BW_TYPE_COMMAND_SERVICE (bw_command_service_get_type ())

G_DECLARE_FINAL_TYPE (BwCommandService, bw_command_service, BW, COMMAND_SERVICE, GObject)

/* How a wish leaves; server/broker fills it in. Main context. */
typedef struct
{
  /* In the words of the convention that the device speaks. @ret_id: what
   * bw_command_service_acknowledged() will be called with */
  gboolean (*publish) (BwDeviceTree          *tree,
                       const BwTreeProperty  *property,
                       const char            *value,
                       guint                 *ret_id,
                       gpointer               user_data,
                       GError               **error);
  /* From now on, or no longer, tell what comes from this property and what the device complains of. */
  void     (*watch)   (const char            *device_id,
                       const char            *node,
                       const char            *property,
                       gboolean               on,
                       gpointer               user_data);
} BwCommandTransport;

BwCommandService *bw_command_service_new           (BwStore                   *store,
                                                    BwFeed                    *feed);
/* Who waits is told so, nothing more is begun, and it lets go of the store, whoever may hold it. */
void              bw_command_service_stop          (BwCommandService          *self);
/* What became of a command is noted there. */
void              bw_command_service_set_timeline  (BwCommandService          *self,
                                                    BwTimelineService         *timeline);    /* (nullable) */
/* NULL: there is no connection, and a set fails with BW_ERROR_UNAVAILABLE; what is watched stays
 * so. @user_data NULL too: it will not come back, and is not called any more. */
void              bw_command_service_set_transport (BwCommandService          *self,
                                                    const BwCommandTransport  *transport,
                                                    gpointer                   user_data);

/* The device must be in the actor's reach, or it is not found. @address: for the audit log. @wait_seconds: 0
 * completes as soon as the wish is accepted, more when it has ended or that time is over (which ends it). */
void              bw_command_service_set_async     (BwCommandService          *self,
                                                    const BwActor             *actor,
                                                    const char                *address,
                                                    const char                *device_id,
                                                    const char                *node,
                                                    const char                *property,
                                                    const char                *value,
                                                    guint                      wait_seconds,
                                                    GCancellable              *cancellable,
                                                    GAsyncReadyCallback        callback,
                                                    gpointer                   user_data);
/* As set_async for a wish that is written down already, with its target: sent at once. @wish: (transfer full) */
void              bw_command_service_send_async    (BwCommandService          *self,
                                                    BwCommandWish             *wish,
                                                    GAsyncReadyCallback        callback,
                                                    gpointer                   user_data);
/* Of both. (transfer full): the command's document. Fails for a wish that was not accepted: not found, not
 * approved or offline (conflict), not settable or against datatype or format (invalid), no broker (unavailable) … */
char             *bw_command_service_set_finish    (BwCommandService          *self,
                                                    GAsyncResult              *result,
                                                    GError                   **error);
/* The same for a value that has waited for the device, in the name of who wanted it; the call ends with the command. */
void              bw_command_service_deliver_async (BwCommandService          *self,
                                                    const BwDesiredRow        *row,
                                                    gint64                     company_id,
                                                    guint                      wait_seconds,
                                                    GCancellable              *cancellable,
                                                    GAsyncReadyCallback        callback,
                                                    gpointer                   user_data);
/* TRUE: the device has taken it. Otherwise @ret_reason says why not, and @ret_refused whether it makes no sense to try again. */
gboolean          bw_command_service_deliver_finish (BwCommandService         *self,
                                                    GAsyncResult              *result,
                                                    gboolean                  *ret_refused,
                                                    char                     **ret_reason);
/* (transfer full) (nullable): the document of a command of the last minutes, for the company that asked for it, the
 * device's, and with @is_root anybody's. */
char             *bw_command_service_get           (BwCommandService          *self,
                                                    gint64                     company_id,
                                                    gboolean                   is_root,
                                                    const char                *id,
                                                    GError                   **error);

/* What the broker side has to tell. */
void              bw_command_service_acknowledged  (BwCommandService          *self,
                                                    guint                      publish_id);
void              bw_command_service_echo          (BwCommandService          *self,
                                                    const char                *device_id,
                                                    const char                *node,
                                                    const char                *property,
                                                    const char                *value);
/* The device has said that something went wrong. */
void              bw_command_service_complained    (BwCommandService          *self,
                                                    const char                *device_id,
                                                    const char                *text);

G_END_DECLS
