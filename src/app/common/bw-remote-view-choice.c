/* bw-remote-view-choice.c: which columns somebody wants to see
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-remote-view-private.h"

#include <glib/gi18n.h>

#include "bw-settings.h"

#define SETTING "columns"

static guint32
get_default (BwRemoteView *self)
{
  guint32 shown = 0;

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (!(self->infos[i].flags & BW_COLUMN_EXTRA))
        shown |= 1u << i;
    }

  return shown;
}

/* What is remembered is what is not as by default: a column that a later version brings is seen. */
static void
load_choice (BwRemoteView *self)
{
  g_autoptr(GVariant) all = NULL;
  g_autofree const char **ids = NULL;

  self->chosen = get_default (self);
  if (self->settings == NULL)
    return;

  all = g_settings_get_value (self->settings, SETTING);
  if (!g_variant_lookup (all, self->name, "^a&s", &ids))
    return;

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (!(self->infos[i].flags & BW_COLUMN_FIXED) && g_strv_contains (ids, self->infos[i].id))
        self->chosen ^= 1u << i;
    }
}

static void
save_choice (BwRemoteView *self)
{
  guint32 changed = self->chosen ^ get_default (self);
  g_autoptr(GVariant) before = NULL;
  GVariantBuilder all;
  GVariantIter iter;
  const char *name;
  GVariant *ids;

  if (self->settings == NULL)
    return;

  before = g_settings_get_value (self->settings, SETTING);
  g_variant_builder_init (&all, G_VARIANT_TYPE ("a{sas}"));
  g_variant_iter_init (&iter, before);
  while (g_variant_iter_loop (&iter, "{&s@as}", &name, &ids))
    {
      if (!g_str_equal (name, self->name))
        g_variant_builder_add (&all, "{s@as}", name, ids);
    }

  if (changed != 0)
    {
      g_variant_builder_open (&all, G_VARIANT_TYPE ("{sas}"));
      g_variant_builder_add (&all, "s", self->name);
      g_variant_builder_open (&all, G_VARIANT_TYPE ("as"));
      for (guint i = 0; i < self->n_columns; i++)
        {
          if (changed & (1u << i))
            g_variant_builder_add (&all, "s", self->infos[i].id);
        }
      g_variant_builder_close (&all);
      g_variant_builder_close (&all);
    }

  g_settings_set_value (self->settings, SETTING, g_variant_builder_end (&all));
}

static void
choice_changed_cb (BwRemoteView  *self,
                   GVariant      *value,
                   GSimpleAction *action)
{
  const char *id = g_action_get_name (G_ACTION (action));

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (!g_str_equal (self->infos[i].id, id))
        continue;

      if (g_variant_get_boolean (value))
        self->chosen |= 1u << i;
      else
        self->chosen &= ~(1u << i);
    }

  g_simple_action_set_state (action, value);
  bw_remote_view_fit_columns (self);
  save_choice (self);
}

/* A table that has to be pushed sideways hides what one looks for: narrow pages
 * show fewer columns, and the rest is on the item's page. */
void
bw_remote_view_fit_columns (BwRemoteView *self)
{
  guint32 shown = self->chosen;

  if (self->columns == NULL)
    return;

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (self->infos[i].min_width > self->width)
        shown &= ~(1u << i);
    }

  bw_remote_columns_show (self->columns, shown);
}

void
bw_remote_view_init_choice (BwRemoteView *self)
{
  g_autoptr(GMenu) menu = g_menu_new ();

  self->settings = bw_settings_new ();
  self->choices = g_simple_action_group_new ();
  load_choice (self);

  for (guint i = 0; i < self->n_columns; i++)
    {
      const BwRemoteColumn *info = &self->infos[i];
      g_autofree char *detailed = g_strconcat ("columns.", info->id, NULL);
      g_autoptr(GSimpleAction) action = NULL;

      if (info->flags & BW_COLUMN_FIXED)
        continue;

      action = g_simple_action_new_stateful (info->id, NULL,
                                             g_variant_new_boolean ((self->chosen & (1u << i)) != 0));
      g_signal_connect_object (action, "change-state", G_CALLBACK (choice_changed_cb), self, G_CONNECT_SWAPPED);
      g_action_map_add_action (G_ACTION_MAP (self->choices), G_ACTION (action));
      g_menu_append (menu, _(info->title), detailed);
    }

  gtk_widget_insert_action_group (GTK_WIDGET (self), "columns", G_ACTION_GROUP (self->choices));
  gtk_menu_button_set_menu_model (self->columns_button, G_MENU_MODEL (menu));
  gtk_widget_set_visible (GTK_WIDGET (self->columns_button), g_menu_model_get_n_items (G_MENU_MODEL (menu)) > 0);
  bw_remote_columns_set_header_menu (self->columns, G_MENU_MODEL (menu));
}
