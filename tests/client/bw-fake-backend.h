/* bw-fake-backend.h: a backend that answers what a test wants
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _BwFakeBackend BwFakeBackend;

/* Makes the body of a 200; @query: (nullable). (transfer full) */
typedef char *(*BwFakeAnswer) (GHashTable *query,
                               gpointer    data);

BwFakeBackend *bw_fake_backend_new       (void);
void           bw_fake_backend_free      (BwFakeBackend *self);
const char    *bw_fake_backend_get_uri   (BwFakeBackend *self);

/* @route: "GET /v1/batches". Anything else is a 404 in our words. */
void           bw_fake_backend_answer    (BwFakeBackend *self,
                                          const char    *route,
                                          guint          status,
                                          const char    *body);
void           bw_fake_backend_compute   (BwFakeBackend *self,
                                          const char    *route,
                                          BwFakeAnswer   answer,
                                          gpointer       data);
/* Takes the request and never answers it. */
void           bw_fake_backend_be_silent (BwFakeBackend *self,
                                          const char    *route);

/* Stops answering and listening; listens again at the same address. */
void           bw_fake_backend_go_away   (BwFakeBackend *self);
void           bw_fake_backend_come_back (BwFakeBackend *self);

guint          bw_fake_backend_count     (BwFakeBackend *self,
                                          const char    *route);
/* (nullable): of the last request of the route */
const char    *bw_fake_backend_get_body  (BwFakeBackend *self,
                                          const char    *route);
const char    *bw_fake_backend_get_authorization (BwFakeBackend *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwFakeBackend, bw_fake_backend_free)

/* Sends @bytes to whoever says anything, and hangs up. Ends with the service. (transfer full) */
GSocketService *bw_rubbish_server_new    (const char    *bytes,
                                          gsize          length,
                                          char         **ret_uri);

/* Lets go of @object ((transfer full)) and waits until nothing holds it any more: what it had begun may
 * still be on its way. The test fails when something keeps it. */
void            bw_wait_finalized        (gpointer       object);

G_END_DECLS
