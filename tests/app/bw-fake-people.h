/* bw-fake-people.h: the people side of a backend of one process's own, for tests of pages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "bw-session.h"

G_BEGIN_DECLS

/* Companies, users, participations, roles and tags as documents, over HTTP on the default main context. Lists are filtered,
 * counted and cut as the real ones; changes want the right revision; what is asked to be parked is. */
typedef struct _BwFakePeople BwFakePeople;

/* @n_users: of three kinds of status in turn, each with a participation but every fifth. */
BwFakePeople *bw_fake_people_new          (guint           n_users);
void          bw_fake_people_free         (BwFakePeople   *self);
const char   *bw_fake_people_get_uri      (BwFakePeople   *self);
/* A signed-in session of its own, which may do all. (transfer full) */
BwSession    *bw_fake_people_make_session (BwFakePeople   *self);
/* All is answered with 503 while it is down. */
void          bw_fake_people_set_down     (BwFakePeople   *self,
                                           gboolean        is_down);
/* Changes wait for approval from now on. */
void          bw_fake_people_set_parking  (BwFakePeople   *self,
                                           gboolean        is_parking);
void          bw_fake_people_set_totp     (BwFakePeople   *self,
                                           gboolean        has_totp);
/* "users", "participations"…: the document, as it is now. (nullable) (transfer none) */
JsonObject   *bw_fake_people_lookup       (BwFakePeople   *self,
                                           const char     *kind,
                                           const char     *id);
guint         bw_fake_people_count        (BwFakePeople   *self,
                                           const char     *kind);
/* Somebody else's change: the revision goes up. */
void          bw_fake_people_set_string   (BwFakePeople   *self,
                                           const char     *kind,
                                           const char     *id,
                                           const char     *member,
                                           const char     *value);
/* "METHOD path?query" of the last list, and of the last change with its body behind a blank. (nullable) */
const char   *bw_fake_people_get_last_list   (BwFakePeople *self);
const char   *bw_fake_people_get_last_change (BwFakePeople *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwFakePeople, bw_fake_people_free)

G_END_DECLS
