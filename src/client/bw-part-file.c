/* bw-part-file.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-part-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>

#include "bw-error.h"

struct _BwPartFile
{
  char          *path;
  char          *temporary_path;   /* (nullable): while it is there */
  GOutputStream *stream;
};

static void
set_errno (GError     **error,
           const char  *path,
           int          saved_errno)
{
  g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
               "cannot write “%s”: %s", path, g_strerror (saved_errno));
}

BwPartFile *
bw_part_file_open (const char  *path,
                   GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *template = g_build_filename (folder, ".bellwether-XXXXXX", NULL);
  int fd = g_mkstemp_full (template, O_RDWR | O_CLOEXEC, 0600);
  BwPartFile *self;

  if (fd < 0)
    {
      set_errno (error, path, errno);
      return NULL;
    }

  self = g_new0 (BwPartFile, 1);
  self->path = g_strdup (path);
  self->temporary_path = g_steal_pointer (&template);
  self->stream = g_unix_output_stream_new (fd, TRUE);

  return self;
}

void
bw_part_file_free (BwPartFile *self)
{
  g_clear_object (&self->stream);

  if (self->temporary_path != NULL)
    g_unlink (self->temporary_path);

  g_free (self->temporary_path);
  g_free (self->path);
  g_free (self);
}

GOutputStream *
bw_part_file_get_stream (BwPartFile *self)
{
  return self->stream;
}

int
bw_part_file_get_fd (BwPartFile *self)
{
  return g_unix_output_stream_get_fd (G_UNIX_OUTPUT_STREAM (self->stream));
}

/* Once renamed, the folder is synced, too: the name must survive as the bytes do. */
static gboolean
sync_folder (const char  *path,
             GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ok = fd >= 0 && fsync (fd) == 0;
  int saved_errno = errno;

  if (fd >= 0)
    close (fd);

  /* Some file systems cannot sync a folder; then there is nothing to be done. */
  if (!ok && saved_errno != EINVAL)
    {
      set_errno (error, path, saved_errno);
      return FALSE;
    }

  return TRUE;
}

gboolean
bw_part_file_put_in_place (BwPartFile  *self,
                           GError     **error)
{
  int fd = bw_part_file_get_fd (self);

  if (fsync (fd) != 0 || rename (self->temporary_path, self->path) != 0)
    {
      set_errno (error, self->path, errno);
      return FALSE;
    }

  g_clear_pointer (&self->temporary_path, g_free);

  return sync_folder (self->path, error);
}

static void
put_in_place (GTask        *placing,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  GError *error = NULL;

  if (!bw_part_file_put_in_place (task_data, &error))
    g_task_return_error (placing, error);
  else
    g_task_return_boolean (placing, TRUE);
}

static void
placed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  g_task_set_check_cancellable (task, FALSE);
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
bw_part_file_end_task (BwPartFile *self,
                       GTask      *task)
{
  g_autoptr(GTask) placing = g_task_new (NULL, NULL, placed_cb, task);

  g_task_set_source_tag (placing, bw_part_file_end_task);
  g_task_set_task_data (placing, self, NULL);
  g_task_run_in_thread (placing, put_in_place);
}
