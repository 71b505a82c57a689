/* bw-participation.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-participation.h"

#include "bw-record-private.h"

/**
 * BwParticipation:
 *
 * A user acts in a company, and in all below it, in a role, perhaps only for some days.
 */

struct _BwParticipation
{
  BwRecord   parent_instance;

  char      *user_id;
  char      *user;
  char      *email;
  char      *company_id;
  char      *company;
  char      *role_id;
  char      *role;
  char      *first_day;
  char      *last_day;
  gboolean   active;
  gint64     created_at_us;
  gint64     edited_at_us;
};

G_DEFINE_FINAL_TYPE (BwParticipation, bw_participation, BW_TYPE_RECORD)

static const BwField fields[] = {
  { "user-id", "userId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwParticipation, user_id) },
  { "user", "user", BW_FIELD_STRING, G_STRUCT_OFFSET (BwParticipation, user) },
  { "email", "email", BW_FIELD_STRING, G_STRUCT_OFFSET (BwParticipation, email) },
  { "company-id", "companyId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwParticipation, company_id) },
  { "company", "company", BW_FIELD_STRING, G_STRUCT_OFFSET (BwParticipation, company) },
  { "role-id", "roleId", BW_FIELD_STRING, G_STRUCT_OFFSET (BwParticipation, role_id) },
  { "role", "role", BW_FIELD_STRING, G_STRUCT_OFFSET (BwParticipation, role) },
  { "first-day", "firstDay", BW_FIELD_STRING, G_STRUCT_OFFSET (BwParticipation, first_day) },
  { "last-day", "lastDay", BW_FIELD_STRING, G_STRUCT_OFFSET (BwParticipation, last_day) },
  { "active", "active", BW_FIELD_BOOLEAN, G_STRUCT_OFFSET (BwParticipation, active) },
  { "created-at-us", "createdAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwParticipation, created_at_us) },
  { "edited-at-us", "editedAt", BW_FIELD_INT64, G_STRUCT_OFFSET (BwParticipation, edited_at_us) },
};

static GParamSpec *properties[G_N_ELEMENTS (fields)];

static void
bw_participation_class_init (BwParticipationClass *klass)
{
  bw_record_class_set_fields (BW_RECORD_CLASS (klass), fields, G_N_ELEMENTS (fields), properties);
}

static void
bw_participation_init (BwParticipation *self)
{
}

BwParticipation *
bw_participation_new (void)
{
  return g_object_new (BW_TYPE_PARTICIPATION, NULL);
}
