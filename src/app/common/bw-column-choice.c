/* bw-column-choice.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-column-choice.h"

#include <glib/gi18n.h>

#include "bw-settings.h"

#define SETTING "columns"

/**
 * BwColumnChoice:
 *
 * What is remembered is what is not as by default: a column that a later version
 * brings is seen.
 */

struct _BwColumnChoice
{
  GObject               parent_instance;

  char                 *name;
  const BwRemoteColumn *columns;
  guint                 n_columns;
  guint32               chosen;
  GSimpleActionGroup   *actions;
  GMenu                *menu;
  GSettings            *settings;   /* (nullable) */
};

G_DEFINE_FINAL_TYPE (BwColumnChoice, bw_column_choice, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static guint32
get_default (BwColumnChoice *self)
{
  guint32 shown = 0;

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (!(self->columns[i].flags & BW_COLUMN_EXTRA))
        shown |= 1u << i;
    }

  return shown;
}

static void
load (BwColumnChoice *self)
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
      if (!(self->columns[i].flags & BW_COLUMN_FIXED) && g_strv_contains (ids, self->columns[i].id))
        self->chosen ^= 1u << i;
    }
}

static void
save (BwColumnChoice *self)
{
  guint32 changed = self->chosen ^ get_default (self);
  g_autoptr(GVariant) before = NULL;
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  GVariantBuilder builder;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  if (self->settings == NULL)
    return;

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (changed & (1u << i))
        g_ptr_array_add (ids, (gpointer) self->columns[i].id);
    }

  before = g_settings_get_value (self->settings, SETTING);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sas}"));
  g_variant_iter_init (&iter, before);
  while (g_variant_iter_loop (&iter, "{&s@as}", &name, &value))
    {
      if (!g_str_equal (name, self->name))
        g_variant_builder_add (&builder, "{s@as}", name, value);
    }

  if (ids->len > 0)
    g_variant_builder_add (&builder, "{s@as}", self->name,
                           g_variant_new_strv ((const char * const *) ids->pdata, ids->len));

  g_settings_set_value (self->settings, SETTING, g_variant_builder_end (&builder));
}

static void
changed_cb (BwColumnChoice *self,
            GVariant       *value,
            GSimpleAction  *action)
{
  const char *id = g_action_get_name (G_ACTION (action));

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (!g_str_equal (self->columns[i].id, id))
        continue;

      if (g_variant_get_boolean (value))
        self->chosen |= 1u << i;
      else
        self->chosen &= ~(1u << i);
    }

  g_simple_action_set_state (action, value);
  save (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
bw_column_choice_finalize (GObject *object)
{
  BwColumnChoice *self = (BwColumnChoice *) object;

  g_free (self->name);
  g_clear_object (&self->actions);
  g_clear_object (&self->menu);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (bw_column_choice_parent_class)->finalize (object);
}

static void
bw_column_choice_class_init (BwColumnChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bw_column_choice_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bw_column_choice_init (BwColumnChoice *self)
{
  self->actions = g_simple_action_group_new ();
  self->menu = g_menu_new ();
  self->settings = bw_settings_new ();
}

BwColumnChoice *
bw_column_choice_new (const char           *name,
                      const BwRemoteColumn *columns,
                      guint                 n_columns)
{
  BwColumnChoice *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (n_columns <= 32, NULL);

  self = g_object_new (BW_TYPE_COLUMN_CHOICE, NULL);
  self->name = g_strdup (name);
  self->columns = columns;
  self->n_columns = n_columns;
  load (self);

  for (guint i = 0; i < n_columns; i++)
    {
      g_autofree char *detailed = g_strconcat ("columns.", columns[i].id, NULL);
      g_autoptr(GSimpleAction) action = NULL;

      if (columns[i].flags & BW_COLUMN_FIXED)
        continue;

      action = g_simple_action_new_stateful (columns[i].id, NULL,
                                             g_variant_new_boolean ((self->chosen & (1u << i)) != 0));
      g_signal_connect_object (action, "change-state", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
      g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
      g_menu_append (self->menu, _(columns[i].title), detailed);
    }

  return self;
}

guint32
bw_column_choice_get_shown (BwColumnChoice *self,
                            int             width)
{
  guint32 shown;

  g_return_val_if_fail (BW_IS_COLUMN_CHOICE (self), 0);

  shown = self->chosen;
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (self->columns[i].min_width > width)
        shown &= ~(1u << i);
    }

  return shown;
}

GMenuModel *
bw_column_choice_get_menu (BwColumnChoice *self)
{
  g_return_val_if_fail (BW_IS_COLUMN_CHOICE (self), NULL);

  return G_MENU_MODEL (self->menu);
}

void
bw_column_choice_attach (BwColumnChoice *self,
                         GtkWidget      *widget)
{
  g_return_if_fail (BW_IS_COLUMN_CHOICE (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  gtk_widget_insert_action_group (widget, "columns", G_ACTION_GROUP (self->actions));
}
