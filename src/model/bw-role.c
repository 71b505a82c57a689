/* bw-role.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-role.h"

#include "bw-record-private.h"

/**
 * BwRole:
 *
 * A named set of permissions, the same in every company.
 */

struct _BwRole
{
  BwRecord   parent_instance;

  char      *name;
  char      *builtin;
  char     **permissions;
  gint64     n_participations;
  char     **tags;
  gint64     created_at_us;
  gint64     edited_at_us;
};

G_DEFINE_FINAL_TYPE (BwRole, bw_role, BW_TYPE_RECORD)

static const BwField fields[] = {
  { "name", "name", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRole, name) },
  { "builtin", "builtin", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRole, builtin) },
  { "permissions", "permissions", BW_FIELD_STRINGS, G_STRUCT_OFFSET (BwRole, permissions) },
  { "n-participations", "nParticipations", BW_FIELD_INT64, G_STRUCT_OFFSET (BwRole, n_participations) },
  { "tags", "tags", BW_FIELD_STRINGS, G_STRUCT_OFFSET (BwRole, tags) },
  { "created-at-us", "createdAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwRole, created_at_us) },
  { "edited-at-us", "editedAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwRole, edited_at_us) },
};

static GParamSpec *properties[G_N_ELEMENTS (fields)];

static void
bw_role_class_init (BwRoleClass *klass)
{
  bw_record_class_set_fields (BW_RECORD_CLASS (klass), fields, G_N_ELEMENTS (fields), properties);
}

static void
bw_role_init (BwRole *self)
{
}

BwRole *
bw_role_new (void)
{
  return g_object_new (BW_TYPE_ROLE, NULL);
}

const char *
bw_role_get_name (BwRole *self)
{
  g_return_val_if_fail (BW_IS_ROLE (self), NULL);

  return self->name;
}
