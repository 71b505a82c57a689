/* bw-batches-page-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-batches-page.h"
#include "bw-task-bar.h"
#include "bw-width-bin.h"

G_BEGIN_DECLS

struct _BwBatchesPage
{
  GtkWidget            parent_instance;

  BwSession           *session;
  GCancellable        *cancellable;
  char                *error_text;    /* (owned): why the last load failed */
  GtkFileChooserNative *chooser;      /* (owned): while it is open; nobody else holds it */
  char                *made_id;        /* (owned): the batch made last, while nothing else was selected */
  gboolean             is_loaded;
  guint                watch_id;       /* while a batch is being created */

  AdwToastOverlay     *toasts;
  GtkStack            *stack;
  GtkStack            *table_stack;
  AdwStatusPage       *failed_page;
  GtkWidget           *search_entry;
  GtkWidget           *show_devices_button;
  GtkWidget           *progress_button;
  BwWidthBin          *width_bin;
  GtkColumnView       *column_view;
  GtkColumnViewColumn *name_column;
  GtkColumnViewColumn *count_column;
  GtkColumnViewColumn *company_column;
  GtkColumnViewColumn *created_column;
  GtkColumnViewColumn *keys_column;
  GtkColumnViewColumn *state_column;
  GtkSingleSelection  *selection;
  GListModel          *filtered;
  GtkActionBar        *action_bar;
  BwTaskBar           *task_bar;
  GtkPopover          *context_menu;
};

/* (transfer none) (nullable) */
BwBatch *bw_batches_page_get_selected (BwBatchesPage *self);

void bw_batches_page_show_toast     (BwBatchesPage *self,
                                     const char    *text);
/* Asks whether the keys may go, then where to. */
void bw_batches_page_ask_for_export (BwBatchesPage *self,
                                     BwBatch       *batch);
void bw_batches_page_export_to      (BwBatchesPage    *self,
                                     BwBatch          *batch,
                                     BwHandOverFormat  format,
                                     const char       *path);

void bw_batches_page_set_up_company_column (BwBatchesPage *self);

/* For the class: what the cells call, and the actions that open dialogs. */
void bw_batches_page_class_bind_columns    (GtkWidgetClass *widget_class);
void bw_batches_page_class_install_dialogs (GtkWidgetClass *widget_class);

G_END_DECLS
