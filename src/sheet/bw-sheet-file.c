/* bw-sheet-file.c: a whole file, or the one that was there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-sheet-private.h"

#include "bw-error.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
fail_from_errno (const char  *verb,
                 const char  *path,
                 int          saved_errno,
                 GError     **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "cannot %s “%s”: %s", verb, shown, g_strerror (saved_errno));

  return FALSE;
}

/* The rename is durable when its folder is. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd >= 0)
    {
      (void) fsync (fd);
      close (fd);
    }
}

static gboolean
write_to_fd (BwSheet              *self,
             int                   fd,
             const char           *path,
             BwSheetWriteFunc      write_func,
             gpointer              write_data,
             BwSheetProgressFunc   progress,
             gpointer              progress_data,
             GCancellable         *cancellable,
             GError              **error)
{
  g_autoptr(GOutputStream) stream = g_unix_output_stream_new (fd, FALSE);
  g_autoptr(GError) local_error = NULL;

  if (write_func (self, stream, write_data, progress, progress_data, cancellable, &local_error))
    return TRUE;

  if (local_error->domain == G_IO_ERROR && !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *shown = g_filename_display_name (path);

      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "cannot write “%s”: %s", shown, local_error->message);
    }
  else
    g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
bw_sheet_write_file (BwSheet              *self,
                     const char           *path,
                     BwSheetWriteFunc      write_func,
                     gpointer              write_data,
                     BwSheetProgressFunc   progress,
                     gpointer              progress_data,
                     GCancellable         *cancellable,
                     GError              **error)
{
  g_autofree char *resolved = NULL;
  g_autofree char *temporary = NULL;
  struct stat info;
  gboolean ok;
  int fd;

  g_return_val_if_fail (BW_IS_SHEET (self) && path != NULL, FALSE);

  if (!bw_sheet_has_labels (self, error))
    return FALSE;

  /* Through a link to the file it names; a pipe or a device cannot be renamed over. */
  resolved = realpath (path, NULL);
  if (resolved != NULL && stat (resolved, &info) == 0 && !S_ISREG (info.st_mode))
    {
      fd = open (resolved, O_WRONLY | O_CLOEXEC);
      if (fd < 0)
        return fail_from_errno ("write", path, errno, error);
      ok = write_to_fd (self, fd, path, write_func, write_data, progress, progress_data, cancellable, error);
      close (fd);
      return ok;
    }

  if (resolved != NULL)
    path = resolved;
  temporary = g_strconcat (path, ".XXXXXX", NULL);
  fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0666);
  if (fd < 0)
    return fail_from_errno ("create", path, errno, error);

  ok = write_to_fd (self, fd, path, write_func, write_data, progress, progress_data, cancellable, error);
  if (ok && fsync (fd) != 0)
    ok = fail_from_errno ("write", path, errno, error);
  if (close (fd) != 0 && ok)
    ok = fail_from_errno ("write", path, errno, error);
  if (ok && g_rename (temporary, path) != 0)
    ok = fail_from_errno ("write", path, errno, error);

  if (!ok)
    {
      g_unlink (temporary);
      return FALSE;
    }

  sync_folder (path);

  return TRUE;
}
