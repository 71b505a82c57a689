/* bw-this-computer.h: the server that the desktop runs itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BW_TYPE_THIS_COMPUTER (bw_this_computer_get_type ())

/* Property: running (gboolean, notify)
 * Signal: failed (const char *text)  broker or backend ended by itself */
G_DECLARE_FINAL_TYPE (BwThisComputer, bw_this_computer, BW, THIS_COMPUTER, GObject)

/* @data_dir: (nullable): below the person's data folder */
BwThisComputer *bw_this_computer_new          (const char           *data_dir);
/* Done at once when it runs already. */
void            bw_this_computer_start_async  (BwThisComputer       *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean        bw_this_computer_start_finish (BwThisComputer       *self,
                                               GAsyncResult         *result,
                                               GError              **error);
void            bw_this_computer_stop_async   (BwThisComputer       *self,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean        bw_this_computer_stop_finish  (BwThisComputer       *self,
                                               GAsyncResult         *result,
                                               GError              **error);
gboolean        bw_this_computer_is_running   (BwThisComputer       *self);
/* NULL while it does not run. */
const char     *bw_this_computer_get_uri      (BwThisComputer       *self);
const char     *bw_this_computer_get_token_file (BwThisComputer     *self);

G_END_DECLS
