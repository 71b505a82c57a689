/* bw-settings.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-settings.h"

/* The program lies in src/app/shell of the build tree, tests in tests/app. */
#define MAX_LEVELS_UP 4

char *
bw_settings_build_path (const char *below)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : NULL;

  g_return_val_if_fail (below != NULL, NULL);

  for (guint i = 0; folder != NULL && i < MAX_LEVELS_UP; i++)
    {
      g_autofree char *mark = g_build_filename (folder, "meson-private", NULL);
      char *parent;

      if (g_file_test (mark, G_FILE_TEST_IS_DIR))
        return g_build_filename (folder, below, NULL);

      parent = g_path_get_dirname (folder);
      g_free (folder);
      folder = parent;
    }

  return NULL;
}

static GSettingsSchema *
find_schema (void)
{
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchemaSource) built = NULL;
  g_autofree char *folder = bw_settings_build_path ("data/app");

  /* A build tree's own schema goes first: an installed one may be older. */
  if (folder != NULL)
    built = g_settings_schema_source_new_from_directory (folder, installed, TRUE, NULL);

  if (built != NULL)
    return g_settings_schema_source_lookup (built, BW_APP_ID, TRUE);

  return installed != NULL ? g_settings_schema_source_lookup (installed, BW_APP_ID, TRUE) : NULL;
}

GSettings *
bw_settings_new (void)
{
  g_autoptr(GSettingsSchema) schema = find_schema ();

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}
