/* bw-people-filter.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-people-filter.h"

#include <glib/gi18n.h>

#include "bw-pick-row.h"

#define N_ROWS 3
#define WIDTH_PX 320

/**
 * BwPeopleFilter:
 *
 * A button beside a table of people: of which company, in which role, with which tag. How many
 * of them apply stands in the button, so that no filter is forgotten.
 */

struct _BwPeopleFilter
{
  GtkWidget      parent_instance;

  BwRemoteTable *table;          /* (owned) (nullable) */
  GtkWidget     *button;
  BwPickRow     *rows[N_ROWS];   /* (nullable) */
};

G_DEFINE_FINAL_TYPE (BwPeopleFilter, bw_people_filter, GTK_TYPE_WIDGET)

static const char * const names[N_ROWS] = { "company", "role", "tag" };

static void
update_button (BwPeopleFilter *self,
               guint           n_active)
{
  g_autofree char *label = NULL;

  /* Translators: a button that opens the filters of a table; how many apply */
  label = n_active > 0 ? g_strdup_printf (_("Filters (%u)"), n_active) : g_strdup (_("Filters"));
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->button), label);
}

static void
apply (BwPeopleFilter *self)
{
  guint n_active = 0;

  bw_remote_table_freeze (self->table);
  for (guint i = 0; i < N_ROWS; i++)
    {
      const char *id = self->rows[i] != NULL ? bw_pick_row_get_id (self->rows[i]) : NULL;

      bw_remote_table_set_filter (self->table, names[i], id);
      n_active += id != NULL;
    }
  bw_remote_table_thaw (self->table);
  update_button (self, n_active);
}

static void
bw_people_filter_dispose (GObject *object)
{
  BwPeopleFilter *self = (BwPeopleFilter *) object;

  g_clear_pointer (&self->button, gtk_widget_unparent);
  g_clear_object (&self->table);

  G_OBJECT_CLASS (bw_people_filter_parent_class)->dispose (object);
}

static void
bw_people_filter_class_init (BwPeopleFilterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bw_people_filter_dispose;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
bw_people_filter_init (BwPeopleFilter *self)
{
  self->button = gtk_menu_button_new ();
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
  update_button (self, 0);
}

void
bw_people_filter_set_table (BwPeopleFilter *self,
                            BwSession      *session,
                            BwRemoteTable  *table,
                            gboolean        with_tags)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *group = adw_preferences_group_new ();
  const char *titles[N_ROWS] = { _("Company"), _("Role"), _("Tag") };

  g_return_if_fail (BW_IS_PEOPLE_FILTER (self));
  g_return_if_fail (self->table == NULL);

  self->table = g_object_ref (table);
  for (guint i = 0; i < (with_tags ? N_ROWS : N_ROWS - 1); i++)
    {
      self->rows[i] = g_object_new (BW_TYPE_PICK_ROW, "title", titles[i], NULL);
      bw_pick_row_set_optional (self->rows[i]);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->rows[i]));
    }

  bw_pick_row_pick_company (self->rows[0], session);
  bw_pick_row_pick_role (self->rows[1], session, FALSE);
  if (with_tags)
    bw_pick_row_pick_tag (self->rows[2], session);

  for (guint i = 0; i < N_ROWS; i++)
    {
      if (self->rows[i] != NULL)
        g_signal_connect_swapped (self->rows[i], "notify::selected", G_CALLBACK (apply), self);
    }

  gtk_widget_set_size_request (group, WIDTH_PX, -1);
  gtk_popover_set_child (GTK_POPOVER (popover), group);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button), popover);
}

void
bw_people_filter_clear (BwPeopleFilter *self)
{
  g_return_if_fail (BW_IS_PEOPLE_FILTER (self));

  bw_remote_table_freeze (self->table);
  for (guint i = 0; i < N_ROWS; i++)
    {
      if (self->rows[i] != NULL)
        bw_pick_row_set_selected (self->rows[i], NULL);
    }
  bw_remote_table_thaw (self->table);
}

void
bw_people_filter_set_company (BwPeopleFilter *self,
                              BwEntity       *company)
{
  g_return_if_fail (BW_IS_PEOPLE_FILTER (self));

  bw_pick_row_set_selected (self->rows[0], company);
}
