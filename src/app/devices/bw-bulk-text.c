/* bw-bulk-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-bulk-text.h"

#include <glib/gi18n.h>

#include "bw-json.h"

static const struct
{
  const char *action;
  const char *title;
  const char *verb;
} actions[] = {
  { "approve", N_("Approve Devices"), N_("_Approve") },
  { "unapprove", N_("Withdraw Approval"), N_("_Withdraw") },
  { "block", N_("Block Devices"), N_("_Block") },
  { "unblock", N_("Unblock Devices"), N_("_Unblock") },
  { "tag", N_("Tag Devices"), N_("_Tag") },
  { "untag", N_("Remove a Tag"), N_("_Remove Tag") },
  { "assign", N_("Assign to a Company"), N_("_Assign") },
  { "set", N_("Set a Property"), N_("_Set") },
  { "undo", N_("Undo"), N_("_Undo") },
};

const char *
bw_bulk_action_to_title (const char *action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (g_strcmp0 (actions[i].action, action) == 0)
        return _(actions[i].title);
    }

  return _("Change Devices");
}

const char *
bw_bulk_action_to_verb (const char *action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (g_strcmp0 (actions[i].action, action) == 0)
        return _(actions[i].verb);
    }

  return _("_Change");
}

/* ngettext () takes an unsigned long. */
static gulong
number (gint64 n)
{
  return (gulong) MAX (n, 0);
}

char *
bw_bulk_action_to_running (const char *action,
                           gint64      n)
{
  gulong n_devices = number (n);

  if (g_strcmp0 (action, "approve") == 0)
    return g_strdup_printf (ngettext ("Approving %'lu device…", "Approving %'lu devices…", n_devices), n_devices);

  if (g_strcmp0 (action, "block") == 0)
    return g_strdup_printf (ngettext ("Blocking %'lu device…", "Blocking %'lu devices…", n_devices), n_devices);

  if (g_strcmp0 (action, "unblock") == 0)
    return g_strdup_printf (ngettext ("Unblocking %'lu device…", "Unblocking %'lu devices…", n_devices), n_devices);

  if (g_strcmp0 (action, "tag") == 0)
    return g_strdup_printf (ngettext ("Tagging %'lu device…", "Tagging %'lu devices…", n_devices), n_devices);

  if (g_strcmp0 (action, "untag") == 0)
    return g_strdup_printf (ngettext ("Removing the tag from %'lu device…", "Removing the tag from %'lu devices…",
                                      n_devices), n_devices);

  if (g_strcmp0 (action, "assign") == 0)
    return g_strdup_printf (ngettext ("Assigning %'lu device…", "Assigning %'lu devices…", n_devices), n_devices);

  if (g_strcmp0 (action, "set") == 0)
    return g_strdup_printf (ngettext ("Setting the property of %'lu device…", "Setting the property of %'lu devices…",
                                      n_devices), n_devices);

  if (g_strcmp0 (action, "undo") == 0)
    return g_strdup (_("Undoing the change…"));

  return g_strdup_printf (ngettext ("Changing %'lu device…", "Changing %'lu devices…", n_devices), n_devices);
}

char *
bw_bulk_action_to_done (const char *action,
                        gint64      n)
{
  gulong n_devices = number (n);

  if (g_strcmp0 (action, "approve") == 0)
    return g_strdup_printf (ngettext ("%'lu device approved", "%'lu devices approved", n_devices), n_devices);

  if (g_strcmp0 (action, "block") == 0)
    return g_strdup_printf (ngettext ("%'lu device blocked", "%'lu devices blocked", n_devices), n_devices);

  if (g_strcmp0 (action, "unblock") == 0)
    return g_strdup_printf (ngettext ("%'lu device unblocked", "%'lu devices unblocked", n_devices), n_devices);

  if (g_strcmp0 (action, "tag") == 0)
    return g_strdup_printf (ngettext ("%'lu device tagged", "%'lu devices tagged", n_devices), n_devices);

  if (g_strcmp0 (action, "untag") == 0)
    return g_strdup_printf (ngettext ("Tag removed from %'lu device", "Tag removed from %'lu devices", n_devices), n_devices);

  if (g_strcmp0 (action, "assign") == 0)
    return g_strdup_printf (ngettext ("%'lu device assigned", "%'lu devices assigned", n_devices), n_devices);

  if (g_strcmp0 (action, "set") == 0)
    return g_strdup_printf (ngettext ("Property of %'lu device set", "Property of %'lu devices set", n_devices), n_devices);

  if (g_strcmp0 (action, "undo") == 0)
    return g_strdup_printf (ngettext ("%'lu device is as before", "%'lu devices are as before", n_devices), n_devices);

  return g_strdup_printf (ngettext ("%'lu device changed", "%'lu devices changed", n_devices), n_devices);
}

char *
bw_bulk_job_to_done (JsonObject *job)
{
  gint64 n_kept = bw_json_get_int (job, "nKept", 0);
  gint64 n_done = bw_json_get_int (job, "nDone", 0) - bw_json_get_int (job, "nFailed", 0) - n_kept;
  g_autofree char *done = bw_bulk_action_to_done (bw_json_get_string (job, "action"), n_done);
  g_autofree char *kept = NULL;

  if (n_kept == 0)
    return g_steal_pointer (&done);

  /* Translators: devices that get a value when they connect */
  kept = g_strdup_printf (ngettext ("%'lu offline: kept for later", "%'lu offline: kept for later", number (n_kept)),
                          number (n_kept));

  return g_strdup_printf ("%s · %s", done, kept);
}
