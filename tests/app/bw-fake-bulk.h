/* bw-fake-bulk.h: jobs, saved views and rules of the backend of one process's own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _BwFakeBulk BwFakeBulk;

BwFakeBulk *bw_fake_bulk_new  (void);
void        bw_fake_bulk_free (BwFakeBulk  *self);
/* Jobs go that many devices a look; 0: all at once. */
void        bw_fake_bulk_set_pace (BwFakeBulk *self,
                                   guint       n_devices);
/* (nullable): the body of the last job that was begun, or looked at before */
const char *bw_fake_bulk_get_last_request (BwFakeBulk *self);
const char *bw_fake_bulk_get_last_preview (BwFakeBulk *self);

/* Answers /v1/bulk and below. @matching: (element-type utf8): the ids that a filter means; @refused: id → reason.
 * Returns: the status, 0 when it is another's */
guint       bw_fake_bulk_answer (BwFakeBulk  *self,
                                 const char  *method,
                                 const char  *path,
                                 GHashTable  *query,
                                 JsonObject  *request,
                                 GPtrArray   *matching,
                                 GHashTable  *refused,
                                 GString     *out);
/* The table of the devices that were asked for one by one. */
void        bw_fake_bulk_write_export (JsonObject *request,
                                       GString    *out);
/* Answers /v1/views, /v1/rules and below, likewise. @request: (nullable) */
guint       bw_fake_kept_answer (BwFakeBulk  *self,
                                 const char  *method,
                                 const char  *path,
                                 JsonObject  *request,
                                 GString     *out);
/* (transfer full): the names of those below @path, in the order in which they were made */
char       *bw_fake_kept_dup_names (BwFakeBulk *self,
                                    const char *path);

G_END_DECLS
