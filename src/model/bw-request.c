/* bw-request.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-request.h"

#include "bw-record-private.h"

/**
 * BwRequest:
 *
 * A change that waits for somebody else to accept it.
 */

struct _BwRequest
{
  BwRecord   parent_instance;

  char      *kind;
  char      *action;
  char      *object_id;
  char      *object;
  char      *company_id;
  char      *company;
  char      *requester_id;
  char      *requester;
  JsonNode  *before;
  JsonNode  *after;
  char      *comment;
  char      *state;
  char      *reason;
  char      *decided_by;
  gboolean   may_decide;
  gint64     created_at_us;
  gint64     decided_at_us;
  gint64     expires_at_us;
};

G_DEFINE_FINAL_TYPE (BwRequest, bw_request, BW_TYPE_RECORD)

static const BwField fields[] = {
  { "kind", "kind", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRequest, kind) },
  { "action", "action", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRequest, action) },
  { "object-id", "objectId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRequest, object_id) },
  { "object", "object", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRequest, object) },
  { "company-id", "companyId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRequest, company_id) },
  { "company", "company", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRequest, company) },
  { "requester-id", "requesterId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRequest, requester_id) },
  { "requester", "requester", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRequest, requester) },
  { "before", "before", BW_FIELD_JSON, G_STRUCT_OFFSET (BwRequest, before) },
  { "after", "after", BW_FIELD_JSON, G_STRUCT_OFFSET (BwRequest, after) },
  { "comment", "comment", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRequest, comment) },
  { "state", "state", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRequest, state) },
  { "reason", "reason", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRequest, reason) },
  { "decided-by", "decidedBy", BW_FIELD_STRING, G_STRUCT_OFFSET (BwRequest, decided_by) },
  { "may-decide", "mayDecide", BW_FIELD_BOOLEAN, G_STRUCT_OFFSET (BwRequest, may_decide) },
  { "created-at-us", "createdAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwRequest, created_at_us) },
  { "decided-at-us", "decidedAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwRequest, decided_at_us) },
  { "expires-at-us", "expiresAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwRequest, expires_at_us) },
};

static GParamSpec *properties[G_N_ELEMENTS (fields)];

static void
bw_request_class_init (BwRequestClass *klass)
{
  bw_record_class_set_fields (BW_RECORD_CLASS (klass), fields, G_N_ELEMENTS (fields), properties);
}

static void
bw_request_init (BwRequest *self)
{
}

BwRequest *
bw_request_new (void)
{
  return g_object_new (BW_TYPE_REQUEST, NULL);
}
