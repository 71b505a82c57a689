/* bw-tag-repo.h: words with a colour, and what is marked with them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-store.h"

G_BEGIN_DECLS

#define BW_TAG_MAX_PER_OBJECT 50

typedef struct
{
  gint64  id;
  gint64  revision;
  char   *name;
  char   *color;
  gint64  company_id;      /* whose it is */
  GArray *company_ids;     /* gint64: where it may be used; empty: everywhere */
} BwTagRow;

void      bw_tag_row_free       (BwTagRow        *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwTagRow, bw_tag_row_free)

/* NULL without @error: there is none. */
BwTagRow *bw_tag_repo_get       (BwDb            *db,
                                 gint64           id,
                                 GError         **error);
/* BW_ERROR_CONFLICT: the name is taken. */
gboolean  bw_tag_repo_add       (BwStoreThread   *thread,
                                 BwTagRow        *row,
                                 gint64           at_us,
                                 GError         **error);
gboolean  bw_tag_repo_set       (BwStoreThread   *thread,
                                 const BwTagRow  *row,
                                 gint64           at_us,
                                 GError         **error);
gboolean  bw_tag_repo_remove    (BwStoreThread   *thread,
                                 gint64           id,
                                 GError         **error);
/* Appends the documents of those that are used in or belong to the reach of @company_id, or are
 * free for everybody; @id 0: all, by name. */
gboolean  bw_tag_repo_write     (BwDb            *db,
                                 gint64           company_id,
                                 gint64           id,
                                 GString         *out,
                                 guint           *ret_n,
                                 GError         **error);
/* Appends "tags":[…] of an object whose id is a number. */
gboolean  bw_tag_repo_write_of  (BwDb            *db,
                                 const char      *kind,
                                 gint64           object_id,
                                 GString         *out,
                                 GError         **error);
gboolean  bw_tag_repo_put       (BwStoreThread   *thread,
                                 gint64           tag_id,
                                 const char      *kind,
                                 const char      *object_id,
                                 gboolean         on,
                                 GError         **error);
/* The same for an object that is marked by itself: its revision moves. @ret_changed: it was another way before.
 * BW_ERROR_TOO_LARGE: it has as many tags as it may have. */
gboolean  bw_tag_repo_mark      (BwStoreThread   *thread,
                                 gint64           tag_id,
                                 const char      *kind,
                                 const char      *object_id,
                                 gboolean         on,
                                 gboolean        *ret_changed,
                                 GError         **error);
/* The file bw-tag-repo-devices.c. Each tag of each of these devices (element-type utf8). */
typedef void (*BwTaggedFunc) (const char *device_id,
                              gint64      tag_id,
                              gpointer    user_data);
gboolean  bw_tag_repo_foreach_of_devices (BwDb *db,
                                 GPtrArray       *ids,
                                 BwTaggedFunc     func,
                                 gpointer         user_data,
                                 GError         **error);
/* Their revisions do not move. */
gboolean  bw_tag_repo_take_off  (BwStoreThread   *thread,
                                 GPtrArray       *ids,
                                 gint64           tag_id,
                                 GError         **error);
/* What an object was marked with goes with it. */
gboolean  bw_tag_repo_forget    (BwStoreThread   *thread,
                                 const char      *kind,
                                 const char      *object_id,
                                 GError         **error);

G_END_DECLS
