/* bw-fake-backend.h: a backend of one process's own, for tests of pages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "bw-fake-bulk.h"
#include "bw-session.h"

G_BEGIN_DECLS

/* Answers a few routes of the API as the real one does, over HTTP on the default main context, so that
 * a page's client code is the real one. What is refused, slow or broken is the test's choice. */
typedef struct _BwFakeBackend BwFakeBackend;

/* @broker_port: 0: sessions are told of no broker that answers. @n_devices: made of their numbers; those with
 * a number divisible by 4 wait for approval, the others are paired. */
BwFakeBackend *bw_fake_backend_new          (guint16        broker_port,
                                             guint          n_devices);
void           bw_fake_backend_free         (BwFakeBackend *self);
/* A signed-in session of its own. (transfer full) */
BwSession     *bw_fake_backend_make_session (BwFakeBackend *self);

/* The id of device number @n, from 0. (transfer none) */
const char    *bw_fake_backend_get_id       (BwFakeBackend *self,
                                             guint          n);
const char    *bw_fake_backend_get_status   (BwFakeBackend *self,
                                             const char    *device_id);
void           bw_fake_backend_set_status   (BwFakeBackend *self,
                                             guint          n,
                                             const char    *status);
void           bw_fake_backend_set_online   (BwFakeBackend *self,
                                             guint          n,
                                             gboolean       online);
/* The "nodes" of every device's document, as JSON. */
/* Of each device's timeline. */
void           bw_fake_backend_set_n_events (BwFakeBackend *self,
                                             guint          n_events);
void           bw_fake_backend_set_nodes    (BwFakeBackend *self,
                                             const char    *nodes);
/* Actions on this device are refused with @reason. */
void           bw_fake_backend_refuse       (BwFakeBackend *self,
                                             const char    *device_id,
                                             const char    *reason);
/* All is answered with 503 while it is down. */
void           bw_fake_backend_set_down     (BwFakeBackend *self,
                                             gboolean       is_down);
/* The path and query of the last list request, the last set's body. (nullable) (transfer none) */
const char    *bw_fake_backend_get_last_list (BwFakeBackend *self);
guint          bw_fake_backend_get_n_lists  (BwFakeBackend *self);
const char    *bw_fake_backend_get_last_set (BwFakeBackend *self);
guint          bw_fake_backend_get_n_sets   (BwFakeBackend *self);
/* The document of the last command in @state, a revision later. (transfer full) */
char          *bw_fake_backend_make_command (BwFakeBackend *self,
                                             const char    *state,
                                             const char    *reason);
/* The device's document as the feed has it, a revision later. (transfer full) */
char          *bw_fake_backend_make_device  (BwFakeBackend *self,
                                             guint          n);

/* Its jobs and saved views. (transfer none) */
BwFakeBulk    *bw_fake_backend_get_bulk     (BwFakeBackend *self);
/* Asked first while the backend is up. Returns: a status, or 0 when it is none of its routes */
typedef guint (*BwFakeMore) (const char *path,
                             GHashTable *query,    /* (nullable) */
                             GString    *out,
                             gpointer    data);
void           bw_fake_backend_set_more     (BwFakeBackend *self,
                                             BwFakeMore     more,
                                             gpointer       data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwFakeBackend, bw_fake_backend_free)

G_END_DECLS
