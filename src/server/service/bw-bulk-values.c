/* bw-bulk-values.c: a bulk job that asks the devices themselves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-bulk-private.h"

#include <string.h>

#include "bw-command.h"
#include "bw-error.h"
#include "bw-json.h"

/* A device answers in this time, or it did not. */
#define ANSWER_S 10

/* One device that is asked. Its answer counts while the run is at the same turn. */
typedef struct
{
  BwBulkService *service;     /* (owned) */
  gint64         id;
  guint          turn;
  guint          place;
} Question;

static void
question_free (Question *question)
{
  g_object_unref (question->service);
  g_free (question);
}

static void
refuse (BwBulkItem *item,
        const char *reason)
{
  item->state = BW_BULK_ITEM_REFUSED;
  g_free (item->reason);
  item->reason = g_strdup (reason);
}

static void
write_answers (BwBulkRun *run)
{
  run->turn++;
  run->busy = FALSE;
  bw_bulk_run_go_on (run);
}

/* The command has ended: confirmed by the device, or not. */
static void
take_answer (BwBulkItem *item,
             const char *document)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) object = bw_json_parse_object (document, strlen (document), strlen (document), &error);
  const char *state = object != NULL ? bw_json_get_string (object, "state") : NULL;
  const char *reason = object != NULL ? bw_json_get_string (object, "reason") : NULL;

  if (g_strcmp0 (state, bw_command_state_to_nick (BW_COMMAND_CONFIRMED)) == 0)
    item->state = BW_BULK_ITEM_DONE;
  else
    refuse (item, reason != NULL ? reason : "the device did not confirm it");
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Question *question = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *document = bw_command_service_set_finish (BW_COMMAND_SERVICE (source), result, &error);
  BwBulkRun *run = bw_bulk_run_find (question->service, question->id);

  if (run != NULL && run->turn == question->turn && run->items != NULL)
    {
      BwBulkItem *item = g_ptr_array_index (run->items, question->place);

      if (document != NULL)
        take_answer (item, document);
      else
        refuse (item, error->message);

      if (--run->n_asked == 0)
        write_answers (run);
    }

  question_free (question);
}

void
bw_bulk_run_ask (BwBulkRun *run)
{
  g_autoptr(GPtrArray) items = g_ptr_array_ref (run->items);

  /* one more than there are: an answer that comes at once is not the last */
  run->n_asked = 1;
  for (guint i = 0; i < items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (items, i);
      Question *question;

      if (item->state != BW_BULK_ITEM_DONE)
        continue;

      item->state = BW_BULK_ITEM_WAITING;

      question = g_new0 (Question, 1);
      question->service = g_object_ref (run->service);
      question->id = run->row->id;
      question->turn = run->turn;
      question->place = i;
      run->n_asked++;
      bw_command_service_set_async (run->service->commands, run->actor, run->row->address, item->id, run->plan->node,
                                    run->plan->property, item->became, ANSWER_S, NULL, answered_cb, question);
    }

  if (g_atomic_int_get (&run->cancelled))
    bw_bulk_run_give_up (run);
  else if (--run->n_asked == 0)
    write_answers (run);
}

void
bw_bulk_run_give_up (BwBulkRun *run)
{
  if (run->n_asked == 0 || run->items == NULL)
    return;

  for (guint i = 0; i < run->items->len; i++)
    {
      BwBulkItem *item = g_ptr_array_index (run->items, i);

      if (item->state == BW_BULK_ITEM_WAITING)
        refuse (item, "the job was cancelled before the device had answered");
    }

  run->n_asked = 0;
  write_answers (run);
}
