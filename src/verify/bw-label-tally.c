/* bw-label-tally.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-verify"

#include "bw-label-tally.h"

#include "bw-code-scanner.h"

struct _BwLabelTally
{
  const GPtrArray *ids;
  GHashTable      *by_id;          /* id -> index + 1 */
  guint16         *n_scanned;      /* by index; at most the copies */
  guint            n_confirmed;
  guint            copies;
};

BwLabelTally *
bw_label_tally_new (const GPtrArray *ids)
{
  BwLabelTally *self = g_new0 (BwLabelTally, 1);

  self->ids = ids;
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->n_scanned = g_new0 (guint16, ids->len + 1);
  self->copies = 1;
  for (guint i = 0; i < ids->len; i++)
    g_hash_table_insert (self->by_id, g_ptr_array_index (ids, i), GUINT_TO_POINTER (i + 1));

  return self;
}

void
bw_label_tally_free (BwLabelTally *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->by_id);
  g_free (self->n_scanned);
  g_free (self);
}

void
bw_label_tally_set_copies (BwLabelTally *self,
                           guint         copies)
{
  g_return_if_fail (self != NULL && copies >= 1 && copies <= G_MAXUINT16);

  self->copies = copies;
}

gboolean
bw_label_tally_find (const BwLabelTally *self,
                     const char         *text,
                     guint              *ret_index)
{
  char id[BW_DEVICE_ID_SIZE];
  guint n = 0;

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  if (bw_code_parse_id (text, id))
    n = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_id, id));
  if (n == 0)
    return FALSE;

  *ret_index = n - 1;

  return TRUE;
}

BwLabelScan
bw_label_tally_scan (BwLabelTally *self,
                     const char   *text,
                     guint        *ret_index)
{
  if (!bw_label_tally_find (self, text, ret_index))
    return BW_LABEL_SCAN_FOREIGN;

  if (self->n_scanned[*ret_index] >= self->copies)
    return BW_LABEL_SCAN_AGAIN;

  if (self->n_scanned[*ret_index]++ == 0)
    self->n_confirmed++;

  return BW_LABEL_SCAN_CONFIRMED;
}

gboolean
bw_label_tally_has (const BwLabelTally *self,
                    guint               index)
{
  g_return_val_if_fail (self != NULL && index < self->ids->len, FALSE);

  return self->n_scanned[index] > 0;
}

guint
bw_label_tally_get_n_confirmed (const BwLabelTally *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_confirmed;
}
