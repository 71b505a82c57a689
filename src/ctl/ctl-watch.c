/* ctl-watch.c: bellwetherctl device watch
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-watch.h"

#include <stdio.h>

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-live-device.h"

/* What was said last of each property, so that a tree that is built anew does
 * not make everything be said again. */
typedef struct
{
  Ctl          *ctl;
  BwLiveDevice *live;
  GHashTable   *said;     /* "node/property" → value, target and time in one text */
  char         *state;
  GError       *error;
} Watch;

static char *
now_text (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();

  return g_date_time_format (now, "%H:%M:%S");
}

static void
print_property (Watch                *watch,
                const BwTreeProperty *property)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", property->node->id, property->id);
  g_autofree char *saying = g_strdup_printf ("%" G_GINT64_FORMAT " %s\n%s", property->updated_at_us,
                                             property->value != NULL ? property->value : "",
                                             property->target != NULL ? property->target : "");

  if (g_strcmp0 (g_hash_table_lookup (watch->said, path), saying) == 0)
    return;

  if (watch->ctl->json)
    {
      g_autoptr(GString) out = g_string_new (NULL);

      bw_json_begin_object (out, NULL);
      bw_json_add_int (out, "at", property->updated_at_us);
      bw_json_add_string (out, "node", property->node->id);
      bw_json_add_string (out, "property", property->id);
      bw_json_add_string (out, "value", property->value);
      bw_json_add_string (out, "target", property->target);
      bw_json_add_string (out, "unit", property->unit);
      bw_json_end_object (out);
      ctl_print_text (out->str);
    }
  else
    {
      g_autofree char *now = now_text ();
      g_autofree char *clean_path = ctl_clean (path);
      g_autofree char *value = ctl_clean (property->value != NULL ? property->value : "–");
      g_autofree char *unit = ctl_clean (property->unit);

      printf ("%s  %s  %s%s%s\n", now, clean_path, value, *unit != '\0' ? " " : "", unit);
    }

  g_hash_table_insert (watch->said, g_steal_pointer (&path), g_steal_pointer (&saying));
}

static void
print_state (Watch *watch)
{
  BwDeviceTree *tree = bw_live_device_get_tree (watch->live);
  const char *state = tree != NULL ? bw_state_to_nick (tree->state) : NULL;

  if (state == NULL || g_strcmp0 (state, watch->state) == 0)
    return;

  g_free (watch->state);
  watch->state = g_strdup (state);

  if (watch->ctl->json)
    {
      g_autoptr(GString) out = g_string_new (NULL);

      bw_json_begin_object (out, NULL);
      bw_json_add_int (out, "at", g_get_real_time ());
      bw_json_add_string (out, "state", state);
      bw_json_end_object (out);
      ctl_print_text (out->str);
    }
  else
    {
      g_autofree char *now = now_text ();

      printf ("%s  $state  %s\n", now, state);
    }
}

static void
structure_changed_cb (Watch *watch)
{
  BwDeviceTree *tree = bw_live_device_get_tree (watch->live);

  print_state (watch);

  for (guint i = 0; tree != NULL && i < tree->nodes->len; i++)
    {
      const BwTreeNode *node = g_ptr_array_index (tree->nodes, i);

      for (guint j = 0; j < node->properties->len; j++)
        {
          const BwTreeProperty *property = g_ptr_array_index (node->properties, j);

          if (property->value != NULL || property->target != NULL)
            print_property (watch, property);
        }
    }

  fflush (stdout);
}

static void
value_changed_cb (Watch      *watch,
                  const char *node,
                  const char *name)
{
  const BwTreeProperty *property = bw_device_tree_get_property (bw_live_device_get_tree (watch->live), node, name);

  print_state (watch);
  if (property != NULL)
    print_property (watch, property);

  fflush (stdout);
}

static void
message_cb (Watch      *watch,
            guint       level,
            gboolean    is_alert,
            const char *text)
{
  g_autofree char *clean = ctl_clean (text);

  /* Translators: what a device says of itself */
  g_printerr (_("the device says: %s\n"), clean);
}

static void
failed_cb (Watch  *watch,
           GError *error)
{
  if (watch->error == NULL)
    watch->error = g_error_copy (error);
}

static gboolean
over_cb (gpointer user_data)
{
  g_cancellable_cancel (((Ctl *) user_data)->cancellable);

  return G_SOURCE_REMOVE;
}

CtlStatus
ctl_watch (Ctl              *ctl,
           const CtlCommand *command,
           char            **arguments)
{
  int seconds = 0;
  const GOptionEntry entries[] = {
    { "for", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &seconds, N_("End after so many"), N_("SECONDS") },
    { NULL }
  };
  Watch watch = { .ctl = ctl };
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  CtlStatus status = CTL_DONE;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  id = ctl_parse_device_id (arguments[0], &error);
  if (id == NULL || !ctl_connect (ctl, &error))
    return ctl_fail (error);

  if (seconds > 0)
    g_timeout_add_seconds ((guint) seconds, over_cb, ctl);

  watch.said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  watch.live = bw_live_device_new (ctl->session, id);
  g_signal_connect_swapped (watch.live, "structure-changed", G_CALLBACK (structure_changed_cb), &watch);
  g_signal_connect_swapped (watch.live, "value-changed", G_CALLBACK (value_changed_cb), &watch);
  g_signal_connect_swapped (watch.live, "message", G_CALLBACK (message_cb), &watch);
  g_signal_connect_swapped (watch.live, "failed", G_CALLBACK (failed_cb), &watch);

  while (watch.error == NULL && !g_cancellable_is_cancelled (ctl->cancellable))
    g_main_context_iteration (NULL, TRUE);

  if (watch.error != NULL)
    status = ctl_fail (watch.error);

  g_signal_handlers_disconnect_by_data (watch.live, &watch);
  g_clear_object (&watch.live);
  g_clear_pointer (&watch.said, g_hash_table_unref);
  g_clear_pointer (&watch.state, g_free);
  g_clear_error (&watch.error);

  return status;
}
