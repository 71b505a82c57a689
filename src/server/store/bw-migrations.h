/* bw-migrations.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-db.h"

G_BEGIN_DECLS

/* Brings the schema up to what this program knows. @copy_path: (nullable): where
 * a copy of an existing database goes before the first change to it. */
gboolean bw_migrations_run         (BwDb        *db,
                                    const char  *copy_path,
                                    GError     **error);
/* The same for the history database, which is not worth a copy. */
gboolean bw_migrations_run_history (BwDb        *db,
                                    GError     **error);
/* Makes all tables of a database that has none, within the caller's transaction. */
gboolean bw_migrations_make        (BwDb        *db,
                                    GError     **error);
gboolean bw_migrations_make_history (BwDb       *db,
                                    GError     **error);
/* Whether the schema is exactly what this program knows. */
gboolean bw_migrations_check       (BwDb        *db,
                                    GError     **error);
gboolean bw_migrations_check_history (BwDb      *db,
                                    GError     **error);
/* bw_migrations_run() with other files, for tests: a resource folder of NNNN-name.sql. */
gboolean bw_migrations_run_folder  (BwDb        *db,
                                    const char  *folder,
                                    const char  *copy_path,
                                    GError     **error);

G_END_DECLS
