/* bw-import-cell.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-import-cell.h"

#include <glib/gi18n.h>

#include "bw-compat.h"

/**
 * BwImportCell:
 *
 * An entry without a frame that tells its row what is typed, or a label that
 * says what is wrong with the row, while it is being typed.
 */

struct _BwImportCell
{
  GtkWidget       parent_instance;

  BwImportColumn  column;
  BwImportRow    *row;         /* (owned) (nullable) */
  gulong          problem_id;
  gboolean        is_filling;  /* the text comes from the row */
  GtkWidget      *child;       /* a GtkEntry, or a GtkLabel */
};

G_DEFINE_FINAL_TYPE (BwImportCell, bw_import_cell, GTK_TYPE_WIDGET)

const char *
bw_import_column_to_title (BwImportColumn column)
{
  static const char *const titles[] = {
    [BW_IMPORT_ID] = N_("Device ID"),
    [BW_IMPORT_KEY] = N_("Device Key"),
    [BW_IMPORT_TYPE] = N_("Type"),
    [BW_IMPORT_ABBREVIATION] = N_("Abbreviation"),
    [BW_IMPORT_LICENSE] = N_("License"),
    [BW_IMPORT_MACHINE_ID] = N_("Machine ID"),
    [BW_IMPORT_N_COLUMNS] = N_("Problem"),
  };

  g_return_val_if_fail ((gsize) column < G_N_ELEMENTS (titles), "");

  return _(titles[column]);
}

const char *
bw_import_problem_to_text (BwImportProblem problem)
{
  static const char *const texts[] = {
    [BW_IMPORT_GOOD] = "",
    [BW_IMPORT_UNREADABLE] = N_("Cannot be read"),
    [BW_IMPORT_NO_ID] = N_("No Device ID"),
    [BW_IMPORT_BAD_ID] = N_("No Device ID: xxxx-xxxx-xxxx-xxxx"),
    [BW_IMPORT_DUPLICATE] = N_("Stands in a row before"),
    [BW_IMPORT_EXISTS] = N_("Exists already"),
    [BW_IMPORT_BAD_KEY] = N_("The key holds a character that no key has"),
    [BW_IMPORT_WEAK_KEY] = N_("The key is too weak: 128 random bits are needed"),
    [BW_IMPORT_BAD_TYPE] = N_("Not testing, development or release"),
    [BW_IMPORT_TOO_LONG] = N_("Too long"),
    [BW_IMPORT_BAD_TEXT] = N_("Holds characters that cannot be seen"),
  };

  g_return_val_if_fail ((gsize) problem < G_N_ELEMENTS (texts), "");

  return problem == BW_IMPORT_GOOD ? "" : _(texts[problem]);
}

/* A cell of the row that is wrong is coloured, and says so to a screen reader. */
static void
show_problem (BwImportCell *self)
{
  BwImportColumn column = BW_IMPORT_ID;
  BwImportProblem problem = bw_import_row_get_problem (self->row, &column);
  const char *text = bw_import_problem_to_text (problem);
  gboolean is_mine = problem != BW_IMPORT_GOOD && column == self->column;

  if (self->column == BW_IMPORT_N_COLUMNS)
    {
      gtk_label_set_label (GTK_LABEL (self->child), text);
      gtk_widget_set_tooltip_text (self->child, *text != '\0' ? text : NULL);
      return;
    }

  if (is_mine)
    gtk_widget_add_css_class (self->child, "error");
  else
    gtk_widget_remove_css_class (self->child, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->child), GTK_ACCESSIBLE_STATE_INVALID,
                               is_mine ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->child), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  is_mine ? text : "", -1);
}

static void
changed_cb (BwImportCell *self)
{
  if (!self->is_filling && self->row != NULL)
    bw_import_row_set_text (self->row, self->column, gtk_editable_get_text (GTK_EDITABLE (self->child)));
}

static void
bw_import_cell_dispose (GObject *object)
{
  BwImportCell *self = (BwImportCell *) object;

  bw_import_cell_set_row (self, NULL);
  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (bw_import_cell_parent_class)->dispose (object);
}

static void
bw_import_cell_class_init (BwImportCellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_import_cell_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bw_import_cell_init (BwImportCell *self)
{
}

GtkWidget *
bw_import_cell_new (BwImportColumn column)
{
  BwImportCell *self = g_object_new (BW_TYPE_IMPORT_CELL, NULL);

  self->column = column;
  if (column == BW_IMPORT_N_COLUMNS)
    {
      self->child = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (self->child), 0);
      gtk_label_set_ellipsize (GTK_LABEL (self->child), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (self->child), 16);
      gtk_label_set_max_width_chars (GTK_LABEL (self->child), 50);
      gtk_widget_add_css_class (self->child, "error");
    }
  else
    {
      self->child = gtk_entry_new ();
      gtk_entry_set_has_frame (GTK_ENTRY (self->child), FALSE);
      gtk_editable_set_width_chars (GTK_EDITABLE (self->child), column == BW_IMPORT_ID ? 19 : 8);
      gtk_editable_set_max_width_chars (GTK_EDITABLE (self->child), column == BW_IMPORT_ID ? 19 : 12);
      gtk_widget_add_css_class (self->child, "import-entry");
      g_signal_connect_swapped (self->child, "changed", G_CALLBACK (changed_cb), self);
    }
  gtk_widget_set_parent (self->child, GTK_WIDGET (self));

  return GTK_WIDGET (self);
}

void
bw_import_cell_set_row (BwImportCell *self,
                        BwImportRow  *row)
{
  g_autofree char *label = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (BW_IS_IMPORT_CELL (self));

  if (self->row != NULL)
    g_clear_signal_handler (&self->problem_id, self->row);
  g_clear_object (&self->row);
  if (row == NULL)
    return;

  self->row = g_object_ref (row);
  self->problem_id = g_signal_connect_swapped (row, "notify::problem", G_CALLBACK (show_problem), self);
  if (self->column < BW_IMPORT_N_COLUMNS)
    {
      /* Translators: the name of a column, and the number of a row of the file */
      label = g_strdup_printf (_("%s, row %u"), bw_import_column_to_title (self->column), bw_import_row_get_line (row));
      bw_accessible_set_label (self->child, label);

      text = bw_import_row_get_text (row, self->column);
      self->is_filling = TRUE;
      gtk_editable_set_text (GTK_EDITABLE (self->child), text);
      self->is_filling = FALSE;
    }
  show_problem (self);
}
