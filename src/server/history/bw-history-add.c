/* bw-history-add.c: what does not come from a device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-history-private.h"

/* What comes while the disk writes waits for the next time: a hundred thousand devices that are approved as one job are
 * a few commits, not as many as there are devices. */
#define MAX_TO_ADD 200000
#define RETRY_S    1

static void push_next (BwHistory *self);

static gboolean
again_cb (gpointer user_data)
{
  push_next (user_data);

  return G_SOURCE_REMOVE;
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  BwHistory *self = BW_HISTORY (source);
  BwHistoryBatch *batch = user_data;
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) != NULL)
    {
      bw_history_batch_free (batch);
      push_next (self);
      return;
    }

  g_mutex_lock (&self->add_lock);
  if (self->is_leaving || self->to_add != NULL)
    {
      /* older than what has come since, which it must not follow */
      g_warning ("Changes of devices could not be added to their history: %s, ignoring", error->message);
      bw_history_batch_free (batch);
    }
  else
    {
      g_debug ("Adding to the history: %s, trying again", error->message);
      self->to_add = batch;
    }
  g_mutex_unlock (&self->add_lock);

  if (self->is_leaving)
    push_next (self);
  else
    g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, RETRY_S, again_cb, g_object_ref (self), g_object_unref);
}

/* With what has come meanwhile, if there is any. */
static void
push_next (BwHistory *self)
{
  BwHistoryBatch *batch;

  g_mutex_lock (&self->add_lock);
  batch = g_steal_pointer (&self->to_add);
  self->n_to_add = 0;
  self->is_adding = batch != NULL;
  g_mutex_unlock (&self->add_lock);

  if (batch != NULL)
    bw_history_push_append (self, g_task_new (self, NULL, added_cb, batch), batch);
}

void
bw_history_add (BwHistory  *self,
                const char *device_id,
                const char *node,
                const char *property,
                const char *text)
{
  gboolean begins = FALSE;

  g_return_if_fail (BW_IS_HISTORY (self));

  g_mutex_lock (&self->add_lock);
  if (self->n_to_add < MAX_TO_ADD)
    {
      if (self->to_add == NULL)
        self->to_add = bw_history_batch_new ();
      bw_history_batch_add (self->to_add, device_id, node, property, BW_DATATYPE_STRING, NULL, g_get_real_time (), text);
      self->n_to_add++;
      begins = !self->is_adding;
      self->is_adding = TRUE;
    }
  else if (self->n_to_add++ == MAX_TO_ADD)
    g_warning ("More than %d changes of devices wait for their history, ignoring the rest", MAX_TO_ADD);
  g_mutex_unlock (&self->add_lock);

  if (begins)
    push_next (self);
}

gboolean
bw_history_is_adding (BwHistory *self)
{
  gboolean is_adding;

  g_mutex_lock (&self->add_lock);
  self->is_leaving = TRUE;
  is_adding = self->is_adding;
  g_mutex_unlock (&self->add_lock);

  return is_adding;
}
