/* bw-history-marks.c: which messages of the broker are in the history already
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-history"

#include "bw-history-private.h"

#include <string.h>

#define N_IDS 65536

#define HASHED_BYTES 1024

/* A message whose commit the broker has not seen acknowledged (because this program or the connection ended in
 * between) comes once more, under the number it had. Values in the main database do not mind; a sample would be
 * there twice. So each commit also keeps the numbers of its messages, and a hash of what they said.
 *
 * Acknowledgements leave in the order in which messages came, and what the broker sends again it sends first, in that
 * order: so these are the last ones of the marks, one after the other, and a number behind that of the newest mark
 * says that they are over. */
struct _BwHistoryMarks
{
  BwBatchMark ring[BW_HISTORY_MAX_MARKS];
  guint64     n;                  /* marks so far: the next one's place */
  guint64     places[N_IDS];      /* by number: where it stands, plus 1; 0: nowhere */
  gboolean    expecting;
  guint64     from;               /* those expected stand here or behind, */
  guint64     upto;               /* and before */
};

BwHistoryMarks *
bw_history_marks_new (void)
{
  return g_new0 (BwHistoryMarks, 1);
}

void
bw_history_marks_free (BwHistoryMarks *self)
{
  g_free (self);
}

static void
put (BwHistoryMarks    *self,
     const BwBatchMark *mark)
{
  self->ring[self->n % BW_HISTORY_MAX_MARKS] = *mark;
  self->n++;
  self->places[mark->id] = self->n;
}

/* FNV-1a, of as much as tells messages apart */
guint32
bw_history_marks_hash (const char *topic,
                       const char *payload,
                       gsize       length)
{
  guint32 hash = 2166136261u;

  for (const char *p = topic; *p != '\0'; p++)
    hash = (hash ^ (guint8) *p) * 16777619u;
  for (gsize i = 0; i < MIN (length, HASHED_BYTES); i++)
    hash = (hash ^ (guint8) payload[i]) * 16777619u;

  return hash;
}

void
bw_history_marks_expect (BwHistoryMarks *self)
{
  self->expecting = self->n > 0;
  self->upto = self->n;
  self->from = self->n > BW_HISTORY_MAX_MARKS ? self->n - BW_HISTORY_MAX_MARKS : 0;
}

/* Numbers run from 1 to 65,535 and then from 1 again. */
static gboolean
is_behind_newest (const BwHistoryMarks *self,
                  guint16               id)
{
  guint newest = self->ring[(self->upto - 1) % BW_HISTORY_MAX_MARKS].id;
  guint back = (newest + N_IDS - 1 - id) % (N_IDS - 1);

  return back >= BW_HISTORY_MAX_MARKS;
}

gboolean
bw_history_marks_is_again (BwHistoryMarks *self,
                           guint16         id,
                           guint32         hash)
{
  guint64 place = self->places[id];

  if (!self->expecting)
    return FALSE;

  if (place > self->from && place <= self->upto && self->n - place < BW_HISTORY_MAX_MARKS &&
      self->ring[(place - 1) % BW_HISTORY_MAX_MARKS].hash == hash)
    {
      self->from = place;
      self->expecting = place < self->upto;
      return TRUE;
    }

  self->expecting = !is_behind_newest (self, id);

  return FALSE;
}

void
bw_history_marks_take (BwHistoryMarks       *self,
                       const BwHistoryBatch *batch)
{
  for (guint i = 0; i < batch->marks->len; i++)
    put (self, &g_array_index (batch->marks, BwBatchMark, i));
}

/* Newest commit first in the table, and the other way round into the ring. */
gpointer
bw_history_marks_load (gpointer   owned_by_thread,
                       gpointer   marks,
                       GError   **error)
{
  BwHistoryMarks *self = marks;
  BwDb *db = bw_history_thread_get_db (owned_by_thread, error);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gsize n = 0;
  gint64 seq = G_MAXINT64;

  while (db != NULL && n < BW_HISTORY_MAX_MARKS)
    {
      g_autoptr(GError) local_error = NULL;
      GBytes *row = bw_history_repo_previous_taken (db, seq, &seq, &local_error);

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      if (row == NULL)
        break;

      n += g_bytes_get_size (row) / BW_MARK_BYTES;
      g_ptr_array_add (rows, row);
    }

  for (guint i = rows->len; i > 0; i--)
    {
      gsize length = 0;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (rows, i - 1), &length);

      for (gsize at = 0; at + BW_MARK_BYTES <= length; at += BW_MARK_BYTES)
        {
          BwBatchMark mark = {
            (guint16) (data[at] | data[at + 1] << 8),
            (guint32) data[at + 2] | (guint32) data[at + 3] << 8 | (guint32) data[at + 4] << 16 |
            (guint32) data[at + 5] << 24,
          };

          put (self, &mark);
        }
    }

  return db != NULL ? self : NULL;
}
