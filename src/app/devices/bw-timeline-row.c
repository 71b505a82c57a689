/* bw-timeline-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-timeline-row.h"

#include <glib/gi18n.h>

#include "bw-timeline-text.h"

/**
 * BwTimelineRow:
 *
 * One thing that happened, with its time, its kind and who did it; over the first
 * one of a day the day.
 */

struct _BwTimelineRow
{
  GtkWidget       parent_instance;

  BwTimelineItem *item;       /* (owned) (nullable) */
  const char     *class;      /* (nullable): static */

  GtkWidget      *day;
  GtkWidget      *icon;
  GtkWidget      *text;
  GtkWidget      *facts;
  GtkWidget      *time;
};

G_DEFINE_FINAL_TYPE (BwTimelineRow, bw_timeline_row, GTK_TYPE_WIDGET)

static GDateTime *
get_local (BwTimelineItem *item)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (bw_timeline_item_get_at_us (item) / G_USEC_PER_SEC);

  return g_date_time_to_local (utc);
}

static gboolean
is_same_day (GDateTime *a,
             GDateTime *b)
{
  return g_date_time_get_year (a) == g_date_time_get_year (b) && g_date_time_get_day_of_year (a) == g_date_time_get_day_of_year (b);
}

/* (transfer full) */
static char *
format_day (GDateTime *day)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autoptr(GDateTime) yesterday = g_date_time_add_days (now, -1);

  if (is_same_day (day, now))
    return g_strdup (_("Today"));

  if (is_same_day (day, yesterday))
    return g_strdup (_("Yesterday"));

  /* Translators: a day as a heading, as g_date_time_format() has it: Thursday, 12 March 2026 */
  return g_date_time_format (day, _("%A, %-d %B %Y"));
}

void
bw_timeline_row_set_before (BwTimelineRow  *self,
                            BwTimelineItem *before)
{
  g_autoptr(GDateTime) own = NULL;
  g_autoptr(GDateTime) above = NULL;
  g_autofree char *day = NULL;

  g_return_if_fail (BW_IS_TIMELINE_ROW (self));

  if (self->item == NULL)
    return;

  own = get_local (self->item);
  above = before != NULL ? get_local (before) : NULL;
  if (above == NULL || !is_same_day (own, above))
    day = format_day (own);

  gtk_label_set_label (GTK_LABEL (self->day), day != NULL ? day : "");
  gtk_widget_set_visible (self->day, day != NULL);
}

void
bw_timeline_row_set_item (BwTimelineRow  *self,
                          BwTimelineItem *item)
{
  g_autoptr(GDateTime) local = NULL;
  g_autofree char *text = NULL;
  g_autofree char *time = NULL;
  g_autofree char *facts = NULL;
  const char *by;

  g_return_if_fail (BW_IS_TIMELINE_ROW (self));

  if (!g_set_object (&self->item, item) || item == NULL)
    return;

  local = get_local (item);
  text = bw_timeline_to_text (item);
  time = g_date_time_format (local, "%H:%M:%S");
  by = bw_timeline_item_get_by (item);
  /* Translators: the kind of an event and who did it */
  facts = by != NULL ? g_strdup_printf (_("%s · %s"), bw_event_kind_to_text (bw_timeline_item_get_kind (item)), by)
                     : g_strdup (bw_event_kind_to_text (bw_timeline_item_get_kind (item)));

  gtk_label_set_label (GTK_LABEL (self->text), text);
  gtk_label_set_label (GTK_LABEL (self->time), time);
  gtk_label_set_label (GTK_LABEL (self->facts), facts);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), bw_timeline_to_icon (item));

  if (self->class != NULL)
    gtk_widget_remove_css_class (self->icon, self->class);
  self->class = bw_timeline_to_css_class (item);
  if (self->class != NULL)
    gtk_widget_add_css_class (self->icon, self->class);
}

static GtkWidget *
add_label (BwTimelineRow *self,
           int            column,
           int            row,
           int            n_columns,
           const char    *style_class)
{
  GtkWidget *label = gtk_label_new ("");
  GtkLayoutChild *place;

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style_class != NULL)
    gtk_widget_add_css_class (label, style_class);
  gtk_widget_set_parent (label, GTK_WIDGET (self));

  place = gtk_layout_manager_get_layout_child (gtk_widget_get_layout_manager (GTK_WIDGET (self)), label);
  g_object_set (place, "column", column, "row", row, "column-span", n_columns, NULL);

  return label;
}

static void
bw_timeline_row_dispose (GObject *object)
{
  BwTimelineRow *self = (BwTimelineRow *) object;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  g_clear_object (&self->item);

  G_OBJECT_CLASS (bw_timeline_row_parent_class)->dispose (object);
}

static void
bw_timeline_row_class_init (BwTimelineRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bw_timeline_row_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_GRID_LAYOUT);
}

static void
bw_timeline_row_init (BwTimelineRow *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkLayoutChild *place;

  gtk_grid_layout_set_column_spacing (GTK_GRID_LAYOUT (layout), 12);
  gtk_widget_add_css_class (GTK_WIDGET (self), "timeline-row");

  self->day = add_label (self, 0, 0, 3, "title-4");
  gtk_widget_add_css_class (self->day, "timeline-day");

  self->icon = gtk_image_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Kind of event"), -1);
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
  place = gtk_layout_manager_get_layout_child (layout, self->icon);
  g_object_set (place, "column", 0, "row", 1, "row-span", 2, NULL);

  self->text = add_label (self, 1, 1, 1, NULL);
  gtk_label_set_wrap (GTK_LABEL (self->text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (self->text), 4);
  gtk_label_set_ellipsize (GTK_LABEL (self->text), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->text, TRUE);

  self->time = add_label (self, 2, 1, 1, "dim-label");
  gtk_widget_add_css_class (self->time, "numeric");
  gtk_widget_set_valign (self->time, GTK_ALIGN_START);

  self->facts = add_label (self, 1, 2, 2, "caption");
  gtk_widget_add_css_class (self->facts, "dim-label");
  gtk_label_set_ellipsize (GTK_LABEL (self->facts), PANGO_ELLIPSIZE_END);
}

GtkWidget *
bw_timeline_row_new (void)
{
  return g_object_new (BW_TYPE_TIMELINE_ROW, NULL);
}
