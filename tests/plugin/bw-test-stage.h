/* bw-test-stage.h: a broker with the plugin, and who is known to it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-test.h"
#include "bw-test-broker-db.h"
#include "bw-test-client.h"

G_BEGIN_DECLS

/* Company 1 is above 2 and 3. */
#define LAMP        "1amp-0000-0000-000a"   /* approved, of company 2 */
#define METER       "meta-0000-0000-000b"   /* approved, of company 3 */
#define NEWCOMER    "newc-0000-0000-000c"   /* not approved, of company 2 */
#define OUTCAST     "0utc-0000-0000-000d"   /* blocked, of company 2 */
#define LAMP_KEY     "lamp-key"
#define METER_KEY    "meter-key"
#define NEWCOMER_KEY "newcomer-key"
#define OUTCAST_KEY  "outcast-key"

#define SERVICE       "bellwetherd-1"
#define SERVICE_TOKEN "service-token"
#define BOSS          "session-boss"           /* of company 1 */
#define BOSS_TOKEN    "boss-token"
#define CLERK         "0123456789abcdef"       /* of company 2; looks like a device's ID */
#define CLERK_TOKEN   "clerk-token"
#define FORMER        "session-former"         /* run out */
#define FORMER_TOKEN  "former-token"

typedef struct
{
  char         *dir;
  char         *db_path;
  sqlite3      *db;
  BwTestBroker *broker;
} BwTestStage;

/* From the command line: the plugin, and the configuration that we recommend. Call it first in main(). */
void          bw_test_stage_init      (int                argc,
                                       char              *argv[]);

/* The broker has opened the database when it returns. */
void          bw_test_stage_set_up    (BwTestStage       *stage,
                                       gconstpointer      data);
void          bw_test_stage_tear_down (BwTestStage       *stage,
                                       gconstpointer      data);
void          bw_test_stage_fill      (sqlite3           *db);

/* Waits until the plugin admits or refuses the service: it reads the database or does not. */
void          bw_test_stage_wait_open (BwTestStage       *stage,
                                       gboolean           is_open);

BwTestClient *bw_test_stage_connect   (BwTestStage       *stage,
                                       int                version,
                                       const char        *client_id,
                                       const char        *username,
                                       const char        *password);
BwTestClient *bw_test_stage_service   (BwTestStage       *stage);

/* Sets a device's state and says so. */
void          bw_test_stage_set_state (BwTestStage       *stage,
                                       const char        *id,
                                       int                state);

G_END_DECLS
