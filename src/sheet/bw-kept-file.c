/* bw-kept-file.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-kept-file.h"

#include "bw-error.h"
#include "bw-json.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#define MAX_BYTES (1024 * 1024)

/* `{"items":[…]}`. Two programs may change it at the same time, so a change
 * holds a lock on a file beside it from reading to writing; the list itself
 * is replaced as a whole, and who only reads needs no lock. */

struct _BwKeptFile
{
  char     *path;
  JsonNode *root;       /* (owned) (nullable) */
  int       lock_fd;    /* -1: only read */
};

static gboolean
fail (const char  *path,
      const char  *why,
      GError     **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "cannot keep “%s”: %s", shown, why);

  return FALSE;
}

static gboolean
take_lock (BwKeptFile  *self,
           GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *lock = g_strconcat (self->path, ".lock", NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return fail (self->path, g_strerror (errno), error);

  self->lock_fd = open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock_fd < 0 || flock (self->lock_fd, LOCK_EX) != 0)
    return fail (self->path, g_strerror (errno), error);

  return TRUE;
}

static gboolean
read_items (BwKeptFile  *self,
            GError     **error)
{
  g_autofree char *text = NULL;
  g_autofree char *shown = g_filename_display_name (self->path);
  g_autoptr(GError) local_error = NULL;
  gsize length;

  if (!g_file_get_contents (self->path, &text, &length, &local_error))
    {
      if (g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;

      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "cannot read “%s”: %s", shown, local_error->message);
      return FALSE;
    }

  self->root = bw_json_parse (text, length, MAX_BYTES, NULL);
  if (self->root != NULL && JSON_NODE_HOLDS_OBJECT (self->root) && bw_kept_file_get_items (self) != NULL)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” is damaged; mend it or delete it", shown);

  return FALSE;
}

BwKeptFile *
bw_kept_file_open (const char  *name,
                   gboolean     to_change,
                   GError     **error)
{
  g_autoptr(BwKeptFile) self = g_new0 (BwKeptFile, 1);

  self->lock_fd = -1;
  self->path = g_build_filename (g_get_user_config_dir (), "bellwether", name, NULL);
  if ((to_change && !take_lock (self, error)) || !read_items (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

JsonArray *
bw_kept_file_get_items (BwKeptFile *self)
{
  return self->root != NULL ? bw_json_get_array (json_node_get_object (self->root), "items") : NULL;
}

gboolean
bw_kept_file_save (BwKeptFile  *self,
                   GString     *items,
                   GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (self->lock_fd >= 0, FALSE);

  text = g_strdup_printf ("{\"items\":[%s]}\n", items->str);
  if (g_file_set_contents_full (self->path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                0600, &local_error))
    return TRUE;

  return fail (self->path, local_error->message, error);
}

void
bw_kept_file_free (BwKeptFile *self)
{
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  g_clear_pointer (&self->root, json_node_unref);
  g_free (self->path);
  g_free (self);
}

void
bw_kept_file_add_number (GString    *out,
                         const char *name,
                         double      value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  bw_json_add_raw (out, name, g_ascii_formatd (text, sizeof text, "%.6g", value));
}
