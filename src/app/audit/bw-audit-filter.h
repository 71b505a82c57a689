/* bw-audit-filter.h: which entries of the audit log
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-remote-table.h"

G_BEGIN_DECLS

#define BW_TYPE_AUDIT_FILTER (bw_audit_filter_get_type ())

/* Signal: changed () */
G_DECLARE_FINAL_TYPE (BwAuditFilter, bw_audit_filter, BW, AUDIT_FILTER, GtkWidget)

void  bw_audit_filter_set_session (BwAuditFilter *self,
                                   BwSession     *session);
/* Asks @table for what is chosen. */
void  bw_audit_filter_apply       (BwAuditFilter *self,
                                   BwRemoteTable *table);
void  bw_audit_filter_set_person  (BwAuditFilter *self,
                                   const char    *user_id,
                                   const char    *name);
void  bw_audit_filter_clear       (BwAuditFilter *self);
guint bw_audit_filter_get_n_set   (BwAuditFilter *self);

G_END_DECLS
