/* bw-test.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-test"

#include "bw-test.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>

#define STEP_US 2000

gboolean
bw_test_wait (BwTestCondition condition,
              gpointer        data,
              guint           seconds)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;

  for (;;)
    {
      while (g_main_context_iteration (NULL, FALSE))
        {
          if (condition (data))
            return TRUE;
          if (g_get_monotonic_time () > deadline)
            return FALSE;
        }

      if (condition (data))
        return TRUE;
      if (g_get_monotonic_time () > deadline)
        return FALSE;

      g_usleep (STEP_US);
    }
}

void
bw_test_wait_for (BwTestCondition condition,
                  gpointer        data)
{
  g_assert_true (bw_test_wait (condition, data, BW_TEST_DEADLINE_SECONDS));
}

void
bw_test_spin (guint milliseconds)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) milliseconds * 1000;

  while (g_get_monotonic_time () < deadline)
    {
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (STEP_US);
    }
}

guint16
bw_test_free_port (void)
{
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GSocketAddress) bound = NULL;
  g_autoptr(GError) error = NULL;

  socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_socket_bind (socket, address, FALSE, &error);
  g_assert_no_error (error);
  bound = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

char *
bw_test_make_dir (void)
{
  g_autoptr(GError) error = NULL;
  char *dir = g_dir_make_tmp ("bw-test-XXXXXX", &error);

  g_assert_no_error (error);

  return dir;
}

void
bw_test_remove_dir (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        bw_test_remove_dir (child);
      else
        g_unlink (child);
    }

  g_rmdir (path);
}

void
bw_test_die_with_parent (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

GSubprocess *
bw_test_spawn (const char * const *argv,
               GSubprocessFlags    flags)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr(GError) error = NULL;
  GSubprocess *self;

  g_subprocess_launcher_set_child_setup (launcher, bw_test_die_with_parent, NULL, NULL);
  self = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);

  return self;
}
