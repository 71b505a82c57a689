/* bw-labels-dialog-preview.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-labels-dialog-private.h"

#include "bw-number-list.h"

/* While a number is being typed the preview waits this long. */
#define PREVIEW_DELAY_MS 80

/* The page that is shown. It asks for the IDs of that page only, so that a batch
 * may be of any size. A calibration is not in it: what is shown is what comes out. */

static void
show_page (BwLabelsDialog *self,
           GPtrArray      *ids,
           gboolean        has_facts,
           GError         *error)
{
  g_autoptr(BwSheet) sheet = NULL;
  g_autoptr(GPtrArray) picked = g_ptr_array_new ();
  g_autoptr(GArray) skipped = NULL;
  g_autoptr(GError) sheet_error = NULL;
  BwSheetOptions options = BW_SHEET_OPTIONS_INIT;
  BwSheetRequest request;
  guint first;

  if (ids == NULL)
    {
      bw_labels_dialog_show_problem (self, error);
      bw_sheet_preview_set_page (self->preview, NULL, 0);
      return;
    }

  first = g_array_index (self->page_numbers, guint, 0);
  for (guint i = 0; i < self->page_numbers->len; i++)
    {
      guint serial = g_array_index (self->page_numbers, guint, i);

      if (serial - first < ids->len)
        g_ptr_array_add (picked, g_ptr_array_index (ids, serial - first));
    }

  skipped = bw_labels_dialog_get_skipped (self, NULL);
  bw_labels_dialog_get_options (self, &options);
  if (skipped != NULL)
    {
      options.skipped = (const guint *) (void *) skipped->data;
      options.n_skipped = skipped->len;
    }
  request = bw_labels_dialog_make_request (self, &options);
  request.first_label = self->page_first;
  request.has_facts = has_facts;
  sheet = bw_sheet_new_for_request (&request, picked, (const guint *) (void *) self->page_numbers->data, &sheet_error);
  bw_sheet_preview_set_page (self->preview, sheet, self->page);
  if (sheet == NULL)
    bw_labels_dialog_show_problem (self, sheet_error);
}

static void
preview_ids_loaded_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(BwLabelsDialog) self = user_data;
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(GError) error = NULL;

  ids = bw_session_load_ids_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  show_page (self, ids, FALSE, error);
}

static void
preview_facts_loaded_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(BwLabelsDialog) self = user_data;
  g_autoptr(GPtrArray) devices = NULL;
  g_autoptr(GError) error = NULL;

  devices = bw_session_load_label_facts_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  show_page (self, devices, TRUE, error);
}

/* The serials of the page, and the one request that has them all. */
static void
fetch_page (BwLabelsDialog *self)
{
  guint first, n, first_serial, last_serial;

  g_cancellable_cancel (self->preview_cancellable);
  g_clear_object (&self->preview_cancellable);
  if (self->plan == NULL)
    {
      bw_sheet_preview_set_page (self->preview, NULL, 0);
      return;
    }

  bw_sheet_get_page_labels (self->plan, bw_labels_dialog_get_n_labels (self), self->page, &first, &n);
  if (n == 0)
    return;

  g_clear_pointer (&self->page_numbers, g_array_unref);
  self->page_numbers = g_array_sized_new (FALSE, FALSE, sizeof (guint), n);
  self->page_first = first;
  for (guint i = first; i < first + n; i++)
    {
      guint serial = bw_labels_dialog_get_serial (self, i);

      g_array_append_val (self->page_numbers, serial);
    }

  first_serial = g_array_index (self->page_numbers, guint, 0);
  last_serial = g_array_index (self->page_numbers, guint, n - 1);
  self->preview_cancellable = g_cancellable_new ();
  if (bw_sheet_wants_facts (self->plan))
    bw_session_load_label_facts_async (self->session, bw_entity_get_id (BW_ENTITY (self->batch)),
                                       first_serial, last_serial - first_serial + 1,
                                       self->preview_cancellable, preview_facts_loaded_cb, g_object_ref (self));
  else
    bw_session_load_ids_async (self->session, bw_entity_get_id (BW_ENTITY (self->batch)),
                               first_serial, last_serial - first_serial + 1,
                               self->preview_cancellable, preview_ids_loaded_cb, g_object_ref (self));
}

static gboolean
update_preview_cb (gpointer user_data)
{
  BwLabelsDialog *self = user_data;

  self->preview_id = 0;
  fetch_page (self);

  return G_SOURCE_REMOVE;
}

void
bw_labels_dialog_update_preview (BwLabelsDialog *self,
                                 gboolean        at_once)
{
  if (at_once)
    {
      g_clear_handle_id (&self->preview_id, g_source_remove);
      fetch_page (self);
    }
  else
    {
      /* what is on its way belongs to other options */
      g_cancellable_cancel (self->preview_cancellable);
      if (self->preview_id == 0)
        self->preview_id = g_timeout_add (PREVIEW_DELAY_MS, update_preview_cb, self);
    }
}

void
bw_labels_dialog_turn_page (BwLabelsDialog *self,
                            int             step)
{
  guint n_pages = self->plan != NULL ? bw_sheet_count_pages (self->plan, bw_labels_dialog_get_n_labels (self)) : 0;
  gint64 page = (gint64) self->page + step;

  if (page < 0 || page >= n_pages)
    return;

  self->page = (guint) page;
  bw_labels_dialog_update_summary (self);
  bw_labels_dialog_update_preview (self, TRUE);
}

/* The list of what is left out is the one truth; a click edits it. */
void
bw_labels_dialog_toggle_cell (BwLabelsDialog *self,
                              guint           cell)
{
  g_autoptr(GArray) skipped = bw_labels_dialog_get_skipped (self, NULL);
  g_autofree char *text = NULL;
  gboolean was_in = FALSE;
  guint at = 0;

  if (self->page != 0 || skipped == NULL || cell < 1 || cell > bw_stock_get_n_cells (self->stock) ||
      bw_stock_get_n_cells (self->stock) == 1)
    return;

  while (at < skipped->len && g_array_index (skipped, guint, at) < cell)
    at++;
  was_in = at < skipped->len && g_array_index (skipped, guint, at) == cell;
  if (was_in)
    g_array_remove_index (skipped, at);
  else
    g_array_insert_val (skipped, at, cell);

  text = bw_number_list_to_text (skipped);
  gtk_editable_set_text (self->skip_row, text);
}
