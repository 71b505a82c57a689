/* bw-people-filter.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-remote-table.h"

G_BEGIN_DECLS

#define BW_TYPE_PEOPLE_FILTER (bw_people_filter_get_type ())

G_DECLARE_FINAL_TYPE (BwPeopleFilter, bw_people_filter, BW, PEOPLE_FILTER, GtkWidget)

/* Once. It sets the filters company, role and, @with_tags, tag of @table. */
void bw_people_filter_set_table (BwPeopleFilter *self,
                                 BwSession      *session,
                                 BwRemoteTable  *table,
                                 gboolean        with_tags);
/* None of them any more. */
void bw_people_filter_clear     (BwPeopleFilter *self);
/* As if it had been chosen. */
void bw_people_filter_set_company (BwPeopleFilter *self,
                                   BwEntity       *company);

G_END_DECLS
