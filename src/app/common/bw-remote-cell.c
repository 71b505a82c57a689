/* bw-remote-cell.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-remote-cell.h"

#include "bw-mark.h"

#define SPACING_PX 8

/* A chip is text on a tint of its own colour: legible on any ground. */
#define CHIP_GAP_PX     4
#define CHIP_PADDING_PX 8
#define CHIP_ALPHA      0.1f
#define MORE_SIZE       16

/**
 * BwRemoteCell:
 *
 * A cell of a long table. The text is a GtkInscription, whose size does not
 * depend on what it says: a row that scrolls in costs no new layout of the table.
 */

struct _BwRemoteCell
{
  GtkWidget             parent_instance;

  const BwRemoteColumn *column;
  GtkListItem          *list_item;     /* (nullable): a weak pointer */
  BwEntity             *item;          /* (owned) (nullable) */
  gulong                changed_id;
  gulong                came_id;
  const char           *style_class;   /* static */
  gpointer              context;       /* (nullable) unowned */
  char                **chips;         /* (owned) (nullable) */

  GtkInscription       *text;
};

G_DEFINE_FINAL_TYPE (BwRemoteCell, bw_remote_cell, GTK_TYPE_WIDGET)

static void
set_style_class (BwRemoteCell *self,
                 const char   *style_class)
{
  GtkWidget *target = GTK_WIDGET (self);

  if (self->style_class == style_class)
    return;

  if (self->style_class != NULL)
    gtk_widget_remove_css_class (target, self->style_class);
  if (style_class != NULL)
    gtk_widget_add_css_class (target, style_class);

  self->style_class = style_class;
}

/* A row that is still being fetched says nothing. */
static gboolean
has_come (BwRemoteCell *self)
{
  return self->item != NULL && bw_entity_get_id (self->item) != NULL;
}

static gboolean
has_chips (BwRemoteCell *self)
{
  return self->column->chips != NULL || self->column->look_up_chips != NULL;
}

static gboolean
has_mark (BwRemoteCell *self)
{
  return self->column->color != NULL || self->column->icon != NULL;
}

/* What never changes may have no revision: then nothing else tells that the row has come. */
static void
item_came_cb (BwEntity     *item,
              GParamSpec   *pspec,
              BwRemoteCell *self)
{
  if (bw_entity_get_revision (item) == 0)
    bw_remote_cell_update (self);
}

static void
let_go (BwRemoteCell *self)
{
  if (self->item == NULL)
    return;

  g_clear_signal_handler (&self->changed_id, self->item);
  g_clear_signal_handler (&self->came_id, self->item);
  g_clear_object (&self->item);
}

static void
item_changed_cb (BwEntity     *item,
                 GParamSpec   *pspec,
                 BwRemoteCell *self)
{
  bw_remote_cell_update (self);
}

/* (transfer full) (nullable) */
static GdkTexture *
get_mark (BwRemoteCell *self)
{
  const char *icon = has_come (self) && self->column->icon != NULL ? self->column->icon (self->item) : NULL;

  if (icon != NULL)
    return bw_mark_new_icon (GTK_WIDGET (self), icon);

  if (has_come (self) && self->column->color != NULL)
    return bw_mark_new_dot (GTK_WIDGET (self), self->column->color (self->item));

  return NULL;
}

static int
get_mark_width (BwRemoteCell *self)
{
  return has_mark (self) ? BW_MARK_SIZE_PX + SPACING_PX : 0;
}

static void
bw_remote_cell_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  BwRemoteCell *self = BW_REMOTE_CELL (widget);

  gtk_widget_measure (GTK_WIDGET (self->text), orientation, -1,
                      minimum, natural, minimum_baseline, natural_baseline);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum += get_mark_width (self);
      *natural += get_mark_width (self);
    }
}

static void
bw_remote_cell_size_allocate (GtkWidget *widget,
                              int        width,
                              int        height,
                              int        baseline)
{
  BwRemoteCell *self = BW_REMOTE_CELL (widget);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int mark_width = get_mark_width (self);

  gtk_widget_size_allocate (GTK_WIDGET (self->text),
                            &(GtkAllocation) { is_rtl ? 0 : mark_width, 0, MAX (width - mark_width, 0), height },
                            baseline);
}

/* At @x, at most @max_width wide. Returns: how wide it is */
static int
draw_chip (BwRemoteCell *self,
           GtkSnapshot  *snapshot,
           const char   *text,
           int           x,
           int           max_width)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  int height = gtk_widget_get_height (widget);
  GskRoundedRect frame;
  GdkRGBA color, tint;
  int text_width, text_height, width;

  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_width (layout, MAX (max_width - 2 * CHIP_PADDING_PX, 0) * PANGO_SCALE);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  width = text_width + 2 * CHIP_PADDING_PX;
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (widget) - x - width;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  tint = color;
  tint.alpha *= CHIP_ALPHA;
  gsk_rounded_rect_init_from_rect (&frame, &GRAPHENE_RECT_INIT ((float) x, 0, (float) width, (float) height),
                                   (float) height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &frame);
  gtk_snapshot_append_color (snapshot, &tint, &frame.bounds);
  gtk_snapshot_pop (snapshot);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (x + CHIP_PADDING_PX), (float) (height - text_height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);

  return width;
}

static int
measure_text (BwRemoteCell *self,
              const char   *text)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);

  return width + 2 * CHIP_PADDING_PX;
}

/* As many as there is room for, the first one in any case, and the number of the others. */
static void
draw_chips (BwRemoteCell *self,
            GtkSnapshot  *snapshot)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  guint n = g_strv_length (self->chips);
  char more[MORE_SIZE];
  int x = 0;

  for (guint i = 0; i < n; i++)
    {
      guint n_after = n - i - 1;
      int room = width - x;

      g_snprintf (more, sizeof more, "+%u", n_after);
      if (n_after > 0)
        room -= measure_text (self, more) + CHIP_GAP_PX;

      if (i > 0 && measure_text (self, self->chips[i]) > room)
        {
          g_snprintf (more, sizeof more, "+%u", n - i);
          draw_chip (self, snapshot, more, x, width - x);
          return;
        }

      x += draw_chip (self, snapshot, self->chips[i], x, room) + CHIP_GAP_PX;
    }
}

static void
bw_remote_cell_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  BwRemoteCell *self = BW_REMOTE_CELL (widget);
  g_autoptr(GdkTexture) mark = get_mark (self);

  if (mark != NULL)
    {
      gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
      float x = (float) (is_rtl ? gtk_widget_get_width (widget) - BW_MARK_SIZE_PX : 0);
      float y = (float) ((gtk_widget_get_height (widget) - BW_MARK_SIZE_PX) / 2);

      gtk_snapshot_append_texture (snapshot, mark, &GRAPHENE_RECT_INIT (x, y, BW_MARK_SIZE_PX, BW_MARK_SIZE_PX));
    }

  if (!has_chips (self))
    gtk_widget_snapshot_child (widget, GTK_WIDGET (self->text), snapshot);
  else if (self->chips != NULL)
    draw_chips (self, snapshot);
}

static void
bw_remote_cell_dispose (GObject *object)
{
  BwRemoteCell *self = (BwRemoteCell *) object;

  let_go (self);
  g_clear_pointer (&self->chips, g_strfreev);
  g_clear_weak_pointer (&self->list_item);

  if (self->text != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->text));
  self->text = NULL;

  G_OBJECT_CLASS (bw_remote_cell_parent_class)->dispose (object);
}

static void
bw_remote_cell_class_init (BwRemoteCellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_remote_cell_dispose;
  widget_class->measure = bw_remote_cell_measure;
  widget_class->size_allocate = bw_remote_cell_size_allocate;
  widget_class->snapshot = bw_remote_cell_snapshot;

  gtk_widget_class_set_css_name (widget_class, "remotecell");
}

static void
bw_remote_cell_init (BwRemoteCell *self)
{
}

GtkWidget *
bw_remote_cell_new (const BwRemoteColumn *column,
                    GtkListItem          *list_item)
{
  BwRemoteCell *self;

  g_return_val_if_fail (column != NULL, NULL);
  g_return_val_if_fail (GTK_IS_LIST_ITEM (list_item), NULL);

  self = g_object_new (BW_TYPE_REMOTE_CELL, NULL);
  self->column = column;
  g_set_weak_pointer (&self->list_item, list_item);

  self->text = g_object_new (GTK_TYPE_INSCRIPTION,
                             "min-chars", column->min_chars,
                             "nat-chars", column->nat_chars,
                             "min-lines", 1,
                             "nat-lines", 1,
                             "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END,
                             NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->text), GTK_WIDGET (self));

  if (column->flags & BW_COLUMN_MONOSPACE)
    gtk_widget_add_css_class (GTK_WIDGET (self->text), "monospace");
  if (column->flags & BW_COLUMN_NUMERIC)
    gtk_widget_add_css_class (GTK_WIDGET (self->text), "numeric");

  return GTK_WIDGET (self);
}

void
bw_remote_cell_set_item (BwRemoteCell *self,
                         BwEntity     *item)
{
  g_return_if_fail (BW_IS_REMOTE_CELL (self));

  if (self->item == item)
    return;

  let_go (self);

  /* A cell that lets go of its row is about to get another one. */
  if (item == NULL)
    return;

  self->item = g_object_ref (item);
  /* The revision is notified last, when all else is in place. */
  self->changed_id = g_signal_connect (item, "notify::revision", G_CALLBACK (item_changed_cb), self);
  if (!has_come (self))
    self->came_id = g_signal_connect (item, "notify::id", G_CALLBACK (item_came_cb), self);
  bw_remote_cell_update (self);
}

void
bw_remote_cell_set_context (BwRemoteCell *self,
                            gpointer      context)
{
  g_return_if_fail (BW_IS_REMOTE_CELL (self));

  self->context = context;
}

guint
bw_remote_cell_get_position (BwRemoteCell *self)
{
  g_return_val_if_fail (BW_IS_REMOTE_CELL (self), GTK_INVALID_LIST_POSITION);

  return self->list_item != NULL ? gtk_list_item_get_position (self->list_item)
                                 : GTK_INVALID_LIST_POSITION;
}

void
bw_remote_cell_update (BwRemoteCell *self)
{
  g_autofree char *text = NULL;

  g_return_if_fail (BW_IS_REMOTE_CELL (self));

  if (self->item == NULL)
    return;

  g_clear_pointer (&self->chips, g_strfreev);
  if (has_mark (self) || has_chips (self))
    gtk_widget_queue_draw (GTK_WIDGET (self));

  if (!has_come (self))
    {
      gtk_inscription_set_text (self->text, self->column->flags & BW_COLUMN_FIXED ? "…" : "");
      set_style_class (self, NULL);
      return;
    }

  if (self->column->look_up_chips != NULL)
    self->chips = self->column->look_up_chips (self->item, self->context);
  else if (self->column->chips != NULL)
    self->chips = self->column->chips (self->item);

  if (self->column->look_up != NULL)
    text = self->column->look_up (self->item, self->context);
  else
    text = self->column->text (self->item);
  gtk_inscription_set_text (self->text, text != NULL ? text : "");
  set_style_class (self, self->column->style != NULL ? self->column->style (self->item) : NULL);
}
