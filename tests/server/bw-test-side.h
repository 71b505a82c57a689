/* bw-test-side.h: a broker side on a real broker, with devices that answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-broker-side.h"
#include "bw-test-fleet.h"

G_BEGIN_DECLS

/* the first ones of the fleet; the next one is BW_TEST_SIDE_NEWCOMER */
#define BW_TEST_SIDE_N_APPROVED 4
#define BW_TEST_SIDE_NEWCOMER   4

typedef struct
{
  BwTestFleet       fleet;
  BwFeed           *feed;
  BwCommandService *commands;
  BwBrokerSide     *side;
  BwMqttLink       *devices[8];
  GPtrArray        *changes;      /* char*: "kind document" */

  /* what a wait waits for */
  const char       *sql;
  const char       *wanted;
  BwMqttLink       *link;

  /* the device's answers */
  const char       *answer;       /* to a set: NULL is silence, "echo", or a reason */
  guint             n_sets;
  gboolean          is_old;       /* it does not announce itself as Homie 5 */

  char             *document;     /* of a command */
  GError           *error;
  gboolean          done;
} BwTestSide;

/* What a wait waits for, of a test in user_data. */
gboolean bw_test_side_is_connected          (gpointer data);
gboolean bw_test_side_is_disconnected       (gpointer data);
gboolean bw_test_side_link_is_connected     (gpointer data);
void     bw_test_side_wait_for_text         (BwTestSide *fixture,
                                             const char *wanted,
                                             const char *sql);
void     bw_test_side_wait_for_column       (BwTestSide *fixture,
                                             guint index,
                                             const char *column,
                                             const char *wanted);
void     bw_test_side_wait_for_status       (BwTestSide *fixture,
                                             guint index,
                                             BwStatus status);
void     bw_test_side_wait_for_state        (BwTestSide *fixture,
                                             guint index,
                                             BwState state);
void     bw_test_side_wait_for_value        (BwTestSide *fixture,
                                             guint index,
                                             const char *node,
                                             const char *property,
                                             const char *wanted);
void     bw_test_side_publish               (BwTestSide *fixture,
                                             guint index,
                                             const char *level,
                                             const char *payload,
                                             gssize length);
void     bw_test_side_say                   (BwTestSide *fixture,
                                             guint index,
                                             const char *level,
                                             const char *payload);
void     bw_test_side_connect_device        (BwTestSide *fixture,
                                             guint index);
void     bw_test_side_start_side            (BwTestSide *fixture);
void     bw_test_side_bring_in              (BwTestSide *fixture,
                                             guint index);
void     bw_test_side_wait_for_change       (BwTestSide *fixture,
                                             const char *part);
void     bw_test_side_set_cb                (GObject *source,
                                             GAsyncResult *result,
                                             gpointer user_data);
gboolean bw_test_side_is_done               (gpointer data);
void     bw_test_side_set_node              (BwTestSide *fixture,
                                             guint index,
                                             const char *node,
                                             const char *property,
                                             const char *value,
                                             guint wait_seconds);
void     bw_test_side_set_value             (BwTestSide *fixture,
                                             guint index,
                                             const char *property,
                                             const char *value,
                                             guint wait_seconds);
void     bw_test_side_expect_command        (BwTestSide *fixture,
                                             const char *state,
                                             const char *reason);
/* Of a test of g_test_add(); @data: the path of the plugin. */
void     bw_test_side_set_up                (BwTestSide *fixture,
                                             gconstpointer data);
void     bw_test_side_tear_down             (BwTestSide *fixture,
                                             gconstpointer data);

G_END_DECLS
