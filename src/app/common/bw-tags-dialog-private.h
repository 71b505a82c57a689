/* bw-tags-dialog-private.h: for the files of BwTagsDialog
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-tags-dialog.h"

G_BEGIN_DECLS

struct _BwTagsDialog
{
  AdwWindow        parent_instance;

  BwSession       *session;          /* (owned) */
  GCancellable    *cancellable;
  gboolean         is_loaded;
  gboolean         is_busy;

  /* The tag that is edited */
  BwTag           *tag;              /* (owned) (nullable): a new one */
  gint64           revision;
  GPtrArray       *company_ids;      /* (element-type utf8): where alone it may be used; empty: everywhere */
  gboolean         is_name_touched;
  gboolean         is_loading;

  /* Template children */
  AdwToastOverlay *toasts;
  GtkStack        *pages;
  GtkStack        *start_stack;
  GtkStack        *end_stack;
  AdwWindowTitle  *window_title;
  GtkStack        *list_stack;
  GtkListBox      *tags_list;
  AdwStatusPage   *failed_page;
  GtkWidget       *form;
  GtkEditable     *name_row;
  GtkColorChooser *color_button;
  GtkListBox      *companies_list;
  GtkLabel        *name_error;
  GtkLabel        *general_error;
  GtkWidget       *delete_button;
};

void bw_tags_dialog_show_list   (BwTagsDialog *self);

/* bw-tags-dialog-form.c: one tag */
void bw_tags_dialog_edit        (BwTagsDialog *self,
                                 BwTag        *tag);     /* (nullable): a new one */
void bw_tags_dialog_validate    (BwTagsDialog *self);
void bw_tags_dialog_touch_name  (BwTagsDialog *self);
void bw_tags_dialog_add_company (BwTagsDialog *self);
void bw_tags_dialog_save        (BwTagsDialog *self);
void bw_tags_dialog_delete      (BwTagsDialog *self);

G_END_DECLS
