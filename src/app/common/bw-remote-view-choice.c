/* bw-remote-view-choice.c: which columns somebody wants to see
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-remote-view-private.h"

#include <glib/gi18n.h>

#include "bw-settings.h"
#include "bw-text.h"

#define SETTING "columns"

/* Returns: the width of the page from which on the column is shown, -1: not until somebody chooses it */
static int
get_min_width (BwRemoteView *self,
               guint         column)
{
  if (self->min_widths != NULL)
    return self->min_widths[column];

  return self->infos[column].flags & BW_COLUMN_EXTRA ? -1 : self->infos[column].min_width;
}

static guint32
get_default (BwRemoteView *self)
{
  guint32 shown = 0;

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (get_min_width (self, i) >= 0)
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
choose (BwRemoteView *self,
        guint32       chosen)
{
  if (chosen == self->chosen)
    return;

  self->chosen = chosen;
  bw_remote_view_fit_columns (self);
  g_signal_emit_by_name (self, "columns-changed");
}

static void
choice_changed_cb (BwRemoteView  *self,
                   GVariant      *value,
                   GSimpleAction *action)
{
  const char *id = g_action_get_name (G_ACTION (action));
  guint32 chosen = self->chosen;

  g_simple_action_set_state (action, value);
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (!g_str_equal (self->infos[i].id, id))
        continue;

      if (g_variant_get_boolean (value))
        chosen |= 1u << i;
      else
        chosen &= ~(1u << i);
    }

  choose (self, chosen);
  save_choice (self);
}

static void
update_toggles (BwRemoteView *self)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->choices), self->infos[i].id);

      if (action != NULL)
        g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean ((self->chosen & (1u << i)) != 0));
    }
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
      int min_width = get_min_width (self, i);

      /* Whoever chose a column by himself sees it. */
      if (min_width < 0)
        min_width = self->infos[i].min_width;

      if (min_width > self->width)
        shown &= ~(1u << i);
    }

  bw_remote_columns_show (self->columns, shown);
}

/* (transfer full) */
static GMenuModel *
make_toggles (BwRemoteView *self)
{
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < self->n_columns; i++)
    {
      g_autofree char *detailed = g_strconcat ("columns.", self->infos[i].id, NULL);

      if (!(self->infos[i].flags & BW_COLUMN_FIXED))
        g_menu_append (menu, _(self->infos[i].title), detailed);
    }

  return G_MENU_MODEL (menu);
}

static void
append (GMenu      *menu,
        const char *label,
        const char *action,
        const char *target)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", target);
  g_menu_append_item (menu, item);
}

/* What a header does, for keys. (transfer full) */
static GMenuModel *
make_sort_menu (BwRemoteView *self)
{
  g_autoptr(GMenu) first = g_menu_new ();
  g_autoptr(GMenu) next = g_menu_new ();
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (self->infos[i].sort == NULL)
        continue;

      append (first, _(self->infos[i].title), "table.sort-by", self->infos[i].id);
      append (next, _(self->infos[i].title), "table.sort-also", self->infos[i].id);
    }

  g_menu_append_submenu (menu, _("_Sort By"), G_MENU_MODEL (first));
  /* Translators: a menu of further columns to sort by, where the first one is the same */
  g_menu_append_submenu (menu, _("_Then By"), G_MENU_MODEL (next));

  return G_MENU_MODEL (menu);
}

/* (transfer full) */
static GMenuModel *
make_header_menu (BwRemoteView *self,
                  guint         column,
                  GMenuModel   *toggles)
{
  const BwRemoteColumn *info = &self->infos[column];
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) sorting = g_menu_new ();
  g_autofree char *descending = g_strconcat ("-", info->sort, NULL);

  if (self->has_multi_sort && info->sort != NULL)
    {
      append (sorting, _("Sort _Ascending"), "table.sort", info->sort);
      append (sorting, _("Sort _Descending"), "table.sort", descending);
      append (sorting, _("Sort Al_so by This"), "table.sort-also", info->id);
      g_menu_append_section (menu, NULL, G_MENU_MODEL (sorting));
    }

  g_menu_append_section (menu, NULL, toggles);

  return G_MENU_MODEL (menu);
}

void
bw_remote_view_fill_menus (BwRemoteView *self)
{
  g_autoptr(GMenuModel) toggles = make_toggles (self);
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) printing = g_menu_new ();

  if (self->has_multi_sort)
    {
      g_autoptr(GMenuModel) sorting = make_sort_menu (self);

      g_menu_append_section (menu, NULL, sorting);
    }

  g_menu_append_section (menu, NULL, toggles);
  g_menu_append (printing, _("_Print…"), "table.print");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (printing));
  gtk_menu_button_set_menu_model (self->columns_button, G_MENU_MODEL (menu));

  for (guint i = 0; i < self->n_columns; i++)
    {
      g_autoptr(GMenuModel) header_menu = make_header_menu (self, i, toggles);

      bw_remote_columns_set_header_menu (self->columns, i, header_menu);
    }
}

void
bw_remote_view_init_choice (BwRemoteView *self)
{
  self->settings = bw_settings_new ();
  self->choices = g_simple_action_group_new ();
  load_choice (self);

  for (guint i = 0; i < self->n_columns; i++)
    {
      const BwRemoteColumn *info = &self->infos[i];
      g_autoptr(GSimpleAction) action = NULL;

      if (info->flags & BW_COLUMN_FIXED)
        continue;

      action = g_simple_action_new_stateful (info->id, NULL,
                                             g_variant_new_boolean ((self->chosen & (1u << i)) != 0));
      g_signal_connect_object (action, "change-state", G_CALLBACK (choice_changed_cb), self, G_CONNECT_SWAPPED);
      g_action_map_add_action (G_ACTION_MAP (self->choices), G_ACTION (action));
    }

  gtk_widget_insert_action_group (GTK_WIDGET (self), "columns", G_ACTION_GROUP (self->choices));
  bw_remote_view_fill_menus (self);
}

void
bw_remote_view_set_preset (BwRemoteView *self,
                           const char   *name,
                           const int    *min_widths)
{
  g_return_if_fail (BW_IS_REMOTE_VIEW (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (self->table != NULL);

  if (!bw_set_str (&self->name, name))
    return;

  self->min_widths = min_widths;
  bw_remote_view_reset_columns (self);
}

void
bw_remote_view_reset_columns (BwRemoteView *self)
{
  g_return_if_fail (BW_IS_REMOTE_VIEW (self));
  g_return_if_fail (self->table != NULL);

  load_choice (self);
  update_toggles (self);
  bw_remote_view_fit_columns (self);
}

char **
bw_remote_view_dup_columns (BwRemoteView *self)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

  g_return_val_if_fail (BW_IS_REMOTE_VIEW (self), NULL);

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (self->chosen & (1u << i))
        g_strv_builder_add (ids, self->infos[i].id);
    }

  return g_strv_builder_end (ids);
}

void
bw_remote_view_set_columns (BwRemoteView       *self,
                            const char * const *ids)
{
  guint32 chosen = 0;

  g_return_if_fail (BW_IS_REMOTE_VIEW (self));
  g_return_if_fail (ids != NULL);

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (self->infos[i].flags & BW_COLUMN_FIXED || g_strv_contains (ids, self->infos[i].id))
        chosen |= 1u << i;
    }

  choose (self, chosen);
  update_toggles (self);
}

BwRemoteColumns *
bw_remote_view_get_columns (BwRemoteView *self)
{
  g_return_val_if_fail (BW_IS_REMOTE_VIEW (self), NULL);

  return self->columns;
}
