/* bw-mqtt-link-private.h: the half of a link that lives on its own thread
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-mqtt-private.h"

G_BEGIN_DECLS

typedef enum
{
  BW_LINK_CONNECTED,
  BW_LINK_DISCONNECTED,
  BW_LINK_REFUSED,        /* number: the CONNACK code */
  BW_LINK_DOUBTED,        /* number: what is wrong with the broker's certificate */
  BW_LINK_ACKNOWLEDGED,   /* number: the publish id */
} BwLinkEventKind;

typedef struct
{
  BwLinkEventKind kind;
  guint           number;
} BwLinkEvent;

/* Offsets into the bytes: those move when they grow. */
typedef struct
{
  gsize topic;
  gsize payload;
  gsize length;
  guint qos : 2;
  guint retained : 1;
} BwLinkEntry;

typedef struct
{
  GArray     *entries;    /* (element-type BwLinkEntry) */
  GByteArray *bytes;
} BwLinkArena;

void bw_link_arena_init  (BwLinkArena *self);
void bw_link_arena_reset (BwLinkArena *self);
void bw_link_arena_clear (BwLinkArena *self);

/* What both threads hold. The connecting thread may sit in a name lookup for
 * a long time, so letting go of a link leaves it behind instead of joining. */
typedef struct
{
  BwMqttEndpoint     endpoint;       /* set before start */
  char              *client_id;
  char              *will_topic;     /* these three before start */
  GBytes            *will_payload;
  guint              will_flags;     /* qos, and 4 when retained */
  int                wakeup_fd;

  /* Guards the pointer, and is held while the other thread sends. Never taken
   * in a callback of the library, so it can not meet the library's own locks
   * in the other order. */
  GMutex             client_lock;
  struct mosquitto  *client;         /* (nullable) */

  GMutex             lock;           /* guards the rest; nothing of the library is called under it */
  GCond              changed;
  char              *username;
  char              *password;
  GHashTable        *filters;        /* char* → qos + 1 */
  BwLinkArena        arriving;
  gsize              n_waiting;      /* in both arenas */
  GArray            *events;         /* (element-type BwLinkEvent) */
  GSource           *source;         /* (nullable): NULL once the link is gone */
  guint64            n_dropped;
  gboolean           connected;
  gboolean           stopping;
  gboolean           hurry;          /* do not wait out the backoff */
} BwLinkShared;

BwLinkShared *bw_link_shared_new   (void);
void          bw_link_shared_unref (BwLinkShared *self);
void          bw_link_shared_start (BwLinkShared *self);

G_END_DECLS
