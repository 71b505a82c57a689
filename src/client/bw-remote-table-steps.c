/* bw-remote-table-steps.c: another list takes the place of the one before, a screenful at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-remote-table-private.h"

/* GTK 4.8 keeps the cells of 200 rows around those in sight, and makes them anew for rows that are other
 * objects: a tenth of a second for a table of six columns. So the rows that fit on a screen come first,
 * and the others follow between the frames, before anybody has scrolled to them. */
#define STEP_ROWS 40
#define STEP_MS   20   /* more than a frame, which is drawn first */

static gboolean
is_stepping (BwRemoteTable *self)
{
  return self->standing != NULL;
}

guint
bw_remote_table_count_shown (BwRemoteTable *self)
{
  if (!is_stepping (self))
    return self->total;

  return self->rest_shown ? self->total : MAX (self->n_stepped, self->standing->len);
}

BwEntity *
bw_remote_table_get_standing (BwRemoteTable *self,
                              guint          position)
{
  if (!is_stepping (self) || position < self->n_stepped || position >= self->standing->len)
    return NULL;

  return g_ptr_array_index (self->standing, position);
}

void
bw_remote_table_stop_steps (BwRemoteTable *self)
{
  g_clear_handle_id (&self->step_source, g_source_remove);
  g_clear_pointer (&self->standing, g_ptr_array_unref);
}

static void
emit (BwRemoteTable *self,
      guint          position,
      guint          n_removed,
      guint          n_added)
{
  if (n_removed > 0 || n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

/* Rows of the list before, up to @end, give their places to those of the new one. */
static void
step_to (BwRemoteTable *self,
         guint          end)
{
  guint last = MIN (BW_REMOTE_WINDOW_ROWS, self->total);
  guint n_standing = self->standing->len;
  guint first = self->n_stepped;

  end = MIN (end, last);
  self->n_stepped = end;
  emit (self, first, MIN (end, n_standing) - MIN (first, n_standing), end - first);
  if (end < last)
    return;

  /* By itself: a selection looks through all that comes with a row that goes, and each would be fetched. */
  bw_remote_table_stop_steps (self);
  if (!self->rest_shown)
    emit (self, end, 0, self->total - end);
}

static gboolean
step_cb (gpointer user_data)
{
  g_autoptr(BwRemoteTable) self = g_object_ref (user_data);

  step_to (self, self->n_stepped + STEP_ROWS);

  return is_stepping (self) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

GPtrArray *
bw_remote_table_dup_shown (BwRemoteTable *self)
{
  GPtrArray *shown = g_ptr_array_new_with_free_func (g_object_unref);
  BwRemoteWindow *window = g_hash_table_lookup (self->windows, GUINT_TO_POINTER (0));
  guint n_shown = MIN (BW_REMOTE_WINDOW_ROWS, bw_remote_table_count_shown (self));

  for (guint i = 0; i < n_shown; i++)
    {
      BwEntity *row = bw_remote_table_get_standing (self, i);

      if (row == NULL && window == NULL)
        break;

      g_ptr_array_add (shown, g_object_ref (row != NULL ? row : g_ptr_array_index (window->rows, i)));
    }

  return shown;
}

void
bw_remote_table_start_steps (BwRemoteTable *self,
                             GPtrArray     *shown_before,
                             guint          n_before)
{
  guint n_standing = MIN (self->total, shown_before->len);

  bw_remote_table_stop_steps (self);

  /* What is selected in a short list stays selected: all that comes is looked through at once. */
  if (MAX (self->total, n_before) <= BW_REMOTE_WINDOW_ROWS)
    {
      emit (self, 0, n_before, self->total);
      return;
    }

  g_ptr_array_set_size (shown_before, (int) n_standing);
  self->standing = g_ptr_array_ref (shown_before);
  self->n_stepped = 0;
  self->rest_shown = FALSE;
  emit (self, n_standing, n_before - n_standing, 0);

  if (n_standing == BW_REMOTE_WINDOW_ROWS)
    {
      self->rest_shown = TRUE;
      emit (self, n_standing, 0, self->total - n_standing);
    }

  self->step_source = g_timeout_add_full (G_PRIORITY_LOW, STEP_MS, step_cb, self, NULL);
  step_to (self, STEP_ROWS);
}

void
bw_remote_table_cut_steps (BwRemoteTable *self)
{
  guint n_shown = bw_remote_table_count_shown (self);

  if (!is_stepping (self))
    return;

  g_ptr_array_set_size (self->standing, (int) MIN (self->standing->len, self->n_stepped));
  self->rest_shown = FALSE;
  emit (self, self->n_stepped, n_shown - self->n_stepped, 0);
}

void
bw_remote_table_finish_steps (BwRemoteTable *self)
{
  if (is_stepping (self))
    step_to (self, G_MAXUINT);
}
