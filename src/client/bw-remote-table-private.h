/* bw-remote-table-private.h: what the files of BwRemoteTable share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-remote-table.h"

G_BEGIN_DECLS

#define BW_REMOTE_WINDOW_ROWS 256   /* more than the rows that a list view of GTK 4.8 keeps: a new list takes one request */

typedef struct
{
  guint         index;
  GPtrArray    *rows;          /* (owned) (element-type BwEntity): never NULL inside */
  GCancellable *cancellable;   /* (nullable): while it is being read */
  guint64       used;          /* the clock of the table when somebody last asked */
  gboolean      stale;         /* to be read when asked for */
  gboolean      wanted;        /* asked for */
  gboolean      hinted;        /* the feed says that an item of it changed */
  gboolean      may_move;      /* to be read for a hint: the item may have taken another place */
} BwRemoteWindow;

struct _BwRemoteTable
{
  GObject             parent_instance;

  BwSession          *session;
  char               *path;
  GType               item_type;
  BwRemoteTableMoves  moves;           /* (nullable) */

  /* The question */
  GTree              *filters;         /* name → value, by name */
  char               *query;           /* (nullable) */
  char               *search;
  char               *sort;
  guint               n_freezes;
  gboolean            has_changed;     /* while frozen */

  guint               total;
  GHashTable         *windows;         /* index → BwRemoteWindow */
  GHashTable         *by_id;           /* id → BwEntity: unowned, leaves when it is finalized */
  GHashTable         *ids;             /* BwEntity → id: the keys of by_id */
  guint64             clock;
  guint               n_requests;
  gboolean            loading;
  gboolean            is_current;
  GError             *error;           /* (nullable) */
  GCancellable       *reset;           /* (nullable): while the first window of another question is on its way */

  /* While the rows of a list take the places of those before it */
  GPtrArray          *standing;        /* (nullable) (element-type BwEntity): the rows before; those from n_stepped on are shown */
  guint               n_stepped;
  gboolean            rest_shown;      /* what is behind the first window, too */
  guint               step_source;

  /* The feed */
  guint               refresh_source;
  gint64              refresh_at_us;
  guint               hint_source;
};

/* What of the question is not its order: "&status=new&search=…" */
void            bw_remote_table_append_question    (BwRemoteTable  *self,
                                                    GString        *query);
/* The same with its order. (transfer full) */
char           *bw_remote_table_dup_ordered_question (BwRemoteTable *self);
/* A request for a window of rows. (transfer full) */
char           *bw_remote_table_make_request       (const char     *path,
                                                    guint           offset,
                                                    const char     *question);
void            bw_remote_window_free              (BwRemoteWindow *window);
/* The window, made when it is not here, as the one that was used last. */
BwRemoteWindow *bw_remote_table_ensure_window      (BwRemoteTable  *self,
                                                    guint           index);
void            bw_remote_table_evict              (BwRemoteTable  *self);
/* Asks for what is wanted, as far as it may ask for more. */
void            bw_remote_table_pump               (BwRemoteTable  *self);
void            bw_remote_table_update_loading     (BwRemoteTable  *self);
/* Another question: all of it anew. */
void            bw_remote_table_start_reset        (BwRemoteTable  *self);
/* Reads again what is being looked at; the rest when it comes into sight. */
void            bw_remote_table_refresh            (BwRemoteTable  *self);
/* The same for the windows that were hinted at only. */
void            bw_remote_table_refresh_hinted     (BwRemoteTable  *self);
void            bw_remote_table_item_gone_cb       (gpointer        user_data,
                                                    GObject        *item);

/* bw-remote-table-steps.c */
/* The number of items of the list model, which comes to the total in steps. */
guint           bw_remote_table_count_shown        (BwRemoteTable  *self);
/* (nullable): the row of the list before that still stands there */
BwEntity       *bw_remote_table_get_standing       (BwRemoteTable  *self,
                                                    guint           position);
/* (transfer full): the rows of the first window as they are shown now */
GPtrArray      *bw_remote_table_dup_shown          (BwRemoteTable  *self);
/* The windows hold another list: its first rows take their places now, the others soon.
 * @shown_before, @n_before: what was shown, cut to what stays for now */
void            bw_remote_table_start_steps        (BwRemoteTable  *self,
                                                    GPtrArray      *shown_before,
                                                    guint           n_before);
/* Rows of the list before that are still there go: a row that is in both lists would be shown twice, and a list view
 * that loses both places at a time complains. */
void            bw_remote_table_cut_steps          (BwRemoteTable  *self);
/* All of them now: whoever changes rows works on a list that is whole. */
void            bw_remote_table_finish_steps       (BwRemoteTable  *self);
void            bw_remote_table_stop_steps         (BwRemoteTable  *self);

/* bw-remote-table-feed.c */
void            bw_remote_table_start_feed         (BwRemoteTable  *self,
                                                    const char     *kind);
/* Nothing that was heard of so far is looked at any more. */
void            bw_remote_table_forget_changes     (BwRemoteTable  *self);
/* What a window was hinted at brought rows to another place. */
void            bw_remote_table_rows_moved         (BwRemoteTable  *self);

G_END_DECLS
