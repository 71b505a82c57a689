/* bw-batches-page.h: the batches of Device IDs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_BATCHES_PAGE (bw_batches_page_get_type ())

/* Signal: show-devices (const char *batch_id)
 * Actions beside the ones in menus: batches.select (s) an id; batches.sort (s) "name", "count", "created",
 * "keys", "state", with a leading '-' for descending; batches.export-to (ss) id and path: hands over without asking */
G_DECLARE_FINAL_TYPE (BwBatchesPage, bw_batches_page, BW, BATCHES_PAGE, GtkWidget)

GtkWidget *bw_batches_page_new          (BwSession     *session);
void       bw_batches_page_start_search (BwBatchesPage *self);
/* Selects it, as soon as the list has it. */
void       bw_batches_page_show_batch   (BwBatchesPage *self,
                                         const char    *id);

G_END_DECLS
