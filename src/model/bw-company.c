/* bw-company.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-company.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-people-rules.h"
#include "bw-record-private.h"
#include "bw-text.h"

/**
 * BwCompany:
 *
 * A node of the tree of companies: people, devices and batches belong to one.
 */

struct _BwCompany
{
  BwRecord   parent_instance;

  char      *name;
  char      *alias;
  char      *parent_id;
  char      *address;
  char      *phone;
  char      *email;
  char     **tags;
  gint64     n_devices;
  gint64     n_participations;
  gint64     n_subsidiaries;
  gint64     created_at_us;
  gint64     edited_at_us;
};

G_DEFINE_FINAL_TYPE (BwCompany, bw_company, BW_TYPE_RECORD)

static const BwField fields[] = {
  { "name", "name", BW_FIELD_STRING, G_STRUCT_OFFSET (BwCompany, name) },
  { "alias", "alias", BW_FIELD_STRING, G_STRUCT_OFFSET (BwCompany, alias) },
  { "parent-id", "parentId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwCompany, parent_id) },
  { "address", "address", BW_FIELD_STRING, G_STRUCT_OFFSET (BwCompany, address) },
  { "phone", "phone", BW_FIELD_STRING, G_STRUCT_OFFSET (BwCompany, phone) },
  { "email", "email", BW_FIELD_STRING, G_STRUCT_OFFSET (BwCompany, email) },
  { "tags", "tags", BW_FIELD_STRINGS, G_STRUCT_OFFSET (BwCompany, tags) },
  { "n-devices", "nDevices", BW_FIELD_INT64, G_STRUCT_OFFSET (BwCompany, n_devices) },
  { "n-participations", "nParticipations", BW_FIELD_INT64, G_STRUCT_OFFSET (BwCompany, n_participations) },
  { "n-subsidiaries", "nSubsidiaries", BW_FIELD_INT64, G_STRUCT_OFFSET (BwCompany, n_subsidiaries) },
  { "created-at-us", "createdAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwCompany, created_at_us) },
  { "edited-at-us", "editedAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwCompany, edited_at_us) },
};

static GParamSpec *properties[G_N_ELEMENTS (fields)];

static gboolean
bw_company_load (BwEntity    *entity,
                 JsonObject  *json,
                 GError     **error)
{
  if (!bw_name_is_valid (bw_json_get_string (json, "name"), BW_PEOPLE_MAX_NAME_BYTES))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "a company needs a name of 1 to %d bytes without control characters", BW_PEOPLE_MAX_NAME_BYTES);
      return FALSE;
    }

  return BW_ENTITY_CLASS (bw_company_parent_class)->load (entity, json, error);
}

static void
bw_company_class_init (BwCompanyClass *klass)
{
  BW_ENTITY_CLASS (klass)->load = bw_company_load;
  bw_record_class_set_fields (BW_RECORD_CLASS (klass), fields, G_N_ELEMENTS (fields), properties);
}

static void
bw_company_init (BwCompany *self)
{
}

BwCompany *
bw_company_new (void)
{
  return g_object_new (BW_TYPE_COMPANY, NULL);
}

const char *
bw_company_get_name (BwCompany *self)
{
  g_return_val_if_fail (BW_IS_COMPANY (self), NULL);

  return self->name;
}

const char *
bw_company_get_alias (BwCompany *self)
{
  g_return_val_if_fail (BW_IS_COMPANY (self), NULL);

  return self->alias;
}
