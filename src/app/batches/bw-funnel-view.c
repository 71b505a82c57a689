/* bw-funnel-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-funnel-view.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-json.h"

static const struct
{
  const char *name;
  const char *title;
} stages[] = {
  { "created", NC_("stage", "Created") },
  { "labelled", NC_("stage", "Labelled") },
  { "flashed", NC_("stage", "Flashed") },
  { "seen", NC_("stage", "Seen") },
  { "approved", NC_("stage", "Approved") },
  { "paired", NC_("stage", "Paired") },
};

#define N_STAGES G_N_ELEMENTS (stages)

/**
 * BwFunnelView:
 *
 * A bar for each stage, with how many have reached it and a button for those
 * that have not.
 */

struct _BwFunnelView
{
  GtkWidget  parent_instance;

  GtkWidget *grid;
  GtkWidget *bars[N_STAGES];
  GtkWidget *counts[N_STAGES];
  GtkWidget *buttons[N_STAGES];    /* NULL for the first */
};

G_DEFINE_FINAL_TYPE (BwFunnelView, bw_funnel_view, GTK_TYPE_WIDGET)

enum {
  STRAGGLERS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

const char *
bw_funnel_stage_to_text (const char *stage)
{
  for (gsize i = 0; i < N_STAGES; i++)
    {
      if (g_strcmp0 (stages[i].name, stage) == 0)
        return g_dpgettext2 (NULL, "stage", stages[i].title);
    }

  return "";
}

static void
button_clicked_cb (GtkWidget    *button,
                   BwFunnelView *self)
{
  for (gsize i = 0; i < N_STAGES; i++)
    {
      if (self->buttons[i] == button)
        g_signal_emit (self, signals[STRAGGLERS], 0, stages[i].name);
    }
}

static void
make_row (BwFunnelView *self,
          guint         i)
{
  GtkGrid *grid = GTK_GRID (self->grid);
  GtkWidget *title = gtk_label_new (bw_funnel_stage_to_text (stages[i].name));

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_grid_attach (grid, title, 0, (int) i, 1, 1);

  self->bars[i] = gtk_progress_bar_new ();
  gtk_widget_add_css_class (self->bars[i], "funnel-bar");
  gtk_widget_set_hexpand (self->bars[i], TRUE);
  gtk_widget_set_valign (self->bars[i], GTK_ALIGN_CENTER);
  gtk_grid_attach (grid, self->bars[i], 1, (int) i, 1, 1);

  self->counts[i] = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->counts[i]), 1);
  gtk_widget_add_css_class (self->counts[i], "numeric-cell");
  gtk_widget_add_css_class (self->counts[i], "heading");
  gtk_grid_attach (grid, self->counts[i], 2, (int) i, 1, 1);

  if (i == 0)
    return;

  self->buttons[i] = gtk_button_new ();
  gtk_widget_add_css_class (self->buttons[i], "flat");
  gtk_widget_set_valign (self->buttons[i], GTK_ALIGN_CENTER);
  g_signal_connect (self->buttons[i], "clicked", G_CALLBACK (button_clicked_cb), self);
  gtk_grid_attach (grid, self->buttons[i], 3, (int) i, 1, 1);
}

static void
bw_funnel_view_dispose (GObject *object)
{
  g_clear_pointer (&((BwFunnelView *) object)->grid, gtk_widget_unparent);

  G_OBJECT_CLASS (bw_funnel_view_parent_class)->dispose (object);
}

static void
bw_funnel_view_class_init (BwFunnelViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_funnel_view_dispose;

  signals[STRAGGLERS] =
    g_signal_new ("stragglers", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bw_funnel_view_init (BwFunnelView *self)
{
  self->grid = gtk_grid_new ();
  gtk_grid_set_row_homogeneous (GTK_GRID (self->grid), TRUE);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 12);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));

  for (guint i = 0; i < N_STAGES; i++)
    make_row (self, i);
}

GtkWidget *
bw_funnel_view_new (void)
{
  return g_object_new (BW_TYPE_FUNNEL_VIEW, NULL);
}

static void
show_count (BwFunnelView *self,
            guint         i,
            gint64        n,
            gint64        n_all)
{
  const char *title = bw_funnel_stage_to_text (stages[i].name);
  g_autofree char *count = g_strdup_printf ("%'" G_GINT64_FORMAT, n);
  gulong n_behind = (gulong) MAX (n_all - n, 0);
  g_autofree char *behind = NULL;
  g_autofree char *label = NULL;
  g_autofree char *bar_label = NULL;

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bars[i]), n_all > 0 ? (double) n / (double) n_all : 0);
  gtk_label_set_label (GTK_LABEL (self->counts[i]), count);
  /* Translators: a stage, how many devices have reached it, and of how many */
  bar_label = g_strdup_printf (_("%s: %'lu of %'lu"), title, (gulong) n, (gulong) n_all);
  bw_accessible_set_label (self->bars[i], bar_label);
  if (self->buttons[i] == NULL)
    return;

  /* Translators: so many devices have not reached a stage */
  behind = g_strdup_printf (ngettext ("%'lu behind", "%'lu behind", n_behind), n_behind);
  gtk_button_set_label (GTK_BUTTON (self->buttons[i]), behind);
  /* Translators: a stage, and how many devices have not reached it */
  label = g_strdup_printf (ngettext ("%s: %'lu device is behind", "%s: %'lu devices are behind", n_behind), title, n_behind);
  bw_accessible_set_label (self->buttons[i], label);
  gtk_widget_set_sensitive (self->buttons[i], n_behind > 0);
}

void
bw_funnel_view_set_counts (BwFunnelView *self,
                           JsonObject   *counts)
{
  gint64 n_all;

  g_return_if_fail (BW_IS_FUNNEL_VIEW (self));
  g_return_if_fail (counts != NULL);

  n_all = bw_json_get_int (counts, stages[0].name, 0);
  for (guint i = 0; i < N_STAGES; i++)
    show_count (self, i, bw_json_get_int (counts, stages[i].name, 0), n_all);
}
