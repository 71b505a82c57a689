/* bw-place-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-place-row.h"

#include "bw-compat.h"
#include "bw-text.h"

/**
 * BwPlaceRow:
 *
 * A row of the sidebar: an icon, the place's name, and how much waits there.
 */

struct _BwPlaceRow
{
  GtkListBoxRow  parent_instance;

  char          *title;
  char          *icon_name;

  GtkLabel      *title_label;
  GtkImage      *icon;
  GtkLabel      *badge;
};

G_DEFINE_FINAL_TYPE (BwPlaceRow, bw_place_row, GTK_TYPE_LIST_BOX_ROW)

enum {
  PROP_0,
  PROP_TITLE,
  PROP_ICON_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
bw_place_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BW_TYPE_PLACE_ROW);

  G_OBJECT_CLASS (bw_place_row_parent_class)->dispose (object);
}

static void
bw_place_row_finalize (GObject *object)
{
  BwPlaceRow *self = (BwPlaceRow *) object;

  g_free (self->title);
  g_free (self->icon_name);

  G_OBJECT_CLASS (bw_place_row_parent_class)->finalize (object);
}

static void
bw_place_row_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  BwPlaceRow *self = BW_PLACE_ROW (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_ICON_NAME:
      g_value_set_string (value, self->icon_name);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_place_row_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  BwPlaceRow *self = BW_PLACE_ROW (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      bw_set_str (&self->title, g_value_get_string (value));
      gtk_label_set_label (self->title_label, self->title);
      bw_accessible_set_label (GTK_WIDGET (self), self->title);
      break;

    case PROP_ICON_NAME:
      bw_set_str (&self->icon_name, g_value_get_string (value));
      gtk_image_set_from_icon_name (self->icon, self->icon_name);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_place_row_class_init (BwPlaceRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_place_row_dispose;
  object_class->finalize = bw_place_row_finalize;
  object_class->get_property = bw_place_row_get_property;
  object_class->set_property = bw_place_row_set_property;

  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ICON_NAME] =
    g_param_spec_string ("icon-name", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/shell/bw-place-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BwPlaceRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, BwPlaceRow, icon);
  gtk_widget_class_bind_template_child (widget_class, BwPlaceRow, badge);
}

static void
bw_place_row_init (BwPlaceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bw_place_row_set_badge (BwPlaceRow *self,
                        gint64      count,
                        const char *spoken)
{
  g_autofree char *text = g_strdup_printf ("%'" G_GINT64_FORMAT, count);

  g_return_if_fail (BW_IS_PLACE_ROW (self));

  gtk_label_set_label (self->badge, text);
  gtk_widget_set_visible (GTK_WIDGET (self->badge), count > 0);
  bw_accessible_set_label (GTK_WIDGET (self), count > 0 && spoken != NULL ? spoken : self->title);
}
