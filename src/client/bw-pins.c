/* bw-pins.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-pins.h"

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

#include "bw-error.h"

#define PINS_MAX        1000
#define FILE_MAX_BYTES  (1024 * 1024)
#define FINGERPRINT_LEN (32 * 3 - 1)

static void
pin_free (gpointer data)
{
  BwPin *pin = data;

  g_free (pin->place);
  g_free (pin->fingerprint);
  g_free (pin);
}

static char *
file_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "bellwether", "certificates.ini", NULL);
}

static gboolean
is_fingerprint (const char *text)
{
  if (text == NULL || strlen (text) != FINGERPRINT_LEN)
    return FALSE;

  for (gsize i = 0; i < FINGERPRINT_LEN; i++)
    {
      if (i % 3 == 2 ? text[i] != ':' : !g_ascii_isxdigit (text[i]))
        return FALSE;
    }

  return TRUE;
}

static BwPin *
read_pin (GKeyFile   *file,
          const char *group)
{
  BwPin *pin = g_new0 (BwPin, 1);

  pin->place = g_key_file_get_string (file, group, "place", NULL);
  pin->fingerprint = g_key_file_get_string (file, group, "sha256", NULL);
  pin->added_at_us = g_key_file_get_int64 (file, group, "added", NULL);
  if (pin->place != NULL && *pin->place != '\0' && is_fingerprint (pin->fingerprint))
    return pin;

  pin_free (pin);

  return NULL;
}

/* NULL with @error for a file that is there and cannot be understood. */
static GPtrArray *
load (GError **error)
{
  g_autoptr(GPtrArray) pins = g_ptr_array_new_with_free_func (pin_free);
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GError) foreign = NULL;
  g_autofree char *path = file_path ();
  g_auto(GStrv) groups = NULL;
  GStatBuf info;

  if (g_stat (path, &info) != 0 && errno == ENOENT)
    return g_steal_pointer (&pins);

  if (g_stat (path, &info) == 0 && info.st_size > FILE_MAX_BYTES)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is not the list of trusted certificates", path);
      return NULL;
    }

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &foreign))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” cannot be read: %s", path, foreign->message);
      return NULL;
    }

  groups = g_key_file_get_groups (file, NULL);
  for (gsize i = 0; groups[i] != NULL && pins->len < PINS_MAX; i++)
    {
      BwPin *pin = read_pin (file, groups[i]);

      if (pin != NULL)
        g_ptr_array_add (pins, pin);
    }

  return g_steal_pointer (&pins);
}

static gboolean
save (GPtrArray  *pins,
      GError    **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *path = file_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = NULL;

  /* An address in brackets cannot be the name of a group. */
  for (guint i = 0; i < pins->len; i++)
    {
      const BwPin *pin = g_ptr_array_index (pins, i);
      g_autofree char *group = g_strdup_printf ("certificate %u", i + 1);

      g_key_file_set_string (file, group, "place", pin->place);
      g_key_file_set_string (file, group, "sha256", pin->fingerprint);
      g_key_file_set_int64 (file, group, "added", pin->added_at_us);
    }

  text = g_key_file_to_data (file, NULL, NULL);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "cannot make the folder “%s”: %s", folder, g_strerror (errno));
      return FALSE;
    }

  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    {
      bw_error_adopt (error);
      return FALSE;
    }

  return TRUE;
}

static void
remove_place (GPtrArray  *pins,
              const char *place)
{
  for (guint i = pins->len; i > 0; i--)
    {
      const BwPin *pin = g_ptr_array_index (pins, i - 1);

      if (g_ascii_strcasecmp (pin->place, place) == 0)
        g_ptr_array_remove_index (pins, i - 1);
    }
}

char *
bw_pins_look_up (const char *place)
{
  g_autoptr(GPtrArray) pins = NULL;
  g_autoptr(GError) error = NULL;

  g_return_val_if_fail (place != NULL, NULL);

  pins = load (&error);
  if (pins == NULL)
    {
      g_debug ("%s", error->message);
      return NULL;
    }

  for (guint i = 0; i < pins->len; i++)
    {
      const BwPin *pin = g_ptr_array_index (pins, i);

      if (g_ascii_strcasecmp (pin->place, place) == 0)
        return g_strdup (pin->fingerprint);
    }

  return NULL;
}

GPtrArray *
bw_pins_list (void)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *pins = load (&error);

  if (pins == NULL)
    g_debug ("%s", error->message);

  return pins != NULL ? pins : g_ptr_array_new_with_free_func (pin_free);
}

gboolean
bw_pins_add (const char  *place,
             const char  *fingerprint,
             GError     **error)
{
  g_autoptr(GPtrArray) pins = NULL;
  BwPin *pin;

  g_return_val_if_fail (place != NULL && *place != '\0', FALSE);
  g_return_val_if_fail (is_fingerprint (fingerprint), FALSE);

  pins = load (error);
  if (pins == NULL)
    return FALSE;

  remove_place (pins, place);
  if (pins->len >= PINS_MAX)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY, "more than %d certificates cannot be trusted", PINS_MAX);
      return FALSE;
    }

  pin = g_new0 (BwPin, 1);
  pin->place = g_strdup (place);
  pin->fingerprint = g_strdup (fingerprint);
  pin->added_at_us = g_get_real_time ();
  g_ptr_array_insert (pins, 0, pin);

  return save (pins, error);
}

gboolean
bw_pins_forget (const char  *place,
                GError     **error)
{
  g_autoptr(GPtrArray) pins = NULL;

  g_return_val_if_fail (place != NULL, FALSE);

  pins = load (error);
  if (pins == NULL)
    return FALSE;

  remove_place (pins, place);

  return save (pins, error);
}
