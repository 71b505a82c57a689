/* bw-tag-chips.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-tag-chips.h"

#include <glib/gi18n.h>

#include "bw-compat.h"

#define SPACING_PX  4
#define PADDING_PX  7
#define DOT_PX      8
#define DOT_GAP_PX  5
#define MARGIN_Y_PX 2

/* A name may be 200 bytes; a chip is a mark. */
#define CHIP_MAX_PX 160
#define FILL_ALPHA  0.22
#define RIM_ALPHA   0.3

/* Pictures of chips. A company has few tags, and all rows of a table share them. */
#define MAX_KEPT 512

/**
 * BwTagChips:
 *
 * The name stands in the colour of the text around it, on a tint of the tag's
 * colour: legible on any ground, whatever colour somebody gives a tag. Each chip is
 * drawn once and copied from then on, see bw-mark.c.
 */

struct _BwTagChips
{
  GtkWidget      parent_instance;

  BwEntityList  *tags;          /* (owned) (nullable): the session's */
  char         **ids;           /* (owned) */
  GPtrArray     *shown;         /* (owned) (element-type BwTag) */
  char          *text;
  guint          fixed_chars;
};

G_DEFINE_FINAL_TYPE (BwTagChips, bw_tag_chips, GTK_TYPE_WIDGET)

static GHashTable *kept;   /* main thread; a picture depends on nothing but its key */

static PangoLayout *
layout_new (GtkWidget  *widget,
            const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);

  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, (CHIP_MAX_PX - 2 * PADDING_PX - DOT_PX - DOT_GAP_PX) * PANGO_SCALE);
  pango_layout_set_single_paragraph_mode (layout, TRUE);

  return layout;
}

static void
round_rectangle (cairo_t *cr,
                 double   width,
                 double   height)
{
  double radius = height / 2;

  cairo_new_sub_path (cr);
  cairo_arc (cr, width - radius, radius, radius, -G_PI / 2, G_PI / 2);
  cairo_arc (cr, radius, radius, radius, G_PI / 2, 3 * G_PI / 2);
  cairo_close_path (cr);
}

static void
draw_chip (cairo_t       *cr,
           PangoLayout   *layout,
           const GdkRGBA *tag_color,
           const GdkRGBA *text_color,
           int            width,
           int            height)
{
  GdkRGBA tint = *tag_color;
  GdkRGBA rim = *text_color;

  tint.alpha = (float) FILL_ALPHA;
  rim.alpha = (float) RIM_ALPHA;

  round_rectangle (cr, width, height);
  gdk_cairo_set_source_rgba (cr, &tint);
  cairo_fill (cr);

  cairo_arc (cr, PADDING_PX + DOT_PX / 2.0, height / 2.0, DOT_PX / 2.0, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, tag_color);
  cairo_fill_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &rim);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);

  cairo_move_to (cr, PADDING_PX + DOT_PX + DOT_GAP_PX, MARGIN_Y_PX);
  gdk_cairo_set_source_rgba (cr, text_color);
  pango_cairo_show_layout (cr, layout);
}

static GdkTexture *
make_chip (BwTagChips    *self,
           const char    *name,
           const char    *color,
           const GdkRGBA *text_color)
{
  g_autoptr(PangoLayout) layout = layout_new (GTK_WIDGET (self), name);
  g_autoptr(GBytes) bytes = NULL;
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  cairo_surface_t *surface;
  GdkRGBA tag_color;
  GdkTexture *texture;
  int width, height, stride;
  cairo_t *cr;

  if (color == NULL || !gdk_rgba_parse (&tag_color, color))
    tag_color = *text_color;

  pango_layout_get_pixel_size (layout, &width, &height);
  width += 2 * PADDING_PX + DOT_PX + DOT_GAP_PX;
  height += 2 * MARGIN_Y_PX;

  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, height * scale);
  cairo_surface_set_device_scale (surface, scale, scale);
  cr = cairo_create (surface);
  draw_chip (cr, layout, &tag_color, text_color, width, height);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  stride = cairo_image_surface_get_stride (surface);
  bytes = g_bytes_new (cairo_image_surface_get_data (surface), (gsize) stride * (gsize) (height * scale));
  texture = gdk_memory_texture_new (width * scale, height * scale, GDK_MEMORY_DEFAULT, bytes, (gsize) stride);
  cairo_surface_destroy (surface);

  return texture;
}

/* (transfer full) */
static GdkTexture *
get_chip (BwTagChips *self,
          BwTag      *tag)
{
  GtkWidget *widget = GTK_WIDGET (self);
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const char *name = bw_tag_get_name (tag);
  const char *color = bw_record_get_text (BW_RECORD (tag), "color");
  g_autofree char *font = pango_font_description_to_string (pango_context_get_font_description (context));
  g_autofree char *text_color = NULL;
  g_autofree char *key = NULL;
  GdkTexture *chip;
  GdkRGBA rgba;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &rgba);
  text_color = gdk_rgba_to_string (&rgba);
  key = g_strdup_printf ("%s\n%s\n%s\n%s\n%d", name, color, font, text_color, gtk_widget_get_scale_factor (widget));

  if (kept == NULL)
    kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  chip = g_hash_table_lookup (kept, key);
  if (chip == NULL)
    {
      if (g_hash_table_size (kept) >= MAX_KEPT)
        g_hash_table_remove_all (kept);

      chip = make_chip (self, name != NULL ? name : "", color, &rgba);
      g_hash_table_insert (kept, g_steal_pointer (&key), chip);
    }

  return g_object_ref (chip);
}

static int
get_chip_width (BwTagChips *self,
                guint       n)
{
  g_autoptr(GdkTexture) chip = get_chip (self, g_ptr_array_index (self->shown, n));

  return gdk_texture_get_width (chip) / gtk_widget_get_scale_factor (GTK_WIDGET (self));
}

static void
update (BwTagChips *self)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_ptr_array_set_size (self->shown, 0);
  for (guint i = 0; self->tags != NULL && self->ids != NULL && self->ids[i] != NULL; i++)
    {
      BwTag *tag = bw_entity_list_lookup (self->tags, self->ids[i]);

      if (tag == NULL)
        continue;

      g_ptr_array_add (self->shown, g_object_ref (tag));
      if (text->len > 0)
        g_string_append (text, _(", "));
      g_string_append (text, bw_tag_get_name (tag));
    }

  g_free (self->text);
  self->text = g_string_free (g_steal_pointer (&text), FALSE);
  bw_accessible_set_label (GTK_WIDGET (self), self->text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), *self->text != '\0' ? self->text : NULL);

  if (self->fixed_chars == 0)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  else
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static int
measure_chars (BwTagChips *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int width = PANGO_PIXELS (pango_font_metrics_get_approximate_char_width (metrics) * (int) self->fixed_chars);

  pango_font_metrics_unref (metrics);

  return width;
}

static int
measure_height (BwTagChips *self)
{
  g_autoptr(PangoLayout) layout = layout_new (GTK_WIDGET (self), "Xg");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);

  return height + 2 * MARGIN_Y_PX;
}

static void
bw_tag_chips_measure (GtkWidget      *widget,
                      GtkOrientation  orientation,
                      int             for_size,
                      int            *minimum,
                      int            *natural,
                      int            *minimum_baseline,
                      int            *natural_baseline)
{
  BwTagChips *self = BW_TAG_CHIPS (widget);

  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural = measure_height (self);
      return;
    }

  if (self->fixed_chars > 0)
    {
      *minimum = *natural = measure_chars (self);
      return;
    }

  *natural = 0;
  for (guint i = 0; i < self->shown->len; i++)
    *natural += get_chip_width (self, i) + (i > 0 ? SPACING_PX : 0);

  *minimum = MIN (*natural, CHIP_MAX_PX);
}

static void
append_at (GtkWidget   *widget,
           GtkSnapshot *snapshot,
           GdkTexture  *texture,
           int          start)
{
  int scale = gtk_widget_get_scale_factor (widget);
  int width = gdk_texture_get_width (texture) / scale;
  int height = gdk_texture_get_height (texture) / scale;
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float x = (float) (is_rtl ? gtk_widget_get_width (widget) - start - width : start);
  float y = (float) ((gtk_widget_get_height (widget) - height) / 2);

  gtk_snapshot_append_texture (snapshot, texture, &GRAPHENE_RECT_INIT (x, y, (float) width, (float) height));
}

static void
append_rest (BwTagChips  *self,
             GtkSnapshot *snapshot,
             guint        n_rest,
             int          start)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autofree char *text = g_strdup_printf ("+%u", n_rest);
  g_autoptr(PangoLayout) layout = layout_new (widget, text);
  int width, height;
  GdkRGBA rgba;

  pango_layout_get_pixel_size (layout, &width, &height);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    start = gtk_widget_get_width (widget) - start - width;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &rgba);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) start,
                                                          (float) ((gtk_widget_get_height (widget) - height) / 2)));
  gtk_snapshot_append_layout (snapshot, layout, &rgba);
  gtk_snapshot_restore (snapshot);
}

static void
bw_tag_chips_snapshot (GtkWidget   *widget,
                       GtkSnapshot *snapshot)
{
  BwTagChips *self = BW_TAG_CHIPS (widget);
  int width = gtk_widget_get_width (widget);
  int rest_px = measure_height (self);      /* for "+2" */
  int start = 0;

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) gtk_widget_get_height (widget)));
  for (guint i = 0; i < self->shown->len; i++)
    {
      g_autoptr(GdkTexture) chip = get_chip (self, g_ptr_array_index (self->shown, i));
      int end = start + get_chip_width (self, i);
      gboolean is_last = i + 1 == self->shown->len;

      /* The first one is shown in any case, cut off if need be. */
      if (i > 0 && end + (is_last ? 0 : rest_px) > width)
        {
          append_rest (self, snapshot, self->shown->len - i, start);
          break;
        }

      append_at (widget, snapshot, chip, start);
      start = end + SPACING_PX;
    }
  gtk_snapshot_pop (snapshot);
}

static void
bw_tag_chips_dispose (GObject *object)
{
  BwTagChips *self = (BwTagChips *) object;

  bw_tag_chips_set_session (self, NULL);

  G_OBJECT_CLASS (bw_tag_chips_parent_class)->dispose (object);
}

static void
bw_tag_chips_finalize (GObject *object)
{
  BwTagChips *self = (BwTagChips *) object;

  g_strfreev (self->ids);
  g_ptr_array_unref (self->shown);
  g_free (self->text);

  G_OBJECT_CLASS (bw_tag_chips_parent_class)->finalize (object);
}

static void
bw_tag_chips_class_init (BwTagChipsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_tag_chips_dispose;
  object_class->finalize = bw_tag_chips_finalize;
  widget_class->measure = bw_tag_chips_measure;
  widget_class->snapshot = bw_tag_chips_snapshot;

  gtk_widget_class_set_css_name (widget_class, "tagchips");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bw_tag_chips_init (BwTagChips *self)
{
  self->shown = g_ptr_array_new_with_free_func (g_object_unref);
  self->text = g_strdup ("");
  gtk_widget_add_css_class (GTK_WIDGET (self), "caption");
}

GtkWidget *
bw_tag_chips_new (BwSession *session)
{
  BwTagChips *self = g_object_new (BW_TYPE_TAG_CHIPS, NULL);

  bw_tag_chips_set_session (self, session);

  return GTK_WIDGET (self);
}

void
bw_tag_chips_set_session (BwTagChips *self,
                          BwSession  *session)
{
  BwEntityList *tags = session != NULL ? bw_session_get_tags (session) : NULL;

  g_return_if_fail (BW_IS_TAG_CHIPS (self));

  if (self->tags == tags)
    return;

  if (self->tags != NULL)
    g_signal_handlers_disconnect_by_data (self->tags, self);

  g_set_object (&self->tags, tags);
  if (tags != NULL)
    {
      g_signal_connect_object (tags, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      update (self);
    }
}

void
bw_tag_chips_set_ids (BwTagChips         *self,
                      const char * const *ids)
{
  static const char * const none[] = { NULL };

  g_return_if_fail (BW_IS_TAG_CHIPS (self));

  if (ids == NULL)
    ids = none;

  if (self->ids != NULL && g_strv_equal ((const char * const *) self->ids, ids))
    return;

  g_strfreev (self->ids);
  self->ids = g_strdupv ((char **) ids);
  update (self);
}

void
bw_tag_chips_set_fixed_chars (BwTagChips *self,
                              guint       n_chars)
{
  g_return_if_fail (BW_IS_TAG_CHIPS (self));

  self->fixed_chars = n_chars;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

const char *
bw_tag_chips_get_text (BwTagChips *self)
{
  g_return_val_if_fail (BW_IS_TAG_CHIPS (self), NULL);

  return self->text;
}
