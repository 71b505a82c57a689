/* bw-design-editor-private.h: for the files of this class
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-design-canvas.h"
#include "bw-design-editor.h"

G_BEGIN_DECLS

struct _BwDesignEditor
{
  AdwWindow             parent_instance;

  BwSession            *session;
  GCancellable         *cancellable;
  GCancellable         *logo_cancellable;   /* (nullable): of the logo chosen last */
  BwStock               stock;         /* upright, as it is read */
  char                 *stock_name;
  BwLabelBatch          batch;
  char                 *batch_name;
  char                 *company;
  BwLabelFacts          facts;         /* what stands on the label that is shown */
  BwLabelDesign        *design;
  BwLabelPlan          *plan;          /* (nullable): it cannot be printed as it is */
  int                   picked;        /* the field; -1: none */
  gboolean              is_filling;    /* what changes now was not changed by a person */

  GPtrArray            *history;       /* BwLabelDesign: as it was after each step */
  guint                 at;            /* where in it */
  guint                 sent_at;       /* where it was when it was last sent */
  guint                 saved_at;      /* and where it is as it was kept; G_MAXUINT: nowhere */
  char                 *last_step;     /* (nullable): goes on in the same place */

  char                 *id;            /* (nullable): of the saved one */
  char                 *company_id;    /* (nullable): whose it is */
  gint64                revision;
  char                 *saved_name;    /* (nullable) */
  gboolean              is_busy;
  gboolean              closes;        /* whatever was not kept */
  GtkFileChooserNative *chooser;

  AdwWindowTitle       *window_title;
  AdwToastOverlay      *toasts;
  GtkWidget            *width_bin;
  GtkBox               *panes;
  AdwClamp             *clamp;
  BwDesignCanvas       *canvas;
  GtkLabel             *light;
  GtkLabel             *problem;
  GtkDropDown          *zoom_drop;
  GtkMenuButton        *add_button;
  GMenu                *add_menu;
  AdwPreferencesGroup  *design_group;
  AdwEntryRow          *name_row;
  AdwPreferencesGroup  *code_group;
  AdwEntryRow          *link_row;
  AdwPreferencesGroup  *fields_group;
  GtkListBox           *fields_list;
  AdwPreferencesGroup  *field_group;
  AdwEntryRow          *text_row;
  GtkWidget            *logo_row;

  /* made in code: rows of one pattern */
  GtkDropDown          *layout_drop;
  GtkDropDown          *unit_drop;
  GtkDropDown          *correction_drop;
  GtkDropDown          *dpi_drop;
  GtkSwitch            *small_switch;
  GtkSpinButton        *x_spin;
  GtkSpinButton        *y_spin;
  GtkSpinButton        *width_spin;
  GtkSpinButton        *height_spin;
  GtkSpinButton        *pt_spin;
  GtkDropDown          *align_drop;
};

/* The picked field; NULL: none. */
BwLabelField *bw_design_editor_get_field  (BwDesignEditor *self);

/* After each change of the design: the step is kept for undo, all of the window shows it.
 * @step: (nullable): the same text twice is one step */
void          bw_design_editor_changed    (BwDesignEditor *self,
                                           const char     *step);
void          bw_design_editor_pick       (BwDesignEditor *self,
                                           int             field);
void          bw_design_editor_update_actions (BwDesignEditor *self);

/* -form.c: rows, and what is typed into them */
void          bw_design_editor_build_rows (BwDesignEditor *self);
void          bw_design_editor_fill_rows  (BwDesignEditor *self);
void          bw_design_editor_fill_list  (BwDesignEditor *self);
void          bw_design_editor_fill_field (BwDesignEditor *self);
void          bw_design_editor_read_settings (BwDesignEditor *self);
void          bw_design_editor_read_field (BwDesignEditor *self);
void          bw_design_editor_add_field  (BwDesignEditor *self,
                                           BwLabelField   *field);    /* (transfer full) */

/* -save.c */
void          bw_design_editor_take_document (BwDesignEditor *self,
                                              JsonObject     *document);
gboolean      bw_design_editor_is_in_reach (BwDesignEditor *self);
void          bw_design_editor_save       (BwDesignEditor *self);
void          bw_design_editor_delete     (BwDesignEditor *self);
void          bw_design_editor_choose_logo (BwDesignEditor *self);
void          bw_design_editor_load_logo  (BwDesignEditor *self,
                                           GFile          *file);

G_END_DECLS
