/* bw-mark.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-mark.h"

#include <math.h>

/* Batches have few colours; whoever gives each its own only makes us draw again. */
#define MAX_KEPT 256

#define DOT_SIZE_PX 14
#define RIM_ALPHA   0.3

/* A rounded clip and its border, and a recoloured icon, cost the cairo renderer 0.05 ms each; in a
 * table of 35 rows that is a third of a frame. A picture of the same is copied in no time.
 * Main thread; what is kept depends on nothing but its key. */
static GHashTable *kept;

static GdkTexture *
texture_new (cairo_surface_t *surface)
{
  g_autoptr(GBytes) bytes = NULL;
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);

  cairo_surface_flush (surface);
  bytes = g_bytes_new (cairo_image_surface_get_data (surface), (gsize) stride * (gsize) height);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, (gsize) stride);
}

static cairo_surface_t *
surface_new (int scale)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                                         BW_MARK_SIZE_PX * scale, BW_MARK_SIZE_PX * scale);

  cairo_surface_set_device_scale (surface, scale, scale);

  return surface;
}

static GdkTexture *
find_kept (const char *key)
{
  GdkTexture *texture = kept != NULL ? g_hash_table_lookup (kept, key) : NULL;

  return texture != NULL ? g_object_ref (texture) : NULL;
}

static GdkTexture *
keep (char            *key,
      cairo_surface_t *surface)
{
  GdkTexture *texture = texture_new (surface);

  if (kept == NULL)
    kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  else if (g_hash_table_size (kept) >= MAX_KEPT)
    g_hash_table_remove_all (kept);

  g_hash_table_insert (kept, key, g_object_ref (texture));
  cairo_surface_destroy (surface);

  return texture;
}

static char *
make_key (GtkWidget  *widget,
          const char *name,
          GdkRGBA    *ret_rgba)
{
  g_autofree char *color = NULL;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), ret_rgba);
  color = gdk_rgba_to_string (ret_rgba);

  return g_strdup_printf ("%s %d %s", name, gtk_widget_get_scale_factor (widget), color);
}

GdkTexture *
bw_mark_new_dot (GtkWidget  *widget,
                 const char *color)
{
  g_autofree char *key = NULL;
  cairo_surface_t *surface;
  GdkTexture *texture;
  GdkRGBA fill, rim;
  cairo_t *cr;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  if (color == NULL || !gdk_rgba_parse (&fill, color))
    return NULL;

  key = make_key (widget, color, &rim);
  texture = find_kept (key);
  if (texture != NULL)
    return texture;

  surface = surface_new (gtk_widget_get_scale_factor (widget));
  cr = cairo_create (surface);
  cairo_arc (cr, BW_MARK_SIZE_PX / 2.0, BW_MARK_SIZE_PX / 2.0, DOT_SIZE_PX / 2.0, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, &fill);
  cairo_fill (cr);
  cairo_arc (cr, BW_MARK_SIZE_PX / 2.0, BW_MARK_SIZE_PX / 2.0, (DOT_SIZE_PX - 1) / 2.0, 0, 2 * G_PI);
  rim.alpha = RIM_ALPHA;
  gdk_cairo_set_source_rgba (cr, &rim);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  cairo_destroy (cr);

  return keep (g_steal_pointer (&key), surface);
}

GdkTexture *
bw_mark_new_icon (GtkWidget  *widget,
                  const char *icon_name)
{
  g_autofree char *key = NULL;
  g_autoptr(GtkIconPaintable) icon = NULL;
  g_autoptr(GtkSnapshot) snapshot = NULL;
  GtkIconTheme *theme;
  cairo_surface_t *surface;
  GdkTexture *texture;
  GskRenderNode *node;
  GdkRGBA color;
  cairo_t *cr;
  int scale;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);
  g_return_val_if_fail (icon_name != NULL, NULL);

  key = make_key (widget, icon_name, &color);
  texture = find_kept (key);
  if (texture != NULL)
    return texture;

  scale = gtk_widget_get_scale_factor (widget);
  theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  icon = gtk_icon_theme_lookup_icon (theme, icon_name, NULL, BW_MARK_SIZE_PX, scale,
                                     gtk_widget_get_direction (widget), 0);
  snapshot = gtk_snapshot_new ();
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), GDK_SNAPSHOT (snapshot),
                                            BW_MARK_SIZE_PX, BW_MARK_SIZE_PX, &color, 1);
  node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));

  surface = surface_new (scale);
  cr = cairo_create (surface);
  if (node != NULL)
    gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  g_clear_pointer (&node, gsk_render_node_unref);

  return keep (g_steal_pointer (&key), surface);
}
