/* bw-design-editor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-design-editor-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bw-compat.h"
#include "bw-design-text.h"
#include "bw-error-text.h"
#include "bw-width-bin.h"

#define HISTORY_MAX 200

/* Narrower than this the label stands above its fields. */
#define WIDE_PX 720

/* Of the fields beside it. */
#define NARROW_PX 380

/**
 * BwDesignEditor:
 *
 * A label design: the label itself, where fields are moved by mouse or keys,
 * and beside it all of it in numbers. Every step can be taken back. What cannot
 * be printed is said at once and is not kept.
 */

G_DEFINE_FINAL_TYPE (BwDesignEditor, bw_design_editor, ADW_TYPE_WINDOW)

enum {
  SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

BwLabelField *
bw_design_editor_get_field (BwDesignEditor *self)
{
  if (self->design == NULL || self->picked < 0 || (guint) self->picked >= self->design->fields->len)
    return NULL;

  return g_ptr_array_index (self->design->fields, (guint) self->picked);
}

static void
show_problem (BwDesignEditor *self,
              const GError   *error)
{
  g_autofree char *text = error != NULL ? bw_error_to_field_text (error) : NULL;

  gtk_label_set_label (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
}

static void
show_light (BwDesignEditor *self)
{
  g_autofree char *text = NULL;
  BwLabelQuality quality;
  gboolean ok = bw_label_design_get_light (self->design, &self->stock, &quality, NULL);

  for (guint light = BW_LABEL_LIGHT_GREEN; light <= BW_LABEL_LIGHT_RED; light++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->light), bw_label_light_to_css_class (light));

  if (ok)
    {
      text = bw_label_quality_to_user_text (&quality);
      gtk_widget_add_css_class (GTK_WIDGET (self->light), bw_label_light_to_css_class (quality.light));
    }
  gtk_label_set_label (self->light, text != NULL ? text : "");
}

/* Draws what there is, and says why it cannot be printed. */
static void
show_design (BwDesignEditor *self)
{
  g_autoptr(BwLabelPlan) plan = NULL;
  g_autoptr(BwLabelPainter) painter = NULL;
  g_autoptr(GError) error = NULL;

  plan = bw_label_plan_new (&self->stock, self->design, &error);
  if (plan != NULL)
    {
      painter = bw_label_painter_new (plan, &self->batch);
      bw_label_painter_check (painter, NULL, &error);
    }

  show_problem (self, error);
  show_light (self);
  bw_design_canvas_set (self->canvas, &self->stock, self->design, plan, &self->batch, &self->facts, self->picked);

  g_clear_pointer (&self->plan, bw_label_plan_unref);
  if (error == NULL)
    self->plan = g_steal_pointer (&plan);
}

static gboolean
is_kept (BwDesignEditor *self)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name_row));

  return self->at == self->saved_at && g_strcmp0 (name, self->saved_name != NULL ? self->saved_name : "") == 0;
}

void
bw_design_editor_update_actions (BwDesignEditor *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const BwLabelField *field = bw_design_editor_get_field (self);
  gboolean has_name = *gtk_editable_get_text (GTK_EDITABLE (self->name_row)) != '\0';
  gboolean may = self->session != NULL && bw_session_may (self->session, BW_PERMISSION_MANAGE_IDS);

  gtk_widget_action_set_enabled (widget, "design.undo", self->at > 0 && !self->is_busy);
  gtk_widget_action_set_enabled (widget, "design.redo", self->at + 1 < self->history->len && !self->is_busy);
  gtk_widget_action_set_enabled (widget, "design.remove", field != NULL && field->kind != BW_LABEL_FIELD_QR);
  gtk_widget_action_set_enabled (widget, "design.choose-logo", field != NULL && field->kind == BW_LABEL_FIELD_LOGO);
  gtk_widget_action_set_enabled (widget, "design.save", may && has_name && self->plan != NULL && !self->is_busy && !is_kept (self));
  gtk_widget_action_set_enabled (widget, "design.delete", may && self->id != NULL && !self->is_busy &&
                                 bw_design_editor_is_in_reach (self));
}

static void
refresh (BwDesignEditor *self)
{
  show_design (self);
  bw_design_editor_fill_rows (self);
  bw_design_editor_fill_list (self);
  bw_design_editor_fill_field (self);
  bw_design_editor_update_actions (self);
}

void
bw_design_editor_changed (BwDesignEditor *self,
                          const char     *step)
{
  gboolean goes_on = step != NULL && self->at > 0 && self->at != self->saved_at && self->at != self->sent_at && self->at + 1 == self->history->len &&
                     g_strcmp0 (step, self->last_step) == 0;

  /* what was taken back is gone; and what goes on takes the place of how far it was */
  if (self->saved_at != G_MAXUINT && self->saved_at > self->at)
    self->saved_at = G_MAXUINT;
  g_ptr_array_set_size (self->history, (int) self->at + (goes_on ? 0 : 1));
  if (self->history->len >= HISTORY_MAX)
    {
      g_ptr_array_remove_index (self->history, 0);
      self->saved_at = self->saved_at == 0 || self->saved_at == G_MAXUINT ? G_MAXUINT : self->saved_at - 1;
    }
  g_ptr_array_add (self->history, bw_label_design_copy (self->design));
  self->at = self->history->len - 1;

  g_free (self->last_step);
  self->last_step = g_strdup (step);
  refresh (self);
}

static void
go_to (BwDesignEditor *self,
       guint           at)
{
  self->at = at;
  g_clear_pointer (&self->last_step, g_free);
  bw_label_design_free (self->design);
  self->design = bw_label_design_copy (g_ptr_array_index (self->history, at));
  if (bw_design_editor_get_field (self) == NULL)
    self->picked = -1;
  refresh (self);
}

void
bw_design_editor_pick (BwDesignEditor *self,
                       int             field)
{
  self->picked = field;
  show_design (self);
  bw_design_editor_fill_list (self);
  bw_design_editor_fill_field (self);
  bw_design_editor_update_actions (self);
}

static void
picked_cb (BwDesignEditor *self,
           int             field)
{
  if (field != self->picked)
    bw_design_editor_pick (self, field);
}

static void
moved_cb (BwDesignEditor *self,
          int             i,
          const BwRect   *rect,
          gboolean        at_end)
{
  BwLabelField *field = bw_design_editor_get_field (self);

  if (field == NULL || i != self->picked)
    return;

  bw_label_design_set_rect (self->design, field, &self->stock, rect);
  if (at_end)
    {
      bw_design_editor_changed (self, NULL);
      return;
    }

  show_design (self);
  bw_design_editor_fill_field (self);
}

static void
row_selected_cb (BwDesignEditor *self,
                 GtkListBoxRow  *row)
{
  if (!self->is_filling)
    picked_cb (self, row != NULL ? gtk_list_box_row_get_index (row) : -1);
}

static void
settings_changed_cb (BwDesignEditor *self)
{
  bw_design_editor_read_settings (self);
}

static void
field_changed_cb (BwDesignEditor *self)
{
  bw_design_editor_read_field (self);
}

static void
name_changed_cb (BwDesignEditor *self)
{
  if (self->history != NULL)
    bw_design_editor_update_actions (self);
}

static void
zoom_changed_cb (BwDesignEditor *self)
{
  static const double zooms[] = { 0, 1, 2, 4 };
  guint selected = gtk_drop_down_get_selected (self->zoom_drop);

  if (self->canvas != NULL && selected < G_N_ELEMENTS (zooms))
    bw_design_canvas_set_zoom (self->canvas, zooms[selected]);
}

static void
width_changed_cb (BwDesignEditor *self)
{
  gboolean is_wide;

  if (self->panes == NULL)
    return;

  is_wide = bw_width_bin_get_width (BW_WIDTH_BIN (self->width_bin)) >= WIDE_PX;
  adw_clamp_set_maximum_size (self->clamp, is_wide ? NARROW_PX : WIDE_PX);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->panes),
                                  is_wide ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
}

/* Actions */

static void
undo_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwDesignEditor *self = BW_DESIGN_EDITOR (widget);

  if (strcmp (action_name, "design.undo") == 0 && self->at > 0)
    go_to (self, self->at - 1);
  else if (strcmp (action_name, "design.redo") == 0 && self->at + 1 < self->history->len)
    go_to (self, self->at + 1);
}

static void
make_movable (BwDesignEditor *self)
{
  BwLabelDesign *design;

  if (self->design->fields->len > 0)
    return;

  design = bw_label_preset_make (BW_LABEL_PRESET_STANDARD, &self->stock, self->design, NULL);
  if (design == NULL)
    return;

  bw_label_design_free (self->design);
  self->design = design;

  /* the picture must not look at the one that has gone */
  bw_design_editor_changed (self, NULL);
}

static void
add_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  BwDesignEditor *self = BW_DESIGN_EDITOR (widget);
  const char *name = g_variant_get_string (parameter, NULL);
  BwLabelField *field;
  guint kind = 0;

  while (kind < BW_LABEL_N_FIELD_KINDS && strcmp (bw_label_field_kind_to_text (kind), name) != 0)
    kind++;
  if (kind == BW_LABEL_N_FIELD_KINDS)
    return;

  make_movable (self);
  if (kind == BW_LABEL_FIELD_LOGO)
    {
      bw_design_editor_choose_logo (self);
      return;
    }

  field = bw_label_field_new (kind);
  if (kind == BW_LABEL_FIELD_TEXT)
    {
      g_free (field->text);
      field->text = g_strdup (_("Text"));
    }
  bw_design_editor_add_field (self, field);
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwDesignEditor *self = BW_DESIGN_EDITOR (widget);
  const BwLabelField *field = bw_design_editor_get_field (self);

  if (field == NULL || field->kind == BW_LABEL_FIELD_QR)
    return;

  g_ptr_array_remove_index (self->design->fields, (guint) self->picked);
  self->picked = -1;
  bw_design_editor_changed (self, NULL);
}

static void
layout_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwDesignEditor *self = BW_DESIGN_EDITOR (widget);

  for (guint i = 0; i < BW_LABEL_N_PRESETS; i++)
    {
      if (strcmp (bw_label_preset_to_text (i), g_variant_get_string (parameter, NULL)) == 0)
        gtk_drop_down_set_selected (self->layout_drop, i + 1);
    }
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_design_editor_save (BW_DESIGN_EDITOR (widget));
}

static void
delete_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_design_editor_delete (BW_DESIGN_EDITOR (widget));
}

static void
choose_logo_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  bw_design_editor_choose_logo (BW_DESIGN_EDITOR (widget));
}

static void
load_logo_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  g_autoptr(GFile) file = g_file_new_for_path (g_variant_get_string (parameter, NULL));

  make_movable (BW_DESIGN_EDITOR (widget));
  bw_design_editor_load_logo (BW_DESIGN_EDITOR (widget), file);
}

static void
discard_answered_cb (BwDesignEditor *self,
                     const char     *response)
{
  if (strcmp (response, "accept") != 0)
    return;

  self->closes = TRUE;
  gtk_window_close (GTK_WINDOW (self));
}

/* The label has the focus at first, or it would be the button that deletes. */
static void
bw_design_editor_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (bw_design_editor_parent_class)->map (widget);

  gtk_widget_grab_focus (GTK_WIDGET (BW_DESIGN_EDITOR (widget)->canvas));
}

static gboolean
bw_design_editor_close_request (GtkWindow *window)
{
  BwDesignEditor *self = BW_DESIGN_EDITOR (window);
  GtkWidget *question;

  if (self->closes || is_kept (self))
    return GTK_WINDOW_CLASS (bw_design_editor_parent_class)->close_request (window);

  question = bw_question_new (GTK_WIDGET (self), _("Leave without saving?"),
                              _("What you have changed of this label design would be lost."), _("_Leave"), TRUE);
  g_signal_connect_object (question, "response", G_CALLBACK (discard_answered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (question));

  return TRUE;
}

static void
bw_design_editor_dispose (GObject *object)
{
  BwDesignEditor *self = (BwDesignEditor *) object;

  self->is_filling = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_cancellable_cancel (self->logo_cancellable);
  g_clear_object (&self->logo_cancellable);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_DESIGN_EDITOR);
  g_clear_object (&self->session);
  g_clear_pointer (&self->plan, bw_label_plan_unref);
  g_clear_pointer (&self->design, bw_label_design_free);
  g_clear_pointer (&self->history, g_ptr_array_unref);

  G_OBJECT_CLASS (bw_design_editor_parent_class)->dispose (object);
}

static void
bw_design_editor_finalize (GObject *object)
{
  BwDesignEditor *self = (BwDesignEditor *) object;

  g_free (self->stock_name);
  g_free (self->batch_name);
  g_free (self->company);
  g_free (self->last_step);
  g_free (self->id);
  g_free (self->company_id);
  g_free (self->saved_name);

  G_OBJECT_CLASS (bw_design_editor_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/print/bw-design-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, window_title);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, width_bin);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, panes);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, clamp);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, canvas);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, light);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, problem);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, zoom_drop);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, add_button);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, add_menu);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, design_group);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, name_row);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, code_group);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, link_row);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, fields_group);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, fields_list);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, field_group);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, text_row);
  gtk_widget_class_bind_template_child (widget_class, BwDesignEditor, logo_row);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, settings_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, field_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, zoom_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, width_changed_cb);
}

static void
bw_design_editor_class_init (BwDesignEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_design_editor_dispose;
  object_class->finalize = bw_design_editor_finalize;
  widget_class->map = bw_design_editor_map;
  GTK_WINDOW_CLASS (klass)->close_request = bw_design_editor_close_request;

  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);

  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "design.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "design.redo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "design.add", "s", add_action);
  gtk_widget_class_install_action (widget_class, "design.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "design.layout", "s", layout_action);
  gtk_widget_class_install_action (widget_class, "design.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "design.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "design.choose-logo", NULL, choose_logo_action);
  gtk_widget_class_install_action (widget_class, "design.load-logo", "s", load_logo_action);

  g_type_ensure (BW_TYPE_DESIGN_CANVAS);
  g_type_ensure (BW_TYPE_WIDTH_BIN);
}

static void
bw_design_editor_init (BwDesignEditor *self)
{
  self->is_filling = TRUE;
  self->picked = -1;
  self->saved_at = G_MAXUINT;
  self->sent_at = G_MAXUINT;
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->canvas), _("Preview of the label"));
  self->history = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_label_design_free);
}

/* The way it is read, whichever way it lies on the paper. */
static void
take_stock (BwDesignEditor *self,
            const BwStock  *stock)
{
  self->stock = *stock;
  self->stock_name = g_strdup (stock->name);
  self->stock.name = self->stock_name;
  bw_label_get_size (stock, &self->stock.width, &self->stock.height);
  if (stock->is_turned)
    {
      self->stock.margin_x = stock->margin_y;
      self->stock.margin_y = stock->margin_x;
      self->stock.is_turned = FALSE;
    }
}

GtkWidget *
bw_design_editor_new (BwSession           *session,
                      const BwStock       *stock,
                      const BwLabelBatch  *batch,
                      const BwLabelFacts  *facts,
                      JsonObject          *document,
                      const BwLabelDesign *design)
{
  BwDesignEditor *self;
  g_autofree char *subtitle = NULL;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (stock != NULL && batch != NULL && facts != NULL, NULL);

  self = g_object_new (BW_TYPE_DESIGN_EDITOR, NULL);
  self->session = g_object_ref (session);
  take_stock (self, stock);
  self->batch = *batch;
  self->batch.name = self->batch_name = g_strdup (batch->name);
  self->company = g_strdup (facts->company != NULL ? facts->company : bw_session_get_company (session));
  self->facts = (BwLabelFacts) {
    .product = bw_label_field_kind_to_word (BW_LABEL_FIELD_PRODUCT),
    .abbreviation = "AB-1",
    .license = "CE 0123",
    .machine_id = "M-0017",
    .company = self->company,
  };
  self->design = design != NULL ? bw_label_design_copy (design) : bw_label_design_new ();

  /* Translators: a label's name; its width and height in mm */
  subtitle = g_strdup_printf (_("%s, %g × %g mm"), self->stock.name, self->stock.width, self->stock.height);
  adw_window_title_set_subtitle (self->window_title, subtitle);
  bw_design_editor_build_rows (self);
  if (document != NULL)
    bw_design_editor_take_document (self, document);

  g_ptr_array_add (self->history, bw_label_design_copy (self->design));
  self->saved_at = 0;
  self->is_filling = FALSE;
  refresh (self);

  return GTK_WIDGET (self);
}
