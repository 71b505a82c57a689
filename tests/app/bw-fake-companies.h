/* bw-fake-companies.h: a backend with a tree of companies and tags, for tests of pages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "bw-session.h"

G_BEGIN_DECLS

/* As bw-fake-backend.h: real HTTP, few routes. Changes follow the contract: a stale revision and a taken alias are 409,
 * what needs four eyes is 202 while it is told to park. */
typedef struct _BwFakeCompanies BwFakeCompanies;

/* Company "1" is "Main Company", and the others hang below it, @width below each, no deeper than @depth below the root, until
 * there are @n. Each is "Company N", alias "company-n"; company 2 has tag "1". Tags: "1" Lab, "2" North. */
BwFakeCompanies *bw_fake_companies_new          (guint            n,
                                                 guint            width,
                                                 guint            depth);
void             bw_fake_companies_free         (BwFakeCompanies *self);
/* A signed-in session of its own, who may do all that is in @permissions. (transfer full) */
BwSession       *bw_fake_companies_make_session (BwFakeCompanies *self,
                                                 guint            permissions);
void             bw_fake_companies_set_down     (BwFakeCompanies *self,
                                                 gboolean         is_down);
/* What needs a second person waits for one. */
void             bw_fake_companies_set_parking  (BwFakeCompanies *self,
                                                 gboolean         is_parking);
/* Deleting is refused with @reason; NULL: it is not. */
void             bw_fake_companies_refuse       (BwFakeCompanies *self,
                                                 const char      *reason);
/* As if somebody else had done it. */
void             bw_fake_companies_rename       (BwFakeCompanies *self,
                                                 const char      *company_id,
                                                 const char      *name);
/* The last request that was no GET: "PATCH /v1/companies/2 {…}". (nullable) (transfer none) */
const char      *bw_fake_companies_get_last     (BwFakeCompanies *self);
/* A text member of a company or tag as it is now. (nullable) (transfer none) */
const char      *bw_fake_companies_get_text     (BwFakeCompanies *self,
                                                 const char      *kind,
                                                 const char      *id,
                                                 const char      *member);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwFakeCompanies, bw_fake_companies_free)

G_END_DECLS
