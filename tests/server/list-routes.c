/* list-routes.c: the route table, a line each, for the test that walks it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-http-handlers.h"

static void
print_long (const BwRoute *route)
{
  g_autoptr(GString) permissions = g_string_new (NULL);
  const char * const *members = NULL;

  for (guint i = 0; i < BW_N_PERMISSIONS; i++)
    {
      if (route->permission & (1u << i))
        g_string_append_printf (permissions, "%s%s", permissions->len > 0 ? "," : "", bw_permission_to_nick (i));
    }

  g_print ("%s %s %u %" G_GSIZE_FORMAT " %s", route->method, route->path, route->flags, route->body_max,
           permissions->len > 0 ? permissions->str : "-");
  /* these have no function of their own in which they would be said */
  if (route->func == bw_http_post_one)
    members = bw_people_get_members (route->kind, BW_CHANGE_CREATE);
  else if (route->func == bw_http_patch_one)
    members = bw_people_get_members (route->kind, BW_CHANGE_EDIT);
  for (guint i = 0; members != NULL && members[i] != NULL; i++)
    g_print (" %s", members[i]);
  g_print ("\n");
}

int
main (int    argc,
      char **argv)
{
  guint n_routes = 0;
  const BwRoute *routes = bw_http_routes_get (&n_routes);

  for (guint i = 0; i < n_routes; i++)
    {
      if (argc > 1 && g_str_equal (argv[1], "--long"))
        print_long (&routes[i]);
      else
        g_print ("%s %s %u %u %" G_GSIZE_FORMAT "\n", routes[i].method, routes[i].path,
                 routes[i].flags, routes[i].permission, routes[i].body_max);
    }

  return 0;
}
