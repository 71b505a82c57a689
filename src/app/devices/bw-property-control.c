/* bw-property-control.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-property-control.h"

#include <glib/gi18n.h>

#include "bw-device-text.h"
#include "bw-error-text.h"
#include "bw-property-control-private.h"

#define SPACING_PX 6

/* More push buttons than this do not fit a row. */
#define MAX_BUTTONS 4

/**
 * BwPropertyControl:
 *
 * The base of what sets a property: a switch, a slider, a list and so on. It knows
 * the property's facts, checks a value before anybody hears of it, and keeps
 * what the device says apart from what somebody is just doing with it.
 */

typedef struct
{
  BwPropertyFacts facts;
  gboolean        is_showing;
} BwPropertyControlPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BwPropertyControl, bw_property_control, GTK_TYPE_WIDGET)

enum {
  WANTED,
  INVALID,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
bw_property_control_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (bw_property_control_parent_class)->dispose (object);
}

static void
bw_property_control_finalize (GObject *object)
{
  BwPropertyControlPrivate *priv = bw_property_control_get_instance_private (BW_PROPERTY_CONTROL (object));

  g_clear_pointer (&priv->facts.name, g_free);
  g_clear_pointer (&priv->facts.unit, g_free);
  g_clear_pointer (&priv->facts.format, g_free);

  G_OBJECT_CLASS (bw_property_control_parent_class)->finalize (object);
}

static void
bw_property_control_class_init (BwPropertyControlClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_property_control_dispose;
  object_class->finalize = bw_property_control_finalize;

  signals[WANTED] = g_signal_new ("wanted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[INVALID] = g_signal_new ("invalid", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
bw_property_control_init (BwPropertyControl *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), SPACING_PX);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

/* A property that keeps no value has no state to show: it is a push, not a position. */
static GType
choose_type (const BwPropertyFacts *facts)
{
  g_auto(GStrv) choices = NULL;
  guint n_choices;

  switch (facts->datatype)
    {
    case BW_DATATYPE_BOOLEAN:
      return facts->is_retained ? BW_TYPE_SWITCH_CONTROL : BW_TYPE_BUTTONS_CONTROL;

    case BW_DATATYPE_ENUM:
      choices = bw_value_get_choices (facts->datatype, facts->format);
      n_choices = choices != NULL ? g_strv_length (choices) : 0;
      if (n_choices == 0)
        return BW_TYPE_TEXT_CONTROL;
      return facts->is_retained || n_choices > MAX_BUTTONS ? BW_TYPE_CHOICE_CONTROL : BW_TYPE_BUTTONS_CONTROL;

    case BW_DATATYPE_INTEGER:
    case BW_DATATYPE_FLOAT:
    case BW_DATATYPE_PERCENT:
      return bw_number_control_fits (facts) ? BW_TYPE_NUMBER_CONTROL : BW_TYPE_TEXT_CONTROL;

    case BW_DATATYPE_COLOR:
      return BW_TYPE_COLOR_CONTROL;

    case BW_DATATYPE_STRING:
    case BW_DATATYPE_DATETIME:
    case BW_DATATYPE_DURATION:
    case BW_DATATYPE_JSON:
    default:
      return BW_TYPE_TEXT_CONTROL;
    }
}

GtkWidget *
bw_property_control_new (const BwTreeProperty *property)
{
  BwPropertyControl *self;
  BwPropertyControlPrivate *priv;
  BwPropertyFacts facts;

  g_return_val_if_fail (property != NULL, NULL);

  facts.name = g_strdup (bw_device_text_property_name (property));
  facts.unit = g_strdup (property->unit);
  facts.format = g_strdup (property->format);
  facts.datatype = property->datatype;
  facts.is_retained = property->retained;

  self = g_object_new (choose_type (&facts), NULL);
  priv = bw_property_control_get_instance_private (self);
  priv->facts = facts;

  BW_PROPERTY_CONTROL_GET_CLASS (self)->build (self);
  bw_property_control_show (self, property->value, FALSE);

  return GTK_WIDGET (self);
}

void
bw_property_control_show (BwPropertyControl *self,
                          const char        *value,
                          gboolean           is_wish)
{
  BwPropertyControlPrivate *priv = bw_property_control_get_instance_private (self);

  g_return_if_fail (BW_IS_PROPERTY_CONTROL (self));

  if (bw_property_control_is_touched (self))
    return;

  priv->is_showing = TRUE;
  BW_PROPERTY_CONTROL_GET_CLASS (self)->show (self, value, is_wish);
  priv->is_showing = FALSE;
}

gboolean
bw_property_control_is_touched (BwPropertyControl *self)
{
  BwPropertyControlClass *klass;

  g_return_val_if_fail (BW_IS_PROPERTY_CONTROL (self), FALSE);

  klass = BW_PROPERTY_CONTROL_GET_CLASS (self);

  return klass->is_touched != NULL && klass->is_touched (self);
}

gboolean
bw_property_control_is_small (BwPropertyControl *self)
{
  return BW_IS_SWITCH_CONTROL (self) || BW_IS_COLOR_CONTROL (self);
}

const BwPropertyFacts *
bw_property_control_get_facts (BwPropertyControl *self)
{
  BwPropertyControlPrivate *priv = bw_property_control_get_instance_private (self);

  return &priv->facts;
}

gboolean
bw_property_control_is_showing (BwPropertyControl *self)
{
  BwPropertyControlPrivate *priv = bw_property_control_get_instance_private (self);

  return priv->is_showing;
}

gboolean
bw_property_control_check (BwPropertyControl *self,
                           const char        *value)
{
  const BwPropertyFacts *facts = bw_property_control_get_facts (self);
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (bw_value_check (facts->datatype, facts->format, value, &error))
    {
      g_signal_emit (self, signals[INVALID], 0, NULL);
      return TRUE;
    }

  sentence = bw_error_to_field_text (error);
  g_signal_emit (self, signals[INVALID], 0, sentence);

  return FALSE;
}

gboolean
bw_property_control_want (BwPropertyControl *self,
                          const char        *value)
{
  if (!bw_property_control_check (self, value))
    return FALSE;

  g_signal_emit (self, signals[WANTED], 0, value);

  return TRUE;
}

char *
bw_property_control_format_number (double number,
                                   guint  digits)
{
  char format[8];
  char text[G_ASCII_DTOSTR_BUF_SIZE * 2];

  g_snprintf (format, sizeof format, "%%.%uf", MIN (digits, 9));

  return g_strdup (g_ascii_formatd (text, sizeof text, format, number));
}
