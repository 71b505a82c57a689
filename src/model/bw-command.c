/* bw-command.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-command.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-record-private.h"

/**
 * BwCommand:
 *
 * A value that somebody wants a property to take, and how far that has come.
 */

struct _BwCommand
{
  BwRecord  parent_instance;

  char     *device_id;
  char     *node;
  char     *property;
  char     *value;
  char     *reason;
  guint     state;
  gint64    created_at_us;
  gint64    updated_at_us;
};

G_DEFINE_FINAL_TYPE (BwCommand, bw_command, BW_TYPE_RECORD)

static const char * const state_nicks[] = { "wanted", "sent", "confirmed", "failed" };

static const char *
state_to_nick (guint state)
{
  return bw_command_state_to_nick (state);
}

static gboolean
state_from_nick (const char *nick,
                 guint      *ret_state)
{
  for (guint i = 0; i < G_N_ELEMENTS (state_nicks); i++)
    {
      if (g_strcmp0 (nick, state_nicks[i]) == 0)
        {
          *ret_state = i;
          return TRUE;
        }
    }

  return FALSE;
}

static const BwField fields[] = {
  { "device-id", "deviceId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwCommand, device_id) },
  { "node", "node", BW_FIELD_STRING, G_STRUCT_OFFSET (BwCommand, node) },
  { "property", "property", BW_FIELD_STRING, G_STRUCT_OFFSET (BwCommand, property) },
  { "value", "value", BW_FIELD_STRING, G_STRUCT_OFFSET (BwCommand, value) },
  { "reason", "reason", BW_FIELD_STRING, G_STRUCT_OFFSET (BwCommand, reason) },
  { "state", "state", BW_FIELD_NICK, G_STRUCT_OFFSET (BwCommand, state), state_to_nick, state_from_nick },
  { "created-at-us", "createdAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwCommand, created_at_us) },
  { "updated-at-us", "updatedAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwCommand, updated_at_us) },
};

static GParamSpec *properties[G_N_ELEMENTS (fields)];

static gboolean
bw_command_load (BwEntity    *entity,
                 JsonObject  *json,
                 GError     **error)
{
  if (bw_json_get_string (json, "deviceId") == NULL || bw_json_get_string (json, "node") == NULL ||
      bw_json_get_string (json, "property") == NULL || bw_json_get_string (json, "value") == NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                           "a command needs deviceId, node, property and value");
      return FALSE;
    }

  return BW_ENTITY_CLASS (bw_command_parent_class)->load (entity, json, error);
}

static void
bw_command_class_init (BwCommandClass *klass)
{
  BW_ENTITY_CLASS (klass)->load = bw_command_load;

  bw_record_class_set_fields (BW_RECORD_CLASS (klass), fields, G_N_ELEMENTS (fields), properties);
}

static void
bw_command_init (BwCommand *self)
{
}

BwCommand *
bw_command_new (void)
{
  return g_object_new (BW_TYPE_COMMAND, NULL);
}

const char *
bw_command_get_device_id (BwCommand *self)
{
  g_return_val_if_fail (BW_IS_COMMAND (self), NULL);

  return self->device_id;
}

const char *
bw_command_get_node (BwCommand *self)
{
  g_return_val_if_fail (BW_IS_COMMAND (self), NULL);

  return self->node;
}

const char *
bw_command_get_property (BwCommand *self)
{
  g_return_val_if_fail (BW_IS_COMMAND (self), NULL);

  return self->property;
}

const char *
bw_command_get_value (BwCommand *self)
{
  g_return_val_if_fail (BW_IS_COMMAND (self), NULL);

  return self->value;
}

const char *
bw_command_get_reason (BwCommand *self)
{
  g_return_val_if_fail (BW_IS_COMMAND (self), NULL);

  return self->reason;
}

BwCommandState
bw_command_get_state (BwCommand *self)
{
  g_return_val_if_fail (BW_IS_COMMAND (self), BW_COMMAND_WANTED);

  return self->state;
}

const char *
bw_command_state_to_nick (BwCommandState state)
{
  g_return_val_if_fail ((gsize) state < G_N_ELEMENTS (state_nicks), "failed");

  return state_nicks[state];
}

/* A state that we do not know counts as failed: nobody shall wait for it. */
BwCommandState
bw_command_state_from_nick (const char *nick)
{
  guint state;

  return state_from_nick (nick, &state) ? state : BW_COMMAND_FAILED;
}
