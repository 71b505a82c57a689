/* bw-dialect.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-device"

#include "bw-dialect.h"

#include <stdarg.h>
#include <string.h>

#include "bw-dialect-private.h"
#include "bw-value.h"

#define ID_MAX_BYTES 64

void
bw_effect_clear (BwEffect *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->text);
  memset (self, 0, sizeof *self);
}

void
bw_effect_ignore (BwEffect   *self,
                  const char *format,
                  ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  /* A topic is quoted, and not every broker looks at the bytes of one. */
  g_free (self->text);
  self->text = g_utf8_make_valid (text, -1);
  self->changes |= BW_CHANGE_IGNORED;
}

gboolean
bw_slice_is (BwSlice     slice,
             const char *text)
{
  return strncmp (slice.text, text, slice.length) == 0 && text[slice.length] == '\0';
}

/* As the topics have them; here for ids inside of payloads. */
gboolean
bw_dialect_is_id (const char *text,
                  gsize       length)
{
  if (length == 0 || length > ID_MAX_BYTES)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (text[i]) && text[i] != '-' && text[i] != '_')
        return FALSE;
    }

  return TRUE;
}

gboolean
bw_dialect_claim (BwDeviceTree *tree,
                  BwTopicRoot   root,
                  BwEffect     *effect)
{
  const guint homie_5 = 2, homie_3_4 = 1;
  guint wanted = root == BW_TOPIC_HOMIE_5 ? homie_5 : homie_3_4;

  if (tree->n_dialect == wanted)
    return TRUE;

  /* A tree that was read from a document says it by its version. */
  if (tree->n_dialect == 0 && tree->homie != NULL)
    tree->n_dialect = *tree->homie == '5' ? homie_5 : homie_3_4;

  if (tree->n_dialect == homie_5 && wanted == homie_3_4)
    {
      bw_effect_ignore (effect, "the device speaks Homie 5; this is left from an earlier firmware");
      return FALSE;
    }

  if (tree->n_dialect == homie_3_4 && wanted == homie_5)
    {
      bw_device_tree_clear (tree);
      effect->changes |= BW_CHANGE_FACTS | BW_CHANGE_STRUCTURE | BW_CHANGE_STATE;
    }

  tree->n_dialect = (guint) wanted & 3;

  return TRUE;
}

char *
bw_dialect_dup_text (const char *payload,
                     gsize       length,
                     gsize       max_bytes,
                     BwEffect   *effect)
{
  if (length > max_bytes)
    {
      bw_effect_ignore (effect, "the payload has %" G_GSIZE_FORMAT " bytes, %" G_GSIZE_FORMAT " are allowed",
                        length, max_bytes);
      return NULL;
    }

  if (length > 0 && !g_utf8_validate_len (payload, length, NULL))
    {
      bw_effect_ignore (effect, "the payload is not UTF-8");
      return NULL;
    }

  return g_strndup (length > 0 ? payload : "", length);
}

void
bw_dialect_check_value (BwTreeProperty *property)
{
  property->bad_value = property->value != NULL &&
                        !bw_value_is_plausible (property->datatype, property->format, property->value);
}

void
bw_dialect_forget_if_bare (BwDeviceTree   *tree,
                           BwTreeNode     *node,
                           BwTreeProperty *property)
{
  if (property != NULL)
    {
      if (property->described || property->value != NULL || property->target != NULL)
        return;

      bw_device_tree_remove_property (tree, node->id, property->id);
    }

  if (node->properties->len > 0 || (node->aside != NULL && node->aside->len > 0) || node->has_list ||
      node->name != NULL || node->type != NULL || node->array != NULL || node->is_array)
    return;

  /* a list of the device's own names it, bare as it is */
  if (tree->scopes != NULL && !node->hidden)
    return;

  bw_device_tree_remove_node (tree, node->id);
}

/* Values come and go all day and are mostly as long as the last one. */
static gboolean
store_text (char       **place,
            const char  *payload,
            gsize        length)
{
  if (*place != NULL && strlen (*place) == length)
    {
      if (memcmp (*place, payload, length) == 0)
        return FALSE;
    }
  else
    {
      *place = g_realloc (*place, length + 1);
      (*place)[length] = '\0';
    }

  memcpy (*place, payload, length);

  return TRUE;
}

static void
clear_value (BwDeviceTree   *tree,
             BwTreeProperty *property,
             gboolean        is_target,
             gint64          now_us,
             BwEffect       *effect)
{
  char **place = is_target ? &property->target : &property->value;
  gboolean is_visible = bw_tree_property_is_visible (property);

  if (*place == NULL)
    return;

  g_clear_pointer (place, g_free);
  property->updated_at_us = is_target ? property->updated_at_us : now_us;
  property->bad_value = is_target ? property->bad_value : 0;
  property->dirty_value = 1;
  if (is_visible)
    {
      effect->changes |= is_target ? BW_CHANGE_TARGET : BW_CHANGE_VALUE;
      effect->property = property;
    }

  if (!property->described && property->value == NULL && property->target == NULL)
    {
      effect->property = NULL;
      effect->changes &= ~((guint) BW_CHANGE_VALUE | BW_CHANGE_TARGET);
      effect->changes |= is_visible ? BW_CHANGE_STRUCTURE : BW_CHANGE_NONE;
      bw_dialect_forget_if_bare (tree, property->node, property);
    }
}

/* A node or property that is new to the tree. */
static BwTreeProperty *
make_property (BwDeviceTree *tree,
               BwSlice       node_id,
               BwSlice       property_id,
               BwEffect     *effect)
{
  BwTreeNode *node = bw_device_tree_touch_node (tree, node_id.text, node_id.length);
  BwTreeProperty *property = NULL;

  if (node != NULL)
    property = bw_device_tree_touch_property (tree, node, property_id.text, property_id.length);

  if (property == NULL)
    {
      bw_effect_ignore (effect, "the device has more than the %d nodes or %d properties that are kept",
                        BW_TREE_MAX_NODES, BW_TREE_MAX_PROPERTIES);
      if (node != NULL)
        bw_dialect_forget_if_bare (tree, node, NULL);
      return NULL;
    }

  if (bw_tree_property_is_visible (property))
    effect->changes |= BW_CHANGE_STRUCTURE;

  return property;
}

static BwTreeProperty *
find_property (BwDeviceTree *tree,
               BwSlice       node_id,
               BwSlice       property_id)
{
  BwTreeNode *node = bw_device_tree_find_node (tree, node_id.text, node_id.length);

  return node != NULL ? bw_tree_node_find_property (node, property_id.text, property_id.length) : NULL;
}

void
bw_dialect_take_value (BwDeviceTree *tree,
                       BwSlice       node_id,
                       BwSlice       property_id,
                       const char   *payload,
                       gsize         length,
                       gboolean      is_target,
                       gboolean      empty_is_zero_byte,
                       gint64        now_us,
                       BwEffect     *effect)
{
  BwTreeProperty *property = find_property (tree, node_id, property_id);

  if (length > BW_VALUE_MAX_BYTES)
    {
      bw_effect_ignore (effect, "the value has %" G_GSIZE_FORMAT " bytes, %d are allowed",
                        length, BW_VALUE_MAX_BYTES);
      return;
    }

  if (length == 0)
    {
      if (property != NULL)
        clear_value (tree, property, is_target, now_us, effect);
      return;
    }

  if (empty_is_zero_byte && length == 1 && *payload == '\0')
    length = 0;
  else if (!g_utf8_validate_len (payload, length, NULL))
    {
      bw_effect_ignore (effect, "the value is not UTF-8");
      return;
    }

  if (property == NULL)
    {
      property = make_property (tree, node_id, property_id, effect);
      if (property == NULL)
        return;
    }

  if (is_target)
    store_text (&property->target, payload, length);
  else
    {
      if (store_text (&property->value, payload, length))
        bw_dialect_check_value (property);
      property->updated_at_us = now_us;
    }

  property->dirty_value = 1;
  if (!bw_tree_property_is_visible (property))
    {
      bw_effect_ignore (effect, "the device's own list does not name %s/%s", property->node->id, property->id);
      return;
    }

  effect->changes |= is_target ? BW_CHANGE_TARGET : BW_CHANGE_VALUE;
  effect->property = property;
}

void
bw_dialect_take_state (BwDeviceTree *tree,
                       const char   *payload,
                       gsize         length,
                       BwEffect     *effect)
{
  g_autofree char *text = bw_dialect_dup_text (payload, length, BW_TREE_MAX_TEXT_BYTES, effect);
  BwState state;

  if (text == NULL)
    return;

  /* The word for a device that never spoke is ours, not the device's. */
  state = bw_state_from_nick (text);
  if (state == BW_STATE_NOT_CONNECTED)
    {
      bw_effect_ignore (effect, "“%s” is no state of a device", text);
      return;
    }

  if (tree->state != state)
    {
      tree->state = state;
      effect->changes |= BW_CHANGE_STATE;
    }
}

const BwDialect *
bw_dialect_for_root (BwTopicRoot root)
{
  switch (root)
    {
    case BW_TOPIC_HOMIE_5:
      return &bw_homie_5_dialect;

    case BW_TOPIC_HOMIE_3_4:
      return &bw_homie_3_4_dialect;

    case BW_TOPIC_PRESENCE:
    case BW_TOPIC_CHANGES:
    default:
      return NULL;
    }
}

const BwDialect *
bw_dialect_for_tree (const BwDeviceTree *tree)
{
  g_return_val_if_fail (tree != NULL, NULL);

  if (tree->homie == NULL)
    return NULL;

  switch (*tree->homie)
    {
    case '5':
      return &bw_homie_5_dialect;

    case '3':
    case '4':
      return &bw_homie_3_4_dialect;

    default:
      return NULL;
    }
}
