/* bw-design-editor-form.c: the rows of the editor, and what is typed into them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-design-editor-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "bw-compat.h"
#include "bw-design-text.h"
#include "bw-error-text.h"
#include "bw-text.h"

#define MAX_MM  1000.0
#define STEP_MM 0.1
#define PAGE_MM 1.0

/* What a field begins with. */
#define NEW_WIDTH_MM  20.0
#define NEW_HEIGHT_MM 3.5
#define NEW_SIDE_MM   16.0

static const guint resolutions[] = { 0, 203, 300, 600 };

static GtkWidget *
add_row (AdwPreferencesGroup *group,
         const char          *title,
         GtkWidget           *control)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), control);
  bw_accessible_set_label (control, title);
  adw_preferences_group_add (group, row);

  return row;
}

static GtkDropDown *
add_drop (AdwPreferencesGroup *group,
          const char          *title,
          const char * const  *words,
          GCallback            changed,
          gpointer             user_data)
{
  GtkWidget *drop = gtk_drop_down_new_from_strings (words);

  add_row (group, title, drop);
  g_signal_connect_swapped (drop, "notify::selected", changed, user_data);

  return GTK_DROP_DOWN (drop);
}

static GtkSpinButton *
add_spin (AdwPreferencesGroup *group,
          const char          *title,
          double               max,
          GCallback            changed,
          gpointer             user_data)
{
  GtkAdjustment *adjustment = gtk_adjustment_new (0, 0, max, STEP_MM, PAGE_MM, 0);
  GtkWidget *spin = gtk_spin_button_new (adjustment, STEP_MM, 1);

  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  add_row (group, title, spin);
  g_signal_connect_swapped (spin, "value-changed", changed, user_data);

  return GTK_SPIN_BUTTON (spin);
}

static void
settings_changed (BwDesignEditor *self)
{
  bw_design_editor_read_settings (self);
}

static void
field_changed (BwDesignEditor *self)
{
  bw_design_editor_read_field (self);
}

/* The link and the rest of the settings stay. */
static void
layout_changed (BwDesignEditor *self)
{
  guint layout = gtk_drop_down_get_selected (self->layout_drop);
  g_autoptr(GError) error = NULL;
  BwLabelDesign *design;

  /* the first one is the question */
  if (self->is_filling || layout == 0 || layout > BW_LABEL_N_PRESETS)
    return;

  design = bw_label_preset_make (layout - 1, &self->stock, self->design, &error);
  if (design == NULL)
    {
      g_autofree char *text = bw_error_to_field_text (error);

      bw_toast_show (self->toasts, text);
      bw_design_editor_fill_rows (self);
      return;
    }

  bw_label_design_free (self->design);
  self->design = design;
  self->picked = -1;
  bw_design_editor_changed (self, NULL);
}

/* The rectangles stay where they are. */
static void
unit_changed (BwDesignEditor *self)
{
  gboolean is_relative = gtk_drop_down_get_selected (self->unit_drop) == 1;

  if (self->is_filling || is_relative == self->design->is_relative)
    return;

  for (guint i = 0; i < self->design->fields->len; i++)
    {
      BwLabelField *field = g_ptr_array_index (self->design->fields, i);
      BwRect rect = bw_label_design_get_rect (self->design, field, &self->stock);

      self->design->is_relative = is_relative;
      bw_label_design_set_rect (self->design, field, &self->stock, &rect);
      self->design->is_relative = !is_relative;
    }
  self->design->is_relative = is_relative;
  bw_design_editor_changed (self, NULL);
}

static void
fill_add_menu (BwDesignEditor *self)
{
  for (guint kind = 0; kind < BW_LABEL_N_FIELD_KINDS; kind++)
    {
      g_autofree char *action = g_strdup_printf ("design.add('%s')", bw_label_field_kind_to_text (kind));

      if (kind != BW_LABEL_FIELD_QR)
        g_menu_append (self->add_menu, bw_label_field_kind_to_word (kind), action);
    }
}

void
bw_design_editor_build_rows (BwDesignEditor *self)
{
  const char *layouts[BW_LABEL_N_PRESETS + 2] = { _("Choose…") };
  const char * const lengths[] = { _("Millimetres"), _("Parts of the label"), NULL };
  const char * const corrections[] = { _("Automatic"), "L", "M", "Q", "H", NULL };
  const char * const printers[] = { _("Automatic"), "203 dpi", "300 dpi", "600 dpi", NULL };
  const char * const aligns[] = { _("Left"), _("Center"), _("Right"), NULL };
  GtkWidget *small = gtk_switch_new ();

  for (guint i = 0; i < BW_LABEL_N_PRESETS; i++)
    layouts[i + 1] = bw_label_preset_to_word (i);

  self->layout_drop = add_drop (self->design_group, _("Begin with Layout"), layouts, G_CALLBACK (layout_changed), self);
  self->unit_drop = add_drop (self->design_group, _("Lengths Are Kept In"), lengths, G_CALLBACK (unit_changed), self);
  self->correction_drop = add_drop (self->code_group, _("Error Correction"), corrections, G_CALLBACK (settings_changed), self);
  self->dpi_drop = add_drop (self->code_group, _("Printer Resolution"), printers, G_CALLBACK (settings_changed), self);
  self->small_switch = GTK_SWITCH (small);
  add_row (self->code_group, _("Allow Small Codes"), small);
  g_signal_connect_swapped (small, "notify::active", G_CALLBACK (settings_changed), self);

  self->x_spin = add_spin (self->field_group, _("From Left, mm"), MAX_MM, G_CALLBACK (field_changed), self);
  self->y_spin = add_spin (self->field_group, _("From Top, mm"), MAX_MM, G_CALLBACK (field_changed), self);
  self->width_spin = add_spin (self->field_group, _("Width, mm"), MAX_MM, G_CALLBACK (field_changed), self);
  self->height_spin = add_spin (self->field_group, _("Height, mm"), MAX_MM, G_CALLBACK (field_changed), self);
  self->pt_spin = add_spin (self->field_group, _("Letters, pt; 0: as large as fits"), BW_LABEL_MAX_PT, G_CALLBACK (field_changed), self);
  self->align_drop = add_drop (self->field_group, _("Alignment"), aligns, G_CALLBACK (field_changed), self);

  fill_add_menu (self);
}

void
bw_design_editor_fill_rows (BwDesignEditor *self)
{
  guint dpi = 0;

  self->is_filling = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (resolutions); i++)
    {
      if (resolutions[i] == self->design->dpi)
        dpi = i;
    }

  gtk_drop_down_set_selected (self->layout_drop, 0);
  gtk_drop_down_set_selected (self->unit_drop, self->design->is_relative ? 1 : 0);
  gtk_drop_down_set_selected (self->correction_drop, self->design->correction);
  gtk_drop_down_set_selected (self->dpi_drop, dpi);
  gtk_switch_set_active (self->small_switch, self->design->allow_small);
  if (strcmp (gtk_editable_get_text (GTK_EDITABLE (self->link_row)), self->design->link) != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->link_row), self->design->link);
  self->is_filling = FALSE;
}

static char *
describe_field (BwDesignEditor     *self,
                const BwLabelField *field)
{
  BwRect rect = bw_label_design_get_rect (self->design, field, &self->stock);
  g_autofree char *place = NULL;

  /* Translators: from the left, from the top; width × height, in mm */
  place = g_strdup_printf (_("%.1f, %.1f; %.1f × %.1f mm"), rect.x, rect.y, rect.width, rect.height);

  return *field->text != '\0' ? g_strdup_printf ("%s · %s", field->text, place) : g_steal_pointer (&place);
}

/* As many rows as there are fields; each says what and where. */
void
bw_design_editor_fill_list (BwDesignEditor *self)
{
  GtkListBoxRow *row;
  guint n = self->design->fields->len;

  self->is_filling = TRUE;
  while ((row = gtk_list_box_get_row_at_index (self->fields_list, (int) n)) != NULL)
    gtk_list_box_remove (self->fields_list, GTK_WIDGET (row));

  for (guint i = 0; i < n; i++)
    {
      const BwLabelField *field = g_ptr_array_index (self->design->fields, i);
      g_autofree char *text = describe_field (self, field);
      g_autofree char *escaped = g_markup_escape_text (text, -1);

      row = gtk_list_box_get_row_at_index (self->fields_list, (int) i);
      if (row == NULL)
        {
          row = GTK_LIST_BOX_ROW (adw_action_row_new ());
          gtk_list_box_append (self->fields_list, GTK_WIDGET (row));
        }
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), bw_label_field_kind_to_word (field->kind));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
    }

  row = self->picked >= 0 ? gtk_list_box_get_row_at_index (self->fields_list, self->picked) : NULL;
  gtk_list_box_select_row (self->fields_list, row);
  self->is_filling = FALSE;
}

static void
show_row (gpointer control,
          gboolean is_visible)
{
  gtk_widget_set_visible (gtk_widget_get_ancestor (GTK_WIDGET (control), ADW_TYPE_ACTION_ROW), is_visible);
}

void
bw_design_editor_fill_field (BwDesignEditor *self)
{
  const BwLabelField *field = bw_design_editor_get_field (self);
  gboolean is_text;
  BwRect rect;

  gtk_widget_set_visible (GTK_WIDGET (self->field_group), field != NULL);
  if (field == NULL)
    return;

  self->is_filling = TRUE;
  rect = bw_label_design_get_rect (self->design, field, &self->stock);
  is_text = bw_label_field_kind_is_text (field->kind);
  adw_preferences_group_set_title (self->field_group, bw_label_field_kind_to_word (field->kind));
  gtk_spin_button_set_value (self->x_spin, rect.x);
  gtk_spin_button_set_value (self->y_spin, rect.y);
  gtk_spin_button_set_value (self->width_spin, rect.width);
  gtk_spin_button_set_value (self->height_spin, rect.height);
  gtk_spin_button_set_value (self->pt_spin, field->pt);
  gtk_drop_down_set_selected (self->align_drop, field->align);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->text_row),
                                 field->kind == BW_LABEL_FIELD_TEXT ? _("Text") : _("Words Before It"));
  if (strcmp (gtk_editable_get_text (GTK_EDITABLE (self->text_row)), field->text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->text_row), field->text);

  show_row (self->pt_spin, is_text);
  show_row (self->align_drop, is_text);
  gtk_widget_set_visible (GTK_WIDGET (self->text_row), is_text && field->kind != BW_LABEL_FIELD_ID && field->kind != BW_LABEL_FIELD_SERIAL);
  gtk_widget_set_visible (self->logo_row, field->kind == BW_LABEL_FIELD_LOGO);
  self->is_filling = FALSE;
}

void
bw_design_editor_read_settings (BwDesignEditor *self)
{
  const char *link = gtk_editable_get_text (GTK_EDITABLE (self->link_row));
  guint dpi = gtk_drop_down_get_selected (self->dpi_drop);

  if (self->is_filling || self->design == NULL)
    return;

  bw_set_str (&self->design->link, link);
  self->design->correction = gtk_drop_down_get_selected (self->correction_drop);
  self->design->dpi = dpi < G_N_ELEMENTS (resolutions) ? resolutions[dpi] : 0;
  self->design->allow_small = gtk_switch_get_active (self->small_switch);
  bw_design_editor_changed (self, "settings");
}

/* What is shown is rounded: only what is another now was typed. */
static void
read_length (GtkSpinButton *spin,
             double        *length)
{
  double value = gtk_spin_button_get_value (spin);

  if (fabs (value - *length) > STEP_MM / 2 + 1e-6)
    *length = value;
}

void
bw_design_editor_read_field (BwDesignEditor *self)
{
  BwLabelField *field = bw_design_editor_get_field (self);
  g_autofree char *step = NULL;
  BwRect rect;

  if (self->is_filling || field == NULL)
    return;

  rect = bw_label_design_get_rect (self->design, field, &self->stock);
  read_length (self->x_spin, &rect.x);
  read_length (self->y_spin, &rect.y);
  read_length (self->width_spin, &rect.width);
  read_length (self->height_spin, &rect.height);
  bw_label_design_set_rect (self->design, field, &self->stock, &rect);

  if (bw_label_field_kind_is_text (field->kind))
    {
      field->pt = gtk_spin_button_get_value (self->pt_spin);
      field->align = gtk_drop_down_get_selected (self->align_drop);
      if (gtk_widget_get_visible (GTK_WIDGET (self->text_row)))
        bw_set_str (&field->text, gtk_editable_get_text (GTK_EDITABLE (self->text_row)));
    }

  step = g_strdup_printf ("field %d", self->picked);
  bw_design_editor_changed (self, step);
}

static gboolean
is_free (BwDesignEditor *self,
         const BwRect   *rect)
{
  for (guint i = 0; i < self->design->fields->len; i++)
    {
      BwRect other = bw_label_design_get_rect (self->design, g_ptr_array_index (self->design->fields, i), &self->stock);

      if (rect->x < other.x + other.width && other.x < rect->x + rect->width &&
          rect->y < other.y + other.height && other.y < rect->y + rect->height)
        return FALSE;
    }

  return TRUE;
}

/* The first free place, by rows; the label's corner when there is none. */
void
bw_design_editor_add_field (BwDesignEditor *self,
                            BwLabelField   *field)
{
  BwRect area = bw_label_get_area (&self->stock);
  gboolean is_code = field->kind == BW_LABEL_FIELD_QR;
  BwRect rect = { area.x, area.y, MIN (is_code ? NEW_SIDE_MM : NEW_WIDTH_MM, area.width),
                  MIN (is_code ? NEW_SIDE_MM : NEW_HEIGHT_MM, area.height) };
  BwRect place = rect;
  gboolean found = FALSE;

  for (; !found && place.y + place.height <= area.y + area.height + 1e-6; place.y += PAGE_MM)
    {
      for (place.x = area.x; !found && place.x + place.width <= area.x + area.width + 1e-6; place.x += PAGE_MM)
        {
          found = is_free (self, &place);
          if (found)
            rect = place;
        }
    }

  bw_label_design_set_rect (self->design, field, &self->stock, &rect);
  g_ptr_array_add (self->design->fields, field);
  self->picked = (int) self->design->fields->len - 1;
  bw_design_editor_changed (self, NULL);
}
