/* bw-page-test.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-page-test.h"

#include <string.h>

#include <adwaita.h>

#include "bw-test.h"

#define BASE "/io/github/bellwether_iot/Bellwether"

typedef struct
{
  GtkWidget  *root;
  const char *text;
  GtkWidget  *found;
} Sight;

static const char *
get_text (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));

  if (GTK_IS_INSCRIPTION (widget))
    return gtk_inscription_get_text (GTK_INSCRIPTION (widget));

  if (GTK_IS_ENTRY (widget) || GTK_IS_SPIN_BUTTON (widget))
    return gtk_editable_get_text (GTK_EDITABLE (widget));

  return NULL;
}

void
bw_page_test_init (int    *argc,
                   char ***argv)
{
  g_autoptr(GtkCssProvider) style = NULL;

  g_test_init (argc, argv, NULL);
  adw_init ();

  /* An animation never lets a window be what it will be. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

  /* Without a window manager nobody tells an entry that its window lost the focus; its cursor complains. */
  g_object_set (gtk_settings_get_default (), "gtk-cursor-blink", FALSE, NULL);

  style = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (style, BASE "/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()), BASE "/icons");

  if (g_getenv ("BW_TEST_DARK") != NULL)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
}

GtkWidget *
bw_page_test_find_text (GtkWidget  *root,
                        const char *text)
{
  const char *own = get_text (root);

  if (!gtk_widget_get_mapped (root))
    return NULL;

  if (own != NULL && strstr (own, text) != NULL)
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = bw_page_test_find_text (child, text);

      if (found != NULL)
        return found;
    }

  return NULL;
}

GtkWidget *
bw_page_test_find_type (GtkWidget *root,
                        GType      type)
{
  if (!gtk_widget_get_mapped (root))
    return NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = bw_page_test_find_type (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

guint
bw_page_test_count_type (GtkWidget *root,
                         GType      type)
{
  guint n = gtk_widget_get_mapped (root) && G_TYPE_CHECK_INSTANCE_TYPE (root, type);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += bw_page_test_count_type (child, type);

  return n;
}

static gboolean
sees (gpointer data)
{
  Sight *sight = data;

  sight->found = bw_page_test_find_text (sight->root, sight->text);

  return sight->found != NULL;
}

static gboolean
misses (gpointer data)
{
  return !sees (data);
}

GtkWidget *
bw_page_test_wait_text (GtkWidget  *root,
                        const char *text)
{
  Sight sight = { root, text, NULL };

  if (!bw_test_wait (sees, &sight, BW_TEST_DEADLINE_SECONDS))
    {
      /* What there was instead. */
      bw_page_test_picture (GTK_WIDGET (gtk_widget_get_root (root)), "never-saw");
      g_error ("never saw “%s”", text);
    }

  return sight.found;
}

void
bw_page_test_wait_gone (GtkWidget  *root,
                        const char *text)
{
  Sight sight = { root, text, NULL };

  if (!bw_test_wait (misses, &sight, BW_TEST_DEADLINE_SECONDS))
    g_error ("still sees “%s”", text);
}

static GtkWidget *
find_button (GtkWidget  *root,
             const char *label)
{
  if (!gtk_widget_get_mapped (root))
    return NULL;

  if (GTK_IS_LABEL (root) && g_str_equal (gtk_label_get_text (GTK_LABEL (root)), label))
    return gtk_widget_get_ancestor (root, GTK_TYPE_BUTTON);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
sees_button (gpointer data)
{
  Sight *sight = data;

  sight->found = find_button (sight->root, sight->text);

  return sight->found != NULL && gtk_widget_is_sensitive (sight->found);
}

static GtkWidget *
find_to_click (GtkWidget  *root,
               const char *label)
{
  Sight sight = { root, label, NULL };

  if (!bw_test_wait (sees_button, &sight, BW_TEST_DEADLINE_SECONDS))
    {
      bw_page_test_picture (GTK_WIDGET (gtk_widget_get_root (root)), "never-clicked");
      g_error ("no button “%s” to click", label);
    }

  return sight.found;
}

void
bw_page_test_click (GtkWidget  *root,
                    const char *label)
{
  g_signal_emit_by_name (find_to_click (root, label), "clicked");
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

void
bw_page_test_click_away (GtkWidget  *root,
                         const char *label)
{
  GtkWidget *button = find_to_click (root, label);

  g_object_add_weak_pointer (G_OBJECT (button), (gpointer *) &button);
  g_signal_emit_by_name (button, "clicked");
  bw_test_wait_for (is_gone, &button);
}

GtkWidget *
bw_page_test_ancestor (GtkWidget *widget,
                       GType      type)
{
  GtkWidget *found = gtk_widget_get_ancestor (widget, type);

  g_assert_nonnull (found);

  return found;
}

static gboolean
is_drawn (gpointer data)
{
  return gtk_widget_get_mapped (data) && gtk_widget_get_width (data) > 0;
}

GtkWidget *
bw_page_test_present (GtkWidget *page,
                      int        width,
                      int        height)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  bw_test_wait_for (is_drawn, page);

  return window;
}

void
bw_page_test_let_go (GObject *object)
{
  g_object_add_weak_pointer (object, (gpointer *) &object);
  g_object_unref (object);
  bw_test_wait_for (is_gone, &object);
}

void
bw_page_test_close (GtkWidget *window)
{
  GtkWidget *page = gtk_window_get_child (GTK_WINDOW (window));

  g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &page);
  gtk_window_destroy (GTK_WINDOW (window));
  bw_test_wait_for (is_gone, &page);
}

void
bw_page_test_scroll_to (GtkWidget *widget)
{
  GtkWidget *scrolled = bw_page_test_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *down = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  graphene_point_t top;

  /* What has just come is not laid out yet. */
  bw_test_spin (200);
  g_assert_true (gtk_widget_compute_point (widget, gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (scrolled)),
                                           &GRAPHENE_POINT_INIT (0, 0), &top));
  gtk_adjustment_set_value (down, gtk_adjustment_get_value (down) + top.y - gtk_adjustment_get_page_size (down) / 2);
}

static void
painted_cb (GdkFrameClock *clock,
            gboolean      *painted)
{
  *painted = TRUE;
}

static gboolean
is_painted (gpointer data)
{
  return *(gboolean *) data;
}

static void
wait_frame (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  gboolean painted = FALSE;
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), &painted);

  gtk_widget_queue_draw (window);
  bw_test_wait_for (is_painted, &painted);
  g_signal_handler_disconnect (clock, handler);
}

void
bw_page_test_picture (GtkWidget  *window,
                      const char *name)
{
  const char *folder = g_getenv ("BW_TEST_SCREENSHOTS");
  g_autofree char *path = NULL;
  g_autoptr(GdkPaintable) paintable = NULL;
  GtkSnapshot *snapshot;
  GskRenderNode *node;
  GdkTexture *texture;
  int width, height;

  if (folder == NULL)
    return;

  /* A frame or two, so that the picture is of what came last, however late on a busy machine. */
  bw_test_spin (200);
  wait_frame (window);

  paintable = gtk_widget_paintable_new (window);
  width = gdk_paintable_get_intrinsic_width (paintable);
  height = gdk_paintable_get_intrinsic_height (paintable);
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  path = g_strdup_printf ("%s/%s.png", folder, name);
  gdk_texture_save_to_png (texture, path);
  g_object_unref (texture);
  gsk_render_node_unref (node);
}
