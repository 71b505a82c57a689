/* bw-remote-view-private.h: for the files of BwRemoteView
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-remote-view.h"

G_BEGIN_DECLS

struct _BwRemoteView
{
  GtkWidget             parent_instance;

  BwRemoteTable        *table;         /* (owned) */
  GtkSelectionModel    *selection;     /* (owned) */
  BwRemoteColumns      *columns;       /* (owned) */
  BwRemoteViewCount     count;         /* (nullable) */
  BwRemoteViewSearch    search_map;    /* (nullable) */
  GObject              *context;       /* (owned) (nullable) */
  GMenuModel           *row_menu;      /* (owned) (nullable) */
  gboolean              is_multiple;
  gboolean              is_filtered;
  gboolean              has_loaded;
  int                   width;         /* that the columns were chosen for */
  guint                 fit_id;        /* tick callback */

  /* The choice of columns */
  char                 *name;
  const BwRemoteColumn *infos;
  guint                 n_columns;
  const int            *min_widths;    /* (nullable): see bw_remote_view_set_preset () */
  guint32               chosen;
  gboolean              has_multi_sort;
  GSimpleActionGroup   *choices;       /* (owned): a toggle for each */
  GSettings            *settings;      /* (owned) (nullable) */

  /* While rows are fetched for paper */
  GCancellable         *printing;      /* (owned) (nullable) */
  AdwToast             *print_toast;   /* (nullable): a weak pointer */

  /* What is said */
  char                 *label;
  char                 *empty_icon_name;
  char                 *empty_title;
  char                 *empty_description;
  char                 *search_description;   /* (nullable) */

  /* Template children */
  GtkWidget            *box;           /* the whole of it */
  AdwToastOverlay      *toasts;
  GtkWidget            *toolbar;
  GtkBox               *start_box;
  GtkWidget            *search_entry;
  GtkMenuButton        *columns_button;
  GtkBox               *end_box;
  GtkWidget            *info_box;
  GtkBox               *bottom_box;
  GtkLabel             *count_label;
  GtkStack             *stack;
  GtkSpinner           *spinner;
  GtkColumnView        *column_view;
  AdwStatusPage        *nothing_page;
  GtkWidget            *clear_button;
  AdwStatusPage        *failed_page;
  GtkPopoverMenu       *row_popover;
};

/* bw-remote-view.c */
void bw_remote_view_update_stack      (BwRemoteView   *self);

/* bw-remote-view-search.c */
void bw_remote_view_bind_search       (GtkWidgetClass *widget_class);

/* bw-remote-view-choice.c */
void bw_remote_view_init_choice       (BwRemoteView   *self);
void bw_remote_view_fit_columns       (BwRemoteView   *self);
void bw_remote_view_fill_menus        (BwRemoteView   *self);

/* bw-remote-view-print.c */
/* So many are fetched before anybody would look for a sign of it. */
#define BW_REMOTE_VIEW_FAST_ROWS 1000
void bw_remote_view_install_print     (GtkWidgetClass *widget_class);

/* bw-remote-view-selection.c */
void bw_remote_view_init_selection    (BwRemoteView   *self);
void bw_remote_view_update_selection  (BwRemoteView   *self);
void bw_remote_view_install_selection (GtkWidgetClass *widget_class);

G_END_DECLS
