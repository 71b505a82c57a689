/* ctl-raw.c: bellwetherctl device raw
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-raw.h"

#include <stdio.h>

#include <glib/gi18n.h>

#include "bw-live-device.h"

/* What the broker keeps has no end mark: it has come when no more of it comes for so long. */
#define QUIET_MS 1000

typedef struct
{
  Ctl          *ctl;
  BwLiveDevice *live;
  gboolean      follows;
  guint         quiet_id;
  GError       *error;
} Raw;

static char *
format_time (gint64 at_us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *text = g_date_time_format (local, "%H:%M:%S");

  return g_strdup_printf ("%s.%03d", text, (int) (at_us % G_USEC_PER_SEC / 1000));
}

static gboolean
quiet_cb (gpointer user_data)
{
  Raw *raw = user_data;

  raw->quiet_id = 0;
  g_cancellable_cancel (raw->ctl->cancellable);

  return G_SOURCE_REMOVE;
}

static void
wait_for_quiet (Raw *raw)
{
  gboolean is_connected = FALSE;

  g_object_get (raw->live, "connected", &is_connected, NULL);
  if (raw->follows || !is_connected)
    return;

  g_clear_handle_id (&raw->quiet_id, g_source_remove);
  raw->quiet_id = g_timeout_add (QUIET_MS, quiet_cb, raw);
}

static void
added_cb (Raw          *raw,
          BwRawMessage *message)
{
  if (bw_raw_message_get_retained (message))
    wait_for_quiet (raw);

  if (raw->ctl->json)
    {
      g_autoptr(GString) out = g_string_new (NULL);

      bw_raw_message_to_json (message, out);
      ctl_print_text (out->str);
    }
  else
    {
      static const char * const marks[] = { [BW_RAW_FROM_DEVICE] = "<", [BW_RAW_TO_DEVICE] = ">", [BW_RAW_ABOUT_DEVICE] = "=" };
      g_autofree char *time = format_time (bw_raw_message_get_at_us (message));
      g_autofree char *topic = ctl_clean (bw_raw_message_get_topic (message));
      g_autofree char *preview = bw_raw_message_preview (message);
      g_autofree char *payload = ctl_clean (preview);
      g_autofree char *reason = ctl_clean (bw_raw_message_get_reason (message));

      printf ("%s %s %s%u %6" G_GSIZE_FORMAT " %s  %s%s%s%s\n", time, marks[bw_raw_message_get_direction (message)],
              bw_raw_message_get_retained (message) ? "r" : "-", bw_raw_message_get_qos (message),
              bw_raw_message_get_n_bytes (message), topic, payload,
              *reason != '\0' ? "  (" : "", reason, *reason != '\0' ? ")" : "");
    }

  fflush (stdout);
}

static void
failed_cb (Raw    *raw,
           GError *error)
{
  if (raw->error == NULL)
    raw->error = g_error_copy (error);
}

static gboolean
over_cb (gpointer user_data)
{
  g_cancellable_cancel (((Ctl *) user_data)->cancellable);

  return G_SOURCE_REMOVE;
}

static CtlStatus
run (Raw        *raw,
     const char *id)
{
  CtlStatus status = CTL_DONE;

  raw->live = bw_live_device_new (raw->ctl->session, id);
  g_signal_connect_swapped (bw_live_device_get_raw_log (raw->live), "added", G_CALLBACK (added_cb), raw);
  g_signal_connect_swapped (raw->live, "notify::connected", G_CALLBACK (wait_for_quiet), raw);
  g_signal_connect_swapped (raw->live, "failed", G_CALLBACK (failed_cb), raw);

  while (raw->error == NULL && !g_cancellable_is_cancelled (raw->ctl->cancellable))
    g_main_context_iteration (NULL, TRUE);

  if (raw->error != NULL)
    status = ctl_fail (raw->error);
  else if (bw_live_device_get_n_dropped (raw->live) > 0)
    status = ctl_fail_text (ngettext ("%lu message came faster than it could be read",
                                      "%lu messages came faster than they could be read",
                                      (gulong) bw_live_device_get_n_dropped (raw->live)),
                            (gulong) bw_live_device_get_n_dropped (raw->live));

  g_signal_handlers_disconnect_by_data (bw_live_device_get_raw_log (raw->live), raw);
  g_signal_handlers_disconnect_by_data (raw->live, raw);
  g_clear_handle_id (&raw->quiet_id, g_source_remove);
  g_clear_object (&raw->live);
  g_clear_error (&raw->error);

  return status;
}

CtlStatus
ctl_raw (Ctl              *ctl,
         const CtlCommand *command,
         char            **arguments)
{
  gboolean follows = FALSE;
  int seconds = 0;
  const GOptionEntry entries[] = {
    { "follow", 'f', G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &follows, N_("Go on with each message as it comes, until Ctrl+C"), NULL },
    { "for", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &seconds, N_("End after so many"), N_("SECONDS") },
    { NULL }
  };
  Raw raw = { .ctl = ctl };
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  id = ctl_parse_device_id (arguments[0], &error);
  if (id == NULL || !ctl_connect (ctl, &error))
    return ctl_fail (error);

  raw.follows = follows || seconds > 0;
  if (seconds > 0)
    g_timeout_add_seconds ((guint) seconds, over_cb, ctl);

  return run (&raw, id);
}
