/* bw-role-repo.h: named sets of permissions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64  id;
  gint64  revision;
  char   *name;
  char   *builtin;       /* (nullable) */
  guint   permissions;
} BwRoleRow;

void       bw_role_row_free         (BwRoleRow       *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwRoleRow, bw_role_row_free)

/* Makes the built-in ones, or gives them what this release lets them do. */
gboolean   bw_role_repo_put_builtin (BwStoreThread   *thread,
                                     GError         **error);
/* 0: there is none */
gboolean   bw_role_repo_find_builtin (BwDb           *db,
                                     const char      *builtin,
                                     gint64          *ret_id,
                                     GError         **error);
/* NULL without @error: there is none. */
BwRoleRow *bw_role_repo_get         (BwDb            *db,
                                     gint64           id,
                                     GError         **error);
/* BW_ERROR_CONFLICT: the name is taken. */
gboolean   bw_role_repo_add         (BwStoreThread   *thread,
                                     BwRoleRow       *row,
                                     gint64           at_us,
                                     GError         **error);
gboolean   bw_role_repo_set         (BwStoreThread   *thread,
                                     const BwRoleRow *row,
                                     gint64           at_us,
                                     GError         **error);
gboolean   bw_role_repo_remove      (BwStoreThread   *thread,
                                     gint64           id,
                                     GError         **error);
gboolean   bw_role_repo_count_uses  (BwDb            *db,
                                     gint64           id,
                                     gint64          *ret_n,
                                     GError         **error);
/* Appends documents; @id 0: all, by name. @ret_n: how many. */
gboolean   bw_role_repo_write       (BwDb            *db,
                                     gint64           id,
                                     GString         *out,
                                     guint           *ret_n,
                                     GError         **error);

G_END_DECLS
