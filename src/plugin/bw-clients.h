/* bw-clients.h: who is connected
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-broker-db.h"
#include "bw-table.h"

struct mosquitto;

/* What a session has been found to reach; forgotten when the database changes. */
typedef struct
{
  BwTable  table;
  uint64_t generation;    /* of the database */
  bool     is_ready;
} BwGrants;

typedef struct _BwClient BwClient;
struct _BwClient
{
  BwTableNode             by_connection;
  BwTableNode             by_username;
  BwTableNode             by_client_id;
  BwClient               *previous;      /* in the one list it is in */
  BwClient               *next;
  const struct mosquitto *connection;    /* NULL: it left and may come back for what waits for it */
  int64_t                 left_at_us;
  BwIdentity              identity;
  BwGrants                grants;
  char                    client_id[];
};

typedef struct
{
  BwClient *first;
  BwClient *last;
  size_t    length;
} BwClientList;

typedef struct
{
  BwTable      by_connection;
  BwTable      by_username;     /* connected ones only */
  BwTable      by_client_id;    /* all */
  BwClientList connected;       /* devices and services */
  BwClientList sessions;
  BwClientList left;            /* the one that left first is first */
} BwClients;

bool      bw_clients_init               (BwClients              *self);
void      bw_clients_clear              (BwClients              *self);

/* (nullable): without memory */
BwClient *bw_clients_add                (BwClients              *self,
                                         const struct mosquitto *connection,
                                         const char             *client_id,
                                         const BwIdentity       *identity);

/* @keeps_session: its client id stays its own for a while */
void      bw_clients_remove             (BwClients              *self,
                                         BwClient               *client,
                                         bool                    keeps_session,
                                         int64_t                 now_us);
void      bw_clients_forget             (BwClients              *self,
                                         BwClient               *client);

BwClient *bw_clients_find_connection    (const BwClients        *self,
                                         const struct mosquitto *connection);
BwClient *bw_clients_find_username      (const BwClients        *self,
                                         const char             *username);
BwClient *bw_clients_next_of_username   (BwClient               *client);

/* Another than @username whose that client id is. */
BwClient *bw_clients_find_other_owner   (const BwClients        *self,
                                         const char             *client_id,
                                         const char             *username);

bool      bw_grants_has                 (const BwGrants         *self,
                                         const char             *name);
void      bw_grants_add                 (BwGrants               *self,
                                         const char             *name);
void      bw_grants_clear               (BwGrants               *self);
