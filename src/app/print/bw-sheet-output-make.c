/* bw-sheet-output-make.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-sheet-output-private.h"

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-session.h"

/* How many labels are added before a cancel is looked for. */
#define STEP 64

/* From what a person chose and the server knows to a sheet: at once for a page,
 * in a thread for a job. That a hundred thousand licenses fit takes seconds to see. */

typedef struct
{
  BwSheetRequest    request;       /* with copies of its own: */
  char             *batch;
  char             *color;
  BwLabelDesign    *design;
  BwSheetOptions    options;
  guint            *skipped;
  char             *facts[5];
  GPtrArray        *ids;
  GArray           *serials;
  BwOutputProgress  progress;
} Make;

static void
make_free (Make *make)
{
  g_free (make->batch);
  g_free (make->color);
  g_clear_pointer (&make->design, bw_label_design_free);
  g_free (make->skipped);
  for (guint i = 0; i < G_N_ELEMENTS (make->facts); i++)
    g_free (make->facts[i]);
  g_clear_pointer (&make->ids, g_ptr_array_unref);
  g_array_unref (make->serials);
  g_free (make);
}

static gboolean
add_device (BwSheet              *sheet,
            const BwDeviceFacts  *device,
            guint                 serial,
            GError              **error)
{
  const BwLabelFacts facts = {
    .product = device->product, .abbreviation = device->abbreviation, .license = device->license,
    .machine_id = device->machine_id, .company = device->company,
  };

  return bw_sheet_add_with_facts (sheet, device->device_id, serial, &facts, error);
}

static gboolean
add (BwSheet               *sheet,
     const BwSheetRequest  *request,
     gpointer               item,
     guint                  serial,
     GError               **error)
{
  return request->has_facts ? add_device (sheet, item, serial, error) : bw_sheet_add (sheet, item, serial, error);
}

BwSheet *
bw_sheet_new_for_request (const BwSheetRequest  *request,
                          GPtrArray             *ids,
                          const guint           *serials,
                          GError               **error)
{
  g_autoptr(BwSheet) sheet = NULL;

  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (ids == NULL || serials != NULL, NULL);

  sheet = bw_sheet_new (request->stock, request->batch, request->color, request->count,
                        request->created_at_us, request->start, error);
  if (sheet == NULL ||
      (request->design != NULL &&
       (!bw_sheet_set_design (sheet, request->design, error) || !bw_sheet_set_facts (sheet, &request->facts, error))) ||
      (request->options != NULL && !bw_sheet_set_options (sheet, request->options, error)))
    return NULL;

  bw_sheet_set_first (sheet, request->first_label);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      if (!add (sheet, request, g_ptr_array_index (ids, i), serials[i], error))
        return NULL;
    }

  return g_steal_pointer (&sheet);
}

static BwSheet *
make_sheet (Make          *make,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(BwSheet) sheet = bw_sheet_new_for_request (&make->request, NULL, NULL, error);
  guint n = make->serials->len;
  guint first = g_array_index (make->serials, guint, 0);

  for (guint i = 0; sheet != NULL && i < n; i++)
    {
      guint serial = g_array_index (make->serials, guint, i);

      if (i % STEP == 0)
        {
          bw_output_progress_note (&make->progress, i, n);
          if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return NULL;
        }

      if (!add (sheet, &make->request, g_ptr_array_index (make->ids, serial - first), serial, error))
        return NULL;
    }

  if (sheet != NULL)
    bw_sheet_end_adding (sheet);

  return g_steal_pointer (&sheet);
}

static void
make_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Make *make = task_data;
  GError *error = NULL;
  BwSheet *sheet = make_sheet (make, cancellable, &error);

  /* a million of them take their time to go */
  g_clear_pointer (&make->ids, g_ptr_array_unref);

  if (sheet != NULL)
    g_task_return_pointer (task, sheet, g_object_unref);
  else
    g_task_return_error (task, error);
}

static const char *
keep (Make       *make,
      guint       i,
      const char *text)
{
  make->facts[i] = g_strdup (text);

  return make->facts[i];
}

static Make *
make_new (const BwSheetRequest *request,
          GPtrArray            *ids,
          GArray               *serials)
{
  Make *make = g_new0 (Make, 1);

  make->request = *request;
  make->request.batch = make->batch = g_strdup (request->batch);
  make->request.color = make->color = g_strdup (request->color);
  if (request->design != NULL)
    make->request.design = make->design = bw_label_design_copy (request->design);
  if (request->options != NULL)
    {
      make->options = *request->options;
      make->options.skipped = make->skipped =
        g_memdup2 (request->options->skipped, request->options->n_skipped * sizeof (guint));
      make->request.options = &make->options;
    }
  make->request.facts = (BwLabelFacts) {
    .product = keep (make, 0, request->facts.product),
    .abbreviation = keep (make, 1, request->facts.abbreviation),
    .license = keep (make, 2, request->facts.license),
    .machine_id = keep (make, 3, request->facts.machine_id),
    .company = keep (make, 4, request->facts.company),
  };
  make->ids = ids;
  make->serials = g_array_ref (serials);

  return make;
}

void
bw_sheet_make_async (const BwSheetRequest *request,
                     GPtrArray            *ids,
                     GArray               *serials,
                     BwSheetOutputFunc     progress,
                     gpointer              progress_data,
                     GCancellable         *cancellable,
                     GAsyncReadyCallback   callback,
                     gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  Make *make;

  g_return_if_fail (request != NULL && ids != NULL);
  g_return_if_fail (serials != NULL && serials->len > 0);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_sheet_make_async);
  if (ids->len != g_array_index (serials, guint, serials->len - 1) - g_array_index (serials, guint, 0) + 1)
    {
      g_ptr_array_unref (ids);
      g_task_return_error (task, g_error_new_literal (BW_ERROR, BW_ERROR_UNAVAILABLE,
                                                      _("The server has fewer IDs than the batch.")));
      return;
    }

  make = make_new (request, ids, serials);
  g_task_set_task_data (task, make, (GDestroyNotify) make_free);
  bw_output_progress_begin (&make->progress, task, progress, progress_data);
  g_task_run_in_thread (task, make_thread);
}

/**
 * bw_sheet_make_finish:
 *
 * Returns: (transfer full) (nullable)
 */
BwSheet *
bw_sheet_make_finish (GAsyncResult  *result,
                      GError       **error)
{
  Make *make;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  make = g_task_get_task_data (G_TASK (result));
  if (make != NULL)
    bw_output_progress_end (&make->progress);

  return g_task_propagate_pointer (G_TASK (result), error);
}
