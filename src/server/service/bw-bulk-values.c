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
#include "bw-text.h"

/* A device answers in this time, or it did not. */
#define ANSWER_S 10

/* So many answers are worth a transaction, or whatever has come after this time. */
#define GATHER_MIN 200
#define GATHER_MS  50

void
bw_bulk_ask_free (BwBulkAsk *ask)
{
  g_clear_object (&ask->service);
  g_clear_pointer (&ask->item, bw_bulk_item_free);
  g_clear_pointer (&ask->wish, bw_command_wish_free);
  g_free (ask);
}

static void
refuse (BwBulkItem *item,
        const char *reason)
{
  item->state = BW_BULK_ITEM_REFUSED;
  g_free (item->reason);
  item->reason = g_strdup (reason);
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
  BwBulkAsk *ask = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *document = bw_command_service_set_finish (BW_COMMAND_SERVICE (source), result, &error);
  BwBulkRun *run = bw_bulk_run_find (ask->service, ask->id);

  if (run != NULL && g_hash_table_remove (run->asked, ask))
    {
      if (document != NULL)
        take_answer (ask->item, document);
      else
        refuse (ask->item, error->message);

      g_ptr_array_add (run->answered, g_steal_pointer (&ask->item));
      bw_bulk_run_go_on (run);
    }

  bw_bulk_ask_free (ask);
}

/* What the command has to know of the device is what was decided by: no second look at the tables. */
static BwCommandWish *
make_wish (BwBulkRun        *run,
           const BwBulkItem *item)
{
  BwCommandWish *wish = g_new0 (BwCommandWish, 1);
  BwIngestDevice *device = g_new0 (BwIngestDevice, 1);
  BwTreeProperty *property;

  device->tree = bw_device_tree_new (item->id);
  device->online = TRUE;
  device->status = item->status;
  bw_set_str (&device->tree->homie, item->homie);
  property = bw_device_tree_ensure_property (device->tree, run->plan->node, run->plan->property);
  property->settable = TRUE;
  property->retained = item->retained;
  property->datatype = item->datatype;
  bw_tree_set_text (&property->format, item->format);

  wish->actor = bw_actor_ref (run->actor);
  wish->address = g_strdup (run->row->address);
  wish->device_id = g_strdup (item->id);
  wish->node = g_strdup (run->plan->node);
  wish->property = g_strdup (run->plan->property);
  wish->value = g_strdup (item->became);
  wish->wait_seconds = ANSWER_S;
  wish->is_quiet = run->row->total > BW_BULK_MAX_TOLD;
  wish->target = g_new0 (BwCommandTarget, 1);
  wish->target->device = device;
  wish->target->status = item->status;
  wish->target->company_id = item->company_id;

  return wish;
}

/* What was sent cannot be taken back: that it was wanted is written down before, of all that this slice asks at once. */
gboolean
bw_bulk_note_asks (BwStoreThread  *thread,
                   BwBulkRun      *run,
                   GPtrArray      *items,
                   GError        **error)
{
  while (items->len > 0)
    {
      BwBulkItem *item = g_ptr_array_index (items, 0);
      BwBulkAsk *ask = g_new0 (BwBulkAsk, 1);

      ask->id = run->row->id;
      ask->wish = make_wish (run, item);
      ask->item = g_ptr_array_steal_index (items, 0);
      g_ptr_array_add (run->asks, ask);
      if (!bw_command_wish_add_audit (thread, ask->wish, error) ||
          (item->desired != NULL && !bw_command_wish_take_place (thread, ask->wish, error)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
gather_cb (gpointer user_data)
{
  BwBulkRun *run = user_data;

  run->gather_id = 0;
  run->gathered = TRUE;
  bw_bulk_run_go_on (run);

  return G_SOURCE_REMOVE;
}

gboolean
bw_bulk_run_is_due (BwBulkRun *run)
{
  guint n_asked = g_hash_table_size (run->asked);

  if (n_asked == 0 || run->gathered || run->answered->len >= GATHER_MIN || g_atomic_int_get (&run->cancelled) ||
      (!run->exhausted && n_asked + GATHER_MIN <= BW_BULK_MAX_ASKED))
    {
      run->gathered = FALSE;
      return TRUE;
    }

  if (run->answered->len > 0 && run->gather_id == 0)
    run->gather_id = g_timeout_add (GATHER_MS, gather_cb, run);

  return FALSE;
}

static void
give_up (BwBulkRun *run,
         BwBulkAsk *ask)
{
  refuse (ask->item, "the job was cancelled before the device had answered");
  g_ptr_array_add (run->answered, g_steal_pointer (&ask->item));
}

void
bw_bulk_run_ask (BwBulkRun *run)
{
  g_autoptr(GPtrArray) asks = g_steal_pointer (&run->asks);

  run->asks = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_bulk_ask_free);
  while (asks->len > 0)
    {
      BwBulkAsk *ask = g_ptr_array_steal_index (asks, 0);

      if (g_atomic_int_get (&run->cancelled))
        {
          give_up (run, ask);
          bw_bulk_ask_free (ask);
          continue;
        }

      ask->service = g_object_ref (run->service);
      ask->item->state = BW_BULK_ITEM_WAITING;
      g_hash_table_add (run->asked, ask);
      bw_command_service_send_async (run->service->commands, g_steal_pointer (&ask->wish), answered_cb, ask);
    }
}

void
bw_bulk_run_give_up (BwBulkRun *run)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, run->asked);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    give_up (run, key);

  g_hash_table_remove_all (run->asked);
}
