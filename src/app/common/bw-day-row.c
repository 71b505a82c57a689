/* bw-day-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-day-row.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-field.h"
#include "bw-people-rules.h"

/**
 * BwDayRow:
 *
 * A day of the calendar in UTC, as participations have them. It is written as the API writes it, which no
 * country mistakes for another day.
 */

struct _BwDayRow
{
  AdwEntryRow    parent_instance;

  GtkMenuButton *button;
  GtkPopover    *popover;
  GtkCalendar   *calendar;
};

G_DEFINE_FINAL_TYPE (BwDayRow, bw_day_row, ADW_TYPE_ENTRY_ROW)

/* Going through the months selects days, too, so that a selection alone is no choice. */
static void
choose_cb (BwDayRow *self)
{
  g_autoptr(GDateTime) date = gtk_calendar_get_date (self->calendar);
  g_autofree char *day = g_date_time_format (date, "%Y-%m-%d");

  gtk_editable_set_text (GTK_EDITABLE (self), day);
  gtk_popover_popdown (self->popover);
}

static void
no_day_cb (BwDayRow *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self), "");
  gtk_popover_popdown (self->popover);
}

/* It opens at the day that is typed, or today. */
static void
popover_shown_cb (BwDayRow *self)
{
  g_autofree char *day = bw_day_row_dup_day (self);
  g_autoptr(GDateTime) date = NULL;
  gint64 start_us;

  if (day != NULL && bw_day_parse (day, &start_us))
    date = g_date_time_new_from_unix_utc (start_us / G_USEC_PER_SEC);
  else
    date = g_date_time_new_now_utc ();

  gtk_calendar_select_day (self->calendar, date);
}

static void
realized_cb (BwDayRow *self)
{
  g_autofree char *label = NULL;

  /* Translators: read out for a button beside a field; %s is the field's name */
  label = g_strdup_printf (_("Calendar: %s"), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)));
  bw_accessible_set_label (GTK_WIDGET (self->button), label);
}

static void
bw_day_row_class_init (BwDayRowClass *klass)
{
}

static void
bw_day_row_init (BwDayRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *none = gtk_button_new_with_label (_("No Day"));
  GtkWidget *choose = gtk_button_new_with_label (_("Choose"));

  self->calendar = GTK_CALENDAR (gtk_calendar_new ());
  g_signal_connect_swapped (none, "clicked", G_CALLBACK (no_day_cb), self);
  g_signal_connect_swapped (choose, "clicked", G_CALLBACK (choose_cb), self);
  gtk_widget_add_css_class (choose, "suggested-action");
  gtk_box_set_homogeneous (GTK_BOX (buttons), TRUE);
  gtk_box_append (GTK_BOX (buttons), none);
  gtk_box_append (GTK_BOX (buttons), choose);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->calendar));
  gtk_box_append (GTK_BOX (box), buttons);

  self->popover = GTK_POPOVER (gtk_popover_new ());
  gtk_popover_set_child (self->popover, box);
  g_signal_connect_swapped (self->popover, "map", G_CALLBACK (popover_shown_cb), self);

  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_icon_name (self->button, "x-office-calendar-symbolic");
  gtk_menu_button_set_has_frame (self->button, FALSE);
  gtk_menu_button_set_popover (self->button, GTK_WIDGET (self->popover));
  gtk_widget_set_valign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), _("Choose a Day"));
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (self), GTK_WIDGET (self->button));
  adw_entry_row_set_enable_emoji_completion (ADW_ENTRY_ROW (self), FALSE);
  g_signal_connect (self, "realize", G_CALLBACK (realized_cb), NULL);
}

char *
bw_day_row_dup_day (BwDayRow *self)
{
  g_autofree char *text = NULL;
  gint64 start_us;

  g_return_val_if_fail (BW_IS_DAY_ROW (self), NULL);

  text = bw_field_get_text (GTK_EDITABLE (self));

  return *text != '\0' && bw_day_parse (text, &start_us) ? g_steal_pointer (&text) : NULL;
}

void
bw_day_row_set_day (BwDayRow   *self,
                    const char *day)
{
  g_return_if_fail (BW_IS_DAY_ROW (self));

  gtk_editable_set_text (GTK_EDITABLE (self), day != NULL ? day : "");
}

gboolean
bw_day_row_is_valid (BwDayRow *self)
{
  g_autofree char *text = NULL;
  gint64 start_us;

  g_return_val_if_fail (BW_IS_DAY_ROW (self), FALSE);

  text = bw_field_get_text (GTK_EDITABLE (self));

  return *text == '\0' || bw_day_parse (text, &start_us);
}
