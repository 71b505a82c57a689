/* bw-ingest-repo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-ingest-repo.h"

#include <string.h>

#include "bw-device-repo.h"
#include "bw-error.h"
#include "bw-search-repo.h"
#include "bw-text.h"

#define FACT_COLUMNS \
  "state, online, first_seen_us, last_seen_us, name, product, version, homie, address, local_ip"

void
bw_ingest_device_free (BwIngestDevice *self)
{
  g_clear_pointer (&self->tree, bw_device_tree_free);
  g_free (self->address);
  g_free (self);
}

BwState
bw_ingest_device_get_state (const BwIngestDevice *self)
{
  switch (self->tree->state)
    {
    case BW_STATE_INIT:
    case BW_STATE_READY:
    case BW_STATE_ALERT:
      return self->online ? self->tree->state : BW_STATE_LOST;

    case BW_STATE_NOT_CONNECTED:
    case BW_STATE_DISCONNECTED:
    case BW_STATE_SLEEPING:
    case BW_STATE_LOST:
    default:
      return self->tree->state;
    }
}

/* Runs @func for each row. */
static gboolean
foreach_row (BwDb        *db,
             const char  *sql,
             GVariant    *args,
             void       (*func) (BwRows *rows, gpointer user_data),
             gpointer     user_data,
             GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(BwRows) rows = bw_db_query (db, sql, args, error);

  if (rows == NULL)
    return FALSE;

  while (bw_rows_next (rows, &local_error))
    func (rows, user_data);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return TRUE;
}

/* Loading */

static void
load_node (BwRows   *rows,
           gpointer  user_data)
{
  BwDeviceTree *tree = user_data;
  BwTreeNode *node = bw_device_tree_ensure_node (tree, bw_rows_get_text (rows, 0));

  if (node == NULL)
    return;

  bw_tree_set_text (&node->name, bw_rows_get_text (rows, 1));
  bw_tree_set_text (&node->type, bw_rows_get_text (rows, 2));
}

static void
load_property (BwRows   *rows,
               gpointer  user_data)
{
  BwDeviceTree *tree = user_data;
  BwTreeProperty *property =
    bw_device_tree_ensure_property (tree, bw_rows_get_text (rows, 1), bw_rows_get_text (rows, 2));

  if (property == NULL)
    return;

  /* as far as anybody knows: a description that says the same changes nothing */
  property->described = 1;
  property->row = bw_rows_get_int (rows, 0);
  bw_tree_set_text (&property->name, bw_rows_get_text (rows, 3));
  property->datatype = (BwDatatype) bw_rows_get_int (rows, 4);
  bw_tree_set_text (&property->unit, bw_rows_get_text (rows, 5));
  bw_tree_set_text (&property->format, bw_rows_get_text (rows, 6));
  property->settable = bw_rows_get_int (rows, 7) != 0;
  property->retained = bw_rows_get_int (rows, 8) != 0;
  bw_set_str (&property->value, bw_rows_get_text (rows, 9));
  bw_set_str (&property->target, bw_rows_get_text (rows, 10));
  property->updated_at_us = bw_rows_get_int (rows, 11);
}

static gboolean
load_tree (BwDb          *db,
           BwDeviceTree  *tree,
           GError       **error)
{
  return foreach_row (db, "SELECT node, name, type FROM node WHERE device_id = $1 ORDER BY position, id",
                      g_variant_new ("(s)", tree->id), load_node, tree, error) &&
         foreach_row (db,
                      "SELECT id, node, property, name, datatype, unit, format, settable, retained,"
                      " value, target, updated_at_us FROM property WHERE device_id = $1 ORDER BY position, id",
                      g_variant_new ("(s)", tree->id), load_property, tree, error);
}

/* FACT_COLUMNS from @first on */
static void
load_facts (BwRows         *rows,
            guint           first,
            BwIngestDevice *device)
{
  BwDeviceTree *tree = device->tree;

  tree->state = (BwState) bw_rows_get_int (rows, first);
  device->online = bw_rows_get_int (rows, first + 1) != 0;
  device->first_seen_us = bw_rows_get_int (rows, first + 2);
  device->last_seen_us = bw_rows_get_int (rows, first + 3);
  bw_set_str (&tree->name, bw_rows_get_text (rows, first + 4));
  bw_set_str (&tree->product, bw_rows_get_text (rows, first + 5));
  bw_set_str (&tree->version, bw_rows_get_text (rows, first + 6));
  bw_set_str (&tree->homie, bw_rows_get_text (rows, first + 7));
  bw_set_str (&device->address, bw_rows_get_text (rows, first + 8));
  bw_set_str (&tree->local_ip, bw_rows_get_text (rows, first + 9));
}

static BwIngestDevice *
device_new (const char *id)
{
  BwIngestDevice *device = g_new0 (BwIngestDevice, 1);

  device->tree = bw_device_tree_new (id);

  return device;
}

static void
load_device (BwRows   *rows,
             gpointer  user_data)
{
  BwIngestDevice **device = user_data;

  *device = device_new (bw_rows_get_text (rows, 0));
  load_facts (rows, 1, *device);
  (*device)->status = (BwStatus) bw_rows_get_int (rows, 11);
}

BwIngestDevice *
bw_ingest_repo_load (BwDb        *db,
                     const char  *id,
                     GError     **error)
{
  g_autoptr(BwIngestDevice) device = NULL;

  g_return_val_if_fail (id != NULL, NULL);

  if (!foreach_row (db, "SELECT id, " FACT_COLUMNS ", status FROM device WHERE id = $1",
                    g_variant_new ("(s)", id), load_device, &device, error) ||
      device == NULL)
    return NULL;

  /* most of a big batch has never said a word */
  if (device->first_seen_us != 0 && !load_tree (db, device->tree, error))
    return NULL;

  return g_steal_pointer (&device);
}

static void
load_id (BwRows   *rows,
         gpointer  user_data)
{
  g_ptr_array_add (user_data, g_strdup (bw_rows_get_text (rows, 0)));
}

GPtrArray *
bw_ingest_repo_list_online (BwDb    *db,
                            GError **error)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  if (!foreach_row (db, "SELECT id FROM device WHERE online <> 0", NULL, load_id, ids, error))
    return NULL;

  return g_steal_pointer (&ids);
}

void
bw_command_target_free (BwCommandTarget *self)
{
  g_clear_pointer (&self->device, bw_ingest_device_free);
  g_free (self);
}

static void
load_target (BwRows   *rows,
             gpointer  user_data)
{
  BwCommandTarget *target = user_data;

  load_device (rows, &target->device);
  target->status = target->device->status;
  target->company_id = bw_rows_get_int (rows, 12);
}

BwCommandTarget *
bw_ingest_repo_load_target (BwDb        *db,
                            gint64       company_id,
                            const char  *id,
                            GError     **error)
{
  BwCommandTarget *target = g_new0 (BwCommandTarget, 1);
  gboolean ok;
  gboolean in_reach = FALSE;

  ok = foreach_row (db, "SELECT id, " FACT_COLUMNS ", status, company_id FROM device WHERE id = $1",
                    g_variant_new ("(s)", id), load_target, target, error) &&
       (target->device == NULL ||
        bw_device_repo_is_in_reach (db, company_id, target->company_id, &in_reach, error));

  if (ok && !in_reach)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no device %s", id);
      ok = FALSE;
    }

  if (ok && load_tree (db, target->device->tree, error))
    return target;

  bw_command_target_free (target);

  return NULL;
}

/* Storing. One flat list of what one statement is to be run for. */
typedef struct
{
  const char *device_id;
  GPtrArray  *items;       /* (element-type BwTreeNode or BwTreeProperty) */
  GArray     *positions;   /* (element-type guint): in its node, or of the node */
} Rows;

static void
set_text (BwCell     *cell,
          const char *text)
{
  cell->type = text != NULL ? BW_CELL_TEXT : BW_CELL_NULL;
  cell->data = text;
  cell->length = -1;
}

static void
set_int (BwCell *cell,
         gint64  value)
{
  cell->type = BW_CELL_INT;
  cell->integer = value;
}

static void
fill_value (BwCell   *cells,
            guint     row,
            gpointer  user_data)
{
  const BwTreeProperty *property = g_ptr_array_index ((GPtrArray *) user_data, row);

  set_int (&cells[0], property->row);
  set_text (&cells[1], property->value);
  set_text (&cells[2], property->target);
  set_int (&cells[3], property->updated_at_us);
}

static void
fill_node (BwCell   *cells,
           guint     row,
           gpointer  user_data)
{
  const Rows *rows = user_data;
  const BwTreeNode *node = g_ptr_array_index (rows->items, row);

  set_text (&cells[0], rows->device_id);
  set_text (&cells[1], node->id);
  set_text (&cells[2], node->name);
  set_text (&cells[3], node->type);
  set_int (&cells[4], g_array_index (rows->positions, guint, row));
}

static void
fill_property (BwCell   *cells,
               guint     row,
               gpointer  user_data)
{
  const Rows *rows = user_data;
  const BwTreeProperty *property = g_ptr_array_index (rows->items, row);

  set_text (&cells[0], rows->device_id);
  set_text (&cells[1], property->node->id);
  set_text (&cells[2], property->id);
  set_text (&cells[3], property->name);
  set_int (&cells[4], property->datatype);
  set_text (&cells[5], property->unit);
  set_text (&cells[6], property->format);
  set_int (&cells[7], property->settable);
  set_int (&cells[8], property->retained);
  set_text (&cells[9], property->value);
  set_text (&cells[10], property->target);
  set_int (&cells[11], property->updated_at_us);
  set_int (&cells[12], g_array_index (rows->positions, guint, row));
}

static void
fill_row_id (BwCell   *cells,
             guint     row,
             gpointer  user_data)
{
  set_int (&cells[0], g_array_index ((GArray *) user_data, gint64, row));
}

typedef struct
{
  BwDeviceTree *tree;
  GArray       *gone;   /* (element-type gint64): rows that the tree has no more */
} Known;

static void
match_property (BwRows   *rows,
                gpointer  user_data)
{
  Known *known = user_data;
  gint64 row = bw_rows_get_int (rows, 0);
  BwTreeProperty *property =
    bw_device_tree_get_property (known->tree, bw_rows_get_text (rows, 1), bw_rows_get_text (rows, 2));

  if (property != NULL)
    property->row = row;
  else
    g_array_append_val (known->gone, row);
}

static void
match_node (BwRows   *rows,
            gpointer  user_data)
{
  Known *known = user_data;
  gint64 row = bw_rows_get_int (rows, 0);

  if (bw_device_tree_get_node (known->tree, bw_rows_get_text (rows, 1)) == NULL)
    g_array_append_val (known->gone, row);
}

static void
forget_rows (BwDeviceTree *tree)
{
  for (guint i = 0; i < tree->nodes->len; i++)
    {
      BwTreeNode *node = g_ptr_array_index (tree->nodes, i);

      for (guint j = 0; j < node->properties->len; j++)
        ((BwTreeProperty *) g_ptr_array_index (node->properties, j))->row = 0;
    }
}

static gboolean
remove_gone (BwDb          *db,
             BwDeviceTree  *tree,
             GError       **error)
{
  g_autoptr(GArray) nodes = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr(GArray) properties = g_array_new (FALSE, FALSE, sizeof (gint64));
  Known known_nodes = { tree, nodes };
  Known known_properties = { tree, properties };

  return foreach_row (db, "SELECT id, node FROM node WHERE device_id = $1",
                      g_variant_new ("(s)", tree->id), match_node, &known_nodes, error) &&
         foreach_row (db, "SELECT id, node, property FROM property WHERE device_id = $1",
                      g_variant_new ("(s)", tree->id), match_property, &known_properties, error) &&
         bw_db_run_many (db, "DELETE FROM node WHERE id = $1",
                         1, nodes->len, fill_row_id, nodes, NULL, error) &&
         bw_db_run_many (db, "DELETE FROM property WHERE id = $1",
                         1, properties->len, fill_row_id, properties, NULL, error);
}

static gboolean
put_structure (BwDb          *db,
               BwDeviceTree  *tree,
               GError       **error)
{
  g_autoptr(GPtrArray) properties = g_ptr_array_new ();
  g_autoptr(GArray) node_positions = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GArray) positions = g_array_new (FALSE, FALSE, sizeof (guint));
  Rows node_rows = { tree->id, tree->nodes, node_positions };
  Rows property_rows = { tree->id, properties, positions };

  for (guint i = 0; i < tree->nodes->len; i++)
    {
      BwTreeNode *node = g_ptr_array_index (tree->nodes, i);

      g_array_append_val (node_positions, i);
      for (guint j = 0; j < node->properties->len; j++)
        {
          g_ptr_array_add (properties, g_ptr_array_index (node->properties, j));
          g_array_append_val (positions, j);
        }
    }

  return bw_db_run_many (db,
                         "INSERT INTO node (device_id, node, name, type, position) VALUES ($1, $2, $3, $4, $5)"
                         " ON CONFLICT (device_id, node) DO UPDATE SET name = excluded.name,"
                         " type = excluded.type, position = excluded.position",
                         5, tree->nodes->len, fill_node, &node_rows, NULL, error) &&
         bw_db_run_many (db,
                         "INSERT INTO property (device_id, node, property, name, datatype, unit, format,"
                         " settable, retained, value, target, updated_at_us, position)"
                         " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
                         " ON CONFLICT (device_id, node, property) DO UPDATE SET name = excluded.name,"
                         " datatype = excluded.datatype, unit = excluded.unit, format = excluded.format,"
                         " settable = excluded.settable, retained = excluded.retained,"
                         " value = excluded.value, target = excluded.target,"
                         " updated_at_us = excluded.updated_at_us, position = excluded.position",
                         13, properties->len, fill_property, &property_rows, NULL, error);
}

static gboolean
store_structure (BwDb          *db,
                 BwDeviceTree  *tree,
                 GError       **error)
{
  g_autoptr(GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  Known known = { tree, gone };

  forget_rows (tree);

  /* once more at the end, for the rows that are new */
  return remove_gone (db, tree, error) &&
         put_structure (db, tree, error) &&
         foreach_row (db, "SELECT id, node, property FROM property WHERE device_id = $1",
                      g_variant_new ("(s)", tree->id), match_property, &known, error);
}

static gboolean
store_facts (BwDb            *db,
             BwIngestDevice  *device,
             GError         **error)
{
  BwDeviceTree *tree = device->tree;

  return bw_db_run (db,
                    "UPDATE device SET revision = revision + 1, state = $2, name = $3, product = $4,"
                    " version = $5, homie = $6, local_ip = $7, last_seen_us = $8 WHERE id = $1",
                    g_variant_new ("(sxmsmsmsmsmsx)", tree->id, (gint64) bw_ingest_device_get_state (device),
                                   tree->name, tree->product, tree->version, tree->homie, tree->local_ip,
                                   device->last_seen_us),
                    error) &&
         bw_search_repo_note_device (db, tree->id, error);
}

static gboolean
store_presence (BwDb            *db,
                BwIngestDevice  *device,
                GError         **error)
{
  /* in the same transaction, so that each of those that begin to wait is held against the rules, and once */
  return bw_db_run (db,
                    "INSERT INTO rule_due (device_id, since_us) SELECT id, CAST($2 AS BIGINT) FROM device"
                    " WHERE id = $1 AND status < $3 ON CONFLICT (device_id) DO NOTHING",
                    g_variant_new ("(sxx)", device->tree->id, g_get_real_time (), (gint64) BW_STATUS_AWAITING_APPROVAL),
                    error) &&
         bw_db_run (db,
                    "UPDATE device SET revision = revision + 1, state = $2, online = $3,"
                    " address = COALESCE ($4, address), last_seen_us = $5,"
                    " first_seen_us = CASE WHEN first_seen_us = 0 THEN $6 ELSE first_seen_us END,"
                    " status = CASE WHEN status < $7 THEN $7 ELSE status END WHERE id = $1",
                    g_variant_new ("(sxxmsxxx)", device->tree->id, (gint64) bw_ingest_device_get_state (device),
                                   (gint64) device->online, device->address, device->last_seen_us,
                                   device->first_seen_us, (gint64) BW_STATUS_AWAITING_APPROVAL),
                    error) &&
         bw_search_repo_note_device (db, device->tree->id, error);
}

static gboolean
store_seen (BwDb            *db,
            BwIngestDevice  *device,
            GError         **error)
{
  return bw_db_run (db, "UPDATE device SET last_seen_us = $2 WHERE id = $1",
                    g_variant_new ("(sx)", device->tree->id, device->last_seen_us), error);
}

static gboolean
store_device (BwDb            *db,
              BwIngestDevice  *device,
              GError         **error)
{
  if ((device->what & BW_INGEST_STRUCTURE) != 0 && !store_structure (db, device->tree, error))
    return FALSE;

  if ((device->what & BW_INGEST_PRESENCE) != 0 && !store_presence (db, device, error))
    return FALSE;

  if ((device->what & BW_INGEST_FACTS) != 0)
    return store_facts (db, device, error);

  return (device->what & (BW_INGEST_PRESENCE | BW_INGEST_SEEN)) != BW_INGEST_SEEN ||
         store_seen (db, device, error);
}

/* Those whose row is known; a structure that was stored has brought its values along. */
static void
collect_values (BwIngestDevice *device,
                GPtrArray      *values)
{
  if ((device->what & (BW_INGEST_VALUES | BW_INGEST_STRUCTURE)) != BW_INGEST_VALUES)
    return;

  for (guint i = 0; i < device->tree->nodes->len; i++)
    {
      BwTreeNode *node = g_ptr_array_index (device->tree->nodes, i);

      for (guint j = 0; j < node->properties->len; j++)
        {
          BwTreeProperty *property = g_ptr_array_index (node->properties, j);

          if (property->dirty_value && property->row != 0)
            g_ptr_array_add (values, property);
        }
    }
}

static void
set_clean (BwIngestDevice *device)
{
  for (guint i = 0; i < device->tree->nodes->len; i++)
    {
      BwTreeNode *node = g_ptr_array_index (device->tree->nodes, i);

      for (guint j = 0; j < node->properties->len; j++)
        ((BwTreeProperty *) g_ptr_array_index (node->properties, j))->dirty_value = FALSE;
    }

  device->what = 0;
}

static gboolean
store_all (BwDb       *db,
           GPtrArray  *devices,
           GError    **error)
{
  g_autoptr(GPtrArray) values = g_ptr_array_new ();

  for (guint i = 0; i < devices->len; i++)
    {
      BwIngestDevice *device = g_ptr_array_index (devices, i);

      if (!store_device (db, device, error))
        return FALSE;

      collect_values (device, values);
    }

  return bw_db_run_many (db, "UPDATE property SET value = $2, target = $3, updated_at_us = $4 WHERE id = $1",
                         4, values->len, fill_value, values, NULL, error);
}

gboolean
bw_ingest_repo_store (BwStoreThread  *thread,
                      GPtrArray      *devices,
                      GError        **error)
{
  if (!bw_store_begin (thread, error))
    return FALSE;

  if (store_all (thread->db, devices, error) && bw_store_commit (thread, error))
    {
      for (guint i = 0; i < devices->len; i++)
        set_clean (g_ptr_array_index (devices, i));
      return TRUE;
    }

  bw_store_rollback (thread);

  /* rows that were given out are not there any more */
  for (guint i = 0; i < devices->len; i++)
    {
      BwIngestDevice *device = g_ptr_array_index (devices, i);

      if ((device->what & BW_INGEST_STRUCTURE) != 0)
        forget_rows (device->tree);
    }

  return FALSE;
}
