/* bw-device-editor.h: one device gets another owner, another key, other facts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "bw-authority.h"
#include "bw-feed.h"
#include "bw-store.h"

G_BEGIN_DECLS

#define BW_DEVICE_MAX_GRACE_SECONDS (30 * 24 * 3600)

typedef enum
{
  BW_DEED_PAIR,        /* by staff, for a user in reach */
  BW_DEED_UNPAIR,
  BW_DEED_CLAIM,       /* by the person himself, who has the Device ID in his hands */
  BW_DEED_RELEASE,     /* and gives it back */
  BW_DEED_ROTATE,      /* another key */
  BW_DEED_EDIT,        /* facts, and whose it is */
  BW_DEED_LIST_OWN,    /* changes nothing: what the person has paired */
} BwDeviceDeed;

/* What somebody wants; strings are copied. */
typedef struct
{
  BwDeviceDeed  deed;
  const char   *id;           /* of the device, in any form */
  const char   *user;         /* pair: login or e-mail address; or … */
  gint64        user_id;      /* … the id; 0: by @user */
  gint64        grace_s;      /* rotate: so long the key before is good too */
  JsonObject   *body;         /* edit: factsRevision and the members to change */
  gboolean      preview;      /* edit: change nothing, tell what would go with the company */
} BwDeviceWish;

#define BW_TYPE_DEVICE_EDITOR (bw_device_editor_get_type ())

G_DECLARE_FINAL_TYPE (BwDeviceEditor, bw_device_editor, BW, DEVICE_EDITOR, GObject)

BwDeviceEditor *bw_device_editor_new        (BwStore              *store,
                                             BwFeed               *feed,
                                             BwAuthority          *authority);
/* Once: old keys whose time is over go, now and when it is. */
void            bw_device_editor_start      (BwDeviceEditor       *self);
void            bw_device_editor_run_async  (BwDeviceEditor       *self,
                                             const BwActor        *actor,
                                             const char           *address,
                                             const BwDeviceWish   *wish,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
/* The answer: the device's document, or what the deed has to tell; an empty one for a release. */
GBytes         *bw_device_editor_run_finish (BwDeviceEditor       *self,
                                             GAsyncResult         *result,
                                             GError              **error);
/* The broker has let it in with its @number-th key, while an older one was good too. */
void            bw_device_editor_key_used   (BwDeviceEditor       *self,
                                             const char           *device_id,
                                             gint64                number);

G_END_DECLS
