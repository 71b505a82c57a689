/* bw-kept-file.h: a small list that desktop and bellwetherctl keep for the user
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _BwKeptFile BwKeptFile;

/* @name: of a file in the user's settings; none there is an empty list. With @to_change nobody else changes it until it
 * is freed. A file that cannot be read is an error and stays as it is. */
BwKeptFile *bw_kept_file_open       (const char  *name,
                                     gboolean     to_change,
                                     GError     **error);
JsonArray  *bw_kept_file_get_items  (BwKeptFile  *self);    /* (nullable) */
/* @items: the objects of the list, as the writer of bw-json.h leaves them. */
gboolean    bw_kept_file_save       (BwKeptFile  *self,
                                     GString     *items,
                                     GError     **error);
void        bw_kept_file_free       (BwKeptFile  *self);

void        bw_kept_file_add_number (GString     *out,
                                     const char  *name,
                                     double       value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwKeptFile, bw_kept_file_free)

G_END_DECLS
