/* bw-save.h: saving what was edited, also when somebody else was faster
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

/* As bw_session_change_async (). When @body holds a revision that is an old one by now, both versions are shown over
 * @dialog, and it goes on with the one that is chosen: finish gives their document when theirs stays, and
 * G_IO_ERROR_FAILED_HANDLED when the person wants to look again. */
void       bw_save_async  (GtkWidget            *dialog,
                           BwSession            *session,
                           const char           *method,
                           const char           *path,
                           JsonObject           *body,
                           GCancellable         *cancellable,
                           GAsyncReadyCallback   callback,
                           gpointer              user_data);
BwOutcome *bw_save_finish (GAsyncResult         *result,
                           GError              **error);

G_END_DECLS
