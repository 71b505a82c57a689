/* bw-history-list.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-history-list.h"

#include <string.h>

/* Samples of a part, when the buckets are short enough; a reply can hold ten times as many. */
#define PART_SAMPLES 500

/* Parts whose samples are kept, and that are read at the same time. */
#define MAX_HELD     12
#define MAX_LOADING  2

/* Parts that wait to be read; older wishes are from where nobody is any more. */
#define MAX_WAITING  4

/* Rows, which is what a GListModel can count. */
#define MAX_ROWS     ((gint64) G_MAXINT32)

struct _BwHistoryRow
{
  GObject        parent_instance;

  BwHistory     *history;    /* (nullable) */
  guint          number;     /* of the point in it */
};

G_DEFINE_FINAL_TYPE (BwHistoryRow, bw_history_row, G_TYPE_OBJECT)

enum {
  ROW_PROP_0,
  ROW_PROP_LOADED,
  ROW_N_PROPS
};

static GParamSpec *row_properties[ROW_N_PROPS];

typedef struct
{
  gint64     from_us;
  gint64     to_us;
  guint      n;            /* rows */
  gboolean   is_loading;
  gint64     looked_at;    /* a counter: which one was looked at last */
  BwHistory *history;      /* (nullable): its rows, from the oldest to the newest */
  GPtrArray *rows;         /* (nullable) (element-type BwHistoryRow) (nullable elements): by position, made when asked for */
} Part;

/**
 * BwHistoryList:
 *
 * The time is cut into parts of about as many samples as are read at once. A part that turns out to hold
 * more than a reply can is cut again when it comes.
 */
struct _BwHistoryList
{
  GObject       parent_instance;

  BwSession    *session;
  char         *device_id;
  char         *node;
  char         *property;
  GCancellable *cancellable;
  GPtrArray    *parts;       /* (element-type Part): from the newest to the oldest */
  guint         n_rows;
  guint         n_loading;
  gint64        n_looks;
  GQueue        waiting;     /* (element-type Part), unowned */
};

static void bw_history_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BwHistoryList, bw_history_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, bw_history_list_model_init))

enum {
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A reply may come when its part was cut or the list has gone. */
typedef struct
{
  BwHistoryList *list;       /* (owned) */
  gint64         from_us;
  gint64         to_us;
} Load;

static void
bw_history_row_finalize (GObject *object)
{
  g_clear_pointer (&BW_HISTORY_ROW (object)->history, bw_history_unref);

  G_OBJECT_CLASS (bw_history_row_parent_class)->finalize (object);
}

static void
bw_history_row_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  if (prop_id == ROW_PROP_LOADED)
    g_value_set_boolean (value, BW_HISTORY_ROW (object)->history != NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
bw_history_row_class_init (BwHistoryRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = bw_history_row_finalize;
  object_class->get_property = bw_history_row_get_property;

  row_properties[ROW_PROP_LOADED] =
    g_param_spec_boolean ("loaded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, ROW_N_PROPS, row_properties);
}

static void
bw_history_row_init (BwHistoryRow *self)
{
}

const BwHistoryPoint *
bw_history_row_get_point (BwHistoryRow *self)
{
  g_return_val_if_fail (BW_IS_HISTORY_ROW (self), NULL);

  return self->history != NULL ? &self->history->points[self->number] : NULL;
}

static void
part_free (Part *part)
{
  g_clear_pointer (&part->history, bw_history_unref);
  g_clear_pointer (&part->rows, g_ptr_array_unref);
  g_free (part);
}

static void
unref_row (gpointer row)
{
  if (row != NULL)
    g_object_unref (row);
}

/* The row that was asked for before the part came gets its value now. */
static void
fill_row (Part *part,
          guint position)
{
  BwHistoryRow *row = part->rows->pdata[position];

  if (row == NULL || row->history != NULL || part->history == NULL)
    return;

  row->history = bw_history_ref (part->history);
  row->number = part->history->n_points - 1 - position;
  g_object_notify_by_pspec (G_OBJECT (row), row_properties[ROW_PROP_LOADED]);
}

static Part *
part_new (gint64 from_us,
          gint64 to_us,
          gint64 n)
{
  Part *part = g_new0 (Part, 1);

  part->from_us = from_us;
  part->to_us = to_us;
  part->n = (guint) CLAMP (n, 0, MAX_ROWS);

  return part;
}

/* (transfer full): buckets of @history, from the newest on, as many together as are read at once */
static GPtrArray *
cut (BwHistory *history)
{
  GPtrArray *parts = g_ptr_array_new ();
  gint64 to_us = history->to_us;
  gint64 n = 0;

  for (guint i = history->n_points; i > 0; i--)
    {
      gint64 from_us = MAX (history->points[i - 1].at_us, history->from_us);

      n += history->points[i - 1].n;
      if (i > 1 && n + history->points[i - 2].n <= PART_SAMPLES)
        continue;

      g_ptr_array_add (parts, part_new (i > 1 ? from_us : history->from_us, to_us, n));
      to_us = from_us;
      n = 0;
    }

  return parts;
}

static guint
count_rows (BwHistoryList *self)
{
  gint64 n = 0;

  for (guint i = 0; i < self->parts->len; i++)
    n += ((Part *) self->parts->pdata[i])->n;

  return (guint) MIN (n, MAX_ROWS);
}

/* The part of a row, with the number of the row in it. */
static Part *
find_part (BwHistoryList *self,
           guint          position,
           guint         *ret_in_part)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = self->parts->pdata[i];

      if (position < part->n)
        {
          *ret_in_part = position;
          return part;
        }

      position -= part->n;
    }

  return NULL;
}

static guint
get_start (BwHistoryList *self,
           const Part    *wanted)
{
  guint start = 0;

  for (guint i = 0; i < self->parts->len && self->parts->pdata[i] != wanted; i++)
    start += ((Part *) self->parts->pdata[i])->n;

  return start;
}

/* What was looked at longest ago is read again when it is wanted again. */
static void
drop_oldest (BwHistoryList *self)
{
  Part *oldest = NULL;

  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = self->parts->pdata[i];

      if (part->history != NULL && (oldest == NULL || part->looked_at < oldest->looked_at))
        oldest = part;
    }

  if (oldest == NULL || bw_history_list_get_n_held (self) <= MAX_HELD)
    return;

  g_clear_pointer (&oldest->history, bw_history_unref);
  g_clear_pointer (&oldest->rows, g_ptr_array_unref);
}

static void
take_part (BwHistoryList *self,
           Part          *part,
           BwHistory     *history)
{
  guint start = get_start (self, part);
  guint n_before = part->n;
  GPtrArray *parts = NULL;
  guint n_after = 0;
  guint at;

  /* Samples; or buckets that are no finer than what the part was cut from, and so all there is. */
  if (history->step_us == 0 || history->n_points < 2 || part->n <= BW_HISTORY_MAX_POINTS)
    {
      part->history = bw_history_ref (history);
      part->looked_at = ++self->n_looks;
      if (history->n_points != n_before)
        {
          g_clear_pointer (&part->rows, g_ptr_array_unref);
          part->n = history->n_points;
          self->n_rows = count_rows (self);
          g_list_model_items_changed (G_LIST_MODEL (self), start, n_before, part->n);
        }

      for (guint i = 0; part->rows != NULL && i < part->rows->len; i++)
        fill_row (part, i);

      drop_oldest (self);
      return;
    }

  parts = cut (history);
  g_ptr_array_find (self->parts, part, &at);
  g_ptr_array_remove_index (self->parts, at);
  for (guint i = 0; i < parts->len; i++)
    {
      n_after += ((Part *) parts->pdata[i])->n;
      g_ptr_array_insert (self->parts, (int) (at + i), parts->pdata[i]);
    }
  g_ptr_array_unref (parts);
  self->n_rows = count_rows (self);
  g_list_model_items_changed (G_LIST_MODEL (self), start, n_before, n_after);
}

static void load_next (BwHistoryList *self);

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Load *load = user_data;
  g_autoptr(BwHistoryList) self = load->list;
  g_autoptr(GError) error = NULL;
  g_autoptr(BwHistory) history = bw_session_load_history_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->n_loading--;
  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = self->parts->pdata[i];

      if (!part->is_loading || part->from_us != load->from_us || part->to_us != load->to_us)
        continue;

      part->is_loading = FALSE;
      if (history != NULL)
        take_part (self, part, history);
      break;
    }

  if (error != NULL)
    g_signal_emit (self, signals[FAILED], 0, error);

  load_next (self);
}

static void
load_next (BwHistoryList *self)
{
  Part *part;
  Load *load;

  while (self->n_loading < MAX_LOADING && (part = g_queue_pop_head (&self->waiting)) != NULL)
    {
      load = g_new (Load, 1);
      load->list = g_object_ref (self);
      load->from_us = part->from_us;
      load->to_us = part->to_us;
      part->is_loading = TRUE;
      self->n_loading++;
      bw_session_load_history_async (self->session, self->device_id, self->node, self->property, part->from_us, part->to_us,
                                     BW_HISTORY_MAX_POINTS, self->cancellable, loaded_cb, load);
    }
}

/* What was looked at last comes first. */
static void
want_part (BwHistoryList *self,
           Part          *part)
{
  part->looked_at = ++self->n_looks;
  if (part->history != NULL || part->is_loading)
    return;

  g_queue_remove (&self->waiting, part);
  g_queue_push_head (&self->waiting, part);
  if (self->waiting.length > MAX_WAITING)
    g_queue_pop_tail (&self->waiting);

  load_next (self);
}

static GType
bw_history_list_get_item_type (GListModel *model)
{
  return BW_TYPE_HISTORY_ROW;
}

static guint
bw_history_list_get_n_items (GListModel *model)
{
  return BW_HISTORY_LIST (model)->n_rows;
}

static gpointer
bw_history_list_get_item (GListModel *model,
                          guint       position)
{
  BwHistoryList *self = BW_HISTORY_LIST (model);
  guint in_part = 0;
  Part *part = position < self->n_rows ? find_part (self, position, &in_part) : NULL;

  if (part == NULL)
    return NULL;

  if (part->rows == NULL)
    {
      part->rows = g_ptr_array_new_full (part->n, unref_row);
      g_ptr_array_set_size (part->rows, (int) part->n);
    }

  if (part->rows->pdata[in_part] == NULL)
    {
      part->rows->pdata[in_part] = g_object_new (BW_TYPE_HISTORY_ROW, NULL);
      fill_row (part, in_part);
    }

  want_part (self, part);

  return g_object_ref (part->rows->pdata[in_part]);
}

static void
bw_history_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = bw_history_list_get_item_type;
  iface->get_n_items = bw_history_list_get_n_items;
  iface->get_item = bw_history_list_get_item;
}

static void
bw_history_list_dispose (GObject *object)
{
  BwHistoryList *self = (BwHistoryList *) object;

  g_cancellable_cancel (self->cancellable);
  g_queue_clear (&self->waiting);

  G_OBJECT_CLASS (bw_history_list_parent_class)->dispose (object);
}

static void
bw_history_list_finalize (GObject *object)
{
  BwHistoryList *self = (BwHistoryList *) object;

  g_ptr_array_unref (self->parts);
  g_object_unref (self->cancellable);
  g_object_unref (self->session);
  g_free (self->device_id);
  g_free (self->node);
  g_free (self->property);

  G_OBJECT_CLASS (bw_history_list_parent_class)->finalize (object);
}

static void
bw_history_list_class_init (BwHistoryListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_history_list_dispose;
  object_class->finalize = bw_history_list_finalize;

  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
bw_history_list_init (BwHistoryList *self)
{
  self->cancellable = g_cancellable_new ();
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) part_free);
  g_queue_init (&self->waiting);
}

BwHistoryList *
bw_history_list_new (BwSession  *session,
                     const char *device_id,
                     BwHistory  *history)
{
  BwHistoryList *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (device_id != NULL && history != NULL, NULL);

  self = g_object_new (BW_TYPE_HISTORY_LIST, NULL);
  self->session = g_object_ref (session);
  self->device_id = g_strdup (device_id);
  self->node = g_strdup (history->node);
  self->property = g_strdup (history->property);

  if (history->step_us == 0 && history->n_points > 0)
    {
      Part *part = part_new (history->from_us, history->to_us, history->n_points);

      part->history = bw_history_ref (history);
      g_ptr_array_add (self->parts, part);
    }
  else
    {
      g_autoptr(GPtrArray) parts = cut (history);

      for (guint i = 0; i < parts->len; i++)
        g_ptr_array_add (self->parts, parts->pdata[i]);
    }

  self->n_rows = count_rows (self);

  return self;
}

guint
bw_history_list_get_n_held (BwHistoryList *self)
{
  guint n = 0;

  g_return_val_if_fail (BW_IS_HISTORY_LIST (self), 0);

  for (guint i = 0; i < self->parts->len; i++)
    n += ((Part *) self->parts->pdata[i])->history != NULL;

  return n;
}
