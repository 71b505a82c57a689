/* bw-tag.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-tag.h"

#include "bw-record-private.h"

/**
 * BwTag:
 *
 * A word with a colour, to mark users, companies, roles and devices with.
 */

struct _BwTag
{
  BwRecord   parent_instance;

  char      *name;
  char      *color;
  char     **company_ids;
  gint64     n_objects;
  gint64     created_at_us;
  gint64     edited_at_us;
};

G_DEFINE_FINAL_TYPE (BwTag, bw_tag, BW_TYPE_RECORD)

static const BwField fields[] = {
  { "name", "name", BW_FIELD_STRING, G_STRUCT_OFFSET (BwTag, name) },
  { "color", "color", BW_FIELD_STRING, G_STRUCT_OFFSET (BwTag, color) },
  { "company-ids", "companyIds", BW_FIELD_STRINGS, G_STRUCT_OFFSET (BwTag, company_ids) },
  { "n-objects", "nObjects", BW_FIELD_INT64, G_STRUCT_OFFSET (BwTag, n_objects) },
  { "created-at-us", "createdAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwTag, created_at_us) },
  { "edited-at-us", "editedAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwTag, edited_at_us) },
};

static GParamSpec *properties[G_N_ELEMENTS (fields)];

static void
bw_tag_class_init (BwTagClass *klass)
{
  bw_record_class_set_fields (BW_RECORD_CLASS (klass), fields, G_N_ELEMENTS (fields), properties);
}

static void
bw_tag_init (BwTag *self)
{
}

BwTag *
bw_tag_new (void)
{
  return g_object_new (BW_TYPE_TAG, NULL);
}

const char *
bw_tag_get_name (BwTag *self)
{
  g_return_val_if_fail (BW_IS_TAG (self), NULL);

  return self->name;
}
