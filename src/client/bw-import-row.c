/* bw-import-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-import-table-private.h"

/**
 * BwImportRow:
 *
 * A row of a BwImportTable that somebody looks at; all it knows is the table's.
 */

struct _BwImportRow
{
  GObject        parent_instance;

  BwImportTable *table;    /* (owned) */
  guint          index;
};

G_DEFINE_FINAL_TYPE (BwImportRow, bw_import_row, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_PROBLEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
bw_import_row_finalize (GObject *object)
{
  BwImportRow *self = (BwImportRow *) object;

  bw_import_table_forget_row (self->table, self->index);
  g_object_unref (self->table);

  G_OBJECT_CLASS (bw_import_row_parent_class)->finalize (object);
}

static void
bw_import_row_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  if (prop_id == PROP_PROBLEM)
    g_value_set_uint (value, bw_import_row_get_problem (BW_IMPORT_ROW (object), NULL));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
bw_import_row_class_init (BwImportRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = bw_import_row_finalize;
  object_class->get_property = bw_import_row_get_property;

  properties[PROP_PROBLEM] =
    g_param_spec_uint ("problem", NULL, NULL, 0, G_MAXUINT, BW_IMPORT_GOOD, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bw_import_row_init (BwImportRow *self)
{
}

BwImportRow *
bw_import_row_new (BwImportTable *table,
                   guint          index)
{
  BwImportRow *self = g_object_new (BW_TYPE_IMPORT_ROW, NULL);

  self->table = g_object_ref (table);
  self->index = index;

  return self;
}

guint
bw_import_row_get_line (BwImportRow *self)
{
  g_return_val_if_fail (BW_IS_IMPORT_ROW (self), 0);

  return bw_import_table_get_line (self->table, self->index);
}

char *
bw_import_row_get_text (BwImportRow    *self,
                        BwImportColumn  column)
{
  g_return_val_if_fail (BW_IS_IMPORT_ROW (self), NULL);

  return bw_import_table_get_text (self->table, self->index, column);
}

void
bw_import_row_set_text (BwImportRow    *self,
                        BwImportColumn  column,
                        const char     *text)
{
  g_return_if_fail (BW_IS_IMPORT_ROW (self));

  bw_import_table_set_text (self->table, self->index, column, text);
}

BwImportProblem
bw_import_row_get_problem (BwImportRow    *self,
                           BwImportColumn *ret_column)
{
  g_return_val_if_fail (BW_IS_IMPORT_ROW (self), BW_IMPORT_GOOD);

  return bw_import_table_get_problem (self->table, self->index, ret_column);
}
