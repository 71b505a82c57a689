/* bw-broker-db.h: what the backend says about who may connect
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bw-device-id.h"
#include "bw-privilege.h"

#define BW_USERNAME_MAX_BYTES 64

/* A row of `device`, `session` or `service`. */
typedef struct
{
  BwPeer  peer;
  char    username[BW_USERNAME_MAX_BYTES + 1];   /* as the row has it */
  bool    is_blocked;
  uint8_t hash[BW_SECRET_HASH_BYTES];            /* of the key or the token */
  uint8_t old_hash[BW_SECRET_HASH_BYTES];        /* of a device's key before this one … */
  int64_t old_ends_at_us;                        /* … until when it is good; 0: there is none */
  int64_t key_number;                            /* of the newer one, while there is an old one */
  int64_t company_id;
  int64_t expires_at_us;                         /* sessions */
} BwIdentity;

typedef enum
{
  BW_LOOKUP_FOUND,
  BW_LOOKUP_NONE,
  BW_LOOKUP_FAILED,    /* the database cannot be read now */
} BwLookup;

typedef enum
{
  BW_POLL_QUIET,       /* nothing was written since the last time */
  BW_POLL_WRITTEN,     /* something was; bw_broker_db_next_change() tells what */
  BW_POLL_OPENED,      /* another database than before: look at everybody again */
  BW_POLL_ABSENT,      /* there is none that can be read */
} BwPoll;

typedef enum
{
  BW_CHANGES_END,
  BW_CHANGES_ONE,      /* the name of one whose row changed */
  BW_CHANGES_MISSED,   /* changes were taken away unread: look at everybody again */
} BwChanges;

typedef struct _BwBrokerDb BwBrokerDb;

BwBrokerDb *bw_broker_db_new          (const char *path);
void        bw_broker_db_free         (BwBrokerDb *self);

BwLookup    bw_broker_db_find         (BwBrokerDb *self,
                                       const char *username,
                                       BwIdentity *ret_identity);
bool        bw_broker_db_reaches      (BwBrokerDb *self,
                                       int64_t     company_id,
                                       bool        is_company,
                                       const char *id);

/* When something was not found: whether the database was written to since the
 * last poll, so that it is worth asking again. */
bool        bw_broker_db_renew        (BwBrokerDb *self);

/* Called about ten times a second: opens the file when it appears or is another one. */
BwPoll      bw_broker_db_poll         (BwBrokerDb *self,
                                       int64_t     now_us);
BwChanges   bw_broker_db_next_change  (BwBrokerDb *self,
                                       char        ret_username[BW_USERNAME_MAX_BYTES + 1]);

/* The changes up to now need not be told any more. */
void        bw_broker_db_skip_changes (BwBrokerDb *self);
