/* bw-spool.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-spool.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "bw-error.h"

#define BUFFER_BYTES (256 * 1024)

gboolean
bw_spool_begin (BwSpool     *self,
                const char  *folder,
                GError     **error)
{
  g_return_val_if_fail (self->fd < 0, FALSE);

  self->fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (self->fd < 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "the file cannot be made in the data folder: %s", g_strerror (errno));
      return FALSE;
    }
  self->buffer = g_string_sized_new (BUFFER_BYTES);

  return TRUE;
}

gboolean
bw_spool_check_room (const char  *folder,
                     gint64       needed,
                     GError     **error)
{
  struct statvfs disk;
  gint64 available;

  if (statvfs (folder, &disk) != 0)
    return TRUE;

  available = (gint64) disk.f_bavail * (gint64) disk.f_frsize;
  if (needed <= available)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
               "there is not enough space on the disk of %s: %" G_GINT64_FORMAT " MB are needed, %"
               G_GINT64_FORMAT " MB are left", folder, needed / 1000000 + 1, available / 1000000);

  return FALSE;
}

gboolean
bw_spool_flush (BwSpool  *self,
                GError  **error)
{
  gsize done = 0;

  while (done < self->buffer->len)
    {
      gssize n = write (self->fd, self->buffer->str + done, self->buffer->len - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                       "the file cannot be written in the data folder: %s", g_strerror (errno));
          return FALSE;
        }
      done += (gsize) n;
    }

  self->size += (gint64) done;
  g_string_truncate (self->buffer, 0);

  return TRUE;
}

int
bw_spool_end (BwSpool  *self,
              gint64   *ret_size,
              GError  **error)
{
  int fd = self->fd;

  if (lseek (fd, 0, SEEK_SET) != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INTERNAL, "lseek: %s", g_strerror (errno));
      return -1;
    }

  self->fd = -1;
  *ret_size = self->size;

  return fd;
}

void
bw_spool_clear (BwSpool *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;

  /* there may have been keys in it */
  if (self->buffer != NULL)
    {
      sodium_memzero (self->buffer->str, self->buffer->allocated_len);
      g_string_free (self->buffer, TRUE);
    }
  self->buffer = NULL;
}
