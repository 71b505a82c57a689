/* bw-http-listen.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-http"

#include "bw-http-listen.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bw-error.h"

#define BACKLOG 1024

static gboolean
parse_listen (const char      *text,
              GSocketAddress **ret_address,
              GError         **error)
{
  const char *colon = strrchr (text, ':');
  g_autofree char *host = NULL;
  guint64 port = 0;

  if (colon != NULL)
    {
      if (text[0] == '[' && colon > text + 1 && colon[-1] == ']')
        host = g_strndup (text + 1, (gsize) (colon - text) - 2);
      else
        host = g_strndup (text, (gsize) (colon - text));

      if (g_ascii_string_to_unsigned (colon + 1, 10, 0, 65535, &port, NULL))
        *ret_address = g_inet_socket_address_new_from_string (host, (guint) port);
    }

  if (*ret_address != NULL)
    return TRUE;

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
               "“%s” is no address to listen at; 127.0.0.1:8080 would be one", text);

  return FALSE;
}

static void
set_error (GError    **error,
           const char *text,
           int         number)
{
  if (number == EADDRINUSE)
    g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "the address %s is in use by another program", text);
  else
    g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "cannot listen at %s: %s", text, g_strerror (number));
}

int
bw_http_listen (const char  *listen_text,
                gboolean     with_tls,
                char       **ret_uri,
                GError     **error)
{
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GSocketAddress) bound = NULL;
  g_autofree char *host = NULL;
  struct sockaddr_storage native;
  socklen_t length = sizeof native;
  gboolean is_v6;
  int one = 1;
  int fd;

  if (!parse_listen (listen_text, &address, error) ||
      !g_socket_address_to_native (address, &native, sizeof native, error))
    return -1;

  is_v6 = g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
  fd = socket (is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    {
      set_error (error, listen_text, errno);
      return -1;
    }

  if (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
      bind (fd, (struct sockaddr *) &native, (socklen_t) g_socket_address_get_native_size (address)) != 0 ||
      listen (fd, BACKLOG) != 0 ||
      getsockname (fd, (struct sockaddr *) &native, &length) != 0)
    {
      set_error (error, listen_text, errno);
      close (fd);
      return -1;
    }

  bound = g_socket_address_new_from_native (&native, length);
  host = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (bound)));
  *ret_uri = g_strdup_printf (is_v6 ? "%s://[%s]:%u" : "%s://%s:%u", with_tls ? "https" : "http", host,
                              g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));

  return fd;
}
