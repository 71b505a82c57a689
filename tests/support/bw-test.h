/* bw-test.h: what tests of several folders need
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Every wait of a test ends; on a slow machine with sanitizers this is still plenty. */
#define BW_TEST_DEADLINE_SECONDS 100

typedef gboolean (*BwTestCondition) (gpointer data);

/* Runs the default main context until the condition holds. FALSE: it never did. */
gboolean bw_test_wait        (BwTestCondition  condition,
                              gpointer         data,
                              guint            seconds);

/* The same with the usual deadline; the test fails when it is over. */
void     bw_test_wait_for    (BwTestCondition  condition,
                              gpointer         data);

/* Runs the main context for that long: only to see that something does NOT happen. */
void     bw_test_spin        (guint            milliseconds);

/* A TCP port of the loopback that was free a moment ago. */
guint16  bw_test_free_port   (void);

/* (transfer full): a new folder below the system's for temporary files */
char    *bw_test_make_dir    (void);

/* Removes a folder with all that is in it; symbolic links are not followed. */
void     bw_test_remove_dir  (const char      *path);

/* Runs in a child before its program does: the child is killed when the test ends, however it ends.
 * One left behind would hold the test's standard error open, and the runner would wait for it. */
void     bw_test_die_with_parent (gpointer unused);

/* (transfer full): a program that dies with the test; the test fails when it can't be started.
 * @argv: NULL-terminated */
GSubprocess *bw_test_spawn   (const char * const *argv,
                              GSubprocessFlags    flags);

/* A stock Mosquitto on a free port of 127.0.0.1, in a folder of its own. */
typedef struct _BwTestBroker BwTestBroker;

/* @conf: (nullable): lines for mosquitto.conf; the listener is already there.
 * Returns when the broker accepts connections; fails the test when it does not. */
BwTestBroker *bw_test_broker_new      (const char   *conf);

/* Stops the broker if it runs, removes its folder. */
void          bw_test_broker_free     (BwTestBroker *self);

/* Stop by SIGTERM (it writes its persistence) or SIGKILL; start again on the same port. */
void          bw_test_broker_stop     (BwTestBroker *self);
void          bw_test_broker_kill     (BwTestBroker *self);
void          bw_test_broker_start    (BwTestBroker *self);

guint16       bw_test_broker_get_port (BwTestBroker *self);
GPid          bw_test_broker_get_pid  (BwTestBroker *self);   /* 0: not running */
const char   *bw_test_broker_get_dir  (BwTestBroker *self);   /* for persistence_location and the like */
char         *bw_test_broker_read_log (BwTestBroker *self);   /* (transfer full): all it has said so far */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwTestBroker, bw_test_broker_free)

G_END_DECLS
