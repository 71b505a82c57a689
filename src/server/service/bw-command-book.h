/* bw-command-book.h: commands, from when they are sent until nobody asks about them any more
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-command-wish.h"
#include "bw-device-tree.h"
#include "bw-feed.h"
#include "bw-timeline-service.h"

G_BEGIN_DECLS

typedef struct _BwCommandBook  BwCommandBook;
typedef struct _BwCommandEntry BwCommandEntry;

/* The ends of a command that the device has not said itself. */
#define BW_COMMAND_TIMED_OUT "timed out"
#define BW_COMMAND_NOT_SENT  "the connection to the broker was lost before it was sent"
#define BW_COMMAND_REPLACED  "another value was set after it"

/* Whether an answer of this property, and of the device's complaints, is waited for. */
typedef void (*BwCommandWatchFunc) (const char *device_id,
                                    const char *node,
                                    const char *property,
                                    gboolean    on,
                                    gpointer    user_data);

BwCommandBook  *bw_command_book_new          (BwFeed               *feed,
                                              BwCommandWatchFunc    watch,
                                              gpointer              user_data);
void            bw_command_book_free         (BwCommandBook        *self);
/* @timeline: (nullable) */
void            bw_command_book_set_timeline (BwCommandBook        *self,
                                              BwTimelineService    *timeline);
/* Whoever waits gets BW_ERROR_UNAVAILABLE; nothing is in it any more. */
void            bw_command_book_close        (BwCommandBook        *self);
/* FALSE with BW_ERROR_TOO_MANY */
gboolean        bw_command_book_check        (BwCommandBook        *self,
                                              const char           *device_id,
                                              GError              **error);
/* Watched and told of from now on. (transfer none): valid while it has not ended */
BwCommandEntry *bw_command_book_add          (BwCommandBook        *self,
                                              const BwCommandWish  *wish,
                                              const BwTreeProperty *property);
void            bw_command_book_sent         (BwCommandBook        *self,
                                              BwCommandEntry       *entry,
                                              guint                 publish_id);
void            bw_command_book_fail         (BwCommandBook        *self,
                                              BwCommandEntry       *entry,
                                              const char           *reason);
/* @task: (transfer full): gets the document when it ends */
void            bw_command_book_wait         (BwCommandEntry       *entry,
                                              GTask                *task);
/* (transfer full) */
char           *bw_command_book_write        (const BwCommandEntry *entry);
/* (transfer full) (nullable): as bw_command_service_get() */
char           *bw_command_book_get          (BwCommandBook        *self,
                                              gint64                company_id,
                                              gboolean              is_root,
                                              const char           *id);
/* What the broker has not taken it will not take any more; what it has, the device may still answer. */
void            bw_command_book_fail_unsent  (BwCommandBook        *self);
/* All that is open, once more. */
void            bw_command_book_watch_all    (BwCommandBook        *self);
/* As those of the service. */
void            bw_command_book_acknowledged (BwCommandBook        *self,
                                              guint                 publish_id);
void            bw_command_book_echo         (BwCommandBook        *self,
                                              const char           *device_id,
                                              const char           *node,
                                              const char           *property,
                                              const char           *value);
void            bw_command_book_complained   (BwCommandBook        *self,
                                              const char           *device_id,
                                              const char           *text);

G_END_DECLS
