/* bw-test-broker-db.h: a broker.db as a backend would write it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define TEST_UNAPPROVED 0
#define TEST_APPROVED   1
#define TEST_BLOCKED    2

/* (transfer full): sqlite3_close() it */
sqlite3 *bw_test_broker_db_new         (const char *path);
void     bw_test_broker_db_run         (sqlite3    *db,
                                        const char *sql);
void     bw_test_broker_db_put_device  (sqlite3    *db,
                                        const char *id,
                                        const char *key,
                                        int         state,
                                        gint64      company_id);
void     bw_test_broker_db_put_session (sqlite3    *db,
                                        const char *id,
                                        const char *token,
                                        gint64      company_id,
                                        gint64      expires_at_us);
void     bw_test_broker_db_put_service (sqlite3    *db,
                                        const char *id,
                                        const char *token);

/* Says that the row of that name changed, as the backend does in the same transaction. */
void     bw_test_broker_db_put_change  (sqlite3    *db,
                                        const char *username);

/* @count devices in one transaction: the n-th from bw_test_broker_db_nth(). */
void     bw_test_broker_db_fill        (sqlite3    *db,
                                        guint       count);
void     bw_test_broker_db_nth         (guint       n,
                                        char        ret_id[20],
                                        char        ret_key[27]);

G_END_DECLS
