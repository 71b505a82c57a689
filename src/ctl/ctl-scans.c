/* ctl-scans.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-scans.h"

#include <glib/gi18n.h>

#include "bw-camera.h"
#include "bw-json.h"

/* Foreign codes that are kept to be shown at the end. */
#define MAX_FOREIGN 1000

static void
add_skewed (GString         *out,
            const GPtrArray *skewed)
{
  bw_json_begin_array (out, "skewed");
  for (guint i = 0; i < skewed->len; i++)
    {
      const BwLabelPage *page = g_ptr_array_index (skewed, i);

      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "file", page->file_name);
      bw_json_add_int (out, "page", page->number);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
}

void
ctl_print_label_json (GPtrArray * const  lists[BW_LABEL_N_LISTS],
                      const GPtrArray   *skewed)
{
  g_autoptr(GString) out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  for (guint i = 0; i < BW_LABEL_N_LISTS; i++)
    {
      bw_json_begin_array (out, bw_label_verdict_to_nick (i));
      for (guint j = 0; j < lists[i]->len; j++)
        bw_json_add_string (out, NULL, g_ptr_array_index (lists[i], j));
      bw_json_end_array (out);
    }
  if (skewed != NULL)
    add_skewed (out, skewed);
  bw_json_end_object (out);
  ctl_print_text (out->str);
}

static const char *
verdict_to_text (guint verdict)
{
  static const char * const texts[] = {
    NC_("label", "confirmed"), NC_("label", "missing"), NC_("label", "unreadable"),
    NC_("label", "duplicate"), NC_("label", "swapped"), NC_("label", "foreign"),
  };

  return g_dpgettext2 (NULL, "label", texts[verdict]);
}

/* What is not as it should be, a line each, then how many of each there are. */
void
ctl_print_label_lists (GPtrArray * const  lists[BW_LABEL_N_LISTS],
                       GPtrArray         *ids)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(GHashTable) serials = g_hash_table_new (g_str_hash, g_str_equal);
  const char *head[] = { _("LABEL"), _("SERIAL"), _("RESULT"), NULL };

  for (guint i = 0; i < ids->len; i++)
    g_hash_table_insert (serials, g_ptr_array_index (ids, i), GUINT_TO_POINTER (i + 1));

  g_ptr_array_add (rows, g_strdupv ((char **) head));
  for (guint i = BW_LABEL_MISSING; i < BW_LABEL_N_LISTS; i++)
    {
      for (guint j = 0; j < lists[i]->len; j++)
        {
          const char *text = g_ptr_array_index (lists[i], j);
          guint serial = GPOINTER_TO_UINT (g_hash_table_lookup (serials, text));
          char **row = g_new0 (char *, 4);

          row[0] = ctl_clean (text);
          row[1] = serial > 0 ? g_strdup_printf ("%u", serial) : g_strdup ("–");
          row[2] = g_strdup (verdict_to_text (i));
          g_ptr_array_add (rows, row);
        }
    }

  if (rows->len > 1)
    ctl_print_table (rows);

  for (guint i = 0; i < BW_LABEL_N_LISTS; i++)
    {
      if (i == BW_LABEL_CONFIRMED || lists[i]->len > 0)
        /* Translators: a result of looking at labels, and how many have it: "confirmed: 60" */
        g_print (_("%s: %'u\n"), verdict_to_text (i), lists[i]->len);
    }
}

void
ctl_scans_init (CtlScans  *self,
                Ctl       *ctl,
                GPtrArray *ids,
                guint      first,
                guint      n,
                guint      copies)
{
  *self = (CtlScans) { .ctl = ctl, .ids = ids, .first = first, .n = n };
  self->tally = bw_label_tally_new (ids);
  bw_label_tally_set_copies (self->tally, copies);
  self->foreign = g_ptr_array_new_with_free_func (g_free);
}

void
ctl_scans_clear (CtlScans *self)
{
  g_clear_pointer (&self->tally, bw_label_tally_free);
  g_clear_pointer (&self->foreign, g_ptr_array_unref);
}

void
ctl_scans_take (CtlScans   *self,
                const char *text)
{
  g_autofree char *shown = ctl_clean (text);
  guint index = 0;

  if (*text == '\0')
    return;

  switch (bw_label_tally_scan (self->tally, text, &index))
    {
    case BW_LABEL_SCAN_CONFIRMED:
      if (!self->ctl->json)
        /* Translators: an ID; its serial; how many labels are confirmed of how many */
        g_print (_("%s: serial %'u, %'u of %'u\n"), (char *) g_ptr_array_index (self->ids, index), index + 1,
                 bw_label_tally_get_n_confirmed (self->tally), self->ids->len);
      break;
    case BW_LABEL_SCAN_AGAIN:
      if (!self->ctl->json)
        g_print (_("%s: was scanned before\n"), (char *) g_ptr_array_index (self->ids, index));
      break;
    case BW_LABEL_SCAN_FOREIGN:
    default:
      if (!self->ctl->json)
        g_print (_("%s: is not of this batch\n"), shown);
      if (self->foreign->len < MAX_FOREIGN && !g_ptr_array_find_with_equal_func (self->foreign, shown, g_str_equal, NULL))
        g_ptr_array_add (self->foreign, g_steal_pointer (&shown));
      break;
    }
}

GArray *
ctl_scans_get_missing (const CtlScans *self)
{
  GArray *missing = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = self->first; i < self->first + self->n; i++)
    {
      if (!bw_label_tally_has (self->tally, i))
        g_array_append_val (missing, i);
    }

  return missing;
}

gboolean
ctl_scans_is_complete (const CtlScans *self)
{
  for (guint i = self->first; i < self->first + self->n; i++)
    {
      if (!bw_label_tally_has (self->tally, i))
        return FALSE;
    }

  return TRUE;
}

CtlStatus
ctl_scans_report (const CtlScans *self)
{
  g_autoptr(GPtrArray) confirmed = g_ptr_array_new ();
  g_autoptr(GPtrArray) missing = g_ptr_array_new ();
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  GPtrArray *lists[BW_LABEL_N_LISTS] = { confirmed, missing, none, none, none, self->foreign };

  for (guint i = 0; i < self->ids->len; i++)
    {
      if (bw_label_tally_has (self->tally, i))
        g_ptr_array_add (confirmed, g_ptr_array_index (self->ids, i));
      else if (i >= self->first && i - self->first < self->n)
        g_ptr_array_add (missing, g_ptr_array_index (self->ids, i));
    }

  if (self->ctl->json)
    ctl_print_label_json (lists, NULL);
  else
    ctl_print_label_lists (lists, self->ids);

  return missing->len == 0 && self->foreign->len == 0 ? CTL_DONE : CTL_REFUSED;
}

/* The camera. */

static void
failed_cb (BwCamera     *camera,
           const GError *error,
           GError      **ret_error)
{
  *ret_error = g_error_copy (error);
}

gboolean
ctl_scans_watch (CtlScans    *self,
                 const char  *device,
                 GError     **error)
{
  g_autoptr(BwCamera) camera = bw_camera_new (device);
  g_autoptr(GError) failure = NULL;

  g_signal_connect_swapped (camera, "code", G_CALLBACK (ctl_scans_take), self);
  g_signal_connect (camera, "failed", G_CALLBACK (failed_cb), &failure);
  bw_camera_start (camera);
  if (!self->ctl->json)
    g_printerr ("%s\n", _("Hold the labels before the camera; end with Ctrl+C."));

  /* Ctrl+C comes by the main loop. */
  while (failure == NULL && !g_cancellable_is_cancelled (self->ctl->cancellable) && !ctl_scans_is_complete (self))
    g_main_context_iteration (NULL, TRUE);

  /* that was the end of looking, not of the command */
  g_cancellable_reset (self->ctl->cancellable);
  bw_camera_stop (camera);
  bw_camera_wait ();
  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}
