/* bw-audit-page.h: the place *Audit Log*
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "bw-session.h"

G_BEGIN_DECLS

#define BW_TYPE_AUDIT_PAGE (bw_audit_page_get_type ())

/* Actions: audit.reload, audit.search, audit.verify, audit.export, audit.export-to('s': a path), audit.person (of the
 * selected entry) */
G_DECLARE_FINAL_TYPE (BwAuditPage, bw_audit_page, BW, AUDIT_PAGE, GtkWidget)

GtkWidget *bw_audit_page_new (BwSession *session);

G_END_DECLS
