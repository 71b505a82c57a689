/* bw-own-page-group.h: the way to a device's own page
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BW_TYPE_OWN_PAGE_GROUP (bw_own_page_group_get_type ())

G_DECLARE_FINAL_TYPE (BwOwnPageGroup, bw_own_page_group, BW, OWN_PAGE_GROUP, AdwPreferencesGroup)

/* (transfer full): what is connected to instead of @port of @address */
typedef GSocketConnectable *(*BwOwnPageRoute) (GInetAddress *address,
                                               guint16       port,
                                               gpointer      data);

/* @local_ip: (nullable): what the device calls its address. Its page is looked for whenever the group comes in sight,
 * which it does only for an address inside a private network. */
void        bw_own_page_group_set_local_ip (BwOwnPageGroup *self,
                                            const char     *local_ip);
/* (transfer none) (nullable): the page, while it can be reached: http or https, that very address and nothing behind it */
const char *bw_own_page_group_get_uri      (BwOwnPageGroup *self);
/* For tests: there is no private network, and no port 80 for who is not root. */
void        bw_own_page_group_set_route    (BwOwnPageGroup *self,
                                            BwOwnPageRoute  route,
                                            gpointer        data);

G_END_DECLS
