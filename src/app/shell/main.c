/* main.c: the desktop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include <locale.h>

#include <glib/gi18n.h>

#include "bw-application.h"
#include "bw-settings.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr(BwApplication) application = NULL;
  g_autofree char *built = bw_settings_build_path ("po");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, built != NULL ? built : BW_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = bw_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
