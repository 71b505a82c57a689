/* bw-device-editor-facts.c: what people know of a device, and whose it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-device-editor-private.h"

#include "bw-desired-repo.h"
#include "bw-error.h"
#include "bw-import.h"
#include "bw-json.h"
#include "bw-lost-tags.h"

/* What a move to another company takes along or leaves behind. Tags that may not be used there, an owner
 * who acts neither there nor above, and values that people of the old company wanted: they go. */
typedef struct
{
  GPtrArray *tags;         /* (element-type BwLostTag) */
  GPtrArray *desired;      /* (element-type BwDesiredRow) */
  gboolean   owner_goes;
} Move;

static void
move_clear (Move *move)
{
  g_clear_pointer (&move->tags, g_ptr_array_unref);
  g_clear_pointer (&move->desired, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Move, move_clear)

/* null and an empty text are none. */
static gboolean
take_text (BwDeviceChange  *change,
           const char      *member,
           char           **place,
           GError         **error)
{
  JsonNode *node = json_object_get_member (change->body, member);
  const char *text = bw_json_get_string (change->body, member);

  if (node == NULL)
    return TRUE;

  if (text == NULL && !JSON_NODE_HOLDS_NULL (node))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” must be a text", member);
      return FALSE;
    }

  g_free (*place);
  *place = text != NULL && *text != '\0' ? g_strdup (text) : NULL;

  return TRUE;
}

static const char *
none_to_empty (const char *text)
{
  return text != NULL ? text : "";
}

/* The rule is the one of an import. */
static gboolean
check_facts (const BwDeviceEditRow  *row,
             GError                **error)
{
  const char *texts[BW_IMPORT_N_COLUMNS] = {
    [BW_IMPORT_ID] = row->id,
    [BW_IMPORT_KEY] = "",
    [BW_IMPORT_TYPE] = none_to_empty (row->type),
    [BW_IMPORT_ABBREVIATION] = none_to_empty (row->abbreviation),
    [BW_IMPORT_LICENSE] = none_to_empty (row->license),
    [BW_IMPORT_MACHINE_ID] = none_to_empty (row->machine_id),
  };
  char id[BW_DEVICE_ID_SIZE];
  BwImportColumn column = BW_IMPORT_ID;
  BwImportProblem problem = bw_import_check (texts, id, &column);

  if (problem == BW_IMPORT_GOOD)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s: %s", bw_import_column_to_name (column),
               bw_import_problem_to_reason (problem));

  return FALSE;
}

static gboolean
take_company (BwDeviceChange  *change,
              GError         **error)
{
  gint64 company_id = bw_json_get_id (change->body, "companyId");

  if (!json_object_has_member (change->body, "companyId"))
    return TRUE;

  if (company_id == 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“companyId” is no id");
      return FALSE;
    }

  if (!bw_authority_reaches (change->authority, change->actor->company_id, company_id))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no company %" G_GINT64_FORMAT, company_id);
      return FALSE;
    }

  change->row->company_id = company_id;

  return TRUE;
}

static gboolean
check_revision (BwDeviceChange  *change,
                GError         **error)
{
  gint64 revision = bw_json_get_int (change->body, "factsRevision", 0);

  if (revision == 0)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "“factsRevision” is missing: the one that you have seen");
  else if (revision != change->row->facts_revision)
    g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT,
                 "somebody else has changed the facts of this device meanwhile: they are at revision %" G_GINT64_FORMAT,
                 change->row->facts_revision);
  else
    return TRUE;

  return FALSE;
}

static GString *
write_facts (const BwDeviceEditRow *row)
{
  GString *out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "type", row->type);
  bw_json_add_string (out, "abbreviation", row->abbreviation);
  bw_json_add_string (out, "license", row->license);
  bw_json_add_string (out, "machineId", row->machine_id);
  bw_json_add_id (out, "companyId", row->company_id);
  bw_json_add_id (out, "ownerId", row->owner_id);
  bw_json_end_object (out);

  return out;
}

static gboolean
find_tags (BwDeviceChange  *change,
           BwStoreThread   *thread,
           Move            *move,
           GError         **error)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();

  g_ptr_array_add (ids, change->id);
  move->tags = bw_lost_tags_find (change->authority, thread->db, ids, change->row->company_id, error);

  return move->tags != NULL;
}

static gboolean
find_move (BwDeviceChange  *change,
           BwStoreThread   *thread,
           Move            *move,
           GError         **error)
{
  gboolean is_at_home = TRUE;

  if (change->row->company_id == change->company_before)
    return TRUE;

  if (change->row->owner_id != 0 &&
      !bw_device_edit_repo_is_at_home (thread->db, change->row->owner_id, change->row->company_id, &is_at_home, error))
    return FALSE;

  move->owner_goes = !is_at_home;
  move->desired = bw_desired_repo_list (thread->db, change->id, error);

  return move->desired != NULL && find_tags (change, thread, move, error);
}

static GBytes *
write_preview (const BwDeviceChange *change,
               const Move           *move)
{
  g_autoptr(GString) out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "losesTags");
  for (guint i = 0; move->tags != NULL && i < move->tags->len; i++)
    bw_json_add_string (out, NULL, ((BwLostTag *) g_ptr_array_index (move->tags, i))->tag->name);
  bw_json_end_array (out);
  bw_json_add_string (out, "losesOwner", move->owner_goes ? change->row->owner : NULL);
  bw_json_add_int (out, "losesDesired", move->desired != NULL ? move->desired->len : 0);
  bw_json_end_object (out);

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
leave_behind (BwDeviceChange  *change,
              BwStoreThread   *thread,
              const Move      *move,
              GError         **error)
{
  if (move->tags != NULL && !bw_lost_tags_leave (thread, move->tags, error))
    return FALSE;

  change->withdrawn = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; move->desired != NULL && i < move->desired->len; i++)
    {
      GString *gone = g_string_new (NULL);

      bw_desired_row_write (g_ptr_array_index (move->desired, i), TRUE, gone);
      g_ptr_array_add (change->withdrawn, g_string_free (gone, FALSE));
    }

  if (change->withdrawn->len > 0 && !bw_desired_repo_forget (thread, change->id, error))
    return FALSE;

  if (!move->owner_goes)
    return TRUE;

  change->row->owner_id = 0;
  change->row->paired_at_us = 0;
  if (change->row->status == BW_STATUS_PAIRED)
    change->row->status = BW_STATUS_PAIRING;
  if (change->row->before_block == BW_STATUS_PAIRED)
    change->row->before_block = BW_STATUS_PAIRING;

  return bw_device_edit_repo_set_owner (thread, change->row, error);
}

gboolean
bw_device_change_edit (BwDeviceChange  *change,
                       BwStoreThread   *thread,
                       GError         **error)
{
  g_auto(Move) move = { NULL, };
  BwDeviceEditRow *row = change->row;

  change->before = write_facts (row);
  if (!check_revision (change, error) ||
      !take_text (change, "type", &row->type, error) ||
      !take_text (change, "abbreviation", &row->abbreviation, error) ||
      !take_text (change, "license", &row->license, error) ||
      !take_text (change, "machineId", &row->machine_id, error) ||
      !check_facts (row, error) || !take_company (change, error) ||
      !find_move (change, thread, &move, error))
    return FALSE;

  if (change->preview)
    {
      change->answer = write_preview (change, &move);
      return TRUE;
    }

  if (!leave_behind (change, thread, &move, error) || !bw_device_edit_repo_set_facts (thread, row, error))
    return FALSE;

  change->after = write_facts (row);

  return TRUE;
}
