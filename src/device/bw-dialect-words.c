/* bw-dialect-words.c: what a device says to people
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-device"

#include "bw-dialect.h"

#include <string.h>

#include "bw-dialect-private.h"

#define LOG_PREFIX   "$log/"
#define ALERT_PREFIX "$alert/"

static const struct
{
  const char *name;
  BwLevel     level;
} levels[] = {
  { "debug", BW_LEVEL_DEBUG },
  { "info", BW_LEVEL_INFO },
  { "warn", BW_LEVEL_WARNING },
  { "error", BW_LEVEL_ERROR },
  { "fatal", BW_LEVEL_FATAL },
};

/* A line for people; of any length, of which the beginning is enough. */
static void
take_words (BwSlice     scope,
            const char *payload,
            gsize       length,
            BwLevel     level,
            gboolean    is_alert,
            BwEffect   *effect)
{
  g_autofree char *text = bw_dialect_dup_text (payload, length, BW_VALUE_MAX_BYTES, effect);

  if (text == NULL || *text == '\0')
    return;

  if (length > BW_TREE_MAX_TEXT_BYTES)
    text[g_utf8_find_prev_char (text, text + BW_TREE_MAX_TEXT_BYTES + 1) - text] = '\0';

  if (scope.length > 0)
    {
      effect->text = g_strdup_printf ("%.*s: %s", (int) scope.length, scope.text, text);
    }
  else
    effect->text = g_steal_pointer (&text);

  effect->changes |= BW_CHANGE_LOG;
  effect->level = level;
  effect->is_alert = is_alert;
}

static gboolean
has_prefix (BwSlice     slice,
            const char *prefix)
{
  gsize length = strlen (prefix);

  return slice.length > length && memcmp (slice.text, prefix, length) == 0;
}

gboolean
bw_dialect_take_words (BwSlice     scope,
                       BwSlice     attribute,
                       const char *payload,
                       gsize       length,
                       BwEffect   *effect)
{
  BwSlice name;

  if (has_prefix (attribute, ALERT_PREFIX))
    {
      take_words (scope, payload, length, BW_LEVEL_WARNING, TRUE, effect);
      return TRUE;
    }

  if (!has_prefix (attribute, LOG_PREFIX))
    return FALSE;

  name.text = attribute.text + strlen (LOG_PREFIX);
  name.length = attribute.length - strlen (LOG_PREFIX);
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      if (bw_slice_is (name, levels[i].name))
        {
          take_words (scope, payload, length, levels[i].level, FALSE, effect);
          return TRUE;
        }
    }

  bw_effect_ignore (effect, "“%.*s” is no level of a log", (int) name.length, name.text);

  return TRUE;
}
