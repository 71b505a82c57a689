/* bw-role-dialog-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-difference-view.h"
#include "bw-effects-view.h"
#include "bw-role-dialog.h"
#include "bw-role-permissions.h"

G_BEGIN_DECLS

struct _BwRoleDialog
{
  AdwWindow           parent_instance;

  BwSession          *session;
  BwRole             *role;            /* (nullable): none yet */
  gint64              revision;        /* of what one sees and edits */
  char               *shown_name;      /* as it was then */
  guint               shown_permissions;
  AdwToastOverlay    *toasts;          /* (owned) */
  GCancellable       *cancellable;
  gboolean            is_readable_only;
  gboolean            is_deleting;     /* what is being reviewed */
  gboolean            is_busy;
  gboolean            is_name_touched;

  GtkStack           *stack;
  AdwWindowTitle     *title;
  GtkWidget          *close_button;
  GtkWidget          *back_button;
  GtkWidget          *copy_button;
  GtkWidget          *review_button;
  GtkWidget          *save_button;
  GtkStack           *busy_stack;
  GtkEditable        *name_row;
  GtkLabel           *name_error;
  GtkLabel           *general_error;
  GtkWidget          *builtin_label;
  BwRolePermissions  *permissions;
  AdwPreferencesGroup *people_group;
  GtkListBox         *people;
  GtkLabel           *people_more;
  GtkWidget          *delete_button;
  GtkWidget          *review_box;
  BwDifferenceView   *difference;
  GtkWidget          *difference_group;
  BwEffectsView      *effects;
  GtkEditable        *comment_row;
  GtkLabel           *review_error;
};

/* The file bw-role-dialog-save.c */
/* What has changed, as the API wants it; (transfer full). */
JsonObject *bw_role_dialog_make_body  (BwRoleDialog *self);
void        bw_role_dialog_show_review (BwRoleDialog *self,
                                       gboolean      is_deleting);
void        bw_role_dialog_save       (BwRoleDialog *self);

/* The file bw-role-dialog.c */
void        bw_role_dialog_show_page  (BwRoleDialog *self,
                                       const char   *name);
void        bw_role_dialog_set_busy   (BwRoleDialog *self,
                                       gboolean      is_busy);
void        bw_role_dialog_show_role  (BwRoleDialog *self,
                                       BwRole       *role);
void        bw_role_dialog_validate   (BwRoleDialog *self);

G_END_DECLS
