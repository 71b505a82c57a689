/* bw-stock-editor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-stock-editor.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-field.h"
#include "bw-label.h"
#include "bw-stock-own.h"
#include "bw-stock-picture.h"
#include "bw-stock-text.h"

/**
 * BwStockEditor:
 *
 * A stock by its measures, in millimetres or with another unit behind the number, drawn while they are
 * typed. What is wrong stands below the field that has to change, and nothing is saved until it is right.
 */

typedef enum
{
  FIELD_NAME,
  FIELD_BRAND,
  FIELD_PAGE_WIDTH,
  FIELD_PAGE_HEIGHT,
  FIELD_COLUMNS,
  FIELD_ROWS,
  FIELD_WIDTH,
  FIELD_HEIGHT,
  FIELD_LEFT,
  FIELD_TOP,
  FIELD_PITCH_X,
  FIELD_PITCH_Y,
  FIELD_DPI,
  N_FIELDS
} FieldId;

typedef enum
{
  IS_TEXT,
  IS_COUNT,
  IS_LENGTH,
} FieldKind;

typedef struct
{
  GtkWidget *row;         /* AdwEntryRow */
  GtkWidget *error_row;
  GtkLabel  *error;
} Field;

struct _BwStockEditor
{
  AdwWindow            parent_instance;

  const BwStock       *replaces;       /* (nullable) */
  gboolean             is_loading;
  gboolean             is_name_touched;
  Field                fields[N_FIELDS];

  AdwWindowTitle      *window_title;
  AdwToastOverlay     *toasts;
  BwStockPicture      *picture;
  GtkLabel            *summary;
  AdwPreferencesGroup *name_group;
  AdwPreferencesGroup *paper_group;
  AdwPreferencesGroup *label_group;
  AdwPreferencesGroup *place_group;
  AdwPreferencesGroup *printer_group;
  AdwComboRow         *paper_row;
  AdwComboRow         *shape_row;
  AdwActionRow        *turned_row;
  GtkSwitch           *turned_switch;
};

G_DEFINE_FINAL_TYPE (BwStockEditor, bw_stock_editor, ADW_TYPE_WINDOW)

enum {
  SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const struct
{
  const char *title;
  FieldKind   kind;
  gsize       offset;     /* of the member of BwStock */
} descriptions[N_FIELDS] = {
  [FIELD_NAME] = { N_("Name"), IS_TEXT, 0 },
  [FIELD_BRAND] = { N_("Maker"), IS_TEXT, 0 },
  [FIELD_PAGE_WIDTH] = { N_("Width of the Paper"), IS_LENGTH, G_STRUCT_OFFSET (BwStock, page_width) },
  [FIELD_PAGE_HEIGHT] = { N_("Height of the Paper"), IS_LENGTH, G_STRUCT_OFFSET (BwStock, page_height) },
  [FIELD_COLUMNS] = { N_("Columns"), IS_COUNT, G_STRUCT_OFFSET (BwStock, n_columns) },
  [FIELD_ROWS] = { N_("Rows"), IS_COUNT, G_STRUCT_OFFSET (BwStock, n_rows) },
  [FIELD_WIDTH] = { N_("Width of a Label"), IS_LENGTH, G_STRUCT_OFFSET (BwStock, width) },
  [FIELD_HEIGHT] = { N_("Height of a Label"), IS_LENGTH, G_STRUCT_OFFSET (BwStock, height) },
  [FIELD_LEFT] = { N_("From the Left Edge of the Paper"), IS_LENGTH, G_STRUCT_OFFSET (BwStock, left) },
  [FIELD_TOP] = { N_("From the Upper Edge of the Paper"), IS_LENGTH, G_STRUCT_OFFSET (BwStock, top) },
  [FIELD_PITCH_X] = { N_("From Column to Column"), IS_LENGTH, G_STRUCT_OFFSET (BwStock, pitch_x) },
  [FIELD_PITCH_Y] = { N_("From Row to Row"), IS_LENGTH, G_STRUCT_OFFSET (BwStock, pitch_y) },
  [FIELD_DPI] = { N_("Dots per Inch"), IS_COUNT, G_STRUCT_OFFSET (BwStock, dpi) },
};

/* What the combo row offers, in its order. */
static const char * const papers[] = { "A4", "Letter", "A5", "A6", "A3", "Legal", "roll", "custom" };

static const char *
get_paper (BwStockEditor *self)
{
  return papers[MIN (adw_combo_row_get_selected (self->paper_row), G_N_ELEMENTS (papers) - 1)];
}

static gboolean
is_round (BwStockEditor *self)
{
  return adw_combo_row_get_selected (self->shape_row) == 1;
}

static void
update_visible (BwStockEditor *self)
{
  gboolean is_roll = strcmp (get_paper (self), "roll") == 0;
  gboolean is_custom = strcmp (get_paper (self), "custom") == 0;

  gtk_widget_set_visible (self->fields[FIELD_PAGE_WIDTH].row, is_custom);
  gtk_widget_set_visible (self->fields[FIELD_PAGE_HEIGHT].row, is_custom);
  gtk_widget_set_visible (self->fields[FIELD_HEIGHT].row, !is_round (self));
  gtk_widget_set_visible (GTK_WIDGET (self->place_group), !is_roll);
  gtk_widget_set_visible (GTK_WIDGET (self->turned_row), !is_round (self));
}

static void
show_error (BwStockEditor *self,
            FieldId        id,
            const char    *text)
{
  Field *field = &self->fields[id];

  bw_field_show_error (field->row, field->error, text);
  gtk_widget_set_visible (field->error_row, text != NULL);
}

/* FALSE: what stands there is no number; the field says so. */
static gboolean
read_field (BwStockEditor *self,
            FieldId        id,
            BwStock       *draft)
{
  g_autofree char *text = bw_field_get_text (GTK_EDITABLE (self->fields[id].row));
  guint64 count;
  double mm;

  if (descriptions[id].kind == IS_LENGTH)
    {
      mm = bw_stock_parse_length (text);
      G_STRUCT_MEMBER (double, draft, descriptions[id].offset) = mm;
      if (isnan (mm))
        show_error (self, id, _("A length is needed, such as 63.5, 6.35 cm or 2.5 in."));

      return !isnan (mm);
    }

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &count, NULL))
    {
      show_error (self, id, _("A whole number is needed."));
      return FALSE;
    }

  G_STRUCT_MEMBER (guint, draft, descriptions[id].offset) = (guint) count;

  return TRUE;
}

/* All that is typed. The texts are owned by the caller; FALSE: something is no number. */
static gboolean
read_draft (BwStockEditor  *self,
            BwStock        *draft,
            char          **ret_name,
            char          **ret_brand)
{
  gboolean ok = TRUE;

  *ret_name = bw_field_get_text (GTK_EDITABLE (self->fields[FIELD_NAME].row));
  *ret_brand = bw_field_get_text (GTK_EDITABLE (self->fields[FIELD_BRAND].row));
  *draft = (BwStock) {
    .name = *ret_name, .brand = *ret_brand, .paper = get_paper (self), .catalogue = BW_STOCK_OWN, .is_verified = TRUE,
    .shape = is_round (self) ? BW_STOCK_ROUND : BW_STOCK_RECTANGLE, .n_columns = 1, .n_rows = 1,
    .is_turned = !is_round (self) && gtk_switch_get_active (self->turned_switch), .margin_x = NAN, .margin_y = NAN,
  };

  for (FieldId id = FIELD_PAGE_WIDTH; id < N_FIELDS; id++)
    {
      GtkWidget *row = self->fields[id].row;
      gboolean is_of_place = gtk_widget_is_ancestor (row, GTK_WIDGET (self->place_group));

      if (gtk_widget_get_visible (row) && (!is_of_place || gtk_widget_get_visible (GTK_WIDGET (self->place_group))))
        ok = read_field (self, id, draft) && ok;
    }

  if (is_round (self))
    draft->height = draft->width;

  if (!gtk_widget_get_visible (GTK_WIDGET (self->place_group)))
    {
      draft->pitch_x = draft->width;
      draft->pitch_y = draft->height;
    }

  bw_stock_complete (draft);

  return ok;
}

static FieldId
get_field (const BwStock *draft,
           BwStockFault   fault)
{
  switch (fault)
    {
    case BW_STOCK_FAULT_PAPER:
      if (strcmp (draft->paper, "roll") == 0)
        return FIELD_WIDTH;
      return FIELD_PAGE_HEIGHT;

    case BW_STOCK_FAULT_COLUMNS:
      return FIELD_COLUMNS;

    case BW_STOCK_FAULT_ROWS:
    case BW_STOCK_FAULT_COUNT:
      return FIELD_ROWS;

    case BW_STOCK_FAULT_WIDTH:
    case BW_STOCK_FAULT_MARGIN:
      return FIELD_WIDTH;

    case BW_STOCK_FAULT_HEIGHT:
    case BW_STOCK_FAULT_ROUND:
      return FIELD_HEIGHT;

    case BW_STOCK_FAULT_LEFT:
      return FIELD_LEFT;

    case BW_STOCK_FAULT_TOP:
      return FIELD_TOP;

    case BW_STOCK_FAULT_PITCH_X:
    case BW_STOCK_FAULT_OVERLAP:
      return FIELD_PITCH_X;

    case BW_STOCK_FAULT_PITCH_Y:
      return FIELD_PITCH_Y;

    case BW_STOCK_FAULT_RIGHT_EDGE:
      return draft->n_columns > 1 ? FIELD_PITCH_X : FIELD_LEFT;

    case BW_STOCK_FAULT_BOTTOM_EDGE:
      return draft->n_rows > 1 ? FIELD_PITCH_Y : FIELD_TOP;

    case BW_STOCK_FAULT_DPI:
      return FIELD_DPI;

    case BW_STOCK_FAULT_NONE:
    case BW_STOCK_FAULT_NAME:
    default:
      return FIELD_NAME;
    }
}

static gboolean
is_name_taken (BwStockEditor *self,
               const char    *name)
{
  const BwStock *other = bw_stock_find (name, NULL);

  return other != NULL && other != self->replaces &&
         (other->catalogue == BW_STOCK_CURATED || other->catalogue == BW_STOCK_OWN);
}

static void
update_summary (BwStockEditor *self,
                const BwStock *draft,
                gboolean       is_right)
{
  g_autofree char *text = NULL;
  BwLabelLayout layout;
  gboolean has_room = TRUE;

  if (is_right)
    {
      text = bw_stock_to_user_text (draft);
      has_room = bw_label_layout (draft, 0, &layout, NULL);
    }

  gtk_label_set_label (self->summary, !has_room ? _("There is no room for a code that can be read.") : text != NULL ? text : "");
  if (has_room)
    gtk_widget_remove_css_class (GTK_WIDGET (self->summary), "warning");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->summary), "warning");
}

static void
validate (BwStockEditor *self)
{
  g_autofree char *name = NULL;
  g_autofree char *brand = NULL;
  g_autofree char *text = NULL;
  BwStock draft, nameless;
  BwStockFault fault = BW_STOCK_FAULT_NONE;
  gboolean ok, is_named;

  if (self->is_loading || self->fields[FIELD_DPI].row == NULL)
    return;

  update_visible (self);
  for (FieldId id = 0; id < N_FIELDS; id++)
    show_error (self, id, NULL);

  ok = read_draft (self, &draft, &name, &brand);

  /* The measures by themselves: a name that is not there yet hides nothing of them. */
  nameless = draft;
  nameless.name = "x";
  nameless.brand = "";
  ok = ok && bw_stock_check (&nameless, &fault, NULL);
  if (fault != BW_STOCK_FAULT_NONE)
    {
      text = bw_stock_fault_to_text (fault);
      show_error (self, get_field (&draft, fault), text);
    }

  bw_stock_picture_set_stock (self->picture, &draft);
  update_summary (self, &draft, ok);

  is_named = !ok || bw_stock_check (&draft, &fault, NULL);
  g_clear_pointer (&text, g_free);
  if (!is_named)
    text = bw_stock_fault_to_text (fault);
  else if (*name != '\0' && is_name_taken (self, name))
    text = g_strdup (_("There is a stock of this name already."));

  show_error (self, FIELD_NAME, self->is_name_touched ? text : NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stock.save", ok && text == NULL);
}

static void
field_changed_cb (BwStockEditor *self,
                  GtkWidget     *row)
{
  if (row == self->fields[FIELD_NAME].row && !self->is_loading)
    self->is_name_touched = TRUE;

  validate (self);
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwStockEditor *self = BW_STOCK_EDITOR (widget);
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *brand = NULL;
  g_autofree char *text = NULL;
  const BwStock *stock;
  BwStock draft;

  if (!read_draft (self, &draft, &name, &brand))
    return;

  stock = bw_stock_own_save (&draft, self->replaces != NULL ? self->replaces->name : NULL, &error);
  if (stock != NULL)
    {
      g_signal_emit (self, signals[SAVED], 0, stock);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  if (g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT))
    {
      show_error (self, FIELD_NAME, _("There is a stock of this name already."));
      return;
    }

  text = bw_error_to_file_text (error);
  bw_toast_show (self->toasts, text);
}

static void
add_field (BwStockEditor       *self,
           FieldId              id,
           AdwPreferencesGroup *group)
{
  Field *field = &self->fields[id];
  const char *title = _(descriptions[id].title);

  field->row = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (field->row), title);
  adw_preferences_group_add (group, field->row);
  g_signal_connect_object (field->row, "changed", G_CALLBACK (field_changed_cb), self, G_CONNECT_SWAPPED);

  field->error = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (field->error, 0);
  gtk_label_set_wrap (field->error, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (field->error), "error");
  gtk_widget_add_css_class (GTK_WIDGET (field->error), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (field->error), "difference-row");

  field->error_row = adw_preferences_row_new ();
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (field->error_row), FALSE);
  gtk_widget_set_focusable (field->error_row, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (field->error_row), GTK_WIDGET (field->error));
  gtk_widget_set_visible (field->error_row, FALSE);
  adw_preferences_group_add (group, field->error_row);
}

static void
add_fields (BwStockEditor *self)
{
  for (FieldId id = 0; id < N_FIELDS; id++)
    {
      AdwPreferencesGroup *group = self->place_group;

      if (id <= FIELD_BRAND)
        group = self->name_group;
      else if (id <= FIELD_PAGE_HEIGHT)
        group = self->paper_group;
      else if (id == FIELD_WIDTH || id == FIELD_HEIGHT)
        group = self->label_group;
      else if (id == FIELD_DPI)
        group = self->printer_group;

      add_field (self, id, group);
    }
}

static void
set_text (BwStockEditor *self,
          FieldId        id,
          const char    *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->fields[id].row), text != NULL ? text : "");
}

static void
load (BwStockEditor *self,
      const BwStock *stock)
{
  self->is_loading = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (papers); i++)
    {
      if (strcmp (papers[i], stock->paper) == 0)
        adw_combo_row_set_selected (self->paper_row, i);
    }

  adw_combo_row_set_selected (self->shape_row, stock->shape == BW_STOCK_ROUND ? 1 : 0);
  gtk_switch_set_active (self->turned_switch, stock->is_turned);
  for (FieldId id = FIELD_PAGE_WIDTH; id < N_FIELDS; id++)
    {
      g_autofree char *text = NULL;

      /* With the comma of whoever has one; it is read either way. */
      if (descriptions[id].kind == IS_LENGTH)
        text = g_strdup_printf ("%.7g", round (G_STRUCT_MEMBER (double, stock, descriptions[id].offset) * 1e3) / 1e3);
      else
        text = g_strdup_printf ("%u", G_STRUCT_MEMBER (guint, stock, descriptions[id].offset));

      set_text (self, id, text);
    }

  if (self->replaces != NULL)
    {
      set_text (self, FIELD_NAME, stock->name);
      set_text (self, FIELD_BRAND, stock->brand);
    }

  self->is_loading = FALSE;
  self->is_name_touched = self->replaces != NULL;
  validate (self);
}

static void
bw_stock_editor_dispose (GObject *object)
{
  BwStockEditor *self = (BwStockEditor *) object;

  /* Rows that are taken apart still tell of changes. */
  self->is_loading = TRUE;
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_STOCK_EDITOR);

  G_OBJECT_CLASS (bw_stock_editor_parent_class)->dispose (object);
}

static void
bw_stock_editor_class_init (BwStockEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_stock_editor_dispose;

  signals[SAVED] =
    g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_POINTER);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/print/bw-stock-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, BwStockEditor, window_title);
  gtk_widget_class_bind_template_child (widget_class, BwStockEditor, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwStockEditor, picture);
  gtk_widget_class_bind_template_child (widget_class, BwStockEditor, summary);
  gtk_widget_class_bind_template_child (widget_class, BwStockEditor, name_group);
  gtk_widget_class_bind_template_child (widget_class, BwStockEditor, paper_group);
  gtk_widget_class_bind_template_child (widget_class, BwStockEditor, label_group);
  gtk_widget_class_bind_template_child (widget_class, BwStockEditor, place_group);
  gtk_widget_class_bind_template_child (widget_class, BwStockEditor, printer_group);
  gtk_widget_class_bind_template_child (widget_class, BwStockEditor, paper_row);
  gtk_widget_class_bind_template_child (widget_class, BwStockEditor, shape_row);
  gtk_widget_class_bind_template_child (widget_class, BwStockEditor, turned_row);
  gtk_widget_class_bind_template_child (widget_class, BwStockEditor, turned_switch);
  gtk_widget_class_bind_template_callback (widget_class, validate);

  gtk_widget_class_install_action (widget_class, "stock.save", NULL, save_action);

  g_type_ensure (BW_TYPE_STOCK_PICTURE);
}

static void
bw_stock_editor_init (BwStockEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->picture), _("Picture of the sheet"));
  add_fields (self);
}

GtkWidget *
bw_stock_editor_new (const BwStock *base,
                     gboolean       replaces)
{
  BwStockEditor *self = g_object_new (BW_TYPE_STOCK_EDITOR, NULL);

  /* Labels that stand in no grid have no measures to begin with. */
  if (base == NULL || base->cells != NULL)
    base = bw_stock_get_all (NULL)[0];
  else if (replaces)
    self->replaces = base;

  adw_window_title_set_title (self->window_title, self->replaces != NULL ? _("Edit Stock") : _("New Stock"));
  load (self, base);
  gtk_widget_grab_focus (self->fields[FIELD_NAME].row);

  return GTK_WIDGET (self);
}
