/* bw-test-messages.h: messages of devices for the tests of the dialects
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-dialect.h"

G_BEGIN_DECLS

/* gcc and clang say it in their own ways. */
#if defined (__has_feature)
#if __has_feature (address_sanitizer)
#define BW_TEST_SANITIZED 1
#endif
#endif
#if defined (__SANITIZE_ADDRESS__)
#define BW_TEST_SANITIZED 1
#endif

typedef struct
{
  char   *topic;
  GBytes *payload;
} BwTestMessage;

/* (transfer full) (element-type BwTestMessage): what a real library left retained at a broker; see recorded/README */
GPtrArray *bw_test_messages_read    (const char          *name);
GPtrArray *bw_test_messages_new     (void);
void       bw_test_messages_add     (GPtrArray           *messages,
                                     const char          *topic,
                                     const char          *payload);
void       bw_test_messages_shuffle (GPtrArray           *messages);

/* Parses the topic, lets the dialect of its root work; the effect is the caller's to clear. */
void       bw_test_send_bytes       (BwDeviceTree        *tree,
                                     const char          *topic,
                                     gconstpointer        payload,
                                     gsize                length,
                                     gint64               now_us,
                                     BwEffect            *ret_effect);
/* The changes; @ret_text: (transfer full) (nullable) (optional) */
guint      bw_test_send             (BwDeviceTree        *tree,
                                     const char          *topic,
                                     const char          *payload,
                                     char               **ret_text);
/* All of them at the same time, in their order. */
void       bw_test_send_all         (BwDeviceTree        *tree,
                                     GPtrArray           *messages);
/* (transfer full): all that anybody can see of a tree */
char      *bw_test_describe_tree    (BwDeviceTree        *tree);

G_END_DECLS
