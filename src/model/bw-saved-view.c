/* bw-saved-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-saved-view.h"

#include "bw-record-private.h"

/**
 * BwSavedView:
 *
 * Which devices, in which order, with which columns, under a name.
 */

struct _BwSavedView
{
  BwRecord   parent_instance;

  char      *name;
  char      *company_id;
  char      *company;
  char      *account_id;
  JsonNode  *document;
  gint64     created_at_us;
  gint64     edited_at_us;
};

G_DEFINE_FINAL_TYPE (BwSavedView, bw_saved_view, BW_TYPE_RECORD)

static const BwField fields[] = {
  { "name", "name", BW_FIELD_STRING, G_STRUCT_OFFSET (BwSavedView, name) },
  { "company-id", "companyId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwSavedView, company_id) },
  { "company", "company", BW_FIELD_STRING, G_STRUCT_OFFSET (BwSavedView, company) },
  { "account-id", "accountId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwSavedView, account_id) },
  { "document", "document", BW_FIELD_JSON, G_STRUCT_OFFSET (BwSavedView, document) },
  { "created-at-us", "createdAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwSavedView, created_at_us) },
  { "edited-at-us", "editedAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwSavedView, edited_at_us) },
};

static GParamSpec *properties[G_N_ELEMENTS (fields)];

static void
bw_saved_view_class_init (BwSavedViewClass *klass)
{
  bw_record_class_set_fields (BW_RECORD_CLASS (klass), fields, G_N_ELEMENTS (fields), properties);
}

static void
bw_saved_view_init (BwSavedView *self)
{
}

BwSavedView *
bw_saved_view_new (void)
{
  return g_object_new (BW_TYPE_SAVED_VIEW, NULL);
}

const char *
bw_saved_view_get_name (BwSavedView *self)
{
  g_return_val_if_fail (BW_IS_SAVED_VIEW (self), NULL);

  return self->name;
}

gboolean
bw_saved_view_is_shared (BwSavedView *self)
{
  g_return_val_if_fail (BW_IS_SAVED_VIEW (self), FALSE);

  return self->company_id != NULL;
}

JsonObject *
bw_saved_view_get_document (BwSavedView *self)
{
  g_return_val_if_fail (BW_IS_SAVED_VIEW (self), NULL);

  return self->document != NULL && JSON_NODE_HOLDS_OBJECT (self->document) ? json_node_get_object (self->document) : NULL;
}
