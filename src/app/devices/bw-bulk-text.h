/* bw-bulk-text.h: changes of many devices in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Of an action as the API calls it. Static, translated. */
const char *bw_bulk_action_to_title   (const char *action);   /* "Approve Devices" */
const char *bw_bulk_action_to_verb    (const char *action);   /* "_Approve" */
/* (transfer full) */
char       *bw_bulk_action_to_running (const char *action,    /* "Approving 3 devices…" */
                                       gint64      n);
char       *bw_bulk_action_to_done    (const char *action,    /* "3 devices approved" */
                                       gint64      n);
/* Of a job that has ended: "3 devices approved", and what of them waits for their devices */
char       *bw_bulk_job_to_done       (JsonObject *job);

G_END_DECLS
