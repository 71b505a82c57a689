/* bw-bulk-result.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-bulk-result.h"

#include "bw-record-private.h"

/**
 * BwBulkResult:
 *
 * What became of one device when many were changed at a time.
 */

struct _BwBulkResult
{
  BwRecord  parent_instance;

  char     *name;
  char     *state;
  char     *reason;
};

G_DEFINE_FINAL_TYPE (BwBulkResult, bw_bulk_result, BW_TYPE_RECORD)

static const BwField fields[] = {
  { "name", "name", BW_FIELD_STRING, G_STRUCT_OFFSET (BwBulkResult, name) },
  { "state", "state", BW_FIELD_STRING, G_STRUCT_OFFSET (BwBulkResult, state) },
  { "reason", "reason", BW_FIELD_STRING, G_STRUCT_OFFSET (BwBulkResult, reason) },
};

static GParamSpec *properties[G_N_ELEMENTS (fields)];

static void
bw_bulk_result_class_init (BwBulkResultClass *klass)
{
  bw_record_class_set_fields (BW_RECORD_CLASS (klass), fields, G_N_ELEMENTS (fields), properties);
}

static void
bw_bulk_result_init (BwBulkResult *self)
{
}

BwBulkResult *
bw_bulk_result_new (void)
{
  return g_object_new (BW_TYPE_BULK_RESULT, NULL);
}
