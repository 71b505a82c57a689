/* bw-test-messages.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-test-messages.h"

#include <string.h>

static void
message_free (BwTestMessage *message)
{
  g_free (message->topic);
  g_bytes_unref (message->payload);
  g_free (message);
}

GPtrArray *
bw_test_messages_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) message_free);
}

void
bw_test_messages_add (GPtrArray  *messages,
                      const char *topic,
                      const char *payload)
{
  BwTestMessage *message = g_new0 (BwTestMessage, 1);

  message->topic = g_strdup (topic);
  /* how the recorded files write the one byte that is an empty string */
  message->payload = strcmp (payload, "\\0") == 0 ? g_bytes_new ("", 1) : g_bytes_new (payload, strlen (payload));
  g_ptr_array_add (messages, message);
}

GPtrArray *
bw_test_messages_read (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".txt", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "recorded", file, NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *messages = bw_test_messages_new ();

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *space = strchr (lines[i], ' ');

      if (space == NULL)
        continue;
      *space = '\0';
      bw_test_messages_add (messages, lines[i], space + 1);
    }
  g_assert_cmpuint (messages->len, >, 5);

  return messages;
}

void
bw_test_messages_shuffle (GPtrArray *messages)
{
  for (guint i = messages->len; i > 1; i--)
    {
      guint j = (guint) g_test_rand_int_range (0, (gint32) i);
      gpointer swap = messages->pdata[i - 1];

      messages->pdata[i - 1] = messages->pdata[j];
      messages->pdata[j] = swap;
    }
}

void
bw_test_send_bytes (BwDeviceTree  *tree,
                    const char    *topic,
                    gconstpointer  payload,
                    gsize          length,
                    gint64         now_us,
                    BwEffect      *ret_effect)
{
  BwTopic parsed;

  g_assert_true (bw_topic_parse (topic, strlen (topic), &parsed));
  bw_dialect_for_root (parsed.root)->on_message (tree, &parsed, payload, length, TRUE, now_us, ret_effect);

  /* what holds of every effect */
  if (ret_effect->changes & (BW_CHANGE_LOG | BW_CHANGE_IGNORED))
    g_assert_nonnull (ret_effect->text);
  else
    g_assert_null (ret_effect->text);
  if (ret_effect->changes & (BW_CHANGE_VALUE | BW_CHANGE_TARGET))
    g_assert_true (ret_effect->property != NULL && bw_tree_property_is_visible (ret_effect->property));
}

guint
bw_test_send (BwDeviceTree  *tree,
              const char    *topic,
              const char    *payload,
              char         **ret_text)
{
  g_auto(BwEffect) effect = { 0 };

  bw_test_send_bytes (tree, topic, payload, strlen (payload), 1000, &effect);
  if (ret_text != NULL)
    *ret_text = g_strdup (effect.text);

  return effect.changes;
}

void
bw_test_send_all (BwDeviceTree *tree,
                  GPtrArray    *messages)
{
  for (guint i = 0; i < messages->len; i++)
    {
      BwTestMessage *message = g_ptr_array_index (messages, i);
      gsize length;
      const char *payload = g_bytes_get_data (message->payload, &length);
      g_auto(BwEffect) effect = { 0 };

      bw_test_send_bytes (tree, message->topic, payload, length, 1000, &effect);
    }
}

char *
bw_test_describe_tree (BwDeviceTree *tree)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s name=%s product=%s version=%s ip=%s homie=%s state=%s ", tree->id, tree->name,
                          tree->product, tree->version, tree->local_ip, tree->homie, bw_state_to_nick (tree->state));
  for (guint i = 0; tree->children != NULL && i < tree->children->len; i++)
    g_string_append_printf (text, "child=%s ", (char *) g_ptr_array_index (tree->children, i));

  g_string_append_c (text, '\n');
  bw_device_tree_write_nodes (tree, text, NULL);
  for (guint i = 0; i < tree->nodes->len; i++)
    {
      BwTreeNode *node = g_ptr_array_index (tree->nodes, i);

      for (guint j = 0; j < node->properties->len; j++)
        {
          BwTreeProperty *property = g_ptr_array_index (node->properties, j);

          g_string_append_printf (text, " %s/%s:%d%d", node->id, property->id, property->described,
                                  property->bad_value);
        }
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
