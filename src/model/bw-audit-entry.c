/* bw-audit-entry.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-audit-entry.h"

#include "bw-record-private.h"

/**
 * BwAuditEntry:
 *
 * What somebody has done, and how the thing was before and after.
 */

struct _BwAuditEntry
{
  BwRecord   parent_instance;

  gint64     at_us;
  char      *user_id;
  char      *user;
  char      *address;
  char      *action;
  char      *kind;
  char      *object_id;
  char      *object;
  char      *company_id;
  JsonNode  *before;
  JsonNode  *after;
  char      *hash;
};

G_DEFINE_FINAL_TYPE (BwAuditEntry, bw_audit_entry, BW_TYPE_RECORD)

static const BwField fields[] = {
  { "at-us", "at", BW_FIELD_INT64, G_STRUCT_OFFSET (BwAuditEntry, at_us) },
  { "user-id", "userId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwAuditEntry, user_id) },
  { "user", "user", BW_FIELD_STRING, G_STRUCT_OFFSET (BwAuditEntry, user) },
  { "address", "address", BW_FIELD_STRING, G_STRUCT_OFFSET (BwAuditEntry, address) },
  { "action", "action", BW_FIELD_STRING, G_STRUCT_OFFSET (BwAuditEntry, action) },
  { "kind", "kind", BW_FIELD_STRING, G_STRUCT_OFFSET (BwAuditEntry, kind) },
  { "object-id", "objectId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwAuditEntry, object_id) },
  { "object", "object", BW_FIELD_STRING, G_STRUCT_OFFSET (BwAuditEntry, object) },
  { "company-id", "companyId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwAuditEntry, company_id) },
  { "before", "before", BW_FIELD_JSON, G_STRUCT_OFFSET (BwAuditEntry, before) },
  { "after", "after", BW_FIELD_JSON, G_STRUCT_OFFSET (BwAuditEntry, after) },
  { "hash", "hash", BW_FIELD_STRING, G_STRUCT_OFFSET (BwAuditEntry, hash) },
};

static GParamSpec *properties[G_N_ELEMENTS (fields)];

static void
bw_audit_entry_class_init (BwAuditEntryClass *klass)
{
  bw_record_class_set_fields (BW_RECORD_CLASS (klass), fields, G_N_ELEMENTS (fields), properties);
}

static void
bw_audit_entry_init (BwAuditEntry *self)
{
}

BwAuditEntry *
bw_audit_entry_new (void)
{
  return g_object_new (BW_TYPE_AUDIT_ENTRY, NULL);
}
