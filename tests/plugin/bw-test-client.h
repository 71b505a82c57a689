/* bw-test-client.h: an MQTT client that a test leads by the hand
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TEST_V3  4   /* MQTT 3.1.1 */
#define TEST_V5  5

typedef struct _BwTestClient BwTestClient;

typedef struct
{
  int         version;        /* 0: TEST_V3 */
  const char *client_id;      /* (nullable): any */
  const char *username;       /* (nullable) */
  const char *password;       /* (nullable) */
  gboolean    keep_session;
  const char *will_topic;     /* (nullable) */
} BwTestClientSetup;

/* Connects and waits for the answer, which bw_test_client_get_answer() tells: 0 is let in. */
BwTestClient *bw_test_client_new           (guint16                  port,
                                            const BwTestClientSetup *setup);

/* Says good-bye if it is still connected. */
void          bw_test_client_free          (BwTestClient            *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwTestClient, bw_test_client_free)

/* Drops the connection without a word, so that its last will is due. */
void          bw_test_client_drop          (BwTestClient            *self);

int           bw_test_client_get_answer    (BwTestClient            *self);
gboolean      bw_test_client_is_connected  (BwTestClient            *self);

/* Returns: whether it was granted. All that was on its way before has arrived then. */
gboolean      bw_test_client_subscribe     (BwTestClient            *self,
                                            const char              *filter);

/* QoS 1, and waits until the broker has it. With MQTT 5: whether it was taken; with 3.1.1 always TRUE. */
gboolean      bw_test_client_publish       (BwTestClient            *self,
                                            const char              *topic,
                                            const char              *payload,
                                            gboolean                 retain);

/* The same at any QoS; to be seen by others. */
void          bw_test_client_say           (BwTestClient            *self,
                                            const char              *topic,
                                            const char              *payload,
                                            int                      qos);

/* (nullable): the last payload that arrived on a topic */
const char   *bw_test_client_get_last      (BwTestClient            *self,
                                            const char              *topic);
guint         bw_test_client_get_n_arrived (BwTestClient            *self);
void          bw_test_client_forget        (BwTestClient            *self);

/* Each with the usual deadline. */
void          bw_test_client_wait_gone     (BwTestClient            *self);
void          bw_test_client_wait_text     (BwTestClient            *self,
                                            const char              *topic,
                                            const char              *part_of_payload);

G_END_DECLS
