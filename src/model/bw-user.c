/* bw-user.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-user.h"

#include "bw-record-private.h"

/**
 * BwUser:
 *
 * A person who may sign in. What they may do stands in their participations.
 */

struct _BwUser
{
  BwRecord   parent_instance;

  char      *login;
  char      *email;
  char      *first_name;
  char      *last_name;
  char      *name;
  char      *status;
  gboolean   suspended;
  gboolean   totp;
  char      *company_id;
  JsonNode  *participations;
  char     **tags;
  gint64     created_at_us;
  gint64     edited_at_us;
  gint64     last_seen_at_us;
};

G_DEFINE_FINAL_TYPE (BwUser, bw_user, BW_TYPE_RECORD)

static const BwField fields[] = {
  { "login", "login", BW_FIELD_STRING, G_STRUCT_OFFSET (BwUser, login) },
  { "email", "email", BW_FIELD_STRING, G_STRUCT_OFFSET (BwUser, email) },
  { "first-name", "firstName", BW_FIELD_STRING, G_STRUCT_OFFSET (BwUser, first_name) },
  { "last-name", "lastName", BW_FIELD_STRING, G_STRUCT_OFFSET (BwUser, last_name) },
  { "name", "name", BW_FIELD_STRING, G_STRUCT_OFFSET (BwUser, name) },
  { "status", "status", BW_FIELD_STRING, G_STRUCT_OFFSET (BwUser, status) },
  { "suspended", "suspended", BW_FIELD_BOOLEAN, G_STRUCT_OFFSET (BwUser, suspended) },
  { "totp", "totp", BW_FIELD_BOOLEAN, G_STRUCT_OFFSET (BwUser, totp) },
  { "company-id", "companyId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwUser, company_id) },
  { "participations", "participations", BW_FIELD_JSON, G_STRUCT_OFFSET (BwUser, participations) },
  { "tags", "tags", BW_FIELD_STRINGS, G_STRUCT_OFFSET (BwUser, tags) },
  { "created-at-us", "createdAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwUser, created_at_us) },
  { "edited-at-us", "editedAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwUser, edited_at_us) },
  { "last-seen-at-us", "lastSeenAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwUser, last_seen_at_us) },
};

static GParamSpec *properties[G_N_ELEMENTS (fields)];

static void
bw_user_class_init (BwUserClass *klass)
{
  bw_record_class_set_fields (BW_RECORD_CLASS (klass), fields, G_N_ELEMENTS (fields), properties);
}

static void
bw_user_init (BwUser *self)
{
}

BwUser *
bw_user_new (void)
{
  return g_object_new (BW_TYPE_USER, NULL);
}
