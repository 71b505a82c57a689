/* bw-record.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-record-private.h"

#include <string.h>

/**
 * BwRecord:
 *
 * An entity that is nothing but its fields: a subclass says them once, in a
 * table, and has properties, a JSON form and an end.
 */

G_DEFINE_ABSTRACT_TYPE (BwRecord, bw_record, BW_TYPE_ENTITY)

static gboolean
bw_record_load (BwEntity    *entity,
                JsonObject  *json,
                GError     **error)
{
  BwRecordClass *klass = BW_RECORD_GET_CLASS (entity);

  return bw_fields_load (entity, klass->fields, klass->n_fields, klass->pspecs, json, error);
}

static void
bw_record_save (BwEntity   *entity,
                JsonObject *json)
{
  BwRecordClass *klass = BW_RECORD_GET_CLASS (entity);

  bw_fields_save (entity, klass->fields, klass->n_fields, json);
}

static void
bw_record_finalize (GObject *object)
{
  BwRecordClass *klass = BW_RECORD_GET_CLASS (object);

  bw_fields_clear (object, klass->fields, klass->n_fields);

  G_OBJECT_CLASS (bw_record_parent_class)->finalize (object);
}

static void
bw_record_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  BwRecordClass *klass = BW_RECORD_GET_CLASS (object);

  if (prop_id >= 1 && prop_id <= klass->n_fields)
    bw_fields_get_property (object, &klass->fields[prop_id - 1], value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
bw_record_class_init (BwRecordClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  BwEntityClass *entity_class = BW_ENTITY_CLASS (klass);

  object_class->finalize = bw_record_finalize;
  entity_class->load = bw_record_load;
  entity_class->save = bw_record_save;
}

static void
bw_record_init (BwRecord *self)
{
}

void
bw_record_class_set_fields (BwRecordClass  *klass,
                            const BwField  *fields,
                            guint           n_fields,
                            GParamSpec    **pspecs)
{
  klass->fields = fields;
  klass->n_fields = n_fields;
  klass->pspecs = pspecs;

  /* GObject does not hand this one down. */
  G_OBJECT_CLASS (klass)->get_property = bw_record_get_property;
  bw_fields_install (G_OBJECT_CLASS (klass), fields, n_fields, pspecs);
}

const char *
bw_record_get_text (BwRecord   *self,
                    const char *property)
{
  BwRecordClass *klass;

  g_return_val_if_fail (BW_IS_RECORD (self), NULL);

  klass = BW_RECORD_GET_CLASS (self);
  for (guint i = 0; i < klass->n_fields; i++)
    {
      if (klass->fields[i].kind == BW_FIELD_STRING && strcmp (klass->fields[i].property, property) == 0)
        return *(char **) G_STRUCT_MEMBER_P (self, klass->fields[i].offset);
    }

  return NULL;
}
