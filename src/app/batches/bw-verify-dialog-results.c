/* bw-verify-dialog-results.c: how it stands, in numbers, lists and a picture
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-verify-dialog-private.h"

#include <glib/gi18n.h>

#include "bw-compat.h"

/* Rows are made only of lists that are open. More of them than that nobody reads; the count says how many there are. */
#define MAX_SHOWN 200

/* Of the pages that were photographed at an angle. */
#define MAX_SKEWED_SHOWN 5

/* A label that the hand scanner has read is there and can be read, whatever a picture says. */
static gboolean
is_scanned (BwVerifyDialog *self,
            const char     *id)
{
  guint index;

  return bw_label_tally_find (self->tally, id, &index) && bw_label_tally_has (self->tally, index);
}

static gboolean
is_mended (BwVerifyDialog *self,
           BwLabelVerdict  verdict,
           const char     *id)
{
  return (verdict == BW_LABEL_MISSING || verdict == BW_LABEL_UNREADABLE) && is_scanned (self, id);
}

static void
clear_rows (BwVerifyDialog *self)
{
  for (guint i = 0; i < self->shown->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->shown, i);
      GtkWidget *expander = gtk_widget_get_ancestor (row, ADW_TYPE_EXPANDER_ROW);

      adw_expander_row_remove (ADW_EXPANDER_ROW (expander), row);
    }

  g_ptr_array_set_size (self->shown, 0);
}

static void
add_row (BwVerifyDialog *self,
         BwLabelVerdict  verdict,
         const char     *text)
{
  GtkWidget *row = adw_action_row_new ();
  guint index;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  if (bw_label_tally_find (self->tally, text, &index))
    {
      /* Translators: the number of a device in its batch */
      g_autofree char *serial = g_strdup_printf (_("Serial %'u"), index + 1);

      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), serial);
    }

  adw_expander_row_add_row (self->result_rows[verdict], row);
  g_ptr_array_add (self->shown, row);
}

static void
show_list (BwVerifyDialog *self,
           BwLabelVerdict  verdict,
           GPtrArray      *list)
{
  g_autofree char *text = g_strdup_printf ("%'u", list->len);

  gtk_widget_set_visible (GTK_WIDGET (self->result_rows[verdict]), list->len > 0);
  adw_expander_row_set_subtitle (self->result_rows[verdict], text);
  for (guint i = 0; i < MIN (list->len, MAX_SHOWN) && adw_expander_row_get_expanded (self->result_rows[verdict]); i++)
    add_row (self, verdict, g_ptr_array_index (list, i));
}

/* What pictures and the hand scanner say together. @lists: (element-type utf8), empty */
static void
fill_lists (BwVerifyDialog *self,
            GPtrArray      *lists[BW_LABEL_N_LISTS])
{
  guint first, n;

  bw_verify_dialog_get_range (self, &first, &n);
  for (guint i = 0; self->report != NULL && i < BW_LABEL_N_LISTS; i++)
    {
      for (guint j = 0; j < self->report->lists[i]->len; j++)
        {
          char *text = g_ptr_array_index (self->report->lists[i], j);

          if (!is_mended (self, i, text) && !(i == BW_LABEL_CONFIRMED && is_scanned (self, text)))
            g_ptr_array_add (lists[i], text);
        }
    }

  for (guint i = 0; i < self->ids->len; i++)
    {
      if (bw_label_tally_has (self->tally, i))
        g_ptr_array_add (lists[BW_LABEL_CONFIRMED], g_ptr_array_index (self->ids, i));
      else if (self->report == NULL && i >= first && i - first < n && bw_label_tally_get_n_confirmed (self->tally) > 0)
        g_ptr_array_add (lists[BW_LABEL_MISSING], g_ptr_array_index (self->ids, i));
    }
}

static int
compare_indices (gconstpointer a,
                 gconstpointer b)
{
  guint left = *(const guint *) a;
  guint right = *(const guint *) b;

  return left < right ? -1 : left > right;
}

GArray *
bw_verify_dialog_get_failed (BwVerifyDialog *self)
{
  GArray *failed = g_array_new (FALSE, FALSE, sizeof (guint));
  guint first, n;

  if (self->ids == NULL)
    return failed;

  bw_verify_dialog_get_range (self, &first, &n);
  for (guint i = BW_LABEL_MISSING; self->report != NULL && i <= BW_LABEL_SWAPPED; i++)
    {
      for (guint j = 0; j < self->report->lists[i]->len; j++)
        {
          const char *id = g_ptr_array_index (self->report->lists[i], j);
          guint index;

          if (!is_mended (self, i, id) && bw_label_tally_find (self->tally, id, &index))
            g_array_append_val (failed, index);
        }
    }

  for (guint i = first; self->report == NULL && i < first + n && bw_label_tally_get_n_confirmed (self->tally) > 0; i++)
    {
      if (!bw_label_tally_has (self->tally, i))
        g_array_append_val (failed, i);
    }

  g_array_sort (failed, compare_indices);

  return failed;
}

static void
update_map (BwVerifyDialog *self)
{
  guint n_pages = self->report != NULL ? self->report->pages->len : 0;
  g_autofree char *text = NULL;

  self->page = MIN (self->page, MAX (n_pages, 1) - 1);
  gtk_stack_set_visible_child_name (self->map_stack, n_pages > 0 ? "map" : "empty");
  gtk_widget_set_visible (self->pager, n_pages > 0);
  bw_verify_map_set_page (self->map, self->stock,
                          n_pages > 0 ? g_ptr_array_index (self->report->pages, self->page) : NULL);

  text = g_strdup_printf (_("Sheet %'u of %'u"), self->page + 1, MAX (n_pages, 1));
  gtk_label_set_label (self->page_label, text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "verify.previous-page", self->page > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "verify.next-page", self->page + 1 < n_pages);
}

/* A sentence about each page that was photographed at too much of an angle. (nullable) */
static char *
skewed_to_text (const GPtrArray *skewed)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (skewed->len, MAX_SKEWED_SHOWN); i++)
    {
      const BwLabelPage *page = g_ptr_array_index (skewed, i);
      g_autofree char *name = page->file_name != NULL ? g_path_get_basename (page->file_name) : NULL;

      if (i > 0)
        g_string_append_c (text, '\n');
      if (name != NULL)
        /* Translators: a file, and which one of its pages */
        g_string_append_printf (text, _("“%s”, page %'u, was photographed at too much of an angle. Take the picture from straight above."),
                                name, page->number);
      else
        g_string_append (text, _("The picture was taken at too much of an angle. Take it from straight above."));
    }

  if (skewed->len > MAX_SKEWED_SHOWN)
    {
      guint n_more = skewed->len - MAX_SKEWED_SHOWN;

      g_string_append_c (text, '\n');
      /* Translators: pages that were photographed at too much of an angle */
      g_string_append_printf (text, ngettext ("And %'u page more.", "And %'u pages more.", n_more), n_more);
    }

  return skewed->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static void
update_summary (BwVerifyDialog *self,
                guint           n_confirmed,
                guint           n_failed)
{
  g_autofree char *skewed = self->report != NULL ? skewed_to_text (self->report->skewed) : NULL;
  g_autofree char *text = NULL;
  guint first, n;

  bw_verify_dialog_get_range (self, &first, &n);
  if (skewed != NULL && self->report->pages->len == 0 && self->report->n_unplaced == 0 && n_confirmed == 0)
    text = g_steal_pointer (&skewed);
  else if (self->report != NULL && self->report->pages->len == 0)
    text = g_strdup (_("No label of this batch can be read there. Is the stock right?"));
  else if (n_failed == 0 && n_confirmed == 0)
    text = g_strdup (_("Scan the labels one by one, or open a scan of the sheet."));
  else if (n_failed == 0)
    text = g_strdup_printf (ngettext ("%'u of %'u label is confirmed, and none failed.",
                                      "%'u of %'u labels are confirmed, and none failed.", n), n_confirmed, n);
  else
    /* Translators: labels: confirmed ones, all, and those that are to be printed again */
    text = g_strdup_printf (ngettext ("%'u of %'u label is confirmed, %'u not.",
                                      "%'u of %'u labels are confirmed, %'u not.", n), n_confirmed, n, n_failed);

  if (skewed != NULL)
    {
      g_autofree char *both = g_strdup_printf ("%s\n%s", text, skewed);

      gtk_label_set_label (self->summary, both);
    }
  else
    gtk_label_set_label (self->summary, text);
}

void
bw_verify_dialog_update_results (BwVerifyDialog *self)
{
  g_autoptr(GArray) failed = NULL;
  GPtrArray *lists[BW_LABEL_N_LISTS];
  guint n_shown = 0;

  if (self->ids == NULL)
    return;

  for (guint i = 0; i < BW_LABEL_N_LISTS; i++)
    lists[i] = g_ptr_array_new ();

  clear_rows (self);
  fill_lists (self, lists);
  failed = bw_verify_dialog_get_failed (self);
  update_summary (self, lists[BW_LABEL_CONFIRMED]->len, failed->len);
  for (guint i = 0; i < BW_LABEL_N_LISTS; i++)
    {
      show_list (self, i, lists[i]);
      n_shown += lists[i]->len;
      g_ptr_array_unref (lists[i]);
    }

  gtk_widget_set_visible (GTK_WIDGET (self->results), n_shown > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "verify.reprint",
                                 failed->len > 0 && !bw_task_bar_is_busy (self->task_bar));
  update_map (self);
}

void
bw_verify_dialog_create_results (BwVerifyDialog *self)
{
  g_autofree char *legend = bw_verify_map_make_legend ();

  self->shown = g_ptr_array_new ();
  for (guint i = 0; i < BW_LABEL_N_LISTS; i++)
    {
      GtkWidget *row = adw_expander_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), bw_verify_verdict_to_text (i));
      gtk_widget_set_visible (row, FALSE);
      adw_preferences_group_add (self->results, row);
      g_signal_connect_object (row, "notify::expanded", G_CALLBACK (bw_verify_dialog_update_results), self,
                               G_CONNECT_SWAPPED);
      self->result_rows[i] = ADW_EXPANDER_ROW (row);
    }

  gtk_label_set_markup (self->legend, legend);
  bw_accessible_set_label (GTK_WIDGET (self->map), _("The sheet, and the result of each label"));
}
