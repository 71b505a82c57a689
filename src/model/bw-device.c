/* bw-device.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-device.h"

#include "bw-fields-private.h"
#include "bw-json.h"
#include "bw-text.h"

/**
 * BwDevice:
 *
 * A device of the fleet. One without an id is a row of a table that has not
 * been fetched yet; it fills in place. With a document that has nodes it also
 * carries the tree of what the device says.
 */

struct _BwDevice
{
  BwEntity  parent_instance;

  char     *batch_id;
  char     *batch;
  char     *color;
  char     *company_id;
  char     *name;
  char     *product;
  char     *version;
  char     *homie;
  char     *address;
  char     *local_ip;
  char     *type;
  char     *abbreviation;
  char     *license;
  char     *machine_id;
  char     *owner_id;
  char     *owner;
  char    **tags;
  gint64    serial;
  gint64    first_seen_us;
  gint64    last_seen_us;
  gint64    approved_at_us;
  gint64    paired_at_us;
  guint     status;
  guint     state;
  gboolean  online;

  BwDeviceTree *tree;   /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (BwDevice, bw_device, BW_TYPE_ENTITY)

static const char * const status_nicks[] = {
  [BW_STATUS_NEW] = "new",
  [BW_STATUS_LABELLED] = "labelled",
  [BW_STATUS_FLASHED] = "flashed",
  [BW_STATUS_AWAITING_APPROVAL] = "awaiting-approval",
  [BW_STATUS_PAIRING] = "pairing",
  [BW_STATUS_PAIRED] = "paired",
  [BW_STATUS_BLOCKED] = "blocked",
  [BW_STATUS_RETIRED] = "retired",
};

static const char *
status_to_nick (guint status)
{
  return bw_status_to_nick (status);
}

static gboolean
status_from_nick (const char *nick,
                  guint      *ret_status)
{
  BwStatus status;

  if (!bw_status_from_nick (nick, &status))
    return FALSE;

  *ret_status = status;

  return TRUE;
}

static const char *
state_to_nick (guint state)
{
  return bw_state_to_nick (state);
}

static gboolean
state_from_nick (const char *nick,
                 guint      *ret_state)
{
  *ret_state = bw_state_from_nick (nick);

  return TRUE;
}

static const BwField fields[] = {
  { "batch-id", "batchId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, batch_id) },
  { "batch", "batch", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, batch) },
  { "color", "color", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, color) },
  { "company-id", "companyId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, company_id) },
  { "name", "name", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, name) },
  { "product", "product", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, product) },
  { "version", "version", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, version) },
  { "homie", "homie", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, homie) },
  { "address", "address", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, address) },
  { "local-ip", "localIp", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, local_ip) },
  { "type", "type", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, type) },
  { "abbreviation", "abbreviation", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, abbreviation) },
  { "license", "license", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, license) },
  { "machine-id", "machineId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, machine_id) },
  { "owner-id", "ownerId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, owner_id) },
  { "owner", "owner", BW_FIELD_STRING, G_STRUCT_OFFSET (BwDevice, owner) },
  { "paired-at-us", "pairedAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwDevice, paired_at_us) },
  { "tags", "tags", BW_FIELD_STRINGS, G_STRUCT_OFFSET (BwDevice, tags) },
  { "serial", "serial", BW_FIELD_INT64, G_STRUCT_OFFSET (BwDevice, serial) },
  { "first-seen-us", "firstSeenAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwDevice, first_seen_us) },
  { "last-seen-us", "lastSeenAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwDevice, last_seen_us) },
  { "approved-at-us", "approvedAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwDevice, approved_at_us) },
  { "status", "status", BW_FIELD_NICK, G_STRUCT_OFFSET (BwDevice, status), status_to_nick, status_from_nick },
  { "state", "state", BW_FIELD_NICK, G_STRUCT_OFFSET (BwDevice, state), state_to_nick, state_from_nick },
  { "online", "online", BW_FIELD_BOOLEAN, G_STRUCT_OFFSET (BwDevice, online) },
};

static GParamSpec *properties[G_N_ELEMENTS (fields)];

/* What the dialects ask the tree for is kept beside the nodes. */
static gboolean
load_tree (BwDevice    *self,
           JsonObject  *json,
           JsonArray   *nodes,
           GError     **error)
{
  if (self->tree == NULL)
    self->tree = bw_device_tree_new (bw_json_get_string (json, "id"));

  bw_set_str (&self->tree->name, self->name);
  bw_set_str (&self->tree->product, self->product);
  bw_set_str (&self->tree->version, self->version);
  bw_set_str (&self->tree->local_ip, self->local_ip);
  bw_set_str (&self->tree->homie, self->homie);
  self->tree->state = self->state;

  return bw_device_tree_read_nodes (self->tree, nodes, error);
}

static gboolean
bw_device_load (BwEntity    *entity,
                JsonObject  *json,
                GError     **error)
{
  BwDevice *self = BW_DEVICE (entity);
  JsonArray *nodes = bw_json_get_array (json, "nodes");

  if (!bw_fields_load (self, fields, G_N_ELEMENTS (fields), properties, json, error))
    return FALSE;

  return nodes == NULL || load_tree (self, json, nodes, error);
}

static void
bw_device_save (BwEntity   *entity,
                JsonObject *json)
{
  bw_fields_save (entity, fields, G_N_ELEMENTS (fields), json);

  if (BW_DEVICE (entity)->tree != NULL)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      g_autoptr(JsonNode) nodes = NULL;

      bw_device_tree_write_nodes (BW_DEVICE (entity)->tree, text, NULL);
      nodes = json_from_string (text->str, NULL);
      if (nodes != NULL)
        json_object_set_member (json, "nodes", g_steal_pointer (&nodes));
    }
}

static void
bw_device_finalize (GObject *object)
{
  g_clear_pointer (&((BwDevice *) object)->tree, bw_device_tree_free);
  bw_fields_clear (object, fields, G_N_ELEMENTS (fields));

  G_OBJECT_CLASS (bw_device_parent_class)->finalize (object);
}

static void
bw_device_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  if (prop_id >= 1 && prop_id <= G_N_ELEMENTS (fields))
    bw_fields_get_property (object, &fields[prop_id - 1], value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
bw_device_class_init (BwDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  BwEntityClass *entity_class = BW_ENTITY_CLASS (klass);

  object_class->finalize = bw_device_finalize;
  object_class->get_property = bw_device_get_property;
  entity_class->load = bw_device_load;
  entity_class->save = bw_device_save;

  bw_fields_install (object_class, fields, G_N_ELEMENTS (fields), properties);
}

static void
bw_device_init (BwDevice *self)
{
}

BwDevice *
bw_device_new (void)
{
  return g_object_new (BW_TYPE_DEVICE, NULL);
}

const char *
bw_device_get_batch_id (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), NULL);

  return self->batch_id;
}

const char *
bw_device_get_batch (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), NULL);

  return self->batch;
}

const char *
bw_device_get_color (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), NULL);

  return self->color;
}

const char *
bw_device_get_name (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), NULL);

  return self->name;
}

const char *
bw_device_get_product (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), NULL);

  return self->product;
}

const char *
bw_device_get_version (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), NULL);

  return self->version;
}

const char *
bw_device_get_homie (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), NULL);

  return self->homie;
}

const char *
bw_device_get_address (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), NULL);

  return self->address;
}

BwStatus
bw_device_get_status (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), BW_STATUS_NEW);

  return self->status;
}

BwState
bw_device_get_state (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), BW_STATE_NOT_CONNECTED);

  return self->state;
}

gboolean
bw_device_get_online (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), FALSE);

  return self->online;
}

gint64
bw_device_get_serial (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), 0);

  return self->serial;
}

gint64
bw_device_get_first_seen_us (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), 0);

  return self->first_seen_us;
}

gint64
bw_device_get_last_seen_us (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), 0);

  return self->last_seen_us;
}

gint64
bw_device_get_approved_at_us (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), 0);

  return self->approved_at_us;
}

BwDeviceTree *
bw_device_get_tree (BwDevice *self)
{
  g_return_val_if_fail (BW_IS_DEVICE (self), NULL);

  return self->tree;
}

const char *
bw_status_to_nick (BwStatus status)
{
  g_return_val_if_fail ((gsize) status < G_N_ELEMENTS (status_nicks), "new");

  return status_nicks[status];
}

gboolean
bw_status_from_nick (const char *nick,
                     BwStatus   *ret_status)
{
  for (guint i = 0; i < G_N_ELEMENTS (status_nicks); i++)
    {
      if (g_strcmp0 (nick, status_nicks[i]) == 0)
        {
          *ret_status = (BwStatus) i;
          return TRUE;
        }
    }

  return FALSE;
}

gboolean
bw_status_is_approved (BwStatus status)
{
  return status == BW_STATUS_PAIRING || status == BW_STATUS_PAIRED;
}
