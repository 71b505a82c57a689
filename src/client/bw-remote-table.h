/* bw-remote-table.h: a long list of the backend's that is never loaded whole
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_REMOTE_TABLE (bw_remote_table_get_type ())

/* A GListModel over a route that answers {"total":n,"items":[…]}. It knows the number of matches; windows
 * of rows are fetched when somebody asks for an item (items not here yet are empty entities that fill in
 * place, and notify "revision" last), and the least recently used windows are dropped. Filter and order are
 * the database's. The live feed keeps it up. The rows of another question take their places in steps of a
 * screenful, within a few frames; the number of items comes to the total with the last one.
 *
 *   g_autoptr(BwRemoteTable) users = bw_remote_table_new (session, "/v1/users", BW_TYPE_USER, "user");
 *
 *   bw_remote_table_freeze (users);
 *   bw_remote_table_set_filter (users, "status", "invited");
 *   bw_remote_table_set_search (users, gtk_editable_get_text (entry));
 *   bw_remote_table_set_sort (users, "-created");
 *   bw_remote_table_thaw (users);
 *
 * Properties: total (guint, notify), loading (gboolean, notify: TRUE while anything is on its way)
 * Signals
 *   failed (GError *)        a reading failed; what is here stays
 *   renewed ()               the rows are those of another question now; who looks at them begins at the top
 *   answered (JsonObject *)  what the route said, with whatever it says beside total and items */
G_DECLARE_FINAL_TYPE (BwRemoteTable, bw_remote_table, BW, REMOTE_TABLE, GObject)

/* Asked about a whole document in the feed, before @known (nullable: nobody holds that item) takes it over:
 * whether it moves rows, as far as can be told from here. The table is looked at again soon if so. */
typedef gboolean (*BwRemoteTableMoves) (BwRemoteTable *self,
                                        BwEntity      *known,
                                        JsonObject    *document);

/* Starts to read at once. @path may have a query of its own, which stays ("/v1/participations?user=7").
 * @item_type: a subclass of BwEntity. @kind: of the feed's documents, NULL for things that never change.
 * A document of id and revision alone is a hint: the window that holds the item is read again. */
BwRemoteTable *bw_remote_table_new         (BwSession          *session,
                                            const char         *path,
                                            GType               item_type,
                                            const char         *kind);
/* Without one, every whole document may move rows. */
void           bw_remote_table_set_moves   (BwRemoteTable      *self,
                                            BwRemoteTableMoves  moves);

/* The question. Each reads anew when something is another; between freeze and thaw, once at the end.
 * @value NULL or empty: without that filter. @name and @sort as the route has them; @sort with a leading '-'
 * for descending, NULL: the route's own order. */
void           bw_remote_table_freeze      (BwRemoteTable      *self);
void           bw_remote_table_thaw        (BwRemoteTable      *self);
void           bw_remote_table_set_filter  (BwRemoteTable      *self,
                                            const char         *name,
                                            const char         *value);
void           bw_remote_table_set_search  (BwRemoteTable      *self,
                                            const char         *search);
void           bw_remote_table_set_sort    (BwRemoteTable      *self,
                                            const char         *sort);
/* Conditions of any kind beside the filters by name: "name~=pump&status=new&status=paired", escaped; NULL: none. */
void           bw_remote_table_set_query   (BwRemoteTable      *self,
                                            const char         *query);
const char    *bw_remote_table_get_query   (BwRemoteTable      *self);    /* (nullable) */
/* Which rows, whatever their order: filters, query and search as parameters of a request, "" for all.
 * (transfer full) */
char          *bw_remote_table_dup_question (BwRemoteTable     *self);
const char    *bw_remote_table_get_filter  (BwRemoteTable      *self,     /* (nullable) */
                                            const char         *name);
const char    *bw_remote_table_get_search  (BwRemoteTable      *self);    /* (nullable) */
const char    *bw_remote_table_get_sort    (BwRemoteTable      *self);    /* (nullable) */

/* The rows that answer the question as it is now, in its order, at most @max, apart from those that are held: page after
 * page, so that a row that takes another place meanwhile may be missed or come twice.
 * Finish: (transfer full) (element-type BwEntity) */
void           bw_remote_table_load_all_async  (BwRemoteTable        *self,
                                                guint                 max,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
GPtrArray     *bw_remote_table_load_all_finish (BwRemoteTable        *self,
                                                GAsyncResult         *result,
                                                GError              **error);

/* Looks again at what is in sight, the rest when it comes into sight; soon: after what may still follow. */
void           bw_remote_table_reload      (BwRemoteTable      *self);
void           bw_remote_table_reload_soon (BwRemoteTable      *self);

guint          bw_remote_table_get_total   (BwRemoteTable      *self);
gboolean       bw_remote_table_get_loading (BwRemoteTable      *self);
/* Whether the rows answer the question as it is now: not before the first answer has come, and not
 * between another filter and its answer. */
gboolean       bw_remote_table_is_current  (BwRemoteTable      *self);
/* Why the last reading failed; none as soon as another one has begun. (nullable) (transfer none) */
const GError  *bw_remote_table_get_error   (BwRemoteTable      *self);

G_END_DECLS
