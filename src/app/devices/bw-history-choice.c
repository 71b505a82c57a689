/* bw-history-choice.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-history-choice.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#include "bw-chart-axis.h"
#include "bw-device-text.h"
#include "bw-status-text.h"

/* Of a value in a row or a band; a device may say 64 KiB. */
#define MAX_TEXT_CHARS 200

/**
 * BwHistoryChoice:
 *
 * A line of the list to choose from, and what is known of its values: their names, unit and kind.
 */
struct _BwHistoryChoice
{
  GObject     parent_instance;

  char       *id;
  char       *node;
  char       *property;
  char       *title;
  char       *note;
  char       *unit;       /* (nullable) */
  char       *format;     /* (nullable) */
  BwDatatype  datatype;
  gboolean    settable;
  gboolean    chosen;
  gint64      n;
  gint64      first_us;
  gint64      live_us;
};

G_DEFINE_FINAL_TYPE (BwHistoryChoice, bw_history_choice, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_TITLE,
  PROP_NOTE,
  PROP_CHOSEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
is_of_device (BwHistoryChoice *self)
{
  return strcmp (self->node, BW_HISTORY_DEVICE_NODE) == 0;
}

/* (transfer full) */
static char *
make_device_label (BwHistoryChoice *self,
                   const char      *text)
{
  BwStatus status;

  if (strcmp (self->property, BW_HISTORY_STATE_PROPERTY) == 0)
    return g_strdup (bw_state_to_text (bw_state_from_nick (text)));

  if (strcmp (self->property, BW_HISTORY_STATUS_PROPERTY) == 0 && bw_status_from_nick (text, &status))
    return g_strdup (bw_status_to_text (status));

  return g_strdup (text);
}

static char *
make_label (double      value,
            const char *text,
            gpointer    data)
{
  BwHistoryChoice *self = data;
  BwTreeProperty property = { .datatype = self->datatype, .format = self->format, .settable = self->settable };
  g_autofree char *label = NULL;
  g_autofree char *start = NULL;

  if (text != NULL && is_of_device (self))
    return make_device_label (self, text);

  if (text == NULL && self->datatype != BW_DATATYPE_BOOLEAN)
    return bw_chart_number_text (value);

  label = bw_device_text_value (&property, text != NULL ? text : value >= 0.5 ? "true" : "false");
  if (g_utf8_strlen (label, -1) <= MAX_TEXT_CHARS)
    return g_steal_pointer (&label);

  start = g_utf8_substring (label, 0, MAX_TEXT_CHARS);

  return g_strconcat (start, "…", NULL);
}

BwChartSeries *
bw_history_choice_make_series (BwHistoryChoice *self)
{
  BwChartKind kind = !bw_datatype_is_number (self->datatype) ? BW_CHART_STATES
                   : self->datatype == BW_DATATYPE_INTEGER ? BW_CHART_STEPS : BW_CHART_LINE;
  BwChartSeries *series;
  g_auto(GStrv) choices = NULL;

  g_return_val_if_fail (BW_IS_HISTORY_CHOICE (self), NULL);

  series = bw_chart_series_new (self->id, self->title, self->unit, kind);
  bw_chart_series_set_label_func (series, make_label, g_object_ref (self), g_object_unref);
  bw_chart_series_set_ignores_gaps (series, is_of_device (self));

  if (self->datatype == BW_DATATYPE_BOOLEAN)
    {
      g_autofree char *off = make_label (0, NULL, self);
      g_autofree char *on = make_label (1, NULL, self);

      bw_chart_series_add_state (series, off);
      bw_chart_series_add_state (series, on);
    }
  else if (self->datatype == BW_DATATYPE_ENUM)
    {
      choices = bw_value_get_choices (self->datatype, self->format);
      for (guint i = 0; choices != NULL && choices[i] != NULL; i++)
        bw_chart_series_add_state (series, choices[i]);
    }

  return series;
}

char *
bw_history_choice_point_text (BwHistoryChoice      *self,
                              const BwHistoryPoint *point)
{
  g_autofree char *value = NULL;
  const char *unit;

  g_return_val_if_fail (BW_IS_HISTORY_CHOICE (self), NULL);
  g_return_val_if_fail (point != NULL, NULL);

  unit = self->unit != NULL ? self->unit : "";
  if (point->text != NULL || !bw_datatype_is_number (self->datatype))
    return point->text == NULL && isnan (point->last) ? g_strdup ("—") : make_label (point->last, point->text, self);

  value = point->n > 1 ? bw_chart_mean_text (point->mean, point->max - point->min) : bw_chart_number_text (point->last);
  if (point->n > 1 && point->min < point->max)
    {
      g_autofree char *min = bw_chart_number_text (point->min);
      g_autofree char *max = bw_chart_number_text (point->max);

      /* Translators: a mean, the least and the greatest value, and the unit with the space before it: 21.4 (20.9 – 22) °C */
      return g_strdup_printf (_("%s (%s – %s)%s%s"), value, min, max, *unit != '\0' ? "\xc2\xa0" : "", unit);
    }

  return g_strconcat (value, *unit != '\0' ? "\xc2\xa0" : "", unit, NULL);
}

void
bw_history_choice_read_value (BwHistoryChoice  *self,
                              const char       *value,
                              double           *ret_number,
                              const char      **ret_text)
{
  char *end = NULL;

  *ret_number = NAN;
  *ret_text = NULL;

  if (bw_datatype_is_number (self->datatype))
    {
      *ret_number = g_ascii_strtod (value, &end);
      if (end == value || *end != '\0')
        *ret_number = NAN;
    }
  else if (self->datatype == BW_DATATYPE_BOOLEAN && (strcmp (value, "true") == 0 || strcmp (value, "false") == 0))
    *ret_number = *value == 't';
  else
    *ret_text = value;
}

static char *
make_title (const char           *node,
            const char           *property,
            const BwTreeProperty *known)
{
  if (known != NULL)
    /* Translators: a node of a device and a property of it: Kitchen · Temperature */
    return g_strdup_printf (_("%s · %s"), bw_device_text_node_name (known->node), bw_device_text_property_name (known));

  if (strcmp (node, BW_HISTORY_DEVICE_NODE) == 0 && strcmp (property, BW_HISTORY_STATE_PROPERTY) == 0)
    return g_strdup (_("State of the device"));

  if (strcmp (node, BW_HISTORY_DEVICE_NODE) == 0 && strcmp (property, BW_HISTORY_STATUS_PROPERTY) == 0)
    return g_strdup (_("Status of the device"));

  return g_strdup_printf (_("%s · %s"), node, property);
}

static char *
make_note (BwHistoryChoice *self,
           gboolean         is_gone)
{
  g_autofree char *count = g_strdup_printf (ngettext ("%'lu value", "%'lu values", (gulong) self->n), (gulong) self->n);

  if (is_gone)
    /* Translators: how many values there are of a property that the device does not have any more */
    return g_strdup_printf (_("%s; the device does not have it any more"), count);

  return g_steal_pointer (&count);
}

static void
bw_history_choice_finalize (GObject *object)
{
  BwHistoryChoice *self = (BwHistoryChoice *) object;

  g_free (self->id);
  g_free (self->node);
  g_free (self->property);
  g_free (self->title);
  g_free (self->note);
  g_free (self->unit);
  g_free (self->format);

  G_OBJECT_CLASS (bw_history_choice_parent_class)->finalize (object);
}

static void
bw_history_choice_get_prop (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  BwHistoryChoice *self = BW_HISTORY_CHOICE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_NOTE:
      g_value_set_string (value, self->note);
      break;

    case PROP_CHOSEN:
      g_value_set_boolean (value, self->chosen);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_history_choice_class_init (BwHistoryChoiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = bw_history_choice_finalize;
  object_class->get_property = bw_history_choice_get_prop;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CHOSEN] =
    g_param_spec_boolean ("chosen", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bw_history_choice_init (BwHistoryChoice *self)
{
}

BwHistoryChoice *
bw_history_choice_new (const BwTreeProperty  *property,
                       const BwHistorySeries *series)
{
  BwHistoryChoice *self;

  g_return_val_if_fail (property != NULL || series != NULL, NULL);

  self = g_object_new (BW_TYPE_HISTORY_CHOICE, NULL);
  self->node = g_strdup (property != NULL ? property->node->id : series->node);
  self->property = g_strdup (property != NULL ? property->id : series->property);
  self->id = g_strdup_printf ("%s/%s", self->node, self->property);
  self->title = make_title (self->node, self->property, property);
  self->unit = g_strdup (property != NULL ? property->unit : series->unit);
  self->datatype = property != NULL ? property->datatype : series->datatype;

  if (property != NULL)
    {
      self->format = g_strdup (property->format);
      self->settable = property->settable;
      self->live_us = property->updated_at_us;
    }

  if (series != NULL)
    {
      self->n = series->n;
      self->first_us = series->first_us;
    }

  self->note = make_note (self, property == NULL && !is_of_device (self));

  return self;
}

gboolean
bw_history_choice_is_same (BwHistoryChoice *self,
                           BwHistoryChoice *other)
{
  g_return_val_if_fail (BW_IS_HISTORY_CHOICE (self), FALSE);
  g_return_val_if_fail (BW_IS_HISTORY_CHOICE (other), FALSE);

  return strcmp (self->id, other->id) == 0 && strcmp (self->title, other->title) == 0 &&
         self->datatype == other->datatype && self->settable == other->settable &&
         g_strcmp0 (self->unit, other->unit) == 0 && g_strcmp0 (self->format, other->format) == 0;
}

const char *
bw_history_choice_get_id (BwHistoryChoice *self)
{
  return self->id;
}

const char *
bw_history_choice_get_node (BwHistoryChoice *self)
{
  return self->node;
}

const char *
bw_history_choice_get_property (BwHistoryChoice *self)
{
  return self->property;
}

const char *
bw_history_choice_get_title (BwHistoryChoice *self)
{
  return self->title;
}

gboolean
bw_history_choice_is_number (BwHistoryChoice *self)
{
  return bw_datatype_is_number (self->datatype);
}

gint64
bw_history_choice_get_n (BwHistoryChoice *self)
{
  return self->n;
}

gint64
bw_history_choice_get_first_us (BwHistoryChoice *self)
{
  return self->first_us;
}

gboolean
bw_history_choice_get_chosen (BwHistoryChoice *self)
{
  return self->chosen;
}

void
bw_history_choice_set_chosen (BwHistoryChoice *self,
                              gboolean         chosen)
{
  g_return_if_fail (BW_IS_HISTORY_CHOICE (self));

  if (self->chosen == chosen)
    return;

  self->chosen = chosen;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHOSEN]);
}

gboolean
bw_history_choice_set_live_us (BwHistoryChoice *self,
                               gint64           live_us)
{
  gboolean is_other = self->live_us != live_us;

  self->live_us = live_us;

  return is_other;
}
