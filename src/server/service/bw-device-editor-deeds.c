/* bw-device-editor-deeds.c: an owner, and another key
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-device-editor-private.h"

#include <sodium.h>
#include <string.h>

#include "bw-device-key-repo.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-user-repo.h"

/* What bw_device_key_from_bytes() takes. */
#define KEY_RANDOM_BYTES 17

static GString *
write_pairing (const BwDeviceEditRow *row)
{
  GString *out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "status", bw_status_to_nick (row->status));
  bw_json_add_id (out, "ownerId", row->owner_id);
  bw_json_add_string (out, "owner", row->owner);
  bw_json_end_object (out);

  return out;
}

static gboolean
check_free (const BwDeviceEditRow  *row,
            GError                **error)
{
  if (row->status == BW_STATUS_PAIRING && row->owner_id == 0)
    return TRUE;

  if (row->status == BW_STATUS_PAIRED || row->owner_id != 0)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "the device has an owner already; unpair it first");
  else if (row->status == BW_STATUS_BLOCKED || row->status == BW_STATUS_RETIRED)
    g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "the device is %s", bw_status_to_nick (row->status));
  else
    g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "the device is not approved yet");

  return FALSE;
}

static gboolean
set_owner (BwDeviceChange  *change,
           BwStoreThread   *thread,
           gint64           account_id,
           const char      *login,
           GError         **error)
{
  BwDeviceEditRow *row = change->row;

  change->before = write_pairing (row);
  row->owner_id = account_id;
  g_free (row->owner);
  row->owner = g_strdup (login);
  row->paired_at_us = g_get_real_time ();
  row->status = BW_STATUS_PAIRED;
  change->after = write_pairing (row);

  return bw_device_edit_repo_set_owner (thread, row, error);
}

/* Whom the actor may know of. */
static BwAccountRow *
find_user (BwDeviceChange  *change,
           BwStoreThread   *thread,
           GError         **error)
{
  g_autoptr(BwAccountRow) account = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean in_reach = FALSE;
  gint64 company_id = 0;

  account = change->user_id != 0 ? bw_account_repo_get (thread->db, change->user_id, &local_error)
                                 : bw_account_repo_find (thread->db, change->user, &local_error);
  if (local_error == NULL && account != NULL)
    bw_user_repo_in_reach (thread->db, change->actor->company_id, account->id, &in_reach, &company_id, &local_error);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (account == NULL || !in_reach)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no such user");
  else if (account->suspended)
    g_set_error (error, BW_ERROR, BW_ERROR_CONFLICT, "%s is suspended", bw_account_row_get_login (account));
  else
    return g_steal_pointer (&account);

  return NULL;
}

gboolean
bw_device_change_pair (BwDeviceChange  *change,
                       BwStoreThread   *thread,
                       GError         **error)
{
  g_autoptr(BwAccountRow) account = find_user (change, thread, error);

  return account != NULL && check_free (change->row, error) &&
         set_owner (change, thread, account->id, bw_account_row_get_login (account), error);
}

/* He may not see devices, so he is told no more than he knew. */
static GBytes *
write_claim (const BwDeviceEditRow *row)
{
  g_autoptr(GString) out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "deviceId", row->id);
  bw_json_add_string (out, "status", bw_status_to_nick (row->status));
  bw_json_add_int (out, "pairedAt", row->paired_at_us);
  bw_json_end_object (out);

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

gboolean
bw_device_change_claim (BwDeviceChange  *change,
                        BwStoreThread   *thread,
                        GError         **error)
{
  if (!check_free (change->row, error) ||
      !set_owner (change, thread, change->actor->account_id, change->actor->login, error))
    return FALSE;

  change->answer = write_claim (change->row);

  return TRUE;
}

/* Of one that is not in now, too: it comes back as nobody's. */
gboolean
bw_device_change_unpair (BwDeviceChange  *change,
                         BwStoreThread   *thread,
                         GError         **error)
{
  BwDeviceEditRow *row = change->row;

  if (change->deed == BW_DEED_RELEASE && row->owner_id != change->actor->account_id)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "you have not paired a device %s", change->id);
      return FALSE;
    }

  if (row->owner_id == 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "the device has no owner");
      return FALSE;
    }

  change->before = write_pairing (row);
  row->owner_id = 0;
  row->paired_at_us = 0;
  g_clear_pointer (&row->owner, g_free);
  if (row->status == BW_STATUS_PAIRED)
    row->status = BW_STATUS_PAIRING;
  if (row->before_block == BW_STATUS_PAIRED)
    row->before_block = BW_STATUS_PAIRING;
  change->after = write_pairing (row);
  if (change->deed == BW_DEED_RELEASE)
    change->answer = g_bytes_new_static ("", 0);

  return bw_device_edit_repo_set_owner (thread, row, error);
}

static void
free_secret (gpointer data)
{
  GString *text = data;

  sodium_memzero (text->str, text->allocated_len);
  g_string_free (text, TRUE);
}

static GBytes *
write_key (const char *id,
           const char *key,
           gint64      old_ends_us)
{
  GString *out = g_string_sized_new (256);   /* never moved: what is left behind would not be wiped */

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "deviceId", id);
  bw_json_add_string (out, "key", key);
  bw_json_add_int (out, "oldKeyEndsAt", old_ends_us);
  bw_json_end_object (out);

  return g_bytes_new_with_free_func (out->str, out->len, free_secret, out);
}

gboolean
bw_device_change_rotate (BwDeviceChange  *change,
                         BwStoreThread   *thread,
                         GError         **error)
{
  gint64 old_ends_us = change->grace_s > 0 ? g_get_real_time () + change->grace_s * G_USEC_PER_SEC : 0;
  guint8 random[KEY_RANDOM_BYTES];
  guint8 hash[BW_SECRET_HASH_BYTES];
  char key[BW_DEVICE_KEY_SIZE];

  if (change->row->status == BW_STATUS_RETIRED)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_CONFLICT, "the device is retired");
      return FALSE;
    }

  randombytes_buf (random, sizeof random);
  bw_device_key_from_bytes (random, key);
  crypto_generichash (hash, sizeof hash, (const guint8 *) key, strlen (key), NULL, 0);
  change->answer = write_key (change->id, key, old_ends_us);
  sodium_memzero (random, sizeof random);
  sodium_memzero (key, sizeof key);

  change->key_changed = TRUE;
  change->after = g_string_new (NULL);
  bw_json_begin_object (change->after, NULL);
  bw_json_add_int (change->after, "oldKeyEndsAt", old_ends_us);
  bw_json_end_object (change->after);

  return bw_device_key_repo_rotate (thread, change->id, hash, old_ends_us, error);
}
