/* bw-raw-message.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-raw-message.h"

#include <string.h>

#include "bw-json.h"

#define PREVIEW_MAX_BYTES 240
#define PREVIEW_MAX_HEX   48
#define SEARCH_MAX_BYTES  4096      /* of a payload: a fleet of 64 KiB values is not read at each key */
#define PRETTY_MAX_BYTES  (1024 * 1024)

/**
 * BwRawMessage:
 *
 * One message as it came from the broker, whatever is in it, and what was made
 * of it. Nothing about it changes, so it may be read on any thread.
 */

struct _BwRawMessage
{
  GObject         parent_instance;

  char           *topic;
  char           *payload;     /* terminated, may hold anything */
  gsize           length;
  char           *reason;      /* (nullable) */
  gint64          at_us;
  BwRawDirection  direction;
  guint           qos : 2;
  guint           retained : 1;
  guint           is_text : 1;
};

G_DEFINE_FINAL_TYPE (BwRawMessage, bw_raw_message, G_TYPE_OBJECT)

static void
bw_raw_message_finalize (GObject *object)
{
  BwRawMessage *self = (BwRawMessage *) object;

  g_free (self->topic);
  g_free (self->payload);
  g_free (self->reason);

  G_OBJECT_CLASS (bw_raw_message_parent_class)->finalize (object);
}

static void
bw_raw_message_class_init (BwRawMessageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bw_raw_message_finalize;
}

static void
bw_raw_message_init (BwRawMessage *self)
{
}

BwRawMessage *
bw_raw_message_new (const BwMqttMessage *message,
                    BwRawDirection       direction,
                    const char          *reason,
                    gint64               at_us)
{
  BwRawMessage *self;

  g_return_val_if_fail (message != NULL, NULL);

  self = g_object_new (BW_TYPE_RAW_MESSAGE, NULL);
  self->topic = g_utf8_make_valid (message->topic, -1);
  self->payload = g_malloc (message->length + 1);
  if (message->length > 0)
    memcpy (self->payload, message->payload, message->length);
  self->payload[message->length] = '\0';
  self->length = message->length;
  self->reason = g_strdup (reason);
  self->at_us = at_us;
  self->direction = direction;
  self->qos = message->qos;
  self->retained = message->retained;
  self->is_text = message->length == 0 || g_utf8_validate_len (self->payload, self->length, NULL);

  return self;
}

const char *
bw_raw_message_get_topic (BwRawMessage *self)
{
  g_return_val_if_fail (BW_IS_RAW_MESSAGE (self), NULL);

  return self->topic;
}

gint64
bw_raw_message_get_at_us (BwRawMessage *self)
{
  g_return_val_if_fail (BW_IS_RAW_MESSAGE (self), 0);

  return self->at_us;
}

guint
bw_raw_message_get_qos (BwRawMessage *self)
{
  g_return_val_if_fail (BW_IS_RAW_MESSAGE (self), 0);

  return self->qos;
}

gboolean
bw_raw_message_get_retained (BwRawMessage *self)
{
  g_return_val_if_fail (BW_IS_RAW_MESSAGE (self), FALSE);

  return self->retained;
}

BwRawDirection
bw_raw_message_get_direction (BwRawMessage *self)
{
  g_return_val_if_fail (BW_IS_RAW_MESSAGE (self), BW_RAW_FROM_DEVICE);

  return self->direction;
}

const char *
bw_raw_message_get_reason (BwRawMessage *self)
{
  g_return_val_if_fail (BW_IS_RAW_MESSAGE (self), NULL);

  return self->reason;
}

gsize
bw_raw_message_get_n_bytes (BwRawMessage *self)
{
  g_return_val_if_fail (BW_IS_RAW_MESSAGE (self), 0);

  return self->length;
}

gsize
bw_raw_message_get_size (BwRawMessage *self)
{
  g_return_val_if_fail (BW_IS_RAW_MESSAGE (self), 0);

  return sizeof *self + strlen (self->topic) + self->length + (self->reason != NULL ? strlen (self->reason) : 0);
}

gboolean
bw_raw_message_is_text (BwRawMessage *self)
{
  g_return_val_if_fail (BW_IS_RAW_MESSAGE (self), FALSE);

  return self->is_text;
}

/* (transfer full): "9f 00 c3 …", sixteen in a line unless it is to be one */
static char *
format_hex (BwRawMessage *self,
            gsize         max_bytes,
            gboolean      is_one_line)
{
  static const char digits[] = "0123456789abcdef";
  gsize length = MIN (self->length, max_bytes);
  GString *out = g_string_sized_new (length * 3 + 4);

  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = (guint8) self->payload[i];

      if (i > 0)
        g_string_append_c (out, i % 16 == 0 && !is_one_line ? '\n' : ' ');
      g_string_append_c (out, digits[byte >> 4]);
      g_string_append_c (out, digits[byte & 15]);
    }

  if (length < self->length)
    g_string_append (out, " …");

  return g_string_free (out, FALSE);
}

/* (transfer full): its first bytes, no character cut through */
static char *
cut (const char *text,
     gsize       length,
     gsize       max_bytes)
{
  g_autofree char *start = NULL;
  const char *end;

  if (length <= max_bytes)
    return g_strndup (text, length);

  end = g_utf8_find_prev_char (text, text + max_bytes + 1);
  start = g_strndup (text, (gsize) (end - text));

  return g_strconcat (start, "…", NULL);
}

char *
bw_raw_message_format (BwRawMessage *self,
                       gsize         max_bytes,
                       gboolean      is_pretty)
{
  g_autoptr(JsonNode) node = NULL;
  gsize max;

  g_return_val_if_fail (BW_IS_RAW_MESSAGE (self), NULL);

  max = max_bytes > 0 ? max_bytes : G_MAXSIZE;
  if (!self->is_text)
    return format_hex (self, max, FALSE);

  if (is_pretty)
    node = bw_json_parse (self->payload, self->length, PRETTY_MAX_BYTES, NULL);

  if (node != NULL)
    {
      g_autofree char *pretty = json_to_string (node, TRUE);

      return cut (pretty, strlen (pretty), max);
    }

  return cut (self->payload, self->length, max);
}

char *
bw_raw_message_preview (BwRawMessage *self)
{
  char *text;

  g_return_val_if_fail (BW_IS_RAW_MESSAGE (self), NULL);

  if (!self->is_text)
    return format_hex (self, PREVIEW_MAX_HEX, TRUE);

  text = cut (self->payload, self->length, PREVIEW_MAX_BYTES);
  for (char *at = text; *at != '\0'; at++)
    {
      if (g_ascii_iscntrl (*at))
        *at = ' ';
    }

  return text;
}

static gboolean
holds (const char *text,
       gsize       length,
       const char *wanted)
{
  g_autofree char *folded = g_utf8_casefold (text, (gssize) length);

  return strstr (folded, wanted) != NULL;
}

gboolean
bw_raw_message_has_text (BwRawMessage *self,
                         const char   *text)
{
  g_return_val_if_fail (BW_IS_RAW_MESSAGE (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (holds (self->topic, strlen (self->topic), text) ||
      (self->reason != NULL && holds (self->reason, strlen (self->reason), text)))
    return TRUE;

  if (self->is_text)
    {
      g_autofree char *start = cut (self->payload, self->length, SEARCH_MAX_BYTES);

      return holds (start, strlen (start), text);
    }
  else
    {
      g_autofree char *hex = format_hex (self, SEARCH_MAX_BYTES, TRUE);

      return strstr (hex, text) != NULL;
    }
}

const char *
bw_raw_direction_to_nick (BwRawDirection direction)
{
  switch (direction)
    {
    case BW_RAW_FROM_DEVICE:
      return "from-device";

    case BW_RAW_TO_DEVICE:
      return "to-device";

    case BW_RAW_ABOUT_DEVICE:
    default:
      return "about-device";
    }
}

void
bw_raw_message_to_json (BwRawMessage *self,
                        GString      *out)
{
  g_return_if_fail (BW_IS_RAW_MESSAGE (self));

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "at", self->at_us);
  bw_json_add_string (out, "topic", self->topic);
  bw_json_add_string (out, "direction", bw_raw_direction_to_nick (self->direction));
  bw_json_add_int (out, "qos", self->qos);
  bw_json_add_boolean (out, "retained", self->retained);
  bw_json_add_int (out, "bytes", (gint64) self->length);
  if (self->is_text)
    {
      bw_json_add_string (out, "text", self->payload);
    }
  else
    {
      g_autofree char *hex = format_hex (self, G_MAXSIZE, TRUE);

      bw_json_add_string (out, "hex", hex);
    }
  bw_json_add_string (out, "reason", self->reason);
  bw_json_end_object (out);
}
