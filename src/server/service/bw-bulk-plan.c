/* bw-bulk-plan.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-bulk-plan.h"

#include <string.h>

#include "bw-desired-repo.h"
#include "bw-desired-service.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-people-private.h"

#define MAX_NAME_BYTES  200
#define MAX_VALUE_BYTES (64 * 1024)

static const struct
{
  const char   *nick;
  BwBulkFamily  family;
  guint         permission;
  gboolean      on;
} actions[] = {
  { "approve",   BW_BULK_STATUS,  BW_PERMISSION_APPROVE_DEVICES, FALSE },
  { "unapprove", BW_BULK_STATUS,  BW_PERMISSION_APPROVE_DEVICES, FALSE },
  { "block",     BW_BULK_STATUS,  BW_PERMISSION_APPROVE_DEVICES, FALSE },
  { "unblock",   BW_BULK_STATUS,  BW_PERMISSION_APPROVE_DEVICES, FALSE },
  { "tag",       BW_BULK_TAG,     BW_PERMISSION_MANAGE_TAGS | BW_PERMISSION_VIEW_DEVICES, TRUE },
  { "untag",     BW_BULK_TAG,     BW_PERMISSION_MANAGE_TAGS | BW_PERMISSION_VIEW_DEVICES, FALSE },
  { "assign",    BW_BULK_COMPANY, BW_PERMISSION_MANAGE_DEVICES, FALSE },
  { "set",       BW_BULK_VALUE,   BW_PERMISSION_CONTROL_DEVICES, FALSE },
};

void
bw_bulk_plan_free (BwBulkPlan *self)
{
  g_free (self->action);
  g_clear_pointer (&self->tag, bw_tag_row_free);
  g_free (self->node);
  g_free (self->property);
  g_free (self->value);
  g_free (self);
}

static gboolean
take_id (JsonObject  *parameters,
         const char  *name,
         gint64      *place,
         GError     **error)
{
  *place = bw_json_get_id (parameters, name);
  if (*place > 0)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "this action takes “%s” in “parameters”, an id", name);

  return FALSE;
}

static gboolean
take_text (JsonObject  *parameters,
           const char  *name,
           gsize        max,
           char       **place,
           GError     **error)
{
  const char *text = bw_json_get_string (parameters, name);

  if (text == NULL)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "this action takes “%s” in “parameters”, a text", name);
  else if (strlen (text) > max)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is longer than %" G_GSIZE_FORMAT " bytes", name, max);
  else
    {
      *place = g_strdup (text);
      return TRUE;
    }

  return FALSE;
}

static gboolean
take_parameters (BwBulkPlan  *self,
                 JsonObject  *parameters,
                 guint       *ret_n,
                 GError     **error)
{
  switch (self->family)
    {
    case BW_BULK_TAG:
      *ret_n = 1;
      return take_id (parameters, "tagId", &self->tag_id, error);

    case BW_BULK_COMPANY:
      *ret_n = 1;
      return take_id (parameters, "companyId", &self->company_id, error);

    case BW_BULK_VALUE:
      *ret_n = 3;
      return take_text (parameters, "node", MAX_NAME_BYTES, &self->node, error) &&
             take_text (parameters, "property", MAX_NAME_BYTES, &self->property, error) &&
             take_text (parameters, "value", MAX_VALUE_BYTES, &self->value, error);

    case BW_BULK_STATUS:
    default:
      *ret_n = 0;
      return TRUE;
    }
}

static BwBulkPlan *
make_undo (JsonObject  *parameters,
           GError     **error)
{
  BwBulkPlan *self = bw_bulk_plan_new (bw_json_get_string (parameters, "action"),
                                       bw_json_get_object (parameters, "parameters"), error);

  if (self != NULL)
    self->is_undo = TRUE;

  return self;
}

BwBulkPlan *
bw_bulk_plan_new (const char  *action,
                  JsonObject  *parameters,
                  GError     **error)
{
  g_autoptr(BwBulkPlan) self = NULL;
  g_autoptr(JsonObject) none = json_object_new ();
  guint n = 0;

  if (parameters == NULL)
    parameters = none;

  if (g_strcmp0 (action, "undo") == 0 && json_object_get_size (parameters) == 2)
    return make_undo (parameters, error);

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (g_strcmp0 (actions[i].nick, action) != 0)
        continue;

      self = g_new0 (BwBulkPlan, 1);
      self->action = g_strdup (action);
      self->family = actions[i].family;
      self->permission = actions[i].permission;
      self->on = actions[i].on;
      if (self->family == BW_BULK_STATUS)
        bw_action_from_nick (action, &self->decision);
    }

  if (self == NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                           "“action” must be approve, unapprove, block, unblock, tag, untag, assign or set");
      return NULL;
    }

  if (!take_parameters (self, parameters, &n, error))
    return NULL;

  if (json_object_get_size (parameters) == n)
    return g_steal_pointer (&self);

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“parameters” has members that “%s” does not take", action);

  return NULL;
}

char *
bw_bulk_plan_dup_parameters (const BwBulkPlan *self)
{
  GString *out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  if (self->is_undo)
    {
      bw_json_add_string (out, "action", self->action);
      bw_json_begin_object (out, "parameters");
    }
  if (self->family == BW_BULK_TAG)
    bw_json_add_id (out, "tagId", self->tag_id);
  if (self->family == BW_BULK_COMPANY)
    bw_json_add_id (out, "companyId", self->company_id);
  if (self->family == BW_BULK_VALUE)
    {
      bw_json_add_string (out, "node", self->node);
      bw_json_add_string (out, "property", self->property);
      bw_json_add_string (out, "value", self->value);
    }
  if (self->is_undo)
    bw_json_end_object (out);
  bw_json_end_object (out);

  return g_string_free (out, FALSE);
}

static gboolean
find_waiting (BwBulkPlan  *self,
              BwDb        *db,
              GError     **error)
{
  gint64 n = 0;

  if (!bw_desired_repo_count (db, "", NULL, &n, error))
    return FALSE;

  self->is_full = n >= BW_DESIRED_MAX_ALL;

  return self->undo_of == 0 || bw_bulk_repo_get_wish_time (db, self->undo_of, &self->undone_at_us, error);
}

gboolean
bw_bulk_plan_find_target (BwBulkPlan   *self,
                          BwAuthority  *authority,
                          BwDb         *db,
                          gint64        company_id,
                          GError      **error)
{
  g_autoptr(GString) unused = g_string_new (NULL);
  guint n = 0;

  if (self->family == BW_BULK_COMPANY && !self->is_undo && !bw_authority_reaches (authority, company_id, self->company_id))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no company %" G_GINT64_FORMAT, self->company_id);
      return FALSE;
    }

  if (self->family == BW_BULK_VALUE)
    return find_waiting (self, db, error);

  if (self->family != BW_BULK_TAG)
    return TRUE;

  if (!bw_tag_repo_write (db, company_id, self->tag_id, unused, &n, error))
    return FALSE;

  if (n == 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no such tag");
      return FALSE;
    }

  g_clear_pointer (&self->tag, bw_tag_row_free);
  self->tag = bw_tag_repo_get (db, self->tag_id, error);

  return self->tag != NULL;
}

/* As it is now. (transfer full) (nullable) */
static char *
dup_current (const BwBulkPlan *self,
             const BwBulkItem *item)
{
  switch (self->family)
    {
    case BW_BULK_STATUS:
      return g_strdup_printf ("%d,%d", (int) item->status, (int) item->before_block);

    case BW_BULK_COMPANY:
      return g_strdup_printf ("%" G_GINT64_FORMAT, item->company_id);

    case BW_BULK_TAG:
      return g_strdup (item->has_tag ? "1" : "0");

    case BW_BULK_VALUE:
    default:
      return g_strdup (item->value);
    }
}

/* Whether a value can wait for a device that is not there; (transfer full): why not */
static char *
check_keeping (const BwBulkPlan *self,
               const BwBulkItem *item)
{
  if (!item->retained)
    return g_strdup_printf ("it is offline, and %s/%s keeps no value: what it does is done now or not at all",
                            self->node, self->property);

  if (item->desired == NULL && (self->is_full || item->n_desired >= BW_DESIRED_MAX_PER_DEVICE))
    return g_strdup ("it is offline, and too many values wait already");

  return NULL;
}

/* Whether a value can be sent, or wait; (transfer full): why not */
static char *
check_value (const BwBulkPlan *self,
             const BwBulkItem *item,
             const char       *value)
{
  g_autoptr(GError) error = NULL;

  if (item->status == BW_STATUS_BLOCKED || item->status == BW_STATUS_RETIRED)
    return g_strdup_printf ("it is %s", bw_status_to_nick (item->status));

  if (!bw_status_is_approved (item->status))
    return g_strdup ("it is not approved yet");

  if (!item->has_property)
    return g_strdup_printf ("it has no property %s/%s", self->node, self->property);

  if (!item->settable)
    return g_strdup_printf ("%s/%s can not be set", self->node, self->property);

  if (!bw_value_check (item->datatype, item->format, value, &error))
    return g_strdup (error->message);

  return item->online ? NULL : check_keeping (self, item);
}

/* What goes when a device moves is shown before it does, one by one. */
static const char *
check_move (const BwBulkItem *item)
{
  switch (item->tie)
    {
    case BW_BULK_TIE_OWNER:
      return "it has an owner; unpair it first, or move it by itself";

    case BW_BULK_TIE_DESIRED:
      return "values wait for it; withdraw them first, or move it by itself";

    case BW_BULK_TIE_NONE:
    default:
      return NULL;
    }
}

/* (transfer full): why it cannot be marked */
static char *
check_tag (const BwBulkPlan *self,
           BwAuthority      *authority,
           const BwBulkItem *item,
           gboolean          on)
{
  if (item->has_tag == on)
    return g_strdup (on ? "it has this tag already" : "it does not have this tag");

  if (on && !bw_people_tag_is_usable (authority, self->tag, item->company_id))
    return g_strdup ("the tag is not for its company");

  if (on && item->n_tags >= BW_TAG_MAX_PER_OBJECT)
    return g_strdup_printf ("it has %d tags already", BW_TAG_MAX_PER_OBJECT);

  return NULL;
}

/* The reason; with NULL @ret_next is (transfer full): what it becomes */
static char *
decide_action (const BwBulkPlan  *self,
               BwAuthority       *authority,
               const BwBulkItem  *item,
               char             **ret_next)
{
  BwStatus next = item->status;
  char *reason = NULL;

  switch (self->family)
    {
    case BW_BULK_STATUS:
      reason = g_strdup (bw_action_decide (self->decision, item->status, item->before_block, &next));
      if (next == BW_STATUS_PAIRING && item->tie == BW_BULK_TIE_OWNER)
        next = BW_STATUS_PAIRED;
      *ret_next = g_strdup_printf ("%d,%d", (int) next, (int) item->status);
      break;

    case BW_BULK_COMPANY:
      if (item->company_id == self->company_id)
        reason = g_strdup ("it is this company's already");
      else
        reason = g_strdup (check_move (item));
      *ret_next = g_strdup_printf ("%" G_GINT64_FORMAT, self->company_id);
      break;

    case BW_BULK_TAG:
      reason = check_tag (self, authority, item, self->on);
      *ret_next = g_strdup (self->on ? "1" : "0");
      break;

    case BW_BULK_VALUE:
    default:
      reason = check_value (self, item, self->value);
      *ret_next = g_strdup (self->value);
      break;
    }

  return reason;
}

/* The same for an undo: item->was is what it must be, item->became what it had been. */
static char *
decide_undo (const BwBulkPlan *self,
             BwAuthority      *authority,
             gint64            company_id,
             BwBulkItem       *item,
             const char       *current)
{
  gboolean is_same = (self->family == BW_BULK_COMPANY ? g_ascii_strtoll (item->was, NULL, 10) == item->company_id
                                                      : g_strcmp0 (current, item->was) == 0) ||
                     (self->family == BW_BULK_VALUE && current != NULL && item->was != NULL &&
                      bw_value_means_same (item->datatype, item->format, current, item->was));

  item->withdraws = item->desired_at_us != 0 && item->desired_at_us == self->undone_at_us;
  if (item->withdraws)
    return NULL;

  if (item->desired_at_us > self->undone_at_us)
    return g_strdup ("another value waits for it since");

  if (!is_same)
    return g_strdup ("it has been changed since");

  if (item->became == NULL)
    return g_strdup ("it had no value before");

  if (self->family == BW_BULK_COMPANY &&
      !bw_authority_reaches (authority, company_id, g_ascii_strtoll (item->became, NULL, 10)))
    return g_strdup ("the company it had is not there any more");

  if (self->family == BW_BULK_COMPANY && check_move (item) != NULL)
    return g_strdup (check_move (item));

  if (self->family == BW_BULK_TAG)
    return check_tag (self, authority, item, strcmp (item->became, "1") == 0);

  return self->family == BW_BULK_VALUE ? check_value (self, item, item->became) : NULL;
}

void
bw_bulk_plan_decide (const BwBulkPlan *self,
                     BwAuthority      *authority,
                     gint64            company_id,
                     BwBulkItem       *item)
{
  g_autofree char *current = NULL;
  g_autofree char *next = NULL;

  g_clear_pointer (&item->reason, g_free);
  item->withdraws = FALSE;
  if (!item->found || !bw_authority_reaches (authority, company_id, item->company_id))
    {
      item->reason = g_strdup (BW_BULK_NO_DEVICE);
      g_clear_pointer (&item->name, g_free);
    }
  else
    {
      current = dup_current (self, item);
      item->reason = self->is_undo ? decide_undo (self, authority, company_id, item, current)
                                   : decide_action (self, authority, item, &next);
    }

  item->state = item->reason == NULL ? BW_BULK_ITEM_DONE : BW_BULK_ITEM_REFUSED;
  if (item->state == BW_BULK_ITEM_DONE && self->family == BW_BULK_VALUE && !item->online && !item->withdraws)
    item->state = BW_BULK_ITEM_KEPT;
  if (item->state != BW_BULK_ITEM_REFUSED && !self->is_undo)
    {
      item->was = g_steal_pointer (&current);
      item->became = g_steal_pointer (&next);
    }
}
