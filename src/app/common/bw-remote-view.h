/* bw-remote-view.h: a page's table of things that the backend has many of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-remote-columns.h"
#include "bw-remote-selection.h"

G_BEGIN_DECLS

#define BW_REMOTE_VIEW_SELECTED_MAX BW_REMOTE_SELECTION_MAX

#define BW_TYPE_REMOTE_VIEW (bw_remote_view_get_type ())

/* Search entry, the states of a list (loading, list, nothing, failed with *Try Again*), columns to choose from
 * (remembered under the view's name), sorting by a click on a header, selection, a menu of the row, keys:
 * Ctrl+F and letters typed into the list search, Enter opens, Menu and Shift+F10 pop up the menu, F5 reloads.
 *
 * In the page's template, with g_type_ensure (BW_TYPE_REMOTE_VIEW) in its class_init:
 *
 *   <object class="BwRemoteView" id="view">
 *     <property name="label" translatable="yes">Users</property>
 *     <property name="search-placeholder" translatable="yes">Search names, e-mail addresses</property>
 *     <property name="failed-title" translatable="yes">Users Could Not Be Loaded</property>
 *     <property name="empty-icon-name">system-users-symbolic</property>
 *     <property name="empty-title" translatable="yes">No Users Yet</property>
 *     <property name="empty-description" translatable="yes">Invite somebody first.</property>
 *     <property name="row-menu">row_menu</property>
 *     <signal name="activated" handler="user_activated_cb" swapped="no"/>
 *     <child type="start"><object class="GtkDropDown" id="status_drop_down"/></child>
 *     <child type="end"><object class="GtkButton"><property name="label" translatable="yes">_Invite…</property>…
 *   </object>
 *
 * and in its code:
 *
 *   static char *get_email (gpointer item) { return g_strdup (bw_user_get_email (item)); }
 *
 *   static const BwRemoteColumn columns[] = {
 *     { "email", N_("E-Mail"), "email", BW_COLUMN_FIXED | BW_COLUMN_EXPAND, 16, 30, 0, .text = get_email },
 *     { "status", N_("Status"), "status", 0, 12, 16, 560, .text = get_status, .style = get_status_style },
 *     { "created", N_("Created"), "created", BW_COLUMN_AGE | BW_COLUMN_EXTRA, 14, 20, 0, .text = get_created },
 *   };
 *
 *   self->table = bw_remote_table_new (self->session, "/v1/users", BW_TYPE_USER, "user");
 *   bw_remote_view_set_count_text (self->view, make_count);
 *   bw_remote_view_set_table (self->view, self->table, "users", columns, G_N_ELEMENTS (columns));
 *   …
 *   bw_remote_table_set_filter (self->table, "status", "invited");     whenever a filter of the page's is another
 *
 * Properties: label, search-placeholder (NULL: no search), failed-title, empty-icon-name, empty-title,
 * empty-description, search-description (strings), row-menu (GMenuModel), multiple (gboolean, before the table: many rows at a time; the
 * selection is a BwRemoteSelection), filtered (gboolean: the page has filters set, which *Clear Filters* takes away)
 * Child types: start, end: beside the search entry; info: beside the count; bottom: below the list
 * Signals
 *   activated (BwEntity *item)  Enter or a double click on a row
 *   selection-changed ()        another selection, or what is selected changed
 *   search-activated (const char *text) → gboolean   Enter in the search entry; TRUE: the page took it
 *   clear-filters ()            somebody wants everything again; the search is empty already
 *   columns-changed ()          other columns were chosen
 * Actions: table.activate (the selected row), table.search, table.reload, table.menu, table.sort('s'),
 * table.sort-also('s': a column's id), table.select-all, table.select-none, table.first, table.last,
 * table.clear-filters, table.print (Ctrl+P: all rows, at most 10,000, in the chosen columns), table.print-to('s': a PDF) */
G_DECLARE_FINAL_TYPE (BwRemoteView, bw_remote_view, BW, REMOTE_VIEW, GtkWidget)

/* "%'u users", with ngettext. (transfer full) */
typedef char *(*BwRemoteViewCount) (guint total);
/* What the route is asked for when @text was typed. (transfer full) */
typedef char *(*BwRemoteViewSearch) (const char *text);

GtkWidget         *bw_remote_view_new             (void);
/* Once. @name: what the choice of columns is remembered under. @columns: static. */
void               bw_remote_view_set_table       (BwRemoteView         *self,
                                                   BwRemoteTable        *table,
                                                   const char           *name,
                                                   const BwRemoteColumn *columns,
                                                   guint                 n_columns);
/* Before the table: what the columns' look_up functions are told. */
void               bw_remote_view_set_context     (BwRemoteView         *self,
                                                   GObject              *context);
/* After the table: its route takes several keys ("a,-b"), which Shift and a click adds, and the menu. */
void               bw_remote_view_set_multi_sort  (BwRemoteView         *self);
void               bw_remote_view_set_search_map  (BwRemoteView         *self,
                                                   BwRemoteViewSearch    map);
/* Another set of columns by default, with a choice of its own. @min_widths: static, for each column the width of the page from
 * which on it is shown, -1: not until somebody chooses it; NULL, with the name of the table: as in the columns. */
void               bw_remote_view_set_preset      (BwRemoteView         *self,
                                                   const char           *name,
                                                   const int            *min_widths);
/* The ids of the chosen columns. (transfer full) */
char             **bw_remote_view_dup_columns     (BwRemoteView         *self);
/* Shows just these until somebody chooses; nothing is remembered. Ids that no column has are passed over. */
void               bw_remote_view_set_columns     (BwRemoteView         *self,
                                                   const char * const   *ids);
/* Those that somebody chose last, or the ones by default. */
void               bw_remote_view_reset_columns   (BwRemoteView         *self);
BwRemoteColumns   *bw_remote_view_get_columns     (BwRemoteView         *self);   /* (transfer none) (nullable) */
/* Without one, nothing says how many there are. */
void               bw_remote_view_set_count_text  (BwRemoteView         *self,
                                                   BwRemoteViewCount     count);
/* As if somebody clicked on the header: "email", "-created". */
void               bw_remote_view_sort_by         (BwRemoteView         *self,
                                                   const char           *sort);
void               bw_remote_view_set_search      (BwRemoteView         *self,
                                                   const char           *search);
const char        *bw_remote_view_get_search      (BwRemoteView         *self);   /* as it was typed */
/* Puts the cursor into the search entry. */
void               bw_remote_view_start_search    (BwRemoteView         *self);
GtkSelectionModel *bw_remote_view_get_selection   (BwRemoteView         *self);   /* (transfer none) (nullable) */
guint              bw_remote_view_get_n_selected  (BwRemoteView         *self);
/* (transfer full) (element-type BwEntity): at most BW_REMOTE_VIEW_SELECTED_MAX, without rows that have not come */
GPtrArray         *bw_remote_view_dup_selected    (BwRemoteView         *self);
/* (transfer full) (nullable): the one that is selected; NULL when it is none, or many */
gpointer           bw_remote_view_dup_selected_one (BwRemoteView        *self);
/* Shown over the list. */
AdwToastOverlay   *bw_remote_view_get_toasts      (BwRemoteView         *self);   /* (transfer none) */

G_END_DECLS
