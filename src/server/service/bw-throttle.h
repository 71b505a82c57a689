/* bw-throttle.h: slower and slower for who keeps guessing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BwThrottle BwThrottle;

/* @n_free: attempts without a delay. */
BwThrottle *bw_throttle_new     (guint        n_free);
void        bw_throttle_free    (BwThrottle  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwThrottle, bw_throttle_free)

/* Counts an attempt of @key, unless it has to wait: then BW_ERROR_TOO_MANY and how long. */
gboolean    bw_throttle_attempt (BwThrottle  *self,
                                 const char  *key,
                                 gint64       now_us,
                                 GError     **error);
/* The attempt was a good one: all that was counted of @key goes. */
void        bw_throttle_forget  (BwThrottle  *self,
                                 const char  *key);
/* The same, but only this one attempt goes. */
void        bw_throttle_take_back (BwThrottle *self,
                                 const char  *key);
/* (transfer full): what one person or company usually has: the /24 of an IPv4 address, the /56 of an IPv6
 * one; a text that is no address is itself. */
char       *bw_throttle_dup_network (const char *address);

G_END_DECLS
