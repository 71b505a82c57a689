/* bw-entity.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-entity.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"

#define ID_MAX_BYTES 128

/**
 * BwEntity:
 *
 * A thing with an identity and a revision, which can be read from and written
 * to JSON. Every row the app shows and every document the API serves is one.
 */

typedef struct
{
  char   *id;
  gint64  revision;
} BwEntityPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BwEntity, bw_entity, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_REVISION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
bw_entity_finalize (GObject *object)
{
  BwEntity *self = (BwEntity *) object;
  BwEntityPrivate *priv = bw_entity_get_instance_private (self);

  g_clear_pointer (&priv->id, g_free);

  G_OBJECT_CLASS (bw_entity_parent_class)->finalize (object);
}

static void
bw_entity_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  BwEntity *self = BW_ENTITY (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, bw_entity_get_id (self));
      break;

    case PROP_REVISION:
      g_value_set_int64 (value, bw_entity_get_revision (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_entity_class_init (BwEntityClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = bw_entity_finalize;
  object_class->get_property = bw_entity_get_property;

  properties[PROP_ID] =
    g_param_spec_string ("id", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_REVISION] =
    g_param_spec_int64 ("revision", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bw_entity_init (BwEntity *self)
{
}

const char *
bw_entity_get_id (BwEntity *self)
{
  BwEntityPrivate *priv = bw_entity_get_instance_private (self);

  g_return_val_if_fail (BW_IS_ENTITY (self), NULL);

  return priv->id;
}

gint64
bw_entity_get_revision (BwEntity *self)
{
  BwEntityPrivate *priv = bw_entity_get_instance_private (self);

  g_return_val_if_fail (BW_IS_ENTITY (self), 0);

  return priv->revision;
}

/**
 * bw_entity_load:
 *
 * Takes over the state in @json. A document older than what we hold is
 * ignored and still counts as success: the live feed and a slow page load may
 * cross each other. One of the same revision is read again, since it may say
 * more (a device with its nodes). Who is notified sees the whole new state.
 */
gboolean
bw_entity_load (BwEntity    *self,
                JsonObject  *json,
                GError     **error)
{
  BwEntityPrivate *priv = bw_entity_get_instance_private (self);
  const char *id;
  gint64 revision;
  gboolean ok;

  g_return_val_if_fail (BW_IS_ENTITY (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);

  id = bw_json_get_string (json, "id");
  revision = MAX (bw_json_get_int (json, "revision", 0), 0);

  if (id == NULL || *id == '\0' || strlen (id) > ID_MAX_BYTES ||
      (priv->id != NULL && strcmp (priv->id, id) != 0))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "%s has no or another id", G_OBJECT_TYPE_NAME (self));
      return FALSE;
    }

  if (priv->id != NULL && revision < priv->revision)
    return TRUE;

  g_object_freeze_notify (G_OBJECT (self));

  ok = BW_ENTITY_GET_CLASS (self)->load (self, json, error);

  if (ok && priv->id == NULL)
    {
      priv->id = g_strdup (id);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ID]);
    }

  if (ok && priv->revision != revision)
    {
      priv->revision = revision;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REVISION]);
    }

  g_object_thaw_notify (G_OBJECT (self));

  return ok;
}

/* Returns: (transfer full): */
JsonObject *
bw_entity_save (BwEntity *self)
{
  BwEntityPrivate *priv = bw_entity_get_instance_private (self);
  JsonObject *json;

  g_return_val_if_fail (BW_IS_ENTITY (self), NULL);
  g_return_val_if_fail (priv->id != NULL, NULL);

  json = json_object_new ();
  json_object_set_string_member (json, "id", priv->id);
  json_object_set_int_member (json, "revision", priv->revision);
  BW_ENTITY_GET_CLASS (self)->save (self, json);

  return json;
}
