/* bw-data-lock.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-data-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "bw-error.h"

/* Two backends in one folder would take each other's broker.db. */
int
bw_data_lock (const char  *data_folder,
              GError     **error)
{
  g_autofree char *path = g_build_filename (data_folder, "lock", NULL);
  int fd;

  if (g_mkdir_with_parents (data_folder, 0700) != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "the data folder %s cannot be made: %s", data_folder, g_strerror (errno));
      return -1;
    }

  fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "the data folder %s cannot be written: %s", data_folder, g_strerror (errno));
      return -1;
    }

  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "another bellwetherd is using the data folder %s", data_folder);
      close (fd);
      return -1;
    }

  return fd;
}
