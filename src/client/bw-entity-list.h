/* bw-entity-list.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-entity.h"

G_BEGIN_DECLS

#define BW_TYPE_ENTITY_LIST (bw_entity_list_get_type ())

G_DECLARE_FINAL_TYPE (BwEntityList, bw_entity_list, BW, ENTITY_LIST, GObject)

BwEntityList *bw_entity_list_new     (GType           item_type);
gpointer       bw_entity_list_lookup  (BwEntityList  *self,
                                        const char     *id);
gboolean       bw_entity_list_upsert  (BwEntityList  *self,
                                        JsonObject     *json,
                                        GError        **error);
/* All there is: adds, updates, takes away what @items ((element-type JsonObject)) no longer holds,
 * and announces it at once. A document that is none of the list's is skipped. */
guint          bw_entity_list_begin_load (BwEntityList *self);
void           bw_entity_list_load    (BwEntityList  *self,
                                        JsonArray      *items,
                                        guint           since);
void           bw_entity_list_remove  (BwEntityList  *self,
                                        const char     *id);

G_END_DECLS
