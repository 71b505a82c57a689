/* bw-batch.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-batch.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-record-private.h"
#include "bw-text.h"

/**
 * BwBatch:
 *
 * Device IDs that were created together: one name, one colour mark, one
 * hand-over to the manufacturer.
 */

struct _BwBatch
{
  BwRecord  parent_instance;

  char     *name;
  char     *info;
  char     *color;
  char     *company_id;
  char     *state;
  char     *created_by;
  gint64    count;
  gint64    n_done;
  gint64    created_at_us;
  gint64    handed_over_at_us;
};

G_DEFINE_FINAL_TYPE (BwBatch, bw_batch, BW_TYPE_RECORD)

static const BwField fields[] = {
  { "name", "name", BW_FIELD_STRING, G_STRUCT_OFFSET (BwBatch, name) },
  { "info", "info", BW_FIELD_STRING, G_STRUCT_OFFSET (BwBatch, info) },
  { "color", "color", BW_FIELD_STRING, G_STRUCT_OFFSET (BwBatch, color) },
  { "company-id", "companyId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwBatch, company_id) },
  { "state", "state", BW_FIELD_STRING, G_STRUCT_OFFSET (BwBatch, state) },
  { "created-by", "createdBy", BW_FIELD_STRING, G_STRUCT_OFFSET (BwBatch, created_by) },
  { "count", "count", BW_FIELD_INT64, G_STRUCT_OFFSET (BwBatch, count) },
  { "n-done", "nDone", BW_FIELD_INT64, G_STRUCT_OFFSET (BwBatch, n_done) },
  { "created-at-us", "createdAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwBatch, created_at_us) },
  { "handed-over-at-us", "handedOverAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwBatch, handed_over_at_us) },
};

static GParamSpec *properties[G_N_ELEMENTS (fields)];

static gboolean
bw_batch_load (BwEntity    *entity,
               JsonObject  *json,
               GError     **error)
{
  if (!bw_name_is_valid (bw_json_get_string (json, "name"), BW_BATCH_MAX_NAME_BYTES))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "a batch needs a name of 1 to %d bytes without control characters", BW_BATCH_MAX_NAME_BYTES);
      return FALSE;
    }

  return BW_ENTITY_CLASS (bw_batch_parent_class)->load (entity, json, error);
}

static void
bw_batch_class_init (BwBatchClass *klass)
{
  BW_ENTITY_CLASS (klass)->load = bw_batch_load;

  bw_record_class_set_fields (BW_RECORD_CLASS (klass), fields, G_N_ELEMENTS (fields), properties);
}

static void
bw_batch_init (BwBatch *self)
{
}

BwBatch *
bw_batch_new (void)
{
  return g_object_new (BW_TYPE_BATCH, NULL);
}

const char *
bw_batch_get_name (BwBatch *self)
{
  g_return_val_if_fail (BW_IS_BATCH (self), NULL);

  return self->name;
}

const char *
bw_batch_get_info (BwBatch *self)
{
  g_return_val_if_fail (BW_IS_BATCH (self), NULL);

  return self->info;
}

const char *
bw_batch_get_color (BwBatch *self)
{
  g_return_val_if_fail (BW_IS_BATCH (self), NULL);

  return self->color;
}

const char *
bw_batch_get_company_id (BwBatch *self)
{
  g_return_val_if_fail (BW_IS_BATCH (self), NULL);

  return self->company_id;
}

gboolean
bw_batch_is_ready (BwBatch *self)
{
  g_return_val_if_fail (BW_IS_BATCH (self), FALSE);

  return g_strcmp0 (self->state, "ready") == 0;
}

gint64
bw_batch_get_count (BwBatch *self)
{
  g_return_val_if_fail (BW_IS_BATCH (self), 0);

  return self->count;
}

gint64
bw_batch_get_n_done (BwBatch *self)
{
  g_return_val_if_fail (BW_IS_BATCH (self), 0);

  return self->n_done;
}

gint64
bw_batch_get_created_at_us (BwBatch *self)
{
  g_return_val_if_fail (BW_IS_BATCH (self), 0);

  return self->created_at_us;
}

gint64
bw_batch_get_handed_over_at_us (BwBatch *self)
{
  g_return_val_if_fail (BW_IS_BATCH (self), 0);

  return self->handed_over_at_us;
}

/* Information may have lines; nothing else that a printer or a terminal obeys. */
static gboolean
info_is_valid (const char *info)
{
  if (strlen (info) > BW_BATCH_MAX_INFO_BYTES || !g_utf8_validate (info, -1, NULL))
    return FALSE;

  for (const char *p = info; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c) && c != '\n' && c != '\t')
        return FALSE;
    }

  return TRUE;
}

gboolean
bw_batch_check (const char  *name,
                gint64       count,
                const char  *color,
                const char  *info,
                const char **ret_field,
                GError     **error)
{
  const char *field;

  if (!bw_name_is_valid (name, BW_BATCH_MAX_NAME_BYTES))
    {
      field = "name";
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "the name must have 1 to %d bytes, without control characters or space at its ends",
                   BW_BATCH_MAX_NAME_BYTES);
    }
  else if (count < 1 || count > BW_BATCH_MAX_COUNT)
    {
      field = "count";
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "the count must be between 1 and %d", BW_BATCH_MAX_COUNT);
    }
  else if (color != NULL && !bw_color_is_valid (color))
    {
      field = "color";
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                           "the color must be written as #rrggbb");
    }
  else if (info != NULL && !info_is_valid (info))
    {
      field = "info";
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "the info must have at most %d bytes of text", BW_BATCH_MAX_INFO_BYTES);
    }
  else
    return TRUE;

  if (ret_field != NULL)
    *ret_field = field;

  return FALSE;
}
